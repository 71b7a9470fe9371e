/*
 * One connection to the control socket: octets in, messages out, and the limits on
 * both.  Cuts the stream into requests and keeps them in order; knows nothing of
 * what they mean.  Never blocks.  Main thread.
 */
#ifndef ERM_PUBLISH_CTL_CLIENT_H
#define ERM_PUBLISH_CTL_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <systemd/sd-event.h>

#include "base/usec.h"
#include "publish/ctl_encoder.h"

struct erm_ctl_limits {
	uint32_t clients;
	size_t request_bytes; /* one request, with its NUL */
	size_t queue_bytes;   /* unread replies of one client; a single reply may be longer */
	size_t total_bytes;   /* of all clients */
	usec_t timeout_usec; /* from one complete request to the next; without progress of a reply */
	unsigned int rate_per_sec, burst; /* requests of one client; above, it waits */
	uint32_t jobs;                    /* events waiting to be encoded */
};

/* Why a connection ended. */
enum erm_ctl_gone {
	ERM_CTL_GONE_HANGUP = 1, /* the client left, or was answered and asked to */
	ERM_CTL_GONE_SYSTEM,     /* an error of the socket */
	ERM_CTL_GONE_GARBAGE,    /* talks where it should listen */
	ERM_CTL_GONE_TOO_LARGE,  /* request */
	ERM_CTL_GONE_SLOW,       /* does not read */
	ERM_CTL_GONE_TIMEOUT,    /* says nothing, or never comes to an end */
	ERM_CTL_GONE_FULL,       /* total_bytes */
	ERM_CTL_GONE_MAX
};

struct erm_ctl_client_handlers {
	/* One request, without its NUL; text is valid during the call. */
	void (*request)(void *userdata, const char *text, size_t len);
	/* Everything sent has been taken by the kernel. */
	void (*drained)(void *userdata);
	/* Once; nothing is called after it.  Free the client later, not in here. */
	void (*gone)(void *userdata, enum erm_ctl_gone why);
};

/* Shared by all connections; outlives them. */
struct erm_ctl_client_env {
	sd_event *event;
	struct erm_ctl_limits limits;
	struct erm_ctl_client_handlers handlers;
	size_t total_bytes;           /* queued now */
	uint64_t requests, throttled; /* counters */
};

struct erm_ctl_client;

/* Takes ownership of fd (non-blocking) on success. */
int erm_ctl_client_new(struct erm_ctl_client_env *env, int fd, void *userdata,
		       struct erm_ctl_client **ret);

/* Queues text, taking a reference of its own.  May end the connection; that is told by gone(). */
void erm_ctl_client_send(struct erm_ctl_client *client, struct erm_ctl_text *text);

/* While waiting for an answer from elsewhere: no next request is read, no time runs. */
void erm_ctl_client_set_waiting(struct erm_ctl_client *client, bool is_waiting);

/* From now on it only listens: no time runs, and whatever it says ends the connection. */
void erm_ctl_client_set_streaming(struct erm_ctl_client *client);

/* Ends the connection when everything is written. */
void erm_ctl_client_finish(struct erm_ctl_client *client);

/* Ends it now. */
void erm_ctl_client_drop(struct erm_ctl_client *client, enum erm_ctl_gone why);

/* True when nothing waits to be written. */
bool erm_ctl_client_is_drained(const struct erm_ctl_client *client);

/* Without gone().  Accepts NULL, returns NULL. */
struct erm_ctl_client *erm_ctl_client_free(struct erm_ctl_client *client);

#endif
