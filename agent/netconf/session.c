#include "netconf/session.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "netconf/frame.h"
#include "netconf/rpc.h"

#define READ_OCTETS ((size_t)32 * 1024)

struct session {
	int fd;
	const struct erm_nc_options *options;
	struct erm_nc_env *env;
	struct erm_frame frame;
	bool is_chunked; /* what we send */
	bool has_hello;
	bool is_over;
	enum erm_nc_end end;
	char input[READ_OCTETS];
};

static void finish(struct session *s, enum erm_nc_end end)
{
	if (!s->is_over)
		s->end = end;
	s->is_over = true;
}

/* --- Limits of the process --- */

static void set_limit(__rlimit_resource_t resource, rlim_t soft, rlim_t hard)
{
	const struct rlimit limit = { .rlim_cur = soft, .rlim_max = hard };

	(void)setrlimit(resource, &limit);
}

/* The kernel counts it in pages, in the first number of statm. */
static rlim_t address_space(void)
{
	_cleanup_fclose_ FILE *f = fopen("/proc/self/statm", "re");
	unsigned long pages = 0;

	if (!f || fscanf(f, "%lu", &pages) != 1) /* NOLINT(cert-err34-c): the kernel's */
		return 0;
	return (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE);
}

static void confine(const struct erm_nc_options *options)
{
	rlim_t now = address_space();

	(void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	set_limit(RLIMIT_CORE, 0, 0);
	set_limit(RLIMIT_NOFILE, 32, 32);
	set_limit(RLIMIT_FSIZE, 0, 0);
	if (options->memory_mbyte > 0 && now > 0) {
		now += (rlim_t)options->memory_mbyte * 1024 * 1024;
		set_limit(RLIMIT_AS, now, now);
	}
}

/* The kernel's limit is one of the whole life: it goes along. */
static void allow_cpu(const struct erm_nc_options *options)
{
	struct rusage usage;

	if (options->cpu_sec == 0 || getrusage(RUSAGE_SELF, &usage) < 0)
		return;
	set_limit(RLIMIT_CPU,
		  (rlim_t)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) + 2 + options->cpu_sec,
		  RLIM_INFINITY);
}

/* --- Octets --- */

/* Waits for the client; 0 = it may be read or written, or is gone. */
static int wait_for(struct session *s, short events, usec_t timeout)
{
	struct pollfd fds[] = {
		{ .fd = s->fd, .events = events },
		{ .fd = s->env->channel },
	};
	usec_t deadline = timeout ? erm_time_now().mono + timeout : ERM_USEC_INFINITY;

	for (;;) {
		usec_t left = erm_usec_sub(deadline, erm_time_now().mono);
		int msec = timeout ? (int)((left + 999) / ERM_USEC_PER_MSEC) : -1;
		int n = poll(fds, ERM_ELEMENTS(fds), msec);

		if (n < 0 && errno == EINTR)
			continue;
		if (n == 0)
			return -ETIMEDOUT;
		/* Without the server there is no session. */
		if (n < 0 || fds[1].revents & (POLLHUP | POLLERR))
			return -ECONNRESET;
		if (fds[0].revents)
			return 0;
	}
}

static int send_octets(struct session *s, const char *data, size_t len)
{
	while (len > 0) {
		ssize_t n = send(s->fd, data, len, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n > 0) {
			data += n;
			len -= (size_t)n;
			continue;
		}
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno != EAGAIN)
			return -errno;
		/* While it does not read it is not read either: nothing piles up. */
		n = wait_for(s, POLLOUT, s->options->stall_usec);
		if (n < 0)
			return (int)n;
	}
	return 0;
}

static void send_message(struct session *s, const char *text, size_t len)
{
	char head[ERM_FRAME_HEAD_MAX];
	const char *tail = erm_frame_tail(s->is_chunked);
	int r;

	erm_frame_head(s->is_chunked, len, head);
	r = send_octets(s, head, strlen(head));
	if (r == 0)
		r = send_octets(s, text, len);
	if (r == 0)
		r = send_octets(s, tail, strlen(tail));
	if (r < 0)
		finish(s, r == -ETIMEDOUT ? ERM_NC_END_TIMEOUT : ERM_NC_END_DROPPED);
}

