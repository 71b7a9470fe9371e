#include "netconf/doc.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define DEPTH_MAX   32
#define FIRST_NODES 64
/* A member of less than that has hardly a name and a value. */
#define OCTETS_OF_NODE 16

struct parse {
	struct erm_doc *doc;
	char *at;
	unsigned int depth;
};

void erm_doc_done(struct erm_doc *doc)
{
	for (uint32_t i = 0; i < doc->n_texts; i++)
		free(doc->texts[i]);
	free(doc->nodes);
	*doc = (struct erm_doc){ 0 };
}

static int reserve(struct erm_doc *doc, size_t n_more)
{
	size_t n_max = doc->n_max > 0 ? doc->n_max : FIRST_NODES;
	struct erm_doc_node *nodes;

	while (n_max < doc->n + n_more)
		n_max *= 2;
	if (n_max == doc->n_max)
		return 0;
	nodes = n_max < ERM_DOC_NONE ? reallocarray(doc->nodes, n_max, sizeof(*nodes)) : NULL;
	if (!nodes)
		return -ENOMEM;
	doc->nodes = nodes;
	doc->n_max = (uint32_t)n_max;
	return 0;
}

static int append(struct erm_doc *doc, const struct erm_shape *shape, uint32_t parent,
		  uint32_t *ret)
{
	if (doc->n == doc->n_max && reserve(doc, 1) < 0)
		return -ENOMEM;
	*ret = doc->n++;
	doc->nodes[*ret] = (struct erm_doc_node){ .shape = shape, .parent = parent, .end = doc->n };
	return 0;
}

/* --- JSON --- */

static char next(struct parse *p)
{
	while (*p->at == ' ' || *p->at == '\n' || *p->at == '\t' || *p->at == '\r')
		p->at++;
	return *p->at;
}

static int take(struct parse *p, char wanted)
{
	if (next(p) != wanted)
		return -EPROTO;
	p->at++;
	return 0;
}

static int parse_hex(const char *text, uint32_t *ret)
{
	uint32_t value = 0;

	for (int i = 0; i < 4; i++) {
		char c = text[i];

		if (c >= '0' && c <= '9')
			value = value << 4 | (uint32_t)(c - '0');
		else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
			value = value << 4 | (uint32_t)((c | 0x20) - 'a' + 10);
		else
			return -EPROTO;
	}
	*ret = value;
	return 0;
}

static char *put_utf8(char *to, uint32_t c)
{
	if (c < 0x80) {
		*to++ = (char)c;
		return to;
	}
	if (c < 0x800) {
		*to++ = (char)(0xc0 | c >> 6);
	} else {
		if (c < 0x10000) {
			*to++ = (char)(0xe0 | c >> 12);
		} else {
			*to++ = (char)(0xf0 | c >> 18);
			*to++ = (char)(0x80 | (c >> 12 & 0x3f));
		}
		*to++ = (char)(0x80 | (c >> 6 & 0x3f));
	}
	*to++ = (char)(0x80 | (c & 0x3f));
	return to;
}

/* From behind "\u"; a character is never longer than what it is written as. */
static int parse_code(struct parse *p, char **to)
{
	uint32_t c = 0;
	uint32_t low = 0;

	if (parse_hex(p->at, &c) < 0)
		return -EPROTO;
	p->at += 4;
	if (c >= 0xd800 && c < 0xdc00) {
		if (p->at[0] != '\\' || p->at[1] != 'u' || parse_hex(p->at + 2, &low) < 0 ||
		    low < 0xdc00 || low > 0xdfff)
			return -EPROTO;
		p->at += 6;
		c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
	} else if (c == 0 || (c >= 0xdc00 && c < 0xe000)) {
		return -EPROTO;
	}
	*to = put_utf8(*to, c);
	return 0;
}

static int parse_escape(struct parse *p, char **to)
{
	static const char names[] = "\"\\/bfnrt";
	static const char meant[] = "\"\\/\b\f\n\r\t";
	char c = *++p->at;
	const char *found = c ? strchr(names, c) : NULL;

	if (c == 'u') {
		p->at++;
		return parse_code(p, to);
	}
	if (!found)
		return -EPROTO;
	p->at++;
	*(*to)++ = meant[found - names];
	return 0;
}

/* From behind the first quote to behind the last; what it means, in its place. */
static int parse_string(struct parse *p, char **ret, size_t *ret_len)
{
	char *start = p->at;
	char *to;

	p->at += strcspn(p->at, "\"\\");
	to = p->at;
	while (*p->at != '"') {
		size_t run;

		if (*p->at != '\\' || parse_escape(p, &to) < 0)
			return -EPROTO;
		run = strcspn(p->at, "\"\\");
		memmove(to, p->at, run);
		to += run;
		p->at += run;
	}
	p->at++;
	*ret = start;
	*ret_len = (size_t)(to - start);
	return 0;
}

