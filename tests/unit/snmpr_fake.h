/*
 * A router's SNMP agent on 127.0.0.1, in the loop of the test: v2c and v3, over a MIB the test
 * writes itself, with each fault by name.
 */
#ifndef ERM_TESTS_SNMPR_FAKE_H
#define ERM_TESTS_SNMPR_FAKE_H

#include <stdbool.h>
#include <sys/socket.h>
#include <systemd/sd-event.h>

#include "base/usec.h"
#include "sources/snmp_router_message.h"

#define FAKE_ROWS_MAX 256

enum fake_agent_fault {
	FAKE_AGENT_WELL,
	FAKE_AGENT_SILENT,
	FAKE_AGENT_LATE,        /* answers after late_usec */
	FAKE_AGENT_RUBBISH,     /* answers with what is no SNMP */
	FAKE_AGENT_CUT,         /* answers with half a message */
	FAKE_AGENT_OTHER_NAMES, /* answers to what was not asked */
	FAKE_AGENT_OTHER_ID,    /* answers somebody else's request */
	FAKE_AGENT_CIRCLES,     /* a walk comes back to where it was */
	FAKE_AGENT_OVERFLOW,    /* more varbinds than are taken */
	FAKE_AGENT_ERROR,       /* answers with `error` */
	FAKE_AGENT_FORGED,      /* v3: a MAC that is wrong */
	FAKE_AGENT_UNPROTECTED, /* v3: answers without authentication */
	FAKE_AGENT_REPLAY,      /* v3: authentic, and an hour old */
};

struct fake_row {
	struct erm_snmpr_oid name;
	uint8_t type;
	uint32_t number;
	char text[64];
	size_t len;
};

struct fake_agent {
	sd_event *event;
	sd_event_source *io, *timer;
	int fd;
	char address[64]; /* to be configured */
	struct fake_row rows[FAKE_ROWS_MAX];
	unsigned int n_rows;
	const char *community;
	enum fake_agent_fault fault;
	int error;
	uint32_t big;     /* more varbinds are too big; 0 = none are */
	usec_t late_usec; /* of LATE */
	unsigned int n_requests, n_bulk, n_varbinds_max;

	bool is_v3;
	struct erm_snmpr_credentials user;
	struct erm_snmpr_security security;

	struct erm_snmpr_pdu pdu;
	uint8_t in[65536], out[65536];
	uint8_t *late;
	size_t late_len;
	union {
		struct sockaddr_storage any;
		struct sockaddr sa;
	} client;
	socklen_t client_len;
};

void fake_agent_start(struct fake_agent *fake, sd_event *event);
void fake_agent_stop(struct fake_agent *fake);
/* v3, with this user; engine is what it is known by. */
void fake_agent_set_user(struct fake_agent *fake, const struct erm_snmpr_credentials *user,
			 const char *engine);

/* Adds or changes one value: its name as in "1.3.6.1.2.1.1.3.0". */
void fake_agent_set(struct fake_agent *fake, const char *name, uint8_t type, uint32_t number);
void fake_agent_set_text(struct fake_agent *fake, const char *name, const void *text, size_t len);
/* Takes away all below this name. */
void fake_agent_drop(struct fake_agent *fake, const char *name);

/* A row of BGP4-MIB, and of IF-MIB. */
void fake_agent_peer(struct fake_agent *fake, const char *neighbor, unsigned int state,
		     uint32_t transitions);
void fake_agent_interface(struct fake_agent *fake, uint32_t ifindex, const char *name,
			  unsigned int oper, uint32_t last_change);
void fake_agent_uptime(struct fake_agent *fake, uint32_t ticks);

struct erm_snmpr_oid fake_oid(const char *name);

#endif
