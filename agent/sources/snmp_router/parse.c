#include "sources/snmp_router/parse.h"

#include <errno.h>
#include <string.h>

#include "sources/router/notification.h"

#define AS_TRANS     23456 /* RFC 6793: stands for what does not fit */
#define ADMIN_STOP   1     /* bgpPeerAdminStatus */
#define TICKS_USEC   ((usec_t)10000)
#define WRAP_MAX     65536           /* transitions between two polls that are believed */
#define WRAP_SLACK   ((int64_t)6000) /* ticks */
#define TICKS_OF_ALL ((int64_t)UINT32_MAX + 1)

enum { /* RFC 4271 section 4.5, RFC 4486 */
       NOTIFICATION_CEASE = 6,
       CEASE_ADMIN_SHUTDOWN = 2,
};

enum { /* ifAdminStatus and ifOperStatus */
       IF_UP = 1,
       IF_UNKNOWN = 4,
       IF_DORMANT = 5,
       IF_LOWER_LAYER_DOWN = 7,
};

void erm_snmpr_value_take(const struct erm_snmpr_varbind *varbind, struct erm_snmpr_value *ret)
{
	*ret = (struct erm_snmpr_value){ .kind = ERM_SNMPR_VALUE_OTHER };
	switch (varbind->type) {
	case ERM_SNMPR_NO_OBJECT:
		ret->kind = ERM_SNMPR_VALUE_NO_OBJECT;
		break;
	case ERM_SNMPR_NO_INSTANCE:
	case ERM_SNMPR_END_OF_VIEW:
		ret->kind = ERM_SNMPR_VALUE_NO_INSTANCE;
		break;
	case ERM_SNMPR_INTEGER:
	case ERM_SNMPR_COUNTER32:
	case ERM_SNMPR_GAUGE32:
	case ERM_SNMPR_TIMETICKS:
		ret->kind = ERM_SNMPR_VALUE_NUMBER;
		ret->number = varbind->number;
		break;
	case ERM_SNMPR_OCTETS:
		if (varbind->len >= sizeof(ret->text))
			break;
		ret->kind = ERM_SNMPR_VALUE_TEXT;
		ret->len = varbind->len;
		if (varbind->len > 0)
			memcpy(ret->text, varbind->data, varbind->len);
		break;
	case ERM_SNMPR_COUNTER64:
	case ERM_SNMPR_OTHER:
		break;
	}
}

bool erm_snmpr_is_restart(uint32_t before, uint32_t now, usec_t between)
{
	int64_t expected = (int64_t)before + (int64_t)(between / TICKS_USEC);

	if (now >= before)
		return false;
	return expected + WRAP_SLACK < TICKS_OF_ALL + now;
}

uint32_t erm_snmpr_transitions_take(struct erm_snmpr_transitions *transitions, uint32_t now)
{
	uint32_t rise = now - transitions->last;

	/* a fall that is no wrap: the router was restarted and counts anew */
	if (!transitions->has_last || (now < transitions->last && rise >= WRAP_MAX))
		transitions->count = now & INT32_MAX;
	else
		transitions->count += rise;
	transitions->has_last = true;
	transitions->last = now;
	return transitions->count;
}

void erm_snmpr_link_history_take(struct erm_snmpr_link_history *history, bool is_up,
				 uint32_t last_change)
{
	if (history->has_last && history->was_up != is_up) {
		history->up_count += is_up;
		history->down_count += !is_up;
	} else if (history->has_last && is_up && history->last_change != last_change) {
		history->up_count++;
		history->down_count++;
	}
	history->has_last = true;
	history->was_up = is_up;
	history->last_change = last_change;
}

static bool get(const struct erm_snmpr_value *value, int64_t min, int64_t max, int64_t *ret)
{
	if (value->kind != ERM_SNMPR_VALUE_NUMBER || value->number < min || value->number > max)
		return false;
	*ret = value->number;
	return true;
}

