#include "snmpget/session.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/cleanup.h"
#include "snmpget/netsnmp.h"

#define PORT_AGENT 161

struct erm_snmpget_session {
	char *address;
	union erm_snmpr_address peer;
	netsnmp_session template;
	bool has_answered; /* once at least: the keys are good */
	void *open;        /* the library's; NULL = not now */
};

static const int auth_types[] = {
	[ERM_SNMPR_AUTH_NONE] = NETSNMP_USMAUTH_NOAUTH,
	[ERM_SNMPR_AUTH_MD5] = NETSNMP_USMAUTH_HMACMD5,
	[ERM_SNMPR_AUTH_SHA] = NETSNMP_USMAUTH_HMACSHA1,
	[ERM_SNMPR_AUTH_SHA224] = NETSNMP_USMAUTH_HMAC128SHA224,
	[ERM_SNMPR_AUTH_SHA256] = NETSNMP_USMAUTH_HMAC192SHA256,
	[ERM_SNMPR_AUTH_SHA384] = NETSNMP_USMAUTH_HMAC256SHA384,
	[ERM_SNMPR_AUTH_SHA512] = NETSNMP_USMAUTH_HMAC384SHA512,
};

static const int priv_types[] = {
	[ERM_SNMPR_PRIV_NONE] = USM_CREATE_USER_PRIV_NONE,
	[ERM_SNMPR_PRIV_AES128] = USM_CREATE_USER_PRIV_AES,
	[ERM_SNMPR_PRIV_AES192] = USM_CREATE_USER_PRIV_AES192,
	[ERM_SNMPR_PRIV_AES256] = USM_CREATE_USER_PRIV_AES256,
	[ERM_SNMPR_PRIV_AES192C] = USM_CREATE_USER_PRIV_AES192_CISCO,
	[ERM_SNMPR_PRIV_AES256C] = USM_CREATE_USER_PRIV_AES256_CISCO,
};

void erm_snmpget_library_start(void)
{
	static const int switches[] = {
		NETSNMP_DS_LIB_DONT_READ_CONFIGS,
		NETSNMP_DS_LIB_DONT_PERSIST_STATE,
		NETSNMP_DS_LIB_DONT_LOAD_HOST_FILES,
		NETSNMP_DS_LIB_ALARM_DONT_USE_SIG,
	};

	snmp_disable_log();
	for (size_t i = 0; i < ERM_ELEMENTS(switches); i++)
		(void)netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID, switches[i], 1);
	(void)setenv("MIBS", "", 1); /* none is loaded */
	init_snmp("ermon-snmp-get");
}

static int make_key(const netsnmp_session *s, const char *password, u_char *key, size_t *len)
{
	size_t n = strlen(password);
	_cleanup_free_ u_char *text = malloc(n + 1);
	int r;

	if (!text)
		return -ENOMEM;
	memcpy(text, password, n + 1);
	*len = USM_AUTH_KU_LEN;
	r = generate_Ku(s->securityAuthProto, (u_int)s->securityAuthProtoLen, text, n, key, len);
	explicit_bzero(text, n);
	return r == SNMPERR_SUCCESS ? 0 : -EOPNOTSUPP;
}

/* The level follows from what is given. */
static int set_user(netsnmp_session *s, const struct erm_snmpr_credentials *c)
{
	int r = 0;

	s->version = SNMP_VERSION_3;
	s->securityModel = SNMP_SEC_MODEL_USM;
	s->securityName = strdup(c->user);
	s->securityNameLen = strlen(c->user);
	if (!s->securityName)
		return -ENOMEM;
	s->securityLevel = c->priv   ? SNMP_SEC_LEVEL_AUTHPRIV
			   : c->auth ? SNMP_SEC_LEVEL_AUTHNOPRIV
				     : SNMP_SEC_LEVEL_NOAUTH;
	s->securityAuthProto = sc_get_auth_oid(auth_types[c->auth], &s->securityAuthProtoLen);
	s->securityPrivProto = sc_get_priv_oid(priv_types[c->priv], &s->securityPrivProtoLen);
	if (!s->securityAuthProto || !s->securityPrivProto)
		return -EOPNOTSUPP;
	if (c->auth)
		r = make_key(s, c->auth_password, s->securityAuthKey, &s->securityAuthKeyLen);
	if (r >= 0 && c->priv)
		r = make_key(s, c->priv_password, s->securityPrivKey, &s->securityPrivKeyLen);
	return r;
}

