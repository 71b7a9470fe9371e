/* The lines of ermon-snmp-get, and what is in them: golden ones, every cut, every limit. */
#include <arpa/inet.h>
#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check_main.h"
#include "sources/snmp_router/address.h"
#include "sources/snmp_router/line.h"

static const struct erm_snmpr_oid names[] = {
	{ 9, { 1, 3, 6, 1, 2, 1, 1, 3, 0 } },
	{ 4, { 0, 10, 4294967295, 200 } },
};
static struct erm_snmpr_answer answer;
static struct erm_snmpr_oid storage[ERM_SNMPR_ASK_MAX];

/* A copy without NUL, so that a sanitizer sees a step too far. */
static int take_len(const char *line, size_t len)
{
	char *copy = malloc(len ? len : 1);
	int r;

	ck_assert_ptr_nonnull(copy);
	memcpy(copy, line, len);
	r = erm_snmpr_answer_take(&answer, copy, len);
	free(copy);
	return r;
}

static int take(const char *line)
{
	return take_len(line, strlen(line));
}

static int parse_len(const char *line, size_t len, struct erm_snmpr_request *ret)
{
	char *copy = malloc(len ? len : 1);
	int r;

	ck_assert_ptr_nonnull(copy);
	memcpy(copy, line, len);
	r = erm_snmpr_request_parse(copy, len, storage, ret);
	free(copy);
	return r;
}

static void set_up(void)
{
	memset(&answer, 0, sizeof(answer));
}

START_TEST(a_question)
{
	struct erm_snmpr_request request = { .command = ERM_SNMPR_GET, .names = names, .n = 2 };
	struct erm_snmpr_request got = { 0 };
	char line[ERM_SNMPR_ASK_LINE_MAX];
	int len = erm_snmpr_request_write(&request, line);

	ck_assert_str_eq(line, "get 1.3.6.1.2.1.1.3.0 0.10.4294967295.200\n");
	ck_assert_int_eq(len, (int)strlen(line));
	ck_assert_int_eq(parse_len(line, (size_t)len - 1, &got), 0);
	ck_assert_int_eq(got.command, ERM_SNMPR_GET);
	ck_assert_uint_eq(got.n, 2);
	for (int i = 0; i < 2; i++)
		ck_assert(erm_snmpr_oid_equal(&got.names[i], &names[i]));
	request.command = ERM_SNMPR_GET_BULK;
	request.repetitions = 20;
	request.n = 1;
	len = erm_snmpr_request_write(&request, line);
	ck_assert_str_eq(line, "bulk 20 1.3.6.1.2.1.1.3.0\n");
	ck_assert_int_eq(parse_len(line, (size_t)len - 1, &got), 0);
	ck_assert_int_eq(got.command, ERM_SNMPR_GET_BULK);
	ck_assert_uint_eq(got.repetitions, 20);
	ck_assert(erm_snmpr_oid_equal(&got.names[0], &names[0]));
}
END_TEST

START_TEST(a_question_that_does_not_fit)
{
	struct erm_snmpr_oid many[ERM_SNMPR_ASK_MAX];
	struct erm_snmpr_request request = { .command = ERM_SNMPR_GET,
					     .names = many,
					     .n = ERM_SNMPR_ASK_MAX };
	struct erm_snmpr_request got = { 0 };
	char line[ERM_SNMPR_ASK_LINE_MAX];

	for (uint32_t i = 0; i < ERM_SNMPR_ASK_MAX; i++) {
		many[i].n = ERM_SNMPR_OID_MAX;
		memset(many[i].ids, 0xff, sizeof(many[i].ids));
	}
	ck_assert_int_eq(erm_snmpr_request_write(&request, line), -EMSGSIZE);
	request.n = 2;
	ck_assert_int_eq(erm_snmpr_request_write(&request, line), 4 + 2 * 128 * 11);
	ck_assert_int_eq(parse_len(line, strlen(line) - 1, &got), 0);
	ck_assert(erm_snmpr_oid_equal(&got.names[1], &many[1]));
}
END_TEST

