/* get-schema: RFC 6022, section 3. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "netconf/compat.h"
#include "netconf/request.h"

/* How many modules are meant, and the last of them. */
static unsigned int find_module(const struct erm_request *request, const char *name,
				const char *revision, const struct lys_module **ret)
{
	const struct lys_module *module;
	unsigned int n = 0;
	uint32_t i = 0;

	while ((module = ly_ctx_get_module_iter(request->env->models->ctx, &i))) {
		if (strcmp(module->name, name) != 0 ||
		    (revision && strcmp(module->revision ? module->revision : "", revision) != 0))
			continue;
		*ret = module;
		n++;
	}
	return n;
}

int erm_rpc_get_schema(struct erm_request *request, FILE *out)
{
	const char *name = erm_request_leaf(request, "identifier");
	const char *format = erm_request_leaf(request, "format");
	const struct lys_module *module = NULL;
	LYS_OUTFORMAT output = LYS_OUT_YANG;
	char *text = NULL;
	unsigned int n = find_module(request, name ? name : "",
				     erm_request_leaf(request, "version"), &module);

	if (n == 0)
		return erm_nc_fail(&request->error, ERM_NC_APPLICATION, ERM_NC_INVALID_VALUE,
				   "There is no such schema");
	if (n > 1) {
		(void)erm_nc_fail(&request->error, ERM_NC_APPLICATION, ERM_NC_FAILED,
				  "There are several revisions of %s", name);
		request->error.app_tag = "data-not-unique";
		return -EINVAL;
	}
	if (format && strcmp(format, "ietf-netconf-monitoring:yin") == 0)
		output = LYS_OUT_YIN;
	else if (format && strcmp(format, "ietf-netconf-monitoring:yang") != 0)
		return erm_nc_fail(&request->error, ERM_NC_APPLICATION, ERM_NC_INVALID_VALUE,
				   "Schemas are told as yang and as yin");
	if (lys_print_mem(&text, module, output, 0) != LY_SUCCESS || !text)
		return erm_nc_fail(&request->error, ERM_NC_APPLICATION, ERM_NC_FAILED,
				   "The schema could not be printed");
	(void)fprintf(out, "<data xmlns=\"%s\">", request->env->models->monitoring->ns);
	erm_nc_escape(out, text);
	(void)fputs("</data>", out);
	free(text);
	return 0;
}
