#include "core/session.h"

bool erm_member_is_usable(enum erm_member_state state)
{
	return state == ERM_MEMBER_UP || state == ERM_MEMBER_DEGRADED ||
	       state == ERM_MEMBER_DRAINING;
}

bool erm_model_is_l3(enum erm_model_type model)
{
	return model == ERM_MODEL_MANAGED_L3 || model == ERM_MODEL_ANY_TO_ANY;
}

/* The BGP peer spoke or refused: it is the peer's side that acted. */
static enum erm_fault_domain peer_side(enum erm_model_type model)
{
	return erm_model_is_l3(model) ? ERM_FAULT_PROVIDER : ERM_FAULT_MICROSOFT;
}

/* The path went silent: in Direct nothing tells optics, cross-connect and Microsoft apart. */
static enum erm_fault_domain path_side(enum erm_model_type model)
{
	return model == ERM_MODEL_DIRECT ? ERM_FAULT_UNDETERMINED : ERM_FAULT_PROVIDER;
}

enum erm_fault_domain erm_fault_domain_of(enum erm_model_type model, enum erm_cause cause,
					  bool is_ever_up)
{
	switch (cause) {
	case ERM_CAUSE_NONE:
		return ERM_FAULT_NONE;
	case ERM_CAUSE_COLLECTOR_LOST:
	case ERM_CAUSE_INTERFACE_ADMIN:
	case ERM_CAUSE_INTERFACE_ABSENT:
	case ERM_CAUSE_NOT_CONFIGURED:
	case ERM_CAUSE_LOCAL_SHUTDOWN:
	case ERM_CAUSE_PREFIX_LIMIT:
	case ERM_CAUSE_PREFIX_THRESHOLD:
	case ERM_CAUSE_WRONG_AS:
		return ERM_FAULT_CUSTOMER;
	case ERM_CAUSE_NO_CARRIER:
		return is_ever_up ? path_side(model) : ERM_FAULT_CUSTOMER;
	case ERM_CAUSE_HOLD_EXPIRED:
	case ERM_CAUSE_BFD_DOWN:
	case ERM_CAUSE_NEIGHBOR_UNRESOLVED:
		return path_side(model);
	case ERM_CAUSE_ADMIN_SHUTDOWN:
	case ERM_CAUSE_PEER_CEASE:
	case ERM_CAUSE_PEER_CLOSED:
	case ERM_CAUSE_DRAINING:
		return peer_side(model);
	case ERM_CAUSE_NO_DATA_YET:
	case ERM_CAUSE_REMOTE_AGENT:
	case ERM_CAUSE_LOWER_LAYER_DOWN:
	case ERM_CAUSE_NEVER_ESTABLISHED:
	case ERM_CAUSE_TRANSPORT:
	case ERM_CAUSE_NOT_ESTABLISHED:
	case ERM_CAUSE_NO_PREFIXES:
	case ERM_CAUSE_BFD_ABSENT:
	case ERM_CAUSE_FLAPPING:
	case ERM_CAUSE_OPTICAL:
	case ERM_CAUSE_PREFIX_MISSING:
	case ERM_CAUSE_MAX:
		break;
	}
	return ERM_FAULT_UNDETERMINED;
}

static struct erm_judgement judgement(enum erm_member_state state, enum erm_layer layer,
				      enum erm_cause cause)
{
	return (struct erm_judgement){
		.state = state, .layer = layer, .cause = cause, .fault_domain = ERM_FAULT_NONE
	};
}

static struct erm_judgement judge_not_known(enum erm_knowledge knowledge)
{
	return judgement(ERM_MEMBER_UNKNOWN, ERM_LAYER_DATA,
			 knowledge == ERM_LOST ? ERM_CAUSE_COLLECTOR_LOST : ERM_CAUSE_NO_DATA_YET);
}

struct erm_judgement erm_interface_judge(const struct erm_interface_input *in)
{
	const struct erm_obs_interface *obs = in->obs;

