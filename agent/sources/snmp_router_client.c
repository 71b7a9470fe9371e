#include "sources/snmp_router_client.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"

#define TRIES           2
#define REPORTS_MAX     3 /* answered within one request: engine, its time, and once more */
#define DATAGRAMS_MAX   32
#define TIME_WINDOW_SEC 150 /* RFC 3414 section 2.2.3 */
#define TIMER_ACCURACY  ((uint64_t)1000)

/* 1.3.6.1.6.3.15.1.1: usmStats */
static const struct erm_snmpr_oid usm_stats = { 9, { 1, 3, 6, 1, 6, 3, 15, 1, 1 } };

enum report {
	REPORT_SECURITY_LEVEL = 1,
	REPORT_TIME_WINDOW,
	REPORT_USER,
	REPORT_ENGINE,
	REPORT_DIGEST,
	REPORT_DECRYPTION,
};

/* Ordered for the reader, one per router: NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding) */
struct erm_snmpr_client {
	sd_event *event;
	const struct erm_snmpr_client_handler *handler;
	void *userdata;
	struct erm_source_counters *counters;

	union erm_snmpr_address address;
	usec_t timeout_usec;
	int fd;
	sd_event_source *io, *timer;

	struct erm_snmpr_credentials credentials;
	struct erm_snmpr_keys keys; /* of the passwords */
	struct erm_snmpr_security security;
	bool is_synchronized; /* the engine's time is known, from an authentic message */
	bool has_answered;    /* a question to this engine */
	usec_t synchronized_at;

	bool is_busy;
	struct erm_snmpr_request request;
	struct erm_snmpr_oid names[ERM_SNMPR_ASK_MAX];
	int32_t id;
	unsigned int tries, reports;
	usec_t asked;
	/* Why no answer may have come. */
	int error;
	bool was_unintelligible, was_not_authentic;

	struct erm_snmpr_pdu pdu;
	uint8_t buffer[ERM_SNMPR_MESSAGE_MAX];
};

static void close_socket(struct erm_snmpr_client *client)
{
	client->io = sd_event_source_disable_unref(client->io);
	if (client->fd >= 0)
		(void)close(client->fd);
	client->fd = -1;
}

void erm_snmpr_client_drop(struct erm_snmpr_client *client)
{
	client->is_busy = false;
	(void)sd_event_source_set_enabled(client->timer, SD_EVENT_OFF);
}

/* A new socket for the next request: routes and own addresses may have changed. */
static void fail(struct erm_snmpr_client *client, enum erm_source_reason reason, const char *text)
{
	erm_snmpr_client_drop(client);
	close_socket(client);
	client->handler->failed(client->userdata, reason, text);
}

static void forget_engine(struct erm_snmpr_client *client)
{
	client->security.engine_len = 0;
	client->security.boots = client->security.time = 0;
	client->is_synchronized = client->has_answered = false;
}

static void fail_for_want(struct erm_snmpr_client *client)
{
	bool is_mute = client->is_synchronized && !client->has_answered;

	/* what is encrypted with another key an agent may throw away without a word */
	if (is_mute)
		forget_engine(client);
	if (is_mute && client->credentials.priv != ERM_SNMPR_PRIV_NONE) {
		fail(client, ERM_REASON_PERMISSION,
		     "no answer to what is encrypted: check priv-protocol and priv-password");
	} else if (client->was_not_authentic) {
		fail(client, ERM_REASON_PERMISSION,
		     "answers are not authentic: check user and keys");
	} else if (client->was_unintelligible) {
		fail(client, ERM_REASON_PROTOCOL, "answers are no SNMP");
	} else if (client->error == ECONNREFUSED) {
		fail(client, ERM_REASON_REFUSED, "refused: nobody listens on the port");
	} else if (client->error > 0) {
		fail(client, ERM_REASON_SYSTEM, strerrordesc_np(client->error));
	} else {
		fail(client, ERM_REASON_TIMEOUT,
		     client->credentials.community[0]
			     ? "no answer: agent unreachable, or another community"
			     : "no answer: agent unreachable");
	}
}

