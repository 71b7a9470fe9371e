#include "sources/snmp_router_message.h"

#include <errno.h>
#include <string.h>

#define VERSION_2C 1
#define VERSION_3  3
#define MODEL_USM  3

static uint8_t level_of(const struct erm_snmpr_credentials *credentials)
{
	uint8_t level = 0;

	if (credentials->auth != ERM_SNMPR_AUTH_NONE)
		level |= ERM_SNMPR_FLAG_AUTH;
	if (credentials->priv != ERM_SNMPR_PRIV_NONE)
		level |= ERM_SNMPR_FLAG_PRIV;
	return level;
}

/* The question for the engine cannot be protected: the keys depend on the answer. */
static uint8_t flags_of(const struct erm_snmpr_security *security)
{
	return ERM_SNMPR_FLAG_REPORTABLE |
	       (security->engine_len > 0 ? level_of(security->credentials) : 0);
}

static void put_pdu(struct erm_ber_writer *w, const struct erm_snmpr_request *request, int32_t id)
{
	const uint8_t *pdu = w->at;
	const uint8_t *list = w->at;

	for (uint32_t i = request->n; i > 0; i--) {
		const uint8_t *varbind = w->at;

		erm_ber_put_value(w, ERM_BER_NULL, NULL, 0);
		erm_ber_put_oid(w, &request->names[i - 1]);
		erm_ber_wrap(w, ERM_BER_SEQUENCE, varbind);
	}
	erm_ber_wrap(w, ERM_BER_SEQUENCE, list);
	erm_ber_put_int(w, request->max_repetitions);
	erm_ber_put_int(w, 0);
	erm_ber_put_int(w, id);
	erm_ber_wrap(w, (uint8_t)request->command, pdu);
}

static void put_be64(uint8_t at[ERM_SNMPR_SALT_LEN], uint64_t value)
{
	for (unsigned int i = 0; i < ERM_SNMPR_SALT_LEN; i++)
		at[i] = (uint8_t)(value >> (56 - 8 * i));
}

/* The scoped PDU, encrypted when it has to be. */
static int put_scoped(struct erm_ber_writer *w, const struct erm_snmpr_security *security,
		      const struct erm_snmpr_request *request, int32_t id,
		      const uint8_t salt[ERM_SNMPR_SALT_LEN])
{
	const uint8_t *mark = w->at;
	int r;

	put_pdu(w, request, id);
	erm_ber_put_value(w, ERM_BER_OCTETS, NULL, 0); /* the default context */
	erm_ber_put_value(w, ERM_BER_OCTETS, security->engine, security->engine_len);
	erm_ber_wrap(w, ERM_BER_SEQUENCE, mark);
	if (w->is_full || !(flags_of(security) & ERM_SNMPR_FLAG_PRIV))
		return 0;
	r = erm_snmpr_crypt(&security->keys, true, security->boots, security->time, salt, w->at,
			    (size_t)(mark - w->at));
	erm_ber_wrap(w, ERM_BER_OCTETS, mark);
	return r;
}

/* *ret_mac: where the MAC will be. */
static void put_usm(struct erm_ber_writer *w, const struct erm_snmpr_security *security,
		    const uint8_t salt[ERM_SNMPR_SALT_LEN], uint8_t **ret_mac)
{
	static const uint8_t zeros[ERM_SNMPR_MAC_MAX];
	const uint8_t *mark = w->at;
	uint8_t flags = flags_of(security);
	const char *user = security->engine_len > 0 ? security->credentials->user : "";

	erm_ber_put_value(w, ERM_BER_OCTETS, salt,
			  flags & ERM_SNMPR_FLAG_PRIV ? ERM_SNMPR_SALT_LEN : 0);
	if (flags & ERM_SNMPR_FLAG_AUTH) {
		size_t mac_len = erm_snmpr_mac_len(security->keys.auth);

		erm_ber_put_value(w, ERM_BER_OCTETS, zeros, mac_len);
		*ret_mac = w->at + 2; /* behind its tag and its length */
	} else {
		erm_ber_put_value(w, ERM_BER_OCTETS, NULL, 0);
	}
	erm_ber_put_value(w, ERM_BER_OCTETS, user, strlen(user));
	erm_ber_put_int(w, (int32_t)security->time);
	erm_ber_put_int(w, (int32_t)security->boots);
	erm_ber_put_value(w, ERM_BER_OCTETS, security->engine, security->engine_len);
	erm_ber_wrap(w, ERM_BER_SEQUENCE, mark);
	erm_ber_wrap(w, ERM_BER_OCTETS, mark);
}

