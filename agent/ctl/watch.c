#include "ctl/watch.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "ctl/client.h"
#include "ctl/data.h"
#include "ctl/lists.h"
#include "ctl/status.h"

#define REDRAW_MSEC 1000

const char *const erm_status_parts[] = { "config", "state", "sources", "alarms", NULL };

json_t *erm_get_parameters(const char *const *parts, const char *circuit, bool is_xml)
{
	json_t *list = json_array();

	for (; *parts; parts++)
		(void)json_array_append_new(list, json_string(*parts));
	return json_pack("{s:o, s:s*, s:s}", "parts", list, "circuit", circuit, "format",
			 is_xml ? "xml" : "json");
}

struct watch {
	struct erm_command_env *env;
	const char *circuit;
	bool is_terminal;
	struct winsize size; /* of the terminal, asked for each picture: it may have changed */
	struct erm_client *changes; /* the subscription; NULL = no daemon */
	struct erm_client *client;  /* asks for what changed */
	bool is_refused;            /* the daemon will not answer this, whenever it is asked */
};

static void close_both(struct watch *w)
{
	w->changes = erm_client_free(w->changes);
	w->client = erm_client_free(w->client);
}

static int open_both(struct watch *w, char error[ERM_CLIENT_ERROR_MAX])
{
	json_auto_t *started = NULL;
	int r = erm_client_open(w->env->socket, &w->client, error);

	if (r == 0)
		r = erm_client_open(w->env->socket, &w->changes, error);
	if (r == 0) {
		r = erm_client_call(w->changes, "org.ermon.Subscribe",
				    json_pack("{s:b, s:b}", "events", 0, "changes", 1), true);
		if (r == 0)
			r = erm_client_next(w->changes, ERM_CLIENT_TIMEOUT_MSEC, &started);
		if (r < 0)
			(void)snprintf(error, ERM_CLIENT_ERROR_MAX, "%s",
				       erm_client_error(w->changes));
	}
	if (r < 0)
		close_both(w);
	return r;
}

/* Gets and renders the state into ret_text, which the caller frees. */
static int render(struct watch *w, char **ret_text, char error[ERM_CLIENT_ERROR_MAX])
{
	enum erm_format format = w->env->format;
	struct erm_out out = w->env->out;
	json_auto_t *reply = NULL;
	const json_t *data;
	size_t len = 0;
	int r = erm_client_ask(w->client, "org.ermon.Get",
			       erm_get_parameters(erm_status_parts, w->circuit,
						  format == ERM_FORMAT_XML),
			       &reply);

	if (r < 0) {
		w->is_refused =
			strcmp(erm_client_error_name(w->client), "org.ermon.NoSuchCircuit") == 0;
		(void)snprintf(error, ERM_CLIENT_ERROR_MAX, "%s", erm_client_error(w->client));
		return r;
	}
	out.f = open_memstream(ret_text, &len);
	if (!out.f)
		return -ENOMEM;
	out.now = erm_time_now().real;
	data = json_object_get(reply, "data");
	if (format == ERM_FORMAT_XML)
		(void)fputs(erm_data_string(reply, "xml"), out.f);
	else if (format == ERM_FORMAT_JSON)
		(void)json_dumpf(data, out.f, JSON_COMPACT);
	else
		r = erm_status_print(&out, json_object_get(data, ERM_ROOT));
	(void)fputc('\n', out.f);
	return fclose(out.f) == 0 ? r : -ENOMEM;
}

/* Over what was there, without a flicker; as many lines as the terminal has. */
static void draw(const struct watch *w, const char *text)
{
	FILE *f = w->env->out.f;
	unsigned int n = 1;

	if (!w->is_terminal) {
		(void)fputs(text, f);
		return;
	}
	(void)fputs("\033[H", f);
	/* A terminal that does not know its size has no limit. */
	for (; *text && (w->size.ws_row == 0 || n < w->size.ws_row); n++) {
		size_t len = strcspn(text, "\n");

		(void)fprintf(f, "%.*s\033[K\n", (int)len, text);
		text += len + (text[len] == '\n');
	}
	(void)fputs("\033[J", f);
}

