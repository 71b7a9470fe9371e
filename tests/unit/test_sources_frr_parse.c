#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "check_main.h"
#include "recorded.h"
#include "sources/frr/json.h"
#include "sources/frr/parse.h"
#include "sources/router/text.h"

static int parse_copy(const char *text, size_t len, struct erm_frr_reply **ret)
{
	_cleanup_free_ char *copy = recorded_copy(text, len);

	return erm_frr_reply_parse(copy, len, ret);
}

static int parse_text(const char *text, struct erm_frr_reply **ret)
{
	return parse_copy(text, strlen(text), ret);
}

static struct erm_obs_session session_of(const char *file, const char *addr, enum erm_family family)
{
	struct erm_addr neighbor = recorded_addr(addr);
	struct erm_obs_session session = { 0 };
	struct erm_frr_reply *reply = NULL;
	size_t len = 0;
	_cleanup_free_ char *text = recorded_load("frr-8.4", file, "txt", &len);

	ck_assert_int_eq(erm_frr_reply_parse(text, len, &reply), 0);
	ck_assert_int_eq(erm_frr_reply_session(reply, &neighbor, family, &session), 0);
	erm_frr_reply_free(reply);
	return session;
}

/* A neighbour made of these members, besides its state. */
static struct erm_obs_session session_with(const char *state, const char *members)
{
	struct erm_addr neighbor = recorded_addr("192.0.2.1");
	struct erm_obs_session session = { 0 };
	struct erm_frr_reply *reply = NULL;
	char text[2048];

	(void)!snprintf(text, sizeof(text), "{\"192.0.2.1\":{\"bgpState\":\"%s\"%s%s}}", state,
			*members ? "," : "", members);
	ck_assert_msg(parse_text(text, &reply) == 0, "refused: %s", text);
	ck_assert_int_eq(erm_frr_reply_session(reply, &neighbor, ERM_FAMILY_IPV4, &session), 0);
	erm_frr_reply_free(reply);
	return session;
}

START_TEST(test_golden_established)
{
	struct erm_obs_session s =
		session_of("bgp-neighbor-established", "192.168.100.2", ERM_FAMILY_IPV4);

	ck_assert(s.is_configured);
	ck_assert_int_eq(s.bgp, ERM_BGP_ESTABLISHED);
	ck_assert(!s.is_admin_shutdown);
	ck_assert(s.has_counts && s.has_received && s.has_advertised);
	ck_assert_uint_eq(s.established_count, 1);
	ck_assert_uint_eq(s.dropped_count, 0);
	ck_assert_uint_eq(s.prefixes_received, 1);
	ck_assert_uint_eq(s.prefixes_advertised, 3);
	ck_assert_uint_eq(s.remote_as, 12076);
	ck_assert_uint_eq(s.local_as, 65010);
	ck_assert_uint_eq(s.uptime_sec, 67);
	ck_assert_int_eq(s.bfd, ERM_BFD_UP);
	ck_assert(!s.has_reset); /* "Waiting for peer OPEN": what it did then, no reason */
	ck_assert_int_eq(s.reset_cause, ERM_CAUSE_NONE);
	ck_assert_str_eq(s.reset_text, "");
	ck_assert_uint_eq(s.error_code, 0);
}
END_TEST

