/* Documents: JSON by RFC 7951 in, XML by RFC 7950 out; libyang is the oracle of what is right. */
#include <errno.h>
#include <libyang/libyang.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "check_main.h"
#include "netconf/doc_print.h"

static const char base_module[] = "module b { yang-version 1.1; namespace 'urn:b'; prefix bb;"
				  " identity kind; identity one { base kind; } }";
static const char module[] =
	"module m { yang-version 1.1; namespace 'urn:m?a&b'; prefix m;"
	" import b { prefix x; }"
	" identity two { base x:kind; }"
	" typedef date { type string { pattern '.*T.*'; } }"
	" container top {"
	"  leaf s { type string; } leaf n { type int32; default 7; } leaf u { type uint64; }"
	"  leaf d { type decimal64 { fraction-digits 3; } default 1.5; }"
	"  leaf b { type boolean; } leaf e { type empty; }"
	"  leaf k { type identityref { base x:kind; } }"
	"  leaf-list many { type string; }"
	"  list row { key 'a b'; leaf a { type string; } leaf b { type uint8; }"
	"   choice c { leaf l { type string; } case z { container in { leaf l2 { type string; } } } }"
	"   container state { config false; leaf up { type boolean; } leaf n { type uint8; } } }"
	"  list bare { config false; leaf x { type string; } }"
	"  container none { } }"
	" container other { config false; leaf x { type string; } }"
	" notification told { leaf s { type string; } leaf n { type uint8; } } }";

#define TOP(members) "{\"m:top\":{" members "}}"

static struct ly_ctx *ctx;
static struct erm_shape *shape;

static void setup(void)
{
	ck_assert_int_eq(ly_ctx_new(NULL, LY_CTX_NO_YANGLIBRARY, &ctx), LY_SUCCESS);
	ck_assert_int_eq(lys_parse_mem(ctx, base_module, LYS_IN_YANG, NULL), LY_SUCCESS);
	ck_assert_int_eq(lys_parse_mem(ctx, module, LYS_IN_YANG, NULL), LY_SUCCESS);
	shape = erm_shape_new(ctx);
	ck_assert_ptr_nonnull(shape);
}

static void teardown(void)
{
	erm_shape_free(shape);
	ly_ctx_destroy(ctx);
}

static char *print(const struct erm_doc *doc, enum erm_doc_defaults defaults)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	erm_doc_print(doc, defaults, out);
	ck_assert_int_eq(fclose(out), 0);
	return text;
}

/* What libyang makes of a text, ours is to be equal to. */
static char *parsed(const char *text, enum erm_doc_defaults defaults, bool is_xml)
{
	static const uint32_t modes[] = { LYD_PRINT_WD_ALL, LYD_PRINT_WD_TRIM };
	struct lyd_node *tree = NULL;
	char *result = NULL;

	ck_assert_int_eq(lyd_parse_data_mem(ctx, text, is_xml ? LYD_XML : LYD_JSON,
					    LYD_PARSE_ONLY | LYD_PARSE_STRICT, 0, &tree),
			 LY_SUCCESS);
	ck_assert_int_eq(lyd_print_mem(&result, tree, LYD_XML,
				       LYD_PRINT_WITHSIBLINGS | LYD_PRINT_SHRINK | modes[defaults]),
			 LY_SUCCESS);
	lyd_free_all(tree);
	return result;
}

static const char *const alike[] = {
	TOP("\"s\":\"\""),
	TOP("\"s\":\"<a> & 'b' \\\"c\\\"\",\"n\":-7,\"u\":\"18446744073709551615\""),
	TOP("\"s\":\"\\u00e4\\u20ac \\\\ \\/ \\n\\t|\""),
	TOP("\"n\":7,\"d\":\"1.500\",\"b\":true"),
	TOP("\"d\":\"-10.00\",\"b\":false,\"e\":[null]"),
	TOP("\"d\":\"1.5\",\"e\":[null]"),
	TOP("\"k\":\"b:one\""),
	TOP("\"k\":\"m:two\""),
	TOP("\"many\":[\"a\",\"b\",\"\"]"),
	TOP("\"many\":[]"),
	TOP("\"row\":[{\"a\":\"x\",\"b\":1,\"l\":\"y\"},{\"a\":\"x\",\"b\":2,\"in\":{\"l2\":\"z\"},"
	    "\"state\":{\"up\":true,\"n\":0}}]"),
	TOP("\"bare\":[{\"x\":\"1\"},{\"x\":\"1\"}]"),
	" { \"m:top\" : { \"s\" : \"a\" , \"many\" : [ \"b\" ] } , \"m:other\" : { \"x\" : \"y\" } } ",
	"{\"m:top\":{\"m:s\":\"a\"}}",
	"{}",
};

