/*
 * Sessions and interfaces of a router that is reached by SNMP alone: when to ask, what a
 * failure means, what is told.  Asking is snmp_router_client's, rows snmp_router_rows'.
 * Must not know how a state is judged.
 *
 * libnetsnmp blocks, and shares state without locks with the AgentX sub-agent's thread; so it
 * asks in a process of its own, which is snmp_router_client's.
 */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "sources/router/report.h"
#include "sources/router/timer.h"
#include "sources/snmp_router/client.h"
#include "sources/snmp_router/rows.h"
#include "sources/snmp_router/tell.h"
#include "sources/snmp_router/trap.h"
#include "sources/source.h"

#define PORT_AGENT    161
#define PORT_TRAPS    162
#define HINT_MIN_USEC (200 * ERM_USEC_PER_MSEC) /* 5 hinted reads a second */
#define TRAP_MIN_USEC (50 * ERM_USEC_PER_MSEC)  /* 20 after traps */

enum stage { STAGE_IDLE, STAGE_WALK, STAGE_ROWS };

struct erm_source {
	struct erm_source_report report;
	struct erm_snmpr_rows rows;
	struct erm_snmpr_client *client;
	struct erm_snmpr_trap *trap;
	struct erm_router_timer timer;

	bool has_address;
	union erm_snmpr_address address;

	enum stage stage;
	bool needs_walk, was_walked; /* the second: in this cycle */
	uint32_t portion;            /* varbinds of one request */
	uint32_t boots;
	usec_t uptime_at, walked_at, looked_at;
	usec_t poll_at, look_at; /* ERM_USEC_INFINITY: not wanted */
	bool is_follow_up;       /* what is due at look_at */
};

static const struct erm_source_config *config_of(const struct erm_source *source)
{
	return source->report.settings;
}

/* The cycle has failed: what was told before holds until it is stale. */
static void tell_lost(struct erm_source *source, enum erm_source_reason reason, const char *text)
{
	source->stage = STAGE_IDLE;
	erm_router_report_lost(&source->report, reason, text, false);
}

static void tell_ok(struct erm_source *source, const char *text)
{
	if (source->report.own.state != ERM_SOURCE_OK ||
	    strcmp(source->report.own.text, text) != 0) {
		erm_log_info("source %s: %s: answers, %u sessions and %u interfaces watched%s%s",
			     config_of(source)->name, config_of(source)->address,
			     source->rows.n_peers, source->rows.n_interfaces, *text ? "; " : "",
			     text);
	}
	source->report.own.state = ERM_SOURCE_OK;
	source->report.own.reason = ERM_REASON_NONE;
	source->report.own.is_void = false;
	(void)snprintf(source->report.own.text, sizeof(source->report.own.text), "%s", text);
	erm_source_report_tell(&source->report);
}

static void tell_cycle(struct erm_source *source)
{
	struct erm_snmpr_told v = erm_snmpr_tell(&source->report, &source->rows, erm_time_now());
	const char *text = v.lacks_bgp && v.lacks_if ? "the agent lacks BGP4-MIB and IF-MIB"
			   : v.lacks_bgp             ? "the agent lacks BGP4-MIB"
			   : v.lacks_if              ? "the agent lacks IF-MIB"
						     : "";

	source->stage = STAGE_IDLE;
	source->report.own.counters.events += v.n_changes;
	if (*text && v.n_told == 0)
		tell_lost(source, ERM_REASON_UNSUPPORTED, text);
	else
		tell_ok(source, text);
	if (v.n_changes > 0)
		erm_source_report_hint(&source->report);
}

/* --- A cycle --- */

static void next_step(struct erm_source *source);

static void begin_rows(struct erm_source *source)
{
	source->stage = STAGE_ROWS;
	erm_snmpr_rows_begin(&source->rows);
	next_step(source);
}

static void begin_walk(struct erm_source *source)
{
	source->stage = STAGE_WALK;
	source->was_walked = true;
	source->walked_at = erm_time_now().mono;
	erm_snmpr_rows_begin_walk(&source->rows);
	next_step(source);
}

