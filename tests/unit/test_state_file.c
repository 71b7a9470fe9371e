#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "check_main.h"
#include "state_file.h"

static struct erm_event *make_event(uint32_t sequence)
{
	struct erm_event event = {
		.kind = ERM_EVENT_RAISE,
		.type = ERM_ALARM_REDUNDANCY_LOST,
		.severity = ERM_SEVERITY_MAJOR,
		.resource_kind = ERM_RESOURCE_CIRCUIT,
		.index = { 7 },
		.n_index = 1,
		.sequence = sequence,
		.alarm_id = 3,
		.at = { .mono = 5, .real = 1700000000123456 },
		.state = ERM_STATE_REDUNDANCY_LOST,
		.expected = 2,
		.usable = 1,
		.impacted = 4,
		.cause = ERM_CAUSE_NO_CARRIER,
		.fault_domain = ERM_FAULT_CUSTOMER,
		.key = "redundancy-lost/contoso-ams",
		.circuit = "contoso-ams",
		.resource = "contoso-ams",
		.connection = "secondary",
		.interface = "ens1f1",
		.peer = "192.168.100.6",
		.text = "Circuit contoso-ams lost its redundancy, 1 of 2 usable",
	};

	return erm_event_new(&event);
}

static void make_persist(struct erm_persist *ret)
{
	*ret = (struct erm_persist){ .last_sequence = UINT32_MAX, .last_alarm_id = 12 };
	ret->n_indexes = 2;
	ret->indexes = calloc(2, sizeof(*ret->indexes));
	ret->indexes[0] = (struct erm_persist_index){ ERM_RESOURCE_PORT, "ens1f0", 1 };
	ret->indexes[1] = (struct erm_persist_index){ ERM_RESOURCE_CIRCUIT, "contoso-ams", 7 };
	ret->n_members = 1;
	ret->members = calloc(1, sizeof(*ret->members));
	ret->members[0] = (struct erm_persist_member){ "contoso-ams/primary/private/ipv4",
						       ERM_RESOURCE_SESSION };
	ret->n_alarms = 1;
	ret->alarms = calloc(1, sizeof(*ret->alarms));
	ret->alarms[0] = (struct erm_persist_alarm){
		.key = "redundancy-lost/contoso-ams",
		.id = 3,
		.sequence = 9,
		.raised_real = 1700000000000000,
		.notified_real = 1700000000000001,
		.severity = ERM_SEVERITY_MAJOR,
		.op = { .state = ERM_OPERATOR_ACK,
			.at.real = 1700000000000002,
			.who = "jane",
			.text = "seen" },
	};
	ret->last_shelf = 9;
	ret->n_shelves = 2;
	ret->shelves = calloc(2, sizeof(*ret->shelves));
	ret->shelves[0] = (struct erm_shelf){
		.index = 4,
		.types = 1U << ERM_ALARM_OPTICAL | 1U << ERM_ALARM_DRAINING,
		.since.real = 1700000000000003,
		.until.real = 1700000000000004,
		.name = "works",
		.who = "joe",
		.text = "fibre",
		.resources = { "contoso-*", "port:er?" },
	};
	ret->shelves[1] = (struct erm_shelf){ .index = 9, .name = "rest" };
	ret->n_owed = 1;
	ret->owed = calloc(1, sizeof(struct erm_event *));
	ret->owed[0] = make_event(0);
	ret->n_undelivered = 2;
	ret->undelivered = calloc(2, sizeof(struct erm_event *));
	ret->undelivered[0] = make_event(10);
	ret->undelivered[1] = make_event(11);
	/* An agent event: no alarm type, no index, none of the optional strings. */
	*ret->undelivered[1] = (struct erm_event){
		.n_ref = 1,
		.kind = ERM_EVENT_AGENT_STARTED,
		.severity = ERM_SEVERITY_CLEARED,
		.resource_kind = ERM_RESOURCE_AGENT,
		.sequence = 11,
		.state = ERM_STATE_UNKNOWN,
		.circuit = "ams-edge-1",
	};
}

