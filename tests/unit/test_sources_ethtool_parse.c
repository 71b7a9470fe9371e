/* Generic netlink: whole answers, cut at every offset, and what must not be believed. */
#include <errno.h>
#include <limits.h>
#include <linux/ethtool.h>
#include <linux/netlink.h>
#include <stdlib.h>
#include <string.h>

#include "check_main.h"
#include "ethtool_fake.h"
#include "sources/ethtool/parse.h"
#include "sources/ethtool/request.h"

#define SEQ 77

static struct fake_interface e0 = { .name = "e0", .ifindex = 3, .speed = 100000 };
static uint8_t bytes[1024];
static struct erm_ethtool_answer answer;

static int parse(size_t len)
{
	/* On the heap and exact: ASan sees an overread. */
	uint8_t *copy = malloc(len + !len);
	int r;

	ck_assert_ptr_nonnull(copy);
	memcpy(copy, bytes, len);
	answer = (struct erm_ethtool_answer){ 0 };
	r = erm_ethtool_parse(copy, len, SEQ, &answer);
	if (answer.eeprom)
		answer.eeprom = bytes + (size_t)(answer.eeprom - copy);
	free(copy);
	return r;
}

/* No part of it is an answer, and none is read beyond. */
static void check_cuts(size_t len)
{
	ck_assert_int_eq(parse(len), 1);
	for (size_t cut = 1; cut < len; cut++)
		ck_assert_int_eq(parse(cut), -EBADMSG);
	ck_assert_int_eq(parse(0), 0);
}

/* The same with the outer length shortened as well: some attribute is then broken, or gone. */
static void check_inner_cuts(size_t len)
{
	for (size_t cut = 16; cut < len; cut++) {
		uint32_t cut32 = (uint32_t)cut;
		int r;

		memcpy(bytes, &cut32, sizeof(cut32));
		r = parse(cut);
		ck_assert(r == 1 || r == -EBADMSG);
	}
}

START_TEST(test_speed)
{
	size_t len = fake_answer_speed(bytes, SEQ, &e0);

	ck_assert_int_eq(parse(len), 1);
	ck_assert_int_eq(answer.error, 0);
	ck_assert_uint_eq(answer.ifindex, 3);
	ck_assert_uint_eq(answer.speed_mbps, 100000);
	check_cuts(len);
	check_inner_cuts(len);
}
END_TEST

START_TEST(test_speed_unknown)
{
	struct fake_interface unknown = e0;

	unknown.speed = (uint32_t)SPEED_UNKNOWN;
	ck_assert_int_eq(parse(fake_answer_speed(bytes, SEQ, &unknown)), 1);
	ck_assert_uint_eq(answer.speed_mbps, 0);
	unknown.speed = 0x80000000U;
	ck_assert_int_eq(parse(fake_answer_speed(bytes, SEQ, &unknown)), 1);
	ck_assert_uint_eq(answer.speed_mbps, 0);
	unknown.speed = INT_MAX;
	ck_assert_int_eq(parse(fake_answer_speed(bytes, SEQ, &unknown)), 1);
	ck_assert_uint_eq(answer.speed_mbps, INT_MAX);
}
END_TEST

static void check_link_text(int state, int substate, const char *expected)
{
	struct fake_interface down = e0;
	char text[ERM_TEXT_MAX];

	down.ext_state = state;
	down.ext_substate = substate;
	ck_assert_int_eq(parse(fake_answer_state(bytes, SEQ, &down)), 1);
	erm_ethtool_link_text(answer.link_state, answer.link_substate, text);
	ck_assert_str_eq(text, expected);
}

START_TEST(test_link_state)
{
	struct fake_interface down = e0;
	size_t len;

	check_link_text(FAKE_NO_EXT_STATE, 0, "");
	check_link_text(ETHTOOL_LINK_EXT_STATE_NO_CABLE, 0, "no cable");
	check_link_text(ETHTOOL_LINK_EXT_STATE_LINK_TRAINING_FAILURE,
			ETHTOOL_LINK_EXT_SUBSTATE_LT_REMOTE_FAULT,
			"link training failed: remote fault");
	check_link_text(ETHTOOL_LINK_EXT_STATE_AUTONEG,
			ETHTOOL_LINK_EXT_SUBSTATE_AN_NO_PARTNER_DETECTED,
			"autonegotiation failed: no partner");
	/* State 0 is a state; a substate of younger kernels is none. */
	check_link_text(0, 0, "autonegotiation failed");
	check_link_text(ETHTOOL_LINK_EXT_STATE_MODULE, 7, "module fault");
	check_link_text(ETHTOOL_LINK_EXT_STATE_MODULE, 255, "module fault");
	check_link_text(200, 1, "link state 200");
	down.ext_state = ETHTOOL_LINK_EXT_STATE_MODULE;
	down.ext_substate = 1;
	len = fake_answer_state(bytes, SEQ, &down);
	check_cuts(len);
	check_inner_cuts(len);
}
END_TEST

