/* What six sources share of what they tell of themselves, on a clock of the test's own. */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "check_main.h"
#include "source_bench.h"
#include "sources/source_report.h"

#define PERIOD (100 * MSEC)

static const char *const session[] = { "192.0.2.1" };
static struct erm_source_report report;

static struct erm_config *make_config(void)
{
	const struct erm_source_config settings = { .type = ERM_SOURCE_TYPE_RTNL };

	return bench_make_config(&settings, session, 1);
}

static void set_up(void)
{
	struct erm_source_env env;

	bench_init(1U << ERM_OBS_SOURCE, NULL);
	env = bench_env();
	memset(&report, 0, sizeof(report));
	bench.config = make_config();
	erm_source_report_init(&report, &env);
	erm_source_report_configure(&report, bench.config, 0);
}

static void tear_down(void)
{
	erm_source_report_done(&report);
	bench_done(&erm_source_rtnl_ops); /* there is none */
}

START_TEST(a_beat_takes_a_period_and_a_good_answer)
{
	ck_assert(erm_source_report_beat(&report, false, PERIOD, 1 * SEC)); /* it is starting */
	ck_assert_int_eq(bench.src.state, ERM_SOURCE_STARTING);
	ck_assert(!erm_source_report_beat(&report, true, PERIOD, 1 * SEC + PERIOD - 1));
	ck_assert(!erm_source_report_beat(&report, false, PERIOD, 1 * SEC + PERIOD));
	ck_assert(erm_source_report_beat(&report, true, PERIOD, 1 * SEC + PERIOD));
	ck_assert(!erm_source_report_beat(&report, true, PERIOD, 1 * SEC + PERIOD + 1));
	ck_assert_uint_eq(bench.n_src, 2);
}
END_TEST

START_TEST(a_new_state_is_told_at_once)
{
	ck_assert(erm_source_report_beat(&report, false, PERIOD, 1));
	ck_assert(erm_source_report_set(&report, ERM_SOURCE_LOST, ERM_REASON_TIMEOUT, "late"));
	ck_assert_uint_eq(bench.n_src, 1); /* only a beat tells */
	ck_assert(erm_source_report_beat(&report, false, PERIOD, 2));
	ck_assert(bench_is_lost(ERM_REASON_TIMEOUT));
	ck_assert_str_eq(bench.src.text, "late");
}
END_TEST

START_TEST(another_reason_is_new)
{
	ck_assert(erm_source_report_set(&report, ERM_SOURCE_LOST, ERM_REASON_TIMEOUT, "late"));
	ck_assert(!erm_source_report_set(&report, ERM_SOURCE_LOST, ERM_REASON_TIMEOUT, "later"));
	ck_assert_str_eq(report.own.text, "later");
	ck_assert(erm_source_report_set(&report, ERM_SOURCE_LOST, ERM_REASON_SYSTEM, "later"));
	ck_assert(erm_source_report_set(&report, ERM_SOURCE_OK, ERM_REASON_NONE, ""));
}
END_TEST

START_TEST(a_new_position_is_told_again)
{
	struct erm_config *config = make_config();

	ck_assert(erm_source_report_beat(&report, false, PERIOD, 1));
	erm_source_report_configure(&report, config, 0);
	(void)erm_config_unref(config);
	ck_assert_ptr_eq(report.settings, &config->sources[0]); /* the report has it now */
	ck_assert(erm_source_report_beat(&report, false, PERIOD, 2));
	erm_source_report_hint(&report);
	ck_assert_uint_eq(bench.n_hints, 1);
}
END_TEST

static const struct {
	int error;
	enum erm_source_reason reason;
} reasons[] = {
	{ -EPERM, ERM_REASON_PERMISSION }, { -EACCES, ERM_REASON_PERMISSION },
	{ -EBADMSG, ERM_REASON_PROTOCOL }, { -ETIMEDOUT, ERM_REASON_TIMEOUT },
	{ -ENOBUFS, ERM_REASON_SYSTEM },
};

START_TEST(errors_have_reasons)
{
	for (size_t i = 0; i < ERM_ELEMENTS(reasons); i++)
		ck_assert_int_eq(erm_source_reason_of(reasons[i].error), reasons[i].reason);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("sources/report");
	TCase *tc = tcase_create("report");

	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, a_beat_takes_a_period_and_a_good_answer);
	tcase_add_test(tc, a_new_state_is_told_at_once);
	tcase_add_test(tc, another_reason_is_new);
	tcase_add_test(tc, a_new_position_is_told_again);
	tcase_add_test(tc, errors_have_reasons);
	suite_add_tcase(s, tc);
	return s;
}

ERM_CHECK_MAIN(suite)
