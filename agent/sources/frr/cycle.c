/*
 * What bgpd is asked, and what its answers mean.  Must not know how a state is judged.
 *
 * A small bgpd is asked for the list of its neighbours: one in the list costs it 40 to
 * 90 us, one asked for alone 140 to 300 (8.4.4).  Of a large one that would be 46 ms for a
 * thousand: there, each of ours is asked for alone if they are few, and otherwise who is
 * Established at all (0.8 ms when all are down, 12 us more for each that is up); then a
 * neighbour's own words, with the reason of its fall, are read when that has changed, and
 * of the others by and by.
 */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "sources/frr/command.h"
#include "sources/frr/frr.h"
#include "sources/frr/parse.h"
#include "sources/router/text.h"

#define SETTLE_USEC (3 * ERM_USEC_PER_SEC)
#define SHOWN_BYTES 60 /* of a reply that is not understood */
#define LIST_MAX    20 /* neighbours of bgpd; above, its list is not asked for */
#define EACH_MAX    8  /* neighbours of ours that are asked for one by one each time */

enum { RESULT_UNKNOWN_COMMAND = 2 };

/* The reply is no use, the connection is: keep it and ask again at the next poll. */
static void cycle_failed(struct erm_source *source, enum erm_source_reason reason, const char *text)
{
	erm_router_report_lost(&source->report, reason, text, false);
}

static int format(const struct erm_source *source, enum erm_frr_question question, uint32_t item,
		  char ret_command[ERM_FRR_COMMAND_MAX])
{
	const char *vrf = erm_frr_config(source)->vrf;

	switch (question) {
	case ERM_FRR_ASK_SUMMARY:
		return erm_frr_command_summary(vrf, source->is_plain, ret_command);
	case ERM_FRR_ASK_LIST:
		return erm_frr_command_format(vrf, NULL, ret_command);
	case ERM_FRR_ASK_ONE:
		return erm_frr_command_format(vrf, &source->peers.peers[item].addr, ret_command);
	case ERM_FRR_ASK_ROUTE:
		return erm_frr_command_route(vrf, &source->routes.prefixes[item].prefix,
					     ret_command);
	case ERM_FRR_NOTHING:
		break;
	}
	return -EINVAL;
}

static void ask(struct erm_source *source, enum erm_frr_question question, uint32_t item)
{
	char command[ERM_FRR_COMMAND_MAX];
	int r = format(source, question, item, command);

	assert(source->question == ERM_FRR_NOTHING);
	if (r < 0) {
		cycle_failed(source, ERM_REASON_SYSTEM, "the VRF's name cannot be asked for");
		return;
	}
	source->report.own.counters.requests++;
	source->question = question;
	source->item = item;
	source->asked = erm_time_now().mono;
	r = erm_router_conn_request(source->conn, command, strlen(command) + 1);
	if (r < 0)
		erm_frr_unreached(source, r);
}

void erm_frr_cycle_reset(struct erm_source *source, bool is_another)
{
	source->way = ERM_FRR_WAY_UNSIZED;
	source->question = ERM_FRR_NOTHING;
	source->is_replanned = false;
	source->spot = ERM_NO_INDEX;
	if (is_another)
		source->is_plain = source->has_no_summary = source->is_list_too_large =
			source->is_route_refused = false;
}

/* Which way is the cheapest for a bgpd with so many neighbours. */
static enum erm_frr_way choose_way(const struct erm_source *source, size_t n_neighbors)
{
	if (source->peers.n == 0 && !source->has_no_summary)
		return ERM_FRR_WAY_SUMMARY;
	if (source->peers.n == 0 || (n_neighbors <= LIST_MAX && !source->is_list_too_large))
		return ERM_FRR_WAY_LIST;
	return source->peers.n <= EACH_MAX || source->has_no_summary ? ERM_FRR_WAY_EACH
								     : ERM_FRR_WAY_SUMMARY;
}

/*
 * A neighbour that is not in a cycle is not configured: the model learns it from the dump's
 * end.  Not so in the first seconds of a connection, when bgpd may still be fed its
 * configuration: until all were seen once, a cycle with gaps is told without the marks of a
 * dump.
 */
