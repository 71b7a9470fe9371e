/* What the files of the encoder share: encode.c, encode_circuit.c, encode_group.c. */
#ifndef ERM_YANG_ENCODER_H
#define ERM_YANG_ENCODER_H

#include "core/config.h"
#include "core/snapshot.h"
#include "yang/encode.h"
#include "yang/json.h"

/* Rows by the position of their object in the config; NULL = it has none. */
struct erm_encoder {
	struct erm_json json;
	const struct erm_config *config;
	const struct erm_snapshot *snapshot; /* NULL: configuration only, as in the file */
	unsigned int parts;
	uint32_t only; /* the one circuit wanted; ERM_NO_INDEX = all */
	const struct erm_source_row **sources;
	const struct erm_port_row **ports;
	const struct erm_circuit_row **circuits;
	const struct erm_connection_row **connections;
	const struct erm_session_row **sessions;
	const struct erm_service_row **services;
	const struct erm_group_row **groups;
};

void erm_encode_sources(struct erm_encoder *e);
void erm_encode_ports(struct erm_encoder *e);
void erm_encode_pairs(struct erm_encoder *e);
void erm_encode_circuits(struct erm_encoder *e);
void erm_encode_groups(struct erm_encoder *e);

/* Groupings of ermon.yang. */
void erm_encode_verdict(struct erm_json *json, const struct erm_verdict *verdict);
void erm_encode_diagnosis(struct erm_json *json, enum erm_cause cause, enum erm_fault_domain fault,
			  uint32_t transitions, struct erm_time changed);

#endif
