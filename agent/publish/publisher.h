/*
 * A publisher shows snapshots and events to somebody outside.  publish() is called
 * in the main thread after each commit and must return at once; a publisher that
 * talks to something slow has a thread and a bounded queue of its own.
 */
#ifndef ERM_PUBLISH_PUBLISHER_H
#define ERM_PUBLISH_PUBLISHER_H

#include <stdbool.h>
#include <stdint.h>
#include <systemd/sd-event.h>

#include "core/config.h"
#include "core/event.h"
#include "core/shelf.h"
#include "core/snapshot.h"

struct erm_publisher;

struct erm_publisher_health {
	bool is_alive; /* its thread turned within the last few seconds (always true without a thread) */
	bool is_connected;       /* it reaches its peer */
	uint32_t queued;         /* events not delivered yet */
	uint32_t acked_sequence; /* everything up to here is delivered; 0 = nothing yet */
	uint64_t delivered, resent, dropped, rejected, reconnects, limits_hit;
	char text[96]; /* one line: "AgentX connected", or why not */
};

/* Parts of ermon.yang's instance data, or'ed together. */
enum erm_part { /* the numbers of enum erm_encode_part */
		ERM_PART_CONFIG = 1 << 0,
		ERM_PART_STATE =
			1 << 1, /* of the agent, ports, pairs, circuits (and below) and groups */
		ERM_PART_ALARMS = 1 << 2,
		ERM_PART_EVENTS = 1 << 3,
		ERM_PART_SOURCES = 1 << 4, /* state of the sources */
		ERM_PART_ALL = (1 << 5) - 1,
};

struct erm_publisher_env {
	sd_event *event;
	struct erm_config *config; /* a reference is taken by who keeps it */
	const char *runtime_dir;

	/* What SIGHUP does.  0, or a negative errno and why in ret_error.  Main thread. */
	int (*reload)(void *userdata, char *ret_error, size_t size);
	/*
	 * What an operator wants with alarms; the caller has made sure that he may.  ret_n
	 * gets the number of raised alarms concerned.  -ENOENT: no such alarm is raised, no
	 * such shelf is there; -ENOSPC: too many shelves.  Main thread.
	 */
	int (*act)(void *userdata, const struct erm_act *act, uint32_t *ret_n);
	/*
	 * Instance data of ermon.yang as text, which the caller frees: parts are enum
	 * erm_part, circuit names the only one wanted (NULL = all), JSON is an object
	 * {"ermon:ermon":{...}}.  -ENOENT: no such circuit.  Called in a THREAD of the
	 * publisher's own (a thousand circuits take longer than the main loop may be
	 * held up), so it may use the snapshot and constant or locked data only.
	 */
	int (*encode)(void *userdata, const struct erm_snapshot *snapshot, unsigned int parts,
		      const char *circuit, bool is_xml, char **ret_text);
	/* One event as {"ermon:event":{...}}.  In the same thread, under the same rule. */
	int (*encode_event)(void *userdata, const struct erm_event *event, char **ret_text);
	void *userdata;
};

struct erm_publisher_ops {
	const char *name;
	int (*start)(const struct erm_publisher_env *env, struct erm_publisher **ret);
	/* Both are borrowed: take references to keep.  snapshot is never NULL; n may be 0. */
	void (*publish)(struct erm_publisher *pub, struct erm_snapshot *snapshot,
			struct erm_event *const *events, uint32_t n);
	void (*health)(const struct erm_publisher *pub, struct erm_publisher_health *ret);
	int (*reconfigure)(struct erm_publisher *pub, struct erm_config *config); /* may be NULL */
	void (*free)(struct erm_publisher *pub); /* never waits longer than 1 s */
};

extern const struct erm_publisher_ops erm_publisher_journal_ops;
extern const struct erm_publisher_ops erm_publisher_ctl_ops;
extern const struct erm_publisher_ops erm_publisher_snmp_ops;

#endif
