#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "base/usec.h"
#include "check_main.h"
#include "publish/journal_entry.h"
#include "publish/publisher.h"

static const struct erm_event sample = {
	.kind = ERM_EVENT_RAISE,
	.type = ERM_ALARM_SERVICE_DOWN,
	.severity = ERM_SEVERITY_CRITICAL,
	.resource_kind = ERM_RESOURCE_CIRCUIT,
	.sequence = 4294967295U,
	.alarm_id = 7,
	.state = ERM_STATE_DOWN,
	.impacted = 4,
	.cause = ERM_CAUSE_NO_CARRIER,
	.fault_domain = ERM_FAULT_PROVIDER,
	.key = "service-down/contoso-ams",
	.circuit = "contoso-ams",
	.resource = "contoso-ams",
	.connection = "secondary",
	.interface = "ens1f1",
	.peer = "192.168.100.6",
	.text = "Circuit contoso-ams is down",
};

/* All fields, a line each; the caller frees it. */
static char *format(const struct erm_event *event)
{
	struct erm_journal_entry entry;
	char *text = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&text, &len);

	memset(&entry, 0x5a, sizeof(entry));
	erm_journal_entry_format(event, &entry);
	for (size_t i = 0; i < entry.n_fields; i++)
		(void)fprintf(f, "%.*s\n", (int)entry.fields[i].iov_len,
			      (const char *)entry.fields[i].iov_base);
	(void)fclose(f);
	return text;
}

START_TEST(test_entry)
{
	_cleanup_free_ char *text = format(&sample);
	const char *id = erm_journal_message_id(ERM_EVENT_RAISE, ERM_ALARM_SERVICE_DOWN);
	_cleanup_free_ char *expected = NULL;

	ck_assert_int_gt(asprintf(&expected,
				  "MESSAGE=Circuit contoso-ams is down\nMESSAGE_ID=%s\nPRIORITY=2\n"
				  "ERMON_EVENT=raise\nERMON_SEVERITY=critical\n"
				  "ERMON_CIRCUIT=contoso-ams\nERMON_RESOURCE=contoso-ams\n"
				  "ERMON_STATE=down\nERMON_CAUSE=no-carrier\n"
				  "ERMON_FAULT_DOMAIN=provider\nERMON_SEQ=4294967295\n"
				  "ERMON_KEY=service-down/contoso-ams\nERMON_TYPE=service-down\n"
				  "ERMON_ALARM_ID=7\nERMON_IMPACTED=4\nERMON_CONNECTION=secondary\n"
				  "ERMON_INTERFACE=ens1f1\nERMON_PEER=192.168.100.6\n",
				  id),
			 0);
	ck_assert_str_eq(text, expected);
}
END_TEST

START_TEST(test_entry_of_the_agent_itself)
{
	struct erm_event event = {
		.kind = ERM_EVENT_AGENT_STARTED,
		.severity = ERM_SEVERITY_INDETERMINATE,
		.resource_kind = ERM_RESOURCE_AGENT,
		.sequence = 1,
		.state = ERM_STATE_UNKNOWN,
		.circuit = "ams-edge-1",
		.text = "Agent started",
	};
	_cleanup_free_ char *text = format(&event);

	ck_assert_ptr_nonnull(strstr(text, "\nMESSAGE_ID="));
	ck_assert_ptr_nonnull(strstr(text, "\nPRIORITY=5\n"));
	ck_assert_ptr_nonnull(strstr(text, "\nERMON_RESOURCE=ams-edge-1\n"));
	ck_assert_ptr_nonnull(strstr(text, "\nERMON_STATE=unknown\n"));
	ck_assert_ptr_nonnull(strstr(text, "\nERMON_CAUSE=none\n"));
	ck_assert_ptr_null(strstr(text, "ERMON_TYPE="));
	ck_assert_ptr_null(strstr(text, "ERMON_KEY="));
	ck_assert_ptr_null(strstr(text, "ERMON_PEER="));
}
END_TEST

START_TEST(test_entry_of_a_member_and_the_longest)
{
	struct erm_event event = sample;
	struct erm_journal_entry entry;
	_cleanup_free_ char *text = NULL;

	event.resource_kind = ERM_RESOURCE_PORT;
	event.state = ERM_MEMBER_DOWN; /* no state of a circuit has this number */
	text = format(&event);
	ck_assert_ptr_nonnull(strstr(text, "\nERMON_STATE=down\n"));
	free(text);
	event.resource_kind = ERM_RESOURCE_SOURCE;
	event.state = ERM_SOURCE_LOST; /* and this one is redundancy-lost there */
	text = format(&event);
	ck_assert_ptr_nonnull(strstr(text, "\nERMON_STATE=lost\n"));
	memset(event.key, 'k', sizeof(event.key) - 1);
	memset(event.circuit, 'c', sizeof(event.circuit) - 1);
	memset(event.resource, 'r', sizeof(event.resource) - 1);
	memset(event.connection, 'n', sizeof(event.connection) - 1);
	memset(event.interface, 'i', sizeof(event.interface) - 1);
	memset(event.peer, 'p', sizeof(event.peer) - 1);
	memset(event.text, 't', sizeof(event.text) - 1);
	erm_journal_entry_format(&event, &entry);
	ck_assert_uint_eq(entry.n_fields, 18); /* none was left out */
}
END_TEST

