#include "netconf/rpc.h"

#include <errno.h>
#include <string.h>

#include "netconf/compat.h"
#include "netconf/input.h"
#include "netconf/scan.h"
#include "netconf/xml.h"

#define DEPTH_MAX  64
#define BASE_1_0   "urn:ietf:params:netconf:base:1.0"
#define BASE_1_1   "urn:ietf:params:netconf:base:1.1"
#define MODULE_NC  "ietf-netconf"
#define MODULE_MON "ietf-netconf-monitoring"
#define MODULE_DS  "ietf-netconf-nmda"
#define MODULE_EV  "notifications"

static const struct {
	const char *module, *name;
	erm_operation *run;
	bool takes_anything; /* refused whatever the parameters are */
} operations[] = {
	{ MODULE_NC, "get", erm_rpc_get, false },
	{ MODULE_NC, "get-config", erm_rpc_get_config, false },
	{ MODULE_DS, "get-data", erm_rpc_get_data, false },
	{ MODULE_MON, "get-schema", erm_rpc_get_schema, false },
	{ MODULE_NC, "close-session", erm_rpc_close_session, false },
	{ MODULE_NC, "kill-session", erm_rpc_kill_session, false },
	{ MODULE_EV, "create-subscription", erm_rpc_create_subscription, false },
	{ MODULE_NC, "edit-config", erm_rpc_refuse, true },
	{ MODULE_NC, "copy-config", erm_rpc_refuse, true },
	{ MODULE_NC, "delete-config", erm_rpc_refuse, true },
	{ MODULE_NC, "lock", erm_rpc_refuse, true },
	{ MODULE_NC, "unlock", erm_rpc_refuse, true },
	{ MODULE_DS, "edit-data", erm_rpc_refuse, true },
};

int erm_rpc_refuse(struct erm_request *request, FILE *out)
{
	(void)out;
	return erm_nc_fail(&request->error, ERM_NC_PROTOCOL, ERM_NC_NOT_SUPPORTED,
			   "The configuration is a file of the host, see ermond.conf(5); "
			   "NETCONF only reads it");
}

static int run(struct erm_request *request, const char *text, FILE *out)
{
	const struct lyd_node *x = request->operation;
	const struct lys_module *module =
		ly_ctx_get_module_implemented_ns(request->env->models->ctx, erm_xml_ns(x));
	const struct lysc_node *schema =
		module ? lys_find_child(NULL, module, erm_xml_name(x), 0, LYS_RPC, 0) : NULL;
	struct lyd_node *tree = NULL;
	int r;

	for (size_t i = 0; schema && i < ERM_ELEMENTS(operations); i++) {
		if (strcmp(operations[i].name, schema->name) != 0 ||
		    strcmp(operations[i].module, module->name) != 0)
			continue;
		r = operations[i].takes_anything ? 0 : erm_input_read(request, schema, text, &tree);
		if (r == 0)
			r = operations[i].run(request, out);
		lyd_free_all(tree);
		return r;
	}
	r = erm_nc_fail(&request->error, ERM_NC_PROTOCOL, ERM_NC_NOT_SUPPORTED,
			"There is no operation %.100s here", erm_xml_name(x));
	(void)snprintf(request->error.element, sizeof(request->error.element), "%s",
		       erm_xml_name(x));
	return r;
}

/* RFC 6241, section 4.1. */
static int check_envelope(struct erm_request *request)
{
	const struct lyd_node *rpc = request->rpc;

	if (!erm_xml_attribute(rpc, "message-id")) {
		(void)erm_nc_fail(&request->error, ERM_NC_RPC, ERM_NC_MISSING_ATTRIBUTE,
				  "An <rpc> needs a message-id");
		(void)strcpy(request->error.attribute, "message-id");
		(void)strcpy(request->error.element, "rpc");
		return -EINVAL;
	}
	if (!erm_xml_child(rpc)) {
		return erm_nc_fail(&request->error, ERM_NC_RPC, ERM_NC_MISSING_ELEMENT,
				   "The <rpc> has no operation in it");
	}
	request->operation = erm_xml_child(rpc);
	if (request->operation->next) {
		const struct lyd_node *x = request->operation->next;
		int r = erm_nc_fail(&request->error, ERM_NC_RPC, ERM_NC_UNKNOWN_ELEMENT,
				    "An <rpc> has one operation in it");

		(void)snprintf(request->error.element, sizeof(request->error.element), "%s",
			       erm_xml_name(x));
		return r;
	}
	return 0;
}

/* In place of what was written since start. */
static void write_error(struct erm_request *request, FILE *out, long start)
{
	request->env->counters->out_rpc_errors++;
	(void)fseek(out, start, SEEK_SET);
	erm_nc_error_print(out, &request->error);
}

