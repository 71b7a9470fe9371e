#include "ctl/check.h"

#include <inttypes.h>
#include <string.h>

#include "base/cleanup.h"
#include "ctl/data.h"
#include "ctl/words.h"

#define NAMED_MAX 5 /* resources that the line names */

static const char *const status_words[] = {
	[ERM_CHECK_OK] = "OK",
	[ERM_CHECK_WARNING] = "WARNING",
	[ERM_CHECK_CRITICAL] = "CRITICAL",
	[ERM_CHECK_UNKNOWN] = "UNKNOWN",
};

static enum erm_check_status judge(const json_t *resource)
{
	const char *state = erm_data_string(json_object_get(resource, "state"), "state");

	if (strcmp(state, "healthy") == 0)
		return ERM_CHECK_OK;
	if (strcmp(state, "degraded") == 0 || strcmp(state, "redundancy-lost") == 0)
		return ERM_CHECK_WARNING;
	if (strcmp(state, "down") == 0)
		return ERM_CHECK_CRITICAL;
	return ERM_CHECK_UNKNOWN;
}

/* What may be down counts more than what is known to be impaired. */
static enum erm_check_status worse(enum erm_check_status a, enum erm_check_status b)
{
	static const int ranks[] = {
		[ERM_CHECK_OK] = 0,
		[ERM_CHECK_WARNING] = 1,
		[ERM_CHECK_UNKNOWN] = 2,
		[ERM_CHECK_CRITICAL] = 3,
	};

	return ranks[a] > ranks[b] ? a : b;
}

/* The line ends at '|' and at a newline: neither may come from outside. */
static void print_text(const struct erm_out *out, const char *text)
{
	_cleanup_free_ char *printable = erm_text_printable(out, text);

	for (char *at = printable; at && *at; at++)
		(void)fputc(*at == '|' ? '/' : *at, out->f);
}

static void print_resource(const struct erm_out *out, const json_t *resource)
{
	const json_t *state = json_object_get(resource, "state");
	const char *word = erm_data_string(state, "state");
	char buf[ERM_WORD_MAX];
	const char *cause = erm_word_cause(erm_data_string(state, "cause"), buf);
	char plain[ERM_WORD_MAX];

	print_text(out, erm_data_string(resource, "name"));
	(void)fputc(' ', out->f);
	print_text(out, erm_word_plain(word[0] ? word : "unknown", plain));
	(void)fprintf(out->f, ", %" PRIu64 " of %" PRIu64 " usable",
		      erm_data_number(state, "usable"), erm_data_number(state, "expected"));
	if (cause[0]) {
		(void)fputs(", ", out->f);
		print_text(out, cause);
	}
}

/* Names those of list that are not healthy; n is how many were named before. */
static size_t print_bad(const struct erm_out *out, const json_t *list, size_t n)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *resource = json_array_get(list, i);

		if (judge(resource) == ERM_CHECK_OK)
			continue;
		if (n < NAMED_MAX) {
			(void)fputs(n > 0 ? "; " : "", out->f);
			print_resource(out, resource);
		}
		n++;
	}
	return n;
}

static enum erm_check_status judge_all(const json_t *list, enum erm_check_status status)
{
	for (size_t i = 0; i < json_array_size(list); i++)
		status = worse(status, judge(json_array_get(list, i)));
	return status;
}

/* Usable members of a circuit, with its own thresholds: warning below min-redundant, critical below min-service. */
static void print_circuit_data(const struct erm_out *out, const json_t *circuit)
{
	const json_t *state = json_object_get(circuit, "state");

	(void)fputs(" '", out->f);
	print_text(out, erm_data_string(circuit, "name"));
	(void)fprintf(out->f, "'=%" PRIu64 ";%" PRIu64 ":;%" PRIu64 ":;0;%" PRIu64,
		      erm_data_number(state, "usable"), erm_data_number(circuit, "min-redundant"),
		      erm_data_number(circuit, "min-service"), erm_data_number(state, "expected"));
}

static void print_session_data(const struct erm_out *out, const json_t *connection,
			       const json_t *session)
{
	const json_t *state = json_object_get(session, "state");

	(void)fputs(" '", out->f);
	print_text(out, erm_data_string(connection, "role"));
	(void)fputc('_', out->f);
	print_text(out, erm_data_string(session, "peering"));
	(void)fputc('_', out->f);
	print_text(out, erm_data_string(session, "family"));
	(void)fprintf(out->f, "_prefixes'=%" PRIu64 ";;%" PRIu64 ":;0",
		      erm_data_number(state, "prefixes-received"),
		      erm_data_number(session, "min-prefixes"));
}

/* Of one circuit the sessions too: a graph of all of them would be unreadable. */
static void print_data(const struct erm_out *out, const json_t *circuits, bool has_sessions)
{
	(void)fputs(" |", out->f);
	for (size_t i = 0; i < json_array_size(circuits); i++) {
		const json_t *circuit = json_array_get(circuits, i);
		const json_t *connections = json_object_get(circuit, "connection");

		print_circuit_data(out, circuit);
		for (size_t j = 0; has_sessions && j < json_array_size(connections); j++) {
			const json_t *connection = json_array_get(connections, j);
			const json_t *sessions = json_object_get(connection, "session");

			for (size_t k = 0; k < json_array_size(sessions); k++)
				print_session_data(out, connection, json_array_get(sessions, k));
		}
	}
}

enum erm_check_status erm_check_print(const struct erm_out *out, const json_t *data,
				      const char *circuit)
{
	const json_t *circuits = json_object_get(data, "circuit");
	const json_t *groups = circuit ? NULL : json_object_get(data, "group");
	const json_t *pairs = circuit ? NULL : json_object_get(data, "port-pair");
	size_t n = json_array_size(circuits);
	enum erm_check_status status = n > 0 ? ERM_CHECK_OK : ERM_CHECK_UNKNOWN;
	size_t n_bad;

	status = judge_all(circuits, status);
	status = judge_all(groups, status);
	status = judge_all(pairs, status);
	(void)fprintf(out->f, "EXPRESSROUTE %s - ", status_words[status]);
	n_bad = print_bad(out, circuits, 0);
	n_bad = print_bad(out, groups, n_bad);
	n_bad = print_bad(out, pairs, n_bad);
	if (n_bad > NAMED_MAX)
		(void)fprintf(out->f, "; and %zu more", n_bad - NAMED_MAX);
	if (n == 0)
		(void)fputs("no circuits are configured", out->f);
	else if (n_bad == 0 && n == 1)
		print_resource(out, json_array_get(circuits, 0));
	else if (n_bad == 0)
		(void)fprintf(out->f, "all %zu circuits are healthy", n);
	if (n > 0)
		print_data(out, circuits, n == 1);
	(void)fputc('\n', out->f);
	return status;
}

enum erm_check_status erm_check_print_unreachable(const struct erm_out *out, const char *why)
{
	(void)fputs("EXPRESSROUTE UNKNOWN - ", out->f);
	print_text(out, why);
	(void)fputc('\n', out->f);
	return ERM_CHECK_UNKNOWN;
}
