/* The BMP station and routers that behave: what is told, when, and what a reload changes. */
#include <arpa/inet.h>
#include <check.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bmp_bench.h"
#include "check_main.h"

#define NOTHING_HAPPENS (100 * ERM_USEC_PER_MSEC)

static struct bmp_bytes b;

/* A router with both sessions Established. */
static int router_with_two(void)
{
	int fd = bmp_bench_router("edge1");

	bmp_peer_up(&b, &bmp_peer_a, "192.0.2.2");
	bmp_peer_up(&b, &bmp_peer_b, "2001:db8::2");
	bmp_bench_send(fd, &b);
	return fd;
}

static void check_up(uint32_t session)
{
	ck_assert(!bench.sessions[session].is_withdrawn);
	ck_assert(bench.sessions[session].is_configured);
	ck_assert_int_eq(bench.sessions[session].bgp, ERM_BGP_ESTABLISHED);
}

static void check_withdrawn(uint32_t session)
{
	ck_assert(bench.sessions[session].is_withdrawn);
	ck_assert(!bench.sessions[session].is_configured);
}

START_TEST(nobody_connects)
{
	bmp_bench_start();
	ck_assert_int_eq(bench.src.state, ERM_SOURCE_STARTING);
	bench_await_lost(ERM_REASON_NO_ROUTER);
	ck_assert_str_eq(bench.src.text, "no router has connected");
	ck_assert_uint_eq(bench.n_sessions, 0);
	ck_assert_uint_eq(bench.n_hints, 0);
}
END_TEST

START_TEST(a_router_tells)
{
	size_t i = 0;
	int fd = -1;

	bmp_bench_start();
	fd = router_with_two();
	bmp_bench_await_sessions(2);
	check_up(0);
	check_up(1);
	ck_assert_uint_eq(bench.sessions[0].remote_as, 12076);
	ck_assert_uint_eq(bench.sessions[0].local_as, 0);
	ck_assert(!bench.sessions[0].has_reset && !bench.sessions[0].has_counts);
	ck_assert_int_eq(bench.sessions[0].bfd, 0);
	bench_pass(NOTHING_HAPPENS);
	ck_assert_uint_eq(bench.n_hints, 1);
	ck_assert_uint_eq(bench.src.counters.events, 2);
	/* the source is ok before it tells anything */
	while (bench.told[i].kind != ERM_OBS_SESSION)
		i++;
	ck_assert_uint_gt(i, 0);
	ck_assert_int_eq(bench.told[i - 1].src.state, ERM_SOURCE_OK);
	(void)close(fd);
}
END_TEST

static bool has_beaten(void)
{
	return bench.n_src >= 5;
}

START_TEST(it_stays_fresh)
{
	int fd = -1;

	bmp_bench_start();
	fd = bmp_bench_router("edge1");
	bench_await_ok();
	bench.n_src = 0;
	UNTIL(has_beaten());
	ck_assert_int_eq(bench.src.state, ERM_SOURCE_OK);
	ck_assert_uint_eq(bench.n_sessions, 0);
	(void)close(fd);
}
END_TEST

START_TEST(nothing_is_told_twice)
{
	int fd = -1;

	bmp_bench_start();
	fd = router_with_two();
	bmp_peer_up(&b, &bmp_peer_a, "192.0.2.2");
	bmp_peer_up(&b, &bmp_peer_b, "2001:db8::2");
	bmp_bench_send(fd, &b);
	bmp_bench_await_sessions(2);
	bench_pass(NOTHING_HAPPENS);
	ck_assert_uint_eq(bench.n_sessions, 2);

	bmp_peer_notified(&b, &bmp_peer_a, 3, 6, 2, "");
	bmp_peer_notified(&b, &bmp_peer_a, 3, 6, 2, "");
	bmp_peer_down(&b, &bmp_peer_a, 2); /* says less: what is known stays */
	bmp_bench_send(fd, &b);
	bmp_bench_await_sessions(3);
	bench_pass(NOTHING_HAPPENS);
	ck_assert_uint_eq(bench.n_sessions, 3);
	ck_assert_int_eq(bench.sessions[0].reset_cause, ERM_CAUSE_ADMIN_SHUTDOWN);
	(void)close(fd);
}
END_TEST

