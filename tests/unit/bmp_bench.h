/*
 * What the tests of the BMP station share: a loop, a configuration, a record of all that was
 * told, and routers that connect.  All in one thread.  One per test process.
 */
#ifndef ERM_TESTS_BMP_BENCH_H
#define ERM_TESTS_BMP_BENCH_H

#include "bmp_bytes.h"
#include "core/config.h"
#include "core/obs.h"
#include "sources/source.h"

#define BMP_A        "192.0.2.1"
#define BMP_B        "2001:db8::1"
#define BMP_SESSIONS 8

struct bmp_bench {
	sd_event *event;
	char dir[80], listen[128];
	struct erm_config *config;
	struct erm_source *source;

	struct erm_obs *told;
	size_t n_told, n_alloc;
	unsigned int n_hints;

	/* the newest of each kind */
	struct erm_obs_source src;
	struct erm_obs_session sessions[BMP_SESSIONS];
	unsigned int n_src, n_sessions;
};

extern struct bmp_bench bench;
extern const struct bmp_peer bmp_peer_a, bmp_peer_b;

/* Fixture of the whole test case, unchecked. */
void bmp_bench_open(void);
void bmp_bench_close(void);
/* Fixture: a folder of its own, a loop, and the configuration of two sessions, BMP_A and BMP_B. */
void bmp_bench_setup(void);
void bmp_bench_teardown(void);

/* One BMP source, listening on bench.listen, and these sessions: a neighbour, or "neighbour local". */
struct erm_config *bmp_bench_config(const char *const *sessions, uint32_t n);
/* Moves the running source to a configuration; takes it over. */
void bmp_bench_reconfigure(struct erm_config *config);
void bmp_bench_start(void);

/* A router connects: its fd, non-blocking. */
int bmp_bench_connect(void);
/* Turns the loop while the pipe is full; false when the station has closed it. */
bool bmp_bench_try_send(int fd, const void *data, size_t len);
/* Sends all that is in b, and empties it. */
void bmp_bench_send(int fd, struct bmp_bytes *b);
/* Connects and says its Initiation. */
int bmp_bench_router(const char *name);
/* Until the station has closed it; closes it here too. */
void bmp_bench_await_closed(int fd);

/* Turns the loop until the condition holds; false when it never did in 10 s. */
bool bmp_bench_turn_until(bool (*holds)(void));
/* Turns the loop for a while, to see that something does not happen. */
void bmp_bench_turn_for(usec_t usec);
/* Until n sessions in all were told since the start.  Aborts the test when they were not. */
void bmp_bench_await_sessions(unsigned int n);
void bmp_bench_await_ok(void);
void bmp_bench_await_reason(enum erm_source_reason reason);

#endif
