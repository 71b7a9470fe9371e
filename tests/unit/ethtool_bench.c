/* The bench of ethtool_bench.h. */
#include "ethtool_bench.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "sources/ethtool/ethtool.h"

static const char *const names[N_NAMES] = { "e0", "e1", "e2", "e3" };

struct ethtool_bench t;

struct module_pages sfp;
struct fake_interface *e0, *e1;

static void note(const struct erm_obs *obs)
{
	if (obs->kind != ERM_OBS_OPTICS)
		return;
	ck_assert_uint_gt(obs->asked, 0);
	ck_assert_uint_lt(obs->optics.interface, N_NAMES);
	t.now[obs->optics.interface] = obs->optics;
	t.n_optics[obs->optics.interface]++;
}

static char *copy(const char *text)
{
	char *s = strdup(text);

	ck_assert_ptr_nonnull(s);
	return s;
}

struct erm_config *bench_config(void)
{
	struct erm_config *config = erm_config_new();

	ck_assert_ptr_nonnull(config);
	config->sources = calloc(3, sizeof(*config->sources));
	config->interfaces = calloc(N_NAMES, sizeof(*config->interfaces));
	config->ports = calloc(3, sizeof(*config->ports));
	ck_assert(config->sources && config->interfaces && config->ports);
	config->n_sources = 3;
	config->sources[0] =
		(struct erm_source_config){ .name = copy("kernel"), .type = ERM_SOURCE_TYPE_RTNL };
	config->sources[1] = (struct erm_source_config){ .name = copy("optics"),
							 .type = ERM_SOURCE_TYPE_ETHTOOL,
							 .poll_usec = 50 * MSEC,
							 .timeout_usec = 100 * MSEC };
	config->sources[2] =
		(struct erm_source_config){ .name = copy("remote"), .type = ERM_SOURCE_TYPE_SNMP };
	for (uint32_t i = 0; i < N_NAMES; i++)
		config->interfaces[i].name = copy(names[i]);
	config->n_interfaces = N_NAMES;
	config->interfaces[3].source = 2;
	config->n_ports = 3;
	config->ports[0] = (struct erm_port_config){ .name = copy("p0"), .interface = 0 };
	config->ports[1] = (struct erm_port_config){ .name = copy("p1"), .interface = 1 };
	config->ports[2] = (struct erm_port_config){ .name = copy("p3"), .interface = 3 };
	return config;
}

void bench_set_up(void)
{
	memset(&t, 0, sizeof(t));
	erm_log_silence();
	fake_ethtool_init(&t.kernel);
	pages_make_sfp(&sfp);
	e0 = fake_ethtool_add(&t.kernel, "e0", 2);
	e0->module = &sfp;
	e1 = fake_ethtool_add(&t.kernel, "e1", 3);
	e1->speed = 40000;
	bench_init(1U << ERM_OBS_SOURCE | 1U << ERM_OBS_OPTICS, note);
	bench.index = 1;
	bench.config = bench_config();
}

void bench_tear_down(void)
{
	bench_done(&erm_source_ethtool_ops);
	ck_assert_uint_eq(bench.n_hints, 0); /* what changes here is nobody's hint */
}

void start(void)
{
	const struct erm_source_env env = bench_env();
	ck_assert_int_eq(erm_ethtool_start(&env, bench.config, 1, &fake_ethtool_io, &t.kernel,
					   &bench.source),
			 0);
	/* Nobody is told anything before it has returned. */
	ck_assert_uint_eq(bench.n_src, 0);
}

void settle(void)
{
	start();
	UNTIL(bench.src.state == ERM_SOURCE_OK);
}

void next_round(void)
{
	unsigned int n = bench.n_src;

	UNTIL(bench.n_src >= n + 2);
}
