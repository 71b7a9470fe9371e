#include "sources/snmp_router/line.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"

enum shape { SHAPE_EMPTY, SHAPE_NUMBER, SHAPE_HEX };

static const struct {
	const char *word;
	enum shape shape;
	int64_t min, max;
} types[] = {
	[ERM_SNMPR_INTEGER] = { "integer", SHAPE_NUMBER, INT32_MIN, INT32_MAX },
	[ERM_SNMPR_COUNTER32] = { "counter32", SHAPE_NUMBER, 0, UINT32_MAX },
	[ERM_SNMPR_GAUGE32] = { "gauge32", SHAPE_NUMBER, 0, UINT32_MAX },
	[ERM_SNMPR_TIMETICKS] = { "ticks", SHAPE_NUMBER, 0, UINT32_MAX },
	[ERM_SNMPR_COUNTER64] = { "counter64", SHAPE_NUMBER, 0, INT64_MAX },
	[ERM_SNMPR_OCTETS] = { "octets", SHAPE_HEX, 0, 0 },
	[ERM_SNMPR_NO_OBJECT] = { "no-object", SHAPE_EMPTY, 0, 0 },
	[ERM_SNMPR_NO_INSTANCE] = { "no-instance", SHAPE_EMPTY, 0, 0 },
	[ERM_SNMPR_END_OF_VIEW] = { "end-of-view", SHAPE_EMPTY, 0, 0 },
	[ERM_SNMPR_OTHER] = { "other", SHAPE_EMPTY, 0, 0 },
};

static const struct {
	const char *word;
	enum erm_source_reason reason;
} errors[] = {
	[ERM_SNMPR_FAILURE_NONE] = { "none", ERM_REASON_NONE },
	[ERM_SNMPR_FAILURE_TOO_BIG] = { "too-big", ERM_REASON_PROTOCOL },
	[ERM_SNMPR_FAILURE_TOO_LARGE] = { "too-large", ERM_REASON_TOO_LARGE },
	[ERM_SNMPR_FAILURE_TIMEOUT] = { "timeout", ERM_REASON_TIMEOUT },
	[ERM_SNMPR_FAILURE_REFUSED] = { "refused", ERM_REASON_REFUSED },
	[ERM_SNMPR_FAILURE_PERMISSION] = { "permission", ERM_REASON_PERMISSION },
	[ERM_SNMPR_FAILURE_REJECTED] = { "rejected", ERM_REASON_REJECTED },
	[ERM_SNMPR_FAILURE_PROTOCOL] = { "protocol", ERM_REASON_PROTOCOL },
	[ERM_SNMPR_FAILURE_SYSTEM] = { "system", ERM_REASON_SYSTEM },
};
_Static_assert(ERM_ELEMENTS(errors) == ERM_SNMPR_FAILURE_MAX, "each error has a word");

struct words {
	const char *at, *end;
};

/* The next word; words are apart by one blank.  False when there is none. */
static bool next_word(struct words *line, const char **ret, size_t *ret_len)
{
	const char *blank;

	if (line->at >= line->end)
		return false;
	blank = memchr(line->at, ' ', (size_t)(line->end - line->at));
	*ret = line->at;
	*ret_len = (size_t)((blank ? blank : line->end) - line->at);
	line->at = blank ? blank + 1 : line->end;
	return *ret_len > 0;
}

static bool is_word(const char *text, size_t len, const char *word)
{
	return len == strlen(word) && memcmp(text, word, len) == 0;
}

static bool take_number(const char *text, size_t len, int64_t min, int64_t max, int64_t *ret)
{
	bool is_negative = len > 0 && *text == '-';
	uint64_t limit = is_negative ? (uint64_t)-min : (uint64_t)max;
	uint64_t value = 0;

	if (len <= is_negative || (is_negative && min >= 0))
		return false;
	for (size_t i = is_negative; i < len; i++) {
		unsigned int digit = (unsigned int)(text[i] - '0');

		if (digit > 9 || value > (limit - digit) / 10)
			return false;
		value = value * 10 + digit;
	}
	*ret = is_negative ? -(int64_t)value : (int64_t)value;
	return *ret >= min;
}

static bool take_nibble(char c, uint8_t *value)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c ? strchr(digits, c) : NULL;

	if (!at)
		return false;
	*value = (uint8_t)(*value << 4 | (at - digits));
	return true;
}

static bool take_octets(const char *text, size_t len, struct erm_snmpr_varbind *v)
{
	if (len % 2 != 0 || len / 2 > sizeof(v->data))
		return false;
	v->len = len / 2;
	for (size_t i = 0; i < len; i++) {
		if (!take_nibble(text[i], &v->data[i / 2]))
			return false;
	}
	return true;
}

const char *erm_snmpr_failure_name(enum erm_snmpr_failure failure)
{
	return errors[failure].word;
}

enum erm_source_reason erm_snmpr_failure_reason(enum erm_snmpr_failure failure)
{
	return errors[failure].reason;
}

int erm_snmpr_request_write(const struct erm_snmpr_request *request,
			    char ret_line[ERM_SNMPR_ASK_LINE_MAX])
{
	char text[ERM_SNMPR_OID_TEXT_MAX];
	int len = request->command == ERM_SNMPR_GET
			  ? snprintf(ret_line, ERM_SNMPR_ASK_LINE_MAX, "get")
			  : snprintf(ret_line, ERM_SNMPR_ASK_LINE_MAX, "bulk %" PRIu32,
				     request->repetitions);

	for (uint32_t i = 0; i < request->n; i++) {
		size_t n = erm_snmpr_oid_write(&request->names[i], text);

		if ((size_t)len + n + 3 > ERM_SNMPR_ASK_LINE_MAX)
			return -EMSGSIZE;
		ret_line[len++] = ' ';
		memcpy(ret_line + len, text, n);
		len += (int)n;
	}
	ret_line[len++] = '\n';
	ret_line[len] = '\0';
	return len;
}

