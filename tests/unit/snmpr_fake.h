/*
 * A router's SNMP agent as ermon-snmp-get tells of it: the program of that name in
 * tests/unit/snmpr_helpers answers from a file that the test writes, with each fault by name.
 */
#ifndef ERM_TESTS_SNMPR_FAKE_H
#define ERM_TESTS_SNMPR_FAKE_H

#include "sources/snmp_router/line.h"

enum fake_agent_fault {
	FAKE_AGENT_WELL,
	FAKE_AGENT_ERROR,       /* answers with `error` */
	FAKE_AGENT_HANGS,       /* does not answer, and does not end */
	FAKE_AGENT_LATE,        /* answers after late_msec */
	FAKE_AGENT_RUBBISH,     /* answers with what is no line of its */
	FAKE_AGENT_CUT,         /* ends in the middle of a line */
	FAKE_AGENT_ENDS,        /* ends when it is asked */
	FAKE_AGENT_CLOSES,      /* closes its output and lives on */
	FAKE_AGENT_NEVER_IS,    /* ends before it is asked */
	FAKE_AGENT_LONG_LINE,   /* a line without an end */
	FAKE_AGENT_OVERFLOW,    /* more lines than are taken */
	FAKE_AGENT_TALKS_ON,    /* behind the end of its answer */
	FAKE_AGENT_UNASKED,     /* later, when nobody has asked */
	FAKE_AGENT_OTHER_NAMES, /* answers to what was not asked */
	FAKE_AGENT_CIRCLES,     /* a walk comes back to where it was */
};

struct fake_agent {
	char credentials[64]; /* its files are named after it */
	char address[32];     /* to be configured */
	struct erm_snmpr_answer mib;
	enum fake_agent_fault fault;
	const char *community, *error;
	uint32_t big; /* more varbinds are too big; 0 = none are */
	unsigned int late_msec;
};

void fake_agent_start(struct fake_agent *fake, const char *credentials);
void fake_agent_stop(struct fake_agent *fake);
/* After a change of a member; the others do it by themselves. */
void fake_agent_write(const struct fake_agent *fake);
void fake_agent_fault(struct fake_agent *fake, enum fake_agent_fault fault);
/* "WORD text", as in snmp_router_line.h */
void fake_agent_error(struct fake_agent *fake, const char *error);
/* What it was asked that begins so; "start": how often it was started. */
unsigned int fake_agent_count(const struct fake_agent *fake, const char *word);

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
