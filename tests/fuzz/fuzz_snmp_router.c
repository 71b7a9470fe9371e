/*
 * Lines of ermon-snmp-get, to what was really asked: whatever they hold, what is told is in
 * range, and a question that is read is one that can be written.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/config.h"
#include "sources/snmp_router/rows.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct erm_config *make_config(void)
{
	static const char *const neighbors[] = { "192.0.2.1", "192.0.2.5", "2001:db8::1" };
	static const char *const names[] = { "Gi0/0", "lo" };
	struct erm_config *config = erm_config_new();

	if (!config)
		abort();
	config->sessions = calloc(3, sizeof(*config->sessions));
	config->interfaces = calloc(2, sizeof(*config->interfaces));
	if (!config->sessions || !config->interfaces)
		abort();
	config->n_sessions = 3;
	for (uint32_t i = 0; i < 3; i++) {
		if (erm_addr_parse(neighbors[i], &config->sessions[i].neighbor) < 0 ||
		    erm_session_add_source(config, i, 0) < 0)
			abort();
	}
	config->n_interfaces = 2;
	for (uint32_t i = 0; i < 2; i++)
		config->interfaces[i].name = strdup(names[i]);
	return config;
}

static void check(const struct erm_snmpr_rows *rows)
{
	for (uint32_t i = 0; i < rows->n_peers; i++) {
		const struct erm_snmpr_peer *peer = &rows->peers[i];

		if (peer->now.session != peer->session || peer->now.bgp >= ERM_BGP_STATE_MAX ||
		    peer->now.dropped_count > peer->now.established_count ||
		    (peer->result == 0) != peer->now.is_configured)
			abort();
	}
	for (uint32_t i = 0; i < rows->n_interfaces; i++) {
		const struct erm_snmpr_interface *iface = &rows->interfaces[i];

		if (iface->now.interface != iface->interface || iface->ifindex > INT32_MAX ||
		    (iface->result == 0 && (!iface->now.is_present || iface->ifindex == 0)))
			abort();
	}
}

/* One complete answer, as if it had come to what is asked next.  False when there is no more to ask. */
static bool take(struct erm_snmpr_rows *rows, struct erm_snmpr_answer *answer, bool *is_walking)
{
	struct erm_snmpr_request request = { 0 };
	uint32_t uptime = 0;

	if (answer->failure != ERM_SNMPR_FAILURE_NONE) {
		if (answer->n > 0 || answer->failure >= ERM_SNMPR_FAILURE_MAX ||
		    strlen(answer->why) >= sizeof(answer->why) ||
		    erm_snmpr_failure_reason(answer->failure) <= ERM_REASON_NONE)
			abort();
		return true;
	}
	if (*is_walking) {
		*is_walking = erm_snmpr_rows_take_walk(rows, answer) == 1;
		return true;
	}
	if (!erm_snmpr_rows_ask(rows, ERM_SNMPR_PORTION_MAX, &request))
		return false;
	if (request.n > ERM_SNMPR_PORTION_MAX)
		abort();
	/* names as asked for: a fuzzer seldom hits them */
	for (uint32_t i = 0; i < answer->n && i < request.n; i++)
		answer->varbinds[i].name = request.names[i];
	(void)erm_snmpr_rows_take(rows, answer, 1, &uptime);
	return true;
}

static void check_varbind(const struct erm_snmpr_varbind *v)
{
	static struct erm_snmpr_answer again;
	char line[ERM_SNMPR_LINE_MAX];
	size_t len = erm_snmpr_varbind_write(v, line);

	memset(&again, 0, sizeof(again));
	if (len >= sizeof(line) || erm_snmpr_answer_take(&again, line, len - 1) != 1 ||
	    again.varbinds[0].type != v->type || again.varbinds[0].number != v->number ||
	    again.varbinds[0].len != v->len ||
	    memcmp(again.varbinds[0].data, v->data, v->len) != 0 ||
	    !erm_snmpr_oid_equal(&again.varbinds[0].name, &v->name))
		abort();
}

static void check_question(const char *line, size_t len)
{
	static struct erm_snmpr_oid names[ERM_SNMPR_ASK_MAX];
	char again[ERM_SNMPR_ASK_LINE_MAX];
	struct erm_snmpr_request request = { 0 };
	int r;

	if (erm_snmpr_request_parse(line, len, names, &request) < 0)
		return;
	r = erm_snmpr_request_write(&request, again);
	/* a number may have been written with zeros before it, but never shorter */
	if (request.n == 0 || request.n > ERM_SNMPR_ASK_MAX || (r > 0 && (size_t)r > len + 1))
		abort();
}

/* True when there is no more to ask. */
static bool take_line(struct erm_snmpr_rows *rows, const uint8_t *data, size_t len,
		      bool *is_walking)
{
	static struct erm_snmpr_answer answer;
	uint32_t n = answer.n;
	char *line = malloc(len ? len : 1); /* so that a sanitizer sees a step too far */
	bool is_over = false;
	int r;

	if (!line)
		abort();
	memcpy(line, data, len);
	check_question(line, len);
	r = erm_snmpr_answer_take(&answer, line, len);
	if (r == 1) {
		if (answer.n != n + 1)
			abort();
		check_varbind(&answer.varbinds[n]);
	} else {
		if (r == 0)
			is_over = !take(rows, &answer, is_walking);
		memset(&answer, 0, sizeof(answer));
	}
	free(line);
	return is_over;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct erm_snmpr_rows rows = { 0 };
	struct erm_config *config;
	bool is_walking = true;

	if (size < 1 || size > 65536)
		return 0;
	config = make_config();
	if (erm_snmpr_rows_make(config, 0, NULL, &rows) < 0)
		abort();
	erm_snmpr_rows_begin_walk(&rows);
	erm_snmpr_rows_begin(&rows);
	for (size_t at = 0; at < size;) {
		const uint8_t *newline = memchr(data + at, '\n', size - at);
		size_t len = newline ? (size_t)(newline - data) - at : size - at;

		if (take_line(&rows, data + at, len, &is_walking))
			break;
		at += len + 1;
		erm_snmpr_rows_end(&rows);
		check(&rows);
	}
	/* what was begun is not the next input's */
	(void)take_line(&rows, (const uint8_t *)"", 0, &is_walking);
	erm_snmpr_rows_done(&rows);
	(void)erm_config_unref(config);
	return 0;
}
