#include "netconf/error.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

static const char *const tags[ERM_NC_TAG_MAX] = {
	[ERM_NC_INVALID_VALUE] = "invalid-value",
	[ERM_NC_TOO_BIG] = "too-big",
	[ERM_NC_MISSING_ATTRIBUTE] = "missing-attribute",
	[ERM_NC_BAD_ELEMENT] = "bad-element",
	[ERM_NC_MISSING_ELEMENT] = "missing-element",
	[ERM_NC_UNKNOWN_ELEMENT] = "unknown-element",
	[ERM_NC_UNKNOWN_NAMESPACE] = "unknown-namespace",
	[ERM_NC_ACCESS_DENIED] = "access-denied",
	[ERM_NC_RESOURCE_DENIED] = "resource-denied",
	[ERM_NC_NOT_SUPPORTED] = "operation-not-supported",
	[ERM_NC_FAILED] = "operation-failed",
	[ERM_NC_MALFORMED] = "malformed-message",
};

static const char *const layers[ERM_NC_LAYER_MAX] = {
	[ERM_NC_RPC] = "rpc",
	[ERM_NC_PROTOCOL] = "protocol",
	[ERM_NC_APPLICATION] = "application",
};

/* What was cut must not end in a part of a character. */
static void trim_utf8(char *text, size_t len)
{
	size_t at = len;

	while (at > 0 && len - at < 4 && ((unsigned char)text[at - 1] & 0xc0) == 0x80)
		at--;
	if (at > 0 && ((unsigned char)text[at - 1] & 0xc0) == 0xc0)
		text[at - 1] = '\0';
}

int erm_nc_fail(struct erm_nc_error *error, enum erm_nc_layer layer, enum erm_nc_tag tag,
		const char *format, ...)
{
	va_list args;
	int n;

	*error = (struct erm_nc_error){ .tag = tag, .layer = layer };
	va_start(args, format);
	n = vsnprintf(error->message, sizeof(error->message), format, args);
	va_end(args);
	if (n >= (int)sizeof(error->message))
		trim_utf8(error->message, sizeof(error->message) - 1);
	return -EINVAL;
}

const char *erm_nc_tag_string(enum erm_nc_tag tag)
{
	return tags[tag];
}

void erm_nc_escape(FILE *out, const char *text)
{
	size_t n;

	while (*text) {
		n = strcspn(text, "<>&\"'\x01\x02\x03\x04\x05\x06\x07\x08\x0b\x0c\x0e\x0f\x10\x11"
				  "\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f\r");
		(void)fwrite(text, 1, n, out);
		text += n;
		switch (*text) {
		case '\0':
			return;
		case '<':
			(void)fputs("&lt;", out);
			break;
		case '>':
			(void)fputs("&gt;", out);
			break;
		case '&':
			(void)fputs("&amp;", out);
			break;
		case '"':
			(void)fputs("&quot;", out);
			break;
		case '\'':
			(void)fputs("&apos;", out);
			break;
		case '\r':
			(void)fputs("&#13;", out);
			break;
		default:
			(void)fputc('?', out);
			break;
		}
		text++;
	}
}

static void print_element(FILE *out, const char *name, const char *text)
{
	if (!text || !text[0])
		return;
	(void)fprintf(out, "<%s>", name);
	erm_nc_escape(out, text);
	(void)fprintf(out, "</%s>", name);
}

void erm_nc_error_print(FILE *out, const struct erm_nc_error *error)
{
	(void)fputs("<rpc-error>", out);
	print_element(out, "error-type", layers[error->layer]);
	print_element(out, "error-tag", tags[error->tag]);
	print_element(out, "error-severity", "error");
	print_element(out, "error-app-tag", error->app_tag);
	if (error->message[0]) {
		(void)fputs("<error-message xml:lang=\"en\">", out);
		erm_nc_escape(out, error->message);
		(void)fputs("</error-message>", out);
	}
	if (error->attribute[0] || error->element[0] || error->name_space[0]) {
		(void)fputs("<error-info>", out);
		print_element(out, "bad-attribute", error->attribute);
		print_element(out, "bad-element", error->element);
		print_element(out, "bad-namespace", error->name_space);
		(void)fputs("</error-info>", out);
	}
	(void)fputs("</rpc-error>", out);
}
