#include "ctl/lists.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/cleanup.h"
#include "ctl/data.h"
#include "ctl/table.h"
#include "ctl/words.h"

static void add_heads(struct erm_table *table, const char *const *heads, size_t n)
{
	erm_table_row(table);
	for (size_t i = 0; i < n; i++)
		erm_table_cell(table, ERM_STYLE_BOLD, "%s", heads[i]);
}

/* What an operator said of it, or nothing. */
static bool has_operator(const json_t *alarm)
{
	return erm_data_string(alarm, "operator")[0] || erm_data_string(alarm, "shelf")[0];
}

static void add_operator(struct erm_table *table, const json_t *alarm)
{
	const char *state = erm_data_string(alarm, "operator-state");
	const char *who = erm_data_string(alarm, "operator");
	const char *text = erm_data_string(alarm, "operator-text");
	const char *shelf = erm_data_string(alarm, "shelf");

	if (strcmp(state, "none") == 0)
		state = "open";
	erm_table_cell(table, ERM_STYLE_PLAIN, "%s%s%s%s%s%s%s%s", shelf[0] ? "shelf " : "", shelf,
		       shelf[0] && who[0] ? ", " : "", who[0] ? state : "", who[0] ? " " : "", who,
		       text[0] ? ": " : "", text);
}

struct alarm_list {
	struct erm_table *table;
	const struct erm_out *out;
	const json_t *list;
	bool has_operators; /* somebody has said something of one of them */
};

static void add_alarm(const struct alarm_list *l, const json_t *alarm, bool is_child)
{
	struct erm_table *table = l->table;
	const struct erm_out *out = l->out;
	const char *severity = erm_data_string(alarm, "severity");
	uint64_t impacted = erm_data_number(alarm, "impacted");
	char age[ERM_AGE_MAX];
	const char *hook = out->is_utf8 ? "└ " : "` ";

	erm_table_row(table);
	erm_table_cell(table, erm_word_severity_style(severity), "%s%s", is_child ? hook : "",
		       severity);
	erm_table_cell(table, ERM_STYLE_DIM, "%s",
		       erm_text_age(erm_data_time(alarm, "raised"), out->now, age));
	erm_table_cell(table, ERM_STYLE_PLAIN, "%s", erm_data_string(alarm, "key"));
	erm_table_cell(table, ERM_STYLE_PLAIN, "%" PRIu64, impacted);
	if (l->has_operators)
		add_operator(table, alarm);
	erm_table_cell(table, ERM_STYLE_PLAIN, "%s%s", erm_data_string(alarm, "text"),
		       erm_data_bool(alarm, "clearing") ? " (clearing)" : "");
}

/* Those an alarm covers follow it. */
static void add_children(const struct alarm_list *l, uint64_t root)
{
	for (size_t i = 0; i < json_array_size(l->list); i++) {
		const json_t *alarm = json_array_get(l->list, i);

		if (root > 0 && erm_data_number(alarm, "root") == root)
			add_alarm(l, alarm, true);
	}
}

int erm_alarms_print(const struct erm_out *out, const json_t *data)
{
	static const char *const heads[] = { "SEVERITY", "SINCE", "ALARM", "BELOW" };
	const json_t *list = json_object_get(json_object_get(data, "alarms"), "alarm");
	ERM_CLEANUP(erm_table_freep) struct erm_table *table = erm_table_new(out);
	struct alarm_list l = { .table = table, .out = out, .list = list };

	if (!table)
		return -ENOMEM;
	if (json_array_size(list) == 0) {
		(void)fputs("No alarms.\n", out->f);
		return 0;
	}
	for (size_t i = 0; i < json_array_size(list); i++)
		l.has_operators = l.has_operators || has_operator(json_array_get(list, i));
	add_heads(table, heads, ERM_ELEMENTS(heads));
	if (l.has_operators)
		erm_table_cell(table, ERM_STYLE_BOLD, "OPERATOR");
	erm_table_cell(table, ERM_STYLE_BOLD, "TEXT");
	erm_table_align_right(table, 3);
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *alarm = json_array_get(list, i);

		if (erm_data_number(alarm, "root") > 0)
			continue;
		add_alarm(&l, alarm, false);
		add_children(&l, erm_data_number(alarm, "id"));
	}
	return erm_table_print(table);
}

/* "port-down,optical on port:er1 port:er2" */
static void add_rule(struct erm_table *table, const json_t *shelf)
{
	static const char *const names[] = { "type", "resource" };

	for (size_t k = 0; k < ERM_ELEMENTS(names); k++) {
		const json_t *list = json_object_get(shelf, names[k]);
		char line[1200] = "any";
		size_t used = 0;

		for (size_t i = 0; i < json_array_size(list) && used < sizeof(line); i++) {
			const char *word = json_string_value(json_array_get(list, i));

			used += (size_t)snprintf(line + used, sizeof(line) - used, "%s%s",
						 i > 0 ? "," : "", word ? word : "");
		}
		erm_table_cell(table, ERM_STYLE_PLAIN, "%s", line);
	}
}