static int write_v3(struct erm_ber_writer *w, const struct erm_snmpr_security *security,
		    const struct erm_snmpr_request *request, int32_t id)
{
	const uint8_t *mark = w->at;
	const uint8_t *header;
	uint8_t salt[ERM_SNMPR_SALT_LEN];
	uint8_t flags = flags_of(security);
	uint8_t *mac = NULL;
	int r;

	put_be64(salt, security->salt);
	r = put_scoped(w, security, request, id, salt);
	if (r < 0)
		return r;
	put_usm(w, security, salt, &mac);
	header = w->at;
	erm_ber_put_int(w, MODEL_USM);
	erm_ber_put_value(w, ERM_BER_OCTETS, &flags, 1);
	erm_ber_put_int(w, ERM_SNMPR_MESSAGE_MAX);
	erm_ber_put_int(w, id);
	erm_ber_wrap(w, ERM_BER_SEQUENCE, header);
	erm_ber_put_int(w, VERSION_3);
	erm_ber_wrap(w, ERM_BER_SEQUENCE, mark);
	if (w->is_full || !mac)
		return 0;
	return erm_snmpr_mac_make(&security->keys, w->at, (size_t)(mark - w->at), mac);
}

int erm_snmpr_message_write(const struct erm_snmpr_security *security,
			    const struct erm_snmpr_request *request, int32_t id,
			    uint8_t buffer[ERM_SNMPR_REQUEST_MAX], const uint8_t **ret,
			    size_t *ret_len)
{
	static const struct erm_snmpr_request discovery = { .command = ERM_SNMPR_GET };
	struct erm_ber_writer w = erm_ber_writer_init(buffer, ERM_SNMPR_REQUEST_MAX);
	const char *community = security->credentials->community;
	int r = 0;

	if (community[0]) {
		put_pdu(&w, request, id);
		erm_ber_put_value(&w, ERM_BER_OCTETS, community, strlen(community));
		erm_ber_put_int(&w, VERSION_2C);
		erm_ber_wrap(&w, ERM_BER_SEQUENCE, w.end);
	} else {
		r = write_v3(&w, security, security->engine_len > 0 ? request : &discovery, id);
	}
	if (r >= 0 && w.is_full)
		r = -EMSGSIZE;
	if (r < 0)
		return r;
	*ret = w.at;
	*ret_len = (size_t)(w.end - w.at);
	return 0;
}

static bool parse_usm(struct erm_reader octets, struct erm_snmpr_message *m)
{
	struct erm_reader usm;
	int32_t boots = 0;
	int32_t time = 0;

	if (!erm_ber_enter(&octets, ERM_BER_SEQUENCE, &usm) ||
	    !erm_ber_enter(&usm, ERM_BER_OCTETS, &m->engine) || !erm_ber_int(&usm, &boots) ||
	    !erm_ber_int(&usm, &time) || !erm_ber_enter(&usm, ERM_BER_OCTETS, &m->user) ||
	    !erm_ber_enter(&usm, ERM_BER_OCTETS, &m->mac) ||
	    !erm_ber_enter(&usm, ERM_BER_OCTETS, &m->salt) || boots < 0 || time < 0)
		return false;
	m->boots = (uint32_t)boots;
	m->time = (uint32_t)time;
	return m->engine.left <= ERM_SNMPR_ENGINE_MAX && m->user.left <= ERM_SNMPR_USER_MAX;
}

