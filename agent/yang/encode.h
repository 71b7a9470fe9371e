/*
 * Snapshots, configurations and events as data of ermon.yang: text of RFC 7951
 * (JSON), made without libyang because a thousand circuits are encoded in the main
 * thread; a libyang tree for XML and for validation.  Keeps no reference.  Any
 * thread; a tree belongs to the thread that uses its context.
 */
#ifndef ERM_YANG_ENCODE_H
#define ERM_YANG_ENCODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/config.h"
#include "core/event.h"
#include "core/snapshot.h"

struct ly_ctx;
struct lyd_node;

enum erm_encode_part {                             /* bit mask, the bits of enum erm_part */
		       ERM_ENCODE_CONFIG = 1 << 0, /* every configured leaf, defaults included */
		       ERM_ENCODE_STATE =
			       1 << 1, /* state of the agent, ports, pairs, circuits, groups */
		       ERM_ENCODE_ALARMS = 1 << 2,
		       ERM_ENCODE_EVENTS = 1 << 3,
		       ERM_ENCODE_SOURCES = 1 << 4, /* state of the sources */
		       ERM_ENCODE_ALL = (1 << 5) - 1,
};

/* How the SNMP publisher fares; the fields of struct erm_publisher_health that the YANG has. */
struct erm_encode_health {
	bool is_connected;
	uint32_t queued, acked_sequence;
	uint64_t delivered, resent, dropped, rejected, reconnects, limits_hit;
	const char *text;
};

struct erm_encode_query {
	unsigned int parts;  /* of enum erm_encode_part */
	const char *circuit; /* only this circuit, its alarms and events; NULL = all */
	const char *version; /* of ermond; NULL = leave out */
	const struct erm_encode_health *snmp; /* NULL = leave out */
	uint32_t events_after; /* of the events only those after this sequence; 0 = all */
};

/*
 * {"ermon:ermon":{...}}, NUL-terminated, owned by the caller (free); ret_len may be
 * NULL.  -ENOENT: no such circuit.  Without ERM_ENCODE_CONFIG mandatory leaves are
 * missing, as in any answer of state only.
 */
int erm_encode_snapshot_json(const struct erm_snapshot *snapshot,
			     const struct erm_encode_query *query, char **ret, size_t *ret_len);
/* As written in the file: without implicit ports and pairs, with defaults. */
int erm_encode_config_json(const struct erm_config *config, char **ret, size_t *ret_len);
/* {"ermon:event":{...}}, the notification. */
int erm_encode_event_json(const struct erm_event *event, char **ret, size_t *ret_len);

/* The same as trees of ctx (erm_yang_ctx_new()), freed by lyd_free_all(). */
int erm_encode_snapshot(struct ly_ctx *ctx, const struct erm_snapshot *snapshot,
			const struct erm_encode_query *query, struct lyd_node **ret);
int erm_encode_config(struct ly_ctx *ctx, const struct erm_config *config, struct lyd_node **ret);
int erm_encode_event(struct ly_ctx *ctx, const struct erm_event *event, struct lyd_node **ret);

#endif
