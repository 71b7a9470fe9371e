#include "snmpr_fake.h"

#include <arpa/inet.h>
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BGP "1.3.6.1.2.1.15"
#define IF  "1.3.6.1.2.1.2.2.1"
#define IFX "1.3.6.1.2.1.31.1.1.1"

struct erm_snmpr_oid fake_oid(const char *name)
{
	struct erm_snmpr_oid oid = { 0 };

	for (char *end; *name; name = *end ? end + 1 : end)
		oid.ids[oid.n++] = (uint32_t)strtoul(name, &end, 10);
	return oid;
}

static struct fake_row *row_of(struct fake_agent *fake, const char *name)
{
	struct erm_snmpr_oid oid = fake_oid(name);
	unsigned int at = 0;

	while (at < fake->n_rows && erm_snmpr_oid_compare(&fake->rows[at].name, &oid) < 0)
		at++;
	if (at < fake->n_rows && erm_snmpr_oid_equal(&fake->rows[at].name, &oid))
		return &fake->rows[at];
	ck_assert_uint_lt(fake->n_rows, FAKE_ROWS_MAX);
	memmove(&fake->rows[at + 1], &fake->rows[at], (fake->n_rows - at) * sizeof(*fake->rows));
	fake->n_rows++;
	fake->rows[at] = (struct fake_row){ .name = oid };
	return &fake->rows[at];
}

void fake_agent_set(struct fake_agent *fake, const char *name, uint8_t type, uint32_t number)
{
	struct fake_row *row = row_of(fake, name);

	row->type = type;
	row->number = number;
}

void fake_agent_set_text(struct fake_agent *fake, const char *name, const void *text, size_t len)
{
	struct fake_row *row = row_of(fake, name);

	row->type = ERM_SNMPR_OCTETS;
	row->len = len;
	memcpy(row->text, text, len);
}

void fake_agent_drop(struct fake_agent *fake, const char *name)
{
	struct erm_snmpr_oid oid = fake_oid(name);
	unsigned int n = 0;

	for (unsigned int i = 0; i < fake->n_rows; i++) {
		if (!erm_snmpr_oid_is_below(&fake->rows[i].name, &oid))
			fake->rows[n++] = fake->rows[i];
	}
	fake->n_rows = n;
}

static void set_column(struct fake_agent *fake, const char *entry, unsigned int column,
		       const char *index, uint8_t type, uint32_t number)
{
	char name[128];

	(void)snprintf(name, sizeof(name), "%s.%u.%s", entry, column, index);
	fake_agent_set(fake, name, type, number);
}

static void set_text_column(struct fake_agent *fake, const char *entry, unsigned int column,
			    const char *index, const void *text, size_t len)
{
	char name[128];

	(void)snprintf(name, sizeof(name), "%s.%u.%s", entry, column, index);
	fake_agent_set_text(fake, name, text, len);
}

void fake_agent_peer(struct fake_agent *fake, const char *neighbor, unsigned int state,
		     uint32_t transitions)
{
	static const char entry[] = BGP ".3.1";

	fake_agent_set(fake, BGP ".2.0", ERM_SNMPR_INTEGER, 65010);
	set_column(fake, entry, 2, neighbor, ERM_SNMPR_INTEGER, state);
	set_column(fake, entry, 3, neighbor, ERM_SNMPR_INTEGER, 2);
	set_column(fake, entry, 9, neighbor, ERM_SNMPR_INTEGER, 12076);
	set_text_column(fake, entry, 14, neighbor, state == 6 ? "\0\0" : "\6\2", 2);
	set_column(fake, entry, 15, neighbor, ERM_SNMPR_COUNTER32, transitions);
	set_column(fake, entry, 16, neighbor, ERM_SNMPR_GAUGE32, 77);
}

