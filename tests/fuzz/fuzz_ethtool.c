/* Generic netlink: any datagram as an answer, to the question that its first message names. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "sources/ethtool/parse.h"

#define SEQ_AT 8 /* in a netlink header */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_free_ uint8_t *input = malloc(size + !size); /* exact: ASan sees an overread */
	struct erm_ethtool_answer answer = { 0 };
	char text[ERM_TEXT_MAX];
	uint32_t seq = 0;
	uint8_t sum = 0;
	int r;

	if (!input)
		abort();
	memcpy(input, data, size);
	if (size >= SEQ_AT + sizeof(seq))
		memcpy(&seq, input + SEQ_AT, sizeof(seq));
	r = erm_ethtool_parse(input, size, seq, &answer);
	if (r > 1)
		abort();
	if (r < 0)
		return 0;
	if (answer.error > 0 || answer.speed_mbps > INT32_MAX)
		abort();
	for (size_t i = 0; i < answer.eeprom_len; i++)
		sum ^= answer.eeprom[i];
	erm_ethtool_link_text(answer.link_state, answer.link_substate, text);
	if (!memchr(text, '\0', sizeof(text)))
		abort();
	/* Used, or the compiler leaves the reading out. */
	__asm__ volatile("" : : "r"(sum));
	return 0;
}
