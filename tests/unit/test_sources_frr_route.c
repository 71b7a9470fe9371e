/* Who advertises a prefix and with which path, and what a source keeps of it. */
#include <errno.h>

#include "base/cleanup.h"
#include "check_main.h"
#include "recorded.h"
#include "sources/frr/command.h"
#include "sources/frr/route.h"

static int parse_copy(const char *text, size_t len, struct erm_frr_route **ret)
{
	_cleanup_free_ char *copy = recorded_copy(text, len);

	return erm_frr_route_parse(copy, len, ret);
}

/* How often prepended; -1: not received. */
static int prepends_from(const struct erm_frr_route *route, const char *neighbor)
{
	struct erm_addr addr = recorded_addr(neighbor);
	uint32_t prepends = 4711;

	if (erm_frr_route_from(route, &addr, &prepends))
		return (int)prepends;
	ck_assert_uint_eq(prepends, 4711);
	return -1;
}

static struct erm_frr_route *load(const char *name)
{
	struct erm_frr_route *route = NULL;
	size_t len = 0;
	_cleanup_free_ char *text = recorded_load("frr-8.4", name, "txt", &len);

	ck_assert_int_eq(parse_copy(text, len, &route), 0);
	return route;
}

START_TEST(test_golden_prepended)
{
	struct erm_frr_route *route = load("bgp-route-prepended");

	ck_assert_int_eq(prepends_from(route, "192.168.100.2"), 2);
	ck_assert_int_eq(prepends_from(route, "192.168.100.6"), 0);
	ck_assert_int_eq(prepends_from(route, "192.168.100.10"), -1);
	erm_frr_route_free(route);
}
END_TEST

START_TEST(test_golden_ipv6)
{
	struct erm_frr_route *route = load("bgp-route-ipv6");

	ck_assert_int_eq(prepends_from(route, "2001:db8:100:1::2"), 0);
	ck_assert_int_eq(prepends_from(route, "2001:db8:100:2::2"), -1);
	erm_frr_route_free(route);
}
END_TEST

/* Our own network is in the table, and received from nobody. */
START_TEST(test_golden_own_and_missing)
{
	struct erm_frr_route *own = load("bgp-route-own");
	struct erm_frr_route *missing = load("bgp-route-missing");

	ck_assert_int_eq(prepends_from(own, "192.168.100.2"), -1);
	ck_assert_int_eq(prepends_from(missing, "192.168.100.2"), -1);
	erm_frr_route_free(own);
	erm_frr_route_free(missing);
}
END_TEST

START_TEST(test_golden_unknown_vrf)
{
	struct erm_frr_route *route = NULL;
	size_t len = 0;
	_cleanup_free_ char *text = recorded_load("frr-8.4", "bgp-route-vrf-unknown", "txt", &len);

	ck_assert_int_eq(parse_copy(text, len, &route), -EBADMSG);
	ck_assert_ptr_null(route);
}
END_TEST

START_TEST(test_golden_cut_at_every_offset)
{
	size_t len = 0;
	_cleanup_free_ char *text = recorded_load("frr-8.4", "bgp-route-prepended", "txt", &len);

	while (len > 0 && text[len - 1] == '\n')
		len--;
	for (size_t n = 0; n < len; n++) {
		struct erm_frr_route *route = NULL;

		ck_assert_int_eq(parse_copy(text, n, &route), -EBADMSG);
		ck_assert_ptr_null(route);
	}
}
END_TEST

static const struct {
	const char *text;
	int r;
} shapes[] = {
	{ "{}", 0 },
	{ "{\"paths\":[]}", 0 },
	{ "{\"paths\":[1,\"x\",null,{}]}", 0 },
	{ "{\"paths\":{}}", -EBADMSG },
	{ "{\"warning\":\"View/Vrf is unknown\"}", -EBADMSG },
	{ "[]", -EBADMSG },
	{ "", -EBADMSG },
	{ "% Network not in table", -EBADMSG },
};

START_TEST(test_shapes)
{
	struct erm_frr_route *route = NULL;

	ck_assert_int_eq(parse_copy(shapes[_i].text, strlen(shapes[_i].text), &route),
			 shapes[_i].r);
	if (shapes[_i].r == 0)
		ck_assert_int_eq(prepends_from(route, "192.0.2.1"), -1);
	erm_frr_route_free(route);
}
END_TEST

#define SEQUENCE(list) "{\"segments\":[{\"type\":\"as-sequence\",\"list\":[" list "]}]}"

static const struct {
	const char *as_path;
	int prepends;
} as_paths[] = {
	{ SEQUENCE("12076"), 0 },
	{ SEQUENCE("12076,12076"), 1 },
	{ SEQUENCE("12076,12076,12076,8075"), 2 },
	{ SEQUENCE("65010,12076,12076"), 1 },
	{ SEQUENCE("12076,65010,12076"), 0 },
	{ SEQUENCE("12076,12076,65010,12076,12076,12076"), 2 },
	{ SEQUENCE("65010,65010"), 0 },
	{ SEQUENCE(""), 0 },
	{ SEQUENCE("\"12076\",\"0.12076\""), 1 },
	{ SEQUENCE("\"1.12076\",12076"), 0 },
	{ SEQUENCE("null,{},12076,true,12076"), 0 },
	{ "{\"segments\":[{\"type\":\"as-sequence\",\"list\":[12076]},"
	  "{\"type\":\"as-sequence\",\"list\":[12076]}]}",
	  1 },
	{ "{\"segments\":[{\"type\":\"as-sequence\",\"list\":[12076]},"
	  "{\"type\":\"as-set\",\"list\":[12076,12076]},{\"type\":\"as-sequence\",\"list\":[12076]}]}",
	  0 },
	{ "{\"segments\":[]}", 0 },
	{ "{\"segments\":[1,null]}", 0 },
	{ "{\"string\":\"12076 12076  12076\"}", 2 },
	{ "{\"string\":\"12076 {12076} 12076\"}", 0 },
	{ "{\"string\":\"120761 12076 112076\"}", 0 },
	{ "{\"string\":\"Local\"}", 0 },
	{ "{\"string\":\"\"}", 0 },
	{ "{}", 0 },
	{ "7", 0 },
};

