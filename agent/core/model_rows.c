/* Rows of the snapshot below those of the objects: what each source claims, and light by lane. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/model_state.h"

int erm_model_fill_claims(const struct erm_tables *t, struct erm_snapshot *snap)
{
	snap->claims = malloc((t->config->n_session_sources + 1UL) * sizeof(*snap->claims));
	if (!snap->claims)
		return -ENOMEM;
	snap->n_claims = t->config->n_session_sources;
	for (uint32_t i = 0; i < t->config->n_sessions; i++) {
		const struct erm_session_config *config = &t->config->sessions[i];

		for (uint32_t k = 0; k < config->n_sources; k++) {
			uint32_t at = config->first_source + k;
			const struct erm_claim *claim = &t->claims[at];

			snap->claims[at] = (struct erm_claim_row){
				.source = t->config->sources[t->config->session_sources[at]].name,
				.use = t->sessions[i].use[k],
				.is_known = claim->is_known,
				.is_configured = claim->obs.is_configured,
				.bgp = claim->obs.bgp,
				.bfd = claim->obs.bfd != 0 ? claim->obs.bfd : ERM_BFD_UNKNOWN,
				.has_received = claim->obs.has_received,
				.prefixes_received = claim->obs.prefixes_received,
				.at = claim->at,
			};
		}
	}
	return 0;
}

static uint32_t lanes_of(const struct erm_interface_light *light)
{
	uint32_t n = light->obs.n_lanes;

	if (!light->obs.is_known || !light->obs.has_light)
		return 0;
	return n < ERM_OPTICS_LANES_MAX ? n : ERM_OPTICS_LANES_MAX;
}

static int32_t weaker(int32_t a, int32_t b)
{
	return a == ERM_NO_POWER || (b != ERM_NO_POWER && b < a) ? b : a;
}

static void fill_lane(const struct erm_interface_light *light, uint32_t lane, uint32_t port,
		      struct erm_lane_row *row)
{
	const struct erm_optics_lane *seen = &light->obs.lanes[lane];

	*row = (struct erm_lane_row){
		.index = { port, lane + 1 },
		.rx_cdbm = seen->rx_cdbm,
		.tx_cdbm = seen->tx_cdbm,
		.bias_ua = seen->bias_ua,
		.is_los = seen->is_los,
	};
}

static void fill_light(const struct erm_tables *t, uint32_t port, struct erm_snapshot *snap)
{
	const struct erm_port_config *config = &t->config->ports[port];
	const struct erm_interface_light *light = t->interfaces[config->interface].light;
	const struct erm_obs_optics *obs = &light->obs;
	struct erm_light_row *row = &snap->lights[snap->n_lights++];

	*row = (struct erm_light_row){
		.index = t->ports[port].index,
		.config = config,
		.is_known = obs->is_known,
		.has_light = obs->is_known && obs->has_light,
		.is_out = t->ports[port].optical == ERM_TRUE,
		.reason = "",
		.rx_cdbm = ERM_NO_POWER,
		.tx_cdbm = ERM_NO_POWER,
		.slope_cdbm = light->slope_cdbm,
		.first_lane = snap->n_lanes,
		.n_lanes = lanes_of(light),
		.temperature_mc = INT32_MIN,
	};
	memcpy(row->link_text, obs->link_text, sizeof(row->link_text));
	if (row->is_out)
		row->reason = erm_light_reason_text(light->light.reason);
	if (!row->has_light)
		return;
	memcpy(row->module_text, obs->module_text, sizeof(row->module_text));
	if (obs->has_temperature)
		row->temperature_mc = obs->temperature_mc;
	if (obs->has_voltage)
		row->voltage_mv = obs->voltage_mv;
	for (uint32_t i = 0; i < row->n_lanes; i++) {
		row->rx_cdbm = weaker(row->rx_cdbm, obs->lanes[i].rx_cdbm);
		row->tx_cdbm = weaker(row->tx_cdbm, obs->lanes[i].tx_cdbm);
		fill_lane(light, i, row->index, &snap->lanes[snap->n_lanes++]);
	}
}

int erm_model_fill_lights(const struct erm_tables *t, struct erm_snapshot *snap)
{
	size_t n_lights = 0;
	size_t n_lanes = 0;

	for (uint32_t i = 0; i < t->config->n_ports; i++) {
		const struct erm_interface_light *light =
			t->interfaces[t->config->ports[i].interface].light;

		n_lights += light != NULL;
		n_lanes += light ? lanes_of(light) : 0;
	}
	if (n_lights == 0)
		return 0;
	snap->lights = malloc(n_lights * sizeof(*snap->lights));
	snap->lanes = malloc((n_lanes + 1) * sizeof(*snap->lanes));
	if (!snap->lights || !snap->lanes)
		return -ENOMEM;
	for (uint32_t i = 0; i < t->config->n_ports; i++) {
		uint32_t port = t->port_order[i];

		if (t->interfaces[t->config->ports[port].interface].light)
			fill_light(t, port, snap);
	}
	return 0;
}
