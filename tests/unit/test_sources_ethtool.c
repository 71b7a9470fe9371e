/* The ethtool source on a kernel of paper: what it tells, and how it bears each failure. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "check_main.h"
#include "ethtool_fake.h"
#include "sources/ethtool.h"

#define MSEC ERM_USEC_PER_MSEC
#define SEC  ERM_USEC_PER_SEC

/* e0 and e1 have ports, e2 none, e3 is another router's. */
static const char *const names[] = { "e0", "e1", "e2", "e3" };

static struct {
	sd_event *event;
	struct erm_config *config;
	struct erm_source *source;
	struct fake_ethtool kernel;
	struct erm_obs_source own;
	struct erm_obs_optics now[ERM_ELEMENTS(names)];
	unsigned int n_optics[ERM_ELEMENTS(names)];
	unsigned int n_source, n_lost;
} t;

static struct module_pages sfp;
static struct fake_interface *e0, *e1;

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
	ck_assert_uint_lt(obs->optics.interface, ERM_ELEMENTS(names));
	t.now[obs->optics.interface] = obs->optics;
	t.n_optics[obs->optics.interface]++;
}

static void hint(void *userdata, uint32_t from_source)
{
	(void)userdata;
	(void)from_source;
	ck_abort_msg("what changes here is nobody's hint");
}

static usec_t monotonic(void)
{
	return erm_time_now().mono;
}

