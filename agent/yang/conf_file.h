/*
 * The section file: read, checked against ermon.yang and turned into a plain
 * struct erm_config.  All errors of the file are found in one go.
 *
 *   [word key...]   word: a list of ermon.yang with its keys, the parents' first,
 *                   or the path of a container ([agent], [hold degraded])
 *   key = value     key: a leaf of it; several values of a leaf-list by comma,
 *                   by blank, or by repeating the key
 *   # and ;         start a comment, at the start of a line or after a blank
 *   "..."           a value with blanks at its ends, # or ;  (\" and \\ inside)
 */
#ifndef ERM_YANG_CONF_FILE_H
#define ERM_YANG_CONF_FILE_H

#include <stddef.h>

#include "core/config.h"
#include "yang/report.h"

struct ly_ctx;

#define ERM_CONFIG_FILE_MAX (4U << 20) /* octets */

/*
 * yang_dir: where ermon.yang is, NULL = where it was installed.  host_name: the
 * agent's name when the file gives none (octets that cannot be in a name become
 * '-').  report must be zeroed or used before; it is filled in any case, by line,
 * and freed by the caller with erm_report_done().
 *
 * 0 (there may be warnings), -EINVAL (the file is wrong), or another negative
 * errno (it cannot be read, the module cannot be loaded, no memory); every failure
 * but -ENOMEM has at least one entry in the report.
 */
int erm_config_load(const char *path, const char *yang_dir, const char *host_name,
		    struct erm_config **ret_config, struct erm_config_report *report);

/* The same for text in memory, with a context of erm_yang_ctx_new().  report is initialized by the caller. */
int erm_config_parse(struct ly_ctx *ctx, const char *text, size_t size, const char *host_name,
		     struct erm_config **ret_config, struct erm_config_report *report);

#endif
