#include "publish/snmp/handler.h"

#include <errno.h>

#include "base/cleanup.h"
#include "base/usec.h"
#include "publish/snmp/netsnmp.h"
#include "publish/snmp/table.h"

static oid root[] = { ERM_MIB_OID };

_Static_assert(sizeof(oid) == sizeof(unsigned long), "table.h counts in unsigned long");

static netsnmp_handler_registration *registration;

static bool is_below_root(const netsnmp_variable_list *var)
{
	return var->name_length >= OID_LENGTH(root) &&
	       snmp_oid_compare(var->name, OID_LENGTH(root), root, OID_LENGTH(root)) == 0;
}

static int set_value(netsnmp_variable_list *var, const struct erm_snmp_value *value)
{
	return snmp_set_var_typed_value(var, (u_char)value->type, value->data, value->size);
}

static int answer_get(const struct erm_snmp_context *ctx, netsnmp_variable_list *var)
{
	struct erm_snmp_value value;
	enum erm_snmp_found found = ERM_SNMP_NO_OBJECT;

	if (is_below_root(var)) {
		found = erm_snmp_get(ctx, var->name + OID_LENGTH(root),
				     var->name_length - OID_LENGTH(root), &value);
	}
	switch (found) {
	case ERM_SNMP_FOUND:
		return set_value(var, &value);
	case ERM_SNMP_NO_INSTANCE:
		return snmp_set_var_typed_value(var, SNMP_NOSUCHINSTANCE, NULL, 0);
	case ERM_SNMP_NO_OBJECT:
		break;
	}
	return snmp_set_var_typed_value(var, SNMP_NOSUCHOBJECT, NULL, 0);
}

/* Leaves the variable alone at the end of the subtree: the library then asks whoever comes next. */
static int answer_next(const struct erm_snmp_context *ctx, netsnmp_request_info *request)
{
	netsnmp_variable_list *var = request->requestvb;
	struct erm_snmp_value value;
	struct erm_snmp_oid found;
	oid name[OID_LENGTH(root) + ERM_ELEMENTS(found.ids)];
	const oid *ids = NULL;
	size_t len = 0;
	bool is_inclusive = request->inclusive != 0;

	if (is_below_root(var)) {
		ids = var->name + OID_LENGTH(root);
		len = var->name_length - OID_LENGTH(root);
	} else if (snmp_oid_compare(var->name, var->name_length, root, OID_LENGTH(root)) > 0) {
		return 0;
	}
	if (!erm_snmp_next(ctx, ids, len, is_inclusive, &found, &value))
		return 0;
	(void)memcpy(name, root, sizeof(root));
	(void)memcpy(name + OID_LENGTH(root), found.ids, found.len * sizeof(oid));
	if (snmp_set_var_objid(var, name, OID_LENGTH(root) + found.len) != 0)
		return -1;
	return set_value(var, &value);
}

static int handle(netsnmp_mib_handler *handler, netsnmp_handler_registration *reginfo,
		  netsnmp_agent_request_info *info, netsnmp_request_info *requests)
{
	const struct erm_snmp_view *view = handler->myvoid;
	struct erm_snmp_context ctx = { .snapshot = view->snapshot, .health = &view->health };

	(void)reginfo;
	if (!view->snapshot)
		return SNMP_ERR_NOERROR;
	ctx.now = erm_time_now();
	ctx.uptime_ticks = (uint32_t)netsnmp_get_agent_uptime();
	for (netsnmp_request_info *r = requests; r; r = r->next) {
		int failed = 0;

		if (r->processed)
			continue;
		if (info->mode == MODE_GET)
			failed = answer_get(&ctx, r->requestvb);
		else if (info->mode == MODE_GETNEXT)
			failed = answer_next(&ctx, r);
		if (failed)
			(void)netsnmp_set_request_error(info, r, SNMP_ERR_RESOURCEUNAVAILABLE);
	}
	return SNMP_ERR_NOERROR;
}

int erm_snmp_handler_register(struct erm_snmp_view *view)
{
	registration = netsnmp_create_handler_registration("ermon", handle, root, OID_LENGTH(root),
							   HANDLER_CAN_RONLY);
	if (!registration)
		return -EIO;
	registration->handler->myvoid = view;
	if (netsnmp_register_handler(registration) != MIB_REGISTERED_OK) {
		registration = NULL; /* freed by the library */
		return -EIO;
	}
	register_sysORTable(root, OID_LENGTH(root), "ERMON-MIB: Azure ExpressRoute links");
	return 0;
}

void erm_snmp_handler_unregister(void)
{
	if (!registration)
		return;
	unregister_sysORTable(root, OID_LENGTH(root));
	(void)netsnmp_unregister_handler(registration);
	registration = NULL;
}
