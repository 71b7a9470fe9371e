/* Names of resources: each one its own, none too long, found again by its name. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../replay/lab_config.h"
#include "check_main.h"
#include "core/resource.h"

static struct erm_config *config;
static char longest[ERM_NAME_MAX];

/* One of each kind, all named alike as far as the configuration allows it. */
static void set_up(void)
{
	uint32_t group = 0;

	memset(longest, 'x', sizeof(longest) - 1);
	longest[0] = 'a';
	config = lab_config_new();
	(void)lab_config_pair(config, "same", "same", longest);
	(void)lab_config_circuit(config, "same", ERM_MODEL_DIRECT, "same", longest);
	(void)lab_config_circuit(config, longest, ERM_MODEL_DIRECT, "same", longest);
	group = lab_config_group(config, "same");
	lab_config_member(config, group, ERM_RESOURCE_CIRCUIT, 0);
	group = lab_config_group(config, longest);
	lab_config_member(config, group, ERM_RESOURCE_GROUP, 1);
	free(config->sources[0].name);
	config->sources[0].name = strdup("same");
	free(config->agent.name);
	config->agent.name = strdup("same");
}

static void tear_down(void)
{
	config = erm_config_unref(config);
}

START_TEST(test_spelling)
{
	static const struct {
		enum erm_resource_kind kind;
		const char *name;
	} names[] = {
		{ ERM_RESOURCE_AGENT, "agent:same" },
		{ ERM_RESOURCE_PORT, "port:same" },
		{ ERM_RESOURCE_CIRCUIT, "same" },
		{ ERM_RESOURCE_CONNECTION, "same:primary" },
		{ ERM_RESOURCE_SESSION, "same:primary:private-ipv4" },
		{ ERM_RESOURCE_SERVICE, "same:private-ipv4" },
		{ ERM_RESOURCE_GROUP, "pair:same" },
		{ ERM_RESOURCE_SOURCE, "source:same" },
	};
	char buf[ERM_RESOURCE_MAX];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		ck_assert_str_eq(erm_resource_name(config, names[i].kind, 0, buf), names[i].name);
	ck_assert_str_eq(erm_resource_name(config, ERM_RESOURCE_GROUP, 1, buf), "group:same");
	ck_assert_str_eq(erm_resource_name(config, ERM_RESOURCE_SESSION, 3, buf),
			 "same:secondary:private-ipv6");
}
END_TEST

/* A key finds one alarm: no two resources of any kind share a name, and none is cut. */
START_TEST(test_no_two_alike)
{
	char names[64][ERM_RESOURCE_MAX];
	uint32_t n = 0;

	for (unsigned int kind = ERM_RESOURCE_AGENT; kind < ERM_RESOURCE_KIND_MAX; kind++) {
		for (uint32_t i = 0; i < erm_resource_count(config, kind); i++) {
			ck_assert_uint_lt(n, 64);
			(void)erm_resource_name(config, kind, i, names[n]);
			ck_assert_uint_lt(strlen(names[n]), ERM_RESOURCE_MAX - 1);
			for (uint32_t k = 0; k < n; k++)
				ck_assert_str_ne(names[k], names[n]);
			n++;
		}
	}
	ck_assert_uint_eq(n, 1 + 2 + 2 + 4 + 8 + 4 + 3 + 2);
	/* With the longest alarm type before it a key still fits. */
	ck_assert_uint_lt(strlen("redundancy-lost/") + ERM_NAME_MAX +
				  strlen(":secondary:azure-public-ipv6"),
			  ERM_KEY_MAX);
}
END_TEST

START_TEST(test_map)
{
	for (unsigned int kind = ERM_RESOURCE_AGENT; kind < ERM_RESOURCE_KIND_MAX; kind++) {
		struct erm_resource_map *map = NULL;
		char name[ERM_RESOURCE_MAX];

		ck_assert_int_eq(erm_resource_map_new(config, kind, &map), 0);
		for (uint32_t i = 0; i < erm_resource_count(config, kind); i++) {
			ck_assert_uint_eq(erm_resource_map_find(map, erm_resource_name(config, kind,
										       i, name)),
					  i);
		}
		ck_assert_uint_eq(erm_resource_map_find(map, "nobody"), ERM_NO_INDEX);
		ck_assert_uint_eq(erm_resource_map_find(map, ""), ERM_NO_INDEX);
		ck_assert_ptr_null(erm_resource_map_free(map));
	}
	ck_assert_ptr_null(erm_resource_map_free(NULL));
}
END_TEST

START_TEST(test_map_of_nothing)
{
	struct erm_config *empty = erm_config_new();
	struct erm_resource_map *map = NULL;

	ck_assert_ptr_nonnull(empty);
	ck_assert_int_eq(erm_resource_map_new(empty, ERM_RESOURCE_CIRCUIT, &map), 0);
	ck_assert_uint_eq(erm_resource_map_find(map, "same"), ERM_NO_INDEX);
	(void)erm_resource_map_free(map);
	(void)erm_config_unref(empty);
}
END_TEST

START_TEST(test_service_index)
{
	uint32_t expected = 1;

	for (unsigned int p = ERM_PEERING_PRIVATE; p < ERM_PEERING_MAX; p++) {
		for (unsigned int f = ERM_FAMILY_IPV4; f < ERM_FAMILY_MAX; f++) {
			ck_assert_uint_eq(erm_service_index((enum erm_peering)p,
							    (enum erm_family)f),
					  expected++);
		}
	}
}
END_TEST

START_TEST(test_circuit_of)
{
	ck_assert_uint_eq(erm_resource_circuit(config, ERM_RESOURCE_CIRCUIT, 1), 1);
	ck_assert_uint_eq(erm_resource_circuit(config, ERM_RESOURCE_CONNECTION, 2), 1);
	ck_assert_uint_eq(erm_resource_circuit(config, ERM_RESOURCE_SESSION, 3), 0);
	ck_assert_uint_eq(erm_resource_circuit(config, ERM_RESOURCE_SERVICE, 2), 1);
	ck_assert_uint_eq(erm_resource_circuit(config, ERM_RESOURCE_PORT, 0), ERM_NO_INDEX);
	ck_assert_uint_eq(erm_resource_circuit(config, ERM_RESOURCE_GROUP, 0), ERM_NO_INDEX);
	ck_assert_uint_eq(erm_resource_circuit(config, ERM_RESOURCE_SOURCE, 0), ERM_NO_INDEX);
	ck_assert_uint_eq(erm_resource_circuit(config, ERM_RESOURCE_AGENT, 0), ERM_NO_INDEX);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("core/resource");
	TCase *t = tcase_create("resource");

	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_test(t, test_spelling);
	tcase_add_test(t, test_no_two_alike);
	tcase_add_test(t, test_map);
	tcase_add_test(t, test_map_of_nothing);
	tcase_add_test(t, test_service_index);
	tcase_add_test(t, test_circuit_of);
	suite_add_tcase(s, t);
	return s;
}

ERM_CHECK_MAIN(suite)
