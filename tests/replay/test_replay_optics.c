/* Light: what it does to ports, pairs and circuits, in virtual time. */
#include <string.h>

#include "../unit/check_main.h"
#include "lab.h"

#define HOUR LAB_SEC(3600)

static struct lab lab;
static uint32_t optics;

static void set_up(void)
{
	lab_init(&lab);
	optics = lab_config_source(lab.config, "optics", ERM_SOURCE_TYPE_ETHTOOL);
}

static void tear_down(void)
{
	lab_done(&lab);
}

static void shine_lanes(const char *port, int rx1_cdbm, int rx2_cdbm)
{
	static const struct erm_optics_limits none = { ERM_NO_POWER, ERM_NO_POWER, ERM_NO_POWER,
						       ERM_NO_POWER };

	lab_apply(&lab, (struct erm_obs){
				.kind = ERM_OBS_OPTICS,
				.source = optics,
				.optics = { .interface = lab_find_interface(&lab, port)->interface,
					    .is_known = true,
					    .has_light = true,
					    .n_lanes = 2,
					    .rx = none,
					    .tx = none,
					    .lanes = { { .rx_cdbm = (int16_t)rx1_cdbm },
						       { .rx_cdbm = (int16_t)rx2_cdbm } } },
			});
}

static void shine(const char *port, int rx_cdbm)
{
	shine_lanes(port, rx_cdbm, -500);
}

static void limit_light(struct erm_config *c)
{
	for (uint32_t i = 0; i < c->n_ports; i++) {
		c->ports[i].rx_low_cdbm = -1000;
		c->ports[i].rx_high_cdbm = 0;
	}
}

static void start(void)
{
	limit_light(lab.config);
	lab_start(&lab, NULL);
	lab_tell_all(&lab);
	for (uint32_t i = 0; i < lab.config->n_ports; i++)
		shine(lab.config->ports[i].name, -500);
	lab_run(&lab, LAB_MS(40500));
	lab_expect_silence(&lab);
}

static void start_one(void)
{
	(void)lab_add_circuit(&lab, "c1", ERM_MODEL_DIRECT, "p1", "p2");
	start();
	ck_assert_int_eq(lab_circuit(&lab, "c1")->verdict.state, ERM_STATE_HEALTHY);
}

static const struct erm_port_row *port_row(const char *name)
{
	for (uint32_t i = 0; i < lab.snapshot->n_ports; i++) {
		if (strcmp(lab.snapshot->ports[i].config->name, name) == 0)
			return &lab.snapshot->ports[i];
	}
	ck_abort_msg("no such port");
	return NULL;
}

static void assert_covered(const char *key, const char *root)
{
	const struct erm_alarm_row *alarm = lab_alarm(&lab, key);
	const struct erm_alarm_row *above = lab_alarm(&lab, root);

	ck_assert_msg(alarm != NULL, "%s is not open", key);
	ck_assert_msg(above != NULL, "%s is not open", root);
	ck_assert_uint_eq(alarm->root_id, above->id);
	ck_assert_uint_eq(alarm->sequence, 0);
}

START_TEST(test_light_too_low_and_back)
{
	start_one();
	shine("p1", -1001);
	lab_commit(&lab);
	ck_assert_int_eq(port_row("p1")->state, ERM_MEMBER_DEGRADED);
	ck_assert_int_eq(port_row("p1")->cause, ERM_CAUSE_OPTICAL);
	ck_assert_int_eq(lab_circuit(&lab, "c1")->verdict.state, ERM_STATE_DEGRADED);
	lab_run(&lab, LAB_MS(59900));
	lab_expect_silence(&lab);
	lab_run(&lab, LAB_MS(200));
	lab_expect(&lab, "raise optical/port:p1");
	ck_assert_int_eq(lab_last_event(&lab)->severity, ERM_SEVERITY_MINOR);
	ck_assert_int_eq(lab_last_event(&lab)->cause, ERM_CAUSE_OPTICAL);
	assert_covered("degraded/c1", "optical/port:p1");
	/* Within, and not by 1 dB. */
	shine("p1", -901);
	lab_run(&lab, LAB_SEC(180));
	lab_expect_silence(&lab);
	ck_assert_int_eq(port_row("p1")->state, ERM_MEMBER_DEGRADED);
	shine("p1", -900);
	lab_commit(&lab);
	ck_assert_int_eq(port_row("p1")->state, ERM_MEMBER_UP);
	lab_run(&lab, LAB_MS(59900));
	lab_expect_silence(&lab);
	lab_run(&lab, LAB_MS(200));
	lab_expect(&lab, "clear optical/port:p1");
	lab_run(&lab, LAB_SEC(60));
	lab_expect_silence(&lab);
	ck_assert_uint_eq(lab.snapshot->n_alarms, 0);
}
END_TEST

