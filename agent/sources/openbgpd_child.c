#include "sources/openbgpd_child.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/pidfd.h>
#include <sys/wait.h>

#include "base/cleanup.h"

#define BUFFER_MIN    ((size_t)16 * 1024)
#define READS_MAX     16 /* a dispatch */
#define ACCURACY_USEC ((uint64_t)1000)

struct erm_openbgpd_child {
	sd_event *event;
	const struct erm_openbgpd_child_handler *handler;
	void *userdata;
	int fd;
	pid_t pid; /* not reaped yet; 0 = none */
	int pidfd;
	bool is_abandoned; /* killed, and only to be reaped */
	sd_event_source *io, *process, *deadline;
	int status;
	char *buffer;
	size_t capacity, used, max_bytes;
};

int erm_openbgpd_child_new(sd_event *event, const struct erm_openbgpd_child_handler *handler,
			   void *userdata, struct erm_openbgpd_child **ret)
{
	struct erm_openbgpd_child *child = calloc(1, sizeof(*child));

	if (!child)
		return -ENOMEM;
	child->event = sd_event_ref(event);
	child->handler = handler;
	child->userdata = userdata;
	child->fd = child->pidfd = -1;
	*ret = child;
	return 0;
}

static void close_output(struct erm_openbgpd_child *child)
{
	child->io = sd_event_source_disable_unref(child->io);
	if (child->fd >= 0)
		(void)close(child->fd);
	child->fd = -1;
}

static void forget_process(struct erm_openbgpd_child *child)
{
	child->process = sd_event_source_disable_unref(child->process);
	if (child->pidfd >= 0)
		(void)close(child->pidfd);
	child->pidfd = -1;
	child->pid = 0;
}

void erm_openbgpd_child_kill(struct erm_openbgpd_child *child)
{
	close_output(child);
	if (child->pid > 0) { /* not reaped: the number is still its own */
		(void)kill(child->pid, SIGKILL);
		child->is_abandoned = true;
	}
	child->deadline = sd_event_source_disable_unref(child->deadline);
	free(child->buffer);
	child->buffer = NULL;
	child->capacity = child->used = 0;
}

struct erm_openbgpd_child *erm_openbgpd_child_free(struct erm_openbgpd_child *child)
{
	if (child) {
		erm_openbgpd_child_kill(child);
		if (child->pid > 0)
			(void)waitpid(child->pid, NULL, 0);
		forget_process(child);
		sd_event_unref(child->event);
		free(child);
	}
	return NULL;
}

bool erm_openbgpd_child_is_running(const struct erm_openbgpd_child *child)
{
	return child->pid > 0 || child->fd >= 0;
}

static void end_by_force(struct erm_openbgpd_child *child, enum erm_source_reason reason)
{
	erm_openbgpd_child_kill(child);
	child->handler->killed(child->userdata, reason);
}

/* Over when the process has ended and all it printed is read. */
static void finish(struct erm_openbgpd_child *child)
{
	_cleanup_free_ char *text = NULL;
	size_t len = child->used;
	int status = child->status;

	if (child->pid > 0 || child->fd >= 0)
		return;
	text = ERM_TAKE_PTR(child->buffer);
	erm_openbgpd_child_kill(child);
	child->handler->ended(child->userdata, text, len, status);
}

/* Room for at least one byte more than what may be kept. */
static int grow(struct erm_openbgpd_child *child)
{
	size_t capacity = child->capacity ? child->capacity * 2 : BUFFER_MIN;
	char *buffer = NULL;

	if (child->used < child->capacity)
		return 0;
	if (child->used > child->max_bytes)
		return -E2BIG;
	if (capacity > child->max_bytes + 1)
		capacity = child->max_bytes + 1;
	buffer = realloc(child->buffer, capacity);
	if (!buffer)
		return -ENOMEM;
	child->buffer = buffer;
	child->capacity = capacity;
	return 0;
}

static int on_output(sd_event_source *source, int fd, uint32_t revents, void *userdata)
{
	struct erm_openbgpd_child *child = userdata;

	(void)source;
	(void)revents;
	for (unsigned int i = 0; i < READS_MAX; i++) {
		ssize_t n = 0;

		if (grow(child) < 0) {
			end_by_force(child, ERM_REASON_TOO_LARGE);
			return 0;
		}
		n = read(fd, child->buffer + child->used, child->capacity - child->used);
		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return 0;
		if (n <= 0) {
			close_output(child);
			finish(child);
			return 0;
		}
		child->used += (size_t)n;
	}
	return 0;
}

