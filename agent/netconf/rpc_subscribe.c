/* create-subscription: RFC 5277, section 2.1.1. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "netconf/compat.h"
#include "netconf/request.h"
#include "netconf/subscription.h"
#include "netconf/xml.h"

static int fail(struct erm_request *request, enum erm_nc_tag tag, const char *element,
		const char *why)
{
	int r = erm_nc_fail(&request->error, ERM_NC_PROTOCOL, tag, "%s", why);

	(void)snprintf(request->error.element, sizeof(request->error.element), "%s", element);
	return r;
}

/* Whole seconds, fractions cut; libyang has seen to the form. */
static int read_time(struct erm_request *request, const char *name, usec_t *ret)
{
	const char *text = erm_request_leaf(request, name);
	time_t seconds = 0;

	if (!text)
		return 0;
	if (ly_time_str2time(text, &seconds, NULL) != LY_SUCCESS || seconds < 0)
		return fail(request, ERM_NC_BAD_ELEMENT, name, "The time is not understood");
	*ret = (usec_t)seconds * ERM_USEC_PER_SEC;
	return 1;
}

int erm_rpc_create_subscription(struct erm_request *request, FILE *out)
{
	struct erm_nc_env *env = request->env;
	const char *stream = erm_request_leaf(request, "stream");
	struct erm_subscription_query query = {
		.stop_usec = ERM_USEC_INFINITY,
		.filter = erm_xml_find(erm_xml_child(request->operation),
				       erm_xml_ns(request->operation), "filter"),
	};
	int has_start = read_time(request, "startTime", &query.start_usec);
	int has_stop = has_start < 0 ? has_start : read_time(request, "stopTime", &query.stop_usec);
	int r;

	if (has_stop < 0)
		return has_stop;
	if (env->subscription)
		return erm_nc_fail(&request->error, ERM_NC_PROTOCOL, ERM_NC_FAILED,
				   "The session has a subscription already");
	if (stream && strcmp(stream, "NETCONF") != 0)
		return fail(request, ERM_NC_INVALID_VALUE, "stream", "The stream is NETCONF");
	if (has_stop && !has_start)
		return fail(request, ERM_NC_MISSING_ELEMENT, "startTime",
			    "A stopTime needs a startTime");
	if (has_start && query.start_usec > erm_time_now().real)
		return fail(request, ERM_NC_BAD_ELEMENT, "startTime", "It is in the future");
	if (has_stop && query.stop_usec < query.start_usec)
		return fail(request, ERM_NC_BAD_ELEMENT, "stopTime", "It is before startTime");
	query.has_replay = has_start;
	r = erm_subscription_new(env->models, env->ctl, &query, &env->subscription,
				 &request->error);
	if (r == 0)
		(void)fputs("<ok/>", out);
	return r;
}
