/* What the tests of rtnl_links share: the store, a clock, and the words to speak with it. */
#ifndef ERM_TESTS_RTNL_LINKS_BENCH_H
#define ERM_TESTS_RTNL_LINKS_BENCH_H

#include "rtnl_fake.h"
#include "sources/rtnl/links.h"

#define SEC  ERM_USEC_PER_SEC
#define MSEC ERM_USEC_PER_MSEC

extern struct erm_config *config; /* e0, e1, expressroute-primary-leg, v0 */
extern struct erm_rtnl_links *links;
extern usec_t now;

void links_set_up(void);
void links_tear_down(void);

/* e0, up, with this index. */
struct fake_link link_e0(uint32_t ifindex);

/* The kernel answers, notifies, dumps (NULL = left out). */
void answer(const struct fake_link *link);
bool notify(const struct fake_link *link, uint16_t type);
void dump(const struct fake_link *first, const struct fake_link *second);
/* Dumps with one link and takes all that is told. */
void begin_with(const struct fake_link *link);

/* The next change; fails when there is none.  And the reverse. */
struct erm_obs_interface change(void);
void no_change(void);

/* The next question is for this index, or (0) for this name; NULL = any. */
void expect_due(uint32_t ifindex, const char *name);
/* So it is, and the kernel knows no such link. */
void expect_missing(const char *name);
void expect_gone(uint32_t ifindex);

#endif
