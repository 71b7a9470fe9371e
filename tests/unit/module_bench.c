/* The bench of module_bench.h. */
#include "module_bench.h"

#include <check.h>
#include <string.h>

struct module_pages m;
struct erm_module_reader reader;
struct erm_obs_optics optics;

void decode(void)
{
	memset(&optics, 0x55, sizeof(optics));
	erm_module_reader_decode(&reader, &optics);
}

void read_all(void)
{
	ck_assert_int_eq(pages_read(&m, &reader), 0);
	decode();
}

void check_limits(const struct erm_optics_limits *limits)
{
	ck_assert_int_eq(limits->high_alarm, 200);
	ck_assert_int_eq(limits->low_alarm, -1400);
	ck_assert_int_eq(limits->high_warning, 100);
	ck_assert_int_eq(limits->low_warning, -1200);
}

void check_no_limits(const struct erm_optics_limits *limits)
{
	ck_assert_int_eq(limits->high_alarm, ERM_NO_POWER);
	ck_assert_int_eq(limits->low_alarm, ERM_NO_POWER);
	ck_assert_int_eq(limits->high_warning, ERM_NO_POWER);
	ck_assert_int_eq(limits->low_warning, ERM_NO_POWER);
}

void check_lanes(uint32_t n, uint32_t bias_ua)
{
	ck_assert(optics.is_known);
	ck_assert(optics.has_light);
	ck_assert_uint_eq(optics.n_lanes, n);
	for (uint32_t i = 0; i < n; i++) {
		ck_assert_int_eq(optics.lanes[i].rx_cdbm, -300);
		ck_assert_int_eq(optics.lanes[i].tx_cdbm, -200);
		ck_assert_uint_eq(optics.lanes[i].bias_ua, bias_ua);
		ck_assert(!optics.lanes[i].is_los);
	}
	ck_assert(optics.has_temperature);
	ck_assert_int_eq(optics.temperature_mc, 25500);
	ck_assert(optics.has_voltage);
	ck_assert_uint_eq(optics.voltage_mv, 3300);
	check_limits(&optics.rx);
	check_limits(&optics.tx);
}

void check_dark_of_module(const char *text)
{
	ck_assert(optics.is_known);
	ck_assert(!optics.has_light);
	ck_assert_uint_eq(optics.n_lanes, 0);
	ck_assert(!optics.has_temperature);
	check_no_limits(&optics.rx);
	ck_assert_str_eq(optics.module_text, text);
}
