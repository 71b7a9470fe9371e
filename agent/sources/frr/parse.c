#include "sources/frr/parse.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "sources/frr/json.h"
#include "sources/router/notification.h"
#include "sources/router/text.h"

struct erm_frr_reply {
	json_t *root;
	size_t n_neighbors;
};

/* bgpd's peer-down codes, stable since FRR 3; the words are asked first, for a fork may number differently. */
enum {
	CODE_ADMIN_SHUTDOWN = 11,
	CODE_NOTIFY_RECEIVED = 13,
	CODE_NOTIFY_SENT = 14,
	CODE_PEER_CLOSED = 15,
	CODE_PEER_CLOSED_RESTART = 22,
	CODE_BFD_DOWN = 24,
	CODE_PREFIX_COUNT = 33,
	CODE_RTT_SHUTDOWN = 35,
};

static bool is_word_end(char c)
{
	return c == '\0' || c == ' ' || c == '(' || c == ',';
}

enum erm_bgp_state erm_frr_state_from_word(const char *word)
{
	static const struct {
		const char *word;
		enum erm_bgp_state state;
	} words[] = {
		{ "Idle", ERM_BGP_IDLE },
		{ "Connect", ERM_BGP_CONNECT },
		{ "Active", ERM_BGP_ACTIVE },
		{ "OpenSent", ERM_BGP_OPEN_SENT },
		{ "OpenConfirm", ERM_BGP_OPEN_CONFIRM },
		{ "Established", ERM_BGP_ESTABLISHED },
		{ "Clearing", ERM_BGP_IDLE }, /* FRR's own: fell, routes are being withdrawn */
	};

	for (size_t i = 0; i < ERM_ELEMENTS(words); i++) {
		size_t len = strlen(words[i].word);

		if (strncmp(word, words[i].word, len) == 0 && is_word_end(word[len]))
			return words[i].state;
	}
	return ERM_BGP_UNKNOWN;
}

static bool is_neighbor(const json_t *value)
{
	return json_is_string(json_object_get(value, "bgpState"));
}

/* 0 with the number of neighbours, or -EBADMSG: an object that speaks of something else. */
static int count_neighbors(json_t *root, size_t *ret_n)
{
	const char *key = NULL;
	json_t *value = NULL;
	size_t n = 0;

	json_object_foreach(root, key, value) n += is_neighbor(value);
	if (n == 0 && json_object_size(root) > 0 && !json_object_get(root, "bgpNoSuchNeighbor") &&
	    !json_object_get(root, "bgpNoSuchInstance"))
		return -EBADMSG;
	*ret_n = n;
	return 0;
}

int erm_frr_reply_parse(char *text, size_t len, struct erm_frr_reply **ret)
{
	_cleanup_free_ struct erm_frr_reply *reply = calloc(1, sizeof(*reply));
	int r = 0;

	if (!reply)
		return -ENOMEM;
	r = erm_frr_json_load(text, len, &reply->root);
	if (r < 0)
		return r;
	r = count_neighbors(reply->root, &reply->n_neighbors);
	if (r < 0) {
		json_decref(reply->root);
		return r;
	}
	*ret = ERM_TAKE_PTR(reply);
	return 0;
}

struct erm_frr_reply *erm_frr_reply_free(struct erm_frr_reply *reply)
{
	if (reply) {
		json_decref(reply->root);
		free(reply);
	}
	return NULL;
}

size_t erm_frr_reply_n_neighbors(const struct erm_frr_reply *reply)
{
	return reply->n_neighbors;
}

/* "0602" -> 6, 2. */
static bool parse_notification(const char *text, uint8_t *ret_code, uint8_t *ret_subcode)
{
	unsigned int value = 0;

	if (strlen(text) != 4)
		return false;
	for (; *text != '\0'; text++) {
		if (*text >= '0' && *text <= '9')
			value = value << 4 | (unsigned int)(*text - '0');
		else if (*text >= 'A' && *text <= 'F')
			value = value << 4 | (unsigned int)(*text - 'A' + 10);
		else if (*text >= 'a' && *text <= 'f')
			value = value << 4 | (unsigned int)(*text - 'a' + 10);
		else
			return false;
	}
	*ret_code = (uint8_t)(value >> 8);
	*ret_subcode = (uint8_t)(value & 0xff);
	return true;
}

static uint32_t code_from_words(const char *words)
{
	static const struct {
		const char *words;
		uint32_t code;
	} known[] = {
		{ "Admin. shutdown", CODE_ADMIN_SHUTDOWN },
		{ "BGP Notification received", CODE_NOTIFY_RECEIVED },
		{ "BGP Notification send", CODE_NOTIFY_SENT },
		{ "Peer closed the session", CODE_PEER_CLOSED },
		{ "NSF peer closed the session", CODE_PEER_CLOSED_RESTART },
		{ "BFD down received", CODE_BFD_DOWN },
		{ "Reached received prefix count", CODE_PREFIX_COUNT },
	};

	for (size_t i = 0; i < ERM_ELEMENTS(known); i++)
		if (strncmp(words, known[i].words, strlen(known[i].words)) == 0)
			return known[i].code;
	return 0;
}

