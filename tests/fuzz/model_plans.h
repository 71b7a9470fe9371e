/* The small configurations the model's fuzzer works on, each in two versions to reload between. */
#ifndef ERM_TESTS_FUZZ_MODEL_PLANS_H
#define ERM_TESTS_FUZZ_MODEL_PLANS_H

#include "core/config.h"

/* A new reference; plan: high bits the layout, low bits the agent's settings. */
struct erm_config *model_plan(uint8_t plan, bool is_second);

#endif
