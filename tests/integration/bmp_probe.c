/*
 * A BMP station alone, beside real routers: prints what it tells, with the time in us since
 * 1970.
 *
 *   bmp_probe LISTEN STALE-MSEC NEIGHBOR...
 *
 * The end of standard input ends it, with a line of what it cost.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>

#include "base/log.h"
#include "sources/source.h"

struct probe {
	sd_event *event;
	struct erm_config *config;
	struct erm_source *source;
	struct erm_obs_source src;
	uint32_t n_hints;
};

static void print_session(const struct probe *probe, const struct erm_obs *obs)
{
	const struct erm_obs_session *s = &obs->session;
	char addr[ERM_ADDR_STRLEN];

	printf("%llu session %s ", (unsigned long long)obs->at.real,
	       erm_addr_format(&probe->config->sessions[s->session].neighbor, addr));
	if (s->is_withdrawn || !s->is_configured) {
		printf("%s\n", s->is_withdrawn ? "withdrawn" : "not-configured");
		return;
	}
	printf("%s as %u %s %u/%u received %d: %s\n", erm_bgp_state_name(s->bgp), s->remote_as,
	       s->has_reset ? erm_cause_name(s->reset_cause) : "untold", s->error_code,
	       s->error_subcode, s->has_received ? (int)s->prefixes_received : -1, s->reset_text);
}

static void on_emit(void *userdata, const struct erm_obs *obs)
{
	struct probe *probe = userdata;

	if (obs->kind == ERM_OBS_SESSION) {
		print_session(probe, obs);
	} else if (obs->kind == ERM_OBS_SOURCE) {
		if (obs->src.state != probe->src.state || obs->src.reason != probe->src.reason) {
			printf("%llu source %s %s: %s\n", (unsigned long long)obs->at.real,
			       erm_source_state_name(obs->src.state),
			       erm_source_reason_name(obs->src.reason), obs->src.text);
		}
		probe->src = obs->src;
	}
	(void)fflush(stdout);
}

static void on_hint(void *userdata, uint32_t from_source)
{
	struct probe *probe = userdata;

	(void)from_source;
	probe->n_hints++;
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
	return n <= 0 ? sd_event_exit(probe->event, 0) : 0;
}

static int configure(struct probe *probe, char *argv[], uint32_t n_neighbors)
{
	struct erm_config *config = erm_config_new();

	if (!config)
		return -ENOMEM;
	probe->config = config;
	config->sources = calloc(1, sizeof(*config->sources));
	config->sessions = calloc(n_neighbors + 1, sizeof(*config->sessions));
	if (!config->sources || !config->sessions)
		return -ENOMEM;
	config->n_sources = 1;
	config->n_sessions = n_neighbors;
	config->sources[0] = (struct erm_source_config){
		.name = strdup("probe"),
		.type = ERM_SOURCE_TYPE_BMP,
		.listen = strdup(argv[1]),
		.poll_usec = ERM_USEC_PER_SEC,
		.timeout_usec = 2 * ERM_USEC_PER_SEC,
		.stale_after_usec = strtoull(argv[2], NULL, 10) * ERM_USEC_PER_MSEC,
		.max_peers = 4096,
		.max_routers = 16,
	};
	for (uint32_t i = 0; i < n_neighbors; i++) {
		struct erm_session_config *session = &config->sessions[i];

		if (erm_addr_parse(argv[3 + i], &session->neighbor) < 0)
			return -EINVAL;
		session->family =
			session->neighbor.family == AF_INET6 ? ERM_FAMILY_IPV6 : ERM_FAMILY_IPV4;
		if (erm_session_add_source(config, i, 0) < 0)
			return -ENOMEM;
	}
	return 0;
}

static int run(struct probe *probe)
{
	struct erm_source_env env = { .emit = on_emit, .hint = on_hint, .userdata = probe };
	int r = sd_event_default(&probe->event);

	if (r < 0)
		return r;
	env.event = probe->event;
	(void)fcntl(STDIN_FILENO, F_SETFL, O_NONBLOCK);
	r = sd_event_add_io(probe->event, NULL, STDIN_FILENO, EPOLLIN, on_input, probe);
	if (r < 0)
		return r;
	r = erm_source_bmp_ops.start(&env, probe->config, 0, &probe->source);
	return r < 0 ? r : sd_event_loop(probe->event);
}

static unsigned long long usec_of(struct timeval t)
{
	return (unsigned long long)t.tv_sec * ERM_USEC_PER_SEC + (unsigned long long)t.tv_usec;
}

int main(int argc, char *argv[])
{
	struct probe probe = { 0 };
	struct rusage usage = { 0 };
	int r = 0;

	if (argc < 3) {
		(void)fputs("bmp_probe LISTEN STALE-MSEC NEIGHBOR...\n", stderr);
		return EXIT_FAILURE;
	}
	erm_log_open();
	r = configure(&probe, argv, (uint32_t)argc - 3);
	if (r >= 0)
		r = run(&probe);
	if (r < 0)
		(void)fprintf(stderr, "bmp_probe: %s\n", strerrordesc_np(-r));

	(void)getrusage(RUSAGE_SELF, &usage);
	printf("cost user %llu system %llu rss-kib %ld events %llu reconnects %llu hints %u\n",
	       usec_of(usage.ru_utime), usec_of(usage.ru_stime), usage.ru_maxrss,
	       (unsigned long long)probe.src.counters.events,
	       (unsigned long long)probe.src.counters.reconnects, probe.n_hints);
	erm_source_bmp_ops.free(probe.source);
	sd_event_unref(probe.event);
	erm_config_unref(probe.config);
	return r < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
