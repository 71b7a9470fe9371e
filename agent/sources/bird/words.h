/* Words of BIRD 2, one by one: states, times, reasons.  Texts are not terminated.  Pure. */
#ifndef ERM_SOURCES_BIRD_WORDS_H
#define ERM_SOURCES_BIRD_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/obs.h"
#include "sources/bird/parse.h"

/* A state of a protocol: up, start, down, stop, flush. */
bool erm_bird_words_is_state(const char *text, size_t len);

/* "Established"; a word nobody knows is ERM_BGP_UNKNOWN, never a state that is down. */
enum erm_bgp_state erm_bird_words_bgp(const char *text, size_t len);

enum erm_bfd_state erm_bird_words_bfd(const char *text, size_t len);

/* "2026-11-22" or "21:19:29.692" is added to *since; false: neither. */
bool erm_bird_words_since(const char *text, size_t len, struct erm_bird_since *since);

/*
 * What "Last error" says, "Received: Administrative shutdown": has_reset, reset_cause and
 * the NOTIFICATION.  What a later try to connect met is no reason: has_reset stays false.
 */
void erm_bird_words_reset(const char *text, size_t len, struct erm_obs_session *obs);

#endif
