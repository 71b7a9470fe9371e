/* Netlink messages, sockets and neighbours, as the kernel wrote them and as it never would. */
#include <check.h>
#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "check_main.h"
#include "sources/neighbor/parse.h"
#include "sources/netlink/parse.h"
#include "sources/sockdiag/parse.h"

#define GOLDEN_MAX 4096

struct golden {
	size_t len;
	uint8_t data[GOLDEN_MAX];
};

static struct golden load(const char *name)
{
	const char *top = getenv("top_srcdir");
	_cleanup_fclose_ FILE *f = NULL;
	struct golden golden = { 0 };
	char path[512];

	(void)!snprintf(path, sizeof(path), "%s/tests/unit/data/netlink/%s.bin", top ? top : ".",
			name);
	f = fopen(path, "re");
	ck_assert_msg(f, "%s", path);
	golden.len = fread(golden.data, 1, sizeof(golden.data), f);
	ck_assert_uint_gt(golden.len, 0);
	return golden;
}

/* The n-th message of it, from the first. */
static struct erm_netlink_message message_of(const struct golden *golden, unsigned int n)
{
	struct erm_reader r = erm_reader_init(golden->data, golden->len);
	struct erm_netlink_message message;

	do
		ck_assert_int_eq(erm_netlink_message_next(&r, &message), 1);
	while (n-- > 0);
	return message;
}

static struct erm_addr addr(const char *text)
{
	struct erm_addr a;

	ck_assert_int_eq(erm_addr_parse(text, &a), 0);
	return a;
}

static void assert_addr(const struct erm_addr *a, const char *text)
{
	char buf[ERM_ADDR_STRLEN];

	ck_assert_str_eq(erm_addr_format(a, buf), text);
}

START_TEST(a_socket_of_both_families_is_one_of_ipv4)
{
	struct golden golden = load("sockdiag-dump-v6");
	struct erm_netlink_message message = message_of(&golden, 0);
	struct erm_sockdiag_socket s;

	ck_assert_int_eq(message.kind, ERM_NETLINK_DATA);
	ck_assert_uint_eq(message.type, SOCK_DIAG_BY_FAMILY);
	ck_assert_uint_eq(message.seq, 7);
	ck_assert_int_eq(erm_sockdiag_parse(message.payload, &s), 0);
	assert_addr(&s.local, "127.0.0.1");
	assert_addr(&s.peer, "127.0.0.1");
	ck_assert_uint_eq(s.local_port, 179);
	ck_assert_uint_eq(s.peer_port, 33960);
	ck_assert(s.is_established);
	ck_assert(s.has_info);
	ck_assert_uint_eq(s.bytes_received, 48);
	ck_assert_uint_eq(s.bytes_acked, 48);
	ck_assert_uint_eq(s.data_segs_in, 2);
	ck_assert_uint_lt(s.silent_usec, 10 * ERM_USEC_PER_SEC);
	ck_assert_uint_ne(s.cookie, 0);
	/* To be asked for it must be named as the kernel named it. */
	ck_assert_int_eq(s.id.family, AF_INET6);
	ck_assert_mem_eq(s.id.bytes, golden.data + 20, sizeof(s.id.bytes));
}
END_TEST

START_TEST(sockets_of_each_family)
{
	struct golden golden = load("sockdiag-dump-v6");
	struct erm_sockdiag_socket s;

	ck_assert_int_eq(erm_sockdiag_parse(message_of(&golden, 2).payload, &s), 0);
	assert_addr(&s.peer, "::1");
	ck_assert_uint_eq(s.peer_port, 179);
	golden = load("sockdiag-dump-v4");
	ck_assert_int_eq(erm_sockdiag_parse(message_of(&golden, 0).payload, &s), 0);
	assert_addr(&s.peer, "127.0.0.1");
	ck_assert_uint_eq(s.peer_port, 179);
	ck_assert_uint_eq(s.bytes_received, 48);
	/* The kernel counts the SYN of who called among what was acknowledged. */
	ck_assert_uint_eq(s.bytes_acked, 49);
}
END_TEST

