/* GET and GETNEXT at every boundary, against a linear search over the walk. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "check_main.h"
#include "publish/snmp/table.h"
#include "snmp_sample.h"

#define MAX_WALK  8192
#define TOO_LARGE 4294967295UL

struct cell {
	struct erm_snmp_oid oid;
	enum erm_snmp_type type;
	size_t size;
	unsigned char octets[256];
};

static struct erm_snapshot *snapshot;
static struct erm_publisher_health health;
static struct erm_snmp_context ctx;
static struct cell walk[MAX_WALK];
static size_t n_walk;

static int compare(const unsigned long *a, size_t n_a, const unsigned long *b, size_t n_b)
{
	for (size_t i = 0; i < n_a && i < n_b; i++) {
		if (a[i] != b[i])
			return a[i] < b[i] ? -1 : 1;
	}
	return n_a < n_b ? -1 : n_a > n_b;
}

static void use(const struct snmp_sample_size *size)
{
	snapshot = snmp_sample_new(size);
	health = (struct erm_publisher_health){ .queued = 3, .acked_sequence = 9 };
	ctx = (struct erm_snmp_context){
		.snapshot = snapshot, .health = &health, .now = snapshot->at, .uptime_ticks = 100000
	};
}

static void store(struct cell *cell, const struct erm_snmp_value *value)
{
	ck_assert_uint_le(value->size, sizeof(cell->octets));
	cell->type = value->type;
	cell->size = value->size;
	(void)memcpy(cell->octets, value->data, value->size);
}

static void walk_all(void)
{
	unsigned long ids[8];
	size_t len = 0;
	struct erm_snmp_value value;

	n_walk = 0;
	while (n_walk < MAX_WALK &&
	       erm_snmp_next(&ctx, ids, len, false, &walk[n_walk].oid, &value)) {
		store(&walk[n_walk], &value);
		len = walk[n_walk].oid.len;
		(void)memcpy(ids, walk[n_walk].oid.ids, len * sizeof(ids[0]));
		n_walk++;
	}
	ck_assert_uint_lt(n_walk, MAX_WALK);
}

static void setup(void)
{
	use(&(struct snmp_sample_size){
		.n_circuits = 3, .n_alarms = 4, .n_events = 5, .first_sequence = 200 });
	walk_all();
}

static void teardown(void)
{
	snapshot = erm_snapshot_unref(snapshot);
}

START_TEST(walk_rises_and_holds_every_cell)
{
	const uint32_t rows[] = {
		1, 1, 2, 3, 6, 12, 6, 1, 4, 5, 2, 2, 2
	}; /* by table; the scalars are one */
	size_t n_cells = 0;

	for (size_t i = 0; i < ERM_SNMP_N_TABLES; i++)
		n_cells += (size_t)rows[i] * erm_snmp_tables[i]->n_columns;
	ck_assert_uint_eq(n_walk, n_cells);
	for (size_t i = 1; i < n_walk; i++) {
		ck_assert_int_lt(compare(walk[i - 1].oid.ids, walk[i - 1].oid.len, walk[i].oid.ids,
					 walk[i].oid.len),
				 0);
	}
}
END_TEST

START_TEST(get_gives_what_next_gave)
{
	for (size_t i = 0; i < n_walk; i++) {
		struct erm_snmp_value value;
		struct cell cell;

		ck_assert_int_eq(erm_snmp_get(&ctx, walk[i].oid.ids, walk[i].oid.len, &value),
				 ERM_SNMP_FOUND);
		store(&cell, &value);
		ck_assert_int_eq(cell.type, walk[i].type);
		ck_assert_uint_eq(cell.size, walk[i].size);
		ck_assert_mem_eq(cell.octets, walk[i].octets, cell.size);
	}
}
END_TEST

static const struct erm_snmp_table *table_of(unsigned long number)
{
	size_t i = 0;

	while (erm_snmp_tables[i]->number != number) {
		i++;
		ck_assert_uint_lt(i, ERM_SNMP_N_TABLES);
	}
	return erm_snmp_tables[i];
}

