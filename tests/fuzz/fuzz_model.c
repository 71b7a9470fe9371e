/*
 * The model: bytes become observations, time steps, reloads and restarts on one of
 * a few small configurations; model_checks.c says what must hold after each commit.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../replay/lab_config.h"
#include "base/usec.h"
#include "core/resolve.h"
#include "core/resource.h"
#include "core/session.h"
#include "model_checks.h"
#include "model_heard.h"
#include "model_plans.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define STEPS_MAX    200
#define RUN_MAX      20
#define FLAP_ROUNDED (2 * ERM_USEC_PER_MSEC) /* the end of a decay is rounded up by one */

struct input {
	const uint8_t *data;
	size_t size;
};

struct world {
	struct input input;
	uint8_t plan;
	bool is_second;
	struct erm_model *model;
	struct erm_config *config;
	struct erm_time now;
	struct hearsay *sessions;
	struct heard *interfaces;
	usec_t good[LAB_SOURCES_MAX]; /* last good answer, 0 = none or void since */
	struct checks checks;
};

static uint8_t take(struct world *w)
{
	if (w->input.size == 0)
		return 0;
	w->input.size--;
	return *w->input.data++;
}

static struct hearsay *new_sessions(const struct erm_config *config, const struct hearsay *old,
				    uint32_t n_old)
{
	struct hearsay *sessions = calloc(config->n_sessions + 1, sizeof(*sessions));

	MUST(sessions);
	for (uint32_t i = 0; i < config->n_sessions; i++) {
		(void)erm_resource_name(config, ERM_RESOURCE_SESSION, i, sessions[i].name);
		for (uint32_t k = 0; k < n_old; k++) {
			if (strcmp(old[k].name, sessions[i].name) == 0)
				sessions[i] = old[k];
		}
	}
	return sessions;
}

static struct heard *new_interfaces(const struct erm_config *config, const struct heard *old,
				    uint32_t n_old)
{
	struct heard *heard = calloc(config->n_interfaces + 1, sizeof(*heard));

	MUST(heard);
	for (uint32_t i = 0; i < config->n_interfaces; i++) {
		strncpy(heard[i].name, config->interfaces[i].name, sizeof(heard[i].name) - 1);
		for (uint32_t k = 0; k < n_old; k++) {
			if (strcmp(old[k].name, heard[i].name) == 0)
				heard[i] = old[k];
		}
	}
	return heard;
}

static void hear_anew(struct world *w, struct erm_config *config)
{
	struct hearsay *sessions =
		new_sessions(config, w->sessions, w->config ? w->config->n_sessions : 0);
	struct heard *interfaces =
		new_interfaces(config, w->interfaces, w->config ? w->config->n_interfaces : 0);

	free(w->sessions);
	free(w->interfaces);
	(void)erm_config_unref(w->config);
	w->config = config;
	w->sessions = sessions;
	w->interfaces = interfaces;
	for (uint32_t i = config->n_sources; i < LAB_SOURCES_MAX; i++)
		w->good[i] = 0;
}

static void apply(struct world *w, struct erm_obs *obs)
{
	obs->at = w->now;
	MUST(erm_model_apply(w->model, obs) == 0);
}

static void tell_interface(struct world *w, uint32_t i, uint8_t how)
{
	struct heard *heard = &w->interfaces[i];
	const struct erm_obs_interface *was = &heard->obs.iface;
	struct erm_obs obs = { .kind = ERM_OBS_INTERFACE,
			       .source = LAB_KERNEL,
			       .iface = { .interface = i } };

	obs.iface.is_present = (how & 0x70) != 0x70;
	if (obs.iface.is_present) {
		obs.iface.has_carrier = how & 1;
		obs.iface.is_oper_up = obs.iface.has_carrier && (how & 0x0e) != 0x0e;
		obs.iface.is_admin_up = (how & 0x0e) != 0x0c;
		obs.iface.is_new = !was->is_present;
		obs.iface.has_counts = !(how & 0x80);
		obs.iface.carrier_down_count = was->carrier_down_count +
					       (was->has_carrier && !obs.iface.has_carrier) +
					       ((how & 0x70) == 0x60 ? 3 : 0);
		obs.iface.ifindex = i + 2;
	}
	apply(w, &obs);
	heard->is_told = true;
	heard->obs = obs;
}

