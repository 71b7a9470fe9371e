/*
 * What the model costs: one link's change, a storm, and memory over a million
 * events; an argument picks one of change, storm, memory.  Prints one line a
 * figure, in CPU time.  No daemon, no kernel, no router.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../tests/replay/lab_config.h"
#include "base/cleanup.h"
#include "core/model.h"

#define ROUNDS    400U
#define STORM     2000U
#define PER_TURN  64U
#define MANY      1000000U
#define N_CIRCUIT 1000U

struct bench {
	struct erm_config *config;
	struct erm_model *model;
	struct erm_time now;
	uint64_t n_events;
};

/* Of this process alone: what else the machine does counts as little as can be. */
static double cpu_usec(void)
{
	return (double)clock() * 1e6 / CLOCKS_PER_SEC;
}

static void must(int r)
{
	if (r < 0)
		abort();
}

static void apply(struct bench *b, struct erm_obs *obs)
{
	obs->at = b->now;
	must(erm_model_apply(b->model, obs));
}

static void tell_link(struct bench *b, uint32_t i, bool has_carrier)
{
	struct erm_obs obs = { .kind = ERM_OBS_INTERFACE,
			       .source = LAB_KERNEL,
			       .iface = { .interface = i,
					  .is_present = true,
					  .is_admin_up = true,
					  .has_carrier = has_carrier,
					  .is_oper_up = has_carrier } };

	apply(b, &obs);
}

static void tell_session(struct bench *b, uint32_t i)
{
	struct erm_obs obs = { .kind = ERM_OBS_SESSION,
			       .source = LAB_ROUTER,
			       .session = { .session = i,
					    .is_configured = true,
					    .bgp = ERM_BGP_ESTABLISHED,
					    .has_received = true,
					    .prefixes_received = 10,
					    .remote_as = 12076 } };

	apply(b, &obs);
}

static void commit(struct bench *b)
{
	struct erm_snapshot *snapshot = NULL;
	struct erm_events events = { 0 };

	must(erm_model_commit(b->model, b->now, &snapshot, &events));
	b->n_events += events.n;
	erm_events_done(&events);
	(void)erm_snapshot_unref(snapshot);
}

static void pass(struct bench *b, usec_t span)
{
	b->now.mono += span;
	b->now.real += span;
}

/* Each circuit on two ports of its own, a tenth of them in groups of two. */
static struct erm_config *make_config(uint32_t n)
{
	struct erm_config *c = lab_config_new();
	char names[3][16];

	for (uint32_t i = 0; i < n; i++) {
		(void)snprintf(names[0], sizeof(names[0]), "c%u", i);
		(void)snprintf(names[1], sizeof(names[1]), "a%u", i);
		(void)snprintf(names[2], sizeof(names[2]), "b%u", i);
		(void)lab_config_circuit(c, names[0], ERM_MODEL_DIRECT, names[1], names[2]);
	}
	for (uint32_t i = 0; i + 1 < n; i += 20) {
		(void)snprintf(names[0], sizeof(names[0]), "g%u", i);
		for (uint32_t k = 0, group = lab_config_group(c, names[0]); k < 2; k++)
			lab_config_member(c, group, ERM_RESOURCE_CIRCUIT, i + k);
	}
	for (uint32_t i = 0; i < c->n_sources; i++)
		c->sources[i].stale_after_usec = ERM_USEC_INFINITY;
	return c;
}

static void start(struct bench *b, struct erm_config *config)
{
	struct erm_obs ok = { .kind = ERM_OBS_SOURCE,
			      .src = { .state = ERM_SOURCE_OK, .reason = ERM_REASON_NONE } };

	*b = (struct bench){ .config = config, .now = { 1000000000, 1700000000000000 } };
	must(erm_model_new(config, NULL, b->now, &b->model));
	for (uint32_t i = 0; i < config->n_interfaces; i++)
		tell_link(b, i, true);
	for (uint32_t i = 0; i < config->n_sessions; i++)
		tell_session(b, i);
	for (ok.source = 0; ok.source < LAB_N_SOURCES; ok.source++)
		apply(b, &ok);
	commit(b);
}

