/*
 * One process that asks a router on our behalf: started without a shell, an environment or a
 * file of ours, read without blocking, ended by force, never waited for.  Knows nothing of what
 * is said.  Main thread.
 */
#ifndef ERM_SOURCES_ROUTER_CHILD_H
#define ERM_SOURCES_ROUTER_CHILD_H

#include <stdbool.h>
#include <systemd/sd-event.h>

struct erm_router_child;

enum erm_router_child_kind {
	ERM_ROUTER_CHILD_LISTENED, /* its input is empty; output and errors are read */
	ERM_ROUTER_CHILD_SPOKEN,   /* input and output are one socket; errors are thrown away */
};

struct erm_router_child_handler {
	/* fd has something to be read, or its end. */
	void (*readable)(void *userdata, int fd);
	/* It is gone.  status: of exit, -1 after a signal; was_killed: by us. */
	void (*ended)(void *userdata, int status, bool was_killed);
};

int erm_router_child_new(sd_event *event, const struct erm_router_child_handler *handler,
			 void *userdata, struct erm_router_child **ret);
/*
 * Kills what runs; no handler is called.  The event loop, which may outlive the child, reaps the
 * process when it has ended.
 */
struct erm_router_child *erm_router_child_free(struct erm_router_child *child);

/*
 * Not while one is there.  -ENOENT and the like: there is no such program.  -EBUSY: one that was
 * started but could not be watched, and was killed for that, has not ended yet.
 */
int erm_router_child_run(struct erm_router_child *child, enum erm_router_child_kind kind,
			 const char *program, char *const argv[]);
/* Closes what is read from it; it may live on. */
void erm_router_child_close(struct erm_router_child *child);
/* Closes it, too; `ended` comes later. */
void erm_router_child_kill(struct erm_router_child *child);

/* The process has not been reaped. */
bool erm_router_child_is_there(const struct erm_router_child *child);
/* It is there, and nobody has killed it. */
bool erm_router_child_is_alive(const struct erm_router_child *child);
/* Ours, of both directions for SPOKEN; -1 when closed. */
int erm_router_child_fd(const struct erm_router_child *child);

#endif
