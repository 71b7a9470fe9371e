/* The bench of rtnl_bench.h. */
#include "rtnl_bench.h"

#include <check.h>
#include <linux/if.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "sources/rtnl.h"

static const char *const names[] = { "e0", "e1", NULL };

struct bench t;

static void emit(void *userdata, const struct erm_obs *obs)
{
	ck_assert_ptr_eq(userdata, &t);
	ck_assert_uint_eq(obs->source, t.index);
	ck_assert_uint_gt(obs->at.mono, 0);
	switch (obs->kind) {
	case ERM_OBS_SOURCE:
		t.own = obs->src;
		t.n_source++;
		t.n_lost += obs->src.state == ERM_SOURCE_LOST;
		break;
	case ERM_OBS_DUMP_BEGIN:
		ck_assert(!t.is_in_dump);
		t.is_in_dump = true;
		t.n_begin++;
		break;
	case ERM_OBS_DUMP_END:
		ck_assert(t.is_in_dump);
		t.is_in_dump = false;
		t.n_end++;
		break;
	case ERM_OBS_INTERFACE:
		ck_assert_uint_lt(obs->iface.interface, ERM_ELEMENTS(t.now));
		t.now[obs->iface.interface] = obs->iface;
		t.n_interface++;
		t.n_new += obs->iface.is_new;
		break;
	case ERM_OBS_NEIGHBOR:
	case ERM_OBS_OPTICS:
	case ERM_OBS_SESSION:
		ck_abort();
	}
}

static void hint(void *userdata, uint32_t from_source)
{
	ck_assert_ptr_eq(userdata, &t);
	ck_assert_uint_eq(from_source, t.index);
	t.n_hints++;
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

void start(void)
{
	struct erm_source_env env = { .emit = emit, .hint = hint, .userdata = &t };

	env.event = t.event;
	ck_assert_int_eq(erm_rtnl_start(&env, t.config, 0, &fake_kernel_ops, &t.kernel, &t.source),
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
	t.config = fake_config(names);
	ck_assert_int_ge(sd_event_new(&t.event), 0);
	add_link("lo", 1);
	add_link("e0", 2);
	add_link("e1", 3);
}

void bench_tear_down(void)
{
	erm_source_rtnl_ops.free(t.source);
	t.config = erm_config_unref(t.config);
	t.event = sd_event_unref(t.event);
	fake_kernel_done(&t.kernel);
}

void start_and_settle(void)
{
	start();
	UNTIL(t.own.state == ERM_SOURCE_OK);
}

struct fake_link *lose_carrier(const char *name)
{
	struct fake_link *link = fake_kernel_find(&t.kernel, name);

	link->flags = FAKE_NO_LINK;
	link->down_count++;
	return link;
}
