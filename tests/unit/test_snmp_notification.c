/* Notifications: numbers, prefix, objects; their values are those of the rows at that commit. */
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "check_main.h"
#include "publish/snmp/notification.h"
#include "snmp_sample.h"

static struct erm_snapshot *snapshot;
static struct erm_publisher_health health;
static struct erm_snmp_context ctx;
static struct erm_event *event;
static struct erm_snmp_notification n;

static void setup(void)
{
	snapshot = snmp_sample_new(&(struct snmp_sample_size){
		.n_circuits = 2, .n_alarms = 3, .n_events = 1, .first_sequence = 301 });
	ctx = (struct erm_snmp_context){ .snapshot = snapshot,
					 .health = &health,
					 .now = snapshot->at };
	event = snapshot->log->events[0];
}

static void teardown(void)
{
	snapshot = erm_snapshot_unref(snapshot);
}

static bool is_number(const struct erm_snmp_value *value, long wanted)
{
	return value->type != ERM_SNMP_OCTETS && value->number == wanted;
}

static bool is_text(const struct erm_snmp_value *value, const char *wanted)
{
	return value->type == ERM_SNMP_OCTETS && value->size == strlen(wanted) &&
	       memcmp(value->data, wanted, value->size) == 0;
}

START_TEST(prefix_is_fixed)
{
	ck_assert_int_eq(erm_snmp_notification_make(event, &ctx, &n), 0);
	for (uint32_t i = 0; i < 6; i++) {
		ck_assert_uint_eq(n.objects[i].oid.len, 4);
		ck_assert_uint_eq(n.objects[i].oid.ids[1], 11);
		ck_assert_uint_eq(n.objects[i].oid.ids[2], i + 1);
		ck_assert_uint_eq(n.objects[i].oid.ids[3], 0);
	}
	ck_assert(is_text(&n.objects[0].value, "redundancy-lost/contoso-0"));
	ck_assert(is_number(&n.objects[1].value, ERM_SEVERITY_MAJOR));
	ck_assert(is_text(&n.objects[2].value, "one leg left"));
	ck_assert(is_text(&n.objects[3].value, "contoso-0"));
	ck_assert_uint_eq(n.objects[4].value.size, 11);
	ck_assert(is_number(&n.objects[5].value, 301));
}
END_TEST

START_TEST(objects_equal_the_rows_of_that_commit)
{
	ck_assert_int_eq(erm_snmp_notification_make(event, &ctx, &n), 0);
	ck_assert_uint_eq(n.n_objects, ERM_SNMP_OBJECTS_MAX);
	for (uint32_t i = 6; i < n.n_objects; i++) {
		struct erm_snmp_value row;

		ck_assert_msg(erm_snmp_get(&ctx, n.objects[i].oid.ids, n.objects[i].oid.len,
					   &row) == ERM_SNMP_FOUND,
			      "object %u has no instance", i);
		ck_assert_int_eq(row.type, n.objects[i].value.type);
		ck_assert_uint_eq(row.size, n.objects[i].value.size);
		ck_assert_mem_eq(row.data, n.objects[i].value.data, row.size);
	}
}
END_TEST

START_TEST(numbers)
{
	for (unsigned int type = 1; type < ERM_ALARM_TYPE_MAX; type++) {
		event->type = type;
		event->kind = ERM_EVENT_RAISE;
		ck_assert_int_eq(erm_snmp_notification_make(event, &ctx, &n), 0);
		ck_assert_int_eq((int)n.number, (int)(2 * type - 1));
		event->kind = ERM_EVENT_CLEAR;
		ck_assert_int_eq(erm_snmp_notification_make(event, &ctx, &n), 0);
		ck_assert_int_eq((int)n.number, (int)(2 * type));
	}
	event->kind = ERM_EVENT_REMINDER;
	ck_assert_int_eq(erm_snmp_notification_make(event, &ctx, &n), 0);
	ck_assert_uint_eq(n.number, 103);
}
END_TEST

