/* The list of errors: order, limit, and nothing in it that a terminal obeys. */
#include <stdio.h>
#include <string.h>

#include "check_main.h"
#include "yang/report.h"

START_TEST(test_format_and_order)
{
	struct erm_config_report report = {};
	char line[ERM_REPORT_LINE_MAX];

	erm_report_init(&report, "/etc/x.conf");
	erm_report_add(&report, ERM_REPORT_WARNING, 7, "w", NULL, "odd %s", "thing");
	erm_report_add(&report, ERM_REPORT_ERROR, 7, "e", "do that", "wrong %d", 5);
	erm_report_add(&report, ERM_REPORT_ERROR, 0, NULL, NULL, "all of it");
	erm_report_add(&report, ERM_REPORT_ERROR, 3, "a", NULL, "early");
	erm_report_sort(&report);

	ck_assert_uint_eq(report.n, 4);
	ck_assert_uint_eq(report.n_errors, 3);
	ck_assert_uint_eq(report.n_warnings, 1);
	ck_assert_uint_eq(erm_report_more(&report), 0);
	ck_assert_str_eq(erm_report_format(&report, 0, line), "/etc/x.conf: error: all of it");
	ck_assert_str_eq(erm_report_format(&report, 1, line), "/etc/x.conf:3: error: early");
	ck_assert_str_eq(erm_report_format(&report, 2, line),
			 "/etc/x.conf:7: error: wrong 5; do that");
	ck_assert_str_eq(erm_report_format(&report, 3, line), "/etc/x.conf:7: warning: odd thing");
	erm_report_done(&report);
	ck_assert_uint_eq(report.n, 0);
}
END_TEST

START_TEST(test_errors_take_the_place_of_warnings)
{
	struct erm_config_report report = {};
	unsigned int n_errors = 0;

	erm_report_init(&report, "f");
	for (unsigned int i = 0; i < 60; i++)
		erm_report_add(&report, ERM_REPORT_WARNING, i + 1, NULL, NULL, "w");
	for (unsigned int i = 0; i < 90; i++)
		erm_report_add(&report, ERM_REPORT_ERROR, i + 1, NULL, NULL, "e");
	for (unsigned int i = 0; i < report.n; i++)
		n_errors += report.entries[i].level == ERM_REPORT_ERROR;
	ck_assert_uint_eq(report.n, ERM_REPORT_MAX);
	ck_assert_uint_eq(n_errors, 90);
	ck_assert_uint_eq(erm_report_more(&report), 50);
	for (unsigned int i = 0; i < 90; i++)
		erm_report_add(&report, ERM_REPORT_ERROR, i + 1, NULL, NULL, "e");
	ck_assert_uint_eq(report.n, ERM_REPORT_MAX);
	ck_assert_uint_eq(report.n_errors, 180);
	ck_assert_uint_eq(erm_report_more(&report), 140);
	erm_report_done(&report);
}
END_TEST

START_TEST(test_words_are_cut_and_made_harmless)
{
	struct erm_config_report report = {};
	char word[4000];

	memset(word, 'x', sizeof(word));
	word[0] = '\033';
	word[1] = '\n';
	word[2] = (char)0xc3;
	word[sizeof(word) - 1] = '\0';
	erm_report_init(&report, "f");
	erm_report_add(&report, ERM_REPORT_ERROR, 1, word, word, "%s", word);
	ck_assert_uint_eq(strlen(report.entries[0].word), sizeof(report.entries[0].word) - 1);
	ck_assert_int_eq(strncmp(report.entries[0].word, "???xxx", 6), 0);
	ck_assert_int_eq(strncmp(report.entries[0].problem, "???xxx", 6), 0);
	ck_assert_uint_eq(strlen(report.entries[0].remedy), sizeof(report.entries[0].remedy) - 1);
	erm_report_done(&report);
}
END_TEST

static Suite *report_suite(void)
{
	Suite *s = suite_create("yang/report");
	TCase *t = tcase_create("report");

	tcase_add_test(t, test_format_and_order);
	tcase_add_test(t, test_errors_take_the_place_of_warnings);
	tcase_add_test(t, test_words_are_cut_and_made_harmless);
	suite_add_tcase(s, t);
	return s;
}

ERM_CHECK_MAIN(report_suite)
