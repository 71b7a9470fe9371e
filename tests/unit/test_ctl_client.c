/* ermonctl's end of the socket, against a server that answers what the test wants. */
#include <check.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "check_main.h"
#include "ctl/client.h"

static char dir[] = "/tmp/ermon-test-XXXXXX";
static char path[64];
static int listen_fd;
static pthread_t thread;
static char request[1024]; /* the one the server got */
static const char *answer; /* what it sends, in two parts; then it hangs up */
static size_t answer_len;

static struct sockaddr_un address(void)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };

	(void)snprintf(a.sun_path, sizeof(a.sun_path), "%s", path);
	return a;
}

static void listen_there(void)
{
	struct sockaddr_un a = address();

	listen_fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ck_assert_int_eq(bind(listen_fd, (struct sockaddr *)&a, sizeof(a)), 0);
	ck_assert_int_eq(listen(listen_fd, 1), 0);
}

static void *serve(void *userdata)
{
	int fd = accept(listen_fd, NULL, NULL);
	size_t n = 0;

	(void)userdata;
	while (fd >= 0 && (n == 0 || request[n - 1] != '\0') && n < sizeof(request) &&
	       recv(fd, request + n, 1, 0) == 1)
		n++;
	(void)send(fd, answer, answer_len / 2, MSG_NOSIGNAL);
	(void)usleep(1000); /* so that it comes in pieces, if it can */
	(void)send(fd, answer + answer_len / 2, answer_len - answer_len / 2, MSG_NOSIGNAL);
	(void)close(fd);
	return NULL;
}

static void set_up(void)
{
	ck_assert_ptr_nonnull(mkdtemp(dir));
	(void)snprintf(path, sizeof(path), "%s/ctl.sock", dir);
}

static void tear_down(void)
{
	(void)unlink(path);
	ck_assert_int_eq(rmdir(dir), 0);
}

/* Asks a server that answers this. */
static int ask(const char *text, size_t len, struct erm_client **client, json_t **reply)
{
	char error[ERM_CLIENT_ERROR_MAX];
	int r;

	listen_there();
	answer = text;
	answer_len = len;
	ck_assert_int_eq(pthread_create(&thread, NULL, serve, NULL), 0);
	ck_assert_int_eq(erm_client_open(path, client, error), 0);
	r = erm_client_ask(*client, "org.ermon.Get", json_pack("{s:s}", "format", "json"), reply);
	ck_assert_int_eq(pthread_join(thread, NULL), 0);
	(void)close(listen_fd);
	return r;
}

START_TEST(test_call_and_replies)
{
	static const char text[] = "{\"parameters\":{\"a\":1},\"continues\":true}\0"
				   "{\"parameters\":{\"a\":2}}";
	struct erm_client *client = NULL;
	json_t *reply = NULL;

	ck_assert_int_eq(ask(text, sizeof(text), &client, &reply), 0);
	ck_assert_str_eq(request,
			 "{\"method\":\"org.ermon.Get\",\"parameters\":{\"format\":\"json\"}}");
	ck_assert_int_eq(json_integer_value(json_object_get(reply, "a")), 1);
	json_decref(reply);
	ck_assert_int_eq(erm_client_next(client, 1000, &reply), 0);
	ck_assert_int_eq(json_integer_value(json_object_get(reply, "a")), 2);
	json_decref(reply);
	ck_assert_int_eq(erm_client_next(client, 1000, &reply), -ECONNRESET);
	ck_assert_str_eq(erm_client_error(client), "ermond closed the connection");
	ck_assert_ptr_null(erm_client_free(client));
}
END_TEST

#define ANSWER(text, error, sentence)                     \
	{                                                 \
		(text), sizeof(text), (error), (sentence) \
	}

static const struct {
	const char *text;
	size_t len;
	int error;
	const char *sentence;
} bad[] = {
	ANSWER("{\"error\":\"org.ermon.NoSuchCircuit\",\"parameters\":{\"circuit\":\"x\"}}",
	       -EREMOTEIO, "there is no circuit x"),
	ANSWER("{\"error\":\"org.ermon.NotReady\",\"parameters\":{}}", -EREMOTEIO,
	       "ermond has just started and knows nothing yet"),
	ANSWER("{\"error\":\"org.ermon.ReloadFailed\",\"parameters\":{\"reason\":\"f:3: no\"}}",
	       -EREMOTEIO, "f:3: no"),
	ANSWER("{\"error\":\"org.varlink.service.PermissionDenied\"}", -EREMOTEIO,
	       "only root and the user ermond runs as may do this"),
	ANSWER("{\"error\":\"org.moon.Gone\",\"parameters\":{}}", -EREMOTEIO,
	       "ermond answered org.moon.Gone"),
	ANSWER("not json", -EBADMSG, "ermond's answer is not understood"),
	ANSWER("{}", -EBADMSG, "ermond's answer is not understood"),
	ANSWER("{\"parameters\":[]}", -EBADMSG, "ermond's answer is not understood"),
	{ "{\"parameters\":{", 15, -ECONNRESET, "ermond closed the connection" },
	{ "", 0, -ECONNRESET, "ermond closed the connection" },
};

