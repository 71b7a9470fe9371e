/* BMP messages: cut from the stream at every offset, and what each says. */
#include <check.h>
#include <errno.h>
#include <string.h>

#include "bmp_bytes.h"
#include "check_main.h"
#include "sources/bmp/census.h"
#include "sources/bmp/parse.h"

#define A "192.0.2.1"
#define B "2001:db8::1"

static const struct bmp_peer peer_a = { .addr = A, .as = 12076 };
static const struct bmp_peer peer_b = { .addr = B, .as = 4200000000, .distinguisher = 77 };

/* The only message of b. */
static struct erm_bmp_message parse(const struct bmp_bytes *b)
{
	struct erm_bmp_stream stream = { 0 };
	struct erm_bmp_message message;
	const uint8_t *data = b->data;
	size_t left = b->len;

	ck_assert_int_eq(erm_bmp_stream_take(&stream, &data, &left), 1);
	ck_assert_uint_eq(left, 0);
	ck_assert_int_eq(erm_bmp_message_parse(&stream, &message), 0);
	return message;
}

static void check_addr(const struct erm_addr *addr, const char *text)
{
	char buffer[ERM_ADDR_STRLEN];

	ck_assert_str_eq(erm_addr_format(addr, buffer), text);
}

START_TEST(the_bytes_of_a_peer_down)
{
	/* by hand, so that the builder of the other tests is not believed alone */
	static const uint8_t
		bytes[] = {
			3,    0,    0,    0,    70,   2, /* version, length, Peer Down */
			0,    0,    0,    0,    0,    0,    0,    0,    0,    0, /* global, no flags, no distinguisher */
			0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,
			0, /* IPv4: twelve zeros */
			192,  0,    2,    1,    0,    0,    0x2f, 0x2c, 10,   0,    0,
			1, /* peer, AS 12076, identifier */
			0x6a, 0,    0,    0,    0,    0,    0,    1, /* time */
			3,                                           /* remote NOTIFICATION */
			0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
			0xff, 0xff, 0xff, 0xff, 0xff, 0,    21,   3,    6,    2,
		};
	struct bmp_bytes b = { .len = 0 };
	struct erm_bmp_message message;

	ck_assert_uint_eq(sizeof(bytes), 70);
	bmp_put(&b, bytes, sizeof(bytes));
	message = parse(&b);
	ck_assert_uint_eq(message.type, ERM_BMP_PEER_DOWN);
	ck_assert(message.peer.is_session);
	check_addr(&message.peer.addr, A);
	ck_assert_uint_eq(message.peer.as, 12076);
	ck_assert_uint_eq(message.reason, ERM_BMP_REMOTE_NOTIFICATION);
	ck_assert(message.has_notification);
	ck_assert_uint_eq(message.code, 6);
	ck_assert_uint_eq(message.subcode, 2);
	ck_assert_str_eq(message.words, "");
}
END_TEST

START_TEST(a_peer_up)
{
	struct bmp_bytes b = { .len = 0 };
	struct erm_bmp_message message;

	bmp_peer_up(&b, &peer_b, "2001:db8::2");
	message = parse(&b);
	ck_assert_uint_eq(message.type, ERM_BMP_PEER_UP);
	ck_assert(message.peer.is_session);
	check_addr(&message.peer.addr, B);
	check_addr(&message.local, "2001:db8::2");
	ck_assert_uint_eq(message.peer.as, 4200000000);
	ck_assert(message.peer.distinguisher == 77);

	b.len = 0;
	bmp_peer_up(&b, &peer_a, "");
	message = parse(&b);
	check_addr(&message.peer.addr, A);
	ck_assert_int_eq(message.local.family, AF_UNSPEC);
}
END_TEST

START_TEST(the_routers_own_table_is_no_session)
{
	static const struct bmp_peer own = { .addr = A, .type = 3 };
	static const struct bmp_peer nobody = { .addr = "0.0.0.0" };
	struct bmp_bytes b = { .len = 0 };

	bmp_peer_up(&b, &own, "");
	ck_assert(!parse(&b).peer.is_session);
	b.len = 0;
	bmp_peer_up(&b, &nobody, "");
	ck_assert(!parse(&b).peer.is_session);
}
END_TEST

