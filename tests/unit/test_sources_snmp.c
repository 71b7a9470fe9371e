/* The SNMP source against a fake ermon-snmp-get: what it tells. */
#include <arpa/inet.h>
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check_main.h"
#include "snmpr_bench.h"

START_TEST(everything_is_told)
{
	snmpr_start();
	snmpr_cycles(1);
	ck_assert_uint_eq(bench.n_dumps, 1);
	ck_assert(bench.sessions[S_A].is_configured && !bench.sessions[S_A].is_withdrawn);
	ck_assert_int_eq(bench.sessions[S_A].bgp, ERM_BGP_ESTABLISHED);
	ck_assert_uint_eq(bench.sessions[S_A].remote_as, 12076);
	ck_assert_uint_eq(bench.sessions[S_A].local_as, 65010);
	ck_assert_uint_eq(bench.sessions[S_A].uptime_sec, 77);
	ck_assert_uint_eq(bench.sessions[S_A].established_count, 3);
	ck_assert_uint_eq(bench.sessions[S_A].dropped_count, 2);
	ck_assert(bench.sessions[S_SIX].is_withdrawn); /* BGP4-MIB has IPv4 alone */
	ck_assert(!t.has_interface[I_FOREIGN]);
	ck_assert(t.interfaces[I_GI0].is_present && t.interfaces[I_GI0].has_carrier);
	ck_assert_uint_eq(t.interfaces[I_GI0].ifindex, 17);
	ck_assert_uint_eq(t.interfaces[I_GI1].ifindex, 18);
	ck_assert_uint_eq(t.interfaces[I_GI0].speed_mbps, 10000);
	ck_assert_uint_eq(t.interfaces[I_GI0].mtu, 1500);
	ck_assert_uint_eq(fake_agent_count(&t.fake, "start"), 1);
	ck_assert_uint_eq(bench.n_hints, 0); /* the first look is no news */
}
END_TEST

START_TEST(a_fall_is_told_and_hinted)
{
	snmpr_start();
	snmpr_cycles(2);
	fake_agent_peer(&t.fake, A, 1, 3);
	UNTIL(bench.sessions[S_A].bgp == ERM_BGP_IDLE);
	snmpr_cycles(1);
	ck_assert_uint_eq(bench.n_hints, 1);
	ck_assert_uint_eq(bench.sessions[S_A].dropped_count, 3);
	ck_assert(bench.sessions[S_A].has_reset);
	ck_assert_int_eq(bench.sessions[S_A].reset_cause, ERM_CAUSE_ADMIN_SHUTDOWN);
	fake_agent_interface(&t.fake, 18, "Gi0/1", 2, 700);
	UNTIL(!t.interfaces[I_GI1].is_oper_up);
	snmpr_cycles(1);
	ck_assert_uint_eq(bench.n_hints, 2);
	ck_assert(t.interfaces[I_GI1].is_admin_up && !t.interfaces[I_GI1].has_carrier);
	ck_assert_uint_eq(t.interfaces[I_GI1].carrier_down_count, 1);
}
END_TEST

START_TEST(a_flap_between_two_polls_is_counted)
{
	snmpr_start();
	snmpr_cycles(2);
	fake_agent_peer(&t.fake, A, 6, 4);
	fake_agent_interface(&t.fake, 17, "Gi0/0", 1, 900);
	UNTIL(t.interfaces[I_GI0].carrier_down_count == 1);
	ck_assert_uint_eq(bench.sessions[S_A].dropped_count, 3);
	ck_assert_uint_eq(t.interfaces[I_GI1].carrier_down_count, 0);
}
END_TEST

START_TEST(no_bgp4_mib)
{
	fake_agent_drop(&t.fake, "1.3.6.1.2.1.15");
	snmpr_start();
	snmpr_cycles(1);
	ck_assert(bench.sessions[S_A].is_withdrawn); /* not: not configured */
	ck_assert_str_eq(bench.src.text, "the agent lacks BGP4-MIB");
	ck_assert(t.interfaces[I_GI0].is_present);
}
END_TEST

