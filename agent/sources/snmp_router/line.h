/*
 * The lines that ermond and ermon-snmp-get exchange, one question at a time.  Pure.
 *
 *   get OID OID...       the question: these values
 *   bulk N OID           or the N that follow
 *   OID TYPE [VALUE]     its answer: a line each; numbers decimal, octets hexadecimal
 *   ok BOOTS             ends it; the restarts of the agent's SNMPv3 engine, 0 = not known
 *   error WORD TEXT      or this does, and what came before it is void
 */
#ifndef ERM_SOURCES_SNMP_ROUTER_LINE_H
#define ERM_SOURCES_SNMP_ROUTER_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/types.h"
#include "sources/snmp_router/oid.h"

#define ERM_SNMPR_ASK_MAX      24   /* names of one request */
#define ERM_SNMPR_ASK_LINE_MAX 4096 /* octets of its line, with the end and NUL */
#define ERM_SNMPR_LINE_MAX     2048 /* of another's */
#define ERM_SNMPR_VARBINDS_MAX 64
#define ERM_SNMPR_OCTETS_MAX   255 /* longer ones are of type OTHER */
#define ERM_SNMPR_WHY_MAX      192 /* text of an error, with NUL */

enum erm_snmpr_command { ERM_SNMPR_GET, ERM_SNMPR_GET_BULK };

struct erm_snmpr_request {
	enum erm_snmpr_command command;
	uint32_t repetitions; /* of GET_BULK */
	const struct erm_snmpr_oid *names;
	uint32_t n;
};

enum erm_snmpr_type {
	ERM_SNMPR_INTEGER,
	ERM_SNMPR_COUNTER32,
	ERM_SNMPR_GAUGE32,
	ERM_SNMPR_TIMETICKS,
	ERM_SNMPR_COUNTER64,
	ERM_SNMPR_OCTETS,
	ERM_SNMPR_NO_OBJECT,
	ERM_SNMPR_NO_INSTANCE,
	ERM_SNMPR_END_OF_VIEW,
	ERM_SNMPR_OTHER, /* that nobody here asks for */
};

struct erm_snmpr_varbind {
	struct erm_snmpr_oid name;
	enum erm_snmpr_type type;
	int64_t number; /* of the numeric types */
	uint8_t data[ERM_SNMPR_OCTETS_MAX];
	size_t len; /* of OCTETS */
};

enum erm_snmpr_failure {
	ERM_SNMPR_FAILURE_NONE,
	ERM_SNMPR_FAILURE_TOO_BIG,   /* for the agent: ask for less */
	ERM_SNMPR_FAILURE_TOO_LARGE, /* for us */
	ERM_SNMPR_FAILURE_TIMEOUT,
	ERM_SNMPR_FAILURE_REFUSED,
	ERM_SNMPR_FAILURE_PERMISSION,
	ERM_SNMPR_FAILURE_REJECTED,
	ERM_SNMPR_FAILURE_PROTOCOL,
	ERM_SNMPR_FAILURE_SYSTEM,
	ERM_SNMPR_FAILURE_MAX
};

struct erm_snmpr_answer {
	enum erm_snmpr_failure failure;
	char why[ERM_SNMPR_WHY_MAX]; /* of an error, in words */
	uint32_t boots;
	uint32_t n;
	struct erm_snmpr_varbind varbinds[ERM_SNMPR_VARBINDS_MAX];
};

const char *erm_snmpr_failure_name(enum erm_snmpr_failure failure);
enum erm_source_reason erm_snmpr_failure_reason(enum erm_snmpr_failure failure);

/* The octets of the line with its end, or -EMSGSIZE. */
int erm_snmpr_request_write(const struct erm_snmpr_request *request,
			    char ret_line[ERM_SNMPR_ASK_LINE_MAX]);
/* A line without its end; names are for ret's.  0 or -EBADMSG. */
int erm_snmpr_request_parse(const char *line, size_t len,
			    struct erm_snmpr_oid names[ERM_SNMPR_ASK_MAX],
			    struct erm_snmpr_request *ret);

/* The octets of the line with its end. */
size_t erm_snmpr_varbind_write(const struct erm_snmpr_varbind *varbind,
			       char ret_line[ERM_SNMPR_LINE_MAX]);
/*
 * The next line of an answer, without its end; an answer begins as zeros.  1: more is to come;
 * 0: it is complete.  -EBADMSG; -E2BIG: too many varbinds.
 */
int erm_snmpr_answer_take(struct erm_snmpr_answer *answer, const char *line, size_t len);

#endif
