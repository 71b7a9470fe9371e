/* Circuits with their services, connections and sessions. */
#include <stdio.h>

#include "base/addr.h"
#include "yang/encoder.h"

static const char *addr_text(const struct erm_addr *addr, char buf[ERM_ADDR_STRLEN])
{
	return erm_addr_format(addr, buf);
}

static void session_claims(struct erm_encoder *e, const struct erm_session_row *row)
{
	struct erm_json *j = &e->json;

	erm_json_array(j, "claim");
	for (uint32_t i = 0; i < row->n_claims; i++) {
		const struct erm_claim_row *claim = &e->snapshot->claims[row->first_claim + i];

		erm_json_object(j, NULL);
		erm_json_string(j, "source", claim->source);
		erm_json_string(j, "use", erm_claim_use_name(claim->use));
		if (claim->is_known) {
			erm_json_bool(j, "configured", claim->is_configured);
			erm_json_string(j, "bgp-state", erm_bgp_state_name(claim->bgp));
			erm_json_string(j, "bfd-state", erm_bfd_state_name(claim->bfd));
			if (claim->has_received)
				erm_json_u32(j, "prefixes-received", claim->prefixes_received);
			erm_json_time(j, "told", claim->at.real);
		}
		erm_json_object_end(j);
	}
	erm_json_array_end(j);
}

static void session_state(struct erm_encoder *e, const struct erm_session_row *row)
{
	struct erm_json *j = &e->json;

	erm_json_object(j, "state");
	erm_json_u32(j, "index", row->index[2]);
	erm_json_string(j, "state", erm_member_state_name(row->state));
	erm_json_bool(j, "known", row->is_known);
	erm_json_bool(j, "usable", row->is_usable);
	erm_json_string(j, "layer", erm_layer_name(row->layer));
	erm_encode_diagnosis(j, row->cause, row->fault_domain, row->transitions, row->changed);
	erm_json_string(j, "bgp-state", erm_bgp_state_name(row->bgp));
	erm_json_string(j, "bfd-state", erm_bfd_state_name(row->bfd));
	erm_json_u32(j, "remote-as", row->remote_as);
	erm_json_u32(j, "local-as", row->local_as);
	erm_json_u32(j, "prefixes-received", row->prefixes_received);
	erm_json_u32(j, "prefixes-advertised", row->prefixes_advertised);
	erm_json_u32(j, "established-count", row->established_count);
	erm_json_u32(j, "error-code", row->error_code);
	erm_json_u32(j, "error-subcode", row->error_subcode);
	erm_json_string(j, "reset-text", row->reset_text);
	erm_json_u32(j, "expected-received", row->expected_received);
	erm_json_u32(j, "prepends", row->prepends);
	erm_json_string(j, "neighbor-state", erm_neighbor_state_name(row->neighbor));
	session_claims(e, row);
	erm_json_object_end(j);
}

static void session_sources(struct erm_encoder *e, const struct erm_session_config *session)
{
	const uint32_t *sources = e->config->session_sources + session->first_source;

	if (session->n_sources == 0)
		return;
	erm_json_array(&e->json, "source");
	for (uint32_t i = 0; i < session->n_sources; i++)
		erm_json_item(&e->json, e->config->sources[sources[i]].name);
	erm_json_array_end(&e->json);
}

static void session_expected(struct erm_encoder *e, const struct erm_session_config *session)
{
	if (session->n_expected == 0)
		return;
	erm_json_array(&e->json, "expected-prefix");
	for (uint32_t i = 0; i < session->n_expected; i++) {
		const struct erm_prefix *prefix = &session->expected[i];
		char address[ERM_ADDR_STRLEN], text[ERM_ADDR_STRLEN + 4];

		(void)snprintf(text, sizeof(text), "%s/%u", addr_text(&prefix->addr, address),
			       prefix->length);
		erm_json_item(&e->json, text);
	}
	erm_json_array_end(&e->json);
}

static void session_config(struct erm_encoder *e, const struct erm_session_config *session)
{
	struct erm_json *j = &e->json;
	char buf[ERM_ADDR_STRLEN];

	erm_json_string(j, "neighbor", addr_text(&session->neighbor, buf));
	erm_json_string(j, "local-address", addr_text(&session->local_address, buf));
	erm_json_u32(j, "peer-as", session->peer_as);
	session_sources(e, session);
	session_expected(e, session);
	erm_json_u32(j, "min-prefixes", session->min_prefixes);
	erm_json_u32(j, "prefix-limit", session->prefix_limit);
	erm_json_u32(j, "prefix-threshold", session->prefix_threshold_percent);
	erm_json_bool(j, "bfd", session->bfd_expected);
	erm_json_string(j, "description", session->description);
}

static void encode_session(struct erm_encoder *e, uint32_t at)
{
	const struct erm_session_config *session = &e->config->sessions[at];

	erm_json_object(&e->json, NULL);
	erm_json_string(&e->json, "peering", erm_peering_name(session->peering));
	erm_json_string(&e->json, "family", erm_family_name(session->family));
	if (e->parts & ERM_ENCODE_CONFIG)
		session_config(e, session);
	if (e->parts & ERM_ENCODE_STATE && e->sessions[at])
		session_state(e, e->sessions[at]);
	erm_json_object_end(&e->json);
}

