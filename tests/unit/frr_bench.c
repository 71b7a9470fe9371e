#include "frr_bench.h"

#include <check.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"

struct frr_bench bench;

static void note(const struct erm_obs *obs)
{
	switch (obs->kind) {
	case ERM_OBS_SOURCE:
		bench.src = obs->src;
		bench.n_ok += obs->src.state == ERM_SOURCE_OK;
		break;
	case ERM_OBS_DUMP_BEGIN:
		ck_assert(!bench.is_in_dump);
		bench.is_in_dump = true;
		bench.n_in_dump = 0;
		break;
	case ERM_OBS_DUMP_END:
		ck_assert(bench.is_in_dump);
		bench.is_in_dump = false;
		bench.n_dumps++;
		break;
	case ERM_OBS_SESSION:
		ck_assert_uint_lt(obs->session.session, FAKE_NEIGHBORS_MAX);
		bench.sessions[obs->session.session] = obs->session;
		bench.at = obs->at;
		bench.asked = obs->asked;
		/* only answers tell of sessions */
		ck_assert_uint_gt(obs->asked, 0);
		ck_assert_uint_le(obs->asked, obs->at.mono);
		bench.n_in_dump += bench.is_in_dump;
		break;
	case ERM_OBS_INTERFACE:
	case ERM_OBS_NEIGHBOR:
	case ERM_OBS_OPTICS:
		ck_abort_msg("a router's source told of something else");
	}
}

static void on_emit(void *userdata, const struct erm_obs *obs)
{
	(void)userdata;
	if (bench.n_told == bench.n_alloc) {
		bench.n_alloc = bench.n_alloc ? 2 * bench.n_alloc : 256;
		bench.told = realloc(bench.told, bench.n_alloc * sizeof(*bench.told));
		ck_assert_ptr_nonnull(bench.told);
	}
	bench.told[bench.n_told++] = *obs;
	note(obs);
}

static void on_hint(void *userdata, uint32_t from_source)
{
	(void)userdata;
	ck_assert_uint_eq(from_source, 0);
	bench.n_hints++;
}

struct erm_config *frr_bench_config(const char *const *neighbors, uint32_t n)
{
	struct erm_config *config = erm_config_new();

	ck_assert_ptr_nonnull(config);
	config->sources = calloc(1, sizeof(*config->sources));
	config->n_sources = 1;
	config->sources[0] = (struct erm_source_config){
		.name = strdup("edge"),
		.type = ERM_SOURCE_TYPE_FRR,
		.socket = strdup(bench.socket),
		.poll_usec = 20 * ERM_USEC_PER_MSEC,
		.timeout_usec = 200 * ERM_USEC_PER_MSEC,
		.stale_after_usec = ERM_USEC_PER_SEC,
		.max_reply_bytes = 1 << 20,
	};
	config->sessions = calloc(n ? n : 1, sizeof(*config->sessions));
	config->n_sessions = n;
	for (uint32_t i = 0; i < n; i++) {
		struct erm_session_config *session = &config->sessions[i];

		ck_assert_int_eq(erm_addr_parse(neighbors[i], &session->neighbor), 0);
		session->family =
			session->neighbor.family == AF_INET6 ? ERM_FAMILY_IPV6 : ERM_FAMILY_IPV4;
		ck_assert_int_eq(erm_session_add_source(config, i, 0), 0);
	}
	return config;
}

static char base[64];

void frr_bench_open(void)
{
	(void)snprintf(base, sizeof(base), "%s", "/tmp/ermon-frr-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(base));
	ck_assert_int_eq(chmod(base, 0755), 0);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

void frr_bench_close(void)
{
	ck_assert_int_eq(nftw(base, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
}

void frr_bench_setup(void)
{
	static const char *const neighbors[] = { FRR_A, FRR_B };

	erm_log_open();
	(void)snprintf(bench.dir, sizeof(bench.dir), "%s/XXXXXX", base);
	ck_assert_ptr_nonnull(mkdtemp(bench.dir));
	ck_assert_int_eq(chmod(bench.dir, 0755), 0);
	(void)snprintf(bench.socket, sizeof(bench.socket), "%s/bgpd.vty", bench.dir);
	ck_assert_int_ge(sd_event_new(&bench.event), 0);
	bench.config = frr_bench_config(neighbors, 2);
}

void frr_bench_teardown(void)
{
	erm_source_frr_ops.free(bench.source);
	fake_bgpd_stop(&bench.fake, false);
	bench.config = erm_config_unref(bench.config);
	sd_event_unref(bench.event);
	free(bench.told);
	(void)unlink(bench.socket);
	ck_assert_int_eq(rmdir(bench.dir), 0);
}

void frr_bench_router_up(void)
{
	fake_bgpd_start(&bench.fake, bench.event, bench.socket);
	if (bench.fake.n_neighbors > 0)
		return;
	fake_bgpd_add(&bench.fake, FRR_A, "Established", "");
	fake_bgpd_add(&bench.fake, FRR_B, "Established", "");
}

void frr_bench_start(void)
{
	struct erm_source_env env = { .event = bench.event, .emit = on_emit, .hint = on_hint };

	ck_assert_int_eq(erm_source_frr_ops.start(&env, bench.config, 0, &bench.source), 0);
}

static bool turn_until(bool (*holds)(void), usec_t limit)
{
	usec_t end = erm_time_now().mono + limit;

	while (!holds || !holds()) {
		usec_t now = erm_time_now().mono;

		if (now >= end)
			return false;
		ck_assert_int_ge(sd_event_run(bench.event, end - now), 0);
		ck_assert_int_ne(sd_event_get_state(bench.event), SD_EVENT_FINISHED);
	}
	return true;
}

bool frr_bench_turn_until(bool (*holds)(void))
{
	return turn_until(holds, 10 * ERM_USEC_PER_SEC);
}

void frr_bench_turn_for(usec_t usec)
{
	(void)turn_until(NULL, usec);
}

static enum erm_source_reason wanted_reason;
static unsigned int wanted_ok;

static bool has_reason(void)
{
	return bench.src.state == ERM_SOURCE_LOST && bench.src.reason == wanted_reason;
}

static bool is_ok(void)
{
	return bench.src.state == ERM_SOURCE_OK;
}

static bool has_cycles(void)
{
	return bench.n_ok >= wanted_ok;
}

void frr_bench_await_reason(enum erm_source_reason reason)
{
	wanted_reason = reason;
	ck_assert_msg(frr_bench_turn_until(has_reason), "reason stays %s, wanted %s: %s",
		      erm_source_reason_name(bench.src.reason), erm_source_reason_name(reason),
		      bench.src.text);
	ck_assert_str_ne(bench.src.text, "");
}

void frr_bench_await_ok(void)
{
	ck_assert_msg(frr_bench_turn_until(is_ok), "never ok: %s, %s",
		      erm_source_reason_name(bench.src.reason), bench.src.text);
}

void frr_bench_await_cycles(unsigned int n)
{
	wanted_ok = bench.n_ok + n;
	ck_assert_msg(frr_bench_turn_until(has_cycles), "no %u further cycles: %s", n,
		      bench.src.text);
}
