#include "sources/bird/parse.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/config.h"
#include "sources/bird/words.h"
#include "sources/router/text.h"

#define CODE_LEN   4
#define CODE_ROW   1002 /* of a protocol */
#define CODE_BFD   1020
#define CODE_ROUTE 1007
#define WORDS_MAX  8
#define FIRST_ROOM 16

/* A piece of the reply; not terminated. */
struct span {
	const char *at;
	size_t len;
};

struct lines {
	struct span left;
	struct span text; /* of the line, without its code, trimmed */
	unsigned int code;
};

static bool is_code(const char *line, size_t len)
{
	for (size_t i = 0; i < CODE_LEN; i++)
		if (i >= len || line[i] < '0' || line[i] > '9')
			return false;
	return true;
}

static unsigned int code_of(const char *line)
{
	unsigned int code = 0;

	for (size_t i = 0; i < CODE_LEN; i++)
		code = code * 10 + (unsigned int)(line[i] - '0');
	return code;
}

/* May these bytes be the start of a line? */
static bool is_line(const char *line, size_t len)
{
	for (size_t i = 0; i < CODE_LEN && i < len; i++) {
		if (i == 0 && (line[0] == ' ' || line[0] == '+'))
			return true;
		if (line[i] < '0' || line[i] > '9')
			return false;
	}
	return len <= CODE_LEN || line[CODE_LEN] == ' ' || line[CODE_LEN] == '-';
}

static int frame_find(struct erm_router_frame *frame, const char *data, size_t len,
		      size_t *ret_text_len, unsigned int *ret_result)
{
	while (frame->line < len) {
		const char *line = data + frame->line;
		const char *end = memchr(data + frame->scanned, '\n', len - frame->scanned);
		size_t line_len = end ? (size_t)(end - line) : len - frame->line;

		if (!is_line(line, line_len) || (end && line_len == 0))
			return -EBADMSG;
		frame->scanned = end ? (size_t)(end - data) + 1 : len;
		if (!end)
			return 0;
		if (is_code(line, line_len) && (line_len == CODE_LEN || line[CODE_LEN] == ' ')) {
			if (frame->scanned < len)
				return -EBADMSG;
			*ret_text_len = frame->scanned;
			*ret_result = code_of(line);
			return 1;
		}
		frame->line = frame->scanned;
	}
	return 0;
}

const struct erm_router_protocol erm_bird_protocol = {
	.trailer_max = 0,
	.broken = "not the lines of BIRD's control socket",
	.find = frame_find,
};

static struct span trim(struct span s)
{
	while (s.len > 0 && (*s.at == ' ' || *s.at == '\t')) {
		s.at++;
		s.len--;
	}
	while (s.len > 0 && (s.at[s.len - 1] == ' ' || s.at[s.len - 1] == '\r'))
		s.len--;
	return s;
}

/* The next line that was asked for. */
static bool next_line(struct lines *lines)
{
	while (lines->left.len > 0) {
		const char *end = memchr(lines->left.at, '\n', lines->left.len);
		struct span line = { lines->left.at,
				     end ? (size_t)(end - lines->left.at) : lines->left.len };
		size_t used = line.len + (end != NULL);

		lines->left.at += used;
		lines->left.len -= used;
		if (line.len > 0 && line.at[0] == '+')
			continue;
		if (is_code(line.at, line.len)) {
			lines->code = code_of(line.at);
			used = line.len > CODE_LEN ? CODE_LEN + 1 : CODE_LEN;
			line.at += used;
			line.len -= used;
		}
		lines->text = trim(line);
		return true;
	}
	return false;
}

static size_t split(struct span text, struct span words[WORDS_MAX])
{
	size_t n = 0;

	for (text = trim(text); text.len > 0 && n < WORDS_MAX; text = trim(text)) {
		const char *end = memchr(text.at, ' ', text.len);
		size_t len = end ? (size_t)(end - text.at) : text.len;

		words[n++] = (struct span){ text.at, len };
		text.at += len;
		text.len -= len;
	}
	return n;
}

static bool is_word(struct span s, const char *word)
{
	return s.len == strlen(word) && memcmp(s.at, word, s.len) == 0;
}

/* "key: value": true and the value when the line has that key. */
static bool has_key(struct span line, const char *key, struct span *ret_value)
{
	size_t len = strlen(key);

	if (line.len <= len || memcmp(line.at, key, len) != 0 || line.at[len] != ':')
		return false;
	*ret_value = trim((struct span){ line.at + len + 1, line.len - len - 1 });
	return true;
}

