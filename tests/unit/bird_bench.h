/*
 * What the tests of the BIRD source share: a loop, a configuration, a fake BIRD that answers well
 * or badly, and a record of what was told.  One per test process.
 */
#ifndef ERM_TESTS_BIRD_BENCH_H
#define ERM_TESTS_BIRD_BENCH_H

#include <check.h>
#include <stdbool.h>
#include <systemd/sd-event.h>

#include "core/config.h"
#include "core/obs.h"
#include "sources/source.h"

#define BIRD_CONNECTIONS_MAX 64
#define BIRD_DUMPS_MAX       512

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

struct bird_bench {
	sd_event *event;
	struct erm_config *config;
	struct erm_source *source;
	char dir[64], path[96];

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

	/* what was told: the newest of each */
	struct erm_obs_source src;
	struct erm_obs_session session;
	unsigned int n_sessions, n_dumps, n_in_dump, n_hints;
	usec_t asked, at;
	usec_t dumps_asked[BIRD_DUMPS_MAX];
	bool was_void;
	unsigned int reasons; /* all that were told, a bit each */
};

extern struct bird_bench bird;

/* Fixture of the whole test case, unchecked: the folder of all, and what tests that failed left in it. */
void bird_open(void);
void bird_close(void);
/* Fixture: a folder of its own, a loop, the configuration of one session, 192.0.2.1. */
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
/* Turns the loop until the condition holds; false when it never did in 10 s. */
bool bird_turn_until(bool (*holds)(unsigned int), unsigned int wanted);
/* Turns the loop for a while, to see that something does not happen. */
void bird_turn_for(usec_t usec);

bool bird_is_lost(unsigned int reason);
bool bird_has_dumps(unsigned int n);
void bird_await_lost(enum erm_source_reason reason);
/* BIRD answers: two further dumps tell one session that is up. */
void bird_check_recovers(void);

#endif
