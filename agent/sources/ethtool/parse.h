/*
 * The kernel's answers on generic netlink: what is said of a link and of its module
 * (Documentation/networking/ethtool-netlink.rst).  Pure.
 */
#ifndef ERM_SOURCES_ETHTOOL_PARSE_H
#define ERM_SOURCES_ETHTOOL_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/obs.h"

/* What an answer holds; what it does not is 0. */
struct erm_ethtool_answer {
	int error;          /* the kernel refused: a negative errno, and nothing else holds */
	uint16_t family;    /* of a question for the family: its number */
	bool reads_modules; /* and whether it knows ETHTOOL_MSG_MODULE_EEPROM_GET */
	uint32_t ifindex;
	uint64_t speed_mbps;
	uint8_t link_state, link_substate; /* extended, 0 = none; substate 0 = none */
	const uint8_t *eeprom;             /* into what was parsed */
	size_t eeprom_len;
};

/*
 * Looks for the answer to question `seq` among the messages of one read.  1 = found,
 * 0 = not among them, -EBADMSG when it is not netlink or not well formed.
 */
int erm_ethtool_parse(const void *data, size_t len, uint32_t seq, struct erm_ethtool_answer *ret);

/* "no cable", "link training failed: remote fault"; "" when the kernel gives none. */
void erm_ethtool_link_text(uint8_t link_state, uint8_t link_substate, char ret[ERM_TEXT_MAX]);

#endif
