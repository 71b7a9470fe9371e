/* Several sources of the same sessions: who is believed, and what is notified, in virtual time. */
#include <string.h>

#include "../unit/check_main.h"
#include "core/resolve.h"
#include "lab.h"

static struct lab lab;
static uint32_t bmp, sock;

static void set_up(void)
{
	lab_init(&lab);
}

static void tear_down(void)
{
	lab_done(&lab);
}

static const struct erm_session_row *row(void)
{
	return lab_session_row(&lab, "c1", ERM_ROLE_PRIMARY, ERM_FAMILY_IPV4);
}

static enum erm_claim_use use_of(uint32_t source)
{
	const struct erm_session_row *r = row();

	for (uint32_t k = 0; k < r->n_claims; k++) {
		const struct erm_claim_row *claim = &lab.snapshot->claims[r->first_claim + k];

		if (strcmp(claim->source, lab.config->sources[source].name) == 0)
			return claim->use;
	}
	ck_abort_msg("no such claim");
	return ERM_CLAIM_USE_MAX;
}

static void expect_redundancy_lost(void)
{
	lab_run(&lab, LAB_SEC(3));
	lab_expect(&lab, "raise redundancy-lost/c1");
	lab_expect_silence(&lab);
}

/* The router's own word first, then BMP, then the sockets; all up for a while. */
static void start_three(void)
{
	uint32_t all[3] = { LAB_ROUTER };

	(void)lab_add_circuit(&lab, "c1", ERM_MODEL_CLOUD_EXCHANGE, "er1", "er2");
	bmp = all[1] = lab_config_source(lab.config, "bmp", ERM_SOURCE_TYPE_BMP);
	sock = all[2] = lab_config_source(lab.config, "sock", ERM_SOURCE_TYPE_SOCK_DIAG);
	lab_config_speakers(lab.config, all, 3);
	lab_start(&lab, NULL);
	lab_tell_all(&lab);
	lab_says_all(&lab, bmp, true);
	lab_says_all(&lab, sock, true);
	lab_run(&lab, LAB_MS(40500));
	ck_assert_int_eq(row()->state, ERM_MEMBER_UP);
	ck_assert_int_eq(use_of(LAB_ROUTER), ERM_CLAIM_DECIDES);
	ck_assert_int_eq(use_of(bmp), ERM_CLAIM_AGREES);
	ck_assert_int_eq(use_of(sock), ERM_CLAIM_AGREES);
	lab_expect_silence(&lab);
}

/* Only this one. */
static uint32_t start_alone(const char *name, enum erm_source_type type)
{
	uint32_t source = 0;

	(void)lab_add_circuit(&lab, "c1", ERM_MODEL_CLOUD_EXCHANGE, "er1", "er2");
	source = lab_config_source(lab.config, name, type);
	lab_config_speakers(lab.config, &source, 1);
	lab_start(&lab, NULL);
	lab_tell_all(&lab);
	lab_says_all(&lab, source, true);
	lab_run(&lab, LAB_MS(40500));
	ck_assert_int_eq(row()->state, ERM_MEMBER_UP);
	lab_expect_silence(&lab);
	return source;
}

START_TEST(test_peer_down_is_confirmed_by_the_router)
{
	start_three();
	lab_says(&lab, bmp, "c1", ERM_ROLE_PRIMARY, false);
	lab_commit(&lab);
	ck_assert_int_eq(row()->state, ERM_MEMBER_UP);
	ck_assert_int_eq(use_of(bmp), ERM_CLAIM_DISPUTES);
	lab_run(&lab, LAB_MS(5));
	lab_leg(&lab, "c1", ERM_ROLE_PRIMARY, false, ERM_CAUSE_PEER_CEASE);
	lab_commit(&lab);
	ck_assert_int_eq(row()->state, ERM_MEMBER_DOWN);
	ck_assert_int_eq(row()->cause, ERM_CAUSE_PEER_CEASE);
	ck_assert_int_eq(use_of(LAB_ROUTER), ERM_CLAIM_DECIDES);
	ck_assert_int_eq(use_of(bmp), ERM_CLAIM_AGREES);
	ck_assert_int_eq(use_of(sock), ERM_CLAIM_OVERRULED);
	expect_redundancy_lost();
	/* One loss, whoever told of it. */
	ck_assert_uint_eq(row()->transitions, 1);
	lab_says(&lab, bmp, "c1", ERM_ROLE_PRIMARY, true);
	lab_leg(&lab, "c1", ERM_ROLE_PRIMARY, true, ERM_CAUSE_NONE);
	lab_run(&lab, LAB_SEC(70));
	lab_expect(&lab, "clear redundancy-lost/c1");
	lab_expect_silence(&lab);
	ck_assert_uint_eq(row()->transitions, 1);
}
END_TEST

