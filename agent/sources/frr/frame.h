/*
 * The wire of FRR's vty socket: what is asked (a fixed list of read-only commands) and
 * where an answer ends.  A request is the command and one NUL; a reply is text that
 * never holds a NUL, then 00 00 00 and the command's result.  Nothing follows a reply
 * unasked, so the first NUL starts the trailer wherever the stream is cut.  Pure.
 */
#ifndef ERM_SOURCES_FRR_FRAME_H
#define ERM_SOURCES_FRR_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "sources/router/frame.h"

#define ERM_FRR_TRAILER_LEN 4
#define ERM_FRR_COMMAND_MAX 160
#define ERM_FRR_VRF_MAX     36 /* FRR's own limit, with NUL */

/*
 * Looks at the first `len` bytes read since the request; each call knows at least what
 * the one before knew.  1: the reply is complete, *ret_text_len bytes of text and
 * *ret_result (0 ok, 1 warning, 2 unknown command ...).  0: more must be read.
 * -EBADMSG: a NUL inside the text, or bytes behind the trailer: the stream is out of step.
 */
int erm_frr_frame_find(struct erm_router_frame *frame, const char *data, size_t len,
		       size_t *ret_text_len, unsigned int *ret_result);

extern const struct erm_router_protocol erm_frr_protocol;

/*
 * Writes "show bgp [vrf VRF] neighbors [ADDR] json".  vrf NULL = the default VRF, neighbor
 * NULL = all.  -EINVAL: a VRF name that could be read as anything but one word.
 */
int erm_frr_command_format(const char *vrf, const struct erm_addr *neighbor,
			   char ret_command[ERM_FRR_COMMAND_MAX]);

/* True for a name that erm_frr_command_format() accepts. */
bool erm_frr_vrf_is_valid(const char *vrf);

#endif