START_TEST(test_as_libyang)
{
	for (unsigned int mode = ERM_DOC_REPORT_ALL; mode <= ERM_DOC_TRIM; mode++) {
		struct erm_doc doc = { 0 };
		_cleanup_free_ char *ours = NULL;
		_cleanup_free_ char *again = NULL;
		_cleanup_free_ char *theirs = parsed(alike[_i], mode, false);

		ck_assert_int_eq(erm_doc_add(&doc, shape, strdup(alike[_i])), 0);
		ours = print(&doc, mode);
		/* Read again, which shows that it is XML, and that it says the same. */
		again = parsed(ours, mode, true);
		ck_assert_str_eq(again ? again : "", theirs ? theirs : "");
		erm_doc_done(&doc);
	}
}
END_TEST

static const char *const bad[] = {
	"",
	"{",
	"[]",
	"{}x",
	"{\"m:top\":{}",
	"{\"top\":{}}",
	"{\"x:top\":{}}",
	"{\"m:top\":[]}",
	TOP("\"planet\":1"),
	TOP("\"s\":\"a"),
	TOP("\"s\":\"\\x\""),
	TOP("\"s\":\"\\u12\""),
	TOP("\"s\":\"\\u0000\""),
	TOP("\"s\":\"\\ud800x\""),
	TOP("\"s\":\"\\udc00\""),
	TOP("\"s\":\"\\"),
	TOP("\"s\":{}"),
	TOP("\"s\":"),
	TOP("\"s\" 1"),
	TOP("\"s\":\"a\",,\"n\":1"),
	TOP("\"s\":\"a\",}"),
	TOP("\"n\":"),
	TOP("\"row\":{}"),
	TOP("\"row\":[{\"b\":1,\"a\":\"x\"}"),
	TOP("\"row\":[{\"a\":\"x\"}]"),
	TOP("\"row\":[{\"a\":\"x\",\"state\":{},\"b\":1}]"),
	TOP("\"many\":[\"a\""),
	TOP("\"many\":\"a\""),
};

START_TEST(test_bad)
{
	struct erm_doc doc = { 0 };

	ck_assert_int_eq(erm_doc_add(&doc, shape, strdup(bad[_i])), -EPROTO);
	erm_doc_done(&doc);
}
END_TEST

static const char rows[] =
	TOP("\"s\":\"a\",\"row\":[{\"a\":\"x\",\"b\":1,\"l\":\"y\",\"state\":{\"up\":true}},"
	    "{\"a\":\"z\",\"b\":2}],\"none\":{}");

START_TEST(test_keep_state)
{
	struct erm_doc doc = { 0 };
	_cleanup_free_ char *text = NULL;

	ck_assert_int_eq(erm_doc_add(&doc, shape, strdup(rows)), 0);
	ck_assert_int_eq(erm_doc_add(&doc, shape, strdup("{\"m:other\":{\"x\":\"y\"}}")), 0);
	erm_doc_keep_state(&doc);
	text = print(&doc, ERM_DOC_REPORT_ALL);
	ck_assert_str_eq(text, "<top xmlns=\"urn:m?a&amp;b\"><row><a>x</a><b>1</b>"
			       "<state><up>true</up></state></row></top>"
			       "<other xmlns=\"urn:m?a&amp;b\"><x>y</x></other>");
	erm_doc_done(&doc);
}
END_TEST

