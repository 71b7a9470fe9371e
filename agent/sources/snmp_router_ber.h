/*
 * BER as SNMP uses it (RFC 3417 section 8): definite lengths, tags of one octet.  Pure.
 * Messages are written backwards into a buffer of the caller's, so that a length is known when
 * it is written.
 */
#ifndef ERM_SOURCES_SNMP_ROUTER_BER_H
#define ERM_SOURCES_SNMP_ROUTER_BER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/reader.h"

#define ERM_BER_INTEGER  0x02
#define ERM_BER_OCTETS   0x04
#define ERM_BER_NULL     0x05
#define ERM_BER_OID      0x06
#define ERM_BER_SEQUENCE 0x30

#define ERM_SNMPR_OID_MAX 128 /* sub-identifiers, RFC 3416 section 4.1 */

struct erm_snmpr_oid {
	uint32_t n;
	uint32_t ids[ERM_SNMPR_OID_MAX];
};

bool erm_snmpr_oid_equal(const struct erm_snmpr_oid *a, const struct erm_snmpr_oid *b);
/* True when oid is prefix or lies below it. */
bool erm_snmpr_oid_is_below(const struct erm_snmpr_oid *oid, const struct erm_snmpr_oid *prefix);
/* Order of a walk: negative, 0, positive. */
int erm_snmpr_oid_compare(const struct erm_snmpr_oid *a, const struct erm_snmpr_oid *b);

/* Takes one value: its tag and its contents.  False when it is cut, or no BER of SNMP's. */
bool erm_ber_next(struct erm_reader *r, uint8_t *ret_tag, struct erm_reader *ret_contents);
/* As erm_ber_next(), when the tag is this one; moves nothing when it is another. */
bool erm_ber_enter(struct erm_reader *r, uint8_t tag, struct erm_reader *ret_contents);
/* An INTEGER of up to 32 bits. */
bool erm_ber_int(struct erm_reader *r, int32_t *ret);
/* Contents of Counter32, Gauge32, TimeTicks and Counter64: unsigned, at most 64 bits. */
bool erm_ber_unsigned(const struct erm_reader *contents, uint64_t *ret);
bool erm_ber_oid(const struct erm_reader *contents, struct erm_snmpr_oid *ret);

struct erm_ber_writer {
	uint8_t *start; /* of the buffer */
	uint8_t *at;    /* the first octet written so far */
	uint8_t *end;
	bool is_full; /* something did not fit: all of it is worthless */
};

struct erm_ber_writer erm_ber_writer_init(void *buffer, size_t size);
/* What has been written since mark, as the contents of a value with this tag. */
void erm_ber_wrap(struct erm_ber_writer *w, uint8_t tag, const uint8_t *mark);
void erm_ber_put(struct erm_ber_writer *w, const void *data, size_t len);
void erm_ber_put_value(struct erm_ber_writer *w, uint8_t tag, const void *data, size_t len);
void erm_ber_put_int(struct erm_ber_writer *w, int32_t value);
void erm_ber_put_oid(struct erm_ber_writer *w, const struct erm_snmpr_oid *oid);

#endif
