/*
 * The sessions there are, and the limits on them: unique ids over all processes, so many in
 * all and of one user.  Pure: no fd, no clock, no log.
 */
#ifndef ERM_NETCONF_TABLE_H
#define ERM_NETCONF_TABLE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "netconf/channel.h"

struct erm_nc_limits {
	uint32_t sessions, sessions_per_user;
};

struct erm_nc_entry {
	struct erm_nc_entry *next;
	struct erm_nc_row row;
	uid_t uid;
	void *userdata;
};

struct erm_nc_table {
	struct erm_nc_limits limits;
	struct erm_nc_entry *first;
	uint32_t n, last_id;
	struct erm_nc_totals totals; /* its counters are those of sessions that ended */
};

/*
 * Adds a session: -EBUSY when there are as many as may be, -EDQUOT when the user has,
 * -ENOMEM.  The id is never 0, and that of no other.
 */
int erm_nc_table_add(struct erm_nc_table *table, uid_t uid, const char *user, usec_t now_real,
		     struct erm_nc_entry **ret);
struct erm_nc_entry *erm_nc_table_find(const struct erm_nc_table *table, uint32_t id);
/* Its counters stay in the totals.  Frees entry. */
void erm_nc_table_remove(struct erm_nc_table *table, struct erm_nc_entry *entry);
void erm_nc_table_done(struct erm_nc_table *table);

/* 0, or why session `own' may not kill `other': -EINVAL (itself), -ESRCH, -EPERM (neither root's nor its user's). */
int erm_nc_table_may_kill(const struct erm_nc_table *table, const struct erm_nc_entry *own,
			  uint32_t other);

/* Totals with those of the sessions there are. */
struct erm_nc_totals erm_nc_table_totals(const struct erm_nc_table *table);

#endif
