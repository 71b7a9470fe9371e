/*
 * What the three decoders share: numbers as modules write them.  Pure.
 */
#ifndef ERM_SOURCES_ETHTOOL_DECODE_H
#define ERM_SOURCES_ETHTOOL_DECODE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/obs.h"
#include "sources/ethtool/module.h"

uint16_t erm_module_u16(const uint8_t *at); /* the byte of more weight first */

/* A power in units of 0.1 uW, as 0.01 dBm.  0 and less is darkness; what is no number is none. */
int16_t erm_module_power(double tenth_uw);

/* High alarm, low alarm, high warning, low warning, in 0.1 uW; 0 = not set. */
struct erm_optics_limits erm_module_limits(const double tenth_uw[4]);
/* The same, of four numbers in a row as they are. */
struct erm_optics_limits erm_module_raw_limits(const uint8_t *at);

/* In 1/256 Celsius and 100 uV.  A module that has no voltage measures nothing. */
void erm_module_environment(struct erm_obs_optics *optics, double temperature, double voltage);

/*
 * Flags of lost signal are latched until they are read.  One that the light itself
 * contradicts tells of something past.
 */
bool erm_module_is_lost(const struct erm_obs_optics *optics, const struct erm_optics_lane *lane,
			bool is_latched);

/* How many lanes there are when those with a bit are not; all when none would be left. */
uint32_t erm_module_lanes(uint8_t absent, uint32_t n_max, uint8_t *ret_absent);

/* Vendor and part, 16 bytes each, padded with blanks; printable ASCII, '?' for the rest. */
void erm_module_name(struct erm_obs_optics *optics, const uint8_t *vendor, const uint8_t *part,
		     bool is_oma);

void erm_module_decode_sff8472(const struct erm_module_reader *reader, struct erm_obs_optics *ret);
void erm_module_decode_sff8636(const struct erm_module_reader *reader, struct erm_obs_optics *ret);
void erm_module_decode_cmis(const struct erm_module_reader *reader, struct erm_obs_optics *ret);

/* SFF-8472 only: it measures, and at an address that can be read. */
bool erm_module_has_monitor(const uint8_t *lower);

#endif
