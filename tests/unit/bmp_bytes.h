/*
 * Messages of BMP for tests, laid out by RFC 7854: each function appends one to a buffer.
 */
#ifndef ERM_TESTS_BMP_BYTES_H
#define ERM_TESTS_BMP_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BMP_BYTES_MAX 8192

struct bmp_bytes {
	uint8_t data[BMP_BYTES_MAX];
	size_t len;
};

void bmp_put_u8(struct bmp_bytes *b, unsigned int value);
void bmp_put_be16(struct bmp_bytes *b, unsigned int value);
void bmp_put_be32(struct bmp_bytes *b, uint32_t value);
void bmp_put_be64(struct bmp_bytes *b, uint64_t value);
void bmp_put(struct bmp_bytes *b, const void *data, size_t len);

/* A common header whose length is set right by bmp_end(), which is handed what this returned. */
size_t bmp_begin(struct bmp_bytes *b, unsigned int type);
void bmp_end(struct bmp_bytes *b, size_t at);

struct bmp_peer {
	const char *addr; /* as inet_pton(3) takes it */
	uint32_t as;
	uint64_t distinguisher;
	unsigned int type; /* 0 = global instance, 3 = Loc-RIB */
};

void bmp_put_peer(struct bmp_bytes *b, const struct bmp_peer *peer);

void bmp_initiation(struct bmp_bytes *b, const char *name);
void bmp_termination(struct bmp_bytes *b, unsigned int reason);
/* local: "" = all zero. */
void bmp_peer_up(struct bmp_bytes *b, const struct bmp_peer *peer, const char *local);
/* Without data; reasons 2, 4 and 5, and 1 and 3 of a router that sends no PDU. */
void bmp_peer_down(struct bmp_bytes *b, const struct bmp_peer *peer, unsigned int reason);
/* With a NOTIFICATION PDU; words: "" = no data. */
void bmp_peer_notified(struct bmp_bytes *b, const struct bmp_peer *peer, unsigned int reason,
		       unsigned int code, unsigned int subcode, const char *words);
/* A counter nobody reads, and Adj-RIB-In routes of all families. */
void bmp_stats(struct bmp_bytes *b, const struct bmp_peer *peer, uint64_t routes);
/* Routes, of so many bytes in all. */
void bmp_routes(struct bmp_bytes *b, const struct bmp_peer *peer, size_t len);

#endif