/* What is rarer than up or down. */
static void add_details(struct erm_obs_session *s, uint8_t how)
{
	s->has_received = (how & 0xe0) != 0xc0;
	s->has_advertised = true;
	s->prefixes_received = (how & 0xe0) == 0xa0 ? 0 : 5;
	s->prefixes_advertised = (how & 0xe0) == 0x80 ? 3500 : 5;
	if ((how & 0xe2) == 0x20)
		s->prefixes_advertised = 4100;
	s->has_path = true;
	s->prepends = (how & 0xe2) == 0x22 ? 2 : 0;
	s->has_expected = (how & 0xe0) != 0xc0;
	s->expected_received = (how & 0xe4) == 0x24 ? 1 : (how & 0xe4) == 0xa4 ? 0 : 2;
	s->remote_as = (how & 0xe0) == 0x60 ? 64512 : 12076;
	s->bfd = (how & 0xe0) == 0x40 ? ERM_BFD_DOWN : ERM_BFD_UP;
}

static void tell_session(struct world *w, uint32_t i, uint32_t source, usec_t asked, uint8_t how)
{
	struct heard *heard = &w->sessions[i].by[source];
	const struct erm_obs_session *was = &heard->obs.session;
	bool is_up = how & 1;
	struct erm_obs obs = { .kind = ERM_OBS_SESSION,
			       .source = source,
			       .asked = asked,
			       .session = { .session = i, .is_configured = (how & 0x1e) != 0x1e } };
	struct erm_obs_session *s = &obs.session;

	if (!erm_session_has_source(w->config, i, source))
		return;
	if (s->is_configured) {
		s->bgp = is_up                  ? ERM_BGP_ESTABLISHED
			 : (how & 0x1e) == 0x1c ? ERM_BGP_UNKNOWN
						: ERM_BGP_ACTIVE;
		s->is_admin_shutdown = !is_up && (how & 0x1e) == 0x1a;
		s->has_counts = (how & 0x1e) != 0x18 &&
				erm_source_is_authority(w->config->sources[source].type);
		s->established_count =
			was->established_count + (is_up && was->bgp != ERM_BGP_ESTABLISHED);
		s->dropped_count = was->dropped_count +
				   (!is_up && was->bgp == ERM_BGP_ESTABLISHED) +
				   ((how & 0xe0) == 0xe0 ? 2 : 0);
		if (w->config->sources[source].type != ERM_SOURCE_TYPE_SOCK_DIAG)
			add_details(s, how);
		s->has_reset = !is_up;
		s->reset_cause = ERM_CAUSE_LOCAL_SHUTDOWN + (how >> 1) % 10;
	} else {
		s->bfd = ERM_BFD_UNKNOWN;
	}
	if (source > LAB_ROUTER && how == 0xfe) /* it takes back what it said */
		*s = (struct erm_obs_session){ .session = i, .is_withdrawn = true };
	apply(w, &obs);
	*heard = (struct heard){ .is_told = !s->is_withdrawn, .obs = obs };
}

/* By one of its sources, asked just now, a moment ago, long ago, or not at all. */
static void tell_some_session(struct world *w, uint8_t op, uint32_t i, uint8_t how)
{
	static const usec_t ages[4] = { 0, 30000, 5000000, 0 };
	const struct erm_session_config *config = &w->config->sessions[i];
	usec_t asked = w->now.mono - ages[op >> 6];

	if (config->n_sources == 0)
		return;
	tell_session(w, i,
		     w->config->session_sources[config->first_source +
						(op >> 4) % 4U % config->n_sources],
		     op >> 6 == 0 ? 0 : asked, how);
}

static void forget(struct world *w, uint32_t source)
{
	for (uint32_t i = 0; i < w->config->n_sessions; i++)
		w->sessions[i].by[source].is_told = false;
	for (uint32_t i = 0; source == LAB_KERNEL && i < w->config->n_interfaces; i++)
		w->interfaces[i].is_told = false;
}

static void tell_source(struct world *w, uint32_t source, uint8_t how)
{
	struct erm_obs obs = { .kind = ERM_OBS_SOURCE, .source = source };

	obs.src.state = how % 4 == 0 ? ERM_SOURCE_LOST : ERM_SOURCE_OK;
	obs.src.reason = how % 4 == 0 ? ERM_REASON_TIMEOUT : ERM_REASON_NONE;
	obs.src.is_void = how % 8 == 0;
	apply(w, &obs);
	if (obs.src.state == ERM_SOURCE_OK)
		w->good[source] = w->now.mono;
	if (obs.src.is_void) {
		w->good[source] = 0;
		forget(w, source);
	}
}

static uint32_t source_of_type(const struct erm_config *config, enum erm_source_type type)
{
	for (uint32_t i = 0; i < config->n_sources; i++) {
		if (config->sources[i].type == type)
			return i;
	}
	return ERM_NO_INDEX;
}

