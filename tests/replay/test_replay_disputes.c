/* What is open when something moved: the daemon goes by it when it asks the routers. */
#include "../unit/check_main.h"
#include "lab.h"

static struct lab lab;
static uint32_t bmp;

static void set_up(void)
{
	uint32_t both[2] = { LAB_ROUTER };

	lab_init(&lab);
	(void)lab_add_circuit(&lab, "c1", ERM_MODEL_CLOUD_EXCHANGE, "er1", "er2");
	bmp = both[1] = lab_config_source(lab.config, "bmp", ERM_SOURCE_TYPE_BMP);
	lab_config_speakers(lab.config, both, 2);
	lab_start(&lab, NULL);
	lab_tell_all(&lab);
	lab_says_all(&lab, bmp, true);
	lab_run(&lab, LAB_MS(40500)); /* between two polls of the router */
}

static void tear_down(void)
{
	lab_done(&lab);
}

static void says_down(uint32_t session)
{
	struct erm_obs obs = { .kind = ERM_OBS_SESSION, .source = bmp };

	obs.session.session = session;
	obs.session.is_configured = true;
	obs.session.bgp = ERM_BGP_IDLE;
	lab_apply(&lab, obs);
}

START_TEST(test_disputes_are_counted)
{
	uint32_t session = ERM_NO_INDEX;

	ck_assert_uint_eq(erm_model_count_disputes(lab.model, &session), 0);
	ck_assert_uint_eq(session, ERM_NO_INDEX);
	says_down(2);
	ck_assert_uint_eq(erm_model_count_disputes(lab.model, &session), 1);
	ck_assert_uint_eq(session, 2);
	says_down(1);
	ck_assert_uint_eq(erm_model_count_disputes(lab.model, &session), 2);
	lab_source_back(&lab, LAB_ROUTER); /* asked again: they are up */
	ck_assert_uint_eq(erm_model_count_disputes(lab.model, &session), 0);
}
END_TEST

START_TEST(test_told_unasked_while_the_station_hears_of_all)
{
	const struct erm_obs withdrawn = { .kind = ERM_OBS_SESSION,
					   .source = bmp,
					   .session = { .session = 3, .is_withdrawn = true } };

	ck_assert(erm_model_is_told_unasked(lab.model));
	lab_apply(&lab, withdrawn);
	ck_assert(!erm_model_is_told_unasked(lab.model));
	says_down(3);
	ck_assert(erm_model_is_told_unasked(lab.model));
	lab_withdraws(&lab, bmp);
	ck_assert(!erm_model_is_told_unasked(lab.model));
}
END_TEST

static Suite *disputes_suite(void)
{
	Suite *s = suite_create("replay: what is open");
	TCase *all = tcase_create("open");

	tcase_add_checked_fixture(all, set_up, tear_down);
	tcase_add_test(all, test_disputes_are_counted);
	tcase_add_test(all, test_told_unasked_while_the_station_hears_of_all);
	suite_add_tcase(s, all);
	return s;
}

ERM_CHECK_MAIN(disputes_suite)