START_TEST(questions_that_are_none)
{
	static const char *const lines[] = {
		"",         "get",          "get ",     "get 1.3 ",  "get  1.3", "got 1.3",
		"get 1..3", "get .1.3",     "get 1.3.", "get 1.3x",  "get -1",   "get 4294967296",
		"bulk",     "bulk 1.3",     "bulk 0 1", "bulk 65 1", "bulk 1",   "bulk 1 1 2",
		"bulk x 1", "bulk 1 1.3.x",
	};
	struct erm_snmpr_request got = { 0 };
	char many[128] = "get";
	size_t len = strlen(many);

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		ck_assert_msg(parse_len(lines[i], strlen(lines[i]), &got) == -EBADMSG, "'%s'",
			      lines[i]);
	for (int i = 0; i <= ERM_SNMPR_ASK_MAX; i++) {
		many[len++] = ' ';
		many[len++] = '1';
	}
	ck_assert_int_eq(parse_len(many, len - 2, &got), 0);
	ck_assert_int_eq(parse_len(many, len, &got), -EBADMSG);
}
END_TEST

static const struct {
	const char *line;
	enum erm_snmpr_type type;
	int64_t number;
} golden[] = {
	{ "1.3 integer -2147483648", ERM_SNMPR_INTEGER, INT32_MIN },
	{ "1.3 integer 2147483647", ERM_SNMPR_INTEGER, INT32_MAX },
	{ "1.3 counter32 4294967295", ERM_SNMPR_COUNTER32, UINT32_MAX },
	{ "1.3 gauge32 0", ERM_SNMPR_GAUGE32, 0 },
	{ "1.3 ticks 100", ERM_SNMPR_TIMETICKS, 100 },
	{ "1.3 counter64 9223372036854775807", ERM_SNMPR_COUNTER64, INT64_MAX },
	{ "1.3 octets ", ERM_SNMPR_OCTETS, 0 },
	{ "1.3 octets 00ff4769", ERM_SNMPR_OCTETS, 0 },
	{ "1.3 no-object", ERM_SNMPR_NO_OBJECT, 0 },
	{ "1.3 no-instance", ERM_SNMPR_NO_INSTANCE, 0 },
	{ "1.3 end-of-view", ERM_SNMPR_END_OF_VIEW, 0 },
	{ "1.3 other", ERM_SNMPR_OTHER, 0 },
};
#define N_GOLDEN (sizeof(golden) / sizeof(golden[0]))

START_TEST(an_answer)
{
	char line[ERM_SNMPR_LINE_MAX];

	for (uint32_t i = 0; i < N_GOLDEN; i++) {
		ck_assert_msg(take(golden[i].line) == 1, "%s", golden[i].line);
		ck_assert_int_eq(answer.varbinds[i].type, golden[i].type);
		ck_assert_int_eq(answer.varbinds[i].number, golden[i].number);
		ck_assert_uint_eq(answer.varbinds[i].name.n, 2);
		ck_assert_uint_eq(erm_snmpr_varbind_write(&answer.varbinds[i], line),
				  strlen(golden[i].line) + 1);
		ck_assert_mem_eq(line, golden[i].line, strlen(golden[i].line));
	}
	ck_assert_uint_eq(answer.varbinds[7].len, 4);
	ck_assert_mem_eq(answer.varbinds[7].data, "\0\xffGi", 4);
	ck_assert_int_eq(take("ok 7"), 0);
	ck_assert_uint_eq(answer.n, N_GOLDEN);
	ck_assert_uint_eq(answer.boots, 7);
	ck_assert_int_eq(answer.failure, ERM_SNMPR_FAILURE_NONE);
}
END_TEST

/* What is left of a line is another, or none; it is never read beyond. */
START_TEST(an_answer_cut_anywhere)
{
	for (size_t i = 0; i < N_GOLDEN; i++) {
		for (size_t len = 0; len < strlen(golden[i].line); len++) {
			int r;

			set_up();
			r = take_len(golden[i].line, len);
			ck_assert(r == -EBADMSG ||
				  (r == 1 && strchr("-0123456789abcdef ", golden[i].line[len])));
		}
	}
}
END_TEST

