#include "publish/snmp/library.h"

#include <errno.h>
#include <string.h>
#include <sys/eventfd.h>

#include "base/log.h"
#include "publish/snmp/netsnmp.h"

#define APPLICATION     "ermond"
#define REQUEST_TIMEOUT 5 /* s; a master that takes 1.5 s must still get our Register */

static netsnmp_large_fd_set fds;
static int n_ready; /* of the library's own, in fds */

/* "registering pdu failed: 263!" is all that tells of a refused registration. */
static int on_log(int major, int minor, void *server_arg, void *client_arg)
{
	const struct snmp_log_message *line = server_arg;

	(void)major;
	(void)minor;
	if (strncmp(line->msg, "registering pdu failed", 22) == 0)
		erm_snmp_master_note_refused(client_arg);
	erm_log_debug("libnetsnmp: %.*s", (int)strcspn(line->msg, "\n"), line->msg);
	return 0;
}

/* init_snmp() puts both back to their defaults, so that 1 s and 5 retries would hold. */
static void set_timeouts(void)
{
	netsnmp_ds_set_int(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_TIMEOUT, REQUEST_TIMEOUT);
	netsnmp_ds_set_int(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_RETRIES, 0);
}

int erm_snmp_library_start(struct erm_snmp_master *master, struct erm_snmp_view *view)
{
	int r;

	netsnmp_large_fd_set_init(&fds, FD_SETSIZE);
	snmp_disable_log();
	snmp_enable_calllog();
	(void)snmp_register_callback(SNMP_CALLBACK_LIBRARY, SNMP_CALLBACK_LOGGING, on_log, master);
	netsnmp_ds_set_boolean(NETSNMP_DS_APPLICATION_ID, NETSNMP_DS_AGENT_ROLE, 1);
	netsnmp_ds_set_boolean(NETSNMP_DS_APPLICATION_ID, NETSNMP_DS_AGENT_NO_ROOT_ACCESS, 1);
	netsnmp_ds_set_boolean(NETSNMP_DS_APPLICATION_ID, NETSNMP_DS_AGENT_NO_CONNECTION_WARNINGS,
			       1);
	/* Neither reads nor writes files: what little there is to configure is set here. */
	netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_DONT_PERSIST_STATE, 1);
	netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_DONT_READ_CONFIGS, 1);
	set_timeouts();
	if (init_agent(APPLICATION) != 0)
		erm_log_debug("libnetsnmp: no access to kernel memory, and none needed");
	/* init_agent() has put the ping interval to 15. */
	erm_snmp_master_set_reopen_interval();
	erm_snmp_master_attach(master);
	r = erm_snmp_handler_register(view);
	if (r < 0)
		return r;
	init_snmp(APPLICATION);
	set_timeouts();
	erm_snmp_master_set_reopen_interval();
	return 0;
}

void erm_snmp_library_set_address(const char *address)
{
	netsnmp_ds_set_string(NETSNMP_DS_APPLICATION_ID, NETSNMP_DS_AGENT_X_SOCKET, address);
}

void erm_snmp_library_wait(int wake_fd, usec_t timeout)
{
	struct timeval tv = { .tv_sec = (time_t)(timeout / ERM_USEC_PER_SEC),
			      .tv_usec = (suseconds_t)(timeout % ERM_USEC_PER_SEC) };
	int n_fds = wake_fd + 1;
	int block = 0;

	NETSNMP_LARGE_FD_ZERO(&fds);
	(void)snmp_select_info2(&n_fds, &fds, &tv, &block);
	NETSNMP_LARGE_FD_SET(wake_fd, &fds);
	n_ready = netsnmp_large_fd_set_select(n_fds, &fds, NULL, NULL, &tv);
	if (n_ready > 0 && NETSNMP_LARGE_FD_ISSET(wake_fd, &fds)) {
		eventfd_t ignored;

		(void)eventfd_read(wake_fd, &ignored);
		NETSNMP_LARGE_FD_CLR(wake_fd, &fds);
		n_ready--;
	}
}

void erm_snmp_library_serve(void)
{
	if (n_ready > 0)
		snmp_read2(&fds);
	/* Not only when idle, as others do: a poller must not keep a notification from timing out. */
	snmp_timeout();
	run_alarms();
	netsnmp_check_outstanding_agent_requests();
	erm_snmp_master_set_reopen_interval();
}

void erm_snmp_library_stop(struct erm_snmp_master *master)
{
	(void)snmp_unregister_callback(SNMP_CALLBACK_LIBRARY, SNMP_CALLBACK_LOGGING, on_log, master,
				       1);
	erm_snmp_master_detach(master);
	erm_snmp_handler_unregister();
	snmp_shutdown(APPLICATION);
	shutdown_agent();
	netsnmp_large_fd_set_cleanup(&fds);
}
