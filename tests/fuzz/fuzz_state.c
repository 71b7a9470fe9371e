/* State file: what is accepted must be writable again and mean the same. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "state_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct erm_persist persist = { 0 };
	struct erm_persist again = { 0 };
	_cleanup_free_ char *input = malloc(size > 0 ? size : 1); /* exact: ASan sees an overread */
	_cleanup_free_ char *text = NULL;
	_cleanup_free_ char *second = NULL;
	size_t len = 0;

	if (!input)
		return 0;
	memcpy(input, data, size);
	if (erm_state_parse(input, size, &persist) < 0)
		return 0;
	if (erm_state_format(&persist, &text, &len) < 0 || erm_state_parse(text, len, &again) < 0 ||
	    erm_state_format(&again, &second, &len) < 0 || strcmp(text, second) != 0)
		abort();
	erm_persist_done(&again);
	erm_persist_done(&persist);
	return 0;
}
