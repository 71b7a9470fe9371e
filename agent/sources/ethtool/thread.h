/*
 * The thread that asks, and the box between it and the main loop: one list of questions
 * at a time, whose answers are taken one by one.  Nothing here waits for the thread.
 */
#ifndef ERM_SOURCES_ETHTOOL_THREAD_H
#define ERM_SOURCES_ETHTOOL_THREAD_H

#include "sources/ethtool/query.h"

struct erm_ethtool_thread;

/* -ENOMEM, -EMFILE, or why no thread could be had. */
int erm_ethtool_thread_new(const struct erm_ethtool_io *io, void *userdata,
			   struct erm_ethtool_thread **ret);

/* Readable when there is an answer to take. */
int erm_ethtool_thread_fd(const struct erm_ethtool_thread *thread);

/* Takes ownership of looks (free()).  -EBUSY while there are questions or answers of before: they are kept then. */
int erm_ethtool_thread_ask(struct erm_ethtool_thread *thread, struct erm_ethtool_look *looks,
			   uint32_t n, usec_t timeout);

/*
 * The next answer: 1, and whether it is the last of the list; or 0.  Never blocks.
 */
int erm_ethtool_thread_take(struct erm_ethtool_thread *thread, struct erm_ethtool_look *ret,
			    bool *ret_is_last);

/* Ends it, or leaves it behind in the kernel.  Accepts NULL, returns NULL. */
struct erm_ethtool_thread *erm_ethtool_thread_free(struct erm_ethtool_thread *thread);

#endif
