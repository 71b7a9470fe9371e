/* Object identifiers, and as text: "1.3.6.1.2.1.1.3.0".  Pure. */
#ifndef ERM_SOURCES_SNMP_ROUTER_OID_H
#define ERM_SOURCES_SNMP_ROUTER_OID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ERM_SNMPR_OID_MAX      128 /* sub-identifiers, RFC 3416 section 4.1 */
#define ERM_SNMPR_OID_TEXT_MAX ((size_t)ERM_SNMPR_OID_MAX * 11) /* with NUL */

struct erm_snmpr_oid {
	uint32_t n;
	uint32_t ids[ERM_SNMPR_OID_MAX];
};

bool erm_snmpr_oid_equal(const struct erm_snmpr_oid *a, const struct erm_snmpr_oid *b);
/* True when oid is prefix or lies below it. */
bool erm_snmpr_oid_is_below(const struct erm_snmpr_oid *oid, const struct erm_snmpr_oid *prefix);
/* Order of a walk: negative, 0, positive. */
int erm_snmpr_oid_compare(const struct erm_snmpr_oid *a, const struct erm_snmpr_oid *b);

/* All of the text, at least one number, digits and dots alone.  False when it is none. */
bool erm_snmpr_oid_parse(const char *text, size_t len, struct erm_snmpr_oid *ret);
/* Returns the octets written, without the NUL behind them. */
size_t erm_snmpr_oid_write(const struct erm_snmpr_oid *oid, char ret_text[ERM_SNMPR_OID_TEXT_MAX]);

#endif
