/* What operators say: operator states, shelves, and the clears that a shelf holds back. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/model_state.h"
#include "core/resource.h"
#include "core/text.h"

/* The raised alarm of this key. */
static struct erm_alarm *find_raised(const struct erm_tables *t, const char *key)
{
	enum erm_alarm_type type = 0;
	const char *resource = NULL;

	if (erm_key_split(key, &type, &resource) < 0)
		return NULL;
	for (uint32_t i = 0; i < t->n_alarms; i++) {
		struct erm_alarm *alarm = &t->alarms[i];
		char name[ERM_RESOURCE_MAX];

		if (alarm->type == type && alarm->phase >= ERM_PHASE_ACTIVE &&
		    strcmp(erm_resource_name(t->config, alarm->kind, alarm->position, name),
			   resource) == 0)
			return alarm;
	}
	return NULL;
}

int erm_model_set_operator(struct erm_model *model, const char *key, const struct erm_operator *op,
			   struct erm_time now)
{
	struct erm_alarm *alarm = find_raised(&model->t, key);

	erm_model_set_now(model, now);
	if (!alarm)
		return -ENOENT;
	if (!alarm->op)
		alarm->op = malloc(sizeof(*alarm->op));
	if (!alarm->op)
		return -ENOMEM;
	*alarm->op = *op;
	alarm->op->at.real = model->now.real;
	erm_text_clean(alarm->op->who);
	erm_text_clean(alarm->op->text);
	model->is_dirty = true;
	return 0;
}

static struct erm_shelf *find_shelf(const struct erm_model *model, const char *name)
{
	for (uint32_t i = 0; i < model->n_shelves; i++) {
		if (strcmp(model->shelves[i].name, name) == 0)
			return &model->shelves[i];
	}
	return NULL;
}

static uint32_t count_on(const struct erm_model *model, const struct erm_shelf *shelf)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < model->t.n_alarms; i++) {
		const struct erm_alarm *alarm = &model->t.alarms[i];
		char name[ERM_RESOURCE_MAX];

		if (alarm->phase < ERM_PHASE_ACTIVE)
			continue;
		(void)erm_resource_name(model->t.config, alarm->kind, alarm->position, name);
		n += erm_shelf_matches(shelf, alarm->type, name);
	}
	return n;
}

