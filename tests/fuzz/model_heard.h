/* What the fuzzer's sources have told, so that what the model says can be held against it. */
#ifndef ERM_TESTS_FUZZ_MODEL_HEARD_H
#define ERM_TESTS_FUZZ_MODEL_HEARD_H

#include <stdbool.h>

#include "../replay/lab_config.h"
#include "core/event.h"
#include "core/obs.h"
#include "core/snapshot.h"

struct heard {                       /* the last word */
	char name[ERM_RESOURCE_MAX]; /* of an interface */
	bool is_told;
	struct erm_obs obs;
};

struct hearsay { /* of a session, by source */
	char name[ERM_RESOURCE_MAX];
	struct heard by[LAB_SOURCES_MAX];
};

/*
 * Of the claims of a session one decides or none; who decides is heard, and said so,
 * and no router that was asked after it says otherwise.  Gives the word that decided,
 * NULL = nobody's.
 */
const struct heard *heard_check(const struct hearsay *said, const bool is_heard[LAB_SOURCES_MAX],
				const struct erm_snapshot *snapshot,
				const struct erm_session_row *row);

#endif