static int random_u64(uint64_t *ret)
{
	uint64_t value = 0;

	if (getrandom(&value, sizeof(value), GRND_NONBLOCK) != sizeof(value))
		return -EIO;
	*ret = value;
	return 0;
}

static void update_time(struct erm_snmpr_client *client, usec_t now)
{
	struct erm_snmpr_security *s = &client->security;
	usec_t passed = erm_usec_sub(now, client->synchronized_at) / ERM_USEC_PER_SEC;

	if (!client->is_synchronized || passed == 0)
		return;
	s->time = passed < INT32_MAX - s->time ? s->time + (uint32_t)passed : INT32_MAX;
	client->synchronized_at = erm_usec_add(client->synchronized_at, passed * ERM_USEC_PER_SEC);
}

static void send_now(struct erm_snmpr_client *client)
{
	uint8_t buffer[ERM_SNMPR_REQUEST_MAX];
	const uint8_t *message = NULL;
	usec_t now = erm_time_now().mono;
	size_t len = 0;
	ssize_t n;
	int r;

	update_time(client, now);
	client->security.salt++;
	r = erm_snmpr_message_write(&client->security, &client->request, client->id, buffer,
				    &message, &len);
	if (r < 0) {
		client->error = -r;
		return;
	}
	client->counters->requests++;
	/* what ICMP told of the one before is told by the next call: try again behind it */
	n = send(client->fd, message, len, MSG_NOSIGNAL);
	if (n < 0 && errno == ECONNREFUSED) {
		client->error = ECONNREFUSED;
		n = send(client->fd, message, len, MSG_NOSIGNAL);
	}
	if (n < 0 && errno != EAGAIN)
		client->error = errno;
}

static int arm(struct erm_snmpr_client *client)
{
	int r = sd_event_source_set_time(client->timer,
					 erm_usec_add(erm_time_now().mono, client->timeout_usec));

	return r < 0 ? r : sd_event_source_set_enabled(client->timer, SD_EVENT_ONESHOT);
}

static int on_timer(sd_event_source *event_source, uint64_t usec, void *userdata)
{
	struct erm_snmpr_client *client = userdata;

	(void)event_source;
	(void)usec;
	if (!client->is_busy)
		return 0;
	if (client->tries >= TRIES || client->fd < 0) {
		fail_for_want(client);
		return 0;
	}
	client->tries++;
	client->reports = 0;
	send_now(client);
	return arm(client);
}

/* False: its keys cannot be made. */
static bool learn_engine(struct erm_snmpr_client *client, const struct erm_snmpr_message *m)
{
	struct erm_snmpr_security *s = &client->security;

	forget_engine(client);
	if (erm_snmpr_keys_localize(&client->keys, m->engine.data, m->engine.left, &s->keys) < 0)
		return false;
	memcpy(s->engine, m->engine.data, m->engine.left);
	s->engine_len = m->engine.left;
	return true;
}

/* RFC 3414 section 3.2, step 7 b.  False: an old message, sent again by somebody. */
static bool check_time(struct erm_snmpr_client *client, const struct erm_snmpr_message *m)
{
	struct erm_snmpr_security *s = &client->security;
	usec_t now = erm_time_now().mono;

	update_time(client, now);
	if (client->is_synchronized &&
	    (m->boots < s->boots || (m->boots == s->boots && m->time + TIME_WINDOW_SEC < s->time)))
		return false;
	if (!client->is_synchronized || m->boots > s->boots || m->time > s->time) {
		s->boots = m->boots;
		s->time = m->time;
		client->synchronized_at = now;
		client->is_synchronized = true;
	}
	return true;
}

static int report_of(const struct erm_snmpr_pdu *pdu)
{
	if (pdu->n == 0 || !erm_snmpr_oid_is_below(&pdu->varbinds[0].name, &usm_stats) ||
	    pdu->varbinds[0].name.n <= usm_stats.n)
		return -EBADMSG;
	return (int)(pdu->varbinds[0].name.ids[usm_stats.n] & 0xff);
}

