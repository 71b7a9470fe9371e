/* ERMON-MIB's text against what is served and sent: columns, types, labels, notifications. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "check_main.h"
#include "core/types.h"
#include "mib_text.h"
#include "publish/snmp/columns.h"
#include "publish/snmp/notification.h"
#include "snmp_sample.h"

static struct mib mib;

static void setup(void)
{
	char path[4096];
	const char *builddir = getenv("top_builddir");

	(void)snprintf(path, sizeof(path), "%s/mibs/ERMON-MIB.txt", builddir ? builddir : ".");
	mib_read(path, &mib);
}

/* The BER tag that a SYNTAX is sent as. */
static int tag_of(const char *syntax)
{
	static const struct {
		const char *syntax;
		enum erm_snmp_type type;
	} tags[] = {
		{ "SnmpAdminString", ERM_SNMP_OCTETS }, { "DateAndTime", ERM_SNMP_OCTETS },
		{ "InetAddress", ERM_SNMP_OCTETS },     { "InetAddressType", ERM_SNMP_INTEGER },
		{ "TruthValue", ERM_SNMP_INTEGER },     { "Integer32", ERM_SNMP_INTEGER },
		{ "Gauge32", ERM_SNMP_GAUGE },          { "Unsigned32", ERM_SNMP_GAUGE },
		{ "Counter32", ERM_SNMP_COUNTER },      { "TimeStamp", ERM_SNMP_TICKS },
	};

	for (size_t i = 0; i < ERM_ELEMENTS(tags); i++) {
		if (strcmp(tags[i].syntax, syntax) == 0)
			return tags[i].type;
	}
	return mib_find_enum(&mib, syntax) ? ERM_SNMP_INTEGER : -1;
}

static const char *entry_of(const struct erm_snmp_table *table, char *buf, size_t size)
{
	if (table->n_index == 0)
		(void)snprintf(buf, size, "%s", table->name);
	else
		(void)snprintf(buf, size, "%.*sEntry", (int)(strlen(table->name) - 5), table->name);
	return buf;
}

START_TEST(every_served_column_is_in_the_mib)
{
	for (size_t i = 0; i < ERM_SNMP_N_TABLES; i++) {
		const struct erm_snmp_table *table = erm_snmp_tables[i];
		const struct mib_object *node = mib_find(&mib, table->name);
		char entry[64];

		ck_assert_msg(node && node->number == table->number &&
				      strcmp(node->parent, "ermonObjects") == 0,
			      "%s", table->name);
		for (uint32_t c = 0; c < table->n_columns; c++) {
			const struct erm_snmp_column *column = &table->columns[c];
			const struct mib_object *o = mib_find(&mib, column->name);

			ck_assert_msg(o != NULL, "%s is not in the MIB", column->name);
			ck_assert_msg(o->number == erm_snmp_column_number(table, column->name),
				      "%s has number %u", column->name, o->number);
			ck_assert_str_eq(o->parent, entry_of(table, entry, sizeof(entry)));
			ck_assert_str_eq(o->access, "read-only");
			ck_assert_msg(tag_of(o->syntax) == (int)column->type, "%s is %s",
				      column->name, o->syntax);
		}
	}
}
END_TEST

static bool is_served(const char *name)
{
	for (size_t i = 0; i < ERM_SNMP_N_TABLES; i++) {
		if (erm_snmp_column_number(erm_snmp_tables[i], name) > 0)
			return true;
	}
	return false;
}

START_TEST(every_readable_object_of_the_mib_is_served)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < mib.n_objects; i++) {
		if (strcmp(mib.objects[i].access, "read-only") != 0)
			continue;
		n++;
		ck_assert_msg(is_served(mib.objects[i].name), "%s", mib.objects[i].name);
	}
	ck_assert_uint_gt(n, 100);
}
END_TEST

/* A function, as toupper() is a nest of macros. */
static char upper(char c)
{
	return (char)toupper((unsigned char)c);
}

/* "redundancy-lost" as a label: redundancyLost. */
static void to_label(const char *name, char *buf, size_t size)
{
	size_t n = 0;

	for (; *name && n + 1 < size; name++) {
		if (*name == '-' && name[1])
			buf[n++] = upper(*++name);
		else
			buf[n++] = *name;
	}
	buf[n] = '\0';
}

typedef const char *name_function(unsigned int v);

