/* Who is believed, in the cases people ask about; test_core_resolve.c tries them all. */
#include "check_main.h"
#include "claims.h"
#include "core/resolve.h"

#define NOW   (1000 * ERM_USEC_PER_SEC)
#define MS(n) ((usec_t)(n)*ERM_USEC_PER_MSEC)
#define LATER (NOW + 3600 * ERM_USEC_PER_SEC)

struct cast {
	struct erm_claim claims[ERM_SESSION_SOURCES_MAX];
	struct erm_claim_input in[ERM_SESSION_SOURCES_MAX];
	uint32_t n;
	struct erm_resolution r;
};

static uint32_t add(struct cast *cast, enum erm_source_type type)
{
	uint32_t k = cast->n++;

	cast->in[k] = (struct erm_claim_input){
		.claim = &cast->claims[k],
		.type = type,
		.source = ERM_KNOWN,
	};
	return k;
}

/* Says it since then, and nothing newer was asked. */
static void says(struct cast *cast, uint32_t k, enum claim claim, usec_t at)
{
	claim_tell(&cast->claims[k], claim, at, 0);
}

static void resolve(struct cast *cast, usec_t now)
{
	erm_session_resolve(cast->in, cast->n, now, &cast->r);
}

#define ASSERT_DECIDES(cast, now, k, is_up)                                           \
	do {                                                                          \
		resolve(cast, now);                                                   \
		ck_assert_uint_eq((cast)->r.decider, k);                              \
		ck_assert_uint_eq((cast)->r.obs.bgp == ERM_BGP_ESTABLISHED, (is_up)); \
	} while (0)
#define ASSERT_UNKNOWN(cast, now)                                   \
	do {                                                        \
		resolve(cast, now);                                 \
		ck_assert_uint_eq((cast)->r.decider, ERM_NO_INDEX); \
	} while (0)

START_TEST(test_no_source_is_not_yet)
{
	struct cast cast = { 0 };

	ASSERT_UNKNOWN(&cast, NOW);
	ck_assert_int_eq(cast.r.knowledge, ERM_NOT_YET);
}
END_TEST

START_TEST(test_killed_router_loses_its_sockets_too)
{
	struct cast cast = { 0 };
	uint32_t frr = add(&cast, ERM_SOURCE_TYPE_FRR);
	uint32_t sock = add(&cast, ERM_SOURCE_TYPE_SOCK_DIAG);

	says(&cast, frr, UP, NOW);
	says(&cast, sock, UP, NOW);
	says(&cast, sock, DOWN, NOW + MS(1));
	ASSERT_DECIDES(&cast, NOW + MS(2), frr, true);
	ck_assert_int_eq(cast.r.use[sock], ERM_CLAIM_DISPUTES);
	cast.in[frr].source = ERM_LOST;
	ASSERT_UNKNOWN(&cast, NOW + MS(5));
	ck_assert_int_eq(cast.r.knowledge, ERM_LOST);
	ck_assert_int_eq(cast.r.use[frr], ERM_CLAIM_LOST);
	ck_assert_int_eq(cast.r.use[sock], ERM_CLAIM_SILENT);
	ASSERT_UNKNOWN(&cast, LATER);
}
END_TEST

START_TEST(test_lost_router_is_the_reason_wherever_the_socket_stands)
{
	struct cast cast = { 0 };
	uint32_t sock = add(&cast, ERM_SOURCE_TYPE_SOCK_DIAG);
	uint32_t frr = add(&cast, ERM_SOURCE_TYPE_FRR);

	says(&cast, sock, UP, NOW);
	cast.in[frr].source = ERM_LOST;
	ASSERT_UNKNOWN(&cast, NOW);
	ck_assert_int_eq(cast.r.knowledge, ERM_LOST);
}
END_TEST

