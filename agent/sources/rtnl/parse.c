/*
 * Owns the byte layout of rtnetlink link messages.  Walks with the bounded reader only:
 * the kernel's NLMSG_ and RTA_ macros underflow on lengths that are no multiple of 4.
 */
#include "sources/rtnl/parse.h"

#include <errno.h>
#include <linux/if.h>
#include <linux/if_link.h>
#include <linux/if_vlan.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

#define ATTR_TYPE_MASK   0x3fffU /* without NLA_F_NESTED and NLA_F_NET_BYTEORDER */
#define ATTR_HEADER_SIZE 4U
#define MSG_HEADER_SIZE  16U

struct attr {
	uint16_t type;
	struct erm_reader value;
};

/* 1 = *ret is filled, 0 = the end, -EBADMSG. */
static int attr_next(struct erm_reader *r, struct attr *ret)
{
	uint16_t len, type;

	/* Less than a header is padding of the message itself. */
	if (r->left < ATTR_HEADER_SIZE)
		return 0;
	if (!erm_reader_u16(r, &len) || !erm_reader_u16(r, &type))
		return -EBADMSG;
	if (len < ATTR_HEADER_SIZE)
		return -EBADMSG;
	if (!erm_reader_split(r, len - ATTR_HEADER_SIZE, &ret->value))
		return -EBADMSG;
	erm_reader_skip(r, (4U - (len & 3U)) & 3U);
	ret->type = (uint16_t)(type & ATTR_TYPE_MASK);
	return 1;
}

static struct erm_rtnl_text attr_text(const struct attr *a)
{
	return (struct erm_rtnl_text){
		.data = (const char *)a->value.data,
		.len = strnlen((const char *)a->value.data, a->value.left),
	};
}

static bool attr_u32(const struct attr *a, uint32_t *ret)
{
	struct erm_reader value = a->value;

	return erm_reader_u32(&value, ret);
}

static bool attr_u8(const struct attr *a, uint8_t *ret)
{
	struct erm_reader value = a->value;

	return erm_reader_u8(&value, ret);
}

static bool parse_name(const struct attr *a, struct erm_rtnl_link *link)
{
	struct erm_rtnl_text text = attr_text(a);

	if (text.len == 0 || text.len >= sizeof(link->name))
		return false;
	memcpy(link->name, text.data, text.len);
	link->name[text.len] = '\0';
	return true;
}

static bool parse_perm_address(const struct attr *a, struct erm_rtnl_link *link)
{
	if (a->value.left > sizeof(link->perm_address))
		return false;
	if (a->value.left > 0)
		memcpy(link->perm_address, a->value.data, a->value.left);
	link->perm_address_len = (uint8_t)a->value.left;
	return true;
}

static void parse_kind(const struct attr *a, struct erm_rtnl_link *link)
{
	struct erm_rtnl_text text = attr_text(a);
	size_t len = text.len < sizeof(link->kind) ? text.len : sizeof(link->kind) - 1;

	if (len > 0)
		memcpy(link->kind, text.data, len);
	link->kind[len] = '\0';
}

static bool parse_vlan_data(struct erm_reader r, struct erm_rtnl_link *link)
{
	struct attr a;
	uint32_t flags;
	int k;

	while ((k = attr_next(&r, &a)) > 0) {
		if (a.type != IFLA_VLAN_FLAGS)
			continue;
		if (!attr_u32(&a, &flags))
			return false;
		link->is_bridge_bound = flags & VLAN_FLAG_BRIDGE_BINDING;
	}
	return k == 0;
}

static bool parse_linkinfo(struct erm_reader r, struct erm_rtnl_link *link)
{
	struct erm_reader data = { 0 };
	struct attr a;
	int k;

	while ((k = attr_next(&r, &a)) > 0) {
		if (a.type == IFLA_INFO_KIND)
			parse_kind(&a, link);
		else if (a.type == IFLA_INFO_DATA)
			data = a.value;
	}
	if (k < 0)
		return false;
	return strcmp(link->kind, "vlan") != 0 || parse_vlan_data(data, link);
}

static bool altnames_are_sound(struct erm_reader r)
{
	struct attr a;
	int k;

	while ((k = attr_next(&r, &a)) > 0)
		;
	return k == 0;
}

struct counts {
	bool has_up, has_down, has_changes;
	uint32_t up, down, changes;
};

static bool parse_counts_attr(const struct attr *a, struct counts *counts)
{
	switch (a->type) {
	case IFLA_CARRIER_UP_COUNT:
		return counts->has_up = attr_u32(a, &counts->up);
	case IFLA_CARRIER_DOWN_COUNT:
		return counts->has_down = attr_u32(a, &counts->down);
	case IFLA_CARRIER_CHANGES:
		return counts->has_changes = attr_u32(a, &counts->changes);
	default:
		return true;
	}
}

/* False: the attribute is one of ours and its value does not hold. */
static bool parse_attr(const struct attr *a, struct erm_rtnl_link *link, struct counts *counts)
{
	uint8_t byte = 0;

	switch (a->type) {
	case IFLA_IFNAME:
		return parse_name(a, link);
	case IFLA_PROP_LIST:
		link->altnames = a->value;
		return altnames_are_sound(a->value);
	case IFLA_IFALIAS:
		link->alias = attr_text(a);
		return true;
	case IFLA_PERM_ADDRESS:
		return parse_perm_address(a, link);
	case IFLA_OPERSTATE:
		return attr_u8(a, &link->operstate);
	case IFLA_CARRIER:
		link->has_carrier_attr = attr_u8(a, &byte);
		link->carrier = byte != 0;
		return link->has_carrier_attr;
	case IFLA_MTU:
		return attr_u32(a, &link->mtu);
	case IFLA_LINK:
		return attr_u32(a, &link->lower);
	case IFLA_LINK_NETNSID:
		link->is_lower_elsewhere = true;
		return true;
	case IFLA_MASTER:
		return attr_u32(a, &link->master);
	case IFLA_LINKINFO:
		return parse_linkinfo(a->value, link);
	default:
		return parse_counts_attr(a, counts);
	}
}

