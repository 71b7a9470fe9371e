#include "sources/frr/summary.h"

#include <errno.h>
#include <stdlib.h>

#include "sources/frr/json.h"
#include "sources/frr/parse.h"

struct erm_frr_summary {
	json_t *root;
};

static bool is_family(const json_t *value)
{
	return json_is_object(json_object_get(value, "peers"));
}

/* Nothing configured is an empty object; one of words ("warning") is no summary. */
static bool is_summary(json_t *root)
{
	const char *key = NULL;
	json_t *value = NULL;

	json_object_foreach(root, key, value)
	{
		if (is_family(value))
			return true;
	}
	return json_object_size(root) == 0;
}

int erm_frr_summary_parse(char *text, size_t len, struct erm_frr_summary **ret)
{
	_cleanup_free_ struct erm_frr_summary *summary = calloc(1, sizeof(*summary));
	int r = 0;

	if (!summary)
		return -ENOMEM;
	r = erm_frr_json_load(text, len, &summary->root);
	if (r < 0)
		return r;
	if (!is_summary(summary->root)) {
		json_decref(summary->root);
		return -EBADMSG;
	}
	*ret = ERM_TAKE_PTR(summary);
	return 0;
}

struct erm_frr_summary *erm_frr_summary_free(struct erm_frr_summary *summary)
{
	if (summary) {
		json_decref(summary->root);
		free(summary);
	}
	return NULL;
}

bool erm_frr_summary_count(const struct erm_frr_summary *summary, size_t *ret_n)
{
	const char *key = NULL;
	json_t *value = NULL;
	bool is_told = false;
	size_t n = 0;

	json_object_foreach(summary->root, key, value)
	{
		uint32_t count = 0;

		if (!erm_frr_json_u32(value, "totalPeers", &count) &&
		    !erm_frr_json_u32(value, "peerCount", &count))
			continue;
		is_told = true;
		n = count > n ? count : n;
	}
	if (is_told)
		*ret_n = n;
	return is_told;
}

static bool is_established(const json_t *peer)
{
	return erm_frr_state_from_word(erm_frr_json_string(peer, "state")) == ERM_BGP_ESTABLISHED;
}

static void take_counts(const json_t *peer, struct erm_obs_session *session)
{
	uint32_t established = 0, dropped = 0;
	double uptime_msec = 0;

	if (erm_frr_json_u32(peer, "connectionsEstablished", &established) &&
	    erm_frr_json_u32(peer, "connectionsDropped", &dropped)) {
		session->has_counts = true;
		session->established_count = established;
		session->dropped_count = dropped;
	}
	if (erm_frr_json_number(peer, "peerUptimeMsec", &uptime_msec) &&
	    uptime_msec / 1000 < UINT32_MAX)
		session->uptime_sec = (uint32_t)(uptime_msec / 1000);
	(void)erm_frr_json_u32(peer, "remoteAs", &session->remote_as);
	(void)erm_frr_json_u32(peer, "localAs", &session->local_as);
}

bool erm_frr_summary_session(const struct erm_frr_summary *summary, const struct erm_addr *neighbor,
			     enum erm_family family, struct erm_obs_session *session)
{
	static const char *const names[ERM_FAMILY_MAX] = {
		[ERM_FAMILY_IPV4] = "ipv4Unicast",
		[ERM_FAMILY_IPV6] = "ipv6Unicast",
	};
	char addr[ERM_ADDR_STRLEN];
	const char *key = NULL;
	json_t *value = NULL;
	const json_t *own = NULL;
	const json_t *any = NULL;

	erm_addr_format(neighbor, addr);
	own = json_object_get(json_object_get(json_object_get(summary->root, names[family]),
					      "peers"),
			      addr);
	if (own && is_established(own))
		any = own;
	json_object_foreach(summary->root, key, value)
	{
		const json_t *peer = NULL;

		if (any)
			break;
		peer = json_object_get(json_object_get(value, "peers"), addr);
		if (peer && is_established(peer))
			any = peer;
	}
	if (!any)
		return false;

	session->bgp = ERM_BGP_ESTABLISHED;
	take_counts(any, session);
	session->has_received = erm_frr_json_u32(own, "pfxRcd", &session->prefixes_received);
	session->has_advertised = erm_frr_json_u32(own, "pfxSnt", &session->prefixes_advertised);
	return true;
}
