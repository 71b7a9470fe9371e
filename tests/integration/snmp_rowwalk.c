/*
 * Walks a table row-wise, as pollers should: some columns per request.
 *   usage: snmp_rowwalk HOST:PORT ENTRY-OID FIRST-COLUMN N-COLUMNS REPETITIONS ROUNDS
 * Asks GETBULK for N-COLUMNS columns with REPETITIONS rows each, until the first
 * column ends; ROUNDS times.  Prints "varbinds N seconds S per-second R".
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/usec.h"
#include "publish/snmp/netsnmp.h"

#define MAX_COLUMNS 64

struct column {
	oid start[MAX_OID_LEN];
	size_t start_len;
	oid at[MAX_OID_LEN];
	size_t at_len;
};

static struct column columns[MAX_COLUMNS];

static int usage(const char *name)
{
	(void)fprintf(stderr,
		      "usage: %s HOST:PORT ENTRY-OID FIRST-COLUMN N-COLUMNS REPETITIONS ROUNDS\n",
		      name);
	return 2;
}

/* Counts what is still in its column and moves on; false at the end of the first column. */
static bool take(const netsnmp_pdu *response, size_t n, uint64_t *count)
{
	size_t i = 0;

	for (const netsnmp_variable_list *v = response->variables; v; v = v->next_variable, i++) {
		struct column *c = &columns[i % n];

		if (v->name_length < c->start_len ||
		    snmp_oid_compare(v->name, c->start_len, c->start, c->start_len) != 0) {
			if (i % n == 0)
				return false;
			continue;
		}
		(*count)++;
		(void)memcpy(c->at, v->name, v->name_length * sizeof(oid));
		c->at_len = v->name_length;
	}
	return i > 0;
}

static bool ask(netsnmp_session *session, size_t n, long repetitions, uint64_t *count)
{
	netsnmp_pdu *pdu = snmp_pdu_create(SNMP_MSG_GETBULK);
	netsnmp_pdu *response = NULL;
	bool is_more;

	if (!pdu)
		return false;
	pdu->non_repeaters = 0;
	pdu->max_repetitions = repetitions;
	for (size_t i = 0; i < n; i++)
		(void)snmp_add_null_var(pdu, columns[i].at, columns[i].at_len);
	if (snmp_synch_response(session, pdu, &response) != STAT_SUCCESS || !response ||
	    response->errstat != SNMP_ERR_NOERROR) {
		(void)fprintf(stderr, "no answer\n");
		exit(1);
	}
	is_more = take(response, n, count);
	snmp_free_pdu(response);
	return is_more;
}

int main(int argc, char **argv)
{
	static char community[] = "public";
	netsnmp_session wanted;
	netsnmp_session *session;
	uint64_t count = 0;
	usec_t before;
	double seconds;
	size_t n;
	long rounds;

	if (argc != 7)
		return usage(argv[0]);
	n = strtoul(argv[4], NULL, 10);
	rounds = strtol(argv[6], NULL, 10);
	if (n == 0 || n > MAX_COLUMNS)
		return usage(argv[0]);
	(void)setenv("MIBS", "", 1);
	init_snmp("snmp_rowwalk");
	snmp_sess_init(&wanted);
	wanted.version = SNMP_VERSION_2c;
	wanted.peername = argv[1];
	wanted.community = (u_char *)community;
	wanted.community_len = sizeof(community) - 1;
	session = snmp_open(&wanted);
	if (!session)
		return 1;
	for (size_t i = 0; i < n; i++) {
		struct column *c = &columns[i];

		c->start_len = MAX_OID_LEN;
		if (!read_objid(argv[2], c->start, &c->start_len) || c->start_len >= MAX_OID_LEN)
			return usage(argv[0]);
		c->start[c->start_len++] = strtoul(argv[3], NULL, 10) + i;
	}
	before = erm_time_now().mono;
	for (; rounds > 0; rounds--) {
		for (size_t i = 0; i < n; i++) {
			(void)memcpy(columns[i].at, columns[i].start, sizeof(columns[i].at));
			columns[i].at_len = columns[i].start_len;
		}
		while (ask(session, n, strtol(argv[5], NULL, 10), &count))
			;
	}
	seconds = (double)(erm_time_now().mono - before) / 1e6;
	(void)printf("varbinds %" PRIu64 " seconds %.3f per-second %.0f\n", count, seconds,
		     (double)count / seconds);
	(void)snmp_close(session);
	return 0;
}
