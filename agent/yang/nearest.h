/*
 * "Did you mean": the known word that is most like a wrong one.  Pure.
 */
#ifndef ERM_YANG_NEAREST_H
#define ERM_YANG_NEAREST_H

#include <stddef.h>

struct erm_nearest {
	const char *word; /* the wrong one */
	const char *best; /* borrowed from the candidate; NULL = nothing is like it */
	unsigned int distance;
};

/* Starts the search for a word like `word`. */
struct erm_nearest erm_nearest_init(const char *word);
/* Offers a known word, which must outlive the search. */
void erm_nearest_offer(struct erm_nearest *nearest, const char *candidate);
/* Writes `did you mean "X"?`, or nothing; returns buf. */
const char *erm_nearest_format(const struct erm_nearest *nearest, char *buf, size_t size);

#endif
