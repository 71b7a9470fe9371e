/* Lines, brackets, equals signs, quotes and comments; no meaning. */
#include "yang/section.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

struct parser {
	struct erm_section_file *file;
	struct erm_config_report *report;
	unsigned int line;
	bool has_section; /* false before the first one; an invalid one counts, so that its keys are no new error */
	bool is_skipping; /* below an invalid section line */
};

#define FAIL(p, word, remedy, ...) \
	erm_report_add((p)->report, ERM_REPORT_ERROR, (p)->line, word, remedy, __VA_ARGS__)

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static char *skip_blanks(char *s)
{
	while (is_blank(*s))
		s++;
	return s;
}

static void trim_end(char *s)
{
	size_t n = strlen(s);

	while (n > 0 && is_blank(s[n - 1]))
		s[--n] = '\0';
}

static bool is_comment(char c)
{
	return c == '#' || c == ';';
}

/* Octets of the UTF-8 character at s, 0 when it is none (RFC 3629: no surrogates, nothing overlong). */
static size_t utf8_len(const unsigned char *s, size_t left)
{
	static const struct {
		unsigned char lead_min, lead_max, second_min, second_max, len;
	} forms[] = {
		{ 0xc2, 0xdf, 0x80, 0xbf, 2 }, { 0xe0, 0xe0, 0xa0, 0xbf, 3 },
		{ 0xe1, 0xec, 0x80, 0xbf, 3 }, { 0xed, 0xed, 0x80, 0x9f, 3 },
		{ 0xee, 0xef, 0x80, 0xbf, 3 }, { 0xf0, 0xf0, 0x90, 0xbf, 4 },
		{ 0xf1, 0xf3, 0x80, 0xbf, 4 }, { 0xf4, 0xf4, 0x80, 0x8f, 4 },
	};

	if (s[0] < 0x80)
		return 1;
	for (size_t f = 0; f < ERM_ELEMENTS(forms); f++) {
		if (s[0] < forms[f].lead_min || s[0] > forms[f].lead_max)
			continue;
		if (left < forms[f].len || s[1] < forms[f].second_min || s[1] > forms[f].second_max)
			return 0;
		for (size_t i = 2; i < forms[f].len; i++) {
			if ((s[i] & 0xc0) != 0x80)
				return 0;
		}
		return forms[f].len;
	}
	return 0;
}

/* False, and an error, for octets no line may have. */
static bool line_check(struct parser *p, const char *s, size_t len)
{
	char octet[8];

	if (len > ERM_LINE_MAX) {
		FAIL(p, NULL, "a line has at most 4096 octets", "the line is %zu octets long", len);
		return false;
	}
	for (size_t i = 0, n; i < len; i += n) {
		unsigned char c = (unsigned char)s[i];

		n = utf8_len((const unsigned char *)s + i, len - i);
		if (n > 0 && ((c >= 0x20 && c != 0x7f) || c == '\t'))
			continue;
		(void)snprintf(octet, sizeof(octet), "0x%02x", c);
		FAIL(p, octet, "write the file in UTF-8, without control characters",
		     n == 0 ? "octet %zu of the line, %s, is not UTF-8"
			    : "octet %zu of the line, %s, is a control character",
		     i + 1, octet);
		return false;
	}
	return true;
}

/* Room for one more element of `size` octets; doubles. */
static int grow(void *array_ptr, uint32_t n, uint32_t *n_max, size_t size)
{
	void **array = array_ptr;
	uint32_t want = *n_max ? *n_max * 2 : 32;
	void *bigger;

	if (n < *n_max)
		return 0;
	bigger = reallocarray(*array, want, size);
	if (!bigger)
		return -ENOMEM;
	*array = bigger;
	*n_max = want;
	return 0;
}

/* "[word word]": words of s up to the bracket, which is already cut off. */
static bool section_words(struct parser *p, struct erm_section *section, char *s)
{
	for (char *save = NULL, *w = strtok_r(s, " \t", &save); w;
	     w = strtok_r(NULL, " \t", &save)) {
		if (section->n_words == ERM_SECTION_WORDS_MAX) {
			FAIL(p, w, NULL, "too many words between the brackets, from \"%.40s\" on",
			     w);
			return false;
		}
		section->words[section->n_words++] = w;
	}
	if (section->n_words == 0) {
		FAIL(p, "[]", "write [circuit NAME], for example", "a section without a name");
		return false;
	}
	return true;
}

static int parse_section(struct parser *p, char *s)
{
	struct erm_section_file *file = p->file;
	struct erm_section section = { .line = p->line, .first_entry = file->n_entries };
	char *end = strpbrk(s, "]#;");
	int r;

	p->has_section = true;
	p->is_skipping = true;
	if (!end || *end != ']') {
		FAIL(p, s, "close it with ]", "the section \"%.60s\" is not closed", s);
		return 0;
	}
	*end = '\0';
	end = skip_blanks(end + 1);
	if (*end && !is_comment(*end)) {
		FAIL(p, end, "a key goes on a line of its own",
		     "\"%.60s\" after the end of the section's name", end);
		return 0;
	}
	if (!section_words(p, &section, s + 1))
		return 0;

	r = grow(&file->sections, file->n_sections, &file->n_sections_max, sizeof(section));
	if (r < 0)
		return r;
	file->sections[file->n_sections++] = section;
	p->is_skipping = false;
	return 0;
}