START_TEST(test_peer_down_is_believed_when_the_router_is_mute)
{
	start_three();
	lab.is_lost[LAB_ROUTER] = true; /* it hangs, and nobody knows yet */
	lab_says(&lab, bmp, "c1", ERM_ROLE_PRIMARY, false);
	lab_run(&lab, ERM_DISPUTE_USEC - 1);
	ck_assert_int_eq(row()->state, ERM_MEMBER_UP);
	lab_run(&lab, 1);
	ck_assert_int_eq(row()->state, ERM_MEMBER_DOWN);
	ck_assert_int_eq(use_of(bmp), ERM_CLAIM_DECIDES);
	ck_assert_int_eq(use_of(LAB_ROUTER), ERM_CLAIM_OVERRULED);
	ck_assert_int_eq(use_of(sock), ERM_CLAIM_OVERRULED);
	ck_assert_uint_eq(row()->transitions, 1);
	/* When it is answered at last it is the same loss. */
	lab.is_lost[LAB_ROUTER] = false;
	lab_leg(&lab, "c1", ERM_ROLE_PRIMARY, false, ERM_CAUSE_HOLD_EXPIRED);
	lab_commit(&lab);
	ck_assert_int_eq(use_of(LAB_ROUTER), ERM_CLAIM_DECIDES);
	ck_assert_int_eq(row()->state, ERM_MEMBER_DOWN);
	ck_assert_uint_eq(row()->transitions, 1);
	expect_redundancy_lost();
}
END_TEST

START_TEST(test_both_legs_by_a_station_of_a_mute_router)
{
	start_three();
	lab.is_lost[LAB_ROUTER] = true;
	lab_says_all(&lab, bmp, false);
	lab_run(&lab, ERM_DISPUTE_USEC);
	lab_expect(&lab, "raise service-down/c1");
}
END_TEST

START_TEST(test_peer_down_is_wrong_when_the_router_says_up_after_it)
{
	start_three();
	lab_says_all(&lab, bmp, false);
	lab_commit(&lab);
	lab_source_back(&lab, LAB_ROUTER); /* asked again: up */
	lab_run(&lab, LAB_SEC(120));
	ck_assert_int_eq(row()->state, ERM_MEMBER_UP);
	ck_assert_int_eq(use_of(bmp), ERM_CLAIM_OVERRULED);
	ck_assert_uint_eq(row()->transitions, 0);
	lab_expect_silence(&lab);
}
END_TEST

START_TEST(test_question_before_the_news_does_not_end_a_dispute)
{
	struct erm_obs late = { .kind = ERM_OBS_SESSION, .source = LAB_ROUTER };

	start_three();
	late.asked = lab.now.mono;
	lab_run(&lab, LAB_MS(1));
	lab.is_lost[LAB_ROUTER] = true;
	lab_says(&lab, bmp, "c1", ERM_ROLE_PRIMARY, false);
	lab_run(&lab, LAB_MS(50));
	late.session = *lab_find_session(&lab, "c1", ERM_ROLE_PRIMARY, ERM_FAMILY_IPV4);
	lab_apply(&lab, late);
	lab_run(&lab, LAB_MS(49));
	ck_assert_int_eq(row()->state, ERM_MEMBER_UP);
	lab_run(&lab, LAB_MS(1));
	ck_assert_int_eq(row()->state, ERM_MEMBER_DOWN);
}
END_TEST

