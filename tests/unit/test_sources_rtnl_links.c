/* Which kernel link is which configured interface, and what its state is: in virtual time. */
#include <check.h>
#include <linux/if.h>
#include <linux/rtnetlink.h>
#include <string.h>

#include "base/cleanup.h"
#include "check_main.h"
#include "rtnl_links_bench.h"

START_TEST(first_dump_tells_present_and_absent)
{
	struct fake_link e0 = link_e0(7);
	unsigned int n_absent = 0;
	struct erm_obs_interface obs;

	dump(&e0, NULL);
	obs = change();
	ck_assert_uint_eq(obs.interface, 0);
	ck_assert(obs.is_present && obs.is_admin_up && obs.has_carrier && obs.is_oper_up);
	ck_assert(!obs.is_new); /* seen for the first time is not re-created */
	ck_assert_uint_eq(obs.ifindex, 7);
	ck_assert_uint_eq(obs.mtu, 1500);
	ck_assert(obs.has_counts);
	while (erm_rtnl_links_next_change(links, &obs))
		n_absent += !obs.is_present;
	ck_assert_uint_eq(n_absent, 3);
	dump(&e0, NULL);
	no_change();
}
END_TEST

START_TEST(interfaces_of_another_source_are_left_alone)
{
	struct fake_link e0 = link_e0(7);
	struct erm_obs_interface obs;

	/* e1 and v0 are a router's elsewhere, which may have an e0 of its own, too */
	config->interfaces[1].source = 1;
	config->interfaces[3].source = 1;
	links = erm_rtnl_links_free(links);
	ck_assert_int_eq(erm_rtnl_links_new(config, 0, NULL, &links), 0);
	ck_assert_uint_eq(erm_rtnl_links_n(links), 2);
	dump(&e0, NULL);
	ck_assert_uint_eq(change().interface, 0);
	ck_assert_uint_eq(change().interface, 2);
	no_change();

	/* neither asked for nor told, even when this host has one of the name */
	erm_rtnl_links_poll(links, true);
	expect_due(7, "e0");
	expect_due(0, "expressroute-primary-leg");
	ck_assert_uint_eq(erm_rtnl_links_n_due(links), 0);
	e0.name = "e1";
	e0.ifindex = 8;
	(void)notify(&e0, RTM_NEWLINK);
	no_change();
	ck_assert_uint_eq(erm_rtnl_links_n_due(links), 0);
	erm_rtnl_links_tell(links, 1, &obs);
	ck_assert_uint_eq(obs.interface, 2);
}
END_TEST

START_TEST(an_incomplete_dump_proves_no_absence)
{
	struct fake_link e0 = link_e0(7);

	begin_with(&e0);
	erm_rtnl_links_dump_begin(links);
	erm_rtnl_links_dump_end(links, false, now);
	no_change();
	erm_rtnl_links_dump_begin(links);
	erm_rtnl_links_dump_end(links, true, now);
	ck_assert(!change().is_present);
}
END_TEST

START_TEST(what_moves_while_a_dump_runs_is_asked_again)
{
	struct fake_link e0 = link_e0(7);

	begin_with(&e0);
	erm_rtnl_links_dump_begin(links);
	answer(&e0);
	ck_assert(notify(&e0, RTM_DELLINK));
	erm_rtnl_links_dump_end(links, true, now);
	no_change();
	expect_missing("e0");
	ck_assert(!change().is_present);
}
END_TEST

START_TEST(a_notification_changes_nothing_but_asks)
{
	struct fake_link e0 = link_e0(7), foreign = { .ifindex = 99, .name = "docker0" };

	begin_with(&e0);
	e0.flags = FAKE_NO_LINK;
	ck_assert(notify(&e0, RTM_NEWLINK));
	ck_assert(notify(&e0, RTM_NEWLINK)); /* twice is once */
	no_change();
	ck_assert_uint_eq(erm_rtnl_links_n_due(links), 1);
	expect_due(7, NULL);
	ck_assert(!notify(&foreign, RTM_NEWLINK));
	ck_assert(!notify(&foreign, RTM_DELLINK));
	ck_assert_uint_eq(erm_rtnl_links_n_due(links), 0);
	answer(&e0);
	ck_assert(!change().has_carrier);
}
END_TEST

START_TEST(every_change_of_a_counter_is_told)
{
	struct fake_link e0 = link_e0(7);
	struct erm_obs_interface obs;

	begin_with(&e0);
	e0.up_count += 3;
	e0.down_count += 3;
	answer(&e0);
	obs = change();
	ck_assert(obs.has_carrier && !obs.is_new);
	ck_assert_uint_eq(obs.carrier_down_count, 3);
	ck_assert_uint_eq(obs.carrier_up_count, 4);
	no_change();
}
END_TEST

