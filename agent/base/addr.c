#include "base/addr.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

int erm_addr_parse(const char *text, struct erm_addr *ret)
{
	struct erm_addr addr = { 0 };

	if (inet_pton(AF_INET, text, &addr.v4) == 1)
		addr.family = AF_INET;
	else if (inet_pton(AF_INET6, text, &addr.v6) == 1)
		addr.family = AF_INET6;
	else
		return -EINVAL;
	*ret = addr;
	return 0;
}

const char *erm_addr_format(const struct erm_addr *addr, char buf[ERM_ADDR_STRLEN])
{
	size_t len = 0;
	const void *bytes = erm_addr_bytes(addr, &len);

	if (len == 0 || !inet_ntop(addr->family, bytes, buf, ERM_ADDR_STRLEN))
		buf[0] = '\0';
	return buf;
}

const void *erm_addr_bytes(const struct erm_addr *addr, size_t *ret_len)
{
	*ret_len = addr->family == AF_INET    ? sizeof(addr->v4)
		   : addr->family == AF_INET6 ? sizeof(addr->v6)
					      : 0;
	return &addr->v4;
}

int erm_addr_compare(const struct erm_addr *a, const struct erm_addr *b)
{
	size_t len_a = 0;
	size_t len_b = 0;
	const void *bytes_a = erm_addr_bytes(a, &len_a);
	const void *bytes_b = erm_addr_bytes(b, &len_b);

	if (len_a != len_b)
		return len_a < len_b ? -1 : 1;
	return len_a == 0 ? 0 : memcmp(bytes_a, bytes_b, len_a);
}

bool erm_addr_equal(const struct erm_addr *a, const struct erm_addr *b)
{
	return erm_addr_compare(a, b) == 0;
}
