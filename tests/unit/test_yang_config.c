/* Good files: what becomes of them, and what is understood without being written. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/addr.h"
#include "base/cleanup.h"
#include "check_main.h"
#include "yang/conf_file.h"
#include "yang_fixture.h"

#define SEC ERM_USEC_PER_SEC

static struct erm_config *config;

static void teardown(void)
{
	config = erm_config_unref(config);
}

static const struct erm_session_config *session(uint32_t i)
{
	ck_assert_uint_lt(i, config->n_sessions);
	return &config->sessions[i];
}

static const char *neighbor(uint32_t i)
{
	static char buf[ERM_ADDR_STRLEN];

	return erm_addr_format(&session(i)->neighbor, buf);
}

START_TEST(test_small_file)
{
	config = yang_parse_good(yang_small_file);
	ck_assert_str_eq(config->agent.name, "host.example");
	ck_assert_uint_eq(config->n_sources, 4);
	ck_assert_str_eq(config->sources[0].name, "kernel");
	ck_assert(config->sources[0].is_implicit);
	ck_assert_int_eq(config->sources[0].type, ERM_SOURCE_TYPE_RTNL);
	ck_assert_str_eq(config->sources[1].name, "frr");
	ck_assert(!config->sources[1].is_implicit);
	ck_assert_str_eq(config->sources[2].name, "sockets");
	ck_assert_int_eq(config->sources[2].type, ERM_SOURCE_TYPE_SOCK_DIAG);
	ck_assert_uint_eq(config->sources[2].poll_usec, SEC / 4);
	ck_assert_str_eq(config->sources[3].name, "neighbors");
	ck_assert_int_eq(config->sources[3].type, ERM_SOURCE_TYPE_NEIGHBOR);
	ck_assert_uint_eq(config->sources[3].stale_after_usec, 15 * SEC);
	/* The router is believed, its sockets help. */
	ck_assert_uint_eq(session(1)->n_sources, 2);
	ck_assert(erm_session_has_source(config, 1, 1));
	ck_assert(erm_session_has_source(config, 1, 2));
	ck_assert_int_eq(config->ports[0].rx_low_cdbm, -1000); /* model direct */
	ck_assert_int_eq(config->ports[0].rx_high_cdbm, 0);
	ck_assert_uint_eq(config->n_interfaces, 2);
	ck_assert_uint_eq(config->n_ports, 2);
	ck_assert_str_eq(config->ports[1].name, "eth2");
	ck_assert(config->ports[1].is_implicit);
	ck_assert_uint_eq(config->ports[1].pair, ERM_NO_INDEX);
	ck_assert_uint_eq(config->n_circuits, 1);
	ck_assert_int_eq(config->circuits[0].model, ERM_MODEL_DIRECT);
	ck_assert_int_eq(config->circuits[0].sku, ERM_SKU_STANDARD);
	ck_assert_uint_eq(config->circuits[0].min_service, 1);
	ck_assert_uint_eq(config->circuits[0].min_redundant, 2);
	ck_assert_ptr_null(config->circuits[0].description);
	ck_assert_uint_eq(config->n_connections, 2);
	ck_assert_int_eq(config->connections[1].role, ERM_ROLE_SECONDARY);
	ck_assert_uint_eq(config->connections[1].port, 1);
	ck_assert_uint_eq(config->n_sessions, 2);
	ck_assert_uint_eq(session(1)->connection, 1);
	ck_assert_str_eq(neighbor(1), "192.168.100.6");
	ck_assert_int_eq(session(1)->local_address.family, AF_UNSPEC);
	ck_assert_uint_eq(erm_session_source(config, 1), 1);
	ck_assert_uint_eq(session(1)->min_prefixes, 1);
	ck_assert_uint_eq(session(1)->prefix_threshold_percent, 80);
	ck_assert(!session(1)->bfd_expected);
	ck_assert_uint_eq(config->n_services, 1);
	ck_assert_uint_eq(config->services[0].sessions[0], 0);
	ck_assert_uint_eq(config->services[0].sessions[1], 1);
	ck_assert_uint_eq(config->n_groups, 0);
}
END_TEST

