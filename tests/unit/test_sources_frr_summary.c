/* Who is Established, in bgpd's words. */
#include <errno.h>

#include "base/cleanup.h"
#include "check_main.h"
#include "recorded.h"
#include "sources/frr/command.h"
#include "sources/frr/summary.h"

static int parse_copy(const char *text, size_t len, struct erm_frr_summary **ret)
{
	_cleanup_free_ char *copy = recorded_copy(text, len);

	return erm_frr_summary_parse(copy, len, ret);
}

static struct erm_frr_summary *parse_text(const char *text)
{
	struct erm_frr_summary *summary = NULL;

	ck_assert_msg(parse_copy(text, strlen(text), &summary) == 0, "refused: %s", text);
	return summary;
}

static bool is_up(const struct erm_frr_summary *summary, const char *neighbor,
		  enum erm_family family, struct erm_obs_session *session)
{
	struct erm_addr addr = recorded_addr(neighbor);

	return erm_frr_summary_session(summary, &addr, family, session);
}

START_TEST(test_golden)
{
	struct erm_obs_session s = { .session = 3, .is_configured = true, .bfd = ERM_BFD_UP };
	struct erm_frr_summary *summary = NULL;
	size_t len = 0;
	size_t n = 0;
	_cleanup_free_ char *text = recorded_load("frr-8.4", "bgp-summary", "txt", &len);

	ck_assert_int_eq(parse_copy(text, len, &summary), 0);
	ck_assert(erm_frr_summary_count(summary, &n));
	ck_assert_uint_eq(n, 2);
	ck_assert(is_up(summary, "192.168.100.2", ERM_FAMILY_IPV4, &s));
	ck_assert_int_eq(s.bgp, ERM_BGP_ESTABLISHED);
	ck_assert(s.has_received && s.has_advertised && s.has_counts);
	ck_assert_uint_eq(s.prefixes_received, 2);
	ck_assert_uint_eq(s.prefixes_advertised, 3);
	ck_assert_uint_eq(s.established_count, 1);
	ck_assert_uint_eq(s.dropped_count, 0);
	ck_assert_uint_eq(s.uptime_sec, 4);
	ck_assert_uint_eq(s.remote_as, 12076);
	ck_assert_uint_eq(s.local_as, 65010);
	/* and the rest is not its business */
	ck_assert_uint_eq(s.session, 3);
	ck_assert_int_eq(s.bfd, ERM_BFD_UP);

	ck_assert(is_up(summary, "2001:db8:100:2::2", ERM_FAMILY_IPV6, &s));
	ck_assert_uint_eq(s.prefixes_received, 1);
	/* a session of the other family over the same neighbour has no prefixes of its own */
	ck_assert(is_up(summary, "2001:db8:100:2::2", ERM_FAMILY_IPV4, &s));
	ck_assert(!s.has_received && !s.has_advertised);
	ck_assert(!is_up(summary, "192.168.100.99", ERM_FAMILY_IPV4, &s));
	erm_frr_summary_free(summary);
}
END_TEST

START_TEST(test_golden_cut_at_every_offset)
{
	size_t len = 0;
	_cleanup_free_ char *text = recorded_load("frr-8.4", "bgp-summary", "txt", &len);

	while (len > 0 && text[len - 1] == '\n')
		len--;
	for (size_t n = 0; n < len; n++) {
		struct erm_frr_summary *summary = NULL;

		ck_assert_int_eq(parse_copy(text, n, &summary), -EBADMSG);
	}
}
END_TEST

#define PEER(members) "{\"ipv4Unicast\":{\"peers\":{\"192.0.2.1\":{" members "}}}}"

