/*
 * The session with the AgentX master agent as a sender of notifications: each is an
 * AgentX Notify of our own, sent asynchronously, and leaves the queue only with the
 * master's answer.  (libnetsnmp's send_v2trap() loses them while the master is
 * away, and 500 in a row dead-lock both processes.)  libnetsnmp opens, pings and
 * re-opens the session itself.  SNMP thread only, but for the queue's lock.
 */
#ifndef ERM_PUBLISH_SNMP_MASTER_H
#define ERM_PUBLISH_SNMP_MASTER_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/usec.h"
#include "publish/snmp/handler.h"
#include "publish/snmp/queue.h"

struct erm_snmp_master {
	pthread_mutex_t *lock; /* of the queue */
	struct erm_snmp_queue *queue;
	const struct erm_snmp_view *view;
	void *session;       /* netsnmp_session; NULL = not connected */
	uint32_t generation; /* of the session and of the last rewind: tells stale answers */
	uint32_t refusals;   /* "not open" in a row */
	usec_t hold_until;   /* CLOCK_MONOTONIC; nothing is sent before */
	usec_t probe_at;
	bool is_probing;
	bool is_registered; /* the subtree is ours, as far as we know */
	uint64_t sessions;  /* opened so far */
	unsigned int ping_sec;
	void (*on_change)(void *userdata); /* connected or disconnected */
	void *userdata;
};

/* Hooks into libnetsnmp: between init_agent() and init_snmp(). */
void erm_snmp_master_attach(struct erm_snmp_master *master);
/* Before snmp_shutdown(), which would free master as its own. */
void erm_snmp_master_detach(struct erm_snmp_master *master);

/* Sends what may be sent now; returns when to call again at the latest (CLOCK_MONOTONIC). */
usec_t erm_snmp_master_run(struct erm_snmp_master *master, usec_t now);

/* Breaks the session; libnetsnmp then opens a new one, with the address set by then. */
void erm_snmp_master_reset(struct erm_snmp_master *master);

/* The library's line "registering pdu failed": somebody else holds our subtree. */
void erm_snmp_master_note_refused(struct erm_snmp_master *master);

/* libnetsnmp reads the interval when it schedules: this one is for re-opening. */
void erm_snmp_master_set_reopen_interval(void);

#endif
