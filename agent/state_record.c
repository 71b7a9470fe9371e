#include "state_record.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "core/types.h"

/* Names and texts land in traps and on terminals: nothing but printable ASCII passes. */
static bool is_printable(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (s[i] < 0x20 || s[i] > 0x7e)
			return false;
	}
	return true;
}

/* Takes the reference to value in any case. */
int erm_record_set(json_t *object, const char *name, json_t *value)
{
	return value && json_object_set_new(object, name, value) == 0 ? 0 : -ENOMEM;
}

static int format_mask(const struct erm_field *f, uint32_t mask, json_t *object)
{
	json_t *array = json_array();
	int r = erm_record_set(object, f->name, array);

	for (unsigned int v = 0; r == 0 && v < 32; v++) {
		const char *word = NULL;

		if (!(mask & (1U << v)))
			continue;
		word = f->name_of(v);
		if (!word)
			return -EINVAL;
		r = json_array_append_new(array, json_string(word)) < 0 ? -ENOMEM : 0;
	}
	return r;
}

static int format_list(const struct erm_field *f, const char *at, json_t *object)
{
	json_t *array = json_array();
	int r = erm_record_set(object, f->name, array);

	for (uint32_t i = 0; r == 0 && i < f->n_max && at[i * f->size]; i++) {
		const char *s = at + i * f->size;
		size_t len = strnlen(s, f->size);

		if (len == f->size || !is_printable(s, len))
			return -EINVAL;
		r = json_array_append_new(array, json_stringn(s, len)) < 0 ? -ENOMEM : 0;
	}
	return r;
}

static int format_field(const struct erm_field *f, const void *record, json_t *object)
{
	const char *at = (const char *)record + f->offset;
	uint32_t u32 = 0;
	uint64_t u64 = 0;
	size_t len;
	const char *word;

	switch (f->type) {
	case ERM_FIELD_U32:
		memcpy(&u32, at, sizeof(u32));
		return erm_record_set(object, f->name, json_integer(u32));
	case ERM_FIELD_U64:
		memcpy(&u64, at, sizeof(u64));
		if (u64 > INT64_MAX)
			return -EINVAL;
		if (u64 == 0 && f->is_optional)
			return 0;
		return erm_record_set(object, f->name, json_integer((json_int_t)u64));
	case ERM_FIELD_STRING:
		len = strnlen(at, f->size);
		if (len == 0 && f->is_optional)
			return 0;
		if (len == 0 || len == f->size || !is_printable(at, len))
			return -EINVAL;
		return erm_record_set(object, f->name, json_stringn(at, len));
	case ERM_FIELD_ENUM:
		memcpy(&u32, at, sizeof(u32));
		if (u32 == 0 && f->is_optional)
			return 0;
		word = f->name_of(u32);
		if (!word)
			return -EINVAL;
		return erm_record_set(object, f->name, json_string(word));
	case ERM_FIELD_MASK:
		memcpy(&u32, at, sizeof(u32));
		return format_mask(f, u32, object);
	case ERM_FIELD_LIST:
		return format_list(f, at, object);
	}
	return -EINVAL;
}

int erm_record_format(const struct erm_record_type *type, const void *record, json_t **ret)
{
	json_auto_t *object = json_object();

	if (!object)
		return -ENOMEM;
	for (size_t i = 0; i < type->n_fields; i++) {
		int r = format_field(&type->fields[i], record, object);

		if (r < 0)
			return r;
	}
	*ret = ERM_TAKE_PTR(object);
	return 0;
}

int erm_records_format(json_t *root, const struct erm_record_type *type, const void *records,
		       uint32_t n)
{
	json_t *array = json_array();
	int r = erm_record_set(root, type->name, array);

	for (uint32_t i = 0; r == 0 && i < n; i++) {
		json_t *object = NULL;

		r = erm_record_format(type, (const char *)records + i * type->size, &object);
		if (r == 0 && json_array_append_new(array, object) < 0)
			r = -ENOMEM;
	}
	return r;
}

