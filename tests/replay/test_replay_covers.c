/* Shelves and root causes: what a shelved alarm covers, and that nothing is judged otherwise. */
#include <stdio.h>
#include <stdlib.h>
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

/* types: of one type, 0 = any; span 0 = for ever. */
static uint32_t shelve(const char *name, enum erm_alarm_type type, const char *resource,
		       usec_t span)
{
	struct erm_shelf shelf = { .types = type ? 1U << (unsigned int)type : 0, .who = "jane" };
	uint32_t n = UINT32_MAX;

	(void)snprintf(shelf.name, sizeof(shelf.name), "%s", name);
	(void)snprintf(shelf.resources[0], sizeof(shelf.resources[0]), "%s", resource);
	shelf.until.real = span > 0 ? lab.now.real + span : 0;
	ck_assert_int_eq(erm_model_shelve(lab.model, &shelf, lab.now, &n), 0);
	ck_assert(erm_model_is_dirty(lab.model));
	return n;
}

static uint32_t unshelve(const char *name)
{
	uint32_t n = UINT32_MAX;

	ck_assert_int_eq(erm_model_unshelve(lab.model, name, lab.now, &n), 0);
	ck_assert(erm_model_is_dirty(lab.model));
	return n;
}

/*
 * A port that several circuits share is on a shelf.  What it explains stays with it;
 * but an outage comes to light, whatever explains it, unless _i: it is on a shelf itself.
 */
START_TEST(test_shelved_root)
{
	(void)lab_add_circuit(&lab, "c1", ERM_MODEL_DIRECT, "p1", "q1");
	(void)lab_add_circuit(&lab, "c2", ERM_MODEL_DIRECT, "p1", "q2");
	start();
	(void)shelve("works", 0, "port:p1", 0);
	if (_i)
		(void)shelve("outage", ERM_ALARM_SERVICE_DOWN, "c1", 0);
	lab_link(&lab, "p1", false);
	lab_run(&lab, LAB_SEC(10));
	ck_assert_uint_eq(lab_alarm(&lab, "redundancy-lost/c1")->root_id,
			  lab_alarm(&lab, "port-down/port:p1")->id);
	lab_expect_silence(&lab);
	lab_link(&lab, "q1", false);
	lab_commit(&lab);
	if (!_i) {
		lab_expect(&lab, "raise service-down/c1");
		ck_assert_int_eq(lab_last_event(&lab)->severity, ERM_SEVERITY_CRITICAL);
		ck_assert_uint_eq(lab_alarm(&lab, "service-down/c1")->root_id, 0);
	}
	lab_expect_silence(&lab);
	ck_assert_int_eq(lab_circuit(&lab, "c1")->verdict.state, ERM_STATE_DOWN);
	lab_link(&lab, "q1", true);
	lab_run(&lab, LAB_SEC(11));
	if (!_i)
		lab_expect(&lab, "clear service-down/c1");
	lab_expect_silence(&lab);
	(void)unshelve("works");
	lab_commit(&lab);
	lab_expect(&lab, "raise port-down/port:p1");
	lab_run(&lab, LAB_SEC(100));
	lab_expect_silence(&lab);
}
END_TEST

/* Both circuits are lost by the one port they share: its alarm is no outage, theirs are. */
START_TEST(test_shelved_port_that_takes_all_down)
{
	(void)lab_add_circuit(&lab, "c1", ERM_MODEL_DIRECT, "p1", NULL);
	(void)lab_add_circuit(&lab, "c2", ERM_MODEL_DIRECT, "p1", NULL);
	start();
	(void)shelve("works", 0, "port:*", 0);
	lab_link(&lab, "p1", false);
	lab_commit(&lab);
	lab_expect(&lab, "raise service-down/c1");
	lab_expect(&lab, "raise service-down/c2");
	ck_assert_int_eq(lab_alarm(&lab, "port-down/port:p1")->severity, ERM_SEVERITY_MAJOR);
	lab_run(&lab, LAB_SEC(10));
	lab_expect_silence(&lab);
	/* Not on a shelf, the port stands for both: those that were told stay told. */
	(void)unshelve("works");
	lab_run(&lab, LAB_SEC(10));
	lab_expect(&lab, "raise port-down/port:p1");
	lab_expect_silence(&lab);
	lab_link(&lab, "p1", true);
	lab_run(&lab, LAB_SEC(100));
	ck_assert_uint_eq(lab.snapshot->n_alarms, 0);
}
END_TEST