static void tell_neighbor(struct world *w, uint8_t a, uint8_t b)
{
	struct erm_obs obs = { .kind = ERM_OBS_NEIGHBOR,
			       .source = source_of_type(w->config, ERM_SOURCE_TYPE_NEIGHBOR),
			       .neighbor = { .session = a % w->config->n_sessions,
					     .state = ERM_NEIGHBOR_UNKNOWN + b % 3 } };

	if (obs.source == ERM_NO_INDEX || w->config->n_sessions == 0)
		return;
	apply(w, &obs);
	tell_source(w, obs.source, 1);
}

static void tell_optics(struct world *w, uint8_t a, uint8_t b)
{
	struct erm_obs obs = { .kind = ERM_OBS_OPTICS,
			       .source = source_of_type(w->config, ERM_SOURCE_TYPE_ETHTOOL),
			       .optics = { .interface = a % w->config->n_interfaces,
					   .is_known = b & 1,
					   .has_light = b & 6,
					   .n_lanes = b >> 3 & 1,
					   .rx = { -1400, -1200, 0, 200 },
					   .tx = { -1400, -1200, 0, 200 } } };

	if (obs.source == ERM_NO_INDEX)
		return;
	obs.optics.lanes[0].rx_cdbm = (int16_t)(b >> 4 ? -(b >> 4) * 100 : ERM_DARK_CDBM);
	obs.optics.lanes[0].is_los = (b & 6) == 6;
	apply(w, &obs);
	tell_source(w, obs.source, 1);
}

/* A full re-read that finds some, and not others. */
static void tell_dump(struct world *w, uint32_t source, uint8_t seen, uint8_t how)
{
	struct erm_obs obs = { .kind = ERM_OBS_DUMP_BEGIN, .source = source };
	bool is_router = erm_source_is_authority(w->config->sources[source].type);

	apply(w, &obs);
	for (uint32_t i = 0; source == LAB_KERNEL && i < w->config->n_interfaces; i++) {
		if (seen >> i % 8 & 1) {
			tell_interface(w, i, how);
			continue;
		}
		w->interfaces[i].is_told = true;
		w->interfaces[i].obs = (struct erm_obs){ 0 };
	}
	for (uint32_t i = 0; source != LAB_KERNEL && i < w->config->n_sessions; i++) {
		if (!erm_session_has_source(w->config, i, source))
			continue;
		if (seen >> i % 8 & 1) {
			tell_session(w, i, source, 0, how);
			continue;
		}
		w->sessions[i].by[source].is_told = is_router;
		w->sessions[i].by[source].obs = (struct erm_obs){ 0 };
	}
	obs = (struct erm_obs){ .kind = ERM_OBS_DUMP_END, .source = source };
	apply(w, &obs);
	tell_source(w, source, 1);
}

static bool is_fresh(const struct world *w, uint32_t source)
{
	return source != ERM_NO_INDEX && w->good[source] != 0 &&
	       w->now.mono - w->good[source] < w->config->sources[source].stale_after_usec;
}

static bool is_broken(const struct heard *below)
{
	return !below->obs.iface.is_present || !below->obs.iface.has_carrier ||
	       !below->obs.iface.is_admin_up || !below->obs.iface.is_oper_up;
}

static const struct heard *heard_below(const struct world *w, const struct erm_session_row *row)
{
	uint32_t interface = w->config->connections[row->config->connection].interface;

	return interface == ERM_NO_INDEX ? NULL : &w->interfaces[interface];
}

/* Nothing is claimed that no source has told. */
static void check_session(const struct world *w, const bool is_heard[LAB_SOURCES_MAX],
			  const struct erm_snapshot *snapshot, const struct erm_session_row *row)
{
	const struct heard *heard = heard_check(&w->sessions[row->config - w->config->sessions],
						is_heard, snapshot, row);
	const struct heard *below = heard_below(w, row);
	uint32_t arp = source_of_type(w->config, ERM_SOURCE_TYPE_NEIGHBOR);

	MUST(row->neighbor == ERM_NEIGHBOR_UNKNOWN || is_fresh(w, arp));
	if (row->state == ERM_MEMBER_UNKNOWN)
		return;
	if (row->layer == ERM_LAYER_PORT || row->layer == ERM_LAYER_INTERFACE ||
	    row->cause == ERM_CAUSE_INTERFACE_ADMIN) {
		MUST(is_fresh(w, LAB_KERNEL) && below && below->is_told && is_broken(below));
		return;
	}
	MUST(heard);
	if (erm_member_is_usable(row->state)) {
		MUST(heard->obs.session.is_configured &&
		     heard->obs.session.bgp == ERM_BGP_ESTABLISHED);
	} else {
		MUST(heard->obs.session.bgp != ERM_BGP_ESTABLISHED ||
		     row->cause == ERM_CAUSE_NO_PREFIXES);
		MUST(!heard->obs.session.is_configured ||
		     heard->obs.session.bgp != ERM_BGP_UNKNOWN ||
		     row->state == ERM_MEMBER_ADMIN_DOWN);
	}
	MUST(row->cause != ERM_CAUSE_NEIGHBOR_UNRESOLVED ||
	     (row->state == ERM_MEMBER_DOWN && row->neighbor == ERM_NEIGHBOR_UNRESOLVED));
	MUST((row->state == ERM_MEMBER_DRAINING) <= (row->prepends > 0));
}

