/* The parser of rtnetlink link messages: constructed messages of every kind, and broken ones. */
#include <check.h>
#include <errno.h>
#include <linux/if.h>
#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "check_main.h"
#include "rtnl_fake.h"
#include "sources/rtnl/parse.h"

static const struct fake_link nic = {
	.ifindex = 3,
	.flags = FAKE_UP | IFF_BROADCAST,
	.mtu = 1500,
	.name = "enp1s0f0",
	.altname = "expressroute-primary",
	.operstate = ERM_RTNL_OPER_UP,
	.has_counts = true,
	.has_changes = true,
	.up_count = 7,
	.down_count = 6,
	.master = 9,
	.perm_address = { 2, 0, 0, 0, 0, 1 },
};

static struct erm_rtnl_message parse_one(const struct fake_bytes *bytes)
{
	struct erm_reader r = erm_reader_init(bytes->data, bytes->len);
	struct erm_rtnl_message message = { 0 };

	ck_assert_int_eq(erm_rtnl_message_next(&r, &message), 1);
	ck_assert_uint_eq(r.left, 0);
	return message;
}

static struct erm_rtnl_link parse_link(const struct fake_link *link)
{
	struct fake_bytes bytes = { 0 };
	struct erm_rtnl_message message;

	fake_link_message(&bytes, link, RTM_NEWLINK, 0, 1);
	message = parse_one(&bytes);
	ck_assert_int_eq(message.kind, ERM_RTNL_LINK_NEW);
	return message.link;
}

START_TEST(a_nic_is_read_whole)
{
	struct fake_bytes bytes = { 0 };
	struct erm_rtnl_message message;
	const struct erm_rtnl_link *link = &message.link;
	struct erm_reader altnames;
	struct erm_rtnl_text text;

	fake_link_message(&bytes, &nic, RTM_NEWLINK, NLM_F_MULTI, 42);
	message = parse_one(&bytes);
	ck_assert_int_eq(message.kind, ERM_RTNL_LINK_NEW);
	ck_assert_uint_eq(message.seq, 42);
	ck_assert(!message.is_interrupted);
	ck_assert_uint_eq(link->ifindex, 3);
	ck_assert_uint_eq(link->flags, nic.flags);
	ck_assert_str_eq(link->name, "enp1s0f0");
	ck_assert_uint_eq(link->mtu, 1500);
	ck_assert_uint_eq(link->master, 9);
	ck_assert_uint_eq(link->lower, 0);
	ck_assert_int_eq(link->operstate, ERM_RTNL_OPER_UP);
	ck_assert(link->has_counts && !link->is_count_derived);
	ck_assert_uint_eq(link->up_count, 7);
	ck_assert_uint_eq(link->down_count, 6);
	ck_assert_uint_eq(link->perm_address_len, 6);
	ck_assert_int_eq(link->perm_address[5], 1);
	ck_assert_str_eq(link->kind, "");
	altnames = link->altnames;
	ck_assert(erm_rtnl_altname_next(&altnames, &text));
	ck_assert(erm_rtnl_altname_next(&altnames, &text));
	ck_assert_uint_eq(text.len, strlen(nic.altname));
	ck_assert(memcmp(text.data, nic.altname, text.len) == 0);
	ck_assert(!erm_rtnl_altname_next(&altnames, &text));
}
END_TEST

