/*
 * Asks the kernel about one interface after the other, and waits for the answers: for
 * a thread that may wait.  Reading a module takes tens of milliseconds in which the
 * kernel holds its lock on all interfaces, and the answer comes within the sending.
 */
#ifndef ERM_SOURCES_ETHTOOL_QUERY_H
#define ERM_SOURCES_ETHTOOL_QUERY_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/usec.h"
#include "core/obs.h"

#define ERM_ETHTOOL_ANSWER_MAX 16384 /* the longest is a list of link modes, under 2 kB */

/* Where the questions go; the kernel, or a test's.  All of it in the thread that asks. */
struct erm_ethtool_io {
	/* Once, before all else; and again after close.  A negative errno. */
	int (*open)(void *userdata, usec_t timeout);
	int (*send)(void *userdata, const void *data, size_t len);
	/* One datagram; -EAGAIN after the timeout, -EMSGSIZE when it was cut. */
	ssize_t (*recv)(void *userdata, void *buf, size_t size);
	void (*close)(void *userdata);
};

struct erm_ethtool_kernel {
	int fd; /* -1 */
};
extern const struct erm_ethtool_io erm_ethtool_kernel_io;

enum erm_ethtool_module {
	ERM_ETHTOOL_MODULE_READ,        /* or there is none: the observation tells */
	ERM_ETHTOOL_MODULE_UNSUPPORTED, /* this interface has no place for one */
	ERM_ETHTOOL_MODULE_DENIED,      /* no CAP_NET_ADMIN */
	ERM_ETHTOOL_MODULE_FAILED,
};

struct erm_ethtool_look {
	/* The question. */
	char name[128];        /* ALTIFNAMSIZ */
	uint32_t bare_ifindex; /* known to have no module: do not ask for it */
	/* The answer. */
	int error;        /* the kernel could not be asked: nothing below holds but the counters */
	bool is_absent;   /* there is no such interface */
	uint32_t ifindex; /* 0 = not told */
	enum erm_ethtool_module module;
	int module_error;
	struct erm_obs_optics optics;
	struct erm_source_counters counters; /* of this look alone */
};

struct erm_ethtool_query {
	const struct erm_ethtool_io *io;
	void *userdata;
	usec_t timeout;
	bool is_open, reads_modules;
	uint16_t family;
	uint32_t seq;
	uint8_t buf[ERM_ETHTOOL_ANSWER_MAX];
};

/* Takes as long as the kernel does, and at most timeout for each question that it leaves unanswered. */
void erm_ethtool_query_look(struct erm_ethtool_query *query, struct erm_ethtool_look *look,
			    usec_t timeout);
void erm_ethtool_query_close(struct erm_ethtool_query *query);

#endif
