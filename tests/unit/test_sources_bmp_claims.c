/* Who told what of a session: which peers are meant, and what a reload keeps. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "bmp_bench.h"
#include "check_main.h"
#include "sources/bmp/claims.h"

static struct erm_bmp_claims claims;
static struct erm_obs_session told[16];
static unsigned int n_told;
static usec_t now = 1000;

static void on_tell(void *userdata, const struct erm_obs_session *session)
{
	ck_assert_ptr_eq(userdata, &claims);
	ck_assert_uint_lt(n_told, 16);
	told[n_told++] = *session;
}

static void make(const char *const *sessions, uint32_t n)
{
	struct erm_config *config = bmp_bench_config(sessions, n);
	bool has_new = false;

	ck_assert_int_eq(erm_bmp_claims_make(config, 0, NULL, &claims, &has_new), 0);
	ck_assert(has_new == (n > 0));
	ck_assert_uint_eq(claims.n, n);
	erm_config_unref(config);
}

static bool remake(const char *const *sessions, uint32_t n)
{
	struct erm_config *config = bmp_bench_config(sessions, n);
	struct erm_bmp_claims next = { 0 };
	bool has_new = false;

	ck_assert_int_eq(erm_bmp_claims_make(config, 0, &claims, &next, &has_new), 0);
	erm_config_unref(config);
	erm_bmp_claims_done(&claims);
	claims = next;
	return has_new;
}

static void teardown(void)
{
	erm_bmp_claims_done(&claims);
}

static uint32_t take(uint64_t router, unsigned int type, const char *addr, const char *local,
		     uint64_t distinguisher)
{
	struct erm_bmp_message message = {
		.type = (uint8_t)type,
		.peer = { .is_session = true, .distinguisher = distinguisher, .as = 12076 },
		.reason = ERM_BMP_LOCAL_FSM,
	};

	ck_assert_int_eq(erm_addr_parse(addr, &message.peer.addr), 0);
	if (local[0] != '\0')
		ck_assert_int_eq(erm_addr_parse(local, &message.local), 0);
	return erm_bmp_claims_take(&claims, router, &message, now, on_tell, &claims);
}

static uint32_t up(uint64_t router, const char *addr, const char *local)
{
	return take(router, ERM_BMP_PEER_UP, addr, local, 0);
}

static uint32_t down(uint64_t router, const char *addr)
{
	return take(router, ERM_BMP_PEER_DOWN, addr, "", 0);
}

START_TEST(each_is_found)
{
	static const char *const sessions[] = { "192.0.2.9", "2001:db8::9", "192.0.2.1",
						"2001:db8::1", "203.0.113.1" };

	make(sessions, 5);
	for (uint32_t i = 0; i < 5; i++) {
		ck_assert_uint_eq(up(1, sessions[i], ""), 1);
		ck_assert_uint_eq(told[i].session, i);
	}
	ck_assert_uint_eq(up(1, "192.0.2.2", ""), 0);
	ck_assert_uint_eq(up(1, "::", ""), 0);
	ck_assert_uint_eq(up(1, "255.255.255.255", ""), 0);
}
END_TEST

START_TEST(no_sessions_at_all)
{
	make(NULL, 0);
	ck_assert_uint_eq(up(1, "192.0.2.1", ""), 0);
	ck_assert_uint_eq(down(1, "192.0.2.1"), 0);
	ck_assert_uint_eq(erm_bmp_claims_withdraw(&claims, 0, UINT64_MAX, on_tell, &claims), 0);
}
END_TEST

START_TEST(a_message_of_another_type_changes_nothing)
{
	static const char *const sessions[] = { BMP_A };

	make(sessions, 1);
	ck_assert_uint_eq(take(1, ERM_BMP_INITIATION, BMP_A, "", 0), 0);
	ck_assert_uint_eq(take(1, ERM_BMP_ROUTE_MONITORING, BMP_A, "", 0), 0);
	ck_assert_uint_eq(take(1, 99, BMP_A, "", 0), 0);
}
END_TEST

START_TEST(the_local_address_tells_two_apart)
{
	static const char *const sessions[] = { "192.0.2.1 192.0.2.2", "192.0.2.1 192.0.2.130" };

	make(sessions, 2);
	ck_assert_uint_eq(take(1, ERM_BMP_PEER_UP, "192.0.2.1", "192.0.2.130", 7), 1);
	ck_assert_uint_eq(told[0].session, 1);
	ck_assert_uint_eq(take(1, ERM_BMP_PEER_UP, "192.0.2.1", "192.0.2.2", 8), 1);
	ck_assert_uint_eq(told[1].session, 0);
	/* a Peer Down has no local address: the VRF of its Peer Up tells */
	ck_assert_uint_eq(take(1, ERM_BMP_PEER_DOWN, "192.0.2.1", "", 7), 1);
	ck_assert_uint_eq(told[2].session, 1);
	ck_assert_uint_eq(take(1, ERM_BMP_PEER_DOWN, "192.0.2.1", "", 8), 1);
	ck_assert_uint_eq(told[3].session, 0);
}
END_TEST

