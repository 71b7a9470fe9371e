/*
 * What a client gets to see: a document (JSON, up to the first NUL) and a subtree filter (XML,
 * the rest), on a small module.
 */
#include <errno.h>
#include <libyang/libyang.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "netconf/doc_print.h"
#include "netconf/scan.h"
#include "netconf/subtree.h"
#include "netconf/xml.h"

static const char module[] =
	"module m { namespace 'urn:m'; prefix m; identity k; identity l { base k; }"
	" container top { leaf-list tag { type string; } leaf kind { type identityref { base k; } }"
	"  list row { key 'a b'; leaf a { type string; } leaf b { type int8; }"
	"   leaf d { type decimal64 { fraction-digits 2; } default 1.5; }"
	"   container state { config false; leaf up { type boolean; } leaf e { type empty; } } } }"
	" container other { leaf x { type string; } } }";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct ly_ctx *ctx, *raw;
static struct erm_shape *shape;

static void start(void)
{
	(void)ly_log_options(0);
	if (ly_ctx_new(NULL, LY_CTX_NO_YANGLIBRARY, &ctx) != LY_SUCCESS ||
	    ly_ctx_new(NULL, LY_CTX_NO_YANGLIBRARY, &raw) != LY_SUCCESS ||
	    lys_parse_mem(ctx, module, LYS_IN_YANG, NULL) != LY_SUCCESS)
		abort();
	shape = erm_shape_new(ctx);
	if (!shape)
		abort();
}

static void check(const struct erm_doc *doc)
{
	for (uint32_t i = 0; i < doc->n; i++) {
		const struct erm_doc_node *node = &doc->nodes[i];
		uint32_t parent = node->parent;

		if (node->end <= i || node->end > doc->n || node->mark != ERM_DOC_UNMARKED)
			abort();
		if (parent != ERM_DOC_NONE && (parent >= i || node->end > doc->nodes[parent].end))
			abort();
		/* Whatever a filter does, an entry that is told keeps its keys. */
		for (uint32_t k = 1; !node->is_out && k <= node->shape->n_keys; k++) {
			if (doc->nodes[i + k].is_out || !doc->nodes[i + k].shape->is_key)
				abort();
		}
	}
}

static void print(const struct erm_doc *doc)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	size_t at = 0;

	if (!out)
		abort();
	(void)fputs("<data>", out);
	erm_doc_print(doc, ERM_DOC_TAGGED, out);
	(void)fputs("</data>", out);
	if (fclose(out) != 0 || erm_scan_message(text, len, 64, &at) < 0)
		abort();
	free(text);
}

static void filter(struct erm_doc *doc, const char *text)
{
	struct lyd_node *xml = NULL;
	bool has_any;
	uint32_t i = 0;
	size_t at = 0;

	if (erm_scan_message(text, strlen(text), 64, &at) < 0 || erm_xml_parse(raw, text, &xml) < 0)
		return;
	(void)erm_subtree_only_circuit(erm_xml_child(xml));
	has_any = erm_subtree_select(erm_xml_child(xml), doc);
	erm_doc_prune(doc);
	check(doc);
	while (i < doc->n && doc->nodes[i].is_out)
		i = doc->nodes[i].end;
	if (has_any && i == doc->n)
		abort();
	print(doc);
	lyd_free_all(xml);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct erm_doc doc = { 0 };
	size_t json = strnlen((const char *)data, size);
	char *text = strndup((const char *)data, json);
	char *rest = json < size ? strndup((const char *)data + json + 1, size - json - 1) : NULL;
	int r;

	if (!shape)
		start();
	if (!text)
		return 0;
	r = erm_doc_add(&doc, shape, text);
	if (r != 0 && r != -EPROTO)
		abort();
	if (r == 0) {
		check(&doc);
		print(&doc);
		if (rest)
			filter(&doc, rest);
		erm_doc_keep_state(&doc);
		erm_doc_cut(&doc, size % 4 + 1);
		check(&doc);
		print(&doc);
	}
	erm_doc_done(&doc);
	free(rest);
	return 0;
}