START_TEST(test_golden_all_neighbors)
{
	static const struct {
		const char *addr;
		enum erm_family family;
	} wanted[] = {
		{ "192.168.100.2", ERM_FAMILY_IPV4 },
		{ "192.168.100.6", ERM_FAMILY_IPV4 },
		{ "2001:db8:100:1::2", ERM_FAMILY_IPV6 },
		{ "2001:db8:100:2::2", ERM_FAMILY_IPV6 },
	};
	struct erm_addr stranger = recorded_addr("192.168.100.99");
	struct erm_obs_session s = { .remote_as = 4711 };
	struct erm_frr_reply *reply = NULL;
	size_t len = 0;
	_cleanup_free_ char *text = recorded_load("frr-8.4", "bgp-neighbors", "txt", &len);

	ck_assert_int_eq(erm_frr_reply_parse(text, len, &reply), 0);
	ck_assert_uint_eq(erm_frr_reply_n_neighbors(reply), 4);
	for (size_t i = 0; i < ERM_ELEMENTS(wanted); i++) {
		struct erm_addr addr = recorded_addr(wanted[i].addr);

		ck_assert_int_eq(erm_frr_reply_session(reply, &addr, wanted[i].family, &s), 0);
		ck_assert_int_eq(s.bgp, ERM_BGP_ESTABLISHED);
		ck_assert_uint_eq(s.prefixes_received, 1);
		ck_assert_uint_eq(s.prefixes_advertised, 3);
		/* the other family is not in this session */
		ck_assert_int_eq(erm_frr_reply_session(reply, &addr,
						       wanted[i].family == ERM_FAMILY_IPV4
							       ? ERM_FAMILY_IPV6
							       : ERM_FAMILY_IPV4,
						       &s),
				 0);
		ck_assert(!s.has_received && !s.has_advertised);
	}
	s = (struct erm_obs_session){ .remote_as = 4711 };
	ck_assert_int_eq(erm_frr_reply_session(reply, &stranger, ERM_FAMILY_IPV4, &s), -ENOENT);
	ck_assert_uint_eq(s.remote_as, 4711);
	erm_frr_reply_free(reply);
}
END_TEST

/* The moment of the fall, as bgpd 8.4.4 told it. */
static const struct {
	const char *file, *addr;
	enum erm_cause cause;
	unsigned int code, subcode;
	enum erm_bfd_state bfd;
	const char *text;
	uint32_t established, dropped;
	bool is_admin_shutdown;
} falls[] = {
	{ "bgp-neighbor-peer-shutdown", "192.168.100.2", ERM_CAUSE_ADMIN_SHUTDOWN, 6, 2, ERM_BFD_UP,
	  "BGP Notification received: Cease/Administrative Shutdown", 1, 1, false },
	{ "bgp-neighbor-bfd-down", "192.168.100.6", ERM_CAUSE_BFD_DOWN, 6, 10, ERM_BFD_DOWN,
	  "BGP Notification send: Cease/BFD Down", 1, 1, false },
	{ "bgp-neighbor-peer-killed", "192.168.100.2", ERM_CAUSE_BFD_DOWN, 0, 0, ERM_BFD_DOWN,
	  "BFD down received", 2, 2, false },
	{ "bgp-neighbor-admin-shutdown", "192.168.100.251", ERM_CAUSE_NONE, 0, 0, ERM_BFD_NONE,
	  "No AFI/SAFI activated for peer", 0, 0, true },
	{ "bgp-neighbor-never-up", "192.168.100.250", ERM_CAUSE_NONE, 0, 0, ERM_BFD_NONE,
	  "No AFI/SAFI activated for peer", 0, 0, false },
};

START_TEST(test_golden_falls)
{
	struct erm_obs_session s = session_of(falls[_i].file, falls[_i].addr, ERM_FAMILY_IPV4);

	ck_assert_int_eq(s.bgp, ERM_BGP_IDLE);
	ck_assert(s.has_reset);
	ck_assert_int_eq(s.reset_cause, falls[_i].cause);
	ck_assert_uint_eq(s.error_code, falls[_i].code);
	ck_assert_uint_eq(s.error_subcode, falls[_i].subcode);
	ck_assert_int_eq(s.bfd, falls[_i].bfd);
	ck_assert_str_eq(s.reset_text, falls[_i].text);
	ck_assert_uint_eq(s.established_count, falls[_i].established);
	ck_assert_uint_eq(s.dropped_count, falls[_i].dropped);
	ck_assert_uint_eq(s.uptime_sec, 0);
	ck_assert(s.is_admin_shutdown == falls[_i].is_admin_shutdown);
}
END_TEST