START_TEST(rename_is_the_end_of_one_and_the_start_of_another)
{
	struct fake_link e0 = link_e0(7);
	struct erm_obs_interface obs;

	begin_with(&e0);
	e0.name = "e1"; /* another configured name, at once */
	answer(&e0);
	obs = change();
	ck_assert_uint_eq(obs.interface, 1);
	ck_assert(obs.is_present && obs.is_new);
	expect_missing("e0");
	obs = change();
	ck_assert_uint_eq(obs.interface, 0);
	ck_assert(!obs.is_present);
}
END_TEST

START_TEST(dellink_forgets_the_index)
{
	struct fake_link e0 = link_e0(7);

	begin_with(&e0);
	ck_assert(notify(&e0, RTM_DELLINK));
	no_change(); /* not told before the kernel confirms it */
	expect_missing("e0");
	ck_assert(!change().is_present);
	/* Absent is no news twice. */
	erm_rtnl_links_poll(links, true);
	expect_missing("e0");
	no_change();
}
END_TEST

START_TEST(recreation_with_the_same_index_after_dellink)
{
	struct fake_link e0 = link_e0(7);
	struct erm_obs_interface obs;

	e0.down_count = 5;
	begin_with(&e0);
	ck_assert(notify(&e0, RTM_DELLINK));
	expect_due(0, "e0");
	answer(&e0); /* the same in every value */
	obs = change();
	ck_assert(obs.is_present && obs.is_new);
	answer(&e0);
	no_change();
}
END_TEST

/* DELLINK was lost; what gives the new link away. */
static void recreate_silently(struct fake_link *link)
{
	struct erm_obs_interface obs;

	answer(link);
	obs = change();
	ck_assert(obs.is_present && obs.is_new);
}

START_TEST(recreation_with_the_same_index_unnoticed)
{
	struct fake_link e0 = link_e0(7), other;

	e0.down_count = 5;
	begin_with(&e0);
	other = e0;
	other.down_count = 4; /* a counter never falls */
	recreate_silently(&other);
	other.perm_address[5] = 1;
	recreate_silently(&other);
	other.kind = "veth";
	recreate_silently(&other);
	/* A new link is announced as such; by then the binding is old. */
	now += 2 * SEC;
	other.change = UINT32_MAX;
	ck_assert(notify(&other, RTM_NEWLINK));
	expect_due(7, NULL);
	recreate_silently(&other);
	/* A late announcement of the link we know already is none. */
	now += 500 * MSEC;
	ck_assert(notify(&other, RTM_NEWLINK));
	answer(&other);
	no_change();
}
END_TEST

START_TEST(index_gone_means_look_for_the_name)
{
	struct fake_link e0 = link_e0(7), again = link_e0(8);
	struct erm_rtnl_slot *slot;
	struct erm_obs_interface obs;
	const char *name;
	uint32_t ifindex;

	begin_with(&e0);
	erm_rtnl_links_poll(links, false);
	slot = erm_rtnl_links_next_due(links, &ifindex, &name);
	ck_assert_uint_eq(ifindex, 7);
	erm_rtnl_links_missing(links, slot, now); /* ENODEV */
	no_change();
	expect_due(0, "e0");
	answer(&again);
	obs = change();
	ck_assert(obs.is_present && obs.is_new);
	ck_assert_uint_eq(obs.ifindex, 8);
}
END_TEST

START_TEST(altname_matches_and_its_removal_counts)
{
	struct fake_link nic = link_e0(9);
	struct erm_obs_interface obs;

	nic.name = "enp1s0";
	nic.altname = "expressroute-primary-leg";
	ck_assert(notify(&nic, RTM_NEWLINK));
	expect_due(0, "expressroute-primary-leg");
	answer(&nic);
	obs = change();
	ck_assert_uint_eq(obs.interface, 2);
	ck_assert_uint_eq(obs.ifindex, 9);
	nic.altname = NULL;
	answer(&nic);
	expect_due(0, "expressroute-primary-leg");
}
END_TEST

START_TEST(two_names_of_one_link_are_both_told)
{
	struct fake_link nic = link_e0(9);

	nic.altname = "expressroute-primary-leg";
	answer(&nic);
	ck_assert_uint_eq(change().ifindex, 9);
	ck_assert_uint_eq(change().ifindex, 9);
	no_change();
}
END_TEST

