/* The framing of a vty stream: byte 0 says how the rest is cut; cut or whole, the text is the same. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sources/frr/frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct erm_router_frame frame = { 0 };
	struct erm_router_frame whole = { 0 };
	size_t text_len = 0, whole_len = 0;
	unsigned int result = 0, whole_result = 0;
	size_t step = 0, n = 0;
	char *copy = NULL;
	int r = 0;

	if (size < 1 || size > 65536)
		return 0;
	step = 1 + data[0] % 16;
	data++;
	size--;
	while (r == 0 && n < size) {
		n = size - n < step ? size : n + step;
		copy = malloc(n);
		if (!copy)
			abort();
		memcpy(copy, data, n);
		r = erm_frr_frame_find(&frame, copy, n, &text_len, &result);
		free(copy);
	}
	if (r != 1)
		return 0;
	if (text_len + ERM_FRR_TRAILER_LEN != n || memchr(data, 0, text_len))
		abort();
	if (erm_frr_frame_find(&whole, (const char *)data, n, &whole_len, &whole_result) != 1 ||
	    whole_len != text_len || whole_result != result)
		abort();
	return 0;
}
