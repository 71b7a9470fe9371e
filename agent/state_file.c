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

#define FORMAT_NAME "ermon-state"

/* One table for each kind of record drives both directions, so that they cannot disagree. */
enum field_type { FIELD_U32, FIELD_U64, FIELD_STRING, FIELD_ENUM };

struct field {
	const char *name;
	size_t offset;
	size_t size;                          /* of a string's buffer */
	const char *(*name_of)(unsigned int); /* of an enum */
	enum field_type type;
	bool is_optional; /* left out when 0 or "" */
};

#define PLACE(s, m) offsetof(struct s, m)
#define SPACE(s, m) sizeof(((struct s *)NULL)->m)
#define U32(s, m, n)                                        \
	{                                                   \
		(n), PLACE(s, m), 0, NULL, FIELD_U32, false \
	}
#define U64(s, m, n)                                        \
	{                                                   \
		(n), PLACE(s, m), 0, NULL, FIELD_U64, false \
	}
#define ENUM(s, m, n, names)                                    \
	{                                                       \
		(n), PLACE(s, m), 0, (names), FIELD_ENUM, false \
	}
#define OPT_ENUM(s, m, n, names)                               \
	{                                                      \
		(n), PLACE(s, m), 0, (names), FIELD_ENUM, true \
	}
#define STRING(s, m, n)                                                  \
	{                                                                \
		(n), PLACE(s, m), SPACE(s, m), NULL, FIELD_STRING, false \
	}
#define OPT_STRING(s, m, n)                                             \
	{                                                               \
		(n), PLACE(s, m), SPACE(s, m), NULL, FIELD_STRING, true \
	}

static const struct field index_fields[] = {
	ENUM(erm_persist_index, kind, "kind", erm_resource_kind_name),
	STRING(erm_persist_index, name, "name"),
	U32(erm_persist_index, index, "index"),
};

static const struct field member_fields[] = {
	ENUM(erm_persist_member, kind, "kind", erm_resource_kind_name),
	STRING(erm_persist_member, resource, "resource"),
};

static const struct field alarm_fields[] = {
	STRING(erm_persist_alarm, key, "key"),
	U32(erm_persist_alarm, id, "id"),
	U32(erm_persist_alarm, sequence, "sequence"),
	U64(erm_persist_alarm, raised_real, "raised"),
	U64(erm_persist_alarm, notified_real, "notified"),
	ENUM(erm_persist_alarm, severity, "severity", erm_severity_name),
};

static const struct field event_fields[] = {
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

struct record_type {
	const char *name; /* of the array in the file */
	const struct field *fields;
	size_t n_fields;
	size_t size;
};

#define RECORD_TYPE(n, f, s)                                \
	{                                                   \
		(n), (f), ERM_ELEMENTS(f), sizeof(struct s) \
	}

static const struct record_type index_type =
	RECORD_TYPE("indexes", index_fields, erm_persist_index);
static const struct record_type member_type =
	RECORD_TYPE("members", member_fields, erm_persist_member);
static const struct record_type alarm_type = RECORD_TYPE("alarms", alarm_fields, erm_persist_alarm);
static const struct record_type event_type = RECORD_TYPE("undelivered", event_fields, erm_event);

/* Names and texts land in traps and on terminals: nothing but printable ASCII passes. */
static bool is_printable(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (s[i] < 0x20 || s[i] > 0x7e)
			return false;
	}
	return true;
}

/* Takes the reference to value in any case. */
static int set_new(json_t *object, const char *name, json_t *value)
{
	return value && json_object_set_new(object, name, value) == 0 ? 0 : -ENOMEM;
}

static int format_field(const struct field *f, const void *record, json_t *object)
{
	const char *at = (const char *)record + f->offset;
	uint32_t u32 = 0;
	uint64_t u64 = 0;
	size_t len;
	const char *word;

	switch (f->type) {
	case FIELD_U32:
		memcpy(&u32, at, sizeof(u32));
		return set_new(object, f->name, json_integer(u32));
	case FIELD_U64:
		memcpy(&u64, at, sizeof(u64));
		if (u64 > INT64_MAX)
			return -EINVAL;
		return set_new(object, f->name, json_integer((json_int_t)u64));
	case FIELD_STRING:
		len = strnlen(at, f->size);
		if (len == 0 && f->is_optional)
			return 0;
		if (len == 0 || len == f->size || !is_printable(at, len))
			return -EINVAL;
		return set_new(object, f->name, json_stringn(at, len));
	case FIELD_ENUM:
		memcpy(&u32, at, sizeof(u32));
		if (u32 == 0 && f->is_optional)
			return 0;
		word = f->name_of(u32);
		if (!word)
			return -EINVAL;
		return set_new(object, f->name, json_string(word));
	}
	return -EINVAL;
}

static int format_record(const struct record_type *type, const void *record, json_t **ret)
{
	json_auto_t *object = json_object();

	if (!object)
		return -ENOMEM;
	for (size_t i = 0; i < type->n_fields; i++) {
		int r = format_field(&type->fields[i], record, object);

		if (r < 0)
			return r;
	}
	*ret = ERM_TAKE_PTR(object);
	return 0;
}

static int format_records(json_t *root, const struct record_type *type, const void *records,
			  uint32_t n)
{
	json_t *array = json_array();
	int r = set_new(root, type->name, array);

	for (uint32_t i = 0; r == 0 && i < n; i++) {
		json_t *object = NULL;

		r = format_record(type, (const char *)records + i * type->size, &object);
		if (r == 0 && json_array_append_new(array, object) < 0)
			r = -ENOMEM;
	}
	return r;
}