START_TEST(no_if_mib)
{
	fake_agent_drop(&t.fake, "1.3.6.1.2.1.2");
	fake_agent_drop(&t.fake, "1.3.6.1.2.1.31");
	t.wants_no_dump = true; /* its end would tell them absent */
	snmpr_start();
	snmpr_cycles(2);
	ck_assert_str_eq(bench.src.text, "the agent lacks IF-MIB");
	ck_assert(!t.has_interface[I_GI0]);
	ck_assert_int_eq(bench.sessions[S_A].bgp, ERM_BGP_ESTABLISHED);
}
END_TEST

START_TEST(no_mib_at_all)
{
	fake_agent_drop(&t.fake, "1.3.6.1.2.1.15");
	fake_agent_drop(&t.fake, "1.3.6.1.2.1.2");
	fake_agent_drop(&t.fake, "1.3.6.1.2.1.31");
	t.wants_no_dump = true;
	snmpr_start();
	snmpr_await_lost(ERM_REASON_UNSUPPORTED);
}
END_TEST

START_TEST(a_peer_that_is_not_configured)
{
	fake_agent_drop(&t.fake, "1.3.6.1.2.1.15.3");
	fake_agent_peer(&t.fake, B, 6, 1);
	snmpr_start();
	snmpr_cycles(1);
	ck_assert(!bench.sessions[S_A].is_configured && !bench.sessions[S_A].is_withdrawn);
	ck_assert(bench.sessions[S_B].is_configured);
	ck_assert_int_eq(bench.src.state, ERM_SOURCE_OK);
}
END_TEST

START_TEST(an_interface_that_is_absent)
{
	fake_agent_drop(&t.fake, "1.3.6.1.2.1.2.2.1.2.18");
	fake_agent_drop(&t.fake, "1.3.6.1.2.1.31.1.1.1.1.18");
	snmpr_start();
	snmpr_cycles(1);
	ck_assert(t.has_interface[I_GI1] && !t.interfaces[I_GI1].is_present);
	ck_assert(t.interfaces[I_GI0].is_present);
	fake_agent_interface(&t.fake, 18, "Gi0/1", 1, 600);
	UNTIL(t.interfaces[I_GI1].is_present); /* looked for again */
}
END_TEST

START_TEST(names_in_if_descr)
{
	fake_agent_drop(&t.fake, "1.3.6.1.2.1.31.1.1.1.1");
	snmpr_start();
	snmpr_cycles(2);
	ck_assert_uint_eq(t.interfaces[I_GI0].ifindex, 17);
	ck_assert_uint_eq(bench.src.counters.resyncs, 0);
}
END_TEST

START_TEST(restart_renumbers)
{
	snmpr_start();
	snmpr_cycles(2);
	fake_agent_drop(&t.fake, "1.3.6.1.2.1.2");
	fake_agent_drop(&t.fake, "1.3.6.1.2.1.31");
	fake_agent_interface(&t.fake, 18, "Gi0/0", 1, 3);
	fake_agent_interface(&t.fake, 17, "Gi0/1", 2, 3);
	fake_agent_peer(&t.fake, A, 6, 1);
	fake_agent_uptime(&t.fake, 50);
	UNTIL(bench.src.counters.resyncs == 1);
	snmpr_cycles(1);
	ck_assert_uint_eq(t.interfaces[I_GI0].ifindex, 18);
	ck_assert(t.interfaces[I_GI0].is_oper_up);
	ck_assert_uint_eq(t.interfaces[I_GI1].ifindex, 17);
	ck_assert(!t.interfaces[I_GI1].is_oper_up);
	ck_assert_uint_eq(t.interfaces[I_GI0].carrier_down_count, 0); /* no flap of the link */
	ck_assert_uint_eq(bench.sessions[S_A].established_count, 1);
	ck_assert_uint_eq(bench.sessions[S_A].dropped_count, 0);
}
END_TEST

