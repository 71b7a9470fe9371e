/* Every class of error and warning: its line, its word, what is wrong, what would be right. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "check_main.h"
#include "yang/conf_file.h"
#include "yang_fixture.h"

#define SMALL_LINES 12 /* of yang_small_file */

/* Each text follows yang_small_file and has exactly one error (or warning); lines are counted behind it. */
struct bad_file {
	const char *text;
	int line; /* behind yang_small_file; negative or 0: a line of it, counted from its last one */
	const char *word, *problem, *remedy;
};

static const struct bad_file errors[] = {
	/* sections */
	{ "[circiut c2]\nsku = local\n", 1, "circiut", "unknown section [circiut]",
	  "did you mean \"circuit\"?" },
	{ "[xyzzyx]\n", 1, "xyzzyx", "unknown section [xyzzyx]",
	  "sections are agent, source, port, port-pair, circuit, connection, session, group" },
	{ "[connection c1]\n", 1, "connection", "section [connection c1] has 2 words instead of 3",
	  "write [connection CIRCUIT ROLE]" },
	{ "[session c1 primary private]\n", 1, "session",
	  "section [session c1 primary private] has 4 words instead of 5",
	  "write [session CIRCUIT ROLE PEERING FAMILY]" },
	{ "[agent x]\n", 1, "x", "section [agent x] has 2 words instead of 1", "write [agent]" },
	{ "[port a b]\n", 1, "b", "section [port a b] has 3 words instead of 2",
	  "write [port NAME]" },
	{ "[hold]\n", 1, "hold", "section [hold] needs a second word",
	  "one of service-down, redundancy-lost, not-redundant, degraded, state-unknown, "
	  "port-down, session-down, flapping" },
	{ "[hold service-dwon]\n", 1, "service-dwon", "unknown section [hold service-dwon]",
	  "did you mean \"service-down\"?" },
	{ "[connection c1 thirdary]\n", 1, "thirdary", "role cannot be \"thirdary\"",
	  "one of primary, secondary" },
	{ "[session c1 primary privat ipv4]\n", 1, "privat", "peering cannot be \"privat\"",
	  "did you mean \"private\"? It is one of private, microsoft, azure-public" },
	{ "[port eth0:1]\n", 1, "eth0:1", "name cannot be \"eth0:1\"",
	  "it has 1..63 characters: A name is made of letters, digits and . _ / - only." },
	{ "[circuit c1]\n", 1, "c1", "section [circuit c1] is there twice; first in line 3",
	  "put all its keys below one of the two" },
	{ "[session c1 primary private ipv4]\nneighbor = 1.2.3.2\n", 1, "c1",
	  "section [session c1 primary private ipv4] is there twice; first in line 9",
	  "put all its keys below one of the two" },
	{ "[agent]\n[agent]\n", 2, "agent", "section [agent] is there twice; first in line 13",
	  "put all its keys below one of the two" },
	{ "[hold degraded]\n[hold degraded]\n", 2, "degraded",
	  "section [hold degraded] is there twice; first in line 13",
	  "put all its keys below one of the two" },
	/* keys */
	{ "[agent]\nremind-interval = 5\n", 2, "remind-interval",
	  "unknown key \"remind-interval\" in [agent]", "did you mean \"reminder-interval\"?" },
	{ "[session c1 primary private ipv6]\nneighbor = fd00::2\nneighbour = fd00::2\n", 3,
	  "neighbour", "unknown key \"neighbour\" in [session CIRCUIT ROLE PEERING FAMILY]",
	  "did you mean \"neighbor\"?" },
	{ "[port p]\nxyzzy = 1\n", 2, "xyzzy", "unknown key \"xyzzy\" in [port NAME]",
	  "keys are interface" },
	{ "[port p]\nname = p\n", 2, "name", "\"name\" is a word of [port NAME], not a key",
	  "leave it out" },
	{ "[agent]\nname = a\nname = b\n", 3, "name", "\"name\" is set twice; first in line 14",
	  "keep one of the two" },
	{ "[agent]\nversion = 1\n", 2, "version", "unknown key \"version\" in [agent]",
	  "keys are name, reminder-interval, " },
	/* values */
	{ "[agent]\nsnmp = yes\n", 2, "yes", "snmp cannot be \"yes\"", "true or false" },
	{ "[agent]\nmin-interval = soon\n", 2, "soon", "min-interval cannot be \"soon\"",
	  "a number, 0..86400, with at most 3 decimals (seconds)" },
	{ "[agent]\nheartbeat-interval = 0.5\n", 2, "0.5", "heartbeat-interval cannot be \"0.5\"",
	  "a number, 0 or 1..31536000, with at most 3 decimals (seconds)" },
	{ "[agent]\nagentx-ping-interval = 0.0999\n", 2, "0.0999",
	  "agentx-ping-interval cannot be \"0.0999\"",
	  "a number, 0.1..3600, with at most 3 decimals (seconds)" },
	{ "[agent]\nflap-reuse = -1\n", 2, "-1", "flap-reuse cannot be \"-1\"",
	  "a whole number, 1..1000000" },
	{ "[agent]\nagentx-socket = agentx\n", 2, "agentx", "agentx-socket cannot be \"agentx\"",
	  "it has 2..107 characters: Give an absolute path, or a transport with its address such "
	  "as tcp:127.0.0.1:705." },
	{ "[circuit c2]\nconnectivity-model = anytoany\n[connection c2 primary]\ninterface = e\n",
	  2, "anytoany", "connectivity-model cannot be \"anytoany\"",
	  "did you mean \"any-to-any\"? It is one of cloud-exchange, point-to-point, managed-l3, "
	  "any-to-any, direct" },
	{ "[session c1 primary private ipv6]\nneighbor = fd00::2/126\n", 2, "fd00::2/126",
	  "neighbor cannot be \"fd00::2/126\"",
	  "an IPv4 or IPv6 address, without a prefix length" },
	{ "[session c1 primary private ipv6]\nneighbor = fd00::2\npeer-as = 4294967296\n", 3,
	  "4294967296", "peer-as cannot be \"4294967296\"", "a whole number, 0..4294967295" },
	{ "[group g]\ncircuit = c1, c!\n", 2, "c!", "circuit cannot be \"c!\"", "it has 1..63" },
	/* what is missing */
	{ "[source b]\n[agent]\n", 1, "type", "[source b] has no \"type\"", "add type = ..." },
	{ "[session c1 primary private ipv6]\n", 1, "neighbor",
	  "[session c1 primary private ipv6] has no \"neighbor\"", "add neighbor = ..." },
	{ "[circuit c2]\n[connection c2 primary]\ninterface = e\n", 1, "connectivity-model",
	  "[circuit c2] has no \"connectivity-model\"", "add connectivity-model = ..." },
	{ "[circuit c2]\nconnectivity-model = direct\n", 1, "c2",
	  "[circuit c2]: A circuit needs at least one connection", "" },
	{ "[group g]\n", 1, "g", "[group g]: A group needs a member", "" },
	/* references */
	{ "[connection c2 primary]\ninterface = e\n", 1, "c2", "there is no section [circuit c2]",
	  "did you mean \"c1\"? Or add [circuit c2]" },
	{ "[circuit metro-amsterdam]\nconnectivity-model = direct\n"
	  "[connection metro-amsterdam primary]\ninterface = e\n"
	  "[session metro-amsterdam secondary private ipv4]\nneighbor = 1.2.3.6\n",
	  5, "metro-amsterdam secondary",
	  "there is no section [connection metro-amsterdam secondary]",
	  "did you mean \"metro-amsterdam primary\"? Or add [connection metro-amsterdam secondary]" },
	{ "[group g]\ncircuit = c1\ncircuit = c9\n", 3, "c9",
	  "circuit = c9: there is no section [circuit c9]",
	  "did you mean \"c1\"? Or add [circuit c9]" },
	{ "[group g]\ngroup = other\n", 2, "other",
	  "group = other: there is no section [group other]", "add [group other]" },
	{ "[port a]\n[port-pair p]\nlink1 = a\nlink2 = bbbb\n", 4, "bbbb",
	  "link2 = bbbb: there is no section [port bbbb]", "add [port bbbb]" },
	{ "[session c1 primary private ipv6]\nneighbor = fd00::2\nsource = ffr\n", 3, "ffr",
	  "source = ffr: there is no section [source ffr]",
	  "did you mean \"frr\"? Or add [source ffr]" },
	{ "[circuit c2]\nconnectivity-model = direct\n[connection c2 primary]\nport = eth7\n", 4,
	  "eth7", "port = eth7: there is no section [port eth7]", "add [port eth7]" },
	/* rules */
	{ "[session c1 primary private ipv6]\nneighbor = 10.0.0.2\n", 2, "10.0.0.2",
	  "neighbor = 10.0.0.2 in [session c1 primary private ipv6]: An IPv4 address in a session "
	  "of family ipv6",
	  "" },
	{ "[session c1 primary microsoft ipv4]\nneighbor = fd00::2\n", 2, "fd00::2",
	  "neighbor = fd00::2 in [session c1 primary microsoft ipv4]: An IPv4 address", "" },
	{ "[session c1 primary private ipv6]\nneighbor = fd00::2\nlocal-address = 10.0.0.1\n", 3,
	  "10.0.0.1", "local-address = 10.0.0.1 in [session c1", "" },
	{ "[session c1 primary private ipv6]\nneighbor = fd00::2\nlocal-address = fd00::2\n", 3,
	  "fd00::2", "local-address and neighbor must differ.", "" },
	{ "[session c1 primary private ipv6]\nneighbor = fd00::2\nsource = kernel\n", 3, "kernel",
	  "A source of type kernel, neighbor or ethtool knows no sessions", "" },
	{ "[source k]\ntype = kernel\nsocket = /run/x\n", 3, "socket",
	  "\"socket\" has no meaning in [source k]", "Only a router on this host has it." },
	{ "[source b]\ntype = frr\nfast-window = 1\n[agent]\n", 3, "fast-window",
	  "\"fast-window\" has no meaning in [source b]", "Only the kernel" },
	{ "[source kernel]\ntype = frr\n", 1, "kernel", "The name kernel is kept for", "" },
	{ "[source k]\ntype = kernel\npoll-interval = 5\nstale-after = 4\n", 4, "4.0",
	  "stale-after must be longer than poll-interval", "" },
	{ "[source k]\ntype = snmp\n", 1, "k", "A source of type snmp needs an address", "" },
	{ "[source t]\ntype = ethtool\nstale-after = 20\n", 3, "20.0",
	  "source t is read every 30 s: stale-after must be longer", "give it three" },
	{ "[port p]\nsource = frr\n", 2, "frr", "Only a source of type kernel or snmp", "" },
	{ "[port p]\nrx-power-low = -3\nrx-power-high = -4\n", 3, "-4.0",
	  "rx-power-high must be more than rx-power-low", "" },
	{ "[session c1 primary private ipv6]\nneighbor = fd00::2\n"
	  "expected-prefix = 10.0.0.0/8\n",
	  3, "10.0.0.0/8", "or an IPv6 prefix in one of family ipv4", "" },
	{ "[source k]\ntype = kernel\npoll-interval = 0.05\nfast-poll-interval = 0.1\n", 4, "0.1",
	  "fast-poll-interval must not be longer than poll-interval.", "" },
	{ "[agent]\nflap-suppress = 1000\n", 2, "1000", "flap-suppress must be greater than", "" },
	{ "[circuit c2]\nconnectivity-model = direct\nmin-redundant = 1\nmin-service = 2\n"
	  "[connection c2 primary]\ninterface = e\n",
	  3, "1", "min-redundant must not be less than min-service.", "" },
	{ "[circuit c2]\nconnectivity-model = direct\n[connection c2 primary]\n", 3, "primary",
	  "[connection c2 primary]: The connection names nothing to watch", "" },
	{ "[circuit c2]\nconnectivity-model = direct\n[connection c2 primary]\ninterface = e\n"
	  "remote-agent = other\n",
	  3, "primary", "A connection that a remote-agent watches has no interface", "" },
	{ "[port a]\n[port-pair p]\nlink1 = a\nlink2 = a\n", 2, "p",
	  "[port-pair p]: link1 and link2 must be two different ports.", "" },
	{ "[group g]\ncircuit = c1\nmin-redundant = 2\n", 3, "2",
	  "min-redundant must not be more than the members of the group.", "" },
	{ "[group g]\ncircuit = c1\ngroup = g\n", 1, "g", "A group cannot be its own member.", "" },
	{ "[group g]\ncircuit = c1 c1\n", 2, "c1", "circuit \"c1\" is named twice",
	  "name it once" },
	/* what the module cannot say */
	{ "[group g]\ncircuit = c1\n[port-pair g]\nlink1 = a\nlink2 = b\n[port a]\n[port b]\n", 1,
	  "g", "the name g is taken by the section in line 15",
	  "groups and port pairs share names" },
	{ "[port a]\n[port b]\n[port c]\n[port-pair p]\nlink1 = a\nlink2 = b\n"
	  "[port-pair q]\nlink1 = c\nlink2 = a\n",
	  9, "a", "port a is in port-pair p already", "a port is in one pair" },
	{ "[port a]\ninterface = x\n[port b]\ninterface = x\n", 3, "b",
	  "[port b] has interface x, as another port has", "keep one of the two" },
	{ "[port eth9]\ninterface = x\n[circuit c2]\nconnectivity-model = direct\n"
	  "[connection c2 primary]\ninterface = eth9\n",
	  5, "eth9", "interface eth9 has no port, and [port eth9] is another interface",
	  "rename that port, or name the connection's port" },
	{ "[session c1 primary microsoft ipv4]\nneighbor = 192.168.100.6\n", 2, "192.168.100.6",
	  "source frr knows neighbor 192.168.100.6 once, but [session c1 secondary private ipv4] in line 11 has it too",
	  "every session has a neighbor of its own, or another source" },
	{ "[group a]\ngroup = b\n[group b]\ngroup = c\n[group c]\ngroup = a\n", 6, "a",
	  "group c: its member a is in it and contains it: a cycle",
	  "take one of the members out" },
};

