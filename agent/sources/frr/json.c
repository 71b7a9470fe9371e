#include "sources/frr/json.h"

#include <errno.h>
#include <string.h>

/*
 * One pass before the JSON library: it builds a tree of what it is given, so depth and
 * number of values are bounded here, and it refuses text that is not UTF-8.
 */
static int scan(char *text, size_t len)
{
	bool in_string = false;
	size_t depth = 0;
	size_t n_values = 0;

	for (size_t i = 0; i < len; i++) {
		char c = text[i];

		if (in_string) {
			if (c < ' ' || c > '~')
				text[i] = '?';
			else if (c == '\\' && i + 1 < len && text[i + 1] >= ' ')
				i++;
			else if (c == '"')
				in_string = false;
			continue;
		}
		in_string = c == '"';
		n_values += c == ',' || c == '{' || c == '[';
		if (c == '{' || c == '[')
			depth++;
		else if ((c == '}' || c == ']') && depth > 0)
			depth--;
		if (depth > ERM_FRR_DEPTH_MAX || n_values > ERM_FRR_VALUES_MAX)
			return -E2BIG;
	}
	return 0;
}

int erm_frr_json_load(char *text, size_t len, json_t **ret)
{
	json_error_t error = { 0 };
	json_t *root = NULL;
	int r = scan(text, len);

	if (r < 0)
		return r;
	/* integers as reals: one beyond 63 bits in a field nobody reads must not cost the reply */
	root = json_loadb(text, len, JSON_DECODE_INT_AS_REAL | JSON_ALLOW_NUL, &error);
	if (!root)
		return json_error_code(&error) == json_error_out_of_memory ? -ENOMEM : -EBADMSG;
	if (!json_is_object(root)) {
		json_decref(root);
		return -EBADMSG;
	}
	*ret = root;
	return 0;
}

/* Decimal digits only, so that " 1", "-1" and "1x" are no numbers. */
static bool number_from_string(const char *text, double *ret)
{
	double value = 0;

	if (text[0] == '\0' || strlen(text) > 15)
		return false;
	for (; *text != '\0'; text++) {
		if (*text < '0' || *text > '9')
			return false;
		value = value * 10 + (*text - '0');
	}
	*ret = value;
	return true;
}

bool erm_frr_json_is_number(const json_t *value, double *ret)
{
	if (json_is_string(value))
		return number_from_string(json_string_value(value), ret);
	if (!json_is_real(value) || !(json_real_value(value) >= 0))
		return false;
	*ret = json_real_value(value);
	return true;
}

bool erm_frr_json_number(const json_t *object, const char *key, double *ret)
{
	return erm_frr_json_is_number(json_object_get(object, key), ret);
}

bool erm_frr_json_u32(const json_t *object, const char *key, uint32_t *ret)
{
	double value = 0;

	if (!erm_frr_json_number(object, key, &value))
		return false;
	*ret = value >= UINT32_MAX ? UINT32_MAX : (uint32_t)value;
	return true;
}

const char *erm_frr_json_string(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

bool erm_frr_json_flag(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	return json_is_true(value) || strcmp(erm_frr_json_string(object, key), "true") == 0;
}
