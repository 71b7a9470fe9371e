/*
 * The model: bytes become observations, time steps, reloads and restarts on one of
 * a few small configurations; model_checks.c says what must hold after each commit.
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../replay/lab_config.h"
#include "base/usec.h"
#include "core/resource.h"
#include "core/session.h"
#include "model_checks.h"
#include "model_plans.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define STEPS_MAX    200
#define RUN_MAX      20
#define FLAP_ROUNDED (2 * ERM_USEC_PER_MSEC) /* the end of a decay is rounded up by one */

struct input {
	const uint8_t *data;
	size_t size;
};

/* What the sources last told, so that what the model says can be held against it. */
struct heard {
	char name[ERM_RESOURCE_MAX];
	bool is_told;
	struct erm_obs obs;
};

struct world {
	struct input input;
	uint8_t plan;
	bool is_second;
	struct erm_model *model;
	struct erm_config *config;
	struct erm_time now;
	struct heard *sessions, *interfaces;
	usec_t good[LAB_N_SOURCES]; /* last good answer, 0 = none or void since */
	struct checks checks;
};

static uint8_t take(struct world *w)
{
	if (w->input.size == 0)
		return 0;
	w->input.size--;
	return *w->input.data++;
}

static struct heard *new_heard(const struct erm_config *config, enum erm_resource_kind kind,
			       const struct heard *old, uint32_t n_old)
{
	uint32_t n = kind == ERM_RESOURCE_SESSION ? config->n_sessions : config->n_interfaces;
	struct heard *heard = calloc(n + 1, sizeof(*heard));

	MUST(heard);
	for (uint32_t i = 0; i < n; i++) {
		if (kind == ERM_RESOURCE_SESSION)
			(void)erm_resource_name(config, kind, i, heard[i].name);
		else
			strncpy(heard[i].name, config->interfaces[i].name,
				sizeof(heard[i].name) - 1);
		for (uint32_t k = 0; k < n_old; k++) {
			if (strcmp(old[k].name, heard[i].name) == 0)
				heard[i] = old[k];
		}
	}
	return heard;
}

static void hear_anew(struct world *w, struct erm_config *config)
{
	struct heard *sessions = new_heard(config, ERM_RESOURCE_SESSION, w->sessions,
					   w->config ? w->config->n_sessions : 0);
	struct heard *interfaces = new_heard(config, ERM_RESOURCE_PORT, w->interfaces,
					     w->config ? w->config->n_interfaces : 0);

	free(w->sessions);
	free(w->interfaces);
	(void)erm_config_unref(w->config);
	w->config = config;
	w->sessions = sessions;
	w->interfaces = interfaces;
}

static void apply(struct world *w, struct erm_obs *obs)
{
	obs->at = w->now;
	MUST(erm_model_apply(w->model, obs) == 0);
}

static void tell(struct world *w, struct heard *heard, struct erm_obs *obs)
{
	apply(w, obs);
	heard->is_told = true;
	heard->obs = *obs;
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
	tell(w, heard, &obs);
}

static void tell_session(struct world *w, uint32_t i, uint8_t how)
{
	struct heard *heard = &w->sessions[i];
	const struct erm_obs_session *was = &heard->obs.session;
	bool is_up = how & 1;
	struct erm_obs obs = { .kind = ERM_OBS_SESSION,
			       .source = LAB_ROUTER,
			       .session = { .session = i, .is_configured = (how & 0x1e) != 0x1e } };
	struct erm_obs_session *s = &obs.session;

	if (erm_session_source(w->config, i) != LAB_ROUTER)
		return;
	if (s->is_configured) {
		s->bgp = is_up                  ? ERM_BGP_ESTABLISHED
			 : (how & 0x1e) == 0x1c ? ERM_BGP_UNKNOWN
						: ERM_BGP_ACTIVE;
		s->is_admin_shutdown = !is_up && (how & 0x1e) == 0x1a;
		s->has_counts = (how & 0x1e) != 0x18;
		s->established_count =
			was->established_count + (is_up && was->bgp != ERM_BGP_ESTABLISHED);
		s->dropped_count = was->dropped_count +
				   (!is_up && was->bgp == ERM_BGP_ESTABLISHED) +
				   ((how & 0xe0) == 0xe0 ? 2 : 0);
		s->has_received = (how & 0xe0) != 0xc0;
		s->has_advertised = true;
		s->prefixes_received = (how & 0xe0) == 0xa0 ? 0 : 5;
		s->prefixes_advertised = (how & 0xe0) == 0x80 ? 3500 : 5;
		s->remote_as = (how & 0xe0) == 0x60 ? 64512 : 12076;
		s->bfd = (how & 0xe0) == 0x40 ? ERM_BFD_DOWN : ERM_BFD_UP;
		s->has_reset = !is_up;
		s->reset_cause = ERM_CAUSE_LOCAL_SHUTDOWN + (how >> 1) % 10;
	} else {
		s->bfd = ERM_BFD_UNKNOWN;
	}
	tell(w, heard, &obs);
}