START_TEST(a_peer_with_another_local_address_is_a_stranger)
{
	static const char *const sessions[] = { "192.0.2.1 192.0.2.2" };

	make(sessions, 1);
	ck_assert_uint_eq(up(1, "192.0.2.1", "198.51.100.1"), 0);
	ck_assert_uint_eq(down(1, "192.0.2.1"), 0);
	/* that of another router, or in another VRF, may be it */
	ck_assert_uint_eq(down(2, "192.0.2.1"), 1);
	ck_assert_uint_eq(up(2, "192.0.2.1", ""), 1);
	ck_assert_uint_eq(take(2, ERM_BMP_PEER_DOWN, "192.0.2.1", "", 5), 0);
	ck_assert_uint_eq(down(2, "192.0.2.1"), 1);
}
END_TEST

START_TEST(another_as_is_news)
{
	static const char *const sessions[] = { BMP_A };
	struct erm_bmp_message message = { .type = ERM_BMP_PEER_UP,
					   .peer = { .is_session = true, .as = 65001 } };

	make(sessions, 1);
	ck_assert_uint_eq(up(1, BMP_A, ""), 1);
	ck_assert_uint_eq(up(1, BMP_A, ""), 0);
	ck_assert_int_eq(erm_addr_parse(BMP_A, &message.peer.addr), 0);
	ck_assert_uint_eq(erm_bmp_claims_take(&claims, 1, &message, now, on_tell, &claims), 1);
	ck_assert_uint_eq(told[1].remote_as, 65001);
}
END_TEST

START_TEST(withdrawn_once_and_only_by_who_told_last)
{
	static const char *const sessions[] = { BMP_A, BMP_B };

	make(sessions, 2);
	ck_assert_uint_eq(up(1, BMP_A, ""), 1);
	ck_assert_uint_eq(up(1, BMP_B, ""), 1);
	ck_assert_uint_eq(up(2, BMP_A, ""), 0); /* no news, and now the second's word */
	ck_assert_uint_eq(erm_bmp_claims_withdraw(&claims, 1, 1, on_tell, &claims), 1);
	ck_assert(told[2].is_withdrawn);
	ck_assert_uint_eq(told[2].session, 1);
	ck_assert_uint_eq(erm_bmp_claims_withdraw(&claims, 1, 1, on_tell, &claims), 0);
	ck_assert_uint_eq(erm_bmp_claims_withdraw(&claims, 0, 5, on_tell, &claims), 1);
	ck_assert_uint_eq(told[3].session, 0);
	/* after that everything is news */
	ck_assert_uint_eq(down(3, BMP_A), 1);
	ck_assert_uint_eq(up(3, BMP_B, ""), 1);
}
END_TEST

static uint32_t quiet(uint64_t router, usec_t before)
{
	return erm_bmp_claims_withdraw_quiet(&claims, router, before, on_tell, &claims);
}

