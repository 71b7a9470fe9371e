/*
 * When a router is tried again that could not be reached: after a back-off that doubles with
 * each failure, or as soon as its socket is made.  Knows neither what a try is nor how to wait:
 * the source that owns it tries when `at` has come.  Main thread.
 */
#ifndef ERM_SOURCES_ROUTER_RETRY_H
#define ERM_SOURCES_ROUTER_RETRY_H

#include <stdbool.h>
#include <systemd/sd-event.h>

#include "base/usec.h"
#include "sources/router/watch.h"

struct erm_router_backoff {
	usec_t min_usec, max_usec;
	/* A socket that was just made will listen soon: */
	usec_t made_spacing_usec; /* the next try is so long after the last, or sooner */
	usec_t made_usec;         /* and this is the back-off if it fails */
};

struct erm_router_retry {
	usec_t at; /* of the next try; 0: at once; ERM_USEC_INFINITY: none is wanted */
	/* the rest is for retry.c */
	const struct erm_router_backoff *limits;
	struct erm_router_watch *watch; /* NULL: no inotify, back-off alone */
	usec_t backoff, tried_at;
	bool is_good;
};

/*
 * A first try is due at once.  made() is called from the event loop when the socket of the last
 * try may have been made, until the router is good.  limits must outlive the retry; name is the
 * source's, for the log.  Negative only for what start() cannot do without (-ENOMEM): without
 * inotify it warns once and does with the back-off.
 */
int erm_router_retry_init(struct erm_router_retry *retry, sd_event *event,
			  const struct erm_router_backoff *limits, const char *name,
			  void (*made)(void *userdata), void *userdata);
/* Also after a failed or no init, of zeroes. */
void erm_router_retry_done(struct erm_router_retry *retry);

/*
 * A try of the socket at `path` begins now; none is wanted after it.  To be called before the
 * socket is touched: one that is made while that fails is not missed.
 */
void erm_router_retry_begin(struct erm_router_retry *retry, usec_t now, const char *path);

/* The try has failed, or what it had reached is lost: again after the back-off, now doubled. */
void erm_router_retry_failed(struct erm_router_retry *retry, usec_t now, const char *path);

/* The socket may have been made: sooner, if that is sooner.  Not for a source that has reached it. */
void erm_router_retry_made(struct erm_router_retry *retry);

/* The router answers: a failure to come is the first, and its socket is not watched. */
void erm_router_retry_good(struct erm_router_retry *retry);

/* The router is another one: tried at once, and its failures are its own. */
void erm_router_retry_anew(struct erm_router_retry *retry);

#endif
