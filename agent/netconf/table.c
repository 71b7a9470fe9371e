#include "netconf/table.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

int erm_nc_table_add(struct erm_nc_table *table, uid_t uid, const char *user, usec_t now_real,
		     struct erm_nc_entry **ret)
{
	struct erm_nc_entry *entry;
	uint32_t n_user = 0;

	for (entry = table->first; entry; entry = entry->next)
		n_user += entry->uid == uid;
	if (table->n >= table->limits.sessions || n_user >= table->limits.sessions_per_user) {
		table->totals.refused_sessions++;
		return table->n >= table->limits.sessions ? -EBUSY : -EDQUOT;
	}
	entry = calloc(1, sizeof(*entry));
	if (!entry)
		return -ENOMEM;
	/* After four thousand million sessions they begin anew, around those that live. */
	do {
		table->last_id++;
	} while (table->last_id == 0 || erm_nc_table_find(table, table->last_id));
	entry->uid = uid;
	entry->row.id = table->last_id;
	entry->row.login_usec = now_real;
	(void)snprintf(entry->row.user, sizeof(entry->row.user), "%s", user);
	entry->next = table->first;
	table->first = entry;
	table->n++;
	table->totals.in_sessions++;
	*ret = entry;
	return 0;
}

struct erm_nc_entry *erm_nc_table_find(const struct erm_nc_table *table, uint32_t id)
{
	struct erm_nc_entry *entry = table->first;

	while (entry && entry->row.id != id)
		entry = entry->next;
	return entry;
}

static void add_counters(struct erm_nc_counters *sum, const struct erm_nc_counters *more)
{
	sum->in_rpcs += more->in_rpcs;
	sum->in_bad_rpcs += more->in_bad_rpcs;
	sum->out_rpc_errors += more->out_rpc_errors;
	sum->out_notifications += more->out_notifications;
}

void erm_nc_table_remove(struct erm_nc_table *table, struct erm_nc_entry *entry)
{
	struct erm_nc_entry **at = &table->first;

	while (*at != entry)
		at = &(*at)->next;
	*at = entry->next;
	table->n--;
	add_counters(&table->totals.counters, &entry->row.counters);
	free(entry);
}

void erm_nc_table_done(struct erm_nc_table *table)
{
	while (table->first)
		erm_nc_table_remove(table, table->first);
}

int erm_nc_table_may_kill(const struct erm_nc_table *table, const struct erm_nc_entry *own,
			  uint32_t other)
{
	const struct erm_nc_entry *entry = erm_nc_table_find(table, other);

	if (other == own->row.id)
		return -EINVAL;
	if (!entry)
		return -ESRCH;
	return own->uid == 0 || own->uid == entry->uid ? 0 : -EPERM;
}

struct erm_nc_totals erm_nc_table_totals(const struct erm_nc_table *table)
{
	struct erm_nc_totals totals = table->totals;

	for (const struct erm_nc_entry *entry = table->first; entry; entry = entry->next)
		add_counters(&totals.counters, &entry->row.counters);
	return totals;
}