START_TEST(test_as_paths)
{
	struct erm_frr_route *route = NULL;
	char text[512];

	(void)!snprintf(text, sizeof(text),
			"{\"paths\":[{\"aspath\":%s,\"peer\":{\"peerId\":\"192.0.2.1\"}}]}",
			as_paths[_i].as_path);
	ck_assert_msg(parse_copy(text, strlen(text), &route) == 0, "refused: %s", text);
	ck_assert_msg(prepends_from(route, "192.0.2.1") == as_paths[_i].prepends, "%s: %d", text,
		      prepends_from(route, "192.0.2.1"));
	erm_frr_route_free(route);
}
END_TEST

/* A withdrawn path stays in the table for a moment; of several the most counts. */
START_TEST(test_several_paths)
{
	static const char text[] =
		"{\"paths\":[{\"removed\":true,\"peer\":{\"peerId\":\"192.0.2.1\"}},"
		"{\"peer\":{\"peerId\":\"192.0.2.2\"},\"aspath\":" SEQUENCE(
			"12076,12076") "},"
				       "{\"peer\":{\"peerId\":\"192.0.2.2\"},\"aspath\":" SEQUENCE(
					       "12076") "}]}";
	struct erm_frr_route *route = NULL;

	ck_assert_int_eq(parse_copy(text, strlen(text), &route), 0);
	ck_assert_int_eq(prepends_from(route, "192.0.2.1"), -1);
	ck_assert_int_eq(prepends_from(route, "192.0.2.2"), 1);
	erm_frr_route_free(route);
}
END_TEST

static const struct {
	const char *vrf, *addr;
	uint8_t length;
	const char *command; /* NULL: -EINVAL */
} commands[] = {
	{ NULL, "10.1.0.0", 16, "show bgp ipv4 unicast 10.1.0.0/16 json" },
	{ NULL, "10.1.255.255", 12, "show bgp ipv4 unicast 10.0.0.0/12 json" },
	{ NULL, "255.255.255.255", 0, "show bgp ipv4 unicast 0.0.0.0/0 json" },
	{ NULL, "192.0.2.255", 32, "show bgp ipv4 unicast 192.0.2.255/32 json" },
	{ NULL, "192.0.2.255", 31, "show bgp ipv4 unicast 192.0.2.254/31 json" },
	{ "a", "2001:db8:1:2::3", 33, "show bgp vrf a ipv6 unicast 2001:db8::/33 json" },
	{ "a", "2001:db8::1", 128, "show bgp vrf a ipv6 unicast 2001:db8::1/128 json" },
	{ "a", "2001:db8::1", 0, "show bgp vrf a ipv6 unicast ::/0 json" },
	{ NULL, "10.1.0.0", 33, NULL },
	{ NULL, "::", 129, NULL },
	{ "a b", "10.1.0.0", 16, NULL },
};

START_TEST(test_commands)
{
	struct erm_prefix prefix = { .addr = recorded_addr(commands[_i].addr),
				     .length = commands[_i].length };
	char command[ERM_FRR_COMMAND_MAX] = "";
	int r = erm_frr_command_route(commands[_i].vrf, &prefix, command);

	ck_assert_int_eq(r, commands[_i].command ? 0 : -EINVAL);
	if (r == 0)
		ck_assert_str_eq(command, commands[_i].command);
}
END_TEST

START_TEST(test_longest_command)
{
	struct erm_prefix prefix = {
		.addr = recorded_addr("aaaa:aaaa:aaaa:aaaa:aaaa:aaaa:aaaa:aaaa"), .length = 128
	};
	char command[ERM_FRR_COMMAND_MAX] = "";

	ck_assert_int_eq(erm_frr_command_route("vrf-name-of-thirty-five-characters-", &prefix,
					       command),
			 0);
	ck_assert_str_eq(command + strlen(command) - 5, " json");
}
END_TEST

static Suite *frr_route_suite(void)
{
	Suite *suite = suite_create("sources/frr_route");
	TCase *all = tcase_create("all");

	tcase_add_test(all, test_golden_prepended);
	tcase_add_test(all, test_golden_ipv6);
	tcase_add_test(all, test_golden_own_and_missing);
	tcase_add_test(all, test_golden_unknown_vrf);
	tcase_add_test(all, test_golden_cut_at_every_offset);
	tcase_add_loop_test(all, test_shapes, 0, (int)ERM_ELEMENTS(shapes));
	tcase_add_loop_test(all, test_as_paths, 0, (int)ERM_ELEMENTS(as_paths));
	tcase_add_test(all, test_several_paths);
	tcase_add_loop_test(all, test_commands, 0, (int)ERM_ELEMENTS(commands));
	tcase_add_test(all, test_longest_command);
	suite_add_tcase(suite, all);
	return suite;
}

ERM_CHECK_MAIN(frr_route_suite)
