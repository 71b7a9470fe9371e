#include "netconf/frame.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define END_OF_MESSAGE "]]>]]>"
#define END_LEN        (sizeof(END_OF_MESSAGE) - 1)
#define CHUNK_MAX      UINT64_C(4294967295) /* RFC 6242, section 4.2 */

enum state {
	BETWEEN, /* messages */
	IN_TEXT, /* of a message that ends in END_OF_MESSAGE */
	WANT_LF,
	WANT_HASH,
	WANT_SIZE, /* its first digit, or the second hash of the end */
	IN_SIZE,
	IN_CHUNK,
	WANT_LAST_LF,
};

void erm_frame_init(struct erm_frame *frame, size_t limit)
{
	*frame = (struct erm_frame){ .limit = limit, .state = BETWEEN };
}

void erm_frame_done(struct erm_frame *frame)
{
	free(frame->text);
	erm_frame_init(frame, frame->limit);
}

bool erm_frame_is_idle(const struct erm_frame *frame)
{
	return frame->state == BETWEEN;
}

static int append(struct erm_frame *frame, const char *data, size_t len)
{
	size_t size = frame->size;
	char *text;

	if (len > frame->limit - frame->len)
		return -EMSGSIZE;
	while (size < frame->len + len + 1)
		size = size ? size * 2 : 1024;
	if (size > frame->size) {
		text = realloc(frame->text, size);
		if (!text)
			return -ENOMEM;
		frame->text = text;
		frame->size = size;
	}
	memcpy(frame->text + frame->len, data, len);
	frame->len += len;
	frame->text[frame->len] = '\0';
	return 0;
}

/* Up to and with the end mark, which may have begun in what is there already. */
static int push_text(struct erm_frame *frame, const char *data, size_t len, size_t *used)
{
	size_t from = frame->len < END_LEN ? 0 : frame->len - END_LEN + 1;
	size_t before = frame->len;
	size_t room = frame->limit + END_LEN - frame->len;
	size_t n = len < room ? len : room;
	const char *end;
	int r;

	frame->limit += END_LEN; /* which is no part of the message */
	r = append(frame, data, n);
	frame->limit -= END_LEN;
	if (r < 0)
		return r;
	end = memmem(frame->text + from, frame->len - from, END_OF_MESSAGE, END_LEN);
	if (!end) {
		*used = n;
		return n < len || frame->len >= frame->limit + END_LEN ? -EMSGSIZE : 0;
	}
	frame->len = (size_t)(end - frame->text);
	frame->text[frame->len] = '\0';
	*used = frame->len + END_LEN - before;
	frame->state = BETWEEN;
	return 1;
}

static int push_size(struct erm_frame *frame, char c)
{
	if (c == '\n') {
		frame->state = IN_CHUNK;
		/* Said before the octets come, so that nobody has to take them. */
		return frame->chunk > frame->limit - frame->len ? -EMSGSIZE : 0;
	}
	if (c < '0' || c > '9')
		return -EBADMSG;
	frame->chunk = frame->chunk * 10 + (uint64_t)(c - '0');
	return frame->chunk > CHUNK_MAX ? -EBADMSG : 0;
}

/* One octet outside of a chunk's data. */
static int push_mark(struct erm_frame *frame, char c)
{
	switch ((enum state)frame->state) {
	case WANT_LF:
		frame->state = WANT_HASH;
		return c == '\n' ? 0 : -EBADMSG;
	case WANT_HASH:
		frame->state = WANT_SIZE;
		return c == '#' ? 0 : -EBADMSG;
	case WANT_SIZE:
		frame->chunk = 0;
		/* A message has at least one chunk. */
		frame->state = c == '#' ? WANT_LAST_LF : IN_SIZE;
		if (c == '#')
			return frame->len > 0 ? 0 : -EBADMSG;
		return c == '0' || c == '\n' ? -EBADMSG : push_size(frame, c);
	case IN_SIZE:
		return push_size(frame, c);
	case WANT_LAST_LF:
		frame->state = BETWEEN;
		return c == '\n' ? 1 : -EBADMSG;
	case BETWEEN:
	case IN_TEXT:
	case IN_CHUNK:
		break;
	}
	return -EBADMSG;
}

static int push_chunk(struct erm_frame *frame, const char *data, size_t len, size_t *used)
{
	size_t n = len < frame->chunk ? len : (size_t)frame->chunk;
	int r = append(frame, data, n);

	if (r < 0)
		return r;
	frame->chunk -= n;
	if (frame->chunk == 0)
		frame->state = WANT_LF;
	*used = n;
	return 0;
}

int erm_frame_push(struct erm_frame *frame, const char *data, size_t len, size_t *ret_used)
{
	size_t done = 0;
	int r = 0;

	if (frame->state == BETWEEN && len > 0) {
		frame->len = 0;
		frame->state = frame->is_chunked ? WANT_LF : IN_TEXT;
	}
	while (r == 0 && done < len) {
		size_t used = 1;

		if (frame->state == IN_TEXT)
			r = push_text(frame, data + done, len - done, &used);
		else if (frame->state == IN_CHUNK)
			r = push_chunk(frame, data + done, len - done, &used);
		else
			r = push_mark(frame, data[done]);
		done += used;
	}
	if (r >= 0)
		*ret_used = done;
	return r;
}

void erm_frame_head(bool is_chunked, size_t len, char ret[ERM_FRAME_HEAD_MAX])
{
	ret[0] = '\0';
	if (is_chunked)
		(void)snprintf(ret, ERM_FRAME_HEAD_MAX, "\n#%zu\n", len);
}

void erm_frame_tail(bool is_chunked, char ret[ERM_FRAME_TAIL_MAX])
{
	(void)snprintf(ret, ERM_FRAME_TAIL_MAX, "%s", is_chunked ? "\n##\n" : END_OF_MESSAGE);
}
