#include "sources/openbgpd/child.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "sources/router/child.h"

#define BUFFER_MIN    ((size_t)16 * 1024)
#define READS_MAX     16 /* a dispatch */
#define ACCURACY_USEC ((uint64_t)1000)

struct erm_openbgpd_child {
	sd_event *event;
	const struct erm_openbgpd_child_handler *handler;
	void *userdata;
	struct erm_router_child *process;
	sd_event_source *deadline;
	int status;
	char *buffer;
	size_t capacity, used, max_bytes;
};

void erm_openbgpd_child_kill(struct erm_openbgpd_child *child)
{
	erm_router_child_kill(child->process);
	child->deadline = sd_event_source_disable_unref(child->deadline);
	free(child->buffer);
	child->buffer = NULL;
	child->capacity = child->used = 0;
}

struct erm_openbgpd_child *erm_openbgpd_child_free(struct erm_openbgpd_child *child)
{
	if (child) {
		if (child->process)
			erm_openbgpd_child_kill(child);
		erm_router_child_free(child->process);
		sd_event_unref(child->event);
		free(child);
	}
	return NULL;
}

bool erm_openbgpd_child_is_running(const struct erm_openbgpd_child *child)
{
	return erm_router_child_is_there(child->process) ||
	       erm_router_child_fd(child->process) >= 0;
}

static void end_by_force(struct erm_openbgpd_child *child, enum erm_source_reason reason)
{
	erm_openbgpd_child_kill(child);
	child->handler->killed(child->userdata, reason);
}

/* Over when the process has ended and all it printed is read. */
static void finish(struct erm_openbgpd_child *child)
{
	_cleanup_free_ char *text = NULL;
	size_t len = child->used;
	int status = child->status;

	if (erm_openbgpd_child_is_running(child))
		return;
	text = ERM_TAKE_PTR(child->buffer);
	erm_openbgpd_child_kill(child);
	child->handler->ended(child->userdata, text, len, status);
}

/* Room for at least one byte more than what may be kept. */
static int grow(struct erm_openbgpd_child *child)
{
	size_t capacity = child->capacity ? child->capacity * 2 : BUFFER_MIN;
	char *buffer = NULL;

	if (child->used < child->capacity)
		return 0;
	if (child->used > child->max_bytes)
		return -E2BIG;
	if (capacity > child->max_bytes + 1)
		capacity = child->max_bytes + 1;
	buffer = realloc(child->buffer, capacity);
	if (!buffer)
		return -ENOMEM;
	child->buffer = buffer;
	child->capacity = capacity;
	return 0;
}

static void on_readable(void *userdata, int fd)
{
	struct erm_openbgpd_child *child = userdata;

	for (unsigned int i = 0; i < READS_MAX; i++) {
		ssize_t n = 0;

		if (grow(child) < 0) {
			end_by_force(child, ERM_REASON_TOO_LARGE);
			return;
		}
		n = read(fd, child->buffer + child->used, child->capacity - child->used);
		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		if (n <= 0) {
			erm_router_child_close(child->process);
			finish(child);
			return;
		}
		child->used += (size_t)n;
	}
}

static void on_ended(void *userdata, int status, bool was_killed)
{
	struct erm_openbgpd_child *child = userdata;

	child->status = status;
	if (was_killed)
		child->handler->reaped(child->userdata);
	else
		finish(child);
}

static const struct erm_router_child_handler process_handler = { .readable = on_readable,
								 .ended = on_ended };

int erm_openbgpd_child_new(sd_event *event, const struct erm_openbgpd_child_handler *handler,
			   void *userdata, struct erm_openbgpd_child **ret)
{
	struct erm_openbgpd_child *child = calloc(1, sizeof(*child));
	int r = child ? erm_router_child_new(event, &process_handler, child, &child->process)
		      : -ENOMEM;

	if (r < 0) {
		free(child);
		return r;
	}
	child->event = sd_event_ref(event);
	child->handler = handler;
	child->userdata = userdata;
	*ret = child;
	return 0;
}

static int on_deadline(sd_event_source *source, uint64_t usec, void *userdata)
{
	struct erm_openbgpd_child *child = userdata;

	(void)source;
	(void)usec;
	end_by_force(child, ERM_REASON_TIMEOUT);
	return 0;
}

int erm_openbgpd_child_run(struct erm_openbgpd_child *child, const char *program,
			   char *const argv[], usec_t timeout_usec, size_t max_bytes)
{
	int r;

	assert(!erm_openbgpd_child_is_running(child));
	child->max_bytes = max_bytes;
	r = sd_event_add_time(child->event, &child->deadline, CLOCK_MONOTONIC,
			      erm_usec_add(erm_time_now().mono, timeout_usec), ACCURACY_USEC,
			      on_deadline, child);
	if (r >= 0)
		r = sd_event_source_set_exit_on_failure(child->deadline, 1);
	if (r >= 0)
		r = erm_router_child_run(child->process, ERM_ROUTER_CHILD_LISTENED, program, argv);
	if (r < 0)
		child->deadline = sd_event_source_disable_unref(child->deadline);
	return r;
}
