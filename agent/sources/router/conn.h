/*
 * One non-blocking connection to the local socket of a router: one request at a time, a
 * deadline for each, a cap on the reply, a buffer that grows with the replies and shrinks
 * again.  Where a reply ends says the protocol it is given.  Knows nothing of what replies
 * say, of polling or of when to try again.  Main thread.
 */
#ifndef ERM_SOURCES_ROUTER_CONN_H
#define ERM_SOURCES_ROUTER_CONN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <systemd/sd-event.h>

#include "base/usec.h"
#include "core/types.h"
#include "sources/router/frame.h"

#define ERM_ROUTER_REQUEST_MAX 256

struct erm_router_conn;

struct erm_router_conn_handler {
	/* A complete reply.  text may be changed; it is valid until the next request or the return. */
	void (*reply)(void *userdata, char *text, size_t len, unsigned int result);
	/* The connection is closed already.  text says what happened, in words. */
	void (*failed)(void *userdata, enum erm_source_reason reason, const char *text);
};

/* protocol and handler must outlive the connection. */
int erm_router_conn_new(sd_event *event, const struct erm_router_protocol *protocol,
			const struct erm_router_conn_handler *handler, void *userdata,
			struct erm_router_conn **ret);
struct erm_router_conn *erm_router_conn_free(struct erm_router_conn *conn);

/* For the requests and replies that follow. */
void erm_router_conn_set_limits(struct erm_router_conn *conn, usec_t timeout_usec,
				size_t max_reply_bytes);

/*
 * Connects at once or fails with connect(2)'s errno: -ENOENT, -ECONNREFUSED, -EACCES,
 * -EAGAIN (the listener's queue is full: it does not accept); -ENAMETOOLONG.
 */
int erm_router_conn_open(struct erm_router_conn *conn, const char *path);

/* Without a call of the handler. */
void erm_router_conn_close(struct erm_router_conn *conn);

bool erm_router_conn_is_open(const struct erm_router_conn *conn);

/*
 * Sends one request of up to ERM_ROUTER_REQUEST_MAX bytes; its reply comes to the handler.
 * None: what the router says first is waited for.  -EPIPE and the like: the connection is
 * closed.
 */
int erm_router_conn_request(struct erm_router_conn *conn, const void *request, size_t len);

/* Bytes the buffer holds just now. */
size_t erm_router_conn_capacity(const struct erm_router_conn *conn);

#endif
