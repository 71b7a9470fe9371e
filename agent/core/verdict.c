#include "core/verdict.h"

static enum erm_state judge_count(uint32_t count, bool is_whole, uint32_t min_service,
				  uint32_t min_redundant)
{
	if (count < min_service)
		return ERM_STATE_DOWN;
	if (count < min_redundant)
		return ERM_STATE_REDUNDANCY_LOST;
	return is_whole ? ERM_STATE_HEALTHY : ERM_STATE_DEGRADED;
}

struct erm_verdict erm_verdict_judge(const struct erm_members *m, uint32_t min_service,
				     uint32_t min_redundant)
{
	uint32_t most = m->usable + m->unknown;
	enum erm_state worst =
		judge_count(m->usable,
			    m->usable == m->expected && !m->has_degraded && !m->may_have_degraded,
			    min_service, min_redundant);
	enum erm_state best = judge_count(most, most == m->expected && !m->has_degraded,
					  min_service, min_redundant);

	return (struct erm_verdict){
		.state = worst == best ? worst : ERM_STATE_UNKNOWN,
		.worst = worst,
		.best = best,
		.expected = m->expected,
		.usable = m->usable,
		.unknown = m->unknown,
	};
}

enum erm_truth erm_verdict_is_below(const struct erm_verdict *v, uint32_t needed)
{
	if (v->usable + v->unknown < needed)
		return ERM_TRUE;
	return v->usable < needed ? ERM_TRUTH_UNKNOWN : ERM_FALSE;
}

enum erm_state erm_state_worse(enum erm_state a, enum erm_state b)
{
	return a > b ? a : b;
}