static const struct bad_file warnings[] = {
	{ "[circuit c2]\nconnectivity-model = point-to-point\n[connection c2 primary]\n"
	  "interface = eth3\n[connection c2 secondary]\ninterface = eth3\n",
	  5, "eth3", "both connections of circuit c2 are on interface eth3",
	  "give each connection an interface of its own" },
	{ "[session c1 primary microsoft ipv4]\nneighbor = 203.0.113.1\n", 2, "203.0.113.1",
	  "neighbor 203.0.113.1 is the customer's address of its /30",
	  "Microsoft's is 203.0.113.2" },
	{ "[session c1 primary private ipv6]\nneighbor = fd00::5\n", 2, "fd00::5",
	  "neighbor fd00::5 is the customer's address of its /126", "Microsoft's is fd00::6" },
	{ "[session c1 primary azure-public ipv4]\nneighbor = 203.0.113.2\n", 1, "azure-public",
	  "Azure public peering was retired in 2024", "use microsoft or private" },
};

static void check_one(const struct bad_file *bad, enum erm_report_level level)
{
	struct erm_config_report report = {};
	struct erm_config *config = NULL;
	char line[ERM_REPORT_LINE_MAX], *text _cleanup_free_ = NULL;
	const struct erm_report_entry *e;
	int r;

	ck_assert_int_gt(asprintf(&text, "%s%s", yang_small_file, bad->text), 0);
	r = yang_parse(text, &config, &report);
	for (unsigned int i = 0; i < report.n; i++)
		printf("%s\n", erm_report_format(&report, i, line));
	ck_assert_int_eq(r, level == ERM_REPORT_ERROR ? -EINVAL : 0);
	ck_assert_msg((level == ERM_REPORT_ERROR) == !config, "a config comes with success only");
	ck_assert_uint_eq(report.n, 1);
	e = &report.entries[0];
	ck_assert_int_eq(e->level, level);
	ck_assert_uint_eq(e->line, (unsigned int)(SMALL_LINES + bad->line));
	ck_assert_str_eq(e->word, bad->word);
	ck_assert_msg(strstr(e->problem, bad->problem), "problem: %s", e->problem);
	ck_assert_msg(bad->remedy[0] ? strstr(e->remedy, bad->remedy) == e->remedy : !e->remedy[0],
		      "remedy: %s", e->remedy);
	erm_report_done(&report);
	(void)erm_config_unref(config);
}

