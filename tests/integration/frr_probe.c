/*
 * The FRR source alone, against a real bgpd: prints what it tells, when it changes, with
 * the time in us since 1970.
 *
 *   frr_probe SOCKET POLL-MSEC TIMEOUT-MSEC NEIGHBOR[=PREFIX[,PREFIX...]]...
 *
 * A line "look" on standard input is a hint; the end of the input ends it, with a line of
 * what it cost.
 */
#include <errno.h>
#include <fcntl.h>
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
	struct erm_source *source;
	struct erm_obs_source src;
	struct erm_obs_session *sessions;
	uint32_t n_dumps, n_hints;
	usec_t looked_at; /* 0: not waiting for a reply to a hint */
};

static void print_session(const struct probe *probe, const struct erm_obs *obs)
{
	const struct erm_obs_session *s = &obs->session;
	char addr[ERM_ADDR_STRLEN];

	printf("%llu session %s %s %s %u/%u bfd %s received %u advertised %u dropped %u: %s\n",
	       (unsigned long long)obs->at.real,
	       erm_addr_format(&probe->config->sessions[s->session].neighbor, addr),
	       erm_bgp_state_name(s->bgp), erm_cause_name(s->reset_cause), s->error_code,
	       s->error_subcode, erm_bfd_state_name(s->bfd), s->prefixes_received,
	       s->prefixes_advertised, s->dropped_count, s->reset_text);
}

static void print_expected(const struct probe *probe, const struct erm_obs *obs)
{
	const struct erm_obs_session *s = &obs->session;
	const struct erm_session_config *config = &probe->config->sessions[s->session];
	char addr[ERM_ADDR_STRLEN];

	printf("%llu expected %s ", (unsigned long long)obs->at.real,
	       erm_addr_format(&config->neighbor, addr));
	if (s->has_expected)
		printf("%u of %u", s->expected_received, config->n_expected);
	else
		printf("unknown");
	if (s->has_path)
		printf(" prepends %u\n", s->prepends);
	else
		printf(" no path\n");
}

static void on_session(struct probe *probe, const struct erm_obs *obs)
{
	struct erm_obs_session *was = &probe->sessions[obs->session.session];

	if (!was->is_configured || was->bgp != obs->session.bgp || was->bfd != obs->session.bfd ||
	    was->prefixes_received != obs->session.prefixes_received ||
	    was->prefixes_advertised != obs->session.prefixes_advertised ||
	    was->dropped_count != obs->session.dropped_count)
		print_session(probe, obs);
	if (was->has_expected != obs->session.has_expected ||
	    was->expected_received != obs->session.expected_received ||
	    was->has_path != obs->session.has_path || was->prepends != obs->session.prepends)
		print_expected(probe, obs);
	*was = obs->session;
	/* an answer to a question asked before the hint proves nothing */
	if (probe->looked_at != 0 && obs->asked >= probe->looked_at) {
		printf("%llu looked %llu\n", (unsigned long long)obs->at.real,
		       (unsigned long long)(erm_time_now().mono - probe->looked_at));
		probe->looked_at = 0;
	}
}

