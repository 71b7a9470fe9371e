/* The BMP station and what can go wrong: each failure by its name. */
#include <arpa/inet.h>
#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "bmp_bench.h"
#include "check_main.h"

#define NOTHING_HAPPENS (100 * ERM_USEC_PER_MSEC)
#define PATIENCE        (300 * ERM_USEC_PER_MSEC) /* five timeouts of the bench */

static struct bmp_bytes b;

static void withdrawn(uint32_t session)
{
	ck_assert(bench.sessions[session].is_withdrawn);
}

/* A router that has told of one session. */
static int router_with_one(void)
{
	int fd = bmp_bench_router("edge1");
	unsigned int n = bench.n_sessions;

	bmp_peer_up(&b, &bmp_peer_a, "");
	bmp_bench_send(fd, &b);
	bmp_bench_await_sessions(n + 1);
	ck_assert_int_eq(bench.sessions[0].bgp, ERM_BGP_ESTABLISHED);
	return fd;
}

START_TEST(hang_before_initiation)
{
	usec_t begin = 0;
	int fd = -1;

	bmp_bench_start();
	begin = erm_time_now().mono;
	fd = bmp_bench_connect();
	bmp_bench_await_closed(fd);
	ck_assert(erm_time_now().mono - begin >= PATIENCE);
	bench_await_lost(ERM_REASON_TIMEOUT);
	ck_assert_str_eq(bench.src.text, "router: no Initiation for 0.3 s");
	ck_assert_uint_eq(bench.src.counters.timeouts, 1);
	ck_assert_uint_eq(bench.src.counters.errors, 1);
}
END_TEST

START_TEST(hang_within_the_initiation)
{
	int fd = -1;

	bmp_bench_start();
	fd = bmp_bench_connect();
	bmp_initiation(&b, "edge1");
	ck_assert(bmp_bench_try_send(fd, b.data, b.len - 1));
	bmp_bench_await_closed(fd);
	bench_await_lost(ERM_REASON_TIMEOUT);
}
END_TEST

START_TEST(a_visitor_that_says_nothing)
{
	bmp_bench_start();
	bench_await_lost(ERM_REASON_NO_ROUTER);
	(void)close(bmp_bench_connect());
	bench_pass(NOTHING_HAPPENS);
	ck_assert_int_eq(bench.src.reason, ERM_REASON_NO_ROUTER);
	ck_assert_str_eq(bench.src.text, "no router has connected");
	ck_assert_uint_eq(bench.src.counters.errors, 0);
}
END_TEST

static const struct {
	const char *bytes;
	size_t len;
} strangers[] = {
	{ "GET / HTTP/1.1\r\n\r\n", 18 }, /* garbage */
	{ "\x01\0\0\0\x06\x04", 6 },      /* wrong version */
	{ "\x03\0\0\0\x05\x04", 6 },      /* a length that cannot be */
	{ "\x03\0\0\0\x06\x05", 6 },      /* a Termination first */
	{ "\x03\0\0\0\x06\x63", 6 },      /* something unknown first */
	{ "\x03\0\0\0\x06\x04\x03\0\0\0\x10\x03"
	  "0123456789",
	  22 }, /* a Peer Up that is too short */
};

START_TEST(garbage)
{
	int fd = -1;

	bmp_bench_start();
	fd = bmp_bench_connect();
	ck_assert(bmp_bench_try_send(fd, strangers[_i].bytes, strangers[_i].len));
	bmp_bench_await_closed(fd);
	bench_await_lost(ERM_REASON_PROTOCOL);
	ck_assert_uint_eq(bench.src.counters.errors, 1);
	ck_assert_uint_eq(bench.n_sessions, 0);
	/* a router that comes then is let in */
	(void)close(router_with_one());
}
END_TEST

START_TEST(garbage_after_a_good_start)
{
	int fd = -1;

	bmp_bench_start();
	fd = router_with_one();
	ck_assert(bmp_bench_try_send(fd, "\x03\0\0\0\x06\x63xxxxxxx", 13));
	bmp_bench_await_closed(fd);
	bmp_bench_await_sessions(2);
	withdrawn(0);
	bench_await_lost(ERM_REASON_PROTOCOL);
	ck_assert_str_eq(bench.src.text, "edge1: does not speak BMP version 3");
}
END_TEST

