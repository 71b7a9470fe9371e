/* Operators: what they say of an alarm, and shelves, on which nothing is lost and nothing told twice. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../unit/check_main.h"
#include "lab.h"

#define DAY LAB_SEC(86400)

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

static void start_one(void)
{
	(void)lab_add_circuit(&lab, "c1", ERM_MODEL_DIRECT, "er1", "er2");
	start();
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

static int say(const char *key, enum erm_operator_state state, const char *text)
{
	struct erm_operator op = { .state = state, .who = "jane" };

	(void)snprintf(op.text, sizeof(op.text), "%s", text);
	return erm_model_set_operator(lab.model, key, &op, lab.now);
}

static void expect_sequence(uint32_t sequence)
{
	ck_assert_uint_eq(lab_last_event(&lab)->sequence, sequence);
}

START_TEST(test_shelve_before_raise)
{
	start_one();
	ck_assert_uint_eq(shelve("works", 0, "c1", 0), 0);
	lab_link(&lab, "er1", false);
	lab_run(&lab, LAB_SEC(5));
	lab_expect_silence(&lab);
	/* All is judged as ever. */
	ck_assert_int_eq(lab_circuit(&lab, "c1")->verdict.state, ERM_STATE_REDUNDANCY_LOST);
	ck_assert_int_eq(lab.snapshot->worst, ERM_STATE_REDUNDANCY_LOST);
	ck_assert(lab_circuit(&lab, "c1")->is_shelved);
	ck_assert_str_eq(lab_alarm(&lab, "redundancy-lost/c1")->shelf, "works");
	ck_assert_uint_eq(lab_alarm(&lab, "redundancy-lost/c1")->sequence, 0);
	/* What it explains stays explained by it, and is on no shelf of its own. */
	ck_assert_uint_eq(lab_alarm(&lab, "port-down/port:er1")->root_id,
			  lab_alarm(&lab, "redundancy-lost/c1")->id);
	ck_assert_str_eq(lab_alarm(&lab, "port-down/port:er1")->shelf, "");
	ck_assert_uint_eq(lab.snapshot->n_shelved, 1);
	ck_assert_uint_eq(lab.snapshot->n_shelves, 1);
	ck_assert_uint_eq(lab.snapshot->shelves[0].alarms, 1);
	/* Taken away: told, once. */
	ck_assert_uint_eq(unshelve("works"), 1);
	lab_commit(&lab);
	lab_expect(&lab, "raise redundancy-lost/c1");
	expect_sequence(1);
	ck_assert(!lab_circuit(&lab, "c1")->is_shelved);
	lab_run(&lab, LAB_SEC(300));
	lab_expect_silence(&lab);
	lab_link(&lab, "er1", true);
	lab_run(&lab, LAB_SEC(61));
	lab_expect(&lab, "clear redundancy-lost/c1");
	expect_sequence(2);
	lab_expect_silence(&lab);
}
END_TEST

/* Whatever comes and goes in the shelf: nobody ever hears of it. */
START_TEST(test_all_of_it_in_the_shelf)
{
	start_one();
	(void)shelve("works", 0, "c1", 0);
	lab_link(&lab, "er1", false);
	lab_link(&lab, "er2", false);
	lab_run(&lab, LAB_SEC(100));
	ck_assert_str_eq(lab_alarm(&lab, "service-down/c1")->shelf, "works");
	ck_assert_int_eq(lab_circuit(&lab, "c1")->verdict.state, ERM_STATE_DOWN);
	lab_link(&lab, "er1", true);
	lab_link(&lab, "er2", true);
	lab_run(&lab, LAB_SEC(100));
	ck_assert_uint_eq(lab.snapshot->n_alarms, 0);
	(void)unshelve("works");
	lab_run(&lab, LAB_SEC(100));
	lab_expect_silence(&lab);
	ck_assert_uint_eq(lab.snapshot->last_sequence, 0);
}
END_TEST

