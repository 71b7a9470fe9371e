/* Owns the poll period and the CPU budget: a leaky bucket of thread CPU time. */
#include "sources/rtnl/pace.h"

#define BUDGET_NSEC_PER_USEC 20       /* 2 % of a core */
#define CREDIT_MAX_NSEC      20000000 /* what a second of rest saves up, for a burst */
#define DEBT_MAX_NSEC        20000000 /* one look may cost more, but never stops us for over a second */
#define PERIOD_MIN_USEC      ((usec_t)1000)

static int64_t credit_at(const struct erm_rtnl_pace *pace, usec_t now)
{
	usec_t idle_usec = erm_usec_sub(now, pace->credit_at);
	int64_t credit;

	if (idle_usec > (CREDIT_MAX_NSEC + DEBT_MAX_NSEC) / BUDGET_NSEC_PER_USEC)
		return CREDIT_MAX_NSEC;
	credit = pace->credit_nsec + (int64_t)idle_usec * BUDGET_NSEC_PER_USEC;
	return credit > CREDIT_MAX_NSEC ? CREDIT_MAX_NSEC : credit;
}

void erm_rtnl_pace_init(struct erm_rtnl_pace *pace, usec_t rest_usec, usec_t fast_usec,
			usec_t window_usec, usec_t now)
{
	*pace = (struct erm_rtnl_pace){
		.rest_usec = rest_usec > PERIOD_MIN_USEC ? rest_usec : PERIOD_MIN_USEC,
		.fast_usec = fast_usec > PERIOD_MIN_USEC ? fast_usec : PERIOD_MIN_USEC,
		.window_usec = window_usec,
		.credit_nsec = CREDIT_MAX_NSEC,
		.credit_at = now,
	};
	if (pace->fast_usec > pace->rest_usec)
		pace->fast_usec = pace->rest_usec;
}

void erm_rtnl_pace_touch(struct erm_rtnl_pace *pace, usec_t now)
{
	pace->fast_until = erm_usec_add(now, pace->window_usec);
}

void erm_rtnl_pace_spend(struct erm_rtnl_pace *pace, uint64_t cpu_nsec, usec_t now)
{
	int64_t credit = credit_at(pace, now);

	if (cpu_nsec > CREDIT_MAX_NSEC + DEBT_MAX_NSEC)
		cpu_nsec = CREDIT_MAX_NSEC + DEBT_MAX_NSEC;
	credit -= (int64_t)cpu_nsec;
	pace->credit_nsec = credit < -DEBT_MAX_NSEC ? -DEBT_MAX_NSEC : credit;
	pace->credit_at = now;
}

usec_t erm_rtnl_pace_period(const struct erm_rtnl_pace *pace, usec_t now)
{
	return now < pace->fast_until ? pace->fast_usec : pace->rest_usec;
}

usec_t erm_rtnl_pace_allowed_at(const struct erm_rtnl_pace *pace, usec_t now)
{
	int64_t credit = credit_at(pace, now);

	if (credit >= 0)
		return now;
	return erm_usec_add(now, (usec_t)(-credit) / BUDGET_NSEC_PER_USEC + 1);
}
