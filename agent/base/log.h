/*
 * The operator's log.  Under systemd (stderr is the journal, by JOURNAL_STREAM)
 * lines go to the journal; on a terminal they carry time and level; into a pipe
 * they carry sd-daemon's <N> prefix.  Thread-safe.  Never logs a secret: callers
 * pass none.  core/ and the parsers do not log; who handles an error logs it, once.
 */
#ifndef ERM_BASE_LOG_H
#define ERM_BASE_LOG_H

#include <stdbool.h>
#include <syslog.h>

/* Finds out where stderr goes.  Call once, before any thread is started. */
void erm_log_open(void);

/* Lines above this syslog level are dropped.  Default LOG_INFO. */
void erm_log_set_level(int level);

/* "err", "warning", "info", "debug" ... or 0..7 -> syslog level, or -EINVAL. */
int erm_log_level_from_string(const char *text);

/* True when stderr is connected to the journal, so that structured fields reach it. */
bool erm_log_is_journal(void);

/* Swallows everything: for fuzzers and tests. */
void erm_log_silence(void);

void erm_log(int level, const char *format, ...) __attribute__((format(printf, 2, 3)));

#define erm_log_error(...)   erm_log(LOG_ERR, __VA_ARGS__)
#define erm_log_warning(...) erm_log(LOG_WARNING, __VA_ARGS__)
#define erm_log_notice(...)  erm_log(LOG_NOTICE, __VA_ARGS__)
#define erm_log_info(...)    erm_log(LOG_INFO, __VA_ARGS__)
#define erm_log_debug(...)   erm_log(LOG_DEBUG, __VA_ARGS__)

#endif
