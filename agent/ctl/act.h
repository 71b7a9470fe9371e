/* The commands that act on alarms: what operators say of them, and shelves. */
#ifndef ERM_CTL_ACT_H
#define ERM_CTL_ACT_H

#include "base/usec.h"
#include "ctl/command.h"

int erm_run_ack(struct erm_command_env *env, char *const args[]);
int erm_run_close(struct erm_command_env *env, char *const args[]);
int erm_run_reopen(struct erm_command_env *env, char *const args[]);
int erm_run_shelve(struct erm_command_env *env, char *const args[]);
int erm_run_unshelve(struct erm_command_env *env, char *const args[]);

/* "90", "90s", "30m", "2h", "3d" -> seconds, at least one; 0 when it is none of that. */
uint64_t erm_act_parse_span(const char *text);

#endif
