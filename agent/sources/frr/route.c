#include "sources/frr/route.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/config.h"
#include "sources/frr/json.h"

struct erm_frr_route {
	json_t *root;
};

int erm_frr_route_parse(char *text, size_t len, struct erm_frr_route **ret)
{
	_cleanup_free_ struct erm_frr_route *route = calloc(1, sizeof(*route));
	int r = 0;

	if (!route)
		return -ENOMEM;
	r = erm_frr_json_load(text, len, &route->root);
	if (r < 0)
		return r;
	if (json_object_size(route->root) > 0 &&
	    !json_is_array(json_object_get(route->root, "paths"))) {
		json_decref(route->root);
		return -EBADMSG;
	}
	*ret = ERM_TAKE_PTR(route);
	return 0;
}

struct erm_frr_route *erm_frr_route_free(struct erm_frr_route *route)
{
	if (route) {
		json_decref(route->root);
		free(route);
	}
	return NULL;
}

struct run {
	uint32_t now, most;
};

static void run_add(struct run *run, bool is_microsoft)
{
	run->now = is_microsoft ? run->now + 1 : 0;
	if (run->now > run->most)
		run->most = run->now;
}

/* 12076, "12076", and "0.12076": RFC 5396 asdot+ */
static bool is_microsoft(const json_t *as)
{
	const char *text = json_string_value(as);
	double value = 0;

	if (text && strncmp(text, "0.", 2) == 0)
		return strcmp(text + 2, "12076") == 0;
	return erm_frr_json_is_number(as, &value) && value >= ERM_AS_MICROSOFT &&
	       value < ERM_AS_MICROSOFT + 1;
}

/* A set has no order: it ends a run. */
static void run_segments(struct run *run, const json_t *segments)
{
	size_t i = 0;
	json_t *segment = NULL;

	json_array_foreach(segments, i, segment)
	{
		bool is_sequence = strcmp(erm_frr_json_string(segment, "type"), "as-sequence") == 0;
		size_t k = 0;
		json_t *as = NULL;

		if (!is_sequence)
			run_add(run, false);
		json_array_foreach(json_object_get(segment, "list"), k, as)
			run_add(run, is_sequence && is_microsoft(as));
	}
}

/* "65010 12076 12076 {1,2}" */
static void run_words(struct run *run, const char *text)
{
	static const char *const names[] = { "12076", "0.12076" };

	while (*text != '\0') {
		size_t len = strcspn(text, " ");
		bool is_found = false;

		for (size_t i = 0; i < ERM_ELEMENTS(names); i++)
			is_found = is_found ||
				   (len == strlen(names[i]) && strncmp(text, names[i], len) == 0);
		if (len > 0)
			run_add(run, is_found);
		text += len;
		text += strspn(text, " ");
	}
}

static uint32_t count_prepends(const json_t *path)
{
	const json_t *as_path = json_object_get(path, "aspath");
	const json_t *segments = json_object_get(as_path, "segments");
	struct run run = { 0 };

	if (json_is_array(segments))
		run_segments(&run, segments);
	else
		run_words(&run, erm_frr_json_string(as_path, "string"));
	return run.most > 0 ? run.most - 1 : 0;
}

bool erm_frr_route_from(const struct erm_frr_route *route, const struct erm_addr *neighbor,
			uint32_t *ret_prepends)
{
	char addr[ERM_ADDR_STRLEN];
	bool is_received = false;
	uint32_t most = 0;
	size_t i = 0;
	json_t *path = NULL;

	erm_addr_format(neighbor, addr);
	json_array_foreach(json_object_get(route->root, "paths"), i, path)
	{
		const json_t *peer = json_object_get(path, "peer");
		uint32_t prepends = 0;

		/* a withdrawn one stays in the table until bgpd has told all others */
		if (strcmp(erm_frr_json_string(peer, "peerId"), addr) != 0 ||
		    erm_frr_json_flag(path, "removed"))
			continue;
		is_received = true;
		prepends = count_prepends(path);
		most = prepends > most ? prepends : most;
	}
	if (is_received)
		*ret_prepends = most;
	return is_received;
}
