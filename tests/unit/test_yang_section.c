/* The shape of a section file, its limits and its bad input. */
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "check_main.h"
#include "yang/section.h"

static struct erm_section_file file;
static struct erm_config_report report;

static void setup(void)
{
	memset(&file, 0, sizeof(file));
	memset(&report, 0, sizeof(report));
	erm_report_init(&report, "t.conf");
}

static void teardown(void)
{
	erm_section_file_done(&file);
	erm_report_done(&report);
}

static void parse(const char *text, size_t size)
{
	ck_assert_int_eq(erm_section_parse(text, size, &report, &file), 0);
}

START_TEST(test_good_file)
{
	static const char text[] = "\xef\xbb\xbf# comment\r\n"
				   "\r\n"
				   "  [connection\tc1  primary]  ; the first\r\n"
				   "interface=eth0\r\n"
				   "\tdescription = a = b # c\n"
				   "x = \" # not a comment ; \\\"q\\\" \\\\ \" # but this\n"
				   "y = no;comment\n"
				   "z = \xc3\xa9\xe2\x82\xac\n"
				   "[agent]\n"
				   "name = last";
	char name[64];

	parse(text, sizeof(text) - 1);
	ck_assert_uint_eq(report.n, 0);
	ck_assert_uint_eq(file.n_sections, 2);
	ck_assert_uint_eq(file.sections[0].n_words, 3);
	ck_assert_str_eq(erm_section_name(&file.sections[0], name, sizeof(name)),
			 "connection c1 primary");
	ck_assert_uint_eq(file.sections[0].line, 3);
	ck_assert_uint_eq(file.sections[0].n_entries, 5);
	ck_assert_str_eq(file.entries[0].key, "interface");
	ck_assert_str_eq(file.entries[0].value, "eth0");
	ck_assert_uint_eq(file.entries[0].line, 4);
	ck_assert_str_eq(file.entries[1].value, "a = b");
	ck_assert_str_eq(file.entries[2].value, " # not a comment ; \"q\" \\ ");
	ck_assert_str_eq(file.entries[3].value, "no;comment");
	ck_assert_str_eq(file.entries[4].value, "\xc3\xa9\xe2\x82\xac");
	ck_assert_str_eq(file.entries[5].value, "last");
	ck_assert_uint_eq(file.entries[5].line, 10);
}
END_TEST

static const struct {
	const char *text;
	size_t size; /* 0 = strlen */
	unsigned int line;
	const char *word, *problem;
} bad[] = {
	{ "name = x\n", 0, 1, "name", "the key \"name\" stands before the first section" },
	{ "[agent]\nname\n", 0, 2, "name", "\"name\" is no key with a value" },
	{ "[agent]\n= x\n", 0, 2, "= x", "\"= x\" is no key with a value" },
	{ "[agent]\nname =\n", 0, 2, "name", "\"name\" has no value" },
	{ "[agent]\nname = # x\n", 0, 2, "name", "\"name\" has no value" },
	{ "[agent]\nname = \"x\n", 0, 2, "name", "the value of \"name\" has no second \"" },
	{ "[agent]\nname = \"x\" y\n", 0, 2, "y", "\"y\" after the value of \"name\"" },
	{ "[agent\n", 0, 1, "[agent", "the section \"[agent\" is not closed" },
	{ "[agent # ]\n", 0, 1, "[agent # ]", "the section \"[agent # ]\" is not closed" },
	{ "[agent] x\n", 0, 1, "x", "\"x\" after the end of the section's name" },
	{ "\n[ ]\n", 0, 2, "[]", "a section without a name" },
	{ "[a b c d e f g]\n", 0, 1, "g", "too many words between the brackets, from \"g\" on" },
	{ "[agent]\nna\0me = x\n", 18, 2, "0x00",
	  "octet 3 of the line, 0x00, is a control character" },
	{ "[agent]\nname = \033[2J\n", 0, 2, "0x1b",
	  "octet 8 of the line, 0x1b, is a control character" },
	{ "[agent]\nname = \x7f\n", 0, 2, "0x7f",
	  "octet 8 of the line, 0x7f, is a control character" },
	{ "[agent]\nname = \xff\n", 0, 2, "0xff", "octet 8 of the line, 0xff, is not UTF-8" },
	{ "[agent]\nname = \xc3", 0, 2, "0xc3", "octet 8 of the line, 0xc3, is not UTF-8" },
	{ "[agent]\nname = \xed\xa0\x80\n", 0, 2, "0xed",
	  "octet 8 of the line, 0xed, is not UTF-8" },
	{ "[agent]\nname = \xc0\xaf\n", 0, 2, "0xc0", "octet 8 of the line, 0xc0, is not UTF-8" },
};

