/*
 * Text of RFC 7951, appended piece by piece.  Knows how each YANG type is written,
 * not what is written.  After a failed allocation everything is ignored and
 * erm_json_finish() tells.
 */
#ifndef ERM_YANG_JSON_H
#define ERM_YANG_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/usec.h"
#include "core/types.h"

struct erm_json { /* zeroed = empty */
	char *text;
	size_t len, size;
	bool is_failed;
	bool is_first; /* no comma before the next member */
	/* The last date printed: a snapshot has thousands of the same second. */
	usec_t second;
	char second_text[24];
};

/* name NULL = the outermost object, or an entry of an array. */
void erm_json_object(struct erm_json *json, const char *name);
void erm_json_object_end(struct erm_json *json);
void erm_json_array(struct erm_json *json, const char *name);
void erm_json_array_end(struct erm_json *json);

/* NULL or "" is left out.  Control characters and what is not UTF-8 become '?'. */
void erm_json_string(struct erm_json *json, const char *name, const char *value);
/* An entry of an array. */
void erm_json_item(struct erm_json *json, const char *value);
void erm_json_bool(struct erm_json *json, const char *name, bool value);
void erm_json_u32(struct erm_json *json, const char *name, uint32_t value);
void erm_json_i32(struct erm_json *json, const char *name, int32_t value);
void erm_json_u64(struct erm_json *json, const char *name, uint64_t value);
/* Typedef seconds: to the millisecond, at most a year. */
void erm_json_seconds(struct erm_json *json, const char *name, usec_t value);
/* yang:date-and-time in UTC; 0 is left out. */
void erm_json_time(struct erm_json *json, const char *name, usec_t real);
/* Optical power, in 0.01 dBm; nothing for ERM_NO_POWER. */
void erm_json_power(struct erm_json *json, const char *name, int16_t cdbm);

/* The text, owned by the caller; -ENOMEM. */
int erm_json_finish(struct erm_json *json, char **ret, size_t *ret_len);

#endif