	if (in->knowledge != ERM_KNOWN)
		return judge_not_known(in->knowledge);
	if (!obs->is_present)
		return judgement(ERM_MEMBER_DOWN, ERM_LAYER_PORT, ERM_CAUSE_INTERFACE_ABSENT);
	if (!obs->is_admin_up)
		return judgement(ERM_MEMBER_ADMIN_DOWN, ERM_LAYER_ADMIN, ERM_CAUSE_INTERFACE_ADMIN);
	if (!obs->has_carrier)
		return judgement(ERM_MEMBER_DOWN, ERM_LAYER_PORT, ERM_CAUSE_NO_CARRIER);
	if (!obs->is_oper_up)
		return judgement(ERM_MEMBER_DOWN, ERM_LAYER_PORT, ERM_CAUSE_LOWER_LAYER_DOWN);
	return judgement(ERM_MEMBER_UP, ERM_LAYER_NONE, ERM_CAUSE_NONE);
}

/* A session that is not Established: the reason, the most telling first. */
static struct erm_judgement judge_not_established(const struct erm_session_input *in)
{
	const struct erm_obs_session *obs = in->obs;
	bool never = obs->has_counts && obs->established_count == 0;

	if (obs->bgp == ERM_BGP_UNKNOWN)
		return judgement(ERM_MEMBER_UNKNOWN, ERM_LAYER_DATA, ERM_CAUSE_COLLECTOR_LOST);
	if (in->fall_cause == ERM_CAUSE_BFD_DOWN)
		return judgement(ERM_MEMBER_DOWN, ERM_LAYER_BFD, ERM_CAUSE_BFD_DOWN);
	if (in->fall_cause != ERM_CAUSE_NONE)
		return judgement(ERM_MEMBER_DOWN, ERM_LAYER_BGP, in->fall_cause);
	if (obs->bfd == ERM_BFD_DOWN)
		return judgement(ERM_MEMBER_DOWN, ERM_LAYER_BFD, ERM_CAUSE_BFD_DOWN);
	if (never && obs->has_reset && obs->reset_cause == ERM_CAUSE_WRONG_AS)
		return judgement(ERM_MEMBER_DOWN, ERM_LAYER_BGP, ERM_CAUSE_WRONG_AS);
	return judgement(ERM_MEMBER_DOWN, ERM_LAYER_BGP,
			 never ? ERM_CAUSE_NEVER_ESTABLISHED : ERM_CAUSE_NOT_ESTABLISHED);
}

bool erm_session_is_draining(const struct erm_obs_session *obs)
{
	return obs->is_configured && obs->bgp == ERM_BGP_ESTABLISHED && obs->has_path &&
	       obs->prepends > 0;
}

static struct erm_judgement judge_prefixes(const struct erm_session_input *in)
{
	const struct erm_session_config *config = in->config;
	const struct erm_obs_session *obs = in->obs;

	if (obs->has_expected && obs->expected_received < config->n_expected)
		return judgement(ERM_MEMBER_DEGRADED, ERM_LAYER_PREFIXES, ERM_CAUSE_PREFIX_MISSING);
	if (obs->has_advertised && config->prefix_limit > 0 &&
	    (uint64_t)obs->prefixes_advertised * 100 >=
		    (uint64_t)config->prefix_limit * config->prefix_threshold_percent)
		return judgement(ERM_MEMBER_DEGRADED, ERM_LAYER_PREFIXES,
				 ERM_CAUSE_PREFIX_THRESHOLD);
	return judgement(ERM_MEMBER_UP, ERM_LAYER_NONE, ERM_CAUSE_NONE);
}

/* What harms a session that is of use, the lowest layer first. */
static struct erm_judgement judge_usable(const struct erm_session_input *in)
{
	const struct erm_session_config *config = in->config;
	const struct erm_obs_session *obs = in->obs;

