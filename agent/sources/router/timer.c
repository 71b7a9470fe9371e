#include "sources/router/timer.h"

#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

#define ACCURACY_USEC ((uint64_t)1000)

static int on_timer(sd_event_source *event_source, uint64_t usec, void *userdata)
{
	struct erm_router_timer *timer = userdata;

	(void)event_source;
	(void)usec;
	timer->due(timer->source);
	return 0;
}

int erm_router_timer_init(struct erm_router_timer *timer, sd_event *event, const char *name,
			  void (*due)(struct erm_source *source), struct erm_source *source)
{
	int r;

	timer->due = due;
	timer->source = source;
	r = sd_event_add_time(event, &timer->event_source, CLOCK_MONOTONIC, ERM_USEC_INFINITY,
			      ACCURACY_USEC, on_timer, timer);
	if (r < 0)
		return r;
	(void)sd_event_source_set_description(timer->event_source, name);
	return 0;
}

void erm_router_timer_done(struct erm_router_timer *timer)
{
	timer->event_source = sd_event_source_disable_unref(timer->event_source);
}

void erm_router_timer_set(struct erm_router_timer *timer, usec_t at)
{
	sd_event_source *event_source = timer->event_source;
	bool is_wanted = at != ERM_USEC_INFINITY;
	int r = is_wanted ? sd_event_source_set_time(event_source, at) : 0;

	if (r >= 0)
		r = sd_event_source_set_enabled(event_source,
						is_wanted ? SD_EVENT_ONESHOT : SD_EVENT_OFF);
	if (r < 0)
		(void)sd_event_exit(sd_event_source_get_event(event_source), EXIT_FAILURE);
}