/* _i: 0 it lasts, 1 it is mended in the shelf, 2 it is mended and lost again. */
START_TEST(test_shelve_while_raised)
{
	uint32_t id = 0;

	start_one();
	lab_link(&lab, "er1", false);
	lab_run(&lab, LAB_SEC(3));
	lab_expect(&lab, "raise redundancy-lost/c1");
	id = lab_alarm(&lab, "redundancy-lost/c1")->id;
	ck_assert_uint_eq(shelve("works", ERM_ALARM_REDUNDANCY_LOST, "c?", 0), 1);
	lab_run(&lab, LAB_SEC(100));
	ck_assert_str_eq(lab_alarm(&lab, "redundancy-lost/c1")->shelf, "works");
	if (_i > 0) {
		lab_link(&lab, "er1", true);
		lab_run(&lab, LAB_SEC(100));
		ck_assert_ptr_null(lab_alarm(&lab, "redundancy-lost/c1"));
	}
	if (_i > 1) {
		lab_link(&lab, "er1", false);
		lab_run(&lab, LAB_SEC(100));
		ck_assert_uint_ne(lab_alarm(&lab, "redundancy-lost/c1")->id, id);
	}
	lab_expect_silence(&lab);
	(void)unshelve("works");
	lab_commit(&lab);
	if (_i > 0) {
		lab_expect(&lab, "clear redundancy-lost/c1");
		ck_assert_uint_eq(lab.events[1]->alarm_id, id);
		ck_assert_uint_eq(lab.events[1]->sequence, 2);
		ck_assert(strstr(lab.events[1]->text, "is redundant again"));
	}
	if (_i > 1) {
		lab_expect(&lab, "raise redundancy-lost/c1");
		ck_assert_uint_eq(lab.events[2]->alarm_id,
				  lab_alarm(&lab, "redundancy-lost/c1")->id);
		expect_sequence(3);
	}
	lab_run(&lab, LAB_SEC(200));
	lab_expect_silence(&lab);
}
END_TEST

/* The condition is gone, the clear hold runs: what nobody was told is not told now. */
START_TEST(test_unshelve_while_clearing)
{
	start_one();
	(void)shelve("works", 0, "*", 0);
	lab_link(&lab, "er1", false);
	lab_run(&lab, LAB_SEC(10));
	lab_link(&lab, "er1", true);
	lab_run(&lab, LAB_SEC(20));
	ck_assert(lab_alarm(&lab, "redundancy-lost/c1")->is_clearing);
	(void)unshelve("works");
	lab_run(&lab, LAB_SEC(10));
	lab_expect_silence(&lab);
	/* Lost again within the hold: the same alarm, and now it is told. */
	lab_link(&lab, "er1", false);
	lab_commit(&lab);
	lab_expect(&lab, "raise redundancy-lost/c1");
	lab_link(&lab, "er1", true);
	lab_run(&lab, LAB_SEC(61));
	lab_expect(&lab, "clear redundancy-lost/c1");
	lab_expect_silence(&lab);
}
END_TEST

START_TEST(test_ends_by_time)
{
	usec_t end = 0;
	struct erm_shelf past = { .name = "past", .resources = { "*" } };

	lab_poll_each(&lab, LAB_SEC(600)); /* nobody else wakes it up */
	start_one();
	past.until.real = lab.now.real;
	ck_assert_int_eq(erm_model_shelve(lab.model, &past, lab.now, NULL), -EINVAL);
	(void)shelve("works", 0, "c1", LAB_SEC(3600));
	end = lab.now.mono + LAB_SEC(3600);
	lab_link(&lab, "er1", false);
	lab_run(&lab, LAB_SEC(3599));
	lab_expect_silence(&lab);
	lab_run(&lab, LAB_SEC(2));
	lab_expect(&lab, "raise redundancy-lost/c1");
	ck_assert_uint_eq(lab_last_event(&lab)->at.mono, end);
	ck_assert_uint_eq(lab.snapshot->n_shelves, 0);
	lab_expect_silence(&lab);
}
END_TEST

/* By the clock on the wall: it was set forward. */
START_TEST(test_ends_when_the_clock_is_set)
{
	start_one();
	(void)shelve("works", 0, "c1", LAB_SEC(3600));
	lab_link(&lab, "er1", false);
	lab_run(&lab, LAB_SEC(10));
	lab.now.real += LAB_SEC(3600);
	lab_run(&lab, LAB_SEC(2));
	lab_expect(&lab, "raise redundancy-lost/c1");
	lab_expect_silence(&lab);
}
END_TEST

