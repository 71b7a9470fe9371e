/*
 * What a NETCONF server tells about itself, as data: yang-library (RFC 8525) and
 * ietf-netconf-monitoring (RFC 6022).
 */
#ifndef ERM_NETCONF_STATE_H
#define ERM_NETCONF_STATE_H

#include "netconf/channel.h"
#include "netconf/models.h"

/* Fills models->library_text, so that it is made once and not for each client.  0, -ENOMEM. */
int erm_state_prepare(struct erm_models *models);

/* As JSON by RFC 7951; free() it.  0, -ENOMEM. */
/* The streams of RFC 5277. */
int erm_state_streams(const struct erm_models *models, char **ret);
/* sessions is of ERM_CHANNEL_ROWS. */
int erm_state_monitoring(const struct erm_models *models,
			 const struct erm_channel_message *sessions, char **ret);

#endif
