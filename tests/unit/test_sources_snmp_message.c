/* SNMP's octets: golden messages, keys of RFC 3414 and RFC 3826, and every cut. */
#include <arpa/inet.h>
#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "check_main.h"
#include "sources/snmp_router_address.h"
#include "sources/snmp_router_message.h"

/* sysUpTime.0 and an empty instance, answered by request 0x01020304 */
static const uint8_t golden_answer[] = {
	0x30, 0x3a, 0x02, 0x01, 0x01, 0x04, 0x06, 'p',  'u',  'b',  'l',  'i',  'c',  0xa2, 0x2d,
	0x02, 0x04, 0x01, 0x02, 0x03, 0x04, 0x02, 0x01, 0x00, 0x02, 0x01, 0x00, 0x30, 0x1f, 0x30,
	0x0f, 0x06, 0x08, 0x2b, 0x06, 0x01, 0x02, 0x01, 0x01, 0x03, 0x00, 0x43, 0x03, 0x01, 0x86,
	0xa0, 0x30, 0x0c, 0x06, 0x08, 0x2b, 0x06, 0x01, 0x02, 0x01, 0x0f, 0x02, 0x00, 0x81, 0x00,
};

static const uint8_t golden_request[] = {
	0x30, 0x29, 0x02, 0x01, 0x01, 0x04, 0x06, 'p',  'u',  'b',  'l',  'i',  'c',  0xa0, 0x1c,
	0x02, 0x04, 0x01, 0x02, 0x03, 0x04, 0x02, 0x01, 0x00, 0x02, 0x01, 0x00, 0x30, 0x0e, 0x30,
	0x0c, 0x06, 0x08, 0x2b, 0x06, 0x01, 0x02, 0x01, 0x01, 0x03, 0x00, 0x05, 0x00,
};

static const struct erm_snmpr_oid uptime = { 9, { 1, 3, 6, 1, 2, 1, 1, 3, 0 } };
static struct erm_snmpr_credentials v2c = { .community = "public" };
static struct erm_snmpr_pdu pdu;

static int open_copy(const uint8_t *octets, size_t len)
{
	struct erm_snmpr_security security = { .credentials = &v2c };
	struct erm_snmpr_message m = { 0 };
	uint8_t *copy = malloc(len ? len : 1); /* so that a sanitizer sees a step too far */
	bool is_authentic = false;
	int r;

	ck_assert_ptr_nonnull(copy);
	memcpy(copy, octets, len);
	r = erm_snmpr_message_parse(copy, len, &m);
	if (r >= 0)
		r = erm_snmpr_message_open(&security, &m, copy, len, &pdu, &is_authentic);
	free(copy);
	return r;
}

START_TEST(a_request)
{
	struct erm_snmpr_security security = { .credentials = &v2c };
	struct erm_snmpr_request request = { .command = ERM_SNMPR_GET, .names = &uptime, .n = 1 };
	uint8_t buffer[ERM_SNMPR_REQUEST_MAX];
	const uint8_t *octets = NULL;
	size_t len = 0;

	ck_assert_int_eq(erm_snmpr_message_write(&security, &request, 0x01020304, buffer, &octets,
						 &len),
			 0);
	ck_assert_uint_eq(len, sizeof(golden_request));
	ck_assert_mem_eq(octets, golden_request, len);
}
END_TEST

START_TEST(a_request_that_does_not_fit)
{
	static struct erm_snmpr_oid names[24];
	struct erm_snmpr_security security = { .credentials = &v2c };
	struct erm_snmpr_request request = { .command = ERM_SNMPR_GET, .names = names, .n = 24 };
	uint8_t buffer[ERM_SNMPR_REQUEST_MAX];
	const uint8_t *octets = NULL;
	size_t len = 0;

	for (unsigned int i = 0; i < 24; i++) {
		names[i].n = ERM_SNMPR_OID_MAX;
		names[i].ids[0] = 1;
	}
	ck_assert_int_eq(erm_snmpr_message_write(&security, &request, 1, buffer, &octets, &len),
			 -EMSGSIZE);
}
END_TEST

