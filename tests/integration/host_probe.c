/*
 * A source of type sock-diag or neighbor alone, on the real kernel: prints what it tells,
 * when it changes, with the time in us since 1970.
 *
 *   host_probe TYPE [-p POLL-MSEC] [-r RESYNC-MSEC] [-s SILENT-SEC] [-a] NEIGHBOR[%INTERFACE][,LOCAL]...
 *
 * -a: neighbor asks the kernel to confirm.  A line "look" on standard input is a hint; the
 * end of the input ends it, with a line of what it cost.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "sources/source.h"

struct probe {
	sd_event *event;
	struct erm_config *config;
	const struct erm_source_ops *ops;
	struct erm_source *source;
	struct erm_obs_source src;
	int *told; /* by session: its state, 0 = none yet */
	uint32_t n_dumps, n_hints;
};

static void print_change(struct probe *probe, const struct erm_obs *obs, uint32_t session,
			 int state, const char *word)
{
	char addr[ERM_ADDR_STRLEN];

	if (probe->told[session] == state)
		return;
	probe->told[session] = state;
	printf("%llu %s %s %s age %lld\n", (unsigned long long)obs->at.real,
	       obs->kind == ERM_OBS_SESSION ? "session" : "neighbor",
	       erm_addr_format(&probe->config->sessions[session].neighbor, addr), word,
	       obs->asked > 0 ? (long long)(obs->at.mono - obs->asked) : -1);
}

static void on_emit(void *userdata, const struct erm_obs *obs)
{
	struct probe *probe = userdata;

	switch (obs->kind) {
	case ERM_OBS_SOURCE:
		if (obs->src.state != probe->src.state || obs->src.reason != probe->src.reason) {
			printf("%llu source %s %s: %s\n", (unsigned long long)obs->at.real,
			       erm_source_state_name(obs->src.state),
			       erm_source_reason_name(obs->src.reason), obs->src.text);
		}
		probe->src = obs->src;
		break;
	case ERM_OBS_SESSION:
		print_change(probe, obs, obs->session.session, (int)obs->session.bgp + 1,
			     erm_bgp_state_name(obs->session.bgp));
		break;
	case ERM_OBS_NEIGHBOR:
		print_change(probe, obs, obs->neighbor.session, (int)obs->neighbor.state,
			     erm_neighbor_state_name(obs->neighbor.state));
		break;
	case ERM_OBS_DUMP_END:
		probe->n_dumps++;
		break;
	case ERM_OBS_DUMP_BEGIN:
	case ERM_OBS_INTERFACE:
	case ERM_OBS_OPTICS:
		break;
	}
	(void)fflush(stdout);
}

static void on_hint(void *userdata, uint32_t from_source)
{
	struct probe *probe = userdata;

	(void)from_source;
	probe->n_hints++;
	printf("%llu hint\n", (unsigned long long)erm_time_now().real);
	(void)fflush(stdout);
}

static int on_input(sd_event_source *source, int fd, uint32_t revents, void *userdata)
{
	struct probe *probe = userdata;
	char line[64];
	ssize_t n = read(fd, line, sizeof(line));

	(void)source;
	(void)revents;
	if (n < 0 && errno == EAGAIN)
		return 0;
	if (n <= 0)
		return sd_event_exit(probe->event, 0);
	if (n >= 4 && memcmp(line, "look", 4) == 0)
		probe->ops->look_now(probe->source);
	return 0;
}

/* NEIGHBOR[%INTERFACE][,LOCAL] */
static int add_session(struct erm_config *config, char *text)
{
	struct erm_session_config *session = &config->sessions[config->n_sessions];
	struct erm_connection_config *connection = &config->connections[config->n_connections];
	char *local = strchr(text, ','), *interface = strchr(text, '%');

	connection->interface = connection->port = ERM_NO_INDEX;
	session->connection = config->n_connections++;
	if (local) {
		*local = '\0';
		if (erm_addr_parse(local + 1, &session->local_address) < 0)
			return -EINVAL;
	}
	if (interface) {
		*interface = '\0';
		connection->interface = config->n_interfaces;
		config->interfaces[config->n_interfaces++] =
			(struct erm_interface_config){ .name = strdup(interface + 1), .source = 1 };
	}
	if (erm_addr_parse(text, &session->neighbor) < 0)
		return -EINVAL;
	session->family = session->neighbor.family == AF_INET6 ? ERM_FAMILY_IPV6 : ERM_FAMILY_IPV4;
	return erm_session_add_source(config, config->n_sessions++, 0);
}

