/* What sockets prove of BGP sessions. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check_main.h"
#include "sources/sockdiag/sessions.h"

#define SEC    ERM_USEC_PER_SEC
#define MSEC   ERM_USEC_PER_MSEC
#define N_MANY 1000

static struct erm_config *config;
static struct erm_sockdiag_sessions *sessions;
static usec_t now;

static struct erm_addr addr(const char *text)
{
	struct erm_addr a;

	ck_assert_int_eq(erm_addr_parse(text, &a), 0);
	return a;
}

static void add(const char *neighbor, const char *local, uint32_t source)
{
	struct erm_session_config *session = &config->sessions[config->n_sessions];

	session->neighbor = addr(neighbor);
	if (local)
		session->local_address = addr(local);
	ck_assert_int_eq(erm_session_add_source(config, config->n_sessions++, source), 0);
}

static void set_up(void)
{
	now = 1000 * SEC;
	config = erm_config_new();
	ck_assert_ptr_nonnull(config);
	config->sources = calloc(2, sizeof(*config->sources));
	config->sessions = calloc(N_MANY, sizeof(*config->sessions));
	ck_assert(config->sources && config->sessions);
	config->n_sources = 2;
	config->sources[0].name = strdup("sockets");
	config->sources[0].silent_usec = 180 * SEC;
	config->sources[1].name = strdup("other");
}

static void make(void)
{
	ck_assert_int_eq(erm_sockdiag_sessions_new(config, 0, NULL, &sessions), 0);
}

static void tear_down(void)
{
	sessions = erm_sockdiag_sessions_free(sessions);
	config = erm_config_unref(config);
}

static struct erm_sockdiag_socket sound(const char *peer, uint64_t cookie)
{
	return (struct erm_sockdiag_socket){
		.local = addr("192.0.2.1"),
		.peer = addr(peer),
		.local_port = 179,
		.peer_port = 40000,
		.is_established = true,
		.cookie = cookie,
		.has_info = true,
		.bytes_received = 48,
		.bytes_acked = 48,
		.data_segs_in = 2,
	};
}

/* A round with these sockets; the state of session 0. */
static enum erm_bgp_state round_of(const struct erm_sockdiag_socket *sockets, size_t n)
{
	enum erm_bgp_state bgp;

	erm_sockdiag_sessions_begin(sessions);
	for (size_t i = 0; i < n; i++)
		erm_sockdiag_sessions_take(sessions, &sockets[i], now);
	(void)erm_sockdiag_sessions_end(sessions, now);
	(void)erm_sockdiag_sessions_get(sessions, 0, &bgp);
	return bgp;
}

static enum erm_bgp_state state_of(uint32_t i)
{
	enum erm_bgp_state bgp;

	(void)erm_sockdiag_sessions_get(sessions, i, &bgp);
	return bgp;
}

START_TEST(no_socket_is_no_session)
{
	add("192.0.2.2", NULL, 0);
	make();
	ck_assert_int_eq(state_of(0), ERM_BGP_UNKNOWN);
	ck_assert_int_eq(round_of(NULL, 0), ERM_BGP_IDLE);
}
END_TEST

START_TEST(a_sound_socket_that_lives_on_is_a_session)
{
	struct erm_sockdiag_socket s = sound("192.0.2.2", 1);

	add("192.0.2.2", NULL, 0);
	make();
	ck_assert_int_eq(round_of(&s, 1), ERM_BGP_UNKNOWN); /* an OPEN that was refused? */
	now += ERM_SOCKDIAG_CONFIRM_USEC - 1;
	ck_assert_int_eq(round_of(&s, 1), ERM_BGP_UNKNOWN);
	now += 1;
	ck_assert_int_eq(round_of(&s, 1), ERM_BGP_ESTABLISHED);
	ck_assert_int_eq(round_of(NULL, 0), ERM_BGP_IDLE);
	/* Once it was down it stays so until it is sure that it is up. */
	s.cookie = 2;
	ck_assert_int_eq(round_of(&s, 1), ERM_BGP_IDLE);
	now += ERM_SOCKDIAG_CONFIRM_USEC;
	ck_assert_int_eq(round_of(&s, 1), ERM_BGP_ESTABLISHED);
}
END_TEST

