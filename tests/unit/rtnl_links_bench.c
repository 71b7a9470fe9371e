/* The bench of rtnl_links_bench.h. */
#include "rtnl_links_bench.h"

#include <check.h>
#include <linux/if.h>
#include <linux/rtnetlink.h>
#include <string.h>

struct erm_config *config;
struct erm_rtnl_links *links;
usec_t now;

void links_set_up(void)
{
	static const char *const names[] = { "e0", "e1", "expressroute-primary-leg", "v0", NULL };

	config = fake_config(names);
	now = 100 * SEC;
	ck_assert_int_eq(erm_rtnl_links_new(config, 0, NULL, &links), 0);
}

void links_tear_down(void)
{
	links = erm_rtnl_links_free(links);
	config = erm_config_unref(config);
}

struct fake_link link_e0(uint32_t ifindex)
{
	return (struct fake_link){
		.ifindex = ifindex,
		.flags = FAKE_UP,
		.name = "e0",
		.mtu = 1500,
		.operstate = ERM_RTNL_OPER_UP,
		.has_counts = true,
		.up_count = 1,
	};
}

static struct erm_rtnl_message message_of(const struct fake_link *link, uint16_t type)
{
	static struct fake_bytes bytes;
	struct erm_rtnl_message message = { 0 };
	struct erm_reader r;

	bytes.len = 0;
	fake_link_message(&bytes, link, type, 0, 0);
	r = erm_reader_init(bytes.data, bytes.len);
	ck_assert_int_eq(erm_rtnl_message_next(&r, &message), 1);
	return message;
}

void answer(const struct fake_link *link)
{
	struct erm_rtnl_message message = message_of(link, RTM_NEWLINK);

	ck_assert_int_eq(erm_rtnl_links_answer(links, &message.link, now), 0);
}

bool notify(const struct fake_link *link, uint16_t type)
{
	struct erm_rtnl_message message = message_of(link, type);

	return erm_rtnl_links_notify(links, &message, now);
}

void dump(const struct fake_link *first, const struct fake_link *second)
{
	erm_rtnl_links_dump_begin(links);
	if (first)
		answer(first);
	if (second)
		answer(second);
	erm_rtnl_links_dump_end(links, true, now);
}

struct erm_obs_interface change(void)
{
	struct erm_obs_interface obs = { 0 };

	ck_assert_msg(erm_rtnl_links_next_change(links, &obs), "nothing changed");
	return obs;
}

void no_change(void)
{
	struct erm_obs_interface obs = { 0 };

	ck_assert_msg(!erm_rtnl_links_next_change(links, &obs), "interface %u changed",
		      obs.interface);
}

/* Dumps with e0 as given, and takes all that is told. */
void begin_with(const struct fake_link *link)
{
	struct erm_obs_interface obs;

	dump(link, NULL);
	while (erm_rtnl_links_next_change(links, &obs))
		;
	ck_assert_uint_eq(erm_rtnl_links_n_due(links), 0);
}

void expect_due(uint32_t ifindex, const char *name)
{
	const char *got_name = NULL;
	uint32_t got = 0;

	ck_assert_ptr_nonnull(erm_rtnl_links_next_due(links, &got, &got_name));
	ck_assert_uint_eq(got, ifindex);
	ck_assert(!name || strcmp(got_name, name) == 0);
}

/* The next question is for this name, and the kernel knows no such link. */
void expect_missing(const char *name)
{
	struct erm_rtnl_slot *slot;
	const char *got_name = NULL;
	uint32_t ifindex = 1;

	slot = erm_rtnl_links_next_due(links, &ifindex, &got_name);
	ck_assert_ptr_nonnull(slot);
	ck_assert_uint_eq(ifindex, 0);
	ck_assert_str_eq(got_name, name);
	erm_rtnl_links_missing(links, slot, now);
}

void expect_gone(uint32_t ifindex)
{
	struct erm_rtnl_slot *slot;
	const char *got_name = NULL;
	uint32_t got = 0;

	slot = erm_rtnl_links_next_due(links, &got, &got_name);
	ck_assert_ptr_nonnull(slot);
	ck_assert_uint_eq(got, ifindex);
	erm_rtnl_links_missing(links, slot, now);
}
