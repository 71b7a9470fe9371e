/*
 * sshd's subsystem: octets between standard input and output and the server's socket.  Runs
 * as the user who logged in, which is how the server knows who that is.
 */
#ifndef ERM_NETCONF_RELAY_H
#define ERM_NETCONF_RELAY_H

/* Until either side ends.  0 or a negative errno; -ECONNREFUSED, -ENOENT, -EACCES: no server for us. */
int erm_relay_run(const char *path);

#endif
