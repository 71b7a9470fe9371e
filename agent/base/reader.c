#include "base/reader.h"

#include <string.h>

const uint8_t *erm_reader_take(struct erm_reader *r, size_t len)
{
	const uint8_t *at = r->data;

	if (len > r->left)
		return NULL;
	if (len > 0) {
		r->data += len;
		r->left -= len;
	}
	return at;
}

bool erm_reader_split(struct erm_reader *r, size_t len, struct erm_reader *ret)
{
	const uint8_t *at = r->data;

	if (len > r->left)
		return false;
	erm_reader_skip(r, len);
	*ret = erm_reader_init(at, len);
	return true;
}

void erm_reader_skip(struct erm_reader *r, size_t len)
{
	if (len > r->left)
		len = r->left;
	if (len > 0) {
		r->data += len;
		r->left -= len;
	}
}

bool erm_reader_u8(struct erm_reader *r, uint8_t *ret)
{
	const uint8_t *p = erm_reader_take(r, 1);

	if (!p)
		return false;
	*ret = *p;
	return true;
}

bool erm_reader_be16(struct erm_reader *r, uint16_t *ret)
{
	const uint8_t *p = erm_reader_take(r, 2);

	if (!p)
		return false;
	*ret = (uint16_t)(p[0] << 8 | p[1]);
	return true;
}

bool erm_reader_be32(struct erm_reader *r, uint32_t *ret)
{
	const uint8_t *p = erm_reader_take(r, 4);

	if (!p)
		return false;
	*ret = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
	return true;
}

bool erm_reader_u16(struct erm_reader *r, uint16_t *ret)
{
	const uint8_t *p = erm_reader_take(r, sizeof(*ret));

	if (!p)
		return false;
	memcpy(ret, p, sizeof(*ret));
	return true;
}

bool erm_reader_u32(struct erm_reader *r, uint32_t *ret)
{
	const uint8_t *p = erm_reader_take(r, sizeof(*ret));

	if (!p)
		return false;
	memcpy(ret, p, sizeof(*ret));
	return true;
}
