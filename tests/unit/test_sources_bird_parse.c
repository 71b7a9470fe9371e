/* BIRD's words: recorded replies of BIRD 2.0.12, each cut at every offset, and those of no BIRD. */
#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "check_main.h"
#include "recorded.h"
#include "sources/bird/parse.h"
#include "sources/bird/peers.h"
#include "sources/bird/words.h"

#define PEER4 "192.168.100.2"
#define PEER6 "2001:db8:100:1::2"

static struct erm_bird_protocols parse_file(const char *name)
{
	struct erm_bird_protocols protocols = { 0 };
	size_t len = 0;
	_cleanup_free_ char *text = recorded_load("bird-2.0", name, "txt", &len);

	ck_assert_int_eq(erm_bird_protocols_parse(text, len, &protocols), 0);
	return protocols;
}

static struct erm_bird_neighbor neighbor_of(const char *file, const char *address)
{
	struct erm_bird_protocols protocols = parse_file(file);
	struct erm_addr addr = recorded_addr(address);
	struct erm_addr any = { 0 };
	const struct erm_bird_neighbor *found = erm_bird_protocols_find(&protocols, &addr, &any);
	struct erm_bird_neighbor neighbor;

	ck_assert_ptr_nonnull(found);
	neighbor = *found;
	erm_bird_protocols_done(&protocols);
	return neighbor;
}

static int frame(const char *data, size_t first, size_t len, size_t *ret_len, unsigned int *ret)
{
	struct erm_router_frame f = { 0 };
	int r = erm_bird_protocol.find(&f, data, first, ret_len, ret);

	return r != 0 ? r : erm_bird_protocol.find(&f, data, len, ret_len, ret);
}

/* Wherever the stream is cut, the reply ends where it ends. */
START_TEST(test_cut_at_every_offset)
{
	static const char *const files[] = { "up", "bfd-up", "route", "route-missing" };
	static const unsigned int results[] = { 0, 0, 0, 8001 };
	size_t len = 0;
	_cleanup_free_ char *text = recorded_load("bird-2.0", files[_i], "txt", &len);

	for (size_t cut = 0; cut <= len; cut++) {
		size_t text_len = 4711;
		unsigned int result = 99;

		ck_assert_int_eq(frame(text, cut, cut, &text_len, &result), cut == len);
		ck_assert_int_eq(frame(text, cut, len, &text_len, &result), 1);
		ck_assert_uint_eq(text_len, len);
		ck_assert_uint_eq(result, results[_i]);
	}
}
END_TEST

/* A reply that was cut is never handed on; were it, it would not crash. */
START_TEST(test_parse_cut)
{
	size_t len = 0;
	_cleanup_free_ char *text = recorded_load("bird-2.0", "up", "txt", &len);

	for (size_t cut = 0; cut < len; cut++) {
		_cleanup_free_ char *copy = malloc(cut + 1);
		struct erm_bird_protocols protocols = { 0 };

		ck_assert_ptr_nonnull(copy);
		memcpy(copy, text, cut);
		if (erm_bird_protocols_parse(copy, cut, &protocols) >= 0)
			ck_assert_uint_le(protocols.n, 5);
		erm_bird_protocols_done(&protocols);
	}
}
END_TEST

START_TEST(test_frames)
{
	static const struct {
		const char *data;
		int r;
		unsigned int result;
	} cases[] = {
		{ "0001 BIRD 2.0.12 ready.\n", 1, 1 },
		{ "0016 Access restricted\n", 1, 16 },
		{ "0000 \n", 1, 0 },
		{ "0000\n", 1, 0 },
		{ "0000 ", 0, 0 },
		{ "9001 syntax error, unexpected X\n", 1, 9001 },
		{ "1002-a b\n c\n+0000 said\n0013 end\n", 1, 13 },
		{ "0000 \n0000 \n", -EBADMSG, 0 },
		{ "HTTP/1.1 400 Bad Request\n", -EBADMSG, 0 },
		{ "H", -EBADMSG, 0 },
		{ "00x", -EBADMSG, 0 },
		{ "0000/", -EBADMSG, 0 },
		{ "\n", -EBADMSG, 0 },
		{ "1002-row\nrow\n", -EBADMSG, 0 },
		{ "", 0, 0 },
	};
	size_t len = strlen(cases[_i].data);
	size_t text_len = 0;
	unsigned int result = 0;

	ck_assert_int_eq(frame(cases[_i].data, len, len, &text_len, &result), cases[_i].r);
	ck_assert_uint_eq(result, cases[_i].result);
	ck_assert_uint_eq(text_len, cases[_i].r == 1 ? len : 0);
}
END_TEST

