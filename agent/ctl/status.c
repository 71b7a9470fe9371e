#include "ctl/status.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "ctl/data.h"
#include "ctl/table.h"
#include "ctl/words.h"

#define DEPTH_MAX  8 /* of groups in groups */
#define PREFIX_MAX 128
#define DETAIL_MAX 256

/* Where a row hangs: what its children's lines begin with. */
struct branch {
	char prefix[PREFIX_MAX];
	unsigned int depth; /* 0 = a root, drawn without a connector */
};

struct status {
	const struct erm_out *out;
	const json_t *data;
	struct erm_table *table;
	json_t *shown; /* circuits, by name: one in two groups is drawn once */
};

/* Appends to text, which stays a string whatever comes. */
__attribute__((format(printf, 3, 4))) static void append(char *text, size_t size,
							 const char *format, ...)
{
	size_t len = strlen(text);
	va_list args;

	va_start(args, format);
	(void)vsnprintf(text + len, size - len, format, args);
	va_end(args);
}

/* Begins a row with its place in the tree and its name; ret_below is where its children hang. */
static void add_name(struct status *s, const struct branch *at, bool is_last, const char *name,
		     struct branch *ret_below)
{
	const char *connector = "";
	const char *line = "";

	if (at->depth > 0) {
		if (s->out->is_utf8) {
			connector = is_last ? "└─ " : "├─ ";
			line = is_last ? "   " : "│  ";
		} else {
			connector = is_last ? "`- " : "|- ";
			line = is_last ? "   " : "|  ";
		}
	}
	erm_table_row(s->table);
	erm_table_cell(s->table, at->depth > 0 ? ERM_STYLE_PLAIN : ERM_STYLE_BOLD, "%s%s%s",
		       at->prefix, connector, name);
	*ret_below = (struct branch){ .depth = at->depth + 1 };
	append(ret_below->prefix, sizeof(ret_below->prefix), "%s%s", at->prefix, line);
}

static void add_state(struct status *s, const json_t *state)
{
	const char *word = erm_data_string(state, "state");
	char plain[ERM_WORD_MAX];
	char age[ERM_AGE_MAX];

	erm_table_cell(s->table, erm_word_state_style(word), "%s %s",
		       erm_word_state_mark(s->out, word),
		       erm_word_plain(word[0] ? word : "unknown", plain));
	erm_table_cell(s->table, ERM_STYLE_DIM, "%s",
		       erm_text_age(erm_data_time(state, "last-change"), s->out->now, age));
}

static bool is_state(const json_t *state, const char *word)
{
	return strcmp(erm_data_string(state, "state"), word) == 0;
}

/* "no carrier; most likely with the provider", "" when there is nothing to say. */
static void append_cause(char *text, size_t size, const json_t *state, const char *where)
{
	char buf[ERM_WORD_MAX];
	const char *cause = erm_word_cause(erm_data_string(state, "cause"), buf);
	const char *fault = erm_word_fault(erm_data_string(state, "fault-domain"));

	if (cause[0])
		append(text, size, "%s%s", where, cause);
	if (cause[0] && fault[0])
		append(text, size, "; %s", fault);
}

static void append_flags(char *text, size_t size, const json_t *state)
{
	static const char *const flags[] = { "maintenance", "flapping", "draining", "admin-down",
					     "shelved" };

	for (size_t i = 0; i < ERM_ELEMENTS(flags); i++)
		if (erm_data_bool(state, flags[i]))
			append(text, size, "%s[%s]", text[0] ? " " : "", flags[i]);
}

/* "1 of 2 usable, 1 unknown". */
static void append_members(char *text, size_t size, const json_t *state)
{
	uint64_t n_unknown = erm_data_number(state, "unknown");
	char best[ERM_WORD_MAX];
	char worst[ERM_WORD_MAX];

	append(text, size, "%" PRIu64 " of %" PRIu64 " usable", erm_data_number(state, "usable"),
	       erm_data_number(state, "expected"));
	if (n_unknown > 0)
		append(text, size, ", %" PRIu64 " unknown", n_unknown);
	if (is_state(state, "unknown")) {
		append(text, size, ": at best %s, at worst %s",
		       erm_word_plain(erm_data_string(state, "best-case"), best),
		       erm_word_plain(erm_data_string(state, "worst-case"), worst));
	}
}

