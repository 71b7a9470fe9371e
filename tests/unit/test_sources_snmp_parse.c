/* Rows of BGP4-MIB and IF-MIB made into observations. */
#include <check.h>
#include <errno.h>
#include <string.h>

#include "check_main.h"
#include "sources/snmp_router/parse.h"

static struct erm_snmpr_value number(int64_t n)
{
	return (struct erm_snmpr_value){ .kind = ERM_SNMPR_VALUE_NUMBER, .number = n };
}

static struct erm_snmpr_value error_value(char code, char subcode)
{
	return (struct erm_snmpr_value){ .kind = ERM_SNMPR_VALUE_TEXT,
					 .len = 2,
					 .text = { code, subcode } };
}

static struct erm_snmpr_value peer[ERM_SNMPR_PEER_COLUMNS];
static struct erm_snmpr_value iface[ERM_SNMPR_IF_COLUMNS];
static struct erm_obs_session session;
static struct erm_obs_interface interface;

static void set_up(void)
{
	peer[ERM_SNMPR_PEER_STATE] = number(6);
	peer[ERM_SNMPR_PEER_ADMIN] = number(2);
	peer[ERM_SNMPR_PEER_REMOTE_AS] = number(12076);
	peer[ERM_SNMPR_PEER_LAST_ERROR] = error_value(0, 0);
	peer[ERM_SNMPR_PEER_TRANSITIONS] = number(1);
	peer[ERM_SNMPR_PEER_TIME] = number(99);
	iface[ERM_SNMPR_IF_OPER] = number(1);
	iface[ERM_SNMPR_IF_ADMIN] = number(1);
	iface[ERM_SNMPR_IF_SPEED] = number(100000);
	iface[ERM_SNMPR_IF_MTU] = number(9000);
	iface[ERM_SNMPR_IF_LAST_CHANGE] = number(1);
	memset(&session, 0, sizeof(session));
	memset(&interface, 0, sizeof(interface));
}

START_TEST(each_state_of_a_peer)
{
	for (int state = 0; state <= 7; state++) {
		peer[ERM_SNMPR_PEER_STATE] = number(state);
		if (state == 0 || state == 7) {
			ck_assert_int_eq(erm_snmpr_peer_tell(peer, &session), -EBADMSG);
			continue;
		}
		ck_assert_int_eq(erm_snmpr_peer_tell(peer, &session), 0);
		ck_assert_int_eq(session.bgp, state);
		ck_assert_uint_eq(session.uptime_sec, state == 6 ? 99 : 0);
		ck_assert_uint_eq(session.remote_as, 12076);
		ck_assert(!session.is_admin_shutdown);
	}
}
END_TEST

START_TEST(rows_that_are_not_there)
{
	peer[ERM_SNMPR_PEER_STATE].kind = ERM_SNMPR_VALUE_NO_INSTANCE;
	ck_assert_int_eq(erm_snmpr_peer_tell(peer, &session), -ENOENT);
	peer[ERM_SNMPR_PEER_STATE].kind = ERM_SNMPR_VALUE_NO_OBJECT;
	ck_assert_int_eq(erm_snmpr_peer_tell(peer, &session), -EOPNOTSUPP);
	peer[ERM_SNMPR_PEER_STATE].kind = ERM_SNMPR_VALUE_TEXT;
	ck_assert_int_eq(erm_snmpr_peer_tell(peer, &session), -EBADMSG);
	iface[ERM_SNMPR_IF_OPER].kind = ERM_SNMPR_VALUE_NO_INSTANCE;
	ck_assert_int_eq(erm_snmpr_interface_tell(iface, &interface), -ENOENT);
	iface[ERM_SNMPR_IF_OPER].kind = ERM_SNMPR_VALUE_NO_OBJECT;
	ck_assert_int_eq(erm_snmpr_interface_tell(iface, &interface), -EOPNOTSUPP);
}
END_TEST

