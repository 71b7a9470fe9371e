#include "sources/router/text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

void erm_router_text_clean(const char *text, size_t max, char ret_text[ERM_TEXT_MAX])
{
	size_t n = 0;

	for (size_t i = 0; i < max && text[i] != '\0' && n < ERM_TEXT_MAX - 1; i++) {
		char c = text[i];

		if (strchr("\"'`;$\\|", c))
			continue;
		if (c == '\n' || c == '\r' || c == '\t')
			c = ' ';
		if (c == ' ' && n > 0 && ret_text[n - 1] == ' ')
			continue;
		if (c < ' ' || c > '~')
			c = '?';
		ret_text[n++] = c;
	}
	ret_text[n] = '\0';
}

enum erm_source_reason erm_router_text_unreached(int error, const char *daemon, const char *access,
						 char ret_text[ERM_TEXT_MAX])
{
	switch (error) {
	case -ENOENT:
	case -ENOTDIR:
		(void)!snprintf(ret_text, ERM_TEXT_MAX, "no such socket: %s is not started",
				daemon);
		return ERM_REASON_NOT_STARTED;
	case -ECONNREFUSED:
		(void)!snprintf(ret_text, ERM_TEXT_MAX, "refused: nobody listens on the socket");
		return ERM_REASON_REFUSED;
	case -EACCES:
	case -EPERM:
		(void)!snprintf(ret_text, ERM_TEXT_MAX, "permission denied: %s", access);
		return ERM_REASON_PERMISSION;
	case -EAGAIN:
		(void)!snprintf(ret_text, ERM_TEXT_MAX, "does not accept connections: %s hangs",
				daemon);
		return ERM_REASON_TIMEOUT;
	case -EPIPE:
	case -ECONNRESET:
		(void)!snprintf(ret_text, ERM_TEXT_MAX, "closed by the router");
		return ERM_REASON_CLOSED;
	default:
		(void)!snprintf(ret_text, ERM_TEXT_MAX, "%s", strerrordesc_np(-error));
		return ERM_REASON_SYSTEM;
	}
}
