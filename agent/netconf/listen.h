/*
 * The socket NETCONF sessions come in by: handed over by systemd, or made here.
 */
#ifndef ERM_NETCONF_LISTEN_H
#define ERM_NETCONF_LISTEN_H

#include <stdbool.h>

/*
 * Listens at path with mode 0660, non-blocking and close-on-exec; what a dead server left
 * is replaced.  With systemd's socket (sd_listen_fds(3)) path is not looked at and
 * ret_is_ours is false.  The fd; -EADDRINUSE, -EEXIST (no socket is there), -ENAMETOOLONG,
 * -EINVAL (not one listening local socket), others.
 */
int erm_nc_listen(const char *path, bool *ret_is_ours);

#endif