START_TEST(the_state_alone_is_enough)
{
	for (int i = ERM_SNMPR_PEER_STATE + 1; i < ERM_SNMPR_PEER_COLUMNS; i++)
		peer[i].kind = ERM_SNMPR_VALUE_NO_OBJECT;
	ck_assert_int_eq(erm_snmpr_peer_tell(peer, &session), 0);
	ck_assert(session.is_configured && !session.has_reset && session.remote_as == 0);
}
END_TEST

START_TEST(why_it_fell)
{
	static const struct {
		char code, subcode;
		int admin;
		enum erm_cause cause;
	} cases[] = {
		{ 6, 2, 2, ERM_CAUSE_ADMIN_SHUTDOWN }, { 6, 2, 1, ERM_CAUSE_LOCAL_SHUTDOWN },
		{ 6, 1, 2, ERM_CAUSE_PREFIX_LIMIT },   { 6, 10, 2, ERM_CAUSE_BFD_DOWN },
		{ 6, 3, 2, ERM_CAUSE_NONE }, /* by whom? */
		{ 4, 0, 2, ERM_CAUSE_HOLD_EXPIRED },   { 2, 2, 2, ERM_CAUSE_WRONG_AS },
		{ 0, 0, 2, ERM_CAUSE_NONE },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		peer[ERM_SNMPR_PEER_STATE] = number(1);
		peer[ERM_SNMPR_PEER_ADMIN] = number(cases[i].admin);
		peer[ERM_SNMPR_PEER_LAST_ERROR] = error_value(cases[i].code, cases[i].subcode);
		ck_assert_int_eq(erm_snmpr_peer_tell(peer, &session), 0);
		ck_assert(session.has_reset);
		ck_assert_int_eq(session.reset_cause, cases[i].cause);
		ck_assert_uint_eq(session.error_code, (uint8_t)cases[i].code);
		ck_assert_int_eq(session.is_admin_shutdown, cases[i].admin == 1);
	}
	/* what ended the session before this one */
	peer[ERM_SNMPR_PEER_STATE] = number(6);
	ck_assert_int_eq(erm_snmpr_peer_tell(peer, &session), 0);
	ck_assert(!session.has_reset);
}
END_TEST

START_TEST(each_state_of_an_interface)
{
	static const struct {
		int oper, admin;
		bool has_carrier, is_up;
	} cases[] = {
		{ 1, 1, true, true },   { 2, 1, false, false }, { 2, 2, false, false },
		{ 3, 3, false, false }, { 4, 1, true, true },   { 4, 2, false, false },
		{ 5, 1, true, false },  { 6, 1, false, false }, { 7, 1, true, false },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		iface[ERM_SNMPR_IF_OPER] = number(cases[i].oper);
		iface[ERM_SNMPR_IF_ADMIN] = number(cases[i].admin);
		ck_assert_int_eq(erm_snmpr_interface_tell(iface, &interface), 0);
		ck_assert(interface.is_present);
		ck_assert_int_eq(interface.is_admin_up, cases[i].admin == 1);
		ck_assert_int_eq(interface.has_carrier, cases[i].has_carrier);
		ck_assert_int_eq(interface.is_oper_up, cases[i].is_up);
		ck_assert_uint_eq(interface.speed_mbps, 100000);
		ck_assert_uint_eq(interface.mtu, 9000);
	}
	iface[ERM_SNMPR_IF_OPER] = number(8);
	ck_assert_int_eq(erm_snmpr_interface_tell(iface, &interface), -EBADMSG);
}
END_TEST

