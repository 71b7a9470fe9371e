/* What operators do to alarms: done, logged, and saved. */
#define SD_JOURNAL_SUPPRESS_LOCATION /* a line number here tells nobody anything */

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <systemd/sd-journal.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "daemon_state.h"
#include "publish/journal_ids.h"

static const struct {
	const char *event, *id;
} entries[ERM_ACT_KIND_MAX] = {
#define ERM_ENTRY(kind, event, id) [ERM_ACT_##kind] = { (event), (id) },
	ERM_JOURNAL_ACT_IDS(ERM_ENTRY)
#undef ERM_ENTRY
};

/* Who did what to which object, in the journal with fields of its own. */
static void tell(enum erm_act_kind kind, const struct erm_act *act, const char *object,
		 const char *message)
{
	if (erm_log_is_journal() &&
	    sd_journal_send("MESSAGE=%s", message, "MESSAGE_ID=%s", entries[kind].id, "PRIORITY=%i",
			    LOG_NOTICE, "ERMON_EVENT=%s", entries[kind].event, "ERMON_OBJECT=%s",
			    object, "ERMON_OPERATOR=%s", act->op.who, "ERMON_OPERATOR_UID=%u",
			    (unsigned int)act->uid, "ERMON_COMMENT=%s", act->op.text, NULL) >= 0)
		return;
	erm_log_notice("%s", message);
}

static int set_operator(struct erm_daemon *d, const struct erm_act *act)
{
	static const char *const verbs[ERM_OPERATOR_STATE_MAX] = {
		[ERM_OPERATOR_NONE] = "reopened",
		[ERM_OPERATOR_ACK] = "acknowledged",
		[ERM_OPERATOR_CLOSED] = "closed",
	};
	char message[ERM_KEY_MAX + ERM_NAME_MAX + ERM_EVENT_TEXT_MAX + 32];
	int r = erm_model_set_operator(d->model, act->key, &act->op, erm_time_now());

	if (r < 0)
		return r;
	(void)snprintf(message, sizeof(message), "%s %s %s%s%s", act->op.who, verbs[act->op.state],
		       act->key, act->op.text[0] ? ": " : "", act->op.text);
	tell(act->kind, act, act->key, message);
	return 0;
}

static int shelve(struct erm_daemon *d, const struct erm_act *act, uint32_t *ret_n)
{
	char message[2 * ERM_NAME_MAX + ERM_EVENT_TEXT_MAX + 128];
	struct erm_time now = erm_time_now();
	struct erm_shelf shelf = act->shelf;
	char span[48] = "";
	int r = 0;

	memcpy(shelf.who, act->op.who, sizeof(shelf.who));
	memcpy(shelf.text, act->op.text, sizeof(shelf.text));
	if (act->duration_usec > 0) {
		shelf.until.real = erm_usec_add(now.real, act->duration_usec);
		(void)snprintf(span, sizeof(span), " for %llu s",
			       (unsigned long long)(act->duration_usec / ERM_USEC_PER_SEC));
	}
	r = erm_model_shelve(d->model, &shelf, now, ret_n);
	if (r < 0)
		return r;
	(void)snprintf(message, sizeof(message), "%s set up shelf %s%s, %u alarms on it%s%s",
		       act->op.who, shelf.name, span, *ret_n, act->op.text[0] ? ": " : "",
		       act->op.text);
	tell(act->kind, act, shelf.name, message);
	return 0;
}

static int unshelve(struct erm_daemon *d, const struct erm_act *act, uint32_t *ret_n)
{
	char message[2 * ERM_NAME_MAX + ERM_EVENT_TEXT_MAX + 64];
	int r = erm_model_unshelve(d->model, act->shelf.name, erm_time_now(), ret_n);

	if (r < 0)
		return r;
	(void)snprintf(message, sizeof(message), "%s took shelf %s away, %u alarms on it%s%s",
		       act->op.who, act->shelf.name, *ret_n, act->op.text[0] ? ": " : "",
		       act->op.text);
	tell(act->kind, act, act->shelf.name, message);
	return 0;
}

int erm_daemon_act(void *userdata, const struct erm_act *act, uint32_t *ret_n)
{
	struct erm_daemon *d = userdata;
	int r = -EINVAL;

	switch (act->kind) {
	case ERM_ACT_OPERATOR_STATE:
		r = set_operator(d, act);
		break;
	case ERM_ACT_SHELVE:
		r = shelve(d, act, ret_n);
		break;
	case ERM_ACT_UNSHELVE:
		r = unshelve(d, act, ret_n);
		break;
	case ERM_ACT_END_SHELF:
	case ERM_ACT_KIND_MAX:
		break;
	}
	if (r >= 0)
		erm_daemon_save_later(d);
	return r;
}

static bool has_shelf(const struct erm_snapshot *snapshot, uint32_t index)
{
	for (uint32_t i = 0; i < snapshot->n_shelves; i++) {
		if (snapshot->shelves[i].rule.index == index)
			return true;
	}
	return false;
}

/* What ends by itself is told too; what was taken away has been told. */
void erm_daemon_tell_ended(struct erm_daemon *d, const struct erm_snapshot *before,
			   const struct erm_snapshot *after)
{
	for (uint32_t i = 0; i < before->n_shelves; i++) {
		const struct erm_shelf_row *row = &before->shelves[i];
		const struct erm_act act = { .op = { .who = "ermond" } };
		char message[ERM_NAME_MAX + 64];

		if (row->rule.until.real == 0 || row->rule.until.real > after->at.real ||
		    has_shelf(after, row->rule.index))
			continue;
		(void)snprintf(message, sizeof(message), "Shelf %s has ended, %u alarms were on it",
			       row->rule.name, row->alarms);
		tell(ERM_ACT_END_SHELF, &act, row->rule.name, message);
		erm_daemon_save_later(d);
	}
}