START_TEST(test_source_defaults)
{
	const struct erm_source_config *k, *f;

	config = yang_parse_good(yang_small_file);
	k = &config->sources[0];
	f = &config->sources[1];
	ck_assert_uint_eq(k->poll_usec, SEC / 10);
	ck_assert_uint_eq(k->fast_poll_usec, SEC / 200);
	ck_assert_uint_eq(k->fast_window_usec, 2 * SEC);
	ck_assert_uint_eq(k->resync_usec, 30 * SEC);
	ck_assert_uint_eq(k->stale_after_usec, 3 * SEC);
	ck_assert_ptr_null(k->socket);
	ck_assert_uint_eq(f->poll_usec, SEC);
	ck_assert_uint_eq(f->timeout_usec, 2 * SEC);
	ck_assert_uint_eq(f->stale_after_usec, 3 * SEC);
	ck_assert_uint_eq(f->resync_usec, 30 * SEC);
	ck_assert_str_eq(f->socket, "/var/run/frr/bgpd.vty");
	ck_assert_uint_eq(f->max_reply_bytes, 4U << 20);
	ck_assert_ptr_null(f->vrf);
}
END_TEST

START_TEST(test_agent_and_holds)
{
	char *text _cleanup_free_ = NULL;

	ck_assert_int_gt(
		asprintf(&text, "%s%s", yang_small_file,
			 "[agent]\nname = ams-1\nheartbeat-interval = 60\nsnmp = false\n"
			 "reminder-interval = 0\nflap-half-life = 1.5\noperator-group = noc\n"
			 "agentx-socket = tcp:127.0.0.1:705\n"
			 "[hold redundancy-lost]\nraise = 0.25\n"),
		0);
	config = yang_parse_good(text);
	ck_assert_str_eq(config->agent.name, "ams-1");
	ck_assert_uint_eq(config->agent.heartbeat_usec, 60 * SEC);
	ck_assert_str_eq(config->agent.operator_group, "noc");
	ck_assert_uint_eq(config->agent.reminder_usec, 0);
	ck_assert_uint_eq(config->agent.flap_half_life_usec, 3 * SEC / 2);
	ck_assert(!config->agent.snmp_enabled);
	ck_assert_str_eq(config->agent.agentx_address, "tcp:127.0.0.1:705");
	ck_assert_uint_eq(config->agent.hold[ERM_ALARM_REDUNDANCY_LOST].raise_usec, SEC / 4);
	ck_assert_uint_eq(config->agent.hold[ERM_ALARM_REDUNDANCY_LOST].clear_usec, 60 * SEC);
}
END_TEST

/* Several sources: those a session names, in its order; else the authority, then who may help. */
START_TEST(test_session_sources)
{
	char *text _cleanup_free_ = NULL;
	const struct erm_port_config *port = NULL;

	ck_assert_int_gt(
		asprintf(&text,
			 "%s[source b]\ntype = bmp\n[source ce]\ntype = ethtool\n[port p]\n"
			 "rx-power-low = -8.25\n"
			 "[session c1 primary private ipv6]\nneighbor = fd00::2\n"
			 "source = b frr\nexpected-prefix = 2001:db8::/32 fd00:1::/48\n",
			 yang_small_file),
		0);
	config = yang_parse_good(text);
	ck_assert_uint_eq(config->n_sources, 6);
	/* private ipv4 comes first */
	ck_assert_uint_eq(session(0)->n_sources, 3);
	ck_assert_int_eq(config->sources[config->session_sources[0]].type, ERM_SOURCE_TYPE_FRR);
	ck_assert_int_eq(config->sources[config->session_sources[1]].type, ERM_SOURCE_TYPE_BMP);
	ck_assert_int_eq(config->sources[config->session_sources[2]].type,
			 ERM_SOURCE_TYPE_SOCK_DIAG);
	ck_assert_int_eq(session(1)->family, ERM_FAMILY_IPV6);
	ck_assert_uint_eq(session(1)->n_sources, 2);
	ck_assert_int_eq(config->sources[erm_session_source(config, 1)].type, ERM_SOURCE_TYPE_BMP);
	ck_assert_uint_eq(session(1)->n_expected, 2);
	ck_assert_uint_eq(session(1)->expected[0].length, 32);
	ck_assert_int_eq(session(1)->expected[1].addr.family, AF_INET6);
	ck_assert_uint_eq(config->n_session_sources, 3 + 2 + 3);
	for (uint32_t i = 0; i < config->n_ports; i++) {
		if (strcmp(config->ports[i].name, "p") == 0)
			port = &config->ports[i];
	}
	ck_assert_ptr_nonnull(port);
	ck_assert_int_eq(port->rx_low_cdbm, -825);
	ck_assert_int_eq(port->rx_high_cdbm, ERM_NO_POWER);
}
END_TEST

