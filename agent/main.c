/* ermond: options and the log; everything else is the daemon's. */
#include <getopt.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>

#include "base/log.h"
#include "daemon.h"

enum {
	OPT_CHECK = 256,
	OPT_STATE,
	OPT_RUNTIME,
	OPT_LEVEL,
	OPT_VERSION,
	OPT_YANG,
	OPT_HELPER,
	OPT_FOREGROUND
};

static const struct option long_options[] = {
	{ "config", required_argument, NULL, 'c' },
	{ "check", no_argument, NULL, OPT_CHECK },
	{ "state-dir", required_argument, NULL, OPT_STATE },
	{ "runtime-dir", required_argument, NULL, OPT_RUNTIME },
	{ "log-level", required_argument, NULL, OPT_LEVEL },
	{ "yang-dir", required_argument, NULL, OPT_YANG },
	{ "helper-dir", required_argument, NULL, OPT_HELPER },
	{ "foreground", no_argument, NULL, OPT_FOREGROUND },
	{ "version", no_argument, NULL, OPT_VERSION },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

static const char usage[] =
	"Usage: ermond [--config FILE] [--check] [--state-dir DIR] [--runtime-dir DIR]\n"
	"              [--log-level LEVEL] [--helper-dir DIR] [--yang-dir DIR]\n"
	"              [--foreground] [--version]\n";

/* Fails with a message for an option that is wrong; ret_status is then the exit status. */
static bool parse_options(int argc, char **argv, struct erm_daemon_options *options, bool *is_check,
			  int *ret_status)
{
	int option = 0;
	int level = 0;

	*ret_status = EXIT_SUCCESS;
	while ((option = getopt_long(argc, argv, "c:h", long_options, NULL)) != -1) {
		switch (option) {
		case 'c':
			options->config_file = optarg;
			break;
		case OPT_CHECK:
			*is_check = true;
			break;
		case OPT_STATE:
			options->state_dir = optarg;
			break;
		case OPT_RUNTIME:
			options->runtime_dir = optarg;
			break;
		case OPT_YANG:
			options->yang_dir = optarg;
			break;
		case OPT_HELPER:
			options->helper_dir = optarg;
			break;
		case OPT_FOREGROUND: /* it always stays there */
			break;
		case OPT_LEVEL:
			level = erm_log_level_from_string(optarg);
			if (level < 0) {
				(void)fprintf(stderr, "ermond: unknown log level '%s'\n", optarg);
				*ret_status = EX_USAGE;
				return false;
			}
			erm_log_set_level(level);
			break;
		case OPT_VERSION:
			(void)puts("ermond " PACKAGE_VERSION);
			return false;
		case 'h':
			(void)fputs(usage, stdout);
			return false;
		default:
			(void)fputs(usage, stderr);
			*ret_status = EX_USAGE;
			return false;
		}
	}
	if (optind < argc) {
		(void)fprintf(stderr, "ermond: unexpected argument '%s'\n%s", argv[optind], usage);
		*ret_status = EX_USAGE;
		return false;
	}
	return true;
}

int main(int argc, char **argv)
{
	struct erm_daemon_options options = { .config_file = ERM_CONFIG_FILE,
					      .state_dir = ERM_STATE_DIR,
					      .runtime_dir = ERM_RUNTIME_DIR };
	bool is_check = false;
	int status = 0;

	(void)setlocale(LC_CTYPE, "C");
	/* libnetsnmp writes to its master without MSG_NOSIGNAL. */
	(void)signal(SIGPIPE, SIG_IGN);
	erm_log_open();
	if (!parse_options(argc, argv, &options, &is_check, &status))
		return status;
	return is_check ? erm_daemon_check(&options) : erm_daemon_run(&options);
}
