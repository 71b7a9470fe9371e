#include "state_writer.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "base/thread.h"
#include "state_file.h"

#define FREE_WAIT_USEC (2 * ERM_USEC_PER_SEC)
#define RETRY_USEC     (2 * ERM_USEC_PER_SEC)
#define TEMPORARY_FILE ERM_STATE_FILE ".tmp"

/* Shared with the thread, which a stuck disk may keep longer than its owner lives. */
struct work {
	char *text; /* the newest one not taken by the thread yet */
	size_t len;
	int error; /* of the last write */
	char dir[PATH_MAX];
};

struct erm_state_writer {
	struct erm_worker *worker;
	struct work *work;
};

static void destroy(void *userdata)
{
	struct work *w = userdata;

	free(w->text);
	free(w);
}

static int write_all(int fd, const char *text, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, text, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		text += n;
		len -= (size_t)n;
	}
	return 0;
}

static int write_temporary(int dir_fd, const char *text, size_t len)
{
	/* A kill between open and rename may have left one. */
	int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
	_cleanup_close_ int fd = -1;
	int r;

	if (unlinkat(dir_fd, TEMPORARY_FILE, 0) < 0 && errno != ENOENT)
		return -errno;
	fd = openat(dir_fd, TEMPORARY_FILE, flags, 0600);
	if (fd < 0)
		return -errno;
	r = write_all(fd, text, len);
	if (r == 0 && fsync(fd) < 0)
		r = -errno;
	return r;
}

static int write_state(const char *dir, const char *text, size_t len)
{
	_cleanup_close_ int dir_fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int r;

	if (dir_fd < 0)
		return -errno;
	r = write_temporary(dir_fd, text, len);
	if (r == 0 && renameat(dir_fd, TEMPORARY_FILE, dir_fd, ERM_STATE_FILE) < 0)
		r = -errno;
	if (r < 0) {
		(void)unlinkat(dir_fd, TEMPORARY_FILE, 0);
		return r;
	}
	return fsync(dir_fd) < 0 ? -errno : 0;
}

static void report(const struct work *w, int before, int now)
{
	if (now < 0 && before == 0) {
		erm_log_error("Cannot write %s/" ERM_STATE_FILE
			      ": %s; a restart would forget open alarms"
			      " (this is said once)",
			      w->dir, strerror(-now));
	} else if (now == 0 && before < 0) {
		erm_log_notice("Writing %s/" ERM_STATE_FILE " works again", w->dir);
	}
}

/* Waits for work.  After a failure the same text is tried again when nothing newer comes. */
static bool wait_for_work(struct erm_worker *worker, const struct work *w, bool has_failed)
{
	usec_t retry = erm_usec_add(erm_time_now().mono, RETRY_USEC);

	while (!w->text && !erm_worker_is_ending(worker)) {
		if (!has_failed) {
			(void)erm_worker_wait(worker, ERM_USEC_INFINITY);
		} else {
			(void)erm_worker_wait(worker, retry);
			if (erm_time_now().mono >= retry)
				return true;
		}
	}
	return w->text || (has_failed && !erm_worker_is_ending(worker));
}

static void run(struct erm_worker *worker, void *userdata)
{
	struct work *w = userdata;
	char *text = NULL;
	size_t len = 0;

	erm_worker_lock(worker);
	while (wait_for_work(worker, w, text != NULL)) {
		int before = w->error;
		int r;

		if (w->text) {
			free(text);
			text = ERM_TAKE_PTR(w->text);
			len = w->len;
		}
		erm_worker_unlock(worker);
		r = write_state(w->dir, text, len);
		report(w, before, r);
		if (r == 0) {
			free(text);
			text = NULL;
		}
		erm_worker_lock(worker);
		__atomic_store_n(&w->error, r, __ATOMIC_RELAXED);
	}
	erm_worker_unlock(worker);
	/* The last try failed, and this is the last chance. */
	if (text)
		(void)write_state(w->dir, text, len);
	free(text);
}

int erm_state_writer_new(const char *dir, struct erm_state_writer **ret)
{
	_cleanup_free_ struct erm_state_writer *writer = NULL;
	struct work *w;
	int r;

	if (strlen(dir) >= sizeof(w->dir))
		return -ENAMETOOLONG;
	writer = calloc(1, sizeof(*writer));
	w = calloc(1, sizeof(*w));
	if (!writer || !w) {
		free(w);
		return -ENOMEM;
	}
	memcpy(w->dir, dir, strlen(dir) + 1);
	writer->work = w;
	r = erm_worker_start(run, destroy, w, &writer->worker);
	if (r < 0) {
		destroy(w);
		return r;
	}
	*ret = ERM_TAKE_PTR(writer);
	return 0;
}

void erm_state_writer_submit(struct erm_state_writer *writer, char *text, size_t len)
{
	struct work *w = writer->work;
	char *old;

	erm_worker_lock(writer->worker);
	old = w->text;
	w->text = text;
	w->len = len;
	erm_worker_wake(writer->worker);
	erm_worker_unlock(writer->worker);
	free(old);
}

int erm_state_writer_error(const struct erm_state_writer *writer)
{
	return __atomic_load_n(&writer->work->error, __ATOMIC_RELAXED);
}

struct erm_state_writer *erm_state_writer_free(struct erm_state_writer *writer)
{
	if (!writer)
		return NULL;
	if (!erm_worker_end(writer->worker, FREE_WAIT_USEC)) {
		erm_log_warning("The state file is still being written after %d s;"
				" not waiting longer",
				(int)(FREE_WAIT_USEC / ERM_USEC_PER_SEC));
	}
	free(writer);
	return NULL;
}
