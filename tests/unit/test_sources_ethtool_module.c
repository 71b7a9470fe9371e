/* QSFP and CMIS, and what is common to all: figures worked out by hand from the standards. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "check_main.h"
#include "module_bench.h"
#include "sources/ethtool/decode.h"

START_TEST(test_power)
{
	static const struct {
		double tenth_uw;
		int16_t cdbm;
	} rows[] = {
		{ 0, ERM_DARK_CDBM }, { -5, ERM_DARK_CDBM }, { 0.5, ERM_DARK_CDBM }, { 1, -4000 },
		{ 10, -3000 },        { 5012, -300 },        { 10000, 0 },           { 19953, 300 },
		{ 65535, 816 },       { 1e8, 4000 },         { 1e30, 4000 },
	};

	for (size_t i = 0; i < ERM_ELEMENTS(rows); i++)
		ck_assert_int_eq(erm_module_power(rows[i].tenth_uw), rows[i].cdbm);
	ck_assert_int_eq(erm_module_power(strtod("nan", NULL)), ERM_NO_POWER);
	ck_assert_int_eq(erm_module_power(strtod("inf", NULL)), 4000);
}
END_TEST

START_TEST(test_thresholds_zero_are_none)
{
	pages_make_sfp(&m);
	memset(m.monitor, 0, 40);
	read_all();
	check_no_limits(&optics.rx);
	check_no_limits(&optics.tx);
	pages_make_qsfp(&m);
	memset(m.pages[3], 0, 128);
	read_all();
	check_no_limits(&optics.rx);
	pages_make_cmis(&m);
	memset(m.pages[2], 0, 128);
	read_all();
	check_no_limits(&optics.tx);
}
END_TEST

START_TEST(test_qsfp)
{
	pages_make_qsfp(&m);
	read_all();
	check_lanes(4, 6000);
	ck_assert_str_eq(optics.module_text, "ACME OPTICS LR4-100");
	m.lower[0] = m.pages[0][0] = 0x0d;
	m.pages[0][220 - 128] = 0; /* amplitude; and what is sent is not measured */
	read_all();
	ck_assert_int_eq(optics.lanes[3].rx_cdbm, -300);
	ck_assert_int_eq(optics.lanes[3].tx_cdbm, ERM_NO_POWER);
	ck_assert_str_eq(optics.module_text, "ACME OPTICS LR4-100 (OMA)");
}
END_TEST

START_TEST(test_qsfp_lanes_differ)
{
	pages_make_qsfp(&m);
	pages_put16(m.lower, 36, 1000);
	pages_put16(m.lower, 40, 0);
	pages_put16(m.lower, 52, 2000);
	pages_put16(m.lower, 48, 1);
	read_all();
	ck_assert_int_eq(optics.lanes[1].rx_cdbm, -1000);
	ck_assert_int_eq(optics.lanes[3].rx_cdbm, ERM_DARK_CDBM);
	ck_assert_int_eq(optics.lanes[1].tx_cdbm, -699);
	ck_assert_uint_eq(optics.lanes[3].bias_ua, 2);
	ck_assert_int_eq(optics.lanes[2].rx_cdbm, -300);
}
END_TEST

START_TEST(test_qsfp_lost_signal_is_latched)
{
	pages_make_qsfp(&m);
	m.lower[3] = 0xf0 | 0x0a; /* sent: all; received: the second and the fourth */
	pages_put16(m.lower, 36, 0);
	read_all();
	ck_assert(!optics.lanes[0].is_los);
	ck_assert(optics.lanes[1].is_los);
	ck_assert(!optics.lanes[2].is_los);
	/* There is light again: the flag is of something past. */
	ck_assert(!optics.lanes[3].is_los);
	/* The same without thresholds. */
	memset(m.pages[3], 0, 128);
	pages_put16(m.lower, 40, 101);
	read_all();
	ck_assert(optics.lanes[1].is_los);
	ck_assert(!optics.lanes[3].is_los);
}
END_TEST

START_TEST(test_qsfp_of_one_lane)
{
	pages_make_qsfp(&m);
	m.lower[113] = 0x0e;
	read_all();
	check_lanes(1, 6000);
	m.lower[113] = 0x0a; /* the first and the third */
	m.lower[3] = 0x0f;
	pages_put16(m.lower, 36, 0);
	read_all();
	ck_assert_uint_eq(optics.n_lanes, 3);
	ck_assert_int_eq(optics.lanes[1].rx_cdbm, ERM_NO_POWER);
	ck_assert(!optics.lanes[1].is_los);
	m.lower[113] = 0x0f; /* none at all: nonsense */
	m.lower[3] = 0;
	pages_put16(m.lower, 36, 5012);
	read_all();
	check_lanes(4, 6000);
}
END_TEST

