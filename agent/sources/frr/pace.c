#include "sources/frr/pace.h"

#include "base/cleanup.h"

/*
 * A hint often comes before bgpd has noticed what it is about, 1 to 8 ms after the link and
 * up to 3 after the kernel's word of a socket; and one fall seldom comes alone.
 */
static const usec_t follow_up_usec[] = {
	4 * ERM_USEC_PER_MSEC,
	8 * ERM_USEC_PER_MSEC,
	40 * ERM_USEC_PER_MSEC,
};

void erm_frr_pace_stop(struct erm_frr_pace *pace)
{
	pace->poll_at = pace->look_at = ERM_USEC_INFINITY;
	pace->n_followed = 0;
	pace->cost = pace->spent = 0;
	pace->is_spare_used = false;
}

void erm_frr_pace_set(struct erm_frr_pace *pace, usec_t poll_usec, usec_t stale_after_usec)
{
	pace->poll_usec = poll_usec;
	pace->stretch_usec = stale_after_usec / 2 > poll_usec ? stale_after_usec / 2 : poll_usec;
}

void erm_frr_pace_want(struct erm_frr_pace *pace)
{
	pace->poll_at = 0;
}

/* What a token is worth: a hint may cost bgpd more than a poll, but not 1/20 of its time. */
static usec_t hint_period(const struct erm_frr_pace *pace)
{
	usec_t usec = 20 * pace->cost;

	return usec > ERM_FRR_HINT_USEC ? usec : ERM_FRR_HINT_USEC;
}

/* The earliest time at which a token is there, and `n_kept` remain when it is taken. */
static usec_t hint_earliest(const struct erm_frr_pace *pace, usec_t now, unsigned int n_kept)
{
	usec_t at = erm_usec_sub(pace->hints_full_at,
				 (ERM_FRR_HINT_BURST - 1 - n_kept) * hint_period(pace));

	return at > now ? at : now;
}

void erm_frr_pace_hint(struct erm_frr_pace *pace, usec_t now)
{
	usec_t at = hint_earliest(pace, now, 0);

	/* at most one is queued; a follow-up that was becomes a hinted read */
	if (at < pace->look_at)
		pace->look_at = at;
	pace->n_followed = 0;
}

static void queue_follow_up(struct erm_frr_pace *pace, usec_t now)
{
	usec_t at = 0;

	pace->look_at = ERM_USEC_INFINITY;
	if (pace->n_followed >= ERM_ELEMENTS(follow_up_usec))
		return;
	at = erm_usec_add(now, follow_up_usec[pace->n_followed]);
	pace->n_followed++;
	/* not with the last tokens: a hint that is new comes first */
	pace->look_at = hint_earliest(pace, at, ERM_FRR_HINT_BURST / 2);
}

static void begin_look(struct erm_frr_pace *pace, usec_t now)
{
	usec_t full_at = pace->hints_full_at > now ? pace->hints_full_at : now;

	pace->hints_full_at = erm_usec_add(full_at, hint_period(pace));
	queue_follow_up(pace, now);
}

bool erm_frr_pace_spot(struct erm_frr_pace *pace, usec_t now)
{
	if (hint_earliest(pace, now, 0) > now) {
		erm_frr_pace_hint(pace, now);
		return false;
	}
	pace->n_followed = 0;
	begin_look(pace, now);
	return true;
}

void erm_frr_pace_follow(struct erm_frr_pace *pace, usec_t now)
{
	if (pace->look_at != ERM_USEC_INFINITY)
		return;
	pace->n_followed = 1;
	queue_follow_up(pace, now);
}

enum erm_frr_turn erm_frr_pace_turn(struct erm_frr_pace *pace, usec_t now)
{
	usec_t period = 0;

	if (pace->look_at <= now) {
		begin_look(pace, now);
		return ERM_FRR_TURN_CYCLE;
	}
	if (pace->poll_at <= now) {
		pace->poll_at = erm_usec_add(now, pace->poll_usec);
		pace->began_at = now;
		pace->spent = 0;
		pace->is_spare_used = false;
		return ERM_FRR_TURN_CYCLE;
	}
	if (pace->poll_at == ERM_USEC_INFINITY)
		return ERM_FRR_TURN_NONE;
	/* one a period in any case, or a router that is slow would never tell all */
	period = erm_usec_sub(pace->poll_at, pace->began_at);
	if (pace->is_spare_used && pace->spent >= period / ERM_FRR_SPARE_SHARE)
		return ERM_FRR_TURN_NONE;
	pace->is_spare_used = true;
	return ERM_FRR_TURN_SPARE;
}

void erm_frr_pace_spend(struct erm_frr_pace *pace, usec_t took)
{
	pace->spent = erm_usec_add(pace->spent, took);
}

/* A busy machine makes answers slow, never quick: what bgpd works is nearer to the least. */
static void note_cost(struct erm_frr_pace *pace, usec_t cost)
{
	if (cost == 0)
		return;
	if (pace->cost == 0 || cost < pace->cost)
		pace->cost = cost;
	else
		pace->cost = (7 * pace->cost + cost) / 8;
}

void erm_frr_pace_end(struct erm_frr_pace *pace, usec_t began, usec_t now, usec_t cost,
		      bool is_changed)
{
	usec_t rested = erm_usec_add(now, erm_usec_sub(now, began));
	usec_t stretch = 0;
	usec_t at = 0;

	note_cost(pace, cost);
	stretch = pace->cost * ERM_FRR_SHARE;
	at = erm_usec_add(began, stretch < pace->stretch_usec ? stretch : pace->stretch_usec);
	if (pace->poll_at < at)
		pace->poll_at = at;
	/* whatever is configured: bgpd rests at least as long as it worked for us */
	if (pace->poll_at < rested)
		pace->poll_at = rested;

	if (is_changed)
		erm_frr_pace_follow(pace, now);
}

usec_t erm_frr_pace_next(const struct erm_frr_pace *pace)
{
	return pace->look_at < pace->poll_at ? pace->look_at : pace->poll_at;
}
