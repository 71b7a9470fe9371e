/* What is shown is valid data of ermon.yang, complete, and says what the snapshot says. */
#include <errno.h>
#include <jansson.h>
#include <libyang/libyang.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "check_main.h"
#include "core/model.h"
#include "yang/conf_file.h"
#include "yang/ctx.h"
#include "yang/encode.h"
#include "yang_fixture.h"

#define SEC     ERM_USEC_PER_SEC
#define REAL(t) (1795341600 * SEC + (t)) /* 2026-11-22T10:00:00Z */

#define LEG(name, role, port, peer)                                                     \
	"[connection " name " " role "]\ninterface = " port "\n[session " name " " role \
	" private ipv4]\nneighbor = " peer "\n"
#define CIRCUIT(name, a, b)                                                                       \
	"[circuit " name                                                                          \
	"]\nconnectivity-model = direct\ndescription = \"say \\\"\xc3\xa9\\\"\"\n" LEG(name,      \
										       "primary", \
										       "e1", a)   \
		LEG(name, "secondary", "e2", b)

static const char file[] =
	"[source frr]\ntype = frr\nvrf = blue\n" CIRCUIT("a", "10.0.0.2", "10.0.0.6")
		CIRCUIT("b", "10.0.1.2", "10.0.1.6") "[port p]\n[group low]\ncircuit = a, b\n"
						     "[group top]\ncircuit = a\ngroup = low\n"
						     "[hold service-down]\nclear = 0.5\n";

static struct erm_config *config;
static struct erm_model *model;
static struct erm_snapshot *snapshot;

static struct erm_time at(usec_t t)
{
	return (struct erm_time){ .mono = t, .real = REAL(t) };
}

static void apply(struct erm_obs obs, usec_t t)
{
	obs.at = at(t);
	ck_assert_int_eq(erm_model_apply(model, &obs), 0);
}

static void commit(usec_t t)
{
	struct erm_events events = {};

	snapshot = erm_snapshot_unref(snapshot);
	ck_assert_int_eq(erm_model_commit(model, at(t), &snapshot, &events), 0);
	erm_events_done(&events);
}

static void observe_session(uint32_t s, bool is_up, usec_t t)
{
	struct erm_obs obs = { .kind = ERM_OBS_SESSION, .source = 1 };

	obs.session = (struct erm_obs_session){ .session = s,
						.is_configured = true,
						.bgp = is_up ? ERM_BGP_ESTABLISHED : ERM_BGP_IDLE,
						.has_counts = true,
						.has_received = true,
						.established_count = 1,
						.dropped_count = is_up ? 0 : 1,
						.prefixes_received = is_up ? 5 : 0,
						.remote_as = 12076,
						.bfd = ERM_BFD_NONE,
						.has_reset = !is_up,
						.reset_cause = ERM_CAUSE_HOLD_EXPIRED,
						.error_code = 4,
						.reset_text = "Hold \"timer\" \\ \x01 expired" };
	apply(obs, t);
}

static void observe_interfaces(usec_t t)
{
	for (uint32_t i = 0; i < config->n_interfaces; i++) {
		struct erm_obs obs = { .kind = ERM_OBS_INTERFACE };

		obs.iface = (struct erm_obs_interface){ .interface = i,
							.is_present = true,
							.is_admin_up = true,
							.has_carrier = true,
							.is_oper_up = true,
							.ifindex = 7 + i,
							.mtu = 1500,
							.speed_mbps = 100000 };
		apply(obs, t);
	}
}

static void observe_all(bool is_up, usec_t t)
{
	for (uint32_t s = 0; s < config->n_sources; s++) {
		struct erm_obs ok = { .kind = ERM_OBS_SOURCE, .source = s };

		apply((struct erm_obs){ .kind = ERM_OBS_DUMP_BEGIN, .source = s }, t);
		if (s == 0)
			observe_interfaces(t);
		for (uint32_t i = 0; s == 1 && i < config->n_sessions; i++)
			observe_session(i, is_up, t);
		apply((struct erm_obs){ .kind = ERM_OBS_DUMP_END, .source = s }, t);
		ok.src = (struct erm_obs_source){ .state = ERM_SOURCE_OK,
						  .reason = ERM_REASON_NONE,
						  .counters = { .requests = 1ULL << 40 },
						  .text = "text" };
		apply(ok, t);
	}
	commit(t);
}

