#include "registry.h"

#include "base/cleanup.h"

const struct erm_source_ops *const erm_source_registry[] = {
	&erm_source_rtnl_ops,     &erm_source_frr_ops,      &erm_source_ethtool_ops,
	&erm_source_bird_ops,     &erm_source_openbgpd_ops, &erm_source_bmp_ops,
	&erm_source_sockdiag_ops, &erm_source_neighbor_ops, &erm_source_snmp_ops,
};
const size_t erm_source_registry_n = ERM_ELEMENTS(erm_source_registry);

/* Notifications first: nothing is shown before it is on its way to the wire. */
const struct erm_publisher_ops *const erm_publisher_registry[] = {
	&erm_publisher_snmp_ops,
	&erm_publisher_journal_ops,
	&erm_publisher_ctl_ops,
};
const size_t erm_publisher_registry_n = ERM_ELEMENTS(erm_publisher_registry);

const struct erm_source_ops *erm_source_ops_of(enum erm_source_type type)
{
	for (size_t i = 0; i < erm_source_registry_n; i++) {
		if (erm_source_registry[i]->type == type)
			return erm_source_registry[i];
	}
	return NULL;
}
