/*
 * What the protocol of a router's local socket has to say for its replies to be cut from
 * the stream.  Pure.
 */
#ifndef ERM_SOURCES_ROUTER_FRAME_H
#define ERM_SOURCES_ROUTER_FRAME_H

#include <stddef.h>

/* How much of a reply was looked at; all zero at its start. */
struct erm_router_frame {
	size_t scanned; /* bytes that hold no end */
	size_t line;    /* where the line that is read begins, if there are lines */
};

/* How replies are cut from the stream.  Constant. */
struct erm_router_protocol {
	size_t trailer_max; /* bytes of a reply beyond its text */
	const char *broken; /* what to say when find() calls it bad */
	/*
	 * Looks at the first `len` bytes read since the request; each call knows at least
	 * what the one before knew.  1: the reply is complete: its text and its result.  0:
	 * more must be read.  -EBADMSG: the stream is out of step.
	 */
	int (*find)(struct erm_router_frame *frame, const char *data, size_t len,
		    size_t *ret_text_len, unsigned int *ret_result);
};

#endif