static int answer(struct erm_request *request, const char *text, FILE *out)
{
	struct erm_nc_counters *counters = request->env->counters;
	long start;
	int r = check_envelope(request);

	if (r < 0)
		counters->in_bad_rpcs++;
	else
		counters->in_rpcs++;
	(void)fputs("<rpc-reply xmlns=\"" ERM_NC_NS "\"", out);
	erm_xml_print_attributes(request->rpc, out);
	(void)fputc('>', out);
	start = ftell(out);
	if (r == 0)
		r = run(request, text, out);
	if (r < 0)
		write_error(request, out, start);
	(void)fputs("</rpc-reply>", out);
	return r == 0 && request->is_last;
}

/* The message is none: with base:1.1 it may be said, and the session goes on. */
static int answer_malformed(struct erm_nc_env *env, const char *why, FILE *out)
{
	struct erm_nc_error error;

	env->counters->in_bad_rpcs++;
	if (!env->has_base11)
		return -EBADMSG;
	env->counters->out_rpc_errors++;
	(void)erm_nc_fail(&error, ERM_NC_RPC, ERM_NC_MALFORMED, "%s", why);
	(void)fputs("<rpc-reply xmlns=\"" ERM_NC_NS "\">", out);
	erm_nc_error_print(out, &error);
	(void)fputs("</rpc-reply>", out);
	return 0;
}

/* text with a default namespace that means none, put in at `at'; NULL = out of memory. */
static char *name_no_namespace(const char *text, size_t at)
{
	char *copy = NULL;

	if (asprintf(&copy, "%.*s xmlns=\"" ERM_NC_NO_NS "\"%s", (int)at, text, text + at) < 0)
		return NULL;
	return copy;
}

static int answer_text(struct erm_nc_env *env, const char *text, FILE *out)
{
	struct erm_request request = { .env = env };
	struct lyd_node *xml = NULL;
	int r;

	if (erm_xml_parse(env->models->raw, text, &xml) < 0)
		return answer_malformed(env, "The message is not well-formed XML", out);
	if (erm_xml_is(xml, ERM_NC_NS, "rpc")) {
		request.rpc = xml;
		r = answer(&request, text, out);
	} else {
		r = answer_malformed(env, "The message is no <rpc> of NETCONF", out);
	}
	lyd_free_all(xml);
	return r;
}

int erm_rpc_answer(struct erm_nc_env *env, const char *text, size_t len, FILE *out)
{
	_cleanup_free_ char *copy = NULL;
	size_t at = 0;
	int r = erm_scan_message(text, len, DEPTH_MAX, &at);

	if (r == -E2BIG)
		return answer_malformed(env, "The elements are nested too deeply", out);
	if (r < 0)
		return answer_malformed(env, "The message is not well-formed XML", out);
	/* Section 6.2.1 gives a filter without a namespace a meaning; libyang refuses it. */
	if (at > 0)
		copy = name_no_namespace(text, at);
	return answer_text(env, copy ? copy : text, out);
}

/* Blanks around a capability do not count. */
static bool has_capability(const struct lyd_node *list, const char *wanted)
{
	for (const struct lyd_node *x = erm_xml_child(list); x; x = x->next) {
		const char *text = erm_xml_text(x) + strspn(erm_xml_text(x), "\t\n\r ");
		size_t len = strlen(wanted);

		if (erm_xml_is(x, ERM_NC_NS, "capability") && strncmp(text, wanted, len) == 0 &&
		    !text[len + strspn(text + len, "\t\n\r ")])
			return true;
	}
	return false;
}

int erm_rpc_read_hello(const struct erm_models *models, const char *text, size_t len,
		       bool *ret_has_base11)
{
	struct lyd_node *xml = NULL;
	const struct lyd_node *list;
	bool is_hello;
	bool has_base11;
	size_t at = 0;
	int r = erm_scan_message(text, len, DEPTH_MAX, &at);

	if (r < 0 || erm_xml_parse(models->raw, text, &xml) < 0)
		return -EBADMSG;
	list = erm_xml_find(erm_xml_child(xml), ERM_NC_NS, "capabilities");
	/* Section 8.1: a client that tells a session-id is none. */
	is_hello = erm_xml_is(xml, ERM_NC_NS, "hello") && list &&
		   !erm_xml_find(erm_xml_child(xml), ERM_NC_NS, "session-id");
	has_base11 = is_hello && has_capability(list, BASE_1_1);
	if (has_base11 || (is_hello && has_capability(list, BASE_1_0)))
		*ret_has_base11 = has_base11;
	else
		r = -EBADMSG;
	lyd_free_all(xml);
	return r;
}
