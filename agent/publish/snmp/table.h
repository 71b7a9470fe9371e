/*
 * GET and GETNEXT over a snapshot, by the columns of columns.h: binary search in
 * sorted rows, O(log n) for any OID.  Pure: no libnetsnmp, so that every boundary
 * case is tested without snmpd.  OIDs are relative to ermonMIB.
 */
#ifndef ERM_PUBLISH_SNMP_TABLE_H
#define ERM_PUBLISH_SNMP_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "publish/snmp/columns.h"
#include "publish/snmp/value.h"

#define ERM_SNMP_OBJECTS 1 /* ermonObjects, below ermonMIB */

struct erm_snmp_oid {
	unsigned long ids[8]; /* objects, table, entry, column, three indexes; one to spare */
	size_t len;
};

enum erm_snmp_found {
	ERM_SNMP_FOUND,
	ERM_SNMP_NO_OBJECT,   /* noSuchObject: no such column or scalar */
	ERM_SNMP_NO_INSTANCE, /* noSuchInstance: no such row */
};

enum erm_snmp_found erm_snmp_get(const struct erm_snmp_context *ctx, const unsigned long *ids,
				 size_t len, struct erm_snmp_value *ret);

/* The first object after ids (with is_inclusive: at or after); false at the end of the MIB. */
bool erm_snmp_next(const struct erm_snmp_context *ctx, const unsigned long *ids, size_t len,
		   bool is_inclusive, struct erm_snmp_oid *ret_oid, struct erm_snmp_value *ret);

/* The OID of a column (its descriptor) in the row of that index; 0 or -ENOENT. */
int erm_snmp_instance(const struct erm_snmp_table *table, const char *column, const uint32_t *index,
		      struct erm_snmp_oid *ret);

/* The row of that index; NULL when there is none. */
const void *erm_snmp_row(const struct erm_snmp_table *table, const struct erm_snapshot *snapshot,
			 const uint32_t *index);

#endif
