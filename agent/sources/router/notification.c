#include "sources/router/notification.h"

#include <stdio.h>

#include "base/cleanup.h"

enum {
	CODE_OPEN = 2,
	CODE_HOLD_EXPIRED = 4,
	CODE_CEASE = 6,
};

enum {
	OPEN_BAD_AS = 2,
	CEASE_PREFIX_LIMIT = 1,
	CEASE_ADMIN_SHUTDOWN = 2,
	CEASE_COLLISION = 7,
	CEASE_BFD_DOWN = 10,
};

static enum erm_cause cause_of_cease(uint8_t subcode, bool is_sent)
{
	switch (subcode) {
	case CEASE_PREFIX_LIMIT:
		return ERM_CAUSE_PREFIX_LIMIT;
	case CEASE_ADMIN_SHUTDOWN:
		return is_sent ? ERM_CAUSE_LOCAL_SHUTDOWN : ERM_CAUSE_ADMIN_SHUTDOWN;
	case CEASE_BFD_DOWN:
		return ERM_CAUSE_BFD_DOWN;
	case CEASE_COLLISION: /* the losing one of two connections; the session lives on the other */
		return ERM_CAUSE_NONE;
	default:
		return is_sent ? ERM_CAUSE_NONE : ERM_CAUSE_PEER_CEASE;
	}
}

enum erm_cause erm_router_notification_cause(uint8_t code, uint8_t subcode, bool is_sent)
{
	if (code == CODE_CEASE)
		return cause_of_cease(subcode, is_sent);
	if (code == CODE_HOLD_EXPIRED)
		return ERM_CAUSE_HOLD_EXPIRED;
	if (code == CODE_OPEN && subcode == OPEN_BAD_AS)
		return ERM_CAUSE_WRONG_AS;
	return ERM_CAUSE_NONE;
}

void erm_router_notification_text(uint8_t code, uint8_t subcode, char ret_text[ERM_TEXT_MAX])
{
	static const char *const codes[] = {
		NULL,
		"Message Header Error",
		"OPEN Message Error",
		"UPDATE Message Error",
		"Hold Timer Expired",
		"Finite State Machine Error",
		"Cease",
		"ROUTE-REFRESH Message Error",
		"Send Hold Timer Expired",
	};
	static const char *const ceases[] = {
		NULL,
		"Maximum Number of Prefixes Reached",
		"Administrative Shutdown",
		"Peer De-configured",
		"Administrative Reset",
		"Connection Rejected",
		"Other Configuration Change",
		"Connection Collision Resolution",
		"Out of Resources",
		"Hard Reset",
		"BFD Down",
	};
	const char *word = code < ERM_ELEMENTS(codes) ? codes[code] : NULL;

	if (!word)
		(void)!snprintf(ret_text, ERM_TEXT_MAX, "NOTIFICATION %u/%u", code, subcode);
	else if (subcode == 0)
		(void)!snprintf(ret_text, ERM_TEXT_MAX, "%s", word);
	else if (code == CODE_CEASE && subcode < ERM_ELEMENTS(ceases))
		(void)!snprintf(ret_text, ERM_TEXT_MAX, "%s/%s", word, ceases[subcode]);
	else if (code == CODE_OPEN && subcode == OPEN_BAD_AS)
		(void)!snprintf(ret_text, ERM_TEXT_MAX, "%s/Bad Peer AS", word);
	else
		(void)!snprintf(ret_text, ERM_TEXT_MAX, "%s/%u", word, subcode);
}