START_TEST(test_error)
{
	check_one(&errors[_i], ERM_REPORT_ERROR);
}
END_TEST

START_TEST(test_warning)
{
	check_one(&warnings[_i], ERM_REPORT_WARNING);
}
END_TEST

static unsigned int line_of(const struct erm_config_report *report, const char *problem)
{
	for (unsigned int i = 0; i < report->n; i++) {
		if (strstr(report->entries[i].problem, problem))
			return report->entries[i].line;
	}
	return UINT32_MAX;
}

/* Errors of the text, of values, of rules: one run finds them all, in the order of the file. */
START_TEST(test_all_at_once)
{
	struct erm_config_report report = {};
	struct erm_config *config = NULL;

	ck_assert_int_eq(yang_parse("[agent]\n"
				    "name = a b\n"
				    "nonsense\n"
				    "[souce frr]\n"
				    "[circuit c]\n"
				    "connectivity-model = direct\n"
				    "[connection c primary]\n"
				    "[session c primary private ipv4]\n"
				    "neighbor = fd00::2\n"
				    "[group g]\n"
				    "circuit = c, d, e\n",
				    &config, &report),
			 -EINVAL);
	ck_assert_ptr_null(config);
	ck_assert_uint_eq(line_of(&report, "name cannot be"), 2);
	ck_assert_uint_eq(line_of(&report, "is no key"), 3);
	ck_assert_uint_eq(line_of(&report, "unknown section [souce]"), 4);
	ck_assert_uint_eq(line_of(&report, "neighbor = fd00::2"), 9);
	ck_assert_uint_eq(line_of(&report, "circuit = d"), 11);
	ck_assert_uint_eq(line_of(&report, "circuit = e"), 11);
	ck_assert_uint_eq(report.n_errors, 6);
	for (unsigned int i = 1; i < report.n; i++)
		ck_assert_uint_le(report.entries[i - 1].line, report.entries[i].line);
	erm_report_done(&report);
}
END_TEST

