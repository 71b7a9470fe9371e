#include "sources/openbgpd/parse.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "sources/router/notification.h"
#include "sources/router/text.h"

struct erm_openbgpd_reply {
	json_t *root;
	const json_t *neighbors;
};

/* One pass before the JSON library, which builds a tree of whatever it is given. */
static int scan(char *text, size_t len)
{
	bool in_string = false;
	size_t depth = 0;
	size_t n_values = 0;

	for (size_t i = 0; i < len; i++) {
		char c = text[i];

		if (in_string && c == '\\') {
			i++;
		} else if (c == '"') {
			in_string = !in_string;
		} else if (in_string) {
			if (c < ' ' || c > '~')
				text[i] = '?';
		} else if (c == '{' || c == '[') {
			depth++;
			n_values++;
		} else if (c == '}' || c == ']') {
			depth -= depth > 0;
		} else if (c == ',') {
			n_values++;
		}
		if (depth > ERM_OPENBGPD_DEPTH_MAX || n_values > ERM_OPENBGPD_VALUES_MAX)
			return -E2BIG;
	}
	return 0;
}

static const char *get_string(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

int erm_openbgpd_reply_parse(char *text, size_t len, struct erm_openbgpd_reply **ret)
{
	struct erm_openbgpd_reply *reply = NULL;
	int r = scan(text, len);

	if (r < 0)
		return r;
	reply = calloc(1, sizeof(*reply));
	if (!reply)
		return -ENOMEM;
	reply->root = json_loadb(text, len, 0, NULL);
	reply->neighbors = json_object_get(reply->root, "neighbors");
	if (strcmp(get_string(reply->root, "status"), "FAILED") == 0)
		r = -EPERM;
	else if (!json_is_array(reply->neighbors))
		r = -EBADMSG;
	if (r < 0) {
		erm_openbgpd_reply_free(reply);
		return r;
	}
	*ret = reply;
	return 0;
}

struct erm_openbgpd_reply *erm_openbgpd_reply_free(struct erm_openbgpd_reply *reply)
{
	if (reply) {
		json_decref(reply->root);
		free(reply);
	}
	return NULL;
}

/* A number, or a string that holds one. */
static bool get_number(const json_t *object, const char *key, int64_t *ret)
{
	const json_t *value = json_object_get(object, key);
	const char *text = json_string_value(value);
	char *end = NULL;
	long long number = 0;

	if (json_is_integer(value)) {
		*ret = json_integer_value(value);
		return true;
	}
	if (!text)
		return false;
	errno = 0;
	number = strtoll(text, &end, 10);
	if (errno != 0 || end == text || *end != '\0')
		return false;
	*ret = number;
	return true;
}

static bool get_u32(const json_t *object, const char *key, uint32_t *ret)
{
	int64_t value = 0;

	if (!get_number(object, key, &value) || value < 0)
		return false;
	*ret = value > UINT32_MAX ? UINT32_MAX : (uint32_t)value;
	return true;
}

static enum erm_bgp_state state_of(const char *word)
{
	static const struct {
		const char *word;
		enum erm_bgp_state state;
	} states[] = {
		{ "None", ERM_BGP_IDLE },
		{ "Idle", ERM_BGP_IDLE },
		{ "Connect", ERM_BGP_CONNECT },
		{ "Active", ERM_BGP_ACTIVE },
		{ "OpenSent", ERM_BGP_OPEN_SENT },
		{ "OpenConfirm", ERM_BGP_OPEN_CONFIRM },
		{ "Established", ERM_BGP_ESTABLISHED },
	};

	for (size_t i = 0; i < ERM_ELEMENTS(states); i++)
		if (strcmp(word, states[i].word) == 0)
			return states[i].state;
	return ERM_BGP_UNKNOWN;
}

/* "Cease, administratively down": the NOTIFICATION behind the words. */
static void find_notification(const char *text, uint8_t *ret_code, uint8_t *ret_subcode)
{
	static const struct {
		const char *words;
		uint8_t code, subcode;
	} known[] = {
		{ "AS unacceptable", 2, 2 },
		{ "HoldTimer expired", 4, 0 },
		{ "max-prefix exceeded", 6, 1 },
		{ "administratively down", 6, 2 },
		{ "peer unconfigured", 6, 3 },
		{ "administrative reset", 6, 4 },
		{ "connection rejected", 6, 5 },
		{ "other config change", 6, 6 },
		{ "collision", 6, 7 },
		{ "resource exhaustion", 6, 8 },
		{ "hard reset", 6, 9 },
		{ "BFD", 6, 10 },
		{ "Cease", 6, 0 },
	};

	for (size_t i = 0; i < ERM_ELEMENTS(known); i++) {
		if (strstr(text, known[i].words)) {
			*ret_code = known[i].code;
			*ret_subcode = known[i].subcode;
			return;
		}
	}
}

static void parse_reset(const json_t *neighbor, struct erm_obs_session *session)
{
	const char *received = get_string(neighbor, "last_error_received");
	const char *sent = get_string(neighbor, "last_error_sent");
	bool is_sent = *received == '\0';
	const char *words = is_sent ? sent : received;
	char text[2 * ERM_TEXT_MAX];

	session->reset_cause = ERM_CAUSE_NONE;
	if (*words == '\0' || session->bgp == ERM_BGP_ESTABLISHED)
		return;
	session->has_reset = true;
	find_notification(words, &session->error_code, &session->error_subcode);
	session->reset_cause =
		erm_router_notification_cause(session->error_code, session->error_subcode, is_sent);
	(void)!snprintf(text, sizeof(text), "%s: %.95s", is_sent ? "sent" : "received", words);
	erm_router_text_clean(text, sizeof(text), session->reset_text);
}

static const json_t *find(const struct erm_openbgpd_reply *reply, const struct erm_addr *neighbor,
			  const struct erm_addr *local)
{
	const json_t *found = NULL;
	const json_t *value = NULL;
	size_t i = 0;

	json_array_foreach(reply->neighbors, i, value)
	{
		const json_t *session = json_object_get(value, "session");
		const char *own = get_string(json_object_get(session, "local"), "address");
		struct erm_addr addr = { 0 }, own_addr = { 0 };

		/* a template is a prefix: no address */
		if (erm_addr_parse(get_string(value, "remote_addr"), &addr) < 0 ||
		    !erm_addr_equal(&addr, neighbor))
			continue;
		if (local->family != AF_UNSPEC && erm_addr_parse(own, &own_addr) >= 0 &&
		    !erm_addr_equal(&own_addr, local))
			continue;
		if (!found || strcmp(get_string(value, "state"), "Established") == 0)
			found = value;
	}
	return found;
}

int erm_openbgpd_reply_session(const struct erm_openbgpd_reply *reply,
			       const struct erm_addr *neighbor, const struct erm_addr *local,
			       struct erm_obs_session *ret, int64_t *ret_updown_sec)
{
	const json_t *found = find(reply, neighbor, local);
	const json_t *prefixes = NULL;
	struct erm_obs_session session = { .is_configured = true };
	int64_t updown_sec = 0;

	if (!found)
		return -ENOENT;
	if (!json_is_string(json_object_get(found, "state")))
		return -EBADMSG;
	session.bgp = state_of(get_string(found, "state"));
	/* what was just taken down may still be told as Established */
	session.is_admin_shutdown =
		json_is_true(json_object_get(json_object_get(found, "config"), "down")) &&
		session.bgp != ERM_BGP_ESTABLISHED;
	(void)get_u32(found, "remote_as", &session.remote_as);
	if (!get_number(found, "last_updown_sec", &updown_sec))
		updown_sec = 0;
	if (session.bgp == ERM_BGP_ESTABLISHED) {
		prefixes = json_object_get(json_object_get(found, "stats"), "prefixes");
		session.has_received = get_u32(prefixes, "received", &session.prefixes_received);
		session.has_advertised = get_u32(prefixes, "sent", &session.prefixes_advertised);
		(void)get_u32(found, "last_updown_sec", &session.uptime_sec);
	}
	parse_reset(found, &session);
	*ret = session;
	*ret_updown_sec = updown_sec < 0 ? ERM_OPENBGPD_NEVER : updown_sec;
	return 0;
}