START_TEST(garbage_is_let_in_a_few_times_a_second)
{
	usec_t end = 0;

	bmp_bench_start();
	end = erm_time_now().mono + 1500 * ERM_USEC_PER_MSEC;
	for (unsigned int n = 0; erm_time_now().mono < end && n < 60; n++) {
		int fd = bmp_bench_connect();

		(void)send(fd, "x", 1, MSG_NOSIGNAL);
		(void)sd_event_run(bench.event, 10 * ERM_USEC_PER_MSEC);
		(void)close(fd);
	}
	bench_pass(end - erm_time_now().mono);
	/* eight in each of two seconds */
	ck_assert_uint_ge(bench.src.counters.errors, 8);
	ck_assert_uint_le(bench.src.counters.errors, 16);
}
END_TEST

START_TEST(too_large_a_message)
{
	static const uint8_t bytes[] = { 3, 0, 1, 0, 1, 0 };
	int fd = -1;

	bmp_bench_start();
	fd = router_with_one();
	ck_assert(bmp_bench_try_send(fd, bytes, sizeof(bytes)));
	bmp_bench_await_closed(fd);
	bmp_bench_await_sessions(2);
	withdrawn(0);
	bench_await_lost(ERM_REASON_TOO_LARGE);
	ck_assert_uint_eq(bench.src.counters.limits_hit, 1);
}
END_TEST

START_TEST(the_largest_message)
{
	static const uint8_t header[] = { 3, 0, 1, 0, 0, 0 };
	static uint8_t routes[65536 - 6];
	int fd = -1;

	bmp_bench_start();
	fd = router_with_one();
	ck_assert(bmp_bench_try_send(fd, header, sizeof(header)));
	ck_assert(bmp_bench_try_send(fd, routes, sizeof(routes)));
	bmp_peer_down(&b, &bmp_peer_a, 4);
	bmp_bench_send(fd, &b);
	bmp_bench_await_sessions(2);
	ck_assert_int_eq(bench.sessions[0].reset_cause, ERM_CAUSE_PEER_CLOSED);
	(void)close(fd);
}
END_TEST

START_TEST(a_hundred_thousand_peers)
{
	unsigned int n = 0;
	int fd = -1;

	bmp_bench_start();
	fd = router_with_one();
	for (; n < 100000; n++) {
		char addr[32];
		struct bmp_peer peer = { .addr = addr, .as = 65000 };

		(void)snprintf(addr, sizeof(addr), "10.%u.%u.%u", n >> 16, n >> 8 & 255, n & 255);
		b.len = 0;
		bmp_peer_down(&b, &peer, 2);
		if (!bmp_bench_try_send(fd, b.data, b.len))
			break;
	}
	b.len = 0;
	ck_assert_uint_ge(n, 4095);
	ck_assert_uint_lt(n, 100000);
	bmp_bench_await_closed(fd);
	bench_await_lost(ERM_REASON_TOO_LARGE);
	ck_assert_str_eq(bench.src.text, "edge1: tells of more than max-peers = 4096 peers");
	ck_assert_uint_eq(bench.src.counters.limits_hit, 1);
	ck_assert_uint_eq(bench.n_sessions, 2); /* up, and withdrawn */
	withdrawn(0);
}
END_TEST

START_TEST(peers_up_to_the_limit)
{
	int fd = -1;

	bmp_bench_start();
	fd = router_with_one();
	for (unsigned int turn = 0; turn < 2; turn++) {
		for (unsigned int n = 0; n < 4095; n++) {
			char addr[32];
			struct bmp_peer peer = { .addr = addr, .as = 65000 };

			(void)snprintf(addr, sizeof(addr), "10.0.%u.%u", n >> 8, n & 255);
			bmp_peer_down(&b, &peer, 2);
			bmp_bench_send(fd, &b);
		}
	}
	bmp_peer_down(&b, &bmp_peer_a, 4);
	bmp_bench_send(fd, &b);
	bmp_bench_await_sessions(2);
	ck_assert_int_eq(bench.src.state, ERM_SOURCE_OK);
	(void)close(fd);
}
END_TEST

static bool is_refused(void)
{
	return bench.src.counters.limits_hit >= 1;
}

