/* Who says what of the sessions of one circuit, when, and who is believed: for people. */
#ifndef ERM_CTL_CLAIMS_H
#define ERM_CTL_CLAIMS_H

#include <jansson.h>

#include "ctl/text.h"

/* data: the content of ermon.yang's container, with one circuit.  0 or -ENOMEM. */
int erm_claims_print(const struct erm_out *out, const json_t *data);

#endif