/* Of a session that is usable: what it carries. */
static void append_traffic(char *text, size_t size, const json_t *state)
{
	char cause[ERM_WORD_MAX];
	const char *phrase = erm_word_cause(erm_data_string(state, "cause"), cause);

	if (phrase[0])
		append(text, size, "%s, ", phrase);
	append(text, size, "AS %" PRIu64 ", %" PRIu64 " in, %" PRIu64 " out",
	       erm_data_number(state, "remote-as"), erm_data_number(state, "prefixes-received"),
	       erm_data_number(state, "prefixes-advertised"));
	if (strcmp(erm_data_string(state, "bfd-state"), "up") == 0)
		append(text, size, ", BFD");
}

static void add_session_detail(struct status *s, const json_t *connection, const json_t *session)
{
	const json_t *state = json_object_get(session, "state");
	const char *reset = erm_data_string(state, "reset-text");
	char text[DETAIL_MAX] = "";
	char cause[ERM_WORD_MAX];

	erm_table_cell(s->table, ERM_STYLE_PLAIN, "%s", erm_data_string(session, "neighbor"));
	if (erm_data_bool(state, "usable")) {
		append_traffic(text, sizeof(text), state);
	} else {
		append(text, sizeof(text), "%s",
		       erm_word_cause(erm_data_string(state, "cause"), cause));
		if (reset[0])
			append(text, sizeof(text), " (the router: %s)", reset);
	}
	if (erm_data_bool(connection, "maintenance"))
		append(text, sizeof(text), " [maintenance]");
	append_flags(text, sizeof(text), json_object_get(connection, "state"));
	erm_table_cell(s->table, ERM_STYLE_PLAIN, "%s", text);
}

/* "secondary  ens1f1": the interface, or who else watches the leg. */
static void name_leg(const json_t *connection, char *name, size_t size)
{
	const char *interface = erm_data_string(connection, "interface");
	const char *port = erm_data_string(connection, "port");
	const char *agent = erm_data_string(connection, "remote-agent");

	(void)snprintf(name, size, "%-9s  %s%s", erm_data_string(connection, "role"),
		       agent[0] ? "@" : "",
		       agent[0]	    ? agent :
		       interface[0] ? interface :
				      port);
}

static const json_t *find_session(const json_t *connection, const json_t *service)
{
	const json_t *list = json_object_get(connection, "session");

	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *session = json_array_get(list, i);

		if (strcmp(erm_data_string(session, "peering"),
			   erm_data_string(service, "peering")) == 0 &&
		    strcmp(erm_data_string(session, "family"),
			   erm_data_string(service, "family")) == 0)
			return session;
	}
	return NULL;
}

static void add_leg(struct status *s, const struct branch *at, bool is_last,
		    const json_t *connection, const json_t *service)
{
	const json_t *session = service ? find_session(connection, service) : NULL;
	char name[DETAIL_MAX];
	char text[DETAIL_MAX] = "";
	struct branch below;

	name_leg(connection, name, sizeof(name));
	add_name(s, at, is_last, name, &below);
	if (session) {
		add_state(s, json_object_get(session, "state"));
		add_session_detail(s, connection, session);
	} else if (service) {
		erm_table_cell(s->table, ERM_STYLE_DIM, "%s", "  no session");
	} else {
		add_state(s, json_object_get(connection, "state"));
		append_cause(text, sizeof(text), json_object_get(connection, "state"), "");
		erm_table_cell(s->table, ERM_STYLE_PLAIN, "%s", text);
	}
}

static void add_legs(struct status *s, const struct branch *at, const json_t *circuit,
		     const json_t *service)
{
	const json_t *list = json_object_get(circuit, "connection");
	size_t n = json_array_size(list);

	for (size_t i = 0; i < n; i++)
		add_leg(s, at, i + 1 == n, json_array_get(list, i), service);
}