START_TEST(too_many_routers)
{
	int fds[4];
	int fd = -1;

	bmp_bench_start();
	for (unsigned int i = 0; i < 4; i++)
		fds[i] = bmp_bench_router("edge");
	fd = bmp_bench_connect();
	bmp_bench_await_closed(fd);
	UNTIL(is_refused());
	ck_assert_uint_eq(bench.src.counters.limits_hit, 1);
	ck_assert_int_eq(bench.src.state, ERM_SOURCE_OK);
	/* the others are none the worse, and one that goes makes room */
	bmp_peer_up(&b, &bmp_peer_a, "");
	bmp_bench_send(fds[3], &b);
	bmp_bench_await_sessions(1);
	(void)close(fds[0]);
	fd = bmp_bench_router("edge5");
	bmp_peer_up(&b, &bmp_peer_b, "");
	bmp_bench_send(fd, &b);
	bmp_bench_await_sessions(2);
	(void)close(fd);
	for (unsigned int i = 1; i < 4; i++)
		(void)close(fds[i]);
}
END_TEST

START_TEST(silence)
{
	usec_t begin = 0;
	int fd = -1;

	bmp_bench_start();
	fd = router_with_one();
	begin = erm_time_now().mono;
	bmp_bench_await_closed(fd);
	ck_assert(erm_time_now().mono - begin >= 900 * ERM_USEC_PER_MSEC);
	bmp_bench_await_sessions(2);
	withdrawn(0);
	bench_await_lost(ERM_REASON_STALE);
	ck_assert_str_eq(bench.src.text, "edge1: silent for 1 s");
	ck_assert_uint_eq(bench.src.counters.timeouts, 1);
}
END_TEST

START_TEST(a_beat_breaks_the_silence)
{
	int fd = -1;

	bmp_bench_start();
	fd = router_with_one();
	for (unsigned int i = 0; i < 6; i++) {
		bench_pass(400 * ERM_USEC_PER_MSEC);
		bmp_stats(&b, &bmp_peer_a, 5);
		bmp_bench_send(fd, &b);
	}
	bench_pass(NOTHING_HAPPENS);
	ck_assert_int_eq(bench.src.state, ERM_SOURCE_OK);
	ck_assert(!bench.sessions[0].is_withdrawn);
	(void)close(fd);
}
END_TEST

/* As FRR 8.4 has it when a neighbour is removed: no word of it any more. */
START_TEST(one_peer_falls_silent)
{
	int fd = -1;

	bmp_bench_start();
	fd = router_with_one();
	bmp_peer_up(&b, &bmp_peer_b, "");
	bmp_bench_send(fd, &b);
	bmp_bench_await_sessions(2);
	for (unsigned int i = 0; i < 10 && !bench.sessions[0].is_withdrawn; i++) {
		bmp_stats(&b, &bmp_peer_b, 5);
		bmp_bench_send(fd, &b);
		bench_pass(200 * ERM_USEC_PER_MSEC);
	}
	withdrawn(0);
	ck_assert_int_eq(bench.sessions[1].bgp, ERM_BGP_ESTABLISHED);
	ck_assert_int_eq(bench.src.state, ERM_SOURCE_OK);
	ck_assert_uint_eq(bench.n_hints, 3);
	(void)close(fd);
}
END_TEST

START_TEST(a_drip_is_no_beat)
{
	int fd = -1;

	bmp_bench_start();
	fd = router_with_one();
	bmp_routes(&b, &bmp_peer_a, 4000);
	for (size_t i = 0; i < b.len; i++) {
		if (!bmp_bench_try_send(fd, b.data + i, 1))
			break;
		bench_pass(100 * ERM_USEC_PER_MSEC);
		ck_assert_uint_lt(i, 100);
	}
	b.len = 0;
	bmp_bench_await_closed(fd);
	bench_await_lost(ERM_REASON_STALE);
}
END_TEST

START_TEST(bytes_that_waited_for_us_count)
{
	int fd = -1;

	bmp_bench_start();
	fd = router_with_one();
	/* we sleep, the router does not */
	(void)usleep(700000);
	bmp_stats(&b, &bmp_peer_a, 5);
	bmp_bench_send(fd, &b);
	(void)usleep(500000);
	bench_pass(NOTHING_HAPPENS);
	ck_assert_int_eq(bench.src.state, ERM_SOURCE_OK);
	ck_assert_uint_eq(bench.src.counters.timeouts, 0);
	(void)close(fd);
}
END_TEST

