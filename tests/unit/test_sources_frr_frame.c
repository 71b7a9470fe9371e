#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "check_main.h"
#include "sources/frr/frame.h"

/* A stream as it comes: what it is when it is all there. */
#define BYTES(s) s, sizeof(s) - 1
static const struct {
	const char *data;
	size_t len, text_len;
	int r;
	unsigned int result;
} streams[] = {
	{ BYTES("{}\0\0\0\0"), 2, 1, 0 },
	{ BYTES("{}\0\0\0\1"), 2, 1, 1 },
	{ BYTES("% Unknown\0\0\0\2"), 9, 1, 2 },
	{ BYTES("\0\0\0\0"), 0, 1, 0 },
	{ BYTES("x\0\0\0\377"), 1, 1, 255 },
	{ BYTES(""), 0, 0, 0 },
	{ BYTES("{}"), 0, 0, 0 },
	{ BYTES("{}\0"), 0, 0, 0 },
	{ BYTES("{}\0\0\0"), 0, 0, 0 },
	{ BYTES("{\0}"), 0, -EBADMSG, 0 },
	{ BYTES("{}\0\0x\0"), 0, -EBADMSG, 0 },
	{ BYTES("{}\0\0\0\0x"), 0, -EBADMSG, 0 },
	{ BYTES("{}\0\0\0\0{}\0\0\0\0"), 0, -EBADMSG, 0 },
};

/* An exact copy on the heap, so that a sanitizer sees a read past the end. */
static char *copy_of(const char *data, size_t len)
{
	char *copy = malloc(len ? len : 1);

	ck_assert_ptr_nonnull(copy);
	memcpy(copy, data, len);
	return copy;
}

/* Fed up to `first`, then whole: the cut makes no difference. */
static void check_cut(int i, size_t first)
{
	struct erm_router_frame frame = { 0 };
	_cleanup_free_ char *head = copy_of(streams[i].data, first);
	_cleanup_free_ char *whole = copy_of(streams[i].data, streams[i].len);
	size_t text_len = 4711;
	unsigned int result = 99;
	int r = erm_frr_frame_find(&frame, head, first, &text_len, &result);

	if (first < streams[i].len && r == 0) {
		ck_assert_uint_eq(text_len, 4711);
		ck_assert_uint_eq(result, 99);
		r = erm_frr_frame_find(&frame, whole, streams[i].len, &text_len, &result);
	} else if (r == 1 && first < streams[i].len) {
		return; /* complete before the bytes too many came */
	}
	ck_assert_int_eq(r, streams[i].r);
	ck_assert_uint_eq(text_len, r == 1 ? streams[i].text_len : 4711);
	ck_assert_uint_eq(result, r == 1 ? streams[i].result : 99);
}

START_TEST(test_cut_at_every_offset)
{
	for (size_t first = 0; first <= streams[_i].len; first++)
		check_cut(_i, first);
}
END_TEST

START_TEST(test_byte_by_byte)
{
	struct erm_router_frame frame = { 0 };
	size_t text_len = 0;
	unsigned int result = 0;
	int r = 0;
	size_t n = 0;

	while (r == 0 && n < streams[_i].len) {
		n++;
		r = erm_frr_frame_find(&frame, streams[_i].data, n, &text_len, &result);
	}
	if (streams[_i].r == 0)
		ck_assert_int_eq(r, 0);
	else if (streams[_i].r == 1)
		ck_assert(r == 1 && n == streams[_i].len && text_len == streams[_i].text_len);
	else /* bytes behind a complete reply are another call's business */
		ck_assert(r == -EBADMSG || (r == 1 && n < streams[_i].len));
}
END_TEST

START_TEST(test_commands)
{
	struct erm_addr v4, v6;
	struct erm_addr none = { 0 };
	char command[ERM_FRR_COMMAND_MAX];

	ck_assert_int_eq(erm_addr_parse("192.168.100.2", &v4), 0);
	ck_assert_int_eq(erm_addr_parse("2001:db8:100:1::2", &v6), 0);
	ck_assert_int_eq(erm_frr_command_format(NULL, NULL, command), 0);
	ck_assert_str_eq(command, "show bgp neighbors json");
	ck_assert_int_eq(erm_frr_command_format("cust-a", NULL, command), 0);
	ck_assert_str_eq(command, "show bgp vrf cust-a neighbors json");
	ck_assert_int_eq(erm_frr_command_format(NULL, &v4, command), 0);
	ck_assert_str_eq(command, "show bgp neighbors 192.168.100.2 json");
	ck_assert_int_eq(erm_frr_command_format("red", &v6, command), 0);
	ck_assert_str_eq(command, "show bgp vrf red neighbors 2001:db8:100:1::2 json");
	ck_assert_int_eq(erm_frr_command_format(NULL, &none, command), -EINVAL);
	ck_assert_str_eq(command, "show bgp vrf red neighbors 2001:db8:100:1::2 json");
}
END_TEST

START_TEST(test_vrf_is_one_word)
{
	static const char *const bad[] = {
		"",
		"a b",
		"a\nenable",
		"a|include x",
		"a?",
		"!a",
		"#a",
		"a\tb",
		"\"a\"",
		"a\\b",
		"\x80",
		"a\x7f",
		"123456789012345678901234567890123456",
	};
	char command[ERM_FRR_COMMAND_MAX] = "before";

	for (size_t i = 0; i < ERM_ELEMENTS(bad); i++) {
		ck_assert_msg(!erm_frr_vrf_is_valid(bad[i]), "'%s' passed", bad[i]);
		ck_assert_int_eq(erm_frr_command_format(bad[i], NULL, command), -EINVAL);
		ck_assert_str_eq(command, "before");
	}
	ck_assert(erm_frr_vrf_is_valid("12345678901234567890123456789012345"));
	ck_assert(erm_frr_vrf_is_valid("vrf_1.a-b/c"));
}
END_TEST

static Suite *frr_frame_suite(void)
{
	Suite *suite = suite_create("sources/frr_frame");
	TCase *framing = tcase_create("framing");
	TCase *commands = tcase_create("commands");

	tcase_add_loop_test(framing, test_cut_at_every_offset, 0, (int)ERM_ELEMENTS(streams));
	tcase_add_loop_test(framing, test_byte_by_byte, 0, (int)ERM_ELEMENTS(streams));
	suite_add_tcase(suite, framing);
	tcase_add_test(commands, test_commands);
	tcase_add_test(commands, test_vrf_is_one_word);
	suite_add_tcase(suite, commands);
	return suite;
}

ERM_CHECK_MAIN(frr_frame_suite)
