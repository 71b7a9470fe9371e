#include "ctl/command.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "ctl/act.h"
#include "ctl/check.h"
#include "ctl/claims.h"
#include "ctl/client.h"
#include "ctl/data.h"
#include "ctl/lists.h"
#include "ctl/sections.h"
#include "ctl/status.h"
#include "ctl/watch.h"

int erm_command_fail(const struct erm_out *out, const char *why)
{
	erm_text_complain(out, why);
	return ERM_EXIT_FAILURE;
}

int erm_command_finish(const struct erm_out *out, int r)
{
	if (r == -ENOMEM)
		return erm_command_fail(out, "out of memory");
	if (fflush(out->f) != 0 || ferror(out->f))
		return erm_command_fail(out, "cannot write the output");
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
		(void)erm_command_fail(&env->out, error);
		return r;
	}
	r = erm_client_ask(client, "org.ermon.Get",
			   erm_get_parameters(parts, circuit, env->format == ERM_FORMAT_XML), ret);
	if (r < 0)
		(void)erm_command_fail(&env->out, erm_client_error(client));
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

static int print_shelves(const struct erm_out *out, json_t *data)
{
	return erm_shelves_print(out, data);
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
	return erm_command_finish(&env->out, r);
}

static int run_status(struct erm_command_env *env, char *const args[])
{
	return show(env, erm_status_parts, args[0], print_tree);
}

static int run_watch(struct erm_command_env *env, char *const args[])
{
	return erm_watch(env, args[0]);
}

static int run_alarms(struct erm_command_env *env, char *const args[])
{
	static const char *const parts[] = { "alarms", NULL };

	return show(env, parts, args[0], print_alarms);
}

static int run_events(struct erm_command_env *env, char *const args[])
{
	static const char *const parts[] = { "events", NULL };

	if (env->is_following)
		return erm_follow(env);
	return show(env, parts, args[0], print_events);
}

static int run_sources(struct erm_command_env *env, char *const args[])
{
	static const char *const parts[] = { "config", "sources", NULL };
	static const char *const deep[] = { "config", "sources", "state", NULL };

	if (args[0])
		return show(env, deep, args[0], print_claims);
	return show(env, parts, NULL, print_sources);
}

static int run_config(struct erm_command_env *env, char *const args[])
{
	static const char *const parts[] = { "config", NULL };

	return show(env, parts, args[0], print_config);
}

/* Whatever is wrong, the plugin's rules ask for one line on standard output and a status of 3. */
static int run_check(struct erm_command_env *env, char *const args[])
{
	static const char *const parts[] = { "config", "state", NULL };
	ERM_CLEANUP(erm_client_freep) struct erm_client *client = NULL;
	json_auto_t *reply = NULL;
	char error[ERM_CLIENT_ERROR_MAX];
	int r = erm_client_open(env->socket, &client, error);

	if (r < 0)
		return (int)erm_check_print_unreachable(&env->out, error);
	r = erm_client_ask(client, "org.ermon.Get", erm_get_parameters(parts, args[0], false),
			   &reply);
	if (r < 0)
		return (int)erm_check_print_unreachable(&env->out, erm_client_error(client));
	return (int)erm_check_print(&env->out,
				    json_object_get(json_object_get(reply, "data"), ERM_ROOT),
				    args[0]);
}

static int run_reload(struct erm_command_env *env, char *const args[])
{
	ERM_CLEANUP(erm_client_freep) struct erm_client *client = NULL;
	json_auto_t *reply = NULL;
	char error[ERM_CLIENT_ERROR_MAX];
	int r = erm_client_open(env->socket, &client, error);

	(void)args;
	if (r < 0)
		return erm_command_fail(&env->out, error);
	if (erm_client_ask(client, "org.ermon.Reload", NULL, &reply) < 0)
		return erm_command_fail(&env->out, erm_client_error(client));
	(void)fputs("The configuration is reloaded.\n", env->out.f);
	return erm_command_finish(&env->out, 0);
}