void fake_agent_interface(struct fake_agent *fake, uint32_t ifindex, const char *name,
			  unsigned int oper, uint32_t last_change)
{
	char index[16];

	(void)snprintf(index, sizeof(index), "%u", ifindex);
	set_text_column(fake, IFX, 1, index, name, strlen(name));
	set_column(fake, IFX, 15, index, ERM_SNMPR_GAUGE32, 10000);
	set_text_column(fake, IF, 2, index, name, strlen(name));
	set_column(fake, IF, 4, index, ERM_SNMPR_INTEGER, 1500);
	set_column(fake, IF, 7, index, ERM_SNMPR_INTEGER, 1);
	set_column(fake, IF, 8, index, ERM_SNMPR_INTEGER, oper);
	set_column(fake, IF, 9, index, ERM_SNMPR_TIMETICKS, last_change);
}

void fake_agent_uptime(struct fake_agent *fake, uint32_t ticks)
{
	fake_agent_set(fake, "1.3.6.1.2.1.1.3.0", ERM_SNMPR_TIMETICKS, ticks);
}

/* --- Answers --- */

static void put_value(struct erm_ber_writer *w, const struct fake_row *row)
{
	uint8_t octets[5] = { 0, (uint8_t)(row->number >> 24), (uint8_t)(row->number >> 16),
			      (uint8_t)(row->number >> 8), (uint8_t)row->number };

	if (row->type == ERM_SNMPR_OCTETS)
		erm_ber_put_value(w, row->type, row->text, row->len);
	else if (row->type == ERM_SNMPR_INTEGER)
		erm_ber_put_int(w, (int32_t)row->number);
	else if (row->type >= ERM_SNMPR_NO_OBJECT)
		erm_ber_put_value(w, row->type, NULL, 0);
	else
		erm_ber_put_value(w, row->type, octets, sizeof(octets));
}

static const struct fake_row *next_row(const struct fake_agent *fake,
				       const struct erm_snmpr_oid *name)
{
	for (unsigned int i = 0; i < fake->n_rows; i++) {
		if (erm_snmpr_oid_compare(&fake->rows[i].name, name) > 0)
			return &fake->rows[i];
	}
	return NULL;
}

/* As agents do: the column exists when any row of it does. */
static struct fake_row get_row(const struct fake_agent *fake, const struct erm_snmpr_oid *name)
{
	struct fake_row row = { .name = *name, .type = ERM_SNMPR_NO_OBJECT };
	struct erm_snmpr_oid table = *name;

	table.n = name->n > 8 ? 8 : name->n - 1;
	for (unsigned int i = 0; i < fake->n_rows; i++) {
		if (erm_snmpr_oid_equal(&fake->rows[i].name, name))
			return fake->rows[i];
		if (erm_snmpr_oid_is_below(&fake->rows[i].name, &table) && table.n == 8)
			row.type = ERM_SNMPR_NO_INSTANCE;
	}
	return row;
}

static void put_varbind(struct erm_ber_writer *w, const struct fake_row *row)
{
	const uint8_t *mark = w->at;

	put_value(w, row);
	erm_ber_put_oid(w, &row->name);
	erm_ber_wrap(w, ERM_BER_SEQUENCE, mark);
}

static unsigned int collect(struct fake_agent *fake, struct fake_row *rows)
{
	struct erm_snmpr_oid at = fake->pdu.varbinds[0].name;
	unsigned int n = 0;

	if (fake->pdu.command == ERM_SNMPR_GET) {
		for (; n < fake->pdu.n; n++)
			rows[n] = get_row(fake, &fake->pdu.varbinds[n].name);
		if (fake->fault == FAKE_AGENT_OTHER_NAMES)
			rows[0].name.ids[rows[0].name.n - 1]++;
		return n;
	}
	fake->n_bulk++;
	for (; n < (fake->fault == FAKE_AGENT_OVERFLOW ? 80 : 20); n++) {
		const struct fake_row *row = next_row(fake, &at);

		if (row && fake->fault == FAKE_AGENT_OVERFLOW && n > 0)
			row = &rows[n - 1];
		if (!row) {
			rows[n++] = (struct fake_row){ .name = at, .type = ERM_SNMPR_END_OF_VIEW };
			break;
		}
		rows[n] = *row;
		if (fake->fault != FAKE_AGENT_CIRCLES)
			at = row->name;
	}
	return n;
}