START_TEST(a_session_falls)
{
	int fd = -1;

	bmp_bench_start();
	fd = router_with_two();
	bmp_bench_await_sessions(2);
	bench_pass(NOTHING_HAPPENS);
	bench.n_hints = 0;
	bmp_peer_notified(&b, &bmp_peer_a, 3, 6, 2, "CHG1");
	bmp_bench_send(fd, &b);
	bmp_bench_await_sessions(3);
	ck_assert_uint_eq(bench.n_hints, 1);
	ck_assert(bench.sessions[0].is_configured);
	ck_assert_int_eq(bench.sessions[0].bgp, ERM_BGP_IDLE);
	ck_assert(bench.sessions[0].has_reset);
	ck_assert_int_eq(bench.sessions[0].reset_cause, ERM_CAUSE_ADMIN_SHUTDOWN);
	ck_assert_uint_eq(bench.sessions[0].error_code, 6);
	ck_assert_uint_eq(bench.sessions[0].error_subcode, 2);
	ck_assert_str_eq(bench.sessions[0].reset_text,
			 "received Cease/Administrative Shutdown: CHG1");

	bmp_peer_up(&b, &bmp_peer_a, "192.0.2.2");
	bmp_bench_send(fd, &b);
	bmp_bench_await_sessions(4);
	check_up(0);
	ck_assert(!bench.sessions[0].has_reset);

	bmp_peer_down(&b, &bmp_peer_a, 5);
	bmp_bench_send(fd, &b);
	bmp_bench_await_sessions(5);
	ck_assert(!bench.sessions[0].is_configured && !bench.sessions[0].is_withdrawn);
	(void)close(fd);
}
END_TEST

START_TEST(down_without_having_been_up)
{
	int fd = -1;

	bmp_bench_start();
	fd = bmp_bench_router("edge1");
	bmp_peer_down(&b, &bmp_peer_a, 2);
	bmp_bench_send(fd, &b);
	bmp_bench_await_sessions(1);
	ck_assert(bench.sessions[0].is_configured);
	ck_assert_int_eq(bench.sessions[0].bgp, ERM_BGP_IDLE);
	ck_assert(!bench.sessions[0].has_reset);
	(void)close(fd);
}
END_TEST

START_TEST(up_and_down_in_one_read)
{
	int fd = -1;

	bmp_bench_start();
	fd = bmp_bench_router("edge1");
	bmp_peer_up(&b, &bmp_peer_a, "");
	bmp_peer_down(&b, &bmp_peer_a, 3); /* without its PDU */
	bmp_bench_send(fd, &b);
	bmp_bench_await_sessions(2);
	ck_assert_int_eq(bench.sessions[0].bgp, ERM_BGP_IDLE);
	ck_assert(bench.sessions[0].has_reset);
	ck_assert_int_eq(bench.sessions[0].reset_cause, ERM_CAUSE_NONE);
	(void)close(fd);
}
END_TEST

START_TEST(byte_by_byte)
{
	int fd = -1;

	bmp_bench_start();
	fd = bmp_bench_connect();
	bmp_initiation(&b, "edge1");
	bmp_peer_up(&b, &bmp_peer_a, "");
	bmp_routes(&b, &bmp_peer_a, 100);
	bmp_peer_notified(&b, &bmp_peer_a, 3, 4, 0, "");
	for (size_t i = 0; i < b.len; i++) {
		ck_assert(bmp_bench_try_send(fd, b.data + i, 1));
		ck_assert_int_ge(sd_event_run(bench.event, 0), 0);
	}
	b.len = 0;
	bmp_bench_await_sessions(2);
	ck_assert_int_eq(bench.sessions[0].reset_cause, ERM_CAUSE_HOLD_EXPIRED);
	(void)close(fd);
}
END_TEST

START_TEST(stats_tell_prefixes)
{
	int fd = -1;

	bmp_bench_start();
	fd = router_with_two();
	bmp_stats(&b, &bmp_peer_a, 7);
	bmp_stats(&b, &bmp_peer_a, 7);
	bmp_bench_send(fd, &b);
	bmp_bench_await_sessions(3);
	bench_pass(NOTHING_HAPPENS);
	ck_assert_uint_eq(bench.n_sessions, 3);
	check_up(0);
	ck_assert(bench.sessions[0].has_received);
	ck_assert_uint_eq(bench.sessions[0].prefixes_received, 7);
	ck_assert_uint_eq(bench.n_hints, 1); /* no fall, no rise */

	/* of a session that is down they are old */
	bmp_peer_down(&b, &bmp_peer_a, 4);
	bmp_stats(&b, &bmp_peer_a, 8);
	bmp_bench_send(fd, &b);
	bmp_bench_await_sessions(4);
	bench_pass(NOTHING_HAPPENS);
	ck_assert_uint_eq(bench.n_sessions, 4);
	ck_assert(!bench.sessions[0].has_received);
	(void)close(fd);
}
END_TEST

