/* Every value has one name, and every name leads back to its value. */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "check_main.h"
#include "core/types.h"

static const struct {
	const char *(*name_of)(unsigned int);
	unsigned int first, end;
} kinds[] = {
	{ erm_state_name, 1, ERM_STATE_MAX },
	{ erm_member_state_name, 1, ERM_MEMBER_STATE_MAX },
	{ erm_model_type_name, 1, ERM_MODEL_MAX },
	{ erm_role_name, 1, ERM_ROLE_MAX },
	{ erm_peering_name, 1, ERM_PEERING_MAX },
	{ erm_family_name, 1, ERM_FAMILY_MAX },
	{ erm_sku_name, 1, ERM_SKU_MAX },
	{ erm_bgp_state_name, 0, ERM_BGP_STATE_MAX },
	{ erm_bfd_state_name, 1, ERM_BFD_STATE_MAX },
	{ erm_source_state_name, 1, ERM_SOURCE_STATE_MAX },
	{ erm_source_reason_name, 1, ERM_REASON_MAX },
	{ erm_layer_name, 1, ERM_LAYER_MAX },
	{ erm_cause_name, 1, ERM_CAUSE_MAX },
	{ erm_fault_domain_name, 1, ERM_FAULT_MAX },
	{ erm_alarm_type_name, 1, ERM_ALARM_TYPE_MAX },
	{ erm_severity_name, 1, ERM_SEVERITY_MAX },
	{ erm_resource_kind_name, 1, ERM_RESOURCE_KIND_MAX },
	{ erm_group_kind_name, 1, ERM_GROUP_KIND_MAX },
	{ erm_source_type_name, 1, ERM_SOURCE_TYPE_MAX },
	{ erm_event_kind_name, 1, ERM_EVENT_KIND_MAX },
};

START_TEST(test_names_lead_back)
{
	for (unsigned int v = kinds[_i].first; v < kinds[_i].end; v++) {
		const char *name = kinds[_i].name_of(v);

		ck_assert_msg(name, "value %u has no name", v);
		ck_assert_uint_eq(strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-"),
				  strlen(name));
		/* Also proves that no two values share a name: the first one would be found. */
		ck_assert_int_eq(erm_value_from_name(kinds[_i].name_of, name), (int)v);
	}
}
END_TEST

START_TEST(test_outside_has_no_name)
{
	ck_assert_ptr_null(kinds[_i].name_of(kinds[_i].end));
	ck_assert_ptr_null(kinds[_i].name_of(UINT32_MAX));
	if (kinds[_i].first > 0)
		ck_assert_ptr_null(kinds[_i].name_of(0));
	ck_assert_int_eq(erm_value_from_name(kinds[_i].name_of, "no such word"), -EINVAL);
	ck_assert_int_eq(erm_value_from_name(kinds[_i].name_of, ""), -EINVAL);
}
END_TEST

START_TEST(test_spellings_others_rely_on)
{
	ck_assert_str_eq(erm_state_name(ERM_STATE_REDUNDANCY_LOST), "redundancy-lost");
	ck_assert_str_eq(erm_model_type_name(ERM_MODEL_MANAGED_L3), "managed-l3");
	ck_assert_str_eq(erm_source_type_name(ERM_SOURCE_TYPE_RTNL), "kernel");
	ck_assert_int_eq(erm_value_from_name(erm_severity_name, "critical"), 3);
	ck_assert_int_eq(erm_value_from_name(erm_bgp_state_name, "established"), 6);
}
END_TEST

static Suite *types_suite(void)
{
	Suite *s = suite_create("core/types");
	TCase *t = tcase_create("names");

	tcase_add_loop_test(t, test_names_lead_back, 0, ERM_ELEMENTS(kinds));
	tcase_add_loop_test(t, test_outside_has_no_name, 0, ERM_ELEMENTS(kinds));
	tcase_add_test(t, test_spellings_others_rely_on);
	suite_add_tcase(s, t);
	return s;
}

ERM_CHECK_MAIN(types_suite)