START_TEST(test_ambiguous_source)
{
	struct erm_config_report report = {};
	struct erm_config *config = NULL;
	char *text _cleanup_free_ = NULL;

	ck_assert_int_gt(asprintf(&text, "%ssource = frr\n[source gate]\ntype = frr\n",
				  yang_small_file),
			 0);
	ck_assert_int_eq(yang_parse(text, &config, &report), -EINVAL);
	ck_assert_uint_eq(report.n, 1);
	ck_assert_uint_eq(report.entries[0].line, 9);
	ck_assert_str_eq(report.entries[0].word, "source");
	ck_assert_str_eq(report.entries[0].problem, "[session c1 primary private ipv4] has no "
						    "\"source\", and there are 2 router sources");
	ck_assert_str_eq(report.entries[0].remedy, "add source = frr, or source = gate");
	erm_report_done(&report);
}
END_TEST

/* Only said once, however many sessions there are. */
START_TEST(test_no_router_source)
{
	struct erm_config_report report = {};
	struct erm_config *config = NULL;

	ck_assert_int_eq(yang_parse(yang_small_file + strlen("[source frr]\ntype = frr\n"), &config,
				    &report),
			 0);
	ck_assert_uint_eq(report.n, 1);
	ck_assert_int_eq(report.entries[0].level, ERM_REPORT_WARNING);
	ck_assert_uint_eq(report.entries[0].line, 7);
	ck_assert_uint_eq(erm_session_source(config, 0), ERM_NO_INDEX);
	erm_report_done(&report);
	(void)erm_config_unref(config);
}
END_TEST

