/*
 * Threads beside the main one.  They leave the signals to it: its signalfd must be
 * their only reader.
 */
#ifndef ERM_BASE_THREAD_H
#define ERM_BASE_THREAD_H

#include <pthread.h>
#include <stdbool.h>

#include "base/usec.h"

/*
 * Starts run(arg) with every signal blocked but `taken` (0 = none).  The caller's
 * own mask is as before.  0 or a negative errno.
 */
int erm_thread_start(pthread_t *ret, void *(*run)(void *), void *arg, int taken);

/*
 * A thread that may get stuck where nobody can help (a disk, a driver), and its owner
 * who must not: the two share `work`, under one lock.  Whichever of them lets go last
 * destroys it.
 */
struct erm_worker;

/*
 * Starts run(worker, work) in a thread of its own, all signals blocked.  On failure
 * (-ENOMEM, or why no thread could be had) work is still the caller's.
 */
int erm_worker_start(void (*run)(struct erm_worker *worker, void *work),
		     void (*destroy)(void *work), void *work, struct erm_worker **ret);

/* The lock of the work; both sides. */
void erm_worker_lock(struct erm_worker *worker);
void erm_worker_unlock(struct erm_worker *worker);

/* The owner, locked: there is something new in the work. */
void erm_worker_wake(struct erm_worker *worker);

/*
 * The thread, locked: sleeps until it is woken, or until this time of the monotonic
 * clock (ERM_USEC_INFINITY = no limit).  False when it is to end.
 */
bool erm_worker_wait(struct erm_worker *worker, usec_t until);
/* The thread, locked: it is to end. */
bool erm_worker_is_ending(const struct erm_worker *worker);

/*
 * The owner: tells the thread to end and waits for it, at most for so long; a thread
 * that is stuck is left behind and destroys the work when it comes back.  Neither the
 * worker nor the work may be touched any more.  True when the thread has ended.
 * Accepts NULL.
 */
bool erm_worker_end(struct erm_worker *worker, usec_t patience);

#endif
