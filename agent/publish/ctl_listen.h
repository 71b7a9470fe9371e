/* The control socket's place in the file system: who may have it, and its mode. */
#ifndef ERM_PUBLISH_CTL_LISTEN_H
#define ERM_PUBLISH_CTL_LISTEN_H

#include <sys/un.h>

/*
 * Listens at path, non-blocking and close-on-exec, with mode 0660: the daemon's own
 * user, its group and root may connect.  What a dead daemon left is replaced.
 * -EADDRINUSE: a live one serves it; -EEXIST: something that is no socket is there;
 * -ENAMETOOLONG; other errors of the directory.  Returns the fd; ret_address is where it is.
 */
int erm_ctl_listen(const char *path, struct sockaddr_un *ret_address);

#endif
