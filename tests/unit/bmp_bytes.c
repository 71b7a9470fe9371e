#include "bmp_bytes.h"

#include <arpa/inet.h>
#include <check.h>
#include <string.h>

void bmp_put(struct bmp_bytes *b, const void *data, size_t len)
{
	ck_assert_uint_le(b->len + len, sizeof(b->data));
	memcpy(b->data + b->len, data, len);
	b->len += len;
}

void bmp_put_u8(struct bmp_bytes *b, unsigned int value)
{
	uint8_t byte = (uint8_t)value;

	bmp_put(b, &byte, 1);
}

void bmp_put_be16(struct bmp_bytes *b, unsigned int value)
{
	bmp_put_u8(b, value >> 8);
	bmp_put_u8(b, value & 0xff);
}

void bmp_put_be32(struct bmp_bytes *b, uint32_t value)
{
	bmp_put_be16(b, value >> 16);
	bmp_put_be16(b, value & 0xffff);
}

void bmp_put_be64(struct bmp_bytes *b, uint64_t value)
{
	bmp_put_be32(b, (uint32_t)(value >> 32));
	bmp_put_be32(b, (uint32_t)value);
}

static void put_filled(struct bmp_bytes *b, uint8_t byte, size_t n)
{
	for (; n > 0; n--)
		bmp_put(b, &byte, 1);
}

size_t bmp_begin(struct bmp_bytes *b, unsigned int type)
{
	size_t at = b->len;

	bmp_put_u8(b, 3);
	bmp_put_be32(b, 0);
	bmp_put_u8(b, type);
	return at;
}

void bmp_end(struct bmp_bytes *b, size_t at)
{
	struct bmp_bytes length = { .len = 0 };

	bmp_put_be32(&length, (uint32_t)(b->len - at));
	memcpy(b->data + at + 1, length.data, length.len);
}

/* 16 bytes, IPv4 in the last four. */
static void put_address(struct bmp_bytes *b, const char *text)
{
	uint8_t bytes[16] = { 0 };

	if (strchr(text, ':'))
		ck_assert_int_eq(inet_pton(AF_INET6, text, bytes), 1);
	else if (text[0] != '\0')
		ck_assert_int_eq(inet_pton(AF_INET, text, bytes + 12), 1);
	bmp_put(b, bytes, sizeof(bytes));
}

void bmp_put_peer(struct bmp_bytes *b, const struct bmp_peer *peer)
{
	bmp_put_u8(b, peer->type);
	bmp_put_u8(b, strchr(peer->addr, ':') ? 0x80 : 0);
	bmp_put_be64(b, peer->distinguisher);
	put_address(b, peer->addr);
	bmp_put_be32(b, peer->as);
	bmp_put_be32(b, 0x0a000001); /* BGP identifier */
	bmp_put_be32(b, 1);          /* seconds: routers get them wrong */
	bmp_put_be32(b, 0);
}

static void put_tlv(struct bmp_bytes *b, unsigned int type, const char *text)
{
	bmp_put_be16(b, type);
	bmp_put_be16(b, (unsigned int)strlen(text));
	bmp_put(b, text, strlen(text));
}

void bmp_initiation(struct bmp_bytes *b, const char *name)
{
	size_t at = bmp_begin(b, 4);

	put_tlv(b, 1, "a router of the test");
	put_tlv(b, 2, name);
	bmp_end(b, at);
}

void bmp_termination(struct bmp_bytes *b, unsigned int reason)
{
	size_t at = bmp_begin(b, 5);

	put_tlv(b, 0, "bye");
	bmp_put_be16(b, 1);
	bmp_put_be16(b, 2);
	bmp_put_be16(b, reason);
	bmp_end(b, at);
}

/* RFC 4271 section 4.2, without parameters. */
static void put_open(struct bmp_bytes *b, uint32_t as)
{
	put_filled(b, 0xff, 16);
	bmp_put_be16(b, 29);
	bmp_put_u8(b, 1);
	bmp_put_u8(b, 4);
	bmp_put_be16(b, as & 0xffff);
	bmp_put_be16(b, 180);
	bmp_put_be32(b, 0x0a000001);
	bmp_put_u8(b, 0);
}

void bmp_peer_up(struct bmp_bytes *b, const struct bmp_peer *peer, const char *local)
{
	size_t at = bmp_begin(b, 3);

	bmp_put_peer(b, peer);
	put_address(b, local);
	bmp_put_be16(b, 179);
	bmp_put_be16(b, 40000);
	put_open(b, 65010);
	put_open(b, peer->as);
	bmp_end(b, at);
}

void bmp_peer_down(struct bmp_bytes *b, const struct bmp_peer *peer, unsigned int reason)
{
	size_t at = bmp_begin(b, 2);

	bmp_put_peer(b, peer);
	bmp_put_u8(b, reason);
	if (reason == 2)
		bmp_put_be16(b, 0);
	bmp_end(b, at);
}

void bmp_peer_notified(struct bmp_bytes *b, const struct bmp_peer *peer, unsigned int reason,
		       unsigned int code, unsigned int subcode, const char *words)
{
	size_t at = bmp_begin(b, 2);
	size_t len = strlen(words);

	bmp_put_peer(b, peer);
	bmp_put_u8(b, reason);
	put_filled(b, 0xff, 16);
	bmp_put_be16(b, (unsigned int)(21 + (len > 0 ? len + 1 : 0)));
	bmp_put_u8(b, 3);
	bmp_put_u8(b, code);
	bmp_put_u8(b, subcode);
	if (len > 0) {
		bmp_put_u8(b, (unsigned int)len);
		bmp_put(b, words, len);
	}
	bmp_end(b, at);
}

void bmp_stats(struct bmp_bytes *b, const struct bmp_peer *peer, uint64_t routes)
{
	size_t at = bmp_begin(b, 1);

	bmp_put_peer(b, peer);
	bmp_put_be32(b, 2);
	bmp_put_be16(b, 0); /* prefixes rejected by policy */
	bmp_put_be16(b, 4);
	bmp_put_be32(b, 4711);
	bmp_put_be16(b, 7);
	bmp_put_be16(b, 8);
	bmp_put_be64(b, routes);
	bmp_end(b, at);
}

void bmp_routes(struct bmp_bytes *b, const struct bmp_peer *peer, size_t len)
{
	size_t at = bmp_begin(b, 0);

	bmp_put_peer(b, peer);
	put_filled(b, 0x33, len - (b->len - at));
	bmp_end(b, at);
}