START_TEST(test_router_killed_is_unknown_and_comes_back_quietly)
{
	start_three();
	/* The kernel closes its sockets first; end of file comes on both connections after. */
	lab_says_all(&lab, sock, false);
	lab_run(&lab, LAB_MS(3));
	ck_assert_int_eq(row()->state, ERM_MEMBER_UP);
	lab_source_lost(&lab, LAB_ROUTER, ERM_REASON_CLOSED);
	lab_run(&lab, LAB_MS(2));
	lab_withdraws(&lab, bmp);
	lab_source_lost(&lab, bmp, ERM_REASON_NO_ROUTER);
	lab_commit(&lab);
	ck_assert_int_eq(row()->state, ERM_MEMBER_UNKNOWN);
	ck_assert_int_eq(row()->cause, ERM_CAUSE_COLLECTOR_LOST);
	lab_run(&lab, LAB_SEC(20));
	lab_expect_silence(&lab);
	/* Its station connects before it answers, and lists every peer as down. */
	lab.is_lost[bmp] = false;
	lab_says_all(&lab, bmp, false);
	lab_source_back(&lab, bmp);
	lab_run(&lab, LAB_SEC(2));
	ck_assert_int_eq(row()->state, ERM_MEMBER_UNKNOWN);
	for (uint32_t i = 0; i < lab.config->n_sessions; i++) {
		lab.sessions[i].bgp = ERM_BGP_ACTIVE;
		lab.sessions[i].established_count = lab.sessions[i].dropped_count = 0;
		lab.sessions[i].prefixes_received = 0;
	}
	lab_source_back(&lab, LAB_ROUTER);
	lab_run(&lab, LAB_SEC(5));
	ck_assert_int_eq(row()->state, ERM_MEMBER_UNKNOWN);
	lab_leg(&lab, "c1", ERM_ROLE_PRIMARY, true, ERM_CAUSE_NONE);
	lab_leg(&lab, "c1", ERM_ROLE_SECONDARY, true, ERM_CAUSE_NONE);
	lab_says_all(&lab, bmp, true);
	lab_says_all(&lab, sock, true);
	lab_run(&lab, LAB_SEC(120));
	ck_assert_int_eq(row()->state, ERM_MEMBER_UP);
	ck_assert_uint_eq(row()->transitions, 0);
	lab_expect_silence(&lab);
}
END_TEST

START_TEST(test_router_that_hangs_is_unknown_though_tcp_is_up)
{
	start_three();
	lab_withdraws(&lab, bmp);
	lab_source_lost(&lab, bmp, ERM_REASON_STALE);
	lab.is_lost[LAB_ROUTER] = true;
	lab_run(&lab, LAB_SEC(2));
	ck_assert_int_eq(row()->state, ERM_MEMBER_UP);
	lab_run(&lab, LAB_SEC(2));
	ck_assert_int_eq(row()->state, ERM_MEMBER_UNKNOWN);
	ck_assert_int_eq(use_of(sock), ERM_CLAIM_SILENT);
	lab_run(&lab, LAB_SEC(61));
	lab_expect(&lab, "raise state-unknown/source:frr");
	lab_expect_silence(&lab);
	/* The sockets go too: still nobody's word. */
	lab_says_all(&lab, sock, false);
	lab_run(&lab, LAB_SEC(10));
	ck_assert_int_eq(row()->state, ERM_MEMBER_UNKNOWN);
	lab_expect_silence(&lab);
	lab_says_all(&lab, sock, true);
	lab_source_back(&lab, LAB_ROUTER);
	lab_commit(&lab);
	ck_assert_int_eq(row()->state, ERM_MEMBER_UP);
	lab_expect(&lab, "clear state-unknown/source:frr");
	lab_expect_silence(&lab);
}
END_TEST

START_TEST(test_station_speaks_for_a_router_that_does_not_answer)
{
	start_three();
	lab_source_lost(&lab, LAB_ROUTER, ERM_REASON_TIMEOUT);
	lab_run(&lab, LAB_SEC(10));
	ck_assert_int_eq(row()->state, ERM_MEMBER_UP);
	ck_assert_int_eq(use_of(bmp), ERM_CLAIM_DECIDES);
	lab_says(&lab, bmp, "c1", ERM_ROLE_PRIMARY, false);
	lab_commit(&lab);
	ck_assert_int_eq(row()->state, ERM_MEMBER_DOWN);
}
END_TEST