START_TEST(an_answer)
{
	ck_assert_int_eq(open_copy(golden_answer, sizeof(golden_answer)), 0);
	ck_assert_int_eq(pdu.command, ERM_SNMPR_RESPONSE);
	ck_assert_int_eq(pdu.request_id, 0x01020304);
	ck_assert_uint_eq(pdu.n, 2);
	ck_assert(erm_snmpr_oid_equal(&pdu.varbinds[0].name, &uptime));
	ck_assert_int_eq(pdu.varbinds[0].number, 100000);
	ck_assert_int_eq(pdu.varbinds[1].type, ERM_SNMPR_NO_INSTANCE);
}
END_TEST

START_TEST(an_answer_cut_anywhere)
{
	for (size_t len = 0; len < sizeof(golden_answer); len++)
		ck_assert_int_eq(open_copy(golden_answer, len), -EBADMSG);
}
END_TEST

START_TEST(an_answer_with_any_octet_spoilt)
{
	uint8_t spoilt[sizeof(golden_answer)];

	for (size_t i = 0; i < sizeof(spoilt); i++) {
		for (unsigned int v = 0; v < 256; v++) {
			memcpy(spoilt, golden_answer, sizeof(spoilt));
			spoilt[i] = (uint8_t)v;
			(void)open_copy(spoilt, sizeof(spoilt)); /* neither crash nor overrun */
			ck_assert_uint_le(pdu.n, ERM_SNMPR_VARBINDS_MAX);
		}
	}
}
END_TEST

START_TEST(integers)
{
	static const int32_t values[] = { 0,   1,     -1,     127,   128,       -128,     -129,
					  255, 32767, -32768, 32768, INT32_MAX, INT32_MIN };

	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		uint8_t buffer[8];
		struct erm_ber_writer w = erm_ber_writer_init(buffer, sizeof(buffer));
		struct erm_reader r;
		int32_t got = 0;

		erm_ber_put_int(&w, values[i]);
		r = erm_reader_init(w.at, (size_t)(w.end - w.at));
		ck_assert(erm_ber_int(&r, &got));
		ck_assert_int_eq(got, values[i]);
	}
}
END_TEST

START_TEST(object_identifiers)
{
	static const struct erm_snmpr_oid oids[] = {
		{ 2, { 1, 3 } },
		{ 2, { 2, 100 } },
		{ 6, { 1, 3, 127, 128, 16384, UINT32_MAX } },
	};
	static const uint8_t too_large[] = { 0x2b, 0x90, 0x80, 0x80, 0x80, 0x00 };
	struct erm_reader r = erm_reader_init(too_large, sizeof(too_large));
	struct erm_snmpr_oid got;

	ck_assert(!erm_ber_oid(&r, &got));
	for (size_t i = 0; i < 3; i++) {
		uint8_t buffer[64];
		struct erm_ber_writer w = erm_ber_writer_init(buffer, sizeof(buffer));
		struct erm_reader contents;

		erm_ber_put_oid(&w, &oids[i]);
		r = erm_reader_init(w.at, (size_t)(w.end - w.at));
		ck_assert(erm_ber_enter(&r, ERM_BER_OID, &contents));
		ck_assert(erm_ber_oid(&contents, &got));
		ck_assert(erm_snmpr_oid_equal(&got, &oids[i]));
	}
	ck_assert_int_lt(erm_snmpr_oid_compare(&oids[0], &oids[2]), 0);
	ck_assert_int_gt(erm_snmpr_oid_compare(&oids[1], &oids[2]), 0);
	ck_assert(erm_snmpr_oid_is_below(&oids[2], &oids[0]));
	ck_assert(!erm_snmpr_oid_is_below(&oids[0], &oids[2]));
}
END_TEST

