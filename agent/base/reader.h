/*
 * A bounded cursor over bytes from outside.  Every parser of binary input walks
 * with it, never with the NLMSG_ and RTA_ macros (which underflow on lengths
 * that are not a multiple of 4).  Pure.  A read past the end fails and moves nothing.
 */
#ifndef ERM_BASE_READER_H
#define ERM_BASE_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct erm_reader {
	const uint8_t *data;
	size_t left; /* bytes not read yet */
};

static inline struct erm_reader erm_reader_init(const void *data, size_t len)
{
	return (struct erm_reader){ .data = data, .left = len };
}

/* Takes len bytes; NULL when fewer are left. */
const uint8_t *erm_reader_take(struct erm_reader *r, size_t len);

/* Splits off the next len bytes as a reader of their own; false when fewer are left. */
bool erm_reader_split(struct erm_reader *r, size_t len, struct erm_reader *ret);

/* Skips len bytes, or all that is left when there are fewer (trailing padding may be absent). */
void erm_reader_skip(struct erm_reader *r, size_t len);

bool erm_reader_u8(struct erm_reader *r, uint8_t *ret);
bool erm_reader_be16(struct erm_reader *r, uint16_t *ret);
bool erm_reader_be32(struct erm_reader *r, uint32_t *ret);
/* Host byte order, unaligned. */
bool erm_reader_u16(struct erm_reader *r, uint16_t *ret);
bool erm_reader_u32(struct erm_reader *r, uint32_t *ret);

#endif
