/* The judgement of a session: every layer, every cause, every connectivity model. */
#include <string.h>

#include "base/cleanup.h"
#include "check_main.h"
#include "core/session.h"

static const struct erm_session_config config = { .peer_as = 12076,
						  .min_prefixes = 5,
						  .prefix_limit = 100,
						  .prefix_threshold_percent = 80,
						  .bfd_expected = true };

/* A session at its best; each case spoils something. */
static struct erm_obs_session good(void)
{
	return (struct erm_obs_session){ .is_configured = true,
					 .bgp = ERM_BGP_ESTABLISHED,
					 .has_counts = true,
					 .has_received = true,
					 .has_advertised = true,
					 .established_count = 1,
					 .prefixes_received = 5,
					 .prefixes_advertised = 79,
					 .remote_as = 12076,
					 .bfd = ERM_BFD_UP };
}

struct judged {
	const char *name;
	void (*spoil)(struct erm_obs_session *obs);
	enum erm_cause fall_cause; /* 0 = none */
	bool is_flapping;
	enum erm_member_state state;
	enum erm_layer layer;
	enum erm_cause cause;
};

static void spoil_nothing(struct erm_obs_session *obs)
{
	(void)obs;
}

static void spoil_configured(struct erm_obs_session *obs)
{
	obs->is_configured = false;
}

static void spoil_shutdown(struct erm_obs_session *obs)
{
	obs->is_admin_shutdown = true;
	obs->bgp = ERM_BGP_IDLE;
}

static void spoil_word(struct erm_obs_session *obs)
{
	obs->bgp = ERM_BGP_UNKNOWN;
}

static void spoil_bgp(struct erm_obs_session *obs)
{
	obs->bgp = ERM_BGP_ACTIVE;
}

static void spoil_opening(struct erm_obs_session *obs)
{
	obs->bgp = ERM_BGP_OPEN_CONFIRM;
}

static void spoil_never(struct erm_obs_session *obs)
{
	obs->bgp = ERM_BGP_CONNECT;
	obs->established_count = 0;
}

static void spoil_never_wrong_as(struct erm_obs_session *obs)
{
	spoil_never(obs);
	obs->has_reset = true;
	obs->reset_cause = ERM_CAUSE_WRONG_AS;
}

static void spoil_uncounted(struct erm_obs_session *obs)
{
	spoil_never(obs);
	obs->has_counts = false;
}

static void spoil_bfd_and_bgp(struct erm_obs_session *obs)
{
	obs->bgp = ERM_BGP_IDLE;
	obs->bfd = ERM_BFD_DOWN;
}

static void spoil_prefixes(struct erm_obs_session *obs)
{
	obs->prefixes_received = 4;
}

static void spoil_prefixes_untold(struct erm_obs_session *obs)
{
	obs->prefixes_received = 0;
	obs->has_received = false;
}

static void spoil_as(struct erm_obs_session *obs)
{
	obs->remote_as = 64512;
}

static void spoil_as_untold(struct erm_obs_session *obs)
{
	obs->remote_as = 0;
}

static void spoil_bfd(struct erm_obs_session *obs)
{
	obs->bfd = ERM_BFD_NONE;
}

static void spoil_advertised(struct erm_obs_session *obs)
{
	obs->prefixes_advertised = 80;
}

static void spoil_advertised_untold(struct erm_obs_session *obs)
{
	obs->prefixes_advertised = 4000;
	obs->has_advertised = false;
}