/* _i: how the shelf ends: taken away, or by itself while the agent is gone. */
START_TEST(test_restart_in_between)
{
	start_one();
	(void)lab_add_port(&lab, "er1");
	lab_link(&lab, "er1", false);
	lab_run(&lab, LAB_SEC(3));
	lab_expect(&lab, "raise redundancy-lost/c1");
	(void)shelve("works", 0, "c1", _i ? LAB_SEC(600) : 0);
	lab_link(&lab, "er1", true);
	lab_run(&lab, LAB_SEC(70)); /* a clear is owed */
	lab_link(&lab, "er2", false);
	lab_run(&lab, LAB_SEC(70)); /* a raise is not told */
	ck_assert_int_eq(say("redundancy-lost/c1", ERM_OPERATOR_ACK, "seen"), 0);
	lab_restart(&lab, NULL, NULL);
	ck_assert_str_eq(lab.snapshot->shelves[0].rule.name, "works");
	ck_assert_str_eq(lab.snapshot->shelves[0].rule.resources[0], "c1");
	ck_assert_str_eq(lab_alarm(&lab, "redundancy-lost/c1")->shelf, "works");
	ck_assert_int_eq(lab_alarm(&lab, "redundancy-lost/c1")->op->state, ERM_OPERATOR_ACK);
	ck_assert_str_eq(lab_alarm(&lab, "redundancy-lost/c1")->op->text, "seen");
	lab_run(&lab, LAB_SEC(70));
	lab_expect_silence(&lab);
	if (_i) {
		struct erm_persist persist = { 0 };

		ck_assert_int_eq(erm_model_export(lab.model, &persist), 0);
		lab.now.mono += LAB_SEC(600);
		lab.now.real += LAB_SEC(600);
		lab_restart(&lab, NULL, &persist);
		erm_persist_done(&persist);
	} else {
		(void)unshelve("works");
		lab_commit(&lab);
	}
	lab_expect(&lab, "clear redundancy-lost/c1");
	lab_expect(&lab, "raise redundancy-lost/c1");
	expect_sequence(3);
	lab_run(&lab, LAB_SEC(200));
	lab_expect_silence(&lab);
}
END_TEST

static struct erm_config *config_of(const char *const *circuits)
{
	struct erm_config *c = lab_config_new();

	for (; *circuits; circuits++) {
		char a[16];
		char b[16];

		(void)snprintf(a, sizeof(a), "%s-1", *circuits);
		(void)snprintf(b, sizeof(b), "%s-2", *circuits);
		(void)lab_config_circuit(c, *circuits, ERM_MODEL_CLOUD_EXCHANGE, a, b);
	}
	return c;
}

static const char *const both[] = { "c1", "c2", NULL };
static const char *const second[] = { "c2", NULL };

/* _i: 1 the raise had been told; 2 it had, and the circuit comes back before the shelf goes. */
START_TEST(test_reload_removes_the_object)
{
	(void)erm_config_unref(lab.config);
	lab.config = config_of(both);
	start();
	if (_i == 0)
		(void)shelve("works", 0, "c1*", 0);
	lab_link(&lab, "c1-1", false);
	lab_run(&lab, LAB_SEC(3));
	if (_i > 0) {
		lab_expect(&lab, "raise redundancy-lost/c1");
		(void)shelve("works", 0, "c1*", 0);
	}
	lab_reload(&lab, config_of(second));
	lab_run(&lab, LAB_SEC(100));
	lab_restart(&lab, NULL, NULL); /* what is owed outlives this, too */
	lab_expect_silence(&lab);
	if (_i == 2) {
		lab_reload(&lab, config_of(both));
		lab_tell_all(&lab);
		lab_run(&lab, LAB_SEC(5));
		lab_link(&lab, "c1-1", false);
		lab_run(&lab, LAB_SEC(5));
		lab_expect_silence(&lab);
	}
	ck_assert_int_eq(unshelve("works") > 0, _i == 2);
	lab_run(&lab, LAB_SEC(100));
	if (_i > 0) {
		lab_expect(&lab, "clear redundancy-lost/c1");
		ck_assert_uint_eq(lab.events[1]->sequence, 2);
		ck_assert(strstr(lab.events[1]->text, "no longer configured"));
	}
	if (_i == 2)
		lab_expect(&lab, "raise redundancy-lost/c1");
	lab_expect_silence(&lab);
}
END_TEST

