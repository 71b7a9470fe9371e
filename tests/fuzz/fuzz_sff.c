/*
 * A module's memory: each piece that is asked for is the next 128 octets, and where they
 * end, or where the first octet of the input says so, the piece cannot be read.  First
 * octet: bits 0 to 4 the pieces that fail, bit 5 with -EIO.
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "core/optics.h"
#include "sources/ethtool/module.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool is_true)
{
	if (!is_true)
		abort();
}

static void check_power(int16_t cdbm)
{
	require(cdbm == ERM_NO_POWER || (cdbm >= ERM_DARK_CDBM && cdbm <= 4000));
}

static void check_limits(const struct erm_optics_limits *limits)
{
	check_power(limits->low_alarm);
	check_power(limits->low_warning);
	check_power(limits->high_warning);
	check_power(limits->high_alarm);
}

static void check(const struct erm_obs_optics *optics)
{
	require(optics->n_lanes <= ERM_OPTICS_LANES_MAX);
	require(memchr(optics->module_text, '\0', sizeof(optics->module_text)));
	for (const char *c = optics->module_text; *c; c++)
		require(*c >= 0x20 && *c < 0x7f);
	for (uint32_t i = 0; i < optics->n_lanes; i++) {
		check_power(optics->lanes[i].rx_cdbm);
		check_power(optics->lanes[i].tx_cdbm);
	}
	check_limits(&optics->rx);
	check_limits(&optics->tx);
}

/* Judged as the core does, which must bear all a module can say. */
static void judge(const struct erm_obs_optics *optics)
{
	struct erm_light light = { 0 };

	for (usec_t hour = 0; hour < 30; hour++)
		erm_light_note(&light, optics, hour * 3600 * ERM_USEC_PER_SEC);
	(void)erm_light_is_out(&light, optics, -1000, 0, 7);
	require(!erm_light_is_out(&light, optics, ERM_NO_POWER, ERM_NO_POWER, 0) ||
		optics->has_light);
	require(erm_light_slope(&light) == 0); /* it was the same all the time */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct erm_module_reader reader;
	struct erm_module_request request;
	struct erm_obs_optics optics;
	uint8_t how;

	if (size == 0)
		return 0;
	how = data[0];
	data++;
	size--;
	memset(&optics, 0x55, sizeof(optics));
	erm_module_reader_init(&reader);
	for (unsigned int i = 0; erm_module_reader_next(&reader, &request); i++) {
		_cleanup_free_ uint8_t *piece = NULL;
		size_t len = size < request.length ? size : request.length;
		int r;

		require(i < ERM_PIECE_MAX);
		if (how & 1U << i) {
			r = erm_module_reader_fail(&reader, how & 0x20 ? -EIO : -EINVAL);
		} else {
			piece = malloc(len + !len); /* exact: ASan sees an overread */
			require(piece);
			memcpy(piece, data, len);
			r = erm_module_reader_take(&reader, piece, len);
			data += len;
			size -= len;
		}
		if (r < 0)
			break;
	}
	erm_module_reader_decode(&reader, &optics);
	check(&optics);
	if (optics.is_known)
		judge(&optics);
	return 0;
}