static const struct judged known[] = {
	{ "best", spoil_nothing, 0, false, ERM_MEMBER_UP, ERM_LAYER_NONE, ERM_CAUSE_NONE },
	{ "not configured", spoil_configured, 0, false, ERM_MEMBER_NOT_CONFIGURED, ERM_LAYER_BGP,
	  ERM_CAUSE_NOT_CONFIGURED },
	{ "own shutdown", spoil_shutdown, ERM_CAUSE_PEER_CEASE, false, ERM_MEMBER_ADMIN_DOWN,
	  ERM_LAYER_ADMIN, ERM_CAUSE_LOCAL_SHUTDOWN },
	{ "a word nobody knows", spoil_word, 0, false, ERM_MEMBER_UNKNOWN, ERM_LAYER_DATA,
	  ERM_CAUSE_COLLECTOR_LOST },
	{ "down", spoil_bgp, 0, false, ERM_MEMBER_DOWN, ERM_LAYER_BGP, ERM_CAUSE_NOT_ESTABLISHED },
	{ "opening", spoil_opening, 0, false, ERM_MEMBER_DOWN, ERM_LAYER_BGP,
	  ERM_CAUSE_NOT_ESTABLISHED },
	{ "never up", spoil_never, 0, false, ERM_MEMBER_DOWN, ERM_LAYER_BGP,
	  ERM_CAUSE_NEVER_ESTABLISHED },
	{ "never up, wrong AS", spoil_never_wrong_as, 0, false, ERM_MEMBER_DOWN, ERM_LAYER_BGP,
	  ERM_CAUSE_WRONG_AS },
	{ "nobody counts", spoil_uncounted, 0, false, ERM_MEMBER_DOWN, ERM_LAYER_BGP,
	  ERM_CAUSE_NOT_ESTABLISHED },
	{ "BFD tore it", spoil_bgp, ERM_CAUSE_BFD_DOWN, false, ERM_MEMBER_DOWN, ERM_LAYER_BFD,
	  ERM_CAUSE_BFD_DOWN },
	{ "BFD is down too", spoil_bfd_and_bgp, 0, false, ERM_MEMBER_DOWN, ERM_LAYER_BFD,
	  ERM_CAUSE_BFD_DOWN },
	{ "the reason of the fall counts", spoil_bfd_and_bgp, ERM_CAUSE_PEER_CEASE, false,
	  ERM_MEMBER_DOWN, ERM_LAYER_BGP, ERM_CAUSE_PEER_CEASE },
	{ "hold time", spoil_bgp, ERM_CAUSE_HOLD_EXPIRED, true, ERM_MEMBER_DOWN, ERM_LAYER_BGP,
	  ERM_CAUSE_HOLD_EXPIRED },
	{ "prefix limit", spoil_bgp, ERM_CAUSE_PREFIX_LIMIT, false, ERM_MEMBER_DOWN, ERM_LAYER_BGP,
	  ERM_CAUSE_PREFIX_LIMIT },
	{ "too few prefixes", spoil_prefixes, 0, false, ERM_MEMBER_DOWN, ERM_LAYER_PREFIXES,
	  ERM_CAUSE_NO_PREFIXES },
	{ "nobody counts prefixes", spoil_prefixes_untold, 0, false, ERM_MEMBER_UP, ERM_LAYER_NONE,
	  ERM_CAUSE_NONE },
	{ "another AS", spoil_as, 0, false, ERM_MEMBER_DEGRADED, ERM_LAYER_BGP,
	  ERM_CAUSE_WRONG_AS },
	{ "AS not told", spoil_as_untold, 0, false, ERM_MEMBER_UP, ERM_LAYER_NONE, ERM_CAUSE_NONE },
	{ "BFD absent", spoil_bfd, 0, false, ERM_MEMBER_DEGRADED, ERM_LAYER_BFD,
	  ERM_CAUSE_BFD_ABSENT },
	{ "near the limit", spoil_advertised, 0, false, ERM_MEMBER_DEGRADED, ERM_LAYER_PREFIXES,
	  ERM_CAUSE_PREFIX_THRESHOLD },
	{ "nobody counts what is sent", spoil_advertised_untold, 0, false, ERM_MEMBER_UP,
	  ERM_LAYER_NONE, ERM_CAUSE_NONE },
	{ "flapping", spoil_nothing, 0, true, ERM_MEMBER_DEGRADED, ERM_LAYER_BGP,
	  ERM_CAUSE_FLAPPING },
};

START_TEST(test_known)
{
	const struct judged *c = &known[_i];
	struct erm_obs_session obs = good();
	struct erm_judgement j = { 0 };
	struct erm_session_input in = { .config = &config,
					.model = ERM_MODEL_DIRECT,
					.knowledge = ERM_KNOWN,
					.obs = &obs,
					.is_flapping = c->is_flapping,
					.fall_cause =
						c->fall_cause ? c->fall_cause : ERM_CAUSE_NONE };

	c->spoil(&obs);
	j = erm_session_judge(&in);
	ck_assert_msg(j.state == c->state && j.layer == c->layer && j.cause == c->cause,
		      "%s: %s/%s/%s", c->name, erm_member_state_name(j.state),
		      erm_layer_name(j.layer), erm_cause_name(j.cause));
	ck_assert_int_eq(j.fault_domain, erm_fault_domain_of(ERM_MODEL_DIRECT, c->cause, true));
}
END_TEST

