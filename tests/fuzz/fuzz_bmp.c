/*
 * A BMP stream: byte 0 says how the rest is cut.  Cut or whole it says the same, and what is
 * told of sessions is in range and printable.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sources/bmp/census.h"
#include "sources/bmp/claims.h"
#include "sources/bmp/parse.h"

#define N_SESSIONS 3
#define MAX_PEERS  8

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct reading {
	struct erm_bmp_stream stream;
	struct erm_bmp_claims claims;
	struct erm_bmp_census census;
	usec_t now;   /* a message is a tick */
	uint64_t sum; /* of all that was told */
	int result;   /* the error the stream ended in */
};

static void check_text(const char *text)
{
	size_t len = strnlen(text, ERM_TEXT_MAX);

	if (len == ERM_TEXT_MAX)
		abort();
	for (size_t i = 0; i < len; i++)
		if (text[i] < ' ' || text[i] > '~' || strchr("\"'`;$\\|", text[i]))
			abort();
}

static void on_tell(void *userdata, const struct erm_obs_session *session)
{
	struct reading *reading = userdata;

	check_text(session->reset_text);
	if (session->session >= N_SESSIONS ||
	    (session->bgp != ERM_BGP_ESTABLISHED && session->bgp != ERM_BGP_IDLE &&
	     !session->is_withdrawn))
		abort();
	if (session->has_reset &&
	    (session->reset_cause < ERM_CAUSE_NONE || session->reset_cause >= ERM_CAUSE_MAX ||
	     session->bgp != ERM_BGP_IDLE || session->reset_text[0] == '\0'))
		abort();
	if (session->is_withdrawn && (session->is_configured || session->has_reset))
		abort();
	reading->sum = reading->sum * 31 + session->session + 1;
	reading->sum = reading->sum * 31 + session->bgp + session->error_code;
	reading->sum = reading->sum * 31 + session->prefixes_received;
}

static struct erm_config *config_new(void)
{
	static const char *const neighbors[N_SESSIONS] = { "192.0.2.1", "2001:db8::1",
							   "192.0.2.5" };
	struct erm_config *config = erm_config_new();

	if (!config)
		abort();
	config->sources = calloc(1, sizeof(*config->sources));
	config->sessions = calloc(N_SESSIONS, sizeof(*config->sessions));
	if (!config->sources || !config->sessions)
		abort();
	config->n_sources = 1;
	config->n_sessions = N_SESSIONS;
	for (uint32_t i = 0; i < N_SESSIONS; i++) {
		if (erm_addr_parse(neighbors[i], &config->sessions[i].neighbor) < 0 ||
		    erm_session_add_source(config, i, 0) < 0)
			abort();
		config->sessions[i].family = i == 1 ? ERM_FAMILY_IPV6 : ERM_FAMILY_IPV4;
	}
	if (erm_addr_parse("192.0.2.6", &config->sessions[2].local_address) < 0)
		abort();
	return config;
}

static void take_message(struct reading *reading)
{
	struct erm_bmp_message message;

	reading->result = erm_bmp_message_parse(&reading->stream, &message);
	if (reading->result < 0)
		return;
	check_text(message.name);
	check_text(message.words);
	check_text(erm_bmp_termination_text(&message));
	reading->sum = reading->sum * 31 + message.type;
	(void)erm_bmp_census_add(&reading->census, &message.peer, MAX_PEERS);
	if (reading->census.n > MAX_PEERS)
		abort();
	(void)erm_bmp_claims_take(&reading->claims, 1, &message, ++reading->now, on_tell, reading);
	if (reading->now % 7 == 0)
		(void)erm_bmp_claims_withdraw_quiet(&reading->claims, 1, reading->now - 3, on_tell,
						    reading);
}

/* Chunks are copied, so that a read past the end of one is seen. */
static void feed(struct reading *reading, const uint8_t *data, size_t len)
{
	uint8_t *copy = malloc(len);
	const uint8_t *at = copy;
	int r = 0;

	if (!copy)
		abort();
	memcpy(copy, data, len);
	while (reading->result == 0 && (r = erm_bmp_stream_take(&reading->stream, &at, &len)) == 1)
		take_message(reading);
	if (r < 0)
		reading->result = r;
	else if (reading->result == 0 && len != 0)
		abort();
	free(copy);
}

static void read_all(struct reading *reading, const struct erm_config *config, const uint8_t *data,
		     size_t size, size_t step)
{
	bool has_new = false;

	if (erm_bmp_claims_make(config, 0, NULL, &reading->claims, &has_new) < 0)
		abort();
	for (size_t at = 0; at < size && reading->result == 0; at += step)
		feed(reading, data + at, size - at < step ? size - at : step);
	(void)erm_bmp_claims_withdraw(&reading->claims, 1, 1, on_tell, reading);
	erm_bmp_claims_done(&reading->claims);
	erm_bmp_census_done(&reading->census);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct reading cut = { 0 }, whole = { 0 };
	struct erm_config *config = NULL;

	if (size < 2 || size > 262144)
		return 0;
	config = config_new();
	read_all(&cut, config, data + 1, size - 1, 1 + data[0] % 64);
	read_all(&whole, config, data + 1, size - 1, size - 1);
	if (cut.sum != whole.sum || cut.result != whole.result)
		abort();
	erm_config_unref(config);
	return 0;
}
