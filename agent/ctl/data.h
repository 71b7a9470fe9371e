/*
 * Reading instance data of ermon.yang (RFC 7951) leaf by leaf.  Every function takes
 * NULL or a value of the wrong type for "not there".
 */
#ifndef ERM_CTL_DATA_H
#define ERM_CTL_DATA_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/usec.h"

/* A string leaf, "" when it is not there.  Lives as long as object. */
const char *erm_data_string(const json_t *object, const char *name);

/* A number leaf; 64-bit ones are strings in RFC 7951.  0 when it is not there. */
uint64_t erm_data_number(const json_t *object, const char *name);

bool erm_data_bool(const json_t *object, const char *name);

/* A date-and-time leaf in microseconds, 0 when it is not there. */
usec_t erm_data_time(const json_t *object, const char *name);

/* The first entry of a list whose leaf `key` is value; NULL = none. */
const json_t *erm_data_find(const json_t *list, const char *key, const char *value);

#endif
