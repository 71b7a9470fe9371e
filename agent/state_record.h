/*
 * Records of the state file: one table of fields for each kind drives both
 * directions, so that they cannot disagree.  Knows JSON and plain values, not what
 * they mean.  Pure.
 */
#ifndef ERM_STATE_RECORD_H
#define ERM_STATE_RECORD_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum erm_field_type {
	ERM_FIELD_U32,
	ERM_FIELD_U64,
	ERM_FIELD_STRING,
	ERM_FIELD_ENUM,
	ERM_FIELD_MASK, /* 1 << enum, or'ed, in a uint32_t: an array of names */
	ERM_FIELD_LIST, /* char[n_max][size], up to the first "": an array of strings */
};

struct erm_field {
	const char *name;
	size_t offset;
	size_t size;                          /* of a string's buffer */
	const char *(*name_of)(unsigned int); /* of an enum */
	enum erm_field_type type;
	bool is_optional; /* left out when 0 or "" */
	uint32_t n_max;   /* of a list */
};

struct erm_record_type {
	const char *name; /* of the array in the file */
	const struct erm_field *fields;
	size_t n_fields;
	size_t size;
	bool is_optional; /* older files have no such array */
	uint32_t n_max;   /* records, 0 = any number */
};

/* Takes the reference to value in any case.  -ENOMEM, for value NULL too. */
int erm_record_set(json_t *object, const char *name, json_t *value);

/* -ENOMEM; -EINVAL when a string is not printable or a value has no name. */
int erm_record_format(const struct erm_record_type *type, const void *record, json_t **ret);
/* An array of n records under the type's name. */
int erm_records_format(json_t *root, const struct erm_record_type *type, const void *records,
		       uint32_t n);

/* -EBADMSG: no number of 32 bits. */
int erm_record_get_u32(const json_t *object, const char *name, uint32_t *ret);
/* -EBADMSG: of another shape, or out of range.  record is zeroed first. */
int erm_record_parse(const struct erm_record_type *type, const json_t *object, void *record);
/* *ret is the caller's (free) also on failure, and what was read so far is counted by nobody. */
int erm_records_parse(const json_t *root, const struct erm_record_type *type, void **ret,
		      uint32_t *ret_n);

#endif
