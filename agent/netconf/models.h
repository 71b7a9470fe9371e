/*
 * The YANG modules a NETCONF client is served by: loaded once, before any client is there,
 * and shared by all sessions.  Owns the libyang contexts.
 */
#ifndef ERM_NETCONF_MODELS_H
#define ERM_NETCONF_MODELS_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/cleanup.h"

struct erm_shape;
struct ly_ctx;
struct lys_module;

struct erm_models {
	struct ly_ctx *ctx;      /* all modules */
	struct ly_ctx *raw;      /* none: whatever is parsed with it is just XML */
	char *library_text;      /* yang-library as JSON, by netconf/state.h; NULL = not yet */
	struct erm_shape *shape; /* of ctx */
	char content_id[17];     /* of yang-library: changes when the set of modules does */
	const struct lys_module *netconf, *ermon, *library, *monitoring, *nmda, *streams;
};

/*
 * dirs: folders to search, separated by ':'; nothing is taken from the current one.  0, or
 * a negative errno with a line in error: no module may be missing, imports included.
 */
int erm_models_new(const char *dirs, struct erm_models **ret, char *error, size_t size);
/* Accepts NULL, returns NULL. */
struct erm_models *erm_models_free(struct erm_models *models);
ERM_DEFINE_CLEANUP(struct erm_models *, erm_models_free)

/* Writes the <hello> of RFC 6241, section 8.1. */
void erm_models_hello(const struct erm_models *models, uint32_t session_id, FILE *out);

/* Calls visit for each capability, until it returns != 0, and returns that. */
int erm_models_capabilities(const struct erm_models *models,
			    int (*visit)(void *userdata, const char *capability), void *userdata);

/* What libyang said first, on one line.  Forgets all of it. */
void erm_models_take_error(struct ly_ctx *ctx, char *buf, size_t size);

#endif