/* The circuit a is on a shelf, and somebody has acknowledged b. */
static void speak(void)
{
	const struct erm_operator op = { .state = ERM_OPERATOR_ACK, .who = "jane", .text = "seen" };
	const struct erm_shelf shelf = { .name = "works",
					 .types = 1U << ERM_ALARM_SERVICE_DOWN |
						  1U << ERM_ALARM_OPTICAL,
					 .until = { .real = REAL(3600 * SEC) },
					 .who = "joe",
					 .text = "fibre",
					 .resources = { "a", "a:*" } };
	const struct erm_shelf any = { .name = "any", .resources = { "nothing" } };
	uint32_t n = 0;

	ck_assert_int_eq(erm_model_set_operator(model, "service-down/b", &op,
						at(20 * SEC + 500000)),
			 0);
	ck_assert_int_eq(erm_model_shelve(model, &shelf, at(21 * SEC), &n), 0);
	ck_assert_uint_ge(n, 1);
	ck_assert_int_eq(erm_model_shelve(model, &any, at(21 * SEC), &n), 0);
}

/* All up, then every session down: two circuits lost on a pair of ports that stands. */
static void setup(void)
{
	config = yang_parse_good(file);
	ck_assert_int_eq(erm_model_new(config, NULL, at(SEC), &model), 0);
	erm_model_announce(model);
	observe_all(true, 2 * SEC);
	observe_all(false, 20 * SEC);
	speak();
	commit(21 * SEC + 123456);
}

static void teardown(void)
{
	snapshot = erm_snapshot_unref(snapshot);
	model = erm_model_free(model);
	config = erm_config_unref(config);
}

static const struct erm_encode_health health = { .is_connected = true,
						 .queued = 3,
						 .acked_sequence = 2,
						 .delivered = 1ULL << 50,
						 .text = "up" };

static json_t *encode(const struct erm_encode_query *query)
{
	char *text _cleanup_free_ = NULL;
	size_t len = 0;
	json_error_t error;
	json_t *json;

	ck_assert_int_eq(erm_encode_snapshot_json(snapshot, query, &text, &len), 0);
	ck_assert_uint_eq(strlen(text), len);
	json = json_loads(text, JSON_REJECT_DUPLICATES, &error);
	ck_assert_msg(json, "%s in %s", error.text, text);
	return json;
}

/* The value at a path of member names and positions: "circuit.0.state.state". */
static const json_t *get(const json_t *json, const char *path)
{
	char *copy _cleanup_free_ = strdup(path);
	const json_t *at_node = json_object_get(json, "ermon:ermon");

	for (char *save = NULL, *w = strtok_r(copy, ".", &save); w; w = strtok_r(NULL, ".", &save))
		at_node = json_is_array(at_node) ? json_array_get(at_node, strtoul(w, NULL, 10))
						 : json_object_get(at_node, w);
	return at_node;
}

static const char *get_text(const json_t *json, const char *path)
{
	const char *text = json_string_value(get(json, path));

	return text ? text : "(none)";
}

static json_int_t get_number(const json_t *json, const char *path)
{
	ck_assert_msg(json_is_integer(get(json, path)), "%s is no number", path);
	return json_integer_value(get(json, path));
}

static void validate(struct lyd_node *tree)
{
	LY_ERR e = lyd_validate_all(&tree, NULL, LYD_VALIDATE_PRESENT, NULL);
	char why[512];

	erm_yang_take_error(yang_ctx(), why, sizeof(why));
	lyd_free_all(tree);
	ck_assert_msg(e == LY_SUCCESS, "%s", why);
}

START_TEST(test_all_is_valid)
{
	const struct erm_encode_query query = { .parts = ERM_ENCODE_ALL,
						.version = "1.2.3",
						.snmp = &health };
	struct lyd_node *tree = NULL;

	ck_assert_uint_ge(snapshot->n_alarms, 1);
	ck_assert_uint_ge(snapshot->log->n, 2);
	ck_assert_int_eq(erm_encode_snapshot(yang_ctx(), snapshot, &query, &tree), 0);
	validate(tree);
}
END_TEST

