/* Reload and restart: what did not change goes on, what is gone is cleared once, numbers are never used twice. */
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

/* A circuit for each letter of the plan, "abc": circuits ca on ea1 and ea2 ... */
static struct erm_config *plan(const char *letters)
{
	struct erm_config *c = lab_config_new();

	for (const char *p = letters; *p; p++) {
		char name[] = "c?";
		char primary[] = "e?1";
		char secondary[] = "e?2";

		name[1] = primary[1] = secondary[1] = *p;
		(void)lab_config_circuit(c, name, ERM_MODEL_CLOUD_EXCHANGE, primary, secondary);
	}
	return c;
}

static void start(const char *letters)
{
	(void)erm_config_unref(lab.config);
	lab.config = plan(letters);
	lab_start(&lab, NULL);
	lab_tell_all(&lab);
	lab_run(&lab, LAB_SEC(5));
	lab_expect_silence(&lab);
}

static const struct erm_port_row *port_row(const char *name)
{
	for (uint32_t i = 0; i < lab.snapshot->n_ports; i++) {
		if (strcmp(lab.snapshot->ports[i].config->name, name) == 0)
			return &lab.snapshot->ports[i];
	}
	ck_abort_msg("no port row %s", name);
	return NULL;
}

/* _i: how the second configuration is written; to the circuit ca it must be all the same. */
START_TEST(test_unchanged_goes_on)
{
	static const char *const seconds[] = { "abc", "cba", "a", "xay" };
	uint32_t index = 0;
	uint32_t port_index = 0;
	uint32_t id = 0;
	usec_t changed = 0;
	usec_t raised = 0;

	start("abc");
	lab_link(&lab, "ea1", false);
	lab_run(&lab, LAB_SEC(1));
	raised = lab.now.mono + LAB_SEC(1); /* a second of the raise hold is left */
	index = lab_circuit(&lab, "ca")->index;
	port_index = port_row("ea1")->index;
	changed = lab_circuit(&lab, "ca")->changed.mono;
	lab_reload(&lab, plan(seconds[_i]));
	lab_commit(&lab);
	lab_expect_silence(&lab);
	ck_assert_uint_eq(lab_circuit(&lab, "ca")->index, index);
	ck_assert_uint_eq(lab_circuit(&lab, "ca")->changed.mono, changed);
	ck_assert_uint_eq(lab_circuit(&lab, "ca")->transitions, 1);
	ck_assert_int_eq(lab_circuit(&lab, "ca")->verdict.state, ERM_STATE_REDUNDANCY_LOST);
	ck_assert_uint_eq(port_row("ea1")->index, port_index);
	ck_assert_uint_eq(port_row("ea1")->transitions, 1);
	/* The hold that ran runs on. */
	lab_run(&lab, LAB_SEC(3));
	lab_expect(&lab, "raise redundancy-lost/ca");
	ck_assert_uint_eq(lab_last_event(&lab)->at.mono, raised);
	id = lab_last_event(&lab)->alarm_id;
	lab_reload(&lab, plan("abc"));
	lab_run(&lab, LAB_SEC(60));
	lab_expect_silence(&lab);
	ck_assert_uint_eq(lab_alarm(&lab, "redundancy-lost/ca")->id, id);
	lab_link(&lab, "ea1", true);
	lab_run(&lab, LAB_SEC(100));
	lab_expect(&lab, "clear redundancy-lost/ca");
	ck_assert_uint_eq(lab_last_event(&lab)->alarm_id, id);
	lab_expect_silence(&lab);
	for (uint32_t i = 0; i < lab.n_events; i++)
		ck_assert_uint_eq(lab.events[i]->sequence, i + 1);
}
END_TEST

START_TEST(test_removed)
{
	uint32_t id = 0;
	uint32_t index = 0;

	start("ab");
	lab_link(&lab, "eb1", false);
	lab_run(&lab, LAB_SEC(3));
	lab_link(&lab, "eb2", false);
	lab_commit(&lab);
	lab_expect(&lab, "raise redundancy-lost/cb");
	id = lab.events[0]->alarm_id;
	index = lab.events[0]->index[0];
	lab_expect(&lab, "raise service-down/cb");
	lab_reload(&lab, plan("a"));
	ck_assert(erm_model_is_dirty(lab.model));
	lab_commit(&lab);
	ck_assert_uint_eq(lab.n_events, 4);
	for (uint32_t i = 2; i < 4; i++) {
		ck_assert_int_eq(lab.events[i]->kind, ERM_EVENT_CLEAR);
		ck_assert_str_eq(lab.events[i]->circuit, "cb");
		ck_assert_uint_eq(lab.events[i]->index[0], index);
		ck_assert_int_eq(lab.events[i]->severity, ERM_SEVERITY_CLEARED);
		if (strcmp(lab.events[i]->key, "redundancy-lost/cb") == 0)
			ck_assert_uint_eq(lab.events[i]->alarm_id, id);
	}
	ck_assert_str_ne(lab.events[2]->key, lab.events[3]->key);
	lab_run(&lab, LAB_SEC(3600));
	ck_assert_uint_eq(lab.n_events, 4);
	ck_assert_uint_eq(lab.snapshot->n_circuits, 1);
	ck_assert_uint_eq(lab.snapshot->n_alarms, 0);
	ck_assert_int_eq(lab.snapshot->worst, ERM_STATE_HEALTHY);
}
END_TEST

