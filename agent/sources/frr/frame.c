#include "sources/frr/frame.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

const struct erm_router_protocol erm_frr_protocol = {
	.trailer_max = ERM_FRR_TRAILER_LEN,
	.broken = "reply does not end as a vty reply does",
	.find = erm_frr_frame_find,
};

int erm_frr_frame_find(struct erm_router_frame *frame, const char *data, size_t len,
		       size_t *ret_text_len, unsigned int *ret_result)
{
	const char *nul = NULL;
	size_t text_len = 0;
	size_t rest = 0;

	if (frame->scanned < len)
		nul = memchr(data + frame->scanned, '\0', len - frame->scanned);
	if (!nul) {
		frame->scanned = len;
		return 0;
	}

	text_len = (size_t)(nul - data);
	frame->scanned = text_len;
	rest = len - text_len;
	for (size_t i = 0; i < rest && i < ERM_FRR_TRAILER_LEN - 1; i++)
		if (nul[i] != '\0')
			return -EBADMSG;
	if (rest < ERM_FRR_TRAILER_LEN)
		return 0;
	if (rest > ERM_FRR_TRAILER_LEN)
		return -EBADMSG;

	*ret_text_len = text_len;
	*ret_result = (uint8_t)nul[ERM_FRR_TRAILER_LEN - 1];
	return 1;
}

bool erm_frr_vrf_is_valid(const char *vrf)
{
	size_t len = strlen(vrf);

	if (len == 0 || len >= ERM_FRR_VRF_MAX)
		return false;
	for (size_t i = 0; i < len; i++) {
		/* '?' asks for help, '|' pipes, '!' and '#' start a comment */
		if (vrf[i] <= ' ' || vrf[i] > '~' || strchr("?|!#\"'\\", vrf[i]))
			return false;
	}
	return true;
}

int erm_frr_command_format(const char *vrf, const struct erm_addr *neighbor,
			   char ret_command[ERM_FRR_COMMAND_MAX])
{
	char addr[ERM_ADDR_STRLEN] = "";

	if (vrf && !erm_frr_vrf_is_valid(vrf))
		return -EINVAL;
	if (neighbor && erm_addr_format(neighbor, addr)[0] == '\0')
		return -EINVAL;

	/* the longest is 9 + 5 + 35 + 10 + 46 + 6 bytes: it always fits */
	(void)!snprintf(ret_command, ERM_FRR_COMMAND_MAX, "show bgp %s%s%sneighbors %s%sjson",
			vrf ? "vrf " : "", vrf ? vrf : "", vrf ? " " : "", addr,
			neighbor ? " " : "");
	return 0;
}
