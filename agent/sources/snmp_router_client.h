/*
 * Asks one SNMP agent: one request at a time over a socket of its own, a deadline for each
 * try, one repetition.  Owns what SNMPv3 has to know of the agent's engine.  Never blocks.
 * Knows nothing of what is asked.  Main thread.
 */
#ifndef ERM_SOURCES_SNMP_ROUTER_CLIENT_H
#define ERM_SOURCES_SNMP_ROUTER_CLIENT_H

#include <stdbool.h>
#include <systemd/sd-event.h>

#include "base/usec.h"
#include "core/obs.h"
#include "sources/snmp_router_address.h"
#include "sources/snmp_router_message.h"

#define ERM_SNMPR_ASK_MAX 24 /* names of one request */

struct erm_snmpr_client;

struct erm_snmpr_client_handler {
	/* The answer.  asked: when its question was first sent.  A new request may be made. */
	void (*answer)(void *userdata, const struct erm_snmpr_pdu *pdu, usec_t asked);
	/* No answer, or none that counts; text says it in words.  A new request may be made. */
	void (*failed)(void *userdata, enum erm_source_reason reason, const char *text);
};

/* handler and counters must outlive it; it counts requests, errors of answers and limits. */
int erm_snmpr_client_new(sd_event *event, const struct erm_snmpr_client_handler *handler,
			 void *userdata, struct erm_source_counters *counters,
			 struct erm_snmpr_client **ret);
struct erm_snmpr_client *erm_snmpr_client_free(struct erm_snmpr_client *client);

/* For the requests that follow; one under way is dropped without a word. */
void erm_snmpr_client_set_peer(struct erm_snmpr_client *client,
			       const union erm_snmpr_address *address, usec_t timeout_usec);
int erm_snmpr_client_set_credentials(struct erm_snmpr_client *client,
				     const struct erm_snmpr_credentials *credentials);
const struct erm_snmpr_credentials *erm_snmpr_client_credentials(
	const struct erm_snmpr_client *client);

/* Copies the request.  Failures of any kind come to the handler, later.  Not while busy. */
int erm_snmpr_client_ask(struct erm_snmpr_client *client, const struct erm_snmpr_request *request);
bool erm_snmpr_client_is_busy(const struct erm_snmpr_client *client);
/* Without a call of the handler. */
void erm_snmpr_client_drop(struct erm_snmpr_client *client);

/* The engine's restarts as it told them; 0 when not known. */
uint32_t erm_snmpr_client_boots(const struct erm_snmpr_client *client);

#endif
