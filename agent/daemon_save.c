/* The state file: what is read at the start and written, in another thread, while running. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-event.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "daemon_state.h"
#include "state_file.h"

#define SAVE_DELAY_USEC (20 * ERM_USEC_PER_MSEC)  /* what one cause changes is saved at once */
#define SAVE_GAP_USEC   (200 * ERM_USEC_PER_MSEC) /* a flapping link must not wear the disk */
#define SAVE_SHARE      20 /* formatting may take one part in so many of the loop's time */

int erm_daemon_restore(struct erm_daemon *d, struct erm_persist *ret)
{
	_cleanup_free_ char *path = NULL;

	if (asprintf(&path, "%s/%s", d->options.state_dir, ERM_STATE_FILE) < 0)
		return -ENOMEM;
	return erm_state_load(path, ret);
}

void erm_daemon_save_now(struct erm_daemon *d)
{
	usec_t start = erm_time_now().mono;
	struct erm_persist persist = { 0 };
	char *text = NULL;
	size_t len = 0;
	int r = erm_model_export(d->model, &persist);

	if (r >= 0)
		r = erm_undelivered_export(&d->undelivered, &persist);
	if (r >= 0)
		r = erm_state_format(&persist, &text, &len);
	erm_persist_done(&persist);
	if (r < 0)
		erm_log_error("state cannot be saved: %s", strerrordesc_np(-r));
	else
		erm_state_writer_submit(d->writer, text, len);
	d->saved_at = erm_time_now().mono;
	d->save_cost = d->saved_at - start;
}

static int on_save(sd_event_source *s, uint64_t usec, void *userdata)
{
	(void)s;
	(void)usec;
	erm_daemon_save_now(userdata);
	return 0;
}

void erm_daemon_save_later(struct erm_daemon *d)
{
	usec_t gap = d->save_cost * SAVE_SHARE;
	usec_t delay = 0;
	int enabled = SD_EVENT_OFF;

	if (sd_event_source_get_enabled(d->save, &enabled) < 0 || enabled != SD_EVENT_OFF)
		return; /* on its way */
	if (gap < SAVE_GAP_USEC)
		gap = SAVE_GAP_USEC;
	delay = erm_usec_sub(erm_usec_add(d->saved_at, gap), erm_time_now().mono);
	if (delay < SAVE_DELAY_USEC)
		delay = SAVE_DELAY_USEC;
	if (sd_event_source_set_time_relative(d->save, delay) < 0 ||
	    sd_event_source_set_enabled(d->save, SD_EVENT_ONESHOT) < 0)
		erm_log_error("state: the timer of the state file cannot be set");
}

int erm_daemon_save_start(struct erm_daemon *d)
{
	int r = erm_state_writer_new(d->options.state_dir, &d->writer);

	if (r < 0)
		return r;
	r = sd_event_add_time_relative(d->event, &d->save, CLOCK_MONOTONIC, 0, SAVE_DELAY_USEC / 4,
				       on_save, d);
	if (r < 0)
		return r;
	return sd_event_source_set_enabled(d->save, SD_EVENT_OFF);
}