START_TEST(kinds_of_links_are_told_apart)
{
	struct fake_link vlan = { .ifindex = 5, .name = "v", .kind = "vlan", .lower = 3 };
	struct fake_link bound = vlan, bond = { .ifindex = 6, .name = "bond0", .kind = "bond" };
	struct fake_link macsec = { .ifindex = 7, .name = "ms", .kind = "macsec", .lower = 3 };
	struct fake_link elsewhere = vlan;
	struct erm_rtnl_link link = parse_link(&vlan);

	ck_assert_str_eq(link.kind, "vlan");
	ck_assert_uint_eq(link.lower, 3);
	ck_assert(!link.is_bridge_bound && !link.is_lower_elsewhere);
	bound.is_bridge_bound = true;
	link = parse_link(&bound);
	ck_assert(link.is_bridge_bound);
	elsewhere.is_lower_elsewhere = true;
	link = parse_link(&elsewhere);
	ck_assert(link.is_lower_elsewhere);
	link = parse_link(&bond);
	ck_assert_str_eq(link.kind, "bond");
	link = parse_link(&macsec);
	ck_assert_str_eq(link.kind, "macsec");
	ck_assert_uint_eq(link.lower, 3);
	ck_assert(!link.is_bridge_bound);
}
END_TEST

START_TEST(an_alias_is_a_view_of_the_message)
{
	struct fake_bytes bytes = { 0 };
	struct erm_rtnl_message message;
	struct ifinfomsg info = { .ifi_index = 1 };
	size_t begin = fake_begin(&bytes, RTM_NEWLINK, 0, 0);

	memcpy(bytes.data + bytes.len, &info, sizeof(info));
	bytes.len += sizeof(info);
	fake_put(&bytes, IFLA_IFALIAS, "to MSEE 1", 9); /* the kernel sends it without a NUL */
	fake_end(&bytes, begin);
	message = parse_one(&bytes);
	ck_assert_uint_eq(message.link.alias.len, 9);
	ck_assert(memcmp(message.link.alias.data, "to MSEE 1", 9) == 0);
}
END_TEST

/* Gains, losses, carrier now -> what the sum alone must give. */
static const struct {
	uint32_t up, down;
	bool carrier;
} derived[] = {
	{ 0, 0, true }, /* made with carrier, as a dummy link */
	{ 0, 1, false }, { 1, 1, true },  { 5, 6, false },
	{ 0, 0, false }, /* made without, as a tap */
	{ 1, 0, true },  { 1, 1, false }, { 7, 6, true },
};

START_TEST(counts_fall_back_to_carrier_changes)
{
	struct fake_link link = nic;
	struct erm_rtnl_link got;

	link.has_counts = false;
	link.up_count = derived[_i].up;
	link.down_count = derived[_i].down;
	link.flags = derived[_i].carrier ? FAKE_UP : FAKE_NO_LINK;
	got = parse_link(&link);
	ck_assert(got.has_counts && got.is_count_derived);
	ck_assert_uint_eq(got.up_count, derived[_i].up);
	ck_assert_uint_eq(got.down_count, derived[_i].down);
	link.has_changes = false;
	got = parse_link(&link);
	ck_assert(!got.has_counts);
}
END_TEST

START_TEST(bridge_port_messages_are_not_ours)
{
	struct fake_bytes bytes = { 0 };
	struct fake_link port = nic;

	port.family = 7; /* AF_BRIDGE: "left the bridge", not "gone" */
	fake_link_message(&bytes, &port, RTM_DELLINK, 0, 0);
	ck_assert_int_eq(parse_one(&bytes).kind, ERM_RTNL_OTHER);
}
END_TEST

