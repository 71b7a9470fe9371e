#include "mib_text.h"

#include <check.h>
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

struct lexer {
	const char *at;
	char word[512];
};

/* The next word: a name or number, ::=, or one character.  Strings become ", comments vanish. */
static bool next(struct lexer *l)
{
	size_t n = 0;

	for (;;) {
		while (isspace((unsigned char)*l->at))
			l->at++;
		if (strncmp(l->at, "--", 2) != 0)
			break;
		l->at += strcspn(l->at, "\n");
	}
	if (*l->at == '\0')
		return false;
	if (*l->at == '"') {
		const char *end = strchr(l->at + 1, '"');

		ck_assert_ptr_nonnull(end);
		l->at = end + 1;
		(void)memcpy(l->word, "\"", 2);
		return true;
	}
	while (isalnum((unsigned char)l->at[n]) || (n > 0 && l->at[n] == '-'))
		n++;
	if (n == 0)
		n = strncmp(l->at, "::=", 3) == 0 ? 3 : 1;
	ck_assert_uint_lt(n, sizeof(l->word));
	(void)memcpy(l->word, l->at, n);
	l->word[n] = '\0';
	l->at += n;
	return true;
}

static bool is(const struct lexer *l, const char *word)
{
	return strcmp(l->word, word) == 0;
}

static void copy(char *to, size_t size, const char *from)
{
	ck_assert_uint_lt(strlen(from), size);
	(void)memcpy(to, from, strlen(from) + 1);
}
#define COPY(to, from) copy((to), sizeof(to), (from))

/* { label(1), ... } behind SYNTAX INTEGER */
static void read_labels(struct lexer *l, struct mib_enum *e)
{
	while (next(l) && !is(l, "}")) {
		if (is(l, ",") || is(l, "{"))
			continue;
		ck_assert_uint_lt(e->n_labels, MIB_MAX_LABELS);
		COPY(e->labels[e->n_labels].label, l->word);
		ck_assert(next(l) && is(l, "(") && next(l));
		e->labels[e->n_labels++].value = (uint32_t)strtoul(l->word, NULL, 10);
		ck_assert(next(l) && is(l, ")"));
	}
}

static void read_convention(struct lexer *l, struct mib *mib, const char *name)
{
	struct mib_enum *e = &mib->enums[mib->n_enums++];

	ck_assert_uint_le(mib->n_enums, MIB_MAX_ENUMS);
	COPY(e->name, name);
	while (next(l) && !is(l, "SYNTAX"))
		;
	ck_assert(next(l) && is(l, "INTEGER"));
	read_labels(l, e);
}

static void read_names(struct lexer *l, struct mib_object *o)
{
	while (next(l) && !is(l, "}")) {
		if (is(l, ",") || is(l, "{"))
			continue;
		ck_assert_uint_lt(o->n_objects, ERM_ELEMENTS(o->objects));
		COPY(o->objects[o->n_objects], l->word);
		o->n_objects++;
	}
}

/* { parent number } behind ::= */
static void read_place(struct lexer *l, struct mib_object *o)
{
	ck_assert(next(l) && is(l, "{") && next(l));
	COPY(o->parent, l->word);
	while (next(l) && !is(l, "}"))
		o->number = (uint32_t)strtoul(l->word, NULL, 10);
}

static void read_object(struct lexer *l, struct mib *mib, const char *name, const char *macro)
{
	struct mib_object *o = &mib->objects[mib->n_objects++];

	ck_assert_uint_le(mib->n_objects, MIB_MAX_OBJECTS);
	COPY(o->name, name);
	COPY(o->macro, macro);
	if (is(l, "OBJECT"))
		ck_assert(next(l) && is(l, "IDENTIFIER"));
	while (next(l) && !is(l, "::=")) {
		if (is(l, "SYNTAX") && o->syntax[0] == '\0') {
			ck_assert(next(l));
			COPY(o->syntax, l->word);
		} else if (is(l, "MAX-ACCESS")) {
			ck_assert(next(l));
			COPY(o->access, l->word);
		} else if (is(l, "OBJECTS")) {
			read_names(l, o);
		}
	}
	read_place(l, o);
}

void mib_read(const char *path, struct mib *ret)
{
	_cleanup_fclose_ FILE *f = fopen(path, "re");
	_cleanup_free_ char *text = calloc(1, 1 << 20);
	struct lexer l;
	char before[512] = "";

	ck_assert_msg(f && text, "cannot read %s", path);
	ck_assert_uint_lt(fread(text, 1, (1 << 20) - 1, f), (1 << 20) - 1);
	(void)memset(ret, 0, sizeof(*ret));
	l.at = strstr(text, "FROM INET-ADDRESS-MIB;");
	ck_assert_ptr_nonnull(l.at);
	while (next(&l)) {
		if (is(&l, "TEXTUAL-CONVENTION")) {
			read_convention(&l, ret, before);
		} else if (is(&l, "OBJECT-TYPE") || is(&l, "NOTIFICATION-TYPE") ||
			   is(&l, "OBJECT-GROUP") || is(&l, "NOTIFICATION-GROUP") ||
			   is(&l, "OBJECT")) {
			char macro[64];

			COPY(macro, l.word);
			read_object(&l, ret, before, macro);
		} else if (!is(&l, "::=")) {
			COPY(before, l.word);
		}
	}
}

const struct mib_object *mib_find(const struct mib *mib, const char *name)
{
	for (uint32_t i = 0; i < mib->n_objects; i++) {
		if (strcmp(mib->objects[i].name, name) == 0)
			return &mib->objects[i];
	}
	return NULL;
}

const struct mib_enum *mib_find_enum(const struct mib *mib, const char *name)
{
	for (uint32_t i = 0; i < mib->n_enums; i++) {
		if (strcmp(mib->enums[i].name, name) == 0)
			return &mib->enums[i];
	}
	return NULL;
}