START_TEST(end_within_a_message)
{
	int fd = -1;

	bmp_bench_start();
	fd = router_with_one();
	bmp_peer_down(&b, &bmp_peer_a, 4);
	ck_assert(bmp_bench_try_send(fd, b.data, b.len - 1));
	b.len = 0;
	(void)close(fd);
	bmp_bench_await_sessions(2);
	withdrawn(0); /* not down: what was cut off is not taken */
	bench_await_lost(ERM_REASON_NO_ROUTER);
}
END_TEST

START_TEST(last_words_before_the_end)
{
	int fd = -1;

	bmp_bench_start();
	fd = router_with_one();
	bmp_peer_notified(&b, &bmp_peer_a, 3, 6, 2, "");
	bmp_bench_send(fd, &b);
	(void)close(fd);
	bmp_bench_await_sessions(3);
	ck_assert_int_eq(bench.told[bench.n_told - 1].kind, ERM_OBS_SOURCE);
	withdrawn(0);
}
END_TEST

START_TEST(a_flood_of_routes_holds_nobody_up)
{
	static uint8_t routes[8192];
	int flood = -1, fd = -1;

	bmp_bench_start();
	flood = bmp_bench_router("flood");
	fd = router_with_one();
	bmp_routes(&b, &bmp_peer_a, sizeof(routes));
	memcpy(routes, b.data, sizeof(routes));
	b.len = 0;
	/* each time the pipe of the one is filled before the other gets a word in */
	for (unsigned int i = 0; i < 50; i++) {
		while (send(flood, routes, sizeof(routes), MSG_NOSIGNAL) == (ssize_t)sizeof(routes))
			;
		bmp_peer_down(&b, &bmp_peer_a, 4);
		bmp_peer_up(&b, &bmp_peer_a, "");
		bmp_bench_send(fd, &b);
		ck_assert_int_ge(sd_event_run(bench.event, 0), 0);
		ck_assert_int_ge(sd_event_run(bench.event, 0), 0);
		ck_assert_int_ge(sd_event_run(bench.event, 0), 0);
		ck_assert_uint_eq(bench.n_sessions, 3 + 2 * i);
	}
	(void)close(fd);
	(void)close(flood);
}
END_TEST

static int listen_at(const char *path)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	ck_assert_uint_lt(strlen(path), sizeof(un.sun_path));
	memcpy(un.sun_path, path, strlen(path));
	ck_assert_int_eq(bind(fd, (const struct sockaddr *)&un, sizeof(un)), 0);
	ck_assert_int_eq(listen(fd, 1), 0);
	return fd;
}

START_TEST(in_use_by_another)
{
	int fd = listen_at(bench.path);

	bmp_bench_start();
	bench_await_lost(ERM_REASON_SYSTEM);
	ck_assert_str_eq(bench.src.text, "cannot listen: Address already in use");
	bench_pass(500 * ERM_USEC_PER_MSEC);
	/* 0, 0.2, 0.6 s */
	ck_assert_uint_ge(bench.src.counters.errors, 2);
	ck_assert_uint_le(bench.src.counters.errors, 3);
	(void)close(fd); /* its file stays, as after a kill: it is taken over */
	bench_await_lost(ERM_REASON_NO_ROUTER);
	(void)close(router_with_one());
}
END_TEST

START_TEST(a_port_in_use)
{
	static const char *const sessions[] = { BMP_A };
	struct sockaddr_in in = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(0x7f000001) };
	socklen_t len = sizeof(in);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	ck_assert_int_eq(bind(fd, (const struct sockaddr *)&in, len), 0);
	ck_assert_int_eq(listen(fd, 1), 0);
	ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&in, &len), 0);
	(void)snprintf(bench.path, sizeof(bench.path), "127.0.0.1:%u", ntohs(in.sin_port));
	erm_config_unref(bench.config);
	bench.config = bmp_bench_config(sessions, 1);
	bmp_bench_start();
	bench_await_lost(ERM_REASON_SYSTEM);
	ck_assert_str_eq(bench.src.text, "cannot listen: Address already in use");
	(void)close(fd);
	bench_await_lost(ERM_REASON_NO_ROUTER);
}
END_TEST

