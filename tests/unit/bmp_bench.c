#include "bmp_bench.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/log.h"

const struct bmp_peer bmp_peer_a = { .addr = BMP_A, .as = 12076 };
const struct bmp_peer bmp_peer_b = { .addr = BMP_B, .as = 12076 };

static void note(const struct erm_obs *obs)
{
	ck_assert_uint_eq(obs->asked, 0);
	ck_assert(obs->kind != ERM_OBS_SOURCE || !obs->src.is_void);
}

struct erm_config *bmp_bench_config(const char *const *sessions, uint32_t n)
{
	const struct erm_source_config settings = {
		.type = ERM_SOURCE_TYPE_BMP,
		.listen = strdup(bench.path),
		.poll_usec = 20 * MSEC,
		.timeout_usec = 60 * MSEC, /* five are 0.3 s */
		.stale_after_usec = SEC,
		.max_peers = 4096,
		.max_routers = 4,
	};

	return bench_make_config(&settings, sessions, n);
}

void bmp_bench_setup(void)
{
	static const char *const sessions[] = { BMP_A, BMP_B };

	erm_log_open();
	bench_init(1U << ERM_OBS_SOURCE | 1U << ERM_OBS_SESSION, note);
	(void)snprintf(bench.path, sizeof(bench.path), "%s/bmp.sock", bench.dir);
	bench.config = bmp_bench_config(sessions, 2);
}

void bmp_bench_teardown(void)
{
	bench_done(&erm_source_bmp_ops);
	ck_assert_int_eq(rmdir(bench.dir), 0); /* it has removed its socket */
}

void bmp_bench_start(void)
{
	const struct erm_source_env env = bench_env();

	ck_assert_int_eq(erm_source_bmp_ops.start(&env, bench.config, 0, &bench.source), 0);
}

int bmp_bench_connect(void)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	ck_assert_int_ge(fd, 0);
	ck_assert_uint_lt(strlen(bench.path), sizeof(un.sun_path));
	memcpy(un.sun_path, bench.path, strlen(bench.path));
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

static bool is_closed(int fd)
{
	char byte = 0;
	ssize_t n = recv(fd, &byte, 1, 0);

	return n == 0 || (n < 0 && errno == ECONNRESET);
}

void bmp_bench_await_closed(int fd)
{
	UNTIL(is_closed(fd));
	(void)close(fd);
}

void bmp_bench_await_sessions(unsigned int n)
{
	UNTIL(bench.n_sessions >= n);
	ck_assert_uint_eq(bench.n_sessions, n);
}