START_TEST(test_peer_down_wins_when_the_router_is_mute)
{
	struct cast cast = { 0 };
	uint32_t frr = add(&cast, ERM_SOURCE_TYPE_FRR);
	uint32_t bmp = add(&cast, ERM_SOURCE_TYPE_BMP);
	uint32_t sock = add(&cast, ERM_SOURCE_TYPE_SOCK_DIAG);

	says(&cast, frr, UP, NOW);
	says(&cast, bmp, UP, NOW);
	says(&cast, sock, UP, NOW);
	says(&cast, bmp, DOWN, NOW + MS(10));
	ASSERT_DECIDES(&cast, NOW + MS(10), frr, true);
	ck_assert_uint_eq(cast.r.deadline, NOW + MS(110));
	ASSERT_DECIDES(&cast, NOW + MS(110) - 1, frr, true);
	ASSERT_DECIDES(&cast, NOW + MS(110), bmp, false);
	ck_assert_int_eq(cast.r.use[frr], ERM_CLAIM_OVERRULED);
	ck_assert_int_eq(cast.r.use[sock], ERM_CLAIM_OVERRULED);
	/* It was asked before the news, and answers late. */
	claim_tell(&cast.claims[frr], UP, NOW + MS(200), NOW + MS(9));
	ASSERT_DECIDES(&cast, NOW + MS(200), bmp, false);
	/* It was asked after. */
	claim_tell(&cast.claims[frr], UP, NOW + MS(300), NOW + MS(11));
	ASSERT_DECIDES(&cast, NOW + MS(300), frr, true);
	ck_assert_int_eq(cast.r.use[bmp], ERM_CLAIM_OVERRULED);
	ck_assert_int_eq(cast.r.use[sock], ERM_CLAIM_AGREES);
}
END_TEST

START_TEST(test_how_the_peer_ended_it_is_believed_at_once)
{
	struct cast cast = { 0 };
	uint32_t frr = add(&cast, ERM_SOURCE_TYPE_FRR);
	uint32_t bmp = add(&cast, ERM_SOURCE_TYPE_BMP);

	says(&cast, frr, UP, NOW);
	says(&cast, bmp, UP, NOW);
	says(&cast, bmp, DOWN_BY_PEER, NOW + MS(1000));
	ASSERT_DECIDES(&cast, NOW + MS(1000), bmp, false);
	/* Not against a router that was asked since. */
	claim_tell(&cast.claims[frr], UP, NOW + MS(1005), NOW + MS(1002));
	ASSERT_DECIDES(&cast, NOW + MS(1005), frr, true);
}
END_TEST

/* Of two connections that collide one is closed, by a peer that goes on with the other. */
START_TEST(test_how_the_peer_ended_what_was_just_up_waits)
{
	struct cast cast = { 0 };
	uint32_t frr = add(&cast, ERM_SOURCE_TYPE_FRR);
	uint32_t bmp = add(&cast, ERM_SOURCE_TYPE_BMP);

	says(&cast, frr, UP, NOW);
	says(&cast, bmp, UP, NOW);
	says(&cast, bmp, DOWN_BY_PEER, NOW + MS(1000) - 1);
	ASSERT_DECIDES(&cast, NOW + MS(1000), frr, true);
	ASSERT_DECIDES(&cast, NOW + MS(1100) - 1, bmp, false);
	/* A word that is its first, or that others have held down, ends nothing. */
	says(&cast, bmp, WITHDRAWN, NOW + MS(3000));
	says(&cast, frr, UP, NOW + MS(3000));
	says(&cast, bmp, DOWN_BY_PEER, NOW + MS(5000));
	ASSERT_DECIDES(&cast, NOW + MS(5000), frr, true);
}
END_TEST

START_TEST(test_second_authority_settles_the_dispute)
{
	struct cast cast = { 0 };
	uint32_t frr = add(&cast, ERM_SOURCE_TYPE_FRR);
	uint32_t snmp = add(&cast, ERM_SOURCE_TYPE_SNMP);
	uint32_t bmp = add(&cast, ERM_SOURCE_TYPE_BMP);

	says(&cast, frr, UP, NOW);
	says(&cast, bmp, UP, NOW);
	says(&cast, bmp, DOWN, NOW + MS(10));
	claim_tell(&cast.claims[snmp], UP, NOW + MS(50), NOW + MS(20));
	ASSERT_DECIDES(&cast, NOW + MS(500), frr, true);
	ck_assert_int_eq(cast.r.use[bmp], ERM_CLAIM_OVERRULED);
}
END_TEST

