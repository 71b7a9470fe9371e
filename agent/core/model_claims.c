/* What the sources say of each session, and what follows from it: see core/resolve.h. */
#include <errno.h>
#include <string.h>

#include "core/model_state.h"

static uint32_t rise(uint32_t now, uint32_t before)
{
	return now > before ? now - before : 0; /* a fall is a restart of the counter */
}

/* The reason is good only at the moment of the fall: the next connection attempt overwrites it. */
static void take_fall(struct erm_session_status *s, const struct erm_obs_session *obs)
{
	s->fall_cause = obs->has_reset ? obs->reset_cause : ERM_CAUSE_NONE;
	s->error_code = obs->error_code;
	s->error_subcode = obs->error_subcode;
	memcpy(s->reset_text, obs->reset_text, sizeof(s->reset_text));
	s->reset_text[sizeof(s->reset_text) - 1] = '\0';
}

static bool is_established(const struct erm_obs_session *obs)
{
	return obs->is_configured && obs->bgp == ERM_BGP_ESTABLISHED;
}

/* Counters of one source say nothing about those of another. */
static void note_change(struct erm_session_status *s, const struct erm_obs_session *obs,
			bool is_same_source)
{
	bool was_up = s->is_known && is_established(&s->obs);
	bool is_up = is_established(obs);
	uint32_t losses = was_up && !is_up;

	if (s->is_known && is_same_source && obs->has_counts && s->obs.has_counts) {
		uint32_t counted = rise(obs->dropped_count, s->obs.dropped_count);

		losses = counted > losses ? counted : losses;
	}
	s->losses += losses;
	if (losses > 0 ||
	    (!is_up && (!s->is_known || (s->fall_cause == ERM_CAUSE_NONE && obs->has_reset))))
		take_fall(s, obs);
	if (is_up)
		s->fall_cause = ERM_CAUSE_NONE;
}

static bool is_same_obs(const struct erm_obs_session *a, const struct erm_obs_session *b)
{
	return a->is_configured == b->is_configured && a->bgp == b->bgp &&
	       a->is_admin_shutdown == b->is_admin_shutdown && a->bfd == b->bfd &&
	       a->prefixes_received == b->prefixes_received &&
	       a->prefixes_advertised == b->prefixes_advertised &&
	       a->dropped_count == b->dropped_count && a->remote_as == b->remote_as &&
	       a->reset_cause == b->reset_cause && a->has_reset == b->has_reset &&
	       a->has_counts == b->has_counts && a->established_count == b->established_count &&
	       a->has_received == b->has_received && a->has_advertised == b->has_advertised &&
	       a->has_expected == b->has_expected && a->expected_received == b->expected_received &&
	       a->has_path == b->has_path && a->prepends == b->prepends;
}

static void explain(const struct erm_model *model, uint32_t session, struct erm_resolution *ret)
{
	const struct erm_tables *t = &model->t;
	const struct erm_session_config *config = &t->config->sessions[session];
	struct erm_claim_input in[ERM_SESSION_SOURCES_MAX];

	for (uint32_t k = 0; k < config->n_sources; k++) {
		uint32_t source = t->config->session_sources[config->first_source + k];

		in[k] = (struct erm_claim_input){
			.claim = &t->claims[config->first_source + k],
			.type = t->config->sources[source].type,
			.source = t->sources[source].knowledge,
		};
	}
	erm_session_resolve(in, config->n_sources, model->now.mono, ret);
}

/* Who told what is known of the session has not taken it back. */
static bool is_claimed(const struct erm_tables *t, uint32_t session)
{
	const struct erm_session_status *s = &t->sessions[session];

	return s->told_by != ERM_NO_INDEX &&
	       t->claims[t->config->sessions[session].first_source + s->told_by].is_known;
}

static void resolve(struct erm_model *model, uint32_t i)
{
	struct erm_tables *t = &model->t;
	struct erm_session_status *s = &t->sessions[i];
	struct erm_resolution r;

	explain(model, i, &r);
	s->dispute_until = r.deadline;
	for (uint32_t k = 0; k < t->config->sessions[i].n_sources; k++)
		s->use[k] = (uint8_t)r.use[k];
	if (r.deadline < model->dispute_until)
		model->dispute_until = r.deadline;
	if (r.decider != s->decider || r.knowledge != s->knowledge)
		model->is_dirty = true;
	s->knowledge = r.knowledge;
	if (r.decider == ERM_NO_INDEX) {
		/* What a source that went deaf has told stays, to be compared with what it tells next. */
		s->is_known = s->is_known && is_claimed(t, i);
		s->decider = ERM_NO_INDEX;
		return;
	}
	if (!s->is_known || !is_same_obs(&s->obs, &r.obs))
		model->is_dirty = true;
	note_change(s, &r.obs, s->told_by == r.decider);
	s->obs = r.obs;
	s->is_known = true;
	s->told_by = r.decider;
	s->decider = r.decider;
}

/* The claim of a source on a session; NULL when it does not speak for it. */
static struct erm_claim *find_claim(struct erm_tables *t, uint32_t session, uint32_t source)
{
	const struct erm_session_config *config = &t->config->sessions[session];

	for (uint32_t k = config->first_source; k < config->first_source + config->n_sources; k++) {
		if (t->config->session_sources[k] == source)
			return &t->claims[k];
	}
	return NULL;
}

