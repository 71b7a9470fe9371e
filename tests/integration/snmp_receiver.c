/*
 * A receiver of SNMPv2c traps: prints one line a trap,
 *   RECEIVED-USEC NUMBER SEQUENCE SEVERITY KEY|TEXT
 * RECEIVED-USEC by CLOCK_MONOTONIC, NUMBER the last sub-identifier of snmpTrapOID,
 * the others by position (varbinds 8, 4, 3 and 5 of the PDU, as sysUpTime and
 * snmpTrapOID come first).  usage: snmp_receiver PORT [COUNT]; without the kernel's
 * help nothing is lost: a large receive buffer.
 */
#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/reader.h"
#include "base/usec.h"

#define MAX_VARBINDS 32
#define TRAP2        0xa7

struct varbind {
	uint8_t type;
	struct erm_reader value;
};

/* One TLV of BER. */
static bool take(struct erm_reader *r, uint8_t *ret_type, struct erm_reader *ret_value)
{
	uint8_t first;
	size_t len;

	if (!erm_reader_u8(r, ret_type) || !erm_reader_u8(r, &first))
		return false;
	len = first;
	if (first & 0x80) {
		len = 0;
		for (int i = first & 0x7f; i > 0; i--) {
			uint8_t octet;

			if (!erm_reader_u8(r, &octet))
				return false;
			len = len << 8 | octet;
		}
	}
	return erm_reader_split(r, len, ret_value);
}

static bool into(struct erm_reader *r, uint8_t type)
{
	struct erm_reader inner;
	uint8_t found;

	if (!take(r, &found, &inner) || found != type)
		return false;
	*r = inner;
	return true;
}

static uint32_t number(struct erm_reader r)
{
	uint32_t v = 0;
	uint8_t octet;

	while (erm_reader_u8(&r, &octet))
		v = v << 8 | octet;
	return v;
}

static uint32_t last_id(struct erm_reader r)
{
	uint32_t v = 0;
	uint8_t octet = 0x80;
	bool was_last = true;

	while (erm_reader_u8(&r, &octet)) {
		v = (was_last ? 0 : v << 7) | (octet & 0x7f);
		was_last = !(octet & 0x80);
	}
	return v;
}

static int parse(struct erm_reader r, struct varbind *ret)
{
	struct erm_reader skipped;
	uint8_t type;
	int n = 0;

	if (!into(&r, 0x30) || !take(&r, &type, &skipped) || !take(&r, &type, &skipped) ||
	    !into(&r, TRAP2))
		return -1;
	for (int i = 0; i < 3; i++) {
		if (!take(&r, &type, &skipped))
			return -1;
	}
	if (!into(&r, 0x30))
		return -1;
	while (r.left > 0 && n < MAX_VARBINDS) {
		struct erm_reader pair;

		if (!take(&r, &type, &pair) || !take(&pair, &type, &skipped) ||
		    !take(&pair, &ret[n].type, &ret[n].value))
			return -1;
		n++;
	}
	return n;
}

int main(int argc, char **argv)
{
	struct sockaddr_in addr = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int size = 64 << 20;
	unsigned long left = argc > 2 ? strtoul(argv[2], NULL, 10) : 0;
	static uint8_t packet[65536];

	if (argc < 2)
		return 2;
	addr.sin_port = htons((uint16_t)strtoul(argv[1], NULL, 10));
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) < 0)
		(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	if (bind(fd, (const struct sockaddr *)&addr, sizeof(addr)) < 0) {
		perror("bind");
		return 1;
	}
	(void)setvbuf(stdout, NULL, _IOLBF, 0);
	(void)printf("listening\n");
	for (;;) {
		ssize_t len = recv(fd, packet, sizeof(packet), 0);
		usec_t now = erm_time_now().mono;
		struct varbind v[MAX_VARBINDS];
		int n = len < 0 ? -1 : parse(erm_reader_init(packet, (size_t)len), v);

		if (n < 8) {
			(void)printf("%" PRIu64 " malformed\n", now);
			continue;
		}
		(void)printf("%" PRIu64 " %u %u %u %.*s|%.*s\n", now, last_id(v[1].value),
			     number(v[7].value), number(v[3].value), (int)v[2].value.left,
			     (const char *)v[2].value.data, (int)v[4].value.left,
			     (const char *)v[4].value.data);
		if (left > 0 && --left == 0)
			return 0;
	}
}
