/*
 * The one timer of a source of a router.  A source without it would be deaf and nobody would
 * notice: where it cannot be set, the event loop ends.  Main thread.
 */
#ifndef ERM_SOURCES_ROUTER_TIMER_H
#define ERM_SOURCES_ROUTER_TIMER_H

#include <systemd/sd-event.h>

#include "base/usec.h"
#include "sources/source.h"

struct erm_router_timer {
	sd_event_source *event_source;
	void (*due)(struct erm_source *source);
	struct erm_source *source;
};

/* due() is called, from the event loop, when the time has come.  name is shown of it; -ENOMEM. */
int erm_router_timer_init(struct erm_router_timer *timer, sd_event *event, const char *name,
			  void (*due)(struct erm_source *source), struct erm_source *source);
/* Also after a failed or no init, of zeroes. */
void erm_router_timer_done(struct erm_router_timer *timer);

/*
 * Once, at this time of CLOCK_MONOTONIC or within 1 ms after; a time before now: in the next
 * turn of the loop.  ERM_USEC_INFINITY: not.  What was set before is forgotten.
 */
void erm_router_timer_set(struct erm_router_timer *timer, usec_t at);

#endif