/* Gone and back before anybody looked: cleared, then raised, in this order. */
START_TEST(test_removed_and_back)
{
	start("ab");
	lab_link(&lab, "eb1", false);
	lab_link(&lab, "eb2", false);
	lab_commit(&lab);
	lab_expect(&lab, "raise service-down/cb");
	lab_run(&lab, LAB_SEC(100));
	lab_reload(&lab, plan("a"));
	lab_reload(&lab, plan("ab"));
	for (int i = 1; i <= 2; i++) {
		lab_find_interface(&lab, i == 1 ? "eb1" : "eb2")->has_carrier = false;
		lab_find_interface(&lab, i == 1 ? "eb1" : "eb2")->is_oper_up = false;
	}
	lab_tell_all(&lab);
	lab_expect(&lab, "clear service-down/cb");
	lab_expect(&lab, "raise service-down/cb");
	lab_expect_silence(&lab);
}
END_TEST

START_TEST(test_added)
{
	uint32_t last = 0;

	start("ab");
	for (uint32_t i = 0; i < lab.snapshot->n_circuits; i++)
		last = lab.snapshot->circuits[i].index > last ? lab.snapshot->circuits[i].index
							      : last;
	lab_reload(&lab, plan("acb"));
	lab_commit(&lab);
	/* Nobody has told anything of it: unknown, and quiet. */
	ck_assert_int_eq(lab_circuit(&lab, "cc")->verdict.state, ERM_STATE_UNKNOWN);
	ck_assert_int_eq(lab_circuit(&lab, "ca")->verdict.state, ERM_STATE_HEALTHY);
	ck_assert_uint_eq(lab_circuit(&lab, "cc")->index, last + 1);
	lab_tell_all(&lab);
	ck_assert_int_eq(lab_circuit(&lab, "cc")->verdict.state, ERM_STATE_HEALTHY);
	lab_run(&lab, LAB_SEC(700));
	lab_expect_silence(&lab);
}
END_TEST

/* Another name is another circuit: the old one's alarm is cleared, the new one starts. */
START_TEST(test_renamed)
{
	struct erm_config *renamed = plan("a");
	uint32_t index = 0;

	start("a");
	index = lab_circuit(&lab, "ca")->index;
	lab_link(&lab, "ea1", false);
	lab_run(&lab, LAB_SEC(3));
	lab_expect(&lab, "raise redundancy-lost/ca");
	free(renamed->circuits[0].name);
	renamed->circuits[0].name = strdup("new");
	lab_reload(&lab, renamed);
	lab_commit(&lab);
	lab_expect(&lab, "clear redundancy-lost/ca");
	ck_assert_uint_ne(lab_circuit(&lab, "new")->index, index);
	/* Its ports are known to be what they are. */
	ck_assert_uint_eq(port_row("ea1")->transitions, 1);
	ck_assert_int_eq(port_row("ea1")->state, ERM_MEMBER_DOWN);
	lab_run(&lab, LAB_SEC(5));
	lab_expect(&lab, "raise redundancy-lost/new");
	lab_expect_silence(&lab);
}
END_TEST

/* An index belongs to its name for ever, across reloads and restarts. */
START_TEST(test_indexes_are_never_used_again)
{
	char names[64][ERM_NAME_MAX];
	uint32_t n = 0;

	memset(names, 0, sizeof(names));
	start("a");
	for (const char *letter = "bcdefghijk"; *letter; letter++) {
		char letters[] = { 'a', *letter, '\0' };

		if (*letter % 3 == 0)
			lab_restart(&lab, plan(letters), NULL);
		else
			lab_reload(&lab, plan(letters));
		lab_tell_all(&lab);
		for (uint32_t i = 0; i < lab.snapshot->n_circuits; i++) {
			const struct erm_circuit_row *row = &lab.snapshot->circuits[i];

			ck_assert_uint_lt(row->index, 64);
			ck_assert(names[row->index][0] == '\0' ||
				  strcmp(names[row->index], row->config->name) == 0);
			(void)snprintf(names[row->index], ERM_NAME_MAX, "%s", row->config->name);
			ck_assert(i == 0 || row[-1].index < row->index);
		}
	}
	for (uint32_t i = 0; i < 64; i++)
		n += names[i][0] != '\0';
	ck_assert_uint_eq(n, 11);
	/* The first of them comes back to its own. */
	lab_reload(&lab, plan("ba"));
	lab_commit(&lab);
	ck_assert_str_eq(names[lab_circuit(&lab, "cb")->index], "cb");
}
END_TEST

