#include "sources/ethtool/module.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "sources/ethtool/decode.h"

#define ADDRESS_MODULE  0x50
#define ADDRESS_MONITOR 0x51 /* SFF-8472 calls it A2h, counting the bit for reading */
#define FLAT_SFF8636    0x04
#define FLAT_CMIS       0x80

static enum erm_module_standard standard_of(uint8_t identifier)
{
	switch (identifier) {
	case 0x02: /* soldered down, else an SFP */
	case 0x03: /* SFP, SFP+, SFP28 */
	case 0x0b: /* DWDM-SFP */
		return ERM_MODULE_SFF8472;
	case 0x0c: /* QSFP */
	case 0x0d: /* QSFP+ */
	case 0x11: /* QSFP28 */
		return ERM_MODULE_SFF8636;
	case 0x18: /* QSFP-DD */
	case 0x19: /* OSFP */
	case 0x1b: /* DSFP */
	case 0x1e: /* QSFP with CMIS */
	case 0x1f: /* SFP-DD with CMIS */
	case 0x20: /* SFP with CMIS */
		return ERM_MODULE_CMIS;
	default:
		return ERM_MODULE_UNKNOWN;
	}
}

static bool wants_sff8636(const uint8_t *lower, enum erm_module_piece piece)
{
	if (piece == ERM_PIECE_UPPER)
		return true;
	return piece == ERM_PIECE_THRESHOLDS && !(lower[2] & FLAT_SFF8636);
}

static bool wants(const struct erm_module_reader *reader, enum erm_module_piece piece)
{
	const uint8_t *lower = reader->pieces[ERM_PIECE_LOWER];

	if (piece == ERM_PIECE_LOWER)
		return true;
	switch (reader->standard) {
	case ERM_MODULE_UNKNOWN:
		return false;
	case ERM_MODULE_SFF8472:
		return piece == ERM_PIECE_MONITOR && erm_module_has_monitor(lower);
	case ERM_MODULE_SFF8636:
		return wants_sff8636(lower, piece);
	case ERM_MODULE_CMIS:
		return piece == ERM_PIECE_UPPER || !(lower[2] & FLAT_CMIS);
	}
	return false;
}

static void advance(struct erm_module_reader *reader)
{
	do
		reader->next++;
	while (reader->next < ERM_PIECE_MAX && !wants(reader, reader->next));
}

void erm_module_reader_init(struct erm_module_reader *reader)
{
	memset(reader, 0, sizeof(*reader));
}

bool erm_module_reader_next(const struct erm_module_reader *reader, struct erm_module_request *ret)
{
	struct erm_module_request request = {
		.i2c_address = ADDRESS_MODULE,
		.offset = ERM_MODULE_PIECE_BYTES,
		.length = ERM_MODULE_PIECE_BYTES,
	};
	bool is_cmis = reader->standard == ERM_MODULE_CMIS;

	switch (reader->next) {
	case ERM_PIECE_LOWER:
		request.offset = 0;
		break;
	case ERM_PIECE_UPPER:
		break;
	case ERM_PIECE_MONITOR:
		if (is_cmis) {
			request.page = 0x11;
		} else {
			request.i2c_address = ADDRESS_MONITOR;
			request.offset = 0;
		}
		break;
	case ERM_PIECE_ADVERTISED:
		request.page = 0x01;
		break;
	case ERM_PIECE_THRESHOLDS:
		request.page = is_cmis ? 0x02 : 0x03;
		break;
	case ERM_PIECE_MAX:
		return false;
	}
	*ret = request;
	return true;
}

int erm_module_reader_take(struct erm_module_reader *reader, const uint8_t *data, size_t len)
{
	if (reader->next >= ERM_PIECE_MAX)
		return -EBADMSG;
	if (len < ERM_MODULE_PIECE_BYTES)
		return -EBADMSG;
	memcpy(reader->pieces[reader->next], data, ERM_MODULE_PIECE_BYTES);
	reader->has[reader->next] = true;
	if (reader->next == ERM_PIECE_LOWER)
		reader->standard = standard_of(data[0]);
	advance(reader);
	return 0;
}

int erm_module_reader_fail(struct erm_module_reader *reader, int error)
{
	/* A driver that knows fewer pages than the module has, and not one that failed to read. */
	bool is_lacking = error == -EINVAL || error == -EOPNOTSUPP;

	if (!is_lacking)
		return error;
	if (reader->next != ERM_PIECE_UPPER && reader->next != ERM_PIECE_THRESHOLDS)
		return error;
	advance(reader);
	return 0;
}

void erm_module_reader_decode(const struct erm_module_reader *reader, struct erm_obs_optics *ret)
{
	const struct erm_optics_limits none = { ERM_NO_POWER, ERM_NO_POWER, ERM_NO_POWER,
						ERM_NO_POWER };

	ret->is_known = reader->has[ERM_PIECE_LOWER] && reader->next == ERM_PIECE_MAX;
	ret->has_light = false;
	ret->n_lanes = 0;
	ret->rx = none;
	ret->tx = none;
	ret->has_temperature = false;
	ret->has_voltage = false;
	ret->temperature_mc = 0;
	ret->voltage_mv = 0;
	memset(ret->module_text, 0, sizeof(ret->module_text));
	for (uint32_t i = 0; i < ERM_OPTICS_LANES_MAX; i++)
		ret->lanes[i] = (struct erm_optics_lane){ ERM_NO_POWER, ERM_NO_POWER, 0, false };
	if (!ret->is_known)
		return;
	switch (reader->standard) {
	case ERM_MODULE_UNKNOWN:
		(void)snprintf(ret->module_text, sizeof(ret->module_text),
			       "unknown identifier 0x%02x", reader->pieces[ERM_PIECE_LOWER][0]);
		break;
	case ERM_MODULE_SFF8472:
		erm_module_decode_sff8472(reader, ret);
		break;
	case ERM_MODULE_SFF8636:
		erm_module_decode_sff8636(reader, ret);
		break;
	case ERM_MODULE_CMIS:
		erm_module_decode_cmis(reader, ret);
		break;
	}
}