/* A reload keeps the shelf, and what was said of what stays. */
START_TEST(test_reload_keeps_the_rest)
{
	(void)erm_config_unref(lab.config);
	lab.config = config_of(both);
	start();
	lab_link(&lab, "c2-1", false);
	lab_run(&lab, LAB_SEC(3));
	lab_expect(&lab, "raise redundancy-lost/c2");
	ck_assert_int_eq(say("redundancy-lost/c2", ERM_OPERATOR_CLOSED, ""), 0);
	(void)shelve("works", ERM_ALARM_SERVICE_DOWN, "*", 0);
	lab_reload(&lab, config_of(second));
	lab_run(&lab, LAB_SEC(5));
	ck_assert_int_eq(lab_alarm(&lab, "redundancy-lost/c2")->op->state, ERM_OPERATOR_CLOSED);
	lab_link(&lab, "c2-2", false);
	lab_run(&lab, LAB_SEC(5));
	ck_assert_str_eq(lab_alarm(&lab, "service-down/c2")->shelf, "works");
	lab_expect_silence(&lab);
}
END_TEST

/* Two shelves: it is told when the last one is gone; one changed in place never lets it through. */
START_TEST(test_several_shelves)
{
	start_one();
	(void)shelve("one", 0, "c1", 0);
	(void)shelve("two", 0, "*", LAB_SEC(100));
	lab_link(&lab, "er1", false);
	lab_run(&lab, LAB_SEC(10));
	ck_assert_uint_eq(lab.snapshot->shelves[0].alarms, 1);
	/* The port and what else is down: not on the first one. */
	ck_assert_uint_eq(lab.snapshot->shelves[1].alarms, lab.snapshot->n_alarms - 1);
	ck_assert_uint_eq(lab.snapshot->n_shelved, lab.snapshot->n_alarms);
	(void)unshelve("one");
	lab_run(&lab, LAB_SEC(10));
	ck_assert_str_eq(lab_alarm(&lab, "redundancy-lost/c1")->shelf, "two");
	(void)shelve("two", 0, "c*", LAB_SEC(1000));
	ck_assert_uint_eq(lab.snapshot->shelves[0].rule.index, 2);
	lab_run(&lab, LAB_SEC(500));
	lab_expect_silence(&lab);
	ck_assert_uint_eq(lab.snapshot->shelves[0].rule.index, 2); /* it is the same one */
	lab_run(&lab, LAB_SEC(501));
	lab_expect(&lab, "raise redundancy-lost/c1");
	lab_expect_silence(&lab);
	/* No number is used again. */
	(void)shelve("three", 0, "c1", 0);
	lab_commit(&lab);
	ck_assert_uint_eq(lab.snapshot->shelves[0].rule.index, 3);
}
END_TEST

START_TEST(test_as_many_as_there_may_be)
{
	struct erm_shelf shelf = { .resources = { "nothing" } };

	start_one();
	for (int i = 0; i <= ERM_SHELVES_MAX; i++) {
		(void)snprintf(shelf.name, sizeof(shelf.name), "s%d", i);
		ck_assert_int_eq(erm_model_shelve(lab.model, &shelf, lab.now, NULL),
				 i < ERM_SHELVES_MAX ? 0 : -ENOSPC);
	}
	/* Those that are there can be changed. */
	(void)snprintf(shelf.name, sizeof(shelf.name), "s0");
	ck_assert_int_eq(erm_model_shelve(lab.model, &shelf, lab.now, NULL), 0);
	lab_restart(&lab, NULL, NULL);
	ck_assert_uint_eq(lab.snapshot->n_shelves, ERM_SHELVES_MAX);
	ck_assert_int_eq(erm_model_unshelve(lab.model, "none", lab.now, NULL), -ENOENT);
}
END_TEST

/* An alarm told before: its reminders rest in the shelf, and the one that fell due is told once. */
START_TEST(test_reminder)
{
	lab_poll_each(&lab, LAB_SEC(600));
	(void)lab_add_circuit(&lab, "c1", ERM_MODEL_DIRECT, "er1", "er2");
	lab.config->agent.reminder_usec = DAY;
	start();
	lab_link(&lab, "er1", false);
	lab_run(&lab, LAB_SEC(3));
	lab_expect(&lab, "raise redundancy-lost/c1");
	(void)shelve("works", 0, "c1", 0);
	lab_run(&lab, 3 * DAY);
	lab_expect_silence(&lab);
	(void)unshelve("works");
	lab_commit(&lab);
	lab_expect(&lab, "reminder redundancy-lost/c1");
	expect_sequence(2);
	lab_run(&lab, DAY - LAB_SEC(1));
	lab_expect_silence(&lab);
}
END_TEST