static void end(struct bench *b)
{
	(void)erm_model_free(b->model);
	(void)erm_config_unref(b->config);
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a;
	double y = *(const double *)b;

	return (x > y) - (x < y);
}

static void bench_change(uint32_t n)
{
	double begun = cpu_usec();
	double took[ROUNDS];
	struct bench b;

	start(&b, make_config(n));
	printf("%5u circuits: start %.1f ms\n", n, (cpu_usec() - begun) / 1000);
	for (uint32_t i = 0; i < ROUNDS; i++) {
		pass(&b, 100000);
		begun = cpu_usec();
		tell_link(&b, i / 2 % b.config->n_interfaces, i % 2);
		commit(&b);
		took[i] = (cpu_usec() - begun);
	}
	qsort(took, ROUNDS, sizeof(took[0]), compare);
	printf("%5u circuits: one link's change, apply and commit: median %.0f us, p99 %.0f us, "
	       "max %.0f us\n",
	       n, took[ROUNDS / 2], took[ROUNDS * 99 / 100], took[ROUNDS - 1]);
	end(&b);
}

static void bench_storm(void)
{
	double begun = 0;
	struct bench b;

	start(&b, make_config(N_CIRCUIT));
	for (int is_up = 0; is_up < 2; is_up++) {
		double longest = 0;

		b.n_events = 0;
		begun = cpu_usec();
		for (uint32_t i = 0; i < STORM; i += PER_TURN) {
			double turn = cpu_usec();

			for (uint32_t k = i; k < i + PER_TURN && k < STORM; k++)
				tell_link(&b, k % b.config->n_interfaces, is_up);
			pass(&b, 1000);
			commit(&b);
			turn = cpu_usec() - turn;
			longest = turn > longest ? turn : longest;
		}
		printf("storm of %u links %s, %u a commit: %.1f ms in all, longest turn %.1f ms, "
		       "%llu events\n",
		       STORM, is_up ? "up" : "down", PER_TURN, (cpu_usec() - begun) / 1000,
		       longest / 1000, (unsigned long long)b.n_events);
		pass(&b, 3600 * ERM_USEC_PER_SEC);
		commit(&b);
	}
	end(&b);
}

static long rss_kib(void)
{
	long pages = 0;
	FILE *f = fopen("/proc/self/statm", "re");
	char line[128];
	char *rest = NULL;

	if (f && fgets(line, sizeof(line), f)) {
		(void)strtol(line, &rest, 10);
		pages = strtol(rest, NULL, 10);
	}
	if (f)
		(void)fclose(f);
	return pages * 4;
}

/* Every hold and interval away, so that each change is an event. */
static void bench_memory(void)
{
	struct erm_config *config = make_config(100);
	double begun = cpu_usec();
	struct bench b;
	uint64_t next = MANY / 5;

	for (unsigned int t = 1; t < ERM_ALARM_TYPE_MAX; t++)
		config->agent.hold[t] = (struct erm_hold){ 0, 0 };
	config->agent.min_interval_usec = 0;
	config->agent.flap_suppress = 1e300;
	start(&b, config);
	for (bool is_up = false; b.n_events < MANY; is_up = !is_up) {
		for (uint32_t i = 0; i < config->n_interfaces; i++)
			tell_link(&b, i, is_up);
		pass(&b, 1000);
		commit(&b);
		if (b.n_events < next)
			continue;
		printf("after %llu events: RSS %ld KiB\n", (unsigned long long)b.n_events,
		       rss_kib());
		next += MANY / 5;
	}
	printf("%u events in %.1f s\n", MANY, (cpu_usec() - begun) / 1e6);
	end(&b);
}

static bool is_wanted(int argc, char *argv[], const char *what)
{
	return argc < 2 || strcmp(argv[1], what) == 0;
}

int main(int argc, char *argv[])
{
	static const uint32_t sizes[] = { 10, 100, N_CIRCUIT };

	for (size_t i = 0; is_wanted(argc, argv, "change") && i < ERM_ELEMENTS(sizes); i++)
		bench_change(sizes[i]);
	if (is_wanted(argc, argv, "storm"))
		bench_storm();
	if (is_wanted(argc, argv, "memory"))
		bench_memory();
	return EXIT_SUCCESS;
}
