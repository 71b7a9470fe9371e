#include <check.h>
#include <stdint.h>
#include <string.h>

#include "base/reader.h"
#include "check_main.h"

static const uint8_t bytes[] = { 1, 2, 3, 4, 5, 6, 7, 8 };

START_TEST(test_take_walks_to_the_end_and_no_further)
{
	struct erm_reader r = erm_reader_init(bytes, sizeof(bytes));

	ck_assert_ptr_eq(erm_reader_take(&r, 3), bytes);
	ck_assert_ptr_eq(erm_reader_take(&r, 0), bytes + 3);
	ck_assert_ptr_eq(erm_reader_take(&r, 5), bytes + 3);
	ck_assert_uint_eq(r.left, 0);
	ck_assert_ptr_null(erm_reader_take(&r, 1));
	ck_assert_ptr_null(erm_reader_take(&r, SIZE_MAX));
	ck_assert_ptr_nonnull(erm_reader_take(&r, 0));
}
END_TEST

START_TEST(test_a_read_past_the_end_moves_nothing)
{
	struct erm_reader r = erm_reader_init(bytes, 1);
	struct erm_reader sub = erm_reader_init(bytes + 7, 1);
	uint32_t v32 = 77;
	uint16_t v16 = 77;

	ck_assert_ptr_null(erm_reader_take(&r, 2));
	ck_assert(!erm_reader_be16(&r, &v16));
	ck_assert(!erm_reader_be32(&r, &v32));
	ck_assert(!erm_reader_u16(&r, &v16));
	ck_assert(!erm_reader_u32(&r, &v32));
	ck_assert(!erm_reader_split(&r, 2, &sub));
	ck_assert_ptr_eq(r.data, bytes);
	ck_assert_uint_eq(r.left, 1);
	ck_assert_uint_eq(v16, 77);
	ck_assert_uint_eq(v32, 77);
	ck_assert_ptr_eq(sub.data, bytes + 7);
}
END_TEST

START_TEST(test_byte_orders)
{
	struct erm_reader r = erm_reader_init(bytes, sizeof(bytes));
	uint8_t v8 = 0;
	uint16_t v16 = 0;
	uint32_t v32 = 0;
	uint16_t host16 = 0;
	uint32_t host32 = 0;

	ck_assert(erm_reader_u8(&r, &v8));
	ck_assert_uint_eq(v8, 1);
	ck_assert(erm_reader_be16(&r, &v16));
	ck_assert_uint_eq(v16, 0x0203);
	ck_assert(erm_reader_be32(&r, &v32));
	ck_assert_uint_eq(v32, 0x04050607);
	ck_assert_uint_eq(r.left, 1);

	/* From an odd address, too. */
	r = erm_reader_init(bytes + 1, 6);
	memcpy(&host16, bytes + 1, sizeof(host16));
	memcpy(&host32, bytes + 3, sizeof(host32));
	ck_assert(erm_reader_u16(&r, &v16));
	ck_assert_uint_eq(v16, host16);
	ck_assert(erm_reader_u32(&r, &v32));
	ck_assert_uint_eq(v32, host32);
	ck_assert_uint_eq(r.left, 0);
}
END_TEST

START_TEST(test_high_octets_are_not_signed)
{
	static const uint8_t high[] = { 0xff, 0xfe, 0x80, 0x01, 0x80, 0x00 };
	struct erm_reader r = erm_reader_init(high, sizeof(high));
	uint16_t v16 = 0;
	uint32_t v32 = 0;

	ck_assert(erm_reader_be32(&r, &v32));
	ck_assert_uint_eq(v32, 0xfffe8001);
	ck_assert(erm_reader_be16(&r, &v16));
	ck_assert_uint_eq(v16, 0x8000);
}
END_TEST

START_TEST(test_split_bounds_the_part)
{
	struct erm_reader r = erm_reader_init(bytes, sizeof(bytes));
	struct erm_reader part;
	uint32_t v32 = 0;

	ck_assert(erm_reader_split(&r, 3, &part));
	ck_assert_uint_eq(part.left, 3);
	ck_assert_ptr_eq(part.data, bytes);
	ck_assert(!erm_reader_be32(&part, &v32)); /* although the whole goes on */
	ck_assert_uint_eq(r.left, 5);
	ck_assert_ptr_eq(r.data, bytes + 3);
	ck_assert(erm_reader_split(&r, 5, &part));
	ck_assert(erm_reader_split(&r, 0, &part));
	ck_assert_uint_eq(part.left, 0);
	ck_assert(!erm_reader_split(&r, 1, &part));
}
END_TEST

START_TEST(test_skip_stops_at_the_end)
{
	struct erm_reader r = erm_reader_init(bytes, sizeof(bytes));

	erm_reader_skip(&r, 2);
	ck_assert_ptr_eq(r.data, bytes + 2);
	erm_reader_skip(&r, SIZE_MAX);
	ck_assert_uint_eq(r.left, 0);
	ck_assert_ptr_eq(r.data, bytes + sizeof(bytes));
	erm_reader_skip(&r, 1);
	ck_assert_ptr_eq(r.data, bytes + sizeof(bytes));
}
END_TEST

START_TEST(test_nothing_at_all)
{
	struct erm_reader r = erm_reader_init(NULL, 0);
	struct erm_reader part;
	uint8_t v8 = 77;

	ck_assert(!erm_reader_u8(&r, &v8));
	ck_assert_uint_eq(v8, 77);
	erm_reader_skip(&r, 1);
	ck_assert_ptr_null(r.data);
	ck_assert(erm_reader_split(&r, 0, &part));
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("base/reader");
	TCase *t = tcase_create("reader");

	tcase_add_test(t, test_take_walks_to_the_end_and_no_further);
	tcase_add_test(t, test_a_read_past_the_end_moves_nothing);
	tcase_add_test(t, test_byte_orders);
	tcase_add_test(t, test_high_octets_are_not_signed);
	tcase_add_test(t, test_split_bounds_the_part);
	tcase_add_test(t, test_skip_stops_at_the_end);
	tcase_add_test(t, test_nothing_at_all);
	suite_add_tcase(s, t);
	return s;
}

ERM_CHECK_MAIN(suite)
