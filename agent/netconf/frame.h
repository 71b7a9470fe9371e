/*
 * The framing of RFC 6242: octets in, messages out.  Until the hellos are exchanged, and
 * with a client of base:1.0 for ever, a message ends in "]]>]]>"; with base:1.1 it comes in
 * chunks.  Pure: no fd, no log; knows nothing of XML.
 */
#ifndef ERM_NETCONF_FRAME_H
#define ERM_NETCONF_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct erm_frame {
	size_t limit;    /* octets of one message */
	bool is_chunked; /* set it between two messages only */
	/* The message: its len octets and a NUL. */
	char *text;
	size_t len;
	/* Own. */
	size_t size;
	int state;
	uint64_t chunk; /* octets left of it, or its size so far */
};

void erm_frame_init(struct erm_frame *frame, size_t limit);
void erm_frame_done(struct erm_frame *frame);

/*
 * Takes octets up to the end of a message.  1: text and len are a message, valid until the
 * next call, which begins another; 0: all octets are taken and it goes on.  ret_used is how
 * many were taken, always > 0.  -EBADMSG: not the framing of RFC 6242; -EMSGSIZE: above
 * limit; -ENOMEM.  After an error nothing more can be understood.
 */
int erm_frame_push(struct erm_frame *frame, const char *data, size_t len, size_t *ret_used);

/* True between two messages. */
bool erm_frame_is_idle(const struct erm_frame *frame);

#define ERM_FRAME_HEAD_MAX 24
#define ERM_FRAME_TAIL_MAX 8

/* What goes before a message of len octets, and after it; "" = nothing. */
void erm_frame_head(bool is_chunked, size_t len, char ret[ERM_FRAME_HEAD_MAX]);
void erm_frame_tail(bool is_chunked, char ret[ERM_FRAME_TAIL_MAX]);

#endif