START_TEST(strangers_and_unknown_messages_are_passed_over)
{
	static const struct bmp_peer other = { .addr = "198.51.100.1", .as = 1 };
	static const struct bmp_peer own_table = { .addr = BMP_A, .type = 3 };
	int fd = -1;

	bmp_bench_start();
	fd = bmp_bench_router("edge1");
	bmp_peer_up(&b, &other, "");
	bmp_stats(&b, &other, 5);
	bmp_peer_down(&b, &other, 2);
	bmp_peer_up(&b, &own_table, "");
	bmp_end(&b, bmp_begin(&b, 6));
	bmp_end(&b, bmp_begin(&b, 99));
	bmp_routes(&b, &bmp_peer_a, 5000);
	bmp_peer_up(&b, &bmp_peer_a, "");
	bmp_bench_send(fd, &b);
	bmp_bench_await_sessions(1);
	check_up(0);
	(void)close(fd);
}
END_TEST

START_TEST(the_router_goes_and_comes_back)
{
	int fd = -1;

	bmp_bench_start();
	fd = router_with_two();
	bmp_bench_await_sessions(2);
	bench.n_hints = 0;
	(void)close(fd);
	bmp_bench_await_sessions(4);
	check_withdrawn(0);
	check_withdrawn(1);
	bench.n_told = 0;
	bench_await_lost(ERM_REASON_NO_ROUTER);
	for (size_t i = 0; i < bench.n_told; i++) /* it is not new any more */
		ck_assert(bench.told[i].kind != ERM_OBS_SOURCE ||
			  bench.told[i].src.state != ERM_SOURCE_STARTING);
	ck_assert_str_eq(bench.src.text, "edge1: closed by the router");
	ck_assert_uint_eq(bench.n_hints, 1);
	ck_assert_uint_eq(bench.src.counters.errors, 0);

	fd = router_with_two();
	bmp_bench_await_sessions(6);
	check_up(0);
	check_up(1);
	bench_pass(NOTHING_HAPPENS);
	ck_assert_int_eq(bench.src.state, ERM_SOURCE_OK);
	ck_assert_str_eq(bench.src.text, "");
	ck_assert_uint_eq(bench.src.counters.reconnects, 1);
	(void)close(fd);
}
END_TEST

START_TEST(a_termination)
{
	int fd = -1;

	bmp_bench_start();
	fd = router_with_two();
	bmp_termination(&b, 0);
	bmp_bench_send(fd, &b);
	bmp_bench_await_closed(fd);
	bmp_bench_await_sessions(4);
	check_withdrawn(0);
	bench_await_lost(ERM_REASON_NO_ROUTER);
	ck_assert_str_eq(bench.src.text, "edge1: terminated: closed by its operator");
	ck_assert_uint_eq(bench.src.counters.errors, 0);
}
END_TEST

START_TEST(of_two_routers_the_last_word_holds)
{
	int first = -1, second = -1;

	bmp_bench_start();
	first = router_with_two();
	bmp_bench_await_sessions(2);
	second = bmp_bench_router("edge2");
	bmp_peer_down(&b, &bmp_peer_a, 2);
	bmp_bench_send(second, &b);
	bmp_bench_await_sessions(3);
	ck_assert_int_eq(bench.sessions[0].bgp, ERM_BGP_IDLE);

	/* the first can withdraw only what it told last */
	(void)close(first);
	bmp_bench_await_sessions(4);
	check_withdrawn(1);
	bench_pass(NOTHING_HAPPENS);
	ck_assert_uint_eq(bench.n_sessions, 4);
	ck_assert_int_eq(bench.src.state, ERM_SOURCE_OK); /* one router is left */

	(void)close(second);
	bmp_bench_await_sessions(5);
	check_withdrawn(0);
	bench_await_lost(ERM_REASON_NO_ROUTER);
}
END_TEST