static int format_event(const struct erm_event *event, json_t **ret)
{
	json_auto_t *object = NULL;
	json_t *index = json_array();
	int r = format_record(&event_type, event, &object);

	if (r < 0) {
		json_decref(index);
		return r;
	}
	r = set_new(object, "index", index);
	if (event->n_index > ERM_ELEMENTS(event->index))
		return -EINVAL;
	for (uint32_t i = 0; r == 0 && i < event->n_index; i++)
		r = json_array_append_new(index, json_integer(event->index[i])) < 0 ? -ENOMEM : 0;
	if (r == 0)
		*ret = ERM_TAKE_PTR(object);
	return r;
}

static int format_events(json_t *root, struct erm_event *const *events, uint32_t n)
{
	json_t *array = json_array();
	int r = set_new(root, event_type.name, array);

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

	if (!root || set_new(root, "format", json_string(FORMAT_NAME)) < 0 ||
	    set_new(root, "version", json_integer(ERM_STATE_VERSION)) < 0 ||
	    set_new(root, "last-sequence", json_integer(persist->last_sequence)) < 0 ||
	    set_new(root, "last-alarm-id", json_integer(persist->last_alarm_id)) < 0)
		return -ENOMEM;
	r = format_records(root, &index_type, persist->indexes, persist->n_indexes);
	if (r == 0)
		r = format_records(root, &member_type, persist->members, persist->n_members);
	if (r == 0)
		r = format_records(root, &alarm_type, persist->alarms, persist->n_alarms);
	if (r == 0)
		r = format_events(root, persist->undelivered, persist->n_undelivered);
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

static int get_u32(const json_t *object, const char *name, uint32_t *ret)
{
	const json_t *value = json_object_get(object, name);
	json_int_t i = json_integer_value(value);

	if (!json_is_integer(value) || i < 0 || i > UINT32_MAX)
		return -EBADMSG;
	*ret = (uint32_t)i;
	return 0;
}

static int parse_string(const struct field *f, const json_t *value, char *at)
{
	const char *s = json_string_value(value);
	size_t len = json_string_length(value);

	if (!s || len == 0 || len >= f->size || !is_printable(s, len))
		return -EBADMSG;
	memcpy(at, s, len + 1);
	return 0;
}

static int parse_enum(const struct field *f, const json_t *value, char *at)
{
	const char *word = json_string_value(value);
	int number = word ? erm_value_from_name(f->name_of, word) : -EINVAL;
	uint32_t u32;

	if (number < 0)
		return -EBADMSG;
	u32 = (uint32_t)number;
	memcpy(at, &u32, sizeof(u32));
	return 0;
}

static int parse_field(const struct field *f, const json_t *object, void *record)
{
	char *at = (char *)record + f->offset;
	const json_t *value = json_object_get(object, f->name);
	uint32_t u32 = 0;
	uint64_t u64;
	int r;

	if (!value)
		return f->is_optional ? 0 : -EBADMSG;
	switch (f->type) {
	case FIELD_U32:
		r = get_u32(object, f->name, &u32);
		if (r == 0)
			memcpy(at, &u32, sizeof(u32));
		return r;
	case FIELD_U64:
		if (!json_is_integer(value) || json_integer_value(value) < 0)
			return -EBADMSG;
		u64 = (uint64_t)json_integer_value(value);
		memcpy(at, &u64, sizeof(u64));
		return 0;
	case FIELD_STRING:
		return parse_string(f, value, at);
	case FIELD_ENUM:
		return parse_enum(f, value, at);
	}
	return -EBADMSG;
}

static int parse_record(const struct record_type *type, const json_t *object, void *record)
{
	if (!json_is_object(object))
		return -EBADMSG;
	memset(record, 0, type->size);
	for (size_t i = 0; i < type->n_fields; i++) {
		int r = parse_field(&type->fields[i], object, record);

		if (r < 0)
			return r;
	}
	return 0;
}

/* *ret and *ret_n are the persist's own: what was read so far is freed with it. */
static int parse_records(const json_t *root, const struct record_type *type, void **ret,
			 uint32_t *ret_n)
{
	const json_t *array = json_object_get(root, type->name);
	size_t n = json_array_size(array);

	if (!json_is_array(array))
		return -EBADMSG;
	if (n == 0)
		return 0;
	*ret = calloc(n, type->size);
	if (!*ret)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		int r = parse_record(type, json_array_get(array, i), (char *)*ret + i * type->size);

		if (r < 0)
			return r;
	}
	*ret_n = (uint32_t)n;
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
	int r = parse_record(&event_type, object, &event);

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

static int parse_events(const json_t *root, struct erm_persist *persist)
{
	const json_t *array = json_object_get(root, event_type.name);
	size_t n = json_array_size(array);

	if (!json_is_array(array))
		return -EBADMSG;
	if (n == 0)
		return 0;
	persist->undelivered = calloc(n, sizeof(struct erm_event *));
	if (!persist->undelivered)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		int r = parse_event(json_array_get(array, i), &persist->undelivered[i]);

		if (r < 0)
			return r;
		persist->n_undelivered++;
	}
	return 0;
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
		r = get_u32(root, "last-sequence", &persist->last_sequence);
	if (r == 0)
		r = get_u32(root, "last-alarm-id", &persist->last_alarm_id);
	if (r == 0) {
		r = parse_records(root, &index_type, (void **)&persist->indexes,
				  &persist->n_indexes);
	}
	if (r == 0) {
		r = parse_records(root, &member_type, (void **)&persist->members,
				  &persist->n_members);
	}
	if (r == 0)
		r = parse_records(root, &alarm_type, (void **)&persist->alarms, &persist->n_alarms);
	if (r == 0)
		r = parse_events(root, persist);
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