static void tell_cycle(struct erm_source *source, struct erm_time at)
{
	if (erm_frr_peers_count_seen(&source->peers) == source->peers.n ||
	    at.mono >= erm_usec_add(source->connected_at, SETTLE_USEC))
		source->is_settled = true;
	for (uint32_t i = 0; i < source->peers.n; i++)
		erm_frr_routes_see(&source->routes, i, &source->peers.peers[i], at.mono);
	erm_frr_tell_all(source, at, source->is_settled);
}

static void end_cycle(struct erm_source *source)
{
	struct erm_time at = erm_time_now();
	uint32_t n_changes = erm_frr_peers_end(&source->peers);

	tell_cycle(source, at);
	source->report.own.counters.events += n_changes;
	erm_router_report_ok(&source->report, source->peers.n);
	erm_frr_pace_end(&source->pace, source->cycle_began, at.mono, source->cycle_cost,
			 n_changes > 0);
	if (n_changes > 0)
		erm_source_report_hint(&source->report);
}

static void ask_wanted(struct erm_source *source, uint32_t from)
{
	uint32_t i = erm_frr_peers_next_wanted(&source->peers, from);

	if (i < source->peers.n)
		ask(source, ERM_FRR_ASK_ONE, i);
	else
		end_cycle(source);
}

static void go(struct erm_source *source)
{
	switch (source->way) {
	case ERM_FRR_WAY_LIST:
		erm_frr_peers_begin_all(&source->peers);
		ask(source, ERM_FRR_ASK_LIST, 0);
		return;
	case ERM_FRR_WAY_EACH:
		erm_frr_peers_begin_all(&source->peers);
		ask_wanted(source, 0);
		return;
	case ERM_FRR_WAY_UNSIZED:
	case ERM_FRR_WAY_SUMMARY:
		erm_frr_peers_begin_summary(&source->peers);
		ask(source, ERM_FRR_ASK_SUMMARY, 0);
		return;
	}
}

void erm_frr_cycle_begin(struct erm_source *source, usec_t now)
{
	source->is_spare = false;
	source->cycle_began = source->cycle_asked = now;
	source->cycle_cost = 0;
	if (source->way == ERM_FRR_WAY_UNSIZED && source->has_no_summary)
		source->way = choose_way(source, 0); /* the list, if it may be asked for */
	go(source);
}

void erm_frr_spare_begin(struct erm_source *source, usec_t now)
{
	struct erm_frr_peers *peers = &source->peers;
	bool is_summary = source->way == ERM_FRR_WAY_SUMMARY;
	uint32_t i = 0;

	source->is_spare = true;
	if (is_summary) {
		i = erm_frr_peers_next_late(peers);
		if (i < peers->n) {
			ask(source, ERM_FRR_ASK_ONE, i);
			return;
		}
	}
	i = erm_frr_routes_next(&source->routes, now);
	if (i < source->routes.n_prefixes) {
		ask(source, ERM_FRR_ASK_ROUTE, i);
		return;
	}
	if (!is_summary)
		return;
	i = erm_frr_peers_next_old(peers, erm_usec_sub(now, erm_frr_config(source)->poll_usec));
	if (i < peers->n)
		ask(source, ERM_FRR_ASK_ONE, i);
}

void erm_frr_spot_begin(struct erm_source *source, uint32_t peer)
{
	source->is_spare = true;
	ask(source, ERM_FRR_ASK_ONE, peer);
}

/* start: of a text that may have been changed since. */
static void not_parsed(struct erm_source *source, int error, const char *what, const char *start)
{
	if (error == -E2BIG)
		source->report.own.counters.limits_hit++;
	erm_router_report_not_understood(&source->report,
					 error == -ENOMEM ? ERM_REASON_SYSTEM : ERM_REASON_PROTOCOL,
					 error == -E2BIG    ? "too deep or too many values"
					 : error == -ENOMEM ? "out of memory"
							    : what,
					 start, SHOWN_BYTES);
}

