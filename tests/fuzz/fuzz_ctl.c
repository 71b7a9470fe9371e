/* Control socket: a stream of requests; whatever is wrong with one, the answer is good JSON. */
#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "publish/ctl_frame.h"
#include "publish/publisher.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whatever the daemon is asked to do, it names what to do it to, within its bounds. */
static void check_act(const struct erm_act *act)
{
	bool is_shelf = act->kind == ERM_ACT_SHELVE || act->kind == ERM_ACT_UNSHELVE;

	if (!is_shelf && act->kind != ERM_ACT_OPERATOR_STATE)
		abort();
	if (is_shelf ? !act->shelf.name[0] : !act->key[0])
		abort();
	if (act->kind == ERM_ACT_SHELVE && act->shelf.types == 0 && !act->shelf.resources[0][0])
		abort();
	if (act->kind == ERM_ACT_SHELVE &&
	    (act->shelf.types & 1 || act->shelf.types >> (unsigned int)ERM_ALARM_TYPE_MAX))
		abort();
	if (strlen(act->key) >= sizeof(act->key) ||
	    strlen(act->shelf.name) >= sizeof(act->shelf.name) ||
	    strlen(act->op.who) >= sizeof(act->op.who) ||
	    strlen(act->op.text) >= sizeof(act->op.text))
		abort();
}

/* Exactly as long as told, so that ASan sees an overread. */
static void run_request(const uint8_t *data, size_t len)
{
	_cleanup_free_ char *request_text = malloc(len > 0 ? len : 1);
	_cleanup_free_ char *reply = NULL;
	struct erm_ctl_request request = { 0 };
	struct erm_act act = { 0 };
	enum erm_ctl_error error = ERM_CTL_FAILED;
	char detail[ERM_CTL_DETAIL_MAX] = "";
	json_t *root;

	if (!request_text)
		return;
	memcpy(request_text, data, len);
	if (erm_ctl_request_parse(request_text, len, &request, &act, &error, detail) == 0) {
		if (request.method == ERM_CTL_GET &&
		    (request.parts == 0 || (request.parts & ~(unsigned int)ERM_PART_ALL)))
			abort();
		if (request.method == ERM_CTL_ACT)
			check_act(&act);
		return;
	}
	reply = erm_ctl_error_format(error, detail);
	root = reply ? json_loads(reply, JSON_REJECT_DUPLICATES, NULL) : NULL;
	if (!root)
		abort();
	json_decref(root);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	while (size > 0) {
		const uint8_t *end = memchr(data, '\0', size);
		size_t len = end ? (size_t)(end - data) : size;

		run_request(data, len);
		data += end ? len + 1 : len;
		size -= end ? len + 1 : len;
	}
	return 0;
}
