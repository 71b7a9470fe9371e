#include "sources/snmp_router/tell.h"

#include <errno.h>

struct teller {
	const struct erm_source_report *report;
	const struct erm_snmpr_rows *rows;
	struct erm_time at;
};

static void emit(const struct teller *teller, struct erm_obs obs)
{
	if (obs.asked == ERM_USEC_INFINITY)
		obs.asked = 0;
	erm_source_report_emit_at(teller->report, &obs, teller->at);
}

static void emit_session(const struct teller *teller, const struct erm_obs_session *session,
			 usec_t asked)
{
	emit(teller,
	     (struct erm_obs){ .kind = ERM_OBS_SESSION, .asked = asked, .session = *session });
}

/* True when it has changed. */
static bool tell_peer(const struct teller *teller, struct erm_snmpr_peer *peer)
{
	const struct erm_obs_session *was = &peer->told;
	bool is_changed;

	if (peer->result == -EOPNOTSUPP)
		peer->now.is_withdrawn = true;
	emit_session(teller, &peer->now, peer->asked);
	is_changed = peer->has_told &&
		     (was->bgp != peer->now.bgp || was->is_configured != peer->now.is_configured ||
		      was->dropped_count != peer->now.dropped_count);
	peer->told = peer->now;
	peer->has_told = true;
	return is_changed;
}

static bool tell_interface(const struct teller *teller, struct erm_snmpr_interface *iface)
{
	const struct erm_obs_interface *was = &iface->told;
	bool is_changed;

	emit(teller, (struct erm_obs){ .kind = ERM_OBS_INTERFACE,
				       .asked = iface->asked,
				       .iface = iface->now });
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

struct erm_snmpr_told erm_snmpr_tell(const struct erm_source_report *report,
				     struct erm_snmpr_rows *rows, struct erm_time at)
{
	const struct teller own = { .report = report, .rows = rows, .at = at };
	const struct teller *teller = &own;
	struct erm_snmpr_told v = { 0 };

	for (uint32_t i = 0; i < rows->n_interfaces; i++)
		v.lacks_if = v.lacks_if || !is_telling(teller, &rows->interfaces[i]);
	/* the end of a dump would take for absent what could not be told */
	if (!v.lacks_if)
		emit(teller, (struct erm_obs){ .kind = ERM_OBS_DUMP_BEGIN });
	for (uint32_t i = 0; i < rows->n_peers; i++) {
		bool is_lacking = rows->peers[i].result == -EOPNOTSUPP;

		v.lacks_bgp = v.lacks_bgp || is_lacking;
		v.n_told += !is_lacking;
		v.n_changes += tell_peer(teller, &rows->peers[i]);
	}
	for (uint32_t i = 0; i < rows->n_others; i++) {
		struct erm_obs_session none = { .session = rows->others[i], .is_withdrawn = true };

		emit_session(teller, &none, 0);
	}
	for (uint32_t i = 0; i < rows->n_interfaces; i++) {
		if (!is_telling(teller, &rows->interfaces[i]))
			continue;
		v.n_told++;
		v.n_changes += tell_interface(teller, &rows->interfaces[i]);
	}
	if (!v.lacks_if)
		emit(teller, (struct erm_obs){ .kind = ERM_OBS_DUMP_END });
	return v;
}