static const struct {
	const char *text;
	bool is_up;
} peers[] = {
	{ PEER("\"state\":\"Established\""), true },
	{ PEER("\"state\":\"Established\",\"pfxRcd\":\"x\",\"remoteAs\":{}"), true },
	{ PEER("\"state\":\"Idle (Admin)\""), false },
	{ PEER("\"state\":\"Active\""), false },
	{ PEER("\"state\":6"), false },
	{ PEER(""), false },
	{ "{\"ipv4Unicast\":{\"peers\":{\"192.0.2.1\":7}}}", false },
	{ "{\"ipv4Unicast\":{\"peers\":{}}}", false },
	{ "{}", false },
	/* up in another family only */
	{ "{\"l2VpnEvpn\":{\"peers\":{\"192.0.2.1\":{\"state\":\"Established\"}}}}", true },
	{ "{\"x\":1,\"ipv4Unicast\":{\"peers\":{\"192.0.2.1\":{\"state\":\"Established\"}}}}",
	  true },
};

START_TEST(test_peers)
{
	struct erm_obs_session s = { .bgp = ERM_BGP_IDLE };
	struct erm_frr_summary *summary = parse_text(peers[_i].text);

	ck_assert_msg(is_up(summary, "192.0.2.1", ERM_FAMILY_IPV4, &s) == peers[_i].is_up, "%s",
		      peers[_i].text);
	ck_assert_int_eq(s.bgp, peers[_i].is_up ? ERM_BGP_ESTABLISHED : ERM_BGP_IDLE);
	ck_assert(!s.has_received && !s.has_counts);
	erm_frr_summary_free(summary);
}
END_TEST

static const char *const strange[] = {
	"",
	"[]",
	"null",
	"{\"warning\":\"View/Vrf is unknown\"}",
	"{\"a\":{}}",
	"{} {}",
	"{\"ipv4Unicast\":[]}",
	"% No BGP neighbors found",
};

START_TEST(test_strange)
{
	struct erm_frr_summary *summary = NULL;

	ck_assert_int_eq(parse_copy(strange[_i], strlen(strange[_i]), &summary), -EBADMSG);
	ck_assert_ptr_null(summary);
}
END_TEST

/* A neighbour of two families is counted in both. */
START_TEST(test_count)
{
	struct erm_frr_summary *summary =
		parse_text("{\"ipv4Unicast\":{\"peers\":{},\"totalPeers\":30,\"peerCount\":31},"
			   "\"ipv6Unicast\":{\"peers\":{},\"peerCount\":40}}");
	size_t n = 0;

	ck_assert(erm_frr_summary_count(summary, &n));
	ck_assert_uint_eq(n, 40);
	erm_frr_summary_free(summary);

	summary = parse_text("{}");
	ck_assert(!erm_frr_summary_count(summary, &n));
	ck_assert_uint_eq(n, 40);
	erm_frr_summary_free(summary);
}
END_TEST

START_TEST(test_commands)
{
	char command[ERM_FRR_COMMAND_MAX] = "";

	ck_assert_int_eq(erm_frr_command_summary(NULL, false, command), 0);
	ck_assert_str_eq(command, "show bgp summary established json");
	ck_assert_int_eq(erm_frr_command_summary("edge", false, command), 0);
	ck_assert_str_eq(command, "show bgp vrf edge summary established json");
	ck_assert_int_eq(erm_frr_command_summary("edge", true, command), 0);
	ck_assert_str_eq(command, "show bgp vrf edge summary json");
	ck_assert_int_eq(erm_frr_command_summary("a\nb", true, command), -EINVAL);
}
END_TEST

static Suite *frr_summary_suite(void)
{
	Suite *suite = suite_create("sources/frr_summary");
	TCase *all = tcase_create("all");

	tcase_add_test(all, test_golden);
	tcase_add_test(all, test_golden_cut_at_every_offset);
	tcase_add_loop_test(all, test_peers, 0, (int)ERM_ELEMENTS(peers));
	tcase_add_loop_test(all, test_strange, 0, (int)ERM_ELEMENTS(strange));
	tcase_add_test(all, test_count);
	tcase_add_test(all, test_commands);
	suite_add_tcase(suite, all);
	return suite;
}

ERM_CHECK_MAIN(frr_summary_suite)