/* A row is gone, or has become another's: once a cycle the names are looked up again. */
static bool has_moved(const struct erm_source *source)
{
	for (uint32_t i = 0; i < source->rows.n_interfaces; i++) {
		const struct erm_snmpr_interface *iface = &source->rows.interfaces[i];

		if (iface->ifindex > 0 && (iface->result == -ENOENT || iface->result == -ESTALE))
			return true;
	}
	return false;
}

static bool has_nonsense(const struct erm_source *source)
{
	for (uint32_t i = 0; i < source->rows.n_peers; i++) {
		if (source->rows.peers[i].result == -EBADMSG)
			return true;
	}
	for (uint32_t i = 0; i < source->rows.n_interfaces; i++) {
		if (source->rows.interfaces[i].result == -EBADMSG)
			return true;
	}
	return false;
}

static void end_rows(struct erm_source *source)
{
	erm_snmpr_rows_end(&source->rows);
	if (has_nonsense(source)) {
		tell_lost(source, ERM_REASON_PROTOCOL, "a state that is none");
	} else if (has_moved(source) && !source->was_walked) {
		source->report.own.counters.resyncs++;
		begin_walk(source);
	} else {
		tell_cycle(source);
	}
}

/* Sends what comes next, or ends the cycle. */
static void next_step(struct erm_source *source)
{
	struct erm_snmpr_request request = { 0 };

	if (source->stage == STAGE_WALK) {
		erm_snmpr_rows_ask_walk(&source->rows, &request);
	} else if (!erm_snmpr_rows_ask(&source->rows, source->portion, &request)) {
		end_rows(source);
		return;
	}
	if (erm_snmpr_client_ask(source->client, &request) < 0)
		(void)sd_event_exit(source->report.env.event, EXIT_FAILURE);
}

static void walked(struct erm_source *source, const struct erm_snmpr_answer *answer)
{
	int r = erm_snmpr_rows_take_walk(&source->rows, answer);

	if (r == 1) {
		next_step(source);
		return;
	}
	if (r == -E2BIG) {
		source->report.own.counters.limits_hit++;
	} else if (r < 0) {
		tell_lost(source, ERM_REASON_PROTOCOL, "a walk that does not go forward");
		return;
	}
	source->needs_walk = false;
	begin_rows(source);
}

/* True when the agent is not the one of before: the cycle starts over. */
static bool check_restart(struct erm_source *source, uint32_t uptime, uint32_t boots, usec_t asked)
{
	struct erm_snmpr_rows *rows = &source->rows;
	bool is_restart = (rows->has_uptime &&
			   erm_snmpr_is_restart(rows->uptime, uptime,
						erm_usec_sub(asked, source->uptime_at))) ||
			  (source->boots > 0 && boots > source->boots);

	rows->has_uptime = true;
	rows->uptime = uptime;
	source->uptime_at = asked;
	source->boots = boots;
	if (!is_restart)
		return false;
	erm_log_notice("source %s: %s: the agent was restarted", config_of(source)->name,
		       config_of(source)->address);
	source->report.own.counters.resyncs++;
	erm_snmpr_rows_rebase(rows);
	return true;
}

static void read_rows(struct erm_source *source, const struct erm_snmpr_answer *answer,
		      usec_t asked)
{
	uint32_t uptime = 0;

	if (erm_snmpr_rows_take(&source->rows, answer, asked, &uptime) < 0) {
		tell_lost(source, ERM_REASON_PROTOCOL, "an answer to something else");
	} else if (check_restart(source, uptime, answer->boots, asked)) {
		if (source->rows.n_interfaces > 0)
			begin_walk(source);
		else
			begin_rows(source);
	} else {
		next_step(source);
	}
}

static void ask_for_less(struct erm_source *source)
{
	if (source->stage == STAGE_ROWS && source->portion > ERM_SNMPR_PORTION_MIN) {
		source->portion /= 2;
		next_step(source);
	} else {
		tell_lost(source, ERM_REASON_PROTOCOL, "every answer is too big for the agent");
	}
}

/* --- Time --- */