/* Codes left out, among them interface down and address lost, say nothing the link does not tell better. */
static enum erm_cause cause_from_code(uint32_t code, const struct erm_obs_session *session)
{
	switch (code) {
	case CODE_ADMIN_SHUTDOWN:
	case CODE_RTT_SHUTDOWN:
		return ERM_CAUSE_LOCAL_SHUTDOWN;
	case CODE_NOTIFY_RECEIVED:
	case CODE_NOTIFY_SENT:
		return erm_router_notification_cause(session->error_code, session->error_subcode,
						     code == CODE_NOTIFY_SENT);
	case CODE_PEER_CLOSED:
	case CODE_PEER_CLOSED_RESTART:
		return ERM_CAUSE_PEER_CLOSED;
	case CODE_BFD_DOWN:
		return ERM_CAUSE_BFD_DOWN;
	case CODE_PREFIX_COUNT:
		return ERM_CAUSE_PREFIX_LIMIT;
	default:
		return ERM_CAUSE_NONE;
	}
}

static void parse_reset(const json_t *neighbor, struct erm_obs_session *session)
{
	const char *words = erm_frr_json_string(neighbor, "lastResetDueTo");
	const char *reason = erm_frr_json_string(neighbor, "lastNotificationReason");
	bool has_notification =
		parse_notification(erm_frr_json_string(neighbor, "lastErrorCodeSubcode"),
				   &session->error_code, &session->error_subcode);
	char text[2 * ERM_TEXT_MAX + 2];
	uint32_t code = code_from_words(words);

	/* What bgpd waits for now ("for NHT", "for peer OPEN") has taken the place of the reason. */
	session->reset_cause = ERM_CAUSE_NONE;
	if (strncmp(words, "Waiting for", 11) == 0)
		return;
	if (code == 0 && !erm_frr_json_u32(neighbor, "lastResetCode", &code) && words[0] == '\0' &&
	    has_notification)
		code = CODE_NOTIFY_RECEIVED;

	session->has_reset = code != 0 || words[0] != '\0';
	session->reset_cause = cause_from_code(code, session);
	if (strncmp(erm_frr_json_string(neighbor, "bgpState"), "Idle (PfxCt", 11) == 0)
		session->reset_cause = ERM_CAUSE_PREFIX_LIMIT;
	/* cleaned once more as a whole: the pieces may be longer than what is kept */
	(void)!snprintf(text, sizeof(text), "%.95s%s%.95s", words, *words && *reason ? ": " : "",
			reason);
	erm_router_text_clean(text, sizeof(text), session->reset_text);
}

static enum erm_bfd_state parse_bfd(const json_t *neighbor)
{
	const json_t *info = json_object_get(neighbor, "peerBfdInfo");
	const char *status = erm_frr_json_string(info, "status");

	if (!json_is_object(info))
		return ERM_BFD_NONE;
	if (strcmp(status, "Up") == 0)
		return ERM_BFD_UP;
	return strcmp(status, "Down") == 0 ? ERM_BFD_DOWN : ERM_BFD_UNKNOWN;
}

static void parse_prefixes(const json_t *neighbor, enum erm_family family,
			   struct erm_obs_session *session)
{
	const json_t *families = json_object_get(neighbor, "addressFamilyInfo");
	const json_t *info = json_object_get(families, family == ERM_FAMILY_IPV6 ? "ipv6Unicast"
										 : "ipv4Unicast");

	session->has_received =
		erm_frr_json_u32(info, "acceptedPrefixCounter", &session->prefixes_received);
	session->has_advertised =
		erm_frr_json_u32(info, "sentPrefixCounter", &session->prefixes_advertised);
}

static void parse_counts(const json_t *neighbor, struct erm_obs_session *session)
{
	bool has_established =
		erm_frr_json_u32(neighbor, "connectionsEstablished", &session->established_count);
	bool has_dropped =
		erm_frr_json_u32(neighbor, "connectionsDropped", &session->dropped_count);
	double uptime_msec = 0;

	session->has_counts = has_established && has_dropped;
	if (session->bgp == ERM_BGP_ESTABLISHED &&
	    erm_frr_json_number(neighbor, "bgpTimerUpMsec", &uptime_msec) &&
	    uptime_msec / 1000 < UINT32_MAX)
		session->uptime_sec = (uint32_t)(uptime_msec / 1000);
	(void)erm_frr_json_u32(neighbor, "remoteAs", &session->remote_as);
	(void)erm_frr_json_u32(neighbor, "localAs", &session->local_as);
}

int erm_frr_reply_session(const struct erm_frr_reply *reply, const struct erm_addr *neighbor,
			  enum erm_family family, struct erm_obs_session *ret)
{
	struct erm_obs_session session = { .is_configured = true };
	char key[ERM_ADDR_STRLEN];
	const json_t *object = NULL;
	const char *state = NULL;

	/* bgpd prints its keys with inet_ntop(3), as erm_addr_format() does */
	object = json_object_get(reply->root, erm_addr_format(neighbor, key));
	if (!object)
		return -ENOENT;
	if (!is_neighbor(object))
		return -EBADMSG;

	state = erm_frr_json_string(object, "bgpState");
	session.bgp = erm_frr_state_from_word(state);
	session.is_admin_shutdown = erm_frr_json_flag(object, "adminShutDown") ||
				    strncmp(state, "Idle (Admin", 11) == 0;
	session.bfd = parse_bfd(object);
	parse_counts(object, &session);
	parse_prefixes(object, family, &session);
	parse_reset(object, &session);
	*ret = session;
	return 0;
}