START_TEST(the_same_from_a_second_router_takes_over)
{
	int first = -1, second = -1;

	bmp_bench_start();
	first = router_with_two();
	bmp_bench_await_sessions(2);
	second = router_with_two();
	bench_pass(NOTHING_HAPPENS);
	ck_assert_uint_eq(bench.n_sessions, 2);
	(void)close(first);
	bench_pass(NOTHING_HAPPENS);
	ck_assert_uint_eq(bench.n_sessions, 2);
	(void)close(second);
	bmp_bench_await_sessions(4);
}
END_TEST

START_TEST(a_reload_that_adds_nothing_keeps_the_connection)
{
	static const char *const swapped[] = { BMP_B, BMP_A };
	int fd = -1;

	bmp_bench_start();
	fd = router_with_two();
	bmp_peer_down(&b, &bmp_peer_b, 4);
	bmp_bench_send(fd, &b);
	bmp_bench_await_sessions(3);
	bench_reconfigure(&erm_source_bmp_ops, bmp_bench_config(swapped, 2));
	ck_assert_uint_eq(bench.n_sessions, 5); /* all is told again, under the new positions */
	ck_assert_int_eq(bench.sessions[0].bgp, ERM_BGP_IDLE);
	ck_assert_int_eq(bench.sessions[0].reset_cause, ERM_CAUSE_PEER_CLOSED);
	check_up(1);
	bmp_peer_up(&b, &bmp_peer_b, "");
	bmp_bench_send(fd, &b);
	bmp_bench_await_sessions(6);
	check_up(0);
	(void)close(fd);
}
END_TEST

static const char *const grown[] = { BMP_A, BMP_B, "192.0.2.5" };
static const struct bmp_peer peer_c = { .addr = "192.0.2.5", .as = 12076 };

START_TEST(a_reload_that_adds_a_session_asks_the_router_to_come_again)
{
	int fd = -1;

	bmp_bench_start();
	fd = router_with_two();
	bmp_peer_up(&b, &peer_c, "");
	bmp_bench_send(fd, &b);
	bmp_bench_await_sessions(2);
	bench_reconfigure(&erm_source_bmp_ops, bmp_bench_config(grown, 3));
	ck_assert_uint_eq(bench.n_sessions, 4);
	bmp_bench_await_closed(fd);
	ck_assert_int_eq(bench.src.state, ERM_SOURCE_OK); /* what it told holds for a while */

	fd = bmp_bench_router("edge1");
	bmp_peer_up(&b, &bmp_peer_a, "");
	bmp_peer_up(&b, &peer_c, "");
	bmp_bench_send(fd, &b);
	bmp_bench_await_sessions(5);
	check_up(0);
	check_up(2);
	/* what it does not tell again is withdrawn then */
	bmp_bench_await_sessions(6);
	check_withdrawn(1);
	ck_assert_int_eq(bench.src.state, ERM_SOURCE_OK);
	(void)close(fd);
}
END_TEST

START_TEST(a_router_that_does_not_come_again)
{
	int fd = -1;

	bmp_bench_start();
	fd = router_with_two();
	bmp_bench_await_sessions(2);
	bench_reconfigure(&erm_source_bmp_ops, bmp_bench_config(grown, 3));
	bmp_bench_await_closed(fd);
	bmp_bench_await_sessions(6);
	check_withdrawn(0);
	check_withdrawn(1);
	bench_await_lost(ERM_REASON_NO_ROUTER);
	ck_assert_str_eq(bench.src.text, "no router has connected again");
}
END_TEST

START_TEST(a_reload_that_moves_the_socket)
{
	static const char *const sessions[] = { BMP_A, BMP_B };
	char was[128];
	int fd = -1;

	bmp_bench_start();
	fd = router_with_two();
	bmp_bench_await_sessions(2);
	memcpy(was, bench.path, sizeof(was));
	(void)snprintf(bench.path, sizeof(bench.path), "%s/other.sock", bench.dir);
	bench_reconfigure(&erm_source_bmp_ops, bmp_bench_config(sessions, 2));
	ck_assert_int_ne(access(was, F_OK), 0);
	bmp_bench_await_closed(fd);
	fd = router_with_two();
	bench_pass(NOTHING_HAPPENS);
	ck_assert_uint_eq(bench.n_sessions,
			  4); /* told again by the reload, no news by the router */
	check_up(0);
	ck_assert_int_eq(bench.src.state, ERM_SOURCE_OK);
	(void)close(fd);
}
END_TEST

