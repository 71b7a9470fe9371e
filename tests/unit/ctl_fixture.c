#include "ctl_fixture.h"

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"

struct ctl_fixture ctl = { .dir = "/tmp/ermon-test-XXXXXX" };

static int fake_encode(void *userdata, const struct erm_snapshot *snap, unsigned int parts,
		       const char *circuit, bool is_xml, char **ret_text)
{
	_cleanup_free_ char *spaces = calloc(1, ctl.padding + 1);

	(void)userdata;
	if (circuit && strcmp(circuit, "contoso") != 0)
		return -ENOENT;
	memset(spaces, ' ', ctl.padding);
	if (asprintf(ret_text,
		     is_xml ? "<ermon n=\"%u/%x/%s\"/>%s" : "{\"ermon:ermon\":\"%u/%x/%s\"}%s",
		     snap->last_sequence, parts, circuit ? circuit : "", spaces) < 0)
		return -ENOMEM;
	return 0;
}

static int fake_encode_event(void *userdata, const struct erm_event *e, char **ret_text)
{
	(void)userdata;
	return asprintf(ret_text, "{\"ermon:event\":{\"sequence\":%u}}", e->sequence) < 0 ? -ENOMEM
											  : 0;
}

static int fake_reload(void *userdata, char *ret_error, size_t size)
{
	(void)userdata;
	ctl.n_reloads++;
	if (ctl.reload_result < 0)
		(void)snprintf(ret_error, size, "line 3: no such key");
	return ctl.reload_result;
}

static int fake_act(void *userdata, const struct erm_act *act, uint32_t *ret_n)
{
	(void)userdata;
	ctl.act = *act;
	if (ctl.act_result < 0)
		return ctl.act_result;
	*ret_n = (uint32_t)ctl.act_result;
	return 0;
}

struct erm_event *ctl_make_event(uint32_t sequence)
{
	return erm_event_new(&(struct erm_event){ .sequence = sequence });
}

/* An otherwise empty ctl.snapshot whose log has the events 1..n. */
static struct erm_snapshot *make_snapshot(uint32_t n)
{
	struct erm_snapshot *s = calloc(1, sizeof(*s));

	s->n_ref = 1;
	s->last_sequence = n;
	s->config = erm_config_new();
	s->log = calloc(1, sizeof(*s->log) + n * sizeof(struct erm_event *));
	s->log->n_ref = 1;
	s->log->n = n;
	for (uint32_t i = 0; i < n; i++)
		s->log->events[i] = ctl_make_event(i + 1);
	return s;
}

void ctl_start(void)
{
	ck_assert_int_eq(erm_ctl_start(&ctl.env, &ctl.limits, &ctl.pub), 0);
}

void ctl_set_up(void)
{
	ck_assert_ptr_nonnull(mkdtemp(ctl.dir));
	(void)snprintf(ctl.path, sizeof(ctl.path), "%s/ctl.sock", ctl.dir);
	(void)snprintf(ctl.log_path, sizeof(ctl.log_path), "%s/log", ctl.dir);
	ck_assert_ptr_nonnull(freopen(ctl.log_path, "w", stderr));
	(void)setvbuf(stderr, NULL, _IONBF, 0);
	erm_log_open();
	ck_assert_int_ge(sd_event_new(&ctl.event), 0);
	ctl.env = (struct erm_publisher_env){
		.event = ctl.event,
		.runtime_dir = ctl.dir,
		.reload = fake_reload,
		.act = fake_act,
		.encode = fake_encode,
		.encode_event = fake_encode_event,
	};
	ctl.limits = erm_ctl_default_limits;
	ctl_start();
	ctl.snapshot = make_snapshot(3);
	erm_publisher_ctl_ops.publish(ctl.pub, ctl.snapshot, NULL, 0);
}

void ctl_tear_down(void)
{
	if (ctl.pub)
		erm_publisher_ctl_ops.free(ctl.pub);
	erm_snapshot_unref(ctl.snapshot);
	sd_event_unref(ctl.event);
	ck_assert_int_eq(access(ctl.path, F_OK), -1);
	(void)unlink(ctl.log_path);
	ck_assert_int_eq(rmdir(ctl.dir), 0);
}

void ctl_restart(void)
{
	erm_publisher_ctl_ops.free(ctl.pub);
	ctl_start();
	erm_publisher_ctl_ops.publish(ctl.pub, ctl.snapshot, NULL, 0);
}

/* One turn of the daemon's loop. */
void ctl_spin(void)
{
	ck_assert_int_ge(sd_event_run(ctl.event, 5000), 0);
}

struct erm_ctl_counters ctl_counters(void)
{
	struct erm_ctl_counters c;

	erm_ctl_counters(ctl.pub, &c);
	return c;
}

int ctl_open(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	(void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", ctl.path);
	ck_assert_int_ge(fd, 0);
	while (connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0) {
		ck_assert_int_eq(errno, EAGAIN);
		ctl_spin();
	}
	return fd;
}

void ctl_put(int fd, const void *data, size_t len)
{
	const char *at = data;

	while (len > 0) {
		ssize_t n = send(fd, at, len, MSG_NOSIGNAL);

		if (n < 0 && errno == EPIPE)
			return;
		ck_assert(n > 0 || errno == EAGAIN);
		if (n < 0) {
			ctl_spin();
			continue;
		}
		at += n;
		len -= (size_t)n;
	}
}

void ctl_ask(int fd, const char *text)
{
	ctl_put(fd, text, strlen(text) + 1);
}

/* The next message, which the caller frees; NULL at the end of the connection. */
char *ctl_next_message(int fd)
{
	char *text = NULL;
	size_t len = 0;

	for (;;) {
		char octets[65536];
		ssize_t n = recv(fd, octets, sizeof(octets), MSG_PEEK);
		const char *end = n > 0 ? memchr(octets, '\0', (size_t)n) : NULL;

		if (n < 0 && errno == EAGAIN) {
			ctl_spin();
			continue;
		}
		if (n <= 0) {
			free(text);
			return NULL;
		}
		if (end)
			n = end + 1 - octets;
		ck_assert_int_eq(recv(fd, octets, (size_t)n, 0), n);
		text = realloc(text, len + (size_t)n);
		memcpy(text + len, octets, (size_t)n);
		len += (size_t)n;
		if (end)
			return text;
	}
}

void ctl_expect(int fd, const char *expected)
{
	_cleanup_free_ char *text = ctl_next_message(fd);

	ck_assert_ptr_nonnull(text);
	ck_assert_str_eq(text, expected);
}

void ctl_expect_word(int fd, const char *word)
{
	_cleanup_free_ char *text = ctl_next_message(fd);

	ck_assert_ptr_nonnull(text);
	ck_assert_msg(strstr(text, word) != NULL, "%s", text);
}

void ctl_expect_end(int fd)
{
	_cleanup_free_ char *text = ctl_next_message(fd);

	ck_assert_msg(text == NULL, "%s", text);
	(void)close(fd);
}

void ctl_wait_for_clients(uint32_t n)
{
	while (ctl_counters().clients != n)
		ctl_spin();
}
