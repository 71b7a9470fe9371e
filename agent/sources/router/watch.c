#include "sources/router/watch.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/inotify.h>

#include "base/cleanup.h"

#define READS_MAX 16

struct erm_router_watch {
	void (*seen)(void *userdata);
	void *userdata;
	int fd;
	int wd;
	sd_event_source *io;
	char name[NAME_MAX + 1]; /* of the socket, within its directory */
};

/* True when one of the events in the buffer is about the socket. */
static bool is_about(const struct erm_router_watch *watch, const char *buffer, size_t len)
{
	struct inotify_event event = { 0 };

	for (size_t at = 0; at + sizeof(event) <= len; at += sizeof(event) + event.len) {
		memcpy(&event, buffer + at, sizeof(event));
		if (event.len > len - at - sizeof(event))
			return true; /* the kernel does not do that; look rather than miss it */
		if (event.mask & (IN_Q_OVERFLOW | IN_IGNORED))
			return true;
		if (event.len > 0 && strcmp(buffer + at + sizeof(event), watch->name) == 0)
			return true;
	}
	return false;
}

static int on_io(sd_event_source *source, int fd, uint32_t revents, void *userdata)
{
	struct erm_router_watch *watch = userdata;
	char buffer[4096];
	bool was_seen = false;

	(void)source;
	(void)revents;
	for (unsigned int i = 0; i < READS_MAX; i++) {
		ssize_t n = read(fd, buffer, sizeof(buffer));

		if (n <= 0)
			break;
		was_seen |= is_about(watch, buffer, (size_t)n);
	}
	if (was_seen && watch->wd >= 0)
		watch->seen(watch->userdata);
	return 0;
}

int erm_router_watch_new(sd_event *event, void (*seen)(void *userdata), void *userdata,
			 struct erm_router_watch **ret)
{
	struct erm_router_watch *watch = calloc(1, sizeof(*watch));
	int r = 0;

	if (!watch)
		return -ENOMEM;
	watch->seen = seen;
	watch->userdata = userdata;
	watch->wd = -1;
	watch->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	r = watch->fd < 0 ? -errno
			  : sd_event_add_io(event, &watch->io, watch->fd, EPOLLIN, on_io, watch);
	if (r < 0) {
		erm_router_watch_free(watch);
		return r;
	}
	(void)sd_event_source_set_description(watch->io, "router-watch");
	*ret = watch;
	return 0;
}

struct erm_router_watch *erm_router_watch_free(struct erm_router_watch *watch)
{
	if (watch) {
		sd_event_source_disable_unref(watch->io);
		if (watch->fd >= 0)
			(void)close(watch->fd);
		free(watch);
	}
	return NULL;
}

int erm_router_watch_arm(struct erm_router_watch *watch, const char *path)
{
	const char *slash = strrchr(path, '/');
	_cleanup_free_ char *dir = slash && slash > path ? strndup(path, (size_t)(slash - path))
							 : strdup(slash ? "/" : ".");
	const char *name = slash ? slash + 1 : path;
	int wd = -1;

	if (!dir)
		return -ENOMEM;
	if (strlen(name) >= sizeof(watch->name))
		return -ENAMETOOLONG;
	/* IN_ATTRIB: FRR binds first and lets its group in after */
	wd = inotify_add_watch(watch->fd, dir, IN_CREATE | IN_MOVED_TO | IN_ATTRIB | IN_ONLYDIR);
	if (wd < 0)
		return -errno;
	if (watch->wd >= 0 && watch->wd != wd)
		(void)inotify_rm_watch(watch->fd, watch->wd);
	watch->wd = wd;
	memcpy(watch->name, name, strlen(name) + 1);
	return 0;
}

void erm_router_watch_disarm(struct erm_router_watch *watch)
{
	if (watch->wd >= 0)
		(void)inotify_rm_watch(watch->fd, watch->wd);
	watch->wd = -1;
}
