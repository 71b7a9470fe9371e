/*
 * The section file, from text to configuration.  Whatever the text: either errors
 * are told, or the configuration is sound and shows as valid data of ermon.yang.
 * The module is found by the environment's top_srcdir (default: the current folder).
 */
#include <errno.h>
#include <libyang/libyang.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "yang/conf_file.h"
#include "yang/ctx.h"
#include "yang/encode.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define REQUIRE(condition)                                                                    \
	do {                                                                                  \
		if (!(condition)) {                                                           \
			(void)fprintf(stderr, "line %d: not so: %s\n", __LINE__, #condition); \
			abort();                                                              \
		}                                                                             \
	} while (0)

static struct ly_ctx *ctx;

static void ctx_make(void)
{
	const char *top = getenv("top_srcdir");
	char dir[4096], error[512] = "";

	(void)snprintf(dir, sizeof(dir), "%s/yang", top ? top : ".");
	if (erm_yang_ctx_new(dir, &ctx, error, sizeof(error)) < 0) {
		(void)fprintf(stderr, "%s\n", error);
		exit(2);
	}
}

static bool is_index(uint32_t index, uint32_t n)
{
	return index == ERM_NO_INDEX || index < n;
}

static void require_sound(const struct erm_config *c)
{
	REQUIRE(c->agent.name && c->agent.agentx_address);
	REQUIRE(c->n_circuits > 0 && c->n_sources > 0);
	REQUIRE(c->sources[0].type == ERM_SOURCE_TYPE_RTNL);
	for (uint32_t i = 0; i < c->n_ports; i++) {
		REQUIRE(strlen(c->ports[i].name) < ERM_NAME_MAX);
		REQUIRE(c->ports[i].interface < c->n_interfaces);
		REQUIRE(is_index(c->ports[i].pair, c->n_groups));
	}
	for (uint32_t i = 0; i < c->n_circuits; i++) {
		REQUIRE(c->circuits[i].n_connections >= 1 && c->circuits[i].n_connections <= 2);
		REQUIRE(c->circuits[i].first_connection + c->circuits[i].n_connections <=
			c->n_connections);
		REQUIRE(c->circuits[i].first_service + c->circuits[i].n_services <= c->n_services);
	}
	for (uint32_t i = 0; i < c->n_connections; i++) {
		REQUIRE(c->connections[i].circuit < c->n_circuits);
		REQUIRE(is_index(c->connections[i].interface, c->n_interfaces));
		REQUIRE(is_index(c->connections[i].port, c->n_ports));
	}
	for (uint32_t i = 0; i < c->n_sessions; i++) {
		REQUIRE(c->sessions[i].connection < c->n_connections);
		REQUIRE(c->sessions[i].service < c->n_services);
		REQUIRE(c->sessions[i].first_source + c->sessions[i].n_sources <=
			c->n_session_sources);
		REQUIRE(c->sessions[i].n_expected <= ERM_EXPECTED_MAX);
		REQUIRE(c->sessions[i].neighbor.family != AF_UNSPEC);
		REQUIRE(c->sessions[i].prefix_limit > 0);
	}
	for (uint32_t i = 0; i < c->n_session_sources; i++)
		REQUIRE(c->session_sources[i] < c->n_sources && c->session_sources[i] != 0);
	for (uint32_t i = 0; i < c->n_groups; i++) {
		const struct erm_group_config *g = &c->groups[i];

		REQUIRE(strlen(g->name) < ERM_NAME_MAX);
		REQUIRE(g->n_members > 0 && g->first_member + g->n_members <= c->n_members);
		REQUIRE(g->min_redundant >= g->min_service && g->min_service > 0);
		for (uint32_t m = 0; m < g->n_members; m++)
			REQUIRE(c->members[g->first_member + m].kind != ERM_RESOURCE_GROUP ||
				c->members[g->first_member + m].index < i);
	}
}

static void require_shown(const struct erm_config *config)
{
	struct lyd_node *tree = NULL;

	REQUIRE(erm_encode_config(ctx, config, &tree) == 0);
	REQUIRE(lyd_validate_all(&tree, NULL, LYD_VALIDATE_PRESENT, NULL) == LY_SUCCESS);
	lyd_free_all(tree);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct erm_config_report report = { 0 };
	struct erm_config *config = NULL;
	char line[ERM_REPORT_LINE_MAX], *copy;
	int r;

	if (size > 1 << 16)
		return 0;
	if (!ctx)
		ctx_make();
	/* A block of just this size, so that a read behind its end is seen. */
	copy = malloc(size ? size : 1);
	if (!copy)
		return 0;
	if (size > 0)
		memcpy(copy, data, size);
	erm_report_init(&report, "fuzz");
	r = erm_config_parse(ctx, copy, size, "host", &config, &report);
	REQUIRE(r == 0 || r == -EINVAL);
	REQUIRE((r == 0) == (config != NULL));
	REQUIRE((r == 0) == (report.n_errors == 0));
	for (unsigned int i = 0; i < report.n; i++) {
		(void)erm_report_format(&report, i, line);
		REQUIRE(report.entries[i].problem[0]);
	}
	if (config) {
		require_sound(config);
		require_shown(config);
	}
	(void)erm_config_unref(config);
	erm_report_done(&report);
	free(copy);
	return 0;
}
