/*
 * The control socket's thread: turns snapshots and events into replies, in the
 * order asked, so that a thousand circuits in JSON never hold up the main loop.
 * Knows nothing of clients but the number they are called by.
 */
#ifndef ERM_PUBLISH_CTL_ENCODER_H
#define ERM_PUBLISH_CTL_ENCODER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "publish/ctl_frame.h"
#include "publish/publisher.h"

/* Replies as they go out, each with its NUL; shared by queues, main thread only. */
struct erm_ctl_text {
	unsigned int n_ref;
	size_t len;
	char *data;
};

/* Takes ownership of data, of len octets; NULL on ENOMEM (data is freed then) or for NULL data. */
struct erm_ctl_text *erm_ctl_text_new(char *data, size_t len);
struct erm_ctl_text *erm_ctl_text_unref(struct erm_ctl_text *text);

struct erm_ctl_job {
	struct erm_ctl_job *next; /* the encoder's */
	uint64_t number;          /* given by erm_ctl_encoder_submit(), counts up */
	uint64_t client;          /* 0 = everybody who subscribed before */
	/* Exactly one of: a GET of snapshot, a subscriber's history of snapshot, or an event. */
	struct erm_ctl_request request;
	struct erm_snapshot *snapshot;
	struct erm_event *event;
	/* The result; NULL only on ENOMEM. */
	struct erm_ctl_text *reply;
};

struct erm_ctl_encoder;

/* Takes references; NULL on ENOMEM. */
struct erm_ctl_job *erm_ctl_job_new_snapshot(uint64_t client, const struct erm_ctl_request *request,
					     struct erm_snapshot *snapshot);
struct erm_ctl_job *erm_ctl_job_new_event(struct erm_event *event);
/* Accepts NULL, returns NULL. */
struct erm_ctl_job *erm_ctl_job_free(struct erm_ctl_job *job);
ERM_DEFINE_CLEANUP(struct erm_ctl_job *, erm_ctl_job_free)

/* Starts the thread with all signals blocked.  Copies env. */
int erm_ctl_encoder_new(const struct erm_publisher_env *env, uint32_t jobs_max,
			struct erm_ctl_encoder **ret);

/* Readable while results wait. */
int erm_ctl_encoder_fd(const struct erm_ctl_encoder *encoder);

/* Takes ownership of job in any case.  -EBUSY above jobs_max (not counted for a job of one client). */
int erm_ctl_encoder_submit(struct erm_ctl_encoder *encoder, struct erm_ctl_job *job);

/* The number of the newest job submitted; 0 = none. */
uint64_t erm_ctl_encoder_last_number(const struct erm_ctl_encoder *encoder);

/* The oldest finished job, owned by the caller; NULL = none left, the fd is quiet then. */
struct erm_ctl_job *erm_ctl_encoder_take(struct erm_ctl_encoder *encoder);

/* Drops what is left and ends the thread, after the one encoding it may be at.  Accepts NULL, returns NULL. */
struct erm_ctl_encoder *erm_ctl_encoder_free(struct erm_ctl_encoder *encoder);

#endif