static const struct {
	unsigned int depth;
	const char *wanted;
} depths[] = {
	{ 1, "<top xmlns=\"urn:m?a&amp;b\"/>" },
	{ 2, "<top xmlns=\"urn:m?a&amp;b\"><s>a</s><row><a>x</a><b>1</b></row>"
	     "<row><a>z</a><b>2</b></row><none/></top>" },
	{ 3, "<top xmlns=\"urn:m?a&amp;b\"><s>a</s><row><a>x</a><b>1</b><l>y</l><state/></row>"
	     "<row><a>z</a><b>2</b></row><none/></top>" },
	{ 9, "<top xmlns=\"urn:m?a&amp;b\"><s>a</s><row><a>x</a><b>1</b><l>y</l>"
	     "<state><up>true</up></state></row><row><a>z</a><b>2</b></row><none/></top>" },
};

START_TEST(test_cut)
{
	struct erm_doc doc = { 0 };
	_cleanup_free_ char *text = NULL;

	ck_assert_int_eq(erm_doc_add(&doc, shape, strdup(rows)), 0);
	erm_doc_cut(&doc, depths[_i].depth);
	text = print(&doc, ERM_DOC_REPORT_ALL);
	ck_assert_str_eq(text, depths[_i].wanted);
	erm_doc_done(&doc);
}
END_TEST

START_TEST(test_tagged)
{
	struct erm_doc doc = { 0 };
	_cleanup_free_ char *text = NULL;

	ck_assert_int_eq(erm_doc_add(&doc, shape, strdup(TOP("\"n\":7,\"d\":\"1.6\""))), 0);
	text = print(&doc, ERM_DOC_TAGGED);
	ck_assert_str_eq(text, "<top xmlns=\"urn:m?a&amp;b\"><n xmlns:ncwd=\""
			       "urn:ietf:params:xml:ns:netconf:default:1.0\" "
			       "ncwd:default=\"true\">7</n><d>1.6</d></top>");
	erm_doc_done(&doc);
}
END_TEST

/* libyang 2.1 does not read surrogate pairs. */
START_TEST(test_surrogates)
{
	struct erm_doc doc = { 0 };
	_cleanup_free_ char *text = NULL;

	ck_assert_int_eq(erm_doc_add(&doc, shape, strdup(TOP("\"s\":\"\\ud83d\\ude00\\u0001\""))),
			 0);
	text = print(&doc, ERM_DOC_REPORT_ALL);
	ck_assert_str_eq(text, "<top xmlns=\"urn:m?a&amp;b\"><s>\xf0\x9f\x98\x80?</s></top>");
	erm_doc_done(&doc);
}
END_TEST

START_TEST(test_copy_leaves)
{
	struct erm_doc doc = { 0 };
	struct erm_doc told = { 0 };
	_cleanup_free_ char *text = NULL;
	uint32_t hint = 0;
	const struct erm_shape *to = erm_shape_find(shape, "m:told", 6, &hint);

	ck_assert_int_eq(erm_doc_add(&doc, shape, strdup(TOP("\"s\":\"a\",\"n\":1,\"b\":true"))),
			 0);
	ck_assert_ptr_nonnull(to);
	ck_assert_int_eq(erm_doc_copy_leaves(&doc, 0, to, &told), 0);
	text = print(&told, ERM_DOC_REPORT_ALL);
	ck_assert_str_eq(text, "<told xmlns=\"urn:m?a&amp;b\"><s>a</s><n>1</n></told>");
	ck_assert_ptr_nonnull(erm_doc_leaf(&told, 0, "n"));
	ck_assert_ptr_null(erm_doc_leaf(&told, 0, "b"));
	erm_doc_done(&told);
	erm_doc_done(&doc);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("netconf/doc");
	TCase *t = tcase_create("doc");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, test_as_libyang, 0, (int)ERM_ELEMENTS(alike));
	tcase_add_loop_test(t, test_bad, 0, (int)ERM_ELEMENTS(bad));
	tcase_add_test(t, test_keep_state);
	tcase_add_loop_test(t, test_cut, 0, (int)ERM_ELEMENTS(depths));
	tcase_add_test(t, test_tagged);
	tcase_add_test(t, test_surrogates);
	tcase_add_test(t, test_copy_leaves);
	suite_add_tcase(s, t);
	return s;
}

ERM_CHECK_MAIN(suite)
