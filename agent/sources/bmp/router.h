/*
 * One router's connection to a BMP station: bytes in, messages out.  Says how it ended:
 * closed, silent, garbage, too long a message, too many peers.  Knows nothing of sessions
 * and of other routers.  Main thread.
 */
#ifndef ERM_SOURCES_BMP_ROUTER_H
#define ERM_SOURCES_BMP_ROUTER_H

#include <stdbool.h>
#include <stdint.h>
#include <systemd/sd-event.h>

#include "base/usec.h"
#include "core/types.h"
#include "sources/bmp/parse.h"

struct erm_bmp_router;

struct erm_bmp_router_handler {
	void *userdata;
	/* One message, in order; routes too.  Must not free the router. */
	void (*message)(void *userdata, struct erm_bmp_router *router,
			const struct erm_bmp_message *message);
	/* What was there has been read; comes after one or more messages. */
	void (*rest)(void *userdata, struct erm_bmp_router *router);
	/* It has ended: the handler frees it.  text says what happened, in words. */
	void (*failed)(void *userdata, struct erm_bmp_router *router, enum erm_source_reason reason,
		       const char *text);
};

struct erm_bmp_router_limits {
	usec_t start_usec;  /* for its Initiation */
	usec_t silent_usec; /* without a whole message */
	uint32_t max_peers;
};

/* Takes over fd, also on failure.  handler must outlive the router. */
int erm_bmp_router_new(sd_event *event, int fd, uint64_t id,
		       const struct erm_bmp_router_limits *limits,
		       const struct erm_bmp_router_handler *handler, struct erm_bmp_router **ret);
/* Closes it without a call of the handler. */
struct erm_bmp_router *erm_bmp_router_free(struct erm_bmp_router *router);

void erm_bmp_router_set_limits(struct erm_bmp_router *router,
			       const struct erm_bmp_router_limits *limits);

uint64_t erm_bmp_router_id(const struct erm_bmp_router *router);
/* Its Initiation has come. */
bool erm_bmp_router_is_ready(const struct erm_bmp_router *router);
/* It sends Stats: of each peer that is Established, again and again. */
bool erm_bmp_router_has_stats(const struct erm_bmp_router *router);
/* How it is called, by its Initiation; before it, and when it does not say, "router". */
const char *erm_bmp_router_name(const struct erm_bmp_router *router);

#endif
