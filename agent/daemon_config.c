/* Configuration: loaded at the start, all or nothing at a reload. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "base/log.h"
#include "daemon_state.h"
#include "yang/conf_file.h"

/* Every entry into the log, and as many as fit, a line each, into what (may be NULL). */
static void tell_report(const struct erm_config_report *report, char *what, size_t size)
{
	char line[ERM_REPORT_LINE_MAX];
	size_t used = 0;

	for (unsigned int i = 0; i < report->n; i++) {
		bool is_error = report->entries[i].level == ERM_REPORT_ERROR;

		erm_log(is_error ? LOG_ERR : LOG_WARNING, "%s", erm_report_format(report, i, line));
		if (what && is_error && used < size)
			used += (size_t)snprintf(what + used, size - used, "%s%s",
						 used > 0 ? "\n" : "", line);
	}
	if (erm_report_more(report) > 0)
		erm_log_error("%s: and %u more", report->file, erm_report_more(report));
}

static int load(struct erm_daemon *d, struct erm_config **ret, char *what, size_t size)
{
	struct erm_config_report report = { 0 };
	int r = 0;

	r = erm_config_load(d->options.config_file, d->options.yang_dir, d->host_name, ret,
			    &report);
	tell_report(&report, what, size);
	if (r < 0 && report.n == 0)
		erm_log_error("%s: %s", d->options.config_file, strerrordesc_np(-r));
	erm_report_done(&report);
	return r;
}

int erm_daemon_load(struct erm_daemon *d, struct erm_config **ret)
{
	return load(d, ret, NULL, 0);
}

/* As compilers and editors have it: each line begins with the file and the line in it. */
static void print_report(const struct erm_config_report *report)
{
	char line[ERM_REPORT_LINE_MAX];

	for (unsigned int i = 0; i < report->n; i++)
		(void)fprintf(stderr, "%s\n", erm_report_format(report, i, line));
	if (erm_report_more(report) > 0)
		(void)fprintf(stderr, "%s: and %u more\n", report->file, erm_report_more(report));
}

int erm_daemon_check(const struct erm_daemon_options *options)
{
	struct erm_config_report report = { 0 };
	struct erm_config *config = NULL;
	int r = 0;

	r = erm_config_load(options->config_file, options->yang_dir, "localhost", &config, &report);
	print_report(&report);
	if (r < 0 && report.n == 0)
		(void)fprintf(stderr, "%s: error: %s\n", options->config_file, strerrordesc_np(-r));
	erm_report_done(&report);
	if (r < 0)
		return EX_CONFIG;
	(void)printf(
		"%s: valid, %u circuits, %u connections, %u sessions, %u groups and port pairs\n",
		options->config_file, config->n_circuits, config->n_connections, config->n_sessions,
		config->n_groups);
	(void)erm_config_unref(config);
	return EXIT_SUCCESS;
}

static void reconfigure_publishers(struct erm_daemon *d, struct erm_config *config)
{
	for (size_t i = 0; i < ERM_N_PUBLISHERS; i++) {
		struct erm_running_publisher *p = &d->publishers[i];
		int r = p->pub && p->ops->reconfigure ? p->ops->reconfigure(p->pub, config) : 0;

		if (r < 0)
			erm_log_error("publisher %s: reload: %s", p->ops->name,
				      strerrordesc_np(-r));
	}
}

static int apply(struct erm_daemon *d, struct erm_config *config, char *ret_error, size_t size)
{
	int r = 0;

	if (config->agent.snmp_enabled != d->config->agent.snmp_enabled) {
		(void)snprintf(ret_error, size,
			       "%s: error: a change of \"snmp\" takes a restart of ermond",
			       d->options.config_file);
		erm_log_error("%s", ret_error);
		return -EOPNOTSUPP;
	}
	r = erm_model_reconfigure(d->model, config, erm_time_now());
	if (r < 0)
		return r;
	/* From here on there is no way back: sources and publishers follow the model, and say so if they cannot. */
	(void)erm_config_unref(d->config);
	d->config = erm_config_ref(config);
	(void)erm_daemon_update_sources(d, config);
	reconfigure_publishers(d, config);
	return 0;
}

int erm_daemon_reload(void *userdata, char *ret_error, size_t size)
{
	struct erm_daemon *d = userdata;
	struct erm_config *config = NULL;
	int r = 0;

	(void)sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%llu",
			 (unsigned long long)erm_time_now().mono);
	ret_error[0] = '\0';
	r = load(d, &config, ret_error, size / 2); /* the other half is for the closing line */
	if (r >= 0)
		r = apply(d, config, ret_error, size / 2);
	(void)erm_config_unref(config);
	if (r < 0) {
		size_t used = strlen(ret_error);

		erm_log_error("%s: not loaded (%s), the old configuration stays",
			      d->options.config_file, strerrordesc_np(-r));
		(void)snprintf(ret_error + used, size - used,
			       "%s%s: not loaded (%s), the old configuration stays",
			       used > 0 ? "\n" : "", d->options.config_file, strerrordesc_np(-r));
	} else {
		erm_log_notice("%s: reloaded, %u circuits", d->options.config_file,
			       d->config->n_circuits);
		erm_daemon_save_later(d);
	}
	(void)sd_notify(0, "READY=1");
	return r;
}