static int parse_v3(struct erm_reader *r, struct erm_snmpr_message *m)
{
	struct erm_reader header;
	struct erm_reader flags;
	struct erm_reader usm;
	int32_t max_size = 0;
	int32_t model = 0;

	if (!erm_ber_enter(r, ERM_BER_SEQUENCE, &header) || !erm_ber_int(&header, &m->msg_id) ||
	    !erm_ber_int(&header, &max_size) || !erm_ber_enter(&header, ERM_BER_OCTETS, &flags) ||
	    flags.left != 1 || !erm_ber_int(&header, &model))
		return -EBADMSG;
	if (model != MODEL_USM)
		return -EPROTONOSUPPORT;
	m->flags = flags.data[0];
	if (!erm_ber_enter(r, ERM_BER_OCTETS, &usm) || !parse_usm(usm, m))
		return -EBADMSG;
	if (!erm_ber_enter(r, m->flags & ERM_SNMPR_FLAG_PRIV ? ERM_BER_OCTETS : ERM_BER_SEQUENCE,
			   &m->payload))
		return -EBADMSG;
	return 0;
}

int erm_snmpr_message_parse(const uint8_t *data, size_t len, struct erm_snmpr_message *ret)
{
	struct erm_reader all = erm_reader_init(data, len);
	struct erm_snmpr_message m = { 0 };
	struct erm_reader r;
	int result = 0;

	if (!erm_ber_enter(&all, ERM_BER_SEQUENCE, &r) || !erm_ber_int(&r, &m.version))
		return -EBADMSG;
	switch (m.version) {
	case VERSION_2C:
		if (!erm_ber_enter(&r, ERM_BER_OCTETS, &m.community))
			return -EBADMSG;
		m.payload = r;
		break;
	case VERSION_3:
		result = parse_v3(&r, &m);
		break;
	default:
		result = -EPROTONOSUPPORT;
	}
	if (result >= 0)
		*ret = m;
	return result;
}

static bool parse_value(struct erm_reader *r, struct erm_snmpr_varbind *v)
{
	struct erm_reader contents;
	struct erm_reader whole = *r;
	int32_t number = 0;
	uint64_t count = 0;

	if (!erm_ber_next(r, &v->type, &contents))
		return false;
	v->data = contents.data;
	v->len = contents.left;
	switch (v->type) {
	case ERM_SNMPR_INTEGER:
		if (!erm_ber_int(&whole, &number))
			return false;
		v->number = number;
		return true;
	case ERM_SNMPR_COUNTER32:
	case ERM_SNMPR_GAUGE32:
	case ERM_SNMPR_TIMETICKS:
		if (!erm_ber_unsigned(&contents, &count) || count > UINT32_MAX)
			return false;
		v->number = (int64_t)count;
		return true;
	default:
		return true;
	}
}

static bool parse_varbind(struct erm_reader *list, struct erm_snmpr_varbind *v)
{
	struct erm_reader one;
	struct erm_reader name;

	return erm_ber_enter(list, ERM_BER_SEQUENCE, &one) &&
	       erm_ber_enter(&one, ERM_BER_OID, &name) && erm_ber_oid(&name, &v->name) &&
	       parse_value(&one, v) && one.left == 0;
}

int erm_snmpr_pdu_parse(const struct erm_reader *payload, struct erm_snmpr_pdu *ret)
{
	struct erm_reader r = *payload;
	struct erm_reader pdu;
	struct erm_reader list;

	ret->n = 0;
	if (!erm_ber_next(&r, &ret->command, &pdu) || !erm_ber_int(&pdu, &ret->request_id) ||
	    !erm_ber_int(&pdu, &ret->error_status) || !erm_ber_int(&pdu, &ret->error_index) ||
	    !erm_ber_enter(&pdu, ERM_BER_SEQUENCE, &list))
		return -EBADMSG;
	while (list.left > 0) {
		if (ret->n == ERM_SNMPR_VARBINDS_MAX)
			return -E2BIG;
		ret->varbinds[ret->n] = (struct erm_snmpr_varbind){ 0 };
		if (!parse_varbind(&list, &ret->varbinds[ret->n]))
			return -EBADMSG;
		ret->n++;
	}
	return 0;
}