static void put_pdu(struct fake_agent *fake, struct erm_ber_writer *w)
{
	static struct fake_row rows[128];
	const uint8_t *mark = w->at;
	unsigned int n = fake->pdu.n > 0 ? collect(fake, rows) : 0;
	int error = fake->fault == FAKE_AGENT_ERROR ? fake->error : 0;

	if (fake->big > 0 && n > fake->big && fake->pdu.command == ERM_SNMPR_GET) {
		error = 1;
		n = 0;
	}
	for (unsigned int i = n; i > 0; i--)
		put_varbind(w, &rows[i - 1]);
	erm_ber_wrap(w, ERM_BER_SEQUENCE, mark);
	erm_ber_put_int(w, 0);
	erm_ber_put_int(w, error);
	erm_ber_put_int(w, fake->pdu.request_id + (fake->fault == FAKE_AGENT_OTHER_ID));
	erm_ber_wrap(w, ERM_SNMPR_RESPONSE, mark);
}

static void put_report(struct erm_ber_writer *w, uint32_t number)
{
	struct fake_row row = { .name = fake_oid("1.3.6.1.6.3.15.1.1.0.0"),
				.type = ERM_SNMPR_COUNTER32,
				.number = 1 };
	const uint8_t *mark = w->at;

	row.name.ids[9] = number;
	put_varbind(w, &row);
	erm_ber_wrap(w, ERM_BER_SEQUENCE, mark);
	erm_ber_put_int(w, 0);
	erm_ber_put_int(w, 0);
	erm_ber_put_int(w, 0);
	erm_ber_wrap(w, ERM_SNMPR_REPORT, mark);
}

/* The v3 frame around the scoped PDU that was written since mark. */
static void wrap_v3(struct fake_agent *fake, struct erm_ber_writer *w, int32_t id, uint8_t flags)
{
	static const uint8_t zeros[ERM_SNMPR_MAC_MAX];
	struct erm_snmpr_security *s = &fake->security;
	uint8_t salt[ERM_SNMPR_SALT_LEN] = "saltsal";
	size_t mac_len = flags & ERM_SNMPR_FLAG_AUTH ? erm_snmpr_mac_len(s->keys.auth) : 0;
	uint8_t *mac = NULL;
	const uint8_t *mark;
	uint32_t age = fake->fault == FAKE_AGENT_REPLAY && s->time > 3600 ? 3600 : 0;

	erm_ber_put_value(w, ERM_BER_OCTETS, NULL, 0);
	erm_ber_put_value(w, ERM_BER_OCTETS, s->engine, s->engine_len);
	erm_ber_wrap(w, ERM_BER_SEQUENCE, w->end);
	if (flags & ERM_SNMPR_FLAG_PRIV) {
		ck_assert_int_eq(erm_snmpr_crypt(&s->keys, true, s->boots, s->time - age, salt,
						 w->at, (size_t)(w->end - w->at)),
				 0);
		erm_ber_wrap(w, ERM_BER_OCTETS, w->end);
	}
	mark = w->at;
	erm_ber_put_value(w, ERM_BER_OCTETS, salt, flags & ERM_SNMPR_FLAG_PRIV ? 8 : 0);
	erm_ber_put_value(w, ERM_BER_OCTETS, zeros, mac_len);
	mac = w->at + 2;
	erm_ber_put_value(w, ERM_BER_OCTETS, fake->user.user, strlen(fake->user.user));
	erm_ber_put_int(w, (int32_t)(s->time - age));
	erm_ber_put_int(w, (int32_t)s->boots);
	erm_ber_put_value(w, ERM_BER_OCTETS, s->engine, s->engine_len);
	erm_ber_wrap(w, ERM_BER_SEQUENCE, mark);
	erm_ber_wrap(w, ERM_BER_OCTETS, mark);
	mark = w->at;
	erm_ber_put_int(w, 3);
	erm_ber_put_value(w, ERM_BER_OCTETS, &flags, 1);
	erm_ber_put_int(w, 65507);
	erm_ber_put_int(w, id);
	erm_ber_wrap(w, ERM_BER_SEQUENCE, mark);
	erm_ber_put_int(w, 3);
	erm_ber_wrap(w, ERM_BER_SEQUENCE, w->end);
	if (mac_len > 0)
		ck_assert_int_eq(erm_snmpr_mac_make(&s->keys, w->at, (size_t)(w->end - w->at), mac),
				 0);
	if (mac_len > 0 && fake->fault == FAKE_AGENT_FORGED)
		mac[0] ^= 1;
}