/* Routers elsewhere: their sockets are not here, and two of them are named by the sessions. */
START_TEST(test_remote_routers)
{
	config = yang_parse_good(
		"[source ce1]\ntype = snmp\naddress = 192.0.2.1\ncredentials = /etc/ermon/ce1\n"
		"[source ce2]\ntype = snmp\naddress = 192.0.2.2\ncredentials = /etc/ermon/ce2\n"
		"[port gi1]\ninterface = GigabitEthernet0/1\nsource = ce1\n"
		"[port gi2]\ninterface = GigabitEthernet0/1\nsource = ce2\n"
		"[circuit c]\nconnectivity-model = direct\n"
		"[connection c primary]\nport = gi1\n[connection c secondary]\nport = gi2\n"
		"[session c primary private ipv4]\nneighbor = 10.0.0.2\nsource = ce1\n"
		"[session c secondary private ipv4]\nneighbor = 10.0.0.6\nsource = ce2\n");
	ck_assert_uint_eq(config->n_interfaces, 2);
	ck_assert_str_eq(config->sources[config->interfaces[0].source].name, "ce1");
	ck_assert_str_eq(config->sources[config->interfaces[1].source].name, "ce2");
	ck_assert_str_eq(config->interfaces[0].name, config->interfaces[1].name);
	ck_assert_uint_eq(session(0)->n_sources, 1);
	ck_assert_uint_eq(config->connections[1].interface, 1);
}
END_TEST

/* A configured kernel source is the first one wherever it stands, and whatever its name. */
START_TEST(test_configured_kernel)
{
	char *text _cleanup_free_ = NULL;

	ck_assert_int_gt(asprintf(&text, "%s[source links]\ntype = kernel\npoll-interval = 0.05\n",
				  yang_small_file),
			 0);
	config = yang_parse_good(text);
	ck_assert_uint_eq(config->n_sources, 4);
	ck_assert_str_eq(config->sources[0].name, "links");
	ck_assert_uint_eq(config->sources[0].poll_usec, SEC / 20);
	ck_assert_uint_eq(erm_session_source(config, 0), 1);
}
END_TEST

