#include "sources/ethtool/thread.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/thread.h"

/* An idle thread ends at once; one in the kernel is not worth more of the main loop's time. */
#define PATIENCE_USEC (10 * ERM_USEC_PER_MSEC)

/* Shared, and destroyed by whoever lets go last. */
struct box {
	struct erm_ethtool_query query; /* the thread's alone */
	struct erm_ethtool_kernel kernel;
	int event_fd;
	struct erm_ethtool_look *looks;
	uint32_t n, n_done, n_taken;
	usec_t timeout; /* of these questions */
};

struct erm_ethtool_thread {
	struct erm_worker *worker;
	struct box *box;
	int event_fd;
};

static void box_destroy(void *userdata)
{
	struct box *box = userdata;

	erm_ethtool_query_close(&box->query);
	(void)close(box->event_fd);
	free(box->looks);
	free(box);
}

static void run(struct erm_worker *worker, void *userdata)
{
	struct box *box = userdata;

	erm_worker_lock(worker);
	while (!erm_worker_is_ending(worker)) {
		struct erm_ethtool_look look;
		usec_t timeout = box->timeout;

		if (box->n_done == box->n) {
			(void)erm_worker_wait(worker, ERM_USEC_INFINITY);
			continue;
		}
		look = box->looks[box->n_done];
		erm_worker_unlock(worker);
		erm_ethtool_query_look(&box->query, &look, timeout);
		erm_worker_lock(worker);
		box->looks[box->n_done++] = look;
		(void)eventfd_write(box->event_fd, 1);
	}
	erm_worker_unlock(worker);
}

int erm_ethtool_thread_new(const struct erm_ethtool_io *io, void *userdata,
			   struct erm_ethtool_thread **ret)
{
	_cleanup_free_ struct erm_ethtool_thread *thread = calloc(1, sizeof(*thread));
	struct box *box = calloc(1, sizeof(*box));
	int r;

	if (!thread || !box) {
		free(box);
		return -ENOMEM;
	}
	box->query.io = io;
	box->query.userdata = userdata ? userdata : &box->kernel;
	box->kernel.fd = -1;
	box->event_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (box->event_fd < 0) {
		r = -errno;
		free(box);
		return r;
	}
	thread->box = box;
	thread->event_fd = box->event_fd;
	r = erm_worker_start(run, box_destroy, box, &thread->worker);
	if (r < 0) {
		box_destroy(box);
		return r;
	}
	*ret = ERM_TAKE_PTR(thread);
	return 0;
}

int erm_ethtool_thread_fd(const struct erm_ethtool_thread *thread)
{
	return thread->event_fd;
}

int erm_ethtool_thread_ask(struct erm_ethtool_thread *thread, struct erm_ethtool_look *looks,
			   uint32_t n, usec_t timeout)
{
	struct box *box = thread->box;
	bool is_free;

	erm_worker_lock(thread->worker);
	is_free = box->n_taken == box->n;
	if (is_free) {
		free(box->looks);
		box->looks = looks;
		box->n = n;
		box->timeout = timeout;
		box->n_done = 0;
		box->n_taken = 0;
		erm_worker_wake(thread->worker);
	}
	erm_worker_unlock(thread->worker);
	return is_free ? 0 : -EBUSY;
}

int erm_ethtool_thread_take(struct erm_ethtool_thread *thread, struct erm_ethtool_look *ret,
			    bool *ret_is_last)
{
	struct box *box = thread->box;
	eventfd_t ignored;
	int r = 0;

	erm_worker_lock(thread->worker);
	if (box->n_taken < box->n_done) {
		*ret = box->looks[box->n_taken++];
		*ret_is_last = box->n_taken == box->n;
		r = 1;
	} else {
		/* Under the lock: an answer that comes now makes it readable again. */
		(void)eventfd_read(thread->event_fd, &ignored);
	}
	erm_worker_unlock(thread->worker);
	return r;
}

struct erm_ethtool_thread *erm_ethtool_thread_free(struct erm_ethtool_thread *thread)
{
	if (!thread)
		return NULL;
	(void)erm_worker_end(thread->worker, PATIENCE_USEC);
	free(thread);
	return NULL;
}