START_TEST(stats_of_all_and_of_one_family)
{
	struct bmp_bytes b = { .len = 0 };
	struct erm_bmp_message message;
	size_t at = 0;

	bmp_stats(&b, &peer_a, 4000);
	message = parse(&b);
	ck_assert(message.has_routes);
	ck_assert_uint_eq(message.routes, 4000);
	ck_assert(!message.has_routes_of[ERM_FAMILY_IPV4]);

	b.len = 0;
	bmp_stats(&b, &peer_a, UINT64_C(0x100000005));
	ck_assert_uint_eq(parse(&b).routes, UINT32_MAX);

	b.len = 0;
	at = bmp_begin(&b, ERM_BMP_STATS);
	bmp_put_peer(&b, &peer_a);
	bmp_put_be32(&b, 3);
	for (unsigned int afi = 1; afi <= 3; afi++) {
		bmp_put_be16(&b, 9);
		bmp_put_be16(&b, 11);
		bmp_put_be16(&b, afi);
		bmp_put_u8(&b, 1);
		bmp_put_be64(&b, UINT64_C(100) * afi);
	}
	bmp_end(&b, at);
	message = parse(&b);
	ck_assert(!message.has_routes);
	ck_assert(message.has_routes_of[ERM_FAMILY_IPV4]);
	ck_assert_uint_eq(message.routes_of[ERM_FAMILY_IPV4], 100);
	ck_assert_uint_eq(message.routes_of[ERM_FAMILY_IPV6], 200);
}
END_TEST

START_TEST(stats_that_promise_more_than_they_hold)
{
	struct bmp_bytes b = { .len = 0 };
	size_t at = bmp_begin(&b, ERM_BMP_STATS);
	struct erm_bmp_message message;

	bmp_put_peer(&b, &peer_a);
	bmp_put_be32(&b, UINT32_MAX);
	bmp_put_be16(&b, 7);
	bmp_put_be16(&b, 4); /* a gauge of four bytes is none */
	bmp_put_be32(&b, 1);
	bmp_put_be16(&b, 7);
	bmp_put_be16(&b, 2000);
	bmp_end(&b, at);
	message = parse(&b);
	ck_assert(!message.has_routes);
}
END_TEST

START_TEST(an_initiation_names_the_router)
{
	struct bmp_bytes b = { .len = 0 };
	size_t at = 0;

	bmp_initiation(&b, "edge\"1\"\x80");
	ck_assert_str_eq(parse(&b).name, "edge1?");

	b.len = 0;
	at = bmp_begin(&b, ERM_BMP_INITIATION);
	bmp_end(&b, at);
	ck_assert_str_eq(parse(&b).name, "");

	b.len = 0;
	at = bmp_begin(&b, ERM_BMP_INITIATION);
	bmp_put_be16(&b, 99); /* a type nobody knows */
	bmp_put_be16(&b, 1);
	bmp_put_u8(&b, 'x');
	bmp_put_be16(&b, 2);
	bmp_put_be16(&b, 40); /* longer than what is there */
	bmp_put_u8(&b, 'y');
	bmp_end(&b, at);
	ck_assert_str_eq(parse(&b).name, "");
}
END_TEST

START_TEST(a_termination_says_why)
{
	struct bmp_bytes b = { .len = 0 };
	struct erm_bmp_message message;

	bmp_termination(&b, 3);
	message = parse(&b);
	ck_assert_uint_eq(message.type, ERM_BMP_TERMINATION);
	ck_assert_ptr_nonnull(strstr(erm_bmp_termination_text(&message), "one too many"));
	message.termination_reason = 999;
	ck_assert_str_eq(erm_bmp_termination_text(&message), "terminated");
}
END_TEST

