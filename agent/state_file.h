/*
 * The state file's text form: what survives a restart, as one JSON object with a
 * format version.  Knows the format and nothing of when it is written
 * (state_writer.h) or what it means (core/model.h).  erm_state_format() and
 * erm_state_parse() are pure; only erm_state_load() touches the disk and logs.
 */
#ifndef ERM_STATE_FILE_H
#define ERM_STATE_FILE_H

#include <stddef.h>

#include "core/persist.h"

#define ERM_STATE_VERSION 1
#define ERM_STATE_FILE    "state.json"
/* Ten thousand circuits and as many undelivered notifications stay far below. */
#define ERM_STATE_SIZE_MAX ((size_t)32 * 1024 * 1024)

/*
 * Writes persist as text, which the caller frees.  -ENOMEM; -EINVAL when a string
 * is not printable or a value has no name; -EFBIG above ERM_STATE_SIZE_MAX.
 */
int erm_state_format(const struct erm_persist *persist, char **ret_text, size_t *ret_len);

/*
 * Reads text, which need not end in NUL and is not trusted.  ret is filled as a
 * whole (erm_persist_done() it) or not touched:
 * -EBADMSG	    cut short, not JSON, another shape, a value out of range
 * -EPROTONOSUPPORT a state file, but of a version this program does not know
 * -EFBIG	    longer than ERM_STATE_SIZE_MAX
 * -ENOMEM
 */
int erm_state_parse(const char *text, size_t len, struct erm_persist *ret);

/*
 * Reads the file at path.  -ENOENT: there is none (a first start), nothing is
 * logged.  Any other failure is logged once, here, and the caller goes on with
 * nothing; a file that could be read but not understood is renamed to "<path>.bad"
 * first, so that the next write does not destroy it.
 */
int erm_state_load(const char *path, struct erm_persist *ret);

#endif
