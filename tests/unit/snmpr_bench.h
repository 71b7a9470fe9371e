/*
 * What the tests of the SNMP source share: a loop, a fake ermon-snmp-get, a configuration of two
 * interfaces and three sessions on it, and what was told last.  One per test process.
 */
#ifndef ERM_TESTS_SNMPR_BENCH_H
#define ERM_TESTS_SNMPR_BENCH_H

#include "base/usec.h"
#include "core/config.h"
#include "core/obs.h"
#include "snmpr_fake.h"
#include "sources/source.h"

#define MSEC ERM_USEC_PER_MSEC
#define A    "192.0.2.1"
#define B    "192.0.2.5"
#define SIX  "2001:db8::1"

enum { S_A, S_B, S_SIX, N_SESSIONS };
enum { I_FOREIGN, I_GI0, I_GI1, N_INTERFACES };

struct snmpr_bench {
	sd_event *event;
	struct erm_config *config;
	struct erm_source *source;
	struct fake_agent fake;
	char credentials[64];

	struct erm_obs_source src;
	struct erm_obs_session sessions[N_SESSIONS];
	struct erm_obs_interface interfaces[N_INTERFACES];
	bool has_interface[N_INTERFACES];
	usec_t asked;
	unsigned int n_ok, n_dumps, n_hints, n_lost;
	bool is_in_dump, wants_no_dump, is_uninstalled;
};
extern struct snmpr_bench t;

void snmpr_set_up(void);
void snmpr_tear_down(void);
struct erm_config *snmpr_config(void);
void snmpr_write_credentials(const char *text);
void snmpr_start(void);
/* Until n further complete cycles were told. */
void snmpr_cycles(unsigned int n);
void snmpr_turn_for(usec_t usec);
/* Until the source is lost for this reason. */
void snmpr_await_lost(enum erm_source_reason reason);

/* Turns the loop until it holds; fails when it never did. */
#define UNTIL(holds)                                                                             \
	do {                                                                                     \
		usec_t until_end = erm_time_now().mono + 10 * ERM_USEC_PER_SEC;                  \
		while (!(holds)) {                                                               \
			ck_assert_msg(erm_time_now().mono < until_end, "never: %s (%s, %s)",     \
				      #holds, erm_source_reason_name(t.src.reason), t.src.text); \
			ck_assert_int_ge(sd_event_run(t.event, 100 * MSEC), 0);                  \
		}                                                                                \
	} while (0)

#endif