static const struct {
	unsigned int reason, code, subcode;
	enum erm_cause cause;
	const char *text;
} notifications[] = {
	{ 3, 6, 2, ERM_CAUSE_ADMIN_SHUTDOWN, "received Cease/Administrative Shutdown" },
	{ 1, 6, 2, ERM_CAUSE_NONE, "sent Cease/Administrative Shutdown" },
	{ 3, 6, 1, ERM_CAUSE_PREFIX_LIMIT, "received Cease/Maximum Number of Prefixes Reached" },
	{ 1, 6, 1, ERM_CAUSE_PREFIX_LIMIT, "sent Cease/Maximum Number of Prefixes Reached" },
	{ 3, 6, 10, ERM_CAUSE_BFD_DOWN, "received Cease/BFD Down" },
	{ 1, 6, 10, ERM_CAUSE_BFD_DOWN, "sent Cease/BFD Down" },
	{ 3, 4, 0, ERM_CAUSE_HOLD_EXPIRED, "received Hold Timer Expired" },
	{ 1, 4, 0, ERM_CAUSE_HOLD_EXPIRED, "sent Hold Timer Expired" },
	{ 3, 2, 2, ERM_CAUSE_WRONG_AS, "received OPEN Message Error/Bad Peer AS" },
	{ 3, 6, 4, ERM_CAUSE_PEER_CEASE, "received Cease/Administrative Reset" },
	{ 1, 6, 4, ERM_CAUSE_NONE, "sent Cease/Administrative Reset" },
	{ 3, 6, 7, ERM_CAUSE_NONE, "received Cease/Connection Collision Resolution" },
	{ 3, 6, 99, ERM_CAUSE_PEER_CEASE, "received Cease/99" },
	{ 3, 3, 1, ERM_CAUSE_NONE, "received UPDATE Message Error/1" },
	{ 3, 200, 5, ERM_CAUSE_NONE, "received NOTIFICATION 200/5" },
};

START_TEST(a_notification_names_the_cause)
{
	struct bmp_bytes b = { .len = 0 };
	struct erm_obs_session session = { .is_configured = true, .bgp = ERM_BGP_IDLE };
	struct erm_bmp_message message;

	bmp_peer_notified(&b, &peer_a, notifications[_i].reason, notifications[_i].code,
			  notifications[_i].subcode, "");
	message = parse(&b);
	erm_bmp_reset_take(&message, &session);
	ck_assert(session.is_configured);
	ck_assert(session.has_reset);
	ck_assert_str_eq(erm_cause_name(session.reset_cause),
			 erm_cause_name(notifications[_i].cause));
	ck_assert_uint_eq(session.error_code, notifications[_i].code);
	ck_assert_uint_eq(session.error_subcode, notifications[_i].subcode);
	ck_assert_str_eq(session.reset_text, notifications[_i].text);
}
END_TEST

START_TEST(an_operator_says_why)
{
	struct erm_obs_session session = { 0 };
	struct bmp_bytes b = { .len = 0 };
	char long_words[256] = "";
	struct erm_bmp_message message;

	bmp_peer_notified(&b, &peer_a, 3, 6, 2, "CHG 42;\n\xc3\xa9");
	message = parse(&b);
	erm_bmp_reset_take(&message, &session);
	ck_assert_str_eq(session.reset_text, "received Cease/Administrative Shutdown: CHG 42 ??");

	/* the longest of RFC 9003 is cut, not lost */
	memset(long_words, 'w', 255);
	b.len = 0;
	bmp_peer_notified(&b, &peer_a, 3, 6, 4, long_words);
	message = parse(&b);
	erm_bmp_reset_take(&message, &session);
	ck_assert_uint_eq(strlen(session.reset_text), ERM_TEXT_MAX - 1);

	/* only shutdown and reset have words */
	b.len = 0;
	bmp_peer_notified(&b, &peer_a, 3, 6, 1, "no words");
	ck_assert_str_eq(parse(&b).words, "");
}
END_TEST

START_TEST(other_reasons)
{
	struct erm_obs_session session = { .is_configured = true };
	struct bmp_bytes b = { .len = 0 };
	struct erm_bmp_message message;

	bmp_peer_down(&b, &peer_a, 2);
	message = parse(&b);
	erm_bmp_reset_take(&message, &session);
	ck_assert(!session.has_reset && session.is_configured);

	b.len = 0;
	bmp_peer_down(&b, &peer_a, 4);
	message = parse(&b);
	erm_bmp_reset_take(&message, &session);
	ck_assert(session.has_reset && session.is_configured);
	ck_assert_int_eq(session.reset_cause, ERM_CAUSE_PEER_CLOSED);

	b.len = 0;
	bmp_peer_down(&b, &peer_a, 99);
	message = parse(&b);
	erm_bmp_reset_take(&message, &session);
	ck_assert(!session.has_reset && session.is_configured);

	b.len = 0;
	bmp_peer_down(&b, &peer_a, 5);
	message = parse(&b);
	erm_bmp_reset_take(&message, &session);
	ck_assert(!session.has_reset && !session.is_configured);
}
END_TEST

