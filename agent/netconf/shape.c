#include "netconf/shape.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "netconf/compat.h"
#include "netconf/error.h"

#define SOME_DATE "2000-01-01T00:00:00Z"

/* A type of strings for which libyang knows that this is a time. */
static bool is_date(const struct lysc_node *schema)
{
	const char *canonical = NULL;
	/* Most strings are none, which is no error. */
	uint32_t log = ly_log_options(0);
	bool is_other;

	(void)lyd_value_validate(NULL, schema, SOME_DATE, strlen(SOME_DATE), NULL, NULL,
				 &canonical);
	(void)ly_log_options(log);
	is_other = canonical && strcmp(canonical, SOME_DATE) != 0;
	lydict_remove(schema->module->ctx, canonical);
	return is_other;
}

static void fill_value(struct erm_shape *shape, const struct lysc_type *type)
{
	while (type->basetype == LY_TYPE_LEAFREF)
		type = ((const struct lysc_type_leafref *)type)->realtype;
	shape->has_spellings = type->basetype != LY_TYPE_ENUM && type->basetype != LY_TYPE_BOOL;
	if (type->basetype == LY_TYPE_DEC64)
		shape->value = ERM_SHAPE_DECIMAL;
	else if (type->basetype == LY_TYPE_IDENT)
		shape->value = ERM_SHAPE_IDENTITY;
	else if (type->basetype == LY_TYPE_STRING && is_date(shape->schema))
		shape->value = ERM_SHAPE_DATE;
}

static void fill(struct erm_shape *shape, const struct lysc_node *schema)
{
	shape->schema = schema;
	shape->module = schema->module->name;
	shape->ns = schema->module->ns;
	shape->prefix = schema->module->prefix;
	shape->name = schema->name;
	shape->name_len = (uint32_t)strlen(schema->name);
	shape->is_term = schema->nodetype & (LYS_LEAF | LYS_LEAFLIST);
	shape->is_list = schema->nodetype & (LYS_LIST | LYS_LEAFLIST);
	shape->is_key = lysc_is_key(schema);
	shape->is_state = schema->flags & LYS_CONFIG_R;
	if (schema->nodetype == LYS_LEAF) {
		const struct lysc_node_leaf *leaf = (const struct lysc_node_leaf *)schema;

		fill_value(shape, leaf->type);
		if (leaf->dflt)
			shape->value_default =
				lyd_value_get_canonical(schema->module->ctx, leaf->dflt);
	} else if (schema->nodetype == LYS_LEAFLIST) {
		fill_value(shape, ((const struct lysc_node_leaflist *)schema)->type);
	}
}

static int make_tags(struct erm_shape *shape)
{
	size_t len = 0;
	FILE *out = open_memstream(&shape->start, &len);

	if (!out)
		return -1;
	(void)fprintf(out, "<%s", shape->name);
	if (!shape->is_from_parent) {
		(void)fputs(" xmlns=\"", out);
		erm_nc_escape(out, shape->ns);
		(void)fputc('"', out);
	}
	if (fclose(out) != 0 || asprintf(&shape->end, "</%s>", shape->name) < 0) {
		shape->end = NULL;
		return -1;
	}
	shape->start_len = (uint32_t)len;
	shape->end_len = shape->name_len + 3;
	return 0;
}

/* Appends one, without children. */
static struct erm_shape *append(struct erm_shape *parent, const struct lysc_node *schema)
{
	struct erm_shape *bigger =
		reallocarray(parent->children, parent->n_children + 1, sizeof(*parent->children));

	if (!bigger)
		return NULL;
	parent->children = bigger;
	bigger += parent->n_children++;
	*bigger = (struct erm_shape){ 0 };
	fill(bigger, schema);
	bigger->is_from_parent = parent->schema && parent->schema->module == schema->module;
	return make_tags(bigger) < 0 ? NULL : bigger;
}

static int add_children(struct erm_shape *parent, const struct lysc_module *module)
{
	const struct lysc_node *schema = NULL;

	while ((schema = lys_getnext(schema, parent->schema, module, 0))) {
		if (!(schema->nodetype & (LYS_CONTAINER | LYS_LIST | LYS_LEAF | LYS_LEAFLIST)) &&
		    !(module && schema->nodetype == LYS_NOTIF))
			continue;
		if (!append(parent, schema))
			return -1;
		parent->n_keys += lysc_is_key(schema);
	}
	return 0;
}

/* Children of children once their array does not move any more: depth first, without recursion. */
static int add_below(struct erm_shape *shape)
{
	for (uint32_t i = 0; i < shape->n_children; i++) {
		struct erm_shape *child = &shape->children[i];

		if (child->is_term)
			continue;
		if (add_children(child, NULL) < 0 || add_below(child) < 0)
			return -1;
	}
	return 0;
}

struct erm_shape *erm_shape_new(const struct ly_ctx *ctx)
{
	struct erm_shape *root = calloc(1, sizeof(*root));
	const struct lys_module *module;
	uint32_t i = 0;
	int r = root ? 0 : -1;

	while (r == 0 && (module = ly_ctx_get_module_iter(ctx, &i))) {
		if (module->implemented)
			r = add_children(root, module->compiled);
	}
	if (r == 0)
		r = add_below(root);
	return r == 0 ? root : erm_shape_free(root);
}

static void free_children(struct erm_shape *shape)
{
	for (uint32_t i = 0; i < shape->n_children; i++)
		free_children(&shape->children[i]);
	free(shape->children);
	free(shape->start);
	free(shape->end);
}

struct erm_shape *erm_shape_free(struct erm_shape *root)
{
	if (root)
		free_children(root);
	free(root);
	return NULL;
}

static bool has_name(const struct erm_shape *shape, const char *name, size_t len,
		     const char *module, size_t module_len)
{
	if (shape->name_len != len || memcmp(shape->name, name, len) != 0)
		return false;
	if (!module)
		return shape->is_from_parent;
	return strncmp(shape->module, module, module_len) == 0 && !shape->module[module_len];
}

const struct erm_shape *erm_shape_find(const struct erm_shape *parent, const char *name, size_t len,
				       uint32_t *hint)
{
	const char *colon = memchr(name, ':', len);
	const char *module = colon ? name : NULL;
	size_t module_len = colon ? (size_t)(colon - name) : 0;

	if (colon) {
		name = colon + 1;
		len -= module_len + 1;
	}
	/* Members come in the order of the schema, as a rule. */
	for (uint32_t i = 0, at = *hint; i < parent->n_children; i++, at++) {
		if (at >= parent->n_children)
			at = 0;
		if (!has_name(&parent->children[at], name, len, module, module_len))
			continue;
		*hint = at + 1;
		return &parent->children[at];
	}
	return NULL;
}

const char *erm_shape_module(const struct erm_shape *shape, const char *name, size_t len,
			     const char **ret_prefix)
{
	const struct lys_module *module;
	uint32_t i = 0;

	while ((module = ly_ctx_get_module_iter(shape->schema->module->ctx, &i))) {
		if (strncmp(module->name, name, len) != 0 || module->name[len])
			continue;
		*ret_prefix = module->prefix;
		return module->ns;
	}
	return NULL;
}
