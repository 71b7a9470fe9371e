/*
 * What is said of every alarm of every resource in every connectivity model: safe
 * characters only, never empty, never cut in silence, never more than is known.
 */
#include <stdlib.h>
#include <string.h>

#include "../replay/lab_config.h"
#include "check_main.h"
#include "core/text.h"

static struct erm_model *model;

static bool is_safe(const char *text)
{
	for (const char *p = text; *p; p++) {
		if (*p < ' ' || *p > '~' || strchr("\"';`$\\|", *p))
			return false;
	}
	return true;
}

static void check_text(const char *text)
{
	ck_assert_uint_gt(strlen(text), 0);
	ck_assert_uint_lt(strlen(text), ERM_EVENT_TEXT_MAX);
	ck_assert_msg(is_safe(text), "%s", text);
	ck_assert_msg(!strstr(text, "null"), "%s", text);
	ck_assert_msg(!strstr(text, "  "), "%s", text);
}

/* Circuits, pairs and groups under names of this length. */
static void start(enum erm_model_type type, size_t name_length)
{
	struct erm_config *c = lab_config_new();
	char names[3][ERM_NAME_MAX];
	uint32_t group = 0;

	for (int i = 0; i < 3; i++) {
		memset(names[i], 'a' + i, name_length);
		names[i][name_length] = '\0';
	}
	(void)lab_config_pair(c, names[0], names[1], names[2]);
	(void)lab_config_circuit(c, names[0], type, names[1], names[2]);
	(void)lab_config_circuit(c, names[1], type, names[1], NULL);
	lab_config_remote_leg(c, names[2]);
	(void)lab_config_bare_circuit(c, names[2], type, names[1], names[2]);
	group = lab_config_group(c, names[1]);
	for (uint32_t i = 0; i < c->n_circuits; i++)
		lab_config_member(c, group, ERM_RESOURCE_CIRCUIT, i);
	ck_assert_int_eq(erm_model_new(c, NULL, (struct erm_time){ 1, 1 }, &model), 0);
	(void)erm_config_unref(c);
}

static void tear_down(void)
{
	model = erm_model_free(model);
}

/* Puts every member into this state for this cause, and each verdict on its worst. */
static void judge_all(enum erm_member_state state, enum erm_cause cause,
		      enum erm_fault_domain fault)
{
	struct erm_tables *t = &model->t;
	struct erm_judgement j = { state, ERM_LAYER_BGP, cause, fault };
	struct erm_verdict v = { .state = ERM_STATE_UNKNOWN,
				 .worst = ERM_STATE_DOWN,
				 .best = ERM_STATE_DEGRADED,
				 .expected = 4000000000U,
				 .usable = 4000000000U,
				 .unknown = 4000000000U };

	if (cause == ERM_CAUSE_NO_CARRIER || cause == ERM_CAUSE_INTERFACE_ABSENT)
		j.layer = ERM_LAYER_PORT;
	for (uint32_t i = 0; i < t->config->n_ports; i++)
		t->ports[i].m.judgement = j;
	for (uint32_t i = 0; i < t->config->n_connections; i++)
		t->connections[i].m.judgement = j;
	for (uint32_t i = 0; i < t->config->n_sessions; i++)
		t->sessions[i].m.judgement = j;
	for (uint32_t i = 0; i < t->config->n_services; i++)
		t->services[i].verdict = v;
	for (uint32_t i = 0; i < t->config->n_circuits; i++)
		t->circuits[i].verdict = v;
	for (uint32_t i = 0; i < t->config->n_groups; i++)
		t->groups[i].verdict = v;
	for (uint32_t i = 0; i < t->config->n_sources; i++)
		t->sources[i].reason = ERM_REASON_TIMEOUT;
	for (uint32_t i = 0; i < t->n_alarms; i++) {
		t->alarms[i].cause = cause;
		t->alarms[i].fault_domain = fault;
		t->alarms[i].impacted = 4000000000U;
	}
}

static bool is_of_circuit(enum erm_resource_kind kind)
{
	return kind == ERM_RESOURCE_CIRCUIT || kind == ERM_RESOURCE_SERVICE ||
	       kind == ERM_RESOURCE_CONNECTION || kind == ERM_RESOURCE_SESSION;
}

static void check_wording(const struct erm_alarm *alarm, bool is_l3, const char *text)
{
	if (is_of_circuit(alarm->kind)) {
		ck_assert_msg(is_l3 == (strstr(text, "access leg") != NULL), "%s", text);
		ck_assert_msg(!is_l3 || !strstr(text, "connections"), "%s", text);
	}
	if (alarm->kind == ERM_RESOURCE_GROUP && is_l3 &&
	    model->t.config->groups[alarm->position].kind == ERM_GROUP_CIRCUITS) {
		ck_assert_msg(strstr(text, "access leg") || strstr(text, "again") ||
				      strstr(text, "redundant now") || strstr(text, "no longer"),
			      "%s", text);
	}
	ck_assert_msg(!is_l3 || !strstr(text, "MSEE"), "%s", text);
}