START_TEST(test_up)
{
	struct erm_bird_protocols protocols = parse_file("up");
	struct erm_bird_neighbor n = neighbor_of("up", PEER4);
	struct erm_addr stranger = recorded_addr("192.168.100.99"), any = { 0 };

	ck_assert_uint_eq(protocols.n, 5);
	ck_assert(protocols.has_bfd);
	ck_assert(protocols.start.has_time && protocols.start.has_fraction);
	ck_assert_ptr_null(erm_bird_protocols_find(&protocols, &stranger, &any));
	erm_bird_protocols_done(&protocols);

	ck_assert_str_eq(n.name, "er1_v4");
	ck_assert(n.obs.is_configured && !n.obs.is_admin_shutdown && !n.obs.has_reset);
	/* its description says otherwise */
	ck_assert_int_eq(n.obs.bgp, ERM_BGP_ESTABLISHED);
	ck_assert_uint_eq(n.obs.remote_as, 12076);
	ck_assert_uint_eq(n.obs.local_as, 65010);
	ck_assert(n.routes[ERM_FAMILY_IPV4].is_told && !n.routes[ERM_FAMILY_IPV6].is_told);
	ck_assert_uint_eq(n.routes[ERM_FAMILY_IPV4].imported, 1);
	ck_assert_uint_eq(n.routes[ERM_FAMILY_IPV4].exported, 1);
	ck_assert_uint_eq(n.since.msec, ((1 * 60 + 55) * 60 + 35) * 1000 + 568);
	ck_assert(!n.since.has_date);

	n = neighbor_of("up", PEER6);
	ck_assert_int_eq(n.obs.bgp, ERM_BGP_ESTABLISHED);
	ck_assert(n.routes[ERM_FAMILY_IPV6].is_told);
	n = neighbor_of("up", "192.168.100.250");
	ck_assert(n.obs.is_admin_shutdown);
	ck_assert_int_eq(n.obs.bgp, ERM_BGP_IDLE);
	n = neighbor_of("up", "192.168.100.251");
	ck_assert_str_eq(n.name, "a_protocol_of_a_long_name");
	ck_assert_int_eq(n.obs.bgp, ERM_BGP_ACTIVE);
}
END_TEST

START_TEST(test_reasons)
{
	static const struct {
		const char *file;
		enum erm_bgp_state bgp;
		bool is_admin, has_reset;
		enum erm_cause cause;
		uint8_t code, subcode;
		const char *text;
	} cases[] = {
		{ "peer-disabled", ERM_BGP_ACTIVE, false, true, ERM_CAUSE_ADMIN_SHUTDOWN, 6, 2,
		  "Received: Administrative shutdown" },
		{ "own-disabled", ERM_BGP_IDLE, true, false, 0, 0, 0, "" },
		{ "bfd-down", ERM_BGP_ACTIVE, false, true, ERM_CAUSE_BFD_DOWN, 0, 0,
		  "Error: BFD session down" },
		{ "carrier-lost", ERM_BGP_IDLE, false, true, ERM_CAUSE_NONE, 0, 0,
		  "Error: Link down" },
		{ "peer-killed", ERM_BGP_IDLE, false, true, ERM_CAUSE_PEER_CLOSED, 0, 0,
		  "Socket: Connection closed" },
		{ "peer-killed-later", ERM_BGP_ACTIVE, false, false, ERM_CAUSE_NONE, 0, 0,
		  "Socket: Connection refused" },
	};
	struct erm_bird_neighbor n = neighbor_of(cases[_i].file, PEER4);

	ck_assert_int_eq(n.obs.bgp, cases[_i].bgp);
	ck_assert_int_eq(n.obs.is_admin_shutdown, cases[_i].is_admin);
	ck_assert_int_eq(n.obs.has_reset, cases[_i].has_reset);
	ck_assert_int_eq(n.obs.reset_cause, cases[_i].cause);
	ck_assert_uint_eq(n.obs.error_code, cases[_i].code);
	ck_assert_uint_eq(n.obs.error_subcode, cases[_i].subcode);
	ck_assert_str_eq(n.obs.reset_text, cases[_i].text);
}
END_TEST