START_TEST(types_are_those_of_the_columns)
{
	for (size_t i = 0; i < n_walk; i++) {
		const struct erm_snmp_table *table = table_of(walk[i].oid.ids[1]);
		size_t at = table->n_index > 0 ? walk[i].oid.ids[3] - 2 : walk[i].oid.ids[2] - 1;

		ck_assert_uint_lt(at, table->n_columns);
		ck_assert_msg(walk[i].type == table->columns[at].type, "%s",
			      table->columns[at].name);
	}
}
END_TEST

static const struct cell *cell_of(const struct erm_snmp_table *table, const char *column,
				  const uint32_t *index)
{
	struct erm_snmp_oid oid;

	ck_assert_int_eq(erm_snmp_instance(table, column, index, &oid), 0);
	for (size_t i = 0; i < n_walk; i++) {
		if (compare(walk[i].oid.ids, walk[i].oid.len, oid.ids, oid.len) == 0)
			return &walk[i];
	}
	ck_abort_msg("%s is not there", column);
}

static long number_of(const struct erm_snmp_table *table, const char *column, const uint32_t *index)
{
	long number;

	(void)memcpy(&number, cell_of(table, column, index)->octets, sizeof(number));
	return number;
}

START_TEST(light_has_rows_of_the_ports_and_signed_powers)
{
	static const struct {
		const char *column;
		long dark, lit; /* of the ports 3 and 7, as in snmp_sample.c */
	} cases[] = {
		{ "ermonLightPortNumber", 3, 7 },
		{ "ermonLightIsKnown", 2, 1 },
		{ "ermonLightRxPower", -32768, -1432 },
		{ "ermonLightTxPower", -32768, -210 },
		{ "ermonLightRxSlope", 0, -7 },
		{ "ermonLightLanes", 0, 2 },
		{ "ermonLightTemperature", INT32_MIN, -1250 },
	};
	static const uint32_t dark[] = { 3 };
	static const uint32_t lit[] = { 7 };
	static const uint32_t lanes[2][2] = { { 7, 1 }, { 7, 2 } };
	const struct cell *name = cell_of(&erm_snmp_lane_table, "ermonLanePortName", lanes[1]);

	for (size_t i = 0; i < ERM_ELEMENTS(cases); i++) {
		ck_assert_int_eq(number_of(&erm_snmp_light_table, cases[i].column, dark),
				 cases[i].dark);
		ck_assert_int_eq(number_of(&erm_snmp_light_table, cases[i].column, lit),
				 cases[i].lit);
	}
	ck_assert_int_eq(number_of(&erm_snmp_lane_table, "ermonLaneRxPower", lanes[0]), -32768);
	ck_assert_int_eq(number_of(&erm_snmp_lane_table, "ermonLaneRxPower", lanes[1]), -1432);
	ck_assert_int_eq(number_of(&erm_snmp_lane_table, "ermonLaneIsSignalLost", lanes[0]), 1);
	ck_assert_uint_eq(name->size, strlen("port-1"));
	ck_assert_mem_eq(name->octets, "port-1", name->size);
	name = cell_of(&erm_snmp_light_table, "ermonLightInterface", lit);
	ck_assert_uint_eq(name->size, strlen("ens-1"));
	ck_assert_mem_eq(name->octets, "ens-1", name->size);
}
END_TEST

static void check_text_of(const struct erm_snmp_table *table, const char *column, uint32_t index,
			  const char *wanted)
{
	const struct cell *cell = cell_of(table, column, &index);

	ck_assert_uint_eq(cell->size, strlen(wanted));
	ck_assert_mem_eq(cell->octets, wanted, cell->size);
}

