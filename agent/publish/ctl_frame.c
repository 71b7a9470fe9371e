#include "publish/ctl_frame.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "publish/publisher.h"

#define DURATION_MAX (10LL * 366 * 86400) /* seconds */

static const char service_description[] =
	"# What every Varlink service tells about itself.\n"
	"interface org.varlink.service\n"
	"\n"
	"method GetInfo() -> (vendor: string, product: string, version: string, url: string,\n"
	"  interfaces: []string)\n"
	"\n"
	"method GetInterfaceDescription(interface: string) -> (description: string)\n"
	"\n"
	"error InterfaceNotFound(interface: string)\n"
	"error MethodNotFound(method: string)\n"
	"error MethodNotImplemented(method: string)\n"
	"error InvalidParameter(parameter: string)\n"
	"error PermissionDenied()\n"
	"error ExpectedMore()\n";

static const char ermon_description[] =
	"# What ermond sees, and what happens.  data and event are instance data of the YANG\n"
	"# module ermon, encoded by RFC 7951.\n"
	"interface org.ermon\n"
	"\n"
	"type Part (config, state, alarms, events, sources)\n"
	"\n"
	"# All parts and all circuits unless told otherwise; json gives data, xml gives xml.\n"
	"method Get(parts: ?[]Part, circuit: ?string, format: ?(json, xml)) ->\n"
	"  (data: ?object, xml: ?string)\n"
	"\n"
	"# Call with more.  The first reply is empty: from then on nothing is missed.\n"
	"# events: each event as it happens (on unless told otherwise).  changes: \"something\n"
	"# changed, ask again\", at most ten times a second.  history: the event log first.\n"
	"method Subscribe(events: ?bool, changes: ?bool, history: ?bool) ->\n"
	"  (event: ?object, changed: ?bool)\n"
	"\n"
	"# Reads the configuration file again.  For root and the daemon's own user.\n"
	"method Reload() -> ()\n"
	"\n"
	"# What an operator says of a raised alarm, until it is cleared.  These three are for\n"
	"# root, the daemon's own user and the members of operator-group; the first two may\n"
	"# tell for which user they act.\n"
	"method SetOperatorState(alarm: string, state: (none, ack, closed), text: ?string,\n"
	"  user: ?string) -> ()\n"
	"\n"
	"# Puts alarms aside: those of one of the types on one of the resources, where * and ?\n"
	"# match any characters and any one; or alarm, a key.  duration in seconds.  A shelf of\n"
	"# the same name is replaced.  shelved: raised alarms on it.\n"
	"method Shelve(name: string, types: ?[]string, resources: ?[]string, alarm: ?string,\n"
	"  duration: ?int, text: ?string, user: ?string) -> (shelved: int)\n"
	"\n"
	"# Takes a shelf away.  unshelved: raised alarms that were on it.\n"
	"method Unshelve(name: string, text: ?string, user: ?string) -> (unshelved: int)\n"
	"\n"
	"error BadRequest(reason: string)\n"
	"error NoSuchCircuit(circuit: string)\n"
	"error NoSuchAlarm(alarm: string)\n"
	"error NoSuchAlarmType(type: string)\n"
	"error NoSuchShelf(shelf: string)\n"
	"error TooManyShelves(shelf: string)\n"
	"error NotPermitted(reason: string)\n"
	"error ReloadFailed(reason: string)\n"
	"error NotReady()\n"
	"error TooManyClients()\n"
	"error Failed(reason: string)\n";

