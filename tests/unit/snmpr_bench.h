/*
 * What the tests of the SNMP source share: the bench of source_bench.h, a fake ermon-snmp-get,
 * and a configuration of two interfaces and three sessions on it.
 */
#ifndef ERM_TESTS_SNMPR_BENCH_H
#define ERM_TESTS_SNMPR_BENCH_H

#include "snmpr_fake.h"
#include "source_bench.h"

#define A   "192.0.2.1"
#define B   "192.0.2.5"
#define SIX "2001:db8::1"

enum { S_A, S_B, S_SIX, N_SESSIONS };
enum { I_FOREIGN, I_GI0, I_GI1, N_INTERFACES };

struct snmpr_bench {
	struct fake_agent fake;
	char credentials[64];
	struct erm_obs_interface interfaces[N_INTERFACES];
	bool has_interface[N_INTERFACES];
	bool wants_no_dump, is_uninstalled;
};
extern struct snmpr_bench t;

void snmpr_set_up(void);
void snmpr_tear_down(void);
struct erm_config *snmpr_config(void);
void snmpr_write_credentials(const char *text);
void snmpr_start(void);
/* Until n further complete cycles were told. */
void snmpr_cycles(unsigned int n);
/* Until the source is lost for this reason. */
void snmpr_await_lost(enum erm_source_reason reason);

#endif
