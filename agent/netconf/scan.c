#include "netconf/scan.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

struct scan {
	const char *at, *end;
	unsigned int depth, depth_max;
	/* Of the first tag. */
	const char *name_end;
	bool has_default_ns;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Behind the next occurrence of mark. */
static int skip_to(struct scan *scan, const char *mark)
{
	size_t len = strlen(mark);
	const char *found = memmem(scan->at, (size_t)(scan->end - scan->at), mark, len);

	if (!found)
		return -EBADMSG;
	scan->at = found + len;
	return 0;
}

static bool starts_with(const struct scan *scan, const char *word)
{
	size_t len = strlen(word);

	return (size_t)(scan->end - scan->at) >= len && memcmp(scan->at, word, len) == 0;
}

/* "xmlns =", and not "xmlns:prefix =". */
static bool is_default_ns(const struct scan *scan)
{
	struct scan rest = *scan;

	if (!starts_with(&rest, "xmlns"))
		return false;
	for (rest.at += strlen("xmlns"); rest.at < rest.end && is_blank(*rest.at);)
		rest.at++;
	return starts_with(&rest, "=");
}

/* From behind '<' to behind '>', which may stand in an attribute's value, too. */
static int scan_tag(struct scan *scan)
{
	bool is_end = *scan->at == '/';
	bool is_first = !scan->name_end;
	char quote = '\0';
	char last = '\0';

	if (is_first) {
		scan->name_end = scan->at;
		while (scan->name_end < scan->end && !is_blank(*scan->name_end) &&
		       !strchr("/>", *scan->name_end))
			scan->name_end++;
	}
	for (; scan->at < scan->end && (quote || *scan->at != '>'); scan->at++) {
		if (quote && *scan->at == quote)
			quote = '\0';
		else if (!quote && (*scan->at == '"' || *scan->at == '\''))
			quote = *scan->at;
		else if (is_first && !quote && is_blank(last) && is_default_ns(scan))
			scan->has_default_ns = true;
		last = *scan->at;
	}
	if (scan->at == scan->end)
		return -EBADMSG;
	scan->at++;
	if (is_end) {
		if (scan->depth == 0)
			return -EBADMSG;
		scan->depth--;
	} else if (last != '/' && ++scan->depth > scan->depth_max) {
		return -E2BIG;
	}
	return 0;
}

static int scan_markup(struct scan *scan)
{
	if (starts_with(scan, "!--"))
		return skip_to(scan, "-->");
	if (starts_with(scan, "![CDATA["))
		return skip_to(scan, "]]>");
	if (starts_with(scan, "?"))
		return skip_to(scan, "?>");
	if (starts_with(scan, "!") || scan->at == scan->end)
		return -EBADMSG;
	return scan_tag(scan);
}

int erm_scan_message(const char *text, size_t len, unsigned int depth_max, size_t *ret_at)
{
	struct scan scan = { .at = text, .end = text + len, .depth_max = depth_max };

	if (memchr(text, '\0', len))
		return -EBADMSG;
	while ((scan.at = memchr(scan.at, '<', (size_t)(scan.end - scan.at)))) {
		int r;

		scan.at++;
		r = scan_markup(&scan);
		if (r < 0)
			return r;
	}
	if (scan.depth > 0)
		return -EBADMSG;
	*ret_at = scan.name_end && !scan.has_default_ns ? (size_t)(scan.name_end - text) : 0;
	return 0;
}
