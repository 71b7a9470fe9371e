#include "ctl/command.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "ctl/check.h"
#include "ctl/claims.h"
#include "ctl/client.h"
#include "ctl/data.h"
#include "ctl/lists.h"
#include "ctl/sections.h"
#include "ctl/status.h"
#include "ctl/watch.h"

static int fail(const struct erm_out *out, const char *why)
{
	erm_text_complain(out, why);
	return ERM_EXIT_FAILURE;
}

/* Output that did not arrive is a failure too. */
static int finish(const struct erm_out *out, int r)
{
	if (r == -ENOMEM)
		return fail(out, "out of memory");
	if (fflush(out->f) != 0 || ferror(out->f))
		return fail(out, "cannot write the output");
	return 0;
}

/* Asks for these parts; prints why not, when not. */
static int get(const struct erm_command_env *env, const char *const *parts, const char *circuit,
	       json_t **ret)
{
	ERM_CLEANUP(erm_client_freep) struct erm_client *client = NULL;
	char error[ERM_CLIENT_ERROR_MAX];
	int r = erm_client_open(env->socket, &client, error);

	if (r < 0) {
		(void)fail(&env->out, error);
		return r;
	}
	r = erm_client_ask(client, "org.ermon.Get",
			   erm_get_parameters(parts, circuit, env->format == ERM_FORMAT_XML), ret);
	if (r < 0)
		(void)fail(&env->out, erm_client_error(client));
	return r;
}

static int print_tree(const struct erm_out *out, json_t *data)
{
	return erm_status_print(out, data);
}

static int print_alarms(const struct erm_out *out, json_t *data)
{
	return erm_alarms_print(out, data);
}

static int print_events(const struct erm_out *out, json_t *data)
{
	return erm_events_print(out, data);
}

static int print_sources(const struct erm_out *out, json_t *data)
{
	return erm_sources_print(out, data);
}

static int print_claims(const struct erm_out *out, json_t *data)
{
	return erm_claims_print(out, data);
}

static int print_config(const struct erm_out *out, json_t *data)
{
	erm_sections_print(out, data);
	return 0;
}

/* Instance data as the daemon gave it, or as text by print. */
static int show(struct erm_command_env *env, const char *const *parts, const char *circuit,
		int (*print)(const struct erm_out *out, json_t *data))
{
	json_auto_t *reply = NULL;
	const json_t *data;
	int r = get(env, parts, circuit, &reply);

	if (r < 0)
		return ERM_EXIT_FAILURE;
	data = json_object_get(reply, "data");
	switch (env->format) {
	case ERM_FORMAT_TEXT:
		r = print(&env->out, json_object_get(data, ERM_ROOT));
		break;
	case ERM_FORMAT_JSON:
		(void)json_dumpf(data, env->out.f, JSON_INDENT(2));
		(void)fputc('\n', env->out.f);
		break;
	case ERM_FORMAT_XML:
		(void)fputs(erm_data_string(reply, "xml"), env->out.f);
		break;
	}
	return finish(&env->out, r);
}

static int run_status(struct erm_command_env *env, const char *circuit)
{
	return show(env, erm_status_parts, circuit, print_tree);
}

static int run_watch(struct erm_command_env *env, const char *circuit)
{
	return erm_watch(env, circuit);
}

static int run_alarms(struct erm_command_env *env, const char *circuit)
{
	static const char *const parts[] = { "alarms", NULL };

	return show(env, parts, circuit, print_alarms);
}

static int run_events(struct erm_command_env *env, const char *circuit)
{
	static const char *const parts[] = { "events", NULL };

	if (env->is_following)
		return erm_follow(env);
	return show(env, parts, circuit, print_events);
}

static int run_sources(struct erm_command_env *env, const char *circuit)
{
	static const char *const parts[] = { "config", "sources", NULL };
	static const char *const deep[] = { "config", "sources", "state", NULL };

	if (circuit)
		return show(env, deep, circuit, print_claims);
	return show(env, parts, NULL, print_sources);
}