START_TEST(a_destroyed_socket)
{
	struct golden golden = load("sockdiag-destroy");
	struct erm_sockdiag_socket s;

	ck_assert_int_eq(erm_sockdiag_parse(message_of(&golden, 0).payload, &s), 0);
	ck_assert(!s.is_established);
	assert_addr(&s.peer, "127.0.0.1");
	ck_assert(s.local_port == 179 || s.peer_port == 179);
}
END_TEST

START_TEST(a_socket_cut_at_every_octet)
{
	struct golden golden = load("sockdiag-dump-v4");
	struct erm_reader payload = message_of(&golden, 0).payload;
	size_t n_bad = 0, n_silent = 0;

	for (size_t len = 0; len < payload.left; len++) {
		_cleanup_free_ uint8_t *copy = malloc(len + 1);
		struct erm_sockdiag_socket s = { .data_segs_in = 77 };
		int r;

		ck_assert_ptr_nonnull(copy);
		memcpy(copy, payload.data, len);
		r = erm_sockdiag_parse(erm_reader_init(copy, len), &s);
		ck_assert(r == 0 || r == -EBADMSG);
		n_bad += r < 0;
		n_silent += r == 0 && !s.has_info;
		if (r < 0)
			ck_assert_uint_eq(s.data_segs_in, 77); /* untouched */
		if (len < sizeof(struct inet_diag_msg))
			ck_assert_int_eq(r, -EBADMSG);
	}
	ck_assert_uint_gt(n_bad, sizeof(struct inet_diag_msg));
	ck_assert_uint_gt(n_silent, 0); /* between two attributes */
}
END_TEST

START_TEST(an_old_kernel_says_too_little)
{
	struct golden golden = load("sockdiag-dump-v4");
	struct erm_netlink_message message = message_of(&golden, 0);
	size_t at = 16 + sizeof(struct inet_diag_msg);
	struct erm_sockdiag_socket s;
	uint16_t header[2];

	/* Find INET_DIAG_INFO, and make it end before tcpi_data_segs_in. */
	for (;;) {
		memcpy(header, golden.data + at, sizeof(header));
		if (header[1] == INET_DIAG_INFO)
			break;
		at += ((size_t)header[0] + 3) / 4 * 4;
		ck_assert_uint_lt(at, golden.len);
	}
	header[0] = 4 + 104; /* up to tcpi_total_retrans, as in Linux 3.x */
	memcpy(golden.data + at, header, sizeof(header));
	message.payload.left = at + 4 + 104 - 16;
	ck_assert_int_eq(erm_sockdiag_parse(message.payload, &s), 0);
	ck_assert(!s.has_info);
	ck_assert(s.is_established);
}
END_TEST

START_TEST(another_family_is_refused)
{
	struct golden golden = load("sockdiag-dump-v4");
	struct erm_sockdiag_socket s;

	golden.data[16] = AF_UNIX;
	ck_assert_int_eq(erm_sockdiag_parse(message_of(&golden, 0).payload, &s), -EAFNOSUPPORT);
}
END_TEST

START_TEST(what_is_asked_for)
{
	struct golden golden = load("sockdiag-dump-v6");
	struct erm_sockdiag_request request = { 0 };
	struct erm_netlink_message message;
	struct erm_sockdiag_socket s;
	struct erm_reader r;
	unsigned int n = 0;

	erm_sockdiag_request_dump(&request, AF_INET6, 5);
	r = erm_reader_init(request.bytes, request.len);
	ck_assert_int_eq(erm_netlink_message_next(&r, &message), 1);
	ck_assert_uint_eq(message.seq, 5);
	ck_assert_uint_eq(message.type, SOCK_DIAG_BY_FAMILY);
	ck_assert_uint_eq(message.payload.data[0], AF_INET6);
	ck_assert_uint_eq(message.payload.data[1], IPPROTO_TCP);
	ck_assert_int_eq(erm_netlink_message_next(&r, &message), 0);

	request.len = 0;
	ck_assert_int_eq(erm_sockdiag_parse(message_of(&golden, 0).payload, &s), 0);
	while (erm_sockdiag_request_add(&request, &s.id, 100 + n))
		n++;
	ck_assert_uint_ge(n, 16);
	r = erm_reader_init(request.bytes, request.len);
	for (unsigned int i = 0; i < n; i++) {
		ck_assert_int_eq(erm_netlink_message_next(&r, &message), 1);
		ck_assert_uint_eq(message.seq, 100 + i);
		ck_assert_mem_eq(message.payload.data + 8, golden.data + 20, 48);
	}
	ck_assert_int_eq(erm_netlink_message_next(&r, &message), 0);
}
END_TEST

