/*
 * What ermonctl prints of canned data, octet by octet: tests/unit/data/ctl/WHAT.txt.
 * After a wanted change of the output: ERM_UPDATE_GOLDEN=1 writes these files anew.
 */
#include <check.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/cleanup.h"
#include "check_main.h"
#include "ctl/check.h"
#include "ctl/lists.h"
#include "ctl/sections.h"
#include "ctl/status.h"

#define NOW_USEC 1795348800000000 /* 2026-11-22T12:00:00Z */

static void print_status(const struct erm_out *out, json_t *data)
{
	ck_assert_int_eq(erm_status_print(out, data), 0);
}

static void print_alarms(const struct erm_out *out, json_t *data)
{
	ck_assert_int_eq(erm_alarms_print(out, data), 0);
}

static void print_shelves(const struct erm_out *out, json_t *data)
{
	ck_assert_int_eq(erm_shelves_print(out, data), 0);
}

static void print_events(const struct erm_out *out, json_t *data)
{
	ck_assert_int_eq(erm_events_print(out, data), 0);
}

static void print_sources(const struct erm_out *out, json_t *data)
{
	ck_assert_int_eq(erm_sources_print(out, data), 0);
}

static void print_check(const struct erm_out *out, json_t *data)
{
	(void)erm_check_print(out, data, NULL);
}

static const struct {
	const char *input, *golden;
	void (*print)(const struct erm_out *out, json_t *data);
	struct erm_out out;
} cases[] = {
	{ "edge", "status", print_status, { .is_utf8 = true } },
	{ "edge", "status-ascii", print_status, { .is_utf8 = false } },
	{ "edge",
	  "status-color",
	  print_status,
	  { .is_utf8 = true, .has_color = true, .width = 72 } },
	{ "edge", "alarms", print_alarms, { .is_utf8 = true } },
	{ "edge", "events", print_events, { .is_utf8 = true } },
	{ "edge", "sources", print_sources, { .is_utf8 = true } },
	{ "edge", "config", erm_sections_print, { .is_utf8 = true } },
	{ "edge", "check", print_check, { .is_utf8 = true } },
	{ "healthy", "status-healthy", print_status, { .is_utf8 = true } },
	{ "healthy", "check-healthy", print_check, { .is_utf8 = true } },
	{ "hostile", "status-hostile", print_status, { .is_utf8 = true } },
	{ "hostile", "status-hostile-ascii", print_status, { .is_utf8 = false } },
	{ "hostile", "alarms-hostile", print_alarms, { .is_utf8 = true } },
	{ "hostile", "events-hostile", print_events, { .is_utf8 = true } },
	{ "hostile", "sources-hostile", print_sources, { .is_utf8 = true } },
	{ "hostile", "config-hostile", erm_sections_print, { .is_utf8 = true } },
	{ "hostile", "check-hostile", print_check, { .is_utf8 = true } },
	{ "none", "status-none", print_status, { .is_utf8 = true } },
	{ "none", "alarms-none", print_alarms, { .is_utf8 = true } },
	{ "none", "shelves-none", print_shelves, { .is_utf8 = true } },
	{ "operators", "alarms-operators", print_alarms, { .is_utf8 = true } },
	{ "operators", "status-operators", print_status, { .is_utf8 = true } },
	{ "operators", "shelves", print_shelves, { .is_utf8 = true } },
	{ "hostile", "shelves-hostile", print_shelves, { .is_utf8 = true } },
	{ "none", "events-none", print_events, { .is_utf8 = true } },
	{ "none", "check-none", print_check, { .is_utf8 = true } },
};

static void data_path(const char *name, const char *suffix, char *path, size_t size)
{
	const char *top = getenv("top_srcdir");

	(void)snprintf(path, size, "%s/tests/unit/data/ctl/%s%s", top ? top : ".", name, suffix);
}

/* The content of ermon.yang's container in a data file; ret_root keeps it alive. */
static json_t *load(const char *name, json_t **ret_root)
{
	char path[512];
	json_error_t error;

	data_path(name, ".json", path, sizeof(path));
	*ret_root = json_load_file(path, 0, &error);
	ck_assert_msg(*ret_root != NULL, "%s: %s", path, error.text);
	return json_object_get(*ret_root, "ermon:ermon");
}

