/* A summary and a route of bgpd: whatever they hold, what comes out is in range, and only what was said. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "sources/frr/route.h"
#include "sources/frr/summary.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const neighbors[] = { "192.168.100.2", "2001:db8:100:1::2", "::" };

static char *copy_of(const uint8_t *data, size_t size)
{
	char *copy = malloc(size ? size : 1);

	if (!copy)
		abort();
	memcpy(copy, data, size);
	return copy;
}

static void try_summary(const uint8_t *data, size_t size)
{
	_cleanup_free_ char *copy = copy_of(data, size);
	struct erm_frr_summary *summary = NULL;
	size_t n = 4711;

	if (erm_frr_summary_parse(copy, size, &summary) < 0)
		return;
	if (!erm_frr_summary_count(summary, &n) && n != 4711)
		abort();
	for (size_t i = 0; i < ERM_ELEMENTS(neighbors); i++) {
		struct erm_obs_session session = { .session = 4711, .bgp = ERM_BGP_IDLE };
		struct erm_addr addr = { 0 };
		bool is_up = false;

		if (erm_addr_parse(neighbors[i], &addr) < 0)
			abort();
		is_up = erm_frr_summary_session(summary, &addr, ERM_FAMILY_IPV4, &session);
		if (session.session != 4711 || session.bfd != 0 ||
		    session.bgp != (is_up ? ERM_BGP_ESTABLISHED : ERM_BGP_IDLE))
			abort();
		if (!is_up && (session.has_counts || session.has_received || session.remote_as))
			abort();
	}
	erm_frr_summary_free(summary);
}

static void try_route(const uint8_t *data, size_t size)
{
	_cleanup_free_ char *copy = copy_of(data, size);
	struct erm_frr_route *route = NULL;

	if (erm_frr_route_parse(copy, size, &route) < 0)
		return;
	for (size_t i = 0; i < ERM_ELEMENTS(neighbors); i++) {
		struct erm_addr addr = { 0 };
		uint32_t prepends = UINT32_MAX;

		if (erm_addr_parse(neighbors[i], &addr) < 0)
			abort();
		/* an AS of a path takes a byte at least */
		if (erm_frr_route_from(route, &addr, &prepends) ? prepends > size
								: prepends != UINT32_MAX)
			abort();
	}
	erm_frr_route_free(route);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size > 65536)
		return 0;
	try_summary(data, size);
	try_route(data, size);
	return 0;
}