START_TEST(test_flicker_is_not_told)
{
	start_one();
	/* Long enough for a degraded circuit, which the port explains. */
	shine("p1", -1100);
	lab_run(&lab, LAB_SEC(45));
	shine("p1", -500);
	lab_run(&lab, LAB_SEC(120));
	lab_expect_silence(&lab);
	ck_assert_uint_eq(lab.snapshot->n_alarms, 0);
}
END_TEST

START_TEST(test_one_dark_lane)
{
	start_one();
	shine_lanes("p1", -500, ERM_DARK_CDBM);
	lab_run(&lab, LAB_SEC(61));
	lab_expect(&lab, "raise optical/port:p1");
	lab_expect_silence(&lab);
}
END_TEST

START_TEST(test_light_that_falls)
{
	lab_poll_each(&lab, LAB_SEC(600));
	start_one();
	for (int hour = 0; hour < 30; hour++) {
		shine("p1", -500 - hour * 100 / 24); /* 1 dB a day: five days to go */
		lab_run(&lab, HOUR);
	}
	lab_expect(&lab, "raise optical/port:p1");
	ck_assert(strstr(lab_last_event(&lab)->text, "fall") != NULL);
	lab_expect_silence(&lab);
}
END_TEST

START_TEST(test_light_that_nobody_can_read)
{
	struct erm_obs unread = { .kind = ERM_OBS_OPTICS };

	start_one();
	shine("p1", -1100);
	lab_run(&lab, LAB_SEC(50));
	lab_source_lost(&lab, optics, ERM_REASON_SYSTEM);
	lab_run(&lab, LAB_SEC(120)); /* what is not known is not raised */
	lab_expect_silence(&lab);
	lab_source_back(&lab, optics);
	shine("p1", -1100);
	lab_run(&lab, LAB_SEC(61));
	lab_expect(&lab, "raise optical/port:p1");
	/* Nor cleared. */
	unread.source = optics;
	unread.optics.interface = lab_find_interface(&lab, "p1")->interface;
	lab_apply(&lab, unread);
	lab_run(&lab, LAB_SEC(300));
	lab_source_lost(&lab, optics, ERM_REASON_SYSTEM);
	lab_run(&lab, LAB_SEC(300));
	lab_expect_silence(&lab);
	ck_assert_ptr_nonnull(lab_alarm(&lab, "optical/port:p1"));
	lab_source_back(&lab, optics);
	lab_run(&lab, LAB_SEC(120));
	lab_expect_silence(&lab);
	shine("p1", -500);
	lab_run(&lab, LAB_SEC(61));
	lab_expect(&lab, "clear optical/port:p1");
	lab_expect_silence(&lab);
}
END_TEST

START_TEST(test_module_without_light_is_no_fault)
{
	struct erm_obs copper = { .kind = ERM_OBS_OPTICS, .optics = { .is_known = true } };

	start_one();
	shine("p1", -1100);
	lab_run(&lab, LAB_SEC(61));
	lab_expect(&lab, "raise optical/port:p1");
	copper.source = optics;
	copper.optics.interface = lab_find_interface(&lab, "p1")->interface;
	lab_apply(&lab, copper);
	lab_run(&lab, LAB_SEC(61));
	lab_expect(&lab, "clear optical/port:p1");
	lab_expect_silence(&lab);
}
END_TEST

START_TEST(test_light_of_a_pair)
{
	(void)lab_add_pair(&lab, "pp", "p1", "p2");
	(void)lab_add_circuit(&lab, "c1", ERM_MODEL_DIRECT, "p1", "p2");
	(void)lab_add_circuit(&lab, "c2", ERM_MODEL_DIRECT, "p1", "p2");
	start();
	shine("p1", -1100);
	lab_run(&lab, LAB_SEC(90));
	lab_expect(&lab, "raise optical/port:p1");
	lab_expect_silence(&lab);
	assert_covered("degraded/pair:pp", "optical/port:p1");
	assert_covered("degraded/c1", "optical/port:p1");
	assert_covered("degraded/c2", "optical/port:p1");
	ck_assert_uint_eq(lab_alarm(&lab, "optical/port:p1")->impacted, 2);
	/* The port goes: a loss is worse than bad light, and is told. */
	lab_link(&lab, "p1", false);
	lab_run(&lab, LAB_SEC(10));
	lab_expect(&lab, "raise redundancy-lost/pair:pp");
	lab_expect_silence(&lab);
	lab_link(&lab, "p1", true);
	shine("p1", -500);
	lab_run(&lab, LAB_SEC(150));
	lab_expect(&lab, "clear optical/port:p1");
	lab_expect(&lab, "clear redundancy-lost/pair:pp");
	lab_expect_silence(&lab);
	ck_assert_uint_eq(lab.snapshot->n_alarms, 0);
}
END_TEST

