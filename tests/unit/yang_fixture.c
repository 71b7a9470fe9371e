/* See yang_fixture.h. */
#include "yang_fixture.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "yang/conf_file.h"
#include "yang/ctx.h"

static struct ly_ctx *shared;

const char yang_small_file[] = "[source frr]\n"
			       "type = frr\n"
			       "[circuit c1]\n"
			       "connectivity-model = direct\n"
			       "[connection c1 primary]\n"
			       "interface = eth1\n"
			       "[connection c1 secondary]\n"
			       "interface = eth2\n"
			       "[session c1 primary private ipv4]\n"
			       "neighbor = 192.168.100.2\n"
			       "[session c1 secondary private ipv4]\n"
			       "neighbor = 192.168.100.6\n";

const char *yang_dir(void)
{
	static char dir[4096];
	const char *top = getenv("top_srcdir");

	(void)snprintf(dir, sizeof(dir), "%s/yang", top ? top : ".");
	return dir;
}

struct ly_ctx *yang_ctx(void)
{
	char error[256] = "";

	if (!shared && erm_yang_ctx_new(yang_dir(), &shared, error, sizeof(error)) < 0)
		ck_abort_msg("%s", error);
	return shared;
}

void yang_fixture_done(void)
{
	shared = erm_yang_ctx_free(shared);
}

int yang_parse(const char *text, struct erm_config **ret, struct erm_config_report *report)
{
	erm_report_init(report, "t.conf");
	return erm_config_parse(yang_ctx(), text, strlen(text), "host.example", ret, report);
}

struct erm_config *yang_parse_good(const char *text)
{
	struct erm_config_report report = {};
	struct erm_config *config = NULL;
	char line[ERM_REPORT_LINE_MAX];
	int r = yang_parse(text, &config, &report);

	for (unsigned int i = 0; i < report.n; i++)
		printf("%s\n", erm_report_format(&report, i, line));
	ck_assert_int_eq(r, 0);
	ck_assert_uint_eq(report.n, 0);
	erm_report_done(&report);
	return config;
}
