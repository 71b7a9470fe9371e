/* Edit distance of short words, neighbours swapped counting as one edit. */
#include "yang/nearest.h"

#include <stdio.h>
#include <string.h>

#define WORD_MAX 63 /* longer words are not compared */

static unsigned int min3(unsigned int a, unsigned int b, unsigned int c)
{
	unsigned int m = a < b ? a : b;

	return m < c ? m : c;
}

static unsigned int distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
	unsigned int rows[3][WORD_MAX + 1];
	unsigned int *before = rows[0], *last = rows[1], *row = rows[2];

	for (size_t j = 0; j <= b_len; j++) {
		before[j] = 0;
		last[j] = (unsigned int)j;
	}
	for (size_t i = 1; i <= a_len; i++) {
		unsigned int *swap = before;

		row[0] = (unsigned int)i;
		for (size_t j = 1; j <= b_len; j++) {
			row[j] = min3(last[j] + 1, row[j - 1] + 1,
				      last[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
			    before[j - 2] + 1 < row[j])
				row[j] = before[j - 2] + 1;
		}
		before = last;
		last = row;
		row = swap;
	}
	return last[b_len];
}

struct erm_nearest erm_nearest_init(const char *word)
{
	size_t len = strlen(word);

	/* A third of the word may be wrong. */
	return (struct erm_nearest){ .word = word, .distance = (unsigned int)(len / 3 + 2) };
}

void erm_nearest_offer(struct erm_nearest *nearest, const char *candidate)
{
	size_t a_len = strlen(nearest->word), b_len = strlen(candidate);
	unsigned int d;

	if (a_len > WORD_MAX || b_len > WORD_MAX)
		return;
	d = distance(nearest->word, a_len, candidate, b_len);
	if (d < nearest->distance && d < b_len) {
		nearest->distance = d;
		nearest->best = candidate;
	}
}

const char *erm_nearest_format(const struct erm_nearest *nearest, char *buf, size_t size)
{
	buf[0] = '\0';
	if (nearest->best)
		(void)snprintf(buf, size, "did you mean \"%s\"?", nearest->best);
	return buf;
}