START_TEST(a_flap_between_two_rounds_is_seen)
{
	struct erm_sockdiag_socket s = sound("192.0.2.2", 1);

	add("192.0.2.2", NULL, 0);
	make();
	(void)round_of(&s, 1);
	now += SEC;
	ck_assert_int_eq(round_of(&s, 1), ERM_BGP_ESTABLISHED);
	s.cookie = 2;
	now += SEC;
	ck_assert_int_eq(round_of(&s, 1), ERM_BGP_IDLE);
	now += SEC;
	ck_assert_int_eq(round_of(&s, 1), ERM_BGP_ESTABLISHED);
}
END_TEST

START_TEST(too_little_said)
{
	static const struct {
		uint64_t received, acked;
		uint32_t segments;
		enum erm_bgp_state state;
	} cases[] = {
		{ 0, 1, 0, ERM_BGP_IDLE },      /* connected */
		{ 47, 48, 2, ERM_BGP_IDLE },    /* less than OPEN and KEEPALIVE */
		{ 48, 47, 2, ERM_BGP_UNKNOWN }, /* it has not had all of ours */
		{ 93, 48, 1, ERM_BGP_UNKNOWN }, /* a long OPEN, perhaps */
		{ 48, 48, 2, ERM_BGP_ESTABLISHED },
		{ 1U << 30, 1U << 30, 1U << 20, ERM_BGP_ESTABLISHED },
	};

	add("192.0.2.2", NULL, 0);
	make();
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct erm_sockdiag_socket s = sound("192.0.2.2", 100 + i);

		s.bytes_received = cases[i].received;
		s.bytes_acked = cases[i].acked;
		s.data_segs_in = cases[i].segments;
		(void)round_of(NULL, 0);
		(void)round_of(&s, 1);
		now += SEC;
		ck_assert_int_eq(round_of(&s, 1), cases[i].state);
	}
}
END_TEST

START_TEST(a_kernel_that_says_nothing_proves_nothing)
{
	struct erm_sockdiag_socket s = sound("192.0.2.2", 1);

	s.has_info = false;
	add("192.0.2.2", NULL, 0);
	make();
	(void)round_of(&s, 1);
	now += SEC;
	ck_assert_int_eq(round_of(&s, 1), ERM_BGP_UNKNOWN);
	ck_assert_int_eq(round_of(NULL, 0), ERM_BGP_IDLE); /* but absence does */
}
END_TEST

START_TEST(a_mute_peer_is_not_believed)
{
	struct erm_sockdiag_socket s = sound("192.0.2.2", 1);

	add("192.0.2.2", NULL, 0);
	make();
	(void)round_of(&s, 1);
	now += SEC;
	s.silent_usec = 180 * SEC;
	ck_assert_int_eq(round_of(&s, 1), ERM_BGP_ESTABLISHED);
	s.silent_usec++;
	ck_assert_int_eq(round_of(&s, 1), ERM_BGP_UNKNOWN);
	s.silent_usec = 0; /* it speaks again */
	ck_assert_int_eq(round_of(&s, 1), ERM_BGP_ESTABLISHED);
}
END_TEST

START_TEST(silence_may_be_left_alone)
{
	struct erm_sockdiag_socket s = sound("192.0.2.2", 1);

	config->sources[0].silent_usec = 0;
	add("192.0.2.2", NULL, 0);
	make();
	s.silent_usec = 86400 * SEC;
	(void)round_of(&s, 1);
	now += SEC;
	ck_assert_int_eq(round_of(&s, 1), ERM_BGP_ESTABLISHED);
}
END_TEST