static int set_community(netsnmp_session *s, const struct erm_snmpr_credentials *c)
{
	s->version = SNMP_VERSION_2c;
	s->community_len = strlen(c->community);
	s->community = malloc(s->community_len);
	if (!s->community)
		return -ENOMEM;
	memcpy(s->community, c->community, s->community_len);
	return 0;
}

int erm_snmpget_session_new(const char *address, usec_t timeout_usec,
			    const struct erm_snmpr_credentials *credentials,
			    struct erm_snmpget_session **ret)
{
	struct erm_snmpget_session *session = calloc(1, sizeof(*session));
	int r = session ? erm_snmpr_address_parse(address, PORT_AGENT, &session->peer) : -ENOMEM;

	if (r >= 0) {
		snmp_sess_init(&session->template);
		session->template.timeout = (long)timeout_usec;
		session->template.retries = ERM_SNMPGET_RETRIES;
		session->address = strdup(address);
		r = !session->address           ? -ENOMEM
		    : credentials->community[0] ? set_community(&session->template, credentials)
						: set_user(&session->template, credentials);
	}
	if (r < 0) {
		(void)erm_snmpget_session_free(session);
		return r;
	}
	*ret = session;
	return 0;
}

/* The next question is asked over a new socket: routes and own addresses may have changed. */
static void hang_up(struct erm_snmpget_session *session)
{
	if (session->open)
		(void)snmp_sess_close(session->open);
	session->open = NULL;
}

struct erm_snmpget_session *erm_snmpget_session_free(struct erm_snmpget_session *session)
{
	if (!session)
		return NULL;
	hang_up(session);
	free(session->template.securityName);
	if (session->template.community)
		explicit_bzero(session->template.community, session->template.community_len);
	free(session->template.community);
	free(session->address);
	explicit_bzero(session, sizeof(*session));
	free(session);
	return NULL;
}

static void fail(struct erm_snmpr_answer *answer, enum erm_snmpr_failure failure, const char *why)
{
	answer->failure = failure;
	(void)snprintf(answer->why, sizeof(answer->why), "%s", why);
}

/* The agent's engine is known, so that it was there just now. */
static bool has_engine(const struct erm_snmpget_session *session)
{
	const netsnmp_session *s = session->open ? snmp_sess_session(session->open) : NULL;

	return s && s->version == SNMP_VERSION_3 && s->securityEngineIDLen > 0;
}

static uint32_t boots_of(const struct erm_snmpget_session *session)
{
	const netsnmp_session *s = session->open ? snmp_sess_session(session->open) : NULL;
	u_int boots = 0;
	u_int engine_time = 0;

	if (!has_engine(session) ||
	    get_enginetime(s->securityEngineID, (u_int)s->securityEngineIDLen, &boots, &engine_time,
			   TRUE) != SNMPERR_SUCCESS)
		return 0;
	return boots & INT32_MAX;
}

static void fail_for_want(const struct erm_snmpget_session *session, int system_errno,
			  struct erm_snmpr_answer *answer)
{
	if (system_errno == ECONNREFUSED) {
		fail(answer, ERM_SNMPR_FAILURE_REFUSED, "refused: nobody listens on the port");
		return;
	}
	/* what is encrypted with another key an agent may throw away without a word */
	if (!session->has_answered && has_engine(session) &&
	    session->template.securityLevel == SNMP_SEC_LEVEL_AUTHPRIV) {
		fail(answer, ERM_SNMPR_FAILURE_PERMISSION,
		     "no answer to what is encrypted: check priv-protocol and priv-password");
		return;
	}
	fail(answer, ERM_SNMPR_FAILURE_TIMEOUT,
	     session->template.version == SNMP_VERSION_3
		     ? "no answer: agent unreachable"
		     : "no answer: agent unreachable, or another community");
}