START_TEST(test_reset_words)
{
	static const struct {
		const char *text;
		enum erm_cause cause;
		bool has_reset;
		uint8_t code, subcode;
	} cases[] = {
		{ "BGP Error: Hold timer expired", ERM_CAUSE_HOLD_EXPIRED, true, 4, 0 },
		{ "Received: Hold timer expired", ERM_CAUSE_HOLD_EXPIRED, true, 4, 0 },
		{ "BGP Error: Bad peer AS", ERM_CAUSE_WRONG_AS, true, 2, 2 },
		{ "Received: Bad peer AS", ERM_CAUSE_WRONG_AS, true, 2, 2 },
		{ "Received: Maximum number of prefixes reached", ERM_CAUSE_PREFIX_LIMIT, true, 6,
		  1 },
		{ "Automatic shutdown: Route limit exceeded", ERM_CAUSE_PREFIX_LIMIT, true, 0, 0 },
		{ "Received: Administrative reset", ERM_CAUSE_PEER_CEASE, true, 6, 4 },
		{ "BGP Error: Administrative reset", ERM_CAUSE_NONE, true, 6, 4 },
		{ "Received: Connection collision resolution", ERM_CAUSE_NONE, true, 6, 7 },
		{ "Received: Unknown error 6.10", ERM_CAUSE_BFD_DOWN, true, 6, 10 },
		{ "Received: Something new", ERM_CAUSE_NONE, true, 0, 0 },
		{ "Socket: Connection reset by peer", ERM_CAUSE_PEER_CLOSED, true, 0, 0 },
		{ "Socket: No route to host", ERM_CAUSE_NONE, false, 0, 0 },
		{ "Error: Neighbor lost", ERM_CAUSE_NONE, true, 0, 0 },
		{ "", ERM_CAUSE_NONE, true, 0, 0 },
	};
	struct erm_obs_session obs = { 0 };

	erm_bird_words_reset(cases[_i].text, strlen(cases[_i].text), &obs);
	ck_assert_int_eq(obs.has_reset, cases[_i].has_reset);
	ck_assert_int_eq(obs.reset_cause, cases[_i].cause);
	ck_assert_uint_eq(obs.error_code, cases[_i].code);
	ck_assert_uint_eq(obs.error_subcode, cases[_i].subcode);
}
END_TEST

static struct erm_bird_since since_of(const char *date, const char *time)
{
	struct erm_bird_since since = { 0 };

	if (*date != '\0')
		ck_assert(erm_bird_words_since(date, strlen(date), &since));
	if (*time != '\0')
		ck_assert(erm_bird_words_since(time, strlen(time), &since));
	return since;
}

START_TEST(test_since)
{
	static const struct {
		const char *a_date, *a_time, *b_date, *b_time;
		bool differs;
	} cases[] = {
		{ "", "21:19:29.692", "", "21:19:29.692", false },
		{ "", "21:19:29.692", "", "21:19:29.694", false },
		{ "", "21:19:29.692", "", "21:19:30.692", true },
		{ "", "21:19:29", "", "21:19:30", false },
		{ "", "21:19:29", "", "21:19:31", true },
		{ "", "23:59:59.999", "", "00:00:00.001", false },
		{ "", "23:59:59.999", "", "00:00:01.999", true },
		/* told by its day now: grown old */
		{ "", "21:19:29.692", "2026-11-22", "", false },
		{ "2026-11-22", "", "2026-11-22", "", false },
		{ "2026-11-22", "", "2026-11-23", "", true },
		{ "2026-11-22", "", "", "21:19:29.692", true },
		{ "2026-11-22", "21:19:29.692", "2026-11-23", "21:19:29.692", true },
		{ "2026-11-22", "21:19:29.692", "2026-11-22", "21:19:29.692", false },
		{ "2026-11-22", "23:59:59.999", "2026-11-23", "00:00:00.001", false },
		{ "", "", "", "21:19:29.692", false },
		{ "", "", "", "", false },
	};
	struct erm_bird_since a = since_of(cases[_i].a_date, cases[_i].a_time);
	struct erm_bird_since b = since_of(cases[_i].b_date, cases[_i].b_time);

	ck_assert_int_eq(erm_bird_since_differs(&a, &b), cases[_i].differs);
}
END_TEST

