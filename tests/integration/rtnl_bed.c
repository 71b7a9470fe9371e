/* The test bed of rtnl_bed.h. */
#include "rtnl_bed.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <sched.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"

usec_t bed_monotonic(void)
{
	return erm_time_now().mono;
}

static int try_all(void)
{
	_cleanup_close_ int fd = -1;

	if (unshare(CLONE_NEWNET) < 0)
		return 1;
	fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);
	return fd < 0 ? 2 : 0;
}

const char *bed_is_impossible(void)
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0)
		_exit(try_all());
	if (pid < 0 || waitpid(pid, &status, 0) < 0 || !WIFEXITED(status))
		return "fork failed";
	if (WEXITSTATUS(status) == 1)
		return "no right to make a network namespace (root)";
	if (WEXITSTATUS(status) == 2)
		return "/dev/net/tun cannot be opened";
	return bed_ip("-V") == 0 ? NULL : "ip(8) is missing";
}

void bed_isolate(void)
{
	struct rlimit files = { .rlim_cur = 4096, .rlim_max = 4096 };

	ck_assert_int_eq(unshare(CLONE_NEWNET), 0);
	(void)setrlimit(RLIMIT_NOFILE, &files);
}

static void set_up(const char *name)
{
	struct ifreq ifr = { .ifr_flags = IFF_UP };
	_cleanup_close_ int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	ck_assert_int_ge(fd, 0);
	strncpy(ifr.ifr_name, name, sizeof(ifr.ifr_name) - 1);
	ck_assert_int_eq(ioctl(fd, SIOCSIFFLAGS, &ifr), 0);
}

int bed_tap(const char *name)
{
	struct ifreq ifr = { .ifr_flags = IFF_TAP | IFF_NO_PI };
	int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);

	ck_assert_int_ge(fd, 0);
	strncpy(ifr.ifr_name, name, sizeof(ifr.ifr_name) - 1);
	ck_assert_int_eq(ioctl(fd, TUNSETIFF, &ifr), 0);
	bed_carrier(fd, false);
	set_up(name);
	return fd;
}

int *bed_taps(unsigned int n)
{
	int *taps = calloc(n, sizeof(*taps));

	ck_assert_ptr_nonnull(taps);
	for (unsigned int i = 0; i < n; i++) {
		char name[IFNAMSIZ];

		(void)snprintf(name, sizeof(name), "t%u", i);
		taps[i] = bed_tap(name);
		bed_carrier(taps[i], true);
	}
	return taps;
}

void bed_carrier(int tap, bool on)
{
	int value = on;

	ck_assert_int_eq(ioctl(tap, TUNSETCARRIER, &value), 0);
}

int bed_ip(const char *format, ...)
{
	char ip[] = "ip", words[256], *rest = words, *argv[24] = { ip };
	posix_spawn_file_actions_t actions;
	int status = -1;
	va_list ap;
	pid_t pid;

	va_start(ap, format);
	(void)vsnprintf(words, sizeof(words), format, ap);
	va_end(ap);
	for (size_t n = 1; n < ERM_ELEMENTS(argv) - 1 && rest; n++)
		argv[n] = strsep(&rest, " ");
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	if (posix_spawnp(&pid, ip, &actions, NULL, argv, environ) == 0)
		(void)waitpid(pid, &status, 0);
	posix_spawn_file_actions_destroy(&actions);
	return status;
}

struct erm_config *bed_config(unsigned int n_interfaces, const char *const *names)
{
	struct erm_config *config = erm_config_new();

	ck_assert_ptr_nonnull(config);
	config->sources = calloc(1, sizeof(*config->sources));
	config->interfaces = calloc(n_interfaces + 1, sizeof(*config->interfaces));
	ck_assert_ptr_nonnull(config->sources);
	ck_assert_ptr_nonnull(config->interfaces);
	config->n_sources = 1;
	config->sources[0] = (struct erm_source_config){
		.name = strdup("kernel"),
		.type = ERM_SOURCE_TYPE_RTNL,
		.poll_usec = 100 * ERM_USEC_PER_MSEC,
		.fast_poll_usec = 10 * ERM_USEC_PER_MSEC,
		.fast_window_usec = 2 * ERM_USEC_PER_SEC,
		.resync_usec = 60 * ERM_USEC_PER_SEC,
		.timeout_usec = 2 * ERM_USEC_PER_SEC,
		.stale_after_usec = 5 * ERM_USEC_PER_SEC,
	};
	config->n_interfaces = n_interfaces;
	for (unsigned int i = 0; i < n_interfaces; i++) {
		char name[IFNAMSIZ];

		(void)snprintf(name, sizeof(name), "t%u", i);
		config->interfaces[i].name = strdup(names ? names[i] : name);
	}
	return config;
}

