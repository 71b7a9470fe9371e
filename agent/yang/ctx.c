/* Making and asking the libyang context.  Must not know what a configuration means. */
#include "yang/ctx.h"

#include <errno.h>
#include <libyang/libyang.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define MODULE_NAME "ermon"

#ifndef ERM_YANG_PATH
#define ERM_YANG_PATH "/usr/share/yang/modules/ermon"
#endif

void erm_yang_take_error(struct ly_ctx *ctx, char *buf, size_t size)
{
	const struct ly_err_item *item = ly_err_last(ctx);

	(void)snprintf(buf, size, "%s", item && item->msg ? item->msg : "");
	for (char *p = buf; *p; p++) {
		if (*p == '\n')
			*p = ' ';
	}
	ly_err_clean(ctx, NULL);
}

int erm_yang_ctx_new(const char *yang_dir, struct ly_ctx **ret, char *error, size_t size)
{
	const char *dir = yang_dir ? yang_dir : ERM_YANG_PATH;
	struct ly_ctx *ctx = NULL;
	char why[160];

	/* Messages are taken from the context; on stderr they would have no file and no line. */
	(void)ly_log_options(LY_LOSTORE_LAST);

	if (access(dir, R_OK | X_OK) < 0) {
		int r = -errno;

		(void)snprintf(error, size, "the directory of YANG modules %s cannot be read: %s",
			       dir, strerror(-r));
		return r;
	}
	/* The module's imports are inside libyang: the only file taken from the directory is ours. */
	if (ly_ctx_new(dir, LY_CTX_NO_YANGLIBRARY | LY_CTX_DISABLE_SEARCHDIR_CWD, &ctx) !=
	    LY_SUCCESS) {
		(void)snprintf(error, size, "libyang does not start with directory %s", dir);
		return -ENOMEM;
	}
	if (!ly_ctx_load_module(ctx, MODULE_NAME, NULL, NULL)) {
		erm_yang_take_error(ctx, why, sizeof(why));
		(void)snprintf(error, size,
			       "the YANG module " MODULE_NAME " cannot be loaded from %s: %s", dir,
			       why);
		ly_ctx_destroy(ctx);
		return -EPROTO;
	}
	*ret = ctx;
	return 0;
}

struct ly_ctx *erm_yang_ctx_free(struct ly_ctx *ctx)
{
	ly_ctx_destroy(ctx);
	return NULL;
}

const struct lys_module *erm_yang_module(const struct ly_ctx *ctx)
{
	return ly_ctx_get_module_implemented(ctx, MODULE_NAME);
}

struct ly_ctx *erm_yang_node_ctx(const struct lyd_node *node)
{
	return node->schema->module->ctx;
}