START_TEST(answers_that_are_none)
{
	static const char *const lines[] = {
		"",
		" ",
		"what?",
		"1.3",
		"1.3 ",
		"1.3 integer",
		"1.3 integer ",
		"1.3 integer -",
		"1.3 integer 1 ",
		"1.3 integer 2147483648",
		"1.3 integer -2147483649",
		"1.3 integer 0x1",
		"1.3 integer +1",
		"1.3 gauge32 -1",
		"1.3 gauge32 4294967296",
		"1.3 counter64 9223372036854775808",
		"1.3 counter64 99999999999999999999999999",
		"1.3 octets 0",
		"1.3 octets 0G",
		"1.3 octets FF",
		"1.3 octets 00 ",
		"1.3 no-object x",
		"1.3 null",
		".1.3 integer 1",
		"ok",
		"ok ",
		"ok -1",
		"ok 2147483648",
		"error",
		"error ",
		"error none text",
		"error nonsense text",
	};

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		ck_assert_msg(take(lines[i]) == -EBADMSG, "'%s'", lines[i]);
	}
	ck_assert_int_eq(take_len("1.3 octets 00\0", 14), -EBADMSG);
}
END_TEST

START_TEST(errors)
{
	char line[ERM_SNMPR_LINE_MAX];

	for (int i = ERM_SNMPR_FAILURE_NONE + 1; i < ERM_SNMPR_FAILURE_MAX; i++) {
		enum erm_snmpr_failure failure = (enum erm_snmpr_failure)i;

		set_up();
		ck_assert_int_eq(take("1.3 integer 1"), 1);
		(void)snprintf(line, sizeof(line), "error %s why it is",
			       erm_snmpr_failure_name(failure));
		ck_assert_int_eq(take(line), 0);
		ck_assert_int_eq(answer.failure, failure);
		ck_assert_str_eq(answer.why, "why it is");
		ck_assert_uint_eq(answer.n, 0);
		ck_assert_int_gt(erm_snmpr_failure_reason(failure), ERM_REASON_NONE);
	}
	(void)snprintf(line, sizeof(line), "error system %01000d", 1);
	ck_assert_int_eq(take(line), 0);
	ck_assert_uint_eq(strlen(answer.why), ERM_SNMPR_WHY_MAX - 1);
}
END_TEST

START_TEST(limits)
{
	char line[ERM_SNMPR_LINE_MAX];
	struct erm_snmpr_varbind longest = { .type = ERM_SNMPR_OCTETS,
					     .len = ERM_SNMPR_OCTETS_MAX };

	(void)snprintf(line, sizeof(line), "1.3 octets %0*d", 2 * ERM_SNMPR_OCTETS_MAX, 5);
	ck_assert_int_eq(take(line), 1);
	ck_assert_uint_eq(answer.varbinds[0].len, ERM_SNMPR_OCTETS_MAX);
	ck_assert_uint_eq(answer.varbinds[0].data[ERM_SNMPR_OCTETS_MAX - 1], 5);
	(void)snprintf(line, sizeof(line), "1.3 octets %0*d", 2 * ERM_SNMPR_OCTETS_MAX + 2, 5);
	ck_assert_int_eq(take(line), -EBADMSG);
	while (answer.n < ERM_SNMPR_VARBINDS_MAX)
		ck_assert_int_eq(take("1.3 integer 1"), 1);
	ck_assert_int_eq(take("1.3 integer 1"), -E2BIG);
	ck_assert_int_eq(take("ok 0"), 0);
	/* the longest that is written is one that is read */
	set_up();
	longest.name.n = ERM_SNMPR_OID_MAX;
	memset(longest.name.ids, 0xff, sizeof(longest.name.ids));
	ck_assert_uint_lt(erm_snmpr_varbind_write(&longest, line), sizeof(line));
	ck_assert_int_eq(take_len(line, strlen(line) - 1), 1);
	ck_assert(erm_snmpr_oid_equal(&answer.varbinds[0].name, &longest.name));
}
END_TEST