static void send_again(struct erm_snmpr_client *client)
{
	if (++client->reports > REPORTS_MAX) {
		fail(client, ERM_REASON_PROTOCOL, "the SNMPv3 engine changes with every answer");
		return;
	}
	send_now(client);
}

static void take_report(struct erm_snmpr_client *client, const struct erm_snmpr_message *m,
			bool is_authentic)
{
	switch (report_of(&client->pdu)) {
	case REPORT_ENGINE:
		if (m->engine.left == 0 || !learn_engine(client, m))
			fail(client, ERM_REASON_SYSTEM, "no keys can be made for its engine");
		else
			send_again(client);
		break;
	case REPORT_TIME_WINDOW:
		if (is_authentic) /* its time has been taken already */
			send_again(client);
		else
			client->was_not_authentic = true;
		break;
	case REPORT_USER:
		fail(client, ERM_REASON_PERMISSION, "the agent does not know the user");
		break;
	case REPORT_DIGEST:
		fail(client, ERM_REASON_PERMISSION,
		     "the agent refuses auth-protocol or auth-password");
		break;
	case REPORT_SECURITY_LEVEL:
		fail(client, ERM_REASON_PERMISSION,
		     "the agent refuses the level of security: another protocol?");
		break;
	case REPORT_DECRYPTION:
		fail(client, ERM_REASON_PERMISSION,
		     "the agent refuses priv-protocol or priv-password");
		break;
	default:
		fail(client, ERM_REASON_REJECTED, "the agent reports an unknown error");
	}
}

static void take_message(struct erm_snmpr_client *client, size_t len)
{
	struct erm_snmpr_message m;
	bool is_authentic = false;
	int r = erm_snmpr_message_parse(client->buffer, len, &m);

	/* a late answer to an earlier question, or not to ours */
	if (r >= 0 && m.version == 3 && m.msg_id != client->id)
		return;
	if (r >= 0)
		r = erm_snmpr_message_open(&client->security, &m, client->buffer, len, &client->pdu,
					   &is_authentic);
	if (r == -E2BIG)
		client->counters->limits_hit++;
	if (r == -EACCES)
		client->was_not_authentic = true;
	else if (r < 0)
		client->was_unintelligible = true;
	if (r < 0)
		return;
	if (is_authentic && !check_time(client, &m)) {
		client->was_not_authentic = true;
		return;
	}
	if (client->pdu.command == ERM_SNMPR_REPORT) {
		take_report(client, &m, is_authentic);
		return;
	}
	if (client->pdu.command != ERM_SNMPR_RESPONSE || client->pdu.request_id != client->id)
		return;
	client->has_answered = true;
	erm_snmpr_client_drop(client);
	client->handler->answer(client->userdata, &client->pdu, client->asked);
}

static int on_io(sd_event_source *event_source, int fd, uint32_t revents, void *userdata)
{
	struct erm_snmpr_client *client = userdata;

	(void)event_source;
	(void)revents;
	for (unsigned int i = 0; i < DATAGRAMS_MAX && client->fd == fd; i++) {
		ssize_t n = recv(fd, client->buffer, sizeof(client->buffer), 0);

		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			break;
		if (n < 0)
			client->error = errno;
		else if (client->is_busy)
			take_message(client, (size_t)n);
	}
	return 0;
}

