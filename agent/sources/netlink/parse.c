/* Owns the byte layout of struct nlmsghdr and struct nlattr (linux/netlink.h), nothing else. */
#include "sources/netlink/parse.h"

#include <errno.h>
#include <linux/netlink.h>

#define ATTR_TYPE_MASK   0x3fffU /* NLA_TYPE_MASK as an unsigned number */
#define ATTR_HEADER_SIZE 4U
#define MSG_HEADER_SIZE  16U
#define ERRNO_MAX        4095U /* MAX_ERRNO */

static uint32_t padding_of(uint32_t len)
{
	return (4U - (len & 3U)) & 3U;
}

/* The error number both NLMSG_ERROR and NLMSG_DONE begin with: 0 or negative. */
static bool parse_error(struct erm_reader r, int *ret)
{
	uint32_t raw;

	if (!erm_reader_u32(&r, &raw))
		return false;
	if (raw != 0 && raw <= UINT32_MAX - ERRNO_MAX)
		return false;
	*ret = raw == 0 ? 0 : -(int)(UINT32_MAX - raw + 1U);
	return true;
}

static enum erm_netlink_kind kind_of(struct erm_netlink_message *message)
{
	switch (message->type) {
	case NLMSG_DONE:
		/* The number is optional: very old kernels end a dump with an empty message. */
		return message->payload.left == 0 || parse_error(message->payload, &message->error)
			       ? ERM_NETLINK_DONE
			       : ERM_NETLINK_MALFORMED;
	case NLMSG_ERROR:
		return parse_error(message->payload, &message->error) ? ERM_NETLINK_ERROR
								      : ERM_NETLINK_MALFORMED;
	case NLMSG_OVERRUN:
		return ERM_NETLINK_OVERRUN;
	default: /* a number of the kernel's */
		return message->type >= NLMSG_MIN_TYPE ? ERM_NETLINK_DATA : message->kind;
	}
}

int erm_netlink_message_next(struct erm_reader *r, struct erm_netlink_message *ret)
{
	struct erm_netlink_message message = { .kind = ERM_NETLINK_OTHER };
	uint32_t len, portid;
	uint16_t flags;

	if (r->left == 0)
		return 0;
	if (!erm_reader_u32(r, &len) || !erm_reader_u16(r, &message.type) ||
	    !erm_reader_u16(r, &flags) || !erm_reader_u32(r, &message.seq) ||
	    !erm_reader_u32(r, &portid) || len < MSG_HEADER_SIZE ||
	    !erm_reader_split(r, len - MSG_HEADER_SIZE, &message.payload)) {
		erm_reader_skip(r, r->left);
		return -EBADMSG;
	}
	erm_reader_skip(r, padding_of(len));
	message.is_interrupted = flags & NLM_F_DUMP_INTR;
	message.kind = kind_of(&message);
	*ret = message;
	return 1;
}

int erm_netlink_attr_next(struct erm_reader *r, struct erm_netlink_attr *ret)
{
	struct erm_netlink_attr attr;
	uint16_t len, type;

	/* Less than a header is padding of the message itself. */
	if (r->left < ATTR_HEADER_SIZE)
		return 0;
	if (!erm_reader_u16(r, &len) || !erm_reader_u16(r, &type) || len < ATTR_HEADER_SIZE ||
	    !erm_reader_split(r, len - ATTR_HEADER_SIZE, &attr.value)) {
		erm_reader_skip(r, r->left);
		return -EBADMSG;
	}
	erm_reader_skip(r, padding_of(len));
	attr.type = (uint16_t)(type & ATTR_TYPE_MASK);
	*ret = attr;
	return 1;
}