START_TEST(values)
{
	struct erm_snmpr_varbind v = { .type = ERM_SNMPR_OCTETS, .len = 254 };
	struct erm_snmpr_value value;

	erm_snmpr_value_take(&v, &value);
	ck_assert_int_eq(value.kind, ERM_SNMPR_VALUE_TEXT);
	v.len = 255;
	erm_snmpr_value_take(&v, &value);
	ck_assert_int_eq(value.kind, ERM_SNMPR_VALUE_OTHER);
	v.type = ERM_SNMPR_COUNTER64;
	erm_snmpr_value_take(&v, &value);
	ck_assert_int_eq(value.kind, ERM_SNMPR_VALUE_OTHER);
	v.type = ERM_SNMPR_END_OF_VIEW;
	erm_snmpr_value_take(&v, &value);
	ck_assert_int_eq(value.kind, ERM_SNMPR_VALUE_NO_INSTANCE);
}
END_TEST

START_TEST(restarts)
{
	const usec_t sec = ERM_USEC_PER_SEC;

	ck_assert(!erm_snmpr_is_restart(100, 100, 0));
	ck_assert(!erm_snmpr_is_restart(100, 600, 5 * sec));
	ck_assert(erm_snmpr_is_restart(600, 599, 5 * sec));
	ck_assert(erm_snmpr_is_restart(100000, 0, 5 * sec));
	/* 497 days are over */
	ck_assert(!erm_snmpr_is_restart(UINT32_MAX - 100, 400, 5 * sec));
	ck_assert(erm_snmpr_is_restart(UINT32_MAX - 100000, 400, 5 * sec));
	/* nobody could be asked for longer than that */
	ck_assert(!erm_snmpr_is_restart(UINT32_MAX - 100000, 400, 2000 * sec));
}
END_TEST

START_TEST(transitions)
{
	struct erm_snmpr_transitions x = { 0 };

	ck_assert_uint_eq(erm_snmpr_transitions_take(&x, 5), 5);
	ck_assert_uint_eq(erm_snmpr_transitions_take(&x, 7), 7);
	ck_assert_uint_eq(erm_snmpr_transitions_take(&x, 1), 1); /* the router's restart */
	x = (struct erm_snmpr_transitions){ 0 };
	ck_assert_uint_eq(erm_snmpr_transitions_take(&x, UINT32_MAX), INT32_MAX);
	ck_assert_uint_eq(erm_snmpr_transitions_take(&x, 2), (uint32_t)INT32_MAX + 3);
}
END_TEST

START_TEST(link_history)
{
	struct erm_snmpr_link_history h = { 0 };

	erm_snmpr_link_history_take(&h, true, 10);
	ck_assert_uint_eq(h.down_count, 0);
	erm_snmpr_link_history_take(&h, true, 10);
	ck_assert_uint_eq(h.down_count, 0);
	erm_snmpr_link_history_take(&h, true, 20); /* down and up in between */
	ck_assert_uint_eq(h.down_count, 1);
	ck_assert_uint_eq(h.up_count, 1);
	erm_snmpr_link_history_take(&h, false, 30);
	ck_assert_uint_eq(h.down_count, 2);
	erm_snmpr_link_history_take(&h, false, 40); /* up and down: no further fall is made up */
	ck_assert_uint_eq(h.down_count, 2);
	erm_snmpr_link_history_take(&h, true, 50);
	ck_assert_uint_eq(h.up_count, 2);
	ck_assert_uint_eq(h.down_count, 2);
}
END_TEST

static Suite *parse_suite(void)
{
	Suite *s = suite_create("sources_snmp_parse");
	TCase *tc = tcase_create("rows");

	tcase_add_checked_fixture(tc, set_up, NULL);
	tcase_add_test(tc, each_state_of_a_peer);
	tcase_add_test(tc, rows_that_are_not_there);
	tcase_add_test(tc, the_state_alone_is_enough);
	tcase_add_test(tc, why_it_fell);
	tcase_add_test(tc, each_state_of_an_interface);
	tcase_add_test(tc, values);
	tcase_add_test(tc, restarts);
	tcase_add_test(tc, transitions);
	tcase_add_test(tc, link_history);
	suite_add_tcase(s, tc);
	return s;
}

ERM_CHECK_MAIN(parse_suite)