/* A station that is told of a session for ever up, and is listed first. */
START_TEST(test_asked_router_overrules_a_witness_listed_before_it)
{
	struct cast cast = { 0 };
	uint32_t bmp = add(&cast, ERM_SOURCE_TYPE_BMP);
	uint32_t frr = add(&cast, ERM_SOURCE_TYPE_FRR);

	says(&cast, frr, DOWN, NOW);
	says(&cast, bmp, UP, NOW + MS(10));
	ASSERT_DECIDES(&cast, NOW + MS(10), bmp, true);
	claim_tell(&cast.claims[frr], DOWN, NOW + MS(30), NOW + MS(20));
	ASSERT_DECIDES(&cast, NOW + MS(30), frr, false);
	ck_assert_int_eq(cast.r.use[bmp], ERM_CLAIM_OVERRULED);
}
END_TEST

START_TEST(test_socket_listed_first_disputes_like_any_other)
{
	struct cast cast = { 0 };
	uint32_t sock = add(&cast, ERM_SOURCE_TYPE_SOCK_DIAG);
	uint32_t frr = add(&cast, ERM_SOURCE_TYPE_FRR);

	says(&cast, frr, UP, NOW);
	says(&cast, sock, UP, NOW);
	says(&cast, sock, DOWN, NOW + MS(10));
	ASSERT_DECIDES(&cast, NOW + MS(20), frr, true);
	ck_assert_int_eq(cast.r.use[sock], ERM_CLAIM_DISPUTES);
	ASSERT_DECIDES(&cast, NOW + MS(110), sock, false);
}
END_TEST

/* The router lives in another VRF or namespace: its connection is not to be seen. */
START_TEST(test_socket_never_seen_is_no_witness)
{
	struct cast cast = { 0 };
	uint32_t frr = add(&cast, ERM_SOURCE_TYPE_FRR);
	uint32_t sock = add(&cast, ERM_SOURCE_TYPE_SOCK_DIAG);

	says(&cast, frr, UP, NOW);
	says(&cast, sock, DOWN, NOW + MS(10));
	ASSERT_DECIDES(&cast, LATER, frr, true);
	ck_assert_int_eq(cast.r.use[sock], ERM_CLAIM_SILENT);
	ck_assert_uint_eq(cast.r.deadline, ERM_USEC_INFINITY);
}
END_TEST

START_TEST(test_socket_alone_decides)
{
	struct cast cast = { 0 };
	uint32_t sock = add(&cast, ERM_SOURCE_TYPE_SOCK_DIAG);

	says(&cast, sock, DOWN, NOW);
	ASSERT_DECIDES(&cast, NOW, sock, false);
	says(&cast, sock, UP, NOW + MS(1));
	ASSERT_DECIDES(&cast, NOW + MS(1), sock, true);
	cast.in[sock].source = ERM_LOST;
	ASSERT_UNKNOWN(&cast, NOW + MS(2));
	ck_assert_int_eq(cast.r.knowledge, ERM_LOST);
}
END_TEST

/* A witness must not call a session up that its router says is down: it would be a false clear. */
START_TEST(test_witness_never_makes_a_session_up)
{
	struct cast cast = { 0 };
	uint32_t frr = add(&cast, ERM_SOURCE_TYPE_FRR);
	uint32_t bmp = add(&cast, ERM_SOURCE_TYPE_BMP);

	says(&cast, frr, DOWN, NOW);
	says(&cast, bmp, UP, NOW + MS(10));
	ASSERT_DECIDES(&cast, LATER, frr, false);
	ck_assert_int_eq(cast.r.use[bmp], ERM_CLAIM_OVERRULED);
}
END_TEST

START_TEST(test_router_that_cannot_tell_is_not_spoken_for)
{
	struct cast cast = { 0 };
	uint32_t frr = add(&cast, ERM_SOURCE_TYPE_FRR);
	uint32_t bmp = add(&cast, ERM_SOURCE_TYPE_BMP);

	says(&cast, bmp, UP, NOW);
	says(&cast, frr, CANNOT_TELL, NOW);
	resolve(&cast, NOW);
	ck_assert_uint_eq(cast.r.decider, frr);
	ck_assert_int_eq(cast.r.obs.bgp, ERM_BGP_UNKNOWN);
}
END_TEST

START_TEST(test_withdrawn_word_is_no_word)
{
	struct cast cast = { 0 };
	uint32_t bmp = add(&cast, ERM_SOURCE_TYPE_BMP);

	says(&cast, bmp, UP, NOW);
	ASSERT_DECIDES(&cast, NOW, bmp, true);
	says(&cast, bmp, WITHDRAWN, NOW + MS(1));
	ASSERT_UNKNOWN(&cast, NOW + MS(1));
	ck_assert_int_eq(cast.r.knowledge, ERM_NOT_YET);
	/* What it says next is news. */
	says(&cast, bmp, UP, NOW + MS(500));
	ck_assert_uint_eq(cast.claims[bmp].since, NOW + MS(500));
}
END_TEST