static void begin_cycle(struct erm_source *source, usec_t now)
{
	const struct erm_source_config *config = config_of(source);
	bool is_stale = now >= erm_usec_add(source->walked_at, config->resync_usec);
	bool is_absent = false;

	source->poll_at = erm_usec_add(now, config->poll_usec);
	if (!source->has_address)
		return;
	for (uint32_t i = 0; i < source->rows.n_interfaces; i++)
		is_absent = is_absent || source->rows.interfaces[i].ifindex == 0;
	source->was_walked = false;
	if (source->rows.n_interfaces > 0 && (source->needs_walk || (is_absent && is_stale)))
		begin_walk(source);
	else
		begin_rows(source);
}

static void begin_look(struct erm_source *source, usec_t now)
{
	bool is_follow_up = source->is_follow_up;

	source->looked_at = now;
	/* the hint may have been quicker than the router: look once more */
	source->look_at = is_follow_up ? ERM_USEC_INFINITY : erm_usec_add(now, HINT_MIN_USEC);
	source->is_follow_up = !is_follow_up;
	begin_cycle(source, now);
}

/* Does what is due and sets the timer for what will be.  The only place where a cycle starts. */
static void advance_or_exit(struct erm_source *source)
{
	usec_t now = erm_time_now().mono;
	usec_t next = ERM_USEC_INFINITY;

	if (source->stage == STAGE_IDLE) {
		if (source->look_at <= now)
			begin_look(source, now);
		else if (source->poll_at <= now)
			begin_cycle(source, now);
	}
	if (source->stage == STAGE_IDLE) /* else the client's own timer ends it */
		next = source->look_at < source->poll_at ? source->look_at : source->poll_at;
	erm_router_timer_set(&source->timer, next);
}

static void on_answer(void *userdata, const struct erm_snmpr_answer *answer, usec_t asked)
{
	struct erm_source *source = userdata;

	if (source->stage == STAGE_WALK)
		walked(source, answer);
	else
		read_rows(source, answer, asked);
	advance_or_exit(source);
}

static void on_too_big(void *userdata)
{
	ask_for_less(userdata);
	advance_or_exit(userdata);
}

static void on_failed(void *userdata, enum erm_source_reason reason, const char *text)
{
	tell_lost(userdata, reason, text);
	advance_or_exit(userdata);
}

static const struct erm_snmpr_client_handler client_handler = { .answer = on_answer,
								.too_big = on_too_big,
								.failed = on_failed };

static void look_at(struct erm_source *source, usec_t spacing)
{
	usec_t at = erm_usec_add(source->looked_at, spacing);

	/* at most one is queued; a follow-up that was becomes a hinted read */
	if (at < source->look_at)
		source->look_at = at;
	source->is_follow_up = false;
	advance_or_exit(source);
}

static void on_trap(void *userdata)
{
	look_at(userdata, TRAP_MIN_USEC);
}

/* --- Life --- */

/* 0, also when it is no address: that is told. */
static int resolve_address(struct erm_source *source)
{
	const struct erm_source_config *config = config_of(source);
	int r = erm_snmpr_address_parse(config->address, PORT_AGENT, &source->address);

	source->has_address = r >= 0;
	if (r >= 0)
		return erm_snmpr_client_set_peer(source->client, &source->address,
						 config->timeout_usec, config->credentials);
	if (r == -EPROTONOSUPPORT) {
		tell_lost(source, ERM_REASON_UNSUPPORTED, "only UDP is spoken with an agent");
	} else {
		tell_lost(
			source, ERM_REASON_SYSTEM,
			"not the address of an agent, as udp:192.0.2.1:161; names are not resolved");
	}
	return 0;
}

static void hear_traps(struct erm_source *source)
{
	const struct erm_source_config *config = config_of(source);
	const struct erm_snmpr_trap_wish wish = { .from = source->address,
						  .trap = on_trap,
						  .userdata = source,
						  .counters = &source->report.own.counters };
	union erm_snmpr_address listen = { 0 };
	int r;

	source->trap = erm_snmpr_trap_leave(source->trap);
	if (!config->trap_listen || !source->has_address)
		return;
	r = erm_snmpr_address_parse(config->trap_listen, PORT_TRAPS, &listen);
	if (r >= 0) {
		r = erm_snmpr_trap_join(source->report.env.event, &listen, &wish, &source->trap);
	}
	if (r < 0)
		erm_log_warning("source %s: traps cannot be heard at %s: %s", config->name,
				config->trap_listen, strerrordesc_np(-r));
}