/* Leading digits, capped; false when there is none. */
static bool number_of(struct span s, uint32_t *ret)
{
	uint64_t value = 0;

	if (s.len == 0 || *s.at < '0' || *s.at > '9')
		return false;
	for (size_t i = 0; i < s.len && s.at[i] >= '0' && s.at[i] <= '9'; i++) {
		value = value * 10 + (uint64_t)(s.at[i] - '0');
		if (value > UINT32_MAX)
			value = UINT32_MAX;
	}
	*ret = (uint32_t)value;
	return true;
}

/* Also of a link-local address with its zone, which is passed over. */
static bool addr_of(struct span s, struct erm_addr *ret)
{
	const char *zone = memchr(s.at, '%', s.len);
	char text[ERM_ADDR_STRLEN];

	if (zone)
		s.len = (size_t)(zone - s.at);
	if (s.len == 0 || s.len >= sizeof(text) || memchr(s.at, '\0', s.len))
		return false;
	memcpy(text, s.at, s.len);
	text[s.len] = '\0';
	return erm_addr_parse(text, ret) >= 0;
}

static bool is_askable(struct span name)
{
	if (name.len == 0 || name.len >= ERM_BIRD_NAME_MAX)
		return false;
	for (size_t i = 0; i < name.len; i++) {
		char c = name.at[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') &&
		    c != '_' && c != '-' && c != '.' && c != ':')
			return false;
	}
	return true;
}

static int compare_neighbors(const void *a, const void *b)
{
	return erm_addr_compare(&((const struct erm_bird_neighbor *)a)->address,
				&((const struct erm_bird_neighbor *)b)->address);
}

static int compare_bfd(const void *a, const void *b)
{
	return erm_addr_compare(&((const struct erm_bird_bfd_session *)a)->address,
				&((const struct erm_bird_bfd_session *)b)->address);
}

/* Room for one more of n: grows by doubling up to the limit. */
static int make_room(void **items, size_t size, size_t n, size_t *n_alloc)
{
	size_t wanted = *n_alloc ? *n_alloc * 2 : FIRST_ROOM;
	void *grown = NULL;

	if (n < *n_alloc)
		return 0;
	if (n >= ERM_BIRD_PROTOCOLS_MAX)
		return -E2BIG;
	grown = realloc(*items, wanted * size);
	if (!grown)
		return -ENOMEM;
	*items = grown;
	*n_alloc = wanted;
	return 0;
}

static struct erm_bird_since since_of(const struct span *words, size_t n)
{
	struct erm_bird_since since = { 0 };

	for (size_t i = 0; i < n && i < 2; i++)
		if (!erm_bird_words_since(words[i].at, words[i].len, &since))
			break;
	return since;
}

static void begin_neighbor(const struct span words[WORDS_MAX], size_t n,
			   struct erm_bird_neighbor *ret)
{
	*ret = (struct erm_bird_neighbor){ .obs = { .is_configured = true } };
	if (is_askable(words[0]))
		memcpy(ret->name, words[0].at, words[0].len);
	ret->since = since_of(words + 4, n - 4);
	ret->obs.is_admin_shutdown = !is_word(words[3], "up") && !is_word(words[3], "start");
}

/* "1 imported, 0 filtered, 2 exported, 1 preferred" */
static void take_routes(struct span value, struct erm_bird_routes *routes)
{
	struct span words[WORDS_MAX];
	size_t n = split(value, words);

	for (size_t i = 0; i + 1 < n; i += 2) {
		uint32_t number = 0;
		struct span what = words[i + 1];

		if (!number_of(words[i], &number))
			return;
		if (what.len > 0 && what.at[what.len - 1] == ',')
			what.len--;
		if (is_word(what, "imported"))
			routes->imported = number;
		else if (is_word(what, "exported"))
			routes->exported = number;
	}
	routes->is_told = true;
}

static void take_error(struct span value, struct erm_obs_session *obs)
{
	erm_bird_words_reset(value.at, value.len, obs);
	erm_router_text_clean(value.at, value.len, obs->reset_text);
	/* it fell down, nobody took it down */
	obs->is_admin_shutdown = false;
}

/* One line of the details of a BGP protocol.  *family: of the channel the line is in, 0 = none. */
static void take_detail(struct span line, enum erm_family *family,
			struct erm_bird_neighbor *neighbor)
{
	struct span value = { 0 };
	struct span words[WORDS_MAX];