START_TEST(operators_and_shelves_are_shown)
{
	static const uint32_t alarms[] = { 100, 101 };
	static const uint32_t shelves[] = { 3, 8 };
	const struct erm_snmp_table *alarm = &erm_snmp_alarm_table;
	const struct erm_snmp_table *shelf = &erm_snmp_shelf_table;

	ck_assert_int_eq(number_of(alarm, "ermonAlarmOperatorState", &alarms[0]), 1);
	ck_assert_int_eq(number_of(alarm, "ermonAlarmOperatorState", &alarms[1]), 2);
	check_text_of(alarm, "ermonAlarmOperator", alarms[0], "");
	check_text_of(alarm, "ermonAlarmOperator", alarms[1], "jane");
	check_text_of(alarm, "ermonAlarmOperatorText", alarms[1], "seen");
	check_text_of(alarm, "ermonAlarmShelf", alarms[0], "");
	check_text_of(alarm, "ermonAlarmShelf", alarms[1], "works");
	ck_assert_int_eq(number_of(alarm, "ermonAlarmOperatorTimeAge", &alarms[0]), UINT32_MAX);
	ck_assert_int_ge(number_of(alarm, "ermonAlarmOperatorTimeAge", &alarms[1]), 43);
	ck_assert_int_lt(number_of(alarm, "ermonAlarmOperatorTimeAge", &alarms[1]), 100);
	check_text_of(shelf, "ermonShelfName", 8, "works");
	check_text_of(shelf, "ermonShelfTypes", 3, "");
	check_text_of(shelf, "ermonShelfTypes", 8, "redundancy-lost draining");
	check_text_of(shelf, "ermonShelfResources", 8, "contoso-* port:p?");
	/* 487 octets would be too many for an SnmpAdminString. */
	ck_assert_uint_eq(cell_of(shelf, "ermonShelfResources", &shelves[0])->size, 255);
	ck_assert_int_eq(number_of(shelf, "ermonShelfRemaining", &shelves[0]), UINT32_MAX);
	ck_assert_int_le(number_of(shelf, "ermonShelfRemaining", &shelves[1]), 3600);
	ck_assert_int_gt(number_of(shelf, "ermonShelfRemaining", &shelves[1]), 3500);
	ck_assert_uint_eq(cell_of(shelf, "ermonShelfUntil", &shelves[0])->size, 8);
	ck_assert_uint_eq(cell_of(shelf, "ermonShelfUntil", &shelves[1])->size, 11);
	ck_assert_int_eq(number_of(shelf, "ermonShelfAlarms", &shelves[1]), 1);
}
END_TEST

/* What a linear search says comes first after (or at) ids; n_walk = nothing. */
static size_t expected_next(const unsigned long *ids, size_t len, bool is_inclusive)
{
	size_t i = 0;

	while (i < n_walk) {
		int c = compare(walk[i].oid.ids, walk[i].oid.len, ids, len);

		if (c > 0 || (c == 0 && is_inclusive))
			break;
		i++;
	}
	return i;
}

static void probe(const unsigned long *ids, size_t len)
{
	for (int inclusive = 0; inclusive < 2; inclusive++) {
		size_t wanted = expected_next(ids, len, inclusive);
		struct erm_snmp_oid oid;
		struct erm_snmp_value value;
		struct cell cell;

		if (!erm_snmp_next(&ctx, ids, len, inclusive, &oid, &value)) {
			ck_assert_uint_eq(wanted, n_walk);
			continue;
		}
		ck_assert_uint_lt(wanted, n_walk);
		ck_assert_int_eq(compare(oid.ids, oid.len, walk[wanted].oid.ids,
					 walk[wanted].oid.len),
				 0);
		store(&cell, &value);
		ck_assert_mem_eq(cell.octets, walk[wanted].octets, cell.size);
	}
	{
		size_t at = expected_next(ids, len, true);
		bool is_there =
			at < n_walk && compare(walk[at].oid.ids, walk[at].oid.len, ids, len) == 0;
		struct erm_snmp_value value;

		ck_assert_int_eq(erm_snmp_get(&ctx, ids, len, &value) == ERM_SNMP_FOUND, is_there);
	}
}