START_TEST(test_values)
{
	const struct erm_encode_query query = { .parts = ERM_ENCODE_ALL,
						.version = "1.2.3",
						.snmp = &health };
	json_t *j = encode(&query);

	ck_assert_str_eq(get_text(j, "agent.state.version"), "1.2.3");
	ck_assert_str_eq(get_text(j, "agent.state.snmp.delivered"), "1125899906842624");
	ck_assert_int_eq(get_number(j, "agent.state.snmp.queued"), 3);
	ck_assert_int_eq(get_number(j, "agent.state.active-alarms"), snapshot->n_alarms);
	ck_assert_str_eq(get_text(j, "hold.service-down.clear"), "0.5");
	ck_assert_str_eq(get_text(j, "hold.service-down.raise"), "0.0");
	ck_assert_str_eq(get_text(j, "agent.reminder-interval"), "86400.0");
	ck_assert_str_eq(get_text(j, "agent.agentx-socket"), "/var/agentx/master");
	ck_assert_str_eq(get_text(j, "source.0.fast-poll-interval"), "0.005");
	ck_assert_str_eq(get_text(j, "source.1.vrf"), "blue");
	ck_assert_str_eq(get_text(j, "source.1.state.requests"), "1099511627776");
	ck_assert_str_eq(get_text(j, "port-pair.0.name"), "e1/e2");
	ck_assert_str_eq(get_text(j, "port-pair.0.link2"), "e2");
	ck_assert(json_is_true(get(j, "port-pair.0.state.implicit")));
	ck_assert_str_eq(get_text(j, "circuit.0.description"), "say \"\xc3\xa9\"");
	ck_assert_str_eq(get_text(j, "circuit.1.state.state"), "down");
	ck_assert_str_eq(get_text(j, "circuit.1.state.last-change"), "2026-11-22T10:00:20.000000Z");
	ck_assert_int_eq(get_number(j, "circuit.1.service.0.expected"), 2);
	ck_assert_str_eq(get_text(j, "circuit.1.connection.1.port"), "e2");
	ck_assert_str_eq(get_text(j, "circuit.1.connection.1.session.0.neighbor"), "10.0.1.6");
	ck_assert_str_eq(get_text(j, "circuit.1.connection.1.session.0.source.0"), "frr");
	ck_assert_str_eq(get_text(j, "circuit.1.connection.1.session.0.state.bgp-state"), "idle");
	ck_assert(json_is_false(get(j, "circuit.1.connection.1.session.0.state.usable")));
	ck_assert_str_eq(get_text(j, "circuit.1.connection.1.session.0.state.reset-text"),
			 "Hold \"timer\" \\ ? expired");
	ck_assert_str_eq(get_text(j, "group.1.group.0"), "low");
	ck_assert_int_eq((int)json_array_size(get(j, "alarms.alarm")), (int)snapshot->n_alarms);
	ck_assert_int_eq((int)json_array_size(get(j, "events.event")), (int)snapshot->log->n);
	ck_assert_str_eq(get_text(j, "events.event.0.kind"), "agent-started");
	json_decref(j);
}
END_TEST

static const json_t *find(const json_t *list, const char *name, const char *value)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *entry = json_array_get(list, i);

		if (strcmp(json_string_value(json_object_get(entry, name)), value) == 0)
			return entry;
	}
	ck_abort_msg("no %s", value);
	return NULL;
}

static const char *leaf(const json_t *entry, const char *name)
{
	const char *text = json_string_value(json_object_get(entry, name));

	return text ? text : "(none)";
}

