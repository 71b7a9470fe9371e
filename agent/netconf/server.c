#include "netconf/server.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"

#define ACCEPT_PER_TURN 16
#define LOG_PERIOD_USEC (60 * ERM_USEC_PER_SEC)
/* Where a session's process finds its two descriptors. */
#define CLIENT_FD  3
#define CHANNEL_FD 4

struct erm_nc_server {
	sd_event *event;
	int listen_fd;
	const struct erm_models *models;
	const struct erm_nc_options *options;
	sd_event_source *listen_source, *listen_timer;
	struct erm_nc_table table;
	usec_t refused_logged_usec;
};

struct process { /* userdata of an entry */
	struct erm_nc_server *server;
	struct erm_nc_entry *entry;
	pid_t pid;
	int channel;
	struct erm_nc_counters *counters; /* shared with it alone */
	sd_event_source *child_source, *channel_source;
};

static const char *end_text(enum erm_nc_end end)
{
	switch (end) {
	case ERM_NC_END_CLOSED:
		return "closed";
	case ERM_NC_END_DROPPED:
		return "the client left";
	case ERM_NC_END_BAD_HELLO:
		return "no proper hello";
	case ERM_NC_END_FRAMING:
		return "the client broke the framing";
	case ERM_NC_END_MALFORMED:
		return "a message was no XML";
	case ERM_NC_END_TOO_LARGE:
		return "a message was too large";
	case ERM_NC_END_TIMEOUT:
		return "the client was silent too long";
	case ERM_NC_END_FAILURE:
	case ERM_NC_END_MAX:
		break;
	}
	return "a failure of the system";
}

/* Accepts NULL.  The process must have ended, or be about to. */
static void process_free(struct process *process)
{
	if (!process)
		return;
	sd_event_source_disable_unref(process->channel_source);
	sd_event_source_disable_unref(process->child_source);
	if (process->channel >= 0)
		(void)close(process->channel);
	if (process->entry)
		process->entry->row.counters = *process->counters;
	(void)munmap(process->counters, sizeof(*process->counters));
	if (process->entry)
		erm_nc_table_remove(&process->server->table, process->entry);
	free(process);
}

static int on_child(sd_event_source *source, const siginfo_t *info, void *userdata)
{
	struct process *process = userdata;
	const struct erm_nc_row *row = &process->entry->row;
	struct erm_nc_totals *totals = &process->server->table.totals;

	(void)source;
	if (info->si_code != CLD_EXITED) {
		totals->dropped_sessions++;
		erm_log_notice("Session %u of %s was ended by signal %d", row->id, row->user,
			       info->si_status);
	} else {
		totals->in_bad_hellos += info->si_status == ERM_NC_END_BAD_HELLO;
		totals->dropped_sessions += info->si_status != ERM_NC_END_CLOSED;
		erm_log_info("Session %u of %s ended: %s", row->id, row->user,
			     end_text((enum erm_nc_end)info->si_status));
	}
	process_free(process);
	return 0;
}

/* --- What a session's process may ask --- */

static void answer_list(const struct process *process)
{
	const struct erm_nc_table *table = &process->server->table;
	size_t size = sizeof(struct erm_channel_message) + table->n * sizeof(struct erm_nc_row);
	_cleanup_free_ struct erm_channel_message *message = calloc(1, size);

	if (!message)
		return;
	for (const struct erm_nc_entry *entry = table->first; entry; entry = entry->next) {
		struct process *other = entry->userdata;

		other->entry->row.counters = *other->counters;
	}
	message->type = ERM_CHANNEL_ROWS;
	message->totals = erm_nc_table_totals(table);
	for (const struct erm_nc_entry *entry = table->first; entry; entry = entry->next)
		message->rows[message->n_rows++] = entry->row;
	/* Who asks and does not read gets nothing. */
	(void)send(process->channel, message, size, MSG_NOSIGNAL | MSG_DONTWAIT);
}

static void answer_kill(const struct process *process, uint32_t id)
{
	const struct erm_nc_table *table = &process->server->table;
	struct erm_channel_message message = { .type = ERM_CHANNEL_RESULT };
	const struct process *other;

	message.result = erm_nc_table_may_kill(table, process->entry, id);
	if (message.result == 0) {
		other = erm_nc_table_find(table, id)->userdata;
		erm_log_notice("Session %u of %s kills session %u of %s", process->entry->row.id,
			       process->entry->row.user, id, other->entry->row.user);
		(void)kill(other->pid, SIGKILL);
	}
	(void)send(process->channel, &message, sizeof(message), MSG_NOSIGNAL | MSG_DONTWAIT);
}

