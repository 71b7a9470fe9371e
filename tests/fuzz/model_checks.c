#include "model_checks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/resource.h"
#include "core/session.h"
#include "core/verdict.h"

void must(bool condition, const char *rule, int line)
{
	if (condition)
		return;
	(void)fprintf(stderr, "line %d: not so: %s\n", line, rule);
	abort();
}

void checks_done(struct checks *checks)
{
	(void)erm_snapshot_unref(checks->last);
	checks->last = NULL;
}

void checks_forget_rows(struct checks *checks)
{
	checks->last = erm_snapshot_unref(checks->last);
}

/* Notifications, as their receiver keeps the books. */

static uint32_t find_open(const struct checks *checks, const char *key)
{
	for (uint32_t i = 0; i < checks->n_open; i++) {
		if (strcmp(checks->open[i], key) == 0)
			return i;
	}
	return ERM_NO_INDEX;
}

static void check_text(const struct erm_event *e)
{
	MUST(e->text[0] != '\0');
	MUST(e->circuit[0] != '\0');
	MUST(e->resource[0] != '\0');
	MUST(!strstr(e->text, "null"));
	for (const char *p = e->text; *p; p++) {
		MUST(*p >= ' ' && *p <= '~');
		MUST(!strchr("\"';`$\\|", *p));
	}
}

static void take_event(struct checks *checks, const struct erm_event *e)
{
	uint32_t at = find_open(checks, e->key);

	check_text(e);
	if (e->kind == ERM_EVENT_HEARTBEAT) {
		MUST(e->sequence == checks->sequence);
		return;
	}
	checks->sequence = checks->sequence == UINT32_MAX ? 1 : checks->sequence + 1;
	MUST(e->sequence == checks->sequence);
	switch (e->kind) {
	case ERM_EVENT_RAISE:
		MUST(at == ERM_NO_INDEX); /* no second raise without a clear between */
		MUST(checks->n_open < CHECKS_OPEN_MAX);
		(void)snprintf(checks->open[checks->n_open++], ERM_KEY_MAX, "%s", e->key);
		break;
	case ERM_EVENT_CLEAR:
		MUST(at != ERM_NO_INDEX); /* every clear had a raise */
		MUST(e->severity == ERM_SEVERITY_CLEARED);
		memmove(checks->open[at], checks->open[--checks->n_open], ERM_KEY_MAX);
		break;
	case ERM_EVENT_REMINDER:
		MUST(at != ERM_NO_INDEX);
		break;
	case ERM_EVENT_AGENT_STARTED:
	case ERM_EVENT_HEARTBEAT:
	case ERM_EVENT_KIND_MAX:
		break;
	}
}

static const struct erm_alarm_row *find_alarm(const struct erm_snapshot *s, uint32_t id)
{
	for (uint32_t i = 0; i < s->n_alarms; i++) {
		if (s->alarms[i].id == id)
			return &s->alarms[i];
	}
	return NULL;
}

/* By the shelves as they are shown, and the key as a receiver knows it. */
static bool is_shelved(const struct erm_snapshot *s, const char *key)
{
	enum erm_alarm_type type = 0;
	const char *resource = NULL;

	if (erm_key_split(key, &type, &resource) < 0)
		return false;
	for (uint32_t i = 0; i < s->n_shelves; i++) {
		if (erm_shelf_matches(&s->shelves[i].rule, type, resource))
			return true;
	}
	return false;
}

static void check_shelves(const struct checks *checks, const struct erm_snapshot *s,
			  const struct erm_events *events)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < s->n_shelves; i++) {
		MUST(i == 0 || s->shelves[i - 1].rule.index < s->shelves[i].rule.index);
		MUST(s->shelves[i].rule.until.real == 0 ||
		     s->shelves[i].rule.until.real > s->at.real);
		n += s->shelves[i].alarms;
	}
	MUST(n == s->n_shelved);
	for (uint32_t i = 0; i < events->n; i++)
		MUST(!is_shelved(s, events->events[i]->key));
	for (uint32_t i = 0; i < s->n_alarms; i++) {
		MUST((s->alarms[i].shelf[0] != '\0') == is_shelved(s, s->alarms[i].key));
		n -= s->alarms[i].shelf[0] != '\0';
	}
	MUST(n == 0);
	/* What a receiver holds for raised is so, or its clear waits on a shelf. */
	for (uint32_t i = 0; i < checks->n_open; i++) {
		bool is_there = is_shelved(s, checks->open[i]);

		for (uint32_t k = 0; k < s->n_alarms; k++) {
			is_there = is_there || (s->alarms[k].sequence != 0 &&
						strcmp(s->alarms[k].key, checks->open[i]) == 0);
		}
		MUST(is_there);
	}
}

