/*
 * What must hold of a model after each commit, whatever it was told.  Each broken
 * rule aborts with its name on standard error.
 */
#ifndef ERM_TESTS_FUZZ_MODEL_CHECKS_H
#define ERM_TESTS_FUZZ_MODEL_CHECKS_H

#include <stdbool.h>

#include "core/model.h"

#define CHECKS_OPEN_MAX 512

struct checks {
	char open[CHECKS_OPEN_MAX][ERM_KEY_MAX]; /* raised and not cleared, as a receiver counts */
	uint32_t n_open;
	uint32_t sequence;
	struct erm_snapshot *last; /* NULL = nothing to compare with */
};

#define MUST(condition) must((condition), #condition, __LINE__)
void must(bool condition, const char *rule, int line);

void checks_done(struct checks *checks);
/* A restart: row counters start anew, what was told stays told. */
void checks_forget_rows(struct checks *checks);

/* Takes the result of a commit; keeps a reference to the snapshot. */
void checks_commit(struct checks *checks, const struct erm_model *model,
		   struct erm_snapshot *snapshot, const struct erm_events *events);

/* Nothing a manager could see differs, ages and the agent's own counters aside. */
void checks_same(const struct erm_snapshot *a, const struct erm_snapshot *b);

#endif