START_TEST(test_message_ids_are_there_and_differ)
{
	const char *seen[64];
	size_t n = 0;

	for (unsigned int type = 1; type < ERM_ALARM_TYPE_MAX; type++) {
		seen[n++] = erm_journal_message_id(ERM_EVENT_RAISE, (enum erm_alarm_type)type);
		seen[n++] = erm_journal_message_id(ERM_EVENT_CLEAR, (enum erm_alarm_type)type);
		ck_assert_ptr_nonnull(
			erm_journal_message_id(ERM_EVENT_REMINDER, (enum erm_alarm_type)type));
	}
	seen[n++] = erm_journal_message_id(ERM_EVENT_REMINDER, ERM_ALARM_REDUNDANCY_LOST);
	seen[n++] = erm_journal_message_id(ERM_EVENT_AGENT_STARTED, 0);
	seen[n++] = erm_journal_message_id(ERM_EVENT_HEARTBEAT, 0);
	for (size_t i = 0; i < n; i++) {
		ck_assert_ptr_nonnull(seen[i]);
		ck_assert_uint_eq(strspn(seen[i], "0123456789abcdef"), 32);
		for (size_t j = 0; j < i; j++)
			ck_assert_str_ne(seen[i], seen[j]);
	}
	ck_assert_ptr_null(erm_journal_message_id(ERM_EVENT_RAISE, ERM_ALARM_TYPE_MAX));
}
END_TEST

START_TEST(test_priorities)
{
	ck_assert_int_eq(erm_journal_priority(ERM_EVENT_RAISE, ERM_SEVERITY_CRITICAL), LOG_CRIT);
	ck_assert_int_eq(erm_journal_priority(ERM_EVENT_RAISE, ERM_SEVERITY_MAJOR), LOG_ERR);
	ck_assert_int_eq(erm_journal_priority(ERM_EVENT_RAISE, ERM_SEVERITY_MINOR), LOG_WARNING);
	ck_assert_int_eq(erm_journal_priority(ERM_EVENT_RAISE, ERM_SEVERITY_WARNING), LOG_WARNING);
	ck_assert_int_eq(erm_journal_priority(ERM_EVENT_CLEAR, ERM_SEVERITY_CLEARED), LOG_NOTICE);
	ck_assert_int_eq(erm_journal_priority(ERM_EVENT_HEARTBEAT, ERM_SEVERITY_CRITICAL),
			 LOG_INFO);
}
END_TEST

/* Gives the publisher a pipe for stderr; the reading end. */
static int redirect_stderr(void)
{
	int fds[2];

	ck_assert_int_eq(unsetenv("JOURNAL_STREAM"), 0);
	ck_assert_int_eq(pipe(fds), 0);
	ck_assert_int_eq(dup2(fds[1], STDERR_FILENO), STDERR_FILENO);
	(void)close(fds[1]);
	erm_log_open();
	return fds[0];
}

static struct erm_publisher *start(void)
{
	struct erm_publisher_env env = { 0 };
	struct erm_publisher *pub = NULL;

	ck_assert_int_eq(erm_publisher_journal_ops.start(&env, &pub), 0);
	return pub;
}

START_TEST(test_one_line_an_event_in_order)
{
	struct erm_event *events[200];
	int fd = redirect_stderr();
	struct erm_publisher *pub = start();
	struct erm_publisher_health health;
	FILE *f;

	for (uint32_t i = 0; i < ERM_ELEMENTS(events); i++) {
		events[i] = erm_event_new(&sample);
		events[i]->sequence = i;
	}
	erm_publisher_journal_ops.publish(pub, NULL, events, 100);
	erm_publisher_journal_ops.publish(pub, NULL, events + 100, 100);
	do
		erm_publisher_journal_ops.health(pub, &health);
	while (health.delivered < ERM_ELEMENTS(events));
	ck_assert_uint_eq(health.acked_sequence, 199);
	ck_assert_uint_eq(health.queued, 0);
	erm_publisher_journal_ops.free(pub);
	(void)close(STDERR_FILENO);
	f = fdopen(fd, "r");
	for (uint32_t i = 0; i < ERM_ELEMENTS(events); i++) {
		char line[512];
		char expected[512];

		(void)snprintf(expected, sizeof(expected),
			       "<2>Circuit contoso-ams is down [critical service-down/contoso-ams, "
			       "seq %u]\n",
			       i);
		ck_assert_ptr_nonnull(fgets(line, sizeof(line), f));
		ck_assert_str_eq(line, expected);
		ck_assert_uint_eq(events[i]->n_ref, 1);
		erm_event_unref(events[i]);
	}
	(void)fclose(f);
}
END_TEST

START_TEST(test_a_reader_that_stops_holds_up_nobody)
{
	struct erm_event *event = erm_event_new(&sample);
	struct erm_event *events[1000];
	int fd = redirect_stderr();
	struct erm_publisher *pub = start();
	struct erm_publisher_health health;

	for (size_t i = 0; i < ERM_ELEMENTS(events); i++)
		events[i] = event;
	/* 20000 of them are more than the pipe and the queue hold. */
	for (int i = 0; i < 20; i++)
		erm_publisher_journal_ops.publish(pub, NULL, events, ERM_ELEMENTS(events));
	erm_publisher_journal_ops.health(pub, &health);
	ck_assert_uint_gt(health.dropped, 0);
	erm_publisher_journal_ops.free(pub);
	(void)close(fd); /* nobody read it: what waits for it waits until the test is ended */
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("publish/journal");
	TCase *t = tcase_create("journal");

	tcase_add_test(t, test_entry);
	tcase_add_test(t, test_entry_of_the_agent_itself);
	tcase_add_test(t, test_entry_of_a_member_and_the_longest);
	tcase_add_test(t, test_message_ids_are_there_and_differ);
	tcase_add_test(t, test_priorities);
	tcase_add_test(t, test_one_line_an_event_in_order);
	tcase_add_test(t, test_a_reader_that_stops_holds_up_nobody);
	suite_add_tcase(s, t);
	return s;
}

ERM_CHECK_MAIN(suite)