/* Acknowledged, it is still reminded of: who saw it may have gone home. */
START_TEST(test_operator_state)
{
	const struct erm_operator *op = NULL;

	start_one();
	ck_assert_int_eq(say("redundancy-lost/c1", ERM_OPERATOR_ACK, ""), -ENOENT);
	ck_assert_int_eq(say("no-such-type/c1", ERM_OPERATOR_ACK, ""), -ENOENT);
	ck_assert_int_eq(say("", ERM_OPERATOR_ACK, ""), -ENOENT);
	lab_link(&lab, "er1", false);
	lab_run(&lab, LAB_SEC(1));
	ck_assert_int_eq(say("redundancy-lost/c1", ERM_OPERATOR_ACK, ""),
			 -ENOENT); /* its hold runs */
	lab_run(&lab, LAB_SEC(3));
	lab_expect(&lab, "raise redundancy-lost/c1");
	ck_assert_int_eq(lab_alarm(&lab, "redundancy-lost/c1")->op->state, ERM_OPERATOR_NONE);
	ck_assert_int_eq(say("redundancy-lost/c1", ERM_OPERATOR_ACK, "it's \"cut\"\n"), 0);
	lab_commit(&lab);
	op = lab_alarm(&lab, "redundancy-lost/c1")->op;
	ck_assert_int_eq(op->state, ERM_OPERATOR_ACK);
	ck_assert_str_eq(op->who, "jane");
	ck_assert_str_eq(op->text, "it s  cut  ");
	ck_assert_uint_eq(op->at.real, lab.now.real);
	/* One that is covered, too. */
	ck_assert_int_eq(say("port-down/port:er1", ERM_OPERATOR_CLOSED, ""), 0);
	lab_commit(&lab);
	ck_assert_int_eq(lab_alarm(&lab, "port-down/port:er1")->op->state, ERM_OPERATOR_CLOSED);
	/* Mended and lost again within the clear hold it is the same alarm. */
	lab_link(&lab, "er1", true);
	lab_run(&lab, LAB_SEC(5));
	lab_link(&lab, "er1", false);
	lab_run(&lab, LAB_SEC(5));
	ck_assert_int_eq(lab_alarm(&lab, "redundancy-lost/c1")->op->state, ERM_OPERATOR_ACK);
	lab_link(&lab, "er1", true);
	lab_run(&lab, LAB_SEC(61));
	lab_expect(&lab, "clear redundancy-lost/c1");
	lab_run(&lab, LAB_SEC(61));
	lab_link(&lab, "er1", false);
	lab_run(&lab, LAB_SEC(5));
	lab_expect(&lab, "raise redundancy-lost/c1");
	op = lab_alarm(&lab, "redundancy-lost/c1")->op;
	ck_assert_int_eq(op->state, ERM_OPERATOR_NONE);
	ck_assert_str_eq(op->who, "");
	lab_expect_silence(&lab);
}
END_TEST

static Suite *suite_of_replay(void)
{
	Suite *suite = suite_create("replay shelves");
	TCase *tcase = tcase_create("shelves");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, test_shelve_before_raise);
	tcase_add_test(tcase, test_all_of_it_in_the_shelf);
	tcase_add_loop_test(tcase, test_shelve_while_raised, 0, 3);
	tcase_add_test(tcase, test_unshelve_while_clearing);
	tcase_add_test(tcase, test_ends_by_time);
	tcase_add_test(tcase, test_ends_when_the_clock_is_set);
	tcase_add_loop_test(tcase, test_restart_in_between, 0, 2);
	tcase_add_loop_test(tcase, test_reload_removes_the_object, 0, 3);
	tcase_add_test(tcase, test_reload_keeps_the_rest);
	tcase_add_test(tcase, test_several_shelves);
	tcase_add_test(tcase, test_as_many_as_there_may_be);
	tcase_add_test(tcase, test_reminder);
	tcase_add_test(tcase, test_operator_state);
	suite_add_tcase(suite, tcase);
	return suite;
}

ERM_CHECK_MAIN(suite_of_replay)
