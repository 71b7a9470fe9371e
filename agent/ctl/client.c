#include "ctl/client.h"

#include <errno.h>
#include <grp.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/usec.h"

#define REPLY_MAX    ((size_t)256 * 1024 * 1024)
#define CHUNK_OCTETS ((size_t)64 * 1024)

struct erm_client {
	int fd;
	char *input;
	size_t n_input, n_allocated;
	size_t n_scanned; /* of input: no NUL in there */
	char error[ERM_CLIENT_ERROR_MAX];
	char error_name[64];
};

/* Who may open the socket, for the message. */
static void explain_permission(const char *path, char error[ERM_CLIENT_ERROR_MAX])
{
	struct stat st;
	const struct group *group = stat(path, &st) == 0 ? getgrgid(st.st_gid) : NULL;

	if (group && st.st_gid != 0) {
		(void)snprintf(error, ERM_CLIENT_ERROR_MAX,
			       "no permission to open %s; it is for root and group %s", path,
			       group->gr_name);
	} else {
		(void)snprintf(error, ERM_CLIENT_ERROR_MAX, "no permission to open %s; try as root",
			       path);
	}
}

static void explain(const char *path, int errnum, char error[ERM_CLIENT_ERROR_MAX])
{
	if (errnum == EACCES || errnum == EPERM)
		explain_permission(path, error);
	else if (errnum == ENOENT) {
		(void)snprintf(
			error, ERM_CLIENT_ERROR_MAX,
			"ermond is not running: there is no %s; try 'systemctl start ermond'",
			path);
	} else if (errnum == ECONNREFUSED) {
		(void)snprintf(error, ERM_CLIENT_ERROR_MAX,
			       "ermond is not running: nobody listens on %s; see 'systemctl status "
			       "ermond'",
			       path);
	} else if (errnum == EAGAIN) {
		(void)snprintf(
			error, ERM_CLIENT_ERROR_MAX,
			"ermond does not accept connections on %s; it hangs or is overloaded",
			path);
	} else {
		(void)snprintf(error, ERM_CLIENT_ERROR_MAX, "%s: %s", path, strerror(errnum));
	}
}

static int connect_to(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const struct timeval timeout = { .tv_sec = ERM_CLIENT_TIMEOUT_MSEC / 1000 };
	int fd;
	int r = 0;

	if (strlen(path) >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	memcpy(address.sun_path, path, strlen(path) + 1);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	/* The send time-out bounds connect(2) too, should the backlog be full. */
	if (setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof(timeout)) < 0 ||
	    connect(fd, (const struct sockaddr *)&address, sizeof(address)) < 0) {
		r = -errno;
		(void)close(fd);
		return r;
	}
	return fd;
}

int erm_client_open(const char *path, struct erm_client **ret, char error[ERM_CLIENT_ERROR_MAX])
{
	struct erm_client *client = calloc(1, sizeof(*client));
	int fd = client ? connect_to(path) : -ENOMEM;

	if (fd < 0) {
		explain(path, -fd, error);
		free(client);
		return fd;
	}
	client->fd = fd;
	*ret = client;
	return 0;
}

__attribute__((format(printf, 3, 4))) static int fail(struct erm_client *client, int error,
						      const char *format, ...)
{
	va_list args;

	va_start(args, format);
	(void)vsnprintf(client->error, sizeof(client->error), format, args);
	va_end(args);
	return error;
}

