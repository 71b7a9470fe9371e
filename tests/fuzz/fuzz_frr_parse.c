/* A reply of bgpd: whatever it holds, what comes out is in range and printable. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "sources/frr/parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_session(const struct erm_obs_session *session)
{
	size_t len = strnlen(session->reset_text, sizeof(session->reset_text));

	if (!session->is_configured || session->session != 0 ||
	    (unsigned int)session->bgp >= ERM_BGP_STATE_MAX || session->bfd < ERM_BFD_NONE ||
	    session->bfd >= ERM_BFD_STATE_MAX || session->reset_cause < ERM_CAUSE_NONE ||
	    session->reset_cause >= ERM_CAUSE_MAX || len >= sizeof(session->reset_text))
		abort();
	for (size_t i = 0; i < len; i++) {
		if (session->reset_text[i] < ' ' || session->reset_text[i] > '~' ||
		    strchr("\"'`;$\\|", session->reset_text[i]))
			abort();
	}
	if (session->uptime_sec > 0 && session->bgp != ERM_BGP_ESTABLISHED)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const neighbors[] = { "192.168.100.2", "2001:db8:100:1::2", "::" };
	struct erm_frr_reply *reply = NULL;
	char *copy = NULL;

	if (size > 65536)
		return 0;
	copy = malloc(size ? size : 1);
	if (!copy)
		abort();
	memcpy(copy, data, size);
	if (erm_frr_reply_parse(copy, size, &reply) >= 0) {
		for (size_t i = 0; i < ERM_ELEMENTS(neighbors); i++) {
			struct erm_obs_session session = { .session = 4711 };
			struct erm_addr addr = { 0 };
			int r = erm_addr_parse(neighbors[i], &addr);

			r = r < 0 ? r
				  : erm_frr_reply_session(reply, &addr, ERM_FAMILY_IPV4, &session);
			if (r == 0)
				check_session(&session);
			else if (session.session != 4711)
				abort();
		}
	}
	erm_frr_reply_free(reply);
	free(copy);
	return 0;
}
