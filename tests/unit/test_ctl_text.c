#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/cleanup.h"
#include "check_main.h"
#include "ctl/act.h"
#include "ctl/data.h"
#include "ctl/table.h"
#include "ctl/text.h"

#define NOW ((usec_t)1795348800000000) /* 2026-11-22T12:00:00Z */
#define SEC ERM_USEC_PER_SEC

START_TEST(test_age)
{
	char buf[ERM_AGE_MAX];

	ck_assert_str_eq(erm_text_age(0, NOW, buf), "-");
	ck_assert_str_eq(erm_text_age(NOW, NOW, buf), "now");
	ck_assert_str_eq(erm_text_age(NOW + SEC, NOW, buf), "now");
	ck_assert_str_eq(erm_text_age(NOW - SEC / 10, NOW, buf), "0.1s");
	ck_assert_str_eq(erm_text_age(NOW - 9999999, NOW, buf), "9.9s");
	ck_assert_str_eq(erm_text_age(NOW - 10 * SEC, NOW, buf), "10s");
	ck_assert_str_eq(erm_text_age(NOW - 59 * SEC, NOW, buf), "59s");
	ck_assert_str_eq(erm_text_age(NOW - 60 * SEC, NOW, buf), "1m 00s");
	ck_assert_str_eq(erm_text_age(NOW - 3599 * SEC, NOW, buf), "59m 59s");
	ck_assert_str_eq(erm_text_age(NOW - 3600 * SEC, NOW, buf), "1h 00m");
	ck_assert_str_eq(erm_text_age(NOW - 86399 * SEC, NOW, buf), "23h 59m");
	ck_assert_str_eq(erm_text_age(NOW - 86400 * SEC, NOW, buf), "1d 0h");
	ck_assert_str_eq(erm_text_age(1, NOW, buf), "20779d 11h");
}
END_TEST

START_TEST(test_span)
{
	static const struct {
		const char *text;
		uint64_t seconds;
	} cases[] = {
		{ "1", 1 },     { "90", 90 },     { "90s", 90 }, { "30m", 1800 },
		{ "2h", 7200 }, { "3d", 259200 }, { "", 0 },     { "0", 0 },
		{ "-1", 0 },    { "+1", 0 },      { " 1", 0 },   { "h", 0 },
		{ "1w", 0 },    { "1hh", 0 },     { "1.5h", 0 }, { "99999999999999999999", 0 },
	};

	for (size_t i = 0; i < ERM_ELEMENTS(cases); i++)
		ck_assert_msg(erm_act_parse_span(cases[i].text) == cases[i].seconds, "'%s'",
			      cases[i].text);
}
END_TEST

START_TEST(test_parse_time)
{
	ck_assert_uint_eq(erm_text_parse_time("2026-11-22T12:00:00Z"), NOW);
	ck_assert_uint_eq(erm_text_parse_time("2026-11-22T12:00:00.5Z"), NOW + SEC / 2);
	ck_assert_uint_eq(erm_text_parse_time("2026-11-22T12:00:00.1234567890Z"), NOW + 123456);
	ck_assert_uint_eq(erm_text_parse_time("2026-11-22T13:30:00+01:30"), NOW);
	ck_assert_uint_eq(erm_text_parse_time("2026-11-22T11:00:00-01:00"), NOW);
	ck_assert_uint_eq(erm_text_parse_time("2026-11-22T12:00:00"), 0);
	ck_assert_uint_eq(erm_text_parse_time("2026-11-22T12:00:00Zulu"), 0);
	ck_assert_uint_eq(erm_text_parse_time("2026-11-22T12:00:00+1"), 0);
	ck_assert_uint_eq(erm_text_parse_time("1960-01-01T00:00:00Z"), 0);
	ck_assert_uint_eq(erm_text_parse_time("yesterday"), 0);
	ck_assert_uint_eq(erm_text_parse_time(""), 0);
}
END_TEST

/* Right-to-left override and isolate, spelled so that no editor falls for them. */
static const char overrides[] = { 'a',    '\xe2', '\x80', '\xae', 'b',
				  '\xe2', '\x81', '\xa6', 'c',    '\0' };

static const struct {
	const char *text, *utf8, *ascii;
} printable[] = {
	{ "plain text", "plain text", "plain text" },
	{ "", "", "" },
	{ "\033[31m\a\t\n\177", "?[31m????", "?[31m????" },
	{ "caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80", "caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80",
	  "caf? ? ?" },
	{ "\xc2\x9b"
	  "2J",
	  "?2J", "?2J" }, /* C1 control sequence introducer */
	{ overrides, "a?b?c", "a?b?c" },
	{ "\xc0\xaf\xff\xe2\x82", "?????", "?????" }, /* overlong, stray, cut */
	{ "\xed\xa0\x80", "\xed\xa0\x80", "?" },
};

