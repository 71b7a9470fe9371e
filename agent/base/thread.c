#include "base/thread.h"

#include <signal.h>

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
