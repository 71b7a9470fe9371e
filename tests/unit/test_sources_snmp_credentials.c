/* The credentials file: its words, its rights, and that no error shows a secret. */
#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check_main.h"
#include "sources/snmp_router/credentials.h"

static struct erm_snmpr_credentials c;
static char error[ERM_SNMPR_ERROR_MAX];

static int parse(const char *text)
{
	memset(&c, 0, sizeof(c));
	error[0] = '\0';
	return erm_snmpr_credentials_parse(text, strlen(text), &c, error);
}

START_TEST(a_community)
{
	ck_assert_int_eq(parse("# v2c\n\n  community =  public \r\n"), 0);
	ck_assert_str_eq(c.community, "public");
	ck_assert_str_eq(c.user, "");
	ck_assert_int_eq(parse("community = a=b c"), 0); /* no newline at the end */
	ck_assert_str_eq(c.community, "a=b c");
}
END_TEST

START_TEST(a_user)
{
	ck_assert_int_eq(parse("user = monitor\n"), 0);
	ck_assert_int_eq(c.auth, ERM_SNMPR_AUTH_NONE);
	ck_assert_int_eq(parse("user=m\nauth-protocol=sha-512\nauth-password=12345678\n"
			       "priv-protocol=AES-256-C\npriv-password=87654321\n"),
			 0);
	ck_assert_int_eq(c.auth, ERM_SNMPR_AUTH_SHA512);
	ck_assert_int_eq(c.priv, ERM_SNMPR_PRIV_AES256C);
	ck_assert_str_eq(c.auth_password, "12345678");
	ck_assert_str_eq(c.priv_password, "87654321");
}
END_TEST

static const struct {
	const char *text, *error;
} wrong[] = {
	{ "", "neither community nor user is given" },
	{ "comunity = x\n", "line 1: comunity: no such key" },
	{ "\ncommunity = \n", "line 2: community: no value" },
	{ "community = a\ncommunity = b\n", "line 2: community: given twice" },
	{ "community = a\nuser = b\n", "community and user exclude each other" },
	{ "sesame\n", "line 1: no '='" },
	{ "user = u\nauth-password = short\n", "line 2: auth-password: shorter than 8 characters" },
	{ "user = u\nauth-protocol = DES\n",
	  "line 2: auth-protocol: none of MD5, SHA, SHA-224, SHA-256, SHA-384, SHA-512" },
	{ "user = u\npriv-protocol = DES\n",
	  "line 2: priv-protocol: none of AES, AES-192, AES-256, AES-192-C, AES-256-C" },
	{ "user = u\nauth-protocol = SHA\n", "auth-password is missing" },
	{ "user = u\nauth-password = 12345678\n", "auth-protocol is missing" },
	{ "user = u\nauth-protocol = SHA\nauth-password = 12345678\npriv-protocol = AES\n",
	  "priv-password is missing" },
	{ "user = u\npriv-protocol = AES\npriv-password = 12345678\n",
	  "priv-protocol needs auth-protocol" },
	{ "auth-protocol = SHA\n", "user is missing" },
	{ "user = 123456789012345678901234567890123\n", "line 1: user: too long" },
};

START_TEST(errors_name_line_and_word)
{
	ck_assert_int_eq(parse(wrong[_i].text), -EINVAL);
	ck_assert_str_eq(error, wrong[_i].error);
	ck_assert_str_eq(c.community, ""); /* nothing is handed out */
	ck_assert_str_eq(c.user, "");
}
END_TEST

START_TEST(a_nul_is_an_error)
{
	static const char text[] = "community = a\0b\n";

	ck_assert_int_eq(erm_snmpr_credentials_parse(text, sizeof(text) - 1, &c, error), -EINVAL);
	ck_assert_str_eq(error, "line 1: a NUL");
}
END_TEST

START_TEST(no_error_shows_a_secret)
{
	static const char text[] =
		"user = monitor\nauth-protocol = SHA\nauth-password = sesame123\n"
		"priv-protocol = AES\npriv-password = sesame456\n";

	for (size_t len = 0; len <= sizeof(text) - 1; len++) {
		error[0] = '\0';
		(void)erm_snmpr_credentials_parse(text, len, &c, error);
		ck_assert_ptr_null(strstr(error, "sesame"));
	}
}
END_TEST

static char path[64];

static void make_file(const char *text, mode_t mode)
{
	FILE *f = fopen(path, "we");

	ck_assert_ptr_nonnull(f);
	ck_assert_int_ge(fputs(text, f), 0);
	ck_assert_int_eq(fclose(f), 0);
	ck_assert_int_eq(chmod(path, mode), 0);
}

static int read_it(void)
{
	return erm_snmpr_credentials_read(path, &c, error);
}

START_TEST(the_file)
{
	static char dir[] = "/tmp/ermon-credentials-XXXXXX";
	char *big = calloc(1, ERM_SNMPR_CREDENTIALS_MAX + 2);

	ck_assert_ptr_nonnull(mkdtemp(dir));
	(void)snprintf(path, sizeof(path), "%s/ce1", dir);
	ck_assert_int_eq(read_it(), -ENOENT);
	ck_assert_ptr_eq(strstr(error, path), error);
	make_file("community = public\n", 0640);
	ck_assert_int_eq(read_it(), 0);
	ck_assert_str_eq(c.community, "public");
	for (mode_t bit = 1; bit <= 4; bit <<= 1) {
		make_file("community = public\n", 0640 | bit);
		ck_assert_int_eq(read_it(), -EPERM);
		ck_assert_ptr_nonnull(strstr(error, "others may"));
	}
	make_file("community = public\nno-key = 1\n", 0600);
	ck_assert_int_eq(read_it(), -EINVAL);
	ck_assert_ptr_nonnull(strstr(error, "ce1: line 2: no-key: no such key"));
	memset(big, '#', ERM_SNMPR_CREDENTIALS_MAX + 1);
	make_file(big, 0600);
	ck_assert_int_eq(read_it(), -EFBIG);
	ck_assert_int_eq(unlink(path), 0);
	ck_assert_int_eq(mkfifo(path, 0600), 0); /* must not be waited for */
	ck_assert_int_eq(read_it(), -EPERM);
	ck_assert_ptr_nonnull(strstr(error, "not a regular file"));
	ck_assert_int_eq(unlink(path), 0);
	ck_assert_int_eq(rmdir(dir), 0);
	free(big);
}
END_TEST

static Suite *credentials_suite(void)
{
	Suite *s = suite_create("sources_snmp_credentials");
	TCase *tc = tcase_create("file");

	tcase_add_test(tc, a_community);
	tcase_add_test(tc, a_user);
	tcase_add_loop_test(tc, errors_name_line_and_word, 0,
			    (int)(sizeof(wrong) / sizeof(wrong[0])));
	tcase_add_test(tc, a_nul_is_an_error);
	tcase_add_test(tc, no_error_shows_a_secret);
	tcase_add_test(tc, the_file);
	suite_add_tcase(s, tc);
	return s;
}

ERM_CHECK_MAIN(credentials_suite)