static void check_alarms(const struct checks *checks, const struct erm_snapshot *s)
{
	for (uint32_t i = 0; i < s->n_alarms; i++) {
		const struct erm_alarm_row *a = &s->alarms[i];

		MUST(a->id != 0);
		MUST(i == 0 || s->alarms[i - 1].id < a->id);
		MUST(a->root_id != a->id);
		MUST(a->root_id == 0 || find_alarm(s, a->root_id));
		MUST(a->sequence == 0 || find_open(checks, a->key) != ERM_NO_INDEX);
		/* On a shelf, the clear of an earlier raise may wait. */
		MUST(a->sequence != 0 || a->shelf[0] || find_open(checks, a->key) == ERM_NO_INDEX);
		MUST(a->op->state >= ERM_OPERATOR_NONE && a->op->state < ERM_OPERATOR_STATE_MAX);
		MUST(a->text[0] != '\0');
	}
}

/* An outage is in the table at once, and somebody was told that something critical happened. */
static void check_outage(const struct erm_snapshot *s, enum erm_state state, const char *resource)
{
	char key[ERM_KEY_MAX];
	const struct erm_alarm_row *alarm = NULL;

	if (state != ERM_STATE_DOWN)
		return;
	(void)snprintf(key, sizeof(key), "service-down/%s", resource);
	for (uint32_t i = 0; i < s->n_alarms; i++) {
		if (strcmp(s->alarms[i].key, key) == 0)
			alarm = &s->alarms[i];
	}
	MUST(alarm && !alarm->is_clearing);
	if (alarm->root_id != 0)
		alarm = find_alarm(s, alarm->root_id);
	if (s->config->agent.min_interval_usec == 0 && !alarm->shelf[0])
		MUST(alarm->sequence != 0);
	MUST(alarm->severity == ERM_SEVERITY_CRITICAL);
}

static void check_outages(const struct erm_snapshot *s)
{
	char name[ERM_RESOURCE_MAX];

	for (uint32_t i = 0; i < s->n_services; i++) {
		uint32_t at = (uint32_t)(s->services[i].config - s->config->services);

		check_outage(s, s->services[i].verdict.state,
			     erm_resource_name(s->config, ERM_RESOURCE_SERVICE, at, name));
	}
	for (uint32_t i = 0; i < s->n_groups; i++) {
		uint32_t at = (uint32_t)(s->groups[i].config - s->config->groups);

		check_outage(s, s->groups[i].verdict.state,
			     erm_resource_name(s->config, ERM_RESOURCE_GROUP, at, name));
	}
	for (uint32_t i = 0; i < s->n_circuits; i++) {
		if (s->circuits[i].config->n_services == 0)
			check_outage(s, s->circuits[i].verdict.state, s->circuits[i].config->name);
	}
}

/* What a raise or clear says must agree with the tables it came with. */
static void check_claim(const struct erm_event *e)
{
	bool is_verdict =
		e->resource_kind == ERM_RESOURCE_SERVICE || e->resource_kind == ERM_RESOURCE_GROUP;

	if (!is_verdict || e->kind == ERM_EVENT_REMINDER || e->n_index == 0 ||
	    strstr(e->text, "no longer configured"))
		return;
	if (e->type == ERM_ALARM_SERVICE_DOWN)
		MUST((e->state == ERM_STATE_DOWN) == (e->kind == ERM_EVENT_RAISE));
	if (e->type == ERM_ALARM_REDUNDANCY_LOST && e->kind == ERM_EVENT_CLEAR)
		MUST(e->state != ERM_STATE_REDUNDANCY_LOST && e->state != ERM_STATE_DOWN);
	if (e->type == ERM_ALARM_STATE_UNKNOWN && e->kind == ERM_EVENT_RAISE)
		MUST(e->state == ERM_STATE_UNKNOWN);
}

/* Verdicts against the rows below them. */

static void check_interval(const struct erm_verdict *v)
{
	MUST(v->usable + v->unknown <= v->expected);
	MUST(v->best <= v->worst);
	MUST(v->worst <= ERM_STATE_DOWN);
	MUST((v->state == ERM_STATE_UNKNOWN) == (v->best != v->worst));
	MUST(v->state == ERM_STATE_UNKNOWN || v->state == v->worst);
}

static const struct erm_session_row *row_of(const struct erm_snapshot *s, uint32_t session)
{
	for (uint32_t i = 0; i < s->n_sessions; i++) {
		if (s->sessions[i].config == &s->config->sessions[session])
			return &s->sessions[i];
	}
	must(false, "every session has a row", __LINE__);
	return NULL;
}

