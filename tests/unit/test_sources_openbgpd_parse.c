/* OpenBGPD's words: recorded output of bgpctl 7.7, cut at every offset, and other JSON. */
#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "check_main.h"
#include "recorded.h"
#include "sources/openbgpd/parse.h"
#include "sources/openbgpd/peers.h"

#define PEER4 "192.168.100.2"

static int parse(const char *text, size_t len, struct erm_openbgpd_reply **ret)
{
	_cleanup_free_ char *copy = recorded_copy(text, len);

	return erm_openbgpd_reply_parse(copy, len, ret);
}

static int session_of(const char *text, size_t len, const char *address,
		      struct erm_obs_session *ret, int64_t *ret_updown)
{
	struct erm_openbgpd_reply *reply = NULL;
	struct erm_addr addr = { 0 }, any = { 0 };
	int r = 0;

	ck_assert_int_eq(erm_addr_parse(address, &addr), 0);
	ck_assert_int_eq(parse(text, len, &reply), 0);
	r = erm_openbgpd_reply_session(reply, &addr, &any, ret, ret_updown);
	erm_openbgpd_reply_free(reply);
	return r;
}

START_TEST(test_golden)
{
	static const struct {
		const char *file, *peer;
		enum erm_bgp_state bgp;
		bool is_admin, has_reset;
		enum erm_cause cause;
		uint8_t code, subcode;
	} cases[] = {
		{ "up", PEER4, ERM_BGP_ESTABLISHED, false, false, ERM_CAUSE_NONE, 0, 0 },
		{ "up", "2001:db8:100:1::2", ERM_BGP_ESTABLISHED, false, false, ERM_CAUSE_NONE, 0,
		  0 },
		{ "up", "192.168.100.9", ERM_BGP_ACTIVE, false, false, ERM_CAUSE_NONE, 0, 0 },
		{ "up", "192.168.100.10", ERM_BGP_IDLE, true, false, ERM_CAUSE_NONE, 0, 0 },
		{ "peer-disabled", PEER4, ERM_BGP_IDLE, false, true, ERM_CAUSE_ADMIN_SHUTDOWN, 6,
		  2 },
		{ "peer-killed", PEER4, ERM_BGP_IDLE, false, false, ERM_CAUSE_NONE, 0, 0 },
		{ "hold-expired", PEER4, ERM_BGP_IDLE, false, true, ERM_CAUSE_HOLD_EXPIRED, 4, 0 },
		/* told while it goes down */
		{ "own-down", PEER4, ERM_BGP_ESTABLISHED, false, false, ERM_CAUSE_NONE, 0, 0 },
	};
	struct erm_obs_session s = { 0 };
	int64_t updown = 0;
	size_t len = 0;
	_cleanup_free_ char *text = recorded_load("openbgpd-7.7", cases[_i].file, "json", &len);

	ck_assert_int_eq(session_of(text, len, cases[_i].peer, &s, &updown), 0);
	ck_assert(s.is_configured);
	ck_assert_int_eq(s.bgp, cases[_i].bgp);
	ck_assert_int_eq(s.is_admin_shutdown, cases[_i].is_admin);
	ck_assert_int_eq(s.has_reset, cases[_i].has_reset);
	ck_assert_int_eq(s.reset_cause, cases[_i].cause);
	ck_assert_uint_eq(s.error_code, cases[_i].code);
	ck_assert_uint_eq(s.error_subcode, cases[_i].subcode);
	ck_assert_uint_eq(s.remote_as, 12076);
	ck_assert_int_eq(s.has_received, cases[_i].bgp == ERM_BGP_ESTABLISHED);
	if (s.has_received) {
		ck_assert_uint_eq(s.prefixes_received, 1);
		ck_assert_uint_eq(s.prefixes_advertised, 1);
	}
	ck_assert_int_eq(updown == ERM_OPENBGPD_NEVER, _i == 2 || _i == 3);
	ck_assert_int_eq(session_of(text, len, "192.168.200.0", &s, &updown), -ENOENT);
}
END_TEST

START_TEST(test_cut_at_every_offset)
{
	struct erm_openbgpd_reply *reply = NULL;
	size_t len = 0;
	_cleanup_free_ char *text = recorded_load("openbgpd-7.7", "up", "json", &len);

	while (len > 0 && text[len - 1] != '}')
		len--;
	for (size_t cut = 0; cut < len; cut++)
		ck_assert_int_eq(parse(text, cut, &reply), -EBADMSG);
	ck_assert_ptr_null(reply);
}
END_TEST