static const struct {
	const char *name;
	const char *parameter; /* that carries the detail; NULL = none */
} errors[ERM_CTL_ERROR_MAX] = {
	[ERM_CTL_BAD_REQUEST] = { "org.ermon.BadRequest", "reason" },
	[ERM_CTL_INTERFACE_NOT_FOUND] = { "org.varlink.service.InterfaceNotFound", "interface" },
	[ERM_CTL_METHOD_NOT_FOUND] = { "org.varlink.service.MethodNotFound", "method" },
	[ERM_CTL_INVALID_PARAMETER] = { "org.varlink.service.InvalidParameter", "parameter" },
	[ERM_CTL_EXPECTED_MORE] = { "org.varlink.service.ExpectedMore", NULL },
	[ERM_CTL_PERMISSION_DENIED] = { "org.varlink.service.PermissionDenied", NULL },
	[ERM_CTL_NO_SUCH_CIRCUIT] = { "org.ermon.NoSuchCircuit", "circuit" },
	[ERM_CTL_NO_SUCH_ALARM] = { "org.ermon.NoSuchAlarm", "alarm" },
	[ERM_CTL_NO_SUCH_ALARM_TYPE] = { "org.ermon.NoSuchAlarmType", "type" },
	[ERM_CTL_NO_SUCH_SHELF] = { "org.ermon.NoSuchShelf", "shelf" },
	[ERM_CTL_TOO_MANY_SHELVES] = { "org.ermon.TooManyShelves", "shelf" },
	[ERM_CTL_NOT_PERMITTED] = { "org.ermon.NotPermitted", "reason" },
	[ERM_CTL_RELOAD_FAILED] = { "org.ermon.ReloadFailed", "reason" },
	[ERM_CTL_NOT_READY] = { "org.ermon.NotReady", NULL },
	[ERM_CTL_TOO_MANY_CLIENTS] = { "org.ermon.TooManyClients", NULL },
	[ERM_CTL_FAILED] = { "org.ermon.Failed", "reason" },
};

static const struct {
	const char *name;
	enum erm_ctl_method method;
	unsigned int act; /* enum erm_act_kind of ERM_CTL_ACT */
} methods[] = {
	{ "org.varlink.service.GetInfo", ERM_CTL_GET_INFO, 0 },
	{ "org.varlink.service.GetInterfaceDescription", ERM_CTL_GET_DESCRIPTION, 0 },
	{ "org.ermon.Get", ERM_CTL_GET, 0 },
	{ "org.ermon.Subscribe", ERM_CTL_SUBSCRIBE, 0 },
	{ "org.ermon.Reload", ERM_CTL_RELOAD, 0 },
	{ "org.ermon.SetOperatorState", ERM_CTL_ACT, ERM_ACT_OPERATOR_STATE },
	{ "org.ermon.Shelve", ERM_CTL_ACT, ERM_ACT_SHELVE },
	{ "org.ermon.Unshelve", ERM_CTL_ACT, ERM_ACT_UNSHELVE },
};

static const struct {
	const char *name;
	enum erm_part part;
} parts[] = {
	{ "config", ERM_PART_CONFIG },   { "state", ERM_PART_STATE },
	{ "alarms", ERM_PART_ALARMS },   { "events", ERM_PART_EVENTS },
	{ "sources", ERM_PART_SOURCES },
};

struct problem {
	enum erm_ctl_error error;
	char detail[ERM_CTL_DETAIL_MAX];
};

/* Fills problem with a word from outside, made printable and cut; returns -EINVAL. */
static int fail(struct problem *problem, enum erm_ctl_error error, const char *detail)
{
	size_t len = strnlen(detail, sizeof(problem->detail) - 1);

	memcpy(problem->detail, detail, len);
	for (size_t i = 0; i < len; i++)
		if (detail[i] < 0x20 || detail[i] > 0x7e)
			problem->detail[i] = '?';
	problem->detail[len] = '\0';
	problem->error = error;
	return -EINVAL;
}

static int parse_bool(const json_t *object, const char *name, bool *value, struct problem *problem)
{
	const json_t *member = json_object_get(object, name);

	if (!member || json_is_null(member))
		return 0;
	if (!json_is_boolean(member))
		return fail(problem, ERM_CTL_INVALID_PARAMETER, name);
	*value = json_is_true(member);
	return 0;
}

