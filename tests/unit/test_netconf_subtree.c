/* The subtree filter of RFC 6241, section 6, on a small module: what is left of the data. */
#include <libyang/libyang.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "check_main.h"
#include "netconf/doc_print.h"
#include "netconf/subtree.h"
#include "netconf/xml.h"

static const char module[] =
	"module m { namespace 'urn:m'; prefix m;"
	" container top { leaf-list tag { type string; }"
	"  list user { key name; leaf name { type string; }"
	"   leaf type { type string; } leaf size { type decimal64 {fraction-digits 1;} }"
	"   container company { leaf dept { type int8; } leaf id { type int8; } } } }"
	" container other { leaf x { type string; } } }";
static const char data[] =
	"<top xmlns='urn:m'><tag>a</tag><tag>b</tag>"
	"<user><name>root</name><type>super</type><size>1.0</size>"
	"<company><dept>1</dept><id>1</id></company></user>"
	"<user><name>fred</name><type>admin</type><company><dept>2</dept><id>2</id></company></user>"
	"<user><name>barney</name><type>admin</type><company><dept>2</dept><id>3</id></company></user>"
	"</top><other xmlns='urn:m'><x>y</x></other>";

#define TOP(inside) "<top xmlns=\"urn:m\">" inside "</top>"
#define FRED                                                        \
	"<user><name>fred</name><type>admin</type><company><dept>2" \
	"</dept><id>2</id></company></user>"

static const struct {
	const char *filter, *wanted;
} cases[] = {
	/* Nothing, and what is not there. */
	{ "", "" },
	{ "<f xmlns='urn:m'/>", "" },
	{ "<top xmlns='urn:x'/>", "" },
	{ "<top xmlns='urn:m'><user><f/></user></top>", "" },
	/* Selection. */
	{ "<other xmlns='urn:m'/>", "<other xmlns=\"urn:m\"><x>y</x></other>" },
	{ "<other xmlns='urn:m'> \n </other>", "<other xmlns=\"urn:m\"><x>y</x></other>" },
	{ "<top xmlns='urn:m'><tag/></top>", TOP("<tag>a</tag><tag>b</tag>") },
	{ "<top xmlns='urn:m'><user><name/></user></top>",
	  TOP("<user><name>root</name></user><user><name>fred</name></user>"
	      "<user><name>barney</name></user>") },
	{ "<top xmlns='urn:m'><user><company><id/></company></user></top>",
	  TOP("<user><name>root</name><company><id>1</id></company></user>"
	      "<user><name>fred</name><company><id>2</id></company></user>"
	      "<user><name>barney</name><company><id>3</id></company></user>") },
	/* Content match. */
	{ "<top xmlns='urn:m'><user><name>fred</name></user></top>", TOP(FRED) },
	{ "<top xmlns='urn:m'><user><name>\n\t fred </name></user></top>", TOP(FRED) },
	{ "<top xmlns='urn:m'><user><name>fr ed</name></user></top>", "" },
	{ "<top xmlns='urn:m'><user><size>1.00</size><name/></user></top>",
	  TOP("<user><name>root</name><size>1.0</size></user>") },
	{ "<top xmlns='urn:m'><user><type>admin</type><name/></user></top>",
	  TOP("<user><name>fred</name><type>admin</type></user>"
	      "<user><name>barney</name><type>admin</type></user>") },
	{ "<top xmlns='urn:m'><user><type>admin</type><name>root</name></user></top>", "" },
	{ "<top xmlns='urn:m'><user><company><id>2</id></company></user></top>",
	  TOP("<user><name>fred</name><company><dept>2</dept><id>2</id></company></user>") },
	{ "<top xmlns='urn:m'><user><name>fred</name><company><f/></company></user></top>",
	  TOP("<user><name>fred</name></user>") },
	{ "<top xmlns='urn:m'><tag>b</tag><user><name>fred</name></user></top>",
	  TOP("<tag>b</tag>" FRED) },
	{ "<top xmlns='urn:m'><tag>c</tag><user/></top>", "" },
	/* Two of one kind are both looked at. */
	{ "<top xmlns='urn:m'><user><name>root</name><type/></user>"
	  "<user><name>fred</name><type/></user></top>",
	  TOP("<user><name>root</name><type>super</type></user>"
	      "<user><name>fred</name><type>admin</type></user>") },
	{ "<top xmlns='urn:m'><user><name>fred</name><type/></user>"
	  "<user><name>fred</name><company/></user></top>",
	  TOP(FRED) },
	/* Attributes: there are none in the data. */
	{ "<top xmlns='urn:m'><user a='b'/></top>", "" },
	{ "<top xmlns='urn:m'><user><name a='b'>fred</name></user></top>", "" },
	/* Without a namespace: any. */
	{ "<top xmlns=''><user><name>fred</name></user></top>", TOP(FRED) },
	/* What contains nothing contains nothing. */
	{ "<top xmlns='urn:m'><tag><x/></tag></top>", "" },
};