START_TEST(test_every_alarm)
{
	enum erm_model_type type = (enum erm_model_type)_i;
	bool is_l3 = erm_model_is_l3(type);
	char text[ERM_EVENT_TEXT_MAX];

	start(type, 2);
	for (unsigned int cause = ERM_CAUSE_NONE + 1; cause < ERM_CAUSE_MAX; cause++) {
		enum erm_fault_domain fault =
			erm_fault_domain_of(type, (enum erm_cause)cause, true);

		judge_all(ERM_MEMBER_DOWN, (enum erm_cause)cause, fault);
		for (uint32_t i = 0; i < model->t.n_alarms; i++) {
			struct erm_alarm *alarm = &model->t.alarms[i];

			memset(text, 'x', sizeof(text));
			erm_text_raise(&model->t, alarm, text);
			check_text(text);
			check_wording(alarm, is_l3, text);
			ck_assert_msg(!is_l3 || !strstr(text, "Microsoft"), "%s", text);
			memset(text, 'x', sizeof(text));
			erm_text_clear(&model->t, alarm, text);
			check_text(text);
			check_wording(alarm, is_l3, text);
		}
	}
}
END_TEST

/* Names of full length: a text that does not fit says so by its end. */
START_TEST(test_cut)
{
	char text[ERM_EVENT_TEXT_MAX + 1];
	uint32_t n_cut = 0;

	start(ERM_MODEL_MANAGED_L3, ERM_NAME_MAX - 1);
	judge_all(ERM_MEMBER_DOWN, ERM_CAUSE_TRANSPORT, ERM_FAULT_PROVIDER);
	for (uint32_t i = 0; i < model->t.n_alarms; i++) {
		memset(text, 'x', sizeof(text));
		erm_text_raise(&model->t, &model->t.alarms[i], text);
		check_text(text);
		ck_assert_int_eq(text[ERM_EVENT_TEXT_MAX], 'x');
		if (strlen(text) == ERM_EVENT_TEXT_MAX - 1) {
			ck_assert_str_eq(text + ERM_EVENT_TEXT_MAX - 4, "...");
			n_cut++;
		}
		memset(text, 'x', sizeof(text));
		erm_text_clear(&model->t, &model->t.alarms[i], text);
		check_text(text);
		ck_assert_int_eq(text[ERM_EVENT_TEXT_MAX], 'x');
	}
	ck_assert_uint_gt(n_cut, 0);
}
END_TEST

START_TEST(test_clean)
{
	char text[256];

	for (int c = 1; c < 256; c++)
		text[c - 1] = (char)c;
	text[255] = '\0';
	erm_text_clean(text);
	ck_assert_uint_eq(strlen(text), 255);
	ck_assert(is_safe(text));
	for (int c = 1; c < 256; c++) {
		char expected = (char)c;

		if (c < ' ' || c > '~' || strchr("\"';`$\\|", c))
			expected = ' ';
		ck_assert_int_eq(text[c - 1], expected);
	}
}
END_TEST

/* Two texts in full, so that the wording does not change unseen. */
START_TEST(test_wording)
{
	char text[ERM_EVENT_TEXT_MAX];
	struct erm_alarm *alarm = NULL;

	start(ERM_MODEL_ANY_TO_ANY, 2);
	judge_all(ERM_MEMBER_DOWN, ERM_CAUSE_PEER_CLOSED, ERM_FAULT_PROVIDER);
	model->t.services[0].verdict = (struct erm_verdict){ .state = ERM_STATE_DOWN,
							     .worst = ERM_STATE_DOWN,
							     .best = ERM_STATE_DOWN,
							     .expected = 2 };
	alarm = erm_tables_alarm(&model->t, ERM_RESOURCE_SERVICE, 0, ERM_ALARM_SERVICE_DOWN);
	erm_text_raise(&model->t, alarm, text);
	ck_assert_str_eq(text, "Circuit aa private peering ipv4 DOWN, 0 of 2 access legs left: "
			       "primary access leg peer closed the connection (192.0.2.195), "
			       "secondary access leg peer closed the connection (192.0.2.196). "
			       "Likely owner: provider");
	alarm = erm_tables_alarm(&model->t, ERM_RESOURCE_PORT, 0, ERM_ALARM_PORT_DOWN);
	alarm->cause = ERM_CAUSE_NO_CARRIER;
	alarm->impacted = 3;
	erm_text_raise(&model->t, alarm, text);
	ck_assert_str_eq(text, "Port bb down: no carrier. Circuits affected: 3. "
			       "Likely owner: provider");
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("core/text");
	TCase *t = tcase_create("text");

	tcase_add_checked_fixture(t, NULL, tear_down);
	tcase_add_loop_test(t, test_every_alarm, ERM_MODEL_CLOUD_EXCHANGE, ERM_MODEL_MAX);
	tcase_add_test(t, test_cut);
	tcase_add_test(t, test_clean);
	tcase_add_test(t, test_wording);
	suite_add_tcase(s, t);
	return s;
}

ERM_CHECK_MAIN(suite)