/* Any real reply cut short is refused, never half believed. */
START_TEST(test_golden_cut_at_every_offset)
{
	size_t len = 0;
	_cleanup_free_ char *text =
		recorded_load("frr-8.4", "bgp-neighbor-established", "txt", &len);

	for (size_t n = 0; n < len; n++) {
		struct erm_frr_reply *reply = NULL;
		int r = parse_copy(text, n, &reply);

		if (n == len - 1) { /* all but the last newline */
			ck_assert_int_eq(r, 0);
			erm_frr_reply_free(reply);
			continue;
		}
		ck_assert_int_eq(r, -EBADMSG);
		ck_assert_ptr_null(reply);
	}
}
END_TEST

static const struct {
	const char *text;
	int r;
	size_t n;
} shapes[] = {
	{ "{}", 0, 0 },
	{ "{\"bgpNoSuchNeighbor\":true}", 0, 0 },
	{ "{\"192.0.2.1\":{\"bgpState\":\"Idle\"}}", 0, 1 },
	{ "{\"vrfName\":\"x\",\"192.0.2.1\":{\"bgpState\":\"Idle\"}}", 0, 1 },
	{ "", -EBADMSG, 0 },
	{ "null", -EBADMSG, 0 },
	{ "[]", -EBADMSG, 0 },
	{ "[{\"bgpState\":\"Idle\"}]", -EBADMSG, 0 },
	{ "\"Idle\"", -EBADMSG, 0 },
	{ "17", -EBADMSG, 0 },
	{ "% BGP instance not found", -EBADMSG, 0 },
	{ "<html>", -EBADMSG, 0 },
	{ "{\"hello\":\"world\"}", -EBADMSG, 0 },
	{ "{\"192.0.2.1\":{\"state\":\"Idle\"}}", -EBADMSG, 0 },
	{ "{\"192.0.2.1\":{\"bgpState\":6}}", -EBADMSG, 0 },
	{ "{\"192.0.2.1\":\"Idle\"}", -EBADMSG, 0 },
	{ "{}{}", -EBADMSG, 0 },
	{ "{} trailing", -EBADMSG, 0 },
	{ "{\"a\":1", -EBADMSG, 0 },
};

START_TEST(test_shapes)
{
	struct erm_frr_reply *reply = NULL;

	ck_assert_int_eq(parse_text(shapes[_i].text, &reply), shapes[_i].r);
	if (shapes[_i].r == 0)
		ck_assert_uint_eq(erm_frr_reply_n_neighbors(reply), shapes[_i].n);
	else
		ck_assert_ptr_null(reply);
	erm_frr_reply_free(reply);
}
END_TEST

START_TEST(test_one_bad_neighbor_among_good_ones)
{
	struct erm_addr bad = recorded_addr("192.0.2.1");
	struct erm_addr good = recorded_addr("192.0.2.2");
	struct erm_obs_session s = { 0 };
	struct erm_frr_reply *reply = NULL;

	ck_assert_int_eq(parse_text("{\"192.0.2.1\":[],\"192.0.2.2\":{\"bgpState\":\"Active\"}}",
				    &reply),
			 0);
	ck_assert_int_eq(erm_frr_reply_session(reply, &bad, ERM_FAMILY_IPV4, &s), -EBADMSG);
	ck_assert_int_eq(erm_frr_reply_session(reply, &good, ERM_FAMILY_IPV4, &s), 0);
	ck_assert_int_eq(s.bgp, ERM_BGP_ACTIVE);
	erm_frr_reply_free(reply);
}
END_TEST

START_TEST(test_only_the_state_is_needed)
{
	struct erm_obs_session s = session_with("Established", "");

	ck_assert(s.is_configured);
	ck_assert_int_eq(s.bgp, ERM_BGP_ESTABLISHED);
	ck_assert(!s.has_counts && !s.has_received && !s.has_advertised && !s.has_reset);
	ck_assert_int_eq(s.bfd, ERM_BFD_NONE);
	ck_assert_int_eq(s.reset_cause, ERM_CAUSE_NONE);
	ck_assert_str_eq(s.reset_text, "");
	ck_assert_uint_eq(s.remote_as, 0);
}
END_TEST

