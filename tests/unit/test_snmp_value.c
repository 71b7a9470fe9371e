/* The getters: what SNMP sees of times, ages, limits and absent things. */
#include <string.h>

#include "check_main.h"
#include "publish/snmp/value.h"

#define NOW_MONO (1000 * ERM_USEC_PER_SEC)
/* 2026-11-22 20:30:05.75 UTC */
#define NOW_REAL (1795379405 * ERM_USEC_PER_SEC + 750000)

static struct erm_snmp_context ctx = { .now = { .mono = NOW_MONO, .real = NOW_REAL },
				       .uptime_ticks = 5000 };

static long number_of(erm_snmp_getter *get, const void *field, enum erm_snmp_type type)
{
	struct erm_snmp_value value;

	get(field, &ctx, &value);
	ck_assert_int_eq(value.type, type);
	ck_assert_uint_eq(value.size, sizeof(long));
	ck_assert_mem_eq(value.data, &value.number, sizeof(long));
	return value.number;
}

START_TEST(date_and_time)
{
	static const unsigned char wanted[] = { 0x07, 0xea, 11, 22, 20, 30, 5, 7, '+', 0, 0 };
	static const unsigned char never[8] = { 0 };
	struct erm_time at = ctx.now;
	struct erm_snmp_value value;

	erm_snmp_get_time(&at, &ctx, &value);
	ck_assert_int_eq(value.type, ERM_SNMP_OCTETS);
	ck_assert_uint_eq(value.size, sizeof(wanted));
	ck_assert_mem_eq(value.data, wanted, sizeof(wanted));
	at = (struct erm_time){ 0 };
	erm_snmp_get_time(&at, &ctx, &value);
	ck_assert_uint_eq(value.size, sizeof(never));
	ck_assert_mem_eq(value.data, never, sizeof(never));
}
END_TEST

static long age_of(usec_t mono, usec_t real)
{
	struct erm_time at = { .mono = mono, .real = real };

	return number_of(erm_snmp_get_age, &at, ERM_SNMP_GAUGE);
}

START_TEST(ages)
{
	ck_assert_int_eq(age_of(NOW_MONO - 7 * ERM_USEC_PER_SEC, 1), 7);
	ck_assert_int_eq(age_of(NOW_MONO - 7 * ERM_USEC_PER_SEC + 1, 1), 6);
	ck_assert_int_eq(age_of(NOW_MONO + ERM_USEC_PER_SEC, 1), 0);
	ck_assert_int_eq(age_of(0, 0), UINT32_MAX);
	/* raised before this boot: only the wall clock knows */
	ck_assert_int_eq(age_of(0, NOW_REAL - 90 * ERM_USEC_PER_SEC), 90);
}
END_TEST

START_TEST(time_stamp_is_on_the_masters_clock)
{
	struct erm_time at = { .mono = NOW_MONO - 2 * ERM_USEC_PER_SEC };
	struct erm_time before_master = { .mono = NOW_MONO - 51 * ERM_USEC_PER_SEC };

	ck_assert_int_eq(number_of(erm_snmp_get_timestamp, &at, ERM_SNMP_TICKS), 4800);
	ck_assert_int_eq(number_of(erm_snmp_get_timestamp, &before_master, ERM_SNMP_TICKS), 0);
}
END_TEST

START_TEST(numbers_wrap_and_latch_as_their_types_say)
{
	uint64_t large = (uint64_t)UINT32_MAX + 8;
	uint32_t u = UINT32_MAX;
	int32_t cold = -1250;
	int32_t lowest = INT32_MIN;
	uint8_t octet = 255;
	unsigned int none = 0;
	unsigned int three = 3;
	bool yes = true;
	bool no = false;

	ck_assert_int_eq(number_of(erm_snmp_get_counter64, &large, ERM_SNMP_COUNTER), 7);
	ck_assert_int_eq(number_of(erm_snmp_get_gauge64, &large, ERM_SNMP_GAUGE), UINT32_MAX);
	ck_assert_int_eq(number_of(erm_snmp_get_counter, &u, ERM_SNMP_COUNTER), UINT32_MAX);
	ck_assert_int_eq(number_of(erm_snmp_get_unsigned, &u, ERM_SNMP_GAUGE), UINT32_MAX);
	ck_assert_int_eq(number_of(erm_snmp_get_integer, &u, ERM_SNMP_INTEGER), INT32_MAX);
	ck_assert_int_eq(number_of(erm_snmp_get_signed, &cold, ERM_SNMP_INTEGER), -1250);
	ck_assert_int_eq(number_of(erm_snmp_get_signed, &lowest, ERM_SNMP_INTEGER), INT32_MIN);
	ck_assert_int_eq(number_of(erm_snmp_get_octet, &octet, ERM_SNMP_GAUGE), 255);
	ck_assert_int_eq(number_of(erm_snmp_get_enum, &none, ERM_SNMP_INTEGER), 1);
	ck_assert_int_eq(number_of(erm_snmp_get_enum, &three, ERM_SNMP_INTEGER), 3);
	ck_assert_int_eq(number_of(erm_snmp_get_bool, &yes, ERM_SNMP_INTEGER), 1);
	ck_assert_int_eq(number_of(erm_snmp_get_bool, &no, ERM_SNMP_INTEGER), 2);
}
END_TEST

START_TEST(texts)
{
	const char *string = "abc";
	const char *absent = NULL;
	struct erm_snmp_value value;

	erm_snmp_get_string(&string, &ctx, &value);
	ck_assert_uint_eq(value.size, 3);
	ck_assert_mem_eq(value.data, "abc", 3);
	erm_snmp_get_string(&absent, &ctx, &value);
	ck_assert_int_eq(value.type, ERM_SNMP_OCTETS);
	ck_assert_uint_eq(value.size, 0);
	erm_snmp_get_chars("xy", &ctx, &value);
	ck_assert_uint_eq(value.size, 2);
}
END_TEST

START_TEST(addresses)
{
	static const unsigned char v4[] = { 192, 0, 2, 1 };
	struct erm_addr addr = { 0 };
	struct erm_snmp_value value;

	ck_assert_int_eq(number_of(erm_snmp_get_addr_type, &addr, ERM_SNMP_INTEGER), 0);
	erm_snmp_get_addr(&addr, &ctx, &value);
	ck_assert_uint_eq(value.size, 0);
	ck_assert_int_eq(erm_addr_parse("192.0.2.1", &addr), 0);
	ck_assert_int_eq(number_of(erm_snmp_get_addr_type, &addr, ERM_SNMP_INTEGER), 1);
	erm_snmp_get_addr(&addr, &ctx, &value);
	ck_assert_uint_eq(value.size, 4);
	ck_assert_mem_eq(value.data, v4, 4);
	ck_assert_int_eq(erm_addr_parse("2001:db8::1", &addr), 0);
	ck_assert_int_eq(number_of(erm_snmp_get_addr_type, &addr, ERM_SNMP_INTEGER), 2);
	erm_snmp_get_addr_text(&addr, &ctx, &value);
	ck_assert_uint_eq(value.size, strlen("2001:db8::1"));
	ck_assert_mem_eq(value.data, "2001:db8::1", value.size);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("snmp value");
	TCase *t = tcase_create("value");

	tcase_add_test(t, date_and_time);
	tcase_add_test(t, ages);
	tcase_add_test(t, time_stamp_is_on_the_masters_clock);
	tcase_add_test(t, numbers_wrap_and_latch_as_their_types_say);
	tcase_add_test(t, texts);
	tcase_add_test(t, addresses);
	suite_add_tcase(s, t);
	return s;
}

ERM_CHECK_MAIN(suite)