static int find_method(const char *name, struct erm_ctl_request *request, struct erm_act *act,
		       struct problem *problem)
{
	const char *dot = strrchr(name, '.');
	size_t len = dot ? (size_t)(dot - name) : 0;
	bool is_known_interface = false;

	for (size_t i = 0; i < ERM_ELEMENTS(methods); i++) {
		if (strcmp(methods[i].name, name) == 0) {
			request->method = methods[i].method;
			act->kind = (enum erm_act_kind)methods[i].act;
			return 0;
		}
		is_known_interface = is_known_interface ||
				     (strncmp(methods[i].name, name, len) == 0 &&
				      strrchr(methods[i].name, '.') == methods[i].name + len);
	}
	if (is_known_interface)
		return fail(problem, ERM_CTL_METHOD_NOT_FOUND, name);
	return fail(problem, ERM_CTL_INTERFACE_NOT_FOUND, name);
}

static int parse_description(const json_t *parameters, struct erm_ctl_request *request,
			     struct problem *problem)
{
	const char *name = json_string_value(json_object_get(parameters, "interface"));

	if (!name)
		return fail(problem, ERM_CTL_INVALID_PARAMETER, "interface");
	if (strcmp(name, "org.varlink.service") == 0)
		request->interface = ERM_CTL_INTERFACE_SERVICE;
	else if (strcmp(name, "org.ermon") == 0)
		request->interface = ERM_CTL_INTERFACE_ERMON;
	else
		return fail(problem, ERM_CTL_INTERFACE_NOT_FOUND, name);
	return 0;
}

static int parse_part(const json_t *value, unsigned int *mask)
{
	const char *name = json_string_value(value);

	for (size_t i = 0; name && i < ERM_ELEMENTS(parts); i++) {
		if (strcmp(parts[i].name, name) == 0) {
			*mask |= parts[i].part;
			return 0;
		}
	}
	return -EINVAL;
}

static int parse_parts(const json_t *parameters, struct erm_ctl_request *request,
		       struct problem *problem)
{
	const json_t *array = json_object_get(parameters, "parts");

	if (!array || json_is_null(array)) {
		request->parts = ERM_PART_ALL;
		return 0;
	}
	for (size_t i = 0; i < json_array_size(array); i++)
		if (parse_part(json_array_get(array, i), &request->parts) < 0)
			return fail(problem, ERM_CTL_INVALID_PARAMETER, "parts");
	if (request->parts == 0) /* no array, or an empty one */
		return fail(problem, ERM_CTL_INVALID_PARAMETER, "parts");
	return 0;
}

static bool is_name(const char *s)
{
	size_t len =
		strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._/-");

	return len > 0 && len < ERM_NAME_MAX && s[len] == '\0';
}

static int parse_get(const json_t *parameters, struct erm_ctl_request *request,
		     struct problem *problem)
{
	const json_t *circuit = json_object_get(parameters, "circuit");
	const json_t *format = json_object_get(parameters, "format");
	const char *word;
	int r = parse_parts(parameters, request, problem);

	if (r < 0)
		return r;
	if (circuit && !json_is_null(circuit)) {
		word = json_string_value(circuit);
		if (!word || !is_name(word))
			return fail(problem, ERM_CTL_INVALID_PARAMETER, "circuit");
		memcpy(request->circuit, word, strlen(word) + 1);
	}
	if (format && !json_is_null(format)) {
		word = json_string_value(format);
		request->is_xml = word && strcmp(word, "xml") == 0;
		if (!word || (!request->is_xml && strcmp(word, "json") != 0))
			return fail(problem, ERM_CTL_INVALID_PARAMETER, "format");
	}
	return 0;
}

static int parse_subscribe(const json_t *parameters, bool has_more, struct erm_ctl_request *request,
			   struct problem *problem)
{
	int r;

