#include "sources/bmp/parse.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/reader.h"
#include "sources/router/notification.h"
#include "sources/router/text.h"

#define BMP_VERSION     3
#define HEADER_LEN      ((size_t)6)
#define ADDRESS_LEN     16
#define MARKER_LEN      16
#define PDU_LEN_MIN     21 /* a NOTIFICATION without data */
#define PDU_TYPE_NOTIFY 3
#define PDU_OVERHEAD    (MARKER_LEN + 2) /* what is read before the PDU's type */

enum {
	PEER_GLOBAL = 0,
	PEER_RD = 1,
	PEER_LOCAL = 2,
	PEER_FLAG_IPV6 = 0x80,
};

enum {
	INFO_STRING = 0,
	INFO_SYS_NAME = 2,
	TERMINATION_REASON = 1,
	STAT_ADJ_RIB_IN = 7,
	STAT_ADJ_RIB_IN_OF = 9, /* of one AFI, SAFI */
	AFI_IPV4 = 1,
	AFI_IPV6 = 2,
	SAFI_UNICAST = 1,
	CODE_CEASE = 6,
	CEASE_ADMIN_SHUTDOWN = 2,
	CEASE_ADMIN_RESET = 4,
};

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Copies into the head what fits there, up to `want` bytes of the message; the rest is counted past. */
static void take(struct erm_bmp_stream *stream, const uint8_t **data, size_t *left, size_t want)
{
	size_t n = smaller(want - stream->taken, *left);
	size_t kept = smaller(n, sizeof(stream->head) - stream->used);

	if (n == 0)
		return;
	if (stream->total != 0 && stream->head[5] == ERM_BMP_ROUTE_MONITORING)
		kept = 0;
	memcpy(stream->head + stream->used, *data, kept);
	stream->used += kept;
	stream->taken += n;
	*data += n;
	*left -= n;
}

int erm_bmp_stream_take(struct erm_bmp_stream *stream, const uint8_t **data, size_t *left)
{
	const uint8_t *head = stream->head;

	if (stream->total != 0 && stream->taken == stream->total)
		stream->used = stream->taken = stream->total = 0;
	if (stream->total == 0) {
		uint32_t total = 0;

		take(stream, data, left, HEADER_LEN);
		/* a stranger is known by his first byte */
		if (stream->taken > 0 && head[0] != BMP_VERSION)
			return -EBADMSG;
		if (stream->taken < HEADER_LEN)
			return 0;
		total = (uint32_t)head[1] << 24 | (uint32_t)head[2] << 16 | (uint32_t)head[3] << 8 |
			head[4];
		if (total < HEADER_LEN)
			return -EBADMSG;
		if (total > ERM_BMP_MESSAGE_MAX)
			return -EMSGSIZE;
		stream->total = total;
	}
	take(stream, data, left, stream->total);
	return stream->taken == stream->total;
}

/* 16 bytes, an IPv4 address in the last four.  All zero is no address. */
static bool read_address(struct erm_reader *r, bool is_ipv6, struct erm_addr *ret)
{
	static const uint8_t zero[ADDRESS_LEN] = { 0 };
	const uint8_t *bytes = erm_reader_take(r, ADDRESS_LEN);

	if (!bytes)
		return false;
	*ret = (struct erm_addr){ .family = AF_UNSPEC };
	if (memcmp(bytes, zero, ADDRESS_LEN) == 0)
		return true;
	ret->family = is_ipv6 ? AF_INET6 : AF_INET;
	if (is_ipv6)
		memcpy(&ret->v6, bytes, sizeof(ret->v6));
	else
		memcpy(&ret->v4, bytes + ADDRESS_LEN - sizeof(ret->v4), sizeof(ret->v4));
	return true;
}

static bool read_be64(struct erm_reader *r, uint64_t *ret)
{
	uint32_t high = 0, low = 0;

	if (!erm_reader_be32(r, &high) || !erm_reader_be32(r, &low))
		return false;
	*ret = (uint64_t)high << 32 | low;
	return true;
}

