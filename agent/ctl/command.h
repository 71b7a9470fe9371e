/* The commands of ermonctl: ask, print, tell the exit status. */
#ifndef ERM_CTL_COMMAND_H
#define ERM_CTL_COMMAND_H

#include <stdbool.h>

#include "ctl/text.h"

#define ERM_TYPES_MAX 16
#define ERM_ARGS_MAX  64

enum erm_format { ERM_FORMAT_TEXT, ERM_FORMAT_JSON, ERM_FORMAT_XML };

struct erm_command_env {
	const char *socket;
	enum erm_format format;
	bool is_following; /* events --follow */
	/* shelve */
	const char *alarm, *duration, *text; /* NULL = not given */
	const char *types[ERM_TYPES_MAX];    /* up to the first NULL */
	struct erm_out out;
};

struct erm_command {
	const char *name;
	const char *arguments, *summary; /* for --help */
	int args_min, args_max;
	bool is_shelving; /* takes the options of shelve */
	/* args ends in NULL. */
	int (*run)(struct erm_command_env *env, char *const args[]);
};

#define ERM_EXIT_FAILURE 1
#define ERM_EXIT_USAGE   2

/* Says why on standard error; ERM_EXIT_FAILURE. */
int erm_command_fail(const struct erm_out *out, const char *why);
/* The exit status after a print that gave r: output that did not arrive is a failure too. */
int erm_command_finish(const struct erm_out *out, int r);

extern const struct erm_command erm_commands[];
extern const size_t erm_commands_n;

/* NULL when there is none of this name. */
const struct erm_command *erm_command_find(const char *name);

#endif