/* RFC 3414 appendix A.3.1 and A.3.2 */
START_TEST(keys_of_the_standard)
{
	static const uint8_t engine[12] = { [11] = 2 };
	static const uint8_t md5[] = { 0x52, 0x6f, 0x5e, 0xed, 0x9f, 0xcc, 0xe2, 0x6f,
				       0x89, 0x64, 0xc2, 0x93, 0x07, 0x87, 0xd8, 0x2b };
	static const uint8_t sha[] = { 0x66, 0x95, 0xfe, 0xbc, 0x92, 0x88, 0xe3, 0x62, 0x82, 0x23,
				       0x5f, 0xc7, 0x15, 0x1f, 0x12, 0x84, 0x97, 0xb3, 0x8f, 0x3f };
	struct erm_snmpr_credentials c = { .user = "u", .auth_password = "maplesyrup" };
	struct erm_snmpr_keys keys;
	struct erm_snmpr_keys local;

	c.auth = ERM_SNMPR_AUTH_MD5;
	ck_assert_int_eq(erm_snmpr_keys_make(&c, &keys), 0);
	ck_assert_int_eq(erm_snmpr_keys_localize(&keys, engine, sizeof(engine), &local), 0);
	ck_assert_mem_eq(local.auth_key, md5, sizeof(md5));
	c.auth = ERM_SNMPR_AUTH_SHA;
	ck_assert_int_eq(erm_snmpr_keys_make(&c, &keys), 0);
	ck_assert_int_eq(erm_snmpr_keys_localize(&keys, engine, sizeof(engine), &local), 0);
	ck_assert_mem_eq(local.auth_key, sha, sizeof(sha));
}
END_TEST

START_TEST(what_is_encrypted_comes_back)
{
	struct erm_snmpr_credentials c = { .user = "u",
					   .auth = ERM_SNMPR_AUTH_SHA,
					   .auth_password = "maplesyrup",
					   .priv_password = "syrupmaple" };
	static const uint8_t salt[ERM_SNMPR_SALT_LEN] = { 1, 2, 3, 4, 5, 6, 7, 8 };

	for (int priv = ERM_SNMPR_PRIV_AES128; priv <= ERM_SNMPR_PRIV_AES256C; priv++) {
		struct erm_snmpr_keys keys;
		struct erm_snmpr_keys local;
		char text[] = "a text of no round number of octets";
		char plain[sizeof(text)];

		memcpy(plain, text, sizeof(text));
		c.priv = (enum erm_snmpr_priv)priv;
		ck_assert_int_eq(erm_snmpr_keys_make(&c, &keys), 0);
		ck_assert_int_eq(erm_snmpr_keys_localize(&keys, salt, 5, &local), 0);
		ck_assert_int_eq(erm_snmpr_crypt(&local, true, 1, 2, salt, (uint8_t *)text,
						 sizeof(text)),
				 0);
		ck_assert_mem_ne(text, plain, sizeof(text));
		ck_assert_int_eq(erm_snmpr_crypt(&local, false, 1, 2, salt, (uint8_t *)text,
						 sizeof(text)),
				 0);
		ck_assert_mem_eq(text, plain, sizeof(text));
	}
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

static Suite *message_suite(void)
{
	Suite *s = suite_create("sources_snmp_message");
	TCase *tc = tcase_create("octets");

	tcase_add_test(tc, a_request);
	tcase_add_test(tc, a_request_that_does_not_fit);
	tcase_add_test(tc, an_answer);
	tcase_add_test(tc, an_answer_cut_anywhere);
	tcase_add_test(tc, an_answer_with_any_octet_spoilt);
	tcase_add_test(tc, integers);
	tcase_add_test(tc, object_identifiers);
	tcase_add_test(tc, keys_of_the_standard);
	tcase_add_test(tc, what_is_encrypted_comes_back);
	tcase_add_test(tc, addresses);
	suite_add_tcase(s, tc);
	return s;
}

ERM_CHECK_MAIN(message_suite)