static int check_row(const struct erm_snmpr_value *key)
{
	if (key->kind == ERM_SNMPR_VALUE_NO_OBJECT || key->kind == ERM_SNMPR_VALUE_UNASKED)
		return -EOPNOTSUPP;
	return key->kind == ERM_SNMPR_VALUE_NO_INSTANCE ? -ENOENT : 0;
}

/* The last error outlives the session that it ended: told only while there is none. */
static void tell_error(const struct erm_snmpr_value *value, struct erm_obs_session *session)
{
	if (value->kind != ERM_SNMPR_VALUE_TEXT || value->len != 2 ||
	    session->bgp == ERM_BGP_ESTABLISHED)
		return;
	session->has_reset = true;
	session->reset_cause = ERM_CAUSE_NONE;
	session->error_code = (uint8_t)value->text[0];
	session->error_subcode = (uint8_t)value->text[1];
	if (session->error_code == 0)
		return;
	/*
	 * The MIB does not say who sent it, so nobody is blamed; but a shutdown that is not
	 * our router's own is the peer's.
	 */
	session->reset_cause =
		erm_router_notification_cause(session->error_code, session->error_subcode,
					      session->is_admin_shutdown ||
						      session->error_code != NOTIFICATION_CEASE ||
						      session->error_subcode !=
							      CEASE_ADMIN_SHUTDOWN);
	erm_router_notification_text(session->error_code, session->error_subcode,
				     session->reset_text);
}

int erm_snmpr_peer_tell(const struct erm_snmpr_value values[ERM_SNMPR_PEER_COLUMNS],
			struct erm_obs_session *ret)
{
	struct erm_obs_session session = { .is_configured = true };
	int64_t n = 0;
	int r = check_row(&values[ERM_SNMPR_PEER_STATE]);

	if (r < 0)
		return r;
	if (!get(&values[ERM_SNMPR_PEER_STATE], ERM_BGP_IDLE, ERM_BGP_ESTABLISHED, &n))
		return -EBADMSG;
	session.bgp = (enum erm_bgp_state)n;
	session.is_admin_shutdown = get(&values[ERM_SNMPR_PEER_ADMIN], ADMIN_STOP, ADMIN_STOP, &n);
	if (get(&values[ERM_SNMPR_PEER_REMOTE_AS], 1, UINT32_MAX, &n) && n != AS_TRANS)
		session.remote_as = (uint32_t)n;
	if (session.bgp == ERM_BGP_ESTABLISHED &&
	    get(&values[ERM_SNMPR_PEER_TIME], 0, UINT32_MAX, &n))
		session.uptime_sec = (uint32_t)n;
	tell_error(&values[ERM_SNMPR_PEER_LAST_ERROR], &session);
	*ret = session;
	return 0;
}

int erm_snmpr_interface_tell(const struct erm_snmpr_value values[ERM_SNMPR_IF_COLUMNS],
			     struct erm_obs_interface *ret)
{
	struct erm_obs_interface iface = { .is_present = true };
	int64_t oper = 0;
	int64_t n = 0;
	int r = check_row(&values[ERM_SNMPR_IF_OPER]);

	if (r < 0)
		return r;
	if (!get(&values[ERM_SNMPR_IF_OPER], IF_UP, IF_LOWER_LAYER_DOWN, &oper))
		return -EBADMSG;
	/* an agent that tells no administrative state: what is up was set up */
	iface.is_admin_up = get(&values[ERM_SNMPR_IF_ADMIN], 1, 3, &n) ? n == IF_UP : true;
	/* unknown: nothing says that it is down, as with the kernel's own */
	iface.is_oper_up = oper == IF_UP || (oper == IF_UNKNOWN && iface.is_admin_up);
	iface.has_carrier = iface.is_oper_up || oper == IF_DORMANT || oper == IF_LOWER_LAYER_DOWN;
	if (get(&values[ERM_SNMPR_IF_SPEED], 0, UINT32_MAX, &n))
		iface.speed_mbps = (uint64_t)n;
	if (get(&values[ERM_SNMPR_IF_MTU], 0, INT32_MAX, &n))
		iface.mtu = (uint32_t)n;
	*ret = iface;
	return 0;
}