/* flags, operstate, and what is_oper_up must be at once and 3 s later. */
static const struct {
	uint32_t flags;
	uint8_t operstate;
	bool at_once, later;
} oper[] = {
	{ FAKE_UP, ERM_RTNL_OPER_UP, true, true },
	{ FAKE_UP, ERM_RTNL_OPER_UNKNOWN, true, true }, /* tun, lo */
	{ FAKE_UP, 17, true, true },                    /* of a kernel to come */
	/* linkwatch has not run yet; a contradiction that stays is meant */
	{ FAKE_UP, ERM_RTNL_OPER_DOWN, true, false },
	{ FAKE_UP, ERM_RTNL_OPER_LOWER_LAYER_DOWN, true, false },
	{ FAKE_UP, ERM_RTNL_OPER_NOT_PRESENT, true, false },
	{ FAKE_UP, ERM_RTNL_OPER_TESTING, false, false },
	{ FAKE_UP, ERM_RTNL_OPER_DORMANT, false, false },
	{ FAKE_UP | IFF_DORMANT, ERM_RTNL_OPER_UP, false, false },
	{ FAKE_NO_LINK, ERM_RTNL_OPER_UP, false, false }, /* the loss is ahead of operstate */
	{ FAKE_NO_LINK | IFF_RUNNING, ERM_RTNL_OPER_UP, false, false },
	{ IFF_LOWER_UP, ERM_RTNL_OPER_UP, false, false }, /* not IFF_UP: no carrier to speak of */
	{ IFF_LOWER_UP, ERM_RTNL_OPER_UNKNOWN, false, false },
};

START_TEST(operational_state)
{
	struct fake_link e0 = link_e0(7);
	struct erm_obs_interface obs;

	e0.flags = oper[_i].flags;
	e0.operstate = oper[_i].operstate;
	answer(&e0);
	obs = change();
	ck_assert(obs.is_oper_up == oper[_i].at_once);
	ck_assert(obs.has_carrier == ((e0.flags & IFF_UP) && (e0.flags & IFF_LOWER_UP)));
	ck_assert(obs.is_admin_up == ((e0.flags & IFF_UP) != 0));
	now += 1500 * MSEC;
	answer(&e0);
	no_change();
	now += 1500 * MSEC;
	answer(&e0);
	if (oper[_i].at_once == oper[_i].later)
		no_change();
	else
		ck_assert(change().is_oper_up == oper[_i].later);
}
END_TEST

START_TEST(lag_of_operstate_starts_anew_with_each_carrier)
{
	struct fake_link e0 = link_e0(7);

	e0.operstate = ERM_RTNL_OPER_DOWN;
	answer(&e0);
	ck_assert(change().is_oper_up);
	now += 1900 * MSEC;
	e0.flags = FAKE_NO_LINK;
	answer(&e0);
	ck_assert(!change().is_oper_up);
	now += 200 * MSEC;
	e0.flags = FAKE_UP;
	answer(&e0);
	ck_assert(change().is_oper_up);
}
END_TEST

START_TEST(derived_counts_may_waver_by_one)
{
	struct fake_link e0 = link_e0(7);

	e0.has_counts = false;
	e0.has_changes = true;
	e0.up_count = 3;
	e0.down_count = 2;
	begin_with(&e0);
	/* The sum is read with the carrier of a moment later: 6 changes, and "up". */
	e0.up_count = 3;
	e0.down_count = 3;
	answer(&e0);
	ck_assert_uint_eq(change().carrier_up_count, 3);
	e0.flags = FAKE_NO_LINK;
	answer(&e0);
	ck_assert(!change().is_new);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("sources_rtnl_links");
	TCase *tc = tcase_create("links");

	tcase_add_checked_fixture(tc, links_set_up, links_tear_down);
	tcase_add_test(tc, first_dump_tells_present_and_absent);
	tcase_add_test(tc, an_incomplete_dump_proves_no_absence);
	tcase_add_test(tc, what_moves_while_a_dump_runs_is_asked_again);
	tcase_add_test(tc, a_notification_changes_nothing_but_asks);
	tcase_add_test(tc, every_change_of_a_counter_is_told);
	tcase_add_test(tc, rename_is_the_end_of_one_and_the_start_of_another);
	tcase_add_test(tc, dellink_forgets_the_index);
	tcase_add_test(tc, recreation_with_the_same_index_after_dellink);
	tcase_add_test(tc, recreation_with_the_same_index_unnoticed);
	tcase_add_test(tc, index_gone_means_look_for_the_name);
	tcase_add_test(tc, altname_matches_and_its_removal_counts);
	tcase_add_test(tc, interfaces_of_another_source_are_left_alone);
	tcase_add_test(tc, two_names_of_one_link_are_both_told);
	tcase_add_loop_test(tc, operational_state, 0, ERM_ELEMENTS(oper));
	tcase_add_test(tc, lag_of_operstate_starts_anew_with_each_carrier);
	tcase_add_test(tc, derived_counts_may_waver_by_one);
	suite_add_tcase(s, tc);
	return s;
}

ERM_CHECK_MAIN(suite)