/* RFC 7950, section 9.3.2: no zeros at the end but one. */
static size_t cut_zeros(const char *value, size_t len)
{
	const char *point = memchr(value, '.', len);

	while (point && value[len - 1] == '0' && value + len - 2 > point)
		len--;
	return len;
}

/* Of a number, true or false. */
static bool is_word(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-' || c == '.' ||
	       c == '+' || c == 'E';
}

static int parse_scalar(struct parse *p, struct erm_doc_node *node)
{
	char *value = NULL;
	size_t len = 0;
	int r = 0;

	if (next(p) == '"') {
		p->at++;
		r = parse_string(p, &value, &len);
	} else if (strncmp(p->at, "[null]", 6) == 0) {
		value = p->at; /* the type empty */
		p->at += 6;
	} else {
		value = p->at;
		while (is_word(*p->at))
			p->at++;
		len = (size_t)(p->at - value);
		r = len > 0 ? 0 : -EPROTO;
	}
	if (r < 0 || len > UINT32_MAX)
		return -EPROTO;
	if (node->shape->value == ERM_SHAPE_DECIMAL)
		len = cut_zeros(value, len);
	node->value = value;
	node->value_len = (uint32_t)len;
	return 0;
}

static int parse_members(struct parse *p, const struct erm_shape *shape, uint32_t parent);

/* RFC 7950, section 7.8.5: an entry's keys come first; libyang and our encoder see to that. */
static int check_keys(const struct erm_doc *doc, uint32_t entry)
{
	uint32_t at = entry + 1;

	for (uint32_t i = 0; i < doc->nodes[entry].shape->n_keys; i++, at++) {
		if (at >= doc->n || !doc->nodes[at].shape->is_key)
			return -EPROTO;
	}
	return 0;
}

/* A leaf, a container, or one entry of a list. */
static int parse_one(struct parse *p, const struct erm_shape *shape, uint32_t parent)
{
	uint32_t node = 0;
	int r = append(p->doc, shape, parent, &node);

	if (r < 0)
		return r;
	if (shape->is_term)
		return parse_scalar(p, &p->doc->nodes[node]);
	r = parse_members(p, shape, node);
	if (r < 0)
		return r;
	p->doc->nodes[node].end = p->doc->n;
	return shape->n_keys > 0 ? check_keys(p->doc, node) : 0;
}

static int parse_entries(struct parse *p, const struct erm_shape *shape, uint32_t parent)
{
	int r = take(p, '[');

	if (r == 0 && next(p) == ']') {
		p->at++;
		return 0;
	}
	while (r == 0) {
		r = parse_one(p, shape, parent);
		if (r == 0 && next(p) == ']') {
			p->at++;
			return 0;
		}
		if (r == 0)
			r = take(p, ',');
	}
	return r;
}

/* The member that follows the last one in the schema, if it is that; from behind its quote. */
static const struct erm_shape *take_expected(struct parse *p, const struct erm_shape *parent,
					     uint32_t *hint)
{
	const struct erm_shape *shape =
		*hint < parent->n_children ? &parent->children[*hint] : NULL;

	if (!shape || !shape->is_from_parent || strncmp(p->at, shape->name, shape->name_len) != 0 ||
	    p->at[shape->name_len] != '"' || p->at[shape->name_len + 1] != ':')
		return NULL;
	p->at += shape->name_len + 2;
	(*hint)++;
	return shape;
}

static int parse_member(struct parse *p, const struct erm_shape *parent_shape, uint32_t parent,
			uint32_t *hint)
{
	const struct erm_shape *shape;
	char *name = NULL;
	size_t len = 0;
	int r = take(p, '"');

	if (r < 0)
		return r;
	shape = take_expected(p, parent_shape, hint);
	if (!shape) {
		r = parse_string(p, &name, &len);
		if (r == 0)
			r = take(p, ':');
		shape = r == 0 ? erm_shape_find(parent_shape, name, len, hint) : NULL;
	}
	if (!shape)
		return -EPROTO;
	return shape->is_list ? parse_entries(p, shape, parent) : parse_one(p, shape, parent);
}