START_TEST(ends_and_errors)
{
	struct fake_bytes done = { 0 }, interrupted = { 0 }, gone = { 0 }, ack = { 0 };
	struct fake_bytes overrun = { 0 }, bad = { 0 }, empty = { 0 };

	fake_number_message(&done, NLMSG_DONE, 3, 0);
	ck_assert_int_eq(parse_one(&done).kind, ERM_RTNL_DONE);
	fake_link_message(&interrupted, &nic, RTM_NEWLINK, NLM_F_MULTI | NLM_F_DUMP_INTR, 3);
	ck_assert(parse_one(&interrupted).is_interrupted);
	fake_number_message(&gone, NLMSG_ERROR, 9, -ENODEV);
	ck_assert_int_eq(parse_one(&gone).kind, ERM_RTNL_ERROR);
	ck_assert_int_eq(parse_one(&gone).error, -ENODEV);
	ck_assert_uint_eq(parse_one(&gone).seq, 9);
	fake_number_message(&ack, NLMSG_ERROR, 9, 0);
	ck_assert_int_eq(parse_one(&ack).error, 0);
	fake_number_message(&bad, NLMSG_ERROR, 9, 5); /* never positive */
	ck_assert_int_eq(parse_one(&bad).kind, ERM_RTNL_MALFORMED);
	fake_end(&overrun, fake_begin(&overrun, NLMSG_OVERRUN, 0, 0));
	ck_assert_int_eq(parse_one(&overrun).kind, ERM_RTNL_OVERRUN);
	fake_end(&empty, fake_begin(&empty, NLMSG_DONE, 0, 0));
	ck_assert_int_eq(parse_one(&empty).kind, ERM_RTNL_DONE);
}
END_TEST

START_TEST(several_messages_in_a_datagram)
{
	struct fake_bytes bytes = { 0 };
	struct fake_link other = nic;
	struct erm_rtnl_message message;
	struct erm_reader r;

	other.ifindex = 4;
	fake_link_message(&bytes, &nic, RTM_NEWLINK, NLM_F_MULTI, 1);
	fake_link_message(&bytes, &other, RTM_DELLINK, NLM_F_MULTI, 1);
	fake_number_message(&bytes, NLMSG_DONE, 1, 0);
	r = erm_reader_init(bytes.data, bytes.len);
	ck_assert_int_eq(erm_rtnl_message_next(&r, &message), 1);
	ck_assert_uint_eq(message.link.ifindex, 3);
	ck_assert_int_eq(erm_rtnl_message_next(&r, &message), 1);
	ck_assert_int_eq(message.kind, ERM_RTNL_LINK_DEL);
	ck_assert_uint_eq(message.link.ifindex, 4);
	ck_assert_int_eq(erm_rtnl_message_next(&r, &message), 1);
	ck_assert_int_eq(message.kind, ERM_RTNL_DONE);
	ck_assert_int_eq(erm_rtnl_message_next(&r, &message), 0);
}
END_TEST

START_TEST(malformed_content_is_skipped_and_the_next_message_read)
{
	static const struct {
		uint16_t type;
		const char *data;
		size_t len;
	} bad[] = {
		{ IFLA_IFNAME, "sixteen-and-more", 17 },
		{ IFLA_IFNAME, "", 1 },
		{ IFLA_IFNAME, "", 0 },
		{ IFLA_MTU, "abc", 3 },
		{ IFLA_OPERSTATE, "", 0 },
		{ IFLA_CARRIER, "", 0 },
		{ IFLA_CARRIER_DOWN_COUNT, "a", 1 },
		{ IFLA_LINK, "ab", 2 },
		{ IFLA_PERM_ADDRESS, "0123456789012345678901234567890123", 33 },
		{ IFLA_LINKINFO, "\xff\xff\x01\x00", 4 },
		{ IFLA_LINKINFO, "\x03\x00\x01\x00", 4 }, /* shorter than its own header */
		{ IFLA_PROP_LIST, "\x09\x00\x35\x00g", 5 },
	};

	for (size_t i = 0; i < ERM_ELEMENTS(bad); i++) {
		struct fake_bytes bytes = { 0 };
		struct ifinfomsg info = { .ifi_index = 1 };
		struct erm_rtnl_message message;
		struct erm_reader r;
		size_t begin = fake_begin(&bytes, RTM_NEWLINK, 0, 0);

		memcpy(bytes.data + bytes.len, &info, sizeof(info));
		bytes.len += sizeof(info);
		fake_put(&bytes, bad[i].type, bad[i].data, bad[i].len);
		fake_end(&bytes, begin);
		fake_link_message(&bytes, &nic, RTM_NEWLINK, 0, 0);
		r = erm_reader_init(bytes.data, bytes.len);
		ck_assert_int_eq(erm_rtnl_message_next(&r, &message), 1);
		ck_assert_msg(message.kind == ERM_RTNL_MALFORMED, "case %zu", i);
		ck_assert_int_eq(erm_rtnl_message_next(&r, &message), 1);
		ck_assert_int_eq(message.kind, ERM_RTNL_LINK_NEW);
	}
}
END_TEST