START_TEST(test_bad_answers)
{
	struct erm_client *client = NULL;
	json_t *reply = NULL;

	ck_assert_int_eq(ask(bad[_i].text, bad[_i].len, &client, &reply), bad[_i].error);
	ck_assert_ptr_null(reply);
	ck_assert_str_eq(erm_client_error(client), bad[_i].sentence);
	erm_client_free(client);
}
END_TEST

START_TEST(test_a_long_answer)
{
	static const char head[] = "{\"parameters\":{\"a\":1}";
	const size_t len = 3000000;
	char *text = malloc(len);
	struct erm_client *client = NULL;
	json_t *reply = NULL;

	memset(text, ' ', len);
	memcpy(text, head, sizeof(head) - 1);
	text[len - 2] = '}';
	text[len - 1] = '\0';
	ck_assert_int_eq(ask(text, len, &client, &reply), 0);
	ck_assert_int_eq(json_integer_value(json_object_get(reply, "a")), 1);
	json_decref(reply);
	erm_client_free(client);
	free(text);
}
END_TEST

START_TEST(test_no_answer)
{
	struct erm_client *client = NULL;
	char error[ERM_CLIENT_ERROR_MAX];
	json_t *reply = NULL;

	listen_there();
	ck_assert_int_eq(erm_client_open(path, &client, error), 0);
	ck_assert_int_eq(erm_client_call(client, "org.ermon.Get", NULL, false), 0);
	ck_assert_int_eq(erm_client_next(client, 50, &reply), -ETIMEDOUT);
	ck_assert_str_eq(erm_client_error(client), "ermond does not answer");
	erm_client_free(client);
	(void)close(listen_fd);
}
END_TEST

START_TEST(test_no_daemon)
{
	struct erm_client *client = NULL;
	char error[ERM_CLIENT_ERROR_MAX] = "";

	ck_assert_int_eq(erm_client_open(path, &client, error), -ENOENT);
	ck_assert_msg(strstr(error, "ermond is not running: there is no ") == error, "%s", error);
	listen_there();
	(void)close(listen_fd);
	ck_assert_int_eq(erm_client_open(path, &client, error), -ECONNREFUSED);
	ck_assert_msg(strstr(error, "ermond is not running: nobody listens on ") == error, "%s",
		      error);
	ck_assert_ptr_null(client);
	ck_assert_int_eq(erm_client_open("/a/path/that/is/longer/than/an/address/of/a/local/socket/"
					 "may/be/which/is/one/hundred/and/seven/octets/without/NUL",
					 &client, error),
			 -ENAMETOOLONG);
}
END_TEST

START_TEST(test_no_permission)
{
	struct erm_client *client = NULL;
	char error[ERM_CLIENT_ERROR_MAX] = "";

	if (geteuid() != 0)
		return; /* only root can give it to somebody else */
	listen_there();
	ck_assert_int_eq(chmod(dir, 0755), 0);
	ck_assert_int_eq(chmod(path, 0660), 0);
	ck_assert_int_eq(chown(path, 0, 2), 0);
	ck_assert_int_eq(seteuid(65534), 0);
	ck_assert_int_eq(erm_client_open(path, &client, error), -EACCES);
	ck_assert_int_eq(seteuid(0), 0);
	ck_assert_msg(strstr(error, "it is for root and group bin") != NULL, "%s", error);
	(void)close(listen_fd);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("ctl/client");
	TCase *t = tcase_create("client");

	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_test(t, test_call_and_replies);
	tcase_add_loop_test(t, test_bad_answers, 0, (int)ERM_ELEMENTS(bad));
	tcase_add_test(t, test_a_long_answer);
	tcase_add_test(t, test_no_answer);
	tcase_add_test(t, test_no_daemon);
	tcase_add_test(t, test_no_permission);
	suite_add_tcase(s, t);
	return s;
}

ERM_CHECK_MAIN(suite)
