#include "netconf/subscription.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "netconf/compat.h"
#include "netconf/link.h"
#include "netconf/stream.h"
#include "netconf/subtree.h"
#include "netconf/xml.h"

#define NS_NOTIFICATION "urn:ietf:params:xml:ns:netconf:notification:1.0"
#define NS_NETMOD       "urn:ietf:params:xml:ns:netmod:notification"
#define RETRY_USEC      ERM_USEC_PER_SEC
/* Not more of one connection before the client is looked at again. */
#define EVENTS_PER_RUN 256

struct erm_subscription {
	const struct erm_models *models;
	const char *ctl;
	struct erm_stream stream;
	struct erm_subscription_query query;
	struct lyd_node *filter; /* owned copy of the query's */
	const char *xpath;       /* in filter; NULL = subtree */
	struct lyd_node *log;    /* to be told first; NULL = nothing */
	uint32_t last_sequence;  /* that was told, or need not be */
	bool owes_replay_complete;
	usec_t retry_usec; /* monotonic; while ermond is away */
};

static const char *leaf(const struct lyd_node *event, const char *name)
{
	for (const struct lyd_node *node = lyd_child(event); node; node = node->next) {
		if (node->schema && strcmp(node->schema->name, name) == 0)
			return lyd_get_value(node);
	}
	return "";
}

static uint32_t sequence_of(const struct lyd_node *event)
{
	return (uint32_t)strtoul(leaf(event, "sequence"), NULL, 10);
}

/* 0 when it is none. */
static usec_t parse_time(const char *text)
{
	char *fraction = NULL;
	usec_t usec = 0;
	usec_t unit = ERM_USEC_PER_SEC / 10;
	time_t seconds = 0;

	if (ly_time_str2time(text, &seconds, &fraction) != LY_SUCCESS || seconds < 0)
		return 0;
	for (const char *c = fraction; c && *c && unit > 0; c++, unit /= 10)
		usec += (usec_t)(*c - '0') * unit;
	free(fraction);
	return (usec_t)seconds * ERM_USEC_PER_SEC + usec;
}

/* --- The filter --- */

static int find_by_xpath(const struct erm_subscription *s, const struct lyd_node *event)
{
	const struct lyd_attr *attr = ((const struct lyd_node_opaq *)s->filter)->attr;
	struct ly_set *set = NULL;
	int n;

	while (strcmp(attr->name.name, "select") != 0)
		attr = attr->next;
	if (lyd_find_xpath4(NULL, event, s->xpath, LY_VALUE_XML, attr->val_prefix_data, NULL,
			    &set) != LY_SUCCESS)
		return -EINVAL;
	n = set->count > 0;
	ly_set_free(set, NULL);
	return n;
}

/* 1: the client wants it; 0: not; -EINVAL: the filter cannot be used. */
static int matches(const struct erm_subscription *s, const struct lyd_node *event)
{
	struct erm_marks marks = { 0 };
	int r;

	if (!s->filter)
		return 1;
	if (s->xpath)
		return find_by_xpath(s, event);
	r = erm_subtree_select(erm_xml_child(s->filter), event, &marks);
	if (r == 0)
		r = marks.n > 0;
	erm_marks_done(&marks);
	return r;
}

static int parse_event(const struct erm_subscription *s, const char *json, struct lyd_node **ret)
{
	struct ly_in *in = NULL;
	struct lyd_node *tree = NULL;
	LY_ERR r;

	if (ly_in_new_memory(json, &in) != LY_SUCCESS)
		return -ENOMEM;
	r = ERM_LYD_PARSE_OP_JSON(s->models->ctx, in, LYD_TYPE_NOTIF_YANG, &tree, ret);
	ly_in_free(in, 0);
	ly_err_clean(s->models->ctx, NULL);
	return r == LY_SUCCESS ? 0 : -EPROTO;
}

static int check_filter(struct erm_subscription *s, struct erm_nc_error *error)
{
	const char *type = s->filter ? erm_xml_attribute(s->filter, "type") : NULL;
	struct lyd_node *event = NULL;
	int r;

	if (!type || strcmp(type, "subtree") == 0)
		return 0;
	s->xpath = erm_xml_attribute(s->filter, "select");
	/* The expression is tried on an event before it is taken. */
	r = strcmp(type, "xpath") == 0 && s->xpath ? 0 : -EINVAL;
	if (r == 0)
		r = parse_event(s, "{\"ermon:event\":{\"sequence\":0}}", &event);
	if (r == 0)
		r = find_by_xpath(s, event);
	lyd_free_all(event);
	ly_err_clean(s->models->ctx, NULL);
	if (r >= 0)
		return 0;
	(void)erm_nc_fail(
		error, ERM_NC_PROTOCOL, ERM_NC_BAD_ELEMENT,
		"The filter is neither a subtree nor an XPath expression that selects nodes");
	(void)strcpy(error->element, "filter");
	return -EINVAL;
}

