/*
 * The verdict over every combination of member states, against an oracle that
 * knows nothing of intervals: it completes what is unknown in every way there is.
 */
#include <string.h>

#include "check_main.h"
#include "core/session.h"
#include "core/verdict.h"

#define MEMBERS_MAX 4
#define MINIMUM_MAX 3
#define N_STATES    (ERM_MEMBER_STATE_MAX - 1)

struct outcome { /* of all completions */
	bool is_seen[ERM_STATE_MAX];
	uint32_t n, below_service, below_redundant;
};

static enum erm_member_state digit(uint32_t combination, uint32_t i)
{
	for (; i > 0; i--)
		combination /= N_STATES;
	return (enum erm_member_state)(combination % N_STATES + 1);
}

static uint32_t power(uint32_t base, uint32_t exponent)
{
	return exponent == 0 ? 1 : base * power(base, exponent - 1);
}

/* The rule for members all of which are known, as the design states it. */
static enum erm_state rule(const enum erm_member_state *members, uint32_t n, uint32_t min_service,
			   uint32_t min_redundant)
{
	uint32_t usable = 0;
	bool is_flawed = false;

	for (uint32_t i = 0; i < n; i++) {
		bool is_usable = members[i] == ERM_MEMBER_UP || members[i] == ERM_MEMBER_DEGRADED ||
				 members[i] == ERM_MEMBER_DRAINING;

		usable += is_usable;
		is_flawed = is_flawed || !is_usable || members[i] == ERM_MEMBER_DEGRADED;
	}
	if (usable < min_service)
		return ERM_STATE_DOWN;
	if (usable < min_redundant)
		return ERM_STATE_REDUNDANCY_LOST;
	return is_flawed ? ERM_STATE_DEGRADED : ERM_STATE_HEALTHY;
}

static uint32_t count_usable(const enum erm_member_state *members, uint32_t n)
{
	uint32_t usable = 0;

	for (uint32_t i = 0; i < n; i++)
		usable += members[i] <= ERM_MEMBER_DRAINING;
	return usable;
}

/* Every completion of the unknown members; an unknown one may be up or down, the rest lies between. */
static void complete(enum erm_member_state *members, uint32_t at, uint32_t n,
		     const uint32_t minima[2], struct outcome *outcome)
{
	while (at < n && members[at] != ERM_MEMBER_UNKNOWN)
		at++;
	if (at == n) {
		uint32_t usable = count_usable(members, n);

		outcome->n++;
		outcome->is_seen[rule(members, n, minima[0], minima[1])] = true;
		outcome->below_service += usable < minima[0];
		outcome->below_redundant += usable < minima[1];
		return;
	}
	members[at] = ERM_MEMBER_UP;
	complete(members, at + 1, n, minima, outcome);
	members[at] = ERM_MEMBER_DOWN;
	complete(members, at + 1, n, minima, outcome);
	members[at] = ERM_MEMBER_UNKNOWN;
}

static enum erm_truth truth(uint32_t holds, uint32_t n)
{
	if (holds == n)
		return ERM_TRUE;
	return holds == 0 ? ERM_FALSE : ERM_TRUTH_UNKNOWN;
}

static struct erm_members tally(const enum erm_member_state *members, uint32_t n)
{
	struct erm_members m = { .expected = n };

	for (uint32_t i = 0; i < n; i++) {
		m.usable += erm_member_is_usable(members[i]);
		m.unknown += members[i] == ERM_MEMBER_UNKNOWN;
		m.has_degraded = m.has_degraded || members[i] == ERM_MEMBER_DEGRADED;
	}
	return m;
}