int erm_shelves_print(const struct erm_out *out, const json_t *data)
{
	static const char *const heads[] = { "SHELF", "SINCE",    "ENDS",     "ALARMS",
					     "TYPE",  "RESOURCE", "OPERATOR", "TEXT" };
	const json_t *list = json_object_get(json_object_get(data, "shelves"), "shelf");
	ERM_CLEANUP(erm_table_freep) struct erm_table *table = erm_table_new(out);

	if (!table)
		return -ENOMEM;
	if (json_array_size(list) == 0) {
		(void)fputs("No shelves.\n", out->f);
		return 0;
	}
	add_heads(table, heads, ERM_ELEMENTS(heads));
	erm_table_align_right(table, 3);
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *shelf = json_array_get(list, i);
		usec_t since = erm_data_time(shelf, "since");
		char age[ERM_AGE_MAX];
		char clock[ERM_CLOCK_MAX];

		erm_table_row(table);
		erm_table_cell(table, ERM_STYLE_BOLD, "%s", erm_data_string(shelf, "name"));
		erm_table_cell(table, ERM_STYLE_DIM, "%s", erm_text_age(since, out->now, age));
		erm_table_cell(table, ERM_STYLE_PLAIN, "%s",
			       erm_text_clock(erm_data_time(shelf, "until"), clock));
		erm_table_cell(table, ERM_STYLE_PLAIN, "%" PRIu64,
			       erm_data_number(shelf, "alarms"));
		add_rule(table, shelf);
		erm_table_cell(table, ERM_STYLE_PLAIN, "%s", erm_data_string(shelf, "operator"));
		erm_table_cell(table, ERM_STYLE_PLAIN, "%s", erm_data_string(shelf, "text"));
	}
	return erm_table_print(table);
}

static void add_event(struct erm_table *table, const json_t *event)
{
	const char *severity = erm_data_string(event, "severity");
	char clock[ERM_CLOCK_MAX];

	erm_table_row(table);
	erm_table_cell(table, ERM_STYLE_DIM, "%s",
		       erm_text_clock(erm_data_time(event, "time"), clock));
	erm_table_cell(table, ERM_STYLE_PLAIN, "%6" PRIu64, erm_data_number(event, "sequence"));
	erm_table_cell(table, erm_word_severity_style(severity), "%-8s", severity);
	erm_table_cell(table, ERM_STYLE_PLAIN, "%-8s", erm_data_string(event, "kind"));
	erm_table_cell(table, ERM_STYLE_PLAIN, "%s", erm_data_string(event, "text"));
}

int erm_events_print(const struct erm_out *out, const json_t *data)
{
	static const char *const heads[] = { "TIME", "   SEQ", "SEVERITY", "EVENT", "TEXT" };
	const json_t *list = json_object_get(json_object_get(data, "events"), "event");
	ERM_CLEANUP(erm_table_freep) struct erm_table *table = erm_table_new(out);

	if (!table)
		return -ENOMEM;
	if (json_array_size(list) == 0) {
		(void)fputs("No events.\n", out->f);
		return 0;
	}
	add_heads(table, heads, ERM_ELEMENTS(heads));
	for (size_t i = 0; i < json_array_size(list); i++)
		add_event(table, json_array_get(list, i));
	return erm_table_print(table);
}

int erm_event_print(const struct erm_out *out, const json_t *event)
{
	ERM_CLEANUP(erm_table_freep) struct erm_table *table = erm_table_new(out);

	if (!table)
		return -ENOMEM;
	add_event(table, event);
	return erm_table_print(table);
}

static void add_source(struct erm_table *table, const struct erm_out *out, const json_t *source)
{
	static const char *const counters[] = { "requests", "errors",     "timeouts",
						"resyncs",  "reconnects", "limits-hit" };
	const json_t *state = json_object_get(source, "state");
	const char *word = erm_data_string(state, "state");
	const char *text = erm_data_string(state, "text");
	usec_t last_good = erm_data_time(state, "last-good");
	char age[ERM_AGE_MAX];
	char reason[ERM_WORD_MAX];

	erm_table_row(table);
	erm_table_cell(table, ERM_STYLE_BOLD, "%s", erm_data_string(source, "name"));
	erm_table_cell(table, ERM_STYLE_PLAIN, "%s", erm_data_string(source, "type"));
	erm_table_cell(table, erm_word_state_style(word), "%s %s", erm_word_state_mark(out, word),
		       word);
	erm_table_cell(table, ERM_STYLE_DIM, "%s",
		       last_good > 0 ? erm_text_age(last_good, out->now, age) : "never");
	for (size_t i = 0; i < ERM_ELEMENTS(counters); i++)
		erm_table_cell(table, ERM_STYLE_PLAIN, "%" PRIu64,
			       erm_data_number(state, counters[i]));
	if (!text[0] && strcmp(word, "ok") != 0)
		text = erm_word_plain(erm_data_string(state, "reason"), reason);
	erm_table_cell(table, ERM_STYLE_PLAIN, "%s", text);
}

int erm_sources_print(const struct erm_out *out, const json_t *data)
{
	static const char *const heads[] = { "SOURCE",   "TYPE",   "STATE",     "LAST GOOD",
					     "REQUESTS", "ERRORS", "TIMEOUTS",  "RESYNCS",
					     "RECONN",   "LIMITS", "LAST ERROR" };
	const json_t *list = json_object_get(data, "source");
	ERM_CLEANUP(erm_table_freep) struct erm_table *table = erm_table_new(out);

	if (!table)
		return -ENOMEM;
	add_heads(table, heads, ERM_ELEMENTS(heads));
	for (size_t column = 4; column <= 9; column++)
		erm_table_align_right(table, column);
	for (size_t i = 0; i < json_array_size(list); i++)
		add_source(table, out, json_array_get(list, i));
	return erm_table_print(table);
}
