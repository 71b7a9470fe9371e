/* Recorded replies of real routers (tests/unit/data), for the tests of pure parsers. */
#ifndef ERM_TESTS_RECORDED_H
#define ERM_TESTS_RECORDED_H

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/addr.h"

static inline struct erm_addr recorded_addr(const char *text)
{
	struct erm_addr addr = { 0 };

	ck_assert_int_eq(erm_addr_parse(text, &addr), 0);
	return addr;
}

/* tests/unit/data/FOLDER/NAME.ENDING; the caller frees it. */
static inline char *recorded_load(const char *folder, const char *name, const char *ending,
				  size_t *ret_len)
{
	const char *top = getenv("top_srcdir");
	char path[512];
	char *text = malloc(1 << 20);
	FILE *f = NULL;

	ck_assert_ptr_nonnull(text);
	(void)!snprintf(path, sizeof(path), "%s/tests/unit/data/%s/%s.%s", top ? top : ".", folder,
			name, ending);
	f = fopen(path, "re");
	ck_assert_msg(f != NULL, "%s is missing", path);
	*ret_len = fread(text, 1, 1 << 20, f);
	(void)fclose(f);
	ck_assert_uint_gt(*ret_len, 0);
	return text;
}

/* Exactly `len` bytes on the heap, so that a read beyond them is seen. */
static inline char *recorded_copy(const char *text, size_t len)
{
	char *copy = malloc(len ? len : 1);

	ck_assert_ptr_nonnull(copy);
	memcpy(copy, text, len);
	return copy;
}

#endif
