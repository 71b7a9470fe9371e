/* From the file to the configuration.  Must not know what a key means. */
#include "yang/conf_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "yang/check.h"
#include "yang/ctx.h"
#include "yang/decode.h"
#include "yang/section.h"
#include "yang/tree.h"

static int parse_tree(struct ly_ctx *ctx, const struct erm_section_file *file,
		      const char *host_name, struct erm_config **ret_config,
		      struct erm_config_report *report)
{
	struct erm_tree tree = {};
	int r = erm_tree_build(ctx, file, report, &tree);

	if (r < 0)
		return r;
	if (report->n_errors < ERM_SECTION_ERRORS_MAX)
		r = erm_tree_check(&tree, report);
	if (r == 0)
		r = report->n_errors > 0 ? -EINVAL
					 : erm_tree_decode(&tree, host_name, report, ret_config);
	erm_tree_done(&tree);
	return r;
}

int erm_config_parse(struct ly_ctx *ctx, const char *text, size_t size, const char *host_name,
		     struct erm_config **ret_config, struct erm_config_report *report)
{
	struct erm_section_file file = {};
	int r;

	if (size > ERM_CONFIG_FILE_MAX) {
		erm_report_add(report, ERM_REPORT_ERROR, 0, NULL, "4 MiB is the most",
			       "the file is too large");
		return -EINVAL;
	}
	r = erm_section_parse(text, size, report, &file);
	if (r < 0)
		return r;
	if (file.n_sections == 0 && report->n_errors == 0) {
		erm_report_add(report, ERM_REPORT_ERROR, 0, NULL,
			       "add [circuit NAME] with its connections and sessions",
			       size == 0 ? "the file is empty" : "the file has no section");
		r = -EINVAL;
	} else {
		r = parse_tree(ctx, &file, host_name, ret_config, report);
	}
	erm_section_file_done(&file);
	erm_report_sort(report);
	if (r == -EPROTO)
		erm_report_add(report, ERM_REPORT_ERROR, 0, NULL, "install the two together",
			       "ermon.yang is not the one this program was made for");
	return r;
}

/* Reads a regular file; a pipe or device could hold the caller up. */
static int file_read(const char *path, char **ret_text, size_t *ret_size)
{
	int fd _cleanup_close_ = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	char *text _cleanup_free_ = NULL;
	size_t size = 0;
	struct stat st;
	ssize_t n;

	if (fd < 0 || fstat(fd, &st) < 0)
		return -errno;
	if (S_ISDIR(st.st_mode))
		return -EISDIR;
	if (!S_ISREG(st.st_mode))
		return -EBADF;
	text = malloc(ERM_CONFIG_FILE_MAX + 1);
	if (!text)
		return -ENOMEM;
	while ((n = read(fd, text + size, ERM_CONFIG_FILE_MAX + 1 - size)) > 0)
		size += (size_t)n;
	if (n < 0)
		return -errno;
	*ret_text = ERM_TAKE_PTR(text);
	*ret_size = size;
	return 0;
}

int erm_config_load(const char *path, const char *yang_dir, const char *host_name,
		    struct erm_config **ret_config, struct erm_config_report *report)
{
	char *text _cleanup_free_ = NULL;
	struct ly_ctx *ctx = NULL;
	char why[320];
	size_t size = 0;
	int r;

	erm_report_init(report, path);
	r = file_read(path, &text, &size);
	if (r < 0) {
		erm_report_add(report, ERM_REPORT_ERROR, 0, NULL, NULL, "cannot be read: %s",
			       r == -EBADF ? "not a regular file" : strerror(-r));
		return r;
	}
	r = erm_yang_ctx_new(yang_dir, &ctx, why, sizeof(why));
	if (r < 0) {
		erm_report_add(report, ERM_REPORT_ERROR, 0, NULL, NULL, "%s", why);
		return r;
	}
	r = erm_config_parse(ctx, text, size, host_name, ret_config, report);
	(void)erm_yang_ctx_free(ctx);
	return r;
}
