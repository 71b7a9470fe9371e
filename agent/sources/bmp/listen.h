/*
 * The socket a BMP station listens on, from its text form.  Knows nothing of who connects.
 */
#ifndef ERM_SOURCES_BMP_LISTEN_H
#define ERM_SOURCES_BMP_LISTEN_H

/*
 * Opens a non-blocking listening socket for "ADDRESS:PORT", "[ADDRESS]:PORT" or the absolute
 * path of a UNIX socket.  A socket nobody listens on any more is taken over, a live one is
 * not: -EADDRINUSE.  Returns the fd or a negative errno; -EINVAL: it is none of the three.
 */
int erm_bmp_listen(const char *listen);

/* Closes it, and removes the path of a UNIX socket.  Accepts -1. */
void erm_bmp_listen_close(int fd, const char *listen);

#endif
