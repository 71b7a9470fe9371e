/* The commands of ermonctl: ask, print, tell the exit status. */
#ifndef ERM_CTL_COMMAND_H
#define ERM_CTL_COMMAND_H

#include <stdbool.h>

#include "ctl/text.h"

enum erm_format { ERM_FORMAT_TEXT, ERM_FORMAT_JSON, ERM_FORMAT_XML };

struct erm_command_env {
	const char *socket;
	enum erm_format format;
	bool is_following; /* events --follow */
	struct erm_out out;
};

struct erm_command {
	const char *name;
	const char *arguments, *summary; /* for --help */
	bool has_circuit;                /* takes the name of a circuit */
	int (*run)(struct erm_command_env *env, const char *circuit);
};

#define ERM_EXIT_FAILURE 1
#define ERM_EXIT_USAGE   2

extern const struct erm_command erm_commands[];
extern const size_t erm_commands_n;

/* NULL when there is none of this name. */
const struct erm_command *erm_command_find(const char *name);

#endif