static const struct {
	int family;
	const char *addr, *host;
} inets[] = {
	{ AF_INET, "127.0.0.1", "127.0.0.1" },
	{ AF_INET6, "::1", "[::1]" },
};

union inet {
	struct sockaddr sa;
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
};

/* A port that stays ours: bound, and not listened on. */
static int reserve(int family, const char *text, union inet *ret)
{
	socklen_t len = family == AF_INET6 ? sizeof(ret->in6) : sizeof(ret->in);
	int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int on = 1;

	*ret = (union inet){ .sa.sa_family = (sa_family_t)family };
	if (family == AF_INET6)
		ck_assert_int_eq(inet_pton(family, text, &ret->in6.sin6_addr), 1);
	else
		ck_assert_int_eq(inet_pton(family, text, &ret->in.sin_addr), 1);
	ck_assert_int_eq(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)), 0);
	if (bind(fd, &ret->sa, len) < 0) {
		(void)close(fd);
		return -1;
	}
	ck_assert_int_eq(getsockname(fd, &ret->sa, &len), 0);
	return fd;
}

START_TEST(over_tcp)
{
	static const char *const sessions[] = { BMP_A };
	union inet addr;
	int held = reserve(inets[_i].family, inets[_i].addr, &addr);
	unsigned int port = 0;
	int fd = -1;

	if (held < 0)
		return; /* no IPv6 here */
	port = ntohs(_i == 1 ? addr.in6.sin6_port : addr.in.sin_port);
	(void)snprintf(bench.path, sizeof(bench.path), "%s:%u", inets[_i].host, port);
	erm_config_unref(bench.config);
	bench.config = bmp_bench_config(sessions, 1);
	bmp_bench_start();
	fd = socket(inets[_i].family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ck_assert_int_eq(connect(fd, &addr.sa, _i == 1 ? sizeof(addr.in6) : sizeof(addr.in)), 0);
	bmp_initiation(&b, "edge1");
	bmp_peer_up(&b, &bmp_peer_a, "");
	bmp_bench_send(fd, &b);
	bmp_bench_await_sessions(1);
	check_up(0);
	/* the station ends first: its port can be bound again at once */
	bench_reconfigure(&erm_source_bmp_ops, bmp_bench_config(grown, 3));
	bmp_bench_await_closed(fd);
	erm_source_bmp_ops.free(bench.source);
	bench.source = NULL;
	bmp_bench_start();
	bench_await_lost(ERM_REASON_NO_ROUTER);
	(void)close(held);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("sources_bmp");
	TCase *tc = tcase_create("station");

	tcase_add_unchecked_fixture(tc, bench_open_folder, bench_close_folder);
	tcase_add_checked_fixture(tc, bmp_bench_setup, bmp_bench_teardown);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, nobody_connects);
	tcase_add_test(tc, a_router_tells);
	tcase_add_test(tc, it_stays_fresh);
	tcase_add_test(tc, nothing_is_told_twice);
	tcase_add_test(tc, a_session_falls);
	tcase_add_test(tc, down_without_having_been_up);
	tcase_add_test(tc, up_and_down_in_one_read);
	tcase_add_test(tc, byte_by_byte);
	tcase_add_test(tc, stats_tell_prefixes);
	tcase_add_test(tc, strangers_and_unknown_messages_are_passed_over);
	tcase_add_test(tc, the_router_goes_and_comes_back);
	tcase_add_test(tc, a_termination);
	tcase_add_test(tc, of_two_routers_the_last_word_holds);
	tcase_add_test(tc, the_same_from_a_second_router_takes_over);
	tcase_add_test(tc, a_reload_that_adds_nothing_keeps_the_connection);
	tcase_add_test(tc, a_reload_that_adds_a_session_asks_the_router_to_come_again);
	tcase_add_test(tc, a_router_that_does_not_come_again);
	tcase_add_test(tc, a_reload_that_moves_the_socket);
	tcase_add_loop_test(tc, over_tcp, 0, 2);
	suite_add_tcase(s, tc);
	return s;
}

ERM_CHECK_MAIN(suite)
