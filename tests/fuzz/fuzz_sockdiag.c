/*
 * sock_diag: any datagram, as the answer to a dump or to a check, and as a notice, through
 * the parser and the store of sessions.  First byte: bit 0 IPv6 only, bit 1 notices.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "sources/netlink/parse.h"
#include "sources/sockdiag/sessions.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const neighbors[] = { "127.0.0.1", "192.0.2.2", "::1" };

static struct erm_config *new_config(size_t first)
{
	struct erm_config *config = erm_config_new();

	if (!config)
		abort();
	config->sources = calloc(1, sizeof(*config->sources));
	config->sessions = calloc(ERM_ELEMENTS(neighbors), sizeof(*config->sessions));
	if (!config->sources || !config->sessions)
		abort();
	config->n_sources = 1;
	config->sources[0].silent_usec = 180 * ERM_USEC_PER_SEC;
	for (size_t i = first; i < ERM_ELEMENTS(neighbors); i++) {
		struct erm_addr *addr = &config->sessions[config->n_sessions].neighbor;

		if (erm_addr_parse(neighbors[i], addr) < 0 ||
		    erm_session_add_source(config, config->n_sessions++, 0) < 0)
			abort();
	}
	return config;
}

static void feed(struct erm_sockdiag_sessions *sessions, const uint8_t *data, size_t size,
		 bool is_notice, usec_t now)
{
	struct erm_reader r = erm_reader_init(data, size);
	struct erm_netlink_message message;
	struct erm_sockdiag_socket socket;

	while (erm_netlink_message_next(&r, &message) > 0) {
		if (message.kind != ERM_NETLINK_DATA ||
		    erm_sockdiag_parse(message.payload, &socket) < 0)
			continue;
		if (is_notice)
			(void)erm_sockdiag_sessions_is_theirs(sessions, &socket);
		else
			erm_sockdiag_sessions_take(sessions, &socket, now);
	}
}

/* What two rounds of the same sockets, half a second apart, must lead to. */
static void check(const struct erm_sockdiag_sessions *sessions)
{
	uint32_t n = erm_sockdiag_sessions_count(sessions), n_established = 0, cursor = 0;
	struct erm_sockdiag_request request = { 0 };
	const struct erm_sockdiag_id *id;

	for (uint32_t i = 0; i < n; i++) {
		enum erm_bgp_state bgp;

		if (erm_sockdiag_sessions_get(sessions, i, &bgp) != i)
			abort();
		if (bgp != ERM_BGP_IDLE && bgp != ERM_BGP_UNKNOWN && bgp != ERM_BGP_ESTABLISHED)
			abort();
		n_established += bgp == ERM_BGP_ESTABLISHED;
	}
	if (erm_sockdiag_sessions_count_established(sessions) != n_established)
		abort();
	while ((id = erm_sockdiag_sessions_next_established(sessions, &cursor))) {
		if (!erm_sockdiag_request_add(&request, id, cursor++))
			abort();
		n_established--;
	}
	if (n_established != 0)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct erm_sockdiag_sessions *sessions = NULL;
	_cleanup_free_ uint8_t *input = NULL;
	struct erm_config *config;
	usec_t now = ERM_USEC_PER_SEC;

	if (size == 0)
		return 0;
	input = malloc(size); /* exact: ASan sees an overread */
	config = new_config(data[0] & 1 ? 2 : 0);
	if (!input || erm_sockdiag_sessions_new(config, 0, NULL, &sessions) < 0)
		abort();
	memcpy(input, data, size);
	for (int i = 0; i < 2; i++) {
		erm_sockdiag_sessions_begin(sessions);
		feed(sessions, input + 1, size - 1, false, now);
		(void)erm_sockdiag_sessions_end(sessions, now);
		now += ERM_USEC_PER_SEC / 2;
	}
	check(sessions);
	if (input[0] & 2)
		feed(sessions, input + 1, size - 1, true, now);
	erm_sockdiag_sessions_free(sessions);
	erm_config_unref(config);
	return 0;
}
