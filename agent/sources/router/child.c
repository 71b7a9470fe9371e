#include "sources/router/child.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "base/cleanup.h"

struct erm_router_child {
	sd_event *event;
	const struct erm_router_child_handler *handler; /* NULL: nobody's any more */
	void *userdata;
	int fd;
	pid_t pid; /* not reaped yet; 0 = none */
	bool is_killed;
	sd_event_source *io;
	sd_event_source
		*process; /* tells its end; NULL: there is none, or it could not be watched */
};

int erm_router_child_new(sd_event *event, const struct erm_router_child_handler *handler,
			 void *userdata, struct erm_router_child **ret)
{
	struct erm_router_child *child = calloc(1, sizeof(*child));

	if (!child)
		return -ENOMEM;
	child->event = sd_event_ref(event);
	child->handler = handler;
	child->userdata = userdata;
	child->fd = -1;
	*ret = child;
	return 0;
}

void erm_router_child_close(struct erm_router_child *child)
{
	child->io = sd_event_source_disable_unref(child->io);
	if (child->fd >= 0)
		(void)close(child->fd);
	child->fd = -1;
}

/* waitpid(2)'s, without waiting: 0 while the kernel has not let go of it. */
static pid_t reap(struct erm_router_child *child, int *ret_status)
{
	pid_t r = waitpid(child->pid, ret_status, WNOHANG);

	if (r < 0 && errno == EINTR)
		return 0;
	if (r != 0)
		child->pid = 0;
	return r;
}

void erm_router_child_kill(struct erm_router_child *child)
{
	erm_router_child_close(child);
	if (child->pid > 0) { /* not reaped: the number is still its own */
		(void)kill(child->pid, SIGKILL);
		child->is_killed = true;
	}
}

/* The loop keeps it until its process has ended, or the loop itself does. */
static void abandon(struct erm_router_child *child)
{
	child->handler = NULL;
	(void)sd_event_source_set_destroy_callback(child->process, free);
	(void)sd_event_source_set_floating(child->process, true);
	sd_event_source_unref(child->process);
}

struct erm_router_child *erm_router_child_free(struct erm_router_child *child)
{
	if (!child)
		return NULL;
	erm_router_child_kill(child);
	child->event = sd_event_unref(child->event);
	if (child->process)
		abandon(child);
	else
		free(child);
	return NULL;
}

bool erm_router_child_is_there(const struct erm_router_child *child)
{
	return child->process;
}

bool erm_router_child_is_alive(const struct erm_router_child *child)
{
	return child->process && !child->is_killed;
}

int erm_router_child_fd(const struct erm_router_child *child)
{
	return child->fd;
}

static int on_output(sd_event_source *source, int fd, uint32_t revents, void *userdata)
{
	struct erm_router_child *child = userdata;

	(void)source;
	(void)revents;
	child->handler->readable(child->userdata, fd);
	return 0;
}

static int on_end(sd_event_source *source, int fd, uint32_t revents, void *userdata)
{
	struct erm_router_child *child = userdata;
	int status = 0;
	pid_t r = reap(child, &status);

	(void)source;
	(void)fd;
	(void)revents;
	if (r == 0)
		return 0;
	child->process = sd_event_source_disable_unref(child->process);
	if (!child->handler)
		return 0;
	child->handler->ended(child->userdata,
			      r > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1,
			      child->is_killed);
	return 0;
}

static int add_files(posix_spawn_file_actions_t *actions, enum erm_router_child_kind kind, int fd)
{
	bool is_spoken = kind == ERM_ROUTER_CHILD_SPOKEN;
	int r = is_spoken ? posix_spawn_file_actions_adddup2(actions, fd, STDIN_FILENO)
			  : posix_spawn_file_actions_addopen(actions, STDIN_FILENO, "/dev/null",
							     O_RDONLY, 0);

	if (r == 0)
		r = posix_spawn_file_actions_adddup2(actions, fd, STDOUT_FILENO);
	if (r != 0)
		return r;
	return is_spoken ? posix_spawn_file_actions_addopen(actions, STDERR_FILENO, "/dev/null",
							    O_WRONLY, 0)
			 : posix_spawn_file_actions_adddup2(actions, fd, STDERR_FILENO);
}

static int spawn(enum erm_router_child_kind kind, const char *program, char *const argv[], int fd,
		 pid_t *ret)
{
	static char *const no_environment[] = { NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none, all;
	int r;

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
	r = add_files(&actions, kind, fd);
	if (r == 0)
		r = posix_spawn(ret, program, &actions, &attributes, argv, no_environment);
	(void)posix_spawnattr_destroy(&attributes);
	(void)posix_spawn_file_actions_destroy(&actions);
	return -r;
}

static int watch(struct erm_router_child *child)
{
	/* not by SIGCHLD: that would have to be blocked in the whole of ermond */
	int pidfd = pidfd_open(child->pid, 0);
	int r;

	if (pidfd < 0)
		return -errno;
	r = sd_event_add_io(child->event, &child->io, child->fd, EPOLLIN, on_output, child);
	if (r >= 0)
		r = sd_event_add_io(child->event, &child->process, pidfd, EPOLLIN, on_end, child);
	if (r >= 0)
		(void)sd_event_source_set_io_fd_own(child->process, true);
	else
		(void)close(pidfd);
	return r;
}

int erm_router_child_run(struct erm_router_child *child, enum erm_router_child_kind kind,
			 const char *program, char *const argv[])
{
	_cleanup_close_ int theirs = -1;
	int fds[2];
	int r = 0;

	assert(!child->process && child->fd < 0);
	if (child->pid > 0 && reap(child, NULL) == 0)
		return -EBUSY;
	if (kind == ERM_ROUTER_CHILD_SPOKEN
		    ? socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0
		    : pipe2(fds, O_CLOEXEC) < 0)
		return -errno;
	child->fd = fds[0];
	theirs = fds[1];
	child->is_killed = false;
	/* our end only: the child's is its standard output, which it may expect to block */
	if (fcntl(child->fd, F_SETFL, O_NONBLOCK) < 0)
		r = -errno;
	if (r >= 0)
		r = spawn(kind, program, argv, theirs, &child->pid);
	if (r < 0)
		child->pid = 0; /* posix_spawn(3) may have written it */
	else
		r = watch(child);
	if (r < 0)
		erm_router_child_kill(child);
	return r;
}
