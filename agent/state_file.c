#include "state_file.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "state_record.h"

#define FORMAT_NAME "ermon-state"

#define FIELD(s, m, n, t, optional)                                              \
	{                                                                        \
		.name = (n), .offset = offsetof(struct s, m), .type = (t),       \
		.size = sizeof(((struct s *)NULL)->m), .is_optional = (optional) \
	}
#define NAMED(s, m, n, t, names, optional)                                                     \
	{                                                                                      \
		.name = (n), .offset = offsetof(struct s, m), .type = (t), .name_of = (names), \
		.is_optional = (optional)                                                      \
	}
#define U32(s, m, n)             FIELD(s, m, n, ERM_FIELD_U32, false)
#define U64(s, m, n)             FIELD(s, m, n, ERM_FIELD_U64, false)
#define OPT_U64(s, m, n)         FIELD(s, m, n, ERM_FIELD_U64, true)
#define STRING(s, m, n)          FIELD(s, m, n, ERM_FIELD_STRING, false)
#define OPT_STRING(s, m, n)      FIELD(s, m, n, ERM_FIELD_STRING, true)
#define ENUM(s, m, n, names)     NAMED(s, m, n, ERM_FIELD_ENUM, names, false)
#define OPT_ENUM(s, m, n, names) NAMED(s, m, n, ERM_FIELD_ENUM, names, true)
#define MASK(s, m, n, names)     NAMED(s, m, n, ERM_FIELD_MASK, names, false)

static const struct erm_field index_fields[] = {
	ENUM(erm_persist_index, kind, "kind", erm_resource_kind_name),
	STRING(erm_persist_index, name, "name"),
	U32(erm_persist_index, index, "index"),
};

static const struct erm_field member_fields[] = {
	ENUM(erm_persist_member, kind, "kind", erm_resource_kind_name),
	STRING(erm_persist_member, resource, "resource"),
};

static const struct erm_field alarm_fields[] = {
	STRING(erm_persist_alarm, key, "key"),
	U32(erm_persist_alarm, id, "id"),
	U32(erm_persist_alarm, sequence, "sequence"),
	U64(erm_persist_alarm, raised_real, "raised"),
	U64(erm_persist_alarm, notified_real, "notified"),
	ENUM(erm_persist_alarm, severity, "severity", erm_severity_name),
	OPT_ENUM(erm_persist_alarm, op.state, "operator-state", erm_operator_state_name),
	OPT_U64(erm_persist_alarm, op.at.real, "operator-time"),
	OPT_STRING(erm_persist_alarm, op.who, "operator"),
	OPT_STRING(erm_persist_alarm, op.text, "operator-text"),
};

static const struct erm_field shelf_fields[] = {
	STRING(erm_shelf, name, "name"),
	U32(erm_shelf, index, "index"),
	MASK(erm_shelf, types, "types", erm_alarm_type_name),
	{ .name = "resources",
	  .offset = offsetof(struct erm_shelf, resources),
	  .size = ERM_RESOURCE_MAX,
	  .type = ERM_FIELD_LIST,
	  .n_max = ERM_SHELF_RESOURCES_MAX },
	U64(erm_shelf, since.real, "since"),
	OPT_U64(erm_shelf, until.real, "until"),
	OPT_STRING(erm_shelf, who, "operator"),
	OPT_STRING(erm_shelf, text, "text"),
};

static const struct erm_field event_fields[] = {
	ENUM(erm_event, kind, "kind", erm_event_kind_name),
	OPT_ENUM(erm_event, type, "type", erm_alarm_type_name),
	ENUM(erm_event, severity, "severity", erm_severity_name),
	ENUM(erm_event, resource_kind, "resource-kind", erm_resource_kind_name),
	U32(erm_event, sequence, "sequence"),
	U32(erm_event, alarm_id, "alarm-id"),
	U64(erm_event, at.real, "time"),
	U32(erm_event, state, "state"),
	U32(erm_event, expected, "expected"),
	U32(erm_event, usable, "usable"),
	U32(erm_event, unknown, "unknown"),
	U32(erm_event, impacted, "impacted"),
	OPT_ENUM(erm_event, cause, "cause", erm_cause_name),
	OPT_ENUM(erm_event, fault_domain, "fault-domain", erm_fault_domain_name),
	OPT_STRING(erm_event, key, "key"),
	STRING(erm_event, circuit, "circuit"),
	OPT_STRING(erm_event, resource, "resource"),
	OPT_STRING(erm_event, connection, "connection"),
	OPT_STRING(erm_event, interface, "interface"),
	OPT_STRING(erm_event, peer, "peer"),
	OPT_STRING(erm_event, text, "text"),
};

#define RECORD_TYPE(n, f, s)                                                                      \
	{                                                                                         \
		.name = (n), .fields = (f), .n_fields = ERM_ELEMENTS(f), .size = sizeof(struct s) \
	}

