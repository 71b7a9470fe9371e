#include "publish/ctl_act.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "publish/ctl_frame.h"

#define GROUPS_MAX     65536 /* NGROUPS_MAX of Linux */
#define LOG_REFUSALS   10    /* every one up to here, then each that is a power of two */
#define GROUP_DATABASE "/etc/group"
#define USER_DATABASE  "/etc/passwd"

int erm_ctl_peer_get(int fd, struct erm_ctl_peer *ret)
{
	struct ucred peer;
	socklen_t len = sizeof(peer);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) < 0)
		return -errno;
	*ret = (struct erm_ctl_peer){ .fd = fd, .pid = peer.pid, .uid = peer.uid, .gid = peer.gid };
	return 0;
}

/*
 * Both databases have lines of name:password:number.  Finds the one of that name, or,
 * for name NULL, of that number, and fills in the other.
 */
static int find_entry(const char *path, const char *name, uint32_t *number,
		      char ret_name[ERM_NAME_MAX])
{
	_cleanup_fclose_ FILE *f = fopen(path, "re");
	_cleanup_free_ char *line = NULL;
	size_t size = 0;

	if (!f)
		return -errno;
	while (getline(&line, &size, f) >= 0) {
		char *colon = strchr(line, ':');
		char *second = colon ? strchr(colon + 1, ':') : NULL;
		char *end = NULL;
		unsigned long value = second ? strtoul(second + 1, &end, 10) : 0;

		if (!second || end == second + 1 || *end != ':' || value >= UINT32_MAX)
			continue;
		*colon = '\0';
		if (name ? strcmp(line, name) != 0 : value != *number)
			continue;
		*number = (uint32_t)value;
		(void)snprintf(ret_name, ERM_NAME_MAX, "%s", line);
		return 0;
	}
	return -ENOENT;
}

static int find_group(const char *name, gid_t *ret)
{
	char found[ERM_NAME_MAX];
	uint32_t gid = 0;
	char *end = NULL;
	unsigned long number = strtoul(name, &end, 10);
	int r = 0;

	if (name[0] >= '0' && name[0] <= '9' && !*end && number < UINT32_MAX)
		gid = (uint32_t)number;
	else
		r = find_entry(GROUP_DATABASE, name, &gid, found);
	if (r >= 0)
		*ret = gid;
	return r;
}

void erm_ctl_actors_set(struct erm_ctl_actors *actors, const char *name)
{
	int r = 0;

	actors->has_gid = false;
	(void)snprintf(actors->group, sizeof(actors->group), "%s", name ? name : "");
	if (!actors->group[0])
		return;
	r = find_group(actors->group, &actors->gid);
	actors->has_gid = r >= 0;
	if (r < 0) {
		erm_log_warning("operator-group %s is not in %s (%s): nobody of it may act on "
				"alarms; give its number if it is elsewhere",
				actors->group, GROUP_DATABASE, strerror(-r));
	}
}

/* By the groups that the peer had when it connected. */
static bool is_member(const struct erm_ctl_peer *peer, gid_t gid)
{
	_cleanup_free_ gid_t *groups = NULL;
	socklen_t len = 0;

	if (peer->gid == gid)
		return true;
	if (getsockopt(peer->fd, SOL_SOCKET, SO_PEERGROUPS, NULL, &len) == 0 || errno != ERANGE ||
	    len > GROUPS_MAX * sizeof(gid_t))
		return false;
	groups = malloc(len);
	if (!groups || getsockopt(peer->fd, SOL_SOCKET, SO_PEERGROUPS, groups, &len) < 0)
		return false;
	for (size_t i = 0; i < len / sizeof(gid_t); i++) {
		if (groups[i] == gid)
			return true;
	}
	return false;
}

static void name_user(uid_t uid, char ret[ERM_NAME_MAX])
{
	uint32_t number = uid;

	if (find_entry(USER_DATABASE, NULL, &number, ret) < 0)
		(void)snprintf(ret, ERM_NAME_MAX, "uid %u", (unsigned int)uid);
}

/* Root and the daemon itself could do all of it without asking. */
static bool is_own(const struct erm_ctl_peer *peer)
{
	return peer->uid == 0 || peer->uid == geteuid();
}

static char *refuse(struct erm_ctl_actors *actors, const struct erm_ctl_peer *peer, const char *who)
{
	char own[ERM_NAME_MAX];
	char reason[256];
	uint64_t n = ++actors->refused;

	name_user(geteuid(), own);
	(void)snprintf(reason, sizeof(reason),
		       "%.63s may not act on alarms: only root%s%.63s%s%.63s may", who,
		       geteuid() == 0 ? "" : ", ", geteuid() == 0 ? "" : own,
		       actors->group[0] ? " and members of group " : "", actors->group);
	if (n <= LOG_REFUSALS || (n & (n - 1)) == 0) {
		erm_log_notice("Control socket: refused %s (pid %d, uid %u) to act on alarms, %llu "
			       "refused so far",
			       who, (int)peer->pid, peer->uid, (unsigned long long)n);
	}
	return erm_ctl_error_format(ERM_CTL_NOT_PERMITTED, reason);
}

static char *explain(const struct erm_act *act, int error)
{
	const char *shelf = act->shelf.name;

	if (error == -ENOENT && act->kind == ERM_ACT_OPERATOR_STATE)
		return erm_ctl_error_format(ERM_CTL_NO_SUCH_ALARM, act->key);
	if (error == -ENOENT)
		return erm_ctl_error_format(ERM_CTL_NO_SUCH_SHELF, shelf);
	if (error == -ENOSPC)
		return erm_ctl_error_format(ERM_CTL_TOO_MANY_SHELVES, shelf);
	return erm_ctl_error_format(ERM_CTL_FAILED, strerror(-error));
}

char *erm_ctl_act(const struct erm_publisher_env *env, struct erm_ctl_actors *actors,
		  const struct erm_ctl_peer *peer, struct erm_act *act)
{
	char who[ERM_NAME_MAX];
	uint32_t n = 0;
	int r = 0;

	name_user(peer->uid, who);
	if (!is_own(peer) && !(actors->has_gid && is_member(peer, actors->gid)))
		return refuse(actors, peer, who);
	if (!is_own(peer) && act->op.who[0] && strcmp(act->op.who, who) != 0) {
		return erm_ctl_error_format(
			ERM_CTL_NOT_PERMITTED,
			"only root and the user ermond runs as may act for others");
	}
	if (!act->op.who[0])
		memcpy(act->op.who, who, sizeof(who));
	act->uid = peer->uid;
	r = env->act ? env->act(env->userdata, act, &n) : -EOPNOTSUPP;
	return r < 0 ? explain(act, r) : erm_ctl_act_format(act->kind, n);
}
