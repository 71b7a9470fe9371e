#include <arpa/inet.h>
#include <check.h>
#include <errno.h>
#include <string.h>

#include "base/addr.h"
#include "base/cleanup.h"
#include "check_main.h"

/* text, and its RFC 5952 form; NULL: not an address */
static const struct {
	const char *text, *canonical;
	int family;
} cases[] = {
	{ "192.168.100.2", "192.168.100.2", AF_INET },
	{ "0.0.0.0", "0.0.0.0", AF_INET },
	{ "255.255.255.255", "255.255.255.255", AF_INET },
	{ "2001:db8::1", "2001:db8::1", AF_INET6 },
	{ "2001:0DB8:0:0:0:0:0:1", "2001:db8::1", AF_INET6 },
	{ "2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1", AF_INET6 },
	{ "2001:0:0:1:0:0:0:1", "2001:0:0:1::1", AF_INET6 },
	{ "::", "::", AF_INET6 },
	{ "::ffff:192.0.2.1", "::ffff:192.0.2.1", AF_INET6 },
	{ "", NULL, 0 },
	{ " 192.0.2.1", NULL, 0 },
	{ "192.0.2.1 ", NULL, 0 },
	{ "192.0.2", NULL, 0 },
	{ "192.0.2.256", NULL, 0 },
	{ "192.0.2.1/30", NULL, 0 },
	{ "192.0.2.01", NULL, 0 },
	{ "2001:db8::1/126", NULL, 0 },
	{ "fe80::1%eth0", NULL, 0 },
	{ "2001:db8::1::2", NULL, 0 },
	{ "1:2:3:4:5:6:7:8:9", NULL, 0 },
	{ "contoso.example", NULL, 0 },
};

START_TEST(test_parse_and_format)
{
	struct erm_addr addr = { .family = -1 };
	char buf[ERM_ADDR_STRLEN];
	int r = erm_addr_parse(cases[_i].text, &addr);

	if (!cases[_i].canonical) {
		ck_assert_int_eq(r, -EINVAL);
		ck_assert_int_eq(addr.family, -1); /* untouched on failure */
		return;
	}
	ck_assert_int_eq(r, 0);
	ck_assert_int_eq(addr.family, cases[_i].family);
	ck_assert_str_eq(erm_addr_format(&addr, buf), cases[_i].canonical);
}
END_TEST

START_TEST(test_longest_text_fits)
{
	struct erm_addr addr;
	char buf[ERM_ADDR_STRLEN];

	ck_assert_int_eq(erm_addr_parse("abcd:abcd:abcd:abcd:abcd:abcd:abcd:abcd", &addr), 0);
	ck_assert_str_eq(erm_addr_format(&addr, buf), "abcd:abcd:abcd:abcd:abcd:abcd:abcd:abcd");
}
END_TEST

START_TEST(test_unspecified)
{
	struct erm_addr none = { .family = AF_UNSPEC };
	char buf[ERM_ADDR_STRLEN] = "x";
	size_t len = 99;

	ck_assert_str_eq(erm_addr_format(&none, buf), "");
	(void)erm_addr_bytes(&none, &len);
	ck_assert_uint_eq(len, 0);
}
END_TEST

START_TEST(test_bytes_are_network_order)
{
	static const unsigned char v4[] = { 192, 0, 2, 1 };
	static const unsigned char v6[] = {
		0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2
	};
	struct erm_addr addr;
	size_t len = 0;
	const void *bytes = NULL;

	ck_assert_int_eq(erm_addr_parse("192.0.2.1", &addr), 0);
	bytes = erm_addr_bytes(&addr, &len);
	ck_assert_uint_eq(len, sizeof(v4));
	ck_assert_mem_eq(bytes, v4, sizeof(v4));
	ck_assert_int_eq(erm_addr_parse("2001:db8::102", &addr), 0);
	bytes = erm_addr_bytes(&addr, &len);
	ck_assert_uint_eq(len, sizeof(v6));
	ck_assert_mem_eq(bytes, v6, sizeof(v6));
}
END_TEST

static bool texts_equal(const char *x, const char *y)
{
	struct erm_addr a = { 0 };
	struct erm_addr b;

	/* What is behind an IPv4 address in the union must not matter. */
	memset(&b, 0xff, sizeof(b));
	b.family = AF_UNSPEC;
	if (*x)
		ck_assert_int_eq(erm_addr_parse(x, &a), 0);
	if (*y) {
		struct erm_addr parsed;

		ck_assert_int_eq(erm_addr_parse(y, &parsed), 0);
		b.family = parsed.family;
		if (parsed.family == AF_INET)
			b.v4 = parsed.v4;
		else
			b.v6 = parsed.v6;
	}
	ck_assert_int_eq(erm_addr_compare(&a, &b) == 0, erm_addr_equal(&a, &b));
	return erm_addr_equal(&a, &b) && erm_addr_equal(&b, &a);
}

START_TEST(test_equal)
{
	ck_assert(texts_equal("192.0.2.1", "192.0.2.1"));
	ck_assert(!texts_equal("192.0.2.1", "192.0.2.2"));
	ck_assert(texts_equal("2001:db8::1", "2001:DB8:0::1"));
	ck_assert(!texts_equal("2001:db8::1", "2001:db8::2"));
	ck_assert(!texts_equal("192.0.2.1", "::ffff:192.0.2.1"));
	ck_assert(!texts_equal("0.0.0.0", "::"));
	ck_assert(!texts_equal("0.0.0.0", ""));
	ck_assert(texts_equal("", ""));
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("base/addr");
	TCase *t = tcase_create("addr");

	tcase_add_loop_test(t, test_parse_and_format, 0, (int)ERM_ELEMENTS(cases));
	tcase_add_test(t, test_longest_text_fits);
	tcase_add_test(t, test_unspecified);
	tcase_add_test(t, test_bytes_are_network_order);
	tcase_add_test(t, test_equal);
	suite_add_tcase(s, t);
	return s;
}

ERM_CHECK_MAIN(suite)