/* A port keeps its name and moves to another interface: its losses are counted from there. */
START_TEST(test_port_moves)
{
	struct erm_config *moved = plan("a");

	start("a");
	for (int i = 0; i < 2; i++) {
		lab_link(&lab, "ea1", false);
		lab_run(&lab, LAB_MS(500));
		lab_link(&lab, "ea1", true);
		lab_run(&lab, LAB_MS(500));
	}
	lab_run(&lab, LAB_SEC(100));
	ck_assert_uint_eq(port_row("ea1")->transitions, 2);
	free(moved->interfaces[0].name);
	moved->interfaces[0].name = strdup("elsewhere");
	lab_reload(&lab, moved);
	lab_tell_all(&lab);
	ck_assert_str_eq(port_row("ea1")->interface, "elsewhere");
	ck_assert_uint_eq(port_row("ea1")->transitions, 2);
	lab_run(&lab, LAB_SEC(100));
	lab_expect_silence(&lab);
	lab_link(&lab, "elsewhere", false);
	lab_commit(&lab);
	ck_assert_uint_eq(port_row("ea1")->transitions, 3);
}
END_TEST

/* Another port on an interface that has seen a lot: none of that is the port's. */
START_TEST(test_port_renamed)
{
	struct erm_config *renamed = plan("a");

	start("a");
	for (int i = 0; i < 10; i++) {
		lab_link(&lab, "ea1", false);
		lab_link(&lab, "ea1", true);
	}
	lab_run(&lab, LAB_SEC(3));
	lab_expect(&lab, "raise flapping/port:ea1");
	free(renamed->ports[0].name);
	renamed->ports[0].name = strdup("new");
	lab_reload(&lab, renamed);
	lab_run(&lab, LAB_SEC(100));
	lab_expect(&lab, "clear flapping/port:ea1");
	lab_expect_silence(&lab);
	ck_assert_uint_eq(port_row("new")->transitions, 0);
	ck_assert_int_eq(port_row("new")->state, ERM_MEMBER_UP);
}
END_TEST

/* Another neighbour is watched: what the old one said is not believed of it. */
START_TEST(test_neighbor_changes)
{
	struct erm_config *changed = plan("a");

	start("a");
	ck_assert_int_eq(erm_addr_parse("198.51.100.9", &changed->sessions[0].neighbor), 0);
	lab_reload(&lab, changed);
	lab_commit(&lab);
	ck_assert_int_eq(lab_session_row(&lab, "ca", ERM_ROLE_PRIMARY, ERM_FAMILY_IPV4)->state,
			 ERM_MEMBER_UNKNOWN);
	ck_assert_int_eq(lab_session_row(&lab, "ca", ERM_ROLE_PRIMARY, ERM_FAMILY_IPV6)->state,
			 ERM_MEMBER_UP);
	lab_run(&lab, LAB_SEC(100));
	lab_expect_silence(&lab);
}
END_TEST