static const struct {
	const char *text, *problem;
} empty[] = {
	{ "", "the file is empty" },
	{ "# nothing\n\n ; here\n", "the file has no section" },
	{ "[agent]\nname = a\n", "no circuit is configured: there is nothing to watch" },
	{ "[port a]\n", "no circuit is configured: there is nothing to watch" },
};

START_TEST(test_nothing_to_watch)
{
	struct erm_config_report report = {};
	struct erm_config *config = NULL;

	ck_assert_int_eq(yang_parse(empty[_i].text, &config, &report), -EINVAL);
	ck_assert_uint_eq(report.n, 1);
	ck_assert_uint_eq(report.entries[0].line, 0);
	ck_assert_str_eq(report.entries[0].problem, empty[_i].problem);
	erm_report_done(&report);
}
END_TEST

/* A chain of n groups around c1, named so that the outermost is the first or the last to be seen. */
static int parse_chain(int n, bool is_outermost_first, struct erm_config_report *report)
{
	struct erm_config *config = NULL;
	char *text _cleanup_free_ = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);
	int r;

	ck_assert_ptr_nonnull(f);
	(void)fputs(yang_small_file, f);
	for (int i = 0; i < n; i++) {
		int level = is_outermost_first ? i : n - 1 - i, inner = is_outermost_first ? 1 : -1;

		(void)fprintf(f, "[group g%02d]\n", i);
		if (level + 1 < n)
			(void)fprintf(f, "group = g%02d\n", i + inner);
		else
			(void)fprintf(f, "circuit = c1\n");
	}
	ck_assert_int_eq(fclose(f), 0);
	r = yang_parse(text, &config, report);
	(void)erm_config_unref(config);
	return r;
}

