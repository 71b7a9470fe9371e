/* The inside of the daemon, shared by the daemon*.c files and nobody else. */
#ifndef ERM_DAEMON_STATE_H
#define ERM_DAEMON_STATE_H

#include <pthread.h>
#include <stdbool.h>
#include <systemd/sd-event.h>

#include "core/model.h"
#include "daemon.h"
#include "publish/publisher.h"
#include "sources/source.h"
#include "state_writer.h"
#include "undelivered.h"

#define ERM_N_PUBLISHERS 3

struct ly_ctx;

struct erm_running_source {
	const struct erm_source_ops *ops;
	struct erm_source *source;
};

struct erm_running_publisher {
	const struct erm_publisher_ops *ops;
	struct erm_publisher *pub; /* NULL = not started */
};

struct erm_daemon {
	struct erm_daemon_options options;
	char host_name[256];
	sd_event *event;
	sd_event_source *deadline, *post, *save, *beat;
	struct erm_config *config;
	struct erm_model *model;
	struct erm_snapshot *snapshot;
	struct erm_running_source *sources; /* by position in sources_config->sources */
	uint32_t n_sources;
	sd_event_source *hint; /* due when some source has told that something moved */
	sd_event_source *ask;  /* the routers are to be asked what has become of it */
	uint32_t hint_from;    /* its position; ERM_NO_INDEX = several */
	struct erm_config *sources_config;
	struct erm_running_publisher publishers[ERM_N_PUBLISHERS];
	struct erm_state_writer *writer;
	struct erm_undelivered undelivered;
	usec_t save_cost; /* how long the last save held up the loop */
	usec_t saved_at;
	usec_t changed_saved;
	uint32_t acked;
	char status[256]; /* last STATUS= */
	usec_t watchdog_usec;
	bool is_alive; /* as the last beat found the publishers */
	/* What the control socket's own thread reads. */
	pthread_mutex_t health_lock;
	struct erm_publisher_health snmp_health;
	struct ly_ctx *encode_ctx; /* of that thread; made at its first use */
};

/* daemon_config.c */
int erm_daemon_load(struct erm_daemon *d, struct erm_config **ret);
int erm_daemon_reload(void *userdata, char *ret_error, size_t size);

/* daemon_sources.c: starts those that are new, reconfigures those that stay, ends those that went. */
int erm_daemon_update_sources(struct erm_daemon *d, struct erm_config *config);
void erm_daemon_free_sources(struct erm_daemon *d);

/* daemon_publish.c */
int erm_daemon_start_publishers(struct erm_daemon *d);
void erm_daemon_free_publishers(struct erm_daemon *d);
void erm_daemon_publish(struct erm_daemon *d, struct erm_snapshot *snapshot,
			struct erm_event *const *events, uint32_t n);
/* One honest line for systemctl status. */
void erm_daemon_notify_status(struct erm_daemon *d);
/* Asks the publishers how they fare; true when all their threads turn. */
bool erm_daemon_take_health(struct erm_daemon *d);

/* daemon_save.c */
int erm_daemon_restore(struct erm_daemon *d, struct erm_persist *ret);
/* Writes the state file soon; at most every so often, the more it costs the rarer. */
void erm_daemon_save_later(struct erm_daemon *d);
void erm_daemon_save_now(struct erm_daemon *d);
int erm_daemon_save_start(struct erm_daemon *d);

/* daemon_operator.c */
int erm_daemon_act(void *userdata, const struct erm_act *act, uint32_t *ret_n);
/* Logs and saves that shelves have ended by time. */
void erm_daemon_tell_ended(struct erm_daemon *d, const struct erm_snapshot *before,
			   const struct erm_snapshot *after);

/* Commits and publishes now. */
int erm_daemon_commit(struct erm_daemon *d);

#endif