START_TEST(test_printable)
{
	const struct erm_out utf8 = { .is_utf8 = true };
	const struct erm_out ascii = { .is_utf8 = false };
	_cleanup_free_ char *a = erm_text_printable(&utf8, printable[_i].text);
	_cleanup_free_ char *b = erm_text_printable(&ascii, printable[_i].text);

	ck_assert_str_eq(a, printable[_i].utf8);
	ck_assert_str_eq(b, printable[_i].ascii);
}
END_TEST

START_TEST(test_no_colour_where_nobody_sees_it)
{
	FILE *f = tmpfile();
	struct erm_out out;

	ck_assert_int_eq(setenv("TERM", "xterm", 1), 0);
	out = erm_out_init(f);
	ck_assert(!out.has_color);
	ck_assert_uint_eq(out.width, 0);
	ck_assert_str_eq(erm_style_on(&out, ERM_STYLE_BAD), "");
	ck_assert_str_eq(erm_style_off(&out, ERM_STYLE_BAD), "");
	(void)fclose(f);
}
END_TEST

START_TEST(test_table)
{
	_cleanup_free_ char *text = NULL;
	size_t len = 0;
	struct erm_out out = { .f = open_memstream(&text, &len), .is_utf8 = true, .width = 20 };
	struct erm_table *table = erm_table_new(&out);

	erm_table_align_right(table, 1);
	erm_table_row(table);
	erm_table_cell(table, ERM_STYLE_PLAIN, "n\xc3\xa4me");
	erm_table_cell(table, ERM_STYLE_PLAIN, "7");
	erm_table_cell(table, ERM_STYLE_PLAIN, "short");
	erm_table_row(table);
	erm_table_cell(table, ERM_STYLE_PLAIN, "x");
	erm_table_cell(table, ERM_STYLE_PLAIN, "1000");
	erm_table_cell(table, ERM_STYLE_PLAIN, "too long by far");
	erm_table_row(table);
	erm_table_row(table);
	erm_table_cell(table, ERM_STYLE_PLAIN, "only, and wider than its column");
	erm_table_row(table);
	erm_table_cell(table, ERM_STYLE_PLAIN, "y");
	erm_table_cell(table, ERM_STYLE_PLAIN, "%s", "");
	ck_assert_int_eq(erm_table_print(table), 0);
	(void)fclose(out.f);
	ck_assert_str_eq(text, "n\xc3\xa4me     7  short\n"
			       "x     1000  too lon\xe2\x80\xa6\n"
			       "\n"
			       "only, and wider tha\xe2\x80\xa6\n"
			       "y\n");
	ck_assert_ptr_null(erm_table_free(table));
	ck_assert_ptr_null(erm_table_free(NULL));
}
END_TEST

START_TEST(test_data)
{
	json_auto_t *object = json_loads("{\"s\":\"word\",\"n\":7,\"big\":\"18446744073709551615\","
					 "\"neg\":-1,\"bad\":\"12x\",\"sign\":\"-1\",\"b\":true,"
					 "\"over\":\"18446744073709551616\",\"o\":{}}",
					 0, NULL);

	ck_assert_str_eq(erm_data_string(object, "s"), "word");
	ck_assert_str_eq(erm_data_string(object, "n"), "");
	ck_assert_str_eq(erm_data_string(NULL, "n"), "");
	ck_assert_uint_eq(erm_data_number(object, "n"), 7);
	ck_assert_uint_eq(erm_data_number(object, "big"), UINT64_MAX);
	ck_assert_uint_eq(erm_data_number(object, "over"), 0);
	ck_assert_uint_eq(erm_data_number(object, "neg"), 0);
	ck_assert_uint_eq(erm_data_number(object, "sign"), 0);
	ck_assert_uint_eq(erm_data_number(object, "bad"), 0);
	ck_assert_uint_eq(erm_data_number(object, "o"), 0);
	ck_assert_uint_eq(erm_data_number(NULL, "o"), 0);
	ck_assert(erm_data_bool(object, "b"));
	ck_assert(!erm_data_bool(object, "s"));
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("ctl/text");
	TCase *t = tcase_create("text");

	tcase_add_test(t, test_age);
	tcase_add_test(t, test_parse_time);
	tcase_add_test(t, test_span);
	tcase_add_loop_test(t, test_printable, 0, (int)ERM_ELEMENTS(printable));
	tcase_add_test(t, test_no_colour_where_nobody_sees_it);
	tcase_add_test(t, test_table);
	tcase_add_test(t, test_data);
	suite_add_tcase(s, t);
	return s;
}

ERM_CHECK_MAIN(suite)