static int on_end(sd_event_source *source, int fd, uint32_t revents, void *userdata)
{
	struct erm_openbgpd_child *child = userdata;
	int status = 0;
	pid_t r = waitpid(child->pid, &status, WNOHANG);

	(void)source;
	(void)fd;
	(void)revents;
	if (r == 0 || (r < 0 && errno == EINTR))
		return 0;
	child->status = r > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	forget_process(child);
	if (child->is_abandoned)
		child->handler->reaped(child->userdata);
	else
		finish(child);
	return 0;
}

static int on_deadline(sd_event_source *source, uint64_t usec, void *userdata)
{
	struct erm_openbgpd_child *child = userdata;

	(void)source;
	(void)usec;
	end_by_force(child, ERM_REASON_TIMEOUT);
	return 0;
}

static int spawn(const char *program, char *const argv[], int out, pid_t *ret)
{
	static char *const no_environment[] = { NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none, all;
	int r = 0;

	(void)sigemptyset(&none);
	(void)sigfillset(&all);
	r = posix_spawn_file_actions_init(&actions);
	if (r != 0)
		return -r;
	r = posix_spawnattr_init(&attributes);
	if (r != 0) {
		(void)posix_spawn_file_actions_destroy(&actions);
		return -r;
	}
	(void)posix_spawnattr_setsigmask(&attributes, &none);
	(void)posix_spawnattr_setsigdefault(&attributes, &all);
	(void)posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	r = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	if (r == 0)
		r = posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
	if (r == 0)
		r = posix_spawn_file_actions_adddup2(&actions, out, STDERR_FILENO);
	if (r == 0)
		r = posix_spawn(ret, program, &actions, &attributes, argv, no_environment);
	(void)posix_spawnattr_destroy(&attributes);
	(void)posix_spawn_file_actions_destroy(&actions);
	return -r;
}

static int watch(struct erm_openbgpd_child *child, usec_t timeout_usec)
{
	int r = 0;

	/* not by SIGCHLD: that would have to be blocked in the whole of ermond */
	child->pidfd = pidfd_open(child->pid, 0);
	if (child->pidfd < 0)
		return -errno;
	r = sd_event_add_io(child->event, &child->process, child->pidfd, EPOLLIN, on_end, child);
	if (r >= 0)
		r = sd_event_add_io(child->event, &child->io, child->fd, EPOLLIN, on_output, child);
	if (r >= 0) {
		r = sd_event_add_time(child->event, &child->deadline, CLOCK_MONOTONIC,
				      erm_usec_add(erm_time_now().mono, timeout_usec),
				      ACCURACY_USEC, on_deadline, child);
	}
	if (r >= 0)
		r = sd_event_source_set_exit_on_failure(child->deadline, 1);
	return r;
}

int erm_openbgpd_child_run(struct erm_openbgpd_child *child, const char *program,
			   char *const argv[], usec_t timeout_usec, size_t max_bytes)
{
	_cleanup_close_ int out = -1;
	int pipe_fds[2];
	int r = 0;

	assert(!erm_openbgpd_child_is_running(child));
	if (pipe2(pipe_fds, O_CLOEXEC) < 0)
		return -errno;
	child->fd = pipe_fds[0];
	out = pipe_fds[1];
	child->max_bytes = max_bytes;
	child->is_abandoned = false;
	/* our end only: the child's is its standard output, which it may expect to block */
	if (fcntl(child->fd, F_SETFL, O_NONBLOCK) < 0)
		r = -errno;
	if (r >= 0)
		r = spawn(program, argv, out, &child->pid);
	if (r < 0)
		child->pid = 0; /* posix_spawn(3) may have written it */
	else
		r = watch(child, timeout_usec);
	if (r < 0) {
		erm_openbgpd_child_kill(child);
		if (child->pid > 0)
			(void)waitpid(child->pid, NULL, 0);
		forget_process(child);
	}
	return r;
}