START_TEST(test_since_words)
{
	static const char *const bad[] = { "",         "Established", "21:19",       "25:00:00",
					   "1:2:3x",   "2026-13-01",  "2026-11-22x", "::",
					   "99999:1:1" };
	struct erm_bird_since now = since_of("2026-11-23", "02:00:00.000");
	struct erm_bird_since since = { 0 };

	for (size_t i = 0; i < ERM_ELEMENTS(bad); i++)
		ck_assert_msg(!erm_bird_words_since(bad[i], strlen(bad[i]), &since), "%s", bad[i]);
	since = since_of("", "01:59:50.5");
	ck_assert_uint_eq(erm_bird_since_age(&since, &now), 9);
	since = since_of("", "23:00:00");
	ck_assert_uint_eq(erm_bird_since_age(&since, &now), 10800);
	since = since_of("2026-11-21", "02:00:00");
	ck_assert_uint_eq(erm_bird_since_age(&since, &now), 172800);
	since = since_of("2024-02-28", "02:00:00");
	ck_assert_uint_eq(erm_bird_since_age(&since, &now), 86313600);
	since = since_of("2027-01-01", "");
	ck_assert_uint_eq(erm_bird_since_age(&since, &now), 0);
	since = (struct erm_bird_since){ 0 };
	ck_assert_uint_eq(erm_bird_since_age(&since, &now), 0);
}
END_TEST

START_TEST(test_bfd)
{
	static const struct {
		const char *file;
		enum erm_bfd_state state;
	} cases[] = { { "bfd-up", ERM_BFD_UP },
		      { "bfd-sessions-down", ERM_BFD_DOWN },
		      { "bfd-none", ERM_BFD_NONE } };
	struct erm_addr peer4 = recorded_addr(PEER4), peer6 = recorded_addr(PEER6),
			other = recorded_addr("::1");
	struct erm_bird_bfd bfd = { 0 };
	size_t len = 0;
	_cleanup_free_ char *text = recorded_load("bird-2.0", cases[_i].file, "txt", &len);

	ck_assert_int_eq(erm_bird_bfd_parse(text, len, &bfd), 0);
	ck_assert_int_eq(erm_bird_bfd_find(&bfd, &peer4), cases[_i].state);
	ck_assert_int_eq(erm_bird_bfd_find(&bfd, &peer6), cases[_i].state);
	ck_assert_int_eq(erm_bird_bfd_find(&bfd, &other), ERM_BFD_NONE);
	erm_bird_bfd_done(&bfd);
}
END_TEST

START_TEST(test_routes)
{
	size_t len = 0;
	_cleanup_free_ char *text = recorded_load("bird-2.0", "route", "txt", &len);
	struct erm_bird_route route = erm_bird_route_parse(text, len);
	struct erm_addr prefix = recorded_addr("10.1.0.0");
	char request[128];
	const char *two =
		"1007-Table master4:\n 10.0.0.0/8 unicast [a 1] (100)\n1012-\tBGP.as_path: "
		"65001 12076 12076 {7} 12076\n0000 \n";

	ck_assert(route.is_there && route.has_path);
	ck_assert_uint_eq(route.prepends, 2);
	route = erm_bird_route_parse(two, strlen(two));
	ck_assert_uint_eq(route.prepends, 1);
	route = erm_bird_route_parse("0000 \n", 6);
	ck_assert(!route.is_there && !route.has_path);

	ck_assert_int_gt(erm_bird_route_request(&prefix, 16, "er1_v4", request, sizeof(request)),
			 0);
	ck_assert_str_eq(request, "show route 10.1.0.0/16 all protocol 'er1_v4'\n");
	ck_assert_int_eq(erm_bird_route_request(&prefix, 16, "x'\n", request, sizeof(request)),
			 -EINVAL);
	ck_assert_int_eq(erm_bird_route_request(&prefix, 16, "", request, sizeof(request)),
			 -EINVAL);
	ck_assert_int_eq(erm_bird_route_request(&prefix, 16, "er1_v4", request, 40), -EINVAL);
}
END_TEST

static struct erm_bird_protocols parse_text(const char *text)
{
	struct erm_bird_protocols protocols = { 0 };