static bool is_equal(const struct erm_reader *r, const void *data, size_t len)
{
	return r->left == len && (len == 0 || memcmp(r->data, data, len) == 0);
}

static int authenticate(const struct erm_snmpr_security *security,
			const struct erm_snmpr_message *m, uint8_t *data, size_t len)
{
	uint8_t told[ERM_SNMPR_MAC_MAX];
	uint8_t right[ERM_SNMPR_MAC_MAX] = { 0 };
	size_t mac_len = erm_snmpr_mac_len(security->keys.auth);
	uint8_t *place;

	if (mac_len == 0 || m->mac.left != mac_len || security->engine_len == 0 ||
	    !is_equal(&m->engine, security->engine, security->engine_len) ||
	    !is_equal(&m->user, security->credentials->user, strlen(security->credentials->user)))
		return -EACCES;
	place = data + (m->mac.data - data);
	memcpy(told, place, mac_len);
	memset(place, 0, mac_len);
	if (erm_snmpr_mac_make(&security->keys, data, len, right) < 0)
		return -EACCES;
	memcpy(place, told, mac_len);
	return erm_snmpr_mac_equal(told, right, mac_len) ? 0 : -EACCES;
}

static int open_scoped(struct erm_reader scoped, struct erm_snmpr_pdu *ret)
{
	struct erm_reader ignored;

	if (!erm_ber_enter(&scoped, ERM_BER_OCTETS, &ignored) ||
	    !erm_ber_enter(&scoped, ERM_BER_OCTETS, &ignored))
		return -EBADMSG;
	return erm_snmpr_pdu_parse(&scoped, ret);
}

static int open_v3(const struct erm_snmpr_security *security, const struct erm_snmpr_message *m,
		   uint8_t *data, struct erm_snmpr_pdu *ret)
{
	struct erm_reader encrypted = m->payload;
	struct erm_reader scoped;

	if (!(m->flags & ERM_SNMPR_FLAG_PRIV))
		return open_scoped(m->payload, ret);
	if (!(m->flags & ERM_SNMPR_FLAG_AUTH) || m->salt.left != ERM_SNMPR_SALT_LEN ||
	    security->keys.priv == ERM_SNMPR_PRIV_NONE)
		return -EACCES;
	if (erm_snmpr_crypt(&security->keys, false, m->boots, m->time, m->salt.data,
			    data + (m->payload.data - data), m->payload.left) < 0)
		return -EACCES;
	if (!erm_ber_enter(&encrypted, ERM_BER_SEQUENCE, &scoped))
		return -EBADMSG;
	return open_scoped(scoped, ret);
}

int erm_snmpr_message_open(const struct erm_snmpr_security *security,
			   const struct erm_snmpr_message *message, uint8_t *data, size_t len,
			   struct erm_snmpr_pdu *ret, bool *ret_is_authentic)
{
	uint8_t wanted = level_of(security->credentials);
	bool is_authentic = false;
	int r;

	if ((message->version == VERSION_2C) != (security->credentials->community[0] != '\0'))
		return -EACCES;
	if (message->version == VERSION_2C) {
		*ret_is_authentic = false;
		return erm_snmpr_pdu_parse(&message->payload, ret);
	}
	if (message->flags & ERM_SNMPR_FLAG_AUTH) {
		r = authenticate(security, message, data, len);
		if (r < 0)
			return r;
		is_authentic = true;
	}
	r = open_v3(security, message, data, ret);
	if (r < 0)
		return r;
	/* RFC 3414 section 3.2: what it has against our message an engine tells unprotected. */
	if (ret->command != ERM_SNMPR_REPORT &&
	    (security->engine_len == 0 || (message->flags & wanted) != wanted))
		return -EACCES;
	*ret_is_authentic = is_authentic;
	return 0;
}
