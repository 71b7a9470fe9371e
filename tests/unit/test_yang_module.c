/* ermon.yang and the C side of it: numbers of enumerations, defaults, loading. */
#include <errno.h>
#include <libyang/libyang.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "check_main.h"
#include "core/config.h"
#include "core/types.h"
#include "yang/ctx.h"
#include "yang_fixture.h"

/* A leaf of each enumeration, and what C calls its values. */
static const struct {
	const char *path;
	const char *(*name_of)(unsigned int);
	int first, end;
} enums[] = {
	{ "/ermon:ermon/circuit/state/state", erm_state_name, 1, ERM_STATE_MAX },
	{ "/ermon:ermon/port/state/state", erm_member_state_name, 1, ERM_MEMBER_STATE_MAX },
	{ "/ermon:ermon/circuit/connectivity-model", erm_model_type_name, 1, ERM_MODEL_MAX },
	{ "/ermon:ermon/circuit/connection/role", erm_role_name, 1, ERM_ROLE_MAX },
	{ "/ermon:ermon/circuit/service/peering", erm_peering_name, 1, ERM_PEERING_MAX },
	{ "/ermon:ermon/circuit/service/family", erm_family_name, 1, ERM_FAMILY_MAX },
	{ "/ermon:ermon/circuit/sku", erm_sku_name, 1, ERM_SKU_MAX },
	{ "/ermon:ermon/circuit/connection/session/state/bgp-state", erm_bgp_state_name, 0,
	  ERM_BGP_STATE_MAX },
	{ "/ermon:ermon/circuit/connection/session/state/bfd-state", erm_bfd_state_name, 1,
	  ERM_BFD_STATE_MAX },
	{ "/ermon:ermon/source/state/state", erm_source_state_name, 1, ERM_SOURCE_STATE_MAX },
	{ "/ermon:ermon/source/state/reason", erm_source_reason_name, 1, ERM_REASON_MAX },
	{ "/ermon:ermon/circuit/connection/session/state/layer", erm_layer_name, 1, ERM_LAYER_MAX },
	{ "/ermon:ermon/alarms/alarm/cause", erm_cause_name, 1, ERM_CAUSE_MAX },
	{ "/ermon:ermon/alarms/alarm/fault-domain", erm_fault_domain_name, 1, ERM_FAULT_MAX },
	{ "/ermon:ermon/alarms/alarm/type", erm_alarm_type_name, 1, ERM_ALARM_TYPE_MAX },
	{ "/ermon:ermon/alarms/alarm/severity", erm_severity_name, 1, ERM_SEVERITY_MAX },
	{ "/ermon:ermon/alarms/alarm/resource-kind", erm_resource_kind_name, 1,
	  ERM_RESOURCE_KIND_MAX },
	{ "/ermon:ermon/source/type", erm_source_type_name, 1, ERM_SOURCE_TYPE_MAX },
	{ "/ermon:event/kind", erm_event_kind_name, 1, ERM_EVENT_KIND_MAX },
};

START_TEST(test_enumeration_is_that_of_c)
{
	const struct lysc_node *node = lys_find_path(yang_ctx(), NULL, enums[_i].path, 0);
	const struct lysc_type_enum *type;
	LY_ARRAY_COUNT_TYPE u;

	ck_assert_msg(node, "%s is not in the module", enums[_i].path);
	type = (const struct lysc_type_enum
			*)(const void *)((const struct lysc_node_leaf *)(const void *)node)
		       ->type;
	ck_assert_int_eq(type->basetype, LY_TYPE_ENUM);
	ck_assert_int_eq((int)LY_ARRAY_COUNT(type->enums), enums[_i].end - enums[_i].first);
	LY_ARRAY_FOR(type->enums, u) {
		const char *name = enums[_i].name_of((unsigned int)type->enums[u].value);

		ck_assert_msg(name, "%s has no name in C", type->enums[u].name);
		ck_assert_str_eq(type->enums[u].name, name);
	}
}
END_TEST

