/*
 * The links the configuration asks for, as the kernel told of them last: which kernel
 * link is which configured interface, what changed, what must be asked.  Pure: messages
 * and time in, observations and questions out; no fd, no clock, no log.
 *
 * A configured interface is matched by its name: IFNAME, else an alternative name.  The
 * ifindex is a cache that a notification may take away at any time.  Notifications are
 * never believed: they lie in a queue while the kernel goes on, so each only makes its
 * link `due`, and the state is taken from the answer, which is of now.
 *
 * Links below a VLAN, MACsec or MACVLAN link are followed too: such a link loses its own
 * carrier only when the kernel gets round to telling it (up to a second later).
 */
#ifndef ERM_SOURCES_RTNL_LINKS_H
#define ERM_SOURCES_RTNL_LINKS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/usec.h"
#include "core/config.h"
#include "core/obs.h"
#include "sources/rtnl/parse.h"

struct erm_rtnl_links;
struct erm_rtnl_slot; /* one followed link; belongs to the links; see erm_rtnl_links_next_due() */

/*
 * Follows the interfaces of config that are this source's; others are not looked for.
 * old: what was known under another configuration, NULL = nothing; interfaces of the same
 * name take their knowledge over.  Keeps a reference to config.  0 or -ENOMEM.
 */
int erm_rtnl_links_new(struct erm_config *config, uint32_t source, const struct erm_rtnl_links *old,
		       struct erm_rtnl_links **ret);
/* Accepts NULL, returns NULL. */
struct erm_rtnl_links *erm_rtnl_links_free(struct erm_rtnl_links *links);

/* A notification.  True when it concerns a followed link, which is due then. */
bool erm_rtnl_links_notify(struct erm_rtnl_links *links, const struct erm_rtnl_message *message,
			   usec_t now);

/* The answer to a request, or one link of a dump.  -ENOMEM: a lower link is not followed. */
int erm_rtnl_links_answer(struct erm_rtnl_links *links, const struct erm_rtnl_link *link,
			  usec_t now);

/* The kernel does not know the slot's index or name (any more). */
void erm_rtnl_links_missing(struct erm_rtnl_links *links, struct erm_rtnl_slot *slot, usec_t now);

/* A dump is asked for; it answers all that is due so far. */
void erm_rtnl_links_dump_begin(struct erm_rtnl_links *links);
/* It came to its end; complete: what it did not hold is absent. */
void erm_rtnl_links_dump_end(struct erm_rtnl_links *links, bool is_complete, usec_t now);

/* Makes all bound links due, and the absent ones as well on demand. */
void erm_rtnl_links_poll(struct erm_rtnl_links *links, bool with_absent);

uint32_t erm_rtnl_links_n_due(const struct erm_rtnl_links *links);
/* Links in the namespace by the last dump. */
uint32_t erm_rtnl_links_n_dumped(const struct erm_rtnl_links *links);

/*
 * Takes the oldest slot that is due; NULL when none is.  Ask by *ret_ifindex, or by *ret_name
 * when that is 0 (valid as long as the links).  The slot is good until the next dump ends.
 */
struct erm_rtnl_slot *erm_rtnl_links_next_due(struct erm_rtnl_links *links, uint32_t *ret_ifindex,
					      const char **ret_name);

/* Takes an interface that differs from what was told last; false when none does. */
bool erm_rtnl_links_next_change(struct erm_rtnl_links *links, struct erm_obs_interface *ret);

/* The number of interfaces followed by name. */
uint32_t erm_rtnl_links_n(const struct erm_rtnl_links *links);

/* What is known of the i-th of them, for a full report; takes its change too. */
void erm_rtnl_links_tell(struct erm_rtnl_links *links, uint32_t i, struct erm_obs_interface *ret);

#endif
