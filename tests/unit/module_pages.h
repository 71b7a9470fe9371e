/*
 * A module's memory, made for tests: all zero but what a test sets.  Offsets are those
 * of the standards, 128 and above in the upper half.
 */
#ifndef ERM_TESTS_MODULE_PAGES_H
#define ERM_TESTS_MODULE_PAGES_H

#include <stdint.h>

#include "sources/ethtool/module.h"

struct module_pages {
	uint8_t lower[128];
	uint8_t monitor[128];   /* address 51h */
	uint8_t pages[18][128]; /* the upper halves, 00h to 11h */
};

void pages_put16(uint8_t *half, unsigned int offset, unsigned int value);
void pages_put_text(uint8_t *half, unsigned int offset, const char *text); /* 16 bytes, padded */
void pages_put_float(uint8_t *half, unsigned int offset, float value);

/* An SFP with diagnostics, -3 dBm in, -2 dBm out, 25.5 Celsius, thresholds, and a name. */
void pages_make_sfp(struct module_pages *m);
/* A QSFP28, four lanes of the same. */
void pages_make_qsfp(struct module_pages *m);
/* A QSFP-DD, eight lanes of the same. */
void pages_make_cmis(struct module_pages *m);

/* What the module answers; NULL when it has no such page. */
const uint8_t *pages_answer(const struct module_pages *m, const struct erm_module_request *request);

/* Reads all that is asked for; 0 or the first error. */
int pages_read(const struct module_pages *m, struct erm_module_reader *reader);

#endif
