/* RFC 6242's framing, cut at every octet. */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "check_main.h"
#include "netconf/frame.h"

#define LIMIT ((size_t)64)

/* Ordered for the reader: NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding) */
static const struct {
	bool is_chunked;
	const char *octets;
	const char *messages[3]; /* up to NULL */
	int error;               /* after them */
} cases[] = {
	{ false, "<a/>]]>]]>", { "<a/>" }, 0 },
	{ false, "]]>]]>", { "" }, 0 },
	{ false, "a]]>]]]>]]>b", { "a]]>]" }, 0 },
	{ false, "a]]>]]>b]]>]]>c", { "a", "b" }, 0 },
	{ false,
	  "0123456789012345678901234567890123456789012345678901234567890123]]>]]>",
	  { "0123456789012345678901234567890123456789012345678901234567890123" },
	  0 },
	{ false,
	  "01234567890123456789012345678901234567890123456789012345678901234]]>]]>",
	  { NULL },
	  -EMSGSIZE },
	{ true, "\n#4\n<a/>\n##\n", { "<a/>" }, 0 },
	{ true, "\n#1\n<\n#3\na/>\n##\n\n#1\nx\n##\n", { "<a/>", "x" }, 0 },
	{ true, "\n#6\n]]>]]>\n##\n", { "]]>]]>" }, 0 },
	{ true, "\n#5\n\n##\nx\n##\n", { "\n##\nx" }, 0 },
	{ true,
	  "\n#64\n0123456789012345678901234567890123456789012345678901234567890123\n##\n",
	  { "0123456789012345678901234567890123456789012345678901234567890123" },
	  0 },
	{ true, "\n#65\n", { NULL }, -EMSGSIZE },
	{ true,
	  "\n#60\n012345678901234567890123456789012345678901234567890123456789\n#5\n",
	  { NULL },
	  -EMSGSIZE },
	{ true, "\n#4294967295\n", { NULL }, -EMSGSIZE },
	{ true, "\n#4294967296\n", { NULL }, -EBADMSG },
	{ true, "\n#99999999999999999999", { NULL }, -EBADMSG },
	{ true, "\n##\n", { NULL }, -EBADMSG },
	{ true, "\n#0\n", { NULL }, -EBADMSG },
	{ true, "\n#01\n", { NULL }, -EBADMSG },
	{ true, "\n#\n", { NULL }, -EBADMSG },
	{ true, "\n#-1\n", { NULL }, -EBADMSG },
	{ true, "\n#1 \n", { NULL }, -EBADMSG },
	{ true, "#1\n", { NULL }, -EBADMSG },
	{ true, "\n1\n", { NULL }, -EBADMSG },
	{ true, "\n#1\nab", { NULL }, -EBADMSG },
	{ true, "\n#1\na\n##x", { NULL }, -EBADMSG },
	{ true, "<a/>]]>]]>", { NULL }, -EBADMSG },
};

/* Pushes all octets, at most step at a time. */
static void run(size_t i, size_t step)
{
	const char *at = cases[i].octets;
	size_t left = strlen(at);
	struct erm_frame frame;
	size_t n = 0;
	int r = 0;

	erm_frame_init(&frame, LIMIT);
	frame.is_chunked = cases[i].is_chunked;
	while (left > 0 && r >= 0) {
		size_t used = 0;

		r = erm_frame_push(&frame, at, left < step ? left : step, &used);
		if (r < 0)
			break;
		ck_assert_uint_gt(used, 0);
		at += used;
		left -= used;
		if (r == 0)
			continue;
		ck_assert_ptr_nonnull(cases[i].messages[n]);
		ck_assert_str_eq(frame.text, cases[i].messages[n]);
		ck_assert_uint_eq(frame.len, strlen(cases[i].messages[n]));
		ck_assert(erm_frame_is_idle(&frame));
		n++;
	}
	ck_assert_ptr_null(cases[i].messages[n]);
	ck_assert_int_eq(cases[i].error, r < 0 ? r : 0);
	erm_frame_done(&frame);
}

START_TEST(test_cut)
{
	for (size_t step = 1; step <= strlen(cases[_i].octets); step++)
		run((size_t)_i, step);
}
END_TEST

START_TEST(test_idle)
{
	struct erm_frame frame;
	size_t used = 0;

	erm_frame_init(&frame, LIMIT);
	ck_assert(erm_frame_is_idle(&frame));
	ck_assert_int_eq(erm_frame_push(&frame, "<", 1, &used), 0);
	ck_assert(!erm_frame_is_idle(&frame));
	erm_frame_done(&frame);
	ck_assert(erm_frame_is_idle(&frame));
}
END_TEST

START_TEST(test_head)
{
	char head[ERM_FRAME_HEAD_MAX];
	char tail[ERM_FRAME_TAIL_MAX];

	erm_frame_head(true, 1234567, head);
	ck_assert_str_eq(head, "\n#1234567\n");
	erm_frame_tail(true, tail);
	ck_assert_str_eq(tail, "\n##\n");
	erm_frame_head(false, 5, head);
	ck_assert_str_eq(head, "");
	erm_frame_tail(false, tail);
	ck_assert_str_eq(tail, "]]>]]>");
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("netconf/frame");
	TCase *t = tcase_create("frame");

	tcase_add_loop_test(t, test_cut, 0, (int)ERM_ELEMENTS(cases));
	tcase_add_test(t, test_idle);
	tcase_add_test(t, test_head);
	suite_add_tcase(s, t);
	return s;
}

ERM_CHECK_MAIN(suite)
