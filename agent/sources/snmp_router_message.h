/*
 * SNMP messages to an agent and from it: v2c (RFC 3416, RFC 1901) and v3 with the user-based
 * security model (RFC 3412, RFC 3414).  Pure: no socket, no clock, no random numbers.
 */
#ifndef ERM_SOURCES_SNMP_ROUTER_MESSAGE_H
#define ERM_SOURCES_SNMP_ROUTER_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sources/snmp_router_ber.h"
#include "sources/snmp_router_usm.h"

#define ERM_SNMPR_MESSAGE_MAX  65507 /* octets of one datagram */
#define ERM_SNMPR_REQUEST_MAX  1472  /* octets we send */
#define ERM_SNMPR_VARBINDS_MAX 64

enum erm_snmpr_command { /* tags of RFC 3416 section 3 */
			 ERM_SNMPR_GET = 0xa0,
			 ERM_SNMPR_RESPONSE = 0xa2,
			 ERM_SNMPR_GET_BULK = 0xa5,
			 ERM_SNMPR_INFORM = 0xa6,
			 ERM_SNMPR_TRAP = 0xa7,
			 ERM_SNMPR_REPORT = 0xa8,
};

enum erm_snmpr_type { /* tags of values */
		      ERM_SNMPR_INTEGER = ERM_BER_INTEGER,
		      ERM_SNMPR_OCTETS = ERM_BER_OCTETS,
		      ERM_SNMPR_NULL = ERM_BER_NULL,
		      ERM_SNMPR_COUNTER32 = 0x41,
		      ERM_SNMPR_GAUGE32 = 0x42,
		      ERM_SNMPR_TIMETICKS = 0x43,
		      ERM_SNMPR_COUNTER64 = 0x46,
		      ERM_SNMPR_NO_OBJECT = 0x80,
		      ERM_SNMPR_NO_INSTANCE = 0x81,
		      ERM_SNMPR_END_OF_VIEW = 0x82,
};

struct erm_snmpr_varbind {
	struct erm_snmpr_oid name;
	uint8_t type;        /* enum erm_snmpr_type, or another that nobody here asks for */
	int64_t number;      /* of the numeric types */
	const uint8_t *data; /* of OCTETS: into the message */
	size_t len;
};

struct erm_snmpr_pdu {
	uint8_t command;
	int32_t request_id;
	int32_t error_status, error_index;
	uint32_t n;
	struct erm_snmpr_varbind varbinds[ERM_SNMPR_VARBINDS_MAX];
};

struct erm_snmpr_request {
	enum erm_snmpr_command command; /* GET, GET_BULK */
	int32_t max_repetitions;        /* of GET_BULK */
	const struct erm_snmpr_oid *names;
	uint32_t n;
};

/* How messages of one agent are made and told from others'. */
struct erm_snmpr_security {
	const struct erm_snmpr_credentials *credentials;
	struct erm_snmpr_keys keys; /* for this engine */
	size_t engine_len;          /* 0: the agent's engine is asked for */
	uint8_t engine[ERM_SNMPR_ENGINE_MAX];
	uint32_t boots, time; /* the engine's, as it is now */
	uint64_t salt;        /* never the same twice */
};

/* The outside of a message, all of it into the datagram. */
struct erm_snmpr_message {
	int32_t version; /* 1: v2c, 3: v3 */
	struct erm_reader community;
	int32_t msg_id;
	uint8_t flags;
	struct erm_reader engine, user, mac, salt;
	uint32_t boots, time;
	struct erm_reader payload; /* the PDU; of v3 the scoped PDU, perhaps encrypted */
};

#define ERM_SNMPR_FLAG_AUTH       0x01
#define ERM_SNMPR_FLAG_PRIV       0x02
#define ERM_SNMPR_FLAG_REPORTABLE 0x04

/*
 * Writes a request into the end of buffer.  Without engine_len, of v3: the question for the
 * engine.  0 with the octets; -EMSGSIZE; -EOPNOTSUPP.
 */
int erm_snmpr_message_write(const struct erm_snmpr_security *security,
			    const struct erm_snmpr_request *request, int32_t id,
			    uint8_t buffer[ERM_SNMPR_REQUEST_MAX], const uint8_t **ret,
			    size_t *ret_len);

/* -EBADMSG; -EPROTONOSUPPORT for another version or security model. */
int erm_snmpr_message_parse(const uint8_t *data, size_t len, struct erm_snmpr_message *ret);

/*
 * Checks that the message is this agent's and no less protected than a request, decrypts it in
 * place and parses its PDU.  data is the datagram that message was parsed from.  A Report may
 * come unprotected: *ret_is_authentic tells.  -EBADMSG; -E2BIG: too many varbinds; -EACCES: not
 * authentic, or not protected.
 */
int erm_snmpr_message_open(const struct erm_snmpr_security *security,
			   const struct erm_snmpr_message *message, uint8_t *data, size_t len,
			   struct erm_snmpr_pdu *ret, bool *ret_is_authentic);

/* -EBADMSG, -E2BIG. */
int erm_snmpr_pdu_parse(const struct erm_reader *payload, struct erm_snmpr_pdu *ret);

#endif
