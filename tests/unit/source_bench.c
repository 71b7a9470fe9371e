#include "source_bench.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct source_bench bench;
static char folder[64];

void bench_open_folder(void)
{
	(void)snprintf(folder, sizeof(folder), "/tmp/ermon-%.40s-XXXXXX",
		       program_invocation_short_name);
	ck_assert_ptr_nonnull(mkdtemp(folder));
	ck_assert_int_eq(chmod(folder, 0755), 0);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

void bench_close_folder(void)
{
	ck_assert_int_eq(nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
}

void bench_init(unsigned int kinds, void (*note)(const struct erm_obs *obs))
{
	memset(&bench, 0, sizeof(bench));
	bench.kinds = kinds;
	bench.note = note;
	bench.patience_usec = 10 * SEC;
	ck_assert_int_ge(sd_event_new(&bench.event), 0);
	if (folder[0] == '\0')
		return;
	(void)snprintf(bench.dir, sizeof(bench.dir), "%s/XXXXXX", folder);
	ck_assert_ptr_nonnull(mkdtemp(bench.dir));
	ck_assert_int_eq(chmod(bench.dir, 0755), 0);
}

void bench_done(const struct erm_source_ops *ops)
{
	ops->free(bench.source);
	bench.source = NULL;
	bench.config = erm_config_unref(bench.config);
	bench.event = sd_event_unref(bench.event);
	free(bench.told);
	bench.told = NULL;
}

static void begin_dump(void)
{
	ck_assert(!bench.is_in_dump);
	bench.is_in_dump = true;
	bench.n_begun++;
	bench.n_in_dump = 0;
}

static void end_dump(const struct erm_obs *obs)
{
	ck_assert(bench.is_in_dump);
	ck_assert_uint_lt(bench.n_dumps, BENCH_DUMPS_MAX);
	bench.is_in_dump = false;
	bench.dump_asked[bench.n_dumps] = obs->asked;
	bench.dump_at[bench.n_dumps++] = obs->at.mono;
}

static void record(const struct erm_obs *obs)
{
	switch (obs->kind) {
	case ERM_OBS_SOURCE:
		bench.src = obs->src;
		bench.n_src++;
		bench.n_ok += obs->src.state == ERM_SOURCE_OK;
		bench.n_lost += obs->src.state == ERM_SOURCE_LOST;
		bench.was_void |= obs->src.is_void;
		bench.reasons |= 1U << obs->src.reason;
		break;
	case ERM_OBS_DUMP_BEGIN:
		begin_dump();
		break;
	case ERM_OBS_DUMP_END:
		end_dump(obs);
		break;
	case ERM_OBS_SESSION:
		ck_assert_uint_lt(obs->session.session, BENCH_SESSIONS_MAX);
		bench.session = bench.sessions[obs->session.session] = obs->session;
		bench.n_sessions++;
		bench.n_in_dump += bench.is_in_dump;
		bench.at = obs->at;
		bench.asked = obs->asked;
		break;
	case ERM_OBS_NEIGHBOR:
		bench.at = obs->at;
		bench.asked = obs->asked;
		break;
	case ERM_OBS_INTERFACE:
	case ERM_OBS_OPTICS:
		break;
	}
}

static void on_emit(void *userdata, const struct erm_obs *obs)
{
	ck_assert_ptr_eq(userdata, &bench);
	ck_assert_uint_eq(obs->source, bench.index);
	ck_assert_uint_gt(obs->at.mono, 0);
	ck_assert_uint_le(obs->asked, obs->at.mono);
	ck_assert_msg(bench.kinds & 1U << obs->kind, "such a source does not tell of %d",
		      (int)obs->kind);
	if (bench.n_told == bench.n_alloc) {
		bench.n_alloc = bench.n_alloc ? 2 * bench.n_alloc : 256;
		bench.told = realloc(bench.told, bench.n_alloc * sizeof(*bench.told));
		ck_assert_ptr_nonnull(bench.told);
	}
	bench.told[bench.n_told++] = *obs;
	record(obs);
	if (bench.note)
		bench.note(obs);
}

static void on_hint(void *userdata, uint32_t from_source)
{
	ck_assert_ptr_eq(userdata, &bench);
	ck_assert_uint_eq(from_source, bench.index);
	bench.n_hints++;
}

struct erm_source_env bench_env(void)
{
	return (struct erm_source_env){
		.event = bench.event, .emit = on_emit, .hint = on_hint, .userdata = &bench
	};
}

static void set_session(struct erm_session_config *session, const char *text)
{
	const char *blank = strchr(text, ' ');
	char neighbor[ERM_ADDR_STRLEN] = "";

	(void)snprintf(neighbor, sizeof(neighbor), "%.*s",
		       blank ? (int)(blank - text) : (int)strlen(text), text);
	ck_assert_int_eq(erm_addr_parse(neighbor, &session->neighbor), 0);
	if (blank)
		ck_assert_int_eq(erm_addr_parse(blank + 1, &session->local_address), 0);
	session->family = session->neighbor.family == AF_INET6 ? ERM_FAMILY_IPV6 : ERM_FAMILY_IPV4;
}

struct erm_config *bench_make_config(const struct erm_source_config *settings,
				     const char *const *sessions, uint32_t n)
{
	struct erm_config *config = erm_config_new();

	ck_assert_ptr_nonnull(config);
	config->sources = calloc(1, sizeof(*config->sources));
	config->sessions = calloc(n ? n : 1, sizeof(*config->sessions));
	ck_assert(config->sources && config->sessions);
	config->n_sources = 1;
	config->sources[0] = *settings;
	config->sources[0].name = strdup("edge");
	config->n_sessions = n;
	for (uint32_t i = 0; i < n; i++) {
		set_session(&config->sessions[i], sessions[i]);
		ck_assert_int_eq(erm_session_add_source(config, i, 0), 0);
	}
	return config;
}

void bench_reconfigure(const struct erm_source_ops *ops, struct erm_config *config)
{
	ck_assert_int_eq(ops->reconfigure(bench.source, config, bench.index), 0);
	(void)erm_config_unref(bench.config);
	bench.config = config;
}

usec_t bench_monotonic(void)
{
	return erm_time_now().mono;
}

void bench_turn(usec_t end, const char *what)
{
	ck_assert_msg(bench_monotonic() < end, "never: %s (%s, %s)", what,
		      erm_source_reason_name(bench.src.reason), bench.src.text);
	ck_assert_int_ge(sd_event_run(bench.event, 10 * MSEC), 0);
	ck_assert_int_ne(sd_event_get_state(bench.event), SD_EVENT_FINISHED);
}

void bench_pass(usec_t usec)
{
	usec_t end = bench_monotonic() + usec;

	for (usec_t now = 0; (now = bench_monotonic()) < end;) {
		ck_assert_int_ge(sd_event_run(bench.event, end - now), 0);
		ck_assert_int_ne(sd_event_get_state(bench.event), SD_EVENT_FINISHED);
	}
}

bool bench_is_lost(enum erm_source_reason reason)
{
	return bench.src.state == ERM_SOURCE_LOST && bench.src.reason == reason;
}

bool bench_has_dumps(unsigned int n)
{
	return bench.src.state == ERM_SOURCE_OK && bench.n_dumps >= n;
}

void bench_await_ok(void)
{
	UNTIL(bench.src.state == ERM_SOURCE_OK);
}

void bench_await_lost(enum erm_source_reason reason)
{
	UNTIL(bench_is_lost(reason));
	ck_assert_str_ne(bench.src.text, "");
}

void bench_await_dumps(unsigned int n)
{
	unsigned int wanted = bench.n_dumps + n;

	UNTIL(bench_has_dumps(wanted));
}
