/*
 * ermon-snmp-get ADDRESS CREDENTIALS-FILE TIMEOUT-USEC: asks one SNMP agent on behalf of ermond,
 * in the lines of sources/snmp_router/line.h on standard input and output, until its input is
 * closed.  A process of its own, because libnetsnmp blocks and shares state without locks, and
 * so that no secret of a router is in ermond's memory.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sysexits.h>

#include "base/cleanup.h"
#include "snmpget/session.h"

#define TIMEOUT_MAX_USEC (600 * ERM_USEC_PER_SEC)

ERM_DEFINE_CLEANUP(struct erm_snmpget_session *, erm_snmpget_session_free)

/* Secrets will be in memory: no core, no debugger; and no life after ermond's. */
static void shut_in(void)
{
	static const struct rlimit none = { 0, 0 };

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	(void)prctl(PR_SET_DUMPABLE, 0);
	(void)setrlimit(RLIMIT_CORE, &none); /* a unit's filter of system calls may refuse it */
	(void)clearenv();
}

static bool say(const struct erm_snmpr_answer *answer)
{
	static char line[ERM_SNMPR_LINE_MAX];

	for (uint32_t i = 0; answer->failure == ERM_SNMPR_FAILURE_NONE && i < answer->n; i++)
		(void)fwrite(line, 1, erm_snmpr_varbind_write(&answer->varbinds[i], line), stdout);
	if (answer->failure == ERM_SNMPR_FAILURE_NONE)
		(void)printf("ok %u\n", answer->boots);
	else
		(void)printf("error %s %s\n", erm_snmpr_failure_name(answer->failure), answer->why);
	return fflush(stdout) == 0;
}

/* session NULL: there are no credentials, and `answer` says so already. */
static int serve(struct erm_snmpget_session *session, struct erm_snmpr_answer *answer)
{
	static char line[ERM_SNMPR_ASK_LINE_MAX];
	static struct erm_snmpr_oid names[ERM_SNMPR_ASK_MAX];
	struct erm_snmpr_request request = { 0 };

	while (fgets(line, sizeof(line), stdin)) {
		size_t len = strlen(line);

		if (len == 0 || line[len - 1] != '\n' ||
		    erm_snmpr_request_parse(line, len - 1, names, &request) < 0)
			return EX_PROTOCOL;
		if (session)
			erm_snmpget_session_ask(session, &request, answer);
		if (!say(answer))
			return EX_IOERR;
	}
	return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	static struct erm_snmpr_answer answer;
	static struct erm_snmpr_credentials credentials;
	ERM_CLEANUP(erm_snmpget_session_freep) struct erm_snmpget_session *session = NULL;
	unsigned long long timeout_usec = 0;
	char *end = NULL;
	int status;

	if (argc == 4)
		timeout_usec = strtoull(argv[3], &end, 10);
	if (!end || *end || timeout_usec == 0 || timeout_usec > TIMEOUT_MAX_USEC) {
		(void)fputs("Usage: ermon-snmp-get ADDRESS CREDENTIALS-FILE TIMEOUT-USEC\n",
			    stderr);
		return EX_USAGE;
	}
	shut_in();
	if (erm_snmpr_credentials_read(argv[2], &credentials, answer.why) < 0) {
		answer.failure = ERM_SNMPR_FAILURE_PERMISSION;
		return serve(NULL, &answer);
	}
	erm_snmpget_library_start();
	if (erm_snmpget_session_new(argv[1], timeout_usec, &credentials, &session) < 0)
		return EX_USAGE;
	status = serve(session, &answer);
	erm_snmpr_credentials_wipe(&credentials);
	return status;
}