/* Takes what the reply tells of one peer.  False: the cycle has failed. */
static bool take_peer(struct erm_source *source, const struct erm_frr_reply *reply, uint32_t i)
{
	bool is_changed = false;

	if (erm_frr_peers_take(&source->peers, i, reply, source->asked, &is_changed) < 0) {
		cycle_failed(source, ERM_REASON_PROTOCOL, "a neighbor of an unknown shape");
		return false;
	}
	/* while the others are still asked for, what has changed is told at once */
	if (is_changed && source->way != ERM_FRR_WAY_LIST && !source->is_spare) {
		struct erm_time at = erm_time_now();

		erm_frr_routes_see(&source->routes, i, &source->peers.peers[i], at.mono);
		erm_frr_tell_peer(source, i, at);
	}
	return true;
}

static void take_list(struct erm_source *source, const struct erm_frr_reply *reply, size_t len)
{
	for (uint32_t i = 0; i < source->peers.n; i++)
		if (!take_peer(source, reply, i))
			return;
	source->cycle_cost = erm_usec_sub(erm_time_now().mono, source->asked);
	/* another way before the cap is met */
	if (len > (size_t)erm_frr_config(source)->max_reply_bytes * 3 / 4)
		source->is_list_too_large = true;
	source->way = choose_way(source, erm_frr_reply_n_neighbors(reply));
	end_cycle(source);
}

/* Between two cycles: told at once, as what it is. */
static void take_spare(struct erm_source *source, const struct erm_frr_reply *reply)
{
	struct erm_time at = erm_time_now();
	uint32_t i = source->item;

	if (!take_peer(source, reply, i))
		return;
	erm_frr_routes_see(&source->routes, i, &source->peers.peers[i], at.mono);
	if (source->peers.peers[i].is_seen)
		erm_frr_tell_peer(source, i, at);
	if (!erm_frr_peer_settle(&source->peers, i))
		return;
	source->report.own.counters.events++;
	erm_frr_pace_follow(&source->pace, at.mono);
	erm_source_report_hint(&source->report);
}

static void take_one(struct erm_source *source, const struct erm_frr_reply *reply)
{
	if (source->is_spare) {
		take_spare(source, reply);
		return;
	}
	if (!take_peer(source, reply, source->item))
		return;
	if (source->way == ERM_FRR_WAY_EACH)
		source->cycle_cost = erm_usec_sub(erm_time_now().mono, source->cycle_began);
	ask_wanted(source, source->item + 1);
}

static void understand_neighbors(struct erm_source *source, enum erm_frr_question question,
				 char *text, size_t len, const char *start)
{
	struct erm_frr_reply *reply = NULL;
	int r = erm_frr_reply_parse(text, len, &reply);

	if (r < 0) {
		not_parsed(source, r, "not the JSON of neighbors", start);
		return;
	}
	if (question == ERM_FRR_ASK_LIST)
		take_list(source, reply, len);
	else
		take_one(source, reply);
	erm_frr_reply_free(reply);
}

static void take_summary(struct erm_source *source, const struct erm_frr_summary *summary)
{
	usec_t took = erm_usec_sub(erm_time_now().mono, source->asked);
	bool is_sized = source->way != ERM_FRR_WAY_UNSIZED;
	size_t n_neighbors = 0;
	bool is_counted = erm_frr_summary_count(summary, &n_neighbors);

	if (!is_sized || (is_counted && n_neighbors <= LIST_MAX))
		source->way = choose_way(source, n_neighbors);
	if (source->way != ERM_FRR_WAY_SUMMARY) {
		go(source);
		return;
	}
	source->cycle_cost = took;
	erm_frr_peers_take_summary(&source->peers, summary, source->asked);
	ask_wanted(source, 0);
}

/* Not every bgpd has a summary that is understood: the words of neighbours must do. */
static void do_without_summary(struct erm_source *source, bool is_for_good)
{
	if (is_for_good)
		source->has_no_summary = true;
	source->way = source->is_list_too_large ? ERM_FRR_WAY_EACH : ERM_FRR_WAY_LIST;
	go(source);
}