START_TEST(test_bad_line)
{
	size_t size = bad[_i].size ? bad[_i].size : strlen(bad[_i].text);

	parse(bad[_i].text, size);
	ck_assert_uint_eq(report.n, 1);
	ck_assert_uint_eq(report.entries[0].line, bad[_i].line);
	ck_assert_str_eq(report.entries[0].word, bad[_i].word);
	ck_assert_str_eq(report.entries[0].problem, bad[_i].problem);
}
END_TEST

/* Below a section that is wrong, keys are no further errors, and do not fall to the section before. */
START_TEST(test_keys_of_a_bad_section_are_skipped)
{
	static const char text[] = "[agent]\nname = a\n[circuit\nname = b\n[\x01]\nname = c\n";

	parse(text, sizeof(text) - 1);
	ck_assert_uint_eq(report.n_errors, 2);
	ck_assert_uint_eq(file.n_sections, 1);
	ck_assert_uint_eq(file.sections[0].n_entries, 1);
	ck_assert_str_eq(file.entries[0].value, "a");
}
END_TEST

START_TEST(test_line_limit)
{
	static const char head[] = "[agent]\nname = ";
	size_t size = 1 << 20;
	char *text _cleanup_free_ = malloc(size);

	memset(text, 'x', size);
	parse(text, size);
	ck_assert_uint_eq(report.n, 1);
	ck_assert_str_eq(report.entries[0].problem, "the line is 1048576 octets long");
	ck_assert_str_eq(report.entries[0].remedy, "a line has at most 4096 octets");
	teardown();
	setup();

	for (size_t i = 0; i < strlen(head); i++)
		text[i] = head[i];
	text[8 + ERM_LINE_MAX] = '\n';
	parse(text, 8 + ERM_LINE_MAX + 1);
	ck_assert_uint_eq(report.n, 0);
	ck_assert_uint_eq(strlen(file.entries[0].value), ERM_LINE_MAX - 7);
}
END_TEST

/* Four million lines of nonsense are not worth four million messages. */
START_TEST(test_gives_up_after_many_errors)
{
	size_t size = 1 << 20;
	char *text _cleanup_free_ = malloc(size);

	memset(text, 'x', size);
	for (size_t i = 1; i < size; i += 2)
		text[i] = '\n';
	parse(text, size);
	ck_assert_uint_eq(report.n_errors, ERM_SECTION_ERRORS_MAX);
	ck_assert_uint_eq(report.n, ERM_REPORT_MAX);
}
END_TEST

static Suite *section_suite(void)
{
	Suite *s = suite_create("yang/section");
	TCase *t = tcase_create("section");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, test_good_file);
	tcase_add_loop_test(t, test_bad_line, 0, ERM_ELEMENTS(bad));
	tcase_add_test(t, test_keys_of_a_bad_section_are_skipped);
	tcase_add_test(t, test_line_limit);
	tcase_add_test(t, test_gives_up_after_many_errors);
	suite_add_tcase(s, t);
	return s;
}

ERM_CHECK_MAIN(section_suite)
