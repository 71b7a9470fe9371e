/*
 * A subscription of RFC 5277: events of ermond to notifications, none twice and, across a
 * restart of ermond, none lost that its log still has.
 */
#ifndef ERM_NETCONF_SUBSCRIPTION_H
#define ERM_NETCONF_SUBSCRIPTION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/usec.h"
#include "netconf/error.h"
#include "netconf/models.h"

struct lyd_node;
struct erm_subscription;

struct erm_subscription_query {
	bool has_replay;
	usec_t start_usec, stop_usec; /* CLOCK_REALTIME; stop ERM_USEC_INFINITY = never */
	/* The filter element as XML (netconf/xml.h), copied; NULL = all. */
	const struct lyd_node *filter;
};

/* What a notification is handed to: a whole message, without framing. */
typedef void erm_subscription_emit(void *userdata, char *text, size_t len);

/*
 * From now on nothing is missed; what has been goes out with the first run().  Negative,
 * with error filled: the filter is no filter, or ermond is away.
 */
int erm_subscription_new(const struct erm_models *models, const char *ctl,
			 const struct erm_subscription_query *query, struct erm_subscription **ret,
			 struct erm_nc_error *error);
/* Accepts NULL, returns NULL. */
struct erm_subscription *erm_subscription_free(struct erm_subscription *subscription);

/* To wait for, readable; -1 = none at the moment. */
int erm_subscription_fd(const struct erm_subscription *subscription);
/* When to call run() in any case, monotonic; ERM_USEC_INFINITY = never. */
usec_t erm_subscription_deadline(const struct erm_subscription *subscription);

/* Emits what there is.  False when the subscription is over, which was emitted, too. */
bool erm_subscription_run(struct erm_subscription *subscription, erm_subscription_emit *emit,
			  void *userdata);

#endif