START_TEST(envelopes)
{
	static const struct {
		uint16_t type;
		int32_t error;
		size_t len;
		enum erm_netlink_kind kind;
		int value;
	} cases[] = {
		{ NLMSG_DONE, 0, 20, ERM_NETLINK_DONE, 0 },
		{ NLMSG_DONE, -ENOENT, 20, ERM_NETLINK_DONE, -ENOENT },
		{ NLMSG_DONE, 0, 16, ERM_NETLINK_DONE, 0 }, /* of a very old kernel */
		{ NLMSG_DONE, 3, 20, ERM_NETLINK_MALFORMED, 0 },
		{ NLMSG_ERROR, 0, 20, ERM_NETLINK_ERROR, 0 },
		{ NLMSG_ERROR, -4095, 20, ERM_NETLINK_ERROR, -4095 },
		{ NLMSG_ERROR, -4096, 20, ERM_NETLINK_MALFORMED, 0 },
		{ NLMSG_ERROR, 0, 16, ERM_NETLINK_MALFORMED, 0 },
		{ NLMSG_OVERRUN, 0, 16, ERM_NETLINK_OVERRUN, 0 },
		{ NLMSG_NOOP, 0, 16, ERM_NETLINK_OTHER, 0 },
		{ 9, 0, 16, ERM_NETLINK_OTHER, 0 },
		{ NLMSG_MIN_TYPE, 0, 16, ERM_NETLINK_DATA, 0 },
	};

	for (size_t i = 0; i < ERM_ELEMENTS(cases); i++) {
		uint8_t bytes[20];
		struct nlmsghdr header = { .nlmsg_len = (uint32_t)cases[i].len,
					   .nlmsg_type = cases[i].type,
					   .nlmsg_flags = NLM_F_DUMP_INTR,
					   .nlmsg_seq = 9 };
		struct erm_reader r = erm_reader_init(bytes, cases[i].len);
		struct erm_netlink_message message;

		memcpy(bytes, &header, sizeof(header));
		memcpy(bytes + 16, &cases[i].error, 4);
		ck_assert_int_eq(erm_netlink_message_next(&r, &message), 1);
		ck_assert_int_eq(message.kind, cases[i].kind);
		ck_assert_int_eq(message.error, cases[i].value);
		ck_assert(message.is_interrupted);
		ck_assert_int_eq(erm_netlink_message_next(&r, &message), 0);
	}
}
END_TEST

START_TEST(a_datagram_cut_at_every_octet)
{
	struct golden golden = load("sockdiag-dump-v6");

	for (size_t len = 1; len < golden.len; len++) {
		_cleanup_free_ uint8_t *copy = malloc(len);
		struct erm_netlink_message message;
		struct erm_reader r;
		unsigned int n = 0;
		int k;

		ck_assert_ptr_nonnull(copy);
		memcpy(copy, golden.data, len);
		r = erm_reader_init(copy, len);
		while ((k = erm_netlink_message_next(&r, &message)) > 0)
			n++;
		ck_assert_uint_eq(n, len / 408);
		ck_assert_int_eq(k, len % 408 == 0 ? 0 : -EBADMSG);
		ck_assert_uint_eq(r.left, 0);
	}
}
END_TEST

START_TEST(lengths_below_a_header_are_refused)
{
	uint8_t bytes[64] = { 15 };
	struct erm_netlink_message message;
	struct erm_netlink_attr attr;
	struct erm_reader r = erm_reader_init(bytes, sizeof(bytes));

	ck_assert_int_eq(erm_netlink_message_next(&r, &message), -EBADMSG);
	bytes[0] = 3;
	r = erm_reader_init(bytes, sizeof(bytes));
	ck_assert_int_eq(erm_netlink_attr_next(&r, &attr), -EBADMSG);
	ck_assert_int_eq(erm_netlink_attr_next(&r, &attr), 0);
}
END_TEST