static char *print(size_t i)
{
	struct erm_out out = cases[i].out;
	json_auto_t *root = NULL;
	char *text = NULL;
	size_t len = 0;

	out.now = NOW_USEC;
	out.f = open_memstream(&text, &len);
	cases[i].print(&out, load(cases[i].input, &root));
	ck_assert_int_eq(fclose(out.f), 0);
	return text;
}

static char *read_golden(const char *path)
{
	char *text = calloc(1, 65536);
	FILE *f = fopen(path, "r");

	ck_assert_msg(f != NULL, "%s is missing", path);
	text[fread(text, 1, 65535, f)] = '\0';
	(void)fclose(f);
	return text;
}

START_TEST(test_output_is_as_it_was)
{
	_cleanup_free_ char *text = NULL;
	_cleanup_free_ char *golden = NULL;
	char path[512];

	ck_assert_int_eq(setenv("TZ", "UTC", 1), 0);
	tzset();
	text = print((size_t)_i);
	data_path(cases[_i].golden, ".txt", path, sizeof(path));
	if (getenv("ERM_UPDATE_GOLDEN")) {
		FILE *f = fopen(path, "w");

		ck_assert_int_ge(fputs(text, f), 0);
		ck_assert_int_eq(fclose(f), 0);
	}
	golden = read_golden(path);
	ck_assert_str_eq(text, golden);
}
END_TEST

/* Whatever the data is: only our own colours, no other control character but newlines. */
START_TEST(test_nothing_steers_the_terminal)
{
	_cleanup_free_ char *text = print((size_t)_i);

	for (const unsigned char *at = (const unsigned char *)text; *at; at++) {
		ck_assert_msg(*at != 0x1b || cases[_i].out.has_color, "%s", cases[_i].golden);
		ck_assert(*at >= 0x20 || *at == '\n' || *at == 0x1b);
		ck_assert(*at < 0x7f || cases[_i].out.is_utf8);
		/* C1 in UTF-8, and the right-to-left override */
		ck_assert(!(at[0] == 0xc2 && at[1] < 0xa0));
		ck_assert(!(at[0] == 0xe2 && at[1] == 0x80 && at[2] == 0xae));
	}
}
END_TEST

START_TEST(test_check_status)
{
	static const struct {
		const char *states[3];
		enum erm_check_status status;
	} judged[] = {
		{ { "healthy", "healthy", "healthy" }, ERM_CHECK_OK },
		{ { "healthy", "degraded", "healthy" }, ERM_CHECK_WARNING },
		{ { "redundancy-lost", "healthy", "healthy" }, ERM_CHECK_WARNING },
		{ { "redundancy-lost", "unknown", "healthy" }, ERM_CHECK_UNKNOWN },
		{ { "healthy", "healthy", "down" }, ERM_CHECK_CRITICAL },
		{ { "down", "unknown", "redundancy-lost" }, ERM_CHECK_CRITICAL },
		{ { "healthy", "gone mad", "healthy" }, ERM_CHECK_UNKNOWN },
	};
	_cleanup_free_ char *text = NULL;
	size_t len = 0;
	struct erm_out out = { .f = open_memstream(&text, &len) };

	for (size_t i = 0; i < ERM_ELEMENTS(judged); i++) {
		const char *const *s = judged[i].states;
		json_auto_t *data =
			json_pack("{s:[{s:s,s:{s:s}},{s:s,s:{s:s}}],s:[{s:s,s:{s:s}}]}", "circuit",
				  "name", "a", "state", "state", s[0], "name", "b", "state",
				  "state", s[1], "group", "name", "g", "state", "state", s[2]);

		ck_assert_int_eq(erm_check_print(&out, data, NULL), judged[i].status);
	}
	ck_assert_int_eq(erm_check_print_unreachable(&out, "a|b\n"), ERM_CHECK_UNKNOWN);
	(void)fclose(out.f);
	ck_assert_ptr_nonnull(strstr(text, "EXPRESSROUTE UNKNOWN - a/b?\n"));
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("ctl/print");
	TCase *t = tcase_create("print");

	tcase_add_loop_test(t, test_output_is_as_it_was, 0, (int)ERM_ELEMENTS(cases));
	tcase_add_loop_test(t, test_nothing_steers_the_terminal, 0, (int)ERM_ELEMENTS(cases));
	tcase_add_test(t, test_check_status);
	suite_add_tcase(s, t);
	return s;
}

ERM_CHECK_MAIN(suite)