static char *format_sample(size_t *ret_len)
{
	struct erm_persist persist;
	char *text = NULL;

	make_persist(&persist);
	ck_assert_int_eq(erm_state_format(&persist, &text, ret_len), 0);
	ck_assert_uint_eq(strlen(text), *ret_len);
	erm_persist_done(&persist);
	return text;
}

/* Expects this text to be refused with this error and the output not to be touched. */
static void assert_refused(const char *text, size_t len, int error)
{
	struct erm_persist persist;
	struct erm_persist before;
	char *copy = malloc(len + 1); /* exactly as long as told: ASan sees an overread */

	memset(&persist, 0x5a, sizeof(persist));
	before = persist;
	memcpy(copy, text, len);
	ck_assert_msg(erm_state_parse(copy, len, &persist) == error, "%.*s", (int)len, text);
	ck_assert_mem_eq(&persist, &before, sizeof(before));
	free(copy);
}

/* Field by field: the octets between fields are nobody's. */
static void assert_events_equal(const struct erm_event *a, const struct erm_event *b)
{
	ck_assert_int_eq(a->kind, b->kind);
	ck_assert_int_eq(a->type, b->type);
	ck_assert_int_eq(a->severity, b->severity);
	ck_assert_int_eq(a->resource_kind, b->resource_kind);
	ck_assert_uint_eq(a->n_index, b->n_index);
	ck_assert_mem_eq(a->index, b->index, sizeof(a->index));
	ck_assert_uint_eq(a->sequence, b->sequence);
	ck_assert_uint_eq(a->alarm_id, b->alarm_id);
	ck_assert_uint_eq(a->at.mono, b->at.mono);
	ck_assert_uint_eq(a->at.real, b->at.real);
	ck_assert_int_eq(a->state, b->state);
	ck_assert_uint_eq(a->expected, b->expected);
	ck_assert_uint_eq(a->usable, b->usable);
	ck_assert_uint_eq(a->unknown, b->unknown);
	ck_assert_uint_eq(a->impacted, b->impacted);
	ck_assert_int_eq(a->cause, b->cause);
	ck_assert_int_eq(a->fault_domain, b->fault_domain);
	ck_assert_str_eq(a->key, b->key);
	ck_assert_str_eq(a->circuit, b->circuit);
	ck_assert_str_eq(a->resource, b->resource);
	ck_assert_str_eq(a->connection, b->connection);
	ck_assert_str_eq(a->interface, b->interface);
	ck_assert_str_eq(a->peer, b->peer);
	ck_assert_str_eq(a->text, b->text);
}