/* The neighbourhood of an OID: cut at each place, each place moved, lengthened. */
static void probe_around(const struct erm_snmp_oid *oid)
{
	static const unsigned long replacements[] = { 0,          1,          2,        255,
						      0x7fffffff, 0x80000000, TOO_LARGE };
	unsigned long ids[128];

	for (size_t len = 0; len <= oid->len; len++) {
		(void)memcpy(ids, oid->ids, sizeof(oid->ids));
		probe(ids, len);
		for (size_t i = 0; i < ERM_ELEMENTS(replacements); i++) {
			ids[len] = replacements[i];
			probe(ids, len + 1);
			ids[len + 1] = replacements[i];
			probe(ids, len + 2);
		}
		if (len == 0)
			continue;
		ids[len - 1] = oid->ids[len - 1] - 1;
		probe(ids, len);
		ids[len] = TOO_LARGE;
		probe(ids, len + 1);
		ids[len - 1] = oid->ids[len - 1] + 1;
		probe(ids, len);
	}
	(void)memcpy(ids, oid->ids, sizeof(oid->ids));
	for (size_t i = oid->len; i < ERM_ELEMENTS(ids); i++)
		ids[i] = 7;
	probe(ids, ERM_ELEMENTS(ids));
}

START_TEST(next_and_get_agree_with_a_linear_search)
{
	for (size_t i = 0; i < n_walk; i++)
		probe_around(&walk[i].oid);
}
END_TEST

START_TEST(errors_tell_object_from_instance)
{
	static const struct {
		unsigned long ids[6];
		size_t len;
		enum erm_snmp_found wanted;
	} cases[] = {
		{ { 1, 1, 1, 0 }, 4, ERM_SNMP_FOUND },
		{ { 1, 1, 1 }, 3, ERM_SNMP_NO_INSTANCE },
		{ { 1, 1, 1, 1 }, 4, ERM_SNMP_NO_INSTANCE },
		{ { 1, 1, 0, 0 }, 4, ERM_SNMP_NO_OBJECT },
		{ { 1, 1, 99, 0 }, 4, ERM_SNMP_NO_OBJECT },
		{ { 1, 4, 1, 4, 10 }, 5, ERM_SNMP_FOUND },
		{ { 1, 4, 1, 4 }, 4, ERM_SNMP_NO_INSTANCE },
		{ { 1, 4, 1, 4, 10, 0 }, 6, ERM_SNMP_NO_INSTANCE },
		{ { 1, 4, 1, 4, 11 }, 5, ERM_SNMP_NO_INSTANCE },
		{ { 1, 4, 1, 4, TOO_LARGE }, 5, ERM_SNMP_NO_INSTANCE },
		{ { 1, 4, 1, 0, 10 }, 5, ERM_SNMP_NO_OBJECT },
		{ { 1, 4, 1, 1, 10 }, 5, ERM_SNMP_NO_OBJECT }, /* the not-accessible index */
		{ { 1, 4, 1, 99, 10 }, 5, ERM_SNMP_NO_OBJECT },
		{ { 1, 4, 2, 4, 10 }, 5, ERM_SNMP_NO_OBJECT },
		{ { 1, 11, 1, 0 }, 4, ERM_SNMP_NO_OBJECT }, /* accessible-for-notify */
		{ { 1, 99, 1, 1 }, 4, ERM_SNMP_NO_OBJECT },
		{ { 0, 1 }, 2, ERM_SNMP_NO_OBJECT },
		{ { 0 }, 0, ERM_SNMP_NO_OBJECT },
	};

	for (size_t i = 0; i < ERM_ELEMENTS(cases); i++) {
		struct erm_snmp_value value;

		ck_assert_msg(erm_snmp_get(&ctx, cases[i].ids, cases[i].len, &value) ==
				      cases[i].wanted,
			      "case %zu", i);
	}
}
END_TEST

