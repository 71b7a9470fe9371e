/*
 * A test bed for the rtnl source on the real kernel: an own network namespace with tap
 * links (whose carrier a test can switch, and which tell a loss as late as a NIC does), the
 * source under an own event loop, and all it told.  Asserts with Check; one bed a process.
 */
#ifndef ERM_TESTS_RTNL_BED_H
#define ERM_TESTS_RTNL_BED_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <systemd/sd-event.h>

#include "core/config.h"
#include "core/obs.h"
#include "sources/source.h"

struct bed {
	sd_event *event;
	struct erm_config *config;
	struct erm_source *source;
	struct erm_obs *told; /* everything, in order */
	size_t n_told, n_allocated;
	struct erm_obs_interface *now; /* the last word on each interface */
	struct erm_obs_source source_now;
	unsigned int n_hints, n_turns;
};

/* A carrier switch by another thread, at a time of its own. */
struct switching {
	pthread_t thread;
	const int *taps;
	size_t n_taps;
	bool on;
	usec_t delay_usec;
	usec_t done_at; /* just before the first switch; valid after switch_join() */
};

/* NULL when this process may make namespaces and taps, else why not. */
const char *bed_is_impossible(void);

/* Enters a new namespace. */
void bed_isolate(void);

/* A tap link, up, without carrier. */
int bed_tap(const char *name);
/* n of them, named after the format "t%u"; carrier on. */
int *bed_taps(unsigned int n);
void bed_carrier(int tap, bool on);

/* Runs ip(8) with these words; 0 when it succeeded. */
int bed_ip(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The default settings of the source, for these interfaces; the caller changes them as it likes. */
struct erm_config *bed_config(unsigned int n_interfaces, const char *const *names);

/* Starts the source; takes over config. */
void bed_start(struct bed *bed, struct erm_config *config);
void bed_stop(struct bed *bed);

/* Turns the loop until done() or the time is over; done()'s last word. */
bool bed_run(struct bed *bed, usec_t limit_usec,
	     bool (*done)(const struct bed *bed, void *userdata), void *userdata);
/* Turns the loop for this long. */
void bed_pass(struct bed *bed, usec_t usec);

/* done() for bed_run(): userdata is the struct want *. */
struct want {
	uint32_t interface;
	bool is_present, has_carrier;
};
bool bed_interface_is(const struct bed *bed, void *userdata);
bool bed_is_ok(const struct bed *bed, void *userdata);

void switch_start(struct switching *sw);
void switch_join(struct switching *sw);

/* The first observation of this interface from position `from` on that says so; NULL = none. */
const struct erm_obs *bed_find(const struct bed *bed, size_t from, uint32_t interface,
			       bool has_carrier);

usec_t bed_monotonic(void);

#endif