START_TEST(bad_lengths_end_the_datagram)
{
	static const uint32_t lens[] = {
		0, 1, 15, 17 + FAKE_MESSAGE_MAX, UINT32_MAX, UINT32_MAX - 3
	};

	for (size_t i = 0; i < ERM_ELEMENTS(lens); i++) {
		struct fake_bytes bytes = { 0 };
		struct erm_rtnl_message message;
		struct erm_reader r;

		fake_link_message(&bytes, &nic, RTM_NEWLINK, 0, 0);
		memcpy(bytes.data, &lens[i], sizeof(lens[i]));
		r = erm_reader_init(bytes.data, bytes.len);
		ck_assert_int_eq(erm_rtnl_message_next(&r, &message), -EBADMSG);
		ck_assert_int_eq(erm_rtnl_message_next(&r, &message), 0);
	}
}
END_TEST

START_TEST(index_zero_is_malformed)
{
	struct fake_bytes bytes = { 0 };
	struct fake_link link = nic;

	link.ifindex = 0;
	fake_link_message(&bytes, &link, RTM_NEWLINK, 0, 0);
	ck_assert_int_eq(parse_one(&bytes).kind, ERM_RTNL_MALFORMED);
}
END_TEST

/* Each cut is in memory of its own size, so that ASan sees a byte too many. */
START_TEST(a_stream_cut_anywhere_is_never_overread)
{
	struct fake_bytes bytes = { 0 };
	struct fake_link vlan = { .ifindex = 5, .name = "v", .kind = "vlan", .lower = 3 };

	fake_link_message(&bytes, &nic, RTM_NEWLINK, NLM_F_MULTI, 1);
	fake_link_message(&bytes, &vlan, RTM_NEWLINK, NLM_F_MULTI, 1);
	fake_number_message(&bytes, NLMSG_DONE, 1, 0);
	for (size_t len = 0; len < bytes.len; len++) {
		_cleanup_free_ uint8_t *cut = malloc(len > 0 ? len : 1);
		struct erm_reader r = erm_reader_init(cut, len);
		struct erm_rtnl_message message;
		unsigned int n = 0;

		ck_assert_ptr_nonnull(cut);
		memcpy(cut, bytes.data, len);
		while (erm_rtnl_message_next(&r, &message) > 0) {
			struct erm_rtnl_text text;

			while (erm_rtnl_altname_next(&message.link.altnames, &text))
				;
			n++;
		}
		ck_assert_uint_lt(n, 3);
	}
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("sources_rtnl_parse");
	TCase *tc = tcase_create("parse");

	tcase_add_test(tc, a_nic_is_read_whole);
	tcase_add_test(tc, kinds_of_links_are_told_apart);
	tcase_add_test(tc, an_alias_is_a_view_of_the_message);
	tcase_add_loop_test(tc, counts_fall_back_to_carrier_changes, 0, ERM_ELEMENTS(derived));
	tcase_add_test(tc, bridge_port_messages_are_not_ours);
	tcase_add_test(tc, ends_and_errors);
	tcase_add_test(tc, several_messages_in_a_datagram);
	tcase_add_test(tc, malformed_content_is_skipped_and_the_next_message_read);
	tcase_add_test(tc, bad_lengths_end_the_datagram);
	tcase_add_test(tc, index_zero_is_malformed);
	tcase_add_test(tc, a_stream_cut_anywhere_is_never_overread);
	suite_add_tcase(s, tc);
	return s;
}

ERM_CHECK_MAIN(suite)