static void compare(enum erm_member_state *members, uint32_t n, const uint32_t minima[2])
{
	struct outcome outcome = { 0 };
	struct erm_members m = tally(members, n);
	struct erm_verdict v = erm_verdict_judge(&m, minima[0], minima[1]);
	enum erm_state best = ERM_STATE_MAX;
	enum erm_state worst = ERM_STATE_HEALTHY;

	complete(members, 0, n, minima, &outcome);
	for (unsigned int s = ERM_STATE_HEALTHY; s <= ERM_STATE_DOWN; s++) {
		if (!outcome.is_seen[s])
			continue;
		best = best == ERM_STATE_MAX ? (enum erm_state)s : best;
		worst = (enum erm_state)s;
	}
	ck_assert_int_eq(v.worst, worst);
	ck_assert_int_eq(v.best, best);
	ck_assert_int_eq(v.state, best == worst ? worst : ERM_STATE_UNKNOWN);
	ck_assert_uint_eq(v.expected, n);
	ck_assert_uint_eq(v.usable, count_usable(members, n));
	ck_assert_int_eq(erm_verdict_is_below(&v, minima[0]),
			 truth(outcome.below_service, outcome.n));
	ck_assert_int_eq(erm_verdict_is_below(&v, minima[1]),
			 truth(outcome.below_redundant, outcome.n));
}

START_TEST(test_every_combination)
{
	uint32_t n = (uint32_t)_i;
	uint32_t n_compared = 0;

	for (uint32_t combination = 0; combination < power(N_STATES, n); combination++) {
		enum erm_member_state members[MEMBERS_MAX];

		for (uint32_t i = 0; i < n; i++)
			members[i] = digit(combination, i);
		for (uint32_t k = 0; k < (MINIMUM_MAX + 1) * (MINIMUM_MAX + 1); k++) {
			compare(members, n,
				(uint32_t[]){ k % (MINIMUM_MAX + 1), k / (MINIMUM_MAX + 1) });
			n_compared++;
		}
	}
	ck_assert_uint_eq(n_compared, power(N_STATES, n) * 16UL);
}
END_TEST

START_TEST(test_usable_states)
{
	static const bool is_usable[ERM_MEMBER_STATE_MAX] = {
		[ERM_MEMBER_UP] = true, [ERM_MEMBER_DEGRADED] = true, [ERM_MEMBER_DRAINING] = true
	};

	for (unsigned int s = ERM_MEMBER_UP; s < ERM_MEMBER_STATE_MAX; s++)
		ck_assert_int_eq(erm_member_is_usable((enum erm_member_state)s), is_usable[s]);
}
END_TEST

/* A circuit of unknown state that is in service either way: its group may be degraded, or not. */
START_TEST(test_may_have_degraded)
{
	struct erm_members m = { .expected = 2, .usable = 2, .may_have_degraded = true };
	struct erm_verdict v = erm_verdict_judge(&m, 1, 2);

	ck_assert_int_eq(v.state, ERM_STATE_UNKNOWN);
	ck_assert_int_eq(v.worst, ERM_STATE_DEGRADED);
	ck_assert_int_eq(v.best, ERM_STATE_HEALTHY);
	m.has_degraded = true;
	ck_assert_int_eq(erm_verdict_judge(&m, 1, 2).state, ERM_STATE_DEGRADED);
	m.usable = 1;
	ck_assert_int_eq(erm_verdict_judge(&m, 1, 2).state, ERM_STATE_REDUNDANCY_LOST);
}
END_TEST

START_TEST(test_worse)
{
	for (unsigned int a = ERM_STATE_HEALTHY; a < ERM_STATE_MAX; a++) {
		for (unsigned int b = ERM_STATE_HEALTHY; b < ERM_STATE_MAX; b++)
			ck_assert_uint_eq(erm_state_worse((enum erm_state)a, (enum erm_state)b),
					  a > b ? a : b);
		ck_assert_int_eq(erm_state_worse((enum erm_state)a, ERM_STATE_UNKNOWN),
				 ERM_STATE_UNKNOWN);
	}
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("core/verdict");
	TCase *t = tcase_create("verdict");

	tcase_add_loop_test(t, test_every_combination, 1, MEMBERS_MAX + 1);
	tcase_add_test(t, test_usable_states);
	tcase_add_test(t, test_may_have_degraded);
	tcase_add_test(t, test_worse);
	suite_add_tcase(s, t);
	return s;
}

ERM_CHECK_MAIN(suite)