static int on_channel(sd_event_source *source, int fd, uint32_t revents, void *userdata)
{
	struct process *process = userdata;
	struct erm_channel_message message;
	ssize_t n = recv(fd, &message, sizeof(message), MSG_DONTWAIT | MSG_TRUNC);

	(void)revents;
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (n != sizeof(message)) {
		/* It has ended, or is not itself any more. */
		(void)sd_event_source_set_enabled(source, SD_EVENT_OFF);
		if (n > 0)
			(void)kill(process->pid, SIGKILL);
		return 0;
	}
	if (message.type == ERM_CHANNEL_LIST)
		answer_list(process);
	else if (message.type == ERM_CHANNEL_KILL)
		answer_kill(process, message.id);
	else
		(void)kill(process->pid, SIGKILL);
	return 0;
}

/* --- A new session --- */

/* In the new process: nothing of the server's but its memory is left. */
__attribute__((noreturn)) static void become_session(const struct process *process, int client,
						     int channel)
{
	struct erm_nc_env env = {
		.models = process->server->models,
		.ctl = process->server->options->ctl,
		.session_id = process->entry->row.id,
		.channel = CHANNEL_FD,
		.counters = process->counters,
	};
	sigset_t none;

	/* The two may be where the other is to go. */
	client = fcntl(client, F_DUPFD_CLOEXEC, CHANNEL_FD + 1);
	channel = fcntl(channel, F_DUPFD_CLOEXEC, CHANNEL_FD + 1);
	if (client < 0 || channel < 0 || dup2(client, CLIENT_FD) < 0 ||
	    dup2(channel, CHANNEL_FD) < 0 || close_range(CHANNEL_FD + 1, ~0U, 0) < 0)
		_exit(ERM_NC_END_FAILURE);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	_exit((int)erm_nc_session_run(CLIENT_FD, process->server->options, &env));
}

static int watch(struct process *process)
{
	sd_event *event = process->server->event;
	int r = sd_event_add_child(event, &process->child_source, process->pid, WEXITED, on_child,
				   process);

	if (r >= 0)
		r = sd_event_add_io(event, &process->channel_source, process->channel, EPOLLIN,
				    on_channel, process);
	/* What it told last counts. */
	if (r >= 0)
		r = sd_event_source_set_priority(process->child_source,
						 SD_EVENT_PRIORITY_NORMAL + 1);
	return r;
}

