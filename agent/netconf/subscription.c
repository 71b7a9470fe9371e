#include "netconf/subscription.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "netconf/compat.h"
#include "netconf/doc_print.h"
#include "netconf/link.h"
#include "netconf/stream.h"
#include "netconf/subtree.h"
#include "netconf/xml.h"

#define NS_NOTIFICATION "urn:ietf:params:xml:ns:netconf:notification:1.0"
#define NS_NETMOD       "urn:ietf:params:xml:ns:netmod:notification"
#define HEAD            "<notification xmlns=\"" NS_NOTIFICATION "\"><eventTime>"
#define TAIL            "</notification>"
#define LEAF_MAX        64 /* of a number, or a time */
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
	struct erm_doc log;      /* to be told first; n 0 = nothing */
	uint32_t last_sequence;  /* that was told, or need not be */
	bool owes_replay_complete;
	usec_t retry_usec; /* monotonic; while ermond is away */
};

/* "" when it is not there or does not fit. */
static const char *leaf(const struct erm_doc *doc, uint32_t event, const char *name,
			char buf[LEAF_MAX])
{
	const struct erm_doc_node *node = erm_doc_leaf(doc, event, name);
	int len = node && node->value_len < LEAF_MAX ? (int)node->value_len : 0;

	(void)snprintf(buf, LEAF_MAX, "%.*s", len, len > 0 ? node->value : "");
	return buf;
}

