/* Notifications on their way: order, acknowledgements across the wrap, the bound, what is saved. */
#include "check_main.h"
#include "core/event.h"
#include "core/persist.h"
#include "undelivered.h"

static struct erm_undelivered u;

static void setup(void)
{
	u = (struct erm_undelivered){ 0 };
}

static void teardown(void)
{
	erm_undelivered_done(&u);
	ck_assert_uint_eq(u.n, 0);
	ck_assert_ptr_null((void *)u.ring);
}

static void add_kind(uint32_t sequence, enum erm_event_kind kind)
{
	struct erm_event fields = { .kind = kind, .sequence = sequence };
	struct erm_event *event = erm_event_new(&fields);

	ck_assert_ptr_nonnull(event);
	ck_assert_int_eq(erm_undelivered_add(&u, event), 0);
	(void)erm_event_unref(event);
}

/* n events, numbered as the agent does: after the largest number comes 1. */
static void add(uint32_t sequence, uint32_t n)
{
	for (; n > 0; n--) {
		add_kind(sequence, ERM_EVENT_RAISE);
		sequence = sequence == UINT32_MAX ? 1 : sequence + 1;
	}
}

/* What would be saved: n events from this number on, in order. */
static void check_kept(uint32_t sequence, uint32_t n)
{
	struct erm_persist persist = { 0 };

	ck_assert_int_eq(erm_undelivered_export(&u, &persist), 0);
	ck_assert_uint_eq(persist.n_undelivered, n);
	for (uint32_t i = 0; i < n; i++) {
		ck_assert_uint_eq(persist.undelivered[i]->sequence, sequence);
		sequence = sequence == UINT32_MAX ? 1 : sequence + 1;
	}
	erm_persist_done(&persist);
}

START_TEST(keeps_the_order)
{
	check_kept(0, 0);
	add(1, 40);
	check_kept(1, 40);
	erm_undelivered_ack(&u, 30);
	check_kept(31, 10);
	/* The ring's end is passed without growing. */
	add(41, 50);
	ck_assert_uint_eq(u.size, 64);
	check_kept(31, 60);
}
END_TEST

START_TEST(grows_with_its_first_in_the_middle)
{
	add(1, 64);
	erm_undelivered_ack(&u, 20);
	add(65, 200);
	ck_assert_uint_gt(u.size, 64);
	check_kept(21, 244);
	ck_assert_uint_eq(u.dropped, 0);
}
END_TEST

START_TEST(forgets_what_arrived_and_nothing_else)
{
	add(10, 5);
	erm_undelivered_ack(&u, 0); /* nothing arrived yet */
	erm_undelivered_ack(&u, 9); /* of an earlier life */
	check_kept(10, 5);
	erm_undelivered_ack(&u, 12);
	erm_undelivered_ack(&u, 12);
	erm_undelivered_ack(&u, 11);
	check_kept(13, 2);
	erm_undelivered_ack(&u, 14);
	check_kept(0, 0);
	erm_undelivered_ack(&u, 15);
	add(15, 1);
	check_kept(15, 1);
}
END_TEST

START_TEST(acknowledges_across_the_wrap)
{
	add(UINT32_MAX - 2, 8);
	erm_undelivered_ack(&u, 0); /* nothing arrived yet: no number, though one after these */
	check_kept(UINT32_MAX - 2, 8);
	erm_undelivered_ack(&u, UINT32_MAX - 1);
	check_kept(UINT32_MAX, 6);
	erm_undelivered_ack(&u, UINT32_MAX - 1); /* late, and larger than most that are kept */
	check_kept(UINT32_MAX, 6);
	erm_undelivered_ack(&u, 2);
	check_kept(3, 3);
}
END_TEST

START_TEST(does_not_keep_heartbeats)
{
	add(1, 1);
	add_kind(1, ERM_EVENT_HEARTBEAT);
	add_kind(2, ERM_EVENT_CLEAR);
	add_kind(3, ERM_EVENT_REMINDER);
	add_kind(4, ERM_EVENT_AGENT_STARTED);
	check_kept(1, 4);
}
END_TEST

START_TEST(drops_the_oldest_and_counts_it)
{
	add(1, ERM_UNDELIVERED_MAX);
	ck_assert_uint_eq(u.dropped, 0);
	add(ERM_UNDELIVERED_MAX + 1, 3);
	ck_assert_uint_eq(u.dropped, 3);
	ck_assert_uint_eq(u.size, ERM_UNDELIVERED_MAX);
	check_kept(4, ERM_UNDELIVERED_MAX);
	erm_undelivered_ack(&u, ERM_UNDELIVERED_MAX);
	add(ERM_UNDELIVERED_MAX + 4, 1);
	ck_assert_uint_eq(u.dropped, 3);
	check_kept(ERM_UNDELIVERED_MAX + 1, 4);
}
END_TEST

/* The state file's thread may still write what has arrived meanwhile. */
START_TEST(what_is_saved_has_references_of_its_own)
{
	struct erm_persist persist = { 0 };

	add(7, 2);
	ck_assert_uint_eq(u.ring[u.first]->n_ref, 1);
	ck_assert_int_eq(erm_undelivered_export(&u, &persist), 0);
	ck_assert_uint_eq(u.ring[u.first]->n_ref, 2);
	erm_undelivered_done(&u);
	ck_assert_uint_eq(persist.n_undelivered, 2);
	ck_assert_uint_eq(persist.undelivered[0]->n_ref, 1);
	ck_assert_uint_eq(persist.undelivered[1]->sequence, 8);
	erm_persist_done(&persist);
}
END_TEST

static Suite *undelivered_suite(void)
{
	Suite *s = suite_create("undelivered");
	TCase *t = tcase_create("undelivered");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, keeps_the_order);
	tcase_add_test(t, grows_with_its_first_in_the_middle);
	tcase_add_test(t, forgets_what_arrived_and_nothing_else);
	tcase_add_test(t, acknowledges_across_the_wrap);
	tcase_add_test(t, does_not_keep_heartbeats);
	tcase_add_test(t, drops_the_oldest_and_counts_it);
	tcase_add_test(t, what_is_saved_has_references_of_its_own);
	suite_add_tcase(s, t);
	return s;
}

ERM_CHECK_MAIN(undelivered_suite)