/* Members of another type than expected are as absent. */
START_TEST(test_members_of_another_type)
{
	struct erm_obs_session s =
		session_with("Established",
			     "\"remoteAs\":[1],\"localAs\":{},\"connectionsEstablished\":true,"
			     "\"connectionsDropped\":null,\"addressFamilyInfo\":7,"
			     "\"peerBfdInfo\":\"Up\",\"lastResetDueTo\":[],\"lastResetCode\":{},"
			     "\"lastErrorCodeSubcode\":602,\"adminShutDown\":\"no\"");

	ck_assert_int_eq(s.bgp, ERM_BGP_ESTABLISHED);
	ck_assert(!s.has_counts && !s.has_received && !s.has_reset && !s.is_admin_shutdown);
	ck_assert_int_eq(s.bfd, ERM_BFD_NONE);
	ck_assert_uint_eq(s.remote_as, 0);
	ck_assert_uint_eq(s.error_code, 0);
}
END_TEST

static const struct {
	const char *json;
	uint32_t as; /* 0: is no number */
} numbers[] = {
	{ "12076", 12076 },
	{ "\"12076\"", 12076 },
	{ "4294967295", UINT32_MAX },
	{ "4294967296", UINT32_MAX },
	{ "18446744073709551616", UINT32_MAX },
	{ "1e30", UINT32_MAX },
	{ "\"99999999999999\"", UINT32_MAX },
	{ "12076.9", 12076 },
	{ "-1", 0 },
	{ "\"-1\"", 0 },
	{ "\" 1\"", 0 },
	{ "\"1x\"", 0 },
	{ "\"\"", 0 },
	{ "\"9999999999999999999999\"", 0 },
	{ "false", 0 },
};

START_TEST(test_numbers)
{
	char members[128];
	struct erm_obs_session s;

	(void)!snprintf(members, sizeof(members), "\"remoteAs\":%s", numbers[_i].json);
	s = session_with("Idle", members);
	ck_assert_uint_eq(s.remote_as, numbers[_i].as);
}
END_TEST

START_TEST(test_counts_come_in_pairs)
{
	ck_assert(!session_with("Idle", "\"connectionsDropped\":3").has_counts);
	ck_assert(!session_with("Idle", "\"connectionsEstablished\":3").has_counts);
	ck_assert(session_with("Idle", "\"connectionsEstablished\":\"4\",\"connectionsDropped\":3")
			  .has_counts);
}
END_TEST

static const struct {
	const char *word;
	enum erm_bgp_state state;
} words[] = {
	{ "Idle", ERM_BGP_IDLE },
	{ "Idle (Admin)", ERM_BGP_IDLE },
	{ "Idle (PfxCt)", ERM_BGP_IDLE },
	{ "Connect", ERM_BGP_CONNECT },
	{ "Active", ERM_BGP_ACTIVE },
	{ "OpenSent", ERM_BGP_OPEN_SENT },
	{ "OpenConfirm", ERM_BGP_OPEN_CONFIRM },
	{ "Established", ERM_BGP_ESTABLISHED },
	{ "Established (x)", ERM_BGP_ESTABLISHED },
	{ "Clearing", ERM_BGP_IDLE },
	{ "Deleted", ERM_BGP_UNKNOWN },
	{ "Idling", ERM_BGP_UNKNOWN },
	{ "idle", ERM_BGP_UNKNOWN },
	{ "Open", ERM_BGP_UNKNOWN },
	{ "EstablishedNot", ERM_BGP_UNKNOWN },
	{ "Sleeping", ERM_BGP_UNKNOWN },
	{ "", ERM_BGP_UNKNOWN },
};