/* Children before parents, comments, lists in every spelling: the order of the file does not matter. */
START_TEST(test_any_order)
{
	config = yang_parse_good("[group all]\ncircuit = a,b\tc\ncircuit = d\n"
				 "[session a secondary private ipv6]\nneighbor = fd00::6\n"
				 "[session a primary microsoft ipv4]\nneighbor = 203.0.113.2\n"
				 "[session a primary private ipv6]\nneighbor = fd00::2\n"
				 "[session a primary private ipv4]\nneighbor = 10.0.0.2\n"
				 "[connection a secondary]\nport = p2\n"
				 "[connection a primary]\nport = p1\ninterface = p1.100\n"
				 "[port p2]\ninterface = eth2\n[port p1]\n"
				 "[connection b primary]\ninterface = e\n"
				 "[connection c primary]\ninterface = e\n"
				 "[connection d primary]\ninterface = e\n"
				 "[circuit d]\nconnectivity-model = direct\n"
				 "[circuit c]\nconnectivity-model = direct\n"
				 "[circuit b]\nconnectivity-model = direct\n"
				 "[circuit a]\nconnectivity-model = direct\n"
				 "[source r]\ntype = frr\n");
	uint32_t a = 0;

	ck_assert_uint_eq(config->n_circuits, 4);
	while (strcmp(config->circuits[a].name, "a") != 0)
		a++;
	const struct erm_circuit_config *circuit = &config->circuits[a];
	const struct erm_connection_config *primary =
		&config->connections[circuit->first_connection];

	ck_assert_uint_eq(circuit->n_connections, 2);
	ck_assert_int_eq(primary->role, ERM_ROLE_PRIMARY);
	ck_assert_str_eq(config->interfaces[primary->interface].name, "p1.100");
	ck_assert_str_eq(config->ports[primary->port].name, "p1");
	ck_assert_str_eq(config->interfaces[config->ports[primary->port].interface].name, "p1");
	/* A port alone stands for its interface. */
	ck_assert_str_eq(config->interfaces[primary[1].interface].name, "eth2");
	/* Sessions by peering and family. */
	ck_assert_uint_eq(primary->n_sessions, 3);
	ck_assert_str_eq(neighbor(primary->first_session), "10.0.0.2");
	ck_assert_str_eq(neighbor(primary->first_session + 1), "fd00::2");
	ck_assert_str_eq(neighbor(primary->first_session + 2), "203.0.113.2");
	/* Services are the union of both legs. */
	ck_assert_uint_eq(circuit->n_services, 3);
	const struct erm_service_config *services = &config->services[circuit->first_service];

	ck_assert_uint_eq(services[0].sessions[1], ERM_NO_INDEX);
	ck_assert_uint_ne(services[1].sessions[1], ERM_NO_INDEX);
	ck_assert_int_eq(services[2].peering, ERM_PEERING_MICROSOFT);
	for (uint32_t i = 0; i < 3; i++)
		ck_assert_uint_eq(session(services[i].sessions[0])->service,
				  circuit->first_service + i);
	/* b, c and d share one interface, and so one port. */
	ck_assert_uint_eq(config->n_ports, 3);
	ck_assert_uint_eq(config->n_groups, 1);
	ck_assert_uint_eq(config->groups[0].n_members, 4);
	ck_assert_uint_eq(config->groups[0].min_redundant, 2);
}
END_TEST

static const struct {
	const char *model, *sku, *session;
	uint32_t peer_as, prefix_limit;
} limits[] = {
	{ "direct", "standard", "private ipv4]\nneighbor = 10.0.0.2", 12076, 4000 },
	{ "direct", "premium", "private ipv4]\nneighbor = 10.0.0.2", 12076, 10000 },
	{ "cloud-exchange", "premium", "private ipv6]\nneighbor = fd00::2", 12076, 100 },
	{ "point-to-point", "premium", "microsoft ipv4]\nneighbor = 10.0.0.2", 12076, 200 },
	{ "managed-l3", "local", "microsoft ipv6]\nneighbor = fd00::2", 0, 200 },
	/* No warning either: a provider numbers its links as it likes. */
	{ "any-to-any", "local", "private ipv4]\nneighbor = 10.0.0.1", 0, 4000 },
	{ "any-to-any", "local", "private ipv4]\nneighbor = 10.0.0.2\npeer-as = 65001", 65001,
	  4000 },
	{ "direct", "local", "private ipv4]\nneighbor = 10.0.0.2\npeer-as = 0", 0, 4000 },
	{ "direct", "local", "private ipv4]\nneighbor = 10.0.0.2\nprefix-limit = 7", 12076, 7 },
};

START_TEST(test_limits_by_model_and_sku)
{
	char *text _cleanup_free_ = NULL;

	ck_assert_int_gt(asprintf(&text,
				  "[source r]\ntype = frr\n[circuit c]\nconnectivity-model = %s\n"
				  "sku = %s\n[connection c primary]\n[session c primary %s\n",
				  limits[_i].model, limits[_i].sku, limits[_i].session),
			 0);
	config = yang_parse_good(text);
	ck_assert_uint_eq(session(0)->peer_as, limits[_i].peer_as);
	ck_assert_uint_eq(session(0)->prefix_limit, limits[_i].prefix_limit);
	ck_assert_uint_eq(config->connections[0].interface, ERM_NO_INDEX);
	ck_assert_uint_eq(config->connections[0].port, ERM_NO_INDEX);
}
END_TEST

#define CIRCUIT(name, a, b)                                                  \
	"[circuit " name "]\nconnectivity-model = direct\n[connection " name \
	" primary]\ninterface = " a "\n[connection " name " secondary]\ninterface = " b "\n"