START_TEST(agent_notifications_carry_the_scalars)
{
	struct erm_snmp_oid oid;

	event->type = 0;
	event->kind = ERM_EVENT_AGENT_STARTED;
	event->resource_kind = ERM_RESOURCE_AGENT;
	event->n_index = 0;
	event->state = ERM_STATE_DOWN;
	event->impacted = 3;
	ck_assert_int_eq(erm_snmp_notification_make(event, &ctx, &n), 0);
	ck_assert_uint_eq(n.number, 101);
	ck_assert_uint_eq(n.n_objects, 10);
	for (uint32_t i = 6; i < n.n_objects; i++) {
		struct erm_snmp_value scalar;

		ck_assert_int_eq(erm_snmp_get(&ctx, n.objects[i].oid.ids, n.objects[i].oid.len,
					      &scalar),
				 ERM_SNMP_FOUND);
		ck_assert_uint_eq(scalar.size, n.objects[i].value.size);
		ck_assert_mem_eq(scalar.data, n.objects[i].value.data, scalar.size);
	}
	/* The event's own values, when the snapshot has moved on since. */
	snapshot->worst = ERM_STATE_HEALTHY;
	snapshot->n_alarms = 0;
	event->kind = ERM_EVENT_HEARTBEAT;
	ck_assert_int_eq(erm_snmp_notification_make(event, &ctx, &n), 0);
	snapshot->n_alarms = 3;
	ck_assert_uint_eq(n.number, 102);
	ck_assert(is_number(&n.objects[7].value, ERM_STATE_DOWN));
	ck_assert(is_number(&n.objects[8].value, 3));
	ck_assert_int_eq(erm_snmp_instance(&erm_snmp_agent, "ermonActiveAlarms", NULL, &oid), 0);
	ck_assert_mem_eq(oid.ids, n.objects[8].oid.ids, oid.len * sizeof(oid.ids[0]));
}
END_TEST

START_TEST(each_kind_ends_with_the_state_of_its_own_row)
{
	static const struct {
		enum erm_resource_kind kind;
		uint32_t index[3], n_index;
		int state; /* as in snmp_sample.c */
		const char *text;
	} cases[] = {
		{ ERM_RESOURCE_SOURCE, { 1 }, 1, ERM_SOURCE_LOST, "lost" },
		{ ERM_RESOURCE_PORT, { 7 }, 1, ERM_MEMBER_DOWN, "down" },
		{ ERM_RESOURCE_CIRCUIT, { 20 }, 1, ERM_STATE_REDUNDANCY_LOST, "redundancy-lost" },
		{ ERM_RESOURCE_CONNECTION, { 10, 2 }, 2, ERM_MEMBER_DOWN, "down" },
		{ ERM_RESOURCE_SESSION, { 10, 2, 1 }, 3, ERM_MEMBER_UP, "up" },
		{ ERM_RESOURCE_SERVICE,
		  { 10, 2 },
		  2,
		  ERM_STATE_REDUNDANCY_LOST,
		  "redundancy-lost" },
		{ ERM_RESOURCE_GROUP, { 2 }, 1, ERM_STATE_REDUNDANCY_LOST, "redundancy-lost" },
	};

	for (size_t i = 0; i < ERM_ELEMENTS(cases); i++) {
		const struct erm_snmp_object *last = &n.objects[ERM_SNMP_OBJECTS_MAX - 1];
		struct erm_snmp_value row;

		event->resource_kind = cases[i].kind;
		(void)memcpy(event->index, cases[i].index, sizeof(event->index));
		event->n_index = cases[i].n_index;
		event->state = cases[i].state;
		ck_assert_int_eq(erm_snmp_notification_make(event, &ctx, &n), 0);
		ck_assert_uint_eq(n.n_objects, ERM_SNMP_OBJECTS_MAX);
		ck_assert(is_text(&n.objects[6].value, cases[i].text));
		ck_assert_int_eq(erm_snmp_get(&ctx, last->oid.ids, last->oid.len, &row),
				 ERM_SNMP_FOUND);
		ck_assert(is_number(&row, cases[i].state));
		ck_assert(is_number(&last->value, cases[i].state));
	}
}
END_TEST

/* What leaves the host, number by number: receivers know these by heart. */
static const struct {
	enum erm_alarm_type type;
	enum erm_resource_kind kind;
	enum erm_severity severity;
	uint32_t index[3], n_index;
	enum erm_cause cause;
	const char *key;
	long raise, cleared, cause_number;
	struct erm_snmp_oid row; /* 17: the state column of the resource's own row */
} new_alarms[] = {
	{ ERM_ALARM_PREFIX_THRESHOLD,
	  ERM_RESOURCE_SESSION,
	  ERM_SEVERITY_MINOR,
	  { 10, 2, 1 },
	  3,
	  ERM_CAUSE_PREFIX_THRESHOLD,
	  "prefix-threshold/contoso-0:secondary:private-ipv4",
	  17,
	  18,
	  23,
	  { { 1, 6, 1, 12, 10, 2, 1 }, 7 } },
	{ ERM_ALARM_PREFIX_LIMIT,
	  ERM_RESOURCE_SESSION,
	  ERM_SEVERITY_MAJOR,
	  { 20, 1, 2 },
	  3,
	  ERM_CAUSE_PREFIX_LIMIT,
	  "prefix-limit/contoso-1:primary:private-ipv6",
	  19,
	  20,
	  12,
	  { { 1, 6, 1, 12, 20, 1, 2 }, 7 } },
	{ ERM_ALARM_OPTICAL,
	  ERM_RESOURCE_PORT,
	  ERM_SEVERITY_MINOR,
	  { 7 },
	  1,
	  ERM_CAUSE_OPTICAL,
	  "optical/port-1",
	  21,
	  22,
	  26,
	  { { 1, 3, 1, 6, 7 }, 5 } },
	{ ERM_ALARM_DRAINING,
	  ERM_RESOURCE_CONNECTION,
	  ERM_SEVERITY_WARNING,
	  { 20, 2 },
	  2,
	  ERM_CAUSE_DRAINING,
	  "draining/contoso-1:secondary",
	  23,
	  24,
	  27,
	  { { 1, 5, 1, 9, 20, 2 }, 6 } },
};

