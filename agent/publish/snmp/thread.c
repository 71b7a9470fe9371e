/*
 * The SNMP publisher: libnetsnmp, confined to one thread with the classic select
 * loop, as it blocks inside (seconds, while snmpd is stopped) and would have epoll
 * forget its sockets.  The main thread hands over snapshots and events under a
 * mutex that is never held across a call into the library, so it never waits.
 */
#include "base/thread.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "base/usec.h"
#include "publish/publisher.h"
#include "publish/snmp/handler.h"
#include "publish/snmp/library.h"
#include "publish/snmp/master.h"
#include "publish/snmp/queue.h"

#define BEAT_USEC (10 * ERM_USEC_PER_SEC) /* the loop turns at least this often */
/* A stopped master holds each of a dozen calls (close, connect, register a table) for 5 s: hung is not dead. */
#define ALIVE_USEC (300 * ERM_USEC_PER_SEC)
#define STOP_USEC  (900 * ERM_USEC_PER_MSEC)
#define KICK_SEC   6

/* glibc's name for the member, until it has the one of timer_create(2). */
#ifndef sigev_notify_thread_id
#define sigev_notify_thread_id _sigev_un._tid
#endif

struct erm_publisher {
	pthread_t thread;
	int wake_fd;
	_Atomic bool is_stopping;
	_Atomic usec_t beat; /* CLOCK_MONOTONIC of the thread's last turn */

	pthread_mutex_t lock; /* of everything down to the empty line */
	struct erm_snmp_queue queue;
	struct erm_snapshot *snapshot; /* handed over, not taken yet */
	char *address;
	char *new_address; /* handed over, not taken yet */
	unsigned int ping_sec;
	bool is_connected, is_registered;
	uint64_t reconnects;

	/* The thread's own. */
	struct erm_snapshot *current;
	struct erm_snmp_view view;
	struct erm_snmp_master master;
	timer_t kick_timer;
	bool has_kick_timer;
};

static unsigned int ping_sec_of(const struct erm_config *config)
{
	usec_t sec = (config->agent.agentx_ping_usec + ERM_USEC_PER_SEC - 1) / ERM_USEC_PER_SEC;

	return sec < 1 ? 1 : sec > 3600 ? 3600 : (unsigned int)sec;
}

static void beat(struct erm_publisher *pub)
{
	atomic_store_explicit(&pub->beat, erm_time_now().mono, memory_order_relaxed);
}

/* connect(2) to a stopped master whose backlog is full blocks for good; a signal ends it. */
static void set_kick_timer(struct erm_publisher *pub, bool is_on)
{
	struct itimerspec every = { 0 };

	if (is_on)
		every.it_value.tv_sec = every.it_interval.tv_sec = KICK_SEC;
	if (pub->has_kick_timer)
		(void)timer_settime(pub->kick_timer, 0, &every, NULL);
}

static void start_kick_timer(struct erm_publisher *pub)
{
	struct sigevent event = { .sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGUSR1 };

	event.sigev_notify_thread_id = gettid();
	pub->has_kick_timer = timer_create(CLOCK_MONOTONIC, &event, &pub->kick_timer) == 0;
	set_kick_timer(pub, true);
}

static void on_master_change(void *userdata)
{
	struct erm_publisher *pub = userdata;
	bool is_connected = pub->master.session != NULL;
	bool was_connected;

	beat(pub);
	(void)pthread_mutex_lock(&pub->lock);
	was_connected = pub->is_connected;
	pub->is_connected = is_connected;
	pub->is_registered = pub->master.is_registered;
	pub->reconnects = pub->master.sessions > 0 ? pub->master.sessions - 1 : 0;
	(void)pthread_mutex_unlock(&pub->lock);
	if (is_connected == was_connected)
		return;
	set_kick_timer(pub, !is_connected);
	if (is_connected)
		erm_log_info("SNMP: connected to the AgentX master agent");
	else
		erm_log_warning("SNMP: lost the AgentX master agent; notifications are kept");
}

static void fill_health(const struct erm_publisher *pub, struct erm_publisher_health *ret)
{
	const struct erm_snmp_queue *q = &pub->queue;

	ret->is_connected = pub->is_connected;
	ret->queued = erm_snmp_queue_length(q);
	ret->acked_sequence = q->acked_sequence;
	ret->delivered = q->delivered;
	ret->resent = q->resent;
	ret->dropped = q->dropped;
	ret->rejected = q->rejected;
	ret->reconnects = pub->reconnects;
}

