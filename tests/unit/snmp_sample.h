/* Snapshots and events made by hand, for the tests of the SNMP publisher. */
#ifndef ERM_TESTS_SNMP_SAMPLE_H
#define ERM_TESTS_SNMP_SAMPLE_H

#include <stdint.h>

#include "core/event.h"
#include "core/snapshot.h"

struct snmp_sample_size {
	uint32_t
		n_circuits; /* each with 2 connections, 2 services, 4 sessions; 2 ports, 2 lanes and 1 group in all */
	uint32_t n_alarms;
	uint32_t n_events;       /* in the log */
	uint32_t first_sequence; /* of the log's oldest; wraps to 1 after UINT32_MAX */
};

/* Every column has a value of its own.  Circuits are numbered 10, 20, ...; ports 3 and 7. */
struct erm_snapshot *snmp_sample_new(const struct snmp_sample_size *size);

/* A raise (odd sequence) or clear of circuit 10's redundancy; at = now on both clocks. */
struct erm_event *snmp_sample_event(uint32_t sequence, const char *text);

#endif
