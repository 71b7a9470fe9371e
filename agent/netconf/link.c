#include "netconf/link.h"

#include <errno.h>
#include <jansson.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "base/cleanup.h"
#include "base/usec.h"

#define ANSWER_MAX   ((size_t)128 * 1024 * 1024)
#define CHUNK        ((size_t)128 * 1024)
#define TIMEOUT_USEC (10 * ERM_USEC_PER_SEC)
/* How the daemon begins an answer, so that libyang is the only parser of a long one. */
#define DATA_HEAD "{\"parameters\":{\"data\":"
#define DATA_TAIL "}}"

static const char *const part_names[] = { "config", "state", "alarms", "events", "sources" };

static const struct {
	const char *name;
	int error;
	const char *detail;
} errors[] = {
	{ "org.ermon.NoSuchCircuit", -ENOENT, "there is no such circuit" },
	{ "org.ermon.NotReady", -EAGAIN, "ermond has just started and knows nothing yet" },
	{ "org.ermon.TooManyClients", -EBUSY, "ermond has too many clients already; try again" },
};

__attribute__((format(printf, 3, 4))) static int fail(char detail[ERM_LINK_DETAIL_MAX], int error,
						      const char *format, ...)
{
	va_list args;

	va_start(args, format);
	(void)vsnprintf(detail, ERM_LINK_DETAIL_MAX, format, args);
	va_end(args);
	return error;
}

/* Hands it over: the cleanup closes no more. */
static int take_fd(int *fd)
{
	int taken = *fd;

	*fd = -1;
	return taken;
}

int erm_link_connect(const char *path, char detail[ERM_LINK_DETAIL_MAX])
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const struct timeval timeout = { .tv_sec = TIMEOUT_USEC / ERM_USEC_PER_SEC };
	_cleanup_close_ int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (strlen(path) >= sizeof(address.sun_path))
		return fail(detail, -ENAMETOOLONG, "the path of ermond's socket is too long");
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof(timeout)) < 0)
		return fail(detail, -errno, "no socket: %s", strerror(errno));
	memcpy(address.sun_path, path, strlen(path) + 1);
	if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) < 0) {
		if (errno == ENOENT || errno == ECONNREFUSED)
			return fail(detail, -ECONNREFUSED, "ermond is not running");
		if (errno == EACCES || errno == EPERM)
			return fail(detail, -EPERM, "ermon-netconf may not ask ermond");
		if (errno == EAGAIN)
			return fail(detail, -ETIMEDOUT, "ermond does not accept connections");
		return fail(detail, -errno, "ermond cannot be reached: %s", strerror(errno));
	}
	return take_fd(&fd);
}

static int send_question(int fd, unsigned int parts, const char *circuit,
			 char detail[ERM_LINK_DETAIL_MAX])
{
	json_auto_t *root = json_pack("{s:s, s:{s:[], s:s*}}", "method", "org.ermon.Get",
				      "parameters", "parts", "circuit", circuit);
	json_t *list = json_object_get(json_object_get(root, "parameters"), "parts");
	_cleanup_free_ char *text = NULL;
	ssize_t n;

	for (size_t i = 0; i < ERM_ELEMENTS(part_names); i++) {
		if (parts & 1U << i)
			(void)json_array_append_new(list, json_string(part_names[i]));
	}
	text = root ? json_dumps(root, JSON_COMPACT) : NULL;
	if (!text)
		return fail(detail, -ENOMEM, "out of memory");
	/* A few hundred octets into an empty socket: they fit or nothing does. */
	n = send(fd, text, strlen(text) + 1, MSG_NOSIGNAL);
	if (n < 0 && errno != EPIPE)
		return fail(detail, -errno, "ermond does not take a question: %s", strerror(errno));
	return 0;
}

struct answer {
	char *text;
	size_t n, size;
};

/* One recv(2).  1: the answer ends in what came, ret_len is where. */
static int read_more(int fd, struct answer *answer, usec_t deadline, size_t *ret_len,
		     char detail[ERM_LINK_DETAIL_MAX])
{
	struct pollfd wait = { .fd = fd, .events = POLLIN };
	usec_t left = erm_usec_sub(deadline, erm_time_now().mono);
	const char *end;
	ssize_t n;

	if (answer->size - answer->n < CHUNK) {
		size_t size = answer->size * 2 + CHUNK;
		char *text = size <= ANSWER_MAX ? realloc(answer->text, size) : NULL;

		if (!text)
			return fail(detail, -EMSGSIZE, "ermond's answer is too long");
		answer->text = text;
		answer->size = size;
	}
	if (poll(&wait, 1, (int)((left + ERM_USEC_PER_MSEC - 1) / ERM_USEC_PER_MSEC)) == 0)
		return fail(detail, -ETIMEDOUT, "ermond does not answer");
	n = recv(fd, answer->text + answer->n, answer->size - answer->n, MSG_DONTWAIT);
	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return 0;
	if (n <= 0)
		return fail(detail, -ECONNREFUSED, "ermond closed the connection");
	end = memchr(answer->text + answer->n, '\0', (size_t)n);
	answer->n += (size_t)n;
	if (end)
		*ret_len = (size_t)(end - answer->text);
	return end != NULL;
}

static int take_error(const json_t *root, char detail[ERM_LINK_DETAIL_MAX])
{
	const char *name = json_string_value(json_object_get(root, "error"));

	for (size_t i = 0; name && i < ERM_ELEMENTS(errors); i++) {
		if (strcmp(errors[i].name, name) == 0)
			return fail(detail, errors[i].error, "%s", errors[i].detail);
	}
	return fail(detail, -EBADMSG, "ermond answered %.100s", name ? name : "what is no answer");
}

/* text has len octets and a NUL; it becomes the data alone. */
static int take_answer(char *text, size_t len, char **ret, char detail[ERM_LINK_DETAIL_MAX])
{
	const size_t head = sizeof(DATA_HEAD) - 1;
	const size_t tail = sizeof(DATA_TAIL) - 1;
	json_auto_t *root = NULL;
	const json_t *data;
	char *copy;

	if (len > head + tail && memcmp(text, DATA_HEAD, head) == 0 &&
	    memcmp(text + len - tail, DATA_TAIL, tail) == 0) {
		memmove(text, text + head, len - head - tail);
		text[len - head - tail] = '\0';
		*ret = text;
		return 0;
	}
	root = json_loadb(text, len, 0, NULL);
	data = json_object_get(json_object_get(root, "parameters"), "data");
	if (!data)
		return take_error(root, detail);
	copy = json_dumps(data, JSON_COMPACT);
	if (!copy)
		return fail(detail, -ENOMEM, "out of memory");
	free(text);
	*ret = copy;
	return 0;
}

int erm_link_get(const char *path, unsigned int parts, const char *circuit, char **ret,
		 char detail[ERM_LINK_DETAIL_MAX])
{
	usec_t deadline = erm_time_now().mono + TIMEOUT_USEC;
	_cleanup_close_ int fd = erm_link_connect(path, detail);
	struct answer answer = { 0 };
	size_t len = 0;
	int r;

	if (fd < 0)
		return fd;
	r = send_question(fd, parts, circuit, detail);
	while (r == 0)
		r = read_more(fd, &answer, deadline, &len, detail);
	if (r > 0)
		r = take_answer(answer.text, len, ret, detail);
	if (r < 0)
		free(answer.text);
	return r;
}
