/*
 * TCP sockets as sock_diag(7) tells them: what is asked, and what comes back in an answer
 * or when a socket is destroyed.  Pure; what it parses may be hostile or cut.
 */
#ifndef ERM_SOURCES_SOCKDIAG_PARSE_H
#define ERM_SOURCES_SOCKDIAG_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/reader.h"
#include "base/usec.h"

#define ERM_BGP_PORT              179 /* RFC 4271 section 8.2.1 */
#define ERM_SOCKDIAG_REQUEST_SIZE 2048
#define ERM_SOCKDIAG_ID_SIZE      48 /* struct inet_diag_sockid */

/* A socket as the kernel wants to be asked for it. */
struct erm_sockdiag_id {
	uint8_t family;
	uint8_t bytes[ERM_SOCKDIAG_ID_SIZE];
};

struct erm_sockdiag_socket {
	struct erm_addr local, peer; /* IPv4 when mapped into IPv6 (RFC 4291 section 2.5.5.2) */
	uint16_t local_port, peer_port;
	bool is_established; /* TCP's state, not BGP's */
	uint64_t cookie;     /* of this socket and, while the system runs, of no other */
	struct erm_sockdiag_id id;
	bool has_info; /* what follows was told; kernels before 4.6 do not tell all of it */
	uint64_t bytes_received, bytes_acked;
	uint32_t data_segs_in;
	usec_t silent_usec; /* since the last data of the peer; old kernels: since the start */
};

struct erm_sockdiag_request {
	size_t len; /* bytes in use */
	_Alignas(8) uint8_t bytes[ERM_SOCKDIAG_REQUEST_SIZE];
};

/*
 * All established sockets of AF_INET or AF_INET6 with BGP's port on one side: the kernel
 * leaves out the others itself.
 */
void erm_sockdiag_request_dump(struct erm_sockdiag_request *request, int family, uint32_t seq);
/*
 * Appends a request for this very socket, in whatever state; one that is gone is answered
 * by an error.  False when it does not fit, which leaves the buffer as it was.
 */
bool erm_sockdiag_request_add(struct erm_sockdiag_request *request,
			      const struct erm_sockdiag_id *id, uint32_t seq);

/* The payload of a SOCK_DIAG_BY_FAMILY message.  0, or -EBADMSG; -EAFNOSUPPORT for another family. */
int erm_sockdiag_parse(struct erm_reader payload, struct erm_sockdiag_socket *ret);

#endif