/* Takes what the main thread handed over. */
static void take_over(struct erm_publisher *pub)
{
	_cleanup_free_ char *address = NULL;
	struct erm_snapshot *snapshot;

	(void)pthread_mutex_lock(&pub->lock);
	snapshot = ERM_TAKE_PTR(pub->snapshot);
	address = ERM_TAKE_PTR(pub->new_address);
	pub->master.ping_sec = pub->ping_sec;
	fill_health(pub, &pub->view.health);
	(void)pthread_mutex_unlock(&pub->lock);
	if (snapshot) {
		(void)erm_snapshot_unref(pub->current);
		pub->current = snapshot;
		pub->view.snapshot = snapshot;
	}
	if (address) {
		erm_snmp_library_set_address(address);
		erm_snmp_master_reset(&pub->master);
	}
}

static void *thread_main(void *arg)
{
	struct erm_publisher *pub = arg;

	(void)pthread_setname_np(pthread_self(), "ermond-snmp");
	start_kick_timer(pub);
	take_over(pub);
	if (erm_snmp_library_start(&pub->master, &pub->view) < 0)
		erm_log_error("SNMP: cannot register ERMON-MIB in libnetsnmp");
	while (!atomic_load(&pub->is_stopping)) {
		usec_t now = erm_time_now().mono;
		usec_t left = erm_usec_sub(erm_snmp_master_run(&pub->master, now), now);

		erm_snmp_library_wait(pub->wake_fd, left < BEAT_USEC ? left : BEAT_USEC);
		beat(pub);
		take_over(pub);
		erm_snmp_library_serve();
	}
	erm_snmp_library_stop(&pub->master);
	if (pub->has_kick_timer)
		(void)timer_delete(pub->kick_timer);
	return NULL;
}

static void ignore_signal(int signo)
{
	(void)signo; /* its arrival is the message: a blocked call returns with EINTR */
}

static int start_thread(struct erm_publisher *pub)
{
	struct sigaction action = { .sa_handler = ignore_signal };

	(void)sigemptyset(&action.sa_mask);
	(void)sigaction(SIGUSR1, &action, NULL);
	return erm_thread_start(&pub->thread, thread_main, pub, SIGUSR1);
}

static void release(struct erm_publisher *pub)
{
	erm_snmp_queue_done(&pub->queue);
	(void)erm_snapshot_unref(pub->snapshot);
	(void)erm_snapshot_unref(pub->current);
	(void)close(pub->wake_fd);
	(void)pthread_mutex_destroy(&pub->lock);
	free(pub->address);
	free(pub->new_address);
	free(pub);
}

static int snmp_start(const struct erm_publisher_env *env, struct erm_publisher **ret)
{
	struct erm_publisher *pub = calloc(1, sizeof(*pub));
	int r;

	if (!pub)
		return -ENOMEM;
	erm_snmp_queue_init(&pub->queue);
	(void)pthread_mutex_init(&pub->lock, NULL);
	pub->master.lock = &pub->lock;
	pub->master.queue = &pub->queue;
	pub->master.view = &pub->view;
	pub->master.on_change = on_master_change;
	pub->master.userdata = pub;
	pub->master.ping_sec = pub->ping_sec = ping_sec_of(env->config);
	pub->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	pub->address = strdup(env->config->agent.agentx_address);
	pub->new_address = strdup(env->config->agent.agentx_address);
	if (pub->wake_fd < 0 || !pub->address || !pub->new_address) {
		r = pub->wake_fd < 0 ? -errno : -ENOMEM;
		release(pub);
		return r;
	}
	/* The library would look for MIB files and for a place to keep its state. */
	(void)setenv("MIBS", "", 1);
	(void)setenv("SNMP_PERSISTENT_DIR", env->runtime_dir, 1);
	beat(pub);
	r = start_thread(pub);
	if (r < 0) {
		release(pub);
		return r;
	}
	*ret = pub;
	return 0;
}

static void wake(struct erm_publisher *pub)
{
	(void)eventfd_write(pub->wake_fd, 1);
}

