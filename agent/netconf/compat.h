/*
 * Where libyang 2 (Debian 12) and 3 (Debian 13) differ, for the files here.
 */
#ifndef ERM_NETCONF_COMPAT_H
#define ERM_NETCONF_COMPAT_H

#include <libyang/libyang.h>
#include <libyang/version.h>

#if LY_VERSION_MAJOR >= 3
#define ERM_LY_ERROR_PATH(item) ((item)->data_path ? (item)->data_path : (item)->schema_path)
#else
#define ERM_LY_ERROR_PATH(item) ((item)->path)
#endif

/* 3.7 gave lyd_parse_op() parser options. */
#if LY_VERSION_MAJOR > 3 || (LY_VERSION_MAJOR == 3 && LY_VERSION_MINOR >= 7)
#define ERM_LYD_PARSE_OP(ctx, in, type, tree, op) \
	lyd_parse_op(ctx, NULL, in, LYD_XML, type, LYD_PARSE_STRICT, tree, op)
#else
#define ERM_LYD_PARSE_OP(ctx, in, type, tree, op) \
	lyd_parse_op(ctx, NULL, in, LYD_XML, type, tree, op)
#endif

#endif
