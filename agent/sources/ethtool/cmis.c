/*
 * CMIS: QSFP-DD, OSFP and younger.  A flat memory has no lanes to tell.  Of more than 8
 * lanes the first bank is read, and no other.
 */
#include "sources/ethtool/decode.h"

#define LANES 8

/* The lower half */
#define STATE       3
#define STATE_MASK  0x0e
#define STATE_READY (3 << 1)
#define TEMPERATURE 14
#define VOLTAGE     16

/* Pages begin at 128.  00h */
#define VENDOR      (129 - 128)
#define PART        (148 - 128)
#define LANE_ABSENT (210 - 128)
#define TECHNOLOGY  (212 - 128)
#define COPPER      0x0a /* and above, up to COPPER_LAST */
#define COPPER_LAST 0x0f

/* 01h */
#define CHARACTER  (151 - 128)
#define RX_AVERAGE 0x10
#define FLAGS      (158 - 128)
#define FLAG_LOS   0x02
#define MODULE     (159 - 128)
#define MODULE_VCC 0x02
#define MONITORS   (160 - 128)
#define BIAS_SHIFT 3
#define HAS_RX     0x04
#define HAS_TX     0x02
#define HAS_BIAS   0x01

/* 02h */
#define TX_LIMITS (176 - 128)
#define RX_LIMITS (192 - 128)

/* 11h */
#define LOS      (147 - 128) /* received, latched */
#define TX_POWER (154 - 128)
#define BIAS     (170 - 128)
#define RX_POWER (186 - 128)

static void decode_lanes(const struct erm_module_reader *reader, struct erm_obs_optics *ret)
{
	const uint8_t *advertised = reader->pieces[ERM_PIECE_ADVERTISED];
	const uint8_t *monitor = reader->pieces[ERM_PIECE_MONITOR];
	uint8_t can = advertised[MONITORS];
	uint8_t los = advertised[FLAGS] & FLAG_LOS ? monitor[LOS] : 0;
	uint8_t absent = 0;
	/* Of the four multipliers the last is reserved: no number rather than a wrong one. */
	uint32_t shift = can >> BIAS_SHIFT & 3U;
	bool has_bias = (can & HAS_BIAS) && shift < 3;

	if (reader->has[ERM_PIECE_UPPER])
		absent = reader->pieces[ERM_PIECE_UPPER][LANE_ABSENT];
	ret->n_lanes = erm_module_lanes(absent, LANES, &absent);
	for (uint32_t i = 0; i < ret->n_lanes; i++) {
		struct erm_optics_lane *lane = &ret->lanes[i];
		const uint8_t *at = monitor + (size_t)2 * i;

		if (absent & (1U << i))
			continue;
		if (can & HAS_RX)
			lane->rx_cdbm = erm_module_power(erm_module_u16(at + RX_POWER));
		if (can & HAS_TX)
			lane->tx_cdbm = erm_module_power(erm_module_u16(at + TX_POWER));
		if (has_bias)
			lane->bias_ua = (2U * erm_module_u16(at + BIAS)) << shift;
		lane->is_los = erm_module_is_lost(ret, lane, los & (1U << i));
	}
}

static bool is_copper(const struct erm_module_reader *reader)
{
	uint8_t technology = reader->pieces[ERM_PIECE_UPPER][TECHNOLOGY];

	return reader->has[ERM_PIECE_UPPER] && technology >= COPPER && technology <= COPPER_LAST;
}

void erm_module_decode_cmis(const struct erm_module_reader *reader, struct erm_obs_optics *ret)
{
	const uint8_t *lower = reader->pieces[ERM_PIECE_LOWER];
	const uint8_t *upper = reader->pieces[ERM_PIECE_UPPER];
	const uint8_t *advertised = reader->pieces[ERM_PIECE_ADVERTISED];
	const uint8_t *thresholds = reader->pieces[ERM_PIECE_THRESHOLDS];
	bool has_lanes = reader->has[ERM_PIECE_MONITOR] && reader->has[ERM_PIECE_ADVERTISED];

	ret->has_light =
		has_lanes && !is_copper(reader) && (advertised[MONITORS] & (HAS_RX | HAS_TX));
	if (reader->has[ERM_PIECE_UPPER])
		erm_module_name(ret, upper + VENDOR, upper + PART,
				ret->has_light && !(advertised[CHARACTER] & RX_AVERAGE));
	if (!ret->has_light)
		return;
	/* In low power it is neither lit nor measuring. */
	if ((lower[STATE] & STATE_MASK) != STATE_READY) {
		ret->is_known = false;
		return;
	}
	if (reader->has[ERM_PIECE_THRESHOLDS]) {
		ret->rx = erm_module_raw_limits(thresholds + RX_LIMITS);
		ret->tx = erm_module_raw_limits(thresholds + TX_LIMITS);
	}
	decode_lanes(reader, ret);
	erm_module_environment(ret, (int16_t)erm_module_u16(lower + TEMPERATURE),
			       advertised[MODULE] & MODULE_VCC ? erm_module_u16(lower + VOLTAGE)
							       : 0);
}
