#define SD_JOURNAL_SUPPRESS_LOCATION

#include "base/log.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <systemd/sd-journal.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"

#define LINE_LEN 2048 /* longer lines are cut; PIPE_BUF is 4096, so one write stays one line */

enum sink { SINK_PIPE, SINK_TERMINAL, SINK_JOURNAL, SINK_NOWHERE };

static atomic_int max_level = LOG_INFO;
static atomic_int sink = SINK_PIPE;

static const char *const level_names[] = {
	[LOG_EMERG] = "emerg", [LOG_ALERT] = "alert",     [LOG_CRIT] = "crit",
	[LOG_ERR] = "err",     [LOG_WARNING] = "warning", [LOG_NOTICE] = "notice",
	[LOG_INFO] = "info",   [LOG_DEBUG] = "debug",
};

/* systemd.exec(5): stderr is the journal only while it still is the stream that JOURNAL_STREAM names. */
static bool stderr_is_journal(void)
{
	const char *stream = getenv("JOURNAL_STREAM");
	char wanted[2 * (sizeof("18446744073709551615") - 1) + 2];
	struct stat st;

	if (!stream || fstat(STDERR_FILENO, &st) < 0)
		return false;
	(void)snprintf(wanted, sizeof(wanted), "%" PRIu64 ":%" PRIu64, (uint64_t)st.st_dev,
		       (uint64_t)st.st_ino);
	return strcmp(stream, wanted) == 0;
}

void erm_log_open(void)
{
	if (stderr_is_journal())
		sink = SINK_JOURNAL;
	else
		sink = isatty(STDERR_FILENO) ? SINK_TERMINAL : SINK_PIPE;
}

void erm_log_set_level(int level)
{
	max_level = level;
}

int erm_log_level_from_string(const char *text)
{
	if (text[0] >= '0' && text[0] <= '7' && text[1] == '\0')
		return text[0] - '0';
	for (size_t i = 0; i < ERM_ELEMENTS(level_names); i++) {
		if (strcmp(text, level_names[i]) == 0)
			return (int)i;
	}
	return -EINVAL;
}

bool erm_log_is_journal(void)
{
	return sink == SINK_JOURNAL;
}

void erm_log_silence(void)
{
	sink = SINK_NOWHERE;
}

/* Texts quote what routers and clients sent: no line may forge another, or move a terminal's cursor. */
static void make_printable(char *text)
{
	for (; *text; text++) {
		if (iscntrl((unsigned char)*text) && *text != '\t')
			*text = '?';
	}
}

static size_t format_prefix(int level, bool is_terminal, char *buf, size_t size)
{
	time_t now = 0;
	struct tm tm;
	size_t len = 0;

	if (!is_terminal)
		return (size_t)snprintf(buf, size, "<%d>", level);
	(void)time(&now);
	if (localtime_r(&now, &tm))
		len = strftime(buf, size, "%H:%M:%S ", &tm);
	return len + (size_t)snprintf(buf + len, size - len, "%s: ", level_names[level]);
}

void erm_log(int level, const char *format, ...)
{
	char line[LINE_LEN];
	size_t prefix_len = 0;
	size_t len = 0;
	int saved_errno = errno;
	int where = sink;
	va_list ap;

	if (level < LOG_EMERG || level > LOG_DEBUG || level > max_level || where == SINK_NOWHERE)
		return;
	prefix_len = format_prefix(level, where == SINK_TERMINAL, line, sizeof(line));
	va_start(ap, format);
	errno = saved_errno; /* for %m */
	/* One octet is kept for the newline. */
	(void)vsnprintf(line + prefix_len, sizeof(line) - prefix_len - 1, format, ap);
	va_end(ap);
	make_printable(line + prefix_len);

	if (where != SINK_JOURNAL ||
	    sd_journal_send("MESSAGE=%s", line + prefix_len, "PRIORITY=%i", level, NULL) < 0) {
		len = strlen(line);
		line[len++] = '\n';
		/* There is nobody to tell that the log is broken. */
		if (write(STDERR_FILENO, line, len) < 0)
			errno = saved_errno;
	}
	errno = saved_errno;
}
