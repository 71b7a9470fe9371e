/*
 * Where an answer is written: memory that grows in place, for answers of some megabytes.
 */
#ifndef ERM_NETCONF_OUTPUT_H
#define ERM_NETCONF_OUTPUT_H

#include <stddef.h>
#include <stdio.h>

struct erm_output { /* zeroed = empty */
	char *text; /* owned: free() it */
	size_t len, size;
};

/*
 * A stream that writes into output, and seeks in it: what is written later replaces what is
 * behind.  fclose() it before output is read.  NULL: -ENOMEM.
 */
FILE *erm_output_open(struct erm_output *output);

#endif
