/*
 * Tells when a socket file is made in its directory, so that a router that comes back
 * is met at once and not at the end of a back-off.  Only a hint: an event too many is
 * harmless, and without inotify the back-off alone does the work.  Main thread.
 */
#ifndef ERM_SOURCES_ROUTER_WATCH_H
#define ERM_SOURCES_ROUTER_WATCH_H

#include <systemd/sd-event.h>

struct erm_router_watch;

int erm_router_watch_new(sd_event *event, void (*seen)(void *userdata), void *userdata,
			 struct erm_router_watch **ret);
struct erm_router_watch *erm_router_watch_free(struct erm_router_watch *watch);

/*
 * Watches for this path until disarmed.  To be called before each try to connect: a
 * directory may have been made anew.  -ENOENT when there is none.
 */
int erm_router_watch_arm(struct erm_router_watch *watch, const char *path);
void erm_router_watch_disarm(struct erm_router_watch *watch);

#endif