static void fail_by_error(struct erm_snmpget_session *session, int system_errno, int error,
			  struct erm_snmpr_answer *answer)
{
	static const struct {
		int error;
		enum erm_snmpr_failure failure;
		const char *why;
	} known[] = {
		{ SNMPERR_UNKNOWN_USER_NAME, ERM_SNMPR_FAILURE_PERMISSION,
		  "the agent does not know the user" },
		{ SNMPERR_AUTHENTICATION_FAILURE, ERM_SNMPR_FAILURE_PERMISSION,
		  "the agent refuses auth-protocol or auth-password" },
		{ SNMPERR_UNSUPPORTED_SEC_LEVEL, ERM_SNMPR_FAILURE_PERMISSION,
		  "the agent refuses the level of security: another protocol?" },
		{ SNMPERR_DECRYPTION_ERR, ERM_SNMPR_FAILURE_PERMISSION,
		  "the agent refuses priv-protocol or priv-password" },
		{ SNMPERR_NOT_IN_TIME_WINDOW, ERM_SNMPR_FAILURE_PERMISSION,
		  "answers are not authentic: check user and keys" },
		{ SNMPERR_UNKNOWN_ENG_ID, ERM_SNMPR_FAILURE_PROTOCOL,
		  "the SNMPv3 engine changes with every answer" },
	};

	if (error == SNMPERR_TIMEOUT) {
		fail_for_want(session, system_errno, answer);
		return;
	}
	for (size_t i = 0; i < ERM_ELEMENTS(known); i++) {
		if (error == known[i].error) {
			fail(answer, known[i].failure, known[i].why);
			return;
		}
	}
	if (system_errno == ECONNREFUSED)
		fail_for_want(session, system_errno, answer);
	else if (system_errno > 0)
		fail(answer, ERM_SNMPR_FAILURE_SYSTEM, strerrordesc_np(system_errno));
	else
		fail(answer, ERM_SNMPR_FAILURE_PROTOCOL, snmp_api_errstring(error));
}

/* 0, or the library's error with that of the system. */
static int connect_agent(struct erm_snmpget_session *session, int *ret_errno)
{
	netsnmp_transport *transport = netsnmp_transport_open_client("snmp", session->address);
	char *text = NULL;
	int error = 0;

	if (!transport) {
		*ret_errno = errno;
		return SNMPERR_BAD_ADDRESS;
	}
	/* connected, so that the kernel tells of a port that nobody listens on */
	if (connect(transport->sock, &session->peer.any, erm_snmpr_address_len(&session->peer)) <
	    0) {
		*ret_errno = errno;
		transport->f_close(transport);
		netsnmp_transport_free(transport);
		return SNMPERR_BAD_ADDRESS;
	}
	errno = 0;
	session->open = snmp_sess_add(&session->template, transport, NULL, NULL);
	if (session->open)
		return 0;
	*ret_errno = errno;
	snmp_error(&session->template, NULL, &error, &text);
	free(text);
	return error ? error : SNMPERR_GENERR;
}

static enum erm_snmpr_type type_of(u_char type)
{
	static const struct {
		u_char theirs;
		enum erm_snmpr_type ours;
	} known[] = {
		{ ASN_INTEGER, ERM_SNMPR_INTEGER },
		{ ASN_OCTET_STR, ERM_SNMPR_OCTETS },
		{ ASN_COUNTER, ERM_SNMPR_COUNTER32 },
		{ ASN_GAUGE, ERM_SNMPR_GAUGE32 },
		{ ASN_TIMETICKS, ERM_SNMPR_TIMETICKS },
		{ ASN_COUNTER64, ERM_SNMPR_COUNTER64 },
		{ SNMP_NOSUCHOBJECT, ERM_SNMPR_NO_OBJECT },
		{ SNMP_NOSUCHINSTANCE, ERM_SNMPR_NO_INSTANCE },
		{ SNMP_ENDOFMIBVIEW, ERM_SNMPR_END_OF_VIEW },
	};

	for (size_t i = 0; i < ERM_ELEMENTS(known); i++) {
		if (known[i].theirs == type)
			return known[i].ours;
	}
	return ERM_SNMPR_OTHER;
}

static void take_value(const netsnmp_variable_list *from, struct erm_snmpr_varbind *v)
{
	v->type = type_of(from->type);
	if (v->type == ERM_SNMPR_OCTETS) {
		if (from->val_len > sizeof(v->data)) {
			v->type = ERM_SNMPR_OTHER;
			return;
		}
		v->len = from->val_len;
		if (v->len > 0)
			memcpy(v->data, from->val.string, v->len);
	} else if (v->type == ERM_SNMPR_COUNTER64) {
		uint64_t number = (uint64_t)from->val.counter64->high << 32 |
				  (from->val.counter64->low & UINT32_MAX);

		if (number > INT64_MAX)
			v->type = ERM_SNMPR_OTHER;
		v->number = (int64_t)(number & INT64_MAX);
	} else if (v->type == ERM_SNMPR_INTEGER) {
		v->number = (int32_t)*from->val.integer;
	} else if (v->type != ERM_SNMPR_OTHER && from->val.integer) {
		v->number = (uint32_t)*from->val.integer;
	}
}