/* Its own version is worth something without a daemon. */
static int run_version(struct erm_command_env *env, char *const args[])
{
	ERM_CLEANUP(erm_client_freep) struct erm_client *client = NULL;
	json_auto_t *reply = NULL;
	_cleanup_free_ char *version = NULL;
	char error[ERM_CLIENT_ERROR_MAX];

	(void)args;
	(void)fprintf(env->out.f, "ermonctl %s\n", PACKAGE_VERSION);
	if (erm_client_open(env->socket, &client, error) < 0) {
		(void)fprintf(env->out.f, "%s\n", error);
		return erm_command_finish(&env->out, 0);
	}
	if (erm_client_ask(client, "org.varlink.service.GetInfo", NULL, &reply) < 0)
		return erm_command_fail(&env->out, erm_client_error(client));
	version = erm_text_printable(&env->out, erm_data_string(reply, "version"));
	(void)fprintf(env->out.f, "ermond %s\n", version ? version : "");
	return erm_command_finish(&env->out, 0);
}

static int run_shelves(struct erm_command_env *env, char *const args[])
{
	static const char *const parts[] = { "alarms", NULL };

	(void)args;
	return show(env, parts, NULL, print_shelves);
}

#define COMMAND(n, a, s, min, max, shelving, r)                                   \
	{                                                                         \
		.name = (n), .arguments = (a), .summary = (s), .args_min = (min), \
		.args_max = (max), .is_shelving = (shelving), .run = (r)          \
	}

const struct erm_command erm_commands[] = {
	COMMAND("status", "[CIRCUIT]", "the tree of groups, circuits, services and sessions", 0, 1,
		false, run_status),
	COMMAND("watch", "[CIRCUIT]", "the same, live", 0, 1, false, run_watch),
	COMMAND("alarms", "[CIRCUIT]", "the alarms raised now, with those they cover", 0, 1, false,
		run_alarms),
	COMMAND("ack", "ALARM [TEXT]", "acknowledge an alarm: somebody sees to it", 1, ERM_ARGS_MAX,
		false, erm_run_ack),
	COMMAND("close", "ALARM [TEXT]", "mark an alarm as settled", 1, ERM_ARGS_MAX, false,
		erm_run_close),
	COMMAND("reopen", "ALARM [TEXT]", "take back what was said of it", 1, ERM_ARGS_MAX, false,
		erm_run_reopen),
	COMMAND("shelve", "NAME [--type TYPE] RESOURCE...",
		"tell nothing of these alarms; --alarm, --for, --text", 1, ERM_ARGS_MAX, true,
		erm_run_shelve),
	COMMAND("unshelve", "NAME", "take a shelf away: tell what is raised", 1, 1, false,
		erm_run_unshelve),
	COMMAND("shelves", "", "the shelves and what is on them", 0, 0, false, run_shelves),
	COMMAND("events", "[--follow]", "the last events; with --follow those to come, too", 0, 0,
		false, run_events),
	COMMAND("check", "[CIRCUIT]", "a monitoring plugin: one line, exit status 0, 1, 2 or 3", 0,
		1, false, run_check),
	COMMAND("sources", "[CIRCUIT]",
		"how well each source is heard, or what each says of a circuit", 0, 1, false,
		run_sources),
	COMMAND("config", "[CIRCUIT]", "the running configuration", 0, 1, false, run_config),
	COMMAND("reload", "", "read the configuration file again", 0, 0, false, run_reload),
	COMMAND("version", "", "the versions of ermonctl and of the running ermond", 0, 0, false,
		run_version),
};
const size_t erm_commands_n = ERM_ELEMENTS(erm_commands);

const struct erm_command *erm_command_find(const char *name)
{
	for (size_t i = 0; i < erm_commands_n; i++)
		if (strcmp(erm_commands[i].name, name) == 0)
			return &erm_commands[i];
	return NULL;
}
