#include "sources/router_text.h"

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