static void on_emit(void *userdata, const struct erm_obs *obs)
{
	struct probe *probe = userdata;

	switch (obs->kind) {
	case ERM_OBS_SOURCE:
		if (obs->src.state != probe->src.state || obs->src.reason != probe->src.reason) {
			printf("%llu source %s %s %s: %s\n", (unsigned long long)obs->at.real,
			       erm_source_state_name(obs->src.state),
			       erm_source_reason_name(obs->src.reason),
			       obs->src.is_void ? "void" : "kept", obs->src.text);
		}
		probe->src = obs->src;
		break;
	case ERM_OBS_SESSION:
		on_session(probe, obs);
		break;
	case ERM_OBS_DUMP_END:
		probe->n_dumps++;
		break;
	case ERM_OBS_DUMP_BEGIN:
	case ERM_OBS_INTERFACE:
	case ERM_OBS_NEIGHBOR:
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
	if (n >= 4 && memcmp(line, "look", 4) == 0) {
		probe->looked_at = erm_time_now().mono;
		erm_source_frr_ops.look_now(probe->source);
	}
	return 0;
}

static int add_prefix(struct erm_session_config *session, char *text)
{
	struct erm_prefix *prefix = &session->expected[session->n_expected];
	char *length = strchr(text, '/');

	if (!length || session->n_expected == ERM_EXPECTED_MAX)
		return -EINVAL;
	*length++ = '\0';
	prefix->length = (uint8_t)strtoul(length, NULL, 10);
	session->n_expected++;
	return erm_addr_parse(text, &prefix->addr);
}

/* NEIGHBOR[=PREFIX[,PREFIX...]] */
static int add_session(struct erm_session_config *session, char *text)
{
	char *word = strchr(text, '=');
	char *rest = NULL;
	int r = 0;

	if (word)
		*word++ = '\0';
	r = erm_addr_parse(text, &session->neighbor);
	session->family = session->neighbor.family == AF_INET6 ? ERM_FAMILY_IPV6 : ERM_FAMILY_IPV4;
	if (r < 0 || !word)
		return r;
	session->expected = calloc(ERM_EXPECTED_MAX, sizeof(*session->expected));
	if (!session->expected)
		return -ENOMEM;
	for (word = strtok_r(word, ",", &rest); word && r >= 0; word = strtok_r(NULL, ",", &rest))
		r = add_prefix(session, word);
	return r;
}

static int configure(struct probe *probe, char *argv[], uint32_t n_neighbors)
{
	struct erm_config *config = erm_config_new();

	if (!config)
		return -ENOMEM;
	probe->config = config;
	config->sources = calloc(1, sizeof(*config->sources));
	config->sessions = calloc(n_neighbors + 1, sizeof(*config->sessions));
	probe->sessions = calloc(n_neighbors + 1, sizeof(*probe->sessions));
	if (!config->sources || !config->sessions || !probe->sessions)
		return -ENOMEM;
	config->n_sources = 1;
	config->n_sessions = n_neighbors;
	config->sources[0] = (struct erm_source_config){
		.name = strdup("probe"),
		.type = ERM_SOURCE_TYPE_FRR,
		.socket = strdup(argv[1]),
		.poll_usec = strtoull(argv[2], NULL, 10) * ERM_USEC_PER_MSEC,
		.timeout_usec = strtoull(argv[3], NULL, 10) * ERM_USEC_PER_MSEC,
		.resync_usec = 5 * ERM_USEC_PER_SEC,
		.stale_after_usec = 3 * ERM_USEC_PER_SEC,
		.max_reply_bytes = 4 << 20,
	};
	for (uint32_t i = 0; i < n_neighbors; i++) {
		if (add_session(&config->sessions[i], argv[4 + i]) < 0)
			return -EINVAL;
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
	r = erm_source_frr_ops.start(&env, probe->config, 0, &probe->source);
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

	if (argc < 4) {
		(void)fputs("frr_probe SOCKET POLL-MSEC TIMEOUT-MSEC NEIGHBOR[=PREFIX...]...\n",
			    stderr);
		return EXIT_FAILURE;
	}
	erm_log_open();
	r = configure(&probe, argv, (uint32_t)argc - 4);
	if (r >= 0)
		r = run(&probe);
	if (r < 0)
		(void)fprintf(stderr, "frr_probe: %s\n", strerrordesc_np(-r));

	(void)getrusage(RUSAGE_SELF, &usage);
	printf("cost user %llu system %llu rss-kib %ld requests %llu dumps %u hints %u\n",
	       usec_of(usage.ru_utime), usec_of(usage.ru_stime), usage.ru_maxrss,
	       (unsigned long long)probe.src.counters.requests, probe.n_dumps, probe.n_hints);
	erm_source_frr_ops.free(probe.source);
	sd_event_unref(probe.event);
	erm_config_unref(probe.config);
	free(probe.sessions);
	return r < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