/* What it has against a request, as the number of its report; 0 = nothing. */
static uint32_t objection(struct fake_agent *fake, const struct erm_snmpr_message *m, size_t len)
{
	struct erm_snmpr_security *s = &fake->security;
	bool is_authentic = false;

	if (m->engine.left != s->engine_len ||
	    memcmp(m->engine.data, s->engine, s->engine_len) != 0)
		return 4;
	if (m->user.left != strlen(fake->user.user) ||
	    memcmp(m->user.data, fake->user.user, m->user.left) != 0)
		return 3;
	if (erm_snmpr_message_open(s, m, fake->in, len, &fake->pdu, &is_authentic) < 0)
		return 5;
	if (is_authentic && (m->boots != s->boots || m->time + 150 < s->time))
		return 2;
	return 0;
}

static void answer_v3(struct fake_agent *fake, struct erm_ber_writer *w,
		      const struct erm_snmpr_message *m, size_t len)
{
	uint32_t report = objection(fake, m, len);
	uint8_t flags = m->flags & (ERM_SNMPR_FLAG_AUTH | ERM_SNMPR_FLAG_PRIV);

	if (report > 0) {
		put_report(w, report);
		wrap_v3(fake, w, m->msg_id, report == 2 ? ERM_SNMPR_FLAG_AUTH : 0);
		return;
	}
	put_pdu(fake, w);
	wrap_v3(fake, w, m->msg_id, fake->fault == FAKE_AGENT_UNPROTECTED ? 0 : flags);
}

static bool answer(struct fake_agent *fake, size_t len, struct erm_ber_writer *w)
{
	struct erm_snmpr_message m = { 0 };

	ck_assert_int_eq(erm_snmpr_message_parse(fake->in, len, &m), 0);
	if (m.version == 3 && fake->is_v3) {
		answer_v3(fake, w, &m, len);
		return true;
	}
	if (m.version == 3 || fake->is_v3 || m.community.left != strlen(fake->community) ||
	    memcmp(m.community.data, fake->community, m.community.left) != 0)
		return false;
	ck_assert_int_eq(erm_snmpr_pdu_parse(&m.payload, &fake->pdu), 0);
	if (fake->pdu.n > fake->n_varbinds_max)
		fake->n_varbinds_max = fake->pdu.n;
	put_pdu(fake, w);
	erm_ber_put_value(w, ERM_BER_OCTETS, fake->community, strlen(fake->community));
	erm_ber_put_int(w, 1);
	erm_ber_wrap(w, ERM_BER_SEQUENCE, w->end);
	return true;
}

static void reply(struct fake_agent *fake, const void *data, size_t len)
{
	(void)!sendto(fake->fd, data, len, 0, &fake->client.sa, fake->client_len);
}

static int on_late(sd_event_source *source, uint64_t usec, void *userdata)
{
	struct fake_agent *fake = userdata;

	(void)source;
	(void)usec;
	reply(fake, fake->late, fake->late_len);
	return 0;
}