START_TEST(test_operators_and_shelves)
{
	const struct erm_encode_query query = { .parts = ERM_ENCODE_ALL };
	json_t *j = encode(&query);
	const json_t *a = find(get(j, "alarms.alarm"), "key", "service-down/a");
	const json_t *b = find(get(j, "alarms.alarm"), "key", "service-down/b");

	ck_assert_str_eq(leaf(a, "operator-state"), "none");
	ck_assert_str_eq(leaf(a, "operator"), "(none)");
	ck_assert_str_eq(leaf(a, "operator-time"), "(none)");
	ck_assert_str_eq(leaf(a, "shelf"), "works");
	ck_assert_str_eq(leaf(b, "operator-state"), "ack");
	ck_assert_str_eq(leaf(b, "operator"), "jane");
	ck_assert_str_eq(leaf(b, "operator-text"), "seen");
	ck_assert_str_eq(leaf(b, "operator-time"), "2026-11-22T10:00:20.500000Z");
	ck_assert_str_eq(leaf(b, "shelf"), "(none)");
	ck_assert(json_is_true(get(j, "circuit.0.state.shelved")));
	ck_assert(json_is_false(get(j, "circuit.1.state.shelved")));
	ck_assert_int_eq(get_number(j, "agent.state.shelved-alarms"), snapshot->n_shelved);
	ck_assert_str_eq(get_text(j, "shelves.shelf.0.name"), "works");
	ck_assert_int_eq(get_number(j, "shelves.shelf.0.id"), 1);
	ck_assert_str_eq(get_text(j, "shelves.shelf.0.type.0"), "service-down");
	ck_assert_str_eq(get_text(j, "shelves.shelf.0.type.1"), "optical");
	ck_assert_str_eq(get_text(j, "shelves.shelf.0.resource.1"), "a:*");
	ck_assert_str_eq(get_text(j, "shelves.shelf.0.operator"), "joe");
	ck_assert_str_eq(get_text(j, "shelves.shelf.0.text"), "fibre");
	ck_assert_str_eq(get_text(j, "shelves.shelf.0.since"), "2026-11-22T10:00:21.000000Z");
	ck_assert_str_eq(get_text(j, "shelves.shelf.0.until"), "2026-11-22T11:00:00.000000Z");
	ck_assert_int_eq(get_number(j, "shelves.shelf.0.alarms"), snapshot->n_shelved);
	ck_assert_int_eq((int)json_array_size(get(j, "shelves.shelf.1.type")), 0);
	ck_assert_str_eq(get_text(j, "shelves.shelf.1.until"), "(none)");
	json_decref(j);
}
END_TEST

/* A part that was not asked for is not there; what was asked for is. */
START_TEST(test_parts)
{
	static const struct {
		unsigned int part;
		const char *here, *not_here;
	} parts[] = {
		{ ERM_ENCODE_CONFIG, "circuit.0.connectivity-model", "circuit.0.state" },
		{ ERM_ENCODE_STATE, "circuit.0.state.state", "circuit.0.sku" },
		{ ERM_ENCODE_SOURCES, "source.1.state.state", "circuit" },
		{ ERM_ENCODE_ALARMS, "alarms.alarm.0.id", "events" },
		{ ERM_ENCODE_EVENTS, "events.event.0.sequence", "alarms" },
	};

	for (size_t i = 0; i < ERM_ELEMENTS(parts); i++) {
		const struct erm_encode_query query = { .parts = parts[i].part };
		json_t *j = encode(&query);

		ck_assert_msg(get(j, parts[i].here), "%s is missing", parts[i].here);
		ck_assert_msg(!get(j, parts[i].not_here), "%s is there", parts[i].not_here);
		json_decref(j);
	}
}
END_TEST

START_TEST(test_one_circuit)
{
	struct erm_encode_query query = { .parts = ERM_ENCODE_ALL, .circuit = "b" };
	struct lyd_node *tree = NULL;
	json_t *j = encode(&query);
	char *text = NULL;

	ck_assert_int_eq((int)json_array_size(get(j, "circuit")), 1);
	ck_assert_str_eq(get_text(j, "circuit.0.name"), "b");
	ck_assert_int_eq((int)json_array_size(get(j, "port")), 2); /* not p */
	for (size_t i = 0; i < json_array_size(get(j, "alarms.alarm")); i++) {
		ck_assert_str_eq(json_string_value(
					 json_object_get(json_array_get(get(j, "alarms.alarm"), i),
							 "circuit")),
				 "b");
	}
	json_decref(j);
	ck_assert_int_eq(erm_encode_snapshot(yang_ctx(), snapshot, &query, &tree), 0);
	validate(tree);
	query.circuit = "nobody";
	ck_assert_int_eq(erm_encode_snapshot_json(snapshot, &query, &text, NULL), -ENOENT);
	ck_assert_ptr_null(text);
}
END_TEST

START_TEST(test_events_after)
{
	const struct erm_encode_query query = { .parts = ERM_ENCODE_EVENTS, .events_after = 1 };
	json_t *j = encode(&query);

	ck_assert_int_eq((int)json_array_size(get(j, "events.event")), (int)snapshot->log->n - 1);
	ck_assert_int_eq(get_number(j, "events.event.0.sequence"), 2);
	json_decref(j);
}
END_TEST

