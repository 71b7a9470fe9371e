#include "ctl/words.h"

#include <string.h>

#include "base/cleanup.h"

static const struct {
	const char *word, *phrase;
} causes[] = {
	{ "none", "" },
	{ "collector-lost", "its source is not heard" },
	{ "no-data-yet", "no data yet" },
	{ "remote-agent", "the partner agent is silent" },
	{ "interface-admin", "interface set down on this host" },
	{ "interface-absent", "no such interface on this host" },
	{ "no-carrier", "no carrier" },
	{ "lower-layer-down", "carrier, but not operational" },
	{ "not-configured", "the router does not know this neighbour" },
	{ "local-shutdown", "shut down in the own router" },
	{ "admin-shutdown", "shut down by the peer" },
	{ "prefix-limit", "too many prefixes advertised, the peer closed" },
	{ "peer-cease", "closed by the peer (Cease)" },
	{ "bfd-down", "BFD went down" },
	{ "hold-expired", "BGP hold time expired" },
	{ "wrong-as", "wrong AS number" },
	{ "peer-closed", "closed by the peer" },
	{ "never-established", "never established" },
	{ "transport", "no TCP connection (VLAN, address, MD5 key, filter?)" },
	{ "not-established", "BGP not established" },
	{ "no-prefixes", "too few prefixes received" },
	{ "bfd-absent", "BFD expected, but absent" },
	{ "prefix-threshold", "prefixes near the limit" },
	{ "flapping", "flapping" },
	{ "neighbor-unresolved", "no answer to ARP or neighbour discovery" },
	{ "optical", "light out of range, or soon to be" },
	{ "draining", "drained by the peer" },
	{ "prefix-missing", "an expected prefix is missing" },
};

static const struct {
	const char *state;
	enum erm_style style;
	const char *mark, *ascii;
} states[] = {
	{ "healthy", ERM_STYLE_GOOD, "●", "+" },   { "up", ERM_STYLE_GOOD, "●", "+" },
	{ "ok", ERM_STYLE_GOOD, "●", "+" },        { "degraded", ERM_STYLE_WARN, "◐", "%" },
	{ "draining", ERM_STYLE_WARN, "◐", "%" },  { "redundancy-lost", ERM_STYLE_ALERT, "▲", "!" },
	{ "down", ERM_STYLE_BAD, "✖", "X" },       { "lost", ERM_STYLE_BAD, "✖", "X" },
	{ "admin-down", ERM_STYLE_DIM, "○", "-" }, { "not-configured", ERM_STYLE_DIM, "○", "-" },
	{ "starting", ERM_STYLE_DIM, "○", "-" },   { "unknown", ERM_STYLE_UNKNOWN, "?", "?" },
};

const char *erm_word_plain(const char *word, char buf[ERM_WORD_MAX])
{
	size_t len = strnlen(word, ERM_WORD_MAX - 1);

	for (size_t i = 0; i < len; i++)
		buf[i] = (char)(word[i] == '-' ? ' ' : word[i]);
	buf[len] = '\0';
	return buf;
}

const char *erm_word_cause(const char *cause, char buf[ERM_WORD_MAX])
{
	for (size_t i = 0; i < ERM_ELEMENTS(causes); i++)
		if (strcmp(causes[i].word, cause) == 0)
			return causes[i].phrase;
	return erm_word_plain(cause, buf);
}

const char *erm_word_fault(const char *fault_domain)
{
	if (strcmp(fault_domain, "customer") == 0)
		return "most likely on your side";
	if (strcmp(fault_domain, "provider") == 0)
		return "most likely with the provider";
	if (strcmp(fault_domain, "microsoft") == 0)
		return "most likely with Microsoft";
	return "";
}

enum erm_style erm_word_state_style(const char *state)
{
	for (size_t i = 0; i < ERM_ELEMENTS(states); i++)
		if (strcmp(states[i].state, state) == 0)
			return states[i].style;
	return ERM_STYLE_PLAIN;
}

enum erm_style erm_word_severity_style(const char *severity)
{
	if (strcmp(severity, "critical") == 0)
		return ERM_STYLE_BAD;
	if (strcmp(severity, "major") == 0)
		return ERM_STYLE_ALERT;
	if (strcmp(severity, "minor") == 0 || strcmp(severity, "warning") == 0)
		return ERM_STYLE_WARN;
	return strcmp(severity, "cleared") == 0 ? ERM_STYLE_GOOD : ERM_STYLE_PLAIN;
}

const char *erm_word_state_mark(const struct erm_out *out, const char *state)
{
	for (size_t i = 0; i < ERM_ELEMENTS(states); i++)
		if (strcmp(states[i].state, state) == 0)
			return out->is_utf8 ? states[i].mark : states[i].ascii;
	return " ";
}