int erm_model_apply_session(struct erm_model *model, const struct erm_obs *obs)
{
	struct erm_claim *claim = NULL;

	if (obs->session.session >= model->t.config->n_sessions)
		return -EINVAL;
	claim = find_claim(&model->t, obs->session.session, obs->source);
	if (!claim)
		return 0; /* nobody has asked it */
	erm_claim_take(claim, &obs->session, obs->at, obs->asked);
	claim->dump = model->t.sources[obs->source].dump;
	resolve(model, obs->session.session);
	return 0;
}

void erm_model_sweep_sessions(struct erm_model *model, const struct erm_obs *obs)
{
	struct erm_tables *t = &model->t;
	uint32_t dump = t->sources[obs->source].dump;

	for (uint32_t i = 0; i < t->config->n_sessions; i++) {
		struct erm_claim *claim = find_claim(t, i, obs->source);
		const struct erm_obs_session absent = {
			.session = i,
			.bfd = ERM_BFD_UNKNOWN,
			/* Only a router's own list tells that it has no such neighbour. */
			.is_withdrawn =
				!erm_source_is_authority(t->config->sources[obs->source].type),
		};

		if (!claim || claim->dump == dump)
			continue;
		erm_claim_take(claim, &absent, obs->at, obs->asked);
		claim->dump = dump;
		resolve(model, i);
	}
}

void erm_model_forget_claims(struct erm_model *model, uint32_t source)
{
	struct erm_tables *t = &model->t;

	for (uint32_t i = 0; i < t->config->n_sessions; i++) {
		struct erm_claim *claim = find_claim(t, i, source);

		if (!claim || !claim->is_known)
			continue;
		claim->is_known = false;
		resolve(model, i);
	}
}

static enum erm_knowledge knowledge_of(const struct erm_source_status *s)
{
	if (s->is_silenced)
		return ERM_LOST;
	if (s->last_good.mono != 0)
		return ERM_KNOWN;
	return s->told.state == ERM_SOURCE_LOST ? ERM_LOST : ERM_NOT_YET;
}

/* Neighbours and light have one source each. */
static void forget_layers(struct erm_tables *t, enum erm_source_type type)
{
	for (uint32_t i = 0; type == ERM_SOURCE_TYPE_NEIGHBOR && i < t->config->n_sessions; i++)
		t->sessions[i].neighbor = ERM_NEIGHBOR_UNKNOWN;
	for (uint32_t i = 0; type == ERM_SOURCE_TYPE_ETHTOOL && i < t->config->n_interfaces; i++) {
		if (!t->interfaces[i].light)
			continue;
		t->interfaces[i].light->obs.is_known = false;
		t->interfaces[i].light->is_new = true;
	}
}

void erm_model_hear_source(struct erm_model *model, uint32_t source)
{
	struct erm_tables *t = &model->t;
	struct erm_source_status *s = &t->sources[source];
	enum erm_knowledge knowledge = knowledge_of(s);

	if (knowledge == s->knowledge)
		return;
	s->knowledge = knowledge;
	for (uint32_t i = 0; i < t->config->n_sessions; i++) {
		if (!erm_session_has_source(t->config, i, source))
			continue;
		resolve(model, i);
		if (knowledge == ERM_KNOWN)
			t->sessions[i].losses_before = t->sessions[i].losses;
	}
	if (knowledge != ERM_KNOWN)
		forget_layers(t, t->config->sources[source].type);
}

void erm_model_resolve_sessions(struct erm_model *model)
{
	model->dispute_until = ERM_USEC_INFINITY;
	for (uint32_t i = 0; i < model->t.config->n_sessions; i++)
		resolve(model, i);
}

void erm_model_end_disputes(struct erm_model *model)
{
	if (model->now.mono < model->dispute_until)
		return;
	model->dispute_until = ERM_USEC_INFINITY;
	for (uint32_t i = 0; i < model->t.config->n_sessions; i++) {
		if (model->t.sessions[i].dispute_until != ERM_USEC_INFINITY)
			resolve(model, i);
	}
}

uint32_t erm_model_count_disputes(const struct erm_model *model, uint32_t *ret_session)
{
	uint32_t n = 0;

	if (model->dispute_until == ERM_USEC_INFINITY)
		return 0;
	for (uint32_t i = 0; i < model->t.config->n_sessions; i++) {
		if (model->t.sessions[i].dispute_until == ERM_USEC_INFINITY)
			continue;
		*ret_session = i;
		n++;
	}
	return n;
}

static bool is_told_unasked(const struct erm_tables *t, uint32_t session)
{
	const struct erm_session_config *config = &t->config->sessions[session];

	for (uint32_t k = config->first_source; k < config->first_source + config->n_sources; k++) {
		uint32_t source = t->config->session_sources[k];

		if (t->config->sources[source].type == ERM_SOURCE_TYPE_BMP &&
		    t->sources[source].knowledge == ERM_KNOWN && t->claims[k].is_known)
			return true;
	}
	return false;
}

bool erm_model_is_told_unasked(const struct erm_model *model)
{
	for (uint32_t i = 0; i < model->t.config->n_sessions; i++) {
		if (!is_told_unasked(&model->t, i))
			return false;
	}
	return true;
}