START_TEST(test_sockets_alone)
{
	sock = start_alone("sock", ERM_SOURCE_TYPE_SOCK_DIAG);
	lab_says(&lab, sock, "c1", ERM_ROLE_PRIMARY, false);
	lab_commit(&lab);
	ck_assert_int_eq(row()->cause, ERM_CAUSE_NOT_ESTABLISHED);
	expect_redundancy_lost();
	lab_says(&lab, sock, "c1", ERM_ROLE_SECONDARY, false);
	lab_commit(&lab);
	lab_expect(&lab, "raise service-down/c1");
	lab_says_all(&lab, sock, true);
	lab_run(&lab, LAB_SEC(70));
	lab_expect(&lab, "clear service-down/c1");
	lab_expect(&lab, "clear redundancy-lost/c1");
	lab_expect_silence(&lab);
	ck_assert_uint_eq(row()->transitions, 1);
}
END_TEST

START_TEST(test_sockets_alone_down_at_start)
{
	uint32_t source = 0;

	(void)lab_add_circuit(&lab, "c1", ERM_MODEL_CLOUD_EXCHANGE, "er1", "er2");
	source = lab_config_source(lab.config, "sock", ERM_SOURCE_TYPE_SOCK_DIAG);
	lab_config_speakers(lab.config, &source, 1);
	lab_start(&lab, NULL);
	lab_tell_all(&lab);
	lab_says_all(&lab, source, false);
	lab_run(&lab, LAB_SEC(29));
	ck_assert_int_eq(row()->state, ERM_MEMBER_UNKNOWN); /* the router may be starting too */
	lab_expect_silence(&lab);
	lab_run(&lab, LAB_SEC(1));
	ck_assert_int_eq(row()->state, ERM_MEMBER_DOWN);
	lab_expect(&lab, "raise service-down/c1");
	lab_expect_silence(&lab);
}
END_TEST

START_TEST(test_router_in_another_vrf)
{
	uint32_t all[2] = { LAB_ROUTER };

	(void)lab_add_circuit(&lab, "c1", ERM_MODEL_CLOUD_EXCHANGE, "er1", "er2");
	sock = all[1] = lab_config_source(lab.config, "sock", ERM_SOURCE_TYPE_SOCK_DIAG);
	lab_config_speakers(lab.config, all, 2);
	lab_start(&lab, NULL);
	lab_tell_all(&lab);
	lab_run(&lab, LAB_MS(40500));
	lab.is_lost[LAB_ROUTER] = true; /* not asked again for a while */
	lab_says_all(&lab, sock, false);
	lab_run(&lab, LAB_MS(500));
	ck_assert_int_eq(row()->state, ERM_MEMBER_UP);
	ck_assert_int_eq(use_of(sock), ERM_CLAIM_SILENT);
	lab.is_lost[LAB_ROUTER] = false;
	lab_run(&lab, LAB_SEC(120));
	ck_assert_int_eq(row()->state, ERM_MEMBER_UP);
	lab_expect_silence(&lab);
}
END_TEST

START_TEST(test_station_alone_and_its_router_goes)
{
	bmp = start_alone("bmp", ERM_SOURCE_TYPE_BMP);
	lab_withdraws(&lab, bmp);
	lab_source_lost(&lab, bmp, ERM_REASON_NO_ROUTER);
	lab_commit(&lab);
	ck_assert_int_eq(row()->state, ERM_MEMBER_UNKNOWN);
	lab_run(&lab, LAB_SEC(10));
	/* A moment later it is back, and its peers are not yet. */
	lab_says_all(&lab, bmp, false);
	lab_source_back(&lab, bmp);
	lab_run(&lab, LAB_SEC(20));
	ck_assert_int_eq(row()->state, ERM_MEMBER_UNKNOWN);
	lab_says_all(&lab, bmp, true);
	lab_run(&lab, LAB_SEC(5));
	ck_assert_int_eq(row()->state, ERM_MEMBER_UP);
	lab_expect_silence(&lab);
	/* What falls now has fallen, however young its router. */
	lab_says(&lab, bmp, "c1", ERM_ROLE_PRIMARY, false);
	lab_commit(&lab);
	ck_assert_int_eq(row()->state, ERM_MEMBER_DOWN);
	expect_redundancy_lost();
}
END_TEST

