#include "sources/frr/command.h"

#include <errno.h>
#include <stdio.h>

/* "show bgp " and the VRF. */
static int begin(const char *vrf, char ret[ERM_FRR_COMMAND_MAX])
{
	if (vrf && !erm_frr_vrf_is_valid(vrf))
		return -EINVAL;
	return snprintf(ret, ERM_FRR_COMMAND_MAX, "show bgp %s%s%s", vrf ? "vrf " : "",
			vrf ? vrf : "", vrf ? " " : "");
}

int erm_frr_command_summary(const char *vrf, bool is_plain, char ret_command[ERM_FRR_COMMAND_MAX])
{
	int n = begin(vrf, ret_command);

	if (n < 0)
		return n;
	/* the longest is 9 + 5 + 35 + 24 bytes: it always fits */
	(void)!snprintf(ret_command + n, ERM_FRR_COMMAND_MAX - (size_t)n, "summary %sjson",
			is_plain ? "" : "established ");
	return 0;
}

static void mask(uint8_t *bytes, size_t len, unsigned int bits)
{
	for (size_t i = 0; i < len; i++) {
		unsigned int kept = bits < 8 ? bits : 8;

		bytes[i] &= (uint8_t)(0xff00U >> kept);
		bits -= kept;
	}
}

int erm_frr_command_route(const char *vrf, const struct erm_prefix *prefix,
			  char ret_command[ERM_FRR_COMMAND_MAX])
{
	bool is_v6 = prefix->addr.family == AF_INET6;
	struct erm_addr net = prefix->addr;
	char text[ERM_ADDR_STRLEN];
	int n = 0;

	if (prefix->addr.family == AF_UNSPEC || prefix->length > (is_v6 ? 128 : 32))
		return -EINVAL;
	n = begin(vrf, ret_command);
	if (n < 0)
		return n;
	if (is_v6)
		mask(net.v6.s6_addr, sizeof(net.v6.s6_addr), prefix->length);
	else
		mask((uint8_t *)&net.v4, sizeof(net.v4), prefix->length);
	/* the longest is 49 + 13 + 46 + 4 + 5 bytes: it always fits */
	(void)!snprintf(ret_command + n, ERM_FRR_COMMAND_MAX - (size_t)n, "%s unicast %s/%u json",
			is_v6 ? "ipv6" : "ipv4", erm_addr_format(&net, text), prefix->length);
	return 0;
}
