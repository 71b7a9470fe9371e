/*
 * The inside of the FRR source, for frr*.c only: frr.c connects and keeps the time,
 * cycle.c asks and takes the answers, tell.c tells them.  Everybody else uses
 * erm_source_frr_ops of sources/source.h.  Main thread.
 */
#ifndef ERM_SOURCES_FRR_H
#define ERM_SOURCES_FRR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sources/frr/pace.h"
#include "sources/frr/peers.h"
#include "sources/frr/routes.h"
#include "sources/router/conn.h"
#include "sources/router/report.h"
#include "sources/router/retry.h"
#include "sources/router/timer.h"
#include "sources/source.h"

/* How all sessions are looked at. */
enum erm_frr_way {
	ERM_FRR_WAY_UNSIZED, /* a summary tells how large bgpd is, and then one of: */
	ERM_FRR_WAY_LIST,    /* the words of all its neighbours */
	ERM_FRR_WAY_EACH,    /* those of each of ours, one after the other */
	ERM_FRR_WAY_SUMMARY, /* who is Established, then the words of whom that has changed for */
};

enum erm_frr_question {
	ERM_FRR_NOTHING, /* none is under way */
	ERM_FRR_ASK_SUMMARY,
	ERM_FRR_ASK_LIST,
	ERM_FRR_ASK_ONE,
	ERM_FRR_ASK_ROUTE,
};

struct erm_source {
	struct erm_source_report report;
	struct erm_frr_peers peers;
	struct erm_frr_routes routes;
	struct erm_frr_pace pace;

	struct erm_router_conn *conn;
	struct erm_router_retry retry;
	struct erm_router_timer timer;
	bool was_connected;
	usec_t connected_at;

	/* the question under way */
	enum erm_frr_question question;
	uint32_t item;     /* the peer or prefix */
	bool is_spare;     /* it belongs to no cycle */
	bool is_replanned; /* it was asked under the configuration before */
	usec_t asked;
	uint32_t spot; /* the peer whose session is in dispute; ERM_NO_INDEX = none */

	enum erm_frr_way way;
	bool is_plain; /* bgpd does not know "summary established" */
	bool has_no_summary, is_list_too_large;
	bool is_route_refused;
	bool is_settled; /* see tell_cycle() */
	usec_t cycle_began, cycle_asked, cycle_cost;
};

static inline const struct erm_source_config *erm_frr_config(const struct erm_source *source)
{
	return source->report.settings;
}

/* frr.c */
/* The connection is gone, or there was none: try again after the back-off. */
void erm_frr_disconnected(struct erm_source *source, enum erm_source_reason reason,
			  const char *text);
/* The same for the negative errno of connecting or sending. */
void erm_frr_unreached(struct erm_source *source, int error);

/* cycle.c */
void erm_frr_cycle_begin(struct erm_source *source, usec_t now);
/* bgpd has time: asks what can wait, if there is anything. */
void erm_frr_spare_begin(struct erm_source *source, usec_t now);
/* Asks for one peer alone, and tells it as soon as it is answered. */
void erm_frr_spot_begin(struct erm_source *source, uint32_t peer);
/* A reply to the question under way, which is over then. */
void erm_frr_reply(struct erm_source *source, char *text, size_t len, unsigned int result);
/* Nothing is known of the size of bgpd; `is_another`: nor of what it can. */
void erm_frr_cycle_reset(struct erm_source *source, bool is_another);

/* tell.c */
void erm_frr_tell_peer(struct erm_source *source, uint32_t i, struct erm_time at);
/* All that are seen, as a dump if `is_dump`. */
void erm_frr_tell_all(struct erm_source *source, struct erm_time at, bool is_dump);

#endif