START_TEST(test_round_trip_keeps_everything)
{
	struct erm_persist persist = { 0 };
	const struct erm_event *event;
	struct erm_event *expected = make_event(10);
	size_t len;
	_cleanup_free_ char *text = format_sample(&len);
	_cleanup_free_ char *again = NULL;
	size_t len_again;

	ck_assert_int_eq(erm_state_parse(text, len, &persist), 0);
	ck_assert_uint_eq(persist.last_sequence, UINT32_MAX);
	ck_assert_uint_eq(persist.last_alarm_id, 12);
	ck_assert_uint_eq(persist.n_indexes, 2);
	ck_assert_int_eq(persist.indexes[1].kind, ERM_RESOURCE_CIRCUIT);
	ck_assert_str_eq(persist.indexes[1].name, "contoso-ams");
	ck_assert_uint_eq(persist.indexes[1].index, 7);
	ck_assert_uint_eq(persist.n_members, 1);
	ck_assert_str_eq(persist.members[0].resource, "contoso-ams/primary/private/ipv4");
	ck_assert_uint_eq(persist.n_alarms, 1);
	ck_assert_str_eq(persist.alarms[0].key, "redundancy-lost/contoso-ams");
	ck_assert_uint_eq(persist.alarms[0].notified_real, 1700000000000001);
	ck_assert_int_eq(persist.alarms[0].severity, ERM_SEVERITY_MAJOR);
	ck_assert_int_eq(persist.alarms[0].op.state, ERM_OPERATOR_ACK);
	ck_assert_uint_eq(persist.alarms[0].op.at.real, 1700000000000002);
	ck_assert_str_eq(persist.alarms[0].op.who, "jane");
	ck_assert_str_eq(persist.alarms[0].op.text, "seen");
	ck_assert_uint_eq(persist.last_shelf, 9);
	ck_assert_uint_eq(persist.n_shelves, 2);
	ck_assert_uint_eq(persist.shelves[0].index, 4);
	ck_assert_uint_eq(persist.shelves[0].types,
			  1U << ERM_ALARM_OPTICAL | 1U << ERM_ALARM_DRAINING);
	ck_assert_uint_eq(persist.shelves[0].since.real, 1700000000000003);
	ck_assert_uint_eq(persist.shelves[0].until.real, 1700000000000004);
	ck_assert_str_eq(persist.shelves[0].name, "works");
	ck_assert_str_eq(persist.shelves[0].who, "joe");
	ck_assert_str_eq(persist.shelves[0].text, "fibre");
	ck_assert_str_eq(persist.shelves[0].resources[1], "port:er?");
	ck_assert_str_eq(persist.shelves[0].resources[2], "");
	ck_assert_uint_eq(persist.shelves[1].until.real, 0);
	ck_assert_uint_eq(persist.n_owed, 1);
	ck_assert_str_eq(persist.owed[0]->key, "redundancy-lost/contoso-ams");
	ck_assert_uint_eq(persist.n_undelivered, 2);
	event = persist.undelivered[0];
	expected->at.mono = 0; /* of another boot */
	assert_events_equal(event, expected);
	ck_assert_int_eq(persist.undelivered[1]->kind, ERM_EVENT_AGENT_STARTED);
	ck_assert_uint_eq(persist.undelivered[1]->n_index, 0);
	/* And the second generation is the same text as the first. */
	ck_assert_int_eq(erm_state_format(&persist, &again, &len_again), 0);
	ck_assert_str_eq(again, text);
	erm_event_unref(expected);
	erm_persist_done(&persist);
}
END_TEST

START_TEST(test_empty_state)
{
	struct erm_persist persist = { 0 };
	_cleanup_free_ char *text = NULL;
	size_t len;

	ck_assert_int_eq(erm_state_format(&persist, &text, &len), 0);
	memset(&persist, 0x5a, sizeof(persist));
	ck_assert_int_eq(erm_state_parse(text, len, &persist), 0);
	ck_assert_uint_eq(persist.n_undelivered + persist.n_alarms + persist.n_members, 0);
	ck_assert_ptr_null(persist.indexes);
	erm_persist_done(&persist);
}
END_TEST

/* Of a program that knew no shelves. */
START_TEST(test_older_file)
{
	static const char text[] =
		"{\"format\":\"ermon-state\",\"version\":1,\"last-sequence\":7,\"last-alarm-id\":3,"
		"\"indexes\":[],\"members\":[],\"alarms\":[{\"key\":\"degraded/c1\",\"id\":3,"
		"\"sequence\":7,\"raised\":1,\"notified\":1,\"severity\":\"minor\"}],"
		"\"undelivered\":[]}";
	struct erm_persist persist = { 0 };

	ck_assert_int_eq(erm_state_parse(text, sizeof(text) - 1, &persist), 0);
	ck_assert_uint_eq(persist.n_alarms, 1);
	ck_assert_int_eq(persist.alarms[0].op.state, 0);
	ck_assert_uint_eq(persist.n_shelves + persist.n_owed + persist.last_shelf, 0);
	erm_persist_done(&persist);
}
END_TEST

#define SHELVES(x)                                                                           \
	"{\"format\":\"ermon-state\",\"version\":1,\"last-sequence\":7,\"last-alarm-id\":3," \
	"\"indexes\":[],\"members\":[],\"alarms\":[],\"undelivered\":[]," x "}"
#define SHELF(x) SHELVES("\"shelves\":[{\"name\":\"a\",\"index\":1,\"since\":1," x "}]")

