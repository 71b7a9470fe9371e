/*
 * One non-blocking connection to a vty socket: one request at a time, a deadline for
 * each, a cap on the reply, a buffer that grows with the replies and shrinks again.
 * Knows nothing of JSON, of polling or of when to try again.  Main thread.
 */
#ifndef ERM_SOURCES_FRR_CONN_H
#define ERM_SOURCES_FRR_CONN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <systemd/sd-event.h>

#include "base/usec.h"
#include "core/types.h"

struct erm_frr_conn;

struct erm_frr_conn_handler {
	/* A complete reply.  text may be changed; it is valid until the next request or the return. */
	void (*reply)(void *userdata, char *text, size_t len, uint8_t result);
	/* The connection is closed already.  text says what happened, in words. */
	void (*failed)(void *userdata, enum erm_source_reason reason, const char *text);
};

/* handler must outlive the connection. */
int erm_frr_conn_new(sd_event *event, const struct erm_frr_conn_handler *handler, void *userdata,
		     struct erm_frr_conn **ret);
struct erm_frr_conn *erm_frr_conn_free(struct erm_frr_conn *conn);

/* For the requests and replies that follow. */
void erm_frr_conn_set_limits(struct erm_frr_conn *conn, usec_t timeout_usec,
			     size_t max_reply_bytes);

/*
 * Connects at once or fails with connect(2)'s errno: -ENOENT, -ECONNREFUSED, -EACCES,
 * -EAGAIN (the listener's queue is full: it does not accept); -ENAMETOOLONG.
 */
int erm_frr_conn_open(struct erm_frr_conn *conn, const char *path);

/* Without a call of the handler. */
void erm_frr_conn_close(struct erm_frr_conn *conn);

bool erm_frr_conn_is_open(const struct erm_frr_conn *conn);

/* Sends one command; its reply comes to the handler.  -EPIPE and the like: the connection is closed. */
int erm_frr_conn_request(struct erm_frr_conn *conn, const char *command);

/* Bytes the buffer holds just now. */
size_t erm_frr_conn_capacity(const struct erm_frr_conn *conn);

#endif