/* As a client gets it: XML to JSON by libyang, cut and printed by us. */
static char *filtered(struct ly_ctx *ctx, struct ly_ctx *raw, const char *filter)
{
	struct erm_shape *shape = erm_shape_new(ctx);
	struct erm_doc doc = { 0 };
	struct lyd_node *tree = NULL;
	struct lyd_node *xml = NULL;
	_cleanup_free_ char *text = NULL;
	char *json = NULL;
	char *result = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&result, &len);

	ck_assert_ptr_nonnull(shape);
	ck_assert_int_eq(lyd_parse_data_mem(ctx, data, LYD_XML, LYD_PARSE_ONLY, 0, &tree),
			 LY_SUCCESS);
	ck_assert_int_eq(lyd_print_mem(&json, tree, LYD_JSON, LYD_PRINT_WITHSIBLINGS), LY_SUCCESS);
	ck_assert_int_eq(erm_doc_add(&doc, shape, json), 0);
	ck_assert_int_gt(asprintf(&text, "<filter xmlns='urn:f'>%s</filter>", filter), 0);
	ck_assert_int_eq(erm_xml_parse(raw, text, &xml), 0);
	erm_subtree_select(erm_xml_child(xml), &doc);
	erm_doc_prune(&doc);
	erm_doc_print(&doc, ERM_DOC_REPORT_ALL, out);
	ck_assert_int_eq(fclose(out), 0);
	erm_doc_done(&doc);
	erm_shape_free(shape);
	lyd_free_all(tree);
	lyd_free_all(xml);
	return result;
}

START_TEST(test_filter)
{
	struct ly_ctx *ctx = NULL;
	struct ly_ctx *raw = NULL;
	char *text;

	ck_assert_int_eq(ly_ctx_new(NULL, LY_CTX_NO_YANGLIBRARY, &ctx), LY_SUCCESS);
	ck_assert_int_eq(ly_ctx_new(NULL, LY_CTX_NO_YANGLIBRARY, &raw), LY_SUCCESS);
	ck_assert_int_eq(lys_parse_mem(ctx, module, LYS_IN_YANG, NULL), LY_SUCCESS);
	text = filtered(ctx, raw, cases[_i].filter);
	ck_assert_str_eq(text ? text : "", cases[_i].wanted);
	free(text);
	ly_ctx_destroy(raw);
	ly_ctx_destroy(ctx);
}
END_TEST

static const struct {
	const char *filter, *circuit;
} circuits[] = {
	{ "<ermon xmlns='urn:ermon:ermon'><circuit><name>c</name></circuit></ermon>", "c" },
	{ "<ermon xmlns='urn:ermon:ermon'><circuit><state/><name>c</name></circuit></ermon>", "c" },
	{ "<ermon xmlns='urn:ermon:ermon'><circuit><name> c</name></circuit></ermon>", NULL },
	{ "<ermon xmlns='urn:ermon:ermon'><circuit><name/></circuit></ermon>", NULL },
	{ "<ermon xmlns='urn:ermon:ermon'><circuit><name>c</name></circuit><group/></ermon>",
	  NULL },
	{ "<ermon xmlns='urn:ermon:ermon'><circuit><name>c</name></circuit></ermon><o/>", NULL },
	{ "<ermon xmlns='urn:ermon:ermon'><group><name>c</name></group></ermon>", NULL },
	{ "<ermon xmlns='urn:ermon:ermon'/>", NULL },
	{ "", NULL },
};

START_TEST(test_only_circuit)
{
	struct ly_ctx *raw = NULL;
	struct lyd_node *xml = NULL;
	_cleanup_free_ char *text = NULL;
	const char *circuit;

	ck_assert_int_eq(ly_ctx_new(NULL, LY_CTX_NO_YANGLIBRARY, &raw), LY_SUCCESS);
	ck_assert_int_gt(asprintf(&text, "<filter xmlns='urn:f'>%s</filter>", circuits[_i].filter),
			 0);
	ck_assert_int_eq(erm_xml_parse(raw, text, &xml), 0);
	circuit = erm_subtree_only_circuit(erm_xml_child(xml));
	if (circuits[_i].circuit)
		ck_assert_str_eq(circuit, circuits[_i].circuit);
	else
		ck_assert_ptr_null(circuit);
	lyd_free_all(xml);
	ly_ctx_destroy(raw);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("netconf/subtree");
	TCase *t = tcase_create("subtree");

	tcase_add_loop_test(t, test_filter, 0, (int)ERM_ELEMENTS(cases));
	tcase_add_loop_test(t, test_only_circuit, 0, (int)ERM_ELEMENTS(circuits));
	suite_add_tcase(s, t);
	return s;
}

ERM_CHECK_MAIN(suite)