/* Whatever BGP says, nobody knows more than the layer below it. */
START_TEST(test_below)
{
	struct erm_obs_session obs = good();
	struct erm_judgement up = { ERM_MEMBER_UP, ERM_LAYER_NONE, ERM_CAUSE_NONE, ERM_FAULT_NONE };
	struct erm_judgement port = { ERM_MEMBER_DOWN, ERM_LAYER_PORT, ERM_CAUSE_NO_CARRIER,
				      ERM_FAULT_CUSTOMER };
	struct erm_judgement vlan = { ERM_MEMBER_ADMIN_DOWN, ERM_LAYER_ADMIN,
				      ERM_CAUSE_INTERFACE_ADMIN, ERM_FAULT_NONE };
	struct erm_judgement unknown = { ERM_MEMBER_UNKNOWN, ERM_LAYER_DATA,
					 ERM_CAUSE_COLLECTOR_LOST, ERM_FAULT_NONE };
	struct erm_session_input in = { .config = &config,
					.model = ERM_MODEL_CLOUD_EXCHANGE,
					.knowledge = ERM_LOST,
					.obs = &obs,
					.port = &port,
					.interface = &up,
					.fall_cause = ERM_CAUSE_NONE };
	struct erm_judgement j = erm_session_judge(&in);

	/* A dead port is certain though the router does not answer; its fault domain is kept. */
	ck_assert_int_eq(j.state, ERM_MEMBER_DOWN);
	ck_assert_int_eq(j.layer, ERM_LAYER_PORT);
	ck_assert_int_eq(j.cause, ERM_CAUSE_NO_CARRIER);
	ck_assert_int_eq(j.fault_domain, ERM_FAULT_CUSTOMER);

	in.port = &up;
	in.interface = &vlan;
	j = erm_session_judge(&in);
	ck_assert_int_eq(j.state, ERM_MEMBER_ADMIN_DOWN);
	ck_assert_int_eq(j.layer, ERM_LAYER_INTERFACE);
	ck_assert_int_eq(j.fault_domain, ERM_FAULT_CUSTOMER);

	in.interface = &up;
	j = erm_session_judge(&in);
	ck_assert_int_eq(j.state, ERM_MEMBER_UNKNOWN);
	ck_assert_int_eq(j.cause, ERM_CAUSE_COLLECTOR_LOST);
	in.knowledge = ERM_NOT_YET;
	ck_assert_int_eq(erm_session_judge(&in).cause, ERM_CAUSE_NO_DATA_YET);

	/* A kernel that does not answer proves nothing against an established session. */
	in.knowledge = ERM_KNOWN;
	in.port = in.interface = &unknown;
	ck_assert_int_eq(erm_session_judge(&in).state, ERM_MEMBER_UP);

	in.is_remote = true;
	in.port = &port;
	j = erm_session_judge(&in);
	ck_assert_int_eq(j.state, ERM_MEMBER_UNKNOWN);
	ck_assert_int_eq(j.cause, ERM_CAUSE_REMOTE_AGENT);
	ck_assert_int_eq(j.fault_domain, ERM_FAULT_UNDETERMINED);
}
END_TEST

