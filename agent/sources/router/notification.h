/*
 * What a BGP NOTIFICATION says of the end of a session: codes of RFC 4271 section 4.5,
 * Cease subcodes of RFC 4486, RFC 8538 and RFC 9384.  For every source that is told them.
 * Pure.
 */
#ifndef ERM_SOURCES_ROUTER_NOTIFICATION_H
#define ERM_SOURCES_ROUTER_NOTIFICATION_H

#include <stdbool.h>
#include <stdint.h>

#include "core/obs.h"

/*
 * The cause it names; ERM_CAUSE_NONE when it names none of use.  is_sent: the own router sent
 * it; that never blames the peer.
 */
enum erm_cause erm_router_notification_cause(uint8_t code, uint8_t subcode, bool is_sent);

/* "Cease/Administrative Shutdown"; numbers where there is no word.  Always printable ASCII. */
void erm_router_notification_text(uint8_t code, uint8_t subcode, char ret_text[ERM_TEXT_MAX]);

#endif