/* No process yet; NULL: nothing is left. */
static struct process *process_new(struct erm_nc_server *server, struct erm_nc_entry *entry,
				   int pair[2])
{
	struct process *process = calloc(1, sizeof(*process));
	struct erm_nc_counters *counters = mmap(NULL, sizeof(*counters), PROT_READ | PROT_WRITE,
						MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (!process || counters == MAP_FAILED ||
	    socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0) {
		if (counters != MAP_FAILED)
			(void)munmap(counters, sizeof(*counters));
		free(process);
		return NULL;
	}
	*process = (struct process){
		.server = server, .entry = entry, .channel = pair[0], .counters = counters
	};
	return process;
}

static int start_process(struct erm_nc_server *server, struct erm_nc_entry *entry, int client)
{
	int pair[2];
	struct process *process = process_new(server, entry, pair);
	int r;

	entry->userdata = process;
	if (!process) {
		erm_nc_table_remove(&server->table, entry);
		return -ENOMEM;
	}
	process->pid = fork();
	if (process->pid == 0)
		become_session(process, client, pair[1]);
	/* Not for the sessions to come. */
	(void)madvise(process->counters, sizeof(*process->counters), MADV_DONTFORK);
	r = process->pid < 0 ? -errno : watch(process);
	(void)close(pair[1]);
	if (r < 0) {
		if (process->pid > 0) {
			(void)kill(process->pid, SIGKILL);
			(void)waitpid(process->pid, NULL, 0);
		}
		process_free(process);
	}
	return r;
}

/* At most one line a minute; the counter tells the rest. */
static void log_refused(struct erm_nc_server *server, const char *user, const char *why)
{
	usec_t now = erm_time_now().mono;

	if (server->refused_logged_usec > 0 && now - server->refused_logged_usec < LOG_PERIOD_USEC)
		return;
	server->refused_logged_usec = now;
	erm_log_notice("Refused a session of %s: %s", user, why);
}

static void add_session(struct erm_nc_server *server, int client)
{
	struct erm_nc_entry *entry = NULL;
	struct ucred peer = { 0 };
	socklen_t len = sizeof(peer);
	char user[ERM_NC_USER_MAX];
	const struct passwd *passwd;
	int r;

	if (getsockopt(client, SOL_SOCKET, SO_PEERCRED, &peer, &len) < 0)
		return;
	passwd = getpwuid(peer.uid);
	(void)snprintf(user, sizeof(user), passwd ? "%s" : "%.0suid-%u",
		       passwd ? passwd->pw_name : "", peer.uid);
	r = erm_nc_table_add(&server->table, peer.uid, user, erm_time_now().real, &entry);
	if (r < 0) {
		log_refused(server, user,
			    r == -EDQUOT ? "the user has as many as may be" : "there are too many");
		return;
	}
	erm_log_info("Session %u of %s, process %d", entry->row.id, user, (int)peer.pid);
	r = start_process(server, entry, client);
	if (r < 0)
		log_refused(server, user, strerror(-r));
}

static int on_listen(sd_event_source *source, int fd, uint32_t revents, void *userdata)
{
	struct erm_nc_server *server = userdata;

	(void)revents;
	for (int i = 0; i < ACCEPT_PER_TURN; i++) {
		int client = accept4(fd, NULL, NULL, SOCK_CLOEXEC);

		if (client >= 0) {
			add_session(server, client);
			(void)close(client);
			continue;
		}
		if (errno == EAGAIN)
			return 0;
		if (errno == EINTR || errno == ECONNABORTED)
			continue;
		/* Out of descriptors: the socket stays readable, so look away for a second. */
		erm_log_warning("Cannot accept sessions: %s", strerror(errno));
		(void)sd_event_source_set_enabled(source, SD_EVENT_OFF);
		(void)sd_event_source_set_time(server->listen_timer,
					       erm_time_now().mono + ERM_USEC_PER_SEC);
		(void)sd_event_source_set_enabled(server->listen_timer, SD_EVENT_ONESHOT);
		return 0;
	}
	return 0;
}

static int on_listen_timer(sd_event_source *source, uint64_t usec, void *userdata)
{
	const struct erm_nc_server *server = userdata;

	(void)source;
	(void)usec;
	(void)sd_event_source_set_enabled(server->listen_source, SD_EVENT_ON);
	return 0;
}

int erm_nc_server_new(sd_event *event, int listen_fd, const struct erm_models *models,
		      const struct erm_nc_options *options, const struct erm_nc_limits *limits,
		      struct erm_nc_server **ret)
{
	ERM_CLEANUP(erm_nc_server_freep) struct erm_nc_server *server = calloc(1, sizeof(*server));
	int r;

	if (!server)
		return -ENOMEM;
	server->event = sd_event_ref(event);
	server->listen_fd = listen_fd;
	server->models = models;
	server->options = options;
	server->table.limits = *limits;
	server->table.totals.start_usec = erm_time_now().real;
	r = sd_event_add_io(event, &server->listen_source, listen_fd, EPOLLIN, on_listen, server);
	if (r >= 0)
		r = sd_event_add_time(event, &server->listen_timer, CLOCK_MONOTONIC,
				      ERM_USEC_INFINITY, 0, on_listen_timer, server);
	if (r >= 0)
		r = sd_event_source_set_enabled(server->listen_timer, SD_EVENT_OFF);
	if (r < 0)
		return r;
	*ret = ERM_TAKE_PTR(server);
	return 0;
}

struct erm_nc_server *erm_nc_server_free(struct erm_nc_server *server)
{
	if (!server)
		return NULL;
	while (server->table.first) {
		struct process *process = server->table.first->userdata;

		(void)kill(process->pid, SIGKILL);
		(void)waitpid(process->pid, NULL, 0);
		process_free(process);
	}
	sd_event_source_disable_unref(server->listen_timer);
	sd_event_source_disable_unref(server->listen_source);
	sd_event_unref(server->event);
	free(server);
	return NULL;
}
