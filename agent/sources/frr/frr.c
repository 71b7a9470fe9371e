/*
 * The sessions of one FRR, read from bgpd's vty socket: when it is met, when it is asked,
 * what a failure of the connection means.  Bytes are router_conn's, questions and answers
 * frr_cycle's.
 */
#include "sources/frr/frr.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "sources/frr/frame.h"
#include "sources/router/text.h"

static const struct erm_router_backoff backoff = {
	.min_usec = 200 * ERM_USEC_PER_MSEC,
	.max_usec = 5 * ERM_USEC_PER_SEC,
	.made_spacing_usec = 50 * ERM_USEC_PER_MSEC,
	.made_usec = 50 * ERM_USEC_PER_MSEC,
};

void erm_frr_disconnected(struct erm_source *source, enum erm_source_reason reason,
			  const char *text)
{
	usec_t now = erm_time_now().mono;

	erm_frr_cycle_reset(source, reason == ERM_REASON_CLOSED);
	source->is_settled = false;
	erm_frr_pace_stop(&source->pace);
	erm_frr_peers_forget(&source->peers);
	erm_frr_routes_forget(&source->routes);
	erm_router_retry_failed(&source->retry, now, erm_frr_config(source)->socket);
	erm_router_report_gone(&source->report, reason, text);
}

void erm_frr_unreached(struct erm_source *source, int error)
{
	char text[ERM_TEXT_MAX];
	enum erm_source_reason reason =
		erm_router_text_unreached(error, "bgpd", "add user ermon to group frrvty", text);

	erm_frr_disconnected(source, reason, text);
}

static void try_connect(struct erm_source *source, usec_t now)
{
	const struct erm_source_config *config = erm_frr_config(source);
	int r = 0;

	erm_router_conn_set_limits(source->conn, config->timeout_usec, config->max_reply_bytes);
	erm_router_retry_begin(&source->retry, now, config->socket);
	r = erm_router_conn_open(source->conn, config->socket);
	if (r < 0) {
		erm_frr_unreached(source, r);
		return;
	}
	if (source->was_connected)
		source->report.own.counters.reconnects++;
	source->was_connected = true;
	source->connected_at = now;
	erm_frr_pace_want(&source->pace);
}

/* Asks at once for the session in dispute, if there is one and it may. */
static bool take_spot(struct erm_source *source, usec_t now)
{
	uint32_t peer = source->spot;

	source->spot = ERM_NO_INDEX;
	if (peer == ERM_NO_INDEX || !erm_frr_pace_spot(&source->pace, now))
		return false;
	erm_frr_spot_begin(source, peer);
	return true;
}

static void take_turn(struct erm_source *source, usec_t now)
{
	if (take_spot(source, now))
		return;
	switch (erm_frr_pace_turn(&source->pace, now)) {
	case ERM_FRR_TURN_CYCLE:
		erm_frr_cycle_begin(source, now);
		return;
	case ERM_FRR_TURN_SPARE:
		erm_frr_spare_begin(source, now);
		return;
	case ERM_FRR_TURN_NONE:
		return;
	}
}

/* Does what is due and sets the timer for what will be.  The only place where work starts. */
static void advance_or_exit(struct erm_source *source)
{
	usec_t now = erm_time_now().mono;
	usec_t next = ERM_USEC_INFINITY;

	if (!erm_router_conn_is_open(source->conn) && source->retry.at <= now)
		try_connect(source, now);
	if (erm_router_conn_is_open(source->conn) && source->question == ERM_FRR_NOTHING)
		take_turn(source, now);

	if (!erm_router_conn_is_open(source->conn))
		next = source->retry.at;
	else if (source->question == ERM_FRR_NOTHING)
		next = erm_frr_pace_next(&source->pace);
	erm_router_timer_set(&source->timer, next);
}

static void on_socket_made(void *userdata)
{
	struct erm_source *source = userdata;

	if (erm_router_conn_is_open(source->conn))
		return;
	erm_router_retry_made(&source->retry);
	advance_or_exit(source);
}

static void on_reply(void *userdata, char *text, size_t len, unsigned int result)
{
	struct erm_source *source = userdata;

	erm_frr_reply(source, text, len, result);
	if (source->report.own.state == ERM_SOURCE_OK)
		erm_router_retry_good(&source->retry);
	advance_or_exit(source);
}

static void on_failed(void *userdata, enum erm_source_reason reason, const char *text)
{
	struct erm_source *source = userdata;

	if (reason == ERM_REASON_TOO_LARGE && source->question == ERM_FRR_ASK_LIST)
		source->is_list_too_large = true;
	else if (reason == ERM_REASON_TOO_LARGE && source->question == ERM_FRR_ASK_SUMMARY)
		source->has_no_summary = true;
	erm_frr_disconnected(source, reason, text);
	advance_or_exit(source);
}

static const struct erm_router_conn_handler conn_handler = { .reply = on_reply,
							     .failed = on_failed };

static void frr_free(struct erm_source *source)
{
	if (!source)
		return;
	erm_router_timer_done(&source->timer);
	erm_router_retry_done(&source->retry);
	erm_router_conn_free(source->conn);
	erm_source_report_done(&source->report);
	erm_frr_peers_done(&source->peers);
	erm_frr_routes_done(&source->routes);
	free(source);
}
ERM_DEFINE_CLEANUP(struct erm_source *, frr_free)