/* A value in quotes, s after the first one; unescaped in place.  Returns what follows, NULL when it does not end. */
static char *value_unquote(char *s)
{
	char *to = s;

	for (; *s && *s != '"'; s++) {
		if (*s == '\\' && (s[1] == '"' || s[1] == '\\'))
			s++;
		*to++ = *s;
	}
	if (*s != '"')
		return NULL;
	*to = '\0';
	return s + 1;
}

/* Cuts the value at s to its size; NULL after an error. */
static char *parse_value(struct parser *p, const char *key, char *s)
{
	char *rest;

	s = skip_blanks(s);
	if (*s == '"') {
		rest = value_unquote(++s);
		if (!rest) {
			FAIL(p, key, "close it with \"", "the value of \"%.40s\" has no second \"",
			     key);
			return NULL;
		}
		rest = skip_blanks(rest);
		if (*rest && !is_comment(*rest)) {
			FAIL(p, rest, "write \\\" for a quote inside a value",
			     "\"%.40s\" after the value of \"%.40s\"", rest, key);
			return NULL;
		}
		return s;
	}
	for (rest = s; *rest; rest++) {
		if (is_comment(*rest) && (rest == s || is_blank(rest[-1]))) {
			*rest = '\0';
			break;
		}
	}
	trim_end(s);
	if (!*s) {
		FAIL(p, key, "leave the line out to get the default", "\"%.40s\" has no value",
		     key);
		return NULL;
	}
	return s;
}

static int parse_entry(struct parser *p, char *s)
{
	struct erm_section_file *file = p->file;
	struct erm_section_entry entry = { .key = s, .line = p->line };
	char *equals = strchr(s, '=');
	int r;

	if (!equals || equals == s) {
		FAIL(p, s, "a line is [section], key = value, or a comment after # or ;",
		     "\"%.60s\" is no key with a value", s);
		return 0;
	}
	*equals = '\0';
	trim_end(s);
	if (!p->has_section) {
		FAIL(p, s, "put it below [agent] or another section",
		     "the key \"%.60s\" stands before the first section", s);
		return 0;
	}
	entry.value = parse_value(p, s, equals + 1);
	if (!entry.value || p->is_skipping)
		return 0;

	r = grow(&file->entries, file->n_entries, &file->n_entries_max, sizeof(entry));
	if (r < 0)
		return r;
	file->entries[file->n_entries++] = entry;
	file->sections[file->n_sections - 1].n_entries++;
	return 0;
}

static int parse_line(struct parser *p, char *s, size_t len)
{
	if (len > 0 && s[len - 1] == '\r')
		s[--len] = '\0';
	if (!line_check(p, s, len)) {
		/* Its keys must not fall to the section before. */
		if (*skip_blanks(s) == '[')
			p->has_section = p->is_skipping = true;
		return 0;
	}
	s = skip_blanks(s);
	trim_end(s);
	if (!*s || is_comment(*s))
		return 0;
	return *s == '[' ? parse_section(p, s) : parse_entry(p, s);
}

int erm_section_parse(const char *text, size_t size, struct erm_config_report *report,
		      struct erm_section_file *ret)
{
	static const char bom[] = "\xef\xbb\xbf";
	struct erm_section_file file = {};
	struct parser p = { .file = &file, .report = report };
	int r = 0;

	file.text = malloc(size + 1);
	if (!file.text)
		return -ENOMEM;
	memcpy(file.text, text, size);
	file.text[size] = '\0';

	for (char *s = file.text, *end = file.text + size; s < end && r == 0;) {
		char *newline = memchr(s, '\n', (size_t)(end - s));
		size_t len = (size_t)((newline ? newline : end) - s);

		p.line++;
		s[len] = '\0';
		if (p.line == 1 && len >= 3 && memcmp(s, bom, 3) == 0)
			r = parse_line(&p, s + 3, len - 3);
		else
			r = parse_line(&p, s, len);
		s += len + 1;
		if (report->n_errors >= ERM_SECTION_ERRORS_MAX)
			break;
	}
	if (r < 0) {
		erm_section_file_done(&file);
		return r;
	}
	*ret = file;
	return 0;
}

void erm_section_file_done(struct erm_section_file *file)
{
	free(file->sections);
	free(file->entries);
	free(file->text);
	memset(file, 0, sizeof(*file));
}

const char *erm_section_name(const struct erm_section *section, char *buf, size_t size)
{
	size_t n = 0;

	buf[0] = '\0';
	for (uint32_t i = 0; i < section->n_words && n < size; i++) {
		int r = snprintf(buf + n, size - n, "%s%s", i ? " " : "", section->words[i]);

		n += r > 0 ? (size_t)r : 0;
	}
	return buf;
}
