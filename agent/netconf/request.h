/*
 * One RPC while it is answered, as the operations see it.
 */
#ifndef ERM_NETCONF_REQUEST_H
#define ERM_NETCONF_REQUEST_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "netconf/channel.h"
#include "netconf/error.h"
#include "netconf/models.h"

struct erm_subscription;
struct lyd_node;

/* A session, as far as operations know it. */
struct erm_nc_env {
	const struct erm_models *models;
	const char *ctl; /* ermond's control socket */
	uint32_t session_id;
	int channel;                           /* to the server */
	bool has_base11;                       /* of the client */
	struct erm_nc_counters *counters;      /* shared with the server, which only reads */
	struct erm_subscription *subscription; /* NULL = none */
};

struct erm_request {
	struct erm_nc_env *env;
	const struct lyd_node *rpc, *operation; /* as XML (netconf/xml.h) */
	struct lyd_node *input;                 /* the operation by its schema, valid */
	bool is_last;                           /* the session ends with this answer */
	struct erm_nc_error error;
};

/*
 * Writes what comes into the <rpc-reply>; 0.  Or fills error and returns a negative errno:
 * what it wrote is dropped then.
 */
typedef int erm_operation(struct erm_request *request, FILE *out);

/* RFC 6241 and RFC 8526, reading */
erm_operation erm_rpc_get, erm_rpc_get_config, erm_rpc_get_data;
/* RFC 6022 */
erm_operation erm_rpc_get_schema;
/* RFC 6241, sessions */
erm_operation erm_rpc_close_session, erm_rpc_kill_session;
/* RFC 5277 */
erm_operation erm_rpc_create_subscription;
/* What writes: the configuration is a file. */
erm_operation erm_rpc_refuse;

/* The value of a leaf of the input; NULL when it is not there. */
const char *erm_request_leaf(const struct erm_request *request, const char *name);

#endif
