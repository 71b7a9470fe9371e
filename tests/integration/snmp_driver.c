/*
 * The SNMP publisher without the rest of ermond: reads commands from stdin, feeds
 * synthetic snapshots and events.  For the integration tests and the bench.
 *   burst N         publishes N events in one go
 *   paced N USEC    N events, one each USEC
 *   heartbeat       publishes one heartbeat
 *   health          prints the publisher's health on one line
 *   address A       reconfigures the AgentX address
 * It ends at the end of its input.  An event's text holds the CLOCK_MONOTONIC of its
 * publishing in microseconds; stdout also tells the longest publish() of a command.
 */
#include <assert.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/usec.h"
#include "core/resource.h"
#include "publish/publisher.h"
#include "snmp_sample.h"

static struct erm_publisher *publisher;
static struct erm_snapshot *snapshot;
static uint32_t sequence;

static struct erm_event *new_event(bool is_heartbeat)
{
	char text[64];
	struct erm_event *event;

	(void)snprintf(text, sizeof(text), "at %" PRIu64, erm_time_now().mono);
	if (!is_heartbeat)
		sequence++;
	event = snmp_sample_event(sequence, text);
	if (is_heartbeat) {
		event->kind = ERM_EVENT_HEARTBEAT;
		event->type = 0;
		event->resource_kind = ERM_RESOURCE_AGENT;
	}
	return event;
}

/* Returns how long publish() took. */
static usec_t publish(struct erm_event **events, uint32_t n)
{
	usec_t before = erm_time_now().mono;

	erm_publisher_snmp_ops.publish(publisher, snapshot, events, n);
	return erm_time_now().mono - before;
}

static void burst(uint32_t n)
{
	struct erm_event **events = calloc(n, sizeof(struct erm_event *));
	usec_t took;

	assert(events);
	for (uint32_t i = 0; i < n; i++)
		events[i] = new_event(false);
	took = publish(events, n);
	for (uint32_t i = 0; i < n; i++)
		(void)erm_event_unref(events[i]);
	free(events);
	(void)printf("burst %u done, publish %" PRIu64 " us\n", n, took);
}

static void paced(uint32_t n, useconds_t pause)
{
	usec_t longest = 0;

	for (uint32_t i = 0; i < n; i++) {
		struct erm_event *event;
		usec_t took;

		(void)usleep(pause);
		event = new_event(false);
		took = publish(&event, 1);
		longest = took > longest ? took : longest;
		(void)erm_event_unref(event);
	}
	(void)printf("paced %u done, publish %" PRIu64 " us\n", n, longest);
}

static void print_health(void)
{
	struct erm_publisher_health h;

	erm_publisher_snmp_ops.health(publisher, &h);
	(void)printf("health alive=%d connected=%d queued=%u acked=%u delivered=%" PRIu64
		     " resent=%" PRIu64 " dropped=%" PRIu64 " rejected=%" PRIu64
		     " reconnects=%" PRIu64 " text=%s\n",
		     h.is_alive, h.is_connected, h.queued, h.acked_sequence, h.delivered, h.resent,
		     h.dropped, h.rejected, h.reconnects, h.text);
}

static void obey(char *line)
{
	char *word = strtok(line, " \n");
	const char *first = strtok(NULL, " \n");
	const char *second = strtok(NULL, " \n");

	if (!word)
		return;
	if (strcmp(word, "burst") == 0 && first) {
		burst((uint32_t)strtoul(first, NULL, 10));
	} else if (strcmp(word, "paced") == 0 && first && second) {
		paced((uint32_t)strtoul(first, NULL, 10), (useconds_t)strtoul(second, NULL, 10));
	} else if (strcmp(word, "heartbeat") == 0) {
		struct erm_event *event = new_event(true);

		(void)publish(&event, 1);
		(void)erm_event_unref(event);
	} else if (strcmp(word, "health") == 0) {
		print_health();
	} else if (strcmp(word, "address") == 0 && first) {
		free(snapshot->config->agent.agentx_address);
		snapshot->config->agent.agentx_address = strdup(first);
		(void)erm_publisher_snmp_ops.reconfigure(publisher, snapshot->config);
	} else {
		(void)fprintf(stderr, "unknown command: %s\n", word);
	}
}

int main(int argc, char **argv)
{
	struct snmp_sample_size size = {
		.n_circuits = 8, .n_alarms = 4, .n_events = 32, .first_sequence = 1
	};
	struct erm_publisher_env env = { 0 };
	char line[256];

	if (argc < 3 || argc > 4) {
		(void)fprintf(stderr, "usage: %s AGENTX-ADDRESS RUNTIME-DIR [CIRCUITS]\n", argv[0]);
		return 2;
	}
	if (argc == 4)
		size.n_circuits = (uint32_t)strtoul(argv[3], NULL, 10);
	erm_log_open();
	(void)signal(SIGPIPE, SIG_IGN);
	(void)setvbuf(stdout, NULL, _IOLBF, 0);
	snapshot = snmp_sample_new(&size);
	free(snapshot->config->agent.agentx_address);
	snapshot->config->agent.agentx_address = strdup(argv[1]);
	env.config = snapshot->config;
	env.runtime_dir = argv[2];
	if (erm_publisher_snmp_ops.start(&env, &publisher) < 0) {
		(void)fprintf(stderr, "cannot start\n");
		return 1;
	}
	(void)publish(NULL, 0);
	(void)printf("ready %d\n", getpid());
	while (fgets(line, sizeof(line), stdin))
		obey(line);
	erm_publisher_snmp_ops.free(publisher);
	(void)erm_snapshot_unref(snapshot);
	return 0;
}
