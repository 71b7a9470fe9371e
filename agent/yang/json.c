/* The writer of JSON text. */
#include "yang/json.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define FIRST_SIZE  4096
#define SECONDS_MAX 31536000

static bool grow(struct erm_json *json, size_t len)
{
	size_t size = json->size ? json->size : FIRST_SIZE;
	char *bigger;

	if (json->is_failed)
		return false;
	while (size < json->len + len + 1)
		size *= 2;
	bigger = realloc(json->text, size);
	if (!bigger) {
		/* Nothing fits any more. */
		json->is_failed = true;
		json->size = 0;
		return false;
	}
	json->text = bigger;
	json->size = size;
	return true;
}

static inline void put(struct erm_json *json, const char *text, size_t len)
{
	if (json->len + len + 1 > json->size && !grow(json, len))
		return;
	memcpy(json->text + json->len, text, len);
	json->len += len;
}

/* The comma before a member and its name. */
static void member(struct erm_json *json, const char *name)
{
	if (!json->is_first && json->len > 0)
		put(json, ",", 1);
	json->is_first = false;
	if (!name)
		return;
	put(json, "\"", 1);
	put(json, name, strlen(name));
	put(json, "\":", 2);
}

static void begin(struct erm_json *json, const char *name, const char *bracket)
{
	member(json, name);
	put(json, bracket, 1);
	json->is_first = true;
}

static void end(struct erm_json *json, const char *bracket)
{
	put(json, bracket, 1);
	json->is_first = false;
}

void erm_json_object(struct erm_json *json, const char *name)
{
	begin(json, name, "{");
}

void erm_json_object_end(struct erm_json *json)
{
	end(json, "}");
}

void erm_json_array(struct erm_json *json, const char *name)
{
	begin(json, name, "[");
}

void erm_json_array_end(struct erm_json *json)
{
	end(json, "]");
}

/* Texts of the configuration are UTF-8, checked by libyang; all others are ASCII or should be. */
static bool is_utf8(const char *s)
{
	for (const unsigned char *p = (const unsigned char *)s; *p;) {
		unsigned int n = *p < 0x80                 ? 0
				 : *p >= 0xc2 && *p < 0xe0 ? 1
				 : *p >= 0xe0 && *p < 0xf0 ? 2
				 : *p >= 0xf0 && *p < 0xf5 ? 3
							   : 9;

		if (n == 9)
			return false;
		for (p++; n > 0; n--, p++) {
			if ((*p & 0xc0) != 0x80)
				return false;
		}
	}
	return true;
}

/* Of printable ASCII that needs no escape, which nearly all texts are alone. */
static size_t plain_length(const char *value)
{
	const char *p = value;

	while (*p >= 0x20 && *p < 0x7f && *p != '"' && *p != '\\')
		p++;
	return (size_t)(p - value);
}

static void quoted(struct erm_json *json, const char *value)
{
	size_t len = plain_length(value);
	const char *run = value;
	bool is_clean;

	put(json, "\"", 1);
	if (!value[len]) {
		put(json, value, len);
		put(json, "\"", 1);
		return;
	}
	is_clean = is_utf8(value);
	for (const char *p = value; *p; p++) {
		unsigned char c = (unsigned char)*p;

		if (c >= 0x20 && c != 0x7f && c != '"' && c != '\\' && (c < 0x80 || is_clean))
			continue;
		put(json, run, (size_t)(p - run));
		run = p + 1;
		if (c == '"' || c == '\\') {
			put(json, "\\", 1);
			put(json, p, 1);
		} else {
			put(json, "?", 1);
		}
	}
	put(json, run, strlen(run));
	put(json, "\"", 1);
}

void erm_json_string(struct erm_json *json, const char *name, const char *value)
{
	if (!value || !value[0])
		return;
	member(json, name);
	quoted(json, value);
}

void erm_json_item(struct erm_json *json, const char *value)
{
	member(json, NULL);
	quoted(json, value);
}

