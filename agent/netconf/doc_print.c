/* Into a buffer of its own: a document has some 10^5 pieces of a few octets each. */
#include "netconf/doc_print.h"

#include <string.h>

#define LEVELS_MAX 64
#define NS_TAG     "urn:ietf:params:xml:ns:netconf:default:1.0"

struct print {
	const struct erm_doc *doc;
	enum erm_doc_defaults defaults;
	FILE *out;
	uint32_t open[LEVELS_MAX]; /* nodes whose end tags are owed */
	unsigned int n_open;
	bool is_in_start; /* of the last one opened, whose ">" is owed */
	size_t n;
	char buf[16 * 1024];
};

static void flush(struct print *p)
{
	(void)fwrite(p->buf, 1, p->n, p->out);
	p->n = 0;
}

static void put_large(struct print *p, const char *text, size_t len)
{
	flush(p);
	(void)fwrite(text, 1, len, p->out);
}

static inline void put(struct print *p, const char *text, size_t len)
{
	if (len > sizeof(p->buf) - p->n) {
		put_large(p, text, len);
		return;
	}
	memcpy(p->buf + p->n, text, len);
	p->n += len;
}

static void puts_(struct print *p, const char *text)
{
	put(p, text, strlen(text));
}

/* What XML writes for c. */
static const char *escape_of(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\r':
		return "&#xD;";
	default:
		return "?";
	}
}

/* Not many are, and the others have to be gone by quickly. */
static bool is_plain(unsigned char c)
{
	if (c < 0x20)
		return c == '\t' || c == '\n';
	return c != '&' && c != '<' && c != '>' && c != '"';
}

static void put_escaped(struct print *p, const char *text, size_t len)
{
	size_t from = 0;

	for (size_t i = 0; i < len; i++) {
		if (is_plain((unsigned char)text[i]))
			continue;
		put(p, text + from, i - from);
		puts_(p, escape_of(text[i]));
		from = i + 1;
	}
	put(p, text + from, len - from);
}

static void put_ns(struct print *p, const char *prefix, const char *ns)
{
	puts_(p, prefix ? " xmlns:" : " xmlns");
	puts_(p, prefix ? prefix : "");
	put(p, "=\"", 2);
	put_escaped(p, ns, strlen(ns));
	put(p, "\"", 1);
}

static bool is_default(const struct erm_doc_node *node)
{
	const char *value = node->shape->value_default;

	return value && !node->shape->is_key && strlen(value) == node->value_len &&
	       memcmp(value, node->value, node->value_len) == 0;
}

/* "module:name" of RFC 7951 becomes "prefix:name", the prefix being bound in the same tag. */
static size_t put_identity_ns(struct print *p, const struct erm_doc_node *node,
			      const char **ret_prefix)
{
	const char *colon = memchr(node->value, ':', node->value_len);
	size_t len = colon ? (size_t)(colon - node->value) : 0;
	const char *ns = colon ? erm_shape_module(node->shape, node->value, len, ret_prefix) : NULL;

	if (!ns)
		return 0;
	put_ns(p, *ret_prefix, ns);
	return len;
}

static void put_value(struct print *p, const struct erm_doc_node *node, size_t from,
		      const char *prefix)
{
	static const char utc[] = "+00:00";
	size_t len = node->value_len;
	/* RFC 6991: the canonical form has a number for the zone. */
	bool has_z = node->shape->value == ERM_SHAPE_DATE && len > 0 && node->value[len - 1] == 'Z';

	if (prefix)
		puts_(p, prefix);
	put_escaped(p, node->value + from, len - from - has_z);
	if (has_z)
		put(p, utc, sizeof(utc) - 1);
}

/* Before what comes inside. */
static void finish_start(struct print *p)
{
	if (p->is_in_start)
		put(p, ">", 1);
	p->is_in_start = false;
}

static void put_leaf(struct print *p, const struct erm_doc_node *node)
{
	const struct erm_shape *shape = node->shape;
	const char *prefix = NULL;
	size_t from = 0;

	finish_start(p);
	put(p, shape->start, shape->start_len);
	if (p->defaults == ERM_DOC_TAGGED && is_default(node))
		puts_(p, " xmlns:ncwd=\"" NS_TAG "\" ncwd:default=\"true\"");
	if (shape->value == ERM_SHAPE_IDENTITY)
		from = put_identity_ns(p, node, &prefix);
	if (node->value_len == 0) {
		put(p, "/>", 2);
		return;
	}
	put(p, ">", 1);
	put_value(p, node, from, prefix);
	put(p, shape->end, shape->end_len);
}

static void open_node(struct print *p, uint32_t at)
{
	const struct erm_shape *shape = p->doc->nodes[at].shape;

	finish_start(p);
	put(p, shape->start, shape->start_len);
	p->is_in_start = true;
	p->open[p->n_open++] = at;
}

static void close_node(struct print *p)
{
	const struct erm_shape *shape = p->doc->nodes[p->open[--p->n_open]].shape;

	if (p->is_in_start)
		put(p, "/>", 2);
	else
		put(p, shape->end, shape->end_len);
	p->is_in_start = false;
}

static void close_until(struct print *p, uint32_t at)
{
	while (p->n_open > 0 && p->doc->nodes[p->open[p->n_open - 1]].end <= at)
		close_node(p);
}

void erm_doc_print(const struct erm_doc *doc, enum erm_doc_defaults defaults, FILE *out)
{
	struct print p = { .doc = doc, .defaults = defaults, .out = out };
	uint32_t i = 0;

	while (i < doc->n) {
		const struct erm_doc_node *node = &doc->nodes[i];

		close_until(&p, i);
		if (node->is_out || (defaults == ERM_DOC_TRIM && is_default(node))) {
			i = node->end;
			continue;
		}
		if (node->shape->is_term)
			put_leaf(&p, node);
		else
			open_node(&p, i);
		i++;
	}
	close_until(&p, doc->n);
	flush(&p);
}