int erm_client_call(struct erm_client *client, const char *method, json_t *parameters,
		    bool has_more)
{
	json_auto_t *root = json_pack("{s:s, s:o*}", "method", method, "parameters", parameters);
	_cleanup_free_ char *text = NULL;
	const char *at;
	size_t left;

	if (root && has_more)
		(void)json_object_set_new(root, "more", json_true());
	text = root ? json_dumps(root, JSON_COMPACT) : NULL;
	if (!text)
		return fail(client, -ENOMEM, "out of memory");
	at = text;
	left = strlen(text) + 1;
	while (left > 0) {
		ssize_t n = send(client->fd, at, left, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		/* It may have said why before it hung up. */
		if (n < 0 && (errno == EPIPE || errno == ECONNRESET))
			return 0;
		if (n < 0)
			return fail(client, -errno, "ermond does not take a request: %s",
				    strerror(errno));
		at += n;
		left -= (size_t)n;
	}
	return 0;
}

static int make_room(struct erm_client *client)
{
	size_t n = client->n_allocated * 2 + CHUNK_OCTETS;
	char *input;

	if (client->n_allocated - client->n_input >= CHUNK_OCTETS)
		return 0;
	if (client->n_input > REPLY_MAX)
		return fail(client, -EMSGSIZE, "ermond's answer is too long");
	input = realloc(client->input, n);
	if (!input)
		return fail(client, -ENOMEM, "out of memory");
	client->input = input;
	client->n_allocated = n;
	return 0;
}

/* Reads more, waiting until deadline (ERM_USEC_INFINITY = for ever). */
static int read_more(struct erm_client *client, usec_t deadline)
{
	struct pollfd fd = { .fd = client->fd, .events = POLLIN };
	usec_t left = erm_usec_sub(deadline, erm_time_now().mono);
	int timeout = deadline == ERM_USEC_INFINITY ? -1 : (int)(left / ERM_USEC_PER_MSEC + 1);
	ssize_t n;
	int r = poll(&fd, 1, left == 0 ? 0 : timeout);

	if (r < 0)
		return errno == EINTR ? 0 : fail(client, -errno, "%s", strerror(errno));
	if (r == 0 && left > 0)
		return 0;
	if (r == 0)
		return fail(client, -ETIMEDOUT, "ermond does not answer");
	r = make_room(client);
	if (r < 0)
		return r;
	n = recv(client->fd, client->input + client->n_input, CHUNK_OCTETS, 0);
	if (n < 0 && errno == EINTR)
		return 0;
	if (n <= 0)
		return fail(client, -ECONNRESET, "ermond closed the connection");
	client->n_input += (size_t)n;
	return 0;
}

static const struct {
	const char *name, *sentence; /* with %s for the detail, or without */
	const char *parameter;
} errors[] = {
	{ "org.ermon.NoSuchCircuit", "there is no circuit ", "circuit" },
	{ "org.ermon.NoSuchAlarm", "no such alarm is raised: ", "alarm" },
	{ "org.ermon.NoSuchAlarmType", "there is no alarm type ", "type" },
	{ "org.ermon.NoSuchShelf", "there is no shelf ", "shelf" },
	{ "org.ermon.TooManyShelves", "there are as many shelves as there may be, no room for ",
	  "shelf" },
	{ "org.ermon.NotPermitted", "", "reason" },
	{ "org.ermon.ReloadFailed", "", "reason" },
	{ "org.ermon.NotReady", "ermond has just started and knows nothing yet", NULL },
	{ "org.ermon.TooManyClients", "ermond has too many clients already; try again", NULL },
	{ "org.ermon.Failed", "ermond could not answer: ", "reason" },
	{ "org.ermon.BadRequest", "ermond did not understand: ", "reason" },
	{ "org.varlink.service.PermissionDenied",
	  "only root and the user ermond runs as may do this", NULL },
	{ "org.varlink.service.InvalidParameter", "ermond does not take this as ", "parameter" },
	{ "org.varlink.service.MethodNotFound", "this ermond is older and does not know ",
	  "method" },
};

/* Keeps the daemon's error as a sentence. */
static int take_error(struct erm_client *client, const json_t *root, const char *name)
{
	const json_t *parameters = json_object_get(root, "parameters");

	(void)snprintf(client->error_name, sizeof(client->error_name), "%s", name);
	for (size_t i = 0; i < ERM_ELEMENTS(errors); i++) {
		const char *detail = NULL;

		if (strcmp(errors[i].name, name) != 0)
			continue;
		if (errors[i].parameter)
			detail =
				json_string_value(json_object_get(parameters, errors[i].parameter));
		return fail(client, -EREMOTEIO, "%s%s", errors[i].sentence, detail ? detail : "");
	}
	return fail(client, -EREMOTEIO, "ermond answered %s", name);
}

/* Takes the first len octets of input, a reply without its NUL. */
static int take_reply(struct erm_client *client, size_t len, json_t **ret)
{
	json_auto_t *root = json_loadb(client->input, len, 0, NULL);
	const char *error = json_string_value(json_object_get(root, "error"));
	json_t *parameters = json_object_get(root, "parameters");

	client->n_input -= len + 1;
	client->n_scanned = 0;
	memmove(client->input, client->input + len + 1, client->n_input);
	if (error)
		return take_error(client, root, error);
	if (!json_is_object(parameters))
		return fail(client, -EBADMSG, "ermond's answer is not understood");
	*ret = json_incref(parameters);
	return 0;
}

int erm_client_next(struct erm_client *client, int timeout_msec, json_t **ret)
{
	usec_t deadline = ERM_USEC_INFINITY;

	client->error_name[0] = '\0';
	if (timeout_msec >= 0)
		deadline = erm_time_now().mono + (usec_t)timeout_msec * ERM_USEC_PER_MSEC;
	for (;;) {
		const char *from = client->input + client->n_scanned;
		const char *end = client->n_input == client->n_scanned
					  ? NULL
					  : memchr(from, '\0', client->n_input - client->n_scanned);
		int r;

		if (end)
			return take_reply(client, (size_t)(end - client->input), ret);
		client->n_scanned = client->n_input;
		r = read_more(client, deadline);
		if (r < 0)
			return r;
	}
}

int erm_client_ask(struct erm_client *client, const char *method, json_t *parameters, json_t **ret)
{
	int r = erm_client_call(client, method, parameters, false);

	return r < 0 ? r : erm_client_next(client, ERM_CLIENT_TIMEOUT_MSEC, ret);
}

const char *erm_client_error(const struct erm_client *client)
{
	return client->error;
}

const char *erm_client_error_name(const struct erm_client *client)
{
	return client->error_name;
}

int erm_client_fd(const struct erm_client *client)
{
	return client->fd;
}

struct erm_client *erm_client_free(struct erm_client *client)
{
	if (!client)
		return NULL;
	(void)close(client->fd);
	free(client->input);
	free(client);
	return NULL;
}