START_TEST(labels_are_the_names_of_the_core)
{
	static const struct {
		const char *convention;
		name_function *name_of;
		uint32_t max;
		uint32_t extra; /* a number the core does not have */
	} cases[] = {
		{ "ErmonStateTC", (name_function *)erm_state_name, ERM_STATE_MAX, 0 },
		{ "ErmonMemberStateTC", (name_function *)erm_member_state_name,
		  ERM_MEMBER_STATE_MAX, 0 },
		{ "ErmonModelTC", (name_function *)erm_model_type_name, ERM_MODEL_MAX, 0 },
		{ "ErmonPeeringTC", (name_function *)erm_peering_name, ERM_PEERING_MAX, 0 },
		{ "ErmonFamilyTC", (name_function *)erm_family_name, ERM_FAMILY_MAX, 0 },
		{ "ErmonSkuTC", (name_function *)erm_sku_name, ERM_SKU_MAX, 0 },
		{ "ErmonBgpStateTC", (name_function *)erm_bgp_state_name, ERM_BGP_STATE_MAX,
		  ERM_BGP_STATE_MAX },
		{ "ErmonBfdStateTC", (name_function *)erm_bfd_state_name, ERM_BFD_STATE_MAX, 0 },
		{ "ErmonNeighborStateTC", (name_function *)erm_neighbor_state_name,
		  ERM_NEIGHBOR_STATE_MAX, 0 },
		{ "ErmonSourceTypeTC", (name_function *)erm_source_type_name, ERM_SOURCE_TYPE_MAX,
		  0 },
		{ "ErmonSourceStateTC", (name_function *)erm_source_state_name,
		  ERM_SOURCE_STATE_MAX, 0 },
		{ "ErmonSourceReasonTC", (name_function *)erm_source_reason_name, ERM_REASON_MAX,
		  0 },
		{ "ErmonLayerTC", (name_function *)erm_layer_name, ERM_LAYER_MAX, 0 },
		{ "ErmonCauseTC", (name_function *)erm_cause_name, ERM_CAUSE_MAX, 0 },
		{ "ErmonFaultDomainTC", (name_function *)erm_fault_domain_name, ERM_FAULT_MAX, 0 },
		{ "ErmonAlarmTypeTC", (name_function *)erm_alarm_type_name, ERM_ALARM_TYPE_MAX,
		  255 },
		{ "ErmonSeverityTC", (name_function *)erm_severity_name, ERM_SEVERITY_MAX, 0 },
		{ "ErmonResourceKindTC", (name_function *)erm_resource_kind_name,
		  ERM_RESOURCE_KIND_MAX, 0 },
		{ "ErmonGroupKindTC", (name_function *)erm_group_kind_name, ERM_GROUP_KIND_MAX, 0 },
		{ "ErmonOperatorStateTC", (name_function *)erm_operator_state_name,
		  ERM_OPERATOR_STATE_MAX, 0 },
		{ "ErmonEventKindTC", (name_function *)erm_event_kind_name, ERM_EVENT_KIND_MAX, 0 },
	};

	ck_assert_uint_eq(mib.n_enums, ERM_ELEMENTS(cases));
	for (size_t i = 0; i < ERM_ELEMENTS(cases); i++) {
		const struct mib_enum *e = mib_find_enum(&mib, cases[i].convention);

		ck_assert_msg(e != NULL, "%s", cases[i].convention);
		ck_assert_msg(e->n_labels == cases[i].max - 1 + (cases[i].extra > 0),
			      "%s has %u labels", e->name, e->n_labels);
		for (uint32_t v = 1; v < cases[i].max; v++) {
			char label[64];

			to_label(cases[i].name_of(v), label, sizeof(label));
			ck_assert_uint_eq(e->labels[v - 1].value, v);
			ck_assert_str_eq(e->labels[v - 1].label, label);
		}
		if (cases[i].extra > 0)
			ck_assert_uint_eq(e->labels[e->n_labels - 1].value, cases[i].extra);
	}
}
END_TEST

static const struct mib_object *notification_of(uint32_t number)
{
	for (uint32_t i = 0; i < mib.n_objects; i++) {
		if (strcmp(mib.objects[i].macro, "NOTIFICATION-TYPE") == 0 &&
		    mib.objects[i].number == number)
			return &mib.objects[i];
	}
	return NULL;
}

/* Name of the object at an OID of a notification. */
static const char *name_of(const struct erm_snmp_oid *oid)
{
	for (uint32_t i = 0; i < mib.n_objects; i++) {
		const struct mib_object *o = &mib.objects[i];
		const struct erm_snmp_table *table;
		char entry[64];

		if (oid->ids[1] == 11) {
			if (strcmp(o->parent, "ermonNotificationObjects") == 0 &&
			    o->number == oid->ids[2])
				return o->name;
			continue;
		}
		table = erm_snmp_tables[oid->ids[1] - 1];
		if (strcmp(o->parent, entry_of(table, entry, sizeof(entry))) == 0 &&
		    o->number == oid->ids[table->n_index > 0 ? 3 : 2])
			return o->name;
	}
	return "";
}

