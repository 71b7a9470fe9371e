#include "sources/snmp_router/address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/addr.h"

#define HOST_MAX 64

static bool take_port(const char *text, uint16_t *ret)
{
	unsigned long value;
	char *end = NULL;

	if (*text < '0' || *text > '9' || strlen(text) > 5)
		return false;
	value = strtoul(text, &end, 10);
	if (*end || value == 0 || value > UINT16_MAX)
		return false;
	*ret = (uint16_t)value;
	return true;
}

/* Splits host and port; without brackets, more than one colon is an IPv6 address alone. */
static int split(const char *text, char host[HOST_MAX], uint16_t *port)
{
	const char *colon = strchr(text, ':');
	const char *end;

	if (*text == '[') {
		text++;
		end = strchr(text, ']');
		if (!end || (end[1] && (end[1] != ':' || !take_port(end + 2, port))))
			return -EINVAL;
	} else if (colon && !strchr(colon + 1, ':')) {
		end = colon;
		if (!take_port(colon + 1, port))
			return -EINVAL;
	} else {
		end = text + strlen(text);
	}
	if ((size_t)(end - text) >= HOST_MAX)
		return -EINVAL;
	memcpy(host, text, (size_t)(end - text));
	host[end - text] = '\0';
	return 0;
}

static const char *skip_transport(const char *text)
{
	static const char *const known[] = { "udp:", "udp6:", "udpv6:", "udpipv6:" };

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strncasecmp(text, known[i], strlen(known[i])) == 0)
			return text + strlen(known[i]);
	}
	return text;
}

int erm_snmpr_address_parse(const char *text, uint16_t default_port, union erm_snmpr_address *ret)
{
	static const char *const others[] = { "tcp:",      "tcp6:", "tlstcp:", "dtlsudp:",
					      "dtlsudp6:", "unix:", "ssh:",    "alias:" };
	union erm_snmpr_address address = { 0 };
	uint16_t port = default_port;
	struct erm_addr host = { 0 };
	char name[HOST_MAX];

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		if (strncasecmp(text, others[i], strlen(others[i])) == 0)
			return -EPROTONOSUPPORT;
	}
	if (split(skip_transport(text), name, &port) < 0 || erm_addr_parse(name, &host) < 0)
		return -EINVAL;
	if (host.family == AF_INET) {
		address.v4.sin_family = AF_INET;
		address.v4.sin_addr = host.v4;
		address.v4.sin_port = htons(port);
	} else {
		address.v6.sin6_family = AF_INET6;
		address.v6.sin6_addr = host.v6;
		address.v6.sin6_port = htons(port);
	}
	*ret = address;
	return 0;
}

socklen_t erm_snmpr_address_len(const union erm_snmpr_address *address)
{
	return address->any.sa_family == AF_INET ? sizeof(address->v4) : sizeof(address->v6);
}

static struct in6_addr widened(const union erm_snmpr_address *a)
{
	struct in6_addr wide = { 0 };

	if (a->any.sa_family == AF_INET6)
		return a->v6.sin6_addr;
	wide.s6_addr[10] = wide.s6_addr[11] = 0xff;
	memcpy(&wide.s6_addr[12], &a->v4.sin_addr, sizeof(a->v4.sin_addr));
	return wide;
}

bool erm_snmpr_address_is_host(const union erm_snmpr_address *a, const union erm_snmpr_address *b)
{
	struct in6_addr x = widened(a);
	struct in6_addr y = widened(b);

	return memcmp(&x, &y, sizeof(x)) == 0;
}

bool erm_snmpr_address_equal(const union erm_snmpr_address *a, const union erm_snmpr_address *b)
{
	/* the port is at the same place in both families */
	return a->any.sa_family == b->any.sa_family && a->v4.sin_port == b->v4.sin_port &&
	       erm_snmpr_address_is_host(a, b);
}
