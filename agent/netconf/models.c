#include "netconf/models.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "netconf/compat.h"
#include "netconf/error.h"
#include "netconf/shape.h"

static const char *const netconf_features[] = { "xpath", NULL };

static const struct {
	const char *name, *revision;
	const char *const *features;
} modules[] = {
	{ "ietf-netconf", "2011-06-01", netconf_features },
	{ "ietf-netconf-with-defaults", "2011-06-01", NULL },
	{ "ietf-netconf-monitoring", "2010-10-04", NULL },
	{ "ietf-netconf-nmda", "2019-01-07", NULL },
	{ "ietf-yang-library", "2019-01-04", NULL },
	{ "ietf-datastores", "2018-02-14", NULL },
	{ "notifications", "2008-07-14", NULL },
	{ "nc-notifications", "2008-07-14", NULL },
	{ "ermon", NULL, NULL },
};

void erm_models_take_error(struct ly_ctx *ctx, char *buf, size_t size)
{
	const struct ly_err_item *item = ly_err_first(ctx);

	(void)snprintf(buf, size, "%s", item && item->msg ? item->msg : "");
	for (char *p = buf; *p; p++) {
		if (*p == '\n')
			*p = ' ';
	}
	ly_err_clean(ctx, NULL);
}

static void hash(uint64_t *h, const char *text)
{
	do {
		*h = (*h ^ (unsigned char)*text) * UINT64_C(1099511628211);
	} while (*text++);
}

/* FNV-1a over what yang-library tells of the modules. */
static void make_content_id(struct erm_models *models)
{
	uint64_t h = UINT64_C(14695981039346656037);
	const struct lys_module *module;
	uint32_t i = 0;

	while ((module = ly_ctx_get_module_iter(models->ctx, &i))) {
		hash(&h, module->name);
		hash(&h, module->revision ? module->revision : "");
		hash(&h, module->implemented ? "implemented" : "imported");
		if (lys_feature_value(module, "xpath") == LY_SUCCESS)
			hash(&h, "xpath");
	}
	(void)snprintf(models->content_id, sizeof(models->content_id), "%016" PRIx64, h);
}

static int add_dirs(struct ly_ctx *ctx, const char *dirs, char *error, size_t size)
{
	_cleanup_free_ char *copy = strdup(dirs);
	char *rest = copy;
	const char *dir;

	while (copy && (dir = strsep(&rest, ":"))) {
		LY_ERR r = dir[0] ? ly_ctx_set_searchdir(ctx, dir) : LY_EEXIST;

		if (r != LY_SUCCESS && r != LY_EEXIST) {
			(void)snprintf(error, size,
				       "the directory of YANG modules %s cannot be read", dir);
			return -ENOENT;
		}
	}
	return copy ? 0 : -ENOMEM;
}

static int load(struct erm_models *models, char *error, size_t size)
{
	char why[256];

	for (size_t i = 0; i < ERM_ELEMENTS(modules); i++) {
		/* The library's prototype lacks a const. */
		union {
			const char *const *in;
			const char **out;
		} features = { .in = modules[i].features };

		if (ly_ctx_load_module(models->ctx, modules[i].name, modules[i].revision,
				       features.out))
			continue;
		erm_models_take_error(models->ctx, why, sizeof(why));
		(void)snprintf(error, size, "the YANG module %s cannot be loaded: %s",
			       modules[i].name, why);
		return -EPROTO;
	}
	models->netconf = ly_ctx_get_module_implemented(models->ctx, "ietf-netconf");
	models->ermon = ly_ctx_get_module_implemented(models->ctx, "ermon");
	models->library = ly_ctx_get_module_implemented(models->ctx, "ietf-yang-library");
	models->monitoring = ly_ctx_get_module_implemented(models->ctx, "ietf-netconf-monitoring");
	models->streams = ly_ctx_get_module_implemented(models->ctx, "nc-notifications");
	models->nmda = ly_ctx_get_module_implemented(models->ctx, "ietf-netconf-nmda");
	make_content_id(models);
	models->shape = erm_shape_new(models->ctx);
	if (!models->shape) {
		(void)snprintf(error, size, "out of memory");
		return -ENOMEM;
	}
	return 0;
}

