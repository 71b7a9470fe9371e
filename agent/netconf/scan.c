#include "netconf/scan.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

struct scan {
	const char *at, *end;
	unsigned int depth, depth_max;
};

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

static int starts_with(const struct scan *scan, const char *word)
{
	size_t len = strlen(word);

	return (size_t)(scan->end - scan->at) >= len && memcmp(scan->at, word, len) == 0;
}

/* From behind '<' to behind '>', which may stand in an attribute's value, too. */
static int scan_tag(struct scan *scan)
{
	bool is_end = *scan->at == '/';
	char quote = '\0';
	char last = '\0';

	for (; scan->at < scan->end && (quote || *scan->at != '>'); scan->at++) {
		if (quote && *scan->at == quote)
			quote = '\0';
		else if (!quote && (*scan->at == '"' || *scan->at == '\''))
			quote = *scan->at;
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

int erm_scan_message(const char *text, size_t len, unsigned int depth_max)
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
	return scan.depth == 0 ? 0 : -EBADMSG;
}
