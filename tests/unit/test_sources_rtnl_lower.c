/* Links that others stand on, and a reload: in virtual time. */
#include <check.h>
#include <linux/if.h>
#include <linux/rtnetlink.h>

#include "check_main.h"
#include "rtnl_links_bench.h"

static const struct fake_link vlan = {
	.ifindex = 20,
	.flags = FAKE_UP,
	.name = "v0",
	.kind = "vlan",
	.lower = 30,
	.mtu = 1500,
	.operstate = ERM_RTNL_OPER_UP,
	.has_counts = true,
};

static struct fake_link below(void)
{
	struct fake_link link = link_e0(30);

	link.name = "bond0";
	link.kind = "bond";
	link.up_count = 11;
	link.down_count = 10;
	return link;
}

START_TEST(a_vlan_has_the_carrier_of_the_link_below)
{
	struct fake_link bond = below();
	struct erm_obs_interface obs;

	answer(&vlan);
	no_change(); /* nothing is said before the link below has answered */
	expect_due(30, NULL);
	answer(&bond);
	obs = change();
	ck_assert_uint_eq(obs.interface, 3);
	ck_assert_uint_eq(obs.ifindex, 20);
	ck_assert(obs.has_carrier && !obs.is_new);
	ck_assert_uint_eq(obs.carrier_down_count, 10); /* of the link whose carrier it is */
	bond.flags = FAKE_NO_LINK;
	bond.down_count++;
	answer(&bond);
	obs = change();
	ck_assert_uint_eq(obs.interface, 3);
	ck_assert(obs.is_admin_up && !obs.has_carrier && !obs.is_oper_up && !obs.is_new);
	ck_assert_uint_eq(obs.carrier_down_count, 11);
	/* The VLAN's own late loss adds nothing. */
	ck_assert(notify(&vlan, RTM_NEWLINK));
	no_change();
	/* Both are polled; without the lower one its own counters hold. */
	erm_rtnl_links_poll(links, false);
	expect_due(20, NULL);
	expect_gone(30);
	obs = change();
	ck_assert(obs.has_carrier && obs.is_new);
	ck_assert_uint_eq(obs.carrier_down_count, 0);
}
END_TEST

START_TEST(what_does_not_follow_is_left_alone)
{
	struct fake_link one = vlan;

	one.is_bridge_bound = true;
	answer(&one);
	ck_assert(change().has_carrier);
	ck_assert_uint_eq(erm_rtnl_links_n_due(links), 0);
	one.is_bridge_bound = false;
	one.is_lower_elsewhere = true;
	answer(&one);
	ck_assert_uint_eq(erm_rtnl_links_n_due(links), 0);
	one.is_lower_elsewhere = false;
	one.kind = "veth"; /* its IFLA_LINK is the far end */
	answer(&one);
	ck_assert_uint_eq(erm_rtnl_links_n_due(links), 0);
}
END_TEST

START_TEST(links_that_stand_on_each_other_end)
{
	struct fake_link a = vlan, b = vlan;

	a.lower = 31;
	b.ifindex = 31;
	b.lower = 20;
	b.name = "v1";
	answer(&a);
	answer(&b);
	ck_assert(change().has_carrier);
}
END_TEST

START_TEST(a_lower_link_is_dropped_with_the_last_on_it)
{
	struct fake_link bond = below(), plain = vlan;

	dump(&vlan, &bond);
	answer(&bond);
	erm_rtnl_links_poll(links, false);
	ck_assert_uint_eq(erm_rtnl_links_n_due(links), 2);
	plain.kind = NULL;
	plain.lower = 0;
	dump(&plain, &bond);
	erm_rtnl_links_poll(links, false);
	ck_assert_uint_eq(erm_rtnl_links_n_due(links), 1);
	/* And is found again. */
	dump(&vlan, &bond);
	expect_due(30, NULL);
	answer(&bond);
}
END_TEST

START_TEST(reload_keeps_what_is_known)
{
	static const char *const names[] = { "v0", "e9", "e0", NULL };
	struct erm_config *next = fake_config(names);
	struct erm_rtnl_links *fresh = NULL;
	struct fake_link e0 = link_e0(7), bond = below();
	struct erm_obs_interface obs;

	dump(&e0, &vlan);
	answer(&bond);
	while (erm_rtnl_links_next_change(links, &obs))
		;
	ck_assert_int_eq(erm_rtnl_links_new(next, 0, links, &fresh), 0);
	erm_rtnl_links_free(links);
	links = fresh;
	e0.down_count = 4; /* lost in between: must not look like a new link */
	e0.up_count = 5;
	erm_rtnl_links_dump_begin(links);
	answer(&bond);
	answer(&vlan);
	answer(&e0);
	erm_rtnl_links_dump_end(links, true, now);
	for (uint32_t i = 0; i < 3; i++) {
		erm_rtnl_links_tell(links, i, &obs);
		ck_assert_uint_eq(obs.interface, i);
		ck_assert(!obs.is_new);
		ck_assert(obs.is_present == (i != 1));
	}
	ck_assert_uint_eq(obs.carrier_down_count, 4);
	no_change();
	erm_config_unref(next);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("sources_rtnl_lower");
	TCase *tc = tcase_create("lower");

	tcase_add_checked_fixture(tc, links_set_up, links_tear_down);
	tcase_add_test(tc, a_vlan_has_the_carrier_of_the_link_below);
	tcase_add_test(tc, what_does_not_follow_is_left_alone);
	tcase_add_test(tc, links_that_stand_on_each_other_end);
	tcase_add_test(tc, a_lower_link_is_dropped_with_the_last_on_it);
	tcase_add_test(tc, reload_keeps_what_is_known);
	suite_add_tcase(s, tc);
	return s;
}

ERM_CHECK_MAIN(suite)