START_TEST(renumbered_without_a_restart)
{
	snmpr_start();
	snmpr_cycles(2);
	fake_agent_interface(&t.fake, 17, "Gi0/1", 2, 1);
	fake_agent_interface(&t.fake, 18, "Gi0/0", 1, 1);
	UNTIL(t.interfaces[I_GI0].ifindex == 18);
	ck_assert(t.interfaces[I_GI0].is_oper_up);
	ck_assert_uint_eq(t.interfaces[I_GI1].ifindex, 17);
	ck_assert_uint_eq(bench.src.counters.resyncs, 1);
}
END_TEST

START_TEST(wrap_of_transitions)
{
	fake_agent_peer(&t.fake, A, 6, UINT32_MAX);
	snmpr_start();
	snmpr_cycles(1);
	uint32_t before = bench.sessions[S_A].dropped_count;

	fake_agent_peer(&t.fake, A, 6, 1);
	UNTIL(bench.sessions[S_A].dropped_count != before);
	ck_assert_uint_eq(bench.sessions[S_A].dropped_count, before + 2);
}
END_TEST

START_TEST(credentials_that_others_may_read)
{
	ck_assert_int_eq(chmod(t.credentials, 0644), 0);
	snmpr_start();
	snmpr_await_lost(ERM_REASON_PERMISSION);
	ck_assert_uint_eq(bench.n_ok, 0);
	ck_assert_int_eq(chmod(t.credentials, 0640), 0);
	snmpr_cycles(1);
}
END_TEST

START_TEST(credentials_are_read_again_on_reload)
{
	t.fake.community = "other";
	snmpr_start();
	snmpr_await_lost(ERM_REASON_TIMEOUT);
	snmpr_write_credentials("community = other\n");
	ck_assert_int_eq(erm_source_snmp_ops.reconfigure(bench.source, bench.config, 1), 0);
	snmpr_cycles(1);
	snmpr_write_credentials("communty = other\n");
	ck_assert_int_eq(erm_source_snmp_ops.reconfigure(bench.source, bench.config, 1), 0);
	snmpr_await_lost(ERM_REASON_PERMISSION);
	ck_assert_ptr_nonnull(strstr(bench.src.text, "line 1"));
}
END_TEST

START_TEST(another_router_on_reload)
{
	struct erm_config *next;

	snmpr_start();
	snmpr_cycles(1);
	next = snmpr_config();
	free(next->sources[1].address);
	next->sources[1].address = strdup("tcp:127.0.0.1:161");
	ck_assert_int_eq(erm_source_snmp_ops.reconfigure(bench.source, next, 1), 0);
	erm_config_unref(next);
	snmpr_await_lost(ERM_REASON_UNSUPPORTED);
	ck_assert_int_eq(erm_source_snmp_ops.reconfigure(bench.source, bench.config, 1), 0);
	snmpr_cycles(1);
}
END_TEST

START_TEST(hints_are_limited)
{
	unsigned int n;

	bench.config->sources[1].poll_usec = 60 * ERM_USEC_PER_SEC;
	snmpr_start();
	snmpr_cycles(1);
	n = bench.n_ok;
	for (int i = 0; i < 60; i++) {
		erm_source_snmp_ops.look_now(bench.source);
		bench_pass(10 * MSEC);
	}
	ck_assert_uint_gt(bench.n_ok, n);
	ck_assert_uint_le(bench.n_ok, n + 5);
}
END_TEST

/* --- Traps --- */

static int trap_fd;
static char trap_place[64];

/* A socket the traps come from, and a free port they go to. */
static void open_traps(const char *from)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	socklen_t len = sizeof(at);
	in_port_t port;
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&at, &len), 0);
	(void)close(fd);
	port = at.sin_port;
	(void)snprintf(trap_place, sizeof(trap_place), "udp:127.0.0.1:%u", ntohs(port));
	bench.config->sources[1].trap_listen = strdup(trap_place);
	bench.config->sources[1].poll_usec = 60 * ERM_USEC_PER_SEC;
	snmpr_start();
	snmpr_cycles(1);
	trap_fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	at.sin_port = 0;
	ck_assert_int_eq(inet_pton(AF_INET, from, &at.sin_addr), 1);
	ck_assert_int_eq(bind(trap_fd, (struct sockaddr *)&at, sizeof(at)), 0);
	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	at.sin_port = port;
	ck_assert_int_eq(connect(trap_fd, (struct sockaddr *)&at, sizeof(at)), 0);
}

