#include "netconf/output.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_SIZE ((size_t)4096)

static ssize_t on_write(void *cookie, const char *data, size_t len)
{
	struct erm_output *output = cookie;
	size_t size = output->size ? output->size : FIRST_SIZE;
	char *text;

	while (size < output->len + len)
		size *= 2;
	if (size > output->size) {
		/* Large ones are remapped and not copied. */
		text = realloc(output->text, size);
		if (!text) {
			errno = ENOMEM;
			return 0;
		}
		output->text = text;
		output->size = size;
	}
	memcpy(output->text + output->len, data, len);
	output->len += len;
	return (ssize_t)len;
}

static int on_seek(void *cookie, off64_t *offset, int whence)
{
	struct erm_output *output = cookie;

	if (whence == SEEK_CUR && *offset == 0) {
		*offset = (off64_t)output->len;
		return 0;
	}
	/* Only back: there is nothing further on. */
	if (whence != SEEK_SET || *offset < 0 || (size_t)*offset > output->len) {
		errno = EINVAL;
		return -1;
	}
	output->len = (size_t)*offset;
	return 0;
}

FILE *erm_output_open(struct erm_output *output)
{
	const cookie_io_functions_t functions = { .write = on_write, .seek = on_seek };

	return fopencookie(output, "w", functions);
}