START_TEST(a_notification_without_its_pdu)
{
	struct erm_obs_session session = { .is_configured = true };
	struct bmp_bytes whole = { .len = 0 };
	struct bmp_bytes b = { .len = 0 };
	struct erm_bmp_message message;

	bmp_peer_down(&b, &peer_a, 3);
	message = parse(&b);
	ck_assert(!message.has_notification);
	erm_bmp_reset_take(&message, &session);
	ck_assert(session.has_reset);
	ck_assert_int_eq(session.reset_cause, ERM_CAUSE_NONE);
	ck_assert_str_eq(session.reset_text, "received NOTIFICATION");

	/* nor with a part of it */
	bmp_peer_notified(&whole, &peer_a, 3, 6, 2, "");
	for (size_t len = 49; len < whole.len; len++) {
		b.len = 0;
		bmp_put(&b, whole.data, len);
		bmp_end(&b, 0);
		ck_assert(!parse(&b).has_notification);
	}
}
END_TEST

START_TEST(too_short_for_its_type)
{
	static const unsigned int types[] = { ERM_BMP_STATS, ERM_BMP_PEER_DOWN, ERM_BMP_PEER_UP };
	struct bmp_bytes b = { .len = 0 };

	bmp_peer_up(&b, &peer_a, "");
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		for (size_t len = 6; len < 49; len++) {
			struct erm_bmp_stream stream = { 0 };
			struct erm_bmp_message message = { .type = 77 };
			const uint8_t *data = b.data;
			size_t left = len;

			b.data[4] = (uint8_t)len;
			b.data[5] = (uint8_t)types[i];
			ck_assert_int_eq(erm_bmp_stream_take(&stream, &data, &left), 1);
			ck_assert_int_eq(erm_bmp_message_parse(&stream, &message), -EBADMSG);
			ck_assert_uint_eq(message.type, 77);
		}
	}
}
END_TEST

static void put_all(struct bmp_bytes *b)
{
	static const struct bmp_peer own = { .addr = "", .type = 3 };

	bmp_initiation(b, "edge1");
	bmp_peer_up(b, &peer_a, "192.0.2.2");
	bmp_peer_up(b, &peer_b, "2001:db8::2");
	bmp_peer_up(b, &own, "");
	bmp_routes(b, &peer_a, 3000);
	bmp_stats(b, &peer_a, 5);
	bmp_end(b, bmp_begin(b, 200));
	bmp_routes(b, &peer_a, 48);
	bmp_peer_notified(b, &peer_a, 3, 6, 2, "bye");
	bmp_peer_down(b, &peer_b, 2);
	bmp_termination(b, 0);
}

/* What the stream says, as numbers that change with anything in it. */
static uint64_t read_stream(const struct bmp_bytes *b, size_t first, size_t step,
			    unsigned int *ret_n)
{
	struct erm_bmp_stream stream = { 0 };
	uint64_t sum = 0;

	*ret_n = 0;
	for (size_t at = 0, end = first; at < b->len; at = end, end = at + step) {
		const uint8_t *data = b->data + at;
		size_t left = (end < b->len ? end : b->len) - at;

		end = at + left;
		while (erm_bmp_stream_take(&stream, &data, &left) == 1) {
			struct erm_bmp_message message;

			ck_assert_int_eq(erm_bmp_message_parse(&stream, &message), 0);
			(*ret_n)++;
			sum = sum * 31 + message.type;
			sum = sum * 31 + message.peer.as + message.local.family;
			sum = sum * 31 + message.reason + message.code + message.routes;
			sum = sum * 31 + strlen(message.words) + strlen(message.name);
		}
		ck_assert_uint_eq(left, 0);
	}
	ck_assert_uint_eq(stream.taken, stream.total);
	return sum;
}

START_TEST(cut_at_every_offset)
{
	struct bmp_bytes b = { .len = 0 };
	unsigned int n = 0;
	uint64_t whole = 0;

	put_all(&b);
	whole = read_stream(&b, b.len, b.len, &n);
	ck_assert_uint_eq(n, 11);
	for (size_t first = 1; first < b.len; first++) {
		ck_assert(read_stream(&b, first, b.len, &n) == whole);
		ck_assert_uint_eq(n, 11);
	}
	for (size_t step = 1; step < 80; step++) {
		ck_assert(read_stream(&b, step, step, &n) == whole);
		ck_assert_uint_eq(n, 11);
	}
}
END_TEST

