/* A reader of ERMON-MIB's text, as far as its own regular layout needs one. */
#ifndef ERM_TESTS_MIB_TEXT_H
#define ERM_TESTS_MIB_TEXT_H

#include <stdint.h>

#define MIB_MAX_OBJECTS 400
#define MIB_MAX_ENUMS   40
#define MIB_MAX_LABELS  40

struct mib_object {
	char name[48];   /* descriptor */
	char macro[24];  /* OBJECT-TYPE, NOTIFICATION-TYPE, ... */
	char syntax[64]; /* one line, without a range or enumeration */
	char access[24];
	char parent[48];
	uint32_t number;
	char objects[64][48]; /* of a notification or group */
	uint32_t n_objects;
};

struct mib_enum {
	char name[48];
	struct {
		char label[40];
		uint32_t value;
	} labels[MIB_MAX_LABELS];
	uint32_t n_labels;
};

struct mib {
	struct mib_object objects[MIB_MAX_OBJECTS];
	uint32_t n_objects;
	struct mib_enum enums[MIB_MAX_ENUMS]; /* textual conventions with an enumeration */
	uint32_t n_enums;
};

/* Aborts the test when path cannot be read or holds too much. */
void mib_read(const char *path, struct mib *ret);

const struct mib_object *mib_find(const struct mib *mib, const char *name);
const struct mib_enum *mib_find_enum(const struct mib *mib, const char *name);

#endif
