#include "sources/bmp/listen.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/addr.h"
#include "base/cleanup.h"

#define BACKLOG  64
#define PORT_MAX 65535

union address {
	struct sockaddr sa;
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
	struct sockaddr_un un;
};

static int parse_port(const char *text, in_port_t *ret)
{
	uint32_t port = 0;

	if (text[0] == '\0' || strlen(text) > 5)
		return -EINVAL;
	for (; *text != '\0'; text++) {
		if (*text < '0' || *text > '9')
			return -EINVAL;
		port = port * 10 + (uint32_t)(*text - '0');
	}
	if (port == 0 || port > PORT_MAX)
		return -EINVAL;
	*ret = htons((uint16_t)port);
	return 0;
}

/* "192.0.2.1:11019", "[2001:db8::1]:11019" */
static int parse_inet(const char *listen, union address *ret, socklen_t *ret_len)
{
	const char *colon = strrchr(listen, ':');
	bool has_brackets = listen[0] == '[';
	char host[ERM_ADDR_STRLEN] = "";
	struct erm_addr addr = { 0 };
	in_port_t port = 0;
	size_t len = 0;

	if (!colon || (has_brackets && (colon == listen || colon[-1] != ']')))
		return -EINVAL;
	len = (size_t)(colon - listen);
	if (has_brackets) {
		listen++;
		len -= 2;
	}
	if (len >= sizeof(host))
		return -EINVAL;
	memcpy(host, listen, len);
	if (erm_addr_parse(host, &addr) < 0 || has_brackets != (addr.family == AF_INET6) ||
	    parse_port(colon + 1, &port) < 0)
		return -EINVAL;
	*ret = (union address){ 0 };
	if (addr.family == AF_INET6) {
		ret->in6 = (struct sockaddr_in6){ .sin6_family = AF_INET6,
						  .sin6_port = port,
						  .sin6_addr = addr.v6 };
		*ret_len = sizeof(ret->in6);
	} else {
		ret->in = (struct sockaddr_in){ .sin_family = AF_INET,
						.sin_port = port,
						.sin_addr = addr.v4 };
		*ret_len = sizeof(ret->in);
	}
	return 0;
}

static int parse_path(const char *listen, union address *ret, socklen_t *ret_len)
{
	*ret = (union address){ 0 };
	if (strlen(listen) >= sizeof(ret->un.sun_path))
		return -EINVAL;
	ret->un.sun_family = AF_UNIX;
	memcpy(ret->un.sun_path, listen, strlen(listen) + 1);
	*ret_len = sizeof(ret->un);
	return 0;
}

/* A socket that was left behind refuses; what else is there is not ours to remove. */
static int take_over(const union address *address)
{
	_cleanup_close_ int fd = -1;
	struct stat st = { 0 };

	if (lstat(address->un.sun_path, &st) < 0 || !S_ISSOCK(st.st_mode))
		return -EADDRINUSE;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	if (connect(fd, &address->sa, sizeof(address->un)) == 0 || errno != ECONNREFUSED)
		return -EADDRINUSE;
	return unlink(address->un.sun_path) < 0 ? -errno : 0;
}

static int bind_to(int fd, const union address *address, socklen_t len)
{
	int on = 1;
	int r = 0;

	if (address->sa.sa_family != AF_UNIX &&
	    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0)
		return -errno;
	if (address->sa.sa_family == AF_INET6 &&
	    setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on)) < 0)
		return -errno;
	if (bind(fd, &address->sa, len) == 0)
		return 0;
	if (errno != EADDRINUSE || address->sa.sa_family != AF_UNIX)
		return -errno;
	r = take_over(address);
	if (r < 0)
		return r;
	return bind(fd, &address->sa, len) < 0 ? -errno : 0;
}

int erm_bmp_listen(const char *listen_text)
{
	union address address;
	socklen_t len = 0;
	int fd = -1;
	int r = listen_text[0] == '/' ? parse_path(listen_text, &address, &len)
				      : parse_inet(listen_text, &address, &len);

	if (r < 0)
		return r;
	fd = socket(address.sa.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	r = bind_to(fd, &address, len);
	if (r >= 0 && listen(fd, BACKLOG) < 0)
		r = -errno;
	if (r < 0) {
		(void)close(fd);
		return r;
	}
	return fd;
}

void erm_bmp_listen_close(int fd, const char *listen_text)
{
	if (fd < 0)
		return;
	(void)close(fd);
	if (listen_text[0] == '/')
		(void)unlink(listen_text);
}