	if (in->port && in->port->state == ERM_MEMBER_DEGRADED &&
	    in->port->cause == ERM_CAUSE_OPTICAL)
		return *in->port;
	if (config->peer_as != 0 && obs->remote_as != 0 && config->peer_as != obs->remote_as)
		return judgement(ERM_MEMBER_DEGRADED, ERM_LAYER_BGP, ERM_CAUSE_WRONG_AS);
	if (config->bfd_expected && obs->bfd != ERM_BFD_UP)
		return judgement(ERM_MEMBER_DEGRADED, ERM_LAYER_BFD, ERM_CAUSE_BFD_ABSENT);
	if (in->is_flapping)
		return judgement(ERM_MEMBER_DEGRADED, ERM_LAYER_BGP, ERM_CAUSE_FLAPPING);
	return judge_prefixes(in);
}

static struct erm_judgement judge_established(const struct erm_session_input *in)
{
	const struct erm_session_config *config = in->config;
	const struct erm_obs_session *obs = in->obs;

	if ((obs->has_received && obs->prefixes_received < config->min_prefixes) ||
	    (obs->has_expected && config->n_expected > 0 && obs->expected_received == 0))
		return judgement(ERM_MEMBER_DOWN, ERM_LAYER_PREFIXES, ERM_CAUSE_NO_PREFIXES);
	if (erm_session_is_draining(obs))
		return judgement(ERM_MEMBER_DRAINING, ERM_LAYER_PREFIXES, ERM_CAUSE_DRAINING);
	return judge_usable(in);
}

/* The peer's own word is a better reason than what is wrong below. */
static bool is_peers_word(enum erm_cause cause)
{
	return cause == ERM_CAUSE_ADMIN_SHUTDOWN || cause == ERM_CAUSE_PREFIX_LIMIT ||
	       cause == ERM_CAUSE_PEER_CEASE || cause == ERM_CAUSE_WRONG_AS;
}

static bool is_failing(const struct erm_judgement *below)
{
	return below && (below->state == ERM_MEMBER_DOWN || below->state == ERM_MEMBER_ADMIN_DOWN);
}

static struct erm_judgement judge_layers(const struct erm_session_input *in)
{
	if (in->is_remote)
		return judgement(ERM_MEMBER_UNKNOWN, ERM_LAYER_DATA, ERM_CAUSE_REMOTE_AGENT);
	/* A dead interface is certain, whatever the router still believes until its hold timer ends. */
	if (is_failing(in->port))
		return *in->port;
	if (is_failing(in->interface))
		return judgement(in->interface->state, ERM_LAYER_INTERFACE, in->interface->cause);
	if (in->knowledge != ERM_KNOWN)
		return judge_not_known(in->knowledge);
	if (!in->obs->is_configured)
		return judgement(ERM_MEMBER_NOT_CONFIGURED, ERM_LAYER_BGP,
				 ERM_CAUSE_NOT_CONFIGURED);
	if (in->obs->is_admin_shutdown)
		return judgement(ERM_MEMBER_ADMIN_DOWN, ERM_LAYER_ADMIN, ERM_CAUSE_LOCAL_SHUTDOWN);
	if (in->obs->bgp != ERM_BGP_ESTABLISHED) {
		struct erm_judgement j = judge_not_established(in);

		/* ERM_NEIGHBOR_UNRESOLVED is the lower layer. */
		if (j.state == ERM_MEMBER_DOWN && in->neighbor == ERM_NEIGHBOR_UNRESOLVED &&
		    !is_peers_word(j.cause))
			j = judgement(ERM_MEMBER_DOWN, ERM_LAYER_NEIGHBOR,
				      ERM_CAUSE_NEIGHBOR_UNRESOLVED);
		return j;
	}
	return judge_established(in);
}

struct erm_judgement erm_session_judge(const struct erm_session_input *in)
{
	struct erm_judgement j = judge_layers(in);
	bool from_below = in->port && j.cause == in->port->cause && is_failing(in->port);

	j.fault_domain =
		from_below ? in->port->fault_domain : erm_fault_domain_of(in->model, j.cause, true);
	return j;
}