START_TEST(empty_tables_are_stepped_over)
{
	teardown();
	use(&(struct snmp_sample_size){ .first_sequence = 1 });
	walk_all();
	ck_assert_uint_gt(n_walk, 0);
	for (size_t i = 0; i < n_walk; i++) {
		unsigned long table = walk[i].oid.ids[1];

		ck_assert(table == 1 || table == 2 || table == 3 || table == 8 || table == 12 ||
			  table == 13 || table == 14);
	}
}
END_TEST

static const struct cell *last_of(unsigned long table)
{
	size_t i = n_walk;

	while (i > 0 && walk[i - 1].oid.ids[1] != table)
		i--;
	ck_assert_uint_gt(i, 0);
	return &walk[i - 1];
}

START_TEST(a_log_whose_sequence_wrapped_stays_sorted)
{
	for (uint32_t before = 0; before < 6; before++) {
		teardown();
		use(&(struct snmp_sample_size){ .n_events = 5,
						.first_sequence = UINT32_MAX - before });
		walk_all();
		ck_assert_uint_eq(last_of(10)->oid.ids[4],
				  before < 4 ? UINT32_MAX : UINT32_MAX - before + 4);
		for (size_t i = 1; i < n_walk; i++) {
			ck_assert_int_lt(compare(walk[i - 1].oid.ids, walk[i - 1].oid.len,
						 walk[i].oid.ids, walk[i].oid.len),
					 0);
		}
		for (size_t i = 0; i < n_walk; i++)
			probe(walk[i].oid.ids, walk[i].oid.len);
	}
}
END_TEST

START_TEST(a_row_that_left_is_passed_over)
{
	static const unsigned long state_of_20[] = { 1, 4, 1, 4, 20 };
	static const unsigned long next_state[] = { 1, 4, 1, 4, 30 };
	struct erm_snmp_oid oid;
	struct erm_snmp_value value;

	(void)memmove(&snapshot->circuits[1], &snapshot->circuits[2],
		      sizeof(snapshot->circuits[1]));
	snapshot->n_circuits--;
	ck_assert_int_eq(erm_snmp_get(&ctx, state_of_20, 5, &value), ERM_SNMP_NO_INSTANCE);
	ck_assert(erm_snmp_next(&ctx, state_of_20, 5, false, &oid, &value));
	ck_assert_int_eq(compare(oid.ids, oid.len, next_state, 5), 0);
}
END_TEST

START_TEST(instances_are_found_by_name)
{
	struct erm_snmp_oid oid;
	uint32_t index[] = { 20, 2, 1 };
	uint32_t absent[] = { 20, 3, 1 };

	ck_assert_int_eq(erm_snmp_instance(&erm_snmp_session_table, "ermonSessionState", index,
					   &oid),
			 0);
	ck_assert_uint_eq(oid.len, 7);
	ck_assert_uint_eq(oid.ids[6], 1);
	ck_assert_int_lt(erm_snmp_instance(&erm_snmp_session_table, "nothing", index, &oid), 0);
	ck_assert_ptr_eq(erm_snmp_row(&erm_snmp_session_table, snapshot, index),
			 &snapshot->sessions[6]);
	ck_assert_ptr_null(erm_snmp_row(&erm_snmp_session_table, snapshot, absent));
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("snmp table");
	TCase *t = tcase_create("table");

	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, walk_rises_and_holds_every_cell);
	tcase_add_test(t, get_gives_what_next_gave);
	tcase_add_test(t, types_are_those_of_the_columns);
	tcase_add_test(t, light_has_rows_of_the_ports_and_signed_powers);
	tcase_add_test(t, operators_and_shelves_are_shown);
	tcase_add_test(t, next_and_get_agree_with_a_linear_search);
	tcase_add_test(t, errors_tell_object_from_instance);
	tcase_add_test(t, empty_tables_are_stepped_over);
	tcase_add_test(t, a_log_whose_sequence_wrapped_stays_sorted);
	tcase_add_test(t, a_row_that_left_is_passed_over);
	tcase_add_test(t, instances_are_found_by_name);
	suite_add_tcase(s, t);
	return s;
}

ERM_CHECK_MAIN(suite)