int erm_models_new(const char *dirs, struct erm_models **ret, char *error, size_t size)
{
	ERM_CLEANUP(erm_models_freep) struct erm_models *models = calloc(1, sizeof(*models));
	int r;

	/* Messages are taken from the context, the first one being the cause of the others. */
	(void)ly_log_options(LY_LOSTORE);
	if (!models || ly_ctx_new(NULL, LY_CTX_DISABLE_SEARCHDIR_CWD, &models->ctx) != LY_SUCCESS ||
	    ly_ctx_new(NULL, LY_CTX_DISABLE_SEARCHDIRS | LY_CTX_NO_YANGLIBRARY, &models->raw) !=
		    LY_SUCCESS) {
		(void)snprintf(error, size, "libyang does not start");
		return -ENOMEM;
	}
	r = add_dirs(models->ctx, dirs, error, size);
	if (r == 0)
		r = load(models, error, size);
	if (r < 0)
		return r;
	*ret = ERM_TAKE_PTR(models);
	return 0;
}

struct erm_models *erm_models_free(struct erm_models *models)
{
	if (!models)
		return NULL;
	erm_shape_free(models->shape);
	ly_ctx_destroy(models->raw);
	ly_ctx_destroy(models->ctx);
	free(models->library_text);
	free(models);
	return NULL;
}

/* Modules of YANG 1 are told in the hello, those of 1.1 by yang-library (RFC 7950, 5.6.4). */
static int visit_modules(const struct erm_models *models,
			 int (*visit)(void *userdata, const char *capability), void *userdata)
{
	const struct lys_module *module;
	char text[512];
	uint32_t i = 0;
	int r = 0;

	while (r == 0 && (module = ly_ctx_get_module_iter(models->ctx, &i))) {
		if (!module->implemented || !module->parsed ||
		    module->parsed->version == LYS_VERSION_1_1)
			continue;
		(void)snprintf(text, sizeof(text), "%s?module=%s%s%s%s", module->ns, module->name,
			       module->revision ? "&revision=" : "",
			       module->revision ? module->revision : "",
			       module == models->netconf ? "&features=xpath" : "");
		r = visit(userdata, text);
	}
	return r;
}

int erm_models_capabilities(const struct erm_models *models,
			    int (*visit)(void *userdata, const char *capability), void *userdata)
{
	static const char *const fixed[] = {
		"urn:ietf:params:netconf:base:1.0",
		"urn:ietf:params:netconf:base:1.1",
		"urn:ietf:params:netconf:capability:xpath:1.0",
		"urn:ietf:params:netconf:capability:notification:1.0",
		"urn:ietf:params:netconf:capability:interleave:1.0",
	};
	/* The daemon tells every value in force and not whether it was written. */
	static const char defaults[] =
		"urn:ietf:params:netconf:capability:with-defaults:1.0"
		"?basic-mode=report-all&also-supported=report-all-tagged,trim";
	char library[160];
	int r = visit(userdata, defaults);

	for (size_t i = 0; i < ERM_ELEMENTS(fixed) && r == 0; i++)
		r = visit(userdata, fixed[i]);
	(void)snprintf(
		library, sizeof(library),
		"urn:ietf:params:netconf:capability:yang-library:1.1?revision=%s&content-id=%s",
		models->library->revision, models->content_id);
	if (r == 0)
		r = visit(userdata, library);
	return r == 0 ? visit_modules(models, visit, userdata) : r;
}

static int print_capability(void *userdata, const char *capability)
{
	FILE *out = userdata;

	(void)fputs("<capability>", out);
	erm_nc_escape(out, capability);
	(void)fputs("</capability>", out);
	return 0;
}

void erm_models_hello(const struct erm_models *models, uint32_t session_id, FILE *out)
{
	(void)fputs("<hello xmlns=\"urn:ietf:params:xml:ns:netconf:base:1.0\"><capabilities>", out);
	(void)erm_models_capabilities(models, print_capability, out);
	(void)fprintf(out, "</capabilities><session-id>%" PRIu32 "</session-id></hello>",
		      session_id);
}
