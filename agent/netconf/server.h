/*
 * The server: accepts connections on the local socket, gives each a process of its own, and
 * keeps the table of them.  Never reads what a client sends.
 */
#ifndef ERM_NETCONF_SERVER_H
#define ERM_NETCONF_SERVER_H

#include <systemd/sd-event.h>

#include "base/cleanup.h"
#include "netconf/session.h"
#include "netconf/table.h"

struct erm_nc_server;

/*
 * Serves listen_fd, which stays the caller's.  The event loop's thread must have SIGCHLD
 * blocked.  models, options and what they point to must outlive the server.
 */
int erm_nc_server_new(sd_event *event, int listen_fd, const struct erm_models *models,
		      const struct erm_nc_options *options, const struct erm_nc_limits *limits,
		      struct erm_nc_server **ret);

/* Ends all sessions.  Accepts NULL, returns NULL. */
struct erm_nc_server *erm_nc_server_free(struct erm_nc_server *server);
ERM_DEFINE_CLEANUP(struct erm_nc_server *, erm_nc_server_free)

#endif