/* The source, and a kernel for the interfaces to belong to. */
static int configure(struct probe *probe, const struct erm_source_config *settings, char *argv[],
		     size_t n)
{
	struct erm_config *config = erm_config_new();

	if (!config)
		return -ENOMEM;
	probe->config = config;
	config->sources = calloc(2, sizeof(*config->sources));
	config->sessions = calloc(n + 1, sizeof(*config->sessions));
	config->connections = calloc(n + 1, sizeof(*config->connections));
	config->interfaces = calloc(n + 1, sizeof(*config->interfaces));
	probe->told = calloc(n + 1, sizeof(*probe->told));
	if (!config->sources || !config->sessions || !config->connections || !config->interfaces ||
	    !probe->told)
		return -ENOMEM;
	config->n_sources = 2;
	config->sources[0] = *settings;
	config->sources[0].name = strdup("probe");
	config->sources[1] = (struct erm_source_config){ .name = strdup("kernel"),
							 .type = ERM_SOURCE_TYPE_RTNL };
	for (size_t i = 0; i < n; i++) {
		int r = add_session(config, argv[i]);

		if (r < 0)
			return r;
	}
	return 0;
}

static int parse_options(int argc, char *argv[], struct erm_source_config *settings)
{
	int c;

	while ((c = getopt(argc, argv, "ap:r:s:")) >= 0) {
		usec_t number = optarg ? strtoull(optarg, NULL, 10) : 0;

		if (c == 'a')
			settings->is_probing = true;
		else if (c == 'p')
			settings->poll_usec = number * ERM_USEC_PER_MSEC;
		else if (c == 'r')
			settings->resync_usec = number * ERM_USEC_PER_MSEC;
		else if (c == 's')
			settings->silent_usec = number * ERM_USEC_PER_SEC;
		else
			return -EINVAL;
	}
	if (optind >= argc)
		return -EINVAL;
	if (strcmp(argv[optind], "neighbor") == 0)
		settings->type = ERM_SOURCE_TYPE_NEIGHBOR;
	else if (strcmp(argv[optind], "sock-diag") != 0)
		return -EINVAL;
	return 0;
}

static void print_cost(const struct probe *probe)
{
	const struct erm_source_counters *c = &probe->src.counters;
	struct rusage usage = { 0 };

	(void)getrusage(RUSAGE_SELF, &usage);
	printf("cost user %ld us sys %ld us requests %llu events %llu resyncs %llu errors %llu "
	       "dumps %u hints %u\n",
	       usage.ru_utime.tv_sec * 1000000L + usage.ru_utime.tv_usec,
	       usage.ru_stime.tv_sec * 1000000L + usage.ru_stime.tv_usec,
	       (unsigned long long)c->requests, (unsigned long long)c->events,
	       (unsigned long long)c->resyncs, (unsigned long long)c->errors, probe->n_dumps,
	       probe->n_hints);
}

static int run(struct probe *probe)
{
	struct erm_source_env env = { .emit = on_emit, .hint = on_hint, .userdata = probe };
	int r = sd_event_new(&probe->event);

	if (r < 0)
		return r;
	env.event = probe->event;
	r = probe->ops->start(&env, probe->config, 0, &probe->source);
	if (r < 0)
		return r;
	/* A regular file (/dev/null) cannot be waited for: then it runs until it is killed. */
	r = sd_event_add_io(probe->event, NULL, STDIN_FILENO, EPOLLIN, on_input, probe);
	if (r < 0 && r != -EPERM)
		return r;
	return sd_event_loop(probe->event);
}

int main(int argc, char *argv[])
{
	struct erm_source_config settings = {
		.type = ERM_SOURCE_TYPE_SOCK_DIAG,
		.poll_usec = 250 * ERM_USEC_PER_MSEC,
		.resync_usec = 30 * ERM_USEC_PER_SEC,
		.timeout_usec = 2 * ERM_USEC_PER_SEC,
		.stale_after_usec = 3 * ERM_USEC_PER_SEC,
	};
	struct probe probe = { 0 };
	int r = parse_options(argc, argv, &settings);

	erm_log_open();
	if (r < 0) {
		fprintf(stderr, "host_probe: wrong arguments\n");
		return 2;
	}
	probe.ops = settings.type == ERM_SOURCE_TYPE_NEIGHBOR ? &erm_source_neighbor_ops
							      : &erm_source_sockdiag_ops;
	r = configure(&probe, &settings, argv + optind + 1, (size_t)(argc - optind - 1));
	if (r >= 0)
		r = run(&probe);
	if (r < 0)
		fprintf(stderr, "host_probe: %s\n", strerror(-r));
	else
		print_cost(&probe);
	if (probe.source)
		probe.ops->free(probe.source);
	(void)erm_config_unref(probe.config);
	(void)sd_event_unref(probe.event);
	free(probe.told);
	return r < 0;
}