static void take_pdu(const netsnmp_pdu *pdu, struct erm_snmpr_answer *answer)
{
	char why[64];

	if (pdu->errstat == SNMP_ERR_TOOBIG) {
		fail(answer, ERM_SNMPR_FAILURE_TOO_BIG, "every answer is too big for the agent");
		return;
	}
	if (pdu->errstat == SNMP_ERR_NOACCESS || pdu->errstat == SNMP_ERR_AUTHORIZATIONERROR) {
		fail(answer, ERM_SNMPR_FAILURE_PERMISSION, "the agent gives no access");
		return;
	}
	if (pdu->errstat != SNMP_ERR_NOERROR) {
		(void)snprintf(why, sizeof(why), "the agent refuses the request: error %ld",
			       pdu->errstat);
		fail(answer, ERM_SNMPR_FAILURE_REJECTED, why);
		return;
	}
	for (const netsnmp_variable_list *from = pdu->variables; from; from = from->next_variable) {
		struct erm_snmpr_varbind *v = &answer->varbinds[answer->n];

		if (answer->n >= ERM_SNMPR_VARBINDS_MAX || from->name_length > ERM_SNMPR_OID_MAX) {
			fail(answer, ERM_SNMPR_FAILURE_TOO_LARGE, "more values than are taken");
			return;
		}
		v->name.n = (uint32_t)from->name_length;
		for (uint32_t i = 0; i < v->name.n; i++)
			v->name.ids[i] = (uint32_t)from->name[i];
		take_value(from, v);
		answer->n++;
	}
}

static netsnmp_pdu *make_pdu(const struct erm_snmpr_request *request)
{
	bool is_bulk = request->command == ERM_SNMPR_GET_BULK;
	netsnmp_pdu *pdu = snmp_pdu_create(is_bulk ? SNMP_MSG_GETBULK : SNMP_MSG_GET);

	if (!pdu)
		return NULL;
	if (is_bulk) {
		pdu->non_repeaters = 0;
		pdu->max_repetitions = request->repetitions;
	}
	for (uint32_t i = 0; i < request->n; i++) {
		oid name[ERM_SNMPR_OID_MAX];

		for (uint32_t k = 0; k < request->names[i].n; k++)
			name[k] = request->names[i].ids[k];
		if (!snmp_add_null_var(pdu, name, request->names[i].n)) {
			snmp_free_pdu(pdu);
			return NULL;
		}
	}
	return pdu;
}

/* 0, or the library's error. */
static int ask_once(struct erm_snmpget_session *session, const struct erm_snmpr_request *request,
		    struct erm_snmpr_answer *answer, int *ret_errno)
{
	int error = session->open ? 0 : connect_agent(session, ret_errno);
	netsnmp_pdu *response = NULL;
	netsnmp_pdu *pdu;
	char *text = NULL;
	int status;

	if (error != 0)
		return error;
	pdu = make_pdu(request);
	if (!pdu)
		return SNMPERR_MALLOC;
	errno = 0;
	status = snmp_sess_synch_response(session->open, pdu, &response);
	*ret_errno = errno;
	if (status == STAT_SUCCESS && response) {
		session->has_answered = true;
		take_pdu(response, answer);
		answer->boots = boots_of(session);
	} else if (status == STAT_TIMEOUT) {
		error = SNMPERR_TIMEOUT;
	} else {
		snmp_sess_error(session->open, NULL, &error, &text);
		free(text);
		error = error ? error : SNMPERR_GENERR;
	}
	if (response)
		snmp_free_pdu(response);
	return error;
}

void erm_snmpget_session_ask(struct erm_snmpget_session *session,
			     const struct erm_snmpr_request *request, struct erm_snmpr_answer *ret)
{
	int system_errno = 0;
	int error;

	memset(ret, 0, sizeof(*ret));
	error = ask_once(session, request, ret, &system_errno);
	if (error == SNMPERR_UNKNOWN_ENG_ID) { /* another agent has its address */
		hang_up(session);
		error = ask_once(session, request, ret, &system_errno);
	}
	if (error == 0)
		return;
	fail_by_error(session, system_errno, error, ret);
	hang_up(session);
}
