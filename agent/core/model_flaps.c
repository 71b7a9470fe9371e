/* Flaps of connections: what the losses of their sessions come to. */
#include "core/model_state.h"

static bool is_up(const struct erm_session_status *s)
{
	return s->is_known && s->obs.is_configured && s->obs.bgp == ERM_BGP_ESTABLISHED;
}

/*
 * How often the connection was lost that the last commit did not know of.  Its sessions fall
 * together, if not at once: until all are up again it counts how often one of them fell.
 */
static uint32_t take_flaps(struct erm_tables *t, uint32_t i)
{
	const struct erm_connection_config *config = &t->config->connections[i];
	struct erm_session_status *sessions = &t->sessions[config->first_session];
	uint32_t seen = t->connections[i].flaps_seen;
	uint32_t flaps = 0, n_up = 0;

	for (uint32_t k = 0; k < config->n_sessions; k++) {
		uint32_t losses = sessions[k].losses - sessions[k].losses_healthy;

		flaps = losses > flaps ? losses : flaps;
		n_up += is_up(&sessions[k]);
	}
	t->connections[i].flaps_seen = n_up == config->n_sessions ? 0 : flaps;
	for (uint32_t k = 0; n_up == config->n_sessions && k < n_up; k++)
		sessions[k].losses_healthy = sessions[k].losses;
	return flaps > seen ? flaps - seen : 0;
}

void erm_model_note_flaps(struct erm_model *model, uint32_t connection)
{
	struct erm_tables *t = &model->t;
	const struct erm_connection_config *config = &t->config->connections[connection];
	struct erm_flap *flap = &t->connections[connection].m.flap;
	uint32_t flaps = take_flaps(t, connection);

	erm_flap_decay(flap, &t->config->agent, model->now.mono);
	if (config->port != ERM_NO_INDEX &&
	    !erm_member_is_usable(t->ports[config->port].m.judgement.state))
		return;
	if (flaps > 0)
		erm_flap_note(flap, &t->config->agent, flaps, model->now.mono);
}