START_TEST(test_news_is_a_change_of_mind)
{
	struct erm_claim claim = { 0 };

	claim_tell(&claim, DOWN, NOW, 0);
	ck_assert_uint_eq(claim.since, NOW);
	ck_assert_uint_eq(claim.asked, NOW);
	ck_assert(!claim.is_ever_up);
	claim_tell(&claim, NOT_CONFIGURED, NOW + 5, NOW + 3);
	ck_assert_uint_eq(claim.since, NOW);
	ck_assert_uint_eq(claim.asked, NOW + 3);
	claim_tell(&claim, CANNOT_TELL, NOW + 6, 0);
	ck_assert_uint_eq(claim.since, NOW + 6);
	claim_tell(&claim, DOWN, NOW + 7, 0);
	ck_assert_uint_eq(claim.since, NOW + 7);
	claim_tell(&claim, UP, NOW + 8, 0);
	ck_assert(claim.is_ever_up);
	claim_tell(&claim, WITHDRAWN, NOW + 9, 0);
	ck_assert(claim.is_ever_up);
	ck_assert(!claim.is_known);
}
END_TEST

START_TEST(test_blanks_are_filled_by_who_agrees)
{
	struct cast cast = { 0 };
	uint32_t sock = add(&cast, ERM_SOURCE_TYPE_SNMP);
	uint32_t bmp = add(&cast, ERM_SOURCE_TYPE_BMP);
	uint32_t frr = add(&cast, ERM_SOURCE_TYPE_FRR);

	says(&cast, sock, UP, NOW);
	says(&cast, bmp, UP, NOW);
	says(&cast, frr, DOWN, NOW);
	cast.claims[bmp].obs.has_received = true;
	cast.claims[bmp].obs.prefixes_received = 7;
	cast.claims[bmp].obs.has_counts = true;
	cast.claims[bmp].obs.dropped_count = 9;
	cast.claims[frr].obs.has_advertised = true;
	cast.claims[frr].obs.bfd = ERM_BFD_DOWN;
	ASSERT_DECIDES(&cast, NOW, sock, true);
	ck_assert(cast.r.obs.has_received);
	ck_assert_uint_eq(cast.r.obs.prefixes_received, 7);
	ck_assert(!cast.r.obs.has_advertised);
	ck_assert_int_ne(cast.r.obs.bfd, ERM_BFD_DOWN);
	/* Counters of one source are not those of another. */
	ck_assert(!cast.r.obs.has_counts);
}
END_TEST

static Suite *cases_suite(void)
{
	Suite *suite = suite_create("core/resolve cases");
	TCase *words = tcase_create("in words");

	tcase_add_test(words, test_no_source_is_not_yet);
	tcase_add_test(words, test_killed_router_loses_its_sockets_too);
	tcase_add_test(words, test_lost_router_is_the_reason_wherever_the_socket_stands);
	tcase_add_test(words, test_peer_down_wins_when_the_router_is_mute);
	tcase_add_test(words, test_how_the_peer_ended_it_is_believed_at_once);
	tcase_add_test(words, test_how_the_peer_ended_what_was_just_up_waits);
	tcase_add_test(words, test_second_authority_settles_the_dispute);
	tcase_add_test(words, test_asked_router_overrules_a_witness_listed_before_it);
	tcase_add_test(words, test_socket_listed_first_disputes_like_any_other);
	tcase_add_test(words, test_socket_never_seen_is_no_witness);
	tcase_add_test(words, test_socket_alone_decides);
	tcase_add_test(words, test_witness_never_makes_a_session_up);
	tcase_add_test(words, test_router_that_cannot_tell_is_not_spoken_for);
	tcase_add_test(words, test_withdrawn_word_is_no_word);
	tcase_add_test(words, test_news_is_a_change_of_mind);
	tcase_add_test(words, test_blanks_are_filled_by_who_agrees);
	suite_add_tcase(suite, words);
	return suite;
}

ERM_CHECK_MAIN(cases_suite)
