#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "check_main.h"
#include "core/shelf.h"

static const struct {
	const char *pattern, *text;
	bool is_match;
} patterns[] = {
	{ "", "", true },
	{ "", "a", false },
	{ "*", "", true },
	{ "*", "anything:at/all", true },
	{ "**", "a", true },
	{ "c1", "c1", true },
	{ "c1", "c10", false },
	{ "c1", "c", false },
	{ "c1*", "c10", true },
	{ "c1:*", "c1", false },
	{ "c1:*", "c1:primary", true },
	{ "*1", "c1", true },
	{ "*1", "c1:", false },
	{ "c?", "c1", true },
	{ "c?", "c", false },
	{ "c?", "c12", false },
	{ "?*", "", false },
	{ "*:primary:*", "c1:primary:private-ipv4", true },
	{ "*:primary:*", "c1:secondary:private-ipv4", false },
	{ "a*b*c", "axxbxbxxc", true },
	{ "a*b*c", "axxbxbxx", false },
	{ "*ab", "aab", true },
	{ "*aab", "aaab", true },
	{ "[a]", "a", false }, /* no other character means anything */
	{ "\\a", "a", false },
};

START_TEST(test_pattern)
{
	ck_assert_msg(erm_pattern_matches(patterns[_i].pattern, patterns[_i].text) ==
			      patterns[_i].is_match,
		      "'%s' '%s'", patterns[_i].pattern, patterns[_i].text);
}
END_TEST

/* The worst that fits: no backtracking but to the last star, or this would take for ever. */
START_TEST(test_pattern_of_stars)
{
	char pattern[ERM_RESOURCE_MAX];
	char text[ERM_RESOURCE_MAX];

	for (size_t i = 0; i < sizeof(pattern); i++)
		pattern[i] = i % 2 ? 'a' : '*';
	pattern[sizeof(pattern) - 1] = 'b';
	pattern[sizeof(pattern) - 2] = '*';
	pattern[sizeof(pattern) - 1] = '\0';
	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	text[sizeof(text) - 2] = 'c';
	ck_assert(erm_pattern_matches(pattern, text));
	pattern[sizeof(pattern) - 2] = 'b';
	ck_assert(!erm_pattern_matches(pattern, text));
}
END_TEST

START_TEST(test_match)
{
	struct erm_shelf shelf = { .types = 1U << ERM_ALARM_OPTICAL | 1U << ERM_ALARM_PORT_DOWN,
				   .resources = { "port:a", "port:b*" } };

	ck_assert(erm_shelf_matches(&shelf, ERM_ALARM_OPTICAL, "port:a"));
	ck_assert(erm_shelf_matches(&shelf, ERM_ALARM_PORT_DOWN, "port:b2"));
	ck_assert(!erm_shelf_matches(&shelf, ERM_ALARM_FLAPPING, "port:a"));
	ck_assert(!erm_shelf_matches(&shelf, ERM_ALARM_OPTICAL, "port:a2"));
	shelf.types = 0;
	ck_assert(erm_shelf_matches(&shelf, ERM_ALARM_FLAPPING, "port:a"));
	memset(shelf.resources, 0, sizeof(shelf.resources));
	ck_assert(erm_shelf_matches(&shelf, ERM_ALARM_FLAPPING, "anything"));
	/* As many as there may be. */
	for (size_t i = 0; i < ERM_SHELF_RESOURCES_MAX; i++)
		strcpy(shelf.resources[i], "x");
	strcpy(shelf.resources[ERM_SHELF_RESOURCES_MAX - 1], "y");
	ck_assert(erm_shelf_matches(&shelf, ERM_ALARM_FLAPPING, "y"));
	ck_assert(!erm_shelf_matches(&shelf, ERM_ALARM_FLAPPING, "z"));
}
END_TEST

START_TEST(test_key)
{
	char long_key[ERM_KEY_MAX * 2];
	enum erm_alarm_type type = 0;
	const char *resource = NULL;

	ck_assert_int_eq(erm_key_split("redundancy-lost/a/b", &type, &resource), 0);
	ck_assert_int_eq(type, ERM_ALARM_REDUNDANCY_LOST);
	ck_assert_str_eq(resource, "a/b");
	ck_assert_int_eq(erm_key_split("draining/", &type, &resource), 0);
	ck_assert_str_eq(resource, "");
	ck_assert_int_eq(erm_key_split("draining", &type, &resource), -EINVAL);
	ck_assert_int_eq(erm_key_split("/c1", &type, &resource), -EINVAL);
	ck_assert_int_eq(erm_key_split("", &type, &resource), -EINVAL);
	ck_assert_int_eq(erm_key_split("Draining/c1", &type, &resource), -EINVAL);
	memset(long_key, 'x', sizeof(long_key) - 1);
	long_key[sizeof(long_key) - 2] = '/';
	long_key[sizeof(long_key) - 1] = '\0';
	ck_assert_int_eq(erm_key_split(long_key, &type, &resource), -EINVAL);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("core shelf");
	TCase *t = tcase_create("shelf");

	tcase_add_loop_test(t, test_pattern, 0, (int)ERM_ELEMENTS(patterns));
	tcase_add_test(t, test_pattern_of_stars);
	tcase_add_test(t, test_match);
	tcase_add_test(t, test_key);
	suite_add_tcase(s, t);
	return s;
}

ERM_CHECK_MAIN(suite)