static const struct {
	const char *text;
	int error;
} shelves[] = {
	{ SHELVES("\"shelves\":[]"), 0 },
	{ SHELF("\"types\":[],\"resources\":[]"), 0 },
	{ SHELF("\"types\":[\"optical\",\"optical\"],\"resources\":[\"a\"]"), 0 },
	{ SHELVES("\"shelves\":{}"), -EBADMSG },
	{ SHELVES("\"shelves\":[7]"), -EBADMSG },
	{ SHELVES("\"owed\":{}"), -EBADMSG },
	{ SHELVES("\"owed\":[{}]"), -EBADMSG },
	{ SHELVES("\"last-shelf\":-1"), -EBADMSG },
	{ SHELF("\"types\":[]"), -EBADMSG },
	{ SHELF("\"types\":[\"moon\"],\"resources\":[]"), -EBADMSG },
	{ SHELF("\"types\":[7],\"resources\":[]"), -EBADMSG },
	{ SHELF("\"types\":7,\"resources\":[]"), -EBADMSG },
	{ SHELF("\"types\":[],\"resources\":[\"\"]"), -EBADMSG },
	{ SHELF("\"types\":[],\"resources\":[\"\\u0007\"]"), -EBADMSG },
	{ SHELF("\"types\":[],\"resources\":[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\","
		"\"9\"]"),
	  -EBADMSG },
};

START_TEST(test_shelves)
{
	struct erm_persist persist = { 0 };

	if (shelves[_i].error < 0) {
		assert_refused(shelves[_i].text, strlen(shelves[_i].text), shelves[_i].error);
		return;
	}
	ck_assert_int_eq(erm_state_parse(shelves[_i].text, strlen(shelves[_i].text), &persist), 0);
	erm_persist_done(&persist);
}
END_TEST

/* Whoever wrote more than there may be, it was not this program. */
START_TEST(test_too_many_shelves)
{
	struct erm_persist persist = { .n_shelves = ERM_SHELVES_MAX + 1 };
	_cleanup_free_ char *text = NULL;
	size_t len = 0;

	persist.shelves = calloc(persist.n_shelves, sizeof(*persist.shelves));
	for (uint32_t i = 0; i < persist.n_shelves; i++)
		persist.shelves[i].name[0] = 'x';
	ck_assert_int_eq(erm_state_format(&persist, &text, &len), 0);
	erm_persist_done(&persist);
	assert_refused(text, len, -EBADMSG);
}
END_TEST

START_TEST(test_every_truncation_is_refused)
{
	size_t len;
	_cleanup_free_ char *text = format_sample(&len);

	for (size_t i = 0; i < len; i++)
		assert_refused(text, i, -EBADMSG);
}
END_TEST

/* Replaces the first `from` by `to` in a good file. */
static const struct {
	const char *from, *to;
	int error;
} changes[] = {
	{ "\"version\":1", "\"version\":2", -EPROTONOSUPPORT },
	{ "\"version\":1", "\"version\":0", -EPROTONOSUPPORT },
	{ "\"version\":1", "\"version\":\"1\"", -EBADMSG },
	{ "ermon-state", "other-state", -EBADMSG },
	{ "\"last-sequence\":4294967295", "\"last-sequence\":4294967296", -EBADMSG },
	{ "\"last-sequence\":4294967295", "\"last-sequence\":-1", -EBADMSG },
	{ "\"last-sequence\":4294967295", "\"last-sequence\":1.5", -EBADMSG },
	{ "\"last-sequence\":4294967295", "\"last-sequence\":1,\"last-sequence\":2", -EBADMSG },
	{ "\"last-alarm-id\":12", "\"last-alarm-ix\":12", -EBADMSG },
	{ "\"kind\":\"port\"", "\"kind\":\"potr\"", -EBADMSG },
	{ "\"kind\":\"port\"", "\"kind\":2", -EBADMSG },
	{ "\"name\":\"ens1f0\"", "\"name\":\"\"", -EBADMSG },
	{ "\"name\":\"ens1f0\"", "\"name\":\"ens\\u0007\"", -EBADMSG },
	{ "\"name\":\"ens1f0\"", "\"name\":\"ens\\u0000\"", -EBADMSG },
	{ "\"name\":\"ens1f0\"", "\"name\":\"\xc3\xa9\"", -EBADMSG },
	{ "\"severity\":\"major\"", "\"severity\":\"loud\"", -EBADMSG },
	{ "\"indexes\":[", "\"indexes\":[7,", -EBADMSG },
	{ "\"index\":[7]", "\"index\":[7,8,9,10]", -EBADMSG },
	{ "\"index\":[7]", "\"index\":[-7]", -EBADMSG },
	{ "\"index\":[7]", "\"index\":{}", -EBADMSG },
	{ "\"state\":3", "\"state\":99", -EBADMSG },
	{ "\"peer\":\"192.168.100.6\"",
	  "\"peer\":\"0123456789012345678901234567890123456789012345678901234567890\"", -EBADMSG },
	{ "\"raised\":1700000000000000", "\"raised\":-1", -EBADMSG },
	{ "\"cause\":\"no-carrier\"", "\"cause\":null", -EBADMSG },
};