START_TEST(test_found_pair)
{
	/* c shares only one port with them; d has them the other way round. */
	config = yang_parse_good(CIRCUIT("a", "e1", "e2") CIRCUIT("c", "e1", "e3")
					 CIRCUIT("d", "e2", "e1") "[group e1/e2]\ncircuit = a\n");
	ck_assert_uint_eq(config->n_groups, 2);
	const struct erm_group_config *pair = &config->groups[1];

	ck_assert_int_eq(pair->kind, ERM_GROUP_PORT_PAIR);
	ck_assert(pair->is_implicit);
	/* The plain name is taken by a group of the file. */
	ck_assert_str_eq(pair->name, "e1/e2/1");
	ck_assert_uint_eq(pair->min_service, 1);
	ck_assert_uint_eq(pair->min_redundant, 2);
	ck_assert_uint_eq(pair->n_members, 2);
	ck_assert_int_eq(config->members[pair->first_member].kind, ERM_RESOURCE_PORT);
	for (uint32_t i = 0; i < 2; i++) {
		uint32_t port = config->members[pair->first_member + i].index;

		ck_assert_str_eq(config->ports[port].name, i == 0 ? "e1" : "e2");
		ck_assert_uint_eq(config->ports[port].pair, 1);
	}
	ck_assert_uint_eq(config->groups[0].min_redundant, 1); /* one member */
}
END_TEST

START_TEST(test_declared_pair)
{
	config = yang_parse_good("[port e1]\n[port e2]\n[port-pair ams]\nlink1 = e2\nlink2 = e1\n"
				 "description = dual 100G\n" CIRCUIT("a", "e1", "e2")
					 CIRCUIT("b", "e1", "e2"));
	ck_assert_uint_eq(config->n_groups, 1);
	ck_assert_str_eq(config->groups[0].name, "ams");
	ck_assert(!config->groups[0].is_implicit);
	ck_assert_str_eq(config->groups[0].description, "dual 100G");
	ck_assert_uint_eq(config->n_ports, 2);
	ck_assert(!config->ports[config->connections[0].port].is_implicit);
	ck_assert_uint_eq(config->ports[0].pair, 0);
}
END_TEST

START_TEST(test_one_circuit_makes_no_pair)
{
	config = yang_parse_good(CIRCUIT("a", "e1", "e2") CIRCUIT("b", "e1", "e3"));
	ck_assert_uint_eq(config->n_groups, 0);
	ck_assert_uint_eq(config->ports[0].pair, ERM_NO_INDEX);
}
END_TEST

START_TEST(test_groups_are_children_first)
{
	config = yang_parse_good("[group top]\ngroup = left right\nmin-service = 2\n"
				 "[group right]\ncircuit = b\n[group left]\ncircuit = a\n"
				 "group = right\n" CIRCUIT("a", "e1", "e2")
					 CIRCUIT("b", "e3", "e4"));
	ck_assert_uint_eq(config->n_groups, 3);
	ck_assert_str_eq(config->groups[0].name, "right");
	ck_assert_str_eq(config->groups[1].name, "left");
	ck_assert_str_eq(config->groups[2].name, "top");
	ck_assert_uint_eq(config->groups[2].min_service, 2);
	ck_assert_uint_eq(config->groups[2].min_redundant, 2);
	ck_assert_uint_eq(config->groups[0].min_redundant, 1);
	for (uint32_t g = 0; g < 3; g++) {
		for (uint32_t i = 0; i < config->groups[g].n_members; i++) {
			const struct erm_group_member *m =
				&config->members[config->groups[g].first_member + i];

			if (m->kind == ERM_RESOURCE_GROUP)
				ck_assert_uint_lt(m->index, g);
		}
	}
}
END_TEST

/* A leg of the partner agent: no interface here, and its sessions have no source of ours. */
START_TEST(test_remote_leg)
{
	config = yang_parse_good(
		"[source f]\ntype = frr\n[source g]\ntype = frr\n"
		"[circuit c]\nconnectivity-model = direct\n"
		"[connection c primary]\ninterface = e\n"
		"[connection c secondary]\nremote-agent = ams-2\n"
		"[session c primary private ipv4]\nneighbor = 10.0.0.2\nsource = g\n"
		"[session c secondary private ipv4]\nneighbor = 10.0.0.6\n");
	ck_assert_str_eq(config->connections[1].remote_agent, "ams-2");
	ck_assert_uint_eq(config->connections[1].port, ERM_NO_INDEX);
	ck_assert_uint_eq(erm_session_source(config, 1), ERM_NO_INDEX);
	ck_assert_str_eq(config->sources[erm_session_source(config, 0)].name, "g");
}
END_TEST