START_TEST(one_whose_stats_stay_away)
{
	static const char *const sessions[] = { BMP_A, BMP_B };

	make(sessions, 2);
	ck_assert_uint_eq(up(1, BMP_A, ""), 1);
	ck_assert_uint_eq(down(1, BMP_B), 1);
	now = 2000;
	ck_assert_uint_eq(take(1, ERM_BMP_STATS, BMP_A, "", 0), 0);
	ck_assert_uint_eq(quiet(1, 2000), 0);
	ck_assert_uint_eq(quiet(2, 5000), 0); /* not this router's */
	ck_assert_uint_eq(quiet(1, 2001), 1); /* what is down has no Stats */
	ck_assert_uint_eq(told[2].session, 0);
	ck_assert(told[2].is_withdrawn);
	ck_assert_uint_eq(quiet(1, 5000), 0);
	/* of this peer, and of no other */
	ck_assert_uint_eq(take(1, ERM_BMP_STATS, BMP_B, "", 0), 0);
	ck_assert_uint_eq(take(2, ERM_BMP_STATS, BMP_A, "", 0), 0);
	ck_assert_uint_eq(take(1, ERM_BMP_STATS, BMP_A, "", 9), 0);
	now = 6000;
	ck_assert_uint_eq(take(1, ERM_BMP_STATS, BMP_A, "", 0), 1);
	ck_assert(!told[3].is_withdrawn);
	ck_assert_int_eq(told[3].bgp, ERM_BGP_ESTABLISHED);
	ck_assert_uint_eq(quiet(1, 6000), 0);
	ck_assert_uint_eq(quiet(1, 6001), 1);
	/* nothing is left to withdraw, and a router that is gone brings nothing back */
	ck_assert_uint_eq(erm_bmp_claims_withdraw(&claims, 1, 1, on_tell, &claims), 1);
	ck_assert_uint_eq(told[5].session, 1);
	ck_assert_uint_eq(take(1, ERM_BMP_STATS, BMP_A, "", 0), 0);
}
END_TEST

START_TEST(a_quiet_one_comes_up_or_goes_down)
{
	static const char *const sessions[] = { BMP_A };

	make(sessions, 1);
	ck_assert_uint_eq(up(1, BMP_A, ""), 1);
	ck_assert_uint_eq(quiet(1, 5000), 1);
	ck_assert_uint_eq(up(1, BMP_A, ""), 1);
	ck_assert_uint_eq(quiet(1, 5000), 1);
	ck_assert_uint_eq(down(1, BMP_A), 1);
	ck_assert_int_eq(told[4].bgp, ERM_BGP_IDLE);
	ck_assert_uint_eq(take(1, ERM_BMP_STATS, BMP_A, "", 0), 0);
}
END_TEST

START_TEST(a_reload)
{
	static const char *const before[] = { BMP_A, BMP_B, "192.0.2.9 192.0.2.10" };
	static const char *const fewer[] = { BMP_B, BMP_A };
	static const char *const other_local[] = { BMP_B, BMP_A, "192.0.2.9 192.0.2.11" };

	make(before, 3);
	ck_assert_uint_eq(up(1, BMP_A, ""), 1);
	ck_assert_uint_eq(down(1, BMP_B), 1);
	ck_assert(!remake(before, 3));
	ck_assert(!remake(fewer, 2));
	n_told = 0;
	erm_bmp_claims_tell_all(&claims, on_tell, &claims);
	ck_assert_uint_eq(n_told, 2);
	for (unsigned int i = 0; i < 2; i++)
		ck_assert_int_eq(told[i].bgp,
				 told[i].session == 1 ? ERM_BGP_ESTABLISHED : ERM_BGP_IDLE);
	ck_assert(remake(before, 3));
	ck_assert(remake(other_local, 3));
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("sources_bmp_claims");
	TCase *tc = tcase_create("claims");

	tcase_add_checked_fixture(tc, NULL, teardown);
	tcase_add_test(tc, each_is_found);
	tcase_add_test(tc, no_sessions_at_all);
	tcase_add_test(tc, a_message_of_another_type_changes_nothing);
	tcase_add_test(tc, the_local_address_tells_two_apart);
	tcase_add_test(tc, a_peer_with_another_local_address_is_a_stranger);
	tcase_add_test(tc, another_as_is_news);
	tcase_add_test(tc, withdrawn_once_and_only_by_who_told_last);
	tcase_add_test(tc, one_whose_stats_stay_away);
	tcase_add_test(tc, a_quiet_one_comes_up_or_goes_down);
	tcase_add_test(tc, a_reload);
	suite_add_tcase(s, tc);
	return s;
}

ERM_CHECK_MAIN(suite)