static int parse_members(struct parse *p, const struct erm_shape *shape, uint32_t parent)
{
	uint32_t hint = 0;
	int r = take(p, '{');

	if (r < 0 || p->depth == DEPTH_MAX)
		return -EPROTO;
	if (next(p) == '}') {
		p->at++;
		return 0;
	}
	p->depth++;
	while (r == 0) {
		r = parse_member(p, shape, parent, &hint);
		if (r == 0 && next(p) == '}') {
			p->at++;
			p->depth--;
			return 0;
		}
		if (r == 0)
			r = take(p, ',');
	}
	return r;
}

int erm_doc_add(struct erm_doc *doc, const struct erm_shape *root, char *text)
{
	struct parse p = { .doc = doc, .at = text };
	int r;

	if (doc->n_texts == ERM_DOC_TEXTS) {
		free(text);
		return -ENOMEM;
	}
	doc->texts[doc->n_texts++] = text;
	if (reserve(doc, strlen(text) / OCTETS_OF_NODE) < 0)
		return -ENOMEM;
	r = parse_members(&p, root, ERM_DOC_NONE);
	return r == 0 && next(&p) != '\0' ? -EPROTO : r;
}

/* --- What is in it --- */

int erm_doc_copy_leaves(const struct erm_doc *from, uint32_t node, const struct erm_shape *shape,
			struct erm_doc *ret)
{
	const struct erm_doc_node *old = &from->nodes[node];
	uint32_t hint = 0;
	uint32_t at = 0;

	if (reserve(ret, old->end - node) < 0 || append(ret, shape, ERM_DOC_NONE, &at) < 0)
		return -ENOMEM;
	for (uint32_t i = node + 1; i < old->end; i = from->nodes[i].end) {
		const struct erm_doc_node *leaf = &from->nodes[i];
		const struct erm_shape *same =
			erm_shape_find(shape, leaf->shape->name, leaf->shape->name_len, &hint);

		if (!same || !same->is_term || !leaf->shape->is_term)
			continue;
		if (append(ret, same, 0, &at) < 0)
			return -ENOMEM;
		ret->nodes[at].value = leaf->value;
		ret->nodes[at].value_len = leaf->value_len;
	}
	ret->nodes[0].end = ret->n;
	return 0;
}

uint32_t erm_doc_child(const struct erm_doc *doc, uint32_t parent, const char *name)
{
	for (uint32_t i = parent + 1; i < doc->nodes[parent].end; i = doc->nodes[i].end) {
		if (!doc->nodes[i].is_out && strcmp(doc->nodes[i].shape->name, name) == 0)
			return i;
	}
	return ERM_DOC_NONE;
}

const struct erm_doc_node *erm_doc_leaf(const struct erm_doc *doc, uint32_t parent,
					const char *name)
{
	uint32_t i = erm_doc_child(doc, parent, name);

	return i == ERM_DOC_NONE ? NULL : &doc->nodes[i];
}

void erm_doc_mark(struct erm_doc *doc, uint32_t node, enum erm_doc_mark mark)
{
	if (doc->nodes[node].mark < mark)
		doc->nodes[node].mark = (uint8_t)mark;
	for (node = doc->nodes[node].parent; node != ERM_DOC_NONE && !doc->nodes[node].mark;
	     node = doc->nodes[node].parent)
		doc->nodes[node].mark = ERM_DOC_PATH;
}

void erm_doc_prune(struct erm_doc *doc)
{
	uint32_t i = 0;

	while (i < doc->n) {
		struct erm_doc_node *node = &doc->nodes[i];
		uint8_t mark = node->mark;

		if (mark == ERM_DOC_UNMARKED && !node->shape->is_key)
			node->is_out = true;
		i = mark == ERM_DOC_PATH ? i + 1 : node->end;
	}
	for (i = 0; i < doc->n; i++)
		doc->nodes[i].mark = ERM_DOC_UNMARKED;
}

void erm_doc_keep_state(struct erm_doc *doc)
{
	uint32_t i = 0;

	while (i < doc->n) {
		const struct erm_doc_node *node = &doc->nodes[i];

		if (!node->is_out && node->shape->is_state)
			erm_doc_mark(doc, i, ERM_DOC_ALL);
		i = node->is_out || node->shape->is_state ? node->end : i + 1;
	}
	erm_doc_prune(doc);
}

void erm_doc_cut(struct erm_doc *doc, unsigned int depth)
{
	uint32_t ends[DEPTH_MAX + 1];
	unsigned int level = 0;
	uint32_t i = 0;

	while (i < doc->n) {
		struct erm_doc_node *node = &doc->nodes[i];

		while (level > 0 && ends[level - 1] <= i)
			level--;
		if (level >= depth && !node->shape->is_key)
			node->is_out = true;
		if (node->is_out || node->end == i + 1) {
			i = node->end;
			continue;
		}
		ends[level++] = node->end;
		i++;
	}
}
