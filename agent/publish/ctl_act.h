/*
 * Who may act on alarms over the control socket, and what he is answered.  Knows
 * the peer by what the kernel says of it, never by what it says of itself.
 */
#ifndef ERM_PUBLISH_CTL_ACT_H
#define ERM_PUBLISH_CTL_ACT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/shelf.h"
#include "publish/publisher.h"

/* Beside root and the daemon's own user. */
struct erm_ctl_actors {
	char group[ERM_NAME_MAX]; /* "" = none */
	bool has_gid;
	gid_t gid;
	uint64_t refused;
};

/* Of a connection, as the kernel tells. */
struct erm_ctl_peer {
	int fd;
	pid_t pid;
	uid_t uid;
	gid_t gid;
};

/* Negative errno. */
int erm_ctl_peer_get(int fd, struct erm_ctl_peer *ret);

/*
 * name is that of a group of this host's /etc/group, or a number; NULL = none.  Other
 * databases are not asked: they may hang, and this thread must not.  A name that is
 * not found is logged, and nobody is of it.
 */
void erm_ctl_actors_set(struct erm_ctl_actors *actors, const char *name);

/*
 * Does what act asks for, or not, in the name of the peer; gives the reply as the
 * functions of ctl_frame.h do.  Fills act's uid and op.who.
 */
char *erm_ctl_act(const struct erm_publisher_env *env, struct erm_ctl_actors *actors,
		  const struct erm_ctl_peer *peer, struct erm_act *act);

#endif