START_TEST(test_light_of_a_port_that_many_share)
{
	(void)lab_add_circuit(&lab, "c1", ERM_MODEL_CLOUD_EXCHANGE, "p1", "p2");
	(void)lab_add_circuit(&lab, "c2", ERM_MODEL_CLOUD_EXCHANGE, "p1", "p3");
	(void)lab_add_circuit(&lab, "c3", ERM_MODEL_CLOUD_EXCHANGE, "p4", "p1");
	start();
	shine("p1", -1100);
	lab_run(&lab, LAB_SEC(90));
	lab_expect(&lab, "raise optical/port:p1");
	lab_expect_silence(&lab);
	assert_covered("degraded/c1", "optical/port:p1");
	assert_covered("degraded/c2", "optical/port:p1");
	assert_covered("degraded/c3", "optical/port:p1");
	ck_assert_uint_eq(lab_alarm(&lab, "optical/port:p1")->impacted, 3);
}
END_TEST

START_TEST(test_restart_with_bad_light)
{
	start_one();
	shine("p1", -1100);
	lab_run(&lab, LAB_SEC(61));
	lab_expect(&lab, "raise optical/port:p1");
	lab_restart(&lab, NULL, NULL);
	lab_run(&lab, LAB_SEC(120)); /* not read yet */
	shine("p1", -1100);
	lab_run(&lab, LAB_SEC(120));
	lab_expect_silence(&lab);
	lab_restart(&lab, NULL, NULL);
	shine("p1", -500);
	lab_run(&lab, LAB_SEC(59));
	lab_expect_silence(&lab);
	lab_run(&lab, LAB_SEC(2));
	lab_expect(&lab, "clear optical/port:p1");
	lab_expect_silence(&lab);
}
END_TEST

/* The limits are others: what was seen last is judged anew. */
START_TEST(test_reload_with_other_limits)
{
	struct erm_config *c = lab_config_new();

	start_one();
	shine("p1", -1100);
	lab_run(&lab, LAB_SEC(61));
	lab_expect(&lab, "raise optical/port:p1");
	(void)lab_config_source(c, "optics", ERM_SOURCE_TYPE_ETHTOOL);
	(void)lab_config_circuit(c, "c1", ERM_MODEL_DIRECT, "p1", "p2");
	limit_light(c);
	lab_reload(&lab, c);
	lab_run(&lab, LAB_SEC(300)); /* as before */
	lab_expect_silence(&lab);
	c = lab_config_new();
	(void)lab_config_source(c, "optics", ERM_SOURCE_TYPE_ETHTOOL);
	(void)lab_config_circuit(c, "c1", ERM_MODEL_DIRECT, "p1", "p2");
	limit_light(c);
	c->ports[0].rx_low_cdbm = -1500;
	lab_reload(&lab, c);
	lab_run(&lab, LAB_SEC(61));
	lab_expect(&lab, "clear optical/port:p1");
	lab_expect_silence(&lab);
}
END_TEST

START_TEST(test_reload_without_optics)
{
	struct erm_config *c = lab_config_new();

	start_one();
	shine("p1", -1100);
	lab_run(&lab, LAB_SEC(61));
	lab_expect(&lab, "raise optical/port:p1");
	(void)lab_config_circuit(c, "c1", ERM_MODEL_DIRECT, "p1", "p2");
	lab_reload(&lab, c);
	lab_run(&lab, LAB_SEC(61));
	lab_expect(&lab, "clear optical/port:p1");
	lab_expect_silence(&lab);
	ck_assert_int_eq(port_row("p1")->state, ERM_MEMBER_UP);
	ck_assert_uint_eq(lab.snapshot->n_lights, 0);
}
END_TEST

static Suite *optics_suite(void)
{
	Suite *suite = suite_create("replay optics");
	TCase *tc = tcase_create("light");

	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, test_light_too_low_and_back);
	tcase_add_test(tc, test_flicker_is_not_told);
	tcase_add_test(tc, test_one_dark_lane);
	tcase_add_test(tc, test_light_that_falls);
	tcase_add_test(tc, test_light_that_nobody_can_read);
	tcase_add_test(tc, test_module_without_light_is_no_fault);
	tcase_add_test(tc, test_light_of_a_pair);
	tcase_add_test(tc, test_light_of_a_port_that_many_share);
	tcase_add_test(tc, test_restart_with_bad_light);
	tcase_add_test(tc, test_reload_with_other_limits);
	tcase_add_test(tc, test_reload_without_optics);
	suite_add_tcase(suite, tc);
	return suite;
}

ERM_CHECK_MAIN(optics_suite)
