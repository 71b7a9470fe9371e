/*
 * One SNMP agent, asked by libnetsnmp: blocks until there is an answer or none.  Owns all that
 * is net-snmp's.  Knows nothing of who asks.
 */
#ifndef ERM_SNMPGET_SESSION_H
#define ERM_SNMPGET_SESSION_H

#include "base/usec.h"
#include "sources/snmp_router/address.h"
#include "sources/snmp_router/credentials.h"
#include "sources/snmp_router/line.h"

#define ERM_SNMPGET_RETRIES 1 /* of each message */

struct erm_snmpget_session;

/* Once.  Reads and writes no file. */
void erm_snmpget_library_start(void);

/* The agent is not spoken to yet.  credentials must outlive it.  -ENOMEM, -EINVAL. */
int erm_snmpget_session_new(const char *address, usec_t timeout_usec,
			    const struct erm_snmpr_credentials *credentials,
			    struct erm_snmpget_session **ret);
struct erm_snmpget_session *erm_snmpget_session_free(struct erm_snmpget_session *session);

/* Fills the answer, whatever comes of it. */
void erm_snmpget_session_ask(struct erm_snmpget_session *session,
			     const struct erm_snmpr_request *request, struct erm_snmpr_answer *ret);

#endif
