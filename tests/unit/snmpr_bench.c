#include "snmpr_bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"

struct snmpr_bench t;

static void note(const struct erm_obs *obs)
{
	if (obs->kind == ERM_OBS_DUMP_BEGIN) {
		ck_assert(!t.wants_no_dump);
	} else if (obs->kind == ERM_OBS_SESSION) {
		ck_assert_uint_lt(obs->session.session, N_SESSIONS);
		ck_assert(obs->asked > 0 || obs->session.is_withdrawn);
	} else if (obs->kind == ERM_OBS_INTERFACE) {
		ck_assert_uint_lt(obs->iface.interface, N_INTERFACES);
		t.interfaces[obs->iface.interface] = obs->iface;
		t.has_interface[obs->iface.interface] = true;
	}
}

void snmpr_write_credentials(const char *text)
{
	FILE *f = fopen(t.credentials, "we");

	ck_assert_ptr_nonnull(f);
	ck_assert_int_ge(fputs(text, f), 0);
	ck_assert_int_eq(fclose(f), 0);
	ck_assert_int_eq(chmod(t.credentials, 0600), 0);
}

struct erm_config *snmpr_config(void)
{
	static const char *const neighbors[N_SESSIONS] = { A, B, SIX };
	static const char *const names[N_INTERFACES] = { "eth9", "Gi0/0", "Gi0/1" };
	struct erm_config *config = erm_config_new();

	ck_assert_ptr_nonnull(config);
	config->n_sources = 2;
	config->sources = calloc(2, sizeof(*config->sources));
	config->sources[0].name = strdup("kernel");
	config->sources[1] = (struct erm_source_config){
		.name = strdup("ce1"),
		.type = ERM_SOURCE_TYPE_SNMP,
		.address = strdup(t.fake.address),
		.credentials = strdup(t.credentials),
		.poll_usec = 20 * MSEC,
		.resync_usec = 100 * MSEC,
		.timeout_usec = 100 * MSEC,
		.stale_after_usec = ERM_USEC_PER_SEC,
	};
	config->sessions = calloc(N_SESSIONS, sizeof(*config->sessions));
	config->n_sessions = N_SESSIONS;
	for (uint32_t i = 0; i < N_SESSIONS; i++) {
		ck_assert_int_eq(erm_addr_parse(neighbors[i], &config->sessions[i].neighbor), 0);
		ck_assert_int_eq(erm_session_add_source(config, i, 1), 0);
	}
	config->interfaces = calloc(N_INTERFACES, sizeof(*config->interfaces));
	config->n_interfaces = N_INTERFACES;
	for (uint32_t i = 0; i < N_INTERFACES; i++) {
		config->interfaces[i].name = strdup(names[i]);
		config->interfaces[i].source = i != I_FOREIGN;
	}
	return config;
}

void snmpr_set_up(void)
{
	int fd;

	memset(&t, 0, sizeof(t));
	erm_log_silence();
	(void)snprintf(t.credentials, sizeof(t.credentials), "/tmp/ermon-snmp-XXXXXX");
	fd = mkstemp(t.credentials);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(close(fd), 0);
	snmpr_write_credentials("community = public\n");
	bench_init(1U << ERM_OBS_SOURCE | 1U << ERM_OBS_DUMP_BEGIN | 1U << ERM_OBS_DUMP_END |
			   1U << ERM_OBS_SESSION | 1U << ERM_OBS_INTERFACE,
		   note);
	bench.index = 1;
	fake_agent_start(&t.fake, t.credentials);
	fake_agent_uptime(&t.fake, 100000);
	fake_agent_peer(&t.fake, A, 6, 3);
	fake_agent_peer(&t.fake, B, 6, 8);
	fake_agent_interface(&t.fake, 4, "eth9", 1, 0);
	fake_agent_interface(&t.fake, 17, "Gi0/0", 1, 500);
	fake_agent_interface(&t.fake, 18, "Gi0/1", 1, 600);
	bench.config = snmpr_config();
}

void snmpr_tear_down(void)
{
	bench_done(&erm_source_snmp_ops);
	fake_agent_stop(&t.fake);
	(void)unlink(t.credentials);
}

void snmpr_start(void)
{
	char program[512] = "";
	char folder[544];
	struct erm_source_env env = bench_env();

	ck_assert_int_gt(readlink("/proc/self/exe", program, sizeof(program) - 1), 0);
	*strrchr(program, '/') = '\0';
	(void)snprintf(folder, sizeof(folder), "%s/%s", program,
		       t.is_uninstalled ? "nowhere" : "snmpr_helpers");
	env.helper_dir = folder;
	fake_agent_write(&t.fake);
	ck_assert_int_eq(erm_source_snmp_ops.start(&env, bench.config, 1, &bench.source), 0);
}

void snmpr_cycles(unsigned int n)
{
	unsigned int wanted = bench.n_ok + n;

	UNTIL(bench.n_ok >= wanted);
}

void snmpr_await_lost(enum erm_source_reason reason)
{
	bench_await_lost(reason);
	ck_assert(!bench.src.is_void); /* an agent's end is not the router's */
}
