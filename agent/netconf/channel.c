#include "netconf/channel.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "base/cleanup.h"

#define ANSWER_MSEC 5000
#define ANSWER_MAX \
	(sizeof(struct erm_channel_message) + ERM_NC_SESSIONS_MAX * sizeof(struct erm_nc_row))

/* Sends a question and waits for the answer, of size octets at most. */
static int ask(int fd, const struct erm_channel_message *question, uint32_t type,
	       struct erm_channel_message *answer, size_t size)
{
	struct pollfd wait = { .fd = fd, .events = POLLIN };
	ssize_t n;

	if (send(fd, question, sizeof(*question), MSG_NOSIGNAL) < 0)
		return -errno;
	if (poll(&wait, 1, ANSWER_MSEC) <= 0)
		return -ETIMEDOUT;
	n = recv(fd, answer, size, MSG_DONTWAIT);
	if (n < 0)
		return -errno;
	if ((size_t)n < sizeof(*answer) || answer->type != type ||
	    (type == ERM_CHANNEL_ROWS &&
	     ((size_t)n - sizeof(*answer)) / sizeof(answer->rows[0]) < answer->n_rows))
		return -EBADMSG;
	return 0;
}

int erm_channel_kill(int fd, uint32_t id)
{
	const struct erm_channel_message question = { .type = ERM_CHANNEL_KILL, .id = id };
	struct erm_channel_message answer = { 0 };
	int r = ask(fd, &question, ERM_CHANNEL_RESULT, &answer, sizeof(answer));

	return r < 0 ? r : answer.result;
}

int erm_channel_list(int fd, struct erm_channel_message **ret)
{
	const struct erm_channel_message question = { .type = ERM_CHANNEL_LIST };
	_cleanup_free_ struct erm_channel_message *answer = malloc(ANSWER_MAX);
	int r = answer ? ask(fd, &question, ERM_CHANNEL_ROWS, answer, ANSWER_MAX) : -ENOMEM;

	if (r >= 0)
		*ret = ERM_TAKE_PTR(answer);
	return r;
}
