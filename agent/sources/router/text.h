/* Words of a router on their way to people.  Pure. */
#ifndef ERM_SOURCES_ROUTER_TEXT_H
#define ERM_SOURCES_ROUTER_TEXT_H

#include <stddef.h>

#include "core/obs.h"

/*
 * Copies at most `max` bytes of text from outside for display, up to a NUL: printable
 * ASCII (others become '?'), runs of blanks as one, without quotes, ';', '`', '$', '\' and
 * '|', cut to fit.
 */
void erm_router_text_clean(const char *text, size_t max, char ret_text[ERM_TEXT_MAX]);

/*
 * Why a router cannot be reached or spoken with, from the negative errno of connect(2) or
 * send(2) on its local socket, in words.  daemon: who should listen; access: what lets us in.
 */
enum erm_source_reason erm_router_text_unreached(int error, const char *daemon, const char *access,
						 char ret_text[ERM_TEXT_MAX]);

#endif