	if (split(line, words) == 2 && is_word(words[0], "Channel")) {
		*family = is_word(words[1], "ipv4")   ? ERM_FAMILY_IPV4
			  : is_word(words[1], "ipv6") ? ERM_FAMILY_IPV6
						      : 0;
		return;
	}
	if (*family != 0 && has_key(line, "Routes", &value))
		take_routes(value, &neighbor->routes[*family]);
	else if (has_key(line, "BGP state", &value))
		neighbor->obs.bgp = erm_bird_words_bgp(value.at, value.len);
	else if (has_key(line, "Neighbor address", &value))
		(void)addr_of(value, &neighbor->address);
	else if (has_key(line, "Source address", &value))
		(void)addr_of(value, &neighbor->local);
	else if (has_key(line, "Neighbor AS", &value))
		(void)number_of(value, &neighbor->obs.remote_as);
	else if (has_key(line, "Local AS", &value))
		(void)number_of(value, &neighbor->obs.local_as);
	else if (has_key(line, "Last error", &value))
		take_error(value, &neighbor->obs);
}

/*
 * One row.  1: of a neighbour, whose details follow; 0: of something else; -EBADMSG.
 */
static int take_row(struct span line, struct erm_bird_protocols *protocols, size_t *n_alloc,
		    bool *has_start)
{
	struct span words[WORDS_MAX];
	size_t n = split(line, words);
	int r = 0;

	if (n < 4 || !erm_bird_words_is_state(words[3].at, words[3].len))
		return -EBADMSG;
	if (!is_word(words[1], "BGP")) {
		if (!*has_start)
			protocols->start = since_of(words + 4, n - 4);
		*has_start = true;
		protocols->has_bfd |= is_word(words[1], "BFD") && is_word(words[3], "up");
		return 0;
	}
	r = make_room((void **)&protocols->neighbors, sizeof(*protocols->neighbors), protocols->n,
		      n_alloc);
	if (r < 0)
		return r;
	begin_neighbor(words, n, &protocols->neighbors[protocols->n++]);
	return 1;
}

int erm_bird_protocols_parse(const char *text, size_t len, struct erm_bird_protocols *ret)
{
	struct erm_bird_protocols protocols = { 0 };
	struct lines lines = { .left = { text, len } };
	enum erm_family family = 0;
	bool has_start = false;
	size_t n_alloc = 0;
	unsigned int code = 0;
	int r = 0;

	while (next_line(&lines)) {
		bool is_row = lines.code == CODE_ROW && lines.text.len > 0;

		if (is_row) {
			family = 0;
			r = take_row(lines.text, &protocols, &n_alloc, &has_start);
			if (r < 0)
				break;
			code = (unsigned int)r;
		} else if (code == 1) {
			take_detail(lines.text, &family, &protocols.neighbors[protocols.n - 1]);
		}
	}
	if (r < 0) {
		erm_bird_protocols_done(&protocols);
		return r;
	}
	if (protocols.n > 1)
		qsort(protocols.neighbors, protocols.n, sizeof(*protocols.neighbors),
		      compare_neighbors);
	*ret = protocols;
	return 0;
}

void erm_bird_protocols_done(struct erm_bird_protocols *protocols)
{
	free(protocols->neighbors);
	*protocols = (struct erm_bird_protocols){ 0 };
}

/* Which of two protocols with one neighbour speaks for it. */
static bool is_better(const struct erm_bird_neighbor *a, const struct erm_bird_neighbor *b)
{
	bool a_up = a->obs.bgp == ERM_BGP_ESTABLISHED;
	bool b_up = b->obs.bgp == ERM_BGP_ESTABLISHED;

	if (a_up != b_up)
		return a_up;
	return !a->obs.is_admin_shutdown && b->obs.is_admin_shutdown;
}

