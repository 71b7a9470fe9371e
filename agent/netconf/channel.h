/*
 * What a session's process and the server that forked it say to each other, over a
 * SOCK_SEQPACKET pair of their own.  The process is not trusted: it may only ask.  What it
 * counts lies in memory that the two share, so that counting wakes nobody.  Must not know
 * NETCONF.
 */
#ifndef ERM_NETCONF_CHANNEL_H
#define ERM_NETCONF_CHANNEL_H

#include <stddef.h>
#include <stdint.h>

#include "base/usec.h"

#define ERM_NC_USER_MAX     64
#define ERM_NC_SESSIONS_MAX 1024

struct erm_nc_counters {
	uint32_t in_rpcs, in_bad_rpcs, out_rpc_errors, out_notifications;
};

/* A session, as the others may see it. */
struct erm_nc_row {
	uint32_t id;
	char user[ERM_NC_USER_MAX];
	usec_t login_usec; /* CLOCK_REALTIME */
	struct erm_nc_counters counters;
};

struct erm_nc_totals {
	usec_t start_usec; /* CLOCK_REALTIME */
	uint32_t in_sessions, in_bad_hellos, dropped_sessions, refused_sessions;
	struct erm_nc_counters counters; /* of all sessions, those that ended included */
};

enum erm_channel_type {
	/* From the session. */
	ERM_CHANNEL_LIST = 1,
	ERM_CHANNEL_KILL,
	/* To it. */
	ERM_CHANNEL_ROWS,
	ERM_CHANNEL_RESULT, /* of KILL */
};

struct erm_channel_message {
	uint32_t type;
	union {
		uint32_t id;     /* KILL */
		int32_t result;  /* RESULT: 0, -ESRCH, -EINVAL (its own) */
		uint32_t n_rows; /* ROWS */
	};
	struct erm_nc_totals totals; /* ROWS */
	struct erm_nc_row rows[];    /* ROWS */
};

/* Asks it, waiting for the answer 5 s at most. */
int erm_channel_kill(int fd, uint32_t id);
/* ret is of ERM_CHANNEL_ROWS; free() it. */
int erm_channel_list(int fd, struct erm_channel_message **ret);

#endif