START_TEST(test_one_wrong_thing_refuses_the_whole)
{
	size_t len;
	_cleanup_free_ char *text = format_sample(&len);
	const char *at = strstr(text, changes[_i].from);
	_cleanup_free_ char *changed = NULL;

	ck_assert_msg(at != NULL, "the sample has no %s", changes[_i].from);
	ck_assert_int_gt(asprintf(&changed, "%.*s%s%s", (int)(at - text), text, changes[_i].to,
				  at + strlen(changes[_i].from)),
			 0);
	assert_refused(changed, strlen(changed), changes[_i].error);
}
END_TEST

START_TEST(test_garbage)
{
	static const char *const garbage[] = { "",     "null",    "[]",  "{}", "\"ermon-state\"",
					       "{{{{", "\177ELF", "{}{}" };
	static const char with_nul[] = "{\"format\":\"ermon-state\",\"version\":1}\0{}";
	size_t len = 100000;
	_cleanup_free_ char *deep = malloc(len);

	for (size_t i = 0; i < ERM_ELEMENTS(garbage); i++)
		assert_refused(garbage[i], strlen(garbage[i]), -EBADMSG);
	assert_refused(with_nul, sizeof(with_nul) - 1, -EBADMSG);
	memset(deep, '[', len);
	assert_refused(deep, len, -EBADMSG);
}
END_TEST

START_TEST(test_a_later_key_of_the_same_version_is_ignored)
{
	static const char text[] =
		"{\"format\":\"ermon-state\",\"version\":1,\"new\":[1],"
		"\"last-sequence\":5,\"last-alarm-id\":2,"
		"\"indexes\":[],\"members\":[],\"alarms\":[],\"undelivered\":[]}";
	struct erm_persist persist;

	ck_assert_int_eq(erm_state_parse(text, sizeof(text) - 1, &persist), 0);
	ck_assert_uint_eq(persist.last_sequence, 5);
	erm_persist_done(&persist);
}
END_TEST

START_TEST(test_format_refuses_what_parse_would)
{
	struct erm_persist persist;
	char *text = NULL;
	size_t len = 77;

	make_persist(&persist);
	persist.undelivered[0]->text[3] = '\n';
	ck_assert_int_eq(erm_state_format(&persist, &text, &len), -EINVAL);
	erm_persist_done(&persist);
	make_persist(&persist);
	persist.alarms[0].severity = (enum erm_severity)99;
	ck_assert_int_eq(erm_state_format(&persist, &text, &len), -EINVAL);
	erm_persist_done(&persist);
	make_persist(&persist);
	memset(persist.indexes[0].name, 'x', sizeof(persist.indexes[0].name));
	ck_assert_int_eq(erm_state_format(&persist, &text, &len), -EINVAL);
	erm_persist_done(&persist);
	ck_assert_ptr_null(text);
	ck_assert_uint_eq(len, 77);
}
END_TEST

static char dir[] = "/tmp/ermon-test-XXXXXX";
static char path[64], bad[64], log_path[64];

static void set_up(void)
{
	ck_assert_ptr_nonnull(mkdtemp(dir));
	(void)snprintf(path, sizeof(path), "%s/state.json", dir);
	(void)snprintf(bad, sizeof(bad), "%s/state.json.bad", dir);
	(void)snprintf(log_path, sizeof(log_path), "%s/log", dir);
	ck_assert_ptr_nonnull(freopen(log_path, "w", stderr));
	(void)setvbuf(stderr, NULL, _IONBF, 0);
	erm_log_open();
}