static void send_octets(const void *octets, size_t len)
{
	ck_assert_int_eq(send(trap_fd, octets, len, 0), (ssize_t)len);
}

START_TEST(a_trap_makes_it_look)
{
	char answer[64];
	unsigned int n;

	open_traps("127.0.0.1");
	bench_pass(60 * MSEC);
	n = bench.n_ok;
	send_octets("whatever it is", 14);
	UNTIL(bench.n_ok > n);
	bench_pass(60 * MSEC);
	n = bench.n_ok;
	send_octets("", 0);
	UNTIL(bench.n_ok > n);
	ck_assert_int_lt(recv(trap_fd, answer, sizeof(answer), 0), 0); /* nothing is answered */
	(void)close(trap_fd);
}
END_TEST

START_TEST(a_storm_of_traps_is_limited)
{
	unsigned int n;

	open_traps("127.0.0.1");
	n = bench.n_ok;
	for (int i = 0; i < 50; i++) {
		for (int k = 0; k < 20; k++)
			send_octets("trap", 4);
		bench_pass(10 * MSEC);
	}
	ck_assert_uint_gt(bench.n_ok, n + 1);
	ck_assert_uint_le(bench.n_ok, n + 14);
	ck_assert_uint_gt(bench.src.counters.limits_hit, 100);
	(void)close(trap_fd);
}
END_TEST

START_TEST(traps_from_elsewhere_are_counted_alone)
{
	unsigned int n;

	open_traps("127.0.0.2");
	n = bench.n_ok;
	for (int i = 0; i < 5; i++)
		send_octets("trap", 4);
	bench_pass(300 * MSEC);
	ck_assert_uint_eq(bench.n_ok, n);
	erm_source_snmp_ops.look_now(bench.source);
	UNTIL(bench.n_ok > n);
	ck_assert_uint_eq(bench.src.counters.limits_hit, 5);
	(void)close(trap_fd);
}
END_TEST

/* Two routers send to one port: each wakes its own source, and the port outlives either. */
START_TEST(two_sources_share_a_port)
{
	struct erm_source *first;
	unsigned int n;

	open_traps("127.0.0.1");
	first = bench.source;
	snmpr_start();
	snmpr_cycles(1);
	erm_source_snmp_ops.free(first);
	bench_pass(60 * MSEC);
	n = bench.n_ok;
	send_octets("trap", 4);
	UNTIL(bench.n_ok > n);
	(void)close(trap_fd);
}
END_TEST

static Suite *snmp_suite(void)
{
	const TTest *const tests[] = {
		everything_is_told,
		a_fall_is_told_and_hinted,
		a_flap_between_two_polls_is_counted,
		no_bgp4_mib,
		no_if_mib,
		no_mib_at_all,
		a_peer_that_is_not_configured,
		an_interface_that_is_absent,
		names_in_if_descr,
		restart_renumbers,
		renumbered_without_a_restart,
		wrap_of_transitions,
		credentials_that_others_may_read,
		credentials_are_read_again_on_reload,
		another_router_on_reload,
		hints_are_limited,
		a_trap_makes_it_look,
		a_storm_of_traps_is_limited,
		traps_from_elsewhere_are_counted_alone,
		two_sources_share_a_port,
	};
	Suite *s = suite_create("sources_snmp");
	TCase *tc = tcase_create("agent");

	tcase_add_checked_fixture(tc, snmpr_set_up, snmpr_tear_down);
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		tcase_add_test(tc, tests[i]);
	suite_add_tcase(s, tc);
	return s;
}

ERM_CHECK_MAIN(snmp_suite)
