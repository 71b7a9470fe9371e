#include "sources/ethtool/decode.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define NAME_BYTES    16
#define POWER_MAX     1e8 /* 10 W, in 0.1 uW: above is nonsense, and must not leave int16_t */
#define PAST_LOS_CDBM (-2000)

uint16_t erm_module_u16(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

int16_t erm_module_power(double tenth_uw)
{
	if (isnan(tenth_uw))
		return ERM_NO_POWER;
	/* Less than a unit is what no module can write: darkness, as a plain 0 is. */
	if (tenth_uw < 1)
		return ERM_DARK_CDBM;
	return (int16_t)lround(1000 * log10(fmin(tenth_uw, POWER_MAX) / 10000));
}

static int16_t limit_of(double tenth_uw)
{
	if (tenth_uw > 0)
		return erm_module_power(tenth_uw);
	return ERM_NO_POWER;
}

struct erm_optics_limits erm_module_limits(const double tenth_uw[4])
{
	return (struct erm_optics_limits){
		.high_alarm = limit_of(tenth_uw[0]),
		.low_alarm = limit_of(tenth_uw[1]),
		.high_warning = limit_of(tenth_uw[2]),
		.low_warning = limit_of(tenth_uw[3]),
	};
}

struct erm_optics_limits erm_module_raw_limits(const uint8_t *at)
{
	double tenth_uw[4];

	for (int i = 0; i < 4; i++)
		tenth_uw[i] = erm_module_u16(at + (ptrdiff_t)2 * i);
	return erm_module_limits(tenth_uw);
}

void erm_module_environment(struct erm_obs_optics *optics, double temperature, double voltage)
{
	if (voltage < 1)
		return;
	optics->has_voltage = true;
	optics->voltage_mv = (uint32_t)lround(voltage / 10);
	optics->has_temperature = true;
	optics->temperature_mc = (int32_t)lround(temperature * 1000 / 256);
}

bool erm_module_is_lost(const struct erm_obs_optics *optics, const struct erm_optics_lane *lane,
			bool is_latched)
{
	int16_t floor_cdbm = optics->rx.low_warning;

	if (floor_cdbm == ERM_NO_POWER)
		floor_cdbm = optics->rx.low_alarm;
	if (floor_cdbm == ERM_NO_POWER)
		floor_cdbm = PAST_LOS_CDBM;
	return is_latched && (lane->rx_cdbm == ERM_NO_POWER || lane->rx_cdbm < floor_cdbm);
}

uint32_t erm_module_lanes(uint8_t absent, uint32_t n_max, uint8_t *ret_absent)
{
	uint8_t all = (uint8_t)((1U << n_max) - 1);
	uint32_t n = n_max;

	absent &= all;
	if (absent == all)
		absent = 0;
	while (absent & (1U << (n - 1)))
		n--;
	*ret_absent = absent;
	return n;
}

static size_t copy_name(char *to, const uint8_t *from)
{
	size_t len = NAME_BYTES;

	while (len > 0 && (from[len - 1] == ' ' || from[len - 1] == '\0'))
		len--;
	memcpy(to, from, len);
	for (size_t i = 0; i < len; i++) {
		if (from[i] < 0x20 || from[i] > 0x7e)
			to[i] = '?';
	}
	to[len] = '\0';
	return len;
}

void erm_module_name(struct erm_obs_optics *optics, const uint8_t *vendor, const uint8_t *part,
		     bool is_oma)
{
	char vendor_text[NAME_BYTES + 1];
	char part_text[NAME_BYTES + 1];
	bool has_vendor = copy_name(vendor_text, vendor) > 0;
	bool has_part = copy_name(part_text, part) > 0;

	(void)snprintf(optics->module_text, sizeof(optics->module_text), "%s%s%s%s", vendor_text,
		       has_vendor && has_part ? " " : "", part_text,
		       is_oma && (has_vendor || has_part) ? " (OMA)" : "");
}
