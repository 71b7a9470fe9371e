/*
 * What the tests of all sources share: the loop, the configuration, the source, a folder, and a
 * record of what was told, with what holds of every source asserted.  One per test process.
 */
#ifndef ERM_TESTS_SOURCE_BENCH_H
#define ERM_TESTS_SOURCE_BENCH_H

#include <check.h>
#include <systemd/sd-event.h>

#include "core/config.h"
#include "core/obs.h"
#include "sources/source.h"

#define MSEC               ERM_USEC_PER_MSEC
#define SEC                ERM_USEC_PER_SEC
#define BENCH_SESSIONS_MAX 64
#define BENCH_DUMPS_MAX    4096

struct source_bench {
	sd_event *event;
	struct erm_config *config;
	struct erm_source *source;
	char dir[80],
		path[128]; /* of a test with a folder: its own, and what the router listens at */

	uint32_t index;       /* every observation's source */
	usec_t patience_usec; /* of UNTIL */
	unsigned int kinds;   /* of erm_obs_kind, a bit each: what may be told */
	/* What else holds of an observation; called after it was recorded.  NULL = nothing. */
	void (*note)(const struct erm_obs *obs);

	struct erm_obs *told; /* all */
	size_t n_told, n_alloc;
	unsigned int n_hints;
	/* the newest of each kind */
	struct erm_obs_source src;
	struct erm_obs_session session, sessions[BENCH_SESSIONS_MAX];
	struct erm_time at; /* of the newest session or neighbour */
	usec_t asked;       /* its question */
	unsigned int n_src, n_ok, n_lost, n_sessions;
	bool was_void;        /* a source's state once was */
	unsigned int reasons; /* all that were told, a bit each */
	bool is_in_dump;
	unsigned int n_begun, n_dumps; /* the second: complete */
	unsigned int n_in_dump;        /* sessions of the newest */
	usec_t dump_asked[BENCH_DUMPS_MAX], dump_at[BENCH_DUMPS_MAX];
};

extern struct source_bench bench;

/* Turns the loop until the condition holds, for as long as the bench has patience. */
#define UNTIL(condition)                                               \
	do {                                                           \
		usec_t _end = bench_monotonic() + bench.patience_usec; \
		while (!(condition))                                   \
			bench_turn(_end, #condition);                  \
	} while (0)

/* Fixture of a whole test case, unchecked: the folder of all, with what tests that failed left in it. */
void bench_open_folder(void);
void bench_close_folder(void);

/* All anew: a loop, position 0, 10 s of patience, and a folder within that of all, if there is one. */
void bench_init(unsigned int kinds, void (*note)(const struct erm_obs *obs));
void bench_done(const struct erm_source_ops *ops);
/* What a source is to be started with. */
struct erm_source_env bench_env(void);

/* One source, named edge, of these settings, and its sessions: a neighbour, or "neighbour local". */
struct erm_config *bench_make_config(const struct erm_source_config *settings,
				     const char *const *sessions, uint32_t n);
/* Moves the running source to a configuration; takes it over. */
void bench_reconfigure(const struct erm_source_ops *ops, struct erm_config *config);

usec_t bench_monotonic(void);
/* Once, and for 10 ms at most; fails, saying that this was never so, when the time has come. */
void bench_turn(usec_t end, const char *what);
/* Turns the loop for this long, to see that something does not happen. */
void bench_pass(usec_t usec);

bool bench_is_lost(enum erm_source_reason reason);
/* It is well, and has told so many complete dumps since the start. */
bool bench_has_dumps(unsigned int n);
void bench_await_ok(void);
void bench_await_lost(enum erm_source_reason reason);
/* So many further ones. */
void bench_await_dumps(unsigned int n);

#endif