	if (!has_more || request->is_oneway)
		return fail(problem, ERM_CTL_EXPECTED_MORE, "");
	request->wants_events = true;
	r = parse_bool(parameters, "events", &request->wants_events, problem);
	if (r == 0)
		r = parse_bool(parameters, "changes", &request->wants_changes, problem);
	if (r == 0)
		r = parse_bool(parameters, "history", &request->wants_history, problem);
	return r;
}

/* A string of at most size - 1 octets; what is not there or null leaves ret as it is. */
static int parse_string(const json_t *object, const char *name, char *ret, size_t size,
			struct problem *problem)
{
	const json_t *member = json_object_get(object, name);
	size_t len = json_string_length(member);

	if (!member || json_is_null(member))
		return 0;
	if (!json_is_string(member) || len >= size || strlen(json_string_value(member)) != len)
		return fail(problem, ERM_CTL_INVALID_PARAMETER, name);
	memcpy(ret, json_string_value(member), len + 1);
	return 0;
}

static int parse_type(const json_t *value, uint32_t *mask, struct problem *problem)
{
	const char *name = json_string_value(value);
	int type = name ? erm_value_from_name(erm_alarm_type_name, name) : -EINVAL;

	if (type < 0)
		return fail(problem, ERM_CTL_NO_SUCH_ALARM_TYPE, name ? name : "");
	*mask |= 1U << (unsigned int)type;
	return 0;
}

static int parse_types(const json_t *parameters, struct erm_shelf *shelf, struct problem *problem)
{
	const json_t *array = json_object_get(parameters, "types");

	if (array && !json_is_null(array) && !json_is_array(array))
		return fail(problem, ERM_CTL_INVALID_PARAMETER, "types");
	for (size_t i = 0; i < json_array_size(array); i++) {
		if (parse_type(json_array_get(array, i), &shelf->types, problem) < 0)
			return -EINVAL;
	}
	return 0;
}

static bool is_pattern(const char *s)
{
	size_t len =
		strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._/-:*?");

	return len > 0 && len < ERM_RESOURCE_MAX && s[len] == '\0';
}

static int parse_resources(const json_t *parameters, struct erm_shelf *shelf,
			   struct problem *problem)
{
	const json_t *array = json_object_get(parameters, "resources");

	if (array && !json_is_null(array) && !json_is_array(array))
		return fail(problem, ERM_CTL_INVALID_PARAMETER, "resources");
	if (json_array_size(array) > ERM_SHELF_RESOURCES_MAX)
		return fail(problem, ERM_CTL_INVALID_PARAMETER, "resources (8 at most)");
	for (size_t i = 0; i < json_array_size(array); i++) {
		const char *pattern = json_string_value(json_array_get(array, i));

		if (!pattern || !is_pattern(pattern))
			return fail(problem, ERM_CTL_INVALID_PARAMETER, "resources");
		memcpy(shelf->resources[i], pattern, strlen(pattern) + 1);
	}
	return 0;
}

/* A key names one type and one resource. */
static int parse_shelf_key(const char *key, struct erm_shelf *shelf, struct problem *problem)
{
	enum erm_alarm_type type = 0;
	const char *resource = NULL;

	if (shelf->types != 0 || shelf->resources[0][0])
		return fail(problem, ERM_CTL_INVALID_PARAMETER, "alarm beside types and resources");
	if (erm_key_split(key, &type, &resource) < 0)
		return fail(problem, ERM_CTL_NO_SUCH_ALARM_TYPE, key);
	if (!is_pattern(resource))
		return fail(problem, ERM_CTL_INVALID_PARAMETER, "alarm");
	shelf->types = 1U << (unsigned int)type;
	memcpy(shelf->resources[0], resource, strlen(resource) + 1);
	return 0;
}

