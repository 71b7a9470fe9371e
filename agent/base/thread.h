/*
 * Threads beside the main one.  They leave the signals to it: its signalfd must be
 * their only reader.
 */
#ifndef ERM_BASE_THREAD_H
#define ERM_BASE_THREAD_H

#include <pthread.h>

/*
 * Starts run(arg) with every signal blocked but `taken` (0 = none).  The caller's
 * own mask is as before.  0 or a negative errno.
 */
int erm_thread_start(pthread_t *ret, void *(*run)(void *), void *arg, int taken);

#endif
