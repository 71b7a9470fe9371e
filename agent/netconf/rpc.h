/*
 * A message of a client, from its octets to the octets of the answer.
 */
#ifndef ERM_NETCONF_RPC_H
#define ERM_NETCONF_RPC_H

#include "netconf/request.h"

/*
 * Reads text, of len octets and a NUL, and writes the whole <rpc-reply>, without framing.
 * 0; 1: the session ends after it; -EBADMSG: there is no answer to that, the session ends.
 * Counts in env->counters.
 */
int erm_rpc_answer(struct erm_nc_env *env, const char *text, size_t len, FILE *out);

/*
 * Reads the client's <hello>.  0 with the base version it shares with us;
 * -EBADMSG: it is none, or there is no such version.
 */
int erm_rpc_read_hello(const struct erm_models *models, const char *text, size_t len,
		       bool *ret_has_base11);

#endif
