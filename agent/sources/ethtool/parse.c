#include "sources/ethtool/parse.h"

#include <errno.h>
#include <limits.h>
#include <linux/ethtool.h>
#include <linux/ethtool_netlink.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"

#define TYPE_MASK 0x3fffU /* NLA_TYPE_MASK, which is signed */

/* What is left of a row of attributes. */
struct attributes {
	const uint8_t *data;
	size_t len;
};

struct attribute {
	uint16_t type;
	const uint8_t *data;
	size_t len;
};

/* 1 = one more, 0 = no more, -EBADMSG. */
static int next_attribute(struct attributes *rest, struct attribute *ret)
{
	struct nlattr header;
	size_t step;

	if (rest->len == 0)
		return 0;
	if (rest->len < sizeof(header))
		return -EBADMSG;
	memcpy(&header, rest->data, sizeof(header));
	if (header.nla_len < sizeof(header) || header.nla_len > rest->len)
		return -EBADMSG;
	ret->type = header.nla_type & TYPE_MASK;
	ret->data = rest->data + sizeof(header);
	ret->len = header.nla_len - sizeof(header);
	step = (header.nla_len + 3U) & ~3U;
	if (step > rest->len)
		step = rest->len;
	rest->data += step;
	rest->len -= step;
	return 1;
}

static struct attributes inside(const struct attribute *attribute)
{
	return (struct attributes){ .data = attribute->data, .len = attribute->len };
}

static int take_u32(const struct attribute *attribute, uint32_t *ret)
{
	if (attribute->len != sizeof(*ret))
		return -EBADMSG;
	memcpy(ret, attribute->data, sizeof(*ret));
	return 0;
}

static int take_u16(const struct attribute *attribute, uint16_t *ret)
{
	if (attribute->len != sizeof(*ret))
		return -EBADMSG;
	memcpy(ret, attribute->data, sizeof(*ret));
	return 0;
}

static int take_u8(const struct attribute *attribute, uint8_t *ret)
{
	if (attribute->len != sizeof(*ret))
		return -EBADMSG;
	*ret = attribute->data[0];
	return 0;
}

/* Each message about a device begins with the device: attribute 1 in all of them. */
static int take_header(const struct attribute *header, struct erm_ethtool_answer *answer)
{
	struct attributes rest = inside(header);
	struct attribute a;
	int r;

	while ((r = next_attribute(&rest, &a)) > 0) {
		if (a.type == ETHTOOL_A_HEADER_DEV_INDEX)
			r = take_u32(&a, &answer->ifindex);
		if (r < 0)
			return r;
	}
	return r;
}

static int take_speed(const struct attribute *a, struct erm_ethtool_answer *answer)
{
	uint32_t speed = 0;
	int r = take_u32(a, &speed);

	if (r == 0 && speed <= INT_MAX) /* SPEED_UNKNOWN is above */
		answer->speed_mbps = speed;
	return r;
}

static int take_linkmodes(const struct attribute *a, struct erm_ethtool_answer *answer)
{
	return a->type == ETHTOOL_A_LINKMODES_SPEED ? take_speed(a, answer) : 0;
}

static int take_linkstate(const struct attribute *a, struct erm_ethtool_answer *answer)
{
	if (a->type == ETHTOOL_A_LINKSTATE_EXT_STATE) {
		int r = take_u8(a, &answer->link_state);

		answer->link_state++; /* the kernel counts from 0, which is a state too */
		return r;
	}
	return a->type == ETHTOOL_A_LINKSTATE_EXT_SUBSTATE ? take_u8(a, &answer->link_substate) : 0;
}

static int take_eeprom(const struct attribute *a, struct erm_ethtool_answer *answer)
{
	if (a->type != ETHTOOL_A_MODULE_EEPROM_DATA)
		return 0;
	answer->eeprom = a->data;
	answer->eeprom_len = a->len;
	return 0;
}

static int take_operation(const struct attribute *operation, struct erm_ethtool_answer *answer)
{
	struct attributes rest = inside(operation);
	struct attribute a;
	uint32_t id = 0;
	int r;

	while ((r = next_attribute(&rest, &a)) > 0) {
		if (a.type == CTRL_ATTR_OP_ID)
			r = take_u32(&a, &id);
		if (r < 0)
			return r;
	}
	if (id == ETHTOOL_MSG_MODULE_EEPROM_GET)
		answer->reads_modules = true;
	return r;
}

static int take_family(const struct attribute *a, struct erm_ethtool_answer *answer)
{
	struct attributes rest = inside(a);
	struct attribute operation;
	int r;

	if (a->type == CTRL_ATTR_FAMILY_ID)
		return take_u16(a, &answer->family);
	if (a->type != CTRL_ATTR_OPS)
		return 0;
	while ((r = next_attribute(&rest, &operation)) > 0) {
		r = take_operation(&operation, answer);
		if (r < 0)
			return r;
	}
	return r;
}