START_TEST(test_bad)
{
	static const struct {
		const char *text;
		int r;
	} cases[] = {
		{ "", -EBADMSG },
		{ "[]", -EBADMSG },
		{ "{\"neighbors\":{}}", -EBADMSG },
		{ "{\"status\":\"FAILED\",\"error\":\"permission denied\"}", -EPERM },
		{ "bgpctl: connect", -EBADMSG },
		{ "{\"neighbors\":[1,null,\"\xff\"]}", 0 },
		{ "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", -E2BIG },
	};
	struct erm_openbgpd_reply *reply = NULL;

	ck_assert_int_eq(parse(cases[_i].text, strlen(cases[_i].text), &reply), cases[_i].r);
	erm_openbgpd_reply_free(reply);
}
END_TEST

/* A reply of one neighbour that is in this state for so long. */
static int take(struct erm_openbgpd_peers *peers, const char *state, int updown, usec_t now)
{
	struct erm_openbgpd_reply *reply = NULL;
	char text[256];
	int r = 0;

	(void)!snprintf(text, sizeof(text),
			"{\"neighbors\":[{\"remote_addr\":\"192.0.2.1\",\"state\":\"%s\","
			"\"last_updown_sec\":%d}]}",
			state, updown);
	ck_assert_int_eq(parse(text, strlen(text), &reply), 0);
	r = erm_openbgpd_peers_take(peers, reply, now);
	erm_openbgpd_reply_free(reply);
	return r;
}

START_TEST(test_counts)
{
	const usec_t sec = ERM_USEC_PER_SEC;
	struct erm_openbgpd_peer peer = { 0 };
	struct erm_openbgpd_peers peers = { .peers = &peer, .n = 1 };

	ck_assert_int_eq(erm_addr_parse("192.0.2.1", &peer.addr), 0);
	ck_assert_int_eq(take(&peers, "Active", -1, 1000 * sec), 0);
	ck_assert_uint_eq(peer.now.established_count, 0);
	ck_assert_int_eq(take(&peers, "Established", 0, 1001 * sec), 1);
	ck_assert_uint_eq(peer.now.established_count, 1);
	ck_assert_int_eq(take(&peers, "Established", 1, 1003 * sec), 0);
	ck_assert_int_eq(take(&peers, "Established", 9, 1010 * sec), 0);
	ck_assert_uint_eq(peer.now.dropped_count, 0);
	/* up again for 2 s: it fell in between */
	ck_assert_int_eq(take(&peers, "Established", 2, 1020 * sec), 1);
	ck_assert_uint_eq(peer.now.established_count, 2);
	ck_assert_uint_eq(peer.now.dropped_count, 1);
	ck_assert_int_eq(take(&peers, "Idle", 0, 1021 * sec), 1);
	ck_assert_uint_eq(peer.now.dropped_count, 2);
	/* another bgpd */
	erm_openbgpd_peers_forget(&peers);
	ck_assert_int_eq(take(&peers, "Idle", 5, 1030 * sec), 0);
	ck_assert_uint_eq(peer.now.established_count, 1);
	ck_assert_uint_eq(peer.now.dropped_count, 1);
	ck_assert_int_eq(take(&peers, "Dreaming", 5, 1031 * sec), 1);
	ck_assert_int_eq(peer.now.bgp, ERM_BGP_UNKNOWN);
	ck_assert_uint_eq(peer.now.dropped_count, 1);
}
END_TEST

static Suite *openbgpd_parse_suite(void)
{
	Suite *suite = suite_create("sources/openbgpd_parse");
	TCase *tcase = tcase_create("openbgpd_parse");

	tcase_set_timeout(tcase, 30);
	tcase_add_loop_test(tcase, test_golden, 0, 8);
	tcase_add_test(tcase, test_cut_at_every_offset);
	tcase_add_loop_test(tcase, test_bad, 0, 7);
	tcase_add_test(tcase, test_counts);
	suite_add_tcase(suite, tcase);
	return suite;
}

ERM_CHECK_MAIN(openbgpd_parse_suite)
