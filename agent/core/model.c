/* The model's life, and what an observation does to it. */
#include "core/model.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/model_state.h"

void erm_events_done(struct erm_events *events)
{
	for (uint32_t i = 0; i < events->n; i++)
		(void)erm_event_unref(events->events[i]);
	free(events->events);
	*events = (struct erm_events){ 0 };
}

int erm_model_new(struct erm_config *config, const struct erm_persist *persist, struct erm_time now,
		  struct erm_model **ret)
{
	struct erm_model *model = calloc(1, sizeof(*model));
	int r = 0;

	if (!model)
		return -ENOMEM;
	model->now = model->started = model->changed = now;
	model->is_dirty = true;
	model->deadline = 0;
	model->dispute_until = ERM_USEC_INFINITY;
	model->next_heartbeat = config->agent.heartbeat_usec > 0
					? erm_usec_add(now.mono, config->agent.heartbeat_usec)
					: ERM_USEC_INFINITY;
	if (persist)
		r = erm_model_import(
			model, persist); /* indexes and numbers, before anything asks for one */
	if (r >= 0 && persist)
		r = erm_model_import_shelves(model, persist);
	if (r >= 0)
		r = erm_tables_new(model, config, &model->t);
	if (r >= 0 && persist)
		r = erm_model_import_alarms(model, persist);
	if (r < 0) {
		(void)erm_model_free(model);
		return r;
	}
	*ret = model;
	return 0;
}

struct erm_model *erm_model_free(struct erm_model *model)
{
	if (!model)
		return NULL;
	erm_tables_done(&model->t);
	erm_events_done(&model->pending);
	while (model->orphans) {
		struct erm_orphan *next = model->orphans->next;

		free(model->orphans);
		model->orphans = next;
	}
	for (uint32_t i = 0; i < model->log_n; i++)
		(void)erm_event_unref(model->log[(model->log_first + i) % ERM_EVENT_LOG_MAX]);
	(void)erm_event_list_unref(model->log_list);
	free(model->indexes);
	free(model->shelves);
	free(model);
	return NULL;
}

void erm_model_set_now(struct erm_model *model, struct erm_time now)
{
	if (now.mono > model->now.mono)
		model->now.mono = now.mono;
	model->now.real = now.real;
}

int erm_model_reconfigure(struct erm_model *model, struct erm_config *config, struct erm_time now)
{
	struct erm_tables t = { 0 };
	int r = 0;

	erm_model_set_now(model, now);
	r = erm_tables_new(model, config, &t);
	if (r < 0)
		return r;
	r = erm_tables_migrate(model, &t, &model->t);
	if (r < 0) {
		erm_tables_done(&t);
		return r;
	}
	erm_tables_done(&model->t);
	model->t = t;
	model->is_dirty = true;
	for (uint32_t i = 0; i < t.config->n_sources; i++)
		erm_model_hear_source(model, i);
	erm_model_resolve_sessions(model);
	model->next_heartbeat = config->agent.heartbeat_usec > 0
					? erm_usec_add(now.mono, config->agent.heartbeat_usec)
					: ERM_USEC_INFINITY;
	return 0;
}

void erm_model_announce(struct erm_model *model)
{
	model->is_to_announce = true;
	model->is_dirty = true;
}

bool erm_model_is_dirty(const struct erm_model *model)
{
	return model->is_dirty;
}

/* Everything this source told is given up: unknown until it tells again. */
static void silence(struct erm_model *model, uint32_t source)
{
	struct erm_tables *t = &model->t;

	t->sources[source].is_silenced = true;
	erm_model_forget_claims(model, source);
	for (uint32_t i = 0; i < t->config->n_interfaces; i++) {
		if (t->config->interfaces[i].source == source)
			t->interfaces[i].is_known = false;
	}
}