/* One picture, or why there is none. */
static int show(struct watch *w)
{
	_cleanup_free_ char *text = NULL;
	_cleanup_free_ char *printable = NULL;
	char error[ERM_CLIENT_ERROR_MAX] = "out of memory";
	int r = w->client ? 0 : open_both(w, error);

	if (w->is_terminal && ioctl(fileno(w->env->out.f), TIOCGWINSZ, &w->size) == 0)
		w->env->out.width = w->size.ws_col;
	if (r == 0)
		r = render(w, &text, error);
	if (r == 0) {
		draw(w, text);
		return 0;
	}
	close_both(w);
	if (!w->is_terminal || w->is_refused) {
		erm_text_complain(&w->env->out, error);
		return r;
	}
	printable = erm_text_printable(&w->env->out, error);
	(void)fprintf(w->env->out.f, "\033[H%s\033[K\n\033[J", printable ? printable : "");
	return 0; /* it may come back */
}

/* Waits until something changed or the ages want to be drawn anew. */
static int wait_for_change(struct watch *w)
{
	json_auto_t *change = NULL;
	int r;

	if (!w->changes) {
		(void)poll(NULL, 0, REDRAW_MSEC);
		return 0;
	}
	r = erm_client_next(w->changes, w->is_terminal ? REDRAW_MSEC : -1, &change);
	if (r == 0 || r == -ETIMEDOUT)
		return 0;
	if (!w->is_terminal)
		erm_text_complain(&w->env->out, erm_client_error(w->changes));
	close_both(w);
	return w->is_terminal ? 0 : r;
}

int erm_watch(struct erm_command_env *env, const char *circuit)
{
	struct watch w = { .env = env, .circuit = circuit };
	int r;

	w.is_terminal = env->format == ERM_FORMAT_TEXT && isatty(fileno(env->out.f));
	if (w.is_terminal)
		(void)fputs("\033[2J", env->out.f);
	do {
		r = show(&w);
		if (r == 0 && (fflush(env->out.f) != 0 || ferror(env->out.f)))
			r = -EIO;
		if (r == 0)
			r = wait_for_change(&w);
	} while (r == 0);
	close_both(&w);
	return ERM_EXIT_FAILURE;
}

static int print_event(const struct erm_command_env *env, const json_t *event)
{
	int r = 0;

	if (env->format == ERM_FORMAT_JSON) {
		(void)json_dumpf(event, env->out.f, JSON_COMPACT);
		(void)fputc('\n', env->out.f);
	} else {
		r = erm_event_print(&env->out, json_object_get(event, "ermon:event"));
	}
	return fflush(env->out.f) != 0 || ferror(env->out.f) ? -EIO : r;
}

int erm_follow(struct erm_command_env *env)
{
	ERM_CLEANUP(erm_client_freep) struct erm_client *client = NULL;
	char error[ERM_CLIENT_ERROR_MAX];
	int r;

	if (env->format == ERM_FORMAT_XML) {
		(void)fputs("ermonctl: events --follow gives text or json\n", stderr);
		return ERM_EXIT_USAGE;
	}
	if (erm_client_open(env->socket, &client, error) < 0) {
		erm_text_complain(&env->out, error);
		return ERM_EXIT_FAILURE;
	}
	r = erm_client_call(client, "org.ermon.Subscribe", json_pack("{s:b}", "history", 1), true);
	while (r == 0) {
		json_auto_t *reply = NULL;
		const json_t *event;

		r = erm_client_next(client, -1, &reply);
		event = json_object_get(reply, "event");
		if (r == 0 && event)
			r = print_event(env, event);
	}
	if (r != -EIO)
		erm_text_complain(&env->out, erm_client_error(client));
	return ERM_EXIT_FAILURE;
}