static void note_others(const struct erm_source *source)
{
	if (source->rows.n_others > 0) {
		erm_log_notice("source %s: BGP4-MIB knows IPv4 neighbors only: "
			       "it cannot tell of %u IPv6 sessions",
			       config_of(source)->name, source->rows.n_others);
	}
}

/* The configuration is another one, or the first. */
static int configured(struct erm_source *source)
{
	int r;

	erm_source_report_tell(&source->report);
	r = resolve_address(source);
	if (r < 0)
		return r;
	hear_traps(source);
	note_others(source);
	advance_or_exit(source);
	return 0;
}

static void snmp_free(struct erm_source *source)
{
	if (!source)
		return;
	(void)erm_snmpr_trap_leave(source->trap);
	erm_router_timer_done(&source->timer);
	(void)erm_snmpr_client_free(source->client);
	erm_snmpr_rows_done(&source->rows);
	erm_source_report_done(&source->report);
	free(source);
}
ERM_DEFINE_CLEANUP(struct erm_source *, snmp_free)

static int snmp_start(const struct erm_source_env *env, struct erm_config *config, uint32_t index,
		      struct erm_source **ret)
{
	ERM_CLEANUP(snmp_freep) struct erm_source *source = calloc(1, sizeof(*source));
	int r;

	assert(config->sources[index].address && config->sources[index].credentials);
	if (!source)
		return -ENOMEM;
	erm_source_report_init(&source->report, env);
	erm_source_report_configure(&source->report, config, index);
	source->needs_walk = true;
	source->portion = ERM_SNMPR_PORTION_MAX;
	source->look_at = ERM_USEC_INFINITY;
	r = erm_snmpr_rows_make(config, index, NULL, &source->rows);
	if (r >= 0) {
		r = erm_snmpr_client_new(env->event,
					 env->helper_dir ? env->helper_dir : ERM_HELPER_DIR,
					 &client_handler, source, &source->report.own.counters,
					 &source->client);
	}
	if (r >= 0)
		r = erm_router_timer_init(&source->timer, env->event, "snmp-poll", advance_or_exit,
					  source);
	if (r >= 0)
		r = configured(source);
	if (r < 0)
		return r;
	*ret = ERM_TAKE_PTR(source);
	return 0;
}

/* The router is another one: nothing that was known of the old one holds. */
static void start_anew(struct erm_source *source)
{
	erm_router_report_anew(&source->report);
	source->boots = 0;
	source->portion = ERM_SNMPR_PORTION_MAX;
}

static int snmp_reconfigure(struct erm_source *source, struct erm_config *config, uint32_t index)
{
	bool is_same = strcmp(config_of(source)->address, config->sources[index].address) == 0;
	struct erm_snmpr_rows rows = { 0 };
	int r = erm_snmpr_rows_make(config, index, is_same ? &source->rows : NULL, &rows);

	if (r < 0)
		return r;
	erm_snmpr_client_drop(source->client);
	erm_snmpr_rows_done(&source->rows);
	source->rows = rows;
	erm_source_report_configure(&source->report, config, index);
	source->stage = STAGE_IDLE;
	source->needs_walk = true;
	source->poll_at = 0; /* tells it all again, under the new positions */
	if (!is_same)
		start_anew(source);
	return configured(source);
}

static void snmp_look_now(struct erm_source *source)
{
	look_at(source, HINT_MIN_USEC);
}

const struct erm_source_ops erm_source_snmp_ops = {
	.type = ERM_SOURCE_TYPE_SNMP,
	.start = snmp_start,
	.reconfigure = snmp_reconfigure,
	.look_now = snmp_look_now,
	.free = snmp_free,
};