static void check_notification(const struct erm_event *event, const struct erm_snmp_context *ctx)
{
	struct erm_snmp_notification n;
	const struct mib_object *o;

	ck_assert_int_eq(erm_snmp_notification_make(event, ctx, &n), 0);
	o = notification_of(n.number);
	ck_assert_msg(o != NULL, "notification %u is not in the MIB", n.number);
	ck_assert_str_eq(o->parent, "ermonNotifications");
	ck_assert_uint_ge(n.n_objects, o->n_objects);
	for (uint32_t i = 0; i < o->n_objects; i++)
		ck_assert_str_eq(name_of(&n.objects[i].oid), o->objects[i]);
}

START_TEST(notifications_send_the_objects_of_the_mib)
{
	struct erm_snapshot *snapshot =
		snmp_sample_new(&(struct snmp_sample_size){ .n_circuits = 1, .first_sequence = 1 });
	struct erm_publisher_health health = { 0 };
	struct erm_snmp_context ctx = { .snapshot = snapshot, .health = &health };
	struct erm_event *event = snmp_sample_event(1, "text");
	uint32_t n_in_mib = 0;

	for (unsigned int type = 1; type < ERM_ALARM_TYPE_MAX; type++) {
		char raise[64];
		char label[64];
		char clear[80];

		event->type = type;
		event->kind = ERM_EVENT_RAISE;
		check_notification(event, &ctx);
		(void)snprintf(raise, sizeof(raise), "ermon-%s", erm_alarm_type_name(type));
		to_label(raise, label, sizeof(label));
		ck_assert_str_eq(notification_of(2 * type - 1)->name, label);
		event->kind = ERM_EVENT_CLEAR;
		check_notification(event, &ctx);
		(void)snprintf(clear, sizeof(clear), "%sCleared", label);
		ck_assert_str_eq(notification_of(2 * type)->name, clear);
	}
	event->kind = ERM_EVENT_REMINDER;
	check_notification(event, &ctx);
	event->kind = ERM_EVENT_AGENT_STARTED;
	check_notification(event, &ctx);
	event->kind = ERM_EVENT_HEARTBEAT;
	check_notification(event, &ctx);
	for (uint32_t i = 0; i < mib.n_objects; i++)
		n_in_mib += strcmp(mib.objects[i].macro, "NOTIFICATION-TYPE") == 0;
	ck_assert_uint_eq(n_in_mib, 2 * (ERM_ALARM_TYPE_MAX - 1) + 3);
	(void)erm_event_unref(event);
	(void)erm_snapshot_unref(snapshot);
}
END_TEST

START_TEST(descriptors_are_short_and_indexes_repeated)
{
	for (uint32_t i = 0; i < mib.n_objects; i++) {
		const struct mib_object *o = &mib.objects[i];
		size_t len = strlen(o->name);

		ck_assert_msg(len <= 32, "%s", o->name);
		/* 1 of each entry, whose value 2 or a later column repeats */
		if (strcmp(o->access, "not-accessible") == 0 && len > 5 &&
		    strcmp(o->name + len - 5, "Index") == 0)
			ck_assert_uint_eq(o->number, 1);
	}
	for (size_t i = 0; i < ERM_SNMP_N_TABLES; i++) {
		const struct erm_snmp_table *table = erm_snmp_tables[i];

		for (uint32_t k = 0; k < table->n_index; k++) {
			ck_assert_int_eq(table->columns[k].type, ERM_SNMP_GAUGE);
			ck_assert(table->columns[k].get == erm_snmp_get_unsigned);
			ck_assert_uint_eq(table->columns[k].offset,
					  table->index_offset + k * sizeof(uint32_t));
		}
	}
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("snmp mib");
	TCase *t = tcase_create("mib");

	tcase_add_checked_fixture(t, setup, NULL);
	tcase_add_test(t, every_served_column_is_in_the_mib);
	tcase_add_test(t, every_readable_object_of_the_mib_is_served);
	tcase_add_test(t, labels_are_the_names_of_the_core);
	tcase_add_test(t, notifications_send_the_objects_of_the_mib);
	tcase_add_test(t, descriptors_are_short_and_indexes_repeated);
	suite_add_tcase(s, t);
	return s;
}

ERM_CHECK_MAIN(suite)