	ck_assert_int_eq(erm_bird_protocols_parse(text, strlen(text), &protocols), 0);
	return protocols;
}

START_TEST(test_odd_rows)
{
	static const char *const bad[] = {
		"1002-a BGP ---\n0000 \n",
		"1002-a BGP --- sideways 1\n0000 \n",
		"1002-nonsense\n0000 \n",
	};
	const char *two = "1002-dev Device --- up\n"
			  "1002-a BGP --- down 12:00:00\n1006-  BGP state: Down\n"
			  " Neighbor address: fe80::1%eth0\n"
			  "1002-b BGP --- start nowhen Active\n1006-  BGP state: Active\n"
			  " Neighbor address: fe80::1%eth1\n"
			  "1002-c BGP --- up 12:00:00 Established\n1006-  BGP state: Established\n"
			  " Neighbor address: 10.0.0.1\n Source address: 10.0.0.2\n"
			  "1002-d BGP --- start 12:00:00\n1006-  BGP state: Dreaming\n"
			  " Neighbor address: 10.0.0.9\n Neighbor AS: 99999999999\n0000 \n";
	struct erm_bird_protocols protocols = { 0 };
	struct erm_addr any = { 0 }, fe80 = recorded_addr("fe80::1"),
			ten = recorded_addr("10.0.0.1");
	struct erm_addr two_addr = recorded_addr("10.0.0.2"), nine = recorded_addr("10.0.0.9");

	for (size_t i = 0; i < ERM_ELEMENTS(bad); i++)
		ck_assert_int_eq(erm_bird_protocols_parse(bad[i], strlen(bad[i]), &protocols),
				 -EBADMSG);
	protocols = parse_text(two);
	ck_assert_uint_eq(protocols.n, 4);
	ck_assert(!protocols.has_bfd);
	/* of two the one that is not disabled */
	ck_assert_str_eq(erm_bird_protocols_find(&protocols, &fe80, &any)->name, "b");
	ck_assert_str_eq(erm_bird_protocols_find(&protocols, &ten, &two_addr)->name, "c");
	ck_assert_ptr_null(erm_bird_protocols_find(&protocols, &ten, &nine));
	/* a word nobody knows is no state that is down */
	ck_assert_int_eq(erm_bird_protocols_find(&protocols, &nine, &any)->obs.bgp,
			 ERM_BGP_UNKNOWN);
	ck_assert_uint_eq(erm_bird_protocols_find(&protocols, &nine, &any)->obs.remote_as,
			  UINT32_MAX);
	erm_bird_protocols_done(&protocols);
	ck_assert_int_eq(erm_bird_protocols_parse("0000 \n", 6, &protocols), 0);
	ck_assert_uint_eq(protocols.n, 0);
}
END_TEST

START_TEST(test_too_many)
{
	struct erm_bird_protocols protocols = { 0 };
	_cleanup_free_ char *text = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&text, &len);

	for (unsigned int i = 0; i <= ERM_BIRD_PROTOCOLS_MAX; i++)
		(void)fprintf(f, "1002-p%u BGP --- up 12:00:00\n", i);
	(void)fclose(f);
	ck_assert_int_eq(erm_bird_protocols_parse(text, len, &protocols), -E2BIG);
	ck_assert_ptr_null(protocols.neighbors);
}
END_TEST

static Suite *bird_parse_suite(void)
{
	Suite *suite = suite_create("sources/bird_parse");
	TCase *tcase = tcase_create("bird_parse");

	tcase_set_timeout(tcase, 30);
	tcase_add_loop_test(tcase, test_cut_at_every_offset, 0, 4);
	tcase_add_test(tcase, test_parse_cut);
	tcase_add_loop_test(tcase, test_frames, 0, 15);
	tcase_add_test(tcase, test_up);
	tcase_add_loop_test(tcase, test_reasons, 0, 6);
	tcase_add_loop_test(tcase, test_reset_words, 0, 15);
	tcase_add_loop_test(tcase, test_since, 0, 16);
	tcase_add_test(tcase, test_since_words);
	tcase_add_loop_test(tcase, test_bfd, 0, 3);
	tcase_add_test(tcase, test_routes);
	tcase_add_test(tcase, test_odd_rows);
	tcase_add_test(tcase, test_too_many);
	suite_add_tcase(suite, tcase);
	return suite;
}

ERM_CHECK_MAIN(bird_parse_suite)
