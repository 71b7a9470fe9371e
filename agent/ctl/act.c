#include "ctl/act.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "ctl/client.h"
#include "ctl/data.h"

#define TEXT_MAX 1024
#define SPAN_MAX 1000000000U /* the daemon's limit is its own */

uint64_t erm_act_parse_span(const char *text)
{
	static const struct {
		const char *unit;
		uint64_t seconds;
	} units[] = { { "", 1 }, { "s", 1 }, { "m", 60 }, { "h", 3600 }, { "d", 86400 } };
	char *end = NULL;
	unsigned long long number = 0;

	if (text[0] < '0' || text[0] > '9')
		return 0;
	number = strtoull(text, &end, 10);
	for (size_t i = 0; i < ERM_ELEMENTS(units); i++) {
		if (strcmp(units[i].unit, end) == 0)
			return number > SPAN_MAX ? 0 : number * units[i].seconds;
	}
	return 0;
}

/* Who is behind sudo: the daemon takes root's word for it. */
static json_t *user_behind(void)
{
	const char *user = geteuid() == 0 ? getenv("SUDO_USER") : NULL;

	return user && user[0] ? json_string(user) : NULL;
}

/* Takes the reference to parameters. */
static int ask(const struct erm_command_env *env, const char *method, json_t *parameters,
	       json_t **ret)
{
	ERM_CLEANUP(erm_client_freep) struct erm_client *client = NULL;
	char error[ERM_CLIENT_ERROR_MAX];
	int r = erm_client_open(env->socket, &client, error);

	if (r < 0) {
		json_decref(parameters);
		return erm_command_fail(&env->out, error);
	}
	if (erm_client_ask(client, method, parameters, ret) < 0)
		return erm_command_fail(&env->out, erm_client_error(client));
	return 0;
}

/* The daemon's answer for programs; there is no instance data in it, so XML is refused before. */
static int tell(const struct erm_command_env *env, const json_t *reply, const char *text)
{
	if (env->format == ERM_FORMAT_JSON)
		(void)json_dumpf(reply, env->out.f, JSON_INDENT(2));
	else
		(void)fputs(text, env->out.f);
	(void)fputc('\n', env->out.f);
	return erm_command_finish(&env->out, 0);
}

static bool is_refused_format(const struct erm_command_env *env)
{
	if (env->format != ERM_FORMAT_XML)
		return false;
	(void)erm_command_fail(&env->out, "this command answers in text or json");
	return true;
}

/* The words after the first one, with blanks between them. */
static int join(char *const args[], char ret[TEXT_MAX])
{
	size_t used = 0;

	ret[0] = '\0';
	for (; *args; args++) {
		int n = snprintf(ret + used, TEXT_MAX - used, "%s%s", used > 0 ? " " : "", *args);

		if (n < 0 || (size_t)n >= TEXT_MAX - used)
			return -ENAMETOOLONG;
		used += (size_t)n;
	}
	return 0;
}

static int set_state(struct erm_command_env *env, char *const args[], const char *state,
		     const char *said)
{
	json_auto_t *reply = NULL;
	_cleanup_free_ char *key = erm_text_printable(&env->out, args[0]);
	char text[TEXT_MAX];
	char line[TEXT_MAX];
	int r = 0;

	if (is_refused_format(env))
		return ERM_EXIT_USAGE;
	if (join(args + 1, text) < 0)
		return erm_command_fail(&env->out, "the text is too long");
	r = ask(env, "org.ermon.SetOperatorState",
		json_pack("{s:s, s:s, s:s*, s:o*}", "alarm", args[0], "state", state, "text",
			  text[0] ? text : NULL, "user", user_behind()),
		&reply);
	if (r != 0)
		return r;
	(void)snprintf(line, sizeof(line), "%s is %s.", key ? key : "", said);
	return tell(env, reply, line);
}

int erm_run_ack(struct erm_command_env *env, char *const args[])
{
	return set_state(env, args, "ack", "acknowledged");
}

int erm_run_close(struct erm_command_env *env, char *const args[])
{
	return set_state(env, args, "closed", "closed");
}

int erm_run_reopen(struct erm_command_env *env, char *const args[])
{
	return set_state(env, args, "none", "open again");
}

static json_t *list_of(const char *const *words)
{
	json_t *list = words[0] ? json_array() : NULL;

	for (; list && *words; words++)
		(void)json_array_append_new(list, json_string(*words));
	return list;
}

static const char *plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

int erm_run_shelve(struct erm_command_env *env, char *const args[])
{
	uint64_t seconds = env->duration ? erm_act_parse_span(env->duration) : 0;
	_cleanup_free_ char *name = erm_text_printable(&env->out, args[0]);
	json_auto_t *reply = NULL;
	char line[TEXT_MAX];
	uint64_t n = 0;
	int r = 0;

	if (is_refused_format(env))
		return ERM_EXIT_USAGE;
	if (env->duration && seconds == 0) {
		(void)erm_command_fail(&env->out, "--for takes a time such as 90s, 30m, 2h or 3d");
		return ERM_EXIT_USAGE;
	}
	if (!args[1] && !env->alarm && !env->types[0]) {
		(void)erm_command_fail(&env->out,
				       "shelve what? Give resources, --type TYPE, or "
				       "--alarm and a key of 'ermonctl alarms'; '*' is all");
		return ERM_EXIT_USAGE;
	}
	r = ask(env, "org.ermon.Shelve",
		json_pack("{s:s, s:o*, s:o*, s:s*, s:o*, s:s*, s:o*}", "name", args[0], "types",
			  list_of(env->types), "resources", list_of((const char *const *)args + 1),
			  "alarm", env->alarm, "duration",
			  seconds > 0 ? json_integer((json_int_t)seconds) : NULL, "text", env->text,
			  "user", user_behind()),
		&reply);
	if (r != 0)
		return r;
	n = erm_data_number(reply, "shelved");
	(void)snprintf(line, sizeof(line), "Shelf %s is set up, %" PRIu64 " alarm%s on it now.",
		       name ? name : "", n, plural(n));
	return tell(env, reply, line);
}

int erm_run_unshelve(struct erm_command_env *env, char *const args[])
{
	_cleanup_free_ char *name = erm_text_printable(&env->out, args[0]);
	json_auto_t *reply = NULL;
	char line[TEXT_MAX];
	uint64_t n = 0;
	int r = 0;

	if (is_refused_format(env))
		return ERM_EXIT_USAGE;
	r = ask(env, "org.ermon.Unshelve",
		json_pack("{s:s, s:o*}", "name", args[0], "user", user_behind()), &reply);
	if (r != 0)
		return r;
	n = erm_data_number(reply, "unshelved");
	(void)snprintf(line, sizeof(line), "Shelf %s is gone, %" PRIu64 " alarm%s %s on it.",
		       name ? name : "", n, plural(n), n == 1 ? "was" : "were");
	return tell(env, reply, line);
}
