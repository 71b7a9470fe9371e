/*
 * A fake bgpd: listens on a vty socket and answers as told, well or badly.  Lives in
 * the loop of the test, so that nothing depends on the scheduler.
 */
#ifndef ERM_TESTS_FRR_FAKE_H
#define ERM_TESTS_FRR_FAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <systemd/sd-event.h>

#define FAKE_NEIGHBORS_MAX 64
#define FAKE_ROUTES_MAX    8

enum fake_mood {
	FAKE_ANSWERS,
	FAKE_HANGS,        /* accepts, reads, says nothing */
	FAKE_HALF,         /* half of the reply, and then nothing */
	FAKE_HALF_AND_END, /* half of the reply, and closes */
	FAKE_ENDS,         /* closes when asked */
	FAKE_FLOODS,       /* 64 MB of text */
	FAKE_FLOODS_ALL,   /* 64 MB when asked for all, well when asked for one */
};

struct fake_neighbor {
	char addr[64], state[32], members[256]; /* members: further JSON, "" or starting with ',' */
	unsigned int received, established, dropped; /* told when not 0 */
};

struct fake_route {
	const char *prefix, *paths; /* paths: the JSON of them, without brackets */
};

struct fake_bgpd {
	/* what it says; to be changed at any time */
	enum fake_mood mood;
	struct fake_neighbor neighbors[FAKE_NEIGHBORS_MAX];
	unsigned int n_neighbors;
	unsigned int n_strangers; /* further neighbours, when asked for all; none is Established */
	struct fake_route routes[FAKE_ROUTES_MAX];
	unsigned int n_routes;
	bool has_no_established, has_no_summary, has_no_routes; /* does not know the command */
	const char *text;                                       /* not NULL: says this instead */
	uint8_t result;
	/* what it saw */
	unsigned int n_accepted, n_requests, n_connections, n_forbidden;
	unsigned int n_summaries, n_lists, n_ones, n_routes_asked; /* of n_requests */
	char last_request[256];
	/* its own */
	sd_event *event;
	char path[128];
	int listen_fd, fd;
	sd_event_source *listen_source, *source;
	char *out;
	size_t out_len, out_sent;
	bool ends_after;
};

/* Binds and listens.  Aborts the test when it cannot. */
void fake_bgpd_start(struct fake_bgpd *fake, sd_event *event, const char *path);
/* Closes everything; the socket file stays when `leaves_file`, as after a kill. */
void fake_bgpd_stop(struct fake_bgpd *fake, bool leaves_file);

void fake_bgpd_add(struct fake_bgpd *fake, const char *addr, const char *state,
		   const char *members);
void fake_bgpd_set(struct fake_bgpd *fake, const char *addr, const char *state,
		   const char *members);
void fake_bgpd_remove_last(struct fake_bgpd *fake);

struct fake_neighbor *fake_bgpd_find(struct fake_bgpd *fake, const char *addr);
/* Further paths of the prefix; it is in the table then.  The strings must stay. */
void fake_bgpd_add_route(struct fake_bgpd *fake, const char *prefix, const char *paths);

/* Answers a request that FAKE_HANGS has kept. */
void fake_bgpd_answer(struct fake_bgpd *fake);

#endif