START_TEST(test_station_alone_whose_router_comes_back_without_a_peer)
{
	bmp = start_alone("bmp", ERM_SOURCE_TYPE_BMP);
	lab_withdraws(&lab, bmp);
	lab_source_lost(&lab, bmp, ERM_REASON_NO_ROUTER);
	lab_run(&lab, LAB_SEC(1));
	lab_source_back(&lab, bmp);
	lab_says(&lab, bmp, "c1", ERM_ROLE_PRIMARY, false);
	lab_says(&lab, bmp, "c1", ERM_ROLE_SECONDARY, true);
	lab_run(&lab, LAB_SEC(29));
	lab_expect_silence(&lab);
	lab_run(&lab, LAB_SEC(1));
	ck_assert_int_eq(row()->state, ERM_MEMBER_DOWN);
	expect_redundancy_lost();
}
END_TEST

/* A loss that two sources tell of, each in its time and with its own count, is one. */
START_TEST(test_flaps_are_counted_once)
{
	start_three();
	for (int i = 0; i < 3; i++) {
		lab_says(&lab, bmp, "c1", ERM_ROLE_PRIMARY, false);
		lab_run(&lab, LAB_MS(5));
		lab_leg(&lab, "c1", ERM_ROLE_PRIMARY, false, ERM_CAUSE_PEER_CLOSED);
		lab_run(&lab, LAB_MS(5));
		lab_says(&lab, sock, "c1", ERM_ROLE_PRIMARY, false);
		lab_run(&lab, LAB_MS(500));
		lab_says(&lab, sock, "c1", ERM_ROLE_PRIMARY, true);
		lab_says(&lab, bmp, "c1", ERM_ROLE_PRIMARY, true);
		lab_run(&lab, LAB_MS(5));
		lab_leg(&lab, "c1", ERM_ROLE_PRIMARY, true, ERM_CAUSE_NONE);
		lab_run(&lab, LAB_MS(500));
		ck_assert_uint_eq(row()->transitions, (unsigned int)i + 1);
	}
}
END_TEST

/* Routers A and B count from different days. */
START_TEST(test_counters_of_two_sources_are_not_compared)
{
	struct erm_obs told = { .kind = ERM_OBS_SESSION };
	uint32_t all[2] = { LAB_ROUTER };
	uint32_t snmp = 0;

	(void)lab_add_circuit(&lab, "c1", ERM_MODEL_CLOUD_EXCHANGE, "er1", "er2");
	snmp = all[1] = lab_config_source(lab.config, "core", ERM_SOURCE_TYPE_SNMP);
	lab_config_speakers(lab.config, all, 2);
	lab_start(&lab, NULL);
	lab_tell_all(&lab);
	lab_run(&lab, LAB_SEC(40));
	told.source = snmp;
	told.session = *lab_find_session(&lab, "c1", ERM_ROLE_PRIMARY, ERM_FAMILY_IPV4);
	told.session.established_count = 101;
	told.session.dropped_count = 100;
	lab_apply(&lab, told);
	lab_commit(&lab);
	ck_assert_uint_eq(row()->transitions, 0);
	/* Both are lost, and the other one is back first. */
	lab.is_lost[LAB_ROUTER] = lab.is_lost[snmp] = true;
	lab_run(&lab, LAB_SEC(10));
	ck_assert_int_eq(row()->state, ERM_MEMBER_UNKNOWN);
	lab_apply(&lab, told);
	lab_source_back(&lab, snmp);
	lab_commit(&lab);
	ck_assert_int_eq(use_of(snmp), ERM_CLAIM_DECIDES);
	ck_assert_int_eq(row()->state, ERM_MEMBER_UP);
	ck_assert_uint_eq(row()->transitions, 0);
	/* Its own are. */
	told.session.established_count += 2;
	told.session.dropped_count += 2;
	lab_apply(&lab, told);
	lab_commit(&lab);
	ck_assert_uint_eq(row()->transitions, 2);
	/* The first one again. */
	lab_source_back(&lab, LAB_ROUTER);
	lab_commit(&lab);
	ck_assert_int_eq(use_of(LAB_ROUTER), ERM_CLAIM_DECIDES);
	ck_assert_uint_eq(row()->transitions, 2);
}
END_TEST

