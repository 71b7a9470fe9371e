/* A reply of BIRD, read as each of the kinds: whatever it holds, what comes out is in range. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "sources/bird/parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_neighbor(const struct erm_bird_neighbor *n)
{
	size_t len = strnlen(n->obs.reset_text, sizeof(n->obs.reset_text));

	if (!n->obs.is_configured || (unsigned int)n->obs.bgp >= ERM_BGP_STATE_MAX ||
	    (unsigned int)n->obs.reset_cause >= ERM_CAUSE_MAX || len >= sizeof(n->obs.reset_text) ||
	    strnlen(n->name, sizeof(n->name)) >= sizeof(n->name) ||
	    n->since.msec >= 24 * 3600 * 1000)
		abort();
	for (size_t i = 0; i < len; i++) {
		if (n->obs.reset_text[i] < ' ' || n->obs.reset_text[i] > '~' ||
		    strchr("\"'`;$\\|", n->obs.reset_text[i]))
			abort();
	}
	if (erm_bird_since_differs(&n->since, &n->since))
		abort();
	(void)erm_bird_since_age(&n->since, &n->since);
}

static void check_protocols(const char *text, size_t size)
{
	struct erm_bird_protocols protocols = { 0 };
	struct erm_addr any = { 0 };

	if (erm_bird_protocols_parse(text, size, &protocols) < 0)
		return;
	for (size_t i = 0; i < protocols.n; i++) {
		const struct erm_bird_neighbor *n = &protocols.neighbors[i];

		check_neighbor(n);
		if (!erm_bird_protocols_find(&protocols, &n->address, &any))
			abort();
	}
	erm_bird_protocols_done(&protocols);
}

static void check_frame(const char *text, size_t size)
{
	struct erm_router_frame cut = { 0 }, whole = { 0 };
	size_t cut_len = 0, whole_len = 0, n = 0;
	unsigned int cut_result = 0, whole_result = 0;
	int r = 0;

	while (r == 0 && n < size)
		r = erm_bird_protocol.find(&cut, text, ++n, &cut_len, &cut_result);
	if (r == 1 && (cut_len != n ||
		       erm_bird_protocol.find(&whole, text, n, &whole_len, &whole_result) != 1 ||
		       whole_len != n || whole_result != cut_result))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct erm_bird_bfd bfd = { 0 };
	struct erm_bird_route route = { 0 };
	char *text = NULL;

	if (size > 65536)
		return 0;
	text = malloc(size ? size : 1);
	if (!text)
		abort();
	memcpy(text, data, size);
	check_frame(text, size);
	check_protocols(text, size);
	if (erm_bird_bfd_parse(text, size, &bfd) >= 0) {
		for (size_t i = 0; i < bfd.n; i++)
			if (erm_bird_bfd_find(&bfd, &bfd.sessions[i].address) == ERM_BFD_NONE)
				abort();
		erm_bird_bfd_done(&bfd);
	}
	route = erm_bird_route_parse(text, size);
	if (route.has_path && !route.is_there)
		abort();
	free(text);
	return 0;
}