static int take_attributes(struct attributes rest, bool has_header,
			   int (*take)(const struct attribute *, struct erm_ethtool_answer *),
			   struct erm_ethtool_answer *answer)
{
	struct attribute a;
	int r;

	while ((r = next_attribute(&rest, &a)) > 0) {
		/* ETHTOOL_A_*_HEADER is 1 in every message. */
		if (has_header && a.type == ETHTOOL_A_LINKMODES_HEADER)
			r = take_header(&a, answer);
		else
			r = take(&a, answer);
		if (r < 0)
			return r;
	}
	return r;
}

static int take_payload(uint16_t type, const uint8_t *data, size_t len,
			struct erm_ethtool_answer *answer)
{
	struct genlmsghdr header;
	struct attributes rest;

	if (len < GENL_HDRLEN)
		return -EBADMSG;
	memcpy(&header, data, sizeof(header));
	rest = (struct attributes){ .data = data + GENL_HDRLEN, .len = len - GENL_HDRLEN };
	if (type == GENL_ID_CTRL)
		return take_attributes(rest, false, take_family, answer);
	switch (header.cmd) {
	case ETHTOOL_MSG_LINKMODES_GET_REPLY:
		return take_attributes(rest, true, take_linkmodes, answer);
	case ETHTOOL_MSG_LINKSTATE_GET_REPLY:
		return take_attributes(rest, true, take_linkstate, answer);
	case ETHTOOL_MSG_MODULE_EEPROM_GET_REPLY:
		return take_attributes(rest, true, take_eeprom, answer);
	default:
		return -EBADMSG;
	}
}

static int take_error(const uint8_t *data, size_t len, struct erm_ethtool_answer *answer)
{
	int error;

	if (len < sizeof(error))
		return -EBADMSG;
	memcpy(&error, data, sizeof(error));
	/* Only one of these is an acknowledgement, and none was asked for. */
	if (error >= 0 || error < -4095)
		return -EBADMSG;
	answer->error = error;
	return 0;
}

int erm_ethtool_parse(const void *data, size_t len, uint32_t seq, struct erm_ethtool_answer *ret)
{
	const uint8_t *at = data;

	while (len > 0) {
		struct erm_ethtool_answer answer = { 0 };
		struct nlmsghdr header;
		size_t step;
		int r;

		if (len < NLMSG_HDRLEN)
			return -EBADMSG;
		memcpy(&header, at, sizeof(header));
		if (header.nlmsg_len < NLMSG_HDRLEN || header.nlmsg_len > len)
			return -EBADMSG;
		if (header.nlmsg_seq == seq && header.nlmsg_type != NLMSG_NOOP) {
			const uint8_t *payload = at + NLMSG_HDRLEN;
			size_t payload_len = header.nlmsg_len - NLMSG_HDRLEN;

			r = header.nlmsg_type == NLMSG_ERROR
				    ? take_error(payload, payload_len, &answer)
				    : take_payload(header.nlmsg_type, payload, payload_len,
						   &answer);
			if (r < 0)
				return r;
			*ret = answer;
			return 1;
		}
		step = NLMSG_ALIGN(header.nlmsg_len);
		if (step > len)
			step = len;
		at += step;
		len -= step;
	}
	return 0;
}

static const char *const state_texts[] = {
	[ETHTOOL_LINK_EXT_STATE_AUTONEG] = "autonegotiation failed",
	[ETHTOOL_LINK_EXT_STATE_LINK_TRAINING_FAILURE] = "link training failed",
	[ETHTOOL_LINK_EXT_STATE_LINK_LOGICAL_MISMATCH] = "logical mismatch",
	[ETHTOOL_LINK_EXT_STATE_BAD_SIGNAL_INTEGRITY] = "bad signal",
	[ETHTOOL_LINK_EXT_STATE_NO_CABLE] = "no cable",
	[ETHTOOL_LINK_EXT_STATE_CABLE_ISSUE] = "cable fault",
	[ETHTOOL_LINK_EXT_STATE_EEPROM_ISSUE] = "module memory unreadable",
	[ETHTOOL_LINK_EXT_STATE_CALIBRATION_FAILURE] = "calibration failed",
	[ETHTOOL_LINK_EXT_STATE_POWER_BUDGET_EXCEEDED] = "module needs too much power",
	[ETHTOOL_LINK_EXT_STATE_OVERHEAT] = "module too hot",
	[ETHTOOL_LINK_EXT_STATE_MODULE] = "module fault",
};

#define SUBSTATES_MAX 8