/* What nobody was told of while a source was deaf is told by its own counter. */
START_TEST(test_flap_while_the_only_source_was_deaf_counts)
{
	struct erm_obs_session *s = NULL;

	(void)lab_add_circuit(&lab, "c1", ERM_MODEL_CLOUD_EXCHANGE, "er1", "er2");
	lab_start(&lab, NULL);
	lab_tell_all(&lab);
	lab_run(&lab, LAB_SEC(40));
	lab.is_lost[LAB_ROUTER] = true;
	lab_run(&lab, LAB_SEC(10));
	s = lab_find_session(&lab, "c1", ERM_ROLE_PRIMARY, ERM_FAMILY_IPV4);
	s->dropped_count++;
	s->established_count++;
	lab_source_back(&lab, LAB_ROUTER);
	lab_commit(&lab);
	ck_assert_int_eq(row()->state, ERM_MEMBER_UP);
	ck_assert_uint_eq(row()->transitions, 1);
}
END_TEST

/* The router, and of the station and the sockets those asked for. */
static struct erm_config *config_with(bool has_bmp, bool has_sock)
{
	struct erm_config *c = lab_config_new();
	uint32_t all[3] = { LAB_ROUTER };
	uint32_t n = 1;

	(void)lab_config_circuit(c, "c1", ERM_MODEL_CLOUD_EXCHANGE, "er1", "er2");
	if (has_bmp)
		bmp = all[n++] = lab_config_source(c, "bmp", ERM_SOURCE_TYPE_BMP);
	if (has_sock)
		sock = all[n++] = lab_config_source(c, "sock", ERM_SOURCE_TYPE_SOCK_DIAG);
	lab_config_speakers(c, all, n);
	return c;
}

static void start_with(bool has_bmp, bool has_sock)
{
	(void)erm_config_unref(lab.config);
	lab.config = config_with(has_bmp, has_sock);
	lab_start(&lab, NULL);
	lab_tell_all(&lab);
	if (has_bmp)
		lab_says_all(&lab, bmp, true);
	if (has_sock)
		lab_says_all(&lab, sock, true);
	lab_run(&lab, LAB_MS(40500));
}

START_TEST(test_reload_adds_a_source)
{
	start_with(false, true);
	lab_leg(&lab, "c1", ERM_ROLE_PRIMARY, false, ERM_CAUSE_HOLD_EXPIRED);
	lab_run(&lab, LAB_SEC(3));
	lab_expect(&lab, "raise redundancy-lost/c1");
	lab_reload(&lab, config_with(true, true));
	lab_commit(&lab);
	/* Nothing is forgotten of what the others have told: no second of not knowing. */
	ck_assert_int_eq(row()->state, ERM_MEMBER_DOWN);
	ck_assert_int_eq(row()->cause, ERM_CAUSE_HOLD_EXPIRED);
	ck_assert_uint_eq(row()->transitions, 1);
	ck_assert_int_eq(use_of(LAB_ROUTER), ERM_CLAIM_DECIDES);
	ck_assert_int_eq(use_of(sock), ERM_CLAIM_OVERRULED);
	ck_assert_int_eq(use_of(bmp), ERM_CLAIM_LOST);
	ck_assert_int_eq(lab_session_row(&lab, "c1", ERM_ROLE_SECONDARY, ERM_FAMILY_IPV4)->state,
			 ERM_MEMBER_UP);
	lab_run(&lab, LAB_SEC(20));
	lab_expect_silence(&lab);
}
END_TEST

/* Its count goes on from what it was before. */
START_TEST(test_flap_during_a_reload_counts)
{
	start_with(true, false);
	lab_reload(&lab, config_with(true, true));
	lab_find_session(&lab, "c1", ERM_ROLE_PRIMARY, ERM_FAMILY_IPV4)->dropped_count++;
	lab_source_back(&lab, LAB_ROUTER);
	lab_commit(&lab);
	ck_assert_uint_eq(row()->transitions, 1);
}
END_TEST

