/*
 * ermond's events as they happen, from its control socket.
 */
#ifndef ERM_NETCONF_STREAM_H
#define ERM_NETCONF_STREAM_H

#include <stddef.h>

#include "netconf/link.h"

struct erm_stream { /* fd -1 = closed */
	int fd;
	char *input;
	size_t n_input, size;
};

/* 0 when from now on no event is missed; errors as erm_link_get()'s. */
int erm_stream_open(struct erm_stream *stream, const char *path, char detail[ERM_LINK_DETAIL_MAX]);
void erm_stream_close(struct erm_stream *stream);

/*
 * The next event: 1 with {"ermon:event":{...}}, free() it; 0: none has come yet;
 * -ECONNRESET: ermond has gone.  Does not wait.
 */
int erm_stream_next(struct erm_stream *stream, char **ret);

#endif
