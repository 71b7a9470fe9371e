/* ermon-netconf: options, and which of its two programs to be; nothing else. */
#include <errno.h>
#include <getopt.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "base/log.h"
#include "netconf/listen.h"
#include "netconf/relay.h"
#include "netconf/server.h"
#include "netconf/state.h"

enum {
	OPT_SOCKET = 256,
	OPT_CTL,
	OPT_YANG,
	OPT_STDIO,
	OPT_USER,
	OPT_LEVEL,
	OPT_SESSIONS,
	OPT_PER_USER,
	OPT_HELLO,
	OPT_IDLE,
	OPT_STALL,
	OPT_MESSAGE,
	OPT_MEMORY,
	OPT_CPU,
	OPT_VERSION,
};

static const struct option long_options[] = {
	{ "socket", required_argument, NULL, OPT_SOCKET },
	{ "ctl", required_argument, NULL, OPT_CTL },
	{ "yang-dir", required_argument, NULL, OPT_YANG },
	{ "stdio", no_argument, NULL, OPT_STDIO },
	{ "user", required_argument, NULL, OPT_USER },
	{ "log-level", required_argument, NULL, OPT_LEVEL },
	{ "max-sessions", required_argument, NULL, OPT_SESSIONS },
	{ "max-sessions-per-user", required_argument, NULL, OPT_PER_USER },
	{ "hello-timeout", required_argument, NULL, OPT_HELLO },
	{ "idle-timeout", required_argument, NULL, OPT_IDLE },
	{ "stall-timeout", required_argument, NULL, OPT_STALL },
	{ "max-message", required_argument, NULL, OPT_MESSAGE },
	{ "max-memory", required_argument, NULL, OPT_MEMORY },
	{ "max-cpu", required_argument, NULL, OPT_CPU },
	{ "version", no_argument, NULL, OPT_VERSION },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

static const char usage[] =
	"Usage: ermon-netconf [--socket PATH] [--ctl PATH] [--yang-dir DIR[:DIR...]] [--user NAME]\n"
	"                     [--log-level LEVEL] [--max-sessions N] [--max-sessions-per-user N]\n"
	"                     [--hello-timeout S] [--idle-timeout S] [--stall-timeout S]\n"
	"                     [--max-message OCTETS] [--max-memory MBYTE] [--max-cpu S]\n"
	"       ermon-netconf --stdio [--socket PATH]\n";

struct settings {
	const char *socket, *yang_dirs, *user;
	bool is_stdio;
	struct erm_nc_options options;
	struct erm_nc_limits limits;
};

static int parse_number(const char *name, const char *text, unsigned long min, unsigned long max,
			unsigned long *ret)
{
	char *end = NULL;
	unsigned long n;

	errno = 0;
	n = strtoul(text, &end, 10);
	if (errno != 0 || *text < '0' || *text > '9' || *end || n < min || n > max) {
		(void)fprintf(stderr, "ermon-netconf: --%s wants a number from %lu to %lu\n", name,
			      min, max);
		return -EINVAL;
	}
	*ret = n;
	return 0;
}

static int take_limit(int option, const char *name, const char *text, struct settings *settings)
{
	struct erm_nc_options *options = &settings->options;
	unsigned long n = 0;
	int r = 0;

	switch (option) {
	case OPT_SESSIONS:
		r = parse_number(name, text, 1, ERM_NC_SESSIONS_MAX, &n);
		settings->limits.sessions = (uint32_t)n;
		break;
	case OPT_PER_USER:
		r = parse_number(name, text, 1, ERM_NC_SESSIONS_MAX, &n);
		settings->limits.sessions_per_user = (uint32_t)n;
		break;
	case OPT_HELLO:
		r = parse_number(name, text, 1, 3600, &n);
		options->hello_usec = n * ERM_USEC_PER_SEC;
		break;
	case OPT_IDLE:
		r = parse_number(name, text, 0, 1000000, &n);
		options->idle_usec = n * ERM_USEC_PER_SEC;
		break;
	case OPT_STALL:
		r = parse_number(name, text, 1, 3600, &n);
		options->stall_usec = n * ERM_USEC_PER_SEC;
		break;
	case OPT_MESSAGE:
		r = parse_number(name, text, 1024, 64UL * 1024 * 1024, &n);
		options->message_max = n;
		break;
	case OPT_MEMORY:
		r = parse_number(name, text, 0, 65536, &n);
		options->memory_mbyte = (unsigned int)n;
		break;
	default:
		r = parse_number(name, text, 0, 3600, &n);
		options->cpu_sec = (unsigned int)n;
		break;
	}
	return r;
}

/* -1: go on; else the exit status. */
static int take_option(int option, int index, struct settings *settings)
{
	int level;

	switch (option) {
	case OPT_SOCKET:
		settings->socket = optarg;
		return -1;
	case OPT_CTL:
		settings->options.ctl = optarg;
		return -1;
	case OPT_YANG:
		settings->yang_dirs = optarg;
		return -1;
	case OPT_STDIO:
		settings->is_stdio = true;
		return -1;
	case OPT_USER:
		settings->user = optarg;
		return -1;
	case OPT_LEVEL:
		level = erm_log_level_from_string(optarg);
		if (level < 0) {
			(void)fprintf(stderr, "ermon-netconf: unknown log level '%s'\n", optarg);
			return EX_USAGE;
		}
		erm_log_set_level(level);
		return -1;
	case OPT_VERSION:
		(void)puts("ermon-netconf " PACKAGE_VERSION);
		return EXIT_SUCCESS;
	case 'h':
		(void)fputs(usage, stdout);
		return EXIT_SUCCESS;
	case '?':
		(void)fputs(usage, stderr);
		return EX_USAGE;
	default:
		return take_limit(option, long_options[index].name, optarg, settings) < 0 ? EX_USAGE
											  : -1;
	}
}

static int parse_options(int argc, char *argv[], struct settings *settings)
{
	int status = -1;
	int index = 0;
	int option;

	while (status < 0 && (option = getopt_long(argc, argv, "h", long_options, &index)) != -1)
		status = take_option(option, index, settings);
	if (status < 0 && optind < argc) {
		(void)fprintf(stderr, "ermon-netconf: unexpected argument '%s'\n%s", argv[optind],
			      usage);
		return EX_USAGE;
	}
	return status;
}

static int drop_privileges(const char *name)
{
	const struct passwd *user = getpwnam(name);

	if (!user) {
		erm_log_error("There is no user %s", name);
		return -ENOENT;
	}
	if (initgroups(name, user->pw_gid) < 0 || setgid(user->pw_gid) < 0 ||
	    setuid(user->pw_uid) < 0) {
		erm_log_error("Cannot become user %s: %s", name, strerror(errno));
		return -EPERM;
	}
	return 0;
}

static int serve(const struct settings *settings, const struct erm_models *models, int fd)
{
	ERM_CLEANUP(erm_nc_server_freep) struct erm_nc_server *server = NULL;
	ERM_CLEANUP(sd_event_unrefp) sd_event *event = NULL;
	sigset_t blocked;
	int r;

	(void)sigemptyset(&blocked);
	(void)sigaddset(&blocked, SIGCHLD);
	(void)sigaddset(&blocked, SIGTERM);
	(void)sigaddset(&blocked, SIGINT);
	(void)sigprocmask(SIG_BLOCK, &blocked, NULL);
	r = sd_event_new(&event);
	if (r >= 0)
		r = sd_event_add_signal(event, NULL, SIGTERM, NULL, NULL);
	if (r >= 0)
		r = sd_event_add_signal(event, NULL, SIGINT, NULL, NULL);
	if (r >= 0)
		r = erm_nc_server_new(event, fd, models, &settings->options, &settings->limits,
				      &server);
	if (r < 0)
		return r;
	(void)sd_notify(0, "READY=1\nSTATUS=Waiting for NETCONF clients");
	erm_log_info("NETCONF on %s", settings->socket);
	r = sd_event_loop(event);
	(void)sd_notify(0, "STOPPING=1");
	return r;
}

static int run_server(const struct settings *settings)
{
	ERM_CLEANUP(erm_models_freep) struct erm_models *models = NULL;
	_cleanup_close_ int fd = -1;
	bool is_ours = false;
	char error[512] = "";
	int r;

	erm_log_open();
	/* libyang writes times in the zone of the process, ermond in UTC. */
	(void)setenv("TZ", "UTC0", 1);
	fd = erm_nc_listen(settings->socket, &is_ours);
	if (fd < 0) {
		erm_log_error("Cannot listen on %s: %s", settings->socket, strerror(-fd));
		return EXIT_FAILURE;
	}
	r = settings->user ? drop_privileges(settings->user) : 0;
	if (r == 0)
		r = erm_models_new(settings->yang_dirs, &models, error, sizeof(error));
	if (error[0])
		erm_log_error("%s", error);
	if (r == 0)
		r = erm_state_prepare(models);
	if (r == 0)
		r = serve(settings, models, fd);
	if (is_ours && settings->socket)
		(void)unlink(settings->socket);
	return r < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

static int run_relay(const char *path)
{
	int r = erm_relay_run(path);

	if (r >= 0)
		return EXIT_SUCCESS;
	(void)fprintf(stderr, "ermon-netconf: %s: %s\n", path,
		      r == -ENOENT || r == -ECONNREFUSED ? "ermon-netconf.socket is not there"
							 : strerror(-r));
	return EXIT_FAILURE;
}

int main(int argc, char *argv[])
{
	struct settings settings = {
		.socket = ERM_RUNTIME_DIR "/netconf.sock",
		.yang_dirs = ERM_YANG_PATH ":" ERM_YANG_MODULES_PATH,
		.options = {
			.ctl = ERM_RUNTIME_DIR "/ctl.sock",
			.hello_usec = 30 * ERM_USEC_PER_SEC,
			.idle_usec = 3600 * ERM_USEC_PER_SEC,
			.stall_usec = 60 * ERM_USEC_PER_SEC,
			.message_max = (size_t)256 * 1024,
			.memory_mbyte = 256,
			.cpu_sec = 10,
		},
		.limits = { .sessions = 64, .sessions_per_user = 32 },
	};
	int status = parse_options(argc, argv, &settings);

	if (status >= 0)
		return status;
	return settings.is_stdio ? run_relay(settings.socket) : run_server(&settings);
}