static void add_service(struct status *s, const struct branch *at, bool is_last,
			const json_t *circuit, const json_t *service)
{
	char text[DETAIL_MAX] = "";
	struct branch below;

	append(text, sizeof(text), "%s %s", erm_data_string(service, "peering"),
	       erm_data_string(service, "family"));
	add_name(s, at, is_last, text, &below);
	add_state(s, service);
	text[0] = '\0';
	append_members(text, sizeof(text), service);
	erm_table_cell(s->table, ERM_STYLE_PLAIN, "%s", text);
	add_legs(s, &below, circuit, service);
}

/* "direct, Amsterdam, 10 Gbit/s". */
static void append_description(char *text, size_t size, const json_t *circuit)
{
	const char *place = erm_data_string(circuit, "peering-location");
	uint64_t mbps = erm_data_number(circuit, "bandwidth");

	append(text, size, "%s", erm_data_string(circuit, "connectivity-model"));
	if (place[0])
		append(text, size, ", %s", place);
	if (mbps >= 1000 && mbps % 1000 == 0)
		append(text, size, ", %" PRIu64 " Gbit/s", mbps / 1000);
	else if (mbps > 0)
		append(text, size, ", %" PRIu64 " Mbit/s", mbps);
}

/* Where the provider runs the BGP to Microsoft, only the way to the provider is seen. */
static const char *seen_part(const json_t *circuit)
{
	const char *model = erm_data_string(circuit, "connectivity-model");

	return strcmp(model, "any-to-any") == 0 || strcmp(model, "managed-l3") == 0 ? "access leg: "
										    : "";
}

static void add_circuit(struct status *s, const struct branch *at, bool is_last,
			const json_t *circuit)
{
	const json_t *state = json_object_get(circuit, "state");
	const json_t *services = json_object_get(circuit, "service");
	const char *name = erm_data_string(circuit, "name");
	size_t n = json_array_size(services);
	bool is_shown = json_object_get(s->shown, name) != NULL;
	char text[DETAIL_MAX] = "";
	struct branch below;

	add_name(s, at, is_last, name, &below);
	add_state(s, state);
	if (is_shown)
		append(text, sizeof(text), "shown above");
	else if (!is_state(state, "healthy"))
		append_cause(text, sizeof(text), state, seen_part(circuit));
	if (!text[0])
		append_description(text, sizeof(text), circuit);
	append_flags(text, sizeof(text), state);
	erm_table_cell(s->table, ERM_STYLE_PLAIN, "%s", text);
	if (is_shown)
		return;
	(void)json_object_set_new(s->shown, name, json_true());
	for (size_t i = 0; i < n; i++)
		add_service(s, &below, i + 1 == n, circuit, json_array_get(services, i));
	if (n == 0)
		add_legs(s, &below, circuit, NULL);
}

static void add_group(struct status *s, const struct branch *at, bool is_last, const json_t *group)
{
	const json_t *circuits = json_object_get(group, "circuit");
	const json_t *groups = json_object_get(group, "group");
	size_t n_circuits = json_array_size(circuits);
	size_t n = n_circuits + json_array_size(groups);
	char text[DETAIL_MAX] = "group: ";
	struct branch below;

	add_name(s, at, is_last, erm_data_string(group, "name"), &below);
	add_state(s, json_object_get(group, "state"));
	append_members(text, sizeof(text), json_object_get(group, "state"));
	erm_table_cell(s->table, ERM_STYLE_PLAIN, "%s", text);
	for (size_t i = 0; i < n && below.depth < DEPTH_MAX; i++) {
		bool is_circuit = i < n_circuits;
		const json_t *name = is_circuit ? json_array_get(circuits, i)
						: json_array_get(groups, i - n_circuits);
		const json_t *list = json_object_get(s->data, is_circuit ? "circuit" : "group");
		const char *word = json_string_value(name);
		const json_t *member = erm_data_find(list, "name", word ? word : "");

		if (member && is_circuit)
			add_circuit(s, &below, i + 1 == n, member);
		else if (member)
			add_group(s, &below, i + 1 == n, member);
	}
}

