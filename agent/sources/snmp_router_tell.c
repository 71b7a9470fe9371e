#include "sources/snmp_router_tell.h"

#include <errno.h>

struct teller {
	const struct erm_source_env *env;
	uint32_t index;
	struct erm_snmpr_rows *rows;
};

static void emit_mark(const struct teller *teller, enum erm_obs_kind kind, struct erm_time at)
{
	struct erm_obs obs = { .kind = kind, .source = teller->index, .at = at };

	teller->env->emit(teller->env->userdata, &obs);
}

static void emit_session(const struct teller *teller, const struct erm_obs_session *session,
			 usec_t asked, struct erm_time at)
{
	struct erm_obs obs = { .kind = ERM_OBS_SESSION, .source = teller->index, .at = at };

	obs.asked = asked == ERM_USEC_INFINITY ? 0 : asked;
	obs.session = *session;
	teller->env->emit(teller->env->userdata, &obs);
}

/* True when it has changed. */
static bool tell_peer(const struct teller *teller, struct erm_snmpr_peer *peer, struct erm_time at)
{
	const struct erm_obs_session *was = &peer->told;
	bool is_changed;

	if (peer->result == -EOPNOTSUPP)
		peer->now.is_withdrawn = true;
	emit_session(teller, &peer->now, peer->asked, at);
	is_changed = peer->has_told &&
		     (was->bgp != peer->now.bgp || was->is_configured != peer->now.is_configured ||
		      was->dropped_count != peer->now.dropped_count);
	peer->told = peer->now;
	peer->has_told = true;
	return is_changed;
}

static bool tell_interface(const struct teller *teller, struct erm_snmpr_interface *iface,
			   struct erm_time at)
{
	struct erm_obs obs = { .kind = ERM_OBS_INTERFACE, .source = teller->index, .at = at };
	const struct erm_obs_interface *was = &iface->told;
	bool is_changed;

	obs.asked = iface->asked == ERM_USEC_INFINITY ? 0 : iface->asked;
	obs.iface = iface->now;
	teller->env->emit(teller->env->userdata, &obs);
	is_changed = iface->has_told && (was->is_present != iface->now.is_present ||
					 was->is_oper_up != iface->now.is_oper_up ||
					 was->carrier_down_count != iface->now.carrier_down_count);
	iface->told = iface->now;
	iface->has_told = true;
	return is_changed;
}

/* An interface that no table has proves nothing when the agent has no table. */
static bool is_telling(const struct teller *teller, const struct erm_snmpr_interface *iface)
{
	return iface->result != -EOPNOTSUPP && (iface->ifindex > 0 || teller->rows->n_walked > 0);
}

struct erm_snmpr_told erm_snmpr_tell(const struct erm_source_env *env, uint32_t source,
				     struct erm_snmpr_rows *rows, struct erm_time at)
{
	const struct teller own = { .env = env, .index = source, .rows = rows };
	const struct teller *teller = &own;
	struct erm_snmpr_told v = { 0 };

	for (uint32_t i = 0; i < rows->n_interfaces; i++)
		v.lacks_if = v.lacks_if || !is_telling(teller, &rows->interfaces[i]);
	/* the end of a dump would take for absent what could not be told */
	if (!v.lacks_if)
		emit_mark(teller, ERM_OBS_DUMP_BEGIN, at);
	for (uint32_t i = 0; i < rows->n_peers; i++) {
		bool is_lacking = rows->peers[i].result == -EOPNOTSUPP;

		v.lacks_bgp = v.lacks_bgp || is_lacking;
		v.n_told += !is_lacking;
		v.n_changes += tell_peer(teller, &rows->peers[i], at);
	}
	for (uint32_t i = 0; i < rows->n_others; i++) {
		struct erm_obs_session none = { .session = rows->others[i], .is_withdrawn = true };

		emit_session(teller, &none, 0, at);
	}
	for (uint32_t i = 0; i < rows->n_interfaces; i++) {
		if (!is_telling(teller, &rows->interfaces[i]))
			continue;
		v.n_told++;
		v.n_changes += tell_interface(teller, &rows->interfaces[i], at);
	}
	if (!v.lacks_if)
		emit_mark(teller, ERM_OBS_DUMP_END, at);
	return v;
}