/* --- Messages --- */

static void send_hello(struct session *s)
{
	_cleanup_free_ char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	if (out)
		erm_models_hello(s->env->models, s->env->session_id, out);
	if (!out || fclose(out) != 0)
		finish(s, ERM_NC_END_FAILURE);
	else
		send_message(s, text, len);
}

static void take_hello(struct session *s)
{
	bool has_base11 = false;

	if (erm_rpc_read_hello(s->env->models, s->frame.text, s->frame.len, &has_base11) < 0) {
		finish(s, ERM_NC_END_BAD_HELLO);
		return;
	}
	s->has_hello = true;
	s->env->has_base11 = has_base11;
	s->is_chunked = has_base11;
	s->frame.is_chunked = has_base11;
}

static void take_rpc(struct session *s)
{
	_cleanup_free_ char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	int r;

	if (!out) {
		finish(s, ERM_NC_END_FAILURE);
		return;
	}
	allow_cpu(s->options);
	r = erm_rpc_answer(s->env, s->frame.text, s->frame.len, out);
	if (fclose(out) != 0) {
		finish(s, ERM_NC_END_FAILURE);
		return;
	}
	erm_channel_tell(s->env->channel, &s->env->counters);
	if (r >= 0)
		send_message(s, text, len);
	if (r != 0)
		finish(s, r > 0 ? ERM_NC_END_CLOSED : ERM_NC_END_MALFORMED);
}

static void take_octets(struct session *s, size_t n)
{
	size_t at = 0;

	while (at < n && !s->is_over) {
		size_t used = 0;
		int r = erm_frame_push(&s->frame, s->input + at, n - at, &used);

		at += used;
		if (r > 0 && s->has_hello)
			take_rpc(s);
		else if (r > 0)
			take_hello(s);
		else if (r == -EMSGSIZE)
			finish(s, ERM_NC_END_TOO_LARGE);
		else if (r < 0)
			finish(s, s->has_hello ? ERM_NC_END_FRAMING : ERM_NC_END_BAD_HELLO);
	}
}

/* How long the client may stay silent now. */
static usec_t patience(const struct session *s, usec_t hello_deadline)
{
	usec_t left = erm_usec_sub(hello_deadline, erm_time_now().mono);

	if (!s->has_hello)
		return left > 0 ? left : 1;
	return erm_frame_is_idle(&s->frame) ? s->options->idle_usec : s->options->stall_usec;
}

static void turn(struct session *s, usec_t hello_deadline)
{
	int r = wait_for(s, POLLIN, patience(s, hello_deadline));
	ssize_t n;

	if (r < 0) {
		if (r != -ETIMEDOUT)
			finish(s, ERM_NC_END_DROPPED);
		else
			finish(s, s->has_hello ? ERM_NC_END_TIMEOUT : ERM_NC_END_BAD_HELLO);
		return;
	}
	n = recv(s->fd, s->input, sizeof(s->input), MSG_DONTWAIT);
	if (n > 0)
		take_octets(s, (size_t)n);
	else if (n == 0 || (errno != EINTR && errno != EAGAIN))
		finish(s, s->has_hello ? ERM_NC_END_DROPPED : ERM_NC_END_BAD_HELLO);
}

enum erm_nc_end erm_nc_session_run(int fd, const struct erm_nc_options *options,
				   struct erm_nc_env *env)
{
	usec_t hello_deadline = erm_time_now().mono + options->hello_usec;
	struct session *s = calloc(1, sizeof(*s));
	enum erm_nc_end end;

	if (!s)
		return ERM_NC_END_FAILURE;
	s->fd = fd;
	s->options = options;
	s->env = env;
	erm_frame_init(&s->frame, options->message_max);
	confine(options);
	allow_cpu(options);
	send_hello(s);
	while (!s->is_over)
		turn(s, hello_deadline);
	end = s->end;
	/* So that the last answer is not lost with what the client still sends. */
	(void)shutdown(fd, SHUT_WR);
	erm_frame_done(&s->frame);
	free(s);
	return end;
}