START_TEST(test_reload_takes_a_source_away)
{
	start_with(true, true);
	lab_reload(&lab, config_with(false, true));
	lab_commit(&lab);
	ck_assert_int_eq(row()->state, ERM_MEMBER_UP);
	ck_assert_uint_eq(row()->n_claims, 2);
	ck_assert_int_eq(use_of(sock), ERM_CLAIM_AGREES);
	/* It was seen once: it may dispute. */
	lab.is_lost[LAB_ROUTER] = true;
	lab_says_all(&lab, sock, false);
	lab_run(&lab, ERM_DISPUTE_USEC);
	ck_assert_int_eq(row()->state, ERM_MEMBER_DOWN);
	lab_expect(&lab, "raise service-down/c1");
}
END_TEST

START_TEST(test_reload_takes_the_deciding_source_away)
{
	struct erm_config *c = NULL;

	start_with(true, false);
	ck_assert_int_eq(use_of(LAB_ROUTER), ERM_CLAIM_DECIDES);
	c = config_with(true, false);
	lab_config_speakers(c, &bmp, 1);
	lab_reload(&lab, c);
	lab_commit(&lab);
	ck_assert_int_eq(row()->state, ERM_MEMBER_UP);
	ck_assert_int_eq(use_of(bmp), ERM_CLAIM_DECIDES);
	ck_assert_uint_eq(row()->transitions, 0);
	lab_run(&lab, LAB_SEC(20));
	lab_expect_silence(&lab);
}
END_TEST

START_TEST(test_reload_during_a_dispute)
{
	start_with(true, false);
	lab.is_lost[LAB_ROUTER] = true;
	lab_says_all(&lab, bmp, false);
	lab_run(&lab, LAB_MS(50));
	lab_reload(&lab, config_with(true, true));
	lab_run(&lab, LAB_MS(49));
	ck_assert_int_eq(row()->state, ERM_MEMBER_UP);
	lab_run(&lab, LAB_MS(1));
	ck_assert_int_eq(row()->state, ERM_MEMBER_DOWN);
	lab_expect(&lab, "raise service-down/c1");
}
END_TEST

static Suite *sources_suite(void)
{
	Suite *suite = suite_create("replay sources");
	TCase *several = tcase_create("several");
	TCase *alone = tcase_create("alone");
	TCase *reload = tcase_create("reload");

	tcase_add_checked_fixture(several, set_up, tear_down);
	tcase_add_test(several, test_peer_down_is_confirmed_by_the_router);
	tcase_add_test(several, test_peer_down_is_believed_when_the_router_is_mute);
	tcase_add_test(several, test_both_legs_by_a_station_of_a_mute_router);
	tcase_add_test(several, test_peer_down_is_wrong_when_the_router_says_up_after_it);
	tcase_add_test(several, test_question_before_the_news_does_not_end_a_dispute);
	tcase_add_test(several, test_router_killed_is_unknown_and_comes_back_quietly);
	tcase_add_test(several, test_router_that_hangs_is_unknown_though_tcp_is_up);
	tcase_add_test(several, test_station_speaks_for_a_router_that_does_not_answer);
	tcase_add_test(several, test_router_in_another_vrf);
	tcase_add_test(several, test_flaps_are_counted_once);
	tcase_add_test(several, test_counters_of_two_sources_are_not_compared);
	suite_add_tcase(suite, several);
	tcase_add_checked_fixture(alone, set_up, tear_down);
	tcase_add_test(alone, test_sockets_alone);
	tcase_add_test(alone, test_sockets_alone_down_at_start);
	tcase_add_test(alone, test_station_alone_and_its_router_goes);
	tcase_add_test(alone, test_station_alone_whose_router_comes_back_without_a_peer);
	tcase_add_test(alone, test_flap_while_the_only_source_was_deaf_counts);
	suite_add_tcase(suite, alone);
	tcase_add_checked_fixture(reload, set_up, tear_down);
	tcase_add_test(reload, test_reload_adds_a_source);
	tcase_add_test(reload, test_flap_during_a_reload_counts);
	tcase_add_test(reload, test_reload_takes_a_source_away);
	tcase_add_test(reload, test_reload_takes_the_deciding_source_away);
	tcase_add_test(reload, test_reload_during_a_dispute);
	suite_add_tcase(suite, reload);
	return suite;
}

ERM_CHECK_MAIN(sources_suite)