START_TEST(a_file_in_the_way_is_not_removed)
{
	struct stat st = { 0 };
	int fd = open(bench.path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);

	ck_assert_int_ge(fd, 0);
	(void)close(fd);
	bmp_bench_start();
	bench_await_lost(ERM_REASON_SYSTEM);
	ck_assert_int_eq(lstat(bench.path, &st), 0);
	ck_assert(S_ISREG(st.st_mode));
	ck_assert_int_eq(unlink(bench.path), 0);
	bench_await_lost(ERM_REASON_NO_ROUTER);
}
END_TEST

static const char *const bad_listens[] = {
	"127.0.0.1",
	"127.0.0.1:",
	"127.0.0.1:0",
	"127.0.0.1:65536",
	"127.0.0.1:-1",
	"127.0.0.1:1x",
	"localhost:1790",
	":1790",
	"::1:1790",
	"[::1]1790",
	"[127.0.0.1]:1",
	"[::1:1790",
	"[]:1790",
	"]:1790",
	"127.0.0.1:000001",
	":",
	"[:",
	"0123456789012345678901234567890123456789012345678901:1",
};

START_TEST(no_such_address)
{
	static const char *const sessions[] = { BMP_A };

	(void)snprintf(bench.path, sizeof(bench.path), "%s", bad_listens[_i]);
	erm_config_unref(bench.config);
	bench.config = bmp_bench_config(sessions, 1);
	bmp_bench_start();
	bench_await_lost(ERM_REASON_SYSTEM);
	ck_assert_str_eq(bench.src.text,
			 "cannot listen: not ADDRESS:PORT, [ADDRESS]:PORT or a path");
}
END_TEST

START_TEST(an_address_of_somebody_else)
{
	static const char *const sessions[] = { BMP_A };

	(void)snprintf(bench.path, sizeof(bench.path), "192.0.2.77:11019");
	erm_config_unref(bench.config);
	bench.config = bmp_bench_config(sessions, 1);
	bmp_bench_start();
	bench_await_lost(ERM_REASON_SYSTEM);
	ck_assert_str_eq(bench.src.text, "cannot listen: Cannot assign requested address");
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("sources_bmp_faults");
	TCase *tc = tcase_create("faults");

	tcase_add_unchecked_fixture(tc, bench_open_folder, bench_close_folder);
	tcase_add_checked_fixture(tc, bmp_bench_setup, bmp_bench_teardown);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, hang_before_initiation);
	tcase_add_test(tc, hang_within_the_initiation);
	tcase_add_test(tc, a_visitor_that_says_nothing);
	tcase_add_loop_test(tc, garbage, 0, sizeof(strangers) / sizeof(strangers[0]));
	tcase_add_test(tc, garbage_after_a_good_start);
	tcase_add_test(tc, garbage_is_let_in_a_few_times_a_second);
	tcase_add_test(tc, too_large_a_message);
	tcase_add_test(tc, the_largest_message);
	tcase_add_test(tc, a_hundred_thousand_peers);
	tcase_add_test(tc, peers_up_to_the_limit);
	tcase_add_test(tc, too_many_routers);
	tcase_add_test(tc, silence);
	tcase_add_test(tc, a_beat_breaks_the_silence);
	tcase_add_test(tc, one_peer_falls_silent);
	tcase_add_test(tc, a_drip_is_no_beat);
	tcase_add_test(tc, bytes_that_waited_for_us_count);
	tcase_add_test(tc, end_within_a_message);
	tcase_add_test(tc, last_words_before_the_end);
	tcase_add_test(tc, a_flood_of_routes_holds_nobody_up);
	tcase_add_test(tc, in_use_by_another);
	tcase_add_test(tc, a_port_in_use);
	tcase_add_test(tc, a_file_in_the_way_is_not_removed);
	tcase_add_loop_test(tc, no_such_address, 0, sizeof(bad_listens) / sizeof(bad_listens[0]));
	tcase_add_test(tc, an_address_of_somebody_else);
	suite_add_tcase(s, tc);
	return s;
}

ERM_CHECK_MAIN(suite)
