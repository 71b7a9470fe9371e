/*
 * A look at a message before any XML parser has it: what RFC 6241 forbids, and what would
 * cost more than a message is worth.  Pure.
 */
#ifndef ERM_NETCONF_SCAN_H
#define ERM_NETCONF_SCAN_H

#include <stddef.h>

/*
 * 0; -EBADMSG: a document type (RFC 6241, section 3), a NUL, or markup that does not end;
 * -E2BIG: elements nested deeper than depth_max.  ret_at is where in the first tag another
 * attribute may be put, 0 when that tag declares a default namespace or there is no tag.
 */
int erm_scan_message(const char *text, size_t len, unsigned int depth_max, size_t *ret_at);

#endif
