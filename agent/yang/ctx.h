/*
 * The libyang context with ermon.yang in it, and nothing from the current
 * directory.  A context is used by one thread at a time; several may exist.
 */
#ifndef ERM_YANG_CTX_H
#define ERM_YANG_CTX_H

#include <stddef.h>

struct ly_ctx;
struct lyd_node;
struct lys_module;

/*
 * yang_dir NULL = where ermon.yang was installed.  0, or a negative errno with one
 * line in error (-ENOENT: no such directory, -EPROTO: no module in it that libyang takes).
 */
int erm_yang_ctx_new(const char *yang_dir, struct ly_ctx **ret, char *error, size_t size);
/* Accepts NULL, returns NULL.  Trees of the context must be gone before. */
struct ly_ctx *erm_yang_ctx_free(struct ly_ctx *ctx);

/* ermon.yang in a context of erm_yang_ctx_new(). */
const struct lys_module *erm_yang_module(const struct ly_ctx *ctx);

/* The context of a node, for functions that want it writable. */
struct ly_ctx *erm_yang_node_ctx(const struct lyd_node *node);

/* The last thing libyang said about ctx, on one line; "" = nothing.  Forgets it. */
void erm_yang_take_error(struct ly_ctx *ctx, char *buf, size_t size);

#endif
