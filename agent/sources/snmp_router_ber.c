#include "sources/snmp_router_ber.h"

#include <string.h>

bool erm_snmpr_oid_equal(const struct erm_snmpr_oid *a, const struct erm_snmpr_oid *b)
{
	return a->n == b->n && memcmp(a->ids, b->ids, a->n * sizeof(a->ids[0])) == 0;
}

bool erm_snmpr_oid_is_below(const struct erm_snmpr_oid *oid, const struct erm_snmpr_oid *prefix)
{
	return oid->n >= prefix->n &&
	       memcmp(oid->ids, prefix->ids, prefix->n * sizeof(prefix->ids[0])) == 0;
}

int erm_snmpr_oid_compare(const struct erm_snmpr_oid *a, const struct erm_snmpr_oid *b)
{
	for (uint32_t i = 0; i < a->n && i < b->n; i++) {
		if (a->ids[i] != b->ids[i])
			return a->ids[i] < b->ids[i] ? -1 : 1;
	}
	return a->n == b->n ? 0 : a->n < b->n ? -1 : 1;
}

static bool take_length(struct erm_reader *r, size_t *ret)
{
	uint8_t first = 0;
	size_t len = 0;

	if (!erm_reader_u8(r, &first))
		return false;
	if (first < 0x80) {
		*ret = first;
		return true;
	}
	if (first == 0x80 || first > 0x84) /* indefinite, or beyond any message */
		return false;
	for (unsigned int i = 0; i < (first & 0x7fU); i++) {
		uint8_t octet = 0;

		if (!erm_reader_u8(r, &octet))
			return false;
		len = len << 8 | octet;
	}
	*ret = len;
	return true;
}

bool erm_ber_next(struct erm_reader *r, uint8_t *ret_tag, struct erm_reader *ret_contents)
{
	struct erm_reader rest = *r;
	struct erm_reader contents;
	size_t len = 0;
	uint8_t tag = 0;

	if (!erm_reader_u8(&rest, &tag) || (tag & 0x1f) == 0x1f || !take_length(&rest, &len) ||
	    !erm_reader_split(&rest, len, &contents))
		return false;
	*r = rest;
	*ret_tag = tag;
	*ret_contents = contents;
	return true;
}

bool erm_ber_enter(struct erm_reader *r, uint8_t tag, struct erm_reader *ret_contents)
{
	struct erm_reader rest = *r;
	struct erm_reader contents;
	uint8_t found = 0;

	if (!erm_ber_next(&rest, &found, &contents) || found != tag)
		return false;
	*r = rest;
	*ret_contents = contents;
	return true;
}

bool erm_ber_int(struct erm_reader *r, int32_t *ret)
{
	struct erm_reader contents;
	uint32_t value;

	if (!erm_ber_enter(r, ERM_BER_INTEGER, &contents) || contents.left == 0 ||
	    contents.left > 4)
		return false;
	value = contents.data[0] & 0x80 ? UINT32_MAX : 0;
	for (size_t i = 0; i < contents.left; i++)
		value = value << 8 | contents.data[i];
	*ret = (int32_t)value;
	return true;
}

bool erm_ber_unsigned(const struct erm_reader *contents, uint64_t *ret)
{
	uint64_t value = 0;

	/* Nine octets: the sign's octet of a number above 2^63. */
	if (contents->left == 0 || contents->left > 9 ||
	    (contents->left == 9 && contents->data[0] != 0))
		return false;
	for (size_t i = 0; i < contents->left; i++)
		value = value << 8 | contents->data[i];
	*ret = value;
	return true;
}

static bool take_sub_id(struct erm_reader *r, uint32_t *ret)
{
	uint64_t value = 0;
	uint8_t octet = 0;

	do {
		if (!erm_reader_u8(r, &octet))
			return false;
		value = value << 7 | (octet & 0x7fU);
		if (value > UINT32_MAX)
			return false;
	} while (octet & 0x80);
	*ret = (uint32_t)value;
	return true;
}

bool erm_ber_oid(const struct erm_reader *contents, struct erm_snmpr_oid *ret)
{
	struct erm_reader r = *contents;
	struct erm_snmpr_oid oid = { 0 };
	uint32_t first = 0;

	if (!take_sub_id(&r, &first))
		return false;
	oid.ids[0] = first < 80 ? first / 40 : 2;
	oid.ids[1] = first - oid.ids[0] * 40;
	for (oid.n = 2; r.left > 0; oid.n++) {
		if (oid.n >= ERM_SNMPR_OID_MAX || !take_sub_id(&r, &oid.ids[oid.n]))
			return false;
	}
	*ret = oid;
	return true;
}

struct erm_ber_writer erm_ber_writer_init(void *buffer, size_t size)
{
	uint8_t *start = buffer;

	return (struct erm_ber_writer){ .start = start, .at = start + size, .end = start + size };
}

void erm_ber_put(struct erm_ber_writer *w, const void *data, size_t len)
{
	if (w->is_full || (size_t)(w->at - w->start) < len) {
		w->is_full = true;
		return;
	}
	w->at -= len;
	if (len > 0)
		memcpy(w->at, data, len);
}

static void put_octet(struct erm_ber_writer *w, uint8_t octet)
{
	erm_ber_put(w, &octet, 1);
}

static void put_header(struct erm_ber_writer *w, uint8_t tag, size_t len)
{
	if (len < 0x80) {
		put_octet(w, (uint8_t)len);
	} else {
		uint8_t n = 0;

		for (size_t rest = len; rest > 0; rest >>= 8, n++)
			put_octet(w, (uint8_t)rest);
		put_octet(w, 0x80 | n);
	}
	put_octet(w, tag);
}

void erm_ber_wrap(struct erm_ber_writer *w, uint8_t tag, const uint8_t *mark)
{
	put_header(w, tag, (size_t)(mark - w->at));
}

void erm_ber_put_value(struct erm_ber_writer *w, uint8_t tag, const void *data, size_t len)
{
	erm_ber_put(w, data, len);
	put_header(w, tag, len);
}

void erm_ber_put_int(struct erm_ber_writer *w, int32_t value)
{
	uint8_t octets[4] = { (uint8_t)((uint32_t)value >> 24), (uint8_t)((uint32_t)value >> 16),
			      (uint8_t)((uint32_t)value >> 8), (uint8_t)value };
	size_t skip = 0;

	/* An octet of sign alone is not sent. */
	while (skip < 3 && ((octets[skip] == 0 && !(octets[skip + 1] & 0x80)) ||
			    (octets[skip] == 0xff && (octets[skip + 1] & 0x80))))
		skip++;
	erm_ber_put_value(w, ERM_BER_INTEGER, octets + skip, sizeof(octets) - skip);
}

static void put_sub_id(struct erm_ber_writer *w, uint32_t id)
{
	put_octet(w, id & 0x7f);
	for (id >>= 7; id > 0; id >>= 7)
		put_octet(w, (uint8_t)(0x80 | (id & 0x7f)));
}

void erm_ber_put_oid(struct erm_ber_writer *w, const struct erm_snmpr_oid *oid)
{
	const uint8_t *mark = w->at;

	for (uint32_t i = oid->n; i > 2; i--)
		put_sub_id(w, oid->ids[i - 1]);
	put_sub_id(w, oid->ids[0] * 40 + oid->ids[1]);
	erm_ber_wrap(w, ERM_BER_OID, mark);
}
