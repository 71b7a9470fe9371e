#include "state_writer.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "base/thread.h"
#include "state_file.h"

#define FREE_WAIT_SEC  2
#define RETRY_WAIT_SEC 2
#define TEMPORARY_FILE ERM_STATE_FILE ".tmp"

struct erm_state_writer {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed; /* a text came, the end was asked for, or the thread is done */
	char *text;             /* the newest one not taken by the thread yet */
	size_t len;
	bool is_stopping, is_done, is_abandoned;
	int error; /* of the last write */
	char dir[PATH_MAX];
};

static void destroy(struct erm_state_writer *w)
{
	free(w->text);
	(void)pthread_cond_destroy(&w->changed);
	(void)pthread_mutex_destroy(&w->lock);
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

static void report(const struct erm_state_writer *w, int before, int now)
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

static struct timespec after_seconds(time_t seconds)
{
	struct timespec ts = { 0 };

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	ts.tv_sec += seconds;
	return ts;
}

/* Waits for work.  After a failure the same text is tried again when nothing newer comes. */
static bool wait_for_work(struct erm_state_writer *w, bool has_failed)
{
	struct timespec retry = after_seconds(RETRY_WAIT_SEC);

	while (!w->text && !w->is_stopping) {
		if (!has_failed) {
			(void)pthread_cond_wait(&w->changed, &w->lock);
		} else if (pthread_cond_timedwait(&w->changed, &w->lock, &retry) == ETIMEDOUT) {
			return true;
		}
	}
	return w->text || (has_failed && !w->is_stopping);
}

static void *run(void *userdata)
{
	struct erm_state_writer *w = userdata;
	char *text = NULL;
	size_t len = 0;
	bool is_abandoned;

	(void)pthread_mutex_lock(&w->lock);
	while (wait_for_work(w, text != NULL)) {
		int before = w->error;
		int r;

		if (w->text) {
			free(text);
			text = ERM_TAKE_PTR(w->text);
			len = w->len;
		}
		(void)pthread_mutex_unlock(&w->lock);
		r = write_state(w->dir, text, len);
		report(w, before, r);
		if (r == 0) {
			free(text);
			text = NULL;
		}
		(void)pthread_mutex_lock(&w->lock);
		__atomic_store_n(&w->error, r, __ATOMIC_RELAXED);
	}
	if (text) { /* the last try failed, this is the last chance */
		(void)pthread_mutex_unlock(&w->lock);
		(void)write_state(w->dir, text, len);
		free(text);
		(void)pthread_mutex_lock(&w->lock);
	}
	w->is_done = true;
	is_abandoned = w->is_abandoned;
	(void)pthread_cond_broadcast(&w->changed);
	(void)pthread_mutex_unlock(&w->lock);
	if (is_abandoned) {
		(void)pthread_detach(pthread_self());
		destroy(w);
	}
	return NULL;
}

int erm_state_writer_new(const char *dir, struct erm_state_writer **ret)
{
	struct erm_state_writer *w;
	pthread_condattr_t attr;
	int r;

	if (strlen(dir) >= sizeof(w->dir))
		return -ENAMETOOLONG;
	w = calloc(1, sizeof(*w));
	if (!w)
		return -ENOMEM;
	memcpy(w->dir, dir, strlen(dir) + 1);
	(void)pthread_mutex_init(&w->lock, NULL);
	(void)pthread_condattr_init(&attr);
	(void)pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	(void)pthread_cond_init(&w->changed, &attr);
	(void)pthread_condattr_destroy(&attr);
	r = erm_thread_start(&w->thread, run, w, 0);
	if (r < 0) {
		destroy(w);
		return r;
	}
	*ret = w;
	return 0;
}

void erm_state_writer_submit(struct erm_state_writer *writer, char *text, size_t len)
{
	char *old;

	(void)pthread_mutex_lock(&writer->lock);
	old = writer->text;
	writer->text = text;
	writer->len = len;
	(void)pthread_cond_broadcast(&writer->changed);
	(void)pthread_mutex_unlock(&writer->lock);
	free(old);
}

int erm_state_writer_error(const struct erm_state_writer *writer)
{
	return __atomic_load_n(&writer->error, __ATOMIC_RELAXED);
}

struct erm_state_writer *erm_state_writer_free(struct erm_state_writer *writer)
{
	struct timespec deadline = after_seconds(FREE_WAIT_SEC);
	bool is_done;

	if (!writer)
		return NULL;
	(void)pthread_mutex_lock(&writer->lock);
	writer->is_stopping = true;
	(void)pthread_cond_broadcast(&writer->changed);
	while (!writer->is_done) {
		if (pthread_cond_timedwait(&writer->changed, &writer->lock, &deadline) == ETIMEDOUT)
			break;
	}
	is_done = writer->is_done;
	writer->is_abandoned = !is_done;
	(void)pthread_mutex_unlock(&writer->lock);
	if (is_done) {
		(void)pthread_join(writer->thread, NULL);
		destroy(writer);
	} else {
		/* Not touched below: the thread owns it now and may be gone already. */
		erm_log_warning(
			"The state file is still being written after %d s; not waiting longer",
			FREE_WAIT_SEC);
	}
	return NULL;
}
