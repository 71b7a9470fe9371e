/* Operations on sessions: RFC 6241, sections 7.8 and 7.9. */
#include <errno.h>
#include <stdlib.h>

#include "netconf/request.h"

int erm_rpc_close_session(struct erm_request *request, FILE *out)
{
	request->is_last = true;
	(void)fputs("<ok/>", out);
	return 0;
}

int erm_rpc_kill_session(struct erm_request *request, FILE *out)
{
	const char *id = erm_request_leaf(request, "session-id");
	int r = erm_channel_kill(request->env->channel, id ? (uint32_t)strtoul(id, NULL, 10) : 0);

	if (r == -EINVAL)
		return erm_nc_fail(&request->error, ERM_NC_PROTOCOL, ERM_NC_INVALID_VALUE,
				   "A session cannot kill itself; close-session ends it");
	if (r == -ESRCH)
		return erm_nc_fail(&request->error, ERM_NC_PROTOCOL, ERM_NC_INVALID_VALUE,
				   "There is no session %s", id);
	if (r == -EPERM)
		return erm_nc_fail(&request->error, ERM_NC_PROTOCOL, ERM_NC_ACCESS_DENIED,
				   "The session is another user's");
	if (r < 0)
		return erm_nc_fail(&request->error, ERM_NC_PROTOCOL, ERM_NC_FAILED,
				   "The session could not be killed");
	(void)fputs("<ok/>", out);
	return 0;
}
