/*
 * An answer of a router's agent, to what was really asked: whatever it holds, what is told is
 * in range.  The first octet chooses v2c or v3; the rest is cut into answers by length octets.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/config.h"
#include "sources/snmp_router_rows.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct erm_config *make_config(void)
{
	static const char *const neighbors[] = { "192.0.2.1", "192.0.2.5", "2001:db8::1" };
	static const char *const names[] = { "Gi0/0", "lo" };
	struct erm_config *config = erm_config_new();

	if (!config)
		abort();
	config->sessions = calloc(3, sizeof(*config->sessions));
	config->interfaces = calloc(2, sizeof(*config->interfaces));
	if (!config->sessions || !config->interfaces)
		abort();
	config->n_sessions = 3;
	for (uint32_t i = 0; i < 3; i++) {
		if (erm_addr_parse(neighbors[i], &config->sessions[i].neighbor) < 0 ||
		    erm_session_add_source(config, i, 0) < 0)
			abort();
	}
	config->n_interfaces = 2;
	for (uint32_t i = 0; i < 2; i++)
		config->interfaces[i].name = strdup(names[i]);
	return config;
}

static void check(const struct erm_snmpr_rows *rows)
{
	for (uint32_t i = 0; i < rows->n_peers; i++) {
		const struct erm_snmpr_peer *peer = &rows->peers[i];

		if (peer->now.session != peer->session || peer->now.bgp >= ERM_BGP_STATE_MAX ||
		    peer->now.dropped_count > peer->now.established_count ||
		    (peer->result == 0) != peer->now.is_configured)
			abort();
	}
	for (uint32_t i = 0; i < rows->n_interfaces; i++) {
		const struct erm_snmpr_interface *iface = &rows->interfaces[i];

		if (iface->now.interface != iface->interface || iface->ifindex > INT32_MAX ||
		    (iface->result == 0 && (!iface->now.is_present || iface->ifindex == 0)))
			abort();
	}
}

/* One answer, as if it had come to what is asked next.  False when there is no more to ask. */
static bool take(struct erm_snmpr_rows *rows, const struct erm_snmpr_security *security,
		 uint8_t *octets, size_t len, bool *is_walking)
{
	static struct erm_snmpr_pdu pdu;
	struct erm_snmpr_message m = { 0 };
	struct erm_snmpr_request request = { 0 };
	bool is_authentic = false;
	uint32_t uptime = 0;

	if (erm_snmpr_message_parse(octets, len, &m) < 0 ||
	    erm_snmpr_message_open(security, &m, octets, len, &pdu, &is_authentic) < 0)
		return true;
	if (pdu.n > ERM_SNMPR_VARBINDS_MAX)
		abort();
	if (*is_walking) {
		*is_walking = erm_snmpr_rows_take_walk(rows, &pdu) == 1;
		return true;
	}
	if (!erm_snmpr_rows_ask(rows, ERM_SNMPR_PORTION_MAX, &request))
		return false;
	if (request.n > ERM_SNMPR_PORTION_MAX)
		abort();
	/* names as asked for: a fuzzer seldom hits them */
	for (uint32_t i = 0; i < pdu.n && i < request.n; i++)
		pdu.varbinds[i].name = request.names[i];
	(void)erm_snmpr_rows_take(rows, &pdu, 1, &uptime);
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct erm_snmpr_credentials v2c = { .community = "c" };
	static const struct erm_snmpr_credentials v3 = { .user = "u" };
	struct erm_snmpr_security security = { .engine_len = 1 };
	struct erm_snmpr_rows rows = { 0 };
	struct erm_config *config;
	bool is_walking = true;

	if (size < 1 || size > 65536)
		return 0;
	config = make_config();
	security.credentials = data[0] & 1 ? &v3 : &v2c;
	if (erm_snmpr_rows_make(config, 0, NULL, &rows) < 0)
		abort();
	erm_snmpr_rows_begin_walk(&rows);
	erm_snmpr_rows_begin(&rows);
	for (size_t at = 1; at + 2 <= size;) {
		size_t len = (size_t)data[at] << 8 | data[at + 1];
		uint8_t *copy;

		at += 2;
		len = len < size - at ? len : size - at;
		copy = malloc(len ? len : 1);
		if (!copy)
			abort();
		memcpy(copy, data + at, len);
		at += len;
		is_walking = take(&rows, &security, copy, len, &is_walking) && is_walking;
		free(copy);
		erm_snmpr_rows_end(&rows);
		check(&rows);
	}
	erm_snmpr_rows_done(&rows);
	(void)erm_config_unref(config);
	return 0;
}
