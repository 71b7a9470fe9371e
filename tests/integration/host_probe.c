/*
 * A source of type sock-diag or neighbor alone, on the real kernel, as source_probe.h says.
 *
 *   host_probe TYPE [-p POLL-MSEC] [-r RESYNC-MSEC] [-s SILENT-SEC] [-a] NEIGHBOR[%INTERFACE][,LOCAL]...
 *
 * -a: neighbor asks the kernel to confirm.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "source_probe.h"

static int *told; /* by session: its state, 0 = none yet */

static void print_change(const struct erm_obs *obs, uint32_t session, int state, const char *word)
{
	char addr[ERM_ADDR_STRLEN];

	if (told[session] == state)
		return;
	told[session] = state;
	printf("%llu %s %s %s age %lld\n", (unsigned long long)obs->at.real,
	       obs->kind == ERM_OBS_SESSION ? "session" : "neighbor",
	       erm_addr_format(&probe.config->sessions[session].neighbor, addr), word,
	       obs->asked > 0 ? (long long)(obs->at.mono - obs->asked) : -1);
}

static void print(const struct erm_obs *obs)
{
	if (obs->kind == ERM_OBS_SESSION) {
		print_change(obs, obs->session.session, (int)obs->session.bgp + 1,
			     erm_bgp_state_name(obs->session.bgp));
	} else {
		print_change(obs, obs->neighbor.session, (int)obs->neighbor.state,
			     erm_neighbor_state_name(obs->neighbor.state));
	}
}

/* NEIGHBOR[%INTERFACE][,LOCAL] */
static int add_session(char *text)
{
	struct erm_config *config = probe.config;
	struct erm_connection_config *connection = &config->connections[config->n_connections];
	struct erm_session_config *session = NULL;
	char *local = strchr(text, ','), *interface = strchr(text, '%');
	int r = 0;

	if (local)
		*local = '\0';
	if (interface)
		*interface = '\0';
	r = source_probe_add(text);
	if (r < 0)
		return r;
	session = &config->sessions[r];
	session->connection = config->n_connections++;
	connection->interface = connection->port = ERM_NO_INDEX;
	if (interface) {
		connection->interface = config->n_interfaces;
		config->interfaces[config->n_interfaces++] =
			(struct erm_interface_config){ .name = strdup(interface + 1), .source = 1 };
	}
	return local ? erm_addr_parse(local + 1, &session->local_address) : 0;
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

int main(int argc, char *argv[])
{
	struct erm_source_config settings = {
		.type = ERM_SOURCE_TYPE_SOCK_DIAG,
		.poll_usec = 250 * ERM_USEC_PER_MSEC,
		.resync_usec = 30 * ERM_USEC_PER_SEC,
		.timeout_usec = 2 * ERM_USEC_PER_SEC,
		.stale_after_usec = 3 * ERM_USEC_PER_SEC,
	};
	int r = parse_options(argc, argv, &settings);

	if (r < 0) {
		(void)fputs("host_probe: wrong arguments\n", stderr);
		return 2;
	}
	probe.ops = settings.type == ERM_SOURCE_TYPE_NEIGHBOR ? &erm_source_neighbor_ops
							      : &erm_source_sockdiag_ops;
	probe.print = print;
	told = calloc((size_t)argc, sizeof(*told));
	r = told ? source_probe_configure(&settings, (size_t)(argc - optind - 1)) : -ENOMEM;
	for (int i = optind + 1; i < argc && r >= 0; i++)
		r = add_session(argv[i]);
	r = source_probe_run("host_probe", r);
	free(told);
	return r;
}
