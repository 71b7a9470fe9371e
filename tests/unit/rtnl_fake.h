/*
 * A kernel made of paper for the tests of the rtnl source: builds rtnetlink messages, and
 * answers requests for the links it was given, with faults on demand.
 */
#ifndef ERM_TESTS_RTNL_FAKE_H
#define ERM_TESTS_RTNL_FAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/config.h"
#include "sources/rtnl/parse.h"
#include "sources/rtnl/socket.h"

#define FAKE_MESSAGE_MAX 2048
#define FAKE_LINKS_MAX   128
#define FAKE_QUEUE_MAX   512

#define FAKE_UP      (IFF_UP | IFF_LOWER_UP | IFF_RUNNING)
#define FAKE_NO_LINK IFF_UP

struct fake_bytes {
	size_t len;
	_Alignas(4) uint8_t data[FAKE_MESSAGE_MAX];
};

struct fake_link {
	uint32_t ifindex, flags, change, mtu;
	const char *name, *altname, *kind; /* NULL = left out */
	uint8_t operstate;
	bool has_counts, has_changes;
	uint32_t up_count, down_count;
	uint32_t lower, master;
	bool is_lower_elsewhere, is_bridge_bound;
	uint8_t perm_address[6]; /* all zero = left out */
	uint8_t family;
};

/* Message building: begin, attributes (which may nest), end. */
size_t fake_begin(struct fake_bytes *bytes, uint16_t type, uint16_t flags, uint32_t seq);
void fake_end(struct fake_bytes *bytes, size_t begin);
void fake_put(struct fake_bytes *bytes, uint16_t type, const void *data, size_t len);
void fake_put_u32(struct fake_bytes *bytes, uint16_t type, uint32_t value);
size_t fake_nest(struct fake_bytes *bytes, uint16_t type);
void fake_unnest(struct fake_bytes *bytes, size_t nest);
/* A whole RTM_NEWLINK or RTM_DELLINK. */
void fake_link_message(struct fake_bytes *bytes, const struct fake_link *link, uint16_t type,
		       uint16_t flags, uint32_t seq);
/* NLMSG_ERROR or NLMSG_DONE with this number. */
void fake_number_message(struct fake_bytes *bytes, uint16_t type, uint32_t seq, int error);

struct fake_datagram {
	int error; /* negative: recv() fails with it instead */
	struct fake_bytes bytes;
};

struct fake_kernel {
	struct fake_link links[FAKE_LINKS_MAX];
	size_t n_links;
	struct fake_datagram *queue[ERM_RTNL_SOCKET_MAX][FAKE_QUEUE_MAX];
	size_t n_queue[ERM_RTNL_SOCKET_MAX];
	int fds[ERM_RTNL_SOCKET_MAX];
	/* Faults, each counted down as it is used. */
	unsigned int n_open_fails;  /* open(): -EACCES */
	unsigned int n_interrupted; /* dumps that end with NLM_F_DUMP_INTR */
	unsigned int n_mute;        /* requests that get no answer */
	unsigned int drop_answer;   /* the n-th single answer from now is lost; 0 = none */
	int single_error;           /* every single request is answered by this; 0 = none */
	/* What was asked. */
	unsigned int n_opens, n_dumps, n_singles, n_by_name;
};

void fake_kernel_init(struct fake_kernel *kernel);
void fake_kernel_done(struct fake_kernel *kernel);
struct fake_link *fake_kernel_add(struct fake_kernel *kernel, const struct fake_link *link);
struct fake_link *fake_kernel_find(struct fake_kernel *kernel, const char *name);
void fake_kernel_remove(struct fake_kernel *kernel, const char *name);
/* A notification of the link as it is now. */
void fake_kernel_notify(struct fake_kernel *kernel, const struct fake_link *link, uint16_t type);
/* A notification of any bytes, or a failure of recv() when error is negative. */
void fake_kernel_push(struct fake_kernel *kernel, enum erm_rtnl_socket_id id,
		      const struct fake_bytes *bytes, int error);

extern const struct erm_rtnl_socket_ops fake_kernel_ops; /* userdata: struct fake_kernel */

/* A configuration with these interfaces and one rtnl source; NULL ends the list. */
struct erm_config *fake_config(const char *const *names);

#endif