START_TEST(the_better_of_two_sockets_counts)
{
	struct erm_sockdiag_socket both[2] = { sound("192.0.2.2", 1), sound("192.0.2.2", 2) };

	both[1].bytes_received = 29; /* a second call of the same peer */
	add("192.0.2.2", NULL, 0);
	make();
	(void)round_of(both, 2);
	now += SEC;
	ck_assert_int_eq(round_of(both, 2), ERM_BGP_ESTABLISHED);
	both[1].bytes_received = 77;
	ck_assert_int_eq(round_of(both, 2), ERM_BGP_ESTABLISHED);
	/* The end of the one that counts is news, that of the other is not. */
	ck_assert(erm_sockdiag_sessions_is_theirs(sessions, &both[0]));
	ck_assert(!erm_sockdiag_sessions_is_theirs(sessions, &both[1]));
}
END_TEST

START_TEST(who_is_meant)
{
	struct erm_sockdiag_socket s = sound("192.0.2.2", 1), other = sound("192.0.2.3", 2);
	struct erm_sockdiag_socket far = sound("192.0.2.4", 3), both[3];

	add("192.0.2.2", "192.0.2.1", 0);
	add("192.0.2.2", "192.0.2.9", 0);
	add("192.0.2.3", NULL, 1); /* another source's */
	add("2001:db8::2", NULL, 0);
	make();
	ck_assert_uint_eq(erm_sockdiag_sessions_count(sessions), 3);
	both[0] = s;
	both[1] = other;
	both[2] = far;
	(void)round_of(both, 3);
	now += SEC;
	ck_assert_int_eq(round_of(both, 3), ERM_BGP_ESTABLISHED);
	ck_assert_int_eq(state_of(1), ERM_BGP_IDLE); /* from another address of ours */
	ck_assert_int_eq(state_of(2), ERM_BGP_IDLE);
	ck_assert(!erm_sockdiag_sessions_is_theirs(sessions, &other));
}
END_TEST

START_TEST(only_bgp_and_only_established)
{
	struct erm_sockdiag_socket s = sound("192.0.2.2", 1);

	add("192.0.2.2", NULL, 0);
	make();
	s.local_port = 22;
	(void)round_of(&s, 1);
	now += SEC;
	ck_assert_int_eq(round_of(&s, 1), ERM_BGP_IDLE);
	s.peer_port = 179;
	s.is_established = false;
	ck_assert_int_eq(round_of(&s, 1), ERM_BGP_IDLE);
	s.is_established = true;
	(void)round_of(&s, 1);
	now += SEC;
	ck_assert_int_eq(round_of(&s, 1), ERM_BGP_ESTABLISHED);
}
END_TEST

START_TEST(what_was_told)
{
	struct erm_sockdiag_socket s = sound("192.0.2.2", 1);
	uint32_t cursor = 0;

	add("192.0.2.2", NULL, 0);
	add("192.0.2.3", NULL, 0);
	make();
	(void)round_of(&s, 1);
	ck_assert(erm_sockdiag_sessions_next_change(sessions, &cursor));
	ck_assert_uint_eq(cursor, 0);
	for (uint32_t i = 0; i < 2; i++)
		erm_sockdiag_sessions_told(sessions, i);
	cursor = 0;
	ck_assert(!erm_sockdiag_sessions_next_change(sessions, &cursor));
	ck_assert(!erm_sockdiag_sessions_has_turned(sessions));
	now += SEC;
	(void)round_of(&s, 1);
	ck_assert(erm_sockdiag_sessions_has_turned(sessions));
	ck_assert_uint_eq(erm_sockdiag_sessions_count_established(sessions), 1);
	erm_sockdiag_sessions_told(sessions, 0);
	erm_sockdiag_sessions_begin(sessions);
	ck_assert_uint_eq(erm_sockdiag_sessions_count_lost(sessions), 1);
	erm_sockdiag_sessions_take(sessions, &s, now);
	ck_assert_uint_eq(erm_sockdiag_sessions_count_lost(sessions), 0);
}
END_TEST