static void snmp_publish(struct erm_publisher *pub, struct erm_snapshot *snapshot,
			 struct erm_event *const *events, uint32_t n)
{
	struct erm_snapshot *old;

	(void)erm_snapshot_ref(snapshot);
	(void)pthread_mutex_lock(&pub->lock);
	old = pub->snapshot;
	pub->snapshot = snapshot;
	for (uint32_t i = 0; i < n; i++) {
		/* A heartbeat that comes late tells nothing. */
		if (events[i]->kind == ERM_EVENT_HEARTBEAT && !pub->is_connected)
			continue;
		erm_snmp_queue_push(&pub->queue, events[i]);
	}
	(void)pthread_mutex_unlock(&pub->lock);
	(void)erm_snapshot_unref(old);
	/* Requests see a new snapshot whenever they come; only notifications are urgent. */
	if (n > 0)
		wake(pub);
}

static void snmp_health(const struct erm_publisher *pub, struct erm_publisher_health *ret)
{
	pthread_mutex_t *lock = pub->master.lock; /* &pub->lock, and not const */
	usec_t last = atomic_load_explicit(&pub->beat, memory_order_relaxed);
	struct erm_publisher_health health = { 0 };
	bool is_registered;

	(void)pthread_mutex_lock(lock);
	fill_health(pub, &health);
	is_registered = pub->is_registered;
	health.is_alive = erm_usec_sub(erm_time_now().mono, last) < ALIVE_USEC;
	if (!health.is_connected) {
		(void)snprintf(health.text, sizeof(health.text), "no AgentX master agent at %.60s",
			       pub->address);
	}
	(void)pthread_mutex_unlock(lock);
	if (health.is_connected && !is_registered) {
		(void)snprintf(health.text, sizeof(health.text),
			       "AgentX connected, but another sub-agent holds ERMON-MIB");
	} else if (health.is_connected && health.queued > 0) { /* a hung master stays connected */
		(void)snprintf(health.text, sizeof(health.text),
			       "AgentX connected, %u notifications not taken yet", health.queued);
	} else if (health.is_connected) {
		(void)snprintf(health.text, sizeof(health.text), "AgentX connected");
	}
	*ret = health;
}

static int snmp_reconfigure(struct erm_publisher *pub, struct erm_config *config)
{
	char *address = strdup(config->agent.agentx_address);
	char *new_address = strdup(config->agent.agentx_address);

	if (!address || !new_address) {
		free(address);
		free(new_address);
		return -ENOMEM;
	}
	(void)pthread_mutex_lock(&pub->lock);
	pub->ping_sec = ping_sec_of(config);
	if (strcmp(pub->address, address) != 0) {
		free(pub->address);
		free(pub->new_address);
		pub->address = ERM_TAKE_PTR(address);
		pub->new_address = ERM_TAKE_PTR(new_address);
	}
	(void)pthread_mutex_unlock(&pub->lock);
	free(address);
	free(new_address);
	wake(pub);
	return 0;
}

static void snmp_free(struct erm_publisher *pub)
{
	usec_t deadline = erm_usec_add(erm_time_now().mono, STOP_USEC);

	if (!pub)
		return;
	atomic_store(&pub->is_stopping, true);
	wake(pub);
	while (erm_time_now().mono < deadline) {
		struct timespec turn;

		(void)clock_gettime(CLOCK_REALTIME, &turn);
		turn.tv_nsec += 10000000;
		turn.tv_sec += turn.tv_nsec / 1000000000;
		turn.tv_nsec %= 1000000000;
		if (pthread_timedjoin_np(pub->thread, NULL, &turn) == 0) {
			release(pub);
			return;
		}
		(void)pthread_kill(pub->thread, SIGUSR1);
	}
	/* It waits for a stopped master, for at most 5 s more; what it uses is left to it. */
	erm_log_warning("SNMP: the master agent does not answer; not waiting for it");
	(void)pthread_detach(pub->thread);
}

const struct erm_publisher_ops erm_publisher_snmp_ops = {
	.name = "snmp",
	.start = snmp_start,
	.publish = snmp_publish,
	.health = snmp_health,
	.reconfigure = snmp_reconfigure,
	.free = snmp_free,
};