START_TEST(routes_are_not_kept)
{
	struct erm_bmp_stream stream = { 0 };
	struct bmp_bytes b = { .len = 0 };
	const uint8_t *data = b.data;
	size_t left = 0;

	bmp_routes(&b, &peer_a, 3000);
	left = b.len;
	ck_assert_int_eq(erm_bmp_stream_take(&stream, &data, &left), 1);
	ck_assert_uint_eq(left, 0);
	ck_assert_uint_eq(stream.used, 6);
}
END_TEST

/* What a stream of these bytes ends in. */
static int take(const void *bytes, size_t len)
{
	struct erm_bmp_stream stream = { 0 };
	const uint8_t *data = bytes;
	size_t left = len;

	return erm_bmp_stream_take(&stream, &data, &left);
}

START_TEST(no_such_header)
{
	ck_assert_int_eq(take("G", 1), -EBADMSG); /* the first byte is enough */
	ck_assert_int_eq(take("\x04\0\0\0\x06\x04", 6), -EBADMSG);
	ck_assert_int_eq(take("\x03\0\0\0\x05\x04", 6), -EBADMSG);
	ck_assert_int_eq(take("\x03\0\0\0\0\x04", 6), -EBADMSG);
	ck_assert_int_eq(take("\x03\0\x01\0\x01\0", 6), -EMSGSIZE);
	ck_assert_int_eq(take("\x03\xff\xff\xff\xff\0", 6), -EMSGSIZE);
	ck_assert_int_eq(take("\x03\0\x01\0\0\0", 6), 0); /* 64 kB: the rest is to come */
	ck_assert_int_eq(take("\x03\0\0\0\x06\x04", 6), 1);
	ck_assert_int_eq(take("", 0), 0);
}
END_TEST

static int count(struct erm_bmp_census *census, uint32_t i, uint64_t distinguisher, uint32_t max)
{
	struct erm_bmp_peer_header peer = { .is_session = true, .distinguisher = distinguisher };

	peer.addr.family = AF_INET;
	peer.addr.v4.s_addr = htonl(0x0a000000 + i);
	return erm_bmp_census_add(census, &peer, max);
}

START_TEST(peers_are_counted_once)
{
	struct erm_bmp_census census = { 0 };

	for (unsigned int turn = 0; turn < 3; turn++)
		for (uint32_t i = 0; i < 10000; i++)
			ck_assert_int_eq(count(&census, i, i % 2, 10000), 0);
	ck_assert_uint_eq(census.n, 10000);
	ck_assert_uint_eq(census.n_slots, 16384);
	/* the one too many is refused, those that are known are not */
	ck_assert_int_eq(count(&census, 10000, 0, 10000), -ENOSPC);
	ck_assert_int_eq(count(&census, 0, 1, 10000), -ENOSPC); /* of another VRF */
	ck_assert_int_eq(count(&census, 7, 1, 10000), 0);
	ck_assert_uint_eq(census.n, 10000);
	erm_bmp_census_done(&census);
	ck_assert_int_eq(count(&census, 1, 0, 1), 0);
	ck_assert_int_eq(count(&census, 2, 0, 1), -ENOSPC);
	erm_bmp_census_done(&census);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("sources_bmp_parse");
	TCase *tc = tcase_create("messages");
	int n = sizeof(notifications) / sizeof(notifications[0]);

	tcase_add_test(tc, the_bytes_of_a_peer_down);
	tcase_add_test(tc, a_peer_up);
	tcase_add_test(tc, the_routers_own_table_is_no_session);
	tcase_add_test(tc, stats_of_all_and_of_one_family);
	tcase_add_test(tc, stats_that_promise_more_than_they_hold);
	tcase_add_test(tc, an_initiation_names_the_router);
	tcase_add_test(tc, a_termination_says_why);
	tcase_add_loop_test(tc, a_notification_names_the_cause, 0, n);
	tcase_add_test(tc, an_operator_says_why);
	tcase_add_test(tc, other_reasons);
	tcase_add_test(tc, a_notification_without_its_pdu);
	tcase_add_test(tc, too_short_for_its_type);
	tcase_add_test(tc, cut_at_every_offset);
	tcase_add_test(tc, routes_are_not_kept);
	tcase_add_test(tc, no_such_header);
	tcase_add_test(tc, peers_are_counted_once);
	suite_add_tcase(s, tc);
	return s;
}

ERM_CHECK_MAIN(suite)
