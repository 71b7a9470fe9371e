/*
 * A value as SNMP knows it, and the getters that make one from a field of a
 * snapshot.  Pure: no libnetsnmp, no clock; the time of the request is in the
 * context.  GET, GETNEXT and notifications all come through here.
 */
#ifndef ERM_PUBLISH_SNMP_VALUE_H
#define ERM_PUBLISH_SNMP_VALUE_H

#include <stddef.h>
#include <stdint.h>

#include "core/event.h"
#include "core/snapshot.h"
#include "publish/publisher.h"

/* Age of what never happened. */
#define ERM_SNMP_NEVER UINT32_MAX

/* BER tags, RFC 2578 section 7.1. */
enum erm_snmp_type {
	ERM_SNMP_INTEGER = 0x02,
	ERM_SNMP_OCTETS = 0x04,
	ERM_SNMP_COUNTER = 0x41,
	ERM_SNMP_GAUGE = 0x42, /* Unsigned32 too */
	ERM_SNMP_TICKS = 0x43,
};

struct erm_snmp_value {
	enum erm_snmp_type type;
	const void *
		data; /* into the snapshot, the config, or this struct: valid as long as all three */
	size_t size;  /* octets at data */
	long number;  /* what data points to unless type is ERM_SNMP_OCTETS */
	char text[256]; /* SnmpAdminString, RFC 3411 */
};

struct erm_snmp_context {
	const struct erm_snapshot *snapshot;
	const struct erm_publisher_health *health;
	struct erm_time now;
	uint32_t uptime_ticks; /* sysUpTime of the master agent, 1/100 s */
};

/* field points to what the column names: see struct erm_snmp_column. */
typedef void erm_snmp_getter(const void *field, const struct erm_snmp_context *ctx,
			     struct erm_snmp_value *ret);

void erm_snmp_set_number(struct erm_snmp_value *ret, enum erm_snmp_type type, uint32_t number);
/* Borrows text; NULL is the empty string. */
void erm_snmp_set_text(struct erm_snmp_value *ret, const char *text);

erm_snmp_getter erm_snmp_get_chars;    /* char[], NUL-terminated */
erm_snmp_getter erm_snmp_get_string;   /* char *, NULL = "" */
erm_snmp_getter erm_snmp_get_enum;     /* an enum from 1; 0 = none seen, shown as 1, the best */
erm_snmp_getter erm_snmp_get_bool;     /* bool -> TruthValue */
erm_snmp_getter erm_snmp_get_octet;    /* uint8_t -> Unsigned32 */
erm_snmp_getter erm_snmp_get_unsigned; /* uint32_t -> Unsigned32 */
erm_snmp_getter erm_snmp_get_gauge;    /* uint32_t -> Gauge32 */
erm_snmp_getter
	erm_snmp_get_gauge64; /* uint64_t -> Gauge32, latched at its maximum, RFC 2578 section 7.1.7 */
erm_snmp_getter erm_snmp_get_integer; /* uint32_t -> Integer32, latched */
erm_snmp_getter erm_snmp_get_signed;  /* int32_t -> Integer32 */
erm_snmp_getter erm_snmp_get_counter; /* uint32_t -> Counter32 */
erm_snmp_getter
	erm_snmp_get_counter64; /* uint64_t -> Counter32: wraps, as SNMPv1 must be able to read it */
erm_snmp_getter erm_snmp_get_time;      /* struct erm_time -> DateAndTime in UTC, 11 octets */
erm_snmp_getter erm_snmp_get_age;       /* struct erm_time -> seconds until the request, Gauge32 */
erm_snmp_getter erm_snmp_get_timestamp; /* struct erm_time -> TimeStamp on the master's clock */
erm_snmp_getter erm_snmp_get_addr_type; /* struct erm_addr -> InetAddressType */
erm_snmp_getter erm_snmp_get_addr;      /* struct erm_addr -> InetAddress */
erm_snmp_getter erm_snmp_get_addr_text; /* struct erm_addr -> its text */

#endif
