#include "sources/snmp_router/trap.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/usec.h"

#define DATAGRAMS_MAX 64                       /* of one turn */
#define TRAP_MIN_USEC (50 * ERM_USEC_PER_MSEC) /* 20 a second are told */

struct listener;

struct erm_snmpr_trap {
	struct listener *listener;
	struct erm_snmpr_trap *next; /* of the same listener */
	struct erm_snmpr_trap_wish wish;
	usec_t told_at;
};

struct listener {
	struct listener *next;
	union erm_snmpr_address address;
	struct erm_snmpr_trap *members;
	sd_event_source *io;
	int fd;
};

/* A port is one per process, and so is this. */
static struct listener *listeners;

/* Not one of ours, or not the first in this while. */
static void take(struct listener *listener, const union erm_snmpr_address *from)
{
	usec_t now = erm_time_now().mono;
	bool is_ours = false;
	struct erm_snmpr_trap *next;

	for (struct erm_snmpr_trap *member = listener->members; member; member = next) {
		next = member->next;
		if (!erm_snmpr_address_is_host(&member->wish.from, from))
			continue;
		is_ours = true;
		if (now < erm_usec_add(member->told_at, TRAP_MIN_USEC)) {
			member->wish.counters->limits_hit++;
			continue;
		}
		member->told_at = now;
		member->wish.trap(member->wish.userdata);
	}
	if (!is_ours && listener->members)
		listener->members->wish.counters->limits_hit++;
}

static int on_io(sd_event_source *event_source, int fd, uint32_t revents, void *userdata)
{
	struct listener *listener = userdata;

	(void)event_source;
	(void)revents;
	for (unsigned int i = 0; i < DATAGRAMS_MAX; i++) {
		union erm_snmpr_address from = { 0 };
		socklen_t from_len = sizeof(from);
		char ignored;

		if (recvfrom(fd, &ignored, sizeof(ignored), 0, &from.any, &from_len) < 0)
			break;
		take(listener, &from);
	}
	return 0;
}

static struct listener *listener_free(struct listener *listener)
{
	sd_event_source_disable_unref(listener->io);
	if (listener->fd >= 0)
		(void)close(listener->fd);
	free(listener);
	return NULL;
}
ERM_DEFINE_CLEANUP(struct listener *, listener_free)

static int listen_at(sd_event *event, const union erm_snmpr_address *address, struct listener **ret)
{
	ERM_CLEANUP(listener_freep) struct listener *listener = calloc(1, sizeof(*listener));
	int r;

	if (!listener)
		return -ENOMEM;
	listener->fd = -1;
	listener->address = *address;
	listener->fd = socket(address->any.sa_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (listener->fd < 0)
		return -errno;
	if (bind(listener->fd, &address->any, erm_snmpr_address_len(address)) < 0)
		return -errno;
	r = sd_event_add_io(event, &listener->io, listener->fd, EPOLLIN, on_io, listener);
	if (r < 0)
		return r;
	(void)sd_event_source_set_description(listener->io, "snmp-traps");
	/* a storm of traps must not hold up what is asked for */
	r = sd_event_source_set_priority(listener->io, SD_EVENT_PRIORITY_NORMAL + 1);
	if (r < 0)
		return r;
	listener->next = listeners;
	listeners = listener;
	*ret = ERM_TAKE_PTR(listener);
	return 0;
}

int erm_snmpr_trap_join(sd_event *event, const union erm_snmpr_address *listen,
			const struct erm_snmpr_trap_wish *wish, struct erm_snmpr_trap **ret)
{
	_cleanup_free_ struct erm_snmpr_trap *member = calloc(1, sizeof(*member));
	struct listener *listener = listeners;
	int r;

	if (!member)
		return -ENOMEM;
	while (listener && !erm_snmpr_address_equal(&listener->address, listen))
		listener = listener->next;
	if (!listener) {
		r = listen_at(event, listen, &listener);
		if (r < 0 || !listener)
			return r;
	}
	*member = (struct erm_snmpr_trap){ .listener = listener,
					   .next = listener->members,
					   .wish = *wish };
	listener->members = member;
	*ret = ERM_TAKE_PTR(member);
	return 0;
}

struct erm_snmpr_trap *erm_snmpr_trap_leave(struct erm_snmpr_trap *trap)
{
	struct listener *listener;

	if (!trap)
		return NULL;
	listener = trap->listener;
	for (struct erm_snmpr_trap **at = &listener->members; *at; at = &(*at)->next) {
		if (*at == trap) {
			*at = trap->next;
			break;
		}
	}
	free(trap);
	if (listener->members)
		return NULL;
	for (struct listener **at = &listeners; *at; at = &(*at)->next) {
		if (*at == listener) {
			*at = listener->next;
			break;
		}
	}
	(void)listener_free(listener);
	return NULL;
}
