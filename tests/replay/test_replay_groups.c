/* Who covers whom: pairs, groups of groups, shared ports, partners' legs, and exactly what is told. */
#include <string.h>

#include "../unit/check_main.h"
#include "lab.h"

static struct lab lab;

static void set_up(void)
{
	lab_init(&lab);
}

static void tear_down(void)
{
	lab_done(&lab);
}

static void start(void)
{
	lab_start(&lab, NULL);
	lab_tell_all(&lab);
	lab_run(&lab, LAB_SEC(5));
	lab_expect_silence(&lab);
}

/* A link and what rides on it. */
static void fell(const char *port, const char *circuit, enum erm_role role)
{
	lab_link(&lab, port, false);
	lab_leg(&lab, circuit, role, false, ERM_CAUSE_HOLD_EXPIRED);
}

static void mended(const char *port, const char *circuit, enum erm_role role)
{
	lab_link(&lab, port, true);
	lab_leg(&lab, circuit, role, true, ERM_CAUSE_NONE);
}

static void check_severity(const char *key, enum erm_severity severity)
{
	const struct erm_alarm_row *alarm = lab_alarm(&lab, key);

	ck_assert_msg(alarm != NULL, "no alarm %s", key);
	ck_assert_int_eq(alarm->severity, severity);
}

/* Two circuits at two sites, each on a port pair of its own, made by hand or derived. */
static void start_maximum(bool is_implicit)
{
	uint32_t circuits[2];
	uint32_t pairs[2];

	pairs[0] = lab_add_pair(&lab, "pp1", "p1", "p2");
	pairs[1] = lab_add_pair(&lab, "pp2", "p3", "p4");
	circuits[0] = lab_add_circuit(&lab, "c1", ERM_MODEL_DIRECT, "p1", "p2");
	circuits[1] = lab_add_circuit(&lab, "c2", ERM_MODEL_DIRECT, "p3", "p4");
	for (int i = 0; i < 2; i++)
		lab.config->groups[pairs[i]].is_implicit = is_implicit;
	(void)lab_add_group(&lab, "azure", circuits, 2);
	start();
}

START_TEST(test_maximum_resiliency)
{
	start_maximum(_i);
	fell("p1", "c1", ERM_ROLE_PRIMARY);
	lab_run(&lab, LAB_SEC(3));
	lab_expect(&lab, "raise redundancy-lost/pair:pp1");
	fell("p2", "c1", ERM_ROLE_SECONDARY);
	lab_commit(&lab);
	lab_expect(&lab, "raise service-down/pair:pp1");
	lab_run(&lab, LAB_SEC(300));
	lab_expect_silence(&lab);
	/* The group lost its redundancy: told as the pair's outage, listed as its own. */
	ck_assert_int_eq(lab_group(&lab, "azure")->verdict.state, ERM_STATE_REDUNDANCY_LOST);
	ck_assert_uint_eq(lab_alarm(&lab, "redundancy-lost/group:azure")->root_id,
			  lab_alarm(&lab, "service-down/pair:pp1")->id);
	fell("p4", "c2", ERM_ROLE_SECONDARY);
	lab_run(&lab, LAB_SEC(3));
	lab_expect(&lab, "raise redundancy-lost/pair:pp2");
	/* The last one takes all of it: one critical, and it names the group. */
	fell("p3", "c2", ERM_ROLE_PRIMARY);
	lab_commit(&lab);
	lab_expect(&lab, "raise service-down/group:azure");
	ck_assert_int_eq(lab_last_event(&lab)->severity, ERM_SEVERITY_CRITICAL);
	ck_assert_uint_eq(lab_last_event(&lab)->impacted, 2); /* c1 has joined it */
	lab_run(&lab, LAB_SEC(300));
	lab_expect_silence(&lab);
	mended("p1", "c1", ERM_ROLE_PRIMARY);
	mended("p2", "c1", ERM_ROLE_SECONDARY);
	mended("p3", "c2", ERM_ROLE_PRIMARY);
	mended("p4", "c2", ERM_ROLE_SECONDARY);
	lab_run(&lab, LAB_SEC(300));
	lab_expect(&lab, "clear service-down/pair:pp1");
	lab_expect(&lab, "clear service-down/group:azure");
	lab_expect(&lab, "clear redundancy-lost/pair:pp1");
	lab_expect(&lab, "clear redundancy-lost/pair:pp2");
	lab_expect_silence(&lab);
	ck_assert_uint_eq(lab.snapshot->n_alarms, 0);
}
END_TEST