START_TEST(alarms_of_prefixes_light_and_drains)
{
	for (size_t i = 0; i < ERM_ELEMENTS(new_alarms); i++) {
		const struct erm_snmp_object *last = &n.objects[16];
		struct erm_snmp_value row;

		event->type = new_alarms[i].type;
		event->kind = ERM_EVENT_RAISE;
		event->severity = new_alarms[i].severity;
		event->resource_kind = new_alarms[i].kind;
		event->cause = new_alarms[i].cause;
		event->n_index = new_alarms[i].n_index;
		(void)memcpy(event->index, new_alarms[i].index, sizeof(event->index));
		(void)snprintf(event->key, sizeof(event->key), "%s", new_alarms[i].key);
		ck_assert_int_eq(erm_snmp_notification_make(event, &ctx, &n), 0);
		ck_assert_int_eq((long)n.number, new_alarms[i].raise);
		ck_assert_uint_eq(n.n_objects, 17);
		ck_assert(is_text(&n.objects[0].value, new_alarms[i].key));
		ck_assert(is_number(&n.objects[1].value, new_alarms[i].severity));
		ck_assert(is_number(&n.objects[10].value, new_alarms[i].cause_number));
		ck_assert_uint_eq(last->oid.len, new_alarms[i].row.len);
		ck_assert_mem_eq(last->oid.ids, new_alarms[i].row.ids,
				 last->oid.len * sizeof(last->oid.ids[0]));
		ck_assert_int_eq(erm_snmp_get(&ctx, last->oid.ids, last->oid.len, &row),
				 ERM_SNMP_FOUND);
		event->kind = ERM_EVENT_CLEAR;
		event->severity = ERM_SEVERITY_CLEARED;
		ck_assert_int_eq(erm_snmp_notification_make(event, &ctx, &n), 0);
		ck_assert_int_eq((long)n.number, new_alarms[i].cleared);
		ck_assert(is_text(&n.objects[0].value, new_alarms[i].key));
		ck_assert(is_number(&n.objects[1].value, 1));
	}
}
END_TEST

START_TEST(a_resource_that_left_has_no_row)
{
	event->index[0] = 0;
	ck_assert_int_eq(erm_snmp_notification_make(event, &ctx, &n), 0);
	ck_assert_uint_eq(n.n_objects, ERM_SNMP_OBJECTS_MAX - 1);
}
END_TEST

START_TEST(unknown_events_are_refused)
{
	struct erm_event before = *event;

	event->kind = ERM_EVENT_KIND_MAX;
	ck_assert_int_lt(erm_snmp_notification_make(event, &ctx, &n), 0);
	*event = before;
	event->type = 0; /* a raise of nothing */
	ck_assert_int_lt(erm_snmp_notification_make(event, &ctx, &n), 0);
	event->type = ERM_ALARM_TYPE_MAX;
	ck_assert_int_lt(erm_snmp_notification_make(event, &ctx, &n), 0);
	*event = before;
	event->resource_kind = ERM_RESOURCE_KIND_MAX;
	ck_assert_int_lt(erm_snmp_notification_make(event, &ctx, &n), 0);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("snmp notification");
	TCase *t = tcase_create("notification");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, prefix_is_fixed);
	tcase_add_test(t, objects_equal_the_rows_of_that_commit);
	tcase_add_test(t, numbers);
	tcase_add_test(t, agent_notifications_carry_the_scalars);
	tcase_add_test(t, each_kind_ends_with_the_state_of_its_own_row);
	tcase_add_test(t, alarms_of_prefixes_light_and_drains);
	tcase_add_test(t, a_resource_that_left_has_no_row);
	tcase_add_test(t, unknown_events_are_refused);
	suite_add_tcase(s, t);
	return s;
}

ERM_CHECK_MAIN(suite)
