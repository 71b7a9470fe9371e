/*
 * A session's own process: it alone reads what the client sends.
 */
#ifndef ERM_NETCONF_SESSION_H
#define ERM_NETCONF_SESSION_H

#include "base/usec.h"
#include "netconf/request.h"

struct erm_nc_options {
	const char *ctl;           /* ermond's control socket */
	usec_t hello_usec;         /* for the client's hello */
	usec_t idle_usec;          /* without a message; 0 = for ever */
	usec_t stall_usec;         /* in the middle of a message, or of an answer */
	size_t message_max;        /* octets of one message */
	unsigned int memory_mbyte; /* 0 = no limit; beyond what the process begins with */
	unsigned int cpu_sec;      /* of one request; 0 = no limit */
};

/* The exit status tells the server how it went. */
enum erm_nc_end {
	ERM_NC_END_CLOSED = 0,
	ERM_NC_END_DROPPED = 1,   /* the client left without a word */
	ERM_NC_END_BAD_HELLO = 2, /* or none in time */
	ERM_NC_END_FRAMING = 3,   /* RFC 6242: the session must end */
	ERM_NC_END_MALFORMED = 4,
	ERM_NC_END_TOO_LARGE = 5,
	ERM_NC_END_TIMEOUT = 6,
	ERM_NC_END_FAILURE = 7, /* of ours */
	ERM_NC_END_MAX
};

/*
 * Serves the client on fd until the session ends.  Takes privileges away from the process
 * first.  Does not return to the server's code: call _exit() with what it returns.
 */
enum erm_nc_end erm_nc_session_run(int fd, const struct erm_nc_options *options,
				   struct erm_nc_env *env);

#endif