START_TEST(test_group_depth)
{
	bool is_outermost_first = _i != 0;
	struct erm_config_report report = {};

	ck_assert_int_eq(parse_chain(32, is_outermost_first, &report), 0);
	ck_assert_int_eq(parse_chain(33, is_outermost_first, &report), -EINVAL);
	ck_assert_uint_eq(report.n, 1);
	ck_assert_ptr_nonnull(
		strstr(report.entries[0].problem, "groups are nested more than 32 deep"));
	ck_assert_int_eq(parse_chain(90, is_outermost_first, &report), -EINVAL);
	erm_report_done(&report);
}
END_TEST

START_TEST(test_too_many_entries)
{
	struct erm_config_report report = {};
	struct erm_config *config = NULL;
	char *text _cleanup_free_ = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);

	ck_assert_ptr_nonnull(f);
	(void)fputs(yang_small_file, f);
	for (int i = 0; i < 32; i++)
		(void)fprintf(f, "[source s%d]\ntype = frr\n", i);
	ck_assert_int_eq(fclose(f), 0);
	ck_assert_int_eq(yang_parse(text, &config, &report), -EINVAL);
	/* frr, 29 more and the three implicit ones are 33. */
	ck_assert_uint_ne(line_of(&report, "there are more than 32 sections [source]"), UINT32_MAX);
	erm_report_done(&report);
}
END_TEST

START_TEST(test_too_many_values)
{
	struct erm_config_report report = {};
	struct erm_config *config = NULL;
	char *text _cleanup_free_ = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);

	ck_assert_ptr_nonnull(f);
	(void)fputs(yang_small_file, f);
	for (int g = 0; g < 9; g++) {
		(void)fprintf(f, "[group g%d]\n", g);
		for (int i = 0; i < 1024; i++)
			(void)fprintf(f, "group = x%d\n", i);
	}
	ck_assert_int_eq(fclose(f), 0);
	ck_assert_int_eq(yang_parse(text, &config, &report), -EINVAL);
	/* Said once, and early: the rules are not walked over all of it. */
	ck_assert_uint_eq(line_of(&report, "more than 8192 members together"),
			  SMALL_LINES + 9 + 8 * 1024 + 1);
	erm_report_done(&report);

	free(text);
	text = NULL;
	f = open_memstream(&text, &size);
	ck_assert_ptr_nonnull(f);
	(void)fprintf(f, "[group g]\n");
	for (int i = 0; i < 1025; i++)
		(void)fprintf(f, "circuit = x%d\n", i);
	for (int i = 0; i < 1025; i++) {
		(void)fprintf(f,
			      "[circuit x%d]\nconnectivity-model = direct\n"
			      "[connection x%d primary]\ninterface = e\n",
			      i, i);
	}
	ck_assert_int_eq(fclose(f), 0);
	ck_assert_int_eq(yang_parse(text, &config, &report), -EINVAL);
	ck_assert_uint_eq(report.n_errors, 1);
	ck_assert_uint_eq(line_of(&report, "there are more than 1024 values of circuit"), 1 + 1025);
	erm_report_done(&report);
}
END_TEST

