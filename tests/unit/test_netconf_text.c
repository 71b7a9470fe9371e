/* The look at a message before it is parsed, and errors as XML. */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "check_main.h"
#include "netconf/error.h"
#include "netconf/output.h"
#include "netconf/scan.h"

#define DEPTH 3

static const struct {
	const char *text;
	int result;
	size_t at; /* of the first tag's name end; 0 = a default namespace is there */
} cases[] = {
	{ "<a/>", 0, 2 },
	{ "<a><b><c/></b></a>", 0, 2 },
	{ "<a><b><c></c></b></a>", 0, 2 },
	{ "<a><b><c><d/></c></b></a>", 0, 2 },
	{ "<a><b><c><d></d></c></b></a>", -E2BIG, 0 },
	{ "<a></a></a>", -EBADMSG, 0 },
	{ "<a>", -EBADMSG, 0 },
	{ "<a", -EBADMSG, 0 },
	{ "<", -EBADMSG, 0 },
	{ "<a b='>'/>", 0, 2 },
	{ "<a b='/'></a>", 0, 2 },
	{ "<a b=\"'>/\"/>", 0, 2 },
	{ "<a b='>", -EBADMSG, 0 },
	{ "<!-- <x> --><a/>", 0, 14 },
	{ "<?xml version='1.0'?><a/>", 0, 23 },
	{ "<?xml", -EBADMSG, 0 },
	{ "<!-- ", -EBADMSG, 0 },
	{ "<a><![CDATA[<x>]]></a>", 0, 2 },
	{ "<a><![CDATA[</a>", -EBADMSG, 0 },
	{ "<!DOCTYPE a><a/>", -EBADMSG, 0 },
	{ "<a><!ENTITY x 'y'></a>", -EBADMSG, 0 },
	{ "<a xmlns='u'/>", 0, 0 },
	{ "<a\n xmlns\t= 'u'/>", 0, 0 },
	{ "<a xmlns:x='u'><b xmlns='v'/></a>", 0, 2 },
	{ "<a xmlnsx='u'/>", 0, 2 },
	{ "<a b=' xmlns='/>", 0, 2 },
	{ "<x:a x='y'/>", 0, 4 },
	{ "", 0, 0 },
	{ "text", 0, 0 },
};

START_TEST(test_scan)
{
	size_t at = 0;

	ck_assert_int_eq(erm_scan_message(cases[_i].text, strlen(cases[_i].text), DEPTH, &at),
			 cases[_i].result);
	ck_assert_uint_eq(at, cases[_i].at);
}
END_TEST

START_TEST(test_nul)
{
	size_t at = 0;

	ck_assert_int_eq(erm_scan_message("<a>\0</a>", 8, DEPTH, &at), -EBADMSG);
}
END_TEST

static char *print(const struct erm_nc_error *error)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	erm_nc_error_print(out, error);
	(void)fclose(out);
	return text;
}

START_TEST(test_error)
{
	struct erm_nc_error error;
	_cleanup_free_ char *text = NULL;

	ck_assert_int_eq(erm_nc_fail(&error, ERM_NC_RPC, ERM_NC_MISSING_ATTRIBUTE, "a <b> & %s\x01",
				     "c"),
			 -EINVAL);
	(void)strcpy(error.attribute, "x\"y");
	error.app_tag = "app";
	text = print(&error);
	ck_assert_str_eq(text, "<rpc-error><error-type>rpc</error-type>"
			       "<error-tag>missing-attribute</error-tag>"
			       "<error-severity>error</error-severity>"
			       "<error-app-tag>app</error-app-tag>"
			       "<error-message xml:lang=\"en\">a &lt;b&gt; &amp; c?</error-message>"
			       "<error-info><bad-attribute>x&quot;y</bad-attribute></error-info>"
			       "</rpc-error>");
}
END_TEST

/* A message that is cut has no half characters: the answer would be no XML. */
START_TEST(test_error_cut)
{
	struct erm_nc_error error;
	char text[1200];

	for (size_t shift = 0; shift < 4; shift++) {
		size_t len;

		memset(text, 'a', shift);
		for (size_t i = shift; i + 4 < sizeof(text); i += 4)
			memcpy(text + i, "\xf0\x9f\x94\x97", 4);
		text[sizeof(text) - 8] = '\0';
		(void)erm_nc_fail(&error, ERM_NC_RPC, ERM_NC_FAILED, "%s", text);
		len = strlen(error.message);
		ck_assert_uint_gt(len, sizeof(error.message) - 6);
		ck_assert_uint_eq((len - shift) % 4, 0);
	}
}
END_TEST

START_TEST(test_tags)
{
	for (int tag = 1; tag < ERM_NC_TAG_MAX; tag++)
		ck_assert_ptr_nonnull(erm_nc_tag_string((enum erm_nc_tag)tag));
}
END_TEST

START_TEST(test_output)
{
	struct erm_output output = { 0 };
	FILE *out = erm_output_open(&output);
	long at;

	ck_assert_ptr_nonnull(out);
	(void)fputs("head", out);
	at = ftell(out);
	ck_assert_int_eq(at, 4);
	for (int i = 0; i < 100000; i++)
		(void)fputs("0123456789", out);
	ck_assert_int_eq(fseek(out, (long)1 << 30, SEEK_SET), -1);
	/* An error takes the place of what was there. */
	ck_assert_int_eq(fseek(out, at, SEEK_SET), 0);
	(void)fputs("tail", out);
	ck_assert_int_eq(fclose(out), 0);
	ck_assert_uint_eq(output.len, 8);
	ck_assert_mem_eq(output.text, "headtail", 8);
	free(output.text);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("netconf/text");
	TCase *t = tcase_create("text");

	tcase_add_loop_test(t, test_scan, 0, (int)ERM_ELEMENTS(cases));
	tcase_add_test(t, test_nul);
	tcase_add_test(t, test_error);
	tcase_add_test(t, test_error_cut);
	tcase_add_test(t, test_tags);
	tcase_add_test(t, test_output);
	suite_add_tcase(s, t);
	return s;
}

ERM_CHECK_MAIN(suite)
