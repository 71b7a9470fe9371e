#include "ctl/text.h"

#include <inttypes.h>
#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"

/* The 16 colours of every terminal theme, so that the user's own contrast holds. */
static const char *const style_codes[ERM_STYLE_MAX] = {
	[ERM_STYLE_PLAIN] = "",         [ERM_STYLE_BOLD] = "\033[1m",
	[ERM_STYLE_DIM] = "\033[2m",    [ERM_STYLE_GOOD] = "\033[32m",
	[ERM_STYLE_WARN] = "\033[33m",  [ERM_STYLE_ALERT] = "\033[1;33m",
	[ERM_STYLE_BAD] = "\033[1;31m", [ERM_STYLE_UNKNOWN] = "\033[35m",
};

static bool wants_color(void)
{
	const char *no_color = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	return !(no_color && no_color[0]) && term && strcmp(term, "dumb") != 0;
}

struct erm_out erm_out_init(FILE *f)
{
	struct erm_out out = { .f = f, .now = erm_time_now().real };

	out.is_utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	out.has_color = isatty(fileno(f)) && wants_color();
	return out;
}

/* Decodes one character; its length, or 0 when it is broken. */
static size_t decode(const unsigned char *s, uint32_t *ret)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t len = s[0] < 0x80       ? 1
		     : s[0] >> 5 == 6  ? 2
		     : s[0] >> 4 == 14 ? 3
		     : s[0] >> 3 == 30 ? 4
				       : 0;
	uint32_t c = len == 1 ? s[0] : len == 0 ? 0 : s[0] & (0x7fU >> len);

	for (size_t i = 1; i < len; i++) {
		if (s[i] >> 6 != 2)
			return 0;
		c = c << 6 | (s[i] & 0x3f);
	}
	if (len == 0 || c < least[len] || c > 0x10ffff)
		return 0;
	*ret = c;
	return len;
}

/* Neither control characters (C0, DEL, C1) nor what turns the reading direction around. */
static bool is_harmless(uint32_t c)
{
	return c >= 0x20 && !(c >= 0x7f && c < 0xa0) && !(c >= 0x200b && c <= 0x200f) &&
	       !(c >= 0x2028 && c <= 0x202e) && !(c >= 0x2060 && c <= 0x206f) && c != 0xfeff;
}

char *erm_text_printable(const struct erm_out *out, const char *text)
{
	const unsigned char *s = (const unsigned char *)text;
	char *copy = malloc(strlen(text) + 1);
	size_t n = 0;

	if (!copy)
		return NULL;
	while (*s) {
		uint32_t c = 0;
		size_t len = decode(s, &c);

		if (len > 0 && is_harmless(c) && (len == 1 || out->is_utf8)) {
			memcpy(copy + n, s, len);
			n += len;
		} else {
			copy[n++] = '?';
		}
		s += len > 0 ? len : 1;
	}
	copy[n] = '\0';
	return copy;
}

void erm_text_complain(const struct erm_out *out, const char *why)
{
	do {
		size_t len = strcspn(why, "\n");
		_cleanup_free_ char *line = strndup(why, len);
		_cleanup_free_ char *printable = line ? erm_text_printable(out, line) : NULL;

		(void)fprintf(stderr, "ermonctl: %s\n", printable ? printable : "out of memory");
		why += len + (why[len] == '\n');
	} while (*why);
}

size_t erm_text_width(const char *text)
{
	size_t width = 0;

	for (; *text; text++)
		width += ((unsigned char)*text & 0xc0) != 0x80;
	return width;
}

const char *erm_style_on(const struct erm_out *out, enum erm_style style)
{
	return out->has_color ? style_codes[style] : "";
}

const char *erm_style_off(const struct erm_out *out, enum erm_style style)
{
	return out->has_color && style != ERM_STYLE_PLAIN ? "\033[0m" : "";
}

const char *erm_text_age(usec_t since_real, usec_t now_real, char buf[ERM_AGE_MAX])
{
	uint64_t sec = erm_usec_sub(now_real, since_real) / ERM_USEC_PER_SEC;
	uint64_t tenths = erm_usec_sub(now_real, since_real) / (ERM_USEC_PER_SEC / 10) % 10;

	if (since_real == 0)
		(void)snprintf(buf, ERM_AGE_MAX, "-");
	else if (now_real < since_real + 100 * ERM_USEC_PER_MSEC)
		(void)snprintf(buf, ERM_AGE_MAX, "now");
	else if (sec < 10)
		(void)snprintf(buf, ERM_AGE_MAX, "%" PRIu64 ".%" PRIu64 "s", sec, tenths);
	else if (sec < 60)
		(void)snprintf(buf, ERM_AGE_MAX, "%" PRIu64 "s", sec);
	else if (sec < 3600)
		(void)snprintf(buf, ERM_AGE_MAX, "%" PRIu64 "m %02" PRIu64 "s", sec / 60, sec % 60);
	else if (sec < 86400) {
		(void)snprintf(buf, ERM_AGE_MAX, "%" PRIu64 "h %02" PRIu64 "m", sec / 3600,
			       sec / 60 % 60);
	} else {
		(void)snprintf(buf, ERM_AGE_MAX, "%" PRIu64 "d %" PRIu64 "h", sec / 86400,
			       sec / 3600 % 24);
	}
	return buf;
}

const char *erm_text_clock(usec_t real, char buf[ERM_CLOCK_MAX])
{
	time_t sec = (time_t)(real / ERM_USEC_PER_SEC);
	struct tm tm;

	if (real == 0 || !localtime_r(&sec, &tm) ||
	    strftime(buf, ERM_CLOCK_MAX, "%Y-%m-%d %H:%M:%S", &tm) == 0)
		(void)snprintf(buf, ERM_CLOCK_MAX, "-");
	return buf;
}

/* ".123456" -> 123456; *text is moved behind it. */
static usec_t parse_fraction(const char **text)
{
	usec_t unit = ERM_USEC_PER_SEC;
	usec_t usec = 0;

	if (**text != '.')
		return 0;
	for ((*text)++; **text >= '0' && **text <= '9'; (*text)++) {
		unit /= 10;
		usec += (usec_t)(**text - '0') * unit;
	}
	return usec;
}

/* "Z", "+01:00" -> seconds east; false when it is neither. */
static bool parse_zone(const char *text, time_t *ret)
{
	struct tm tm = { 0 };
	const char *end = NULL;

	*ret = 0;
	if (strcmp(text, "Z") == 0)
		return true;
	if (text[0] != '+' && text[0] != '-')
		return false;
	end = strptime(text + 1, "%H:%M", &tm);
	if (!end || *end)
		return false;
	*ret = ((time_t)tm.tm_hour * 60 + tm.tm_min) * 60;
	if (text[0] == '-')
		*ret = -*ret;
	return true;
}

usec_t erm_text_parse_time(const char *text)
{
	struct tm tm = { 0 };
	const char *at = strptime(text, "%Y-%m-%dT%H:%M:%S", &tm);
	usec_t fraction = at ? parse_fraction(&at) : 0;
	time_t east = 0;
	time_t sec;

	if (!at || !parse_zone(at, &east))
		return 0;
	sec = timegm(&tm);
	if (sec == -1 || sec < east)
		return 0;
	return (usec_t)(sec - east) * ERM_USEC_PER_SEC + fraction;
}