/* Two places state the agent's defaults; this keeps them one. */
START_TEST(test_defaults_are_those_of_c)
{
	struct erm_config *config = yang_parse_good(yang_small_file);
	struct erm_config *built_in = erm_config_new();
	const struct erm_agent_config *a = &config->agent, *b = &built_in->agent;

	for (unsigned int t = 1; t < ERM_ALARM_TYPE_MAX; t++) {
		ck_assert_msg(a->hold[t].raise_usec == b->hold[t].raise_usec &&
				      a->hold[t].clear_usec == b->hold[t].clear_usec,
			      "hold %s differs", erm_alarm_type_name(t));
	}
	ck_assert_uint_eq(a->min_interval_usec, b->min_interval_usec);
	ck_assert_uint_eq(a->reminder_usec, b->reminder_usec);
	ck_assert_uint_eq(a->heartbeat_usec, b->heartbeat_usec);
	ck_assert_uint_eq(a->not_redundant_minor_usec, b->not_redundant_minor_usec);
	ck_assert_double_eq(a->flap_suppress, b->flap_suppress);
	ck_assert_double_eq(a->flap_reuse, b->flap_reuse);
	ck_assert_uint_eq(a->flap_half_life_usec, b->flap_half_life_usec);
	ck_assert_uint_eq(a->flap_max_suppress_usec, b->flap_max_suppress_usec);
	ck_assert(a->snmp_enabled == b->snmp_enabled);
	ck_assert_str_eq(a->agentx_address, b->agentx_address);
	ck_assert(!a->operator_group && !b->operator_group);
	ck_assert_uint_eq(a->agentx_ping_usec, b->agentx_ping_usec);
	(void)erm_config_unref(config);
	(void)erm_config_unref(built_in);
}
END_TEST

START_TEST(test_no_directory)
{
	struct ly_ctx *ctx = NULL;
	char error[256] = "";

	ck_assert_int_eq(erm_yang_ctx_new("/nonexistent/yang", &ctx, error, sizeof(error)),
			 -ENOENT);
	ck_assert_ptr_null(ctx);
	ck_assert_ptr_nonnull(strstr(error, "/nonexistent/yang"));
}
END_TEST

/* The module of the current directory must not be taken, or a test would pass against the wrong one. */
START_TEST(test_current_directory_is_not_searched)
{
	char dir[] = "/tmp/ermon-test-XXXXXX", error[256] = "", cwd[4096];
	struct ly_ctx *ctx = NULL;

	ck_assert_ptr_nonnull(mkdtemp(dir));
	ck_assert_ptr_nonnull(getcwd(cwd, sizeof(cwd)));
	ck_assert_int_eq(chdir(yang_dir()), 0);
	ck_assert_int_eq(access("ermon.yang", R_OK), 0);
	ck_assert_int_eq(erm_yang_ctx_new(dir, &ctx, error, sizeof(error)), -EPROTO);
	ck_assert_ptr_null(ctx);
	ck_assert_ptr_nonnull(strstr(error, "ermon"));
	ck_assert_int_eq(chdir(cwd), 0);
	ck_assert_int_eq(rmdir(dir), 0);
}
END_TEST

START_TEST(test_broken_module)
{
	char dir[] = "/tmp/ermon-test-XXXXXX", path[64], error[512] = "";
	struct ly_ctx *ctx = NULL;
	FILE *f;

	ck_assert_ptr_nonnull(mkdtemp(dir));
	(void)snprintf(path, sizeof(path), "%s/ermon.yang", dir);
	f = fopen(path, "we");
	ck_assert_ptr_nonnull(f);
	ck_assert_int_gt(fputs("module ermon { namespace \"x\"; prefix e; leaf { }", f), 0);
	ck_assert_int_eq(fclose(f), 0);
	ck_assert_int_eq(erm_yang_ctx_new(dir, &ctx, error, sizeof(error)), -EPROTO);
	ck_assert_ptr_null(ctx);
	ck_assert_ptr_nonnull(strstr(error, dir));
	ck_assert_int_eq(unlink(path), 0);
	ck_assert_int_eq(rmdir(dir), 0);
}
END_TEST

static Suite *module_suite(void)
{
	Suite *s = suite_create("yang/module");
	TCase *t = tcase_create("module");

	tcase_add_unchecked_fixture(t, NULL, yang_fixture_done);
	tcase_add_loop_test(t, test_enumeration_is_that_of_c, 0, ERM_ELEMENTS(enums));
	tcase_add_test(t, test_defaults_are_those_of_c);
	tcase_add_test(t, test_no_directory);
	tcase_add_test(t, test_current_directory_is_not_searched);
	tcase_add_test(t, test_broken_module);
	suite_add_tcase(s, t);
	return s;
}

ERM_CHECK_MAIN(module_suite)
