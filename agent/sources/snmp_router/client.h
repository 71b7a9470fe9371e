/*
 * Asks one SNMP agent through a process of its own, ermon-snmp-get: one question at a time, a
 * deadline for each.  Owns that process: starts it when it is needed, ends it when it does not
 * answer, starts it again with a back-off.  Never blocks.  Knows nothing of what is asked.
 * Main thread.
 */
#ifndef ERM_SOURCES_SNMP_ROUTER_CLIENT_H
#define ERM_SOURCES_SNMP_ROUTER_CLIENT_H

#include <stdbool.h>
#include <systemd/sd-event.h>

#include "base/usec.h"
#include "core/obs.h"
#include "sources/snmp_router/address.h"
#include "sources/snmp_router/line.h"

struct erm_snmpr_client;

struct erm_snmpr_client_handler {
	/*
	 * The answer, valid until the next request.  asked: when its question was sent.  A new
	 * request may be made.
	 */
	void (*answer)(void *userdata, const struct erm_snmpr_answer *answer, usec_t asked);
	/* The agent had too much to say.  A new request may be made. */
	void (*too_big)(void *userdata);
	/* No answer, or none that counts; text says it in words.  A new request may be made. */
	void (*failed)(void *userdata, enum erm_source_reason reason, const char *text);
};

/*
 * handler and counters must outlive it; it counts requests and limits.  folder: where
 * ermon-snmp-get is.
 */
int erm_snmpr_client_new(sd_event *event, const char *folder,
			 const struct erm_snmpr_client_handler *handler, void *userdata,
			 struct erm_source_counters *counters, struct erm_snmpr_client **ret);
struct erm_snmpr_client *erm_snmpr_client_free(struct erm_snmpr_client *client);

/*
 * For the requests that follow, and before the first; one under way is dropped without a word.
 * credentials: the file, which is read again when it has changed.  -ENOMEM.
 */
int erm_snmpr_client_set_peer(struct erm_snmpr_client *client,
			      const union erm_snmpr_address *address, usec_t timeout_usec,
			      const char *credentials);

/* Copies the request.  Failures of any kind come to the handler, later.  Not while busy. */
int erm_snmpr_client_ask(struct erm_snmpr_client *client, const struct erm_snmpr_request *request);
/* Without a call of the handler. */
void erm_snmpr_client_drop(struct erm_snmpr_client *client);

#endif
