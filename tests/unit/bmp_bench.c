#include "bmp_bench.h"

#include <check.h>
#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/log.h"

struct bmp_bench bench;
const struct bmp_peer bmp_peer_a = { .addr = BMP_A, .as = 12076 };
const struct bmp_peer bmp_peer_b = { .addr = BMP_B, .as = 12076 };

static void note(const struct erm_obs *obs)
{
	switch (obs->kind) {
	case ERM_OBS_SOURCE:
		bench.src = obs->src;
		bench.n_src++;
		ck_assert(!obs->src.is_void);
		break;
	case ERM_OBS_SESSION:
		ck_assert_uint_lt(obs->session.session, BMP_SESSIONS);
		bench.sessions[obs->session.session] = obs->session;
		bench.n_sessions++;
		break;
	case ERM_OBS_DUMP_BEGIN:
	case ERM_OBS_DUMP_END:
	case ERM_OBS_INTERFACE:
	case ERM_OBS_NEIGHBOR:
	case ERM_OBS_OPTICS:
		ck_abort_msg("a BMP station told of something else");
	}
}

static void on_emit(void *userdata, const struct erm_obs *obs)
{
	(void)userdata;
	ck_assert_uint_eq(obs->source, 0);
	ck_assert_uint_eq(obs->asked, 0);
	ck_assert_uint_ne(obs->at.mono, 0);
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

static void take_session(struct erm_session_config *session, const char *text)
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

struct erm_config *bmp_bench_config(const char *const *sessions, uint32_t n)
{
	struct erm_config *config = erm_config_new();

	ck_assert_ptr_nonnull(config);
	config->sources = calloc(1, sizeof(*config->sources));
	config->n_sources = 1;
	config->sources[0] = (struct erm_source_config){
		.name = strdup("station"),
		.type = ERM_SOURCE_TYPE_BMP,
		.listen = strdup(bench.listen),
		.poll_usec = 20 * ERM_USEC_PER_MSEC,
		.timeout_usec = 60 * ERM_USEC_PER_MSEC, /* five are 0.3 s */
		.stale_after_usec = ERM_USEC_PER_SEC,
		.max_peers = 4096,
		.max_routers = 4,
	};
	config->sessions = calloc(n ? n : 1, sizeof(*config->sessions));
	config->n_sessions = n;
	for (uint32_t i = 0; i < n; i++) {
		take_session(&config->sessions[i], sessions[i]);
		ck_assert_int_eq(erm_session_add_source(config, i, 0), 0);
	}
	return config;
}

static char base[64];

void bmp_bench_open(void)
{
	(void)snprintf(base, sizeof(base), "%s", "/tmp/ermon-bmp-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(base));
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

void bmp_bench_close(void)
{
	ck_assert_int_eq(nftw(base, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
}

void bmp_bench_setup(void)
{
	static const char *const sessions[] = { BMP_A, BMP_B };

	erm_log_open();
	(void)snprintf(bench.dir, sizeof(bench.dir), "%s/XXXXXX", base);
	ck_assert_ptr_nonnull(mkdtemp(bench.dir));
	(void)snprintf(bench.listen, sizeof(bench.listen), "%s/bmp.sock", bench.dir);
	ck_assert_int_ge(sd_event_new(&bench.event), 0);
	bench.config = bmp_bench_config(sessions, 2);
}

void bmp_bench_teardown(void)
{
	erm_source_bmp_ops.free(bench.source);
	bench.config = erm_config_unref(bench.config);
	sd_event_unref(bench.event);
	free(bench.told);
	ck_assert_int_eq(rmdir(bench.dir), 0); /* it has removed its socket */
}

void bmp_bench_start(void)
{
	struct erm_source_env env = { .event = bench.event, .emit = on_emit, .hint = on_hint };

	ck_assert_int_eq(erm_source_bmp_ops.start(&env, bench.config, 0, &bench.source), 0);
}

void bmp_bench_reconfigure(struct erm_config *config)
{
	ck_assert_int_eq(erm_source_bmp_ops.reconfigure(bench.source, config, 0), 0);
	erm_config_unref(bench.config);
	bench.config = config;
}

int bmp_bench_connect(void)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	ck_assert_int_ge(fd, 0);
	ck_assert_uint_lt(strlen(bench.listen), sizeof(un.sun_path));
	memcpy(un.sun_path, bench.listen, strlen(bench.listen));
	ck_assert_int_eq(connect(fd, (const struct sockaddr *)&un, sizeof(un)), 0);
	return fd;
}

bool bmp_bench_try_send(int fd, const void *data, size_t len)
{
	const uint8_t *at = data;

	while (len > 0) {
		ssize_t n = send(fd, at, len, MSG_NOSIGNAL);

		if (n < 0 && errno == EAGAIN) {
			ck_assert_int_ge(sd_event_run(bench.event, 10 * ERM_USEC_PER_MSEC), 0);
			continue;
		}
		if (n < 0) {
			ck_assert(errno == EPIPE || errno == ECONNRESET);
			return false;
		}
		at += n;
		len -= (size_t)n;
	}
	return true;
}

void bmp_bench_send(int fd, struct bmp_bytes *b)
{
	ck_assert(bmp_bench_try_send(fd, b->data, b->len));
	b->len = 0;
}

int bmp_bench_router(const char *name)
{
	struct bmp_bytes b = { .len = 0 };
	int fd = bmp_bench_connect();

	bmp_initiation(&b, name);
	bmp_bench_send(fd, &b);
	return fd;
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

bool bmp_bench_turn_until(bool (*holds)(void))
{
	return turn_until(holds, 10 * ERM_USEC_PER_SEC);
}

void bmp_bench_turn_for(usec_t usec)
{
	(void)turn_until(NULL, usec);
}

static int closing_fd;
static unsigned int wanted_sessions;
static enum erm_source_reason wanted_reason;

static bool is_closed(void)
{
	char byte = 0;
	ssize_t n = recv(closing_fd, &byte, 1, 0);

	return n == 0 || (n < 0 && errno == ECONNRESET);
}

void bmp_bench_await_closed(int fd)
{
	closing_fd = fd;
	ck_assert_msg(bmp_bench_turn_until(is_closed), "the station keeps the connection");
	(void)close(fd);
}

static bool has_sessions(void)
{
	return bench.n_sessions >= wanted_sessions;
}

void bmp_bench_await_sessions(unsigned int n)
{
	wanted_sessions = n;
	ck_assert_msg(bmp_bench_turn_until(has_sessions), "only %u sessions told, wanted %u",
		      bench.n_sessions, n);
	ck_assert_uint_eq(bench.n_sessions, n);
}

static bool is_ok(void)
{
	return bench.src.state == ERM_SOURCE_OK;
}

void bmp_bench_await_ok(void)
{
	ck_assert_msg(bmp_bench_turn_until(is_ok), "never ok: %s, %s",
		      erm_source_reason_name(bench.src.reason), bench.src.text);
}

static bool has_reason(void)
{
	return bench.src.state == ERM_SOURCE_LOST && bench.src.reason == wanted_reason;
}

void bmp_bench_await_reason(enum erm_source_reason reason)
{
	wanted_reason = reason;
	ck_assert_msg(bmp_bench_turn_until(has_reason), "reason stays %s, wanted %s: %s",
		      erm_source_reason_name(bench.src.reason), erm_source_reason_name(reason),
		      bench.src.text);
	ck_assert_str_ne(bench.src.text, "");
}