static int make_room(struct erm_model *model)
{
	struct erm_shelf *grown = NULL;

	if (model->n_shelves == ERM_SHELVES_MAX)
		return -ENOSPC;
	grown = reallocarray(model->shelves, model->n_shelves + 1, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	model->shelves = grown;
	return 0;
}

int erm_model_shelve(struct erm_model *model, const struct erm_shelf *shelf, struct erm_time now,
		     uint32_t *ret_n)
{
	struct erm_shelf *at = find_shelf(model, shelf->name);
	uint32_t index = at ? at->index : erm_next_number(model->last_shelf);

	erm_model_set_now(model, now);
	if (shelf->until.real != 0 && shelf->until.real <= model->now.real)
		return -EINVAL;
	if (!at) {
		int r = make_room(model);

		if (r < 0)
			return r;
		at = &model->shelves[model->n_shelves++];
		model->last_shelf = index;
	}
	*at = *shelf;
	at->index = index;
	at->since.real = model->now.real;
	erm_text_clean(at->who);
	erm_text_clean(at->text);
	model->shelves_changed++;
	model->is_dirty = true;
	if (ret_n)
		*ret_n = count_on(model, at);
	return 0;
}

static void remove_shelf(struct erm_model *model, struct erm_shelf *shelf)
{
	struct erm_shelf *end = model->shelves + model->n_shelves;

	memmove(shelf, shelf + 1, (size_t)(end - shelf - 1) * sizeof(*shelf));
	model->n_shelves--;
	model->shelves_changed++;
	model->is_dirty = true;
}

int erm_model_unshelve(struct erm_model *model, const char *name, struct erm_time now,
		       uint32_t *ret_n)
{
	struct erm_shelf *shelf = find_shelf(model, name);

	erm_model_set_now(model, now);
	if (!shelf)
		return -ENOENT;
	if (ret_n)
		*ret_n = count_on(model, shelf);
	remove_shelf(model, shelf);
	return 0;
}

static uint32_t find_match(const struct erm_model *model, enum erm_alarm_type type,
			   const char *resource)
{
	for (uint32_t i = 0; i < model->n_shelves; i++) {
		if (erm_shelf_matches(&model->shelves[i], type, resource))
			return i + 1;
	}
	return 0;
}

/* An alarm's name never changes, so what was found holds until a shelf comes or goes. */
void erm_model_step_shelves(struct erm_model *model)
{
	const struct erm_tables *t = &model->t;

	for (uint32_t i = model->n_shelves; i > 0; i--) {
		struct erm_shelf *shelf = &model->shelves[i - 1];

		if (shelf->until.real != 0 && shelf->until.real <= model->now.real)
			remove_shelf(model, shelf);
	}
	for (uint32_t i = 0; i < t->n_open; i++) {
		struct erm_alarm *alarm = t->open[i];
		char name[ERM_RESOURCE_MAX];

		if (alarm->shelves_seen == model->shelves_changed)
			continue;
		(void)erm_resource_name(t->config, alarm->kind, alarm->position, name);
		alarm->shelf = find_match(model, alarm->type, name);
		alarm->shelves_seen = model->shelves_changed;
	}
	for (struct erm_orphan *o = model->orphans; o; o = o->next) {
		if (o->shelves_seen == model->shelves_changed)
			continue;
		o->shelf = find_match(model, o->fields.type, o->fields.resource);
		o->shelves_seen = model->shelves_changed;
	}
}

usec_t erm_model_shelf_deadline(const struct erm_model *model)
{
	usec_t left = ERM_USEC_INFINITY;

	for (uint32_t i = 0; i < model->n_shelves; i++) {
		usec_t until = model->shelves[i].until.real;

		if (until != 0 && erm_usec_sub(until, model->now.real) < left)
			left = erm_usec_sub(until, model->now.real);
	}
	return erm_usec_add(model->now.mono, left);
}

int erm_model_owe_clear(struct erm_model *model, const struct erm_tables *t,
			const struct erm_alarm *alarm, const char *text)
{
	struct erm_orphan *o = calloc(1, sizeof(*o));

	if (!o)
		return -ENOMEM;
	erm_event_fill(t, alarm, &o->fields);
	o->fields.kind = ERM_EVENT_CLEAR;
	o->fields.severity = ERM_SEVERITY_CLEARED;
	(void)snprintf(o->fields.text, sizeof(o->fields.text), "%s", text);
	erm_text_clean(o->fields.text);
	o->shelf = alarm->shelf;
	o->shelves_seen = alarm->shelves_seen;
	o->next = model->orphans;
	model->orphans = o;
	return 0;
}

int erm_model_import_shelves(struct erm_model *model, const struct erm_persist *persist)
{
	uint32_t n = persist->n_shelves < ERM_SHELVES_MAX ? persist->n_shelves : ERM_SHELVES_MAX;

	model->last_shelf = persist->last_shelf;
	for (uint32_t i = 0; i < n; i++) {
		const struct erm_shelf *was = &persist->shelves[i];
		int r = 0;

		/* In the order of the index, each name once: else the file is not ours. */
		if (was->index == 0 || find_shelf(model, was->name) ||
		    (i > 0 && was->index <= persist->shelves[i - 1].index))
			continue;
		r = make_room(model);
		if (r < 0)
			return r;
		model->shelves[model->n_shelves++] = *was;
		if (model->last_shelf < was->index)
			model->last_shelf = was->index;
	}
	for (uint32_t i = 0; i < persist->n_owed; i++) {
		struct erm_orphan *o = NULL;

		if (persist->owed[i]->kind != ERM_EVENT_CLEAR)
			continue;
		o = calloc(1, sizeof(*o));
		if (!o)
			return -ENOMEM;
		o->fields = *persist->owed[i];
		o->next = model->orphans;
		model->orphans = o;
	}
	model->shelves_changed = 1;
	return 0;
}

int erm_model_export_shelves(const struct erm_model *model, struct erm_persist *p)
{
	uint32_t n = 0;

	for (const struct erm_orphan *o = model->orphans; o; o = o->next)
		n++;
	p->last_shelf = model->last_shelf;
	p->shelves = calloc(model->n_shelves + 1UL, sizeof(*p->shelves));
	p->owed = (struct erm_event **)calloc(n + 1UL, sizeof(struct erm_event *));
	if (!p->shelves || !p->owed)
		return -ENOMEM;
	if (model->n_shelves > 0)
		memcpy(p->shelves, model->shelves, model->n_shelves * sizeof(*p->shelves));
	p->n_shelves = model->n_shelves;
	for (const struct erm_orphan *o = model->orphans; o; o = o->next) {
		p->owed[p->n_owed] = erm_event_new(&o->fields);
		if (!p->owed[p->n_owed])
			return -ENOMEM;
		p->n_owed++;
	}
	return 0;
}
