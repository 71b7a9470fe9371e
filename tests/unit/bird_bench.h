/*
 * What the tests of the BIRD source share: the bench of source_bench.h, and a fake BIRD that
 * answers well or badly.
 */
#ifndef ERM_TESTS_BIRD_BENCH_H
#define ERM_TESTS_BIRD_BENCH_H

#include "source_bench.h"

#define BIRD_CONNECTIONS_MAX 64

enum bird_mood {
	BIRD_ANSWERS,
	BIRD_HANGS, /* accepts, reads, says nothing */
	BIRD_HALF_AND_END,
	BIRD_FLOODS,
	BIRD_GARBAGE,
	BIRD_REFUSES,
	BIRD_NO_RESTRICT,
	BIRD_NO_WELCOME, /* says something else */
	BIRD_SILENT,     /* accepts, and does not even say that */
	BIRD_NO_ROWS,
	BIRD_BFD_HANGS, /* runs BFD, and hangs when asked for it */
	BIRD_BFD_REFUSES,
};

enum bird_echo_mood {
	BIRD_ECHOES,
	BIRD_ECHO_UNKNOWN, /* does not know the command */
	BIRD_ECHO_ENDS,    /* closes when asked for it */
	BIRD_ECHO_SILENT,
};

struct fake_bird {
	/* what BIRD says; to be changed at any time */
	enum bird_mood mood;
	enum bird_echo_mood echo_mood;
	const char *state, *since, *started; /* of the session; of BIRD itself */
	/* what it saw */
	unsigned int n_accepted, n_shows, n_bfds, n_echoes, n_unrestricted;
	/* its own */
	int backlog, listen_fd, echo_fd, asker_fd;
	sd_event_source *listener, *peers[BIRD_CONNECTIONS_MAX];
	unsigned int n_peers;
};

extern struct fake_bird bird;

/* Fixture, in a folder: the configuration of one session, 192.0.2.1. */
void bird_setup(void);
void bird_teardown(void);

struct erm_config *bird_config(const char *socket, const char *const *neighbors, uint32_t n);

void bird_up(void);
/* leaves_file: as after a kill. */
void bird_down(bool leaves_file);
/* Answers "show protocols all", also one that BIRD_HANGS has kept. */
void bird_answer(void);
/* A line of BIRD's log to those who asked for its echo. */
void bird_echo(const char *text);

/* Starts the source under test. */
void bird_start(void);
/* BIRD answers: two further dumps tell one session that is up. */
void bird_check_recovers(void);

#endif
