#include "ctl/sections.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "ctl/data.h"

#define SECTION_MAX 512

/* The lists whose entries are sections, with their keys. */
static const struct {
	const char *name;
	const char *keys[2];
} lists[] = {
	{ "source", { "name", NULL } },     { "port", { "name", NULL } },
	{ "port-pair", { "name", NULL } },  { "circuit", { "name", NULL } },
	{ "connection", { "role", NULL } }, { "session", { "peering", "family" } },
	{ "group", { "name", NULL } },
};

static void print_text(const struct erm_out *out, const char *text)
{
	_cleanup_free_ char *printable = erm_text_printable(out, text);

	(void)fputs(printable ? printable : "?", out->f);
}

static void print_scalar(const struct erm_out *out, const json_t *value)
{
	if (json_is_string(value))
		print_text(out, json_string_value(value));
	else if (json_is_boolean(value))
		(void)fputs(json_is_true(value) ? "true" : "false", out->f);
	else if (json_is_integer(value))
		(void)fprintf(out->f, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
}

/* A leaf, or a leaf-list on one line. */
static void print_leaf(const struct erm_out *out, const char *name, const json_t *value)
{
	print_text(out, name);
	(void)fputs(" = ", out->f);
	if (json_is_array(value)) {
		for (size_t i = 0; i < json_array_size(value); i++) {
			(void)fputs(i > 0 ? ", " : "", out->f);
			print_scalar(out, json_array_get(value, i));
		}
	} else {
		print_scalar(out, value);
	}
	(void)fputc('\n', out->f);
}

static bool is_leaf(const json_t *value)
{
	if (json_is_array(value))
		return json_array_size(value) > 0 && !json_is_object(json_array_get(value, 0));
	return !json_is_object(value) && !json_is_null(value);
}

static const char *const *keys_of(const char *list)
{
	for (size_t i = 0; i < ERM_ELEMENTS(lists); i++)
		if (strcmp(lists[i].name, list) == 0)
			return lists[i].keys;
	return NULL;
}

static bool is_key(const char *const *keys, const char *name)
{
	for (size_t i = 0; keys && i < 2 && keys[i]; i++)
		if (strcmp(keys[i], name) == 0)
			return true;
	return false;
}

/* "[words]" and the leaves of object that are no keys. */
static void print_section(const struct erm_out *out, const char *words, json_t *object,
			  const char *const *keys)
{
	const char *name;
	json_t *value;

	(void)fprintf(out->f, "%s[", erm_style_on(out, ERM_STYLE_BOLD));
	print_text(out, words);
	(void)fprintf(out->f, "]%s\n", erm_style_off(out, ERM_STYLE_BOLD));
	json_object_foreach(object, name, value)
	{
		if (is_leaf(value) && !is_key(keys, name))
			print_leaf(out, name, value);
	}
	(void)fputc('\n', out->f);
}

/* An entry of a list, then those of the lists in it.  outer: the keys of the entries around it. */
static void print_entry(const struct erm_out *out, const char *list, json_t *entry,
			const char *outer)
{
	const char *const *keys = keys_of(list);
	char own[SECTION_MAX];
	char words[SECTION_MAX];
	size_t len;
	const char *name;
	json_t *value;

	(void)snprintf(own, sizeof(own), "%s", outer);
	for (size_t i = 0; keys && i < 2 && keys[i]; i++) {
		len = strlen(own);
		(void)snprintf(own + len, sizeof(own) - len, " %s",
			       erm_data_string(entry, keys[i]));
	}
	(void)snprintf(words, sizeof(words), "%.32s%.400s", list, own);
	print_section(out, words, entry, keys);
	json_object_foreach(entry, name, value)
	{
		for (size_t i = 0; keys_of(name) && i < json_array_size(value); i++)
			if (json_is_object(json_array_get(value, i)))
				print_entry(out, name, json_array_get(value, i), own);
	}
}

void erm_sections_print(const struct erm_out *out, json_t *data)
{
	json_t *agent = json_object_get(data, "agent");
	json_t *hold = json_object_get(data, "hold");
	const char *name;
	json_t *value;

	if (agent)
		print_section(out, "agent", agent, NULL);
	json_object_foreach(hold, name, value)
	{
		char words[SECTION_MAX];

		(void)snprintf(words, sizeof(words), "hold %s", name);
		print_section(out, words, value, NULL);
	}
	json_object_foreach(data, name, value)
	{
		for (size_t i = 0; keys_of(name) && i < json_array_size(value); i++)
			if (json_is_object(json_array_get(value, i)))
				print_entry(out, name, json_array_get(value, i), "");
	}
}
