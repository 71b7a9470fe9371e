/* SFF-8636: QSFP.  What is measured is in the lower half, so that a flat memory has it too. */
#include "sources/ethtool/decode.h"

#define LANES 4

/* The lower half */
#define STATUS         2
#define STATUS_UNREADY 0x01
#define LOS            3 /* bits 0 to 3: received, latched */
#define TEMPERATURE    22
#define VOLTAGE        26
#define RX_POWER       34
#define BIAS           42
#define TX_POWER       50
#define NEAR_END       113 /* bits 0 to 3: lanes that are not there */

/* Pages 00h and 03h begin at 128. */
#define TECHNOLOGY   (147 - 128)
#define COPPER       0xa0 /* and above */
#define VENDOR       (148 - 128)
#define PART         (168 - 128)
#define MONITORING   (220 - 128)
#define RX_AVERAGE   0x08
#define TX_SUPPORTED 0x04
#define RX_LIMITS    (176 - 128)
#define TX_LIMITS    (192 - 128)

static bool has_transmitted(const struct erm_module_reader *reader, uint16_t raw)
{
	if (reader->has[ERM_PIECE_UPPER])
		return reader->pieces[ERM_PIECE_UPPER][MONITORING] & TX_SUPPORTED;
	return raw > 0;
}

static void decode_lanes(const struct erm_module_reader *reader, struct erm_obs_optics *ret)
{
	const uint8_t *lower = reader->pieces[ERM_PIECE_LOWER];
	uint8_t absent = 0;

	ret->n_lanes = erm_module_lanes(lower[NEAR_END], LANES, &absent);
	for (uint32_t i = 0; i < ret->n_lanes; i++) {
		struct erm_optics_lane *lane = &ret->lanes[i];
		const uint8_t *at = lower + (size_t)2 * i;
		uint16_t tx = erm_module_u16(at + TX_POWER);

		if (absent & (1U << i))
			continue;
		lane->rx_cdbm = erm_module_power(erm_module_u16(at + RX_POWER));
		if (has_transmitted(reader, tx))
			lane->tx_cdbm = erm_module_power(tx);
		lane->bias_ua = 2U * erm_module_u16(at + BIAS);
		lane->is_los = erm_module_is_lost(ret, lane, lower[LOS] & (1U << i));
	}
}

void erm_module_decode_sff8636(const struct erm_module_reader *reader, struct erm_obs_optics *ret)
{
	const uint8_t *lower = reader->pieces[ERM_PIECE_LOWER];
	const uint8_t *upper = reader->pieces[ERM_PIECE_UPPER];
	const uint8_t *thresholds = reader->pieces[ERM_PIECE_THRESHOLDS];
	bool has_upper = reader->has[ERM_PIECE_UPPER];

	if (lower[STATUS] & STATUS_UNREADY) {
		ret->is_known = false;
		return;
	}
	ret->has_light = !has_upper || upper[TECHNOLOGY] < COPPER;
	if (has_upper)
		erm_module_name(ret, upper + VENDOR, upper + PART,
				ret->has_light && !(upper[MONITORING] & RX_AVERAGE));
	if (!ret->has_light)
		return;
	if (reader->has[ERM_PIECE_THRESHOLDS]) {
		ret->rx = erm_module_raw_limits(thresholds + RX_LIMITS);
		ret->tx = erm_module_raw_limits(thresholds + TX_LIMITS);
	}
	decode_lanes(reader, ret);
	erm_module_environment(ret, (int16_t)erm_module_u16(lower + TEMPERATURE),
			       erm_module_u16(lower + VOLTAGE));
}