int erm_record_get_u32(const json_t *object, const char *name, uint32_t *ret)
{
	const json_t *value = json_object_get(object, name);
	json_int_t i = json_integer_value(value);

	if (!json_is_integer(value) || i < 0 || i > UINT32_MAX)
		return -EBADMSG;
	*ret = (uint32_t)i;
	return 0;
}

static int parse_string(const struct erm_field *f, const json_t *value, char *at)
{
	const char *s = json_string_value(value);
	size_t len = json_string_length(value);

	if (!s || len == 0 || len >= f->size || !is_printable(s, len))
		return -EBADMSG;
	memcpy(at, s, len + 1);
	return 0;
}

static int parse_enum(const struct erm_field *f, const json_t *value, char *at)
{
	const char *word = json_string_value(value);
	int number = word ? erm_value_from_name(f->name_of, word) : -EINVAL;
	uint32_t u32;

	if (number < 0)
		return -EBADMSG;
	u32 = (uint32_t)number;
	memcpy(at, &u32, sizeof(u32));
	return 0;
}

static int parse_mask(const struct erm_field *f, const json_t *value, char *at)
{
	uint32_t mask = 0;

	if (!json_is_array(value))
		return -EBADMSG;
	for (size_t i = 0; i < json_array_size(value); i++) {
		const char *word = json_string_value(json_array_get(value, i));
		int number = word ? erm_value_from_name(f->name_of, word) : -EINVAL;

		if (number < 0 || number > 31)
			return -EBADMSG;
		mask |= 1U << (unsigned int)number;
	}
	memcpy(at, &mask, sizeof(mask));
	return 0;
}

static int parse_list(const struct erm_field *f, const json_t *value, char *at)
{
	if (!json_is_array(value) || json_array_size(value) > f->n_max)
		return -EBADMSG;
	for (size_t i = 0; i < json_array_size(value); i++) {
		int r = parse_string(f, json_array_get(value, i), at + i * f->size);

		if (r < 0)
			return r;
	}
	return 0;
}

static int parse_field(const struct erm_field *f, const json_t *object, void *record)
{
	char *at = (char *)record + f->offset;
	const json_t *value = json_object_get(object, f->name);
	uint32_t u32 = 0;
	uint64_t u64;
	int r;

	if (!value)
		return f->is_optional ? 0 : -EBADMSG;
	switch (f->type) {
	case ERM_FIELD_U32:
		r = erm_record_get_u32(object, f->name, &u32);
		if (r == 0)
			memcpy(at, &u32, sizeof(u32));
		return r;
	case ERM_FIELD_U64:
		if (!json_is_integer(value) || json_integer_value(value) < 0)
			return -EBADMSG;
		u64 = (uint64_t)json_integer_value(value);
		memcpy(at, &u64, sizeof(u64));
		return 0;
	case ERM_FIELD_STRING:
		return parse_string(f, value, at);
	case ERM_FIELD_ENUM:
		return parse_enum(f, value, at);
	case ERM_FIELD_MASK:
		return parse_mask(f, value, at);
	case ERM_FIELD_LIST:
		return parse_list(f, value, at);
	}
	return -EBADMSG;
}

int erm_record_parse(const struct erm_record_type *type, const json_t *object, void *record)
{
	if (!json_is_object(object))
		return -EBADMSG;
	memset(record, 0, type->size);
	for (size_t i = 0; i < type->n_fields; i++) {
		int r = parse_field(&type->fields[i], object, record);

		if (r < 0)
			return r;
	}
	return 0;
}

int erm_records_parse(const json_t *root, const struct erm_record_type *type, void **ret,
		      uint32_t *ret_n)
{
	const json_t *array = json_object_get(root, type->name);
	size_t n = json_array_size(array);

	if (!array && type->is_optional)
		return 0;
	if (!json_is_array(array) || (type->n_max > 0 && n > type->n_max))
		return -EBADMSG;
	if (n == 0)
		return 0;
	*ret = calloc(n, type->size);
	if (!*ret)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		int r = erm_record_parse(type, json_array_get(array, i),
					 (char *)*ret + i * type->size);

		if (r < 0)
			return r;
	}
	*ret_n = (uint32_t)n;
	return 0;
}