START_TEST(object_identifiers)
{
	static const struct erm_snmpr_oid oids[] = {
		{ 2, { 1, 3 } },
		{ 2, { 2, 100 } },
		{ 6, { 1, 3, 127, 128, 16384, UINT32_MAX } },
	};
	char text[ERM_SNMPR_OID_TEXT_MAX];
	char ones[2 * (ERM_SNMPR_OID_MAX + 1)];
	struct erm_snmpr_oid got;

	for (size_t i = 0; i < 3; i++) {
		size_t len = erm_snmpr_oid_write(&oids[i], text);

		ck_assert(erm_snmpr_oid_parse(text, len, &got));
		ck_assert(erm_snmpr_oid_equal(&got, &oids[i]));
	}
	ck_assert_int_lt(erm_snmpr_oid_compare(&oids[0], &oids[2]), 0);
	ck_assert_int_gt(erm_snmpr_oid_compare(&oids[1], &oids[2]), 0);
	ck_assert(erm_snmpr_oid_is_below(&oids[2], &oids[0]));
	ck_assert(!erm_snmpr_oid_is_below(&oids[0], &oids[2]));
	for (size_t i = 0; i < sizeof(ones); i++)
		ones[i] = i % 2 ? '.' : '1';
	ck_assert(erm_snmpr_oid_parse(ones, 2 * ERM_SNMPR_OID_MAX - 1, &got));
	ck_assert(!erm_snmpr_oid_parse(ones, sizeof(ones) - 1, &got));
}
END_TEST

START_TEST(addresses)
{
	static const struct {
		const char *text;
		int result, family, port;
	} cases[] = {
		{ "192.0.2.1", 0, AF_INET, 161 },
		{ "192.0.2.1:1161", 0, AF_INET, 1161 },
		{ "udp:192.0.2.1", 0, AF_INET, 161 },
		{ "UDP:192.0.2.1:65535", 0, AF_INET, 65535 },
		{ "udp6:[2001:db8::1]:162", 0, AF_INET6, 162 },
		{ "udp6:[2001:db8::1]", 0, AF_INET6, 161 },
		{ "2001:db8::1", 0, AF_INET6, 161 },
		{ "tcp:192.0.2.1:161", -EPROTONOSUPPORT, 0, 0 },
		{ "udp:router:161", -EINVAL, 0, 0 },
		{ "192.0.2.1:0", -EINVAL, 0, 0 },
		{ "192.0.2.1:65536", -EINVAL, 0, 0 },
		{ "192.0.2.1:1x", -EINVAL, 0, 0 },
		{ "[2001:db8::1", -EINVAL, 0, 0 },
		{ "[2001:db8::1]x", -EINVAL, 0, 0 },
		{ "", -EINVAL, 0, 0 },
	};
	union erm_snmpr_address a;
	union erm_snmpr_address b;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		ck_assert_msg(erm_snmpr_address_parse(cases[i].text, 161, &a) == cases[i].result,
			      "%s", cases[i].text);
		if (cases[i].result < 0)
			continue;
		ck_assert_int_eq(a.any.sa_family, cases[i].family);
		ck_assert_int_eq(ntohs(a.v4.sin_port), cases[i].port);
	}
	ck_assert_int_eq(erm_snmpr_address_parse("192.0.2.1:1", 0, &a), 0);
	ck_assert_int_eq(erm_snmpr_address_parse("[::ffff:192.0.2.1]:2", 0, &b), 0);
	ck_assert(erm_snmpr_address_is_host(&a, &b) && !erm_snmpr_address_equal(&a, &b));
}
END_TEST

static Suite *line_suite(void)
{
	Suite *s = suite_create("sources_snmp_line");
	TCase *tc = tcase_create("lines");

	tcase_add_checked_fixture(tc, set_up, NULL);
	tcase_add_test(tc, a_question);
	tcase_add_test(tc, a_question_that_does_not_fit);
	tcase_add_test(tc, questions_that_are_none);
	tcase_add_test(tc, an_answer);
	tcase_add_test(tc, an_answer_cut_anywhere);
	tcase_add_test(tc, answers_that_are_none);
	tcase_add_test(tc, errors);
	tcase_add_test(tc, limits);
	tcase_add_test(tc, object_identifiers);
	tcase_add_test(tc, addresses);
	suite_add_tcase(s, tc);
	return s;
}

ERM_CHECK_MAIN(line_suite)