static const struct erm_record_type index_type =
	RECORD_TYPE("indexes", index_fields, erm_persist_index);
static const struct erm_record_type member_type =
	RECORD_TYPE("members", member_fields, erm_persist_member);
static const struct erm_record_type alarm_type =
	RECORD_TYPE("alarms", alarm_fields, erm_persist_alarm);
static const struct erm_record_type event_type = RECORD_TYPE("event", event_fields, erm_event);
static const struct erm_record_type shelf_type = {
	.name = "shelves",
	.fields = shelf_fields,
	.n_fields = ERM_ELEMENTS(shelf_fields),
	.size = sizeof(struct erm_shelf),
	.is_optional = true, /* older files have none */
	.n_max = ERM_SHELVES_MAX,
};

static int format_event(const struct erm_event *event, json_t **ret)
{
	json_auto_t *object = NULL;
	json_t *index = json_array();
	int r = erm_record_format(&event_type, event, &object);

	if (r < 0) {
		json_decref(index);
		return r;
	}
	r = erm_record_set(object, "index", index);
	if (event->n_index > ERM_ELEMENTS(event->index))
		return -EINVAL;
	for (uint32_t i = 0; r == 0 && i < event->n_index; i++)
		r = json_array_append_new(index, json_integer(event->index[i])) < 0 ? -ENOMEM : 0;
	if (r == 0)
		*ret = ERM_TAKE_PTR(object);
	return r;
}

static int format_events(json_t *root, const char *name, struct erm_event *const *events,
			 uint32_t n)
{
	json_t *array = json_array();
	int r = erm_record_set(root, name, array);

	for (uint32_t i = 0; r == 0 && i < n; i++) {
		json_t *object = NULL;

		r = format_event(events[i], &object);
		if (r == 0 && json_array_append_new(array, object) < 0)
			r = -ENOMEM;
	}
	return r;
}

int erm_state_format(const struct erm_persist *persist, char **ret_text, size_t *ret_len)
{
	json_auto_t *root = json_object();
	_cleanup_free_ char *text = NULL;
	size_t len;
	int r;

	if (!root || erm_record_set(root, "format", json_string(FORMAT_NAME)) < 0 ||
	    erm_record_set(root, "version", json_integer(ERM_STATE_VERSION)) < 0 ||
	    erm_record_set(root, "last-sequence", json_integer(persist->last_sequence)) < 0 ||
	    erm_record_set(root, "last-alarm-id", json_integer(persist->last_alarm_id)) < 0 ||
	    erm_record_set(root, "last-shelf", json_integer(persist->last_shelf)) < 0)
		return -ENOMEM;
	r = erm_records_format(root, &index_type, persist->indexes, persist->n_indexes);
	if (r == 0)
		r = erm_records_format(root, &member_type, persist->members, persist->n_members);
	if (r == 0)
		r = erm_records_format(root, &alarm_type, persist->alarms, persist->n_alarms);
	if (r == 0)
		r = erm_records_format(root, &shelf_type, persist->shelves, persist->n_shelves);
	if (r == 0)
		r = format_events(root, "owed", persist->owed, persist->n_owed);
	if (r == 0) {
		r = format_events(root, "undelivered", persist->undelivered,
				  persist->n_undelivered);
	}
	if (r < 0)
		return r;
	text = json_dumps(root, JSON_COMPACT);
	if (!text)
		return -ENOMEM;
	len = strlen(text);
	if (len > ERM_STATE_SIZE_MAX)
		return -EFBIG;
	*ret_text = ERM_TAKE_PTR(text);
	*ret_len = len;
	return 0;
}

static bool is_event_state(const struct erm_event *event)
{
	int max = ERM_STATE_MAX;

	if (event->resource_kind == ERM_RESOURCE_PORT ||
	    event->resource_kind == ERM_RESOURCE_CONNECTION ||
	    event->resource_kind == ERM_RESOURCE_SESSION)
		max = ERM_MEMBER_STATE_MAX;
	return event->state >= 0 && event->state < max;
}

static int parse_event(const json_t *object, struct erm_event **ret)
{
	struct erm_event event = { 0 };
	const json_t *index = json_object_get(object, "index");
	int r = erm_record_parse(&event_type, object, &event);

	if (r < 0)
		return r;
	if (!json_is_array(index) || json_array_size(index) > ERM_ELEMENTS(event.index) ||
	    !is_event_state(&event))
		return -EBADMSG;
	for (size_t i = 0; i < json_array_size(index); i++) {
		const json_t *value = json_array_get(index, i);
		json_int_t number = json_integer_value(value);

		if (!json_is_integer(value) || number < 0 || number > UINT32_MAX)
			return -EBADMSG;
		event.index[event.n_index++] = (uint32_t)number;
	}
	*ret = erm_event_new(&event);
	return *ret ? 0 : -ENOMEM;
}