START_TEST(test_interface)
{
	static const struct {
		bool is_present, is_admin_up, has_carrier, is_oper_up;
		enum erm_member_state state;
		enum erm_cause cause;
	} cases[] = {
		{ true, true, true, true, ERM_MEMBER_UP, ERM_CAUSE_NONE },
		{ true, true, true, false, ERM_MEMBER_DOWN, ERM_CAUSE_LOWER_LAYER_DOWN },
		{ true, true, false, false, ERM_MEMBER_DOWN, ERM_CAUSE_NO_CARRIER },
		{ true, false, false, false, ERM_MEMBER_ADMIN_DOWN, ERM_CAUSE_INTERFACE_ADMIN },
		{ true, false, true, true, ERM_MEMBER_ADMIN_DOWN, ERM_CAUSE_INTERFACE_ADMIN },
		{ false, false, false, false, ERM_MEMBER_DOWN, ERM_CAUSE_INTERFACE_ABSENT },
		{ false, true, true, true, ERM_MEMBER_DOWN, ERM_CAUSE_INTERFACE_ABSENT },
	};

	for (size_t i = 0; i < ERM_ELEMENTS(cases); i++) {
		struct erm_obs_interface obs = { .is_present = cases[i].is_present,
						 .is_admin_up = cases[i].is_admin_up,
						 .has_carrier = cases[i].has_carrier,
						 .is_oper_up = cases[i].is_oper_up };
		struct erm_interface_input in = { .knowledge = ERM_KNOWN, .obs = &obs };
		struct erm_judgement j = erm_interface_judge(&in);

		ck_assert_int_eq(j.state, cases[i].state);
		ck_assert_int_eq(j.cause, cases[i].cause);
		in.knowledge = ERM_LOST;
		ck_assert_int_eq(erm_interface_judge(&in).state, ERM_MEMBER_UNKNOWN);
		ck_assert_int_eq(erm_interface_judge(&in).cause, ERM_CAUSE_COLLECTOR_LOST);
		in.knowledge = ERM_NOT_YET;
		ck_assert_int_eq(erm_interface_judge(&in).cause, ERM_CAUSE_NO_DATA_YET);
	}
}
END_TEST

/* Only words of the BGP peer itself accuse Microsoft, and only where Microsoft is the peer. */
START_TEST(test_fault_domain)
{
	enum erm_model_type model = (enum erm_model_type)(_i / ERM_CAUSE_MAX);
	enum erm_cause cause = (enum erm_cause)(_i % ERM_CAUSE_MAX);
	bool is_l3 = model == ERM_MODEL_MANAGED_L3 || model == ERM_MODEL_ANY_TO_ANY;
	bool peer_spoke = cause == ERM_CAUSE_ADMIN_SHUTDOWN || cause == ERM_CAUSE_PEER_CEASE ||
			  cause == ERM_CAUSE_PEER_CLOSED || cause == ERM_CAUSE_DRAINING;

	if (model == 0 || cause == 0)
		return;
	ck_assert_int_eq(erm_model_is_l3(model), is_l3);
	for (int is_ever_up = 0; is_ever_up < 2; is_ever_up++) {
		enum erm_fault_domain fault = erm_fault_domain_of(model, cause, is_ever_up);

		ck_assert_int_ge(fault, ERM_FAULT_NONE);
		ck_assert_int_lt(fault, ERM_FAULT_MAX);
		ck_assert_int_eq(fault == ERM_FAULT_NONE, cause == ERM_CAUSE_NONE);
		ck_assert_int_eq(fault == ERM_FAULT_MICROSOFT, peer_spoke && !is_l3);
		if (model == ERM_MODEL_DIRECT)
			ck_assert_int_ne(fault, ERM_FAULT_PROVIDER); /* there is none */
		if (is_l3 && peer_spoke)
			ck_assert_int_eq(fault, ERM_FAULT_PROVIDER);
	}
	/* A port that never had carrier is one's own to plug in. */
	ck_assert_int_eq(erm_fault_domain_of(model, ERM_CAUSE_NO_CARRIER, false),
			 ERM_FAULT_CUSTOMER);
	ck_assert_int_eq(erm_fault_domain_of(model, ERM_CAUSE_NO_CARRIER, true),
			 model == ERM_MODEL_DIRECT ? ERM_FAULT_UNDETERMINED : ERM_FAULT_PROVIDER);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("core/session");
	TCase *t = tcase_create("session");

	tcase_add_loop_test(t, test_known, 0, (int)ERM_ELEMENTS(known));
	tcase_add_test(t, test_below);
	tcase_add_test(t, test_interface);
	tcase_add_loop_test(t, test_fault_domain, ERM_CAUSE_MAX, ERM_MODEL_MAX * ERM_CAUSE_MAX);
	suite_add_tcase(s, t);
	return s;
}

ERM_CHECK_MAIN(suite)
