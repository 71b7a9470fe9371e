/*
 * A source turns bytes from the kernel or a router into observations.  One I/O
 * file and one pure parser each.  It never judges, never blocks (every request has
 * a deadline, every reply a cap), and never knows another source or a publisher.
 */
#ifndef ERM_SOURCES_SOURCE_H
#define ERM_SOURCES_SOURCE_H

#include <stdint.h>
#include <systemd/sd-event.h>

#include "core/config.h"
#include "core/obs.h"

/*
 * Priority of reads that only explain or confirm: behind what routers and the kernel tell
 * of their own accord, and behind the commit.
 */
#define ERM_SOURCE_LATER (SD_EVENT_PRIORITY_NORMAL + 10)
/*
 * And after a hint they wait so long: a dump in the kernel keeps a CPU to itself for up to
 * 1 ms (measured), and the thread that sends the notification is woken on that very CPU.
 */
#define ERM_SOURCE_LATER_USEC (3 * ERM_USEC_PER_MSEC)

struct erm_source;

struct erm_source_env {
	sd_event *event;
	/* Takes one observation; the caller keeps it.  Main thread. */
	void (*emit)(void *userdata, const struct erm_obs *obs);
	/* "Something moved": the daemon asks every other source to look now. */
	void (*hint)(void *userdata, uint32_t from_source);
	void *userdata;
	/* Where the programs are that ask on our behalf; NULL = where they were installed. */
	const char *helper_dir;
};

struct erm_source_ops {
	enum erm_source_type type;
	/* Starts it; failure to reach its peer is no error (it reports LOST and retries).  Keeps a reference to config. */
	int (*start)(const struct erm_source_env *env, struct erm_config *config, uint32_t index,
		     struct erm_source **ret);
	/* After a reload: the new config, its new position.  Tells everything it knows again. */
	int (*reconfigure)(struct erm_source *source, struct erm_config *config, uint32_t index);
	/* A hint: look now.  The source limits its own rate (20/s). */
	void (*look_now)(struct erm_source *source);
	/*
	 * This session is in dispute: ask for it alone, which costs the router less and is
	 * answered sooner.  NULL: look_now() serves.
	 */
	void (*look_at)(struct erm_source *source, uint32_t session);
	void (*free)(struct erm_source *source);
};

extern const struct erm_source_ops erm_source_rtnl_ops;
extern const struct erm_source_ops erm_source_frr_ops;
extern const struct erm_source_ops erm_source_ethtool_ops;
extern const struct erm_source_ops erm_source_bird_ops;
extern const struct erm_source_ops erm_source_openbgpd_ops;
extern const struct erm_source_ops erm_source_bmp_ops;
extern const struct erm_source_ops erm_source_sockdiag_ops;
extern const struct erm_source_ops erm_source_neighbor_ops;
extern const struct erm_source_ops erm_source_snmp_ops;

#endif