static int open_socket(struct erm_snmpr_client *client)
{
	int r;

	client->fd =
		socket(client->address.any.sa_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (client->fd < 0)
		return -errno;
	if (connect(client->fd, &client->address.any, erm_snmpr_address_len(&client->address)) <
	    0) {
		r = -errno;
		close_socket(client);
		return r;
	}
	r = sd_event_add_io(client->event, &client->io, client->fd, EPOLLIN, on_io, client);
	if (r < 0) {
		close_socket(client);
		return r;
	}
	(void)sd_event_source_set_description(client->io, "snmp-router");
	return 0;
}

static int new_id(struct erm_snmpr_client *client)
{
	uint64_t number = 0;
	int r = random_u64(&number);

	if (r >= 0)
		client->id = (int32_t)(number & 0x7fffffff) | 1;
	return r;
}

int erm_snmpr_client_ask(struct erm_snmpr_client *client, const struct erm_snmpr_request *request)
{
	int r;

	assert(!client->is_busy);
	if (request->n > ERM_SNMPR_ASK_MAX)
		return -E2BIG;
	memcpy(client->names, request->names, request->n * sizeof(client->names[0]));
	client->request = *request;
	client->request.names = client->names;
	client->is_busy = true;
	client->tries = 1;
	client->reports = 0;
	client->error = 0;
	client->was_unintelligible = client->was_not_authentic = false;
	client->asked = erm_time_now().mono;
	r = new_id(client);
	if (r >= 0 && client->fd < 0)
		r = open_socket(client);
	if (r >= 0)
		send_now(client);
	else
		client->error = -r; /* told when the time is over */
	return arm(client);
}

bool erm_snmpr_client_is_busy(const struct erm_snmpr_client *client)
{
	return client->is_busy;
}

uint32_t erm_snmpr_client_boots(const struct erm_snmpr_client *client)
{
	return client->is_synchronized ? client->security.boots : 0;
}

void erm_snmpr_client_set_peer(struct erm_snmpr_client *client,
			       const union erm_snmpr_address *address, usec_t timeout_usec)
{
	client->timeout_usec = timeout_usec;
	if (erm_snmpr_address_equal(&client->address, address))
		return;
	erm_snmpr_client_drop(client);
	close_socket(client);
	forget_engine(client);
	client->address = *address;
}

int erm_snmpr_client_set_credentials(struct erm_snmpr_client *client,
				     const struct erm_snmpr_credentials *credentials)
{
	struct erm_snmpr_keys keys = { 0 };
	int r = erm_snmpr_keys_make(credentials, &keys);

	if (r < 0)
		return r;
	erm_snmpr_client_drop(client);
	forget_engine(client);
	client->credentials = *credentials;
	client->keys = keys;
	explicit_bzero(&keys, sizeof(keys));
	return 0;
}

const struct erm_snmpr_credentials *erm_snmpr_client_credentials(
	const struct erm_snmpr_client *client)
{
	return &client->credentials;
}

struct erm_snmpr_client *erm_snmpr_client_free(struct erm_snmpr_client *client)
{
	if (!client)
		return NULL;
	close_socket(client);
	sd_event_source_disable_unref(client->timer);
	explicit_bzero(client, sizeof(*client));
	free(client);
	return NULL;
}
ERM_DEFINE_CLEANUP(struct erm_snmpr_client *, erm_snmpr_client_free)

int erm_snmpr_client_new(sd_event *event, const struct erm_snmpr_client_handler *handler,
			 void *userdata, struct erm_source_counters *counters,
			 struct erm_snmpr_client **ret)
{
	ERM_CLEANUP(erm_snmpr_client_freep)
	struct erm_snmpr_client *client = calloc(1, sizeof(*client));
	int r;

	if (!client)
		return -ENOMEM;
	client->fd = -1;
	client->event = event;
	client->handler = handler;
	client->userdata = userdata;
	client->counters = counters;
	client->security.credentials = &client->credentials;
	r = random_u64(&client->security.salt);
	if (r < 0)
		return r;
	r = sd_event_add_time(event, &client->timer, CLOCK_MONOTONIC, 0, TIMER_ACCURACY, on_timer,
			      client);
	if (r < 0)
		return r;
	(void)sd_event_source_set_description(client->timer, "snmp-router-timer");
	(void)sd_event_source_set_enabled(client->timer, SD_EVENT_OFF);
	(void)sd_event_source_set_exit_on_failure(client->timer, 1);
	*ret = ERM_TAKE_PTR(client);
	return 0;
}