START_TEST(test_qsfp_flat)
{
	struct erm_module_request request;

	pages_make_qsfp(&m);
	m.lower[2] = 0x04;
	read_all();
	ck_assert(optics.has_light);
	ck_assert_uint_eq(optics.n_lanes, 4);
	ck_assert_int_eq(optics.lanes[0].rx_cdbm, -300);
	check_no_limits(&optics.rx);
	ck_assert(!reader.has[ERM_PIECE_THRESHOLDS]);
	ck_assert(!erm_module_reader_next(&reader, &request));
}
END_TEST

START_TEST(test_qsfp_copper_and_not_ready)
{
	pages_make_qsfp(&m);
	m.pages[0][147 - 128] = 0xa0;
	read_all();
	check_dark_of_module("ACME OPTICS LR4-100");
	pages_make_qsfp(&m);
	m.lower[2] = 0x01;
	read_all();
	ck_assert(!optics.is_known);
}
END_TEST

START_TEST(test_driver_without_upper_pages)
{
	struct erm_module_request request;

	pages_make_qsfp(&m);
	pages_put16(m.lower, 54, 0);
	erm_module_reader_init(&reader);
	ck_assert_int_eq(erm_module_reader_take(&reader, m.lower, 128), 0);
	ck_assert_int_eq(erm_module_reader_fail(&reader, -EINVAL), 0);
	ck_assert(erm_module_reader_next(&reader, &request));
	ck_assert_uint_eq(request.page, 3);
	ck_assert_int_eq(erm_module_reader_fail(&reader, -EOPNOTSUPP), 0);
	ck_assert(!erm_module_reader_next(&reader, &request));
	decode();
	ck_assert(optics.is_known && optics.has_light);
	ck_assert_str_eq(optics.module_text, "");
	ck_assert_int_eq(optics.lanes[0].tx_cdbm, -200);
	ck_assert_int_eq(optics.lanes[2].tx_cdbm, ERM_NO_POWER);
	check_no_limits(&optics.rx);
}
END_TEST

START_TEST(test_failed_reading_is_void)
{
	static const int errors[] = { -EIO, -ETIMEDOUT, -ENODEV, -EPERM };

	for (size_t i = 0; i < ERM_ELEMENTS(errors); i++) {
		pages_make_qsfp(&m);
		erm_module_reader_init(&reader);
		ck_assert_int_eq(erm_module_reader_fail(&reader, errors[i]), errors[i]);
		ck_assert_int_eq(erm_module_reader_take(&reader, m.lower, 128), 0);
		ck_assert_int_eq(erm_module_reader_fail(&reader, errors[i]), errors[i]);
		decode();
		ck_assert(!optics.is_known);
	}
	/* What must be there may not lack either. */
	pages_make_sfp(&m);
	erm_module_reader_init(&reader);
	ck_assert_int_eq(erm_module_reader_fail(&reader, -EOPNOTSUPP), -EOPNOTSUPP);
	ck_assert_int_eq(erm_module_reader_take(&reader, m.lower, 128), 0);
	ck_assert_int_eq(erm_module_reader_fail(&reader, -EINVAL), -EINVAL);
	decode();
	ck_assert(!optics.is_known);
}
END_TEST

/* Each piece of each standard, short by any number of bytes. */
START_TEST(test_short_pages)
{
	void (*const makers[])(struct module_pages *) = { pages_make_sfp, pages_make_qsfp,
							  pages_make_cmis };

	for (size_t i = 0; i < ERM_ELEMENTS(makers); i++) {
		struct erm_module_request request;

		makers[i](&m);
		erm_module_reader_init(&reader);
		while (erm_module_reader_next(&reader, &request)) {
			const uint8_t *half = pages_answer(&m, &request);

			ck_assert_ptr_nonnull(half);
			for (size_t len = 0; len < 128; len++) {
				ck_assert_int_eq(erm_module_reader_take(&reader, half, len),
						 -EBADMSG);
			}
			decode();
			ck_assert(!optics.is_known);
			ck_assert_int_eq(erm_module_reader_take(&reader, half, 128), 0);
		}
		decode();
		ck_assert(optics.is_known && optics.has_light);
	}
}
END_TEST

START_TEST(test_cmis)
{
	pages_make_cmis(&m);
	read_all();
	check_lanes(8, 12000);
	ck_assert_str_eq(optics.module_text, "ACME OPTICS LR8-400");
}
END_TEST

START_TEST(test_cmis_bias_multiplier)
{
	static const uint32_t bias_ua[] = { 6000, 12000, 24000, 0 };

	for (unsigned int i = 0; i < 4; i++) {
		pages_make_cmis(&m);
		m.pages[1][160 - 128] = (uint8_t)(0x07 | i << 3);
		read_all();
		check_lanes(8, bias_ua[i]);
	}
}
END_TEST