/* --- Telling --- */

static void emit_text(erm_subscription_emit *emit, void *userdata, const char *time,
		      const char *content)
{
	char *text = NULL;
	int n = asprintf(&text,
			 "<notification xmlns=\"" NS_NOTIFICATION
			 "\"><eventTime>%s</eventTime>%s</notification>",
			 time, content);

	if (n > 0)
		emit(userdata, text, (size_t)n);
	free(n > 0 ? text : NULL);
}

/* <replayComplete> and <notificationComplete>, now. */
static void emit_mark(erm_subscription_emit *emit, void *userdata, const char *name)
{
	time_t now = (time_t)(erm_time_now().real / ERM_USEC_PER_SEC);
	struct tm tm = { 0 };
	char time[32] = "";
	char content[128];

	(void)gmtime_r(&now, &tm);
	(void)strftime(time, sizeof(time), "%Y-%m-%dT%H:%M:%SZ", &tm);
	(void)snprintf(content, sizeof(content), "<%s xmlns=\"" NS_NETMOD "\"/>", name);
	emit_text(emit, userdata, time, content);
}

/* An event of the stream or, as a list's entry, of the log.  False when it is behind the end. */
static bool tell(struct erm_subscription *s, const struct lyd_node *event,
		 erm_subscription_emit *emit, void *userdata)
{
	usec_t time = parse_time(leaf(event, "time"));
	char *text = NULL;
	uint32_t sequence = sequence_of(event);

	if (sequence <= s->last_sequence)
		return true;
	s->last_sequence = sequence;
	if (time > s->query.stop_usec)
		return false;
	if (matches(s, event) == 1 &&
	    lyd_print_mem(&text, event, LYD_XML, LYD_PRINT_SHRINK) == LY_SUCCESS && text)
		emit_text(emit, userdata, leaf(event, "time"), text);
	ly_err_clean(s->models->ctx, NULL);
	free(text);
	return true;
}

/* --- The log --- */

static int read_log(struct erm_subscription *s, struct lyd_node **ret,
		    char detail[ERM_LINK_DETAIL_MAX])
{
	_cleanup_free_ char *json = NULL;
	int r = erm_link_get(s->ctl, ERM_LINK_EVENTS, NULL, &json, detail);

	/* It knows nothing yet. */
	if (r == -EAGAIN)
		return 0;
	if (r < 0)
		return r;
	if (lyd_parse_data_mem(s->models->ctx, json, LYD_JSON, LYD_PARSE_ONLY | LYD_PARSE_STRICT, 0,
			       ret) != LY_SUCCESS) {
		ly_err_clean(s->models->ctx, NULL);
		(void)snprintf(detail, ERM_LINK_DETAIL_MAX,
			       "ermond is of another version than ermon-netconf");
		return -EPROTO;
	}
	return 0;
}

static const struct lyd_node *first_event(const struct lyd_node *log)
{
	const struct lyd_node *node = lyd_child(log);

	while (node && strcmp(node->schema->name, "events") != 0)
		node = node->next;
	return lyd_child(node);
}

/* A list's entry as the notification of the same leaves, which filters are made for. */
static struct lyd_node *to_notification(const struct erm_subscription *s,
					const struct lyd_node *entry)
{
	struct lyd_node *event = NULL;

	if (lyd_new_inner(NULL, s->models->ermon, "event", 0, &event) != LY_SUCCESS)
		return NULL;
	for (const struct lyd_node *node = lyd_child(entry); node; node = node->next)
		(void)lyd_new_term(event, NULL, node->schema->name, lyd_get_value(node), 0, NULL);
	return event;
}

static bool tell_log(struct erm_subscription *s, erm_subscription_emit *emit, void *userdata)
{
	bool goes_on = true;

	for (const struct lyd_node *entry = first_event(s->log); entry && goes_on;
	     entry = entry->next) {
		struct lyd_node *event = to_notification(s, entry);

		if (event && parse_time(leaf(entry, "time")) >= s->query.start_usec)
			goes_on = tell(s, event, emit, userdata);
		lyd_free_all(event);
	}
	lyd_free_all(s->log);
	s->log = NULL;
	return goes_on;
}

/* The newest of the log; 0 = it is empty. */
static uint32_t newest(const struct lyd_node *log)
{
	uint32_t last = 0;

	for (const struct lyd_node *entry = first_event(log); entry; entry = entry->next) {
		if (sequence_of(entry) > last)
			last = sequence_of(entry);
	}
	return last;
}

