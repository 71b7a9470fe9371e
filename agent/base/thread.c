#include "base/thread.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

int erm_thread_start(pthread_t *ret, void *(*run)(void *), void *arg, int taken)
{
	pthread_t thread;
	sigset_t blocked;
	sigset_t before;
	int r;

	(void)sigfillset(&blocked);
	if (taken > 0)
		(void)sigdelset(&blocked, taken);
	/* A thread begins with its maker's mask: no signal can slip in between. */
	r = pthread_sigmask(SIG_SETMASK, &blocked, &before);
	if (r != 0)
		return -r;
	r = pthread_create(&thread, NULL, run, arg);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (r == 0)
		*ret = thread;
	return -r;
}

struct erm_worker {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed; /* news, the end was asked for, or the thread is done */
	void (*run)(struct erm_worker *worker, void *work);
	void (*destroy)(void *work);
	void *work;
	bool is_ending, is_done, is_left;
};

static void worker_free(struct erm_worker *worker)
{
	(void)pthread_cond_destroy(&worker->changed);
	(void)pthread_mutex_destroy(&worker->lock);
	free(worker);
}

static void worker_destroy(struct erm_worker *worker)
{
	worker->destroy(worker->work);
	worker_free(worker);
}

static void *worker_run(void *userdata)
{
	struct erm_worker *worker = userdata;
	bool is_left;

	worker->run(worker, worker->work);
	(void)pthread_mutex_lock(&worker->lock);
	worker->is_done = true;
	is_left = worker->is_left;
	(void)pthread_cond_broadcast(&worker->changed);
	(void)pthread_mutex_unlock(&worker->lock);
	if (is_left) {
		(void)pthread_detach(pthread_self());
		worker_destroy(worker);
	}
	return NULL;
}

int erm_worker_start(void (*run)(struct erm_worker *worker, void *work),
		     void (*destroy)(void *work), void *work, struct erm_worker **ret)
{
	struct erm_worker *worker = calloc(1, sizeof(*worker));
	pthread_condattr_t attr;
	int r;

	if (!worker)
		return -ENOMEM;
	worker->run = run;
	worker->destroy = destroy;
	worker->work = work;
	(void)pthread_mutex_init(&worker->lock, NULL);
	(void)pthread_condattr_init(&attr);
	(void)pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	(void)pthread_cond_init(&worker->changed, &attr);
	(void)pthread_condattr_destroy(&attr);
	r = erm_thread_start(&worker->thread, worker_run, worker, 0);
	if (r < 0) {
		worker_free(worker);
		return r;
	}
	*ret = worker;
	return 0;
}

void erm_worker_lock(struct erm_worker *worker)
{
	(void)pthread_mutex_lock(&worker->lock);
}

void erm_worker_unlock(struct erm_worker *worker)
{
	(void)pthread_mutex_unlock(&worker->lock);
}

void erm_worker_wake(struct erm_worker *worker)
{
	(void)pthread_cond_broadcast(&worker->changed);
}

/* Locked.  0 or ETIMEDOUT. */
static int sleep_until(struct erm_worker *worker, usec_t until)
{
	struct timespec ts = {
		.tv_sec = (time_t)(until / ERM_USEC_PER_SEC),
		.tv_nsec = (long)(until % ERM_USEC_PER_SEC * 1000),
	};

	if (until == ERM_USEC_INFINITY)
		return pthread_cond_wait(&worker->changed, &worker->lock);
	return pthread_cond_timedwait(&worker->changed, &worker->lock, &ts);
}

bool erm_worker_wait(struct erm_worker *worker, usec_t until)
{
	if (!worker->is_ending)
		(void)sleep_until(worker, until);
	return !worker->is_ending;
}

bool erm_worker_is_ending(const struct erm_worker *worker)
{
	return worker->is_ending;
}

bool erm_worker_end(struct erm_worker *worker, usec_t patience)
{
	usec_t until = erm_usec_add(erm_time_now().mono, patience);
	bool is_done;
	int r = 0;

	if (!worker)
		return true;
	(void)pthread_mutex_lock(&worker->lock);
	worker->is_ending = true;
	(void)pthread_cond_broadcast(&worker->changed);
	while (!worker->is_done && r == 0)
		r = sleep_until(worker, until);
	is_done = worker->is_done;
	worker->is_left = !is_done;
	(void)pthread_mutex_unlock(&worker->lock);
	if (is_done) {
		(void)pthread_join(worker->thread, NULL);
		worker_destroy(worker);
	}
	/* Not touched below otherwise: the thread owns it now and may be gone already. */
	return is_done;
}
