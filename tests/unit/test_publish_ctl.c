#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "check_main.h"
#include "ctl_fixture.h"

START_TEST(test_get)
{
	int fd = ctl_open();
	struct stat st;

	ck_assert_int_eq(stat(ctl.path, &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0660);
	ctl_ask(fd, GET);
	ctl_expect(fd, ANSWER);
	ctl_ask(fd, "{\"method\":\"org.ermon.Get\",\"parameters\":{\"parts\":[\"state\"],"
		    "\"circuit\":\"contoso\",\"format\":\"xml\"}}");
	ctl_expect(fd, "{\"parameters\":{\"xml\":\"<ermon n=\\\"3/2/contoso\\\"/>\"}}");
	ctl_ask(fd, "{\"method\":\"org.ermon.Get\",\"parameters\":{\"circuit\":\"fabrikam\"}}");
	ctl_expect(fd, "{\"error\":\"org.ermon.NoSuchCircuit\",\"parameters\":{\"circuit\":"
		       "\"fabrikam\"}}");
	ctl_ask(fd, "{\"method\":\"org.ermon.Fly\"}");
	ctl_expect(fd,
		   "{\"error\":\"org.varlink.service.MethodNotFound\",\"parameters\":{\"method\":"
		   "\"org.ermon.Fly\"}}");
	(void)close(fd);
	ctl_wait_for_clients(0);
	ck_assert_uint_eq(ctl_counters().requests, 4);
	ck_assert_uint_eq(ctl_counters().gone[ERM_CTL_GONE_HANGUP], 1);
}
END_TEST

START_TEST(test_not_ready_before_the_first_snapshot)
{
	int fd;

	erm_publisher_ctl_ops.free(ctl.pub);
	ctl_start();
	fd = ctl_open();
	ctl_ask(fd, GET);
	ctl_expect(fd, "{\"error\":\"org.ermon.NotReady\",\"parameters\":{}}");
	(void)close(fd);
}
END_TEST

START_TEST(test_requests_in_one_packet_and_octet_by_octet)
{
	static const char two[] = GET "\0{\"method\":\"org.ermon.Fly\"}\0" GET;
	int fd = ctl_open();

	ctl_put(fd, two, sizeof(two));
	ctl_expect(fd, ANSWER);
	ctl_expect_word(fd, "MethodNotFound");
	ctl_expect(fd, ANSWER);
	for (size_t i = 0; i < sizeof(GET); i++) {
		ctl_put(fd, &GET[i], 1);
		ctl_spin();
	}
	ctl_expect(fd, ANSWER);
	/* Half-closed: what was asked before is still answered. */
	ctl_put(fd, two, sizeof(two));
	ck_assert_int_eq(shutdown(fd, SHUT_WR), 0);
	ctl_expect(fd, ANSWER);
	ctl_expect_word(fd, "MethodNotFound");
	ctl_expect(fd, ANSWER);
	ctl_expect_end(fd);
}
END_TEST

START_TEST(test_subscribe)
{
	struct erm_event *events[] = { ctl_make_event(4), ctl_make_event(5) };
	int plain = ctl_open();
	int history = ctl_open();

	ctl_ask(plain, SUBSCRIBE);
	ctl_expect(plain, STARTED);
	ctl_ask(history, "{\"method\":\"org.ermon.Subscribe\",\"more\":true,"
			 "\"parameters\":{\"history\":true}}");
	ctl_expect(history, STARTED);
	/* Published before the thread had a chance at the history: the order is kept. */
	erm_publisher_ctl_ops.publish(ctl.pub, ctl.snapshot, events, 2);
	ctl_expect(history, EVENT(1));
	ctl_expect(history, EVENT(2));
	ctl_expect(history, EVENT(3));
	ctl_expect(history, EVENT(4));
	ctl_expect(history, EVENT(5));
	ctl_expect(plain, EVENT(4));
	ctl_expect(plain, EVENT(5));
	/* Gone in the middle of it. */
	(void)close(plain);
	erm_publisher_ctl_ops.publish(ctl.pub, ctl.snapshot, events, 2);
	ctl_expect(history, EVENT(4));
	(void)close(history);
	ctl_wait_for_clients(0);
	for (size_t i = 0; i < ERM_ELEMENTS(events); i++)
		erm_event_unref(events[i]);
}
END_TEST

START_TEST(test_changes_are_coalesced)
{
	int fd = ctl_open();
	unsigned int n = 0;

	ctl_ask(fd, "{\"method\":\"org.ermon.Subscribe\",\"more\":true,"
		    "\"parameters\":{\"changes\":true,\"events\":false}}");
	ctl_expect(fd, STARTED);
	ctl_expect(fd, CHANGED); /* the first is for free */
	for (int i = 0; i < 1000; i++)
		erm_publisher_ctl_ops.publish(ctl.pub, ctl.snapshot, NULL, 0);
	ctl_expect(fd, CHANGED);
	for (int i = 0; i < 50; i++) {
		char octet;

		ctl_spin();
		while (recv(fd, &octet, 1, 0) == 1)
			n += octet == '\0';
	}
	ck_assert_uint_le(n, 3);
	erm_publisher_ctl_ops.publish(ctl.pub, ctl.snapshot, NULL, 0);
	ctl_expect(fd, CHANGED);
	(void)close(fd);
}
END_TEST

START_TEST(test_reload)
{
	int fd = ctl_open();

	ctl_ask(fd, "{\"method\":\"org.ermon.Reload\"}");
	ctl_expect(fd, "{\"parameters\":{}}");
	ctl.reload_result = -EINVAL;
	ctl_ask(fd, "{\"method\":\"org.ermon.Reload\"}");
	ctl_expect(fd, "{\"error\":\"org.ermon.ReloadFailed\",\"parameters\":{\"reason\":"
		       "\"line 3: no such key\"}}");
	ctl_ask(fd, "{\"method\":\"org.ermon.Reload\",\"oneway\":true}");
	ctl_ask(fd, "{\"method\":\"org.ermon.Fly\",\"oneway\":true}");
	ctl_ask(fd, GET); /* the next answer is this one's */
	free(ctl_next_message(fd));
	ck_assert_int_eq(ctl.n_reloads, 3);
	(void)close(fd);
}
END_TEST

/* Asks as user 65534, and in this group, too, unless it is 0; answer has room for 511 octets. */
static void ask_as_nobody(gid_t group, const char *text, char *answer)
{
	pid_t pid;
	int pipe_fds[2];
	ssize_t n;

	ck_assert_int_eq(chmod(ctl.dir, 0755), 0);
	ck_assert_int_eq(chmod(ctl.path, 0666), 0);
	ck_assert_int_eq(pipe(pipe_fds), 0);
	pid = fork();
	if (pid == 0) {
		struct sockaddr_un address = { .sun_family = AF_UNIX };
		int fd = socket(AF_UNIX, SOCK_STREAM, 0);
		ssize_t len = -1;

		(void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", ctl.path);
		if (setgroups(group > 0, &group) == 0 && setgid(65534) == 0 && setuid(65534) == 0 &&
		    connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0 &&
		    send(fd, text, strlen(text) + 1, 0) == (ssize_t)strlen(text) + 1)
			len = recv(fd, answer, 511, 0);
		_exit(len > 0 && write(pipe_fds[1], answer, (size_t)len) == len ? 0 : 1);
	}
	(void)close(pipe_fds[1]);
	ck_assert_int_eq(fcntl(pipe_fds[0], F_SETFL, O_NONBLOCK), 0);
	while ((n = read(pipe_fds[0], answer, 511)) < 0)
		ctl_spin();
	answer[n] = '\0';
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
	(void)close(pipe_fds[0]);
}

START_TEST(test_reload_is_not_for_everybody)
{
	char answer[512];

	if (geteuid() != 0)
		return; /* only root can become somebody else */
	ask_as_nobody(0, "{\"method\":\"org.ermon.Reload\"}", answer);
	ck_assert_str_eq(answer,
			 "{\"error\":\"org.varlink.service.PermissionDenied\",\"parameters\":{}}");
	ck_assert_int_eq(ctl.n_reloads, 0);
}
END_TEST

#define SHELVE \
	"{\"method\":\"org.ermon.Shelve\",\"parameters\":{\"name\":\"works\",\"resources\":[\"c1\"]}}"
#define ACK                                                                     \
	"{\"method\":\"org.ermon.SetOperatorState\",\"parameters\":{\"alarm\":" \
	"\"degraded/c1\",\"state\":\"ack\",\"user\":\"jane\"}}"

START_TEST(test_acts)
{
	static const struct {
		int result;
		const char *shelve, *ack;
	} errors[] = {
		{ -ENOENT, "NoSuchShelf\",\"parameters\":{\"shelf\":\"works\"}",
		  "NoSuchAlarm\",\"parameters\":{\"alarm\":\"degraded/c1\"}" },
		{ -ENOSPC, "TooManyShelves\",\"parameters\":{\"shelf\":\"works\"}", "TooMany" },
		{ -ENOMEM, "org.ermon.Failed", "org.ermon.Failed" },
	};
	int fd = ctl_open();

	ctl.act_result = 3;
	ctl_ask(fd, SHELVE);
	ctl_expect(fd, "{\"parameters\":{\"shelved\":3}}");
	ck_assert_int_eq(ctl.act.kind, ERM_ACT_SHELVE);
	ck_assert_uint_eq(ctl.act.uid, geteuid());
	ck_assert_str_ne(ctl.act.op.who, ""); /* who asks, as the kernel tells */
	ck_assert_str_ne(ctl.act.op.who, "jane");
	ctl_ask(fd, "{\"method\":\"org.ermon.Unshelve\",\"parameters\":{\"name\":\"works\"}}");
	ctl_expect(fd, "{\"parameters\":{\"unshelved\":3}}");
	ctl_ask(fd, ACK);
	ctl_expect(fd, "{\"parameters\":{}}");
	ck_assert_str_eq(ctl.act.op.who, "jane"); /* the daemon's own user may act for others */
	for (size_t i = 0; i < ERM_ELEMENTS(errors); i++) {
		ctl.act_result = errors[i].result;
		ctl_ask(fd, SHELVE);
		ctl_expect_word(fd, errors[i].shelve);
		ctl_ask(fd, ACK);
		ctl_expect_word(fd, errors[i].ack);
	}
	/* What is no act at all reaches nobody. */
	ctl.act.kind = 0;
	ctl_ask(fd, "{\"method\":\"org.ermon.Shelve\",\"parameters\":{\"name\":\"works\"}}");
	ctl_expect_word(fd, "InvalidParameter");
	ck_assert_int_eq(ctl.act.kind, 0);
	(void)close(fd);
}
END_TEST

static void set_group(const char *name)
{
	struct erm_config *config = erm_config_new();

	config->agent.operator_group = name ? strdup(name) : NULL;
	ck_assert_int_eq(erm_publisher_ctl_ops.reconfigure(ctl.pub, config), 0);
	(void)erm_config_unref(config);
}

static const struct {
	const char *group; /* in the configuration */
	const char *text;
	const char *word; /* in the answer */
	gid_t gid;        /* of the peer, beside 65534 */
	bool is_done;
} actors[] = {
	{ NULL, SHELVE, "org.ermon.NotPermitted", 0, false },
	{ NULL, ACK, "org.ermon.NotPermitted", 0, false },
	{ NULL, SHELVE, "org.ermon.NotPermitted", 4242, false },
	{ "4242", SHELVE, "and members of group 4242 may", 0, false },
	{ "4242", SHELVE, "org.ermon.NotPermitted", 4241, false },
	{ "4242", SHELVE, "{\"parameters\":{\"shelved\":1}}", 4242, true },
	{ "4242", ACK, "may act for others", 4242, false },
	/* Its first group. */
	{ "65534", SHELVE, "{\"parameters\":{\"shelved\":1}}", 0, true },
	{ "daemon", SHELVE, "{\"parameters\":{\"shelved\":1}}", 1, true },
	{ "no-such-group-here", SHELVE, "org.ermon.NotPermitted", 4242, false },
	{ "", SHELVE, "org.ermon.NotPermitted", 4242, false },
};

/* The peer is what the kernel says of it; "user" is no way around that. */
START_TEST(test_acts_are_not_for_everybody)
{
	char answer[512];

	if (geteuid() != 0)
		return; /* only root can become somebody else */
	set_group(actors[_i].group);
	ctl.act_result = 1;
	ask_as_nobody(actors[_i].gid, actors[_i].text, answer);
	ck_assert_msg(strstr(answer, actors[_i].word) != NULL, "%s", answer);
	ck_assert_int_eq(ctl.act.kind != 0, actors[_i].is_done);
	ck_assert(!actors[_i].is_done || ctl.act.uid == 65534);
}
END_TEST

START_TEST(test_who_else_has_the_socket)
{
	struct erm_publisher *second = NULL;
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd;

	/* A living daemon keeps it. */
	ck_assert_int_eq(erm_ctl_start(&ctl.env, &ctl.limits, &second), -EADDRINUSE);
	ck_assert_ptr_null(second);
	erm_publisher_ctl_ops.free(ctl.pub);
	ctl.pub = NULL;
	/* A dead one's is replaced. */
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	(void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", ctl.path);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	(void)close(fd);
	ctl_start();
	erm_publisher_ctl_ops.free(ctl.pub);
	ctl.pub = NULL;
	/* What is no socket is left alone. */
	fd = open(ctl.path, O_CREAT | O_WRONLY, 0600);
	ck_assert_int_ge(fd, 0);
	(void)close(fd);
	ck_assert_int_eq(erm_ctl_start(&ctl.env, &ctl.limits, &second), -EEXIST);
	ck_assert_int_eq(unlink(ctl.path), 0);
	/* No directory, and a name no socket can have. */
	ctl.env.runtime_dir = "/nonexistent";
	ck_assert_int_eq(erm_ctl_start(&ctl.env, &ctl.limits, &second), -ENOENT);
	ctl.env.runtime_dir =
		"/tmp/a-name-that-is-much-longer-than-what-fits-into-an-address-of-a-local"
		"-socket-which-has-108-octets";
	ck_assert_int_eq(erm_ctl_start(&ctl.env, &ctl.limits, &second), -ENAMETOOLONG);
}
END_TEST

START_TEST(test_health)
{
	struct erm_publisher_health health;
	int fd = ctl_open();

	ctl_ask(fd, "garbage");
	free(ctl_next_message(fd));
	ctl_expect_end(fd);
	erm_publisher_ctl_ops.health(ctl.pub, &health);
	ck_assert(health.is_alive && health.is_connected);
	ck_assert_uint_eq(health.limits_hit, 1);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("publish/ctl");
	TCase *t = tcase_create("ctl");

	tcase_add_checked_fixture(t, ctl_set_up, ctl_tear_down);
	tcase_set_timeout(t, 30);
	tcase_add_test(t, test_get);
	tcase_add_test(t, test_not_ready_before_the_first_snapshot);
	tcase_add_test(t, test_requests_in_one_packet_and_octet_by_octet);
	tcase_add_test(t, test_subscribe);
	tcase_add_test(t, test_changes_are_coalesced);
	tcase_add_test(t, test_reload);
	tcase_add_test(t, test_reload_is_not_for_everybody);
	tcase_add_test(t, test_acts);
	tcase_add_loop_test(t, test_acts_are_not_for_everybody, 0, (int)ERM_ELEMENTS(actors));
	tcase_add_test(t, test_who_else_has_the_socket);
	tcase_add_test(t, test_health);
	suite_add_tcase(s, t);
	return s;
}

ERM_CHECK_MAIN(suite)
