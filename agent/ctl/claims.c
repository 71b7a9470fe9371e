#include "ctl/claims.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "ctl/data.h"
#include "ctl/table.h"
#include "ctl/words.h"

#define NAME_SIZE 128

struct claims {
	const struct erm_out *out;
	const json_t *data;
	struct erm_table *table;
};

static const char *type_of(const struct claims *c, const char *source)
{
	return erm_data_string(erm_data_find(json_object_get(c->data, "source"), "name", source),
			       "type");
}

/* Some sources know only whether a session is Established: for them idle is any other state. */
static bool is_coarse(const char *type)
{
	return strcmp(type, "bmp") == 0 || strcmp(type, "sock-diag") == 0;
}

static const char *what_is_said(const json_t *claim, const char *type, char buf[ERM_WORD_MAX])
{
	const char *state = erm_data_string(claim, "bgp-state");

	if (!state[0])
		return "-";
	if (!erm_data_bool(claim, "configured"))
		return "not configured";
	if (strcmp(state, "unknown") == 0)
		return "cannot tell";
	if (is_coarse(type) && strcmp(state, "idle") == 0)
		return "not established";
	return erm_word_plain(state, buf);
}

static enum erm_style style_of(const char *use)
{
	if (strcmp(use, "decides") == 0)
		return ERM_STYLE_BOLD;
	if (strcmp(use, "disputes") == 0 || strcmp(use, "lost") == 0)
		return ERM_STYLE_WARN;
	return ERM_STYLE_PLAIN;
}

static void add_claim(struct claims *c, const char *name, const json_t *claim)
{
	const char *source = erm_data_string(claim, "source");
	const char *use = erm_data_string(claim, "use");
	const char *bfd = erm_data_string(claim, "bfd-state");
	usec_t told = erm_data_time(claim, "told");
	char word[ERM_WORD_MAX];
	char age[ERM_AGE_MAX];

	erm_table_row(c->table);
	erm_table_cell(c->table, ERM_STYLE_PLAIN, "%s", name);
	erm_table_cell(c->table, ERM_STYLE_PLAIN, "%s", source);
	erm_table_cell(c->table, ERM_STYLE_PLAIN, "%s",
		       what_is_said(claim, type_of(c, source), word));
	erm_table_cell(c->table, ERM_STYLE_PLAIN, "%s",
		       bfd[0] && strcmp(bfd, "unknown") != 0 ? bfd : "-");
	if (json_object_get(claim, "prefixes-received")) {
		erm_table_cell(c->table, ERM_STYLE_PLAIN, "%" PRIu64,
			       erm_data_number(claim, "prefixes-received"));
	} else {
		erm_table_cell(c->table, ERM_STYLE_PLAIN, "-");
	}
	erm_table_cell(c->table, ERM_STYLE_DIM, "%s",
		       told > 0 ? erm_text_age(told, c->out->now, age) : "never");
	erm_table_cell(c->table, style_of(use), "%s", use);
}

/* A layer below BGP: what it says of this leg. */
static void add_layer(struct claims *c, const char *source, const char *says)
{
	erm_table_row(c->table);
	erm_table_cell(c->table, ERM_STYLE_PLAIN, "%s", "");
	erm_table_cell(c->table, ERM_STYLE_PLAIN, "%s", source);
	erm_table_cell(c->table, ERM_STYLE_PLAIN, "%s", says);
}

static void add_session(struct claims *c, const json_t *connection, const json_t *session)
{
	const json_t *state = json_object_get(session, "state");
	const json_t *list = json_object_get(state, "claim");
	char name[NAME_SIZE];

	(void)snprintf(name, sizeof(name), "%s %s %s", erm_data_string(connection, "role"),
		       erm_data_string(session, "peering"), erm_data_string(session, "family"));
	for (size_t i = 0; i < json_array_size(list); i++)
		add_claim(c, i == 0 ? name : "", json_array_get(list, i));
	if (json_array_size(list) == 0) {
		erm_table_row(c->table);
		erm_table_cell(c->table, ERM_STYLE_PLAIN, "%s", name);
		erm_table_cell(c->table, ERM_STYLE_DIM, "%s", "nobody");
	}
	if (strcmp(erm_data_string(state, "neighbor-state"), "unknown") != 0) {
		char text[NAME_SIZE];

		(void)snprintf(text, sizeof(text), "%s %s", erm_data_string(session, "neighbor"),
			       erm_data_string(state, "neighbor-state"));
		add_layer(c, "(ARP, ND)", text);
	}
}

static void add_circuit(struct claims *c, const json_t *circuit)
{
	const json_t *connections = json_object_get(circuit, "connection");

	for (size_t i = 0; i < json_array_size(connections); i++) {
		const json_t *connection = json_array_get(connections, i);
		const json_t *sessions = json_object_get(connection, "session");

		for (size_t k = 0; k < json_array_size(sessions); k++)
			add_session(c, connection, json_array_get(sessions, k));
	}
}

int erm_claims_print(const struct erm_out *out, const json_t *data)
{
	static const char *const heads[] = { "SESSION",  "SOURCE", "SAYS", "BFD",
					     "PREFIXES", "TOLD",   "IT" };
	ERM_CLEANUP(erm_table_freep) struct erm_table *table = erm_table_new(out);
	struct claims c = { .out = out, .data = data, .table = table };
	const json_t *circuits = json_object_get(data, "circuit");

	if (!table)
		return -ENOMEM;
	erm_table_row(table);
	for (size_t i = 0; i < ERM_ELEMENTS(heads); i++)
		erm_table_cell(table, ERM_STYLE_BOLD, "%s", heads[i]);
	erm_table_align_right(table, 4);
	for (size_t i = 0; i < json_array_size(circuits); i++)
		add_circuit(&c, json_array_get(circuits, i));
	return erm_table_print(table);
}
