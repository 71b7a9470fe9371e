/*
 * The daemon: the only part that knows every layer.  Reads the configuration,
 * owns model, sources and publishers, turns the loop.
 */
#ifndef ERM_DAEMON_H
#define ERM_DAEMON_H

#include <stdbool.h>

struct erm_daemon_options {
	const char *config_file, *state_dir, *runtime_dir;
	const char *yang_dir;   /* NULL = where it was installed */
	const char *helper_dir; /* NULL = where they were installed */
};

/* Reads the configuration, prints what is wrong with it to stderr.  0 or EX_CONFIG (78). */
int erm_daemon_check(const struct erm_daemon_options *options);

/* Runs until SIGTERM or SIGINT.  The exit status: 0, EX_CONFIG (78), or 1. */
int erm_daemon_run(const struct erm_daemon_options *options);

#endif