static void commit(struct world *w)
{
	struct erm_snapshot *snapshot = NULL;
	struct erm_events events = { 0 };
	uint32_t optics = source_of_type(w->config, ERM_SOURCE_TYPE_ETHTOOL);
	bool is_heard[LAB_SOURCES_MAX] = { false };

	MUST(erm_model_commit(w->model, w->now, &snapshot, &events) == 0);
	checks_commit(&w->checks, w->model, snapshot, &events);
	MUST(snapshot->config == w->config);
	for (uint32_t i = 0; i < w->config->n_sources; i++)
		is_heard[i] = is_fresh(w, i);
	for (uint32_t i = 0; i < snapshot->n_sessions; i++)
		check_session(w, is_heard, snapshot, &snapshot->sessions[i]);
	for (uint32_t i = 0; i < snapshot->n_lights; i++) {
		MUST(!snapshot->lights[i].is_known || is_fresh(w, optics));
		MUST(!snapshot->lights[i].is_out || snapshot->lights[i].has_light);
	}
	(void)erm_snapshot_unref(snapshot);
	erm_events_done(&events);
}

/* A commit that has nothing new to judge: it must change nothing. */
static void commit_quietly(struct world *w)
{
	struct erm_snapshot *before = erm_snapshot_ref(w->checks.last);
	uint32_t heartbeats_do_not_count = w->checks.sequence;

	commit(w);
	MUST(w->checks.sequence == heartbeats_do_not_count);
	checks_same(before, w->checks.last);
	(void)erm_snapshot_unref(before);
}

static void pass(struct world *w, usec_t span)
{
	w->now.mono += span;
	w->now.real += span;
}

/* To the model's next deadline; just before it nothing may happen. */
static void run_to_deadline(struct world *w)
{
	usec_t deadline = 0;

	commit(w);
	deadline = erm_model_next_deadline(w->model);
	if (deadline == ERM_USEC_INFINITY)
		return;
	if (deadline > w->now.mono + FLAP_ROUNDED) {
		pass(w, deadline - FLAP_ROUNDED - w->now.mono);
		commit_quietly(w);
	}
	MUST(erm_model_next_deadline(w->model) <= deadline);
	pass(w, deadline > w->now.mono ? deadline - w->now.mono : 0);
	commit(w);
}

/* Lets time pass while both sources answer. */
static void run(struct world *w, usec_t span)
{
	usec_t end = w->now.mono + span;
	usec_t poll = w->config->sources[LAB_ROUTER].stale_after_usec / 3;

	for (int i = 0; i < RUN_MAX && w->now.mono < end; i++) {
		usec_t at = erm_model_next_deadline(w->model);

		if (at > w->now.mono + poll)
			at = w->now.mono + poll;
		if (at > w->now.mono)
			pass(w, at - w->now.mono);
		for (uint32_t k = 0; k < w->config->n_sources; k++) {
			if (w->good[k] != 0)
				tell_source(w, k, 1);
		}
		commit(w);
	}
}

static void reload(struct world *w, bool is_committed)
{
	struct erm_config *config = NULL;

	w->is_second = !w->is_second;
	config = model_plan(w->plan, w->is_second);
	MUST(erm_model_reconfigure(w->model, config, w->now) == 0);
	hear_anew(w, config);
	if (is_committed)
		commit(w);
	else
		checks_forget_rows(&w->checks); /* what goes and comes back counts anew */
}

static void restart(struct world *w, bool is_changed)
{
	struct erm_persist persist = { 0 };

	commit(w); /* as the daemon does before it saves */
	MUST(erm_model_export(w->model, &persist) == 0);
	(void)erm_model_free(w->model);
	w->model = NULL;
	if (is_changed)
		w->is_second = !w->is_second;
	hear_anew(w, model_plan(w->plan, w->is_second));
	MUST(erm_model_new(w->config, &persist, w->now, &w->model) == 0);
	erm_persist_done(&persist);
	for (uint32_t i = 0; i < LAB_SOURCES_MAX; i++) {
		w->good[i] = 0;
		forget(w, i);
	}
	checks_forget_rows(&w->checks);
}