START_TEST(a_stale_neighbour)
{
	struct golden golden = load("neighbor-stale");
	struct erm_netlink_message message = message_of(&golden, 0);
	struct erm_neighbor_entry entry;

	ck_assert_uint_eq(message.type, RTM_NEWNEIGH);
	ck_assert_int_eq(erm_neighbor_parse(message.payload, &entry), 0);
	assert_addr(&entry.addr, "192.0.2.2");
	ck_assert_uint_eq(entry.nud, NUD_STALE);
	ck_assert(erm_neighbor_is_stale(entry.nud));
	ck_assert_uint_gt(entry.ifindex, 0);
}
END_TEST

START_TEST(a_router_is_probed_as_a_router)
{
	struct golden golden = load("neighbor-router");
	struct erm_rtnl_request request = { 0 };
	struct erm_neighbor_entry entry, asked;
	struct erm_netlink_message message;
	struct erm_reader r;

	ck_assert_int_eq(erm_neighbor_parse(message_of(&golden, 0).payload, &entry), 0);
	assert_addr(&entry.addr, "2001:db8::2");
	ck_assert_uint_eq(entry.nud, NUD_REACHABLE);
	ck_assert_uint_eq(entry.flags, NTF_ROUTER);
	ck_assert(!erm_neighbor_is_stale(entry.nud));
	ck_assert(erm_neighbor_request_probe(&request, 3, &entry));
	r = erm_reader_init(request.bytes, request.len);
	ck_assert_int_eq(erm_netlink_message_next(&r, &message), 1);
	ck_assert_uint_eq(message.type, RTM_NEWNEIGH);
	ck_assert_int_eq(erm_neighbor_parse(message.payload, &asked), 0);
	ck_assert_uint_eq(asked.nud, NUD_PROBE);
	ck_assert_uint_eq(asked.flags, NTF_ROUTER);
	ck_assert_uint_eq(asked.ifindex, entry.ifindex);
	ck_assert(erm_addr_equal(&asked.addr, &entry.addr));
	/* Must not make an entry where there is none. */
	ck_assert_uint_eq(request.bytes[6] | request.bytes[7] << 8,
			  NLM_F_REQUEST | NLM_F_REPLACE | NLM_F_ACK);
}
END_TEST

START_TEST(no_neighbour)
{
	struct golden golden = load("neighbor-none");
	struct erm_netlink_message message = message_of(&golden, 0);

	ck_assert_int_eq(message.kind, ERM_NETLINK_ERROR);
	ck_assert_int_eq(message.error, -ENOENT);
}
END_TEST

START_TEST(neighbours_of_all_kinds)
{
	struct golden golden = load("neighbor-dump");
	struct erm_reader r = erm_reader_init(golden.data, golden.len);
	struct erm_netlink_message message;
	struct erm_neighbor_entry entry;
	unsigned int n = 0;

	while (erm_netlink_message_next(&r, &message) > 0) {
		if (message.kind != ERM_NETLINK_DATA)
			break;
		ck_assert_int_eq(erm_neighbor_parse(message.payload, &entry), 0);
		n++;
	}
	ck_assert_int_eq(message.kind, ERM_NETLINK_DONE);
	ck_assert_uint_ge(n, 4);
}
END_TEST

START_TEST(a_neighbour_cut_at_every_octet)
{
	struct golden golden = load("neighbor-stale");
	struct erm_reader payload = message_of(&golden, 0).payload;

	for (size_t len = 0; len < payload.left; len++) {
		_cleanup_free_ uint8_t *copy = malloc(len + 1);
		struct erm_neighbor_entry entry;
		int r;

		ck_assert_ptr_nonnull(copy);
		memcpy(copy, payload.data, len);
		r = erm_neighbor_parse(erm_reader_init(copy, len), &entry);
		if (len < 12 + 8) /* struct ndmsg and the address */
			ck_assert_int_eq(r, -EBADMSG);
		else
			ck_assert(r == 0 || r == -EBADMSG);
	}
}
END_TEST

