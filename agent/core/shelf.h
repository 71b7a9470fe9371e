/*
 * What operators say of alarms (RFC 8632 sections 4.4 and 4.5): the operator state
 * of one alarm, and shelves, rules that put alarms aside.  Neither changes what is
 * judged; a shelved alarm is only told to nobody.  Plain values and matching; what
 * follows from them is the model's.  Pure.
 */
#ifndef ERM_CORE_SHELF_H
#define ERM_CORE_SHELF_H

#include <stdbool.h>
#include <stdint.h>

#include "base/usec.h"
#include "core/event.h"
#include "core/types.h"

#define ERM_SHELVES_MAX         64
#define ERM_SHELF_RESOURCES_MAX 8

struct erm_operator {
	enum erm_operator_state state;
	struct erm_time at; /* of the wall clock only, as all times here: mono is 0 */
	char who[ERM_NAME_MAX];
	char text[ERM_EVENT_TEXT_MAX]; /* "" = none */
};

/* Matches an alarm of one of the types on one of the resources. */
struct erm_shelf {
	uint32_t index; /* its SNMP index, never used again */
	uint32_t types; /* 1 << enum erm_alarm_type, or'ed; 0 = any */
	struct erm_time since;
	struct erm_time until; /* 0 = it is taken away some day */
	char name[ERM_NAME_MAX];
	char who[ERM_NAME_MAX];
	char text[ERM_EVENT_TEXT_MAX]; /* "" = none */
	/*
	 * Up to the first "", none = any.  As core/resource.h names them; "*" stands for any run
	 * of characters, "?" for any one.
	 */
	char resources[ERM_SHELF_RESOURCES_MAX][ERM_RESOURCE_MAX];
};

enum erm_act_kind {
	ERM_ACT_OPERATOR_STATE = 1, /* op, of the alarm named key */
	ERM_ACT_SHELVE,             /* shelf, for duration_usec */
	ERM_ACT_UNSHELVE,           /* the shelf of shelf.name */
	ERM_ACT_END_SHELF,          /* nobody asks for it: its time has come */
	ERM_ACT_KIND_MAX
};

/* What somebody asks for. */
struct erm_act {
	enum erm_act_kind kind;
	uint32_t uid;
	struct erm_operator op; /* who, and text, of every kind */
	char key[ERM_KEY_MAX];
	struct erm_shelf shelf;
	usec_t duration_usec; /* 0 = for ever */
};

bool erm_pattern_matches(const char *pattern, const char *text);

bool erm_shelf_matches(const struct erm_shelf *shelf, enum erm_alarm_type type,
		       const char *resource);

/*
 * "redundancy-lost/contoso-ams" -> its type and, into key, the resource's name.
 * -EINVAL when it begins with no alarm type.
 */
int erm_key_split(const char *key, enum erm_alarm_type *ret_type, const char **ret_resource);

#endif