/* Files that cannot be read. */
static struct erm_config_report load_report;

static int load(const char *path)
{
	struct erm_config *config = NULL;
	int r = erm_config_load(path, yang_dir(), "h", &config, &load_report);

	ck_assert_ptr_null(config);
	ck_assert_uint_eq(load_report.n, 1);
	ck_assert_str_eq(load_report.file, path);
	ck_assert_uint_eq(load_report.entries[0].line, 0);
	return r;
}

START_TEST(test_unreadable)
{
	char dir[] = "/tmp/ermon-test-XXXXXX", path[64];
	int fd;

	ck_assert_ptr_nonnull(mkdtemp(dir));
	(void)snprintf(path, sizeof(path), "%s/f", dir);
	ck_assert_int_eq(load(path), -ENOENT);
	ck_assert_str_eq(load_report.entries[0].problem,
			 "cannot be read: No such file or directory");
	ck_assert_int_eq(load(dir), -EISDIR);
	/* A reader of a pipe nobody writes to would wait for ever. */
	ck_assert_int_eq(mkfifo(path, 0600), 0);
	ck_assert_int_eq(load(path), -EBADF);
	ck_assert_str_eq(load_report.entries[0].problem, "cannot be read: not a regular file");
	ck_assert_int_eq(unlink(path), 0);

	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(load(path), -EINVAL);
	ck_assert_str_eq(load_report.entries[0].problem, "the file is empty");
	ck_assert_int_eq(ftruncate(fd, ERM_CONFIG_FILE_MAX + 1), 0);
	ck_assert_int_eq(load(path), -EINVAL);
	ck_assert_str_eq(load_report.entries[0].problem, "the file is too large");
	ck_assert_int_eq(ftruncate(fd, 0), 0);
	if (geteuid() != 0) {
		ck_assert_int_eq(fchmod(fd, 0), 0);
		ck_assert_int_eq(load(path), -EACCES);
	}
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(unlink(path), 0);
	ck_assert_int_eq(rmdir(dir), 0);
	erm_report_done(&load_report);
}
END_TEST

START_TEST(test_no_module)
{
	struct erm_config *config = NULL;
	char path[] = "/tmp/ermon-test-XXXXXX";
	int fd = mkstemp(path);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(erm_config_load(path, "/nonexistent", "h", &config, &load_report),
			 -ENOENT);
	ck_assert_ptr_nonnull(strstr(load_report.entries[0].problem, "/nonexistent"));
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(unlink(path), 0);
	erm_report_done(&load_report);
}
END_TEST

static Suite *errors_suite(void)
{
	Suite *s = suite_create("yang/errors");
	TCase *t = tcase_create("errors");

	tcase_add_unchecked_fixture(t, NULL, yang_fixture_done);
	tcase_add_loop_test(t, test_error, 0, ERM_ELEMENTS(errors));
	tcase_add_loop_test(t, test_warning, 0, ERM_ELEMENTS(warnings));
	tcase_add_loop_test(t, test_nothing_to_watch, 0, ERM_ELEMENTS(empty));
	tcase_add_test(t, test_all_at_once);
	tcase_add_test(t, test_ambiguous_source);
	tcase_add_test(t, test_no_router_source);
	tcase_add_loop_test(t, test_group_depth, 0, 2);
	tcase_add_test(t, test_too_many_entries);
	tcase_add_test(t, test_too_many_values);
	tcase_add_test(t, test_unreadable);
	tcase_add_test(t, test_no_module);
	suite_add_tcase(s, t);
	return s;
}

ERM_CHECK_MAIN(errors_suite)
