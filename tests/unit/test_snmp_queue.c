/* The queue of notifications: order, bounds, acknowledgements, failures. */
#include <stdlib.h>

#include "check_main.h"
#include "publish/snmp/queue.h"
#include "snmp_sample.h"

static struct erm_snmp_queue *queue;
static uint32_t next_sequence;

static void setup(void)
{
	queue = malloc(sizeof(*queue));
	ck_assert_ptr_nonnull(queue);
	erm_snmp_queue_init(queue);
	next_sequence = 1;
}

static void teardown(void)
{
	erm_snmp_queue_done(queue);
	free(queue);
}

static void push(uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		struct erm_event *event = snmp_sample_event(next_sequence++, "text");

		erm_snmp_queue_push(queue, event);
		(void)erm_event_unref(event);
	}
}

/* Takes one and checks its sequence; 0 = wants nothing to be there. */
static uint64_t take(uint32_t sequence)
{
	uint64_t position = UINT64_MAX;
	struct erm_event *event = erm_snmp_queue_take(queue, &position);

	ck_assert_uint_eq(event ? event->sequence : 0, sequence);
	(void)erm_event_unref(event);
	return position;
}

START_TEST(goes_out_in_order_and_stops_at_the_window)
{
	push(40);
	for (uint32_t i = 1; i <= ERM_SNMP_WINDOW; i++)
		ck_assert_uint_eq(take(i), i - 1);
	(void)take(0);
	erm_snmp_queue_ack(queue, 0);
	ck_assert_uint_eq(queue->acked_sequence, 1);
	(void)take(ERM_SNMP_WINDOW + 1);
	(void)take(0);
}
END_TEST

START_TEST(an_event_leaves_only_when_all_before_it_have)
{
	push(3);
	(void)take(1);
	(void)take(2);
	(void)take(3);
	erm_snmp_queue_ack(queue, 1);
	ck_assert_uint_eq(queue->acked_sequence, 0);
	ck_assert_uint_eq(erm_snmp_queue_length(queue), 3);
	erm_snmp_queue_ack(queue, 0);
	ck_assert_uint_eq(queue->acked_sequence, 2);
	ck_assert_uint_eq(erm_snmp_queue_length(queue), 1);
	ck_assert_uint_eq(queue->delivered, 2);
}
END_TEST

START_TEST(a_rewind_sends_again_from_the_oldest_one_by_one)
{
	push(20);
	for (uint32_t i = 1; i <= 5; i++)
		(void)take(i);
	erm_snmp_queue_ack(queue, 0);
	erm_snmp_queue_ack(queue, 2); /* 3, before 2 */
	erm_snmp_queue_rewind(queue);
	ck_assert_uint_eq(take(2), 1);
	(void)take(0);
	ck_assert_uint_eq(queue->resent, 1);
	erm_snmp_queue_ack(queue, 1);
	ck_assert_uint_eq(queue->acked_sequence, 3);
	ck_assert_uint_eq(take(4), 3); /* 3 was acknowledged: not again */
	ck_assert_uint_eq(take(5), 4);
	ck_assert_uint_eq(take(6), 5);
	ck_assert_uint_eq(queue->resent, 3);
}
END_TEST

START_TEST(a_late_answer_counts_once)
{
	push(2);
	(void)take(1);
	erm_snmp_queue_rewind(queue);
	erm_snmp_queue_ack(queue, 0);
	erm_snmp_queue_ack(queue, 0);
	erm_snmp_queue_reject(queue, 0);
	ck_assert_uint_eq(queue->delivered, 1);
	ck_assert_uint_eq(queue->rejected, 0);
	(void)take(2);
}
END_TEST

START_TEST(answers_for_what_was_never_sent_are_ignored)
{
	push(3);
	(void)take(1);
	erm_snmp_queue_ack(queue, 1);
	erm_snmp_queue_ack(queue, 77);
	erm_snmp_queue_ack(queue, UINT64_MAX);
	ck_assert_uint_eq(queue->delivered, 0);
	(void)take(2);
}
END_TEST

START_TEST(a_rejected_one_leaves_and_is_counted)
{
	push(2);
	(void)take(1);
	erm_snmp_queue_reject(queue, 0);
	ck_assert_uint_eq(queue->rejected, 1);
	ck_assert_uint_eq(queue->delivered, 0);
	ck_assert_uint_eq(queue->acked_sequence, 1);
	(void)take(2);
}
END_TEST

START_TEST(a_full_queue_loses_its_oldest)
{
	push(ERM_SNMP_QUEUE_MAX);
	(void)take(1);
	(void)take(2);
	push(3);
	ck_assert_uint_eq(queue->dropped, 3);
	ck_assert_uint_eq(erm_snmp_queue_length(queue), ERM_SNMP_QUEUE_MAX);
	erm_snmp_queue_ack(queue, 0); /* dropped meanwhile */
	erm_snmp_queue_ack(queue, 1);
	ck_assert_uint_eq(queue->delivered, 0);
	ck_assert_uint_eq(take(4), 3);
}
END_TEST

START_TEST(everything_passes_however_often_it_wraps)
{
	uint32_t wanted = 1;

	for (int round = 0; round < 3000; round++) {
		uint64_t positions[ERM_SNMP_WINDOW];
		uint32_t n = 0;

		push(13);
		while (n < 13) {
			positions[n] = take(wanted + n);
			n++;
		}
		for (uint32_t i = n; i-- > 0;)
			erm_snmp_queue_ack(queue, positions[i]);
		wanted += n;
		ck_assert_uint_eq(queue->acked_sequence, wanted - 1);
		ck_assert_uint_eq(erm_snmp_queue_length(queue), 0);
	}
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("snmp queue");
	TCase *t = tcase_create("queue");

	tcase_set_timeout(t, 30);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, goes_out_in_order_and_stops_at_the_window);
	tcase_add_test(t, an_event_leaves_only_when_all_before_it_have);
	tcase_add_test(t, a_rewind_sends_again_from_the_oldest_one_by_one);
	tcase_add_test(t, a_late_answer_counts_once);
	tcase_add_test(t, answers_for_what_was_never_sent_are_ignored);
	tcase_add_test(t, a_rejected_one_leaves_and_is_counted);
	tcase_add_test(t, a_full_queue_loses_its_oldest);
	tcase_add_test(t, everything_passes_however_often_it_wraps);
	suite_add_tcase(s, t);
	return s;
}

ERM_CHECK_MAIN(suite)
