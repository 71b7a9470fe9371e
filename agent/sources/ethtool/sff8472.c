/* SFF-8472: SFP.  Identification at address 50h, what is measured at 51h. */
#include <math.h>
#include <string.h>

#include "sources/ethtool/decode.h"

/* Address 50h */
#define CABLE        8
#define PASSIVE      0x04
#define VENDOR       20
#define PART         40
#define OPTIONS      65
#define LOS_INVERTED 0x04
#define LOS_PLAIN    0x02
#define MONITORING   92
#define IMPLEMENTED  0x40
#define EXTERNAL     0x10
#define AVERAGE      0x08
#define HIDDEN       0x04 /* the other address takes a sequence that no driver makes */
#define ENHANCED     93
#define LOS_READABLE 0x10

/* Address 51h */
#define TX_LIMITS      24
#define RX_LIMITS      32
#define RX_POLYNOMIAL  56 /* of the fourth degree, the highest power first */
#define BIAS_LINE      76 /* slope, offset */
#define TX_LINE        80
#define TEMP_LINE      84
#define VOLTAGE_LINE   88
#define TEMPERATURE    96
#define VOLTAGE        98
#define BIAS           100
#define TX_POWER       102
#define RX_POWER       104
#define STATUS         110
#define STATUS_LOS     0x02
#define STATUS_UNREADY 0x01

bool erm_module_has_monitor(const uint8_t *lower)
{
	return (lower[MONITORING] & IMPLEMENTED) && !(lower[MONITORING] & HIDDEN) &&
	       !(lower[CABLE] & PASSIVE);
}

static double float_at(const uint8_t *at)
{
	uint32_t bits =
		(uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
	float f;

	_Static_assert(sizeof(f) == sizeof(bits), "IEEE 754 single");
	memcpy(&f, &bits, sizeof(f));
	return (double)f;
}

/* Section 9.3: the module gives raw numbers, and how to calibrate them. */
static double line(const uint8_t *monitor, bool is_external, size_t at, double raw)
{
	double slope = erm_module_u16(monitor + at) / 256.0;
	double offset = (int16_t)erm_module_u16(monitor + at + 2);

	return is_external ? slope * raw + offset : raw;
}

static double received(const uint8_t *monitor, bool is_external, double raw)
{
	double sum = 0;

	if (!is_external)
		return raw;
	for (size_t i = 0; i < 5; i++)
		sum = sum * raw + float_at(monitor + RX_POLYNOMIAL + 4 * i);
	return sum;
}

static struct erm_optics_limits rx_limits(const uint8_t *monitor, bool is_external)
{
	double tenth_uw[4];

	for (size_t i = 0; i < 4; i++) {
		uint16_t raw = erm_module_u16(monitor + RX_LIMITS + 2 * i);

		tenth_uw[i] = raw > 0 ? received(monitor, is_external, raw) : 0;
	}
	return erm_module_limits(tenth_uw);
}

static struct erm_optics_limits tx_limits(const uint8_t *monitor, bool is_external)
{
	double tenth_uw[4];

	for (size_t i = 0; i < 4; i++) {
		uint16_t raw = erm_module_u16(monitor + TX_LIMITS + 2 * i);

		tenth_uw[i] = raw > 0 ? line(monitor, is_external, TX_LINE, raw) : 0;
	}
	return erm_module_limits(tenth_uw);
}

static bool is_lost(const uint8_t *lower, const uint8_t *monitor)
{
	bool is_inverted = (lower[OPTIONS] & LOS_INVERTED) && !(lower[OPTIONS] & LOS_PLAIN);
	bool is_high = monitor[STATUS] & STATUS_LOS;

	return (lower[ENHANCED] & LOS_READABLE) && is_high != is_inverted;
}

void erm_module_decode_sff8472(const struct erm_module_reader *reader, struct erm_obs_optics *ret)
{
	const uint8_t *lower = reader->pieces[ERM_PIECE_LOWER];
	const uint8_t *monitor = reader->pieces[ERM_PIECE_MONITOR];
	bool is_external = lower[MONITORING] & EXTERNAL;
	double bias;

	ret->has_light = reader->has[ERM_PIECE_MONITOR];
	erm_module_name(ret, lower + VENDOR, lower + PART,
			ret->has_light && !(lower[MONITORING] & AVERAGE));
	if (!ret->has_light)
		return;
	if (monitor[STATUS] & STATUS_UNREADY) {
		ret->is_known = false;
		return;
	}
	ret->n_lanes = 1;
	ret->lanes[0].rx_cdbm = erm_module_power(
		received(monitor, is_external, erm_module_u16(monitor + RX_POWER)));
	ret->lanes[0].tx_cdbm = erm_module_power(
		line(monitor, is_external, TX_LINE, erm_module_u16(monitor + TX_POWER)));
	bias = 2 * line(monitor, is_external, BIAS_LINE, erm_module_u16(monitor + BIAS));
	ret->lanes[0].bias_ua = (uint32_t)lround(fmax(bias, 0));
	ret->lanes[0].is_los = is_lost(lower, monitor);
	ret->rx = rx_limits(monitor, is_external);
	ret->tx = tx_limits(monitor, is_external);
	erm_module_environment(ret,
			       line(monitor, is_external, TEMP_LINE,
				    (int16_t)erm_module_u16(monitor + TEMPERATURE)),
			       line(monitor, is_external, VOLTAGE_LINE,
				    erm_module_u16(monitor + VOLTAGE)));
}