static void keep(void *userdata, const struct erm_obs *obs)
{
	struct bed *bed = userdata;

	if (bed->n_told == bed->n_allocated) {
		bed->n_allocated = bed->n_allocated * 2 + 256;
		bed->told = realloc(bed->told, bed->n_allocated * sizeof(*bed->told));
		ck_assert_ptr_nonnull(bed->told);
	}
	bed->told[bed->n_told++] = *obs;
	if (obs->kind == ERM_OBS_INTERFACE)
		bed->now[obs->iface.interface] = obs->iface;
	else if (obs->kind == ERM_OBS_SOURCE)
		bed->source_now = obs->src;
}

static void count_hint(void *userdata, uint32_t from_source)
{
	struct bed *bed = userdata;

	(void)from_source;
	bed->n_hints++;
}

void bed_start(struct bed *bed, struct erm_config *config)
{
	struct erm_source_env env = { .emit = keep, .hint = count_hint, .userdata = bed };

	*bed = (struct bed){ .config = config };
	bed->now = calloc(config->n_interfaces + 1, sizeof(*bed->now));
	ck_assert_ptr_nonnull(bed->now);
	ck_assert_int_ge(sd_event_new(&bed->event), 0);
	env.event = bed->event;
	ck_assert_int_eq(erm_source_rtnl_ops.start(&env, config, 0, &bed->source), 0);
	ck_assert(bed_run(bed, 5 * ERM_USEC_PER_SEC, bed_is_ok, NULL));
}

void bed_stop(struct bed *bed)
{
	erm_source_rtnl_ops.free(bed->source);
	bed->config = erm_config_unref(bed->config);
	bed->event = sd_event_unref(bed->event);
	free(bed->told);
	free(bed->now);
}

bool bed_run(struct bed *bed, usec_t limit_usec,
	     bool (*done)(const struct bed *bed, void *userdata), void *userdata)
{
	usec_t until = erm_usec_add(bed_monotonic(), limit_usec), now;

	while (!(done && done(bed, userdata))) {
		now = bed_monotonic();
		if (now >= until)
			return false;
		ck_assert_int_ge(sd_event_run(bed->event, until - now), 0);
		bed->n_turns++;
	}
	return true;
}

void bed_pass(struct bed *bed, usec_t usec)
{
	(void)bed_run(bed, usec, NULL, NULL);
}

bool bed_interface_is(const struct bed *bed, void *userdata)
{
	const struct want *want = userdata;
	const struct erm_obs_interface *now = &bed->now[want->interface];

	return now->is_present == want->is_present && now->has_carrier == want->has_carrier;
}

bool bed_is_ok(const struct bed *bed, void *userdata)
{
	(void)userdata;
	return bed->source_now.state == ERM_SOURCE_OK;
}

static void *switch_thread(void *userdata)
{
	struct switching *sw = userdata;

	(void)usleep((useconds_t)sw->delay_usec);
	sw->done_at = bed_monotonic();
	for (size_t i = 0; i < sw->n_taps; i++) {
		int value = sw->on;

		if (ioctl(sw->taps[i], TUNSETCARRIER, &value) < 0)
			abort();
	}
	return NULL;
}

void switch_start(struct switching *sw)
{
	ck_assert_int_eq(pthread_create(&sw->thread, NULL, switch_thread, sw), 0);
}

void switch_join(struct switching *sw)
{
	ck_assert_int_eq(pthread_join(sw->thread, NULL), 0);
}

const struct erm_obs *bed_find(const struct bed *bed, size_t from, uint32_t interface,
			       bool has_carrier)
{
	for (size_t i = from; i < bed->n_told; i++) {
		const struct erm_obs *obs = &bed->told[i];

		if (obs->kind == ERM_OBS_INTERFACE && obs->iface.interface == interface &&
		    obs->iface.has_carrier == has_carrier)
			return obs;
	}
	return NULL;
}