static void check_service(const struct erm_snapshot *s, const struct erm_service_row *row)
{
	const struct erm_circuit_config *circuit = &s->config->circuits[row->config->circuit];
	struct erm_members m = { 0 };
	struct erm_verdict v = { 0 };

	for (uint32_t i = 0; i < ERM_ROLE_MAX - 1; i++) {
		const struct erm_session_row *session = NULL;

		if (row->config->sessions[i] == ERM_NO_INDEX)
			continue;
		session = row_of(s, row->config->sessions[i]);
		m.expected++;
		m.usable += erm_member_is_usable(session->state);
		m.unknown += session->state == ERM_MEMBER_UNKNOWN;
		m.has_degraded = m.has_degraded || session->state == ERM_MEMBER_DEGRADED;
	}
	v = erm_verdict_judge(&m, circuit->min_service, circuit->min_redundant);
	MUST(v.state == row->verdict.state);
	MUST(v.worst == row->verdict.worst);
	MUST(v.best == row->verdict.best);
}

/* A circuit is the worst of its services, in the worst case and in the best. */
static void check_circuit(const struct erm_snapshot *s, const struct erm_circuit_row *row)
{
	enum erm_state worst = ERM_STATE_HEALTHY;
	enum erm_state best = ERM_STATE_HEALTHY;

	if (row->config->n_services == 0)
		return;
	for (uint32_t i = 0; i < s->n_services; i++) {
		const struct erm_verdict *v = &s->services[i].verdict;

		if (s->services[i].index[0] != row->index)
			continue;
		worst = v->worst > worst ? v->worst : worst;
		best = v->best > best ? v->best : best;
	}
	MUST(row->verdict.worst == worst);
	MUST(row->verdict.best == best);
}

static void check_verdicts(const struct erm_snapshot *s)
{
	for (uint32_t i = 0; i < s->n_services; i++) {
		check_interval(&s->services[i].verdict);
		check_service(s, &s->services[i]);
	}
	for (uint32_t i = 0; i < s->n_circuits; i++) {
		check_interval(&s->circuits[i].verdict);
		check_circuit(s, &s->circuits[i]);
		MUST(s->circuits[i].verdict.state <= s->worst);
	}
	for (uint32_t i = 0; i < s->n_groups; i++) {
		check_interval(&s->groups[i].verdict);
		MUST(s->groups[i].verdict.state <= s->worst);
	}
}

/* Rows: sorted by index, and their counters never fall. */

struct table {
	const void *rows;
	uint32_t n;
	uint32_t n_index; /* index words, at the start of each row */
	size_t size, transitions;
};

#define TABLE(s, field, words)                                                          \
	{                                                                               \
		(s)->field, (s)->n_##field, words, sizeof(*(s)->field),                 \
			(size_t)((char *)&(s)->field->transitions - (char *)(s)->field) \
	}
#define N_TABLES 6

static void list_tables(const struct erm_snapshot *s, struct table tables[N_TABLES])
{
	const struct table all[N_TABLES] = { TABLE(s, ports, 1),    TABLE(s, circuits, 1),
					     TABLE(s, groups, 1),   TABLE(s, connections, 2),
					     TABLE(s, sessions, 3), TABLE(s, services, 2) };

	memcpy(tables, all, sizeof(all));
}

static const uint32_t *row_at(const struct table *t, uint32_t i)
{
	return (const uint32_t *)(const void *)((const char *)t->rows + i * t->size);
}

static uint32_t transitions_at(const struct table *t, uint32_t i)
{
	uint32_t value = 0;

	memcpy(&value, (const char *)row_at(t, i) + t->transitions, sizeof(value));
	return value;
}

static int compare_index(const uint32_t *a, const uint32_t *b, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		if (a[i] != b[i])
			return a[i] < b[i] ? -1 : 1;
	}
	return 0;
}

static void check_rows(const struct checks *checks, const struct erm_snapshot *s)
{
	struct table now[N_TABLES];
	struct table before[N_TABLES];

	list_tables(s, now);
	if (checks->last)
		list_tables(checks->last, before);
	for (unsigned int t = 0; t < N_TABLES; t++) {
		for (uint32_t i = 0; i < now[t].n; i++) {
			MUST(row_at(&now[t], i)[0] != 0);
			MUST(transitions_at(&now[t], i) < 1000000);
			MUST(i == 0 || compare_index(row_at(&now[t], i - 1), row_at(&now[t], i),
						     now[t].n_index) < 0);
			for (uint32_t k = 0; checks->last && k < before[t].n; k++) {
				MUST(compare_index(row_at(&before[t], k), row_at(&now[t], i),
						   now[t].n_index) != 0 ||
				     transitions_at(&before[t], k) <= transitions_at(&now[t], i));
			}
		}
	}
	for (uint32_t i = 1; i < s->n_sources; i++)
		MUST(s->sources[i - 1].index < s->sources[i].index);
}

