/*
 * Prints what ermond would show of a configuration file before any source has told
 * something: for tests that validate it with another program.
 *   yang_show YANG-DIR FILE json|xml|config
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/model.h"
#include "yang/conf_file.h"
#include "yang/ctx.h"
#include "yang/encode.h"
#include "yang/print.h"

static int show(struct ly_ctx *ctx, struct erm_config *config, const char *what, char **ret)
{
	static const struct erm_encode_health health = { .text = "not connected" };
	const struct erm_encode_query query = { .parts = ERM_ENCODE_ALL,
						.version = "0.0",
						.snmp = &health };
	const struct erm_time now = { 1000000, 1795341600000000 };
	struct erm_snapshot *snapshot = NULL;
	struct erm_events events = { 0 };
	struct erm_model *model = NULL;
	int r;

	if (strcmp(what, "config") == 0)
		return erm_encode_config_json(config, ret, NULL);
	r = erm_model_new(config, NULL, now, &model);
	if (r < 0)
		return r;
	erm_model_announce(model);
	r = erm_model_commit(model, now, &snapshot, &events);
	if (r == 0) {
		r = strcmp(what, "xml") == 0
			    ? erm_print_snapshot_xml(ctx, snapshot, &query, ret)
			    : erm_encode_snapshot_json(snapshot, &query, ret, NULL);
		erm_events_done(&events);
	}
	(void)erm_snapshot_unref(snapshot);
	(void)erm_model_free(model);
	return r;
}

int main(int argc, char **argv)
{
	struct erm_config_report report = { 0 };
	struct erm_config *config = NULL;
	struct ly_ctx *ctx = NULL;
	char line[ERM_REPORT_LINE_MAX], *text = NULL;
	int r;

	if (argc != 4 || erm_yang_ctx_new(argv[1], &ctx, line, sizeof(line)) < 0)
		return 2;
	r = erm_config_load(argv[2], argv[1], "test-host", &config, &report);
	for (unsigned int i = 0; i < report.n; i++)
		(void)fprintf(stderr, "%s\n", erm_report_format(&report, i, line));
	if (r == 0)
		r = show(ctx, config, argv[3], &text);
	if (r == 0)
		(void)puts(text);
	free(text);
	(void)erm_config_unref(config);
	erm_report_done(&report);
	(void)erm_yang_ctx_free(ctx);
	return r == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