static int read_peer(struct erm_reader *r, struct erm_bmp_peer_header *ret, bool *ret_is_ipv6)
{
	uint8_t type = 0, flags = 0;
	uint32_t bgp_id = 0;
	uint64_t time = 0;

	if (!erm_reader_u8(r, &type) || !erm_reader_u8(r, &flags) ||
	    !read_be64(r, &ret->distinguisher))
		return -EBADMSG;
	*ret_is_ipv6 = flags & PEER_FLAG_IPV6;
	/* the time is not used: routers fill it wrongly */
	if (!read_address(r, *ret_is_ipv6, &ret->addr) || !erm_reader_be32(r, &ret->as) ||
	    !erm_reader_be32(r, &bgp_id) || !read_be64(r, &time))
		return -EBADMSG;
	ret->is_session = (type == PEER_GLOBAL || type == PEER_RD || type == PEER_LOCAL) &&
			  ret->addr.family != AF_UNSPEC;
	return 0;
}

/* RFC 9003: a length and so much UTF-8. */
static void read_words(struct erm_reader *r, struct erm_bmp_message *message)
{
	uint8_t len = 0;
	const uint8_t *words = NULL;

	if (message->code != CODE_CEASE ||
	    (message->subcode != CEASE_ADMIN_SHUTDOWN && message->subcode != CEASE_ADMIN_RESET))
		return;
	if (!erm_reader_u8(r, &len))
		return;
	words = erm_reader_take(r, len);
	if (words)
		erm_router_text_clean((const char *)words, len, message->words);
}

/* Some routers send none where one is due. */
static void read_notification(struct erm_reader *r, struct erm_bmp_message *message)
{
	struct erm_reader pdu = { 0 };
	uint16_t len = 0;
	uint8_t type = 0;

	if (!erm_reader_take(r, MARKER_LEN) || !erm_reader_be16(r, &len) || len < PDU_LEN_MIN ||
	    !erm_reader_split(r, len - PDU_OVERHEAD, &pdu))
		return;
	if (!erm_reader_u8(&pdu, &type) || type != PDU_TYPE_NOTIFY)
		return;
	message->has_notification =
		erm_reader_u8(&pdu, &message->code) && erm_reader_u8(&pdu, &message->subcode);
	read_words(&pdu, message);
}

static int read_peer_down(struct erm_reader *r, struct erm_bmp_message *message)
{
	if (!erm_reader_u8(r, &message->reason))
		return -EBADMSG;
	if (message->reason == ERM_BMP_LOCAL_NOTIFICATION ||
	    message->reason == ERM_BMP_REMOTE_NOTIFICATION)
		read_notification(r, message);
	return 0;
}

static uint32_t saturated(uint64_t value)
{
	return value > UINT32_MAX ? UINT32_MAX : (uint32_t)value;
}

static void read_stat(struct erm_reader *r, uint16_t type, struct erm_bmp_message *message)
{
	uint64_t value = 0;
	uint16_t afi = 0;
	uint8_t safi = 0;
	enum erm_family family = ERM_FAMILY_IPV4;

	if (type == STAT_ADJ_RIB_IN && read_be64(r, &value)) {
		message->has_routes = true;
		message->routes = saturated(value);
	}
	if (type != STAT_ADJ_RIB_IN_OF || !erm_reader_be16(r, &afi) || !erm_reader_u8(r, &safi) ||
	    !read_be64(r, &value))
		return;
	if ((afi != AFI_IPV4 && afi != AFI_IPV6) || safi != SAFI_UNICAST)
		return;
	family = afi == AFI_IPV6 ? ERM_FAMILY_IPV6 : ERM_FAMILY_IPV4;
	message->has_routes_of[family] = true;
	message->routes_of[family] = saturated(value);
}

/* One type-length-value; false at the end, and at one that is cut off. */
static bool read_tlv(struct erm_reader *r, uint16_t *ret_type, struct erm_reader *ret_value)
{
	uint16_t len = 0;

	return erm_reader_be16(r, ret_type) && erm_reader_be16(r, &len) &&
	       erm_reader_split(r, len, ret_value);
}

static int read_stats(struct erm_reader *r, struct erm_bmp_message *message)
{
	struct erm_reader value = { 0 };
	uint32_t n = 0;
	uint16_t type = 0;

	if (!erm_reader_be32(r, &n))
		return -EBADMSG;
	for (; n > 0 && read_tlv(r, &type, &value); n--)
		read_stat(&value, type, message);
	return 0;
}

static void read_initiation(struct erm_reader *r, struct erm_bmp_message *message)
{
	struct erm_reader value = { 0 };
	uint16_t type = 0;

	while (read_tlv(r, &type, &value)) {
		if (type == INFO_SYS_NAME || (type == INFO_STRING && message->name[0] == '\0'))
			erm_router_text_clean((const char *)value.data, value.left, message->name);
	}
}

