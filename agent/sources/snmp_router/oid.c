#include "sources/snmp_router/oid.h"

#include <string.h>

bool erm_snmpr_oid_equal(const struct erm_snmpr_oid *a, const struct erm_snmpr_oid *b)
{
	return a->n == b->n && memcmp(a->ids, b->ids, a->n * sizeof(a->ids[0])) == 0;
}

bool erm_snmpr_oid_is_below(const struct erm_snmpr_oid *oid, const struct erm_snmpr_oid *prefix)
{
	return oid->n >= prefix->n &&
	       memcmp(oid->ids, prefix->ids, prefix->n * sizeof(prefix->ids[0])) == 0;
}

int erm_snmpr_oid_compare(const struct erm_snmpr_oid *a, const struct erm_snmpr_oid *b)
{
	for (uint32_t i = 0; i < a->n && i < b->n; i++) {
		if (a->ids[i] != b->ids[i])
			return a->ids[i] < b->ids[i] ? -1 : 1;
	}
	return a->n == b->n ? 0 : a->n < b->n ? -1 : 1;
}

bool erm_snmpr_oid_parse(const char *text, size_t len, struct erm_snmpr_oid *ret)
{
	struct erm_snmpr_oid oid = { 0 };
	uint64_t id = 0;
	bool has_digit = false;

	for (size_t i = 0; i <= len; i++) {
		if (i < len && text[i] >= '0' && text[i] <= '9') {
			id = id * 10 + (uint64_t)(text[i] - '0');
			has_digit = true;
			if (id > UINT32_MAX)
				return false;
			continue;
		}
		if ((i < len && text[i] != '.') || !has_digit || oid.n >= ERM_SNMPR_OID_MAX)
			return false;
		oid.ids[oid.n++] = (uint32_t)id;
		id = 0;
		has_digit = false;
	}
	*ret = oid;
	return true;
}

size_t erm_snmpr_oid_write(const struct erm_snmpr_oid *oid, char ret_text[ERM_SNMPR_OID_TEXT_MAX])
{
	size_t len = 0;

	for (uint32_t i = 0; i < oid->n; i++) {
		uint32_t id = oid->ids[i];
		char digits[10];
		size_t n = 0;

		if (i > 0)
			ret_text[len++] = '.';
		do {
			digits[n++] = (char)('0' + id % 10);
			id /= 10;
		} while (id > 0);
		while (n > 0)
			ret_text[len++] = digits[--n];
	}
	ret_text[len] = '\0';
	return len;
}