/* The stream first, then the log: what is in both has a sequence number to be known by. */
static int connect_stream(struct erm_subscription *s, bool is_first,
			  char detail[ERM_LINK_DETAIL_MAX])
{
	uint32_t last;
	int r = erm_stream_open(&s->stream, s->ctl, detail);

	if (r == 0)
		r = read_log(s, &s->log, detail);
	if (r < 0) {
		erm_stream_close(&s->stream);
		return r;
	}
	last = newest(s->log);
	/* It has lost its state and counts anew. */
	if (last < s->last_sequence)
		s->last_sequence = 0;
	if (is_first && !s->query.has_replay) {
		s->last_sequence = last;
		lyd_free_all(s->log);
		s->log = NULL;
	}
	return 0;
}

int erm_subscription_new(const struct erm_models *models, const char *ctl,
			 const struct erm_subscription_query *query, struct erm_subscription **ret,
			 struct erm_nc_error *error)
{
	struct erm_subscription *s = calloc(1, sizeof(*s));
	char detail[ERM_LINK_DETAIL_MAX] = "";
	int r;

	if (!s || (query->filter && lyd_dup_single(query->filter, NULL, LYD_DUP_RECURSIVE,
						   &s->filter) != LY_SUCCESS)) {
		free(s);
		return erm_nc_fail(error, ERM_NC_APPLICATION, ERM_NC_RESOURCE_DENIED,
				   "out of memory");
	}
	s->models = models;
	s->ctl = ctl;
	s->stream.fd = -1;
	s->query = *query;
	s->query.filter = NULL;
	s->owes_replay_complete = query->has_replay;
	r = check_filter(s, error);
	if (r == 0) {
		r = connect_stream(s, true, detail);
		if (r < 0) {
			(void)erm_nc_fail(error, ERM_NC_APPLICATION, ERM_NC_FAILED, "%s", detail);
			error->app_tag = "ermond-away";
		}
	}
	if (r < 0) {
		erm_subscription_free(s);
		return r;
	}
	*ret = s;
	return 0;
}

struct erm_subscription *erm_subscription_free(struct erm_subscription *s)
{
	if (!s)
		return NULL;
	erm_stream_close(&s->stream);
	lyd_free_all(s->filter);
	lyd_free_all(s->log);
	free(s);
	return NULL;
}

int erm_subscription_fd(const struct erm_subscription *s)
{
	return s->stream.fd;
}

usec_t erm_subscription_deadline(const struct erm_subscription *s)
{
	struct erm_time now = erm_time_now();
	usec_t deadline = s->stream.fd < 0 ? s->retry_usec : ERM_USEC_INFINITY;

	if (s->log || s->owes_replay_complete)
		return now.mono;
	if (s->query.stop_usec != ERM_USEC_INFINITY) {
		usec_t stop = erm_usec_add(now.mono, erm_usec_sub(s->query.stop_usec, now.real));

		deadline = stop < deadline ? stop : deadline;
	}
	return deadline;
}

static bool tell_stream(struct erm_subscription *s, erm_subscription_emit *emit, void *userdata)
{
	bool goes_on = true;

	for (int i = 0; i < EVENTS_PER_RUN && goes_on && s->stream.fd >= 0; i++) {
		_cleanup_free_ char *json = NULL;
		struct lyd_node *event = NULL;
		int r = erm_stream_next(&s->stream, &json);

		if (r == 0)
			break;
		if (r < 0) {
			erm_stream_close(&s->stream);
			s->retry_usec = erm_time_now().mono + RETRY_USEC / 10;
		} else if (parse_event(s, json, &event) == 0) {
			goes_on = tell(s, event, emit, userdata);
			lyd_free_all(event);
		}
	}
	return goes_on;
}

bool erm_subscription_run(struct erm_subscription *s, erm_subscription_emit *emit, void *userdata)
{
	char detail[ERM_LINK_DETAIL_MAX];
	bool goes_on = true;

	if (s->stream.fd < 0 && erm_time_now().mono >= s->retry_usec &&
	    connect_stream(s, false, detail) < 0)
		s->retry_usec = erm_time_now().mono + RETRY_USEC;
	if (s->log)
		goes_on = tell_log(s, emit, userdata);
	if (s->owes_replay_complete)
		emit_mark(emit, userdata, "replayComplete");
	s->owes_replay_complete = false;
	if (goes_on)
		goes_on = tell_stream(s, emit, userdata);
	if (erm_time_now().real >= s->query.stop_usec)
		goes_on = false;
	if (!goes_on)
		emit_mark(emit, userdata, "notificationComplete");
	return goes_on;
}
