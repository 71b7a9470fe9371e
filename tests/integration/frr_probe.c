/*
 * The FRR source alone, against a real bgpd, as source_probe.h says; also when a hint was
 * answered.
 *
 *   frr_probe SOCKET POLL-MSEC TIMEOUT-MSEC NEIGHBOR[=PREFIX[,PREFIX...]]...
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "source_probe.h"

static struct erm_obs_session *sessions; /* as last told */

static void print_session(const struct erm_obs *obs)
{
	const struct erm_obs_session *s = &obs->session;
	char addr[ERM_ADDR_STRLEN];

	printf("%llu session %s %s %s %u/%u bfd %s received %u advertised %u dropped %u: %s\n",
	       (unsigned long long)obs->at.real,
	       erm_addr_format(&probe.config->sessions[s->session].neighbor, addr),
	       erm_bgp_state_name(s->bgp), erm_cause_name(s->reset_cause), s->error_code,
	       s->error_subcode, erm_bfd_state_name(s->bfd), s->prefixes_received,
	       s->prefixes_advertised, s->dropped_count, s->reset_text);
}

static void print_expected(const struct erm_obs *obs)
{
	const struct erm_obs_session *s = &obs->session;
	const struct erm_session_config *config = &probe.config->sessions[s->session];
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

static void take_session(const struct erm_obs *obs)
{
	struct erm_obs_session *was = &sessions[obs->session.session];

	if (!was->is_configured || was->bgp != obs->session.bgp || was->bfd != obs->session.bfd ||
	    was->prefixes_received != obs->session.prefixes_received ||
	    was->prefixes_advertised != obs->session.prefixes_advertised ||
	    was->dropped_count != obs->session.dropped_count)
		print_session(obs);
	if (was->has_expected != obs->session.has_expected ||
	    was->expected_received != obs->session.expected_received ||
	    was->has_path != obs->session.has_path || was->prepends != obs->session.prepends)
		print_expected(obs);
	*was = obs->session;
	/* an answer to a question asked before the hint proves nothing */
	if (probe.looked_at != 0 && obs->asked >= probe.looked_at) {
		printf("%llu looked %llu\n", (unsigned long long)obs->at.real,
		       (unsigned long long)(erm_time_now().mono - probe.looked_at));
		probe.looked_at = 0;
	}
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
static int add_session(char *text)
{
	struct erm_session_config *session = NULL;
	char *word = strchr(text, '=');
	char *rest = NULL;
	int r = 0;

	if (word)
		*word++ = '\0';
	r = source_probe_add(text);
	if (r < 0 || !word)
		return r;
	session = &probe.config->sessions[r];
	session->expected = calloc(ERM_EXPECTED_MAX, sizeof(*session->expected));
	if (!session->expected)
		return -ENOMEM;
	for (word = strtok_r(word, ",", &rest); word && r >= 0; word = strtok_r(NULL, ",", &rest))
		r = add_prefix(session, word);
	return r;
}

int main(int argc, char *argv[])
{
	struct erm_source_config settings = {
		.type = ERM_SOURCE_TYPE_FRR,
		.resync_usec = 5 * ERM_USEC_PER_SEC,
		.stale_after_usec = 3 * ERM_USEC_PER_SEC,
		.max_reply_bytes = 4 << 20,
	};
	int r = 0;

	if (argc < 4) {
		(void)fputs("frr_probe SOCKET POLL-MSEC TIMEOUT-MSEC NEIGHBOR[=PREFIX...]...\n",
			    stderr);
		return EXIT_FAILURE;
	}
	probe.ops = &erm_source_frr_ops;
	probe.print = take_session;
	settings.socket = strdup(argv[1]);
	settings.poll_usec = strtoull(argv[2], NULL, 10) * ERM_USEC_PER_MSEC;
	settings.timeout_usec = strtoull(argv[3], NULL, 10) * ERM_USEC_PER_MSEC;
	sessions = calloc((size_t)argc, sizeof(*sessions));
	r = sessions ? source_probe_configure(&settings, (size_t)argc - 4) : -ENOMEM;
	for (int i = 4; i < argc && r >= 0; i++)
		r = add_session(argv[i]);
	r = source_probe_run("frr_probe", r);
	free(sessions);
	return r;
}
