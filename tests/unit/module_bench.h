/* What the tests of modules share: one module, its reader, and what it tells. */
#ifndef ERM_TESTS_MODULE_BENCH_H
#define ERM_TESTS_MODULE_BENCH_H

#include "core/obs.h"
#include "module_pages.h"

extern struct module_pages m;
extern struct erm_module_reader reader;
extern struct erm_obs_optics optics;

/* Into memory that was not zero. */
void decode(void);
void read_all(void);

/* As the makers of module_pages.h set them. */
void check_limits(const struct erm_optics_limits *limits);
void check_lanes(uint32_t n, uint32_t bias_ua);
void check_no_limits(const struct erm_optics_limits *limits);
/* It is known, has no light, and this name. */
void check_dark_of_module(const char *text);

#endif
