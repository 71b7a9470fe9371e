/*
 * Reads the memory of a pluggable module piece by piece: says which piece is wanted,
 * takes it, and in the end tells the light.  Pure: who reads, and how, is not known
 * here.  SFF-8024 (identifiers), SFF-8472, SFF-8636, CMIS 5.
 */
#ifndef ERM_SOURCES_ETHTOOL_MODULE_H
#define ERM_SOURCES_ETHTOOL_MODULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/obs.h"

#define ERM_MODULE_PIECE_BYTES 128

/* The kernel gives half a page at a time, and no more: net/ethtool/eeprom.c. */
struct erm_module_request {
	uint8_t i2c_address, page, bank;
	uint8_t offset; /* 0 = the lower half, 128 = the upper one */
	uint8_t length;
};

enum erm_module_standard {
	ERM_MODULE_UNKNOWN, /* no identifier yet, or none we know */
	ERM_MODULE_SFF8472, /* SFP */
	ERM_MODULE_SFF8636, /* QSFP */
	ERM_MODULE_CMIS,    /* QSFP-DD, OSFP, and whatever follows */
};

enum erm_module_piece {
	ERM_PIECE_LOWER,      /* every module: what it is */
	ERM_PIECE_UPPER,      /* SFF-8636, CMIS: page 00h, vendor and part */
	ERM_PIECE_MONITOR,    /* SFF-8472: all of address 51h; CMIS: page 11h, the first 8 lanes */
	ERM_PIECE_ADVERTISED, /* CMIS: page 01h, what it can measure */
	ERM_PIECE_THRESHOLDS, /* SFF-8636: page 03h; CMIS: page 02h */
	ERM_PIECE_MAX
};

struct erm_module_reader {
	enum erm_module_standard standard;
	enum erm_module_piece next; /* ERM_PIECE_MAX = nothing is wanted any more */
	bool has[ERM_PIECE_MAX];
	uint8_t pieces[ERM_PIECE_MAX][ERM_MODULE_PIECE_BYTES];
};

void erm_module_reader_init(struct erm_module_reader *reader);

/* What to read next; false = all that matters is there. */
bool erm_module_reader_next(const struct erm_module_reader *reader, struct erm_module_request *ret);

/* The piece asked for.  -EBADMSG when it is short: the reading is void. */
int erm_module_reader_take(struct erm_module_reader *reader, const uint8_t *data, size_t len);

/*
 * The piece asked for could not be read, for this negative errno.  0 when the driver
 * has no such piece and the light can be told without it; else the error, and the
 * reading is void.
 */
int erm_module_reader_fail(struct erm_module_reader *reader, int error);

/*
 * Fills what the module tells (from is_known on; the rest is left alone).  A module
 * that is not ready is not known; one without diagnostics has no light.
 */
void erm_module_reader_decode(const struct erm_module_reader *reader, struct erm_obs_optics *ret);

#endif
