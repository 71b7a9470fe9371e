/* The bench of rtnl_bench.h. */
#include "rtnl_bench.h"

#include <linux/if.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "sources/rtnl/rtnl.h"

static const char *const names[] = { "e0", "e1", NULL };

struct rtnl_bench t;

static void note(const struct erm_obs *obs)
{
	if (obs->kind != ERM_OBS_INTERFACE)
		return;
	ck_assert_uint_lt(obs->iface.interface, ERM_ELEMENTS(t.now));
	t.now[obs->iface.interface] = obs->iface;
	t.n_interface++;
	t.n_new += obs->iface.is_new;
}

void start(void)
{
	const struct erm_source_env env = bench_env();
	ck_assert_int_eq(erm_rtnl_start(&env, bench.config, 0, &fake_kernel_ops, &t.kernel,
					&bench.source),
			 0);
}

static struct fake_link link_named(const char *name, uint32_t ifindex)
{
	return (struct fake_link){
		.ifindex = ifindex,
		.flags = FAKE_UP,
		.name = name,
		.mtu = 1500,
		.operstate = ERM_RTNL_OPER_UP,
		.has_counts = true,
	};
}

void add_link(const char *name, uint32_t ifindex)
{
	struct fake_link link = link_named(name, ifindex);

	fake_kernel_add(&t.kernel, &link);
}

void bench_set_up(void)
{
	memset(&t, 0, sizeof(t));
	erm_log_silence();
	fake_kernel_init(&t.kernel);
	bench_init(1U << ERM_OBS_SOURCE | 1U << ERM_OBS_DUMP_BEGIN | 1U << ERM_OBS_DUMP_END |
			   1U << ERM_OBS_INTERFACE,
		   note);
	bench.patience_usec = 3 * SEC;
	bench.config = fake_config(names);
	add_link("lo", 1);
	add_link("e0", 2);
	add_link("e1", 3);
}

void bench_tear_down(void)
{
	bench_done(&erm_source_rtnl_ops);
	fake_kernel_done(&t.kernel);
}

void start_and_settle(void)
{
	start();
	UNTIL(bench.src.state == ERM_SOURCE_OK);
}

struct fake_link *lose_carrier(const char *name)
{
	struct fake_link *link = fake_kernel_find(&t.kernel, name);

	link->flags = FAKE_NO_LINK;
	link->down_count++;
	return link;
}
