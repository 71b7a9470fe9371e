/* The configuration as ermond.conf(5) writes it: a section for a list entry or a container, a line for a leaf. */
#ifndef ERM_CTL_SECTIONS_H
#define ERM_CTL_SECTIONS_H

#include <jansson.h>

#include "ctl/text.h"

/* data: the content of ermon.yang's container, which is not changed. */
void erm_sections_print(const struct erm_out *out, json_t *data);

#endif
