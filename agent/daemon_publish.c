/* Publishers: started once, handed every snapshot and event, asked how they fare. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-daemon.h>

#include "base/log.h"
#include "daemon_state.h"
#include "registry.h"
#include "yang/ctx.h"
#include "yang/encode.h"
#include "yang/print.h"

/* The control socket's mask goes to the encoder as it is. */
_Static_assert((int)ERM_PART_CONFIG == (int)ERM_ENCODE_CONFIG, "parts differ");
_Static_assert((int)ERM_PART_STATE == (int)ERM_ENCODE_STATE, "parts differ");
_Static_assert((int)ERM_PART_ALARMS == (int)ERM_ENCODE_ALARMS, "parts differ");
_Static_assert((int)ERM_PART_EVENTS == (int)ERM_ENCODE_EVENTS, "parts differ");
_Static_assert((int)ERM_PART_SOURCES == (int)ERM_ENCODE_SOURCES, "parts differ");

/* In the control socket's thread: reads the snapshot, the health copy and a context of its own. */
static int encode(void *userdata, const struct erm_snapshot *snapshot, unsigned int parts,
		  const char *circuit, bool is_xml, char **ret_text)
{
	struct erm_daemon *d = userdata;
	struct erm_publisher_health health;
	struct erm_encode_health snmp = { 0 };
	struct erm_encode_query query = {
		.parts = parts, .circuit = circuit, .version = PACKAGE_VERSION, .snmp = &snmp
	};
	char error[128];
	int r = 0;

	(void)pthread_mutex_lock(&d->health_lock);
	health = d->snmp_health;
	(void)pthread_mutex_unlock(&d->health_lock);
	snmp = (struct erm_encode_health){ .is_connected = health.is_connected,
					   .queued = health.queued,
					   .acked_sequence = health.acked_sequence,
					   .delivered = health.delivered,
					   .resent = health.resent,
					   .dropped = health.dropped,
					   .rejected = health.rejected,
					   .reconnects = health.reconnects,
					   .limits_hit = health.limits_hit,
					   .text = health.text };
	if (!is_xml)
		return erm_encode_snapshot_json(snapshot, &query, ret_text, NULL);
	if (!d->encode_ctx) {
		r = erm_yang_ctx_new(d->options.yang_dir, &d->encode_ctx, error, sizeof(error));
		if (r < 0) {
			erm_log_error("%s", error);
			return r;
		}
	}
	return erm_print_snapshot_xml(d->encode_ctx, snapshot, &query, ret_text);
}

static int encode_event(void *userdata, const struct erm_event *event, char **ret_text)
{
	(void)userdata;
	return erm_encode_event_json(event, ret_text, NULL);
}

int erm_daemon_start_publishers(struct erm_daemon *d)
{
	const struct erm_publisher_env env = { .event = d->event,
					       .config = d->config,
					       .runtime_dir = d->options.runtime_dir,
					       .reload = erm_daemon_reload,
					       .act = erm_daemon_act,
					       .encode = encode,
					       .encode_event = encode_event,
					       .userdata = d };

	for (size_t i = 0; i < erm_publisher_registry_n; i++) {
		struct erm_running_publisher *p = &d->publishers[i];
		int r = 0;

		p->ops = erm_publisher_registry[i];
		if (p->ops == &erm_publisher_snmp_ops && !d->config->agent.snmp_enabled)
			continue;
		r = p->ops->start(&env, &p->pub);
		if (r < 0) {
			erm_log_error("publisher %s: cannot be started: %s", p->ops->name,
				      strerrordesc_np(-r));
			return r;
		}
	}
	return 0;
}

void erm_daemon_free_publishers(struct erm_daemon *d)
{
	for (size_t i = 0; i < ERM_N_PUBLISHERS; i++) {
		if (d->publishers[i].pub)
			d->publishers[i].ops->free(d->publishers[i].pub);
		d->publishers[i].pub = NULL;
	}
	d->encode_ctx = erm_yang_ctx_free(d->encode_ctx);
}

void erm_daemon_publish(struct erm_daemon *d, struct erm_snapshot *snapshot,
			struct erm_event *const *events, uint32_t n)
{
	for (size_t i = 0; i < ERM_N_PUBLISHERS; i++) {
		if (d->publishers[i].pub)
			d->publishers[i].ops->publish(d->publishers[i].pub, snapshot, events, n);
	}
}

bool erm_daemon_take_health(struct erm_daemon *d)
{
	bool is_alive = true;

	for (size_t i = 0; i < ERM_N_PUBLISHERS; i++) {
		struct erm_publisher_health health = { 0 };

		if (!d->publishers[i].pub)
			continue;
		d->publishers[i].ops->health(d->publishers[i].pub, &health);
		is_alive = is_alive && health.is_alive;
		if (d->publishers[i].ops != &erm_publisher_snmp_ops)
			continue;
		(void)pthread_mutex_lock(&d->health_lock);
		d->snmp_health = health;
		(void)pthread_mutex_unlock(&d->health_lock);
		if (health.acked_sequence != d->acked) {
			d->acked = health.acked_sequence;
			erm_undelivered_ack(&d->undelivered, d->acked);
			erm_daemon_save_later(d);
		}
	}
	return is_alive;
}

void erm_daemon_notify_status(struct erm_daemon *d)
{
	uint32_t counts[ERM_STATE_MAX] = { 0 };
	char line[sizeof(d->status)];
	size_t used = 0;
	const char *separator = "";

	for (uint32_t i = 0; i < d->snapshot->n_circuits; i++)
		counts[d->snapshot->circuits[i].verdict.state]++;
	used = (size_t)snprintf(line, sizeof(line), "%u circuits: ", d->snapshot->n_circuits);
	for (unsigned int state = ERM_STATE_MAX - 1; state >= ERM_STATE_HEALTHY; state--) {
		if (counts[state] == 0)
			continue;
		used += (size_t)snprintf(line + used, sizeof(line) - used, "%s%u %s", separator,
					 counts[state], erm_state_name(state));
		separator = ", ";
	}
	(void)snprintf(line + used, sizeof(line) - used, "; %u alarms; SNMP: %s",
		       d->snapshot->n_alarms,
		       d->config->agent.snmp_enabled ? d->snmp_health.text : "off");
	if (strcmp(line, d->status) == 0)
		return;
	(void)snprintf(d->status, sizeof(d->status), "%s", line);
	(void)sd_notifyf(0, "STATUS=%s", line);
}