/* Everything open goes out, and comes back in as it was. */
START_TEST(test_round_trip)
{
	struct erm_persist first = { 0 };
	struct erm_persist second = { 0 };

	start("ab");
	lab_link(&lab, "ea1", false);
	lab_run(&lab, LAB_SEC(3));
	lab_link(&lab, "eb1", false);
	lab_link(&lab, "eb2", false);
	lab_run(&lab, LAB_SEC(3));
	ck_assert_int_eq(erm_model_export(lab.model, &first), 0);
	ck_assert_uint_gt(first.n_alarms, 4);
	ck_assert_uint_eq(first.last_sequence, 2);
	lab_restart(&lab, NULL, &first);
	lab_run(&lab, LAB_SEC(30));
	ck_assert_int_eq(erm_model_export(lab.model, &second), 0);
	ck_assert_uint_eq(second.last_sequence, first.last_sequence);
	ck_assert_uint_eq(second.last_alarm_id, first.last_alarm_id);
	ck_assert_uint_eq(second.n_alarms, first.n_alarms);
	for (uint32_t i = 0; i < first.n_alarms; i++) {
		ck_assert_str_eq(second.alarms[i].key, first.alarms[i].key);
		ck_assert_uint_eq(second.alarms[i].id, first.alarms[i].id);
		ck_assert_uint_eq(second.alarms[i].sequence, first.alarms[i].sequence);
		ck_assert_uint_eq(second.alarms[i].raised_real, first.alarms[i].raised_real);
		ck_assert_uint_eq(second.alarms[i].notified_real, first.alarms[i].notified_real);
	}
	ck_assert_uint_eq(second.n_indexes, first.n_indexes);
	for (uint32_t i = 0; i < first.n_indexes; i++) {
		ck_assert_str_eq(second.indexes[i].name, first.indexes[i].name);
		ck_assert_uint_eq(second.indexes[i].index, first.indexes[i].index);
	}
	ck_assert_uint_eq(second.n_members, first.n_members);
	erm_persist_done(&first);
	erm_persist_done(&second);
	lab_expect(&lab, "raise redundancy-lost/ca");
	lab_expect(&lab, "raise service-down/cb");
	lab_expect_silence(&lab);
}
END_TEST

/* Its circuit left the configuration while the agent was away. */
START_TEST(test_alarm_without_its_resource)
{
	start("ab");
	lab_link(&lab, "eb1", false);
	lab_run(&lab, LAB_SEC(3));
	lab_expect(&lab, "raise redundancy-lost/cb");
	lab_restart(&lab, plan("a"), NULL);
	lab_expect(&lab, "clear redundancy-lost/cb");
	ck_assert_str_eq(lab_last_event(&lab)->circuit, "cb");
	ck_assert_uint_eq(lab_last_event(&lab)->sequence, 2);
	lab_restart(&lab, NULL, NULL);
	lab_run(&lab, LAB_SEC(100));
	lab_expect_silence(&lab);
}
END_TEST

/* A group that was redundant is remembered: its lost redundancy is not cleared by a restart. */
START_TEST(test_group_is_remembered)
{
	uint32_t circuits[2];

	circuits[0] = lab_add_circuit(&lab, "c1", ERM_MODEL_CLOUD_EXCHANGE, "er1", NULL);
	circuits[1] = lab_add_circuit(&lab, "c2", ERM_MODEL_CLOUD_EXCHANGE, "er2", NULL);
	lab.config->circuits[0].min_redundant = lab.config->circuits[1].min_redundant = 1;
	(void)lab_add_group(&lab, "azure", circuits, 2);
	lab_start(&lab, NULL);
	lab_tell_all(&lab);
	lab_run(&lab, LAB_SEC(5));
	lab_link(&lab, "er1", false);
	lab_run(&lab, LAB_SEC(5));
	lab_expect(&lab, "raise service-down/c1");
	ck_assert_ptr_nonnull(lab_alarm(&lab, "redundancy-lost/group:azure"));
	lab_restart(&lab, NULL, NULL);
	lab_run(&lab, LAB_SEC(700));
	lab_expect_silence(&lab);
	ck_assert_ptr_nonnull(lab_alarm(&lab, "redundancy-lost/group:azure"));
	ck_assert_ptr_null(lab_alarm(&lab, "not-redundant/group:azure"));
}
END_TEST

/* Lost while the agent was away: a loss, not something that never was. */
START_TEST(test_group_is_remembered_without_an_alarm)
{
	uint32_t circuits[2];

	circuits[0] = lab_add_circuit(&lab, "c1", ERM_MODEL_CLOUD_EXCHANGE, "er1", NULL);
	circuits[1] = lab_add_circuit(&lab, "c2", ERM_MODEL_CLOUD_EXCHANGE, "er2", NULL);
	(void)lab_add_group(&lab, "azure", circuits, 2);
	lab_start(&lab, NULL);
	lab_tell_all(&lab);
	lab_run(&lab, LAB_SEC(5));
	lab_find_interface(&lab, "er1")->has_carrier = false;
	lab_find_interface(&lab, "er1")->is_oper_up = false;
	lab_restart(&lab, NULL, NULL);
	lab_run(&lab, LAB_SEC(3));
	lab_expect(&lab, "raise service-down/c1");
	ck_assert_ptr_nonnull(lab_alarm(&lab, "redundancy-lost/group:azure"));
}
END_TEST

/*
 * Part of an outage is mended while the agent is away: the circuit's alarm was never
 * told (its port's was), so it must not hide the service that is still down.
 */