static void apply_source(struct erm_model *model, const struct erm_obs *obs)
{
	struct erm_source_status *s = &model->t.sources[obs->source];
	bool is_news = obs->src.state != s->told.state || obs->src.reason != s->told.reason;

	s->told = obs->src;
	if (obs->src.state == ERM_SOURCE_OK) {
		if (s->last_good.mono == 0 || s->is_silenced)
			s->contact = obs->at.mono;
		s->last_good = obs->at;
		s->is_silenced = false;
		is_news = is_news || s->state != ERM_SOURCE_OK;
	} else if (obs->src.state == ERM_SOURCE_LOST && obs->src.is_void) {
		is_news = is_news || !s->is_silenced;
		silence(model, obs->source); /* stale values too: another router may answer next */
	}
	erm_model_hear_source(model, obs->source);
	if (is_news)
		model->is_dirty = true;
	model->is_stale = true;
}

static void apply_dump_begin(struct erm_model *model, const struct erm_obs *obs)
{
	model->t.sources[obs->source].dump++;
	model->t.sources[obs->source].is_dumping = true;
}

static int apply_interface(struct erm_model *model, const struct erm_obs *obs);

/* Not seen in a complete re-read: the kernel or the router does not have it. */
static void apply_dump_end(struct erm_model *model, const struct erm_obs *obs)
{
	struct erm_tables *t = &model->t;
	uint32_t dump = t->sources[obs->source].dump;

	erm_model_sweep_sessions(model, obs);
	for (uint32_t i = 0; i < t->config->n_interfaces; i++) {
		struct erm_obs absent = { .kind = ERM_OBS_INTERFACE,
					  .source = obs->source,
					  .at = obs->at,
					  .iface = { .interface = i } };

		if (t->config->interfaces[i].source == obs->source && t->interfaces[i].dump != dump)
			(void)apply_interface(model, &absent);
	}
	t->sources[obs->source].is_dumping = false;
}

static uint32_t rise(uint32_t now, uint32_t before)
{
	return now > before ? now - before : 0; /* a fall is a restart of the counter */
}

static uint32_t carrier_losses(const struct erm_interface_status *s,
			       const struct erm_obs_interface *obs)
{
	bool is_seen =
		s->obs.is_present && s->obs.has_carrier && (!obs->is_present || !obs->has_carrier);
	uint32_t counted = 0;

	if (!s->is_known)
		return 0;
	if (obs->is_present && !obs->is_new && obs->has_counts && s->obs.has_counts)
		counted = rise(obs->carrier_down_count, s->obs.carrier_down_count);
	return counted > is_seen ? counted : is_seen;
}

/* What the model judges by and what a manager sees. */
static bool is_same_interface(const struct erm_obs_interface *a, const struct erm_obs_interface *b)
{
	return a->is_present == b->is_present && a->is_admin_up == b->is_admin_up &&
	       a->has_carrier == b->has_carrier && a->is_oper_up == b->is_oper_up &&
	       a->carrier_down_count == b->carrier_down_count && a->ifindex == b->ifindex &&
	       a->mtu == b->mtu && a->speed_mbps == b->speed_mbps;
}

static int apply_interface(struct erm_model *model, const struct erm_obs *obs)
{
	struct erm_interface_status *s = NULL;

	if (obs->iface.interface >= model->t.config->n_interfaces)
		return -EINVAL;
	if (model->t.config->interfaces[obs->iface.interface].source != obs->source)
		return 0; /* another router's */
	s = &model->t.interfaces[obs->iface.interface];
	if (!s->is_known || !is_same_interface(&s->obs, &obs->iface)) {
		model->is_dirty = true;
		/* A full re-read has found what no event had told. */
		model->counters.reconciled +=
			s->is_known && model->t.sources[obs->source].is_dumping;
	}
	s->losses += carrier_losses(s, &obs->iface);
	s->obs = obs->iface;
	s->is_known = true;
	s->is_ever_up = s->is_ever_up || (obs->iface.is_present && obs->iface.has_carrier);
	s->dump = model->t.sources[obs->source].dump;
	return 0;
}

