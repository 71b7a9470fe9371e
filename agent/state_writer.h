/*
 * Writes the newest state text to <dir>/state.json in a thread of its own, so that
 * a slow or full disk never holds up the main loop.  Each write is atomic: a
 * temporary file in the same directory, fsync, rename, fsync of the directory;
 * whatever kills the process, the file is the old text or the new one.  Knows
 * nothing of the text's meaning.
 *
 * A failure (unwritable, disk full) is logged once, the text is kept and tried
 * again, and success after a failure is logged once.
 */
#ifndef ERM_STATE_WRITER_H
#define ERM_STATE_WRITER_H

#include <stddef.h>

struct erm_state_writer;

/*
 * Starts the thread, with all signals blocked.  The directory need not exist yet;
 * it is opened anew for each write.  -ENOMEM, -ENAMETOOLONG, or why no thread could be had.
 */
int erm_state_writer_new(const char *dir, struct erm_state_writer **ret);

/* Takes ownership of text (free()).  Never blocks: a text still waiting is replaced by the newer one. */
void erm_state_writer_submit(struct erm_state_writer *writer, char *text, size_t len);

/* 0 when the last write went well (or there was none), else its negative errno.  Any thread. */
int erm_state_writer_error(const struct erm_state_writer *writer);

/*
 * Writes what waits and ends the thread; waits at most 2 s, then leaves a thread
 * stuck in the disk behind (it cleans up after itself).  Accepts NULL, returns NULL.
 */
struct erm_state_writer *erm_state_writer_free(struct erm_state_writer *writer);

#endif