START_TEST(test_state_words)
{
	ck_assert_int_eq(erm_frr_state_from_word(words[_i].word), words[_i].state);
	ck_assert_int_eq(session_with(words[_i].word, "").bgp, words[_i].state);
}
END_TEST

START_TEST(test_admin_shutdown)
{
	ck_assert(session_with("Idle (Admin)", "").is_admin_shutdown);
	ck_assert(session_with("Idle", "\"adminShutDown\":true").is_admin_shutdown);
	ck_assert(session_with("Idle", "\"adminShutDown\":\"true\"").is_admin_shutdown);
	ck_assert(!session_with("Idle", "\"adminShutDown\":false").is_admin_shutdown);
	ck_assert(!session_with("Idle (PfxCt)", "").is_admin_shutdown);
}
END_TEST

#define RECEIVED(code)                                                           \
	"\"lastResetDueTo\":\"BGP Notification received\",\"lastResetCode\":13," \
	"\"lastErrorCodeSubcode\":\"" code "\""
#define SENT(code)                                                           \
	"\"lastResetDueTo\":\"BGP Notification send\",\"lastResetCode\":14," \
	"\"lastErrorCodeSubcode\":\"" code "\""

static const struct {
	const char *state, *members;
	enum erm_cause cause;
} causes[] = {
	{ "Idle", RECEIVED("0602"), ERM_CAUSE_ADMIN_SHUTDOWN },
	{ "Idle", SENT("0602"), ERM_CAUSE_LOCAL_SHUTDOWN },
	{ "Idle", RECEIVED("0601"), ERM_CAUSE_PREFIX_LIMIT },
	{ "Idle", SENT("0601"), ERM_CAUSE_PREFIX_LIMIT },
	{ "Idle", RECEIVED("060A"), ERM_CAUSE_BFD_DOWN },
	{ "Idle", RECEIVED("060a"), ERM_CAUSE_BFD_DOWN },
	{ "Idle", SENT("060A"), ERM_CAUSE_BFD_DOWN },
	{ "Idle", SENT("0400"), ERM_CAUSE_HOLD_EXPIRED },
	{ "Idle", RECEIVED("0400"), ERM_CAUSE_HOLD_EXPIRED },
	{ "Idle", RECEIVED("0202"), ERM_CAUSE_WRONG_AS },
	{ "Idle", SENT("0202"), ERM_CAUSE_WRONG_AS },
	{ "Idle", RECEIVED("0603"), ERM_CAUSE_PEER_CEASE },
	{ "Idle", RECEIVED("0604"), ERM_CAUSE_PEER_CEASE },
	{ "Idle", RECEIVED("0609"), ERM_CAUSE_PEER_CEASE },
	{ "Idle", SENT("0604"), ERM_CAUSE_NONE },
	{ "Idle", RECEIVED("0607"), ERM_CAUSE_NONE },
	{ "Idle", RECEIVED("0301"), ERM_CAUSE_NONE },
	{ "Idle", RECEIVED("xx02"), ERM_CAUSE_NONE },
	{ "Idle", RECEIVED("06020"), ERM_CAUSE_NONE },
	{ "Idle", "\"lastErrorCodeSubcode\":\"0602\"", ERM_CAUSE_ADMIN_SHUTDOWN },
	{ "Idle", "\"lastResetCode\":13,\"lastErrorCodeSubcode\":\"0602\"",
	  ERM_CAUSE_ADMIN_SHUTDOWN },
	{ "Idle", "\"lastResetDueTo\":\"BFD down received\",\"lastResetCode\":24",
	  ERM_CAUSE_BFD_DOWN },
	{ "Idle", "\"lastResetCode\":\"24\"", ERM_CAUSE_BFD_DOWN },
	{ "Idle", "\"lastResetDueTo\":\"Peer closed the session\",\"lastResetCode\":15",
	  ERM_CAUSE_PEER_CLOSED },
	{ "Idle", "\"lastResetDueTo\":\"NSF peer closed the session\",\"lastResetCode\":22",
	  ERM_CAUSE_PEER_CLOSED },
	{ "Idle", "\"lastResetDueTo\":\"Admin. shutdown\",\"lastResetCode\":11",
	  ERM_CAUSE_LOCAL_SHUTDOWN },
	{ "Idle", "\"lastResetDueTo\":\"Interface down\",\"lastResetCode\":25", ERM_CAUSE_NONE },
	{ "Idle", "\"lastResetDueTo\":\"Neighbor address lost\",\"lastResetCode\":26",
	  ERM_CAUSE_NONE },
	{ "Idle", "\"lastResetDueTo\":\"Waiting for peer OPEN\",\"lastResetCode\":32",
	  ERM_CAUSE_NONE },
	{ "Idle", "\"lastResetDueTo\":\"User reset\",\"lastResetCode\":12", ERM_CAUSE_NONE },
	{ "Idle", "\"lastResetDueTo\":\"Reached received prefix count\",\"lastResetCode\":33",
	  ERM_CAUSE_PREFIX_LIMIT },
	{ "Idle (PfxCt)", "", ERM_CAUSE_PREFIX_LIMIT },
	/* an old code beside another reason proves nothing */
	{ "Idle",
	  "\"lastResetDueTo\":\"Interface down\",\"lastResetCode\":25,"
	  "\"lastErrorCodeSubcode\":\"0602\"",
	  ERM_CAUSE_NONE },
	{ "Idle", "\"lastResetCode\":4000000000", ERM_CAUSE_NONE },
};

