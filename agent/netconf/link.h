/*
 * The way to ermond: one question on its control socket, one answer.  A connection for each:
 * an idle session holds none, and nothing has to be mended when ermond comes back.  Blocks,
 * with limits of time and size.
 */
#ifndef ERM_NETCONF_LINK_H
#define ERM_NETCONF_LINK_H

#include <stddef.h>

#define ERM_LINK_DETAIL_MAX 256

/* Connects; the fd.  Errors as erm_link_get()'s. */
int erm_link_connect(const char *path, char detail[ERM_LINK_DETAIL_MAX]);

enum erm_link_part {
	ERM_LINK_CONFIG = 1 << 0,
	ERM_LINK_STATE = 1 << 1,
	ERM_LINK_ALARMS = 1 << 2,
	ERM_LINK_EVENTS = 1 << 3,
	ERM_LINK_SOURCES = 1 << 4,
	ERM_LINK_ALL = (1 << 5) - 1,
};

/*
 * ret is instance data of ermon.yang by RFC 7951; free() it.  parts: of enum erm_link_part;
 * circuit NULL = all.  -ENOENT: no such circuit; -EAGAIN: ermond knows nothing yet; -EBUSY:
 * it has too many clients; -ECONNREFUSED: it is not running; -EPERM: it is not for us;
 * -ETIMEDOUT: it does not answer; -EMSGSIZE; others.  Then detail says so to a person.
 */
int erm_link_get(const char *path, unsigned int parts, const char *circuit, char **ret,
		 char detail[ERM_LINK_DETAIL_MAX]);

#endif