static int parse_shelf(const json_t *parameters, struct erm_act *act, struct problem *problem)
{
	const json_t *duration = json_object_get(parameters, "duration");
	json_int_t seconds = json_integer_value(duration);
	int r = parse_types(parameters, &act->shelf, problem);

	if (r == 0)
		r = parse_resources(parameters, &act->shelf, problem);
	if (r == 0)
		r = parse_string(parameters, "alarm", act->key, sizeof(act->key), problem);
	if (r == 0 && act->key[0])
		r = parse_shelf_key(act->key, &act->shelf, problem);
	if (r < 0)
		return r;
	/* Whoever wants to put aside all there is says so by "*". */
	if (act->shelf.types == 0 && !act->shelf.resources[0][0])
		return fail(problem, ERM_CTL_INVALID_PARAMETER, "resources");
	if (!duration || json_is_null(duration))
		return 0;
	if (!json_is_integer(duration) || seconds < 1 || seconds > DURATION_MAX)
		return fail(problem, ERM_CTL_INVALID_PARAMETER, "duration");
	act->duration_usec = (usec_t)seconds * ERM_USEC_PER_SEC;
	return 0;
}

static int parse_operator_state(const json_t *parameters, struct erm_act *act,
				struct problem *problem)
{
	const char *state = json_string_value(json_object_get(parameters, "state"));
	int value = state ? erm_value_from_name(erm_operator_state_name, state) : -EINVAL;
	int r = parse_string(parameters, "alarm", act->key, sizeof(act->key), problem);

	if (r < 0)
		return r;
	if (!act->key[0])
		return fail(problem, ERM_CTL_INVALID_PARAMETER, "alarm");
	if (value < 0)
		return fail(problem, ERM_CTL_INVALID_PARAMETER, "state");
	act->op.state = (enum erm_operator_state)value;
	return 0;
}

/* It goes into the log, one line. */
static void clean(char *text)
{
	for (; *text; text++) {
		if ((*text >= 0 && *text < 0x20) || *text == 0x7f)
			*text = ' ';
	}
}

static int parse_act(const json_t *parameters, struct erm_act *act, struct problem *problem)
{
	struct erm_shelf *shelf = &act->shelf;
	int r = parse_string(parameters, "text", act->op.text, sizeof(act->op.text), problem);

	if (r == 0)
		r = parse_string(parameters, "user", act->op.who, sizeof(act->op.who), problem);
	clean(act->op.text);
	clean(act->op.who);
	if (r == 0 && act->kind == ERM_ACT_OPERATOR_STATE)
		return parse_operator_state(parameters, act, problem);
	if (r == 0)
		r = parse_string(parameters, "name", shelf->name, sizeof(shelf->name), problem);
	if (r == 0 && !is_name(shelf->name))
		r = fail(problem, ERM_CTL_INVALID_PARAMETER, "name");
	if (r == 0 && act->kind == ERM_ACT_SHELVE)
		r = parse_shelf(parameters, act, problem);
	return r;
}

static int parse_root(const json_t *root, struct erm_ctl_request *request, struct erm_act *act,
		      struct problem *problem)
{
	const char *name = json_string_value(json_object_get(root, "method"));
	const json_t *parameters = json_object_get(root, "parameters");
	bool has_more = false;

	if (!name)
		return fail(problem, ERM_CTL_BAD_REQUEST, "no method");
	if (parameters && !json_is_object(parameters) && !json_is_null(parameters))
		return fail(problem, ERM_CTL_BAD_REQUEST, "parameters is not an object");
	if (parse_bool(root, "more", &has_more, problem) < 0 ||
	    parse_bool(root, "oneway", &request->is_oneway, problem) < 0)
		return fail(problem, ERM_CTL_BAD_REQUEST, "more and oneway are booleans");
	if (find_method(name, request, act, problem) < 0)
		return -EINVAL;
	switch (request->method) {
	case ERM_CTL_GET_INFO:
	case ERM_CTL_RELOAD:
		return 0;
	case ERM_CTL_GET_DESCRIPTION:
		return parse_description(parameters, request, problem);
	case ERM_CTL_GET:
		return parse_get(parameters, request, problem);
	case ERM_CTL_SUBSCRIBE:
		return parse_subscribe(parameters, has_more, request, problem);
	case ERM_CTL_ACT:
		return parse_act(parameters, act, problem);
	}
	return -EINVAL;
}