/* Both pairs at once. */
START_TEST(test_maximum_all_at_once)
{
	start_maximum(false);
	fell("p1", "c1", ERM_ROLE_PRIMARY);
	fell("p2", "c1", ERM_ROLE_SECONDARY);
	fell("p3", "c2", ERM_ROLE_PRIMARY);
	fell("p4", "c2", ERM_ROLE_SECONDARY);
	lab_commit(&lab);
	lab_expect(&lab, "raise service-down/group:azure");
	ck_assert_uint_eq(lab_last_event(&lab)->impacted, 2);
	lab_run(&lab, LAB_SEC(300));
	lab_expect_silence(&lab);
}
END_TEST

/* The pair is whole, the circuit on it is not: told by the circuit's name. */
START_TEST(test_pair_does_not_explain_bgp)
{
	start_maximum(false);
	lab_leg(&lab, "c1", ERM_ROLE_PRIMARY, false, ERM_CAUSE_PEER_CEASE);
	lab_run(&lab, LAB_SEC(3));
	lab_expect(&lab, "raise redundancy-lost/c1");
	ck_assert_int_eq(lab_last_event(&lab)->fault_domain, ERM_FAULT_MICROSOFT);
	/* One leg by BGP, the other by its port: the pair is not down, the circuit is. */
	fell("p2", "c1", ERM_ROLE_SECONDARY);
	lab_commit(&lab);
	lab_expect(&lab, "raise service-down/c1");
	lab_run(&lab, LAB_SEC(60));
	lab_expect(&lab, "raise redundancy-lost/pair:pp1");
	lab_expect_silence(&lab);
}
END_TEST

START_TEST(test_nested_groups)
{
	static const char *const circuits[] = { "c1", "c2", "c3", "c4" };
	uint32_t inner[2];
	uint32_t outer = 0;

	for (uint32_t i = 0; i < 4; i++) {
		char primary[] = "a1";
		char secondary[] = "b1";

		primary[1] = secondary[1] = (char)('1' + i);
		(void)lab_add_circuit(&lab, circuits[i], ERM_MODEL_POINT_TO_POINT, primary,
				      secondary);
	}
	for (uint32_t i = 0; i < 2; i++)
		inner[i] = lab_add_group(&lab, i ? "west" : "east",
					 (const uint32_t[]){ i * 2, i * 2 + 1 }, 2);
	outer = lab_config_group(lab.config, "world");
	for (uint32_t i = 0; i < 2; i++)
		lab_config_member(lab.config, outer, ERM_RESOURCE_GROUP, inner[i]);
	start();
	for (uint32_t i = 0; i < 4; i++) {
		static const char *const told[] = { "raise service-down/c1",
						    "raise service-down/group:east",
						    "raise service-down/c3",
						    "raise service-down/group:world" };

		lab_leg(&lab, circuits[i], ERM_ROLE_PRIMARY, false, ERM_CAUSE_PEER_CLOSED);
		lab_leg(&lab, circuits[i], ERM_ROLE_SECONDARY, false, ERM_CAUSE_PEER_CLOSED);
		lab_commit(&lab);
		lab_expect(&lab, told[i]);
		lab_run(&lab, LAB_SEC(100));
		lab_expect_silence(&lab);
	}
	ck_assert_int_eq(lab_group(&lab, "world")->verdict.state, ERM_STATE_DOWN);
	ck_assert_int_eq(lab.snapshot->worst_group, ERM_STATE_DOWN);
	for (uint32_t i = 0; i < 4; i++) {
		lab_leg(&lab, circuits[i], ERM_ROLE_PRIMARY, true, ERM_CAUSE_NONE);
		lab_leg(&lab, circuits[i], ERM_ROLE_SECONDARY, true, ERM_CAUSE_NONE);
	}
	lab_run(&lab, LAB_SEC(300));
	lab_expect(&lab, "clear service-down/c1");
	lab_expect(&lab, "clear service-down/c3");
	lab_expect(&lab, "clear service-down/group:east");
	lab_expect(&lab, "clear service-down/group:world");
	lab_expect_silence(&lab);
	ck_assert_uint_eq(lab.snapshot->n_alarms, 0);
}
END_TEST

