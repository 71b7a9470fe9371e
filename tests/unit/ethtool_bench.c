/* The bench of ethtool_bench.h. */
#include "ethtool_bench.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "sources/ethtool.h"

static const char *const names[N_NAMES] = { "e0", "e1", "e2", "e3" };

struct bench t;

struct module_pages sfp;
struct fake_interface *e0, *e1;

static void emit(void *userdata, const struct erm_obs *obs)
{
	ck_assert_ptr_eq(userdata, &t);
	ck_assert_uint_eq(obs->source, 1);
	ck_assert_uint_gt(obs->at.mono, 0);
	if (obs->kind == ERM_OBS_SOURCE) {
		t.own = obs->src;
		t.n_source++;
		t.n_lost += obs->src.state == ERM_SOURCE_LOST;
		return;
	}
	ck_assert_int_eq(obs->kind, ERM_OBS_OPTICS);
	ck_assert_uint_gt(obs->asked, 0);
	ck_assert_uint_le(obs->asked, obs->at.mono);
	ck_assert_uint_lt(obs->optics.interface, N_NAMES);
	t.now[obs->optics.interface] = obs->optics;
	t.n_optics[obs->optics.interface]++;
}

static void hint(void *userdata, uint32_t from_source)
{
	(void)userdata;
	(void)from_source;
	ck_abort_msg("what changes here is nobody's hint");
}

usec_t bench_monotonic(void)
{
	return erm_time_now().mono;
}

void pass(usec_t usec)
{
	usec_t until = bench_monotonic() + usec;

	while (bench_monotonic() < until)
		ck_assert_int_ge(sd_event_run(t.event, until - bench_monotonic()), 0);
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
	t.config = bench_config();
	ck_assert_int_ge(sd_event_new(&t.event), 0);
}

void bench_tear_down(void)
{
	erm_source_ethtool_ops.free(t.source);
	t.config = erm_config_unref(t.config);
	t.event = sd_event_unref(t.event);
}

void start(void)
{
	struct erm_source_env env = { .emit = emit, .hint = hint, .userdata = &t };

	env.event = t.event;
	ck_assert_int_eq(erm_ethtool_start(&env, t.config, 1, &fake_ethtool_io, &t.kernel,
					   &t.source),
			 0);
	/* Nobody is told anything before it has returned. */
	ck_assert_uint_eq(t.n_source, 0);
}

void settle(void)
{
	start();
	UNTIL(t.own.state == ERM_SOURCE_OK);
}

void next_round(void)
{
	unsigned int n = t.n_source;

	UNTIL(t.n_source >= n + 2);
}