static void connection_state(struct erm_encoder *e, const struct erm_connection_row *row)
{
	struct erm_json *j = &e->json;

	erm_json_object(j, "state");
	erm_json_string(j, "state", erm_member_state_name(row->state));
	erm_encode_diagnosis(j, row->cause, row->fault_domain, row->transitions, row->changed);
	erm_json_u32(j, "sessions", row->sessions);
	erm_json_u32(j, "usable", row->usable);
	erm_json_u32(j, "unknown", row->unknown);
	erm_json_bool(j, "flapping", row->is_flapping);
	erm_json_object_end(j);
}

static void connection_config(struct erm_encoder *e, const struct erm_connection_config *connection)
{
	const struct erm_config *config = e->config;
	struct erm_json *j = &e->json;

	if (connection->interface != ERM_NO_INDEX)
		erm_json_string(j, "interface", config->interfaces[connection->interface].name);
	/* As in the file, an implicit port is not there to be referred to. */
	if (connection->port != ERM_NO_INDEX &&
	    (e->snapshot || !config->ports[connection->port].is_implicit))
		erm_json_string(j, "port", config->ports[connection->port].name);
	erm_json_string(j, "remote-agent", connection->remote_agent);
	erm_json_bool(j, "maintenance", connection->maintenance);
	erm_json_string(j, "description", connection->description);
}

static void encode_connection(struct erm_encoder *e, uint32_t at)
{
	const struct erm_connection_config *connection = &e->config->connections[at];
	struct erm_json *j = &e->json;

	erm_json_object(j, NULL);
	erm_json_string(j, "role", erm_role_name(connection->role));
	if (e->parts & ERM_ENCODE_CONFIG)
		connection_config(e, connection);
	if (e->parts & ERM_ENCODE_STATE && e->connections[at])
		connection_state(e, e->connections[at]);
	if (connection->n_sessions > 0) {
		erm_json_array(j, "session");
		for (uint32_t i = 0; i < connection->n_sessions; i++)
			encode_session(e, connection->first_session + i);
		erm_json_array_end(j);
	}
	erm_json_object_end(j);
}

static void encode_services(struct erm_encoder *e, const struct erm_circuit_config *circuit)
{
	struct erm_json *j = &e->json;

	if (!(e->parts & ERM_ENCODE_STATE) || circuit->n_services == 0)
		return;
	erm_json_array(j, "service");
	for (uint32_t i = 0; i < circuit->n_services; i++) {
		uint32_t at = circuit->first_service + i;
		const struct erm_service_config *service = &e->config->services[at];
		const struct erm_service_row *row = e->services[at];

		erm_json_object(j, NULL);
		erm_json_string(j, "peering", erm_peering_name(service->peering));
		erm_json_string(j, "family", erm_family_name(service->family));
		if (row) {
			erm_json_u32(j, "index", row->index[1]);
			erm_encode_verdict(j, &row->verdict);
			erm_encode_diagnosis(j, row->cause, row->fault_domain, row->transitions,
					     row->changed);
		}
		erm_json_object_end(j);
	}
	erm_json_array_end(j);
}

static void circuit_state(struct erm_encoder *e, const struct erm_circuit_row *row)
{
	struct erm_json *j = &e->json;

	erm_json_object(j, "state");
	erm_json_u32(j, "index", row->index);
	erm_encode_verdict(j, &row->verdict);
	erm_encode_diagnosis(j, row->cause, row->fault_domain, row->transitions, row->changed);
	erm_json_bool(j, "maintenance", row->is_maintenance);
	erm_json_bool(j, "flapping", row->is_flapping);
	erm_json_bool(j, "draining", row->is_draining);
	erm_json_bool(j, "admin-down", row->is_admin_down);
	erm_json_bool(j, "shelved", row->is_shelved);
	erm_json_time(j, "discontinuity-time", row->discontinuity.real);
	erm_json_object_end(j);
}

static void circuit_config(struct erm_encoder *e, const struct erm_circuit_config *circuit)
{
	struct erm_json *j = &e->json;

	erm_json_string(j, "connectivity-model", erm_model_type_name(circuit->model));
	erm_json_string(j, "sku", erm_sku_name(circuit->sku));
	erm_json_string(j, "service-key", circuit->service_key);
	erm_json_string(j, "peering-location", circuit->peering_location);
	erm_json_string(j, "provider", circuit->provider);
	if (circuit->bandwidth_mbps > 0)
		erm_json_u32(j, "bandwidth", (uint32_t)circuit->bandwidth_mbps);
	erm_json_string(j, "description", circuit->description);
	erm_json_u32(j, "min-service", circuit->min_service);
	erm_json_u32(j, "min-redundant", circuit->min_redundant);
}

void erm_encode_circuits(struct erm_encoder *e)
{
	struct erm_json *j = &e->json;

	erm_json_array(j, "circuit");
	for (uint32_t i = 0; i < e->config->n_circuits; i++) {
		const struct erm_circuit_config *circuit = &e->config->circuits[i];

		if (e->only != ERM_NO_INDEX && e->only != i)
			continue;
		erm_json_object(j, NULL);
		erm_json_string(j, "name", circuit->name);
		if (e->parts & ERM_ENCODE_CONFIG)
			circuit_config(e, circuit);
		if (e->parts & ERM_ENCODE_STATE && e->circuits[i])
			circuit_state(e, e->circuits[i]);
		encode_services(e, circuit);
		erm_json_array(j, "connection");
		for (uint32_t k = 0; k < circuit->n_connections; k++)
			encode_connection(e, circuit->first_connection + k);
		erm_json_array_end(j);
		erm_json_object_end(j);
	}
	erm_json_array_end(j);
}
