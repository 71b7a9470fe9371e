/*
 * A BMP station alone, beside real routers, as source_probe.h says.
 *
 *   bmp_probe LISTEN STALE-MSEC NEIGHBOR...
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "source_probe.h"

static void print_session(const struct erm_obs *obs)
{
	const struct erm_obs_session *s = &obs->session;
	char addr[ERM_ADDR_STRLEN];

	printf("%llu session %s ", (unsigned long long)obs->at.real,
	       erm_addr_format(&probe.config->sessions[s->session].neighbor, addr));
	if (s->is_withdrawn || !s->is_configured) {
		printf("%s\n", s->is_withdrawn ? "withdrawn" : "not-configured");
		return;
	}
	printf("%s as %u %s %u/%u received %d: %s\n", erm_bgp_state_name(s->bgp), s->remote_as,
	       s->has_reset ? erm_cause_name(s->reset_cause) : "untold", s->error_code,
	       s->error_subcode, s->has_received ? (int)s->prefixes_received : -1, s->reset_text);
}

int main(int argc, char *argv[])
{
	struct erm_source_config settings = {
		.type = ERM_SOURCE_TYPE_BMP,
		.poll_usec = ERM_USEC_PER_SEC,
		.timeout_usec = 2 * ERM_USEC_PER_SEC,
		.max_peers = 4096,
		.max_routers = 16,
	};
	int r = 0;

	if (argc < 3) {
		(void)fputs("bmp_probe LISTEN STALE-MSEC NEIGHBOR...\n", stderr);
		return EXIT_FAILURE;
	}
	probe.ops = &erm_source_bmp_ops;
	probe.print = print_session;
	settings.listen = strdup(argv[1]);
	settings.stale_after_usec = strtoull(argv[2], NULL, 10) * ERM_USEC_PER_MSEC;
	r = source_probe_configure(&settings, (size_t)argc - 3);
	for (int i = 3; i < argc && r >= 0; i++)
		r = source_probe_add(argv[i]);
	return source_probe_run("bmp_probe", r);
}