START_TEST(test_reset_causes)
{
	struct erm_obs_session s = session_with(causes[_i].state, causes[_i].members);

	ck_assert_int_eq(s.reset_cause, causes[_i].cause);
}
END_TEST

static const struct {
	const char *status;
	enum erm_bfd_state state;
} bfds[] = {
	{ "{\"status\":\"Up\"}", ERM_BFD_UP },
	{ "{\"status\":\"Down\"}", ERM_BFD_DOWN },
	{ "{\"status\":\"Unknown\"}", ERM_BFD_UNKNOWN },
	{ "{\"status\":\"Admin Down\"}", ERM_BFD_UNKNOWN },
	{ "{\"status\":1}", ERM_BFD_UNKNOWN },
	{ "{}", ERM_BFD_UNKNOWN },
	{ "null", ERM_BFD_NONE },
};

START_TEST(test_bfd_words)
{
	char members[128];

	(void)!snprintf(members, sizeof(members), "\"peerBfdInfo\":%s", bfds[_i].status);
	ck_assert_int_eq(session_with("Idle", members).bfd, bfds[_i].state);
}
END_TEST

START_TEST(test_text_from_outside_is_harmless)
{
	char text[ERM_TEXT_MAX];
	char long_text[400];
	struct erm_obs_session s;

	erm_router_text_clean("a\"b'c`d;e$f\\g|h", 100, text);
	ck_assert_str_eq(text, "abcdefgh");
	erm_router_text_clean("tab\tnew\r\nline \x01\x7f\xff", 100, text);
	ck_assert_str_eq(text, "tab new line ???");
	erm_router_text_clean("abcdef", 3, text);
	ck_assert_str_eq(text, "abc");

	memset(long_text, 'x', sizeof(long_text));
	erm_router_text_clean(long_text, sizeof(long_text), text);
	ck_assert_uint_eq(strlen(text), ERM_TEXT_MAX - 1);

	s = session_with("Idle", "\"lastResetDueTo\":\"a'b;$(reboot)|x\\u0000y\\u00e9\","
				 "\"lastResetCode\":99,\"lastNotificationReason\":\"`z`\"");
	ck_assert_str_eq(s.reset_text, "ab(reboot)x: z");
}
END_TEST

