#include "sources/bird/words.h"

#include <string.h>

#include "base/cleanup.h"
#include "sources/router/notification.h"

#define MSEC_PER_DAY    (24 * 60 * 60 * 1000U)
#define WAVER_MSEC      100U  /* of what is told to the millisecond */
#define WAVER_LONG_MSEC 1000U /* of what is told to the second */
#define SEC_PER_DAY     86400U

static bool is_word(const char *text, size_t len, const char *word)
{
	return len == strlen(word) && memcmp(text, word, len) == 0;
}

static bool starts_with(const char *text, size_t len, const char *word)
{
	return len >= strlen(word) && memcmp(text, word, strlen(word)) == 0;
}

bool erm_bird_words_is_state(const char *text, size_t len)
{
	static const char *const states[] = { "up", "start", "down", "stop", "flush" };

	for (size_t i = 0; i < ERM_ELEMENTS(states); i++)
		if (is_word(text, len, states[i]))
			return true;
	return false;
}

enum erm_bgp_state erm_bird_words_bgp(const char *text, size_t len)
{
	static const struct {
		const char *word;
		enum erm_bgp_state state;
	} states[] = {
		{ "Idle", ERM_BGP_IDLE },
		{ "Connect", ERM_BGP_CONNECT },
		{ "Active", ERM_BGP_ACTIVE },
		{ "OpenSent", ERM_BGP_OPEN_SENT },
		{ "OpenConfirm", ERM_BGP_OPEN_CONFIRM },
		{ "Established", ERM_BGP_ESTABLISHED },
		{ "Passive", ERM_BGP_ACTIVE },
		{ "Close", ERM_BGP_IDLE },
		{ "Down", ERM_BGP_IDLE },
	};

	for (size_t i = 0; i < ERM_ELEMENTS(states); i++)
		if (is_word(text, len, states[i].word))
			return states[i].state;
	return ERM_BGP_UNKNOWN;
}

enum erm_bfd_state erm_bird_words_bfd(const char *text, size_t len)
{
	if (is_word(text, len, "Up"))
		return ERM_BFD_UP;
	if (is_word(text, len, "Down") || is_word(text, len, "Init") ||
	    is_word(text, len, "AdminDown"))
		return ERM_BFD_DOWN;
	return ERM_BFD_UNKNOWN;
}

/* Reads `n` numbers with that character between them. */
static bool read_numbers(const char **text, size_t *len, char between, uint32_t ret[3])
{
	for (unsigned int i = 0; i < 3; i++) {
		unsigned int n_digits = 0;

		if (i > 0) {
			if (*len == 0 || **text != between)
				return false;
			++*text;
			--*len;
		}
		ret[i] = 0;
		for (; *len > 0 && **text >= '0' && **text <= '9'; ++*text, --*len) {
			ret[i] = ret[i] * 10 + (uint32_t)(**text - '0');
			if (++n_digits > 4)
				return false;
		}
		if (n_digits == 0)
			return false;
	}
	return true;
}

/* ".692" -> 692, ".69" -> 690 */
static uint32_t read_fraction(const char *text, size_t len)
{
	uint32_t msec = 0;
	uint32_t weight = 100;

	for (size_t i = 1; i < len && text[i] >= '0' && text[i] <= '9'; i++) {
		msec += weight * (uint32_t)(text[i] - '0');
		weight /= 10;
	}
	return msec;
}

bool erm_bird_words_since(const char *text, size_t len, struct erm_bird_since *since)
{
	const char *rest = text;
	size_t left = len;
	uint32_t n[3];

	if (!since->has_date && read_numbers(&rest, &left, '-', n) && left == 0 && n[1] >= 1 &&
	    n[1] <= 12 && n[2] >= 1 && n[2] <= 31) {
		since->has_date = true;
		since->date = n[0] * 10000 + n[1] * 100 + n[2];
		return true;
	}
	rest = text;
	left = len;
	if (since->has_time || !read_numbers(&rest, &left, ':', n) || n[0] > 23 || n[1] > 59 ||
	    n[2] > 60 || (left > 0 && *rest != '.'))
		return false;
	since->has_time = true;
	since->has_fraction = left > 1;
	since->msec = ((n[0] * 60 + n[1]) * 60 + n[2]) * 1000 + read_fraction(rest, left);
	since->msec %= MSEC_PER_DAY;
	return true;
}

