/* Sources: one running instance for each configured, fed into the model. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "core/resolve.h"
#include "daemon_state.h"
#include "registry.h"

#define ACCURACY_USEC ((uint64_t)500)

static void take_observation(void *userdata, const struct erm_obs *obs)
{
	struct erm_daemon *d = userdata;
	int r = erm_model_apply(d->model, obs);

	if (r < 0)
		erm_log_debug("an observation of source %u was refused: %s", obs->source,
			      strerrordesc_np(-r));
}

static bool asks_router(const struct erm_running_source *s)
{
	return erm_source_is_authority(s->ops->type);
}

/* Something moved in one source: the others of this kind look now. */
static void look_now(struct erm_daemon *d, bool is_of_routers)
{
	uint32_t session = ERM_NO_INDEX;
	uint32_t n_disputes = erm_model_count_disputes(d->model, &session);

	for (uint32_t i = 0; i < d->n_sources; i++) {
		const struct erm_running_source *s = &d->sources[i];

		if (i == d->hint_from || !s->source || asks_router(s) != is_of_routers)
			continue;
		if (n_disputes == 1 && s->ops->look_at)
			s->ops->look_at(s->source, session);
		else if (s->ops->look_now)
			s->ops->look_now(s->source);
	}
}

static bool is_due(sd_event_source *source)
{
	int enabled = SD_EVENT_OFF;

	(void)sd_event_source_get_enabled(source, &enabled);
	return enabled != SD_EVENT_OFF;
}

static int set_due(sd_event_source *timer, usec_t at)
{
	int r = sd_event_source_set_time(timer, at);

	return r < 0 ? r : sd_event_source_set_enabled(timer, SD_EVENT_ONESHOT);
}

/*
 * A router that is busy with our question tells nobody else: when it tells unasked what has
 * become of its sessions, it is asked later, and at once only for what it has left open.
 */
static int on_hint(sd_event_source *source, void *userdata)
{
	struct erm_daemon *d = userdata;
	usec_t now = erm_time_now().mono;
	uint32_t session = ERM_NO_INDEX;

	(void)source;
	look_now(d, false);
	if (erm_model_count_disputes(d->model, &session) == 0 &&
	    erm_model_is_told_unasked(d->model))
		return is_due(d->ask) ? 0
				      : set_due(d->ask, erm_usec_add(now, ERM_SOURCE_LATER_USEC));
	look_now(d, true);
	return sd_event_source_set_enabled(d->ask, SD_EVENT_OFF);
}

static int on_ask(sd_event_source *source, uint64_t usec, void *userdata)
{
	(void)source;
	(void)usec;
	look_now(userdata, true);
	return 0;
}

/*
 * After the commit of what was told with it: a router that is asked before keeps the CPU
 * that the notification's way to the wire needs.
 */
static void take_hint(void *userdata, uint32_t from_source)
{
	struct erm_daemon *d = userdata;
	bool is_first = !is_due(d->hint) && !is_due(d->ask);

	d->hint_from = is_first || d->hint_from == from_source ? from_source : ERM_NO_INDEX;
	(void)sd_event_source_set_enabled(d->hint, SD_EVENT_ONESHOT);
}

static int make_hint(struct erm_daemon *d)
{
	int r;

	if (d->hint)
		return 0;
	r = sd_event_add_defer(d->event, &d->hint, on_hint, d);
	if (r >= 0)
		r = sd_event_source_set_priority(d->hint, ERM_SOURCE_LATER);
	if (r >= 0)
		r = sd_event_source_set_exit_on_failure(d->hint, true);
	if (r >= 0)
		r = sd_event_source_set_enabled(d->hint, SD_EVENT_OFF);
	if (r >= 0)
		r = sd_event_add_time(d->event, &d->ask, CLOCK_MONOTONIC, 0, ACCURACY_USEC, on_ask,
				      d);
	if (r >= 0)
		r = sd_event_source_set_priority(d->ask, ERM_SOURCE_LATER);
	if (r >= 0)
		r = sd_event_source_set_exit_on_failure(d->ask, true);
	if (r >= 0)
		r = sd_event_source_set_enabled(d->ask, SD_EVENT_OFF);
	return r;
}

static bool is_same(const struct erm_source_config *a, const struct erm_source_config *b)
{
	return a->type == b->type && strcmp(a->name, b->name) == 0;
}

/* Moves a running source of the same name out of the old array. */
static struct erm_running_source take_running(struct erm_running_source *old, uint32_t n_old,
					      const struct erm_config *old_config,
					      const struct erm_source_config *wanted)
{
	for (uint32_t i = 0; i < n_old; i++) {
		struct erm_running_source found = old[i];

		if (!found.source || !is_same(&old_config->sources[i], wanted))
			continue;
		old[i].source = NULL;
		return found;
	}
	return (struct erm_running_source){ .ops = erm_source_ops_of(wanted->type) };
}

static int run(struct erm_daemon *d, struct erm_config *config, uint32_t i)
{
	struct erm_running_source *s = &d->sources[i];
	const struct erm_source_env env = { .event = d->event,
					    .emit = take_observation,
					    .hint = take_hint,
					    .userdata = d,
					    .helper_dir = d->options.helper_dir };

	if (!s->ops)
		return -EOPNOTSUPP;
	if (s->source)
		return s->ops->reconfigure(s->source, config, i);
	return s->ops->start(&env, config, i, &s->source);
}

int erm_daemon_update_sources(struct erm_daemon *d, struct erm_config *config)
{
	struct erm_running_source *old = d->sources;
	struct erm_config *old_config = d->sources_config;
	uint32_t n_old = d->n_sources;
	struct erm_running_source *sources =
		calloc((size_t)config->n_sources + 1, sizeof(*sources));
	int result = make_hint(d);

	if (!sources || result < 0) {
		free(sources);
		return result < 0 ? result : -ENOMEM;
	}
	for (uint32_t i = 0; i < config->n_sources; i++)
		sources[i] = take_running(old, n_old, old_config, &config->sources[i]);
	for (uint32_t i = 0; i < n_old; i++) {
		if (old[i].source)
			old[i].ops->free(old[i].source);
	}
	d->sources = sources;
	d->n_sources = config->n_sources;
	d->hint_from = ERM_NO_INDEX; /* the positions are others */
	d->sources_config = erm_config_ref(config);
	free(old);
	(void)erm_config_unref(old_config);
	for (uint32_t i = 0; i < d->n_sources; i++) {
		int r = run(d, config, i);

		if (r < 0) {
			erm_log_error("source %s: cannot be started: %s", config->sources[i].name,
				      strerrordesc_np(-r));
			result = r;
		}
	}
	return result;
}

void erm_daemon_free_sources(struct erm_daemon *d)
{
	for (uint32_t i = 0; i < d->n_sources; i++) {
		if (d->sources[i].source)
			d->sources[i].ops->free(d->sources[i].source);
	}
	free(d->sources);
	d->sources = NULL;
	d->n_sources = 0;
	d->hint = sd_event_source_disable_unref(d->hint);
	d->ask = sd_event_source_disable_unref(d->ask);
	d->sources_config = erm_config_unref(d->sources_config);
}
