#include "sources/ethtool/request.h"

#include <linux/ethtool.h>
#include <linux/ethtool_netlink.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <string.h>

#define NAME_MAX_BYTES 128 /* ALTIFNAMSIZ, with the NUL */

static struct nlmsghdr *header_of(struct erm_ethtool_request *request)
{
	return (struct nlmsghdr *)(void *)request->bytes;
}

static void begin(struct erm_ethtool_request *request, uint16_t type, uint32_t seq, uint8_t command)
{
	struct genlmsghdr generic = { .cmd = command, .version = 1 };
	struct nlmsghdr *header = header_of(request);

	memset(request, 0, sizeof(*request));
	header->nlmsg_type = type;
	header->nlmsg_flags = NLM_F_REQUEST;
	header->nlmsg_seq = seq;
	memcpy((uint8_t *)request->bytes + NLMSG_HDRLEN, &generic, sizeof(generic));
	request->len = NLMSG_HDRLEN + GENL_HDRLEN;
	header->nlmsg_len = (uint32_t)request->len;
}

/* All there ever is fits: one name and seven numbers. */
static void put(struct erm_ethtool_request *request, uint16_t type, const void *data, size_t len)
{
	struct nlattr attribute = {
		.nla_len = (uint16_t)(sizeof(struct nlattr) + len),
		.nla_type = type,
	};
	uint8_t *at = (uint8_t *)request->bytes + request->len;

	memcpy(at, &attribute, sizeof(attribute));
	if (len > 0)
		memcpy(at + sizeof(attribute), data, len);
	request->len += (attribute.nla_len + 3U) & ~3U;
	header_of(request)->nlmsg_len = (uint32_t)request->len;
}

void erm_ethtool_ask_family(struct erm_ethtool_request *request, uint32_t seq)
{
	begin(request, GENL_ID_CTRL, seq, CTRL_CMD_GETFAMILY);
	put(request, CTRL_ATTR_FAMILY_NAME, ETHTOOL_GENL_NAME, sizeof(ETHTOOL_GENL_NAME));
}

static bool ask(struct erm_ethtool_request *request, uint16_t family, uint32_t seq, uint8_t command,
		const char *name)
{
	uint32_t flags = ETHTOOL_FLAG_COMPACT_BITSETS;
	size_t len = strlen(name) + 1;
	struct nlattr nest = { .nla_type = ETHTOOL_A_LINKMODES_HEADER | NLA_F_NESTED };
	size_t nest_at;

	if (len > NAME_MAX_BYTES)
		return false;
	begin(request, family, seq, command);
	nest_at = request->len;
	put(request, nest.nla_type, NULL, 0);
	put(request, ETHTOOL_A_HEADER_DEV_NAME, name, len);
	put(request, ETHTOOL_A_HEADER_FLAGS, &flags, sizeof(flags));
	nest.nla_len = (uint16_t)(request->len - nest_at);
	memcpy((uint8_t *)request->bytes + nest_at, &nest, sizeof(nest));
	return true;
}

bool erm_ethtool_ask_linkmodes(struct erm_ethtool_request *request, uint16_t family, uint32_t seq,
			       const char *name)
{
	return ask(request, family, seq, ETHTOOL_MSG_LINKMODES_GET, name);
}

bool erm_ethtool_ask_linkstate(struct erm_ethtool_request *request, uint16_t family, uint32_t seq,
			       const char *name)
{
	return ask(request, family, seq, ETHTOOL_MSG_LINKSTATE_GET, name);
}

bool erm_ethtool_ask_module(struct erm_ethtool_request *request, uint16_t family, uint32_t seq,
			    const char *name, const struct erm_module_request *piece)
{
	uint32_t offset = piece->offset;
	uint32_t length = piece->length;

	if (!ask(request, family, seq, ETHTOOL_MSG_MODULE_EEPROM_GET, name))
		return false;
	put(request, ETHTOOL_A_MODULE_EEPROM_OFFSET, &offset, sizeof(offset));
	put(request, ETHTOOL_A_MODULE_EEPROM_LENGTH, &length, sizeof(length));
	put(request, ETHTOOL_A_MODULE_EEPROM_PAGE, &piece->page, sizeof(piece->page));
	put(request, ETHTOOL_A_MODULE_EEPROM_BANK, &piece->bank, sizeof(piece->bank));
	put(request, ETHTOOL_A_MODULE_EEPROM_I2C_ADDRESS, &piece->i2c_address,
	    sizeof(piece->i2c_address));
	return true;
}