static void check_counters(const struct checks *checks, const struct erm_snapshot *s)
{
	const struct erm_counters *was = checks->last ? &checks->last->counters : NULL;
	const struct erm_counters *is = &s->counters;

	if (!was)
		return;
	MUST(is->observations >= was->observations && is->commits >= was->commits &&
	     is->reconciled >= was->reconciled && is->notifications >= was->notifications &&
	     is->suppressed >= was->suppressed && is->events_dropped >= was->events_dropped);
}

void checks_commit(struct checks *checks, const struct erm_model *model, struct erm_snapshot *s,
		   const struct erm_events *events)
{
	for (uint32_t i = 0; i < events->n; i++) {
		take_event(checks, events->events[i]);
		check_claim(events->events[i]);
	}
	MUST(s->last_sequence == checks->sequence);
	MUST(s->log->n == 0 || s->log->events[s->log->n - 1]->sequence == checks->sequence);
	check_alarms(checks, s);
	check_shelves(checks, s, events);
	check_outages(s);
	check_verdicts(s);
	check_rows(checks, s);
	check_counters(checks, s);
	/* The loop sleeps until then: a moment that is past would make it spin. */
	MUST(!erm_model_is_dirty(model));
	MUST(erm_model_next_deadline(model) > s->at.mono);
	(void)erm_snapshot_unref(checks->last);
	checks->last = erm_snapshot_ref(s);
}

static void same_members(const struct erm_snapshot *a, const struct erm_snapshot *b)
{
	for (uint32_t i = 0; i < a->n_ports; i++) {
		MUST(a->ports[i].state == b->ports[i].state &&
		     a->ports[i].cause == b->ports[i].cause &&
		     a->ports[i].transitions == b->ports[i].transitions);
	}
	for (uint32_t i = 0; i < a->n_sessions; i++) {
		MUST(a->sessions[i].state == b->sessions[i].state &&
		     a->sessions[i].cause == b->sessions[i].cause &&
		     a->sessions[i].layer == b->sessions[i].layer &&
		     a->sessions[i].fault_domain == b->sessions[i].fault_domain &&
		     a->sessions[i].transitions == b->sessions[i].transitions);
	}
	for (uint32_t i = 0; i < a->n_connections; i++) {
		MUST(a->connections[i].state == b->connections[i].state &&
		     a->connections[i].cause == b->connections[i].cause &&
		     a->connections[i].is_flapping == b->connections[i].is_flapping &&
		     a->connections[i].transitions == b->connections[i].transitions);
	}
	for (uint32_t i = 0; i < a->n_sources; i++)
		MUST(a->sources[i].state == b->sources[i].state);
}

static void same_verdicts(const struct erm_snapshot *a, const struct erm_snapshot *b)
{
	for (uint32_t i = 0; i < a->n_services; i++) {
		MUST(a->services[i].verdict.state == b->services[i].verdict.state &&
		     a->services[i].cause == b->services[i].cause &&
		     a->services[i].transitions == b->services[i].transitions);
	}
	for (uint32_t i = 0; i < a->n_circuits; i++) {
		MUST(a->circuits[i].verdict.state == b->circuits[i].verdict.state &&
		     a->circuits[i].cause == b->circuits[i].cause &&
		     a->circuits[i].is_flapping == b->circuits[i].is_flapping &&
		     a->circuits[i].transitions == b->circuits[i].transitions);
	}
	for (uint32_t i = 0; i < a->n_groups; i++)
		MUST(a->groups[i].verdict.state == b->groups[i].verdict.state &&
		     a->groups[i].transitions == b->groups[i].transitions);
}

void checks_same(const struct erm_snapshot *a, const struct erm_snapshot *b)
{
	MUST(a->last_sequence == b->last_sequence);
	MUST(a->changed.mono == b->changed.mono);
	MUST(a->n_alarms == b->n_alarms);
	for (uint32_t i = 0; i < a->n_alarms; i++) {
		MUST(a->alarms[i].id == b->alarms[i].id &&
		     a->alarms[i].sequence == b->alarms[i].sequence &&
		     a->alarms[i].root_id == b->alarms[i].root_id &&
		     a->alarms[i].severity == b->alarms[i].severity &&
		     a->alarms[i].is_clearing == b->alarms[i].is_clearing &&
		     strcmp(a->alarms[i].text, b->alarms[i].text) == 0);
	}
	same_members(a, b);
	same_verdicts(a, b);
}