START_TEST(a_check_asks_whether_all_is_as_it_was)
{
	struct erm_sockdiag_socket s = sound("192.0.2.2", 1), t;
	const struct erm_sockdiag_id *id;
	uint32_t cursor = 0;

	s.id.family = AF_INET;
	s.id.bytes[7] = 42;
	add("192.0.2.9", NULL, 0);
	add("192.0.2.2", NULL, 0);
	make();
	(void)round_of(&s, 1);
	ck_assert_ptr_null(erm_sockdiag_sessions_next_established(sessions, &cursor));
	now += SEC;
	(void)round_of(&s, 1);
	cursor = 0;
	id = erm_sockdiag_sessions_next_established(sessions, &cursor);
	ck_assert_ptr_nonnull(id);
	ck_assert_uint_eq(cursor, 1);
	ck_assert_uint_eq(id->bytes[7], 42);
	ck_assert(erm_sockdiag_sessions_still_holds(sessions, 1, &s, now));
	t = s;
	t.cookie = 2;
	ck_assert(!erm_sockdiag_sessions_still_holds(sessions, 1, &t, now));
	t = s;
	t.is_established = false;
	ck_assert(!erm_sockdiag_sessions_still_holds(sessions, 1, &t, now));
	t = s;
	t.silent_usec = 181 * SEC;
	ck_assert(!erm_sockdiag_sessions_still_holds(sessions, 1, &t, now));
}
END_TEST

START_TEST(a_reload_keeps_what_is_proved)
{
	struct erm_sockdiag_socket s = sound("192.0.2.2", 1);
	struct erm_sockdiag_sessions *old;
	uint32_t cursor = 0;

	add("192.0.2.2", NULL, 0);
	make();
	(void)round_of(&s, 1);
	now += SEC;
	(void)round_of(&s, 1);
	erm_sockdiag_sessions_told(sessions, 0);
	old = sessions;
	add("192.0.2.3", NULL, 0);
	ck_assert_int_eq(erm_sockdiag_sessions_new(config, 0, old, &sessions), 0);
	erm_sockdiag_sessions_free(old);
	ck_assert(erm_sockdiag_sessions_next_change(sessions, &cursor)); /* told again */
	ck_assert(erm_sockdiag_sessions_is_theirs(sessions, &s));
	ck_assert_int_eq(round_of(&s, 1), ERM_BGP_ESTABLISHED); /* at once */
	ck_assert_int_eq(state_of(1), ERM_BGP_IDLE);
}
END_TEST

START_TEST(a_thousand)
{
	struct erm_sockdiag_socket *many = calloc(N_MANY, sizeof(*many));
	char text[32];

	ck_assert_ptr_nonnull(many);
	for (unsigned int i = 0; i < N_MANY; i++) {
		(void)snprintf(text, sizeof(text), "10.%u.%u.2", i / 250, i % 250);
		add(text, NULL, 0);
		many[N_MANY - 1 - i] = sound(text, i + 1);
	}
	make();
	(void)round_of(many, N_MANY);
	now += SEC;
	(void)round_of(many, N_MANY - 1); /* the last is the first's */
	ck_assert_uint_eq(erm_sockdiag_sessions_count_established(sessions), N_MANY - 1);
	ck_assert_int_eq(state_of(0), ERM_BGP_IDLE);
	free(many);
}
END_TEST

static Suite *make_suite(void)
{
	Suite *suite = suite_create("sockdiag_sessions");
	TCase *tcase = tcase_create("sessions");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, no_socket_is_no_session);
	tcase_add_test(tcase, a_sound_socket_that_lives_on_is_a_session);
	tcase_add_test(tcase, a_flap_between_two_rounds_is_seen);
	tcase_add_test(tcase, too_little_said);
	tcase_add_test(tcase, a_kernel_that_says_nothing_proves_nothing);
	tcase_add_test(tcase, a_mute_peer_is_not_believed);
	tcase_add_test(tcase, silence_may_be_left_alone);
	tcase_add_test(tcase, the_better_of_two_sockets_counts);
	tcase_add_test(tcase, who_is_meant);
	tcase_add_test(tcase, only_bgp_and_only_established);
	tcase_add_test(tcase, what_was_told);
	tcase_add_test(tcase, a_check_asks_whether_all_is_as_it_was);
	tcase_add_test(tcase, a_reload_keeps_what_is_proved);
	tcase_add_test(tcase, a_thousand);
	suite_add_tcase(suite, tcase);
	return suite;
}

ERM_CHECK_MAIN(make_suite)
