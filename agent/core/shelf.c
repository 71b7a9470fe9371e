#include "core/shelf.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Goes back to the last star only, so it takes at most the product of both lengths. */
bool erm_pattern_matches(const char *pattern, const char *text)
{
	const char *star = NULL;
	const char *from = NULL;

	while (*text) {
		if (*pattern == '*') {
			star = pattern++;
			from = text;
		} else if (*pattern == '?' || *pattern == *text) {
			pattern++;
			text++;
		} else if (star) {
			pattern = star + 1;
			text = ++from;
		} else {
			return false;
		}
	}
	while (*pattern == '*')
		pattern++;
	return *pattern == '\0';
}

bool erm_shelf_matches(const struct erm_shelf *shelf, enum erm_alarm_type type,
		       const char *resource)
{
	if (shelf->types != 0 && !(shelf->types & (1U << (unsigned int)type)))
		return false;
	for (uint32_t i = 0; i < ERM_SHELF_RESOURCES_MAX && shelf->resources[i][0]; i++) {
		if (erm_pattern_matches(shelf->resources[i], resource))
			return true;
	}
	return shelf->resources[0][0] == '\0';
}

int erm_key_split(const char *key, enum erm_alarm_type *ret_type, const char **ret_resource)
{
	char type[ERM_KEY_MAX];
	const char *slash = strchr(key, '/');

	if (!slash || (size_t)(slash - key) >= sizeof(type))
		return -EINVAL;
	(void)snprintf(type, sizeof(type), "%.*s", (int)(slash - key), key);
	for (int value = 1; value < ERM_ALARM_TYPE_MAX; value++) {
		if (strcmp(erm_alarm_type_name((enum erm_alarm_type)value), type) != 0)
			continue;
		*ret_type = (enum erm_alarm_type)value;
		*ret_resource = slash + 1;
		return 0;
	}
	return -EINVAL;
}