/* Every number the kernel may say gives a text that ends. */
START_TEST(test_every_link_state)
{
	for (unsigned int i = 0; i < 256 * 256; i++) {
		char text[ERM_TEXT_MAX];

		memset(text, 'x', sizeof(text));
		erm_ethtool_link_text((uint8_t)(i >> 8), (uint8_t)i, text);
		ck_assert_ptr_nonnull(memchr(text, '\0', sizeof(text)));
		ck_assert_int_eq(text[0] == '\0', i >> 8 == 0);
	}
}
END_TEST

START_TEST(test_module)
{
	uint8_t half[128];
	size_t len;

	for (size_t i = 0; i < sizeof(half); i++)
		half[i] = (uint8_t)(i * 3);
	len = fake_answer_module(bytes, SEQ, &e0, half, sizeof(half));
	ck_assert_int_eq(parse(len), 1);
	ck_assert_uint_eq(answer.eeprom_len, 128);
	ck_assert_mem_eq(answer.eeprom, half, 128);
	check_cuts(len);
	check_inner_cuts(len);
	ck_assert_int_eq(parse(fake_answer_module(bytes, SEQ, &e0, half, 5)), 1);
	ck_assert_uint_eq(answer.eeprom_len, 5);
}
END_TEST

START_TEST(test_family)
{
	size_t len = fake_answer_family(bytes, SEQ, false);

	ck_assert_int_eq(parse(len), 1);
	ck_assert_uint_eq(answer.family, FAKE_FAMILY);
	ck_assert(answer.reads_modules);
	check_cuts(len);
	check_inner_cuts(len);
	ck_assert_int_eq(parse(fake_answer_family(bytes, SEQ, true)), 1);
	ck_assert(!answer.reads_modules);
}
END_TEST

START_TEST(test_refusal)
{
	size_t len = fake_answer_error(bytes, SEQ, -EOPNOTSUPP);

	check_cuts(len);
	ck_assert_int_eq(parse(len), 1);
	ck_assert_int_eq(answer.error, -EOPNOTSUPP);
	/* No question asks for an acknowledgement, and no error is positive. */
	ck_assert_int_eq(parse(fake_answer_error(bytes, SEQ, 0)), -EBADMSG);
	ck_assert_int_eq(parse(fake_answer_error(bytes, SEQ, 5)), -EBADMSG);
	ck_assert_int_eq(parse(fake_answer_error(bytes, SEQ, INT_MIN)), -EBADMSG);
}
END_TEST

START_TEST(test_answers_to_others)
{
	size_t len = fake_answer_error(bytes, SEQ - 1, -EIO);

	ck_assert_int_eq(parse(len), 0);
	len += fake_answer_speed(bytes + len, SEQ, &e0);
	ck_assert_int_eq(parse(len), 1);
	ck_assert_uint_eq(answer.speed_mbps, 100000);
}
END_TEST

START_TEST(test_not_an_answer)
{
	size_t len = fake_answer_speed(bytes, SEQ, &e0);

	bytes[16] = 99; /* a command that nobody asked */
	ck_assert_int_eq(parse(len), -EBADMSG);
	(void)fake_answer_speed(bytes, SEQ, &e0);
	bytes[20] = 3; /* an attribute shorter than its header */
	ck_assert_int_eq(parse(len), -EBADMSG);
	(void)fake_answer_speed(bytes, SEQ, &e0);
	bytes[0] = 15; /* a message shorter than its header */
	ck_assert_int_eq(parse(len), -EBADMSG);
	memset(bytes, 0xff, sizeof(bytes));
	ck_assert_int_eq(parse(sizeof(bytes)), -EBADMSG);
}
END_TEST

START_TEST(test_long_names_are_not_asked)
{
	struct erm_ethtool_request request;
	struct erm_module_request piece = { .i2c_address = 0x50, .length = 128 };
	char name[129];

	memset(name, 'x', sizeof(name));
	name[128] = '\0';
	ck_assert(!erm_ethtool_ask_linkmodes(&request, FAKE_FAMILY, SEQ, name));
	ck_assert(!erm_ethtool_ask_linkstate(&request, FAKE_FAMILY, SEQ, name));
	ck_assert(!erm_ethtool_ask_module(&request, FAKE_FAMILY, SEQ, name, &piece));
	name[127] = '\0';
	ck_assert(erm_ethtool_ask_module(&request, FAKE_FAMILY, SEQ, name, &piece));
	ck_assert_uint_le(request.len, sizeof(request.bytes));
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("sources/ethtool_parse");
	TCase *t = tcase_create("parse");

	tcase_add_test(t, test_speed);
	tcase_add_test(t, test_speed_unknown);
	tcase_add_test(t, test_link_state);
	tcase_add_test(t, test_every_link_state);
	tcase_add_test(t, test_module);
	tcase_add_test(t, test_family);
	tcase_add_test(t, test_refusal);
	tcase_add_test(t, test_answers_to_others);
	tcase_add_test(t, test_not_an_answer);
	tcase_add_test(t, test_long_names_are_not_asked);
	suite_add_tcase(s, t);
	return s;
}

ERM_CHECK_MAIN(suite)