/* A description in Latin-1, or a raw control character, must not cost the whole reply. */
START_TEST(test_text_that_is_not_utf8)
{
	struct erm_obs_session s =
		session_with("Established",
			     "\"nbrDesc\":\"Z\xfcrich \x80\x01\t\",\"remoteAs\":12076");

	ck_assert_int_eq(s.bgp, ERM_BGP_ESTABLISHED);
	ck_assert_uint_eq(s.remote_as, 12076);
	s = session_with("Established", "\"nbrDesc\":\"quote \\\" and \\\\\",\"remoteAs\":12076");
	ck_assert_uint_eq(s.remote_as, 12076);
}
END_TEST

START_TEST(test_of_two_equal_keys_one_is_taken)
{
	struct erm_obs_session s = session_with("Idle", "\"remoteAs\":1,\"remoteAs\":2");

	ck_assert(s.remote_as == 1 || s.remote_as == 2);
}
END_TEST

/* Depth and number of values are bounded before the JSON library builds anything of them. */
START_TEST(test_limits)
{
	struct erm_frr_reply *reply = NULL;
	size_t n = 2 * (size_t)ERM_FRR_VALUES_MAX + 64;
	_cleanup_free_ char *text = malloc(n);
	char deep[ERM_FRR_DEPTH_MAX + 3];

	ck_assert_ptr_nonnull(text);
	memset(deep, '[', sizeof(deep) - 1);
	deep[sizeof(deep) - 1] = '\0';
	ck_assert_int_eq(parse_text(deep, &reply), -E2BIG);

	text[0] = '[';
	for (size_t i = 1; i < n; i++)
		text[i] = i % 2 ? '1' : ',';
	ck_assert_int_eq(erm_frr_reply_parse(text, n - 1, &reply), -E2BIG);
	ck_assert_ptr_null(reply);

	/* what stands in a string does not count */
	ck_assert_int_eq(parse_text("{\"192.0.2.1\":{\"bgpState\":\"Idle\",\"nbrDesc\":\""
				    "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"}}",
				    &reply),
			 0);
	erm_frr_reply_free(reply);
}
END_TEST

static Suite *frr_parse_suite(void)
{
	Suite *suite = suite_create("sources/frr_parse");
	TCase *golden = tcase_create("golden");
	TCase *shape = tcase_create("shape");
	TCase *words_case = tcase_create("words");

	tcase_add_test(golden, test_golden_established);
	tcase_add_test(golden, test_golden_all_neighbors);
	tcase_add_loop_test(golden, test_golden_falls, 0, (int)ERM_ELEMENTS(falls));
	tcase_add_test(golden, test_golden_cut_at_every_offset);
	suite_add_tcase(suite, golden);
	tcase_add_loop_test(shape, test_shapes, 0, (int)ERM_ELEMENTS(shapes));
	tcase_add_test(shape, test_one_bad_neighbor_among_good_ones);
	tcase_add_test(shape, test_only_the_state_is_needed);
	tcase_add_test(shape, test_members_of_another_type);
	tcase_add_loop_test(shape, test_numbers, 0, (int)ERM_ELEMENTS(numbers));
	tcase_add_test(shape, test_counts_come_in_pairs);
	tcase_add_test(shape, test_text_that_is_not_utf8);
	tcase_add_test(shape, test_of_two_equal_keys_one_is_taken);
	tcase_add_test(shape, test_limits);
	suite_add_tcase(suite, shape);
	tcase_add_loop_test(words_case, test_state_words, 0, (int)ERM_ELEMENTS(words));
	tcase_add_test(words_case, test_admin_shutdown);
	tcase_add_loop_test(words_case, test_reset_causes, 0, (int)ERM_ELEMENTS(causes));
	tcase_add_loop_test(words_case, test_bfd_words, 0, (int)ERM_ELEMENTS(bfds));
	tcase_add_test(words_case, test_text_from_outside_is_harmless);
	suite_add_tcase(suite, words_case);
	return suite;
}

ERM_CHECK_MAIN(frr_parse_suite)
