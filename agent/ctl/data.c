#include "ctl/data.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/text.h"

const char *erm_data_string(const json_t *object, const char *name)
{
	const char *s = json_string_value(json_object_get(object, name));

	return s ? s : "";
}

uint64_t erm_data_number(const json_t *object, const char *name)
{
	const json_t *value = json_object_get(object, name);
	const char *s = json_string_value(value);
	json_int_t i = json_integer_value(value);
	char *end = NULL;
	uint64_t n;

	if (!s)
		return i > 0 ? (uint64_t)i : 0;
	errno = 0;
	n = strtoull(s, &end, 10);
	return errno == 0 && *s >= '0' && *s <= '9' && *end == '\0' ? n : 0;
}

bool erm_data_bool(const json_t *object, const char *name)
{
	return json_is_true(json_object_get(object, name));
}

usec_t erm_data_time(const json_t *object, const char *name)
{
	return erm_text_parse_time(erm_data_string(object, name));
}

const json_t *erm_data_find(const json_t *list, const char *key, const char *value)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *entry = json_array_get(list, i);

		if (strcmp(erm_data_string(entry, key), value) == 0)
			return entry;
	}
	return NULL;
}
