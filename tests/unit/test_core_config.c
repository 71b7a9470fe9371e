/* The life of a configuration.  That its defaults are the module's: test_yang_module. */
#include <stdlib.h>
#include <string.h>

#include "check_main.h"
#include "core/config.h"

START_TEST(test_new_is_empty_with_defaults)
{
	struct erm_config *config = erm_config_new();

	ck_assert_ptr_nonnull(config);
	ck_assert_uint_eq(config->n_sources, 0);
	ck_assert_uint_eq(config->n_circuits, 0);
	ck_assert_ptr_null(config->agent.name);
	ck_assert(config->agent.snmp_enabled);
	ck_assert_str_eq(config->agent.agentx_address, "unix:/var/agentx/master");
	/* Nothing may delay a lost service. */
	ck_assert_uint_eq(config->agent.hold[ERM_ALARM_SERVICE_DOWN].raise_usec, 0);
	ck_assert_uint_eq(config->agent.hold[ERM_ALARM_REDUNDANCY_LOST].raise_usec,
			  2 * ERM_USEC_PER_SEC);
	ck_assert_ptr_null(erm_config_unref(config));
}
END_TEST

START_TEST(test_last_unref_frees_everything)
{
	struct erm_config *config = erm_config_new();

	/* Leaks are for the sanitizer to find. */
	config->sources = calloc(1, sizeof(*config->sources));
	config->n_sources = 1;
	config->sources[0].name = strdup("frr");
	config->sources[0].socket = strdup("/s");
	config->sources[0].vrf = strdup("blue");
	config->interfaces = calloc(1, sizeof(*config->interfaces));
	config->n_interfaces = 1;
	config->interfaces[0].name = strdup("eth0");
	config->ports = calloc(1, sizeof(*config->ports));
	config->n_ports = 1;
	config->ports[0].name = strdup("eth0");
	config->circuits = calloc(1, sizeof(*config->circuits));
	config->n_circuits = 1;
	config->circuits[0].name = strdup("c");
	config->circuits[0].description = strdup("d");
	config->groups = calloc(1, sizeof(*config->groups));
	config->n_groups = 1;
	config->groups[0].name = strdup("g");

	ck_assert_ptr_eq(erm_config_ref(config), config);
	ck_assert_ptr_null(erm_config_unref(config));
	ck_assert_str_eq(config->circuits[0].name, "c"); /* one reference is left */
	ck_assert_ptr_null(erm_config_unref(config));
	ck_assert_ptr_null(erm_config_unref(NULL));
}
END_TEST

static Suite *config_suite(void)
{
	Suite *s = suite_create("core/config");
	TCase *t = tcase_create("life");

	tcase_add_test(t, test_new_is_empty_with_defaults);
	tcase_add_test(t, test_last_unref_frees_everything);
	suite_add_tcase(s, t);
	return s;
}

ERM_CHECK_MAIN(config_suite)