void erm_json_bool(struct erm_json *json, const char *name, bool value)
{
	member(json, name);
	put(json, value ? "true" : "false", value ? 4 : 5);
}

/* The decimal digits of value, at most 20, before buf[20]. */
static const char *digits(uint64_t value, char buf[static 24], size_t *ret_len)
{
	char *p = buf + 20;

	do {
		*--p = (char)('0' + value % 10);
		value /= 10;
	} while (value);
	*ret_len = (size_t)(buf + 20 - p);
	return p;
}

void erm_json_u32(struct erm_json *json, const char *name, uint32_t value)
{
	char buf[24];
	size_t len;
	const char *text = digits(value, buf, &len);

	member(json, name);
	put(json, text, len);
}

void erm_json_i32(struct erm_json *json, const char *name, int32_t value)
{
	char text[16];

	(void)snprintf(text, sizeof(text), "%" PRId32, value);
	member(json, name);
	put(json, text, strlen(text));
}

void erm_json_u64(struct erm_json *json, const char *name, uint64_t value)
{
	char buf[24];
	size_t len;
	const char *text = digits(value, buf, &len);

	/* RFC 7951 section 6.1: 64 bits are a string. */
	member(json, name);
	put(json, "\"", 1);
	put(json, text, len);
	put(json, "\"", 1);
}

/* The last n decimal digits of value, with zeros before them. */
static void put_digits(char *to, unsigned int n, uint64_t value)
{
	while (n-- > 0) {
		to[n] = (char)('0' + value % 10);
		value /= 10;
	}
}

void erm_json_seconds(struct erm_json *json, const char *name, usec_t value)
{
	uint64_t ms = value / ERM_USEC_PER_MSEC;
	char whole[24];
	char fraction[] = ".000\"";
	const char *text;
	size_t len;
	size_t n = sizeof(fraction) - 2;

	if (ms > (uint64_t)SECONDS_MAX * 1000)
		ms = (uint64_t)SECONDS_MAX * 1000;
	text = digits(ms / 1000, whole, &len);
	put_digits(fraction + 1, 3, ms % 1000);
	/* The canonical form has one decimal at least and no zeros at its end. */
	while (fraction[n - 1] == '0' && fraction[n - 2] != '.')
		n--;
	fraction[n++] = '"';
	member(json, name);
	put(json, "\"", 1);
	put(json, text, len);
	put(json, fraction, n);
}

void erm_json_time(struct erm_json *json, const char *name, usec_t real)
{
	usec_t second = real / ERM_USEC_PER_SEC;
	char fraction[] = ".000000Z\"";

	if (real == 0)
		return;
	if (second != json->second) {
		time_t t = (time_t)second;
		struct tm tm;

		if (!gmtime_r(&t, &tm) || tm.tm_year > 9999 - 1900 ||
		    strftime(json->second_text, sizeof(json->second_text), "%Y-%m-%dT%H:%M:%S",
			     &tm) == 0)
			return;
		json->second = second;
	}
	put_digits(fraction + 1, 6, real % ERM_USEC_PER_SEC);
	member(json, name);
	put(json, "\"", 1);
	put(json, json->second_text, strlen(json->second_text));
	put(json, fraction, sizeof(fraction) - 1);
}

void erm_json_power(struct erm_json *json, const char *name, int16_t cdbm)
{
	char text[16];

	if (cdbm == ERM_NO_POWER)
		return;
	(void)snprintf(text, sizeof(text), "%s%d.%02d", cdbm < 0 ? "-" : "", abs(cdbm) / 100,
		       abs(cdbm) % 100);
	member(json, name);
	quoted(json, text);
}

int erm_json_finish(struct erm_json *json, char **ret, size_t *ret_len)
{
	put(json, "", 1);
	if (json->is_failed) {
		free(json->text);
		memset(json, 0, sizeof(*json));
		return -ENOMEM;
	}
	*ret = json->text;
	if (ret_len)
		*ret_len = json->len - 1;
	memset(json, 0, sizeof(*json));
	return 0;
}
