#include "sources/router/retry.h"

#include <errno.h>
#include <string.h>

#include "base/log.h"

int erm_router_retry_init(struct erm_router_retry *retry, sd_event *event,
			  const struct erm_router_backoff *limits, const char *name,
			  void (*made)(void *userdata), void *userdata)
{
	int r;

	*retry = (struct erm_router_retry){ .limits = limits, .backoff = limits->min_usec };
	r = erm_router_watch_new(event, made, userdata, &retry->watch);
	if (r < 0 && r != -ENOMEM) {
		erm_log_warning("source %s: no inotify (%s): a restart is met by retries alone",
				name, strerrordesc_np(-r));
		return 0;
	}
	return r;
}

void erm_router_retry_done(struct erm_router_retry *retry)
{
	retry->watch = erm_router_watch_free(retry->watch);
}

static void watch(struct erm_router_retry *retry, const char *path)
{
	if (retry->watch)
		(void)erm_router_watch_arm(retry->watch, path);
}

void erm_router_retry_begin(struct erm_router_retry *retry, usec_t now, const char *path)
{
	retry->tried_at = now;
	retry->at = ERM_USEC_INFINITY;
	if (!retry->is_good)
		watch(retry, path);
}

void erm_router_retry_failed(struct erm_router_retry *retry, usec_t now, const char *path)
{
	usec_t doubled = retry->backoff * 2;

	retry->is_good = false;
	retry->at = erm_usec_add(now, retry->backoff);
	retry->backoff = doubled < retry->limits->max_usec ? doubled : retry->limits->max_usec;
	watch(retry, path);
}

void erm_router_retry_made(struct erm_router_retry *retry)
{
	usec_t at = erm_usec_add(retry->tried_at, retry->limits->made_spacing_usec);

	retry->backoff = retry->limits->made_usec;
	if (at < retry->at)
		retry->at = at;
}

void erm_router_retry_good(struct erm_router_retry *retry)
{
	retry->is_good = true;
	retry->backoff = retry->limits->min_usec;
	if (retry->watch)
		erm_router_watch_disarm(retry->watch);
}

void erm_router_retry_anew(struct erm_router_retry *retry)
{
	retry->is_good = false;
	retry->backoff = retry->limits->min_usec;
	retry->at = 0;
}