bool erm_bird_since_differs(const struct erm_bird_since *a, const struct erm_bird_since *b)
{
	uint32_t apart = a->msec > b->msec ? a->msec - b->msec : b->msec - a->msec;
	uint32_t waver = a->has_fraction && b->has_fraction ? WAVER_MSEC : WAVER_LONG_MSEC;

	if (a->has_time && b->has_time) {
		bool is_midnight = apart > MSEC_PER_DAY / 2;

		if (is_midnight)
			apart = MSEC_PER_DAY - apart;
		return apart > waver ||
		       (a->has_date && b->has_date && a->date != b->date && !is_midnight);
	}
	/* old enough to be told by its day; now it is told by the hour again */
	if (!a->has_time && b->has_time)
		return a->has_date;
	return a->has_date && b->has_date && !a->has_time && !b->has_time && a->date != b->date;
}

/* Days since 1 March of the year 0, of the Gregorian calendar. */
static uint32_t day_number(uint32_t date)
{
	uint32_t year = date / 10000;
	uint32_t month = date / 100 % 100;

	if (month < 3) {
		month += 12;
		year--;
	}
	return 365 * year + year / 4 - year / 100 + year / 400 + (153 * (month - 3) + 2) / 5 +
	       date % 100;
}

uint32_t erm_bird_since_age(const struct erm_bird_since *since, const struct erm_bird_since *now)
{
	int64_t days = 0;
	int64_t sec = 0;

	if (since->has_date && since->date >= 10101)
		days = (int64_t)day_number(now->date) - (int64_t)day_number(since->date);
	if (since->has_time)
		sec = ((int64_t)now->msec - (int64_t)since->msec) / 1000;
	else if (!since->has_date)
		return 0;
	sec += days * SEC_PER_DAY;
	if (sec < 0 && !since->has_date)
		sec += SEC_PER_DAY; /* of yesterday */
	return sec > 0 && sec <= (int64_t)UINT32_MAX ? (uint32_t)sec : 0;
}

/* Words of NOTIFICATIONs that tell us something (RFC 4271 4.5, 4486, 9384). */
static void find_notification(const char *text, size_t len, uint8_t *ret_code, uint8_t *ret_subcode)
{
	static const struct {
		const char *words;
		uint8_t code, subcode;
	} known[] = {
		{ "Bad peer AS", 2, 2 },
		{ "Hold timer expired", 4, 0 },
		{ "Maximum number of prefixes", 6, 1 },
		{ "Administrative shutdown", 6, 2 },
		{ "Peer de-configured", 6, 3 },
		{ "Administrative reset", 6, 4 },
		{ "Connection rejected", 6, 5 },
		{ "Other configuration change", 6, 6 },
		{ "Connection collision", 6, 7 },
		{ "Out of Resources", 6, 8 },
		{ "Hard reset", 6, 9 },
		{ "BFD down", 6, 10 },
		{ "BFD session down", 6, 10 },
		{ "Unknown error 6.10", 6, 10 },
		{ "Unknown error 6.9", 6, 9 },
		{ "Cease", 6, 0 },
	};

	for (size_t i = 0; i < ERM_ELEMENTS(known); i++) {
		if (!starts_with(text, len, known[i].words))
			continue;
		*ret_code = known[i].code;
		*ret_subcode = known[i].subcode;
		return;
	}
}

/* What BIRD found out without a NOTIFICATION. */
static const struct {
	const char *words;
	enum erm_cause cause;
} errors[] = {
	{ "Error: BFD session down", ERM_CAUSE_BFD_DOWN },
	{ "Automatic shutdown: Route limit exceeded", ERM_CAUSE_PREFIX_LIMIT },
	{ "Socket: Connection closed", ERM_CAUSE_PEER_CLOSED },
	{ "Socket: Connection reset by peer", ERM_CAUSE_PEER_CLOSED },
};

void erm_bird_words_reset(const char *text, size_t len, struct erm_obs_session *obs)
{
	static const char received[] = "Received: ";
	static const char sent[] = "BGP Error: ";
	bool is_received = starts_with(text, len, received);
	size_t skip = is_received ? sizeof(received) - 1 : sizeof(sent) - 1;

	obs->has_reset = true;
	obs->reset_cause = ERM_CAUSE_NONE;
	if (is_received || starts_with(text, len, sent)) {
		find_notification(text + skip, len - skip, &obs->error_code, &obs->error_subcode);
		obs->reset_cause = erm_router_notification_cause(obs->error_code,
								 obs->error_subcode, !is_received);
		return;
	}
	for (size_t i = 0; i < ERM_ELEMENTS(errors); i++) {
		if (starts_with(text, len, errors[i].words)) {
			obs->reset_cause = errors[i].cause;
			return;
		}
	}
	/* refused, no route, timed out: a try to connect met it, long after the fall */
	obs->has_reset = !starts_with(text, len, "Socket: ");
}
