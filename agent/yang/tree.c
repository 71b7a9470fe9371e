/* Sections to data nodes, parents first. */
#include "yang/tree.h"

#include <assert.h>
#include <errno.h>
#include <libyang/libyang.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "yang/ctx.h"
#include "yang/nearest.h"
#include "yang/schema.h"

#define KEY_MAX (ERM_LINE_MAX + 64)

/* Values of all leaf-lists together: each is looked for among all it may refer to, and every rule about them walks them. */
#define VALUES_MAX 8192

struct builder {
	const struct erm_section_file *file;
	struct erm_config_report *report;
	struct erm_tree *tree;
	const struct lys_module *module;
	struct erm_schema schema;
	struct erm_index containers; /* "hold degraded" -> line */
	uint32_t n_values;           /* of all leaf-lists */
};

static int grow(void *array_ptr, uint32_t n, uint32_t *n_max, size_t size)
{
	void **array = array_ptr;
	uint32_t want = *n_max ? *n_max * 2 : 64;
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

static int line_add(struct erm_tree *tree, const struct lyd_node *parent,
		    const struct lysc_node *schema, const struct lyd_node *node, unsigned int line)
{
	int r = grow(&tree->lines, tree->n_lines, &tree->n_lines_max, sizeof(*tree->lines));

	if (r < 0)
		return r;
	tree->lines[tree->n_lines++] = (struct erm_tree_line){ parent, schema, node, line };
	return 0;
}

/* "connection a primary": the index's key for the first n_keys words after the list's name. */
static void entry_key(char *buf, const char *list, char *const *words, uint32_t n_keys)
{
	int n = snprintf(buf, KEY_MAX, "%s", list);

	for (uint32_t i = 0; i < n_keys && n < KEY_MAX; i++)
		n += snprintf(buf + n, KEY_MAX - (size_t)n, " %s", words[i]);
}

static int entry_add(struct builder *b, const char *key, struct lyd_node *node, unsigned int line)
{
	struct erm_tree *tree = b->tree;
	int r = grow(&tree->entries, tree->n_entries, &tree->n_entries_max, sizeof(*tree->entries));

	if (r < 0)
		return r;
	tree->entries[tree->n_entries] = (struct erm_tree_entry){ node, line };
	r = erm_index_add(&tree->by_key, key, tree->n_entries);
	if (r < 0)
		return r;
	tree->n_entries++;
	return line > 0 ? line_add(tree, lyd_parent(node), node->schema, node, line) : 0;
}

/* Says which list entry is missing, and which one is like it. */
static void report_parent(struct builder *b, const struct erm_section *section, const char *list,
			  const char *key)
{
	size_t list_len = strlen(list);
	struct erm_nearest nearest = erm_nearest_init(key + list_len + 1);
	char hint[256];

	for (uint32_t i = 0; i < b->tree->by_key.n_slots; i++) {
		const struct erm_index_slot *slot = &b->tree->by_key.slots[i];

		if (slot->key && strncmp(slot->key, list, list_len) == 0 &&
		    slot->key[list_len] == ' ' && b->tree->entries[slot->value].line > 0)
			erm_nearest_offer(&nearest, slot->key + list_len + 1);
	}
	if (nearest.best) {
		(void)snprintf(hint, sizeof(hint), "did you mean \"%s\"? Or add [%.100s]",
			       nearest.best, key);
	} else {
		(void)snprintf(hint, sizeof(hint), "add [%.100s]", key);
	}
	erm_report_add(b->report, ERM_REPORT_ERROR, section->line, strchr(key, ' ') + 1, hint,
		       "there is no section [%.100s]", key);
}

static LY_ERR list_new(struct lyd_node *parent, const struct lysc_node *list, char *const *keys,
		       uint32_t n_keys, struct lyd_node **ret)
{
	assert(n_keys == 1 || n_keys == 2);
	if (n_keys == 1)
		return lyd_new_list(parent, NULL, list->name, 0, ret, keys[0]);
	return lyd_new_list(parent, NULL, list->name, 0, ret, keys[0], keys[1]);
}

/* The node a list entry goes into: the entry above, made up and reported when it is missing. */
static int parent_of(struct builder *b, const struct erm_section_kind *kind, uint32_t depth,
		     const struct erm_section *section, struct lyd_node **ret)
{
	struct lyd_node *parent = b->tree->root;
	uint32_t n_keys = 0;
	char key[KEY_MAX];

	for (uint32_t d = 0; d + 1 < depth; d++) {
		const struct lysc_node *list = kind->path[d];
		uint32_t own = 0, at;
		int r;

		while (n_keys + own < kind->n_keys && kind->keys[n_keys + own]->parent == list)
			own++;
		entry_key(key, list->name, section->words + 1, n_keys + own);
		at = erm_index_find(&b->tree->by_key, key);
		if (at == ERM_INDEX_NONE) {
			struct lyd_node *node = NULL;

			report_parent(b, section, list->name, key);
			if (list_new(parent, list, section->words + 1 + n_keys, own, &node) !=
			    LY_SUCCESS)
				return -EPROTO;
			at = b->tree->n_entries;
			r = entry_add(b, key, node, 0);
			if (r < 0)
				return r;
		}
		parent = b->tree->entries[at].node;
		n_keys += own;
	}
	*ret = parent;
	return 0;
}

/* A value that cannot be created: libyang's reason is not for the reader of the file. */
static int value_refused(struct builder *b, struct lyd_node *parent, const struct lysc_node *leaf,
			 const char *value, unsigned int line)
{
	ly_err_clean(erm_yang_node_ctx(parent), NULL);
	erm_schema_report_value(leaf, value, line, b->report);
	return line_add(b->tree, parent, leaf, NULL, line);
}

static int leaf_list_add(struct builder *b, struct lyd_node *parent, const struct lysc_node *leaf,
			 const struct erm_section_entry *entry)
{
	struct lyd_node *node;
	int r;

	/* The value is the builder's own copy of the text: it may be cut. */
	for (char *save = NULL, *v = strtok_r(entry->value, ", \t", &save); v;
	     v = strtok_r(NULL, ", \t", &save)) {
		if (++b->n_values > VALUES_MAX) {
			if (b->n_values == VALUES_MAX + 1)
				erm_report_add(b->report, ERM_REPORT_ERROR, entry->line, v, NULL,
					       "the groups have more than 8192 members together");
			return 0;
		}
		if (lyd_find_sibling_val(lyd_child(parent), leaf, v, strlen(v), &node) ==
		    LY_SUCCESS) {
			erm_report_add(b->report, ERM_REPORT_ERROR, entry->line, v, "name it once",
				       "%s \"%.60s\" is named twice", leaf->name, v);
			continue;
		}
		ly_err_clean(erm_yang_node_ctx(parent), NULL);
		if (lyd_new_term(parent, NULL, leaf->name, v, 0, &node) != LY_SUCCESS)
			r = value_refused(b, parent, leaf, v, entry->line);
		else
			r = line_add(b->tree, parent, leaf, node, entry->line);
		if (r < 0)
			return r;
	}
	return 0;
}

static int keys_add(struct builder *b, const struct erm_section_kind *kind,
		    const struct erm_section *section, struct lyd_node *parent)
{
	unsigned int seen[ERM_SCHEMA_LEAVES_MAX] = {};
	const struct lysc_node *inner = kind->path[kind->depth - 1];
	int r = 0;

	for (uint32_t i = 0; i < section->n_entries && r == 0; i++) {
		const struct erm_section_entry *entry = &b->file->entries[section->first_entry + i];
		const struct lysc_node *leaf = erm_schema_key(kind, entry, b->report);
		struct lyd_node *node = NULL;
		uint32_t position = 0;

		if (b->report->n_errors >= ERM_SECTION_ERRORS_MAX)
			return 0;
		if (!leaf)
			continue;
		if (leaf->nodetype == LYS_LEAFLIST) {
			r = leaf_list_add(b, parent, leaf, entry);
			continue;
		}
		for (const struct lysc_node *n = lysc_node_child(inner); n != leaf; n = n->next)
			position += n->nodetype == LYS_LEAF;
		if (seen[position]) {
			erm_report_add(b->report, ERM_REPORT_ERROR, entry->line, entry->key,
				       "keep one of the two",
				       "\"%s\" is set twice; first in line %u", entry->key,
				       seen[position]);
			continue;
		}
		seen[position] = entry->line;
		if (lyd_new_term(parent, NULL, leaf->name, entry->value, 0, &node) != LY_SUCCESS)
			r = value_refused(b, parent, leaf, entry->value, entry->line);
		else
			r = line_add(b->tree, parent, leaf, node, entry->line);
	}
	return r;
}

static void report_twice(struct builder *b, const struct erm_section *section, unsigned int first)
{
	char name[160];

	(void)erm_section_name(section, name, sizeof(name));
	erm_report_add(b->report, ERM_REPORT_ERROR, section->line,
		       section->words[section->n_words > 1],
		       "put all its keys below one of the two",
		       "section [%.120s] is there twice; first in line %u", name, first);
}

static int list_add(struct builder *b, const struct erm_section_kind *kind,
		    const struct erm_section *section)
{
	const struct lysc_node *list = kind->path[kind->depth - 1];
	struct lyd_node *parent = NULL, *node = NULL;
	bool is_bad = false;
	char key[KEY_MAX];
	uint32_t at;
	int r;

	for (uint32_t i = 0; i < kind->n_keys; i++) {
		const char *word = section->words[i + 1];
		LY_ERR e = lyd_value_validate(b->module->ctx, kind->keys[i], word, strlen(word),
					      NULL, NULL, NULL);

		if (e == LY_SUCCESS)
			continue;
		ly_err_clean(b->module->ctx, NULL);
		erm_schema_report_value(kind->keys[i], word, section->line, b->report);
		is_bad = true;
	}
	if (is_bad)
		return 0;

	entry_key(key, list->name, section->words + 1, kind->n_keys);
	at = erm_index_find(&b->tree->by_key, key);
	if (at != ERM_INDEX_NONE) {
		report_twice(b, section, b->tree->entries[at].line);
		return 0;
	}
	r = parent_of(b, kind, kind->depth, section, &parent);
	if (r < 0)
		return r;
	if (list_new(parent, list, section->words + 1 + kind->n_keys - kind->n_own_keys,
		     kind->n_own_keys, &node) != LY_SUCCESS)
		return -EPROTO;
	r = entry_add(b, key, node, section->line);
	return r < 0 ? r : keys_add(b, kind, section, node);
}

static int container_add(struct builder *b, const struct erm_section_kind *kind,
			 const struct erm_section *section)
{
	struct lyd_node *parent = b->tree->root, *node = NULL;
	char name[160];
	int r;

	(void)erm_section_name(section, name, sizeof(name));
	r = erm_index_add(&b->containers, name, section->line);
	if (r == -EEXIST) {
		report_twice(b, section, erm_index_find(&b->containers, name));
		return 0;
	}
	for (uint32_t d = 0; d < kind->depth && r == 0; d++) {
		if (lyd_find_sibling_val(lyd_child(parent), kind->path[d], NULL, 0, &node) !=
			    LY_SUCCESS &&
		    lyd_new_inner(parent, NULL, kind->path[d]->name, 0, &node) != LY_SUCCESS)
			return -EPROTO;
		parent = node;
	}
	ly_err_clean(b->module->ctx, NULL);
	if (r == 0)
		r = line_add(b->tree, lyd_parent(node), node->schema, node, section->line);
	return r < 0 ? r : keys_add(b, kind, section, node);
}

static int line_compare(const void *a, const void *b)
{
	const struct erm_tree_line *x = a, *y = b;

	if (x->parent != y->parent)
		return x->parent < y->parent ? -1 : 1;
	if (x->schema != y->schema)
		return x->schema < y->schema ? -1 : 1;
	if (x->node != y->node)
		return x->node < y->node ? -1 : 1;
	return 0;
}

static int sections_add(struct builder *b)
{
	const struct erm_section_kind **kinds _cleanup_free_ = NULL;
	const struct erm_section_file *file = b->file;
	int r = 0;

	if (file->n_sections == 0)
		return 0;
	kinds = calloc(file->n_sections, sizeof(const struct erm_section_kind *));
	if (!kinds)
		return -ENOMEM;
	for (uint32_t i = 0; i < file->n_sections; i++) {
		kinds[i] = erm_schema_section(&b->schema, &file->sections[i], b->report);
		if (b->report->n_errors >= ERM_SECTION_ERRORS_MAX)
			return 0;
	}
	/* Whatever order the file has: an entry must exist before what is inside it. */
	for (uint32_t depth = 1; depth <= ERM_SCHEMA_DEPTH_MAX; depth++) {
		for (uint32_t i = 0; i < file->n_sections && r == 0; i++) {
			if (!kinds[i] || kinds[i]->depth != depth)
				continue;
			r = kinds[i]->is_list ? list_add(b, kinds[i], &file->sections[i])
					      : container_add(b, kinds[i], &file->sections[i]);
			if (b->report->n_errors >= ERM_SECTION_ERRORS_MAX)
				return r;
		}
	}
	return r;
}

int erm_tree_build(struct ly_ctx *ctx, const struct erm_section_file *file,
		   struct erm_config_report *report, struct erm_tree *ret)
{
	struct erm_tree tree = {};
	struct builder b = {
		.file = file, .report = report, .tree = &tree, .module = erm_yang_module(ctx)
	};
	int r = erm_schema_init(b.module, &b.schema);

	if (r < 0)
		return r;
	if (lyd_new_inner(NULL, b.module, b.schema.root->name, 0, &tree.root) != LY_SUCCESS)
		return -ENOMEM;
	r = sections_add(&b);
	erm_index_done(&b.containers);
	if (r < 0) {
		erm_tree_done(&tree);
		return r;
	}
	if (tree.n_lines > 1)
		qsort(tree.lines, tree.n_lines, sizeof(*tree.lines), line_compare);
	*ret = tree;
	return 0;
}

void erm_tree_done(struct erm_tree *tree)
{
	lyd_free_all(tree->root);
	erm_index_done(&tree->by_key);
	free(tree->entries);
	free(tree->lines);
	memset(tree, 0, sizeof(*tree));
}

/* The first line at or after `key`. */
static const struct erm_tree_line *line_find(const struct erm_tree *tree,
					     const struct erm_tree_line *key)
{
	uint32_t low = 0, high = tree->n_lines;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (line_compare(&tree->lines[middle], key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < tree->n_lines ? &tree->lines[low] : NULL;
}

unsigned int erm_tree_own_line(const struct erm_tree *tree, const struct lyd_node *node)
{
	const struct erm_tree_line key = { lyd_parent(node), node->schema, node, 0 };
	const struct erm_tree_line *found = line_find(tree, &key);

	return found && line_compare(found, &key) == 0 ? found->line : 0;
}

unsigned int erm_tree_line(const struct erm_tree *tree, const struct lyd_node *node)
{
	unsigned int line = 0;

	for (; node && line == 0; node = lyd_parent(node))
		line = erm_tree_own_line(tree, node);
	return line;
}

unsigned int erm_tree_child_line(const struct erm_tree *tree, const struct lyd_node *parent,
				 const struct lysc_node *child)
{
	const struct erm_tree_line key = { parent, child, NULL, 0 };
	const struct erm_tree_line *found = line_find(tree, &key);

	return found && found->parent == parent && found->schema == child ? found->line : 0;
}

const struct erm_tree_entry *erm_tree_find(const struct erm_tree *tree, const char *list,
					   const char *key)
{
	char name[KEY_MAX];
	uint32_t at;

	(void)snprintf(name, sizeof(name), "%s %s", list, key);
	at = erm_index_find(&tree->by_key, name);
	return at == ERM_INDEX_NONE || tree->entries[at].line == 0 ? NULL : &tree->entries[at];
}

/* The keys of a list entry behind what buf holds. */
static void append_keys(const struct lyd_node *entry, char *buf, size_t size)
{
	for (const struct lyd_node *c = lyd_child(entry); c && lysc_is_key(c->schema);
	     c = c->next) {
		size_t n = strlen(buf);

		(void)snprintf(buf + n, size - n, " %s", lyd_get_value(c));
	}
}

const char *erm_tree_name(const struct lyd_node *node, char *buf, size_t size)
{
	const struct lyd_node *above[ERM_SCHEMA_DEPTH_MAX];
	uint32_t n = 0;

	while (node && lysc_is_key(node->schema))
		node = lyd_parent(node);
	if (node && node->schema->nodetype & (LYS_LEAF | LYS_LEAFLIST))
		node = lyd_parent(node);
	buf[0] = '\0';
	if (!node || !lyd_parent(node))
		return buf;
	(void)snprintf(buf, size, "%s", node->schema->name);
	if (node->schema->nodetype == LYS_CONTAINER && lyd_parent(lyd_parent(node)))
		(void)snprintf(buf, size, "%s %s", lyd_parent(node)->schema->name,
			       node->schema->name);
	for (; node && lyd_parent(node) && n < ERM_SCHEMA_DEPTH_MAX; node = lyd_parent(node))
		above[n++] = node;
	while (n > 0)
		append_keys(above[--n], buf, size);
	return buf;
}