int erm_ctl_request_parse(const char *text, size_t len, struct erm_ctl_request *ret,
			  struct erm_act *ret_act, enum erm_ctl_error *ret_error,
			  char ret_detail[ERM_CTL_DETAIL_MAX])
{
	struct erm_ctl_request request = { 0 };
	struct erm_act act = { 0 };
	struct problem problem = { 0 };
	json_auto_t *root = json_loadb(text, len, JSON_REJECT_DUPLICATES, NULL);
	int r;

	if (!json_is_object(root))
		r = fail(&problem, ERM_CTL_BAD_REQUEST, "not a JSON object");
	else
		r = parse_root(root, &request, &act, &problem);
	if (r < 0) {
		*ret_error = problem.error;
		memcpy(ret_detail, problem.detail, sizeof(problem.detail));
		return r;
	}
	*ret = request;
	if (request.method == ERM_CTL_ACT)
		*ret_act = act;
	return 0;
}

/* Takes the reference to root. */
static char *dump(json_t *root)
{
	char *text = root ? json_dumps(root, JSON_COMPACT) : NULL;

	json_decref(root);
	return text;
}

char *erm_ctl_error_format(enum erm_ctl_error error, const char *detail)
{
	json_t *root = json_pack("{s:s, s:{}}", "error", errors[error].name, "parameters");
	const char *parameter = errors[error].parameter;

	if (root && parameter) {
		(void)json_object_set_new(json_object_get(root, "parameters"), parameter,
					  json_string(detail));
	}
	return dump(root);
}

char *erm_ctl_info_format(void)
{
	return dump(json_pack("{s:{s:s, s:s, s:s, s:s, s:[s, s]}}", "parameters", "vendor", "ermon",
			      "product", "ermond", "version", PACKAGE_VERSION, "url", "",
			      "interfaces", "org.varlink.service", "org.ermon"));
}

char *erm_ctl_description_format(enum erm_ctl_interface interface)
{
	const char *text =
		interface == ERM_CTL_INTERFACE_SERVICE ? service_description : ermon_description;

	return dump(json_pack("{s:{s:s}}", "parameters", "description", text));
}

static char *wrap(const char *head, const char *body, const char *tail)
{
	char *text = NULL;

	return asprintf(&text, "%s%s%s", head, body, tail) < 0 ? NULL : text;
}

char *erm_ctl_data_format(const char *json)
{
	return wrap("{\"parameters\":{\"data\":", json, "}}");
}

char *erm_ctl_xml_format(const char *xml)
{
	return dump(json_pack("{s:{s:s}}", "parameters", "xml", xml));
}

char *erm_ctl_event_format(const char *json)
{
	return wrap("{\"parameters\":{\"event\":", json, "},\"continues\":true}");
}

char *erm_ctl_change_format(void)
{
	return strdup("{\"parameters\":{\"changed\":true},\"continues\":true}");
}

char *erm_ctl_subscribed_format(void)
{
	return strdup("{\"parameters\":{},\"continues\":true}");
}

char *erm_ctl_empty_format(void)
{
	return strdup("{\"parameters\":{}}");
}

char *erm_ctl_act_format(enum erm_act_kind kind, uint32_t n_alarms)
{
	if (kind == ERM_ACT_OPERATOR_STATE)
		return erm_ctl_empty_format();
	return dump(json_pack("{s:{s:I}}", "parameters",
			      kind == ERM_ACT_SHELVE ? "shelved" : "unshelved",
			      (json_int_t)n_alarms));
}