START_TEST(bad_neighbours_are_refused)
{
	struct golden golden = load("neighbor-stale"), bad = golden;
	struct erm_neighbor_entry entry;
	uint32_t ifindex;

	bad.data[16] = AF_BRIDGE;
	ck_assert_int_eq(erm_neighbor_parse(message_of(&bad, 0).payload, &entry), -EAFNOSUPPORT);
	bad.data[16] = AF_INET6; /* with four octets of address */
	ck_assert_int_eq(erm_neighbor_parse(message_of(&bad, 0).payload, &entry), -EBADMSG);
	bad = golden;
	bad.data[16 + 10] = NTF_PROXY;
	ck_assert_int_eq(erm_neighbor_parse(message_of(&bad, 0).payload, &entry), -EAFNOSUPPORT);
	bad = golden;
	memset(bad.data + 16 + 4, 0, 4);
	ck_assert_int_eq(erm_neighbor_parse(message_of(&bad, 0).payload, &entry), -EBADMSG);
	ck_assert_int_eq(erm_neighbor_parse_link(message_of(&bad, 0).payload, &ifindex), -EBADMSG);
	ck_assert_int_eq(erm_neighbor_parse_link(message_of(&golden, 0).payload, &ifindex), 0);
}
END_TEST

START_TEST(states_of_neighbours)
{
	static const uint16_t resolved[] = { NUD_REACHABLE, NUD_PERMANENT, NUD_STALE,
					     NUD_DELAY,     NUD_PROBE,     NUD_NOARP };

	for (size_t i = 0; i < ERM_ELEMENTS(resolved); i++)
		ck_assert_int_eq(erm_neighbor_state_of(resolved[i]), ERM_NEIGHBOR_RESOLVED);
	ck_assert_int_eq(erm_neighbor_state_of(NUD_INCOMPLETE), ERM_NEIGHBOR_UNRESOLVED);
	ck_assert_int_eq(erm_neighbor_state_of(NUD_FAILED), ERM_NEIGHBOR_UNRESOLVED);
	ck_assert_int_eq(erm_neighbor_state_of(NUD_NONE), ERM_NEIGHBOR_UNKNOWN);
	ck_assert_int_eq(erm_neighbor_state_of(0x4000), ERM_NEIGHBOR_UNKNOWN);
}
END_TEST

START_TEST(a_batch_of_neighbours_fits)
{
	struct erm_rtnl_request request = { 0 };
	struct erm_addr a = addr("2001:db8::9");
	unsigned int n = 0;

	while (erm_neighbor_request_get(&request, n, 3, &a))
		n++;
	ck_assert_uint_ge(n, 16);
	ck_assert(!erm_neighbor_request_dump(&request, n, 3, AF_INET));
	ck_assert_uint_le(request.len, sizeof(request.bytes));
}
END_TEST

static Suite *make_suite(void)
{
	Suite *suite = suite_create("netlink_parse");
	TCase *sockets = tcase_create("sockets"), *rest = tcase_create("envelope");
	TCase *neighbors = tcase_create("neighbors");

	tcase_add_test(sockets, a_socket_of_both_families_is_one_of_ipv4);
	tcase_add_test(sockets, sockets_of_each_family);
	tcase_add_test(sockets, a_destroyed_socket);
	tcase_add_test(sockets, a_socket_cut_at_every_octet);
	tcase_add_test(sockets, an_old_kernel_says_too_little);
	tcase_add_test(sockets, another_family_is_refused);
	tcase_add_test(sockets, what_is_asked_for);
	tcase_add_test(rest, envelopes);
	tcase_add_test(rest, a_datagram_cut_at_every_octet);
	tcase_add_test(rest, lengths_below_a_header_are_refused);
	tcase_add_test(neighbors, a_stale_neighbour);
	tcase_add_test(neighbors, a_router_is_probed_as_a_router);
	tcase_add_test(neighbors, no_neighbour);
	tcase_add_test(neighbors, neighbours_of_all_kinds);
	tcase_add_test(neighbors, a_neighbour_cut_at_every_octet);
	tcase_add_test(neighbors, bad_neighbours_are_refused);
	tcase_add_test(neighbors, states_of_neighbours);
	tcase_add_test(neighbors, a_batch_of_neighbours_fits);
	suite_add_tcase(suite, rest);
	suite_add_tcase(suite, sockets);
	suite_add_tcase(suite, neighbors);
	return suite;
}

ERM_CHECK_MAIN(make_suite)