static int apply_neighbor(struct erm_model *model, const struct erm_obs *obs)
{
	struct erm_session_status *s = NULL;

	if (obs->neighbor.session >= model->t.config->n_sessions)
		return -EINVAL;
	s = &model->t.sessions[obs->neighbor.session];
	if (s->neighbor != obs->neighbor.state)
		model->is_dirty = true;
	s->neighbor = obs->neighbor.state;
	return 0;
}

static int apply_optics(struct erm_model *model, const struct erm_obs *obs)
{
	struct erm_interface_status *s = NULL;

	if (obs->optics.interface >= model->t.config->n_interfaces)
		return -EINVAL;
	s = &model->t.interfaces[obs->optics.interface];
	if (!s->light)
		s->light = calloc(1, sizeof(*s->light));
	if (!s->light)
		return -ENOMEM;
	erm_light_note(&s->light->light, &obs->optics, obs->at.mono);
	s->light->obs = obs->optics;
	s->light->slope_cdbm = erm_light_slope(&s->light->light);
	s->light->is_new = true;
	model->is_dirty = true; /* seconds apart, and every reading is another */
	return 0;
}

int erm_model_apply(struct erm_model *model, const struct erm_obs *obs)
{
	if (obs->source >= model->t.config->n_sources)
		return -EINVAL;
	erm_model_set_now(model, obs->at);
	model->counters.observations++;
	switch (obs->kind) {
	case ERM_OBS_SOURCE:
		apply_source(model, obs);
		return 0;
	case ERM_OBS_DUMP_BEGIN:
		apply_dump_begin(model, obs);
		return 0;
	case ERM_OBS_DUMP_END:
		apply_dump_end(model, obs);
		return 0;
	case ERM_OBS_INTERFACE:
		return apply_interface(model, obs);
	case ERM_OBS_SESSION:
		return erm_model_apply_session(model, obs);
	case ERM_OBS_NEIGHBOR:
		return apply_neighbor(model, obs);
	case ERM_OBS_OPTICS:
		return apply_optics(model, obs);
	}
	return -EINVAL;
}

usec_t erm_model_next_deadline(const struct erm_model *model)
{
	usec_t deadline = model->is_dirty ? model->now.mono : model->deadline;
	usec_t refresh = erm_usec_add(model->last_commit, ERM_REFRESH_USEC);

	if (model->is_stale && refresh < deadline)
		deadline = refresh;
	if (model->dispute_until < deadline)
		deadline = model->dispute_until;
	for (uint32_t i = 0; i < model->t.config->n_sources; i++) {
		const struct erm_source_status *s = &model->t.sources[i];
		usec_t stale = erm_usec_add(s->last_good.mono,
					    model->t.config->sources[i].stale_after_usec);

		/* One that is lost, but not void, goes stale too. */
		if (!s->is_silenced && s->last_good.mono != 0 && stale < deadline)
			deadline = stale;
	}
	return deadline;
}

int erm_model_commit(struct erm_model *model, struct erm_time now,
		     struct erm_snapshot **ret_snapshot, struct erm_events *ret_events)
{
	struct erm_snapshot *snapshot = NULL;
	int r = 0;

	erm_model_set_now(model, now);
	erm_model_end_disputes(model);
	erm_model_judge(model);
	erm_model_step_alarms(model);
	erm_model_step_shelves(model);
	erm_model_roll_up(model);
	r = erm_model_emit_events(model);
	if (r < 0)
		return r; /* what could not be told stays to be told: the next commit tries again */
	r = erm_model_snapshot(model, &snapshot);
	if (r < 0)
		return r;
	model->counters.commits++;
	model->is_dirty = false;
	model->is_stale = false;
	model->last_commit = model->now.mono;
	model->deadline = erm_model_alarm_deadline(model);
	*ret_snapshot = snapshot;
	*ret_events = model->pending;
	model->pending = (struct erm_events){ 0 };
	model->pending_size = 0;
	return 0;
}