/* What was read so far is counted, and so freed with the rest. */
static int parse_events(const json_t *array, struct erm_event ***ret, uint32_t *ret_n)
{
	size_t n = json_array_size(array);

	if (!json_is_array(array))
		return -EBADMSG;
	if (n == 0)
		return 0;
	*ret = (struct erm_event **)calloc(n, sizeof(struct erm_event *));
	if (!*ret)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		int r = parse_event(json_array_get(array, i), &(*ret)[i]);

		if (r < 0)
			return r;
		(*ret_n)++;
	}
	return 0;
}

/* Older files have none of this. */
static int parse_shelves(const json_t *root, struct erm_persist *persist)
{
	const json_t *owed = json_object_get(root, "owed");
	int r = 0;

	if (json_object_get(root, "last-shelf"))
		r = erm_record_get_u32(root, "last-shelf", &persist->last_shelf);
	if (r == 0) {
		r = erm_records_parse(root, &shelf_type, (void **)&persist->shelves,
				      &persist->n_shelves);
	}
	return r == 0 && owed ? parse_events(owed, &persist->owed, &persist->n_owed) : r;
}

static int parse_version(const json_t *root)
{
	const char *format = json_string_value(json_object_get(root, "format"));
	const json_t *version = json_object_get(root, "version");

	if (!format || strcmp(format, FORMAT_NAME) != 0 || !json_is_integer(version))
		return -EBADMSG;
	return json_integer_value(version) == ERM_STATE_VERSION ? 0 : -EPROTONOSUPPORT;
}

static int parse_root(const json_t *root, struct erm_persist *persist)
{
	int r = parse_version(root);

	if (r == 0)
		r = erm_record_get_u32(root, "last-sequence", &persist->last_sequence);
	if (r == 0)
		r = erm_record_get_u32(root, "last-alarm-id", &persist->last_alarm_id);
	if (r == 0) {
		r = erm_records_parse(root, &index_type, (void **)&persist->indexes,
				      &persist->n_indexes);
	}
	if (r == 0) {
		r = erm_records_parse(root, &member_type, (void **)&persist->members,
				      &persist->n_members);
	}
	if (r == 0)
		r = erm_records_parse(root, &alarm_type, (void **)&persist->alarms,
				      &persist->n_alarms);
	if (r == 0)
		r = parse_shelves(root, persist);
	if (r == 0) {
		r = parse_events(json_object_get(root, "undelivered"), &persist->undelivered,
				 &persist->n_undelivered);
	}
	return r;
}

int erm_state_parse(const char *text, size_t len, struct erm_persist *ret)
{
	struct erm_persist persist = { 0 };
	json_auto_t *root = NULL;
	int r;

	if (len > ERM_STATE_SIZE_MAX)
		return -EFBIG;
	root = json_loadb(text, len, JSON_REJECT_DUPLICATES, NULL);
	if (!root)
		return -EBADMSG;
	r = parse_root(root, &persist);
	if (r < 0) {
		erm_persist_done(&persist);
		return r;
	}
	*ret = persist;
	return 0;
}

static int read_file(const char *path, char **ret_text, size_t *ret_len)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	_cleanup_free_ char *text = NULL;
	size_t len = 0;
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EINVAL;
	if ((uint64_t)st.st_size > ERM_STATE_SIZE_MAX)
		return -EFBIG;
	text = malloc((size_t)st.st_size + 1);
	if (!text)
		return -ENOMEM;
	while (len < (size_t)st.st_size) {
		ssize_t n = read(fd, text + len, (size_t)st.st_size - len);

		if (n < 0 && errno != EINTR)
			return -errno;
		if (n == 0)
			break;
		len += n > 0 ? (size_t)n : 0;
	}
	*ret_text = ERM_TAKE_PTR(text);
	*ret_len = len;
	return 0;
}

/* What could not be understood is set aside and said once. */
static void set_aside(const char *path, int error)
{
	const char *why = error == -EPROTONOSUPPORT ? "is of another format version"
			  : error == -EFBIG         ? "is too large"
						    : "is damaged";
	char bad[PATH_MAX];
	int n = snprintf(bad, sizeof(bad), "%s.bad", path);

	if (n < 0 || (size_t)n >= sizeof(bad) || rename(path, bad) < 0) {
		erm_log_warning("State file %s %s and could not be renamed; starting without it",
				path, why);
		return;
	}
	erm_log_warning("State file %s %s; kept as %s, starting without it", path, why, bad);
}

int erm_state_load(const char *path, struct erm_persist *ret)
{
	_cleanup_free_ char *text = NULL;
	size_t len = 0;
	int r = read_file(path, &text, &len);

	if (r == 0)
		r = erm_state_parse(text, len, ret);
	if (r == -EBADMSG || r == -EPROTONOSUPPORT || r == -EFBIG) {
		set_aside(path, r);
	} else if (r < 0 && r != -ENOENT) {
		erm_log_warning("State file %s cannot be read (%s); starting without it", path,
				strerror(-r));
	}
	return r;
}
