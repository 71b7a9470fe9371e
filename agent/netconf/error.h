/*
 * An rpc-error of RFC 6241, appendix A, as a value, and as XML.  Pure.
 */
#ifndef ERM_NETCONF_ERROR_H
#define ERM_NETCONF_ERROR_H

#include <stdio.h>

enum erm_nc_tag {
	ERM_NC_INVALID_VALUE = 1,
	ERM_NC_TOO_BIG,
	ERM_NC_MISSING_ATTRIBUTE,
	ERM_NC_BAD_ELEMENT,
	ERM_NC_MISSING_ELEMENT,
	ERM_NC_UNKNOWN_ELEMENT,
	ERM_NC_UNKNOWN_NAMESPACE,
	ERM_NC_ACCESS_DENIED,
	ERM_NC_RESOURCE_DENIED,
	ERM_NC_NOT_SUPPORTED,
	ERM_NC_FAILED,
	ERM_NC_MALFORMED, /* for clients of base:1.1 only */
	ERM_NC_TAG_MAX
};

enum erm_nc_layer { ERM_NC_RPC = 1, ERM_NC_PROTOCOL, ERM_NC_APPLICATION, ERM_NC_LAYER_MAX };

struct erm_nc_error {
	enum erm_nc_tag tag;
	enum erm_nc_layer layer;
	const char *app_tag; /* NULL = none; a constant */
	/* "" = none. */
	char message[512];
	char attribute[64], element[256], name_space[256];
};

/* Fills error; returns -EINVAL, so that one may return it. */
int erm_nc_fail(struct erm_nc_error *error, enum erm_nc_layer layer, enum erm_nc_tag tag,
		const char *format, ...) __attribute__((format(printf, 4, 5)));

const char *erm_nc_tag_string(enum erm_nc_tag tag);

/* Text between tags or in quotes; what XML 1.0 has no character for becomes '?'. */
void erm_nc_escape(FILE *out, const char *text);

/* <rpc-error>...</rpc-error>, in the namespace around it. */
void erm_nc_error_print(FILE *out, const struct erm_nc_error *error);

#endif