/* "Rx -3.10 dBm, Tx -2.05 dBm, -0.12 dB a day" */
static void append_light(char *text, size_t size, const json_t *light)
{
	const char *rx = erm_data_string(light, "rx-power");
	const char *tx = erm_data_string(light, "tx-power");
	const char *slope = erm_data_string(light, "rx-slope");
	const char *link = erm_data_string(light, "link");

	if (rx[0])
		append(text, size, "%sRx %s dBm", text[0] ? ", " : "", rx);
	if (tx[0])
		append(text, size, "%sTx %s dBm", text[0] ? ", " : "", tx);
	if (rx[0] && slope[0] && strcmp(slope, "0.00") != 0)
		append(text, size, ", %s dB a day", slope);
	if (link[0])
		append(text, size, "%s%s", text[0] ? ", " : "", link);
}

static void add_port(struct status *s, const struct branch *at, bool is_last, const char *name)
{
	const json_t *port = erm_data_find(json_object_get(s->data, "port"), "name", name);
	const json_t *state = json_object_get(port, "state");
	uint64_t mbps = erm_data_number(state, "speed");
	char text[DETAIL_MAX] = "";
	struct branch below;

	add_name(s, at, is_last, name, &below);
	add_state(s, state);
	append_cause(text, sizeof(text), state, "");
	if (!text[0] && mbps >= 1000)
		append(text, sizeof(text), "%" PRIu64 " Gbit/s", mbps / 1000);
	append_light(text, sizeof(text), json_object_get(state, "light"));
	erm_table_cell(s->table, ERM_STYLE_PLAIN, "%s", text);
}

static void add_pair(struct status *s, const json_t *pair)
{
	const struct branch root = { .depth = 0 };
	char text[DETAIL_MAX] = "port pair: ";
	struct branch below;

	add_name(s, &root, true, erm_data_string(pair, "name"), &below);
	add_state(s, json_object_get(pair, "state"));
	append_members(text, sizeof(text), json_object_get(pair, "state"));
	erm_table_cell(s->table, ERM_STYLE_PLAIN, "%s", text);
	add_port(s, &below, false, erm_data_string(pair, "link1"));
	add_port(s, &below, true, erm_data_string(pair, "link2"));
}

/* Whether some group has it as a member. */
static bool is_member(const json_t *groups, const char *kind, const char *name)
{
	for (size_t i = 0; i < json_array_size(groups); i++) {
		const json_t *members = json_object_get(json_array_get(groups, i), kind);

		for (size_t j = 0; j < json_array_size(members); j++) {
			const char *member = json_string_value(json_array_get(members, j));

			if (member && strcmp(member, name) == 0)
				return true;
		}
	}
	return false;
}

static void add_gap(struct status *s, size_t *n_roots)
{
	if ((*n_roots)++ > 0)
		erm_table_row(s->table);
}

static size_t add_roots(struct status *s)
{
	const struct branch root = { .depth = 0 };
	const json_t *groups = json_object_get(s->data, "group");
	const json_t *circuits = json_object_get(s->data, "circuit");
	const json_t *pairs = json_object_get(s->data, "port-pair");
	size_t n_roots = 0;

	for (size_t i = 0; i < json_array_size(groups); i++) {
		const json_t *group = json_array_get(groups, i);

		if (is_member(groups, "group", erm_data_string(group, "name")))
			continue;
		add_gap(s, &n_roots);
		add_group(s, &root, true, group);
	}
	for (size_t i = 0; i < json_array_size(circuits); i++) {
		const json_t *circuit = json_array_get(circuits, i);

		if (json_object_get(s->shown, erm_data_string(circuit, "name")))
			continue;
		add_gap(s, &n_roots);
		add_circuit(s, &root, true, circuit);
	}
	for (size_t i = 0; i < json_array_size(pairs); i++) {
		add_gap(s, &n_roots);
		add_pair(s, json_array_get(pairs, i));
	}
	return n_roots;
}

