/*
 * What the tests of the BMP station share: the bench of source_bench.h, and routers that
 * connect.  All in one thread.
 */
#ifndef ERM_TESTS_BMP_BENCH_H
#define ERM_TESTS_BMP_BENCH_H

#include "bmp_bytes.h"
#include "source_bench.h"

#define BMP_A "192.0.2.1"
#define BMP_B "2001:db8::1"

extern const struct bmp_peer bmp_peer_a, bmp_peer_b;

/* Fixture, in a folder: the configuration of two sessions, BMP_A and BMP_B. */
void bmp_bench_setup(void);
void bmp_bench_teardown(void);

/* One BMP source, listening on bench.path, and these sessions: a neighbour, or "neighbour local". */
struct erm_config *bmp_bench_config(const char *const *sessions, uint32_t n);
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

/* Until n sessions in all were told since the start.  Aborts the test when they were not. */
void bmp_bench_await_sessions(unsigned int n);

#endif