/* Several circuits on one port, no pair: the port is the root, once. */
START_TEST(test_shared_port)
{
	(void)lab_add_circuit(&lab, "c1", ERM_MODEL_POINT_TO_POINT, "hub", "s1");
	(void)lab_add_circuit(&lab, "c2", ERM_MODEL_POINT_TO_POINT, "hub", "s2");
	(void)lab_add_circuit(&lab, "c3", ERM_MODEL_POINT_TO_POINT, "hub", "s3");
	start();
	lab_link(&lab, "hub", false);
	lab_commit(&lab);
	lab_expect(&lab, "raise port-down/port:hub");
	ck_assert_uint_eq(lab_last_event(&lab)->impacted, 3);
	check_severity("port-down/port:hub", ERM_SEVERITY_MAJOR);
	lab_run(&lab, LAB_SEC(100));
	lab_expect_silence(&lab);
	ck_assert_uint_eq(lab_alarm(&lab, "port-down/port:hub")->impacted, 3);
	lab_link(&lab, "s2", false);
	lab_commit(&lab);
	lab_expect(&lab, "raise service-down/c2");
	lab_run(&lab, LAB_SEC(100));
	lab_expect_silence(&lab);
	lab_link(&lab, "hub", true);
	lab_link(&lab, "s2", true);
	lab_run(&lab, LAB_SEC(100));
	lab_expect(&lab, "clear port-down/port:hub");
	lab_expect(&lab, "clear service-down/c2");
	lab_expect_silence(&lab);
}
END_TEST

START_TEST(test_both_legs_on_one_port)
{
	(void)lab_add_circuit(&lab, "c1", ERM_MODEL_POINT_TO_POINT, "er1", "er1");
	start();
	lab_link(&lab, "er1", false);
	lab_commit(&lab);
	lab_expect(&lab, "raise service-down/c1");
	ck_assert_uint_eq(lab_alarm(&lab, "port-down/port:er1")->root_id,
			  lab_alarm(&lab, "service-down/c1")->id);
	lab_run(&lab, LAB_SEC(100));
	lab_expect_silence(&lab);
}
END_TEST

/* Whole circuits on one port: one notification, and it is critical, for services are down. */
START_TEST(test_both_legs_of_several_on_one_port)
{
	(void)lab_add_circuit(&lab, "c1", ERM_MODEL_POINT_TO_POINT, "er1", "er1");
	(void)lab_add_circuit(&lab, "c2", ERM_MODEL_POINT_TO_POINT, "er1", "er1");
	start();
	for (int turn = 0; turn < 2; turn++) {
		lab_link(&lab, "er1", false);
		lab_commit(&lab);
		lab_expect(&lab, "raise port-down/port:er1");
		ck_assert_int_eq(lab_last_event(&lab)->severity, ERM_SEVERITY_CRITICAL);
		ck_assert_uint_eq(lab_last_event(&lab)->impacted, 2);
		lab_run(&lab, LAB_SEC(100));
		lab_link(&lab, "er1", true);
		lab_run(&lab, LAB_SEC(1000));
		lab_expect(&lab, "clear port-down/port:er1");
		lab_expect_silence(&lab);
	}
}
END_TEST

/* The port is back, one circuit on it is not: that comes to light. */
START_TEST(test_what_a_mended_port_leaves_behind)
{
	(void)lab_add_circuit(&lab, "c1", ERM_MODEL_POINT_TO_POINT, "er1", "er1");
	(void)lab_add_circuit(&lab, "c2", ERM_MODEL_POINT_TO_POINT, "er1", "er1");
	start();
	fell("er1", "c1", ERM_ROLE_PRIMARY);
	lab_leg(&lab, "c1", ERM_ROLE_SECONDARY, false, ERM_CAUSE_HOLD_EXPIRED);
	lab_run(&lab, LAB_SEC(10));
	lab_expect(&lab, "raise port-down/port:er1");
	lab_link(&lab, "er1", true);
	lab_run(&lab, LAB_MS(9900));
	lab_expect_silence(&lab);
	lab_run(&lab, LAB_MS(200));
	lab_expect(&lab, "raise service-down/c1"); /* the worst first */
	lab_expect(&lab, "clear port-down/port:er1");
	lab_run(&lab, LAB_SEC(60));
	lab_expect_silence(&lab);
}
END_TEST

