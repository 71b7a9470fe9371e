/* Instance data as XML text (RFC 7950), by libyang.  The context belongs to the calling thread. */
#ifndef ERM_YANG_PRINT_H
#define ERM_YANG_PRINT_H

#include "yang/encode.h"

/* The text is NUL-terminated and freed by the caller.  0, -ENOENT (no such circuit), -ENOMEM or -EPROTO. */
int erm_print_snapshot_xml(struct ly_ctx *ctx, const struct erm_snapshot *snapshot,
			   const struct erm_encode_query *query, char **ret);

#endif