static usec_t span_of(uint8_t byte)
{
	static const usec_t spans[16] = {
		1,         1000,      50000,      300000,      900000,   1000000,
		2000000,   5000000,   9999999,    10000000,    30000000, 60000000,
		301000000, 605000000, 1801000000, 86401000000,
	};

	return spans[byte & 15];
}

/* Operators come and go: shelves for some or all of it, for a while or for ever. */
static void act(struct world *w, uint8_t a, uint8_t b)
{
	static const char *const patterns[] = { "*", "c*", "*:*", "p*" };
	struct erm_shelf shelf = { .name = "s0", .types = b & 0x10 ? 1U << (b % 12 + 1) : 0 };
	struct erm_operator op = { .state = ERM_OPERATOR_NONE + b % 3, .who = "op" };
	uint32_t n = 0;
	int r = 0;

	shelf.name[1] = (char)('0' + (a >> 2) % 3);
	(void)snprintf(shelf.resources[0], sizeof(shelf.resources[0]), "%s", patterns[b >> 5 & 3]);
	switch (a & 3) {
	case 0:
	case 1:
		if (a & 0x40)
			shelf.until.real = w->now.real + span_of(a >> 4 | (b & 8));
		r = erm_model_shelve(w->model, &shelf, w->now, &n);
		MUST(r == 0);
		break;
	case 2:
		r = erm_model_unshelve(w->model, shelf.name, w->now, &n);
		MUST(r == 0 || r == -ENOENT);
		break;
	case 3:
		if (!w->checks.last || w->checks.last->n_alarms == 0)
			break;
		/* The model may have been reloaded since. */
		r = erm_model_set_operator(w->model,
					   w->checks.last->alarms[b % w->checks.last->n_alarms].key,
					   &op, w->now);
		MUST(r == 0 || r == -ENOENT);
		break;
	}
}

static void step(struct world *w)
{
	uint8_t op = take(w);
	uint8_t a = take(w);
	uint8_t b = take(w);

	switch (op % 16) {
	case 0:
	case 1:
	case 2:
		if (op & 0x80)
			tell_neighbor(w, a, b);
		else if (op & 0x40)
			tell_optics(w, a, b);
		else
			tell_interface(w, a % w->config->n_interfaces, b);
		break;
	case 3:
	case 4:
	case 5:
		tell_some_session(w, op, a % w->config->n_sessions, b);
		break;
	case 6:
		tell_source(w, a % w->config->n_sources, b);
		break;
	case 7:
		tell_dump(w, LAB_KERNEL, a | (b & 8 ? 0xff : 0), b);
		break;
	case 8:
		tell_dump(w, LAB_ROUTER + (op >> 4) % (w->config->n_sources - 1),
			  a | (b & 8 ? 0xff : 0), b);
		break;
	case 9:
		pass(w, span_of(a));
		commit(w);
		break;
	case 10:
		run_to_deadline(w);
		break;
	case 11:
		run(w, span_of(a));
		break;
	case 12:
		commit(w);
		commit_quietly(w);
		break;
	case 13:
		reload(w, a & 1);
		break;
	case 14:
		restart(w, b & 1);
		break;
	case 15:
		if (op & 0x40) {
			act(w, a, b);
			break;
		}
		if (a & 1)
			erm_model_announce(w->model);
		pass(w, span_of(b & 7));
		break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct world w = { .now = { .mono = 1000 * ERM_USEC_PER_SEC,
				    .real = 1700000000 * ERM_USEC_PER_SEC } };

	if (size < 2)
		return 0;
	w.plan = data[0];
	w.input = (struct input){ .data = data + 1, .size = size - 1 };
	hear_anew(&w, model_plan(w.plan, false));
	MUST(erm_model_new(w.config, NULL, w.now, &w.model) == 0);
	tell_dump(&w, LAB_KERNEL, 0xff, 0x01);
	tell_dump(&w, LAB_ROUTER, 0xff, 0x01);
	commit(&w);
	for (uint32_t i = LAB_N_SOURCES; i < w.config->n_sources; i++)
		tell_dump(&w, i, 0xff, 0x01);
	for (int i = 0; i < STEPS_MAX && w.input.size > 0; i++)
		step(&w);
	commit(&w);
	checks_done(&w.checks);
	(void)erm_model_free(w.model);
	(void)erm_config_unref(w.config);
	free(w.sessions);
	free(w.interfaces);
	return 0;
}