START_TEST(test_one_service_lost)
{
	(void)lab_add_circuit(&lab, "c1", ERM_MODEL_CLOUD_EXCHANGE, "er1", "er2");
	start();
	lab_session(&lab, "c1", ERM_ROLE_PRIMARY, ERM_FAMILY_IPV6, false, ERM_CAUSE_PEER_CEASE);
	lab_run(&lab, LAB_SEC(3));
	lab_expect(&lab, "raise redundancy-lost/c1:private-ipv6");
	ck_assert_str_eq(lab_last_event(&lab)->connection, "primary");
	ck_assert_int_eq(lab_circuit(&lab, "c1")->verdict.state, ERM_STATE_REDUNDANCY_LOST);
	/* IPv4 on the other leg: each service has its own failed leg. */
	lab_session(&lab, "c1", ERM_ROLE_SECONDARY, ERM_FAMILY_IPV6, false, ERM_CAUSE_PEER_CEASE);
	lab_commit(&lab);
	lab_expect(&lab, "raise service-down/c1:private-ipv6");
	ck_assert_int_eq(lab_last_event(&lab)->severity, ERM_SEVERITY_CRITICAL);
	ck_assert_int_eq(lab_circuit(&lab, "c1")->verdict.state, ERM_STATE_DOWN);
	ck_assert_int_eq(lab.snapshot->services[0].verdict.state, ERM_STATE_HEALTHY);
	lab_run(&lab, LAB_SEC(100));
	lab_expect_silence(&lab);
	lab_session(&lab, "c1", ERM_ROLE_PRIMARY, ERM_FAMILY_IPV6, true, ERM_CAUSE_NONE);
	lab_session(&lab, "c1", ERM_ROLE_SECONDARY, ERM_FAMILY_IPV6, true, ERM_CAUSE_NONE);
	lab_run(&lab, LAB_SEC(100));
	lab_expect(&lab, "clear service-down/c1:private-ipv6");
	lab_expect(&lab, "clear redundancy-lost/c1:private-ipv6");
	lab_expect_silence(&lab);
}
END_TEST

/* A leg each, in different families: nothing is down, both services lost their redundancy. */
START_TEST(test_crossed_services)
{
	(void)lab_add_circuit(&lab, "c1", ERM_MODEL_CLOUD_EXCHANGE, "er1", "er2");
	start();
	lab_session(&lab, "c1", ERM_ROLE_PRIMARY, ERM_FAMILY_IPV4, false, ERM_CAUSE_PEER_CEASE);
	lab_session(&lab, "c1", ERM_ROLE_SECONDARY, ERM_FAMILY_IPV6, false, ERM_CAUSE_PEER_CEASE);
	lab_run(&lab, LAB_SEC(3));
	lab_expect(&lab, "raise redundancy-lost/c1");
	ck_assert_str_eq(lab_last_event(&lab)->connection, ""); /* several */
	lab_run(&lab, LAB_SEC(100));
	lab_expect_silence(&lab);
}
END_TEST

START_TEST(test_single_leg)
{
	lab_poll_each(&lab, LAB_SEC(10));
	(void)lab_add_circuit(&lab, "c1", ERM_MODEL_CLOUD_EXCHANGE, "er1", NULL);
	start();
	lab_run(&lab, LAB_SEC(660));
	lab_expect(&lab, "raise not-redundant/c1");
	ck_assert_int_eq(lab_last_event(&lab)->severity, ERM_SEVERITY_WARNING);
	lab_link(&lab, "er1", false);
	lab_commit(&lab);
	lab_expect(&lab, "raise service-down/c1");
	lab_run(&lab, LAB_SEC(100));
	lab_link(&lab, "er1", true);
	lab_run(&lab, LAB_SEC(700));
	lab_expect(&lab, "clear service-down/c1");
	lab_expect_silence(&lab); /* never redundant: nothing was lost */
}
END_TEST

static void start_partners(void)
{
	uint32_t circuits[2];

	lab_poll_each(&lab, LAB_SEC(10));
	circuits[0] = lab_add_circuit(&lab, "c1", ERM_MODEL_CLOUD_EXCHANGE, "er1", NULL);
	lab_config_remote_leg(lab.config, "ce2");
	circuits[1] = lab_add_circuit(&lab, "c2", ERM_MODEL_CLOUD_EXCHANGE, "er2", NULL);
	lab_config_remote_leg(lab.config, "ce2");
	(void)lab_add_group(&lab, "azure", circuits, 2);
	start();
}