/* The first of those with this address: bsearch(3) may find any of them. */
static size_t lower_bound(const struct erm_bird_protocols *protocols,
			  const struct erm_addr *address)
{
	size_t low = 0, high = protocols->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (erm_addr_compare(&protocols->neighbors[middle].address, address) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct erm_bird_neighbor *erm_bird_protocols_find(const struct erm_bird_protocols *protocols,
							const struct erm_addr *address,
							const struct erm_addr *local)
{
	const struct erm_bird_neighbor *found = NULL;

	for (size_t i = lower_bound(protocols, address); i < protocols->n; i++) {
		const struct erm_bird_neighbor *neighbor = &protocols->neighbors[i];

		if (!erm_addr_equal(&neighbor->address, address))
			break;
		if (local->family != AF_UNSPEC && neighbor->local.family != AF_UNSPEC &&
		    !erm_addr_equal(&neighbor->local, local))
			continue;
		if (!found || is_better(neighbor, found))
			found = neighbor;
	}
	return found;
}

int erm_bird_bfd_parse(const char *text, size_t len, struct erm_bird_bfd *ret)
{
	struct lines lines = { .left = { text, len } };
	struct erm_bird_bfd bfd = { 0 };
	size_t n_alloc = 0;

	while (next_line(&lines)) {
		struct erm_bird_bfd_session session = { 0 };
		struct span words[WORDS_MAX];
		size_t n = lines.code == CODE_BFD ? split(lines.text, words) : 0;
		int r = 0;

		if (n < 3 || !addr_of(words[0], &session.address))
			continue; /* a heading */
		session.state = erm_bird_words_bfd(words[2].at, words[2].len);
		r = make_room((void **)&bfd.sessions, sizeof(*bfd.sessions), bfd.n, &n_alloc);
		if (r < 0) {
			erm_bird_bfd_done(&bfd);
			return r;
		}
		bfd.sessions[bfd.n++] = session;
	}
	if (bfd.n > 1)
		qsort(bfd.sessions, bfd.n, sizeof(*bfd.sessions), compare_bfd);
	*ret = bfd;
	return 0;
}

void erm_bird_bfd_done(struct erm_bird_bfd *bfd)
{
	free(bfd->sessions);
	*bfd = (struct erm_bird_bfd){ 0 };
}

enum erm_bfd_state erm_bird_bfd_find(const struct erm_bird_bfd *bfd, const struct erm_addr *address)
{
	struct erm_bird_bfd_session key = { .address = *address };
	const struct erm_bird_bfd_session *end = bfd->sessions + bfd->n;
	const struct erm_bird_bfd_session *at =
		bfd->n ? bsearch(&key, bfd->sessions, bfd->n, sizeof(key), compare_bfd) : NULL;
	enum erm_bfd_state worst = ERM_BFD_NONE;

	if (!at)
		return ERM_BFD_NONE;
	while (at > bfd->sessions && compare_bfd(at - 1, &key) == 0)
		at--;
	for (; at < end && compare_bfd(at, &key) == 0; at++) {
		if (worst == ERM_BFD_NONE || worst == ERM_BFD_UP || at->state == ERM_BFD_DOWN)
			worst = at->state;
	}
	return worst;
}

/* "12076 12076 65001": most of ours in a row, less one. */
static uint32_t prepends_of(struct span path)
{
	uint32_t most = 0;
	uint32_t run = 0;

	for (path = trim(path); path.len > 0; path = trim(path)) {
		const char *end = memchr(path.at, ' ', path.len);
		size_t len = end ? (size_t)(end - path.at) : path.len;
		uint32_t as = 0;

		run = number_of((struct span){ path.at, len }, &as) && as == ERM_AS_MICROSOFT
			      ? run + 1
			      : 0;
		most = run > most ? run : most;
		path.at += len;
		path.len -= len;
	}
	return most > 0 ? most - 1 : 0;
}

struct erm_bird_route erm_bird_route_parse(const char *text, size_t len)
{
	struct lines lines = { .left = { text, len } };
	struct erm_bird_route route = { 0 };

	while (next_line(&lines)) {
		struct span value = { 0 };
		uint32_t prepends = 0;

		if (lines.code == CODE_ROUTE && memchr(lines.text.at, '[', lines.text.len))
			route.is_there = true;
		/* so it was called up to version 2, and since 3 */
		if (!has_key(lines.text, "BGP.as_path", &value) &&
		    !has_key(lines.text, "bgp_path", &value))
			continue;
		route.has_path = route.is_there;
		prepends = prepends_of(value);
		route.prepends = prepends > route.prepends ? prepends : route.prepends;
	}
	return route;
}

int erm_bird_route_request(const struct erm_addr *prefix, unsigned int length, const char *name,
			   char *buf, size_t size)
{
	char addr[ERM_ADDR_STRLEN];
	int n = 0;

	if (!is_askable((struct span){ name, strlen(name) }) ||
	    erm_addr_format(prefix, addr)[0] == '\0')
		return -EINVAL;
	n = snprintf(buf, size, "show route %s/%u all protocol '%s'\n", addr, length, name);
	return n < 0 || (size_t)n >= size ? -EINVAL : n;
}
