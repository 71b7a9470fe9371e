/*
 * A NETCONF session's octets: framing (the first octet says which), and of each message what
 * is looked at before a parser of XML has it.
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "netconf/frame.h"
#include "netconf/scan.h"

#define LIMIT ((size_t)4096)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Exactly as long as told, so that ASan sees an overread. */
static void scan(const char *text, size_t len)
{
	char *copy = malloc(len > 0 ? len : 1);
	size_t at = 0;
	int r;

	if (!copy)
		return;
	memcpy(copy, text, len);
	r = erm_scan_message(copy, len, 8, &at);
	if ((r != 0 && r != -EBADMSG && r != -E2BIG) || at > len)
		abort();
	free(copy);
}

static void run(struct erm_frame *frame, const uint8_t *data, size_t size)
{
	char *copy = malloc(size > 0 ? size : 1);
	size_t at = 0;

	if (!copy)
		return;
	memcpy(copy, data, size);
	while (at < size) {
		size_t used = 0;
		int r = erm_frame_push(frame, copy + at, size - at, &used);

		if (r < 0)
			break;
		if (used == 0 || used > size - at || frame->len > LIMIT + 6)
			abort();
		at += used;
		if (r > 0 && (frame->len > LIMIT || frame->text[frame->len] != '\0'))
			abort();
		if (r > 0)
			scan(frame->text, frame->len);
	}
	free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct erm_frame frame;

	if (size == 0)
		return 0;
	erm_frame_init(&frame, LIMIT);
	frame.is_chunked = data[0] & 1;
	run(&frame, data + 1, size - 1);
	erm_frame_done(&frame);
	return 0;
}
