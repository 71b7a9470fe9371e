/*
 * JSON as bgpd prints it: read with a bound on depth and size, whatever it holds; and its
 * values, which come as what they are or as strings.  Pure.  Knows no word of BGP.
 */
#ifndef ERM_SOURCES_FRR_JSON_H
#define ERM_SOURCES_FRR_JSON_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ERM_FRR_DEPTH_MAX  32     /* nested objects; FRR 8.4 uses 7 */
#define ERM_FRR_VALUES_MAX 262144 /* about 2000 established neighbours; some 40 MB while parsed */

/*
 * Parses the text of a reply in place: bytes in strings that are not printable ASCII
 * become '?' first, so that a description in Latin-1 does not cost the whole reply.
 * *ret is the caller's to json_decref().  -EBADMSG: not JSON, or not an object.  -E2BIG:
 * over one of the limits above.  -ENOMEM.
 */
int erm_frr_json_load(char *text, size_t len, json_t **ret);

/* A number that is not negative, or a string of digits; false when it is absent or something else. */
bool erm_frr_json_is_number(const json_t *value, double *ret);
bool erm_frr_json_number(const json_t *object, const char *key, double *ret);
/* The same, at most UINT32_MAX. */
bool erm_frr_json_u32(const json_t *object, const char *key, uint32_t *ret);
/* "" when absent or something else. */
const char *erm_frr_json_string(const json_t *object, const char *key);
/* true or "true". */
bool erm_frr_json_flag(const json_t *object, const char *key);

#endif
