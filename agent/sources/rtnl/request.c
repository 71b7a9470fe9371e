/* Owns the form of what is asked; who sends it and what comes back is not known here. */
#include "sources/rtnl/request.h"

#include <libmnl/libmnl.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <string.h>

#include "sources/rtnl/parse.h"

/* Header, ifinfomsg, IFLA_EXT_MASK and the longest name with its attribute header. */
#define ONE_REQUEST_MAX (16U + 16U + 8U + 4U + ERM_RTNL_ALTNAME_MAX)

static bool add(struct erm_rtnl_request *request, uint32_t seq, uint32_t ifindex, const char *name,
		uint16_t flags)
{
	struct nlmsghdr *header;
	struct ifinfomsg *info;

	if (sizeof(request->bytes) - request->len < ONE_REQUEST_MAX)
		return false;
	if (name && strlen(name) >= ERM_RTNL_ALTNAME_MAX)
		return false;
	header = mnl_nlmsg_put_header(request->bytes + request->len);
	header->nlmsg_type = RTM_GETLINK;
	header->nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags);
	header->nlmsg_seq = seq;
	info = mnl_nlmsg_put_extra_header(header, sizeof(*info));
	info->ifi_family = AF_UNSPEC;
	info->ifi_index = (int)ifindex;
	mnl_attr_put_u32(header, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
	if (name) {
		bool is_short = strlen(name) < ERM_RTNL_NAME_MAX;

		mnl_attr_put_strz(header, is_short ? IFLA_IFNAME : IFLA_ALT_IFNAME, name);
	}
	request->len += MNL_ALIGN(header->nlmsg_len);
	return true;
}

bool erm_rtnl_request_add_index(struct erm_rtnl_request *request, uint32_t seq, uint32_t ifindex)
{
	return add(request, seq, ifindex, NULL, 0);
}

bool erm_rtnl_request_add_name(struct erm_rtnl_request *request, uint32_t seq, const char *name)
{
	return add(request, seq, 0, name, 0);
}

bool erm_rtnl_request_add_dump(struct erm_rtnl_request *request, uint32_t seq)
{
	return add(request, seq, 0, NULL, NLM_F_DUMP);
}
