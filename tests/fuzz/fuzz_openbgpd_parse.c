/* What bgpctl prints: whatever it holds, what comes out is in range and printable. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "sources/openbgpd/parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_session(const struct erm_obs_session *session, int64_t updown_sec)
{
	size_t len = strnlen(session->reset_text, sizeof(session->reset_text));

	if (!session->is_configured || (unsigned int)session->bgp >= ERM_BGP_STATE_MAX ||
	    session->reset_cause < ERM_CAUSE_NONE || session->reset_cause >= ERM_CAUSE_MAX ||
	    len >= sizeof(session->reset_text) || updown_sec < ERM_OPENBGPD_NEVER)
		abort();
	for (size_t i = 0; i < len; i++) {
		if (session->reset_text[i] < ' ' || session->reset_text[i] > '~' ||
		    strchr("\"'`;$\\|", session->reset_text[i]))
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const neighbors[] = { "192.0.2.1", "2001:db8::1", "::" };
	struct erm_openbgpd_reply *reply = NULL;
	char *text = NULL;

	if (size > 65536)
		return 0;
	text = malloc(size ? size : 1);
	if (!text)
		abort();
	memcpy(text, data, size);
	if (erm_openbgpd_reply_parse(text, size, &reply) >= 0) {
		for (size_t i = 0; i < ERM_ELEMENTS(neighbors); i++) {
			struct erm_obs_session session = { 0 };
			struct erm_addr addr = { 0 }, any = { 0 };
			int64_t updown_sec = 0;
			int r = erm_addr_parse(neighbors[i], &addr);

			if (r >= 0)
				r = erm_openbgpd_reply_session(reply, &addr, &any, &session,
							       &updown_sec);
			if (r >= 0)
				check_session(&session, updown_sec);
		}
	}
	erm_openbgpd_reply_free(reply);
	free(text);
	return 0;
}