START_TEST(test_host_name_becomes_a_name)
{
	struct erm_config_report report = {};
	char host[200];

	memset(host, 'h', sizeof(host));
	host[3] = ' ';
	host[4] = (char)0xc3;
	host[sizeof(host) - 1] = '\0';
	ck_assert_int_eq(erm_config_parse(yang_ctx(), yang_small_file, strlen(yang_small_file),
					  host, &config, &report),
			 0);
	ck_assert_uint_eq(strlen(config->agent.name), ERM_NAME_MAX - 1);
	ck_assert_int_eq(strncmp(config->agent.name, "hhh--hhh", 8), 0);
	teardown();
	ck_assert_int_eq(erm_config_parse(yang_ctx(), yang_small_file, strlen(yang_small_file),
					  NULL, &config, &report),
			 0);
	ck_assert_str_eq(config->agent.name, "localhost");
	erm_report_done(&report);
}
END_TEST

/* The example that is installed must be one that works. */
START_TEST(test_example_file)
{
	struct erm_config_report report = {};
	char path[4096], line[ERM_REPORT_LINE_MAX];
	int r;

	(void)snprintf(path, sizeof(path), "%s/../etc/ermond.conf.example", yang_dir());
	r = erm_config_load(path, yang_dir(), "host", &config, &report);
	for (unsigned int i = 0; i < report.n; i++)
		printf("%s\n", erm_report_format(&report, i, line));
	ck_assert_int_eq(r, 0);
	ck_assert_uint_eq(report.n, 0);
	ck_assert_uint_ge(config->n_circuits, 1);
}
END_TEST

/* The file that is installed says nothing until its comments are taken away; then it must be right. */
START_TEST(test_installed_file)
{
	struct erm_config_report report = {};
	char path[4096], text[8192];
	size_t n = 0;
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/../etc/ermond.conf", yang_dir());
	ck_assert_int_eq(erm_config_load(path, yang_dir(), "host", &config, &report), -EINVAL);
	ck_assert_str_eq(report.entries[0].problem, "the file has no section");
	f = fopen(path, "re");
	ck_assert_ptr_nonnull(f);
	for (int c = getc(f), last = '\n'; c != EOF && n + 1 < sizeof(text); c = getc(f)) {
		if (c != ';' || last != '\n')
			text[n++] = (char)c;
		last = c;
	}
	text[n] = '\0';
	ck_assert_int_eq(fclose(f), 0);
	config = yang_parse_good(text);
	ck_assert_uint_ge(config->n_sessions, 2);
	erm_report_done(&report);
}
END_TEST

static Suite *config_suite(void)
{
	Suite *s = suite_create("yang/config");
	TCase *t = tcase_create("good");

	tcase_add_unchecked_fixture(t, NULL, yang_fixture_done);
	tcase_add_checked_fixture(t, NULL, teardown);
	tcase_add_test(t, test_small_file);
	tcase_add_test(t, test_source_defaults);
	tcase_add_test(t, test_agent_and_holds);
	tcase_add_test(t, test_session_sources);
	tcase_add_test(t, test_remote_routers);
	tcase_add_test(t, test_configured_kernel);
	tcase_add_test(t, test_any_order);
	tcase_add_loop_test(t, test_limits_by_model_and_sku, 0, ERM_ELEMENTS(limits));
	tcase_add_test(t, test_found_pair);
	tcase_add_test(t, test_declared_pair);
	tcase_add_test(t, test_one_circuit_makes_no_pair);
	tcase_add_test(t, test_groups_are_children_first);
	tcase_add_test(t, test_remote_leg);
	tcase_add_test(t, test_host_name_becomes_a_name);
	tcase_add_test(t, test_example_file);
	tcase_add_test(t, test_installed_file);
	suite_add_tcase(s, t);
	return s;
}

ERM_CHECK_MAIN(config_suite)
