/* The memory of module_pages.h. */
#include "module_pages.h"

#include <string.h>

#define RX_RAW   5012 /* -3.0 dBm */
#define TX_RAW   6310 /* -2.0 dBm */
#define BIAS_RAW 3000 /* 6 mA */

void pages_put16(uint8_t *half, unsigned int offset, unsigned int value)
{
	half[offset % 128] = (uint8_t)(value >> 8);
	half[offset % 128 + 1] = (uint8_t)value;
}

void pages_put_text(uint8_t *half, unsigned int offset, const char *text)
{
	memset(half + offset % 128, ' ', 16);
	memcpy(half + offset % 128, text, strnlen(text, 16));
}

void pages_put_float(uint8_t *half, unsigned int offset, float value)
{
	uint32_t bits;

	memcpy(&bits, &value, sizeof(bits));
	pages_put16(half, offset, bits >> 16);
	pages_put16(half, offset + 2, bits & 0xffff);
}

/* High alarm +2, low alarm -14, high warning +1, low warning -12 dBm. */
static void put_limits(uint8_t *half, unsigned int offset)
{
	pages_put16(half, offset, 15849);
	pages_put16(half, offset + 2, 398);
	pages_put16(half, offset + 4, 12589);
	pages_put16(half, offset + 6, 631);
}

void pages_make_sfp(struct module_pages *m)
{
	memset(m, 0, sizeof(*m));
	m->lower[0] = 0x03;
	pages_put_text(m->lower, 20, "ACME OPTICS");
	pages_put_text(m->lower, 40, "LR-10");
	m->lower[65] = 0x02;               /* it has Rx LOS */
	m->lower[92] = 0x40 | 0x20 | 0x08; /* diagnostics, calibrated inside, average power */
	m->lower[93] = 0x10;               /* Rx LOS can be read */
	put_limits(m->monitor, 24);
	put_limits(m->monitor, 32);
	pages_put16(m->monitor, 96, 0x1980);
	pages_put16(m->monitor, 98, 33000);
	pages_put16(m->monitor, 100, BIAS_RAW);
	pages_put16(m->monitor, 102, TX_RAW);
	pages_put16(m->monitor, 104, RX_RAW);
}

void pages_make_qsfp(struct module_pages *m)
{
	memset(m, 0, sizeof(*m));
	m->lower[0] = 0x11;
	pages_put16(m->lower, 22, 0x1980);
	pages_put16(m->lower, 26, 33000);
	for (unsigned int i = 0; i < 4; i++) {
		pages_put16(m->lower, 34 + 2 * i, RX_RAW);
		pages_put16(m->lower, 42 + 2 * i, BIAS_RAW);
		pages_put16(m->lower, 50 + 2 * i, TX_RAW);
	}
	m->pages[0][0] = 0x11;
	m->pages[0][147 - 128] = 0x40; /* 1310 nm DFB */
	pages_put_text(m->pages[0], 148, "ACME OPTICS");
	pages_put_text(m->pages[0], 168, "LR4-100");
	m->pages[0][220 - 128] = 0x08 | 0x04; /* average received, and transmitted power */
	put_limits(m->pages[3], 176);
	put_limits(m->pages[3], 192);
}

void pages_make_cmis(struct module_pages *m)
{
	memset(m, 0, sizeof(*m));
	m->lower[0] = 0x18;
	m->lower[3] = 3 << 1; /* ready */
	pages_put16(m->lower, 14, 0x1980);
	pages_put16(m->lower, 16, 33000);
	pages_put_text(m->pages[0], 129, "ACME OPTICS");
	pages_put_text(m->pages[0], 148, "LR8-400");
	m->pages[0][212 - 128] = 0x06; /* 1310 nm EML */
	m->pages[1][151 - 128] = 0x10; /* average power */
	m->pages[1][158 - 128] = 0x02; /* has the flag of lost signal */
	m->pages[1][159 - 128] = 0x03;
	m->pages[1][160 - 128] = 0x07 | 1 << 3; /* bias times 2 */
	put_limits(m->pages[2], 176);
	put_limits(m->pages[2], 192);
	for (unsigned int i = 0; i < 8; i++) {
		pages_put16(m->pages[0x11], 154 + 2 * i, TX_RAW);
		pages_put16(m->pages[0x11], 170 + 2 * i, BIAS_RAW);
		pages_put16(m->pages[0x11], 186 + 2 * i, RX_RAW);
	}
}

const uint8_t *pages_answer(const struct module_pages *m, const struct erm_module_request *request)
{
	if (request->length != 128 || request->bank != 0)
		return NULL;
	if (request->i2c_address == 0x51)
		return request->page == 0 && request->offset == 0 ? m->monitor : NULL;
	if (request->i2c_address != 0x50)
		return NULL;
	if (request->offset == 0)
		return request->page == 0 ? m->lower : NULL;
	if (request->offset != 128 || request->page >= sizeof(m->pages) / sizeof(m->pages[0]))
		return NULL;
	return m->pages[request->page];
}

int pages_read(const struct module_pages *m, struct erm_module_reader *reader)
{
	struct erm_module_request request;
	int r = 0;

	erm_module_reader_init(reader);
	while (r == 0 && erm_module_reader_next(reader, &request)) {
		const uint8_t *half = pages_answer(m, &request);

		r = half ? erm_module_reader_take(reader, half, 128) : -1;
	}
	return r;
}
