/* The table of sessions: ids, limits, who may kill whom, totals. */
#include <errno.h>

#include "check_main.h"
#include "netconf/table.h"

static struct erm_nc_table table;

static void setup(void)
{
	table = (struct erm_nc_table){ .limits = { .sessions = 4, .sessions_per_user = 2 } };
}

static void teardown(void)
{
	erm_nc_table_done(&table);
	ck_assert_ptr_null(table.first);
	ck_assert_uint_eq(table.n, 0);
}

static struct erm_nc_entry *add(uid_t uid)
{
	struct erm_nc_entry *entry = NULL;

	ck_assert_int_eq(erm_nc_table_add(&table, uid, "user", 7, &entry), 0);
	ck_assert_uint_ne(entry->row.id, 0);
	ck_assert_ptr_eq(erm_nc_table_find(&table, entry->row.id), entry);
	return entry;
}

START_TEST(test_limits)
{
	struct erm_nc_entry *entry = NULL;
	struct erm_nc_entry *first = add(1);

	(void)add(1);
	ck_assert_int_eq(erm_nc_table_add(&table, 1, "user", 7, &entry), -EDQUOT);
	(void)add(2);
	(void)add(3);
	ck_assert_int_eq(erm_nc_table_add(&table, 4, "user", 7, &entry), -EBUSY);
	ck_assert_ptr_null(entry);
	ck_assert_uint_eq(table.totals.refused_sessions, 2);
	ck_assert_uint_eq(table.totals.in_sessions, 4);
	erm_nc_table_remove(&table, first);
	(void)add(1);
}
END_TEST

START_TEST(test_ids)
{
	struct erm_nc_entry *one = add(1);
	struct erm_nc_entry *two = add(2);

	ck_assert_uint_eq(one->row.id, 1);
	ck_assert_uint_eq(two->row.id, 2);
	erm_nc_table_remove(&table, one);
	/* Not used again at once, and around the end those that live are left out. */
	ck_assert_uint_eq(add(1)->row.id, 3);
	table.last_id = UINT32_MAX - 1;
	ck_assert_uint_eq(add(2)->row.id, UINT32_MAX);
	ck_assert_uint_eq(add(3)->row.id, 1);
	ck_assert_uint_eq(table.last_id, 1);
}
END_TEST

START_TEST(test_ids_taken)
{
	(void)add(1);
	(void)add(1);
	table.last_id = UINT32_MAX;
	ck_assert_uint_eq(add(2)->row.id, 3);
}
END_TEST

START_TEST(test_kill)
{
	const struct erm_nc_entry *root = add(0);
	const struct erm_nc_entry *mine = add(5);
	const struct erm_nc_entry *also_mine = add(5);
	const struct erm_nc_entry *other = add(6);

	ck_assert_int_eq(erm_nc_table_may_kill(&table, mine, mine->row.id), -EINVAL);
	ck_assert_int_eq(erm_nc_table_may_kill(&table, mine, 99), -ESRCH);
	ck_assert_int_eq(erm_nc_table_may_kill(&table, mine, also_mine->row.id), 0);
	ck_assert_int_eq(erm_nc_table_may_kill(&table, mine, other->row.id), -EPERM);
	ck_assert_int_eq(erm_nc_table_may_kill(&table, mine, root->row.id), -EPERM);
	ck_assert_int_eq(erm_nc_table_may_kill(&table, root, other->row.id), 0);
}
END_TEST

START_TEST(test_totals)
{
	struct erm_nc_entry *one = add(1);
	struct erm_nc_entry *two = add(2);

	one->row.counters = (struct erm_nc_counters){ 1, 2, 3, 4 };
	two->row.counters = (struct erm_nc_counters){ 10, 20, 30, 40 };
	ck_assert_uint_eq(erm_nc_table_totals(&table).counters.in_rpcs, 11);
	erm_nc_table_remove(&table, one);
	ck_assert_uint_eq(erm_nc_table_totals(&table).counters.in_bad_rpcs, 22);
	ck_assert_uint_eq(erm_nc_table_totals(&table).counters.out_rpc_errors, 33);
	erm_nc_table_remove(&table, two);
	ck_assert_uint_eq(erm_nc_table_totals(&table).counters.out_notifications, 44);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("netconf/table");
	TCase *t = tcase_create("table");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, test_limits);
	tcase_add_test(t, test_ids);
	tcase_add_test(t, test_ids_taken);
	tcase_add_test(t, test_kill);
	tcase_add_test(t, test_totals);
	suite_add_tcase(s, t);
	return s;
}

ERM_CHECK_MAIN(suite)
