/* Owns the byte layout of neighbour messages. */
#include "sources/neighbor/parse.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <string.h>

#include "sources/netlink/parse.h"

#define RESOLVED    (NUD_REACHABLE | NUD_PERMANENT | NUD_STALE | NUD_DELAY | NUD_PROBE | NUD_NOARP)
#define UNRESOLVED  (NUD_INCOMPLETE | NUD_FAILED)
#define REQUEST_MAX (16U + 12U + 20U + 8U) /* headers, the longest address, an index */

static bool parse_addr(struct erm_reader value, int family, struct erm_addr *ret)
{
	struct erm_addr addr = { .family = family };
	void *to = family == AF_INET ? (void *)&addr.v4 : (void *)&addr.v6;
	size_t len = family == AF_INET ? sizeof(addr.v4) : sizeof(addr.v6);

	if (value.left != len)
		return false;
	memcpy(to, value.data, len);
	*ret = addr;
	return true;
}

int erm_neighbor_parse(struct erm_reader payload, struct erm_neighbor_entry *ret)
{
	struct erm_neighbor_entry entry = { 0 };
	struct erm_netlink_attr attr;
	uint16_t padding;
	uint8_t family, type;
	int k;

	/* struct ndmsg */
	if (!erm_reader_u8(&payload, &family) || !erm_reader_u8(&payload, &type) ||
	    !erm_reader_u16(&payload, &padding) || !erm_reader_u32(&payload, &entry.ifindex) ||
	    !erm_reader_u16(&payload, &entry.nud) || !erm_reader_u8(&payload, &entry.flags) ||
	    !erm_reader_u8(&payload, &type))
		return -EBADMSG;
	if ((family != AF_INET && family != AF_INET6) || (entry.flags & NTF_PROXY))
		return -EAFNOSUPPORT;
	while ((k = erm_netlink_attr_next(&payload, &attr)) > 0)
		if (attr.type == NDA_DST && !parse_addr(attr.value, family, &entry.addr))
			return -EBADMSG;
	if (k < 0 || entry.addr.family == AF_UNSPEC || entry.ifindex == 0 ||
	    entry.ifindex > INT32_MAX)
		return -EBADMSG;
	*ret = entry;
	return 0;
}

int erm_neighbor_parse_link(struct erm_reader payload, uint32_t *ret_ifindex)
{
	uint32_t family_and_type, ifindex;

	/* struct ifinfomsg */
	if (!erm_reader_u32(&payload, &family_and_type) || !erm_reader_u32(&payload, &ifindex) ||
	    ifindex == 0 || ifindex > INT32_MAX)
		return -EBADMSG;
	*ret_ifindex = ifindex;
	return 0;
}

enum erm_neighbor_state erm_neighbor_state_of(uint16_t nud)
{
	if (nud & RESOLVED)
		return ERM_NEIGHBOR_RESOLVED;
	return nud & UNRESOLVED ? ERM_NEIGHBOR_UNRESOLVED : ERM_NEIGHBOR_UNKNOWN;
}

bool erm_neighbor_is_stale(uint16_t nud)
{
	return nud == NUD_STALE;
}

/* The header of a request in the buffer; NULL when another one might not fit. */
static struct nlmsghdr *put(struct erm_rtnl_request *request, uint32_t seq, uint16_t type,
			    uint16_t flags, const struct ndmsg *nd)
{
	struct nlmsghdr *header;

	if (sizeof(request->bytes) - request->len < REQUEST_MAX)
		return NULL;
	header = mnl_nlmsg_put_header(request->bytes + request->len);
	header->nlmsg_type = type;
	header->nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags);
	header->nlmsg_seq = seq;
	memcpy(mnl_nlmsg_put_extra_header(header, sizeof(*nd)), nd, sizeof(*nd));
	return header;
}

static void put_addr(struct nlmsghdr *header, const struct erm_addr *addr)
{
	size_t len;
	const void *bytes = erm_addr_bytes(addr, &len);

	mnl_attr_put(header, NDA_DST, len, bytes);
}

bool erm_neighbor_request_get(struct erm_rtnl_request *request, uint32_t seq, uint32_t ifindex,
			      const struct erm_addr *addr)
{
	const struct ndmsg nd = { .ndm_family = (uint8_t)addr->family,
				  .ndm_ifindex = (int)ifindex };
	struct nlmsghdr *header = put(request, seq, RTM_GETNEIGH, 0, &nd);

	if (!header)
		return false;
	put_addr(header, addr);
	request->len += MNL_ALIGN(header->nlmsg_len);
	return true;
}

bool erm_neighbor_request_dump(struct erm_rtnl_request *request, uint32_t seq, uint32_t ifindex,
			       int family)
{
	const struct ndmsg nd = { .ndm_family = (uint8_t)family };
	struct nlmsghdr *header = put(request, seq, RTM_GETNEIGH, NLM_F_DUMP, &nd);

	if (!header)
		return false;
	mnl_attr_put_u32(header, NDA_IFINDEX, ifindex);
	request->len += MNL_ALIGN(header->nlmsg_len);
	return true;
}

bool erm_neighbor_request_probe(struct erm_rtnl_request *request, uint32_t seq,
				const struct erm_neighbor_entry *entry)
{
	/* What is left out of the flags would be taken away: that it is a router, above all. */
	const struct ndmsg nd = { .ndm_family = (uint8_t)entry->addr.family,
				  .ndm_ifindex = (int)entry->ifindex,
				  .ndm_state = NUD_PROBE,
				  .ndm_flags = entry->flags & (NTF_ROUTER | NTF_EXT_LEARNED) };
	struct nlmsghdr *header = put(request, seq, RTM_NEWNEIGH, NLM_F_REPLACE | NLM_F_ACK, &nd);

	if (!header)
		return false;
	put_addr(header, &entry->addr);
	request->len += MNL_ALIGN(header->nlmsg_len);
	return true;
}