static void read_termination(struct erm_reader *r, struct erm_bmp_message *message)
{
	struct erm_reader value = { 0 };
	uint16_t type = 0;

	while (read_tlv(r, &type, &value)) {
		if (type == TERMINATION_REASON &&
		    erm_reader_be16(&value, &message->termination_reason))
			message->has_termination_reason = true;
	}
}

static int read_of_peer(struct erm_reader *r, struct erm_bmp_message *message)
{
	bool is_ipv6 = false;
	int result = read_peer(r, &message->peer, &is_ipv6);

	if (result < 0)
		return result;
	switch (message->type) {
	case ERM_BMP_PEER_UP:
		return read_address(r, is_ipv6, &message->local) ? 0 : -EBADMSG;
	case ERM_BMP_PEER_DOWN:
		return read_peer_down(r, message);
	default:
		return read_stats(r, message);
	}
}

int erm_bmp_message_parse(const struct erm_bmp_stream *stream, struct erm_bmp_message *ret)
{
	struct erm_reader r = erm_reader_init(stream->head, stream->used);
	struct erm_bmp_message message = { 0 };
	int result = 0;

	if (stream->used < HEADER_LEN)
		return -EBADMSG;
	message.type = stream->head[HEADER_LEN - 1];
	erm_reader_skip(&r, HEADER_LEN);
	switch (message.type) {
	case ERM_BMP_STATS:
	case ERM_BMP_PEER_DOWN:
	case ERM_BMP_PEER_UP:
		result = read_of_peer(&r, &message);
		break;
	case ERM_BMP_INITIATION:
		read_initiation(&r, &message);
		break;
	case ERM_BMP_TERMINATION:
		read_termination(&r, &message);
		break;
	default:
		break;
	}
	if (result < 0)
		return result;
	*ret = message;
	return 0;
}

/* A shutdown that was sent may as well be a restart: only the router's own word makes it one. */
static enum erm_cause cause_of(const struct erm_bmp_message *message)
{
	bool is_sent = message->reason == ERM_BMP_LOCAL_NOTIFICATION;
	enum erm_cause cause = ERM_CAUSE_NONE;

	if (message->has_notification)
		cause = erm_router_notification_cause(message->code, message->subcode, is_sent);
	return cause == ERM_CAUSE_LOCAL_SHUTDOWN ? ERM_CAUSE_NONE : cause;
}

static void take_notification(const struct erm_bmp_message *message,
			      struct erm_obs_session *session)
{
	char text[ERM_TEXT_MAX] = "NOTIFICATION";
	char line[2 * ERM_TEXT_MAX + 16];

	session->reset_cause = cause_of(message);
	session->error_code = message->code;
	session->error_subcode = message->subcode;
	if (message->has_notification)
		erm_router_notification_text(message->code, message->subcode, text);
	(void)!snprintf(line, sizeof(line), "%s %s%s%s",
			message->reason == ERM_BMP_LOCAL_NOTIFICATION ? "sent" : "received", text,
			message->words[0] ? ": " : "", message->words);
	erm_router_text_clean(line, sizeof(line), session->reset_text);
}

void erm_bmp_reset_take(const struct erm_bmp_message *message, struct erm_obs_session *session)
{
	session->has_reset = true;
	session->reset_cause = ERM_CAUSE_NONE;
	switch (message->reason) {
	case ERM_BMP_LOCAL_NOTIFICATION:
	case ERM_BMP_REMOTE_NOTIFICATION:
		take_notification(message, session);
		break;
	case ERM_BMP_REMOTE_CLOSED:
		session->reset_cause = ERM_CAUSE_PEER_CLOSED;
		(void)!snprintf(session->reset_text, sizeof(session->reset_text),
				"closed by the peer without a NOTIFICATION");
		break;
	case ERM_BMP_DECONFIGURED:
		session->has_reset = false;
		session->is_configured = false;
		break;
	default: /* the own router ended it, and does not say why */
		session->has_reset = false;
		break;
	}
}

const char *erm_bmp_termination_text(const struct erm_bmp_message *message)
{
	static const char *const texts[] = {
		"terminated: closed by its operator",
		"terminated, for no reason given",
		"terminated: out of resources",
		"terminated: this connection is one too many",
		"terminated for good by its operator",
	};

	if (!message->has_termination_reason || message->termination_reason >= ERM_ELEMENTS(texts))
		return "terminated";
	return texts[message->termination_reason];
}