/*
 * IFLA_CARRIER_CHANGES is the sum of gains and losses, which alternate.  The carrier as it
 * is now tells which of the two came last, so the halves are exact whatever it began with.
 */
static void derive_counts(struct erm_rtnl_link *link, const struct counts *counts)
{
	bool carrier = link->has_carrier_attr ? link->carrier : link->flags & IFF_LOWER_UP;

	if (counts->has_up && counts->has_down) {
		link->has_counts = true;
		link->up_count = counts->up;
		link->down_count = counts->down;
	} else if (counts->has_changes) {
		link->has_counts = link->is_count_derived = true;
		link->down_count = counts->changes / 2 + (carrier ? 0 : counts->changes % 2);
		link->up_count = counts->changes - link->down_count;
	}
}

/* 1 = a link, 0 = not a link of the kind we want (another address family), -EBADMSG. */
static int parse_link(struct erm_reader r, struct erm_rtnl_link *ret)
{
	struct erm_rtnl_link link = { 0 };
	struct counts counts = { 0 };
	struct attr a;
	uint8_t family, padding;
	uint16_t device_type;
	int k;

	/* struct ifinfomsg */
	if (!erm_reader_u8(&r, &family) || !erm_reader_u8(&r, &padding) ||
	    !erm_reader_u16(&r, &device_type) || !erm_reader_u32(&r, &link.ifindex) ||
	    !erm_reader_u32(&r, &link.flags) || !erm_reader_u32(&r, &link.change))
		return -EBADMSG;
	/* A bridge tells of its ports in the same group; its DELLINK only means "left the bridge". */
	if (family != AF_UNSPEC)
		return 0;
	if (link.ifindex == 0 || link.ifindex > INT32_MAX)
		return -EBADMSG;
	while ((k = attr_next(&r, &a)) > 0)
		if (!parse_attr(&a, &link, &counts))
			return -EBADMSG;
	if (k < 0)
		return k;
	derive_counts(&link, &counts);
	*ret = link;
	return 1;
}

/* The error number both NLMSG_ERROR and NLMSG_DONE begin with: 0 or negative. */
static bool parse_error(struct erm_reader r, int *ret)
{
	uint32_t raw;

	if (!erm_reader_u32(&r, &raw))
		return false;
	if (raw == 0)
		*ret = 0;
	else if (raw > UINT32_MAX - 4096U)
		*ret = -(int)(UINT32_MAX - raw + 1U);
	else
		return false;
	return true;
}

static enum erm_rtnl_kind parse_link_message(struct erm_reader payload, enum erm_rtnl_kind kind,
					     struct erm_rtnl_link *ret)
{
	int k = parse_link(payload, ret);

	if (k < 0)
		return ERM_RTNL_MALFORMED;
	return k > 0 ? kind : ERM_RTNL_OTHER;
}

int erm_rtnl_message_next(struct erm_reader *r, struct erm_rtnl_message *ret)
{
	struct erm_rtnl_message message = { .kind = ERM_RTNL_OTHER };
	struct erm_reader payload;
	uint32_t len, portid;
	uint16_t type, flags;

	if (r->left == 0)
		return 0;
	if (!erm_reader_u32(r, &len) || !erm_reader_u16(r, &type) || !erm_reader_u16(r, &flags) ||
	    !erm_reader_u32(r, &message.seq) || !erm_reader_u32(r, &portid) ||
	    len < MSG_HEADER_SIZE || !erm_reader_split(r, len - MSG_HEADER_SIZE, &payload)) {
		erm_reader_skip(r, r->left);
		return -EBADMSG;
	}
	erm_reader_skip(r, (4U - (len & 3U)) & 3U);
	message.is_interrupted = flags & NLM_F_DUMP_INTR;
	switch (type) {
	case RTM_NEWLINK:
		message.kind = parse_link_message(payload, ERM_RTNL_LINK_NEW, &message.link);
		break;
	case RTM_DELLINK:
		message.kind = parse_link_message(payload, ERM_RTNL_LINK_DEL, &message.link);
		break;
	case NLMSG_DONE:
		/* The number is optional: very old kernels end a dump with an empty message. */
		message.kind = payload.left == 0 || parse_error(payload, &message.error)
				       ? ERM_RTNL_DONE
				       : ERM_RTNL_MALFORMED;
		break;
	case NLMSG_ERROR:
		message.kind =
			parse_error(payload, &message.error) ? ERM_RTNL_ERROR : ERM_RTNL_MALFORMED;
		break;
	case NLMSG_OVERRUN:
		message.kind = ERM_RTNL_OVERRUN;
		break;
	default:
		break;
	}
	*ret = message;
	return 1;
}

bool erm_rtnl_altname_next(struct erm_reader *altnames, struct erm_rtnl_text *ret)
{
	struct attr a;

	while (attr_next(altnames, &a) > 0) {
		if (a.type != IFLA_ALT_IFNAME)
			continue;
		*ret = attr_text(&a);
		if (ret->len > 0 && ret->len < ERM_RTNL_ALTNAME_MAX)
			return true;
	}
	return false;
}