/* What is shown as configuration, written as a file's leaves, is the same configuration. */
START_TEST(test_config)
{
	char *text _cleanup_free_ = NULL;
	struct lyd_node *tree = NULL;

	ck_assert_int_eq(erm_encode_config(yang_ctx(), config, &tree), 0);
	validate(tree);
	ck_assert_int_eq(erm_encode_config_json(config, &text, NULL), 0);
	/* The pair and the ports that were made up are not in the file. */
	ck_assert_ptr_null(strstr(text, "e1/e2"));
	ck_assert_ptr_null(strstr(text, "\"port\":[{\"name\":\"e1\""));
	ck_assert_ptr_nonnull(strstr(text, "\"port\":[{\"name\":\"p\""));
	ck_assert_ptr_nonnull(strstr(text, "\"interface\":\"e1\""));
	ck_assert_ptr_null(strstr(text, "\"state\""));
}
END_TEST

START_TEST(test_every_event_is_valid)
{
	for (uint32_t i = 0; i < snapshot->log->n; i++) {
		struct lyd_node *tree = NULL;
		LY_ERR e;

		ck_assert_int_eq(erm_encode_event(yang_ctx(), snapshot->log->events[i], &tree), 0);
		e = lyd_validate_op(tree, NULL, LYD_TYPE_NOTIF_YANG, NULL);
		lyd_free_all(tree);
		ck_assert_int_eq(e, LY_SUCCESS);
	}
}
END_TEST

/* Everything an event can carry at its longest, and octets that are no text. */
START_TEST(test_extreme_event)
{
	struct erm_event event = { .kind = ERM_EVENT_RAISE,
				   .type = ERM_ALARM_FLAPPING,
				   .severity = ERM_SEVERITY_CRITICAL,
				   .resource_kind = ERM_RESOURCE_SOURCE,
				   .state = ERM_SOURCE_LOST,
				   .sequence = UINT32_MAX,
				   .alarm_id = UINT32_MAX,
				   .expected = UINT32_MAX,
				   .cause = ERM_CAUSE_FLAPPING,
				   .fault_domain = ERM_FAULT_UNDETERMINED,
				   .connection = "secondary",
				   .peer = "fd00:1111:2222:3333:4444:5555:6666:7777",
				   .at = { 1, REAL(1) } };
	struct lyd_node *tree = NULL;

	memset(event.key, 'k', sizeof(event.key) - 1);
	memset(event.circuit, 'c', sizeof(event.circuit) - 1);
	memset(event.resource, 'r', sizeof(event.resource) - 1);
	memset(event.interface, 'i', sizeof(event.interface) - 1);
	memset(event.text, 0xff, sizeof(event.text) - 1);
	event.text[0] = '"';
	event.text[1] = '\\';
	event.text[2] = '\n';
	ck_assert_int_eq(erm_encode_event(yang_ctx(), &event, &tree), 0);
	lyd_free_all(tree);
}
END_TEST

START_TEST(test_xml)
{
	const struct erm_encode_query query = { .parts = ERM_ENCODE_ALL };
	struct lyd_node *tree = NULL;
	char *text = NULL;

	ck_assert_int_eq(erm_encode_snapshot(yang_ctx(), snapshot, &query, &tree), 0);
	ck_assert_int_eq(lyd_print_mem(&text, tree, LYD_XML, 0), LY_SUCCESS);
	ck_assert_ptr_nonnull(strstr(text, "<ermon xmlns=\"urn:ermon:ermon\">"));
	free(text);
	lyd_free_all(tree);
}
END_TEST

static Suite *encode_suite(void)
{
	Suite *s = suite_create("yang/encode");
	TCase *t = tcase_create("encode");

	tcase_add_unchecked_fixture(t, NULL, yang_fixture_done);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, test_all_is_valid);
	tcase_add_test(t, test_values);
	tcase_add_test(t, test_operators_and_shelves);
	tcase_add_test(t, test_parts);
	tcase_add_test(t, test_one_circuit);
	tcase_add_test(t, test_events_after);
	tcase_add_test(t, test_config);
	tcase_add_test(t, test_every_event_is_valid);
	tcase_add_test(t, test_extreme_event);
	tcase_add_test(t, test_xml);
	suite_add_tcase(s, t);
	return s;
}

ERM_CHECK_MAIN(encode_suite)
