#include "source_probe.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/log.h"

struct source_probe probe;

static void print_source(const struct erm_obs *obs)
{
	if (obs->src.state != probe.src.state || obs->src.reason != probe.src.reason) {
		printf("%llu source %s %s %s: %s\n", (unsigned long long)obs->at.real,
		       erm_source_state_name(obs->src.state),
		       erm_source_reason_name(obs->src.reason), obs->src.is_void ? "void" : "kept",
		       obs->src.text);
	}
	probe.src = obs->src;
}

static void on_emit(void *userdata, const struct erm_obs *obs)
{
	(void)userdata;
	switch (obs->kind) {
	case ERM_OBS_SOURCE:
		print_source(obs);
		break;
	case ERM_OBS_SESSION:
	case ERM_OBS_NEIGHBOR:
		probe.print(obs);
		break;
	case ERM_OBS_DUMP_END:
		probe.n_dumps++;
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
	(void)userdata;
	(void)from_source;
	probe.n_hints++;
	printf("%llu hint\n", (unsigned long long)erm_time_now().real);
	(void)fflush(stdout);
}

static int on_input(sd_event_source *source, int fd, uint32_t revents, void *userdata)
{
	char line[64];
	ssize_t n = read(fd, line, sizeof(line));

	(void)source;
	(void)revents;
	(void)userdata;
	if (n < 0 && errno == EAGAIN)
		return 0;
	if (n <= 0)
		return sd_event_exit(probe.event, 0);
	if (n >= 4 && memcmp(line, "look", 4) == 0) {
		probe.looked_at = erm_time_now().mono;
		probe.ops->look_now(probe.source);
	}
	return 0;
}

int source_probe_configure(const struct erm_source_config *settings, size_t n)
{
	struct erm_config *config = erm_config_new();

	if (!config)
		return -ENOMEM;
	probe.config = config;
	config->sources = calloc(2, sizeof(*config->sources));
	config->sessions = calloc(n + 1, sizeof(*config->sessions));
	config->connections = calloc(n + 1, sizeof(*config->connections));
	config->interfaces = calloc(n + 1, sizeof(*config->interfaces));
	if (!config->sources || !config->sessions || !config->connections || !config->interfaces)
		return -ENOMEM;
	config->n_sources = 2;
	config->sources[0] = *settings;
	config->sources[0].name = strdup("probe");
	config->sources[1] = (struct erm_source_config){ .name = strdup("kernel"),
							 .type = ERM_SOURCE_TYPE_RTNL };
	return 0;
}

int source_probe_add(const char *neighbor)
{
	uint32_t i = probe.config->n_sessions;
	struct erm_session_config *session = &probe.config->sessions[i];
	int r = erm_addr_parse(neighbor, &session->neighbor);

	if (r < 0)
		return r;
	session->family = session->neighbor.family == AF_INET6 ? ERM_FAMILY_IPV6 : ERM_FAMILY_IPV4;
	probe.config->n_sessions++;
	r = erm_session_add_source(probe.config, i, 0);
	return r < 0 ? r : (int)i;
}

static int run(void)
{
	struct erm_source_env env = { .emit = on_emit, .hint = on_hint };
	int r = sd_event_new(&probe.event);

	if (r < 0)
		return r;
	env.event = probe.event;
	r = probe.ops->start(&env, probe.config, 0, &probe.source);
	if (r < 0)
		return r;
	(void)fcntl(STDIN_FILENO, F_SETFL, O_NONBLOCK);
	r = sd_event_add_io(probe.event, NULL, STDIN_FILENO, EPOLLIN, on_input, NULL);
	/* A regular file (/dev/null) cannot be waited for: then it runs until it is killed. */
	return r < 0 && r != -EPERM ? r : sd_event_loop(probe.event);
}

static unsigned long long usec_of(struct timeval t)
{
	return (unsigned long long)t.tv_sec * ERM_USEC_PER_SEC + (unsigned long long)t.tv_usec;
}

static void print_cost(void)
{
	const struct erm_source_counters *c = &probe.src.counters;
	struct rusage usage = { 0 };

	(void)getrusage(RUSAGE_SELF, &usage);
	printf("cost user %llu system %llu rss-kib %ld requests %llu events %llu resyncs %llu "
	       "errors %llu reconnects %llu dumps %u hints %u\n",
	       usec_of(usage.ru_utime), usec_of(usage.ru_stime), usage.ru_maxrss,
	       (unsigned long long)c->requests, (unsigned long long)c->events,
	       (unsigned long long)c->resyncs, (unsigned long long)c->errors,
	       (unsigned long long)c->reconnects, probe.n_dumps, probe.n_hints);
}

int source_probe_run(const char *name, int r)
{
	erm_log_open();
	if (r >= 0)
		r = run();
	if (r < 0)
		(void)fprintf(stderr, "%s: %s\n", name, strerrordesc_np(-r));
	else
		print_cost();
	probe.ops->free(probe.source);
	(void)erm_config_unref(probe.config);
	(void)sd_event_unref(probe.event);
	return r < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
