/* SFP, SFF-8472: figures worked out by hand from the standard. */
#include <errno.h>
#include <string.h>

#include "check_main.h"
#include "module_bench.h"

START_TEST(test_sfp)
{
	pages_make_sfp(&m);
	read_all();
	check_lanes(1, 6000);
	ck_assert_str_eq(optics.module_text, "ACME OPTICS LR-10");
}
END_TEST

START_TEST(test_sfp_asks_for_two_pieces)
{
	struct erm_module_request request;

	pages_make_sfp(&m);
	erm_module_reader_init(&reader);
	ck_assert(erm_module_reader_next(&reader, &request));
	ck_assert_uint_eq(request.i2c_address, 0x50);
	ck_assert_uint_eq(request.offset, 0);
	ck_assert_uint_eq(request.length, 128);
	ck_assert_int_eq(erm_module_reader_take(&reader, m.lower, 128), 0);
	ck_assert(erm_module_reader_next(&reader, &request));
	ck_assert_uint_eq(request.i2c_address, 0x51);
	ck_assert_uint_eq(request.page, 0);
	ck_assert_uint_eq(request.offset, 0);
	/* Half of it proves nothing. */
	decode();
	ck_assert(!optics.is_known);
	ck_assert_int_eq(erm_module_reader_take(&reader, m.monitor, 128), 0);
	ck_assert(!erm_module_reader_next(&reader, &request));
	ck_assert_int_eq(erm_module_reader_take(&reader, m.monitor, 128), -EBADMSG);
}
END_TEST

START_TEST(test_sfp_below_freezing)
{
	pages_make_sfp(&m);
	pages_put16(m.monitor, 96, 0xff80);
	read_all();
	ck_assert_int_eq(optics.temperature_mc, -500);
}
END_TEST

START_TEST(test_sfp_raw_ends)
{
	pages_make_sfp(&m);
	pages_put16(m.monitor, 104, 0);
	pages_put16(m.monitor, 102, 0xffff);
	pages_put16(m.monitor, 100, 0xffff);
	read_all();
	ck_assert_int_eq(optics.lanes[0].rx_cdbm, ERM_DARK_CDBM);
	ck_assert_int_eq(optics.lanes[0].tx_cdbm, 816);
	ck_assert_uint_eq(optics.lanes[0].bias_ua, 131070);
}
END_TEST

START_TEST(test_sfp_external_calibration)
{
	pages_make_sfp(&m);
	m.lower[92] = 0x40 | 0x10 | 0x08;
	pages_put_float(m.monitor, 64, 0.001F); /* of the square */
	pages_put_float(m.monitor, 68, 0.5F);
	pages_put_float(m.monitor, 72, 10.0F);
	pages_put16(m.monitor, 76, 0x0180); /* bias: 1.5 x + 4 */
	pages_put16(m.monitor, 78, 4);
	pages_put16(m.monitor, 80, 0x0200); /* sent: 2 x - 100 */
	pages_put16(m.monitor, 82, 0xff9c);
	pages_put16(m.monitor, 84, 0x0100); /* temperature: x + 1 Celsius */
	pages_put16(m.monitor, 86, 0x0100);
	pages_put16(m.monitor, 88, 0x0100); /* voltage: x - 1 V */
	pages_put16(m.monitor, 90, 0xd8f0);
	pages_put16(m.monitor, 100, 1000);
	pages_put16(m.monitor, 102, 2000);
	pages_put16(m.monitor, 104, 1000);
	memset(m.monitor + 24, 0, 16);
	pages_put16(m.monitor, 30, 1050);
	pages_put16(m.monitor, 38, 100);
	read_all();
	/* 1000 + 500 + 10 = 151.0 uW; 390.0 uW */
	ck_assert_int_eq(optics.lanes[0].rx_cdbm, -821);
	ck_assert_int_eq(optics.lanes[0].tx_cdbm, -409);
	ck_assert_uint_eq(optics.lanes[0].bias_ua, 3008);
	ck_assert_int_eq(optics.temperature_mc, 26500);
	ck_assert_uint_eq(optics.voltage_mv, 2300);
	/* Thresholds are in the same raw numbers: 70 = 7.0 uW, 2000 = 200.0 uW. */
	ck_assert_int_eq(optics.rx.low_warning, -2155);
	ck_assert_int_eq(optics.tx.low_warning, -699);
	ck_assert_int_eq(optics.rx.high_alarm, ERM_NO_POWER);
	ck_assert_int_eq(optics.tx.high_alarm, ERM_NO_POWER);
}
END_TEST