START_TEST(test_never_told_hides_nothing)
{
	struct erm_persist persist = { 0 };

	(void)lab_add_circuit(&lab, "c1", ERM_MODEL_POINT_TO_POINT, "er1", "er1");
	(void)lab_add_circuit(&lab, "c2", ERM_MODEL_POINT_TO_POINT, "er1", "er1");
	lab_start(&lab, NULL);
	lab_tell_all(&lab);
	lab_run(&lab, LAB_SEC(100));
	lab_link(&lab, "er1", false);
	lab_run(&lab, LAB_SEC(5));
	lab_expect(&lab, "raise port-down/port:er1");
	ck_assert_int_eq(erm_model_export(lab.model, &persist), 0);
	/* As if the port's alarm had been cleared before: only what it covered is left. */
	for (uint32_t i = 0; i < persist.n_alarms; i++) {
		if (strcmp(persist.alarms[i].key, "port-down/port:er1") == 0)
			persist.alarms[i] = persist.alarms[--persist.n_alarms];
	}
	lab_link(&lab, "er1", true);
	for (unsigned int role = ERM_ROLE_PRIMARY; role < ERM_ROLE_MAX; role++)
		lab_session(&lab, "c1", role, ERM_FAMILY_IPV6, false, ERM_CAUSE_PEER_CEASE);
	lab_restart(&lab, NULL, &persist);
	erm_persist_done(&persist);
	lab_commit(&lab);
	lab_expect(&lab, "raise service-down/c1:private-ipv6");
	lab_run(&lab, LAB_SEC(100));
	lab_expect_silence(&lab);
}
END_TEST

START_TEST(test_sequence_wraps)
{
	struct erm_persist persist = { .last_sequence = UINT32_MAX - 1,
				       .last_alarm_id = UINT32_MAX };
	static const uint32_t expected[] = { UINT32_MAX, 1, 2 };

	(void)erm_config_unref(lab.config);
	lab.config = plan("ab");
	lab_start(&lab, &persist);
	lab_tell_all(&lab);
	lab_run(&lab, LAB_SEC(5));
	lab_link(&lab, "ea1", false);
	lab_run(&lab, LAB_SEC(3));
	lab_expect(&lab, "raise redundancy-lost/ca");
	lab_link(&lab, "eb1", false);
	lab_run(&lab, LAB_SEC(3));
	lab_expect(&lab, "raise redundancy-lost/cb");
	lab_link(&lab, "ea1", true);
	lab_run(&lab, LAB_SEC(70));
	lab_expect(&lab, "clear redundancy-lost/ca"); /* 1 was told: 0 would mean it was not */
	for (uint32_t i = 0; i < 3; i++) {
		ck_assert_uint_eq(lab.events[i]->sequence, expected[i]);
		ck_assert_uint_ne(lab.events[i]->alarm_id, 0);
	}
	ck_assert_uint_eq(lab.snapshot->last_sequence, 2);
}
END_TEST

/* A reload of the same configuration tells nothing. */
START_TEST(test_same_again)
{
	start("abc");
	lab_link(&lab, "ea1", false);
	lab_run(&lab, LAB_SEC(10));
	lab_expect(&lab, "raise redundancy-lost/ca");
	for (int i = 0; i < 100; i++) {
		lab_reload(&lab, plan("abc"));
		lab_run(&lab, LAB_SEC(1));
	}
	lab_expect_silence(&lab);
	ck_assert_uint_eq(lab_circuit(&lab, "ca")->transitions, 1);
	ck_assert_uint_eq(lab_circuit(&lab, "cb")->transitions, 0);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("replay reload");
	TCase *tc = tcase_create("reload");

	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_loop_test(tc, test_unchanged_goes_on, 0, 4);
	tcase_add_test(tc, test_removed);
	tcase_add_test(tc, test_removed_and_back);
	tcase_add_test(tc, test_added);
	tcase_add_test(tc, test_renamed);
	tcase_add_test(tc, test_indexes_are_never_used_again);
	tcase_add_test(tc, test_port_moves);
	tcase_add_test(tc, test_port_renamed);
	tcase_add_test(tc, test_neighbor_changes);
	tcase_add_test(tc, test_round_trip);
	tcase_add_test(tc, test_alarm_without_its_resource);
	tcase_add_test(tc, test_group_is_remembered);
	tcase_add_test(tc, test_group_is_remembered_without_an_alarm);
	tcase_add_test(tc, test_never_told_hides_nothing);
	tcase_add_test(tc, test_sequence_wraps);
	tcase_add_test(tc, test_same_again);
	suite_add_tcase(s, tc);
	return s;
}

ERM_CHECK_MAIN(suite)
