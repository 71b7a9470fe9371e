/* ermonctl: options and the choice of a command; nothing else. */
#include <getopt.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "ctl/check.h"
#include "ctl/command.h"

enum { OPT_FOLLOW = 256, OPT_ALARM, OPT_TYPE, OPT_FOR, OPT_TEXT };

static const struct option long_options[] = {
	{ "socket", required_argument, NULL, 's' },
	{ "format", required_argument, NULL, 'f' },
	{ "follow", no_argument, NULL, OPT_FOLLOW },
	{ "alarm", required_argument, NULL, OPT_ALARM },
	{ "type", required_argument, NULL, OPT_TYPE },
	{ "for", required_argument, NULL, OPT_FOR },
	{ "text", required_argument, NULL, OPT_TEXT },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ NULL, 0, NULL, 0 },
};

static void print_usage(FILE *f)
{
	(void)fputs("Usage: ermonctl [-s SOCKET] [-f text|json|xml] COMMAND\n\nCommands:\n", f);
	for (size_t i = 0; i < erm_commands_n; i++)
		(void)fprintf(f, "  %-8s %-30s  %s\n", erm_commands[i].name,
			      erm_commands[i].arguments, erm_commands[i].summary);
	(void)fputs("\nSee ermonctl(1).\n", f);
}

static int parse_format(const char *word, enum erm_format *ret)
{
	static const char *const words[] = {
		[ERM_FORMAT_TEXT] = "text",
		[ERM_FORMAT_JSON] = "json",
		[ERM_FORMAT_XML] = "xml",
	};

	for (size_t i = 0; i < ERM_ELEMENTS(words); i++) {
		if (strcmp(words[i], word) == 0) {
			*ret = (enum erm_format)i;
			return 0;
		}
	}
	(void)fprintf(stderr, "ermonctl: unknown format '%s': it is text, json or xml\n", word);
	return -1;
}

static int add_type(struct erm_command_env *env)
{
	size_t i = 0;

	while (env->types[i])
		i++;
	if (i + 1 == ERM_ELEMENTS(env->types)) {
		(void)fprintf(stderr, "ermonctl: too many types\n");
		return -1;
	}
	env->types[i] = optarg;
	return 0;
}

/* -1: go on; else the exit status. */
static int parse_options(int argc, char *argv[], struct erm_command_env *env)
{
	int option;

	while ((option = getopt_long(argc, argv, "s:f:hV", long_options, NULL)) != -1) {
		switch (option) {
		case 's':
			env->socket = optarg;
			break;
		case 'f':
			if (parse_format(optarg, &env->format) < 0)
				return ERM_EXIT_USAGE;
			break;
		case OPT_FOLLOW:
			env->is_following = true;
			break;
		case OPT_ALARM:
			env->alarm = optarg;
			break;
		case OPT_FOR:
			env->duration = optarg;
			break;
		case OPT_TEXT:
			env->text = optarg;
			break;
		case OPT_TYPE:
			if (add_type(env) < 0)
				return ERM_EXIT_USAGE;
			break;
		case 'h':
			print_usage(stdout);
			return 0;
		case 'V':
			(void)puts("ermonctl " PACKAGE_VERSION);
			return 0;
		default:
			return ERM_EXIT_USAGE;
		}
	}
	return -1;
}

/* The command, or NULL and why not on standard error. */
static const struct erm_command *find_command(int argc, char *argv[],
					      const struct erm_command_env *env)
{
	const struct erm_command *command;

	if (optind == argc) {
		print_usage(stderr);
		return NULL;
	}
	command = erm_command_find(argv[optind]);
	if (!command) {
		(void)fprintf(stderr, "ermonctl: unknown command '%s'; see ermonctl --help\n",
			      argv[optind]);
	} else if (argc - optind - 1 > command->args_max) {
		(void)fprintf(stderr, "ermonctl: unexpected argument '%s'; usage: ermonctl %s %s\n",
			      argv[argc - 1], command->name, command->arguments);
	} else if (argc - optind - 1 < command->args_min) {
		(void)fprintf(stderr, "ermonctl: an argument is missing; usage: ermonctl %s %s\n",
			      command->name, command->arguments);
	} else if (!command->is_shelving &&
		   (env->alarm || env->duration || env->text || env->types[0])) {
		(void)fprintf(stderr, "ermonctl: --alarm, --type, --for and --text belong to the "
				      "command shelve\n");
	} else if (env->is_following && strcmp(command->name, "events") != 0) {
		(void)fprintf(stderr, "ermonctl: --follow belongs to the command events\n");
	} else {
		return command;
	}
	return NULL;
}

int main(int argc, char *argv[])
{
	struct erm_command_env env = { .socket = ERM_RUNTIME_DIR "/ctl.sock" };
	const struct erm_command *command;
	int status;

	(void)setlocale(LC_CTYPE, "");
	status = parse_options(argc, argv, &env);
	if (status >= 0)
		return status;
	command = find_command(argc, argv, &env);
	/* A plugin that was called wrongly says UNKNOWN. */
	if (!command)
		return optind < argc && strcmp(argv[optind], "check") == 0 ? ERM_CHECK_UNKNOWN
									   : ERM_EXIT_USAGE;
	env.out = erm_out_init(stdout);
	return command->run(&env, argv + optind + 1);
}
