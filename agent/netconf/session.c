#include "netconf/session.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <malloc.h>
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
#include "netconf/output.h"
#include "netconf/rpc.h"
#include "netconf/subscription.h"

#define READ_OCTETS  ((size_t)32 * 1024)
#define LARGE_OCTETS (128 * 1024)

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
	_cleanup_close_ int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
	char text[128];
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

	if (n <= 0)
		return 0;
	text[n] = '\0';
	return (rlim_t)strtoul(text, NULL, 10) * (rlim_t)sysconf(_SC_PAGESIZE);
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

enum wake { WAKE_CLIENT = 1, WAKE_EVENTS };

/*
 * Waits until the client may be read or written (or is gone), or until there is something
 * to do for the subscription, if that is waited for, too.
 */
static int wait_for(struct session *s, short events, usec_t timeout, bool with_subscription)
{
	struct erm_subscription *subscription = with_subscription ? s->env->subscription : NULL;
	struct pollfd fds[] = {
		{ .fd = s->fd, .events = events },
		{ .fd = s->env->channel },
		{ .fd = subscription ? erm_subscription_fd(subscription) : -1, .events = POLLIN },
	};
	usec_t client = timeout ? erm_time_now().mono + timeout : ERM_USEC_INFINITY;
	usec_t events_due =
		subscription ? erm_subscription_deadline(subscription) : ERM_USEC_INFINITY;
	usec_t deadline = client < events_due ? client : events_due;

	for (;;) {
		usec_t left = erm_usec_sub(deadline, erm_time_now().mono);
		usec_t msec = (left + ERM_USEC_PER_MSEC - 1) / ERM_USEC_PER_MSEC;
		int n = poll(fds, ERM_ELEMENTS(fds),
			     deadline == ERM_USEC_INFINITY ? -1
			     : msec < INT_MAX              ? (int)msec
							   : INT_MAX);

		if (n < 0 && errno == EINTR)
			continue;
		/* Without the server there is no session. */
		if (n < 0 || fds[1].revents & (POLLHUP | POLLERR))
			return -ECONNRESET;
		if (fds[0].revents)
			return WAKE_CLIENT;
		if (fds[2].revents || (n == 0 && events_due <= client))
			return WAKE_EVENTS;
		if (n == 0)
			return -ETIMEDOUT;
	}
}

/* Cuts len octets off the front. */
static void skip_octets(struct msghdr *message, size_t len)
{
	while (len > 0) {
		size_t n = message->msg_iov->iov_len < len ? message->msg_iov->iov_len : len;

		message->msg_iov->iov_base = (char *)message->msg_iov->iov_base + n;
		message->msg_iov->iov_len -= n;
		len -= n;
		if (message->msg_iov->iov_len == 0 && message->msg_iovlen > 1) {
			message->msg_iov++;
			message->msg_iovlen--;
		}
	}
}

static int send_octets(struct session *s, struct msghdr *message, size_t len)
{
	while (len > 0) {
		ssize_t n = sendmsg(s->fd, message, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n > 0) {
			skip_octets(message, (size_t)n);
			len -= (size_t)n;
			continue;
		}
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno != EAGAIN)
			return -errno;
		/* While it does not read it is not read either: nothing piles up. */
		n = wait_for(s, POLLOUT, s->options->stall_usec, false);
		if (n < 0)
			return (int)n;
	}
	return 0;
}

/* At once, so that the client wakes up once. */
static void send_message(struct session *s, char *text, size_t len)
{
	char head[ERM_FRAME_HEAD_MAX];
	char tail[ERM_FRAME_TAIL_MAX];
	struct iovec parts[] = { { head, 0 }, { text, len }, { tail, 0 } };
	struct msghdr message = { .msg_iov = parts, .msg_iovlen = ERM_ELEMENTS(parts) };
	int r;

	erm_frame_head(s->is_chunked, len, head);
	erm_frame_tail(s->is_chunked, tail);
	parts[0].iov_len = strlen(head);
	parts[2].iov_len = strlen(tail);
	r = send_octets(s, &message, len + parts[0].iov_len + parts[2].iov_len);
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
	struct erm_output output = { 0 };
	FILE *out = erm_output_open(&output);
	int r;

	if (!out) {
		finish(s, ERM_NC_END_FAILURE);
		return;
	}
	allow_cpu(s->options);
	r = erm_rpc_answer(s->env, s->frame.text, s->frame.len, out);
	if (fclose(out) != 0)
		finish(s, ERM_NC_END_FAILURE);
	else if (r >= 0)
		send_message(s, output.text, output.len);
	if (r != 0)
		finish(s, r > 0 ? ERM_NC_END_CLOSED : ERM_NC_END_MALFORMED);
	free(output.text);
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
	if (!erm_frame_is_idle(&s->frame))
		return s->options->stall_usec;
	/* Who listens need not talk. */
	return s->env->subscription ? 0 : s->options->idle_usec;
}

static void on_notification(void *userdata, char *text, size_t len)
{
	struct session *s = userdata;

	if (s->is_over)
		return;
	send_message(s, text, len);
	s->env->counters->out_notifications++;
}

static void run_subscription(struct session *s)
{
	if (!erm_subscription_run(s->env->subscription, on_notification, s))
		s->env->subscription = erm_subscription_free(s->env->subscription);
}

static void turn(struct session *s, usec_t hello_deadline)
{
	int r = wait_for(s, POLLIN, patience(s, hello_deadline), true);
	ssize_t n;

	if (r < 0) {
		if (r != -ETIMEDOUT)
			finish(s, ERM_NC_END_DROPPED);
		else
			finish(s, s->has_hello ? ERM_NC_END_TIMEOUT : ERM_NC_END_BAD_HELLO);
		return;
	}
	if (r == WAKE_EVENTS) {
		run_subscription(s);
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
	/* What was large goes back to the system at once, and an idle session is small. */
	(void)mallopt(M_MMAP_THRESHOLD, LARGE_OCTETS);
	(void)mallopt(M_TRIM_THRESHOLD, LARGE_OCTETS);
	confine(options);
	allow_cpu(options);
	send_hello(s);
	while (!s->is_over)
		turn(s, hello_deadline);
	end = s->end;
	env->subscription = erm_subscription_free(env->subscription);
	/* So that the last answer is not lost with what the client still sends. */
	(void)shutdown(fd, SHUT_WR);
	erm_frame_done(&s->frame);
	free(s);
	return end;
}