/* The outage of a pair on a shelf is the outage of all that rides on it. */
START_TEST(test_shelved_pair)
{
	(void)lab_add_pair(&lab, "pp", "p1", "p2");
	(void)lab_add_circuit(&lab, "c1", ERM_MODEL_DIRECT, "p1", "p2");
	(void)lab_add_circuit(&lab, "c2", ERM_MODEL_DIRECT, "p1", "p2");
	start();
	(void)shelve("works", 0, "pair:pp", 0);
	lab_link(&lab, "p1", false);
	lab_run(&lab, LAB_SEC(10));
	lab_link(&lab, "p2", false);
	lab_run(&lab, LAB_SEC(10));
	lab_link(&lab, "p2", true);
	lab_run(&lab, LAB_SEC(20));
	lab_expect_silence(&lab);
	ck_assert_uint_eq(lab_alarm(&lab, "redundancy-lost/pair:pp")->impacted, 2);
	(void)unshelve("works");
	lab_commit(&lab);
	lab_expect(&lab, "raise redundancy-lost/pair:pp");
	lab_run(&lab, LAB_SEC(100));
	lab_expect_silence(&lab);
}
END_TEST

static void flap(struct lab *of, unsigned int i)
{
	static const char *const links[] = { "p1", "p2", "er1", "er2" };
	const char *link = links[i % 4];

	lab_link(of, link, !lab_find_interface(of, link)->has_carrier);
	lab_run(of, LAB_SEC(i % 37 + 1));
}

/* The same to two agents, one of which has all on a shelf: they differ in what is told only. */
START_TEST(test_nothing_is_judged_otherwise)
{
	struct lab other;

	lab_init(&other);
	for (struct lab *l = &lab;; l = &other) {
		l->config->agent.min_interval_usec = 0;
		(void)lab_add_pair(l, "pp", "p1", "p2");
		(void)lab_add_circuit(l, "c1", ERM_MODEL_DIRECT, "p1", "p2");
		(void)lab_add_circuit(l, "c2", ERM_MODEL_CLOUD_EXCHANGE, "er1", "er2");
		lab_start(l, NULL);
		lab_tell_all(l);
		if (l == &other)
			break;
		(void)shelve("all", 0, "*", 0);
	}
	for (unsigned int i = 0; i < 300; i++) {
		unsigned int n = i * 7919U % 1009U;

		flap(&lab, n);
		flap(&other, n);
		ck_assert_uint_eq(lab.snapshot->n_alarms, other.snapshot->n_alarms);
		for (uint32_t k = 0; k < lab.snapshot->n_alarms; k++) {
			ck_assert_str_eq(lab.snapshot->alarms[k].key,
					 other.snapshot->alarms[k].key);
			ck_assert_int_eq(lab.snapshot->alarms[k].severity,
					 other.snapshot->alarms[k].severity);
			ck_assert_uint_eq(lab.snapshot->alarms[k].root_id,
					  other.snapshot->alarms[k].root_id);
		}
		for (uint32_t k = 0; k < 2; k++) {
			ck_assert_int_eq(lab.snapshot->circuits[k].verdict.state,
					 other.snapshot->circuits[k].verdict.state);
			ck_assert_int_eq(lab.snapshot->circuits[k].cause,
					 other.snapshot->circuits[k].cause);
		}
		ck_assert_int_eq(lab.snapshot->worst, other.snapshot->worst);
	}
	lab_expect_silence(&lab);
	ck_assert_uint_gt(other.n_events, 20);
	lab_done(&other);
}
END_TEST

static Suite *suite_of_replay(void)
{
	Suite *suite = suite_create("replay covers");
	TCase *tcase = tcase_create("covers");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_loop_test(tcase, test_shelved_root, 0, 2);
	tcase_add_test(tcase, test_shelved_port_that_takes_all_down);
	tcase_add_test(tcase, test_shelved_pair);
	tcase_add_test(tcase, test_nothing_is_judged_otherwise);
	suite_add_tcase(suite, tcase);
	return suite;
}

ERM_CHECK_MAIN(suite_of_replay)