static const char *const substate_texts[][SUBSTATES_MAX] = {
	[ETHTOOL_LINK_EXT_STATE_AUTONEG] = {
		[ETHTOOL_LINK_EXT_SUBSTATE_AN_NO_PARTNER_DETECTED] = "no partner",
		[ETHTOOL_LINK_EXT_SUBSTATE_AN_ACK_NOT_RECEIVED] = "no acknowledgement",
		[ETHTOOL_LINK_EXT_SUBSTATE_AN_NEXT_PAGE_EXCHANGE_FAILED] =
			"next page exchange failed",
		[ETHTOOL_LINK_EXT_SUBSTATE_AN_NO_PARTNER_DETECTED_FORCE_MODE] =
			"no partner in forced mode",
		[ETHTOOL_LINK_EXT_SUBSTATE_AN_FEC_MISMATCH_DURING_OVERRIDE] = "FEC differs",
		[ETHTOOL_LINK_EXT_SUBSTATE_AN_NO_HCD] = "no mode in common",
	},
	[ETHTOOL_LINK_EXT_STATE_LINK_TRAINING_FAILURE] = {
		[ETHTOOL_LINK_EXT_SUBSTATE_LT_KR_FRAME_LOCK_NOT_ACQUIRED] = "no frame lock",
		[ETHTOOL_LINK_EXT_SUBSTATE_LT_KR_LINK_INHIBIT_TIMEOUT] = "timeout",
		[ETHTOOL_LINK_EXT_SUBSTATE_LT_KR_LINK_PARTNER_DID_NOT_SET_RECEIVER_READY] =
			"partner not ready",
		[ETHTOOL_LINK_EXT_SUBSTATE_LT_REMOTE_FAULT] = "remote fault",
	},
	[ETHTOOL_LINK_EXT_STATE_LINK_LOGICAL_MISMATCH] = {
		[ETHTOOL_LINK_EXT_SUBSTATE_LLM_PCS_DID_NOT_ACQUIRE_BLOCK_LOCK] = "no block lock",
		[ETHTOOL_LINK_EXT_SUBSTATE_LLM_PCS_DID_NOT_ACQUIRE_AM_LOCK] = "no marker lock",
		[ETHTOOL_LINK_EXT_SUBSTATE_LLM_PCS_DID_NOT_GET_ALIGN_STATUS] = "no alignment",
		[ETHTOOL_LINK_EXT_SUBSTATE_LLM_FC_FEC_IS_NOT_LOCKED] = "FC-FEC not locked",
		[ETHTOOL_LINK_EXT_SUBSTATE_LLM_RS_FEC_IS_NOT_LOCKED] = "RS-FEC not locked",
	},
	[ETHTOOL_LINK_EXT_STATE_BAD_SIGNAL_INTEGRITY] = {
		[ETHTOOL_LINK_EXT_SUBSTATE_BSI_LARGE_NUMBER_OF_PHYSICAL_ERRORS] = "many errors",
		[ETHTOOL_LINK_EXT_SUBSTATE_BSI_UNSUPPORTED_RATE] = "rate not supported",
		[ETHTOOL_LINK_EXT_SUBSTATE_BSI_SERDES_REFERENCE_CLOCK_LOST] =
			"reference clock lost",
		[ETHTOOL_LINK_EXT_SUBSTATE_BSI_SERDES_ALOS] = "no analogue signal",
	},
	[ETHTOOL_LINK_EXT_STATE_CABLE_ISSUE] = {
		[ETHTOOL_LINK_EXT_SUBSTATE_CI_UNSUPPORTED_CABLE] = "cable not supported",
		[ETHTOOL_LINK_EXT_SUBSTATE_CI_CABLE_TEST_FAILURE] = "cable test failed",
	},
	[ETHTOOL_LINK_EXT_STATE_MODULE] = {
		[ETHTOOL_LINK_EXT_SUBSTATE_MODULE_CMIS_NOT_READY] = "not ready",
	},
};

void erm_ethtool_link_text(uint8_t link_state, uint8_t link_substate, char ret[ERM_TEXT_MAX])
{
	uint8_t state = (uint8_t)(link_state - 1);
	const char *text = NULL;
	const char *more = NULL;

	memset(ret, 0, ERM_TEXT_MAX);
	if (link_state == 0)
		return;
	if (state < ERM_ELEMENTS(state_texts))
		text = state_texts[state];
	if (state < ERM_ELEMENTS(substate_texts) && link_substate < SUBSTATES_MAX)
		more = substate_texts[state][link_substate];
	if (!text)
		(void)snprintf(ret, ERM_TEXT_MAX, "link state %d", state);
	else
		(void)snprintf(ret, ERM_TEXT_MAX, "%s%s%s", text, more ? ": " : "",
			       more ? more : "");
}