/* Turns the loop until the condition holds, for 10 s at most. */
#define UNTIL(condition)                                                           \
	do {                                                                       \
		usec_t _until = monotonic() + 10 * SEC;                            \
		while (!(condition)) {                                             \
			ck_assert_msg(monotonic() < _until, "never: " #condition); \
			ck_assert_int_ge(sd_event_run(t.event, 10 * MSEC), 0);     \
		}                                                                  \
	} while (0)

static void pass(usec_t usec)
{
	usec_t until = monotonic() + usec;

	while (monotonic() < until)
		ck_assert_int_ge(sd_event_run(t.event, until - monotonic()), 0);
}

static char *copy(const char *text)
{
	char *s = strdup(text);

	ck_assert_ptr_nonnull(s);
	return s;
}

static struct erm_config *make_config(void)
{
	struct erm_config *config = erm_config_new();

	ck_assert_ptr_nonnull(config);
	config->sources = calloc(3, sizeof(*config->sources));
	config->interfaces = calloc(ERM_ELEMENTS(names), sizeof(*config->interfaces));
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
	for (uint32_t i = 0; i < ERM_ELEMENTS(names); i++)
		config->interfaces[i].name = copy(names[i]);
	config->n_interfaces = ERM_ELEMENTS(names);
	config->interfaces[3].source = 2;
	config->n_ports = 3;
	config->ports[0] = (struct erm_port_config){ .name = copy("p0"), .interface = 0 };
	config->ports[1] = (struct erm_port_config){ .name = copy("p1"), .interface = 1 };
	config->ports[2] = (struct erm_port_config){ .name = copy("p3"), .interface = 3 };
	return config;
}

static void set_up(void)
{
	memset(&t, 0, sizeof(t));
	erm_log_silence();
	fake_ethtool_init(&t.kernel);
	pages_make_sfp(&sfp);
	e0 = fake_ethtool_add(&t.kernel, "e0", 2);
	e0->module = &sfp;
	e1 = fake_ethtool_add(&t.kernel, "e1", 3);
	e1->speed = 40000;
	t.config = make_config();
	ck_assert_int_ge(sd_event_new(&t.event), 0);
}

static void tear_down(void)
{
	erm_source_ethtool_ops.free(t.source);
	t.config = erm_config_unref(t.config);
	t.event = sd_event_unref(t.event);
}

static void start(void)
{
	struct erm_source_env env = { .emit = emit, .hint = hint, .userdata = &t };

	env.event = t.event;
	ck_assert_int_eq(erm_ethtool_start(&env, t.config, 1, &fake_ethtool_io, &t.kernel,
					   &t.source),
			 0);
	/* Nobody is told anything before it has returned. */
	ck_assert_uint_eq(t.n_source, 0);
}

static void settle(void)
{
	start();
	UNTIL(t.own.state == ERM_SOURCE_OK);
}

#define CHANGE(statement)                       \
	do {                                    \
		fake_ethtool_lock(&t.kernel);   \
		statement;                      \
		fake_ethtool_unlock(&t.kernel); \
	} while (0)

/* A whole round that began after now. */
static void next_round(void)
{
	unsigned int n = t.n_source;

	UNTIL(t.n_source >= n + 2);
}

START_TEST(test_light_speed_and_state)
{
	e1->ext_state = 4; /* ETHTOOL_LINK_EXT_STATE_NO_CABLE */
	start();
	UNTIL(t.n_source > 0);
	ck_assert_int_eq(t.own.state, ERM_SOURCE_STARTING);
	UNTIL(t.own.state == ERM_SOURCE_OK);
	ck_assert_int_eq(t.own.reason, ERM_REASON_NONE);
	ck_assert_str_eq(t.own.text, "");
	ck_assert(t.now[0].is_known && t.now[0].has_light);
	ck_assert_uint_eq(t.now[0].n_lanes, 1);
	ck_assert_int_eq(t.now[0].lanes[0].rx_cdbm, -300);
	ck_assert_int_eq(t.now[0].rx.low_warning, -1200);
	ck_assert_str_eq(t.now[0].module_text, "ACME OPTICS LR-10");
	ck_assert_uint_eq(t.now[0].speed_mbps, 10000);
	ck_assert_str_eq(t.now[0].link_text, "");
	ck_assert(t.now[1].is_known && !t.now[1].has_light);
	ck_assert_uint_eq(t.now[1].speed_mbps, 40000);
	ck_assert_str_eq(t.now[1].link_text, "no cable");
	ck_assert_uint_eq(t.own.counters.errors, 0);
	ck_assert_uint_ge(t.own.counters.requests, 8);
}
END_TEST

START_TEST(test_only_ports_of_this_host)
{
	settle();
	ck_assert_uint_ge(t.n_optics[0], 1);
	ck_assert_uint_ge(t.n_optics[1], 1);
	ck_assert_uint_eq(t.n_optics[2], 0);
	ck_assert_uint_eq(t.n_optics[3], 0);
}
END_TEST

START_TEST(test_light_changes)
{
	static struct module_pages dim;

	settle();
	pages_make_sfp(&dim);
	pages_put16(dim.monitor, 104, 0);
	CHANGE(e0->module = &dim);
	UNTIL(t.now[0].lanes[0].rx_cdbm == ERM_DARK_CDBM);
}
END_TEST

START_TEST(test_no_port_at_all)
{
	for (uint32_t i = 0; i < t.config->n_ports; i++)
		t.config->ports[i].interface = 3;
	settle();
	next_round();
	ck_assert_uint_eq(t.n_optics[0] + t.n_optics[3], 0);
}
END_TEST

START_TEST(test_unsupported_is_not_asked_again)
{
	settle();
	for (int i = 0; i < 5; i++)
		next_round();
	CHANGE(ck_assert_uint_eq(e1->n_module, 1));
	CHANGE(ck_assert_uint_ge(e0->n_module, 10));
	/* Until it is another interface of the same name. */
	CHANGE(e1->ifindex = 30; e1->module = &sfp);
	UNTIL(t.now[1].has_light);
	ck_assert_uint_eq(t.own.counters.errors, 0);
}
END_TEST

START_TEST(test_no_permission)
{
	e0->module_error = -EPERM;
	settle();
	ck_assert(!t.now[0].is_known);
	ck_assert_uint_eq(t.now[0].speed_mbps, 10000);
	ck_assert_str_eq(t.own.text, "module EEPROM: no permission, see ermond.conf(5)");
	CHANGE(e0->module_error = 0);
	UNTIL(t.now[0].has_light);
	UNTIL(t.own.text[0] == '\0');
	ck_assert_uint_eq(t.n_lost, 0);
}
END_TEST

START_TEST(test_bus_errors)
{
	static const int errors[] = { -EIO, -ETIMEDOUT, -EREMOTEIO, -EBUSY };

	settle();
	for (size_t i = 0; i < ERM_ELEMENTS(errors); i++) {
		uint64_t before = t.own.counters.errors;

		CHANGE(e0->module_error = errors[i]);
		UNTIL(!t.now[0].is_known);
		ck_assert_uint_eq(t.now[0].speed_mbps, 10000);
		UNTIL(t.own.counters.errors > before);
		CHANGE(e0->module_error = 0);
		UNTIL(t.now[0].is_known && t.now[0].has_light);
	}
	ck_assert_uint_eq(t.n_lost, 0);
	ck_assert_int_eq(t.own.state, ERM_SOURCE_OK);
}
END_TEST

START_TEST(test_module_pulled_out)
{
	settle();
	CHANGE(e0->module_error = -ENODEV);
	UNTIL(!t.now[0].has_light);
	ck_assert(t.now[0].is_known);
	CHANGE(e0->module_error = 0);
	UNTIL(t.now[0].has_light);
}
END_TEST

START_TEST(test_interface_is_missing_and_comes)
{
	CHANGE(strcpy(e1->name, "gone"));
	settle();
	ck_assert(t.now[1].is_known && !t.now[1].has_light);
	ck_assert_uint_eq(t.now[1].speed_mbps, 0);
	ck_assert_uint_eq(t.own.counters.errors, 0);
	CHANGE(strcpy(e1->name, "e1"));
	UNTIL(t.now[1].speed_mbps == 40000);
}
END_TEST

START_TEST(test_driver_refuses_state_or_speed)
{
	e0->state_error = -EIO;
	e1->speed_error = -EOPNOTSUPP;
	settle();
	ck_assert(t.now[0].has_light);
	ck_assert_uint_eq(t.now[0].speed_mbps, 10000);
	ck_assert(t.now[1].is_known);
	ck_assert_uint_eq(t.now[1].speed_mbps, 0);
}
END_TEST

START_TEST(test_short_page)
{
	e0->short_by = 1;
	settle();
	ck_assert(!t.now[0].is_known);
	ck_assert_uint_ge(t.own.counters.errors, 1);
	CHANGE(e0->short_by = 128);
	next_round();
	ck_assert(!t.now[0].is_known);
}
END_TEST

START_TEST(test_old_kernel_without_ethtool)
{
	t.kernel.family_error = -ENOENT;
	start();
	UNTIL(t.own.state == ERM_SOURCE_LOST);
	ck_assert_int_eq(t.own.reason, ERM_REASON_UNSUPPORTED);
	ck_assert_str_eq(t.own.text, "the kernel has no ethtool netlink");
	ck_assert_uint_eq(t.n_optics[0], 0);
	CHANGE(t.kernel.family_error = 0);
	UNTIL(t.own.state == ERM_SOURCE_OK);
	ck_assert(t.now[0].has_light);
}
END_TEST

START_TEST(test_old_kernel_without_modules)
{
	t.kernel.is_old = true;
	settle();
	ck_assert(t.now[0].is_known && !t.now[0].has_light);
	ck_assert_uint_eq(t.now[0].speed_mbps, 10000);
	CHANGE(ck_assert_uint_eq(e0->n_module, 0));
}
END_TEST

START_TEST(test_no_socket)
{
	t.kernel.open_error = -EMFILE;
	start();
	UNTIL(t.own.state == ERM_SOURCE_LOST);
	ck_assert_int_eq(t.own.reason, ERM_REASON_SYSTEM);
	CHANGE(t.kernel.open_error = 0);
	UNTIL(t.own.state == ERM_SOURCE_OK);
}
END_TEST

START_TEST(test_cannot_send)
{
	settle();
	CHANGE(t.kernel.send_error = -ENOBUFS);
	UNTIL(t.own.state == ERM_SOURCE_LOST);
	ck_assert_int_eq(t.own.reason, ERM_REASON_SYSTEM);
	CHANGE(t.kernel.send_error = 0);
	UNTIL(t.own.state == ERM_SOURCE_OK);
	/* It began anew with a socket of its own. */
	CHANGE(ck_assert_uint_ge(t.kernel.n_open, 2));
	CHANGE(ck_assert_uint_ge(t.kernel.n_close, 1));
}
END_TEST

START_TEST(test_answer_too_large)
{
	settle();
	CHANGE(t.kernel.recv_error = -EMSGSIZE);
	UNTIL(t.own.state == ERM_SOURCE_LOST);
	ck_assert_int_eq(t.own.reason, ERM_REASON_TOO_LARGE);
	ck_assert_uint_ge(t.own.counters.limits_hit, 1);
}
END_TEST

START_TEST(test_nonsense)
{
	settle();
	CHANGE(t.kernel.is_babbling = true);
	UNTIL(t.own.state == ERM_SOURCE_LOST);
	ck_assert_int_eq(t.own.reason, ERM_REASON_PROTOCOL);
	CHANGE(t.kernel.is_babbling = false);
	UNTIL(t.own.state == ERM_SOURCE_OK);
}
END_TEST

START_TEST(test_mute_kernel)
{
	settle();
	CHANGE(t.kernel.recv_error = -EAGAIN);
	UNTIL(t.own.state == ERM_SOURCE_LOST);
	ck_assert_int_eq(t.own.reason, ERM_REASON_TIMEOUT);
	ck_assert_uint_ge(t.own.counters.timeouts, 1);
	CHANGE(t.kernel.recv_error = 0);
	UNTIL(t.own.state == ERM_SOURCE_OK);
}
END_TEST

/* One module of which no answer comes: its link is told, and the others in full. */
START_TEST(test_mute_module)
{
	e1->module = &sfp;
	e0->is_mute = true;
	settle();
	ck_assert(!t.now[0].is_known);
	ck_assert_uint_eq(t.now[0].speed_mbps, 10000);
	ck_assert(t.now[1].has_light);
	ck_assert_uint_ge(t.own.counters.timeouts, 1);
}
END_TEST

START_TEST(test_late_answers_are_passed_over)
{
	t.kernel.has_late_answers = true;
	settle();
	ck_assert(t.now[0].has_light);
	ck_assert_uint_eq(t.own.counters.errors, 0);
}
END_TEST

static bool is_hanging(void)
{
	bool yes;

	CHANGE(yes = t.kernel.n_hanging > 0);
	return yes;
}

static void count_turn(sd_event *event, unsigned int *n_turns)
{
	usec_t before = monotonic();

	ck_assert_int_ge(sd_event_run(event, 5 * MSEC), 0);
	/* Much more than 5 ms, and much less than a driver can take. */
	ck_assert_uint_lt(monotonic() - before, 400 * MSEC);
	(*n_turns)++;
}

START_TEST(test_hung_driver)
{
	unsigned int n_turns = 0;
	usec_t since;

	settle();
	CHANGE(e0->is_hanging = true);
	UNTIL(is_hanging());
	since = monotonic();
	while (t.own.state != ERM_SOURCE_LOST) {
		ck_assert_uint_lt(monotonic() - since, 10 * SEC);
		count_turn(t.event, &n_turns);
	}
	/* timeout * 5, and the loop went on all the time */
	ck_assert_uint_ge(monotonic() - since, 400 * MSEC);
	ck_assert_uint_ge(n_turns, 20);
	ck_assert_int_eq(t.own.reason, ERM_REASON_TIMEOUT);
	ck_assert_uint_eq(t.own.counters.timeouts, 1);
	/* Said once, and nobody else is sent after the first one. */
	pass(300 * MSEC);
	ck_assert_uint_eq(t.n_lost, 1);
	erm_source_ethtool_ops.look_now(t.source);
	pass(50 * MSEC);
	CHANGE(ck_assert_uint_eq(t.kernel.n_hanging, 1));
	CHANGE(e0->is_hanging = false);
	UNTIL(t.own.state == ERM_SOURCE_OK);
	ck_assert(t.now[0].has_light);
}
END_TEST

START_TEST(test_ends_beside_a_hung_driver)
{
	usec_t before;

	settle();
	CHANGE(e0->is_hanging = true);
	UNTIL(is_hanging());
	before = monotonic();
	erm_source_ethtool_ops.free(t.source);
	t.source = NULL;
	ck_assert_uint_lt(monotonic() - before, 400 * MSEC);
	CHANGE(ck_assert_uint_eq(t.kernel.n_close, 0));
	/* When the driver comes back, the thread cleans up. */
	CHANGE(e0->is_hanging = false);
	fake_ethtool_lock(&t.kernel);
	while (t.kernel.n_close == 0)
		(void)pthread_cond_wait(&t.kernel.changed, &t.kernel.lock);
	fake_ethtool_unlock(&t.kernel);
}
END_TEST

START_TEST(test_look_now_at_most_each_second)
{
	usec_t first;
	unsigned int n;

	t.config->sources[1].poll_usec = 100 * SEC;
	settle();
	first = monotonic();
	n = t.n_optics[0];
	for (int i = 0; i < 50; i++) {
		erm_source_ethtool_ops.look_now(t.source);
		pass(5 * MSEC);
	}
	ck_assert_uint_eq(t.n_optics[0], n);
	UNTIL(t.n_optics[0] == n + 1);
	/* 1 s from the question before, which was a little earlier than its answer */
	ck_assert_uint_ge(monotonic() - first, 500 * MSEC);
	/* All of them together were one. */
	pass(1200 * MSEC);
	ck_assert_uint_eq(t.n_optics[0], n + 1);
}
END_TEST

START_TEST(test_reconfigure)
{
	struct erm_config *next = make_config();
	char *name = NULL;
	unsigned int n;

	settle();
	/* The interfaces change places, and e2 has a port now. */
	name = next->interfaces[0].name;
	next->interfaces[0].name = next->interfaces[1].name;
	next->interfaces[1].name = name;
	next->ports[2].interface = 2;
	next->sources[1].poll_usec = 100 * SEC;
	n = t.n_source;
	ck_assert_int_eq(erm_source_ethtool_ops.reconfigure(t.source, next, 1), 0);
	t.config = erm_config_unref(t.config);
	t.config = next;
	ck_assert_uint_eq(t.n_source, n);
	memset(&t.now, 0, sizeof(t.now));
	UNTIL(t.n_source > n);
	/* What was known is told at once, at the new place. */
	ck_assert_int_eq(t.now[1].lanes[0].rx_cdbm, -300);
	ck_assert_uint_eq(t.now[0].speed_mbps, 40000);
	UNTIL(t.n_optics[2] > 0);
	ck_assert(t.now[2].is_known && !t.now[2].has_light);
	ck_assert_int_eq(erm_source_ethtool_ops.reconfigure(t.source, next, 3), -EINVAL);
}
END_TEST

/* Answers that were on their way belong to nobody after a reload without their interface. */
START_TEST(test_reconfigure_while_asking)
{
	struct erm_config *next = make_config();
	unsigned int n;

	settle();
	CHANGE(e0->is_hanging = true);
	UNTIL(is_hanging());
	next->ports[0].interface = 1;
	ck_assert_int_eq(erm_source_ethtool_ops.reconfigure(t.source, next, 1), 0);
	t.config = erm_config_unref(t.config);
	t.config = next;
	n = t.n_optics[0];
	CHANGE(e0->is_hanging = false);
	next_round();
	ck_assert_uint_eq(t.n_optics[0], n);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("sources/ethtool");
	TCase *c = tcase_create("ethtool");

	tcase_add_checked_fixture(c, set_up, tear_down);
	tcase_add_test(c, test_light_speed_and_state);
	tcase_add_test(c, test_only_ports_of_this_host);
	tcase_add_test(c, test_light_changes);
	tcase_add_test(c, test_no_port_at_all);
	tcase_add_test(c, test_unsupported_is_not_asked_again);
	tcase_add_test(c, test_no_permission);
	tcase_add_test(c, test_bus_errors);
	tcase_add_test(c, test_module_pulled_out);
	tcase_add_test(c, test_interface_is_missing_and_comes);
	tcase_add_test(c, test_driver_refuses_state_or_speed);
	tcase_add_test(c, test_short_page);
	tcase_add_test(c, test_old_kernel_without_ethtool);
	tcase_add_test(c, test_old_kernel_without_modules);
	tcase_add_test(c, test_no_socket);
	tcase_add_test(c, test_cannot_send);
	tcase_add_test(c, test_answer_too_large);
	tcase_add_test(c, test_nonsense);
	tcase_add_test(c, test_mute_kernel);
	tcase_add_test(c, test_mute_module);
	tcase_add_test(c, test_late_answers_are_passed_over);
	tcase_add_test(c, test_hung_driver);
	tcase_add_test(c, test_ends_beside_a_hung_driver);
	tcase_add_test(c, test_look_now_at_most_each_second);
	tcase_add_test(c, test_reconfigure);
	tcase_add_test(c, test_reconfigure_while_asking);
	suite_add_tcase(s, c);
	return s;
}

ERM_CHECK_MAIN(suite)