static void send_late(struct fake_agent *fake, const uint8_t *data, size_t len)
{
	fake->late = realloc(fake->late, len);
	ck_assert_ptr_nonnull(fake->late);
	memcpy(fake->late, data, len);
	fake->late_len = len;
	ck_assert_int_ge(sd_event_source_set_time(fake->timer,
						  erm_time_now().mono + fake->late_usec),
			 0);
	ck_assert_int_ge(sd_event_source_set_enabled(fake->timer, SD_EVENT_ONESHOT), 0);
}

static int on_io(sd_event_source *source, int fd, uint32_t revents, void *userdata)
{
	struct fake_agent *fake = userdata;
	struct erm_ber_writer w = erm_ber_writer_init(fake->out, sizeof(fake->out));
	ssize_t n;

	(void)source;
	(void)revents;
	fake->client_len = sizeof(fake->client);
	n = recvfrom(fd, fake->in, sizeof(fake->in), 0, &fake->client.sa, &fake->client_len);
	if (n <= 0)
		return 0;
	fake->n_requests++;
	if (fake->fault == FAKE_AGENT_SILENT || !answer(fake, (size_t)n, &w))
		return 0;
	ck_assert(!w.is_full);
	if (fake->fault == FAKE_AGENT_RUBBISH)
		reply(fake, "0\202rubbish", 9);
	else if (fake->fault == FAKE_AGENT_CUT)
		reply(fake, w.at, (size_t)(w.end - w.at) / 2);
	else if (fake->fault == FAKE_AGENT_LATE)
		send_late(fake, w.at, (size_t)(w.end - w.at));
	else
		reply(fake, w.at, (size_t)(w.end - w.at));
	return 0;
}

void fake_agent_set_user(struct fake_agent *fake, const struct erm_snmpr_credentials *user,
			 const char *engine)
{
	struct erm_snmpr_security *s = &fake->security;
	struct erm_snmpr_keys keys = { 0 };

	fake->is_v3 = true;
	fake->user = *user;
	s->credentials = &fake->user;
	s->engine_len = strlen(engine);
	memcpy(s->engine, engine, s->engine_len);
	s->boots = 3;
	s->time = 5000;
	ck_assert_int_eq(erm_snmpr_keys_make(user, &keys), 0);
	ck_assert_int_eq(erm_snmpr_keys_localize(&keys, s->engine, s->engine_len, &s->keys), 0);
}

void fake_agent_start(struct fake_agent *fake, sd_event *event)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	socklen_t len = sizeof(at);

	fake->event = event;
	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fake->address[0]) /* started again, where it was */
		at.sin_port = htons((uint16_t)atoi(strrchr(fake->address, ':') + 1));
	fake->fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	ck_assert_int_ge(fake->fd, 0);
	ck_assert_int_eq(bind(fake->fd, (struct sockaddr *)&at, sizeof(at)), 0);
	ck_assert_int_eq(getsockname(fake->fd, (struct sockaddr *)&at, &len), 0);
	(void)snprintf(fake->address, sizeof(fake->address), "udp:127.0.0.1:%u",
		       ntohs(at.sin_port));
	ck_assert_int_ge(sd_event_add_io(event, &fake->io, fake->fd, EPOLLIN, on_io, fake), 0);
	ck_assert_int_ge(sd_event_add_time(event, &fake->timer, CLOCK_MONOTONIC, 0, 1000, on_late,
					   fake),
			 0);
	ck_assert_int_ge(sd_event_source_set_enabled(fake->timer, SD_EVENT_OFF), 0);
}

void fake_agent_stop(struct fake_agent *fake)
{
	fake->io = sd_event_source_disable_unref(fake->io);
	fake->timer = sd_event_source_disable_unref(fake->timer);
	free(fake->late);
	fake->late = NULL;
	if (fake->fd >= 0)
		(void)close(fake->fd);
	fake->fd = -1;
}