static void understand_summary(struct erm_source *source, char *text, size_t len, const char *start)
{
	struct erm_frr_summary *summary = NULL;
	int r = erm_frr_summary_parse(text, len, &summary);

	if (r >= 0) {
		take_summary(source, summary);
		erm_frr_summary_free(summary);
	} else if (source->way == ERM_FRR_WAY_UNSIZED && r == -EBADMSG) {
		do_without_summary(source, true);
	} else {
		not_parsed(source, r, "not the JSON of a summary", start);
	}
}

static void tell_route(struct erm_source *source, uint32_t prefix)
{
	const struct erm_frr_prefix *p = &source->routes.prefixes[prefix];
	struct erm_time at = erm_time_now();

	for (uint32_t k = 0; k < p->n_users; k++) {
		uint32_t use = source->routes.users[p->first_user + k];
		uint32_t peer = source->routes.uses[use].peer;

		if (source->peers.peers[peer].is_seen)
			erm_frr_tell_peer(source, peer, at);
	}
}

/* What bgpd cannot tell of a prefix costs no session its state. */
static void route_failed(struct erm_source *source, uint32_t prefix, const char *start)
{
	char shown[ERM_TEXT_MAX];

	source->report.own.counters.errors++;
	erm_router_text_clean(start, SHOWN_BYTES, shown);
	if (!source->is_route_refused) {
		erm_log_warning("source %s: %s: does not tell of expected prefixes: %s",
				erm_frr_config(source)->name, erm_frr_config(source)->socket,
				shown);
	}
	source->is_route_refused = true;
	erm_frr_routes_take(&source->routes, prefix, NULL, &source->peers,
			    erm_usec_add(source->asked, erm_frr_config(source)->resync_usec));
}

static void understand_route(struct erm_source *source, char *text, size_t len, const char *start)
{
	struct erm_frr_route *route = NULL;
	uint32_t prefix = source->item;
	int r = erm_frr_route_parse(text, len, &route);

	if (r < 0) {
		if (r == -E2BIG)
			source->report.own.counters.limits_hit++;
		route_failed(source, prefix, start);
		return;
	}
	source->is_route_refused = false;
	erm_frr_routes_take(&source->routes, prefix, route, &source->peers,
			    erm_usec_add(source->asked, erm_frr_config(source)->resync_usec));
	erm_frr_route_free(route);
	tell_route(source, prefix);
}

static void refused(struct erm_source *source, enum erm_frr_question question, unsigned int result,
		    const char *start)
{
	char what[32];

	if (question == ERM_FRR_ASK_ROUTE) {
		route_failed(source, source->item, start);
	} else if (question == ERM_FRR_ASK_SUMMARY && result == RESULT_UNKNOWN_COMMAND &&
		   !source->is_plain) {
		source->is_plain = true;
		ask(source, ERM_FRR_ASK_SUMMARY, 0);
	} else if (question == ERM_FRR_ASK_SUMMARY && source->way == ERM_FRR_WAY_UNSIZED) {
		do_without_summary(source, result == RESULT_UNKNOWN_COMMAND);
	} else {
		(void)!snprintf(what, sizeof(what), "refused with %u", result);
		erm_router_report_not_understood(&source->report, ERM_REASON_REJECTED, what, start,
						 SHOWN_BYTES);
	}
}

void erm_frr_reply(struct erm_source *source, char *text, size_t len, unsigned int result)
{
	enum erm_frr_question question = source->question;
	char start[SHOWN_BYTES + 1] = "";

	erm_frr_pace_spend(&source->pace, erm_usec_sub(erm_time_now().mono, source->asked));
	source->question = ERM_FRR_NOTHING;
	if (source->is_replanned) {
		source->is_replanned = false;
		erm_frr_pace_want(&source->pace);
		return;
	}
	memcpy(start, text, len < SHOWN_BYTES ? len : SHOWN_BYTES);
	if (result != 0)
		refused(source, question, result, start);
	else if (question == ERM_FRR_ASK_SUMMARY)
		understand_summary(source, text, len, start);
	else if (question == ERM_FRR_ASK_ROUTE)
		understand_route(source, text, len, start);
	else
		understand_neighbors(source, question, text, len, start);
}