static void forget(struct world *w, uint32_t source)
{
	for (uint32_t i = 0; source == LAB_ROUTER && i < w->config->n_sessions; i++)
		w->sessions[i].is_told = false;
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

/* A full re-read that finds some, and not others. */
static void tell_dump(struct world *w, uint32_t source, uint8_t seen, uint8_t how)
{
	struct erm_obs obs = { .kind = ERM_OBS_DUMP_BEGIN, .source = source };
	uint32_t n = source == LAB_ROUTER ? w->config->n_sessions : w->config->n_interfaces;
	struct heard *heard = source == LAB_ROUTER ? w->sessions : w->interfaces;

	apply(w, &obs);
	for (uint32_t i = 0; i < n; i++) {
		if ((source == LAB_ROUTER && erm_session_source(w->config, i) != LAB_ROUTER))
			continue;
		if (!(seen >> i % 8 & 1)) {
			heard[i].is_told = true;
			heard[i].obs = (struct erm_obs){ 0 };
		} else if (source == LAB_ROUTER) {
			tell_session(w, i, how);
		} else {
			tell_interface(w, i, how);
		}
	}
	obs = (struct erm_obs){ .kind = ERM_OBS_DUMP_END, .source = source };
	apply(w, &obs);
	tell_source(w, source, 1);
}

static bool is_fresh(const struct world *w, uint32_t source)
{
	return w->good[source] != 0 &&
	       w->now.mono - w->good[source] < w->config->sources[source].stale_after_usec;
}

static const struct heard *heard_below(const struct world *w, const struct erm_session_row *row)
{
	uint32_t interface = w->config->connections[row->config->connection].interface;

	return interface == ERM_NO_INDEX ? NULL : &w->interfaces[interface];
}

/* Nothing is claimed that no source has told. */
static void check_session(const struct world *w, const struct erm_session_row *row)
{
	const struct heard *heard = &w->sessions[row->config - w->config->sessions];
	const struct heard *below = heard_below(w, row);

	if (row->state == ERM_MEMBER_UNKNOWN)
		return;
	if (row->layer == ERM_LAYER_PORT || row->layer == ERM_LAYER_INTERFACE ||
	    row->cause == ERM_CAUSE_INTERFACE_ADMIN) {
		MUST(is_fresh(w, LAB_KERNEL) && below && below->is_told);
		if (!below)
			return;
		MUST(!below->obs.iface.is_present || !below->obs.iface.has_carrier ||
		     !below->obs.iface.is_admin_up || !below->obs.iface.is_oper_up);
		return;
	}
	MUST(is_fresh(w, LAB_ROUTER) && heard->is_told);
	if (erm_member_is_usable(row->state)) {
		MUST(heard->obs.session.is_configured &&
		     heard->obs.session.bgp == ERM_BGP_ESTABLISHED);
	} else {
		MUST(heard->obs.session.bgp != ERM_BGP_ESTABLISHED ||
		     row->cause == ERM_CAUSE_NO_PREFIXES);
	}
}

static void commit(struct world *w)
{
	struct erm_snapshot *snapshot = NULL;
	struct erm_events events = { 0 };

	MUST(erm_model_commit(w->model, w->now, &snapshot, &events) == 0);
	checks_commit(&w->checks, w->model, snapshot, &events);
	MUST(snapshot->config == w->config);
	for (uint32_t i = 0; i < snapshot->n_sessions; i++)
		check_session(w, &snapshot->sessions[i]);
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
		for (uint32_t k = 0; k < LAB_N_SOURCES; k++) {
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
	for (uint32_t i = 0; i < LAB_N_SOURCES; i++) {
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

static void step(struct world *w)
{
	uint8_t op = take(w);
	uint8_t a = take(w);
	uint8_t b = take(w);

	switch (op % 16) {
	case 0:
	case 1:
	case 2:
		tell_interface(w, a % w->config->n_interfaces, b);
		break;
	case 3:
	case 4:
	case 5:
		tell_session(w, a % w->config->n_sessions, b);
		break;
	case 6:
		tell_source(w, a % LAB_N_SOURCES, b);
		break;
	case 7:
		tell_dump(w, LAB_KERNEL, a | (b & 8 ? 0xff : 0), b);
		break;
	case 8:
		tell_dump(w, LAB_ROUTER, a | (b & 8 ? 0xff : 0), b);
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