START_TEST(test_cmis_what_is_not_advertised)
{
	pages_make_cmis(&m);
	m.pages[1][160 - 128] = 0x04;
	read_all();
	ck_assert(optics.has_light);
	ck_assert_int_eq(optics.lanes[0].rx_cdbm, -300);
	ck_assert_int_eq(optics.lanes[0].tx_cdbm, ERM_NO_POWER);
	ck_assert_uint_eq(optics.lanes[0].bias_ua, 0);
	m.pages[1][160 - 128] = 0x01;
	read_all();
	check_dark_of_module("ACME OPTICS LR8-400");
	pages_make_cmis(&m);
	m.pages[1][151 - 128] = 0;
	read_all();
	ck_assert_str_eq(optics.module_text, "ACME OPTICS LR8-400 (OMA)");
}
END_TEST

START_TEST(test_cmis_of_four_lanes)
{
	pages_make_cmis(&m);
	m.pages[0][210 - 128] = 0xf0;
	for (unsigned int i = 4; i < 8; i++)
		pages_put16(m.pages[0x11], 186 + 2 * i, 0);
	read_all();
	check_lanes(4, 12000);
}
END_TEST

START_TEST(test_cmis_lost_signal)
{
	pages_make_cmis(&m);
	m.pages[0x11][147 - 128] = 0x81;
	pages_put16(m.pages[0x11], 200, 20);
	read_all();
	ck_assert(!optics.lanes[0].is_los);
	ck_assert(optics.lanes[7].is_los);
	m.pages[1][158 - 128] = 0; /* no such flag */
	read_all();
	ck_assert(!optics.lanes[7].is_los);
}
END_TEST

START_TEST(test_cmis_flat)
{
	pages_make_cmis(&m);
	m.lower[2] = 0x80;
	read_all();
	check_dark_of_module("ACME OPTICS LR8-400");
	ck_assert(!reader.has[ERM_PIECE_MONITOR]);
}
END_TEST

START_TEST(test_cmis_copper_and_not_ready)
{
	pages_make_cmis(&m);
	m.pages[0][212 - 128] = 0x0b;
	read_all();
	check_dark_of_module("ACME OPTICS LR8-400");
	pages_make_cmis(&m);
	m.lower[3] = 1 << 1; /* low power */
	read_all();
	ck_assert(!optics.is_known);
}
END_TEST

/* More than 8 lanes are in further banks, which nobody asks for. */
START_TEST(test_cmis_of_many_lanes)
{
	struct erm_module_request request;

	pages_make_cmis(&m);
	m.pages[1][142 - 128] = 0x02;
	erm_module_reader_init(&reader);
	while (erm_module_reader_next(&reader, &request)) {
		ck_assert_uint_eq(request.bank, 0);
		ck_assert_int_eq(erm_module_reader_take(&reader, pages_answer(&m, &request), 128),
				 0);
	}
	decode();
	check_lanes(8, 12000);
}
END_TEST

START_TEST(test_every_identifier)
{
	static const uint8_t sfp[] = { 0x02, 0x03, 0x0b };
	static const uint8_t qsfp[] = { 0x0c, 0x0d, 0x11 };
	static const uint8_t cmis[] = { 0x18, 0x19, 0x1b, 0x1e, 0x1f, 0x20 };

	for (unsigned int id = 0; id < 256; id++) {
		bool is_sfp = memchr(sfp, (int)id, sizeof(sfp));
		bool is_qsfp = memchr(qsfp, (int)id, sizeof(qsfp));

		if (is_sfp)
			pages_make_sfp(&m);
		else if (is_qsfp)
			pages_make_qsfp(&m);
		else
			pages_make_cmis(&m);
		m.lower[0] = (uint8_t)id;
		read_all();
		ck_assert(optics.is_known);
		ck_assert_int_eq(optics.has_light,
				 is_sfp || is_qsfp || memchr(cmis, (int)id, sizeof(cmis)));
	}
	check_dark_of_module("unknown identifier 0xff");
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("sources/ethtool_module");
	TCase *t = tcase_create("module");

	tcase_add_test(t, test_power);
	tcase_add_test(t, test_thresholds_zero_are_none);
	tcase_add_test(t, test_qsfp);
	tcase_add_test(t, test_qsfp_lanes_differ);
	tcase_add_test(t, test_qsfp_lost_signal_is_latched);
	tcase_add_test(t, test_qsfp_of_one_lane);
	tcase_add_test(t, test_qsfp_flat);
	tcase_add_test(t, test_qsfp_copper_and_not_ready);
	tcase_add_test(t, test_driver_without_upper_pages);
	tcase_add_test(t, test_failed_reading_is_void);
	tcase_add_test(t, test_short_pages);
	tcase_add_test(t, test_cmis);
	tcase_add_test(t, test_cmis_bias_multiplier);
	tcase_add_test(t, test_cmis_what_is_not_advertised);
	tcase_add_test(t, test_cmis_of_four_lanes);
	tcase_add_test(t, test_cmis_lost_signal);
	tcase_add_test(t, test_cmis_flat);
	tcase_add_test(t, test_cmis_copper_and_not_ready);
	tcase_add_test(t, test_cmis_of_many_lanes);
	tcase_add_test(t, test_every_identifier);
	suite_add_tcase(s, t);
	return s;
}

ERM_CHECK_MAIN(suite)