int erm_snmpr_request_parse(const char *line, size_t len,
			    struct erm_snmpr_oid names[ERM_SNMPR_ASK_MAX],
			    struct erm_snmpr_request *ret)
{
	struct words words = { line, line + len };
	struct erm_snmpr_request request = { .command = ERM_SNMPR_GET, .names = names };
	const char *word = NULL;
	size_t n = 0;

	if (!next_word(&words, &word, &n))
		return -EBADMSG;
	if (is_word(word, n, "bulk")) {
		int64_t number = 0;

		if (!next_word(&words, &word, &n) ||
		    !take_number(word, n, 1, ERM_SNMPR_VARBINDS_MAX, &number))
			return -EBADMSG;
		request.command = ERM_SNMPR_GET_BULK;
		request.repetitions = (uint32_t)number;
	} else if (!is_word(word, n, "get")) {
		return -EBADMSG;
	}
	while (words.at < words.end) {
		if (request.n >= ERM_SNMPR_ASK_MAX || !next_word(&words, &word, &n) ||
		    !erm_snmpr_oid_parse(word, n, &names[request.n]))
			return -EBADMSG;
		request.n++;
	}
	if (request.n == 0 || line[len - 1] == ' ' ||
	    (request.command == ERM_SNMPR_GET_BULK && request.n > 1))
		return -EBADMSG;
	*ret = request;
	return 0;
}

size_t erm_snmpr_varbind_write(const struct erm_snmpr_varbind *varbind,
			       char ret_line[ERM_SNMPR_LINE_MAX])
{
	size_t len = erm_snmpr_oid_write(&varbind->name, ret_line);
	size_t left = ERM_SNMPR_LINE_MAX - len;

	switch (types[varbind->type].shape) {
	case SHAPE_EMPTY:
		len += (size_t)snprintf(ret_line + len, left, " %s", types[varbind->type].word);
		break;
	case SHAPE_NUMBER:
		len += (size_t)snprintf(ret_line + len, left, " %s %" PRId64,
					types[varbind->type].word, varbind->number);
		break;
	case SHAPE_HEX:
		len += (size_t)snprintf(ret_line + len, left, " %s ", types[varbind->type].word);
		for (size_t i = 0; i < varbind->len; i++)
			len += (size_t)snprintf(ret_line + len, ERM_SNMPR_LINE_MAX - len, "%02x",
						varbind->data[i]);
		break;
	}
	ret_line[len++] = '\n';
	ret_line[len] = '\0';
	return len;
}

static int take_error(struct erm_snmpr_answer *answer, struct words *line)
{
	const char *word = NULL;
	size_t n = 0;

	if (!next_word(line, &word, &n))
		return -EBADMSG;
	for (int i = ERM_SNMPR_FAILURE_NONE + 1; i < ERM_SNMPR_FAILURE_MAX; i++) {
		if (is_word(word, n, errors[i].word))
			answer->failure = (enum erm_snmpr_failure)i;
	}
	if (answer->failure == ERM_SNMPR_FAILURE_NONE)
		return -EBADMSG;
	n = (size_t)(line->end - line->at);
	if (n >= sizeof(answer->why))
		n = sizeof(answer->why) - 1;
	memcpy(answer->why, line->at, n);
	answer->why[n] = '\0';
	answer->n = 0;
	return 0;
}

static int take_varbind(struct erm_snmpr_answer *answer, const char *name, size_t len,
			struct words *line)
{
	struct erm_snmpr_varbind *v = &answer->varbinds[answer->n];
	const char *word = NULL;
	const char *value;
	size_t n = 0;
	size_t type = 0;
	bool is_good = false;

	if (answer->n >= ERM_SNMPR_VARBINDS_MAX)
		return -E2BIG;
	if (!erm_snmpr_oid_parse(name, len, &v->name) || !next_word(line, &word, &n))
		return -EBADMSG;
	while (type < ERM_ELEMENTS(types) && !is_word(word, n, types[type].word))
		type++;
	if (type >= ERM_ELEMENTS(types))
		return -EBADMSG;
	v->type = (enum erm_snmpr_type)type;
	value = line->at;
	n = (size_t)(line->end - value);
	switch (types[type].shape) {
	case SHAPE_EMPTY:
		is_good = n == 0;
		break;
	case SHAPE_NUMBER:
		is_good = take_number(value, n, types[type].min, types[type].max, &v->number);
		break;
	case SHAPE_HEX:
		is_good = take_octets(value, n, v);
		break;
	}
	if (!is_good)
		return -EBADMSG;
	answer->n++;
	return 1;
}

int erm_snmpr_answer_take(struct erm_snmpr_answer *answer, const char *line, size_t len)
{
	struct words words = { line, line + len };
	const char *word = NULL;
	int64_t number = 0;
	size_t n = 0;

	if (memchr(line, '\0', len) || !next_word(&words, &word, &n))
		return -EBADMSG;
	if (is_word(word, n, "error"))
		return take_error(answer, &words);
	if (!is_word(word, n, "ok"))
		return take_varbind(answer, word, n, &words);
	if (!take_number(words.at, (size_t)(words.end - words.at), 0, INT32_MAX, &number))
		return -EBADMSG;
	answer->boots = (uint32_t)number;
	return 0;
}
