#include "publish/snmp/notification.h"

#include <errno.h>

#include "base/cleanup.h"
#include "publish/snmp/columns.h"

#define NOTIFICATION_OBJECTS 11 /* ermonNotificationObjects, below ermonObjects */

enum {
	NUMBER_AGENT_STARTED = 101,
	NUMBER_HEARTBEAT,
	NUMBER_REDUNDANCY_REMINDER,
};

/* The accessible-for-notify scalars, in order of their numbers, by the column with the same value. */
static const char *const prefix_columns[] = {
	"ermonEventKey",         "ermonEventSeverity", "ermonEventText",
	"ermonEventCircuitName", "ermonEventTime",     "ermonEventSequence",
};

static const char *const alarm_columns[] = {
	"ermonEventState", "ermonEventExpected",    "ermonEventUsable", "ermonEventUnknown",
	"ermonEventCause", "ermonEventFaultDomain", "ermonEventRole",   "ermonEventInterface",
	"ermonEventPeer",  "ermonEventImpacted",
};

static struct erm_snmp_object *add(struct erm_snmp_notification *n)
{
	return &n->objects[n->n_objects++];
}

static void add_prefix(struct erm_snmp_notification *n, const struct erm_event *event,
		       const struct erm_snmp_context *ctx)
{
	for (uint32_t i = 0; i < ERM_ELEMENTS(prefix_columns); i++) {
		struct erm_snmp_object *o = add(n);

		o->oid = (struct erm_snmp_oid){
			.ids = { ERM_SNMP_OBJECTS, NOTIFICATION_OBJECTS, i + 1, 0 }, .len = 4
		};
		erm_snmp_column_get(&erm_snmp_event_table,
				    erm_snmp_column_number(&erm_snmp_event_table,
							   prefix_columns[i]),
				    event, ctx, &o->value);
	}
}

static void add_event_columns(struct erm_snmp_notification *n, const struct erm_event *event,
			      const struct erm_snmp_context *ctx)
{
	for (uint32_t i = 0; i < ERM_ELEMENTS(alarm_columns); i++) {
		struct erm_snmp_object *o = add(n);

		(void)erm_snmp_instance(&erm_snmp_event_table, alarm_columns[i], &event->sequence,
					&o->oid);
		erm_snmp_column_get(&erm_snmp_event_table,
				    erm_snmp_column_number(&erm_snmp_event_table, alarm_columns[i]),
				    event, ctx, &o->value);
	}
}

/* The state column of the resource's own row: what a poller asks for, too. */
static void add_row_state(struct erm_snmp_notification *n, const struct erm_event *event)
{
	static const struct {
		const struct erm_snmp_table *table;
		const char *column;
	} of_kind[ERM_RESOURCE_KIND_MAX] = {
		[ERM_RESOURCE_PORT] = { &erm_snmp_port_table, "ermonPortState" },
		[ERM_RESOURCE_CIRCUIT] = { &erm_snmp_circuit_table, "ermonCircuitState" },
		[ERM_RESOURCE_CONNECTION] = { &erm_snmp_connection_table, "ermonConnectionState" },
		[ERM_RESOURCE_SESSION] = { &erm_snmp_session_table, "ermonSessionState" },
		[ERM_RESOURCE_SERVICE] = { &erm_snmp_service_table, "ermonServiceState" },
		[ERM_RESOURCE_GROUP] = { &erm_snmp_group_table, "ermonGroupState" },
		[ERM_RESOURCE_SOURCE] = { &erm_snmp_source_table, "ermonSourceState" },
	};
	const struct erm_snmp_table *table = of_kind[event->resource_kind].table;
	struct erm_snmp_object *o;

	/* A resource that left the configuration has no row any more. */
	if (!table || event->n_index != table->n_index || event->index[0] == 0)
		return;
	o = add(n);
	(void)erm_snmp_instance(table, of_kind[event->resource_kind].column, event->index, &o->oid);
	erm_snmp_set_number(&o->value, ERM_SNMP_INTEGER, (uint32_t)event->state);
}

static struct erm_snmp_value *add_scalar(struct erm_snmp_notification *n, const char *column,
					 const struct erm_snmp_context *ctx)
{
	struct erm_snmp_object *o = add(n);

	(void)erm_snmp_instance(&erm_snmp_agent, column, NULL, &o->oid);
	erm_snmp_column_get(&erm_snmp_agent, erm_snmp_column_number(&erm_snmp_agent, column),
			    ctx->snapshot, ctx, &o->value);
	return &o->value;
}

static void add_agent_scalars(struct erm_snmp_notification *n, const struct erm_event *event,
			      const struct erm_snmp_context *ctx)
{
	(void)add_scalar(n, "ermonAgentVersion", ctx);
	/* As they were when the event was made; the snapshot may be newer. */
	add_scalar(n, "ermonWorstState", ctx)->number = event->state;
	add_scalar(n, "ermonActiveAlarms", ctx)->number = event->impacted;
	(void)add_scalar(n, "ermonLastChange", ctx);
}

int erm_snmp_notification_make(const struct erm_event *event, const struct erm_snmp_context *ctx,
			       struct erm_snmp_notification *ret)
{
	uint32_t number = 0;

	if ((unsigned int)event->type >= ERM_ALARM_TYPE_MAX ||
	    (unsigned int)event->resource_kind >= ERM_RESOURCE_KIND_MAX)
		return -EINVAL;
	switch (event->kind) {
	case ERM_EVENT_RAISE:
		number = event->type > 0 ? 2 * event->type - 1 : 0;
		break;
	case ERM_EVENT_CLEAR:
		number = 2 * event->type;
		break;
	case ERM_EVENT_REMINDER:
		number = NUMBER_REDUNDANCY_REMINDER;
		break;
	case ERM_EVENT_AGENT_STARTED:
		number = NUMBER_AGENT_STARTED;
		break;
	case ERM_EVENT_HEARTBEAT:
		number = NUMBER_HEARTBEAT;
		break;
	case ERM_EVENT_KIND_MAX:
		break;
	}
	if (number == 0)
		return -EINVAL;
	ret->number = number;
	ret->n_objects = 0;
	add_prefix(ret, event, ctx);
	if (event->kind == ERM_EVENT_AGENT_STARTED || event->kind == ERM_EVENT_HEARTBEAT) {
		add_agent_scalars(ret, event, ctx);
	} else {
		add_event_columns(ret, event, ctx);
		add_row_state(ret, event);
	}
	return 0;
}
