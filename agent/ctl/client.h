/*
 * The other end of the control socket: one connection, one call at a time.  Blocks,
 * but never longer than it was told.
 */
#ifndef ERM_CTL_CLIENT_H
#define ERM_CTL_CLIENT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/cleanup.h"

#define ERM_CLIENT_TIMEOUT_MSEC 10000
#define ERM_CLIENT_ERROR_MAX    512

struct erm_client;

/*
 * Connects to the daemon at path.  On failure a negative errno, and in error what a
 * person does about it.
 */
int erm_client_open(const char *path, struct erm_client **ret, char error[ERM_CLIENT_ERROR_MAX]);

/* Sends a call; takes the reference to parameters (NULL = none). */
int erm_client_call(struct erm_client *client, const char *method, json_t *parameters,
		    bool has_more);

/*
 * The parameters of the next reply, a new reference.  timeout_msec < 0 waits for ever.
 * -ETIMEDOUT; -ECONNRESET: the daemon hung up; -EREMOTEIO: it answered with an error;
 * -EBADMSG: with no JSON; -EMSGSIZE: with more than 256 MiB.  erm_client_error() words it.
 */
int erm_client_next(struct erm_client *client, int timeout_msec, json_t **ret);

/* Call and reply in one. */
int erm_client_ask(struct erm_client *client, const char *method, json_t *parameters, json_t **ret);

/* What the last failure was, as a sentence. */
const char *erm_client_error(const struct erm_client *client);

/* The name of the daemon's last error ("org.ermon.NoSuchCircuit"), "" when it was none. */
const char *erm_client_error_name(const struct erm_client *client);

int erm_client_fd(const struct erm_client *client);

/* Accepts NULL, returns NULL. */
struct erm_client *erm_client_free(struct erm_client *client);
ERM_DEFINE_CLEANUP(struct erm_client *, erm_client_free)

#endif