static void tear_down(void)
{
	(void)unlink(path);
	(void)rmdir(path);
	(void)unlink(bad);
	(void)unlink(log_path);
	ck_assert_int_eq(rmdir(dir), 0);
}

static void put(const char *text, size_t len)
{
	FILE *f = fopen(path, "w");

	ck_assert_ptr_nonnull(f);
	ck_assert_uint_eq(fwrite(text, 1, len, f), len);
	ck_assert_int_eq(fclose(f), 0);
}

static unsigned int count_log_lines(void)
{
	FILE *f = fopen(log_path, "r");
	unsigned int n = 0;
	int c;

	while ((c = fgetc(f)) != EOF)
		n += c == '\n';
	(void)fclose(f);
	return n;
}

START_TEST(test_load)
{
	struct erm_persist persist = { 0 };
	size_t len;
	_cleanup_free_ char *text = format_sample(&len);

	ck_assert_int_eq(erm_state_load(path, &persist), -ENOENT);
	ck_assert_uint_eq(count_log_lines(), 0);
	put(text, len);
	ck_assert_int_eq(erm_state_load(path, &persist), 0);
	ck_assert_uint_eq(persist.n_undelivered, 2);
	ck_assert_uint_eq(count_log_lines(), 0);
	erm_persist_done(&persist);
}
END_TEST

START_TEST(test_load_sets_a_damaged_file_aside)
{
	struct erm_persist persist = { 0 };
	size_t len;
	_cleanup_free_ char *text = format_sample(&len);

	put(text, len / 2);
	ck_assert_int_eq(erm_state_load(path, &persist), -EBADMSG);
	ck_assert_int_eq(access(path, F_OK), -1);
	ck_assert_int_eq(access(bad, F_OK), 0);
	ck_assert_uint_eq(count_log_lines(), 1);
	ck_assert_int_eq(erm_state_load(path, &persist), -ENOENT);
	ck_assert_uint_eq(count_log_lines(), 1);
	/* A second one replaces the first. */
	put("{}", 2);
	ck_assert_int_eq(erm_state_load(path, &persist), -EBADMSG);
	ck_assert_int_eq(access(path, F_OK), -1);
	ck_assert_uint_eq(count_log_lines(), 2);
}
END_TEST

START_TEST(test_load_huge_or_no_file)
{
	struct erm_persist persist = { 0 };

	put("{", 1);
	ck_assert_int_eq(truncate(path, (off_t)ERM_STATE_SIZE_MAX + 1), 0);
	ck_assert_int_eq(erm_state_load(path, &persist), -EFBIG);
	ck_assert_int_eq(access(bad, F_OK), 0);
	ck_assert_int_eq(mkdir(path, 0700), 0);
	ck_assert_int_eq(erm_state_load(path, &persist), -EINVAL);
	ck_assert_uint_eq(count_log_lines(), 2);
	ck_assert_int_eq(rmdir(path), 0);
	/* A FIFO nobody writes to must not hang the start. */
	ck_assert_int_eq(mkfifo(path, 0600), 0);
	ck_assert_int_eq(erm_state_load(path, &persist), -EINVAL);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("state_file");
	TCase *t = tcase_create("text");

	tcase_add_test(t, test_round_trip_keeps_everything);
	tcase_add_test(t, test_empty_state);
	tcase_add_test(t, test_older_file);
	tcase_add_loop_test(t, test_shelves, 0, (int)ERM_ELEMENTS(shelves));
	tcase_add_test(t, test_too_many_shelves);
	tcase_add_test(t, test_every_truncation_is_refused);
	tcase_add_loop_test(t, test_one_wrong_thing_refuses_the_whole, 0,
			    (int)ERM_ELEMENTS(changes));
	tcase_add_test(t, test_garbage);
	tcase_add_test(t, test_a_later_key_of_the_same_version_is_ignored);
	tcase_add_test(t, test_format_refuses_what_parse_would);
	suite_add_tcase(s, t);
	t = tcase_create("load");
	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_test(t, test_load);
	tcase_add_test(t, test_load_sets_a_damaged_file_aside);
	tcase_add_test(t, test_load_huge_or_no_file);
	suite_add_tcase(s, t);
	return s;
}

ERM_CHECK_MAIN(suite)