static uint32_t sequence_of(const struct erm_doc *doc, uint32_t event)
{
	char buf[LEAF_MAX];

	return (uint32_t)strtoul(leaf(doc, event, "sequence", buf), NULL, 10);
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

static int parse_event(const struct erm_subscription *s, const char *xml, struct lyd_node **ret)
{
	struct ly_in *in = NULL;
	struct lyd_node *tree = NULL;
	LY_ERR r;

	if (ly_in_new_memory(xml, &in) != LY_SUCCESS)
		return -ENOMEM;
	r = ERM_LYD_PARSE_OP(s->models->ctx, in, LYD_TYPE_NOTIF_YANG, &tree, ret);
	ly_in_free(in, 0);
	ly_err_clean(s->models->ctx, NULL);
	return r == LY_SUCCESS ? 0 : -EPROTO;
}

/* xml is the only one of doc, printed. */
static bool matches(const struct erm_subscription *s, struct erm_doc *doc, const char *xml)
{
	struct lyd_node *event = NULL;
	bool is_match;

	if (!s->filter)
		return true;
	if (!s->xpath)
		return erm_subtree_select(erm_xml_child(s->filter), doc);
	is_match = parse_event(s, xml, &event) == 0 && find_by_xpath(s, event) == 1;
	ly_err_clean(s->models->ctx, NULL);
	lyd_free_all(event);
	return is_match;
}

static int check_filter(struct erm_subscription *s, struct erm_nc_error *error)
{
	const char *type = s->filter ? erm_xml_attribute(s->filter, "type") : NULL;
	struct lyd_node *event = NULL;
	char some[160];
	int r;

	if (!type || strcmp(type, "subtree") == 0)
		return 0;
	s->xpath = erm_xml_attribute(s->filter, "select");
	/* The expression is tried on an event before it is taken. */
	(void)snprintf(some, sizeof(some), "<event xmlns=\"%s\"><sequence>0</sequence></event>",
		       s->models->ermon->ns);
	r = strcmp(type, "xpath") == 0 && s->xpath ? 0 : -EINVAL;
	if (r == 0)
		r = parse_event(s, some, &event);
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
	int n = asprintf(&text, HEAD "%s</eventTime>%s" TAIL, time, content);

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

/* The only event of doc.  False when it is behind the end. */
static bool tell(struct erm_subscription *s, struct erm_doc *doc, erm_subscription_emit *emit,
		 void *userdata)
{
	_cleanup_free_ char *text = NULL;
	char time[LEAF_MAX];
	size_t len = 0;
	long content;
	FILE *out;
	uint32_t sequence = sequence_of(doc, 0);

	if (sequence <= s->last_sequence)
		return true;
	s->last_sequence = sequence;
	if (parse_time(leaf(doc, 0, "time", time)) > s->query.stop_usec)
		return false;
	out = open_memstream(&text, &len);
	if (!out)
		return true;
	(void)fprintf(out, HEAD "%s</eventTime>", time);
	content = ftell(out);
	erm_doc_print(doc, ERM_DOC_REPORT_ALL, out);
	(void)fflush(out);
	if (matches(s, doc, text + content)) {
		(void)fputs(TAIL, out);
		(void)fflush(out);
		emit(userdata, text, len);
	}
	(void)fclose(out);
	return true;
}

/* --- The log --- */

static int read_log(struct erm_subscription *s, char detail[ERM_LINK_DETAIL_MAX])
{
	char *json = NULL;
	int r = erm_link_get(s->ctl, ERM_LINK_EVENTS, NULL, &json, detail);

	/* It knows nothing yet. */
	if (r == -EAGAIN)
		return 0;
	if (r < 0)
		return r;
	r = erm_doc_add(&s->log, s->models->shape, json);
	if (r < 0) {
		erm_doc_done(&s->log);
		(void)snprintf(detail, ERM_LINK_DETAIL_MAX,
			       "ermond is of another version than ermon-netconf");
	}
	return r;
}

/* The list of events, whose entries are what is below it; ERM_DOC_NONE = there is none. */
static uint32_t events_of(const struct erm_doc *log)
{
	return log->n > 0 ? erm_doc_child(log, 0, "events") : ERM_DOC_NONE;
}

static bool tell_log(struct erm_subscription *s, erm_subscription_emit *emit, void *userdata)
{
	const struct erm_doc *log = &s->log;
	uint32_t events = events_of(log);
	uint32_t hint = 0;
	/* A list's entry as the notification of the same leaves, which filters are made for. */
	const struct erm_shape *shape =
		erm_shape_find(s->models->shape, "ermon:event", strlen("ermon:event"), &hint);
	bool goes_on = true;

	for (uint32_t i = events + 1;
	     shape && events != ERM_DOC_NONE && goes_on && i < log->nodes[events].end;
	     i = log->nodes[i].end) {
		struct erm_doc event = { 0 };
		char time[LEAF_MAX];

		if (parse_time(leaf(log, i, "time", time)) >= s->query.start_usec &&
		    erm_doc_copy_leaves(log, i, shape, &event) == 0)
			goes_on = tell(s, &event, emit, userdata);
		erm_doc_done(&event);
	}
	erm_doc_done(&s->log);
	return goes_on;
}

/* The newest of the log; 0 = it is empty. */
static uint32_t newest(const struct erm_doc *log)
{
	uint32_t events = events_of(log);
	uint32_t last = 0;

	for (uint32_t i = events + 1; events != ERM_DOC_NONE && i < log->nodes[events].end;
	     i = log->nodes[i].end) {
		if (sequence_of(log, i) > last)
			last = sequence_of(log, i);
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
		r = read_log(s, detail);
	if (r < 0) {
		erm_stream_close(&s->stream);
		return r;
	}
	last = newest(&s->log);
	/* It has lost its state and counts anew. */
	if (last < s->last_sequence)
		s->last_sequence = 0;
	if (is_first && !s->query.has_replay) {
		s->last_sequence = last;
		erm_doc_done(&s->log);
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
	erm_doc_done(&s->log);
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

	if (s->log.n > 0 || s->owes_replay_complete)
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
		struct erm_doc event = { 0 };
		char *json = NULL;
		int r = erm_stream_next(&s->stream, &json);

		if (r == 0)
			break;
		if (r < 0) {
			erm_stream_close(&s->stream);
			s->retry_usec = erm_time_now().mono + RETRY_USEC / 10;
		} else {
			if (erm_doc_add(&event, s->models->shape, json) == 0 && event.n > 0)
				goes_on = tell(s, &event, emit, userdata);
			erm_doc_done(&event);
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
	if (s->log.n > 0)
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
