/* What the tests of agent/yang share: the module of the source tree, and files as text. */
#ifndef ERM_TESTS_YANG_FIXTURE_H
#define ERM_TESTS_YANG_FIXTURE_H

#include "core/config.h"
#include "yang/report.h"

struct ly_ctx;

/* yang/ of the source tree. */
const char *yang_dir(void);

/* A context, made at the first call and freed by yang_fixture_done(). */
struct ly_ctx *yang_ctx(void);
void yang_fixture_done(void);

/* A circuit with two connections and two IPv4 sessions, and the source frr: a file that is all right. */
extern const char yang_small_file[];

/* Parses text as "t.conf"; the report is the caller's.  Returns erm_config_parse()'s value. */
int yang_parse(const char *text, struct erm_config **ret, struct erm_config_report *report);

/* The same for a file that must be all right, without a warning: prints the report and fails the test otherwise. */
struct erm_config *yang_parse_good(const char *text);

#endif
