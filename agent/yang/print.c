#include "yang/print.h"

#include <errno.h>
#include <libyang/libyang.h>

int erm_print_snapshot_xml(struct ly_ctx *ctx, const struct erm_snapshot *snapshot,
			   const struct erm_encode_query *query, char **ret)
{
	struct lyd_node *tree = NULL;
	char *text = NULL;
	int r = erm_encode_snapshot(ctx, snapshot, query, &tree);

	if (r < 0)
		return r;
	/* Without KEEPEMPTYCONT a tree of nothing but empty containers, as of no alarms, is no text. */
	if (lyd_print_mem(&text, tree, LYD_XML, LYD_PRINT_WITHSIBLINGS | LYD_PRINT_KEEPEMPTYCONT) !=
		    LY_SUCCESS ||
	    !text)
		r = -EPROTO;
	lyd_free_all(tree);
	if (r >= 0)
		*ret = text;
	return r;
}