static int run_config(struct erm_command_env *env, const char *circuit)
{
	static const char *const parts[] = { "config", NULL };

	return show(env, parts, circuit, print_config);
}

/* Whatever is wrong, the plugin's rules ask for one line on standard output and a status of 3. */
static int run_check(struct erm_command_env *env, const char *circuit)
{
	static const char *const parts[] = { "config", "state", NULL };
	ERM_CLEANUP(erm_client_freep) struct erm_client *client = NULL;
	json_auto_t *reply = NULL;
	char error[ERM_CLIENT_ERROR_MAX];
	int r = erm_client_open(env->socket, &client, error);

	if (r < 0)
		return (int)erm_check_print_unreachable(&env->out, error);
	r = erm_client_ask(client, "org.ermon.Get", erm_get_parameters(parts, circuit, false),
			   &reply);
	if (r < 0)
		return (int)erm_check_print_unreachable(&env->out, erm_client_error(client));
	return (int)erm_check_print(&env->out,
				    json_object_get(json_object_get(reply, "data"), ERM_ROOT),
				    circuit);
}

static int run_reload(struct erm_command_env *env, const char *circuit)
{
	ERM_CLEANUP(erm_client_freep) struct erm_client *client = NULL;
	json_auto_t *reply = NULL;
	char error[ERM_CLIENT_ERROR_MAX];
	int r = erm_client_open(env->socket, &client, error);

	(void)circuit;
	if (r < 0)
		return fail(&env->out, error);
	if (erm_client_ask(client, "org.ermon.Reload", NULL, &reply) < 0)
		return fail(&env->out, erm_client_error(client));
	(void)fputs("The configuration is reloaded.\n", env->out.f);
	return finish(&env->out, 0);
}

/* Its own version is worth something without a daemon. */
static int run_version(struct erm_command_env *env, const char *circuit)
{
	ERM_CLEANUP(erm_client_freep) struct erm_client *client = NULL;
	json_auto_t *reply = NULL;
	_cleanup_free_ char *version = NULL;
	char error[ERM_CLIENT_ERROR_MAX];

	(void)circuit;
	(void)fprintf(env->out.f, "ermonctl %s\n", PACKAGE_VERSION);
	if (erm_client_open(env->socket, &client, error) < 0) {
		(void)fprintf(env->out.f, "%s\n", error);
		return finish(&env->out, 0);
	}
	if (erm_client_ask(client, "org.varlink.service.GetInfo", NULL, &reply) < 0)
		return fail(&env->out, erm_client_error(client));
	version = erm_text_printable(&env->out, erm_data_string(reply, "version"));
	(void)fprintf(env->out.f, "ermond %s\n", version ? version : "");
	return finish(&env->out, 0);
}

const struct erm_command erm_commands[] = {
	{ "status", "[CIRCUIT]", "the tree of groups, circuits, services and sessions", true,
	  run_status },
	{ "watch", "[CIRCUIT]", "the same, live", true, run_watch },
	{ "alarms", "[CIRCUIT]", "the alarms raised now, with those they cover", true, run_alarms },
	{ "events", "[--follow]", "the last events; with --follow those to come, too", false,
	  run_events },
	{ "check", "[CIRCUIT]", "a monitoring plugin: one line, exit status 0, 1, 2 or 3", true,
	  run_check },
	{ "sources", "[CIRCUIT]", "how well each source is heard, or what each says of a circuit",
	  true, run_sources },
	{ "config", "[CIRCUIT]", "the running configuration", true, run_config },
	{ "reload", "", "read the configuration file again", false, run_reload },
	{ "version", "", "the versions of ermonctl and of the running ermond", false, run_version },
};
const size_t erm_commands_n = ERM_ELEMENTS(erm_commands);

const struct erm_command *erm_command_find(const char *name)
{
	for (size_t i = 0; i < erm_commands_n; i++)
		if (strcmp(erm_commands[i].name, name) == 0)
			return &erm_commands[i];
	return NULL;
}