static int add_event_sources(struct erm_source *source)
{
	sd_event *event = source->report.env.event;
	int r = erm_router_conn_new(event, &erm_frr_protocol, &conn_handler, source, &source->conn);

	if (r >= 0)
		r = erm_router_timer_init(&source->timer, event, "frr-timer", advance_or_exit,
					  source);
	if (r >= 0)
		r = erm_router_retry_init(&source->retry, event, &backoff,
					  erm_frr_config(source)->name, on_socket_made, source);
	return r;
}

static int frr_start(const struct erm_source_env *env, struct erm_config *config, uint32_t index,
		     struct erm_source **ret)
{
	ERM_CLEANUP(frr_freep) struct erm_source *source = calloc(1, sizeof(*source));
	int r = 0;

	assert(config->sources[index].socket);
	if (!source)
		return -ENOMEM;
	erm_source_report_init(&source->report, env);
	erm_source_report_configure(&source->report, config, index);
	source->spot = ERM_NO_INDEX;
	erm_frr_pace_set(&source->pace, erm_frr_config(source)->poll_usec,
			 erm_frr_config(source)->stale_after_usec);
	erm_frr_pace_stop(&source->pace);
	r = erm_frr_peers_make(config, index, NULL, &source->peers);
	if (r >= 0)
		r = erm_frr_routes_make(config, &source->peers, &source->routes);
	if (r >= 0)
		r = add_event_sources(source);
	if (r < 0)
		return r;
	erm_source_report_tell(&source->report);
	advance_or_exit(source); /* connects */
	*ret = ERM_TAKE_PTR(source);
	return 0;
}

/* The router is another one: nothing that was known of the old one holds. */
static void start_anew(struct erm_source *source)
{
	erm_router_conn_close(source->conn);
	erm_frr_cycle_reset(source, true);
	source->is_settled = false;
	source->was_connected = false;
	erm_frr_pace_stop(&source->pace);
	erm_router_retry_anew(&source->retry);
	erm_router_report_anew(&source->report);
}

static bool is_same_router(const struct erm_source_config *a, const struct erm_source_config *b)
{
	if (strcmp(a->socket, b->socket) != 0 || !a->vrf != !b->vrf)
		return false;
	return !a->vrf || strcmp(a->vrf, b->vrf) == 0;
}

static void swap_peers(struct erm_frr_peers *a, struct erm_frr_peers *b)
{
	struct erm_frr_peers was = *a;

	*a = *b;
	*b = was;
}

static void swap_routes(struct erm_frr_routes *a, struct erm_frr_routes *b)
{
	struct erm_frr_routes was = *a;

	*a = *b;
	*b = was;
}

static int frr_reconfigure(struct erm_source *source, struct erm_config *config, uint32_t index)
{
	bool is_same = is_same_router(erm_frr_config(source), &config->sources[index]);
	ERM_CLEANUP(erm_frr_peers_done) struct erm_frr_peers peers = { 0 };
	ERM_CLEANUP(erm_frr_routes_done) struct erm_frr_routes routes = { 0 };
	int r = erm_frr_peers_make(config, index, is_same ? &source->peers : NULL, &peers);

	if (r >= 0)
		r = erm_frr_routes_make(config, &peers, &routes);
	if (r < 0)
		return r;
	if (is_same)
		erm_frr_routes_keep(&routes, &peers, &source->routes, &source->peers);
	swap_peers(&source->peers, &peers);
	swap_routes(&source->routes, &routes);
	erm_source_report_configure(&source->report, config, index);
	source->way = ERM_FRR_WAY_UNSIZED;
	source->spot = ERM_NO_INDEX;
	source->is_list_too_large = false;
	erm_frr_pace_set(&source->pace, erm_frr_config(source)->poll_usec,
			 erm_frr_config(source)->stale_after_usec);
	erm_router_conn_set_limits(source->conn, erm_frr_config(source)->timeout_usec,
				   erm_frr_config(source)->max_reply_bytes);

	if (!is_same)
		start_anew(source);
	else if (source->question != ERM_FRR_NOTHING)
		source->is_replanned = true;
	else if (erm_router_conn_is_open(source->conn))
		erm_frr_pace_want(&source->pace); /* tells it all again, under the new positions */
	erm_source_report_tell(&source->report);
	advance_or_exit(source);
	return 0;
}

static void frr_look_now(struct erm_source *source)
{
	if (!erm_router_conn_is_open(source->conn))
		return; /* the back-off and the watch decide */
	/* also while a question is under way: its answer may be older than the hint */
	erm_frr_pace_hint(&source->pace, erm_time_now().mono);
	advance_or_exit(source);
}

static void frr_look_at(struct erm_source *source, uint32_t session)
{
	uint32_t peer = erm_frr_peers_find_session(&source->peers, session);

	/* before the first cycle nothing could be compared with the answer */
	if (peer == source->peers.n || !source->peers.has_cycle) {
		frr_look_now(source);
		return;
	}
	source->spot = peer;
	advance_or_exit(source);
}

const struct erm_source_ops erm_source_frr_ops = {
	.type = ERM_SOURCE_TYPE_FRR,
	.start = frr_start,
	.reconfigure = frr_reconfigure,
	.look_now = frr_look_now,
	.look_at = frr_look_at,
	.free = frr_free,
};
