/* The credentials file: what is taken is whole, and an error is printable text. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sources/snmp_router/credentials.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct erm_snmpr_credentials c = { 0 };
	char error[ERM_SNMPR_ERROR_MAX] = "";
	char *copy;
	int r;

	if (size > ERM_SNMPR_CREDENTIALS_MAX)
		return 0;
	copy = malloc(size ? size : 1);
	if (!copy)
		abort();
	memcpy(copy, data, size);
	r = erm_snmpr_credentials_parse(copy, size, &c, error);
	free(copy);
	if (r < 0) {
		if (!error[0] || c.community[0] || c.user[0])
			abort();
		for (const char *p = error; *p; p++) {
			if (*p < ' ' || *p > '~')
				abort();
		}
		return 0;
	}
	if ((c.community[0] != '\0') == (c.user[0] != '\0') || !c.auth != !c.auth_password[0] ||
	    !c.priv != !c.priv_password[0] || (c.priv && !c.auth))
		abort();
	return 0;
}