static void print_head(const struct status *s)
{
	const json_t *agent = json_object_get(s->data, "agent");
	const json_t *state = json_object_get(agent, "state");
	_cleanup_free_ char *name = erm_text_printable(s->out, erm_data_string(agent, "name"));
	_cleanup_free_ char *version =
		erm_text_printable(s->out, erm_data_string(state, "version"));
	char age[ERM_AGE_MAX];

	(void)fprintf(s->out->f, "%s%s%s  ermond %s, up %s\n\n",
		      erm_style_on(s->out, ERM_STYLE_BOLD), name ? name : "",
		      erm_style_off(s->out, ERM_STYLE_BOLD), version ? version : "",
		      erm_text_age(erm_data_time(state, "start-time"), s->out->now, age));
}

static const char *operator_mark(const json_t *alarm)
{
	const char *state = erm_data_string(alarm, "operator-state");

	if (erm_data_string(alarm, "shelf")[0])
		return " (shelved)";
	if (strcmp(state, "ack") == 0)
		return " (acknowledged)";
	return strcmp(state, "closed") == 0 ? " (closed)" : "";
}

/* Alarms that stand for themselves, in the words of the trap. */
static int print_alarms(const struct status *s)
{
	const json_t *list = json_object_get(json_object_get(s->data, "alarms"), "alarm");
	ERM_CLEANUP(erm_table_freep) struct erm_table *table = erm_table_new(s->out);
	size_t n = 0;

	if (!table)
		return -ENOMEM;
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *alarm = json_array_get(list, i);
		const char *severity = erm_data_string(alarm, "severity");
		char age[ERM_AGE_MAX];

		if (erm_data_number(alarm, "root") > 0)
			continue;
		n++;
		erm_table_row(table);
		erm_table_cell(table, erm_word_severity_style(severity), "%s", severity);
		erm_table_cell(table, ERM_STYLE_DIM, "%s",
			       erm_text_age(erm_data_time(alarm, "raised"), s->out->now, age));
		erm_table_cell(table, ERM_STYLE_PLAIN, "%s%s%s", erm_data_string(alarm, "text"),
			       erm_data_bool(alarm, "clearing") ? " (clearing)" : "",
			       operator_mark(alarm));
	}
	(void)fputs(n > 0 ? "\nAlarms:\n" : "\nNo alarms.\n", s->out->f);
	return erm_table_print(table);
}

static void print_deaf_sources(const struct status *s)
{
	const json_t *list = json_object_get(s->data, "source");

	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *source = json_array_get(list, i);
		const json_t *state = json_object_get(source, "state");
		_cleanup_free_ char *name =
			erm_text_printable(s->out, erm_data_string(source, "name"));
		_cleanup_free_ char *text =
			erm_text_printable(s->out, erm_data_string(state, "text"));
		char reason[ERM_WORD_MAX];

		if (!is_state(state, "lost") || !name || !text)
			continue;
		(void)fprintf(s->out->f, "\n%sSource %s is not heard%s: %s\n",
			      erm_style_on(s->out, ERM_STYLE_BAD), name,
			      erm_style_off(s->out, ERM_STYLE_BAD),
			      text[0] ? text
				      : erm_word_plain(erm_data_string(state, "reason"), reason));
	}
}

int erm_status_print(const struct erm_out *out, const json_t *data)
{
	ERM_CLEANUP(erm_table_freep) struct erm_table *table = erm_table_new(out);
	json_auto_t *shown = json_object();
	struct status s = { .out = out, .data = data, .table = table, .shown = shown };
	int r;

	if (!table || !shown)
		return -ENOMEM;
	print_head(&s);
	if (add_roots(&s) == 0)
		(void)fputs("No circuits are configured.\n", out->f);
	r = erm_table_print(table);
	if (r == 0)
		r = print_alarms(&s);
	print_deaf_sources(&s);
	return r;
}