START_TEST(test_sfp_calibration_that_is_no_number)
{
	pages_make_sfp(&m);
	m.lower[92] = 0x40 | 0x10 | 0x08;
	memset(m.monitor + 56, 0xff, 36);
	read_all();
	ck_assert_int_eq(optics.lanes[0].rx_cdbm, ERM_NO_POWER);
	ck_assert_int_eq(optics.rx.low_warning, ERM_NO_POWER);
	/* Beyond all bounds, and below 0. */
	pages_put_float(m.monitor, 56, 3e38F);
	memset(m.monitor + 60, 0, 16);
	read_all();
	ck_assert_int_eq(optics.lanes[0].rx_cdbm, 4000);
	pages_put_float(m.monitor, 56, -3e38F);
	read_all();
	ck_assert_int_eq(optics.lanes[0].rx_cdbm, ERM_DARK_CDBM);
}
END_TEST

START_TEST(test_sfp_amplitude_is_said)
{
	pages_make_sfp(&m);
	m.lower[92] = 0x40 | 0x20;
	read_all();
	check_lanes(1, 6000);
	ck_assert_str_eq(optics.module_text, "ACME OPTICS LR-10 (OMA)");
}
END_TEST

START_TEST(test_sfp_without_diagnostics)
{
	pages_make_sfp(&m);
	m.lower[92] = 0;
	read_all();
	check_dark_of_module("ACME OPTICS LR-10");
	/* They are there, and out of reach. */
	m.lower[92] = 0x40 | 0x20 | 0x08 | 0x04;
	read_all();
	check_dark_of_module("ACME OPTICS LR-10");
	/* A copper cable */
	m.lower[92] = 0x40 | 0x20 | 0x08;
	m.lower[8] = 0x04;
	read_all();
	check_dark_of_module("ACME OPTICS LR-10");
}
END_TEST

START_TEST(test_sfp_not_ready)
{
	pages_make_sfp(&m);
	m.monitor[110] = 0x01;
	read_all();
	ck_assert(!optics.is_known);
}
END_TEST

START_TEST(test_sfp_lost_signal)
{
	pages_make_sfp(&m);
	m.monitor[110] = 0x02;
	read_all();
	ck_assert(optics.lanes[0].is_los);
	m.lower[93] = 0; /* the bit means nothing */
	read_all();
	ck_assert(!optics.lanes[0].is_los);
	m.lower[93] = 0x10;
	m.lower[65] = 0x04; /* it means the contrary */
	read_all();
	ck_assert(!optics.lanes[0].is_los);
	m.monitor[110] = 0;
	read_all();
	ck_assert(optics.lanes[0].is_los);
}
END_TEST

START_TEST(test_names_are_printable)
{
	pages_make_sfp(&m);
	memcpy(m.lower + 20, "\x1b[31mA\"\xc3\xa4\x7f\0B    ", 16);
	memset(m.lower + 40, 0xff, 16);
	read_all();
	ck_assert_str_eq(optics.module_text, "?[31mA\"????B ????????????????");
	memset(m.lower + 20, ' ', 16);
	memset(m.lower + 40, 0, 16);
	read_all();
	ck_assert_str_eq(optics.module_text, "");
	pages_put_text(m.lower, 40, "PN");
	read_all();
	ck_assert_str_eq(optics.module_text, "PN");
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("sources/ethtool_sff8472");
	TCase *t = tcase_create("sfp");

	tcase_add_test(t, test_sfp);
	tcase_add_test(t, test_sfp_asks_for_two_pieces);
	tcase_add_test(t, test_sfp_below_freezing);
	tcase_add_test(t, test_sfp_raw_ends);
	tcase_add_test(t, test_sfp_external_calibration);
	tcase_add_test(t, test_sfp_calibration_that_is_no_number);
	tcase_add_test(t, test_sfp_amplitude_is_said);
	tcase_add_test(t, test_sfp_without_diagnostics);
	tcase_add_test(t, test_sfp_not_ready);
	tcase_add_test(t, test_sfp_lost_signal);
	tcase_add_test(t, test_names_are_printable);
	suite_add_tcase(s, t);
	return s;
}

ERM_CHECK_MAIN(suite)