/* A partner that says nothing: unknown, and no news as long as the own leg carries the service. */
START_TEST(test_partner)
{
	start_partners();
	lab_run(&lab, LAB_SEC(3600));
	lab_expect_silence(&lab);
	ck_assert_uint_eq(lab.snapshot->n_alarms, 0);
	ck_assert_int_eq(lab_circuit(&lab, "c1")->verdict.state, ERM_STATE_UNKNOWN);
	ck_assert_int_eq(lab_circuit(&lab, "c1")->verdict.worst, ERM_STATE_REDUNDANCY_LOST);
	ck_assert_int_eq(lab_circuit(&lab, "c1")->verdict.best, ERM_STATE_HEALTHY);
	ck_assert_int_eq(lab_group(&lab, "azure")->verdict.worst, ERM_STATE_DEGRADED);
	ck_assert_int_eq(lab_group(&lab, "azure")->verdict.best, ERM_STATE_HEALTHY);
	/* The own leg is lost: A is certain, B is not. */
	lab_link(&lab, "er1", false);
	lab_run(&lab, LAB_SEC(3));
	lab_expect(&lab, "raise redundancy-lost/c1");
	ck_assert_int_eq(lab_circuit(&lab, "c1")->verdict.state, ERM_STATE_UNKNOWN);
	ck_assert_int_eq(lab_circuit(&lab, "c1")->verdict.worst, ERM_STATE_DOWN);
	ck_assert_int_eq(lab_circuit(&lab, "c1")->verdict.best, ERM_STATE_REDUNDANCY_LOST);
	lab_run(&lab, LAB_SEC(50));
	lab_expect_silence(&lab);
	lab_run(&lab, LAB_SEC(20));
	lab_expect(&lab, "raise state-unknown/c1");
	ck_assert_int_eq(lab_last_event(&lab)->severity, ERM_SEVERITY_MAJOR);
	lab_run(&lab, LAB_SEC(3600));
	lab_expect_silence(&lab);
	lab_link(&lab, "er1", true);
	lab_run(&lab, LAB_SEC(100));
	lab_expect(&lab, "clear state-unknown/c1");
	lab_expect(&lab, "clear redundancy-lost/c1");
	lab_expect_silence(&lab);
}
END_TEST

/* Only IPv6 of the own leg: the worst case of the circuit is its worst service's. */
START_TEST(test_partner_one_service)
{
	start_partners();
	lab_session(&lab, "c1", ERM_ROLE_PRIMARY, ERM_FAMILY_IPV6, false, ERM_CAUSE_PEER_CEASE);
	lab_commit(&lab);
	ck_assert_int_eq(lab_circuit(&lab, "c1")->verdict.worst, ERM_STATE_DOWN);
	ck_assert_int_eq(lab_circuit(&lab, "c1")->verdict.best, ERM_STATE_REDUNDANCY_LOST);
	lab_run(&lab, LAB_SEC(100));
	lab_expect(&lab, "raise redundancy-lost/c1:private-ipv6");
	lab_expect(&lab, "raise state-unknown/c1:private-ipv6");
	lab_expect_silence(&lab);
}
END_TEST

/* A circuit judged by its interfaces. */
START_TEST(test_bare_circuit)
{
	(void)lab_config_bare_circuit(lab.config, "c1", ERM_MODEL_DIRECT, "er1", "er2");
	start();
	ck_assert_int_eq(lab_circuit(&lab, "c1")->verdict.state, ERM_STATE_HEALTHY);
	lab_link(&lab, "er1", false);
	lab_run(&lab, LAB_SEC(3));
	lab_expect(&lab, "raise redundancy-lost/c1");
	lab_link(&lab, "er2", false);
	lab_commit(&lab);
	lab_expect(&lab, "raise service-down/c1");
	lab_run(&lab, LAB_SEC(60));
	lab_link(&lab, "er1", true);
	lab_link(&lab, "er2", true);
	lab_run(&lab, LAB_SEC(100));
	lab_expect(&lab, "clear service-down/c1");
	lab_expect(&lab, "clear redundancy-lost/c1");
	lab_expect_silence(&lab);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("replay groups");
	TCase *tc = tcase_create("groups");

	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_loop_test(tc, test_maximum_resiliency, 0, 2);
	tcase_add_test(tc, test_maximum_all_at_once);
	tcase_add_test(tc, test_pair_does_not_explain_bgp);
	tcase_add_test(tc, test_nested_groups);
	tcase_add_test(tc, test_shared_port);
	tcase_add_test(tc, test_both_legs_on_one_port);
	tcase_add_test(tc, test_both_legs_of_several_on_one_port);
	tcase_add_test(tc, test_what_a_mended_port_leaves_behind);
	tcase_add_test(tc, test_one_service_lost);
	tcase_add_test(tc, test_crossed_services);
	tcase_add_test(tc, test_single_leg);
	tcase_add_test(tc, test_partner);
	tcase_add_test(tc, test_partner_one_service);
	tcase_add_test(tc, test_bare_circuit);
	suite_add_tcase(s, tc);
	return s;
}

ERM_CHECK_MAIN(suite)
