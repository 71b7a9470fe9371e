#include "frr_fake.h"

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define FLOOD_BYTES ((size_t)64 << 20)

static void hang_up(struct fake_bgpd *fake)
{
	if (fake->fd < 0)
		return;
	fake->source = sd_event_source_disable_unref(fake->source);
	(void)close(fake->fd);
	fake->fd = -1;
	fake->n_connections--;
	free(fake->out);
	fake->out = NULL;
}

static void flush(struct fake_bgpd *fake)
{
	while (fake->out_sent < fake->out_len) {
		ssize_t n = send(fake->fd, fake->out + fake->out_sent,
				 fake->out_len - fake->out_sent, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n < 0 && errno == EAGAIN) {
			(void)sd_event_source_set_io_events(fake->source, EPOLLIN | EPOLLOUT);
			return;
		}
		if (n < 0) {
			hang_up(fake);
			return;
		}
		fake->out_sent += (size_t)n;
	}
	(void)sd_event_source_set_io_events(fake->source, EPOLLIN);
	free(fake->out);
	fake->out = NULL;
	if (fake->ends_after)
		hang_up(fake);
}

/* Sends `len` bytes; takes them over. */
static void say(struct fake_bgpd *fake, char *bytes, size_t len)
{
	free(fake->out);
	fake->out = bytes;
	fake->out_len = len;
	fake->out_sent = 0;
	flush(fake);
}

static const char *family_of(const struct fake_neighbor *n)
{
	return strchr(n->addr, ':') ? "ipv6Unicast" : "ipv4Unicast";
}

static void print_neighbor(FILE *f, const struct fake_neighbor *n, bool is_first)
{
	(void)fprintf(f, "%s\n  \"%s\":{\n    \"bgpState\":\"%s\"%s", is_first ? "" : ",", n->addr,
		      n->state, n->members);
	if (n->received > 0)
		(void)fprintf(f, ",\"addressFamilyInfo\":{\"%s\":{\"acceptedPrefixCounter\":%u}}",
			      family_of(n), n->received);
	if (n->established > 0)
		(void)fprintf(f, ",\"connectionsEstablished\":%u,\"connectionsDropped\":%u",
			      n->established, n->dropped);
	(void)fputs("\n  }", f);
}

/* Those of one family that are Established, as 8.4.4 prints them; of both, how many there are. */
static void print_family(FILE *f, const struct fake_bgpd *fake, const char *family, bool is_all)
{
	bool is_first = true;

	(void)fprintf(f, "\"%s\":{\"peers\":{", family);
	for (unsigned int i = 0; i < fake->n_neighbors; i++) {
		const struct fake_neighbor *n = &fake->neighbors[i];

		if (strcmp(family_of(n), family) != 0 ||
		    (!is_all && strcmp(n->state, "Established") != 0))
			continue;
		(void)fprintf(f,
			      "%s\n\"%s\":{\"state\":\"%s\",\"pfxRcd\":%u,"
			      "\"connectionsEstablished\":%u,\"connectionsDropped\":%u}",
			      is_first ? "" : ",", n->addr, n->state, n->received, n->established,
			      n->dropped);
		is_first = false;
	}
	(void)fprintf(f, "},\"totalPeers\":%u}", fake->n_neighbors + fake->n_strangers);
}

static void print_summary(FILE *f, const struct fake_bgpd *fake)
{
	bool is_all = strstr(fake->last_request, "established") == NULL;

	(void)fputs("{\n", f);
	print_family(f, fake, "ipv4Unicast", is_all);
	(void)fputs(",\n", f);
	print_family(f, fake, "ipv6Unicast", is_all);
	(void)fputs("}\n", f);
}

static void print_route(FILE *f, const struct fake_bgpd *fake, const char *word)
{
	bool is_first = true;

	(void)fputs("{\n", f);
	for (unsigned int i = 0; i < fake->n_routes; i++) {
		const struct fake_route *route = &fake->routes[i];
		size_t len = strlen(route->prefix);

		if (strncmp(word, route->prefix, len) != 0 || word[len] != ' ')
			continue;
		(void)fprintf(f, "%s%s", is_first ? "\"prefix\":\"x\",\"paths\":[" : ",",
			      route->paths);
		is_first = false;
	}
	(void)fputs(is_first ? "}\n" : "]}\n", f);
}

static void print_neighbors(FILE *f, const struct fake_bgpd *fake, const char *word)
{
	bool is_all = strcmp(word, "json") == 0;
	bool is_first = true;

	(void)fputs("{", f);
	for (unsigned int i = 0; i < fake->n_neighbors; i++) {
		const struct fake_neighbor *n = &fake->neighbors[i];
		size_t len = strlen(n->addr);

		if (!is_all && (strncmp(word, n->addr, len) != 0 || word[len] != ' '))
			continue;
		print_neighbor(f, n, is_first);
		is_first = false;
	}
	for (unsigned int i = 0; is_all && i < fake->n_strangers; i++) {
		struct fake_neighbor n = { .state = "Active" };

		(void)snprintf(n.addr, sizeof(n.addr), "10.%u.%u.1", i / 256, i % 256);
		print_neighbor(f, &n, is_first);
		is_first = false;
	}
	if (!is_all && is_first)
		(void)fputs("\n  \"bgpNoSuchNeighbor\":true", f);
	(void)fputs("\n}\n", f);
}

/* The word behind this one in the request; NULL when it is not in it. */
static const char *behind(const struct fake_bgpd *fake, const char *word)
{
	const char *at = strstr(fake->last_request, word);

	return at ? at + strlen(word) : NULL;
}

/* The text bgpd would print for the request. */
static char *text_for(const struct fake_bgpd *fake, size_t *ret_len)
{
	const char *one = behind(fake, "neighbors ");
	const char *prefix = behind(fake, "unicast ");
	char *text = NULL;
	FILE *f = open_memstream(&text, ret_len);

	if (one)
		print_neighbors(f, fake, one);
	else if (prefix)
		print_route(f, fake, prefix);
	else
		print_summary(f, fake);
	(void)fclose(f);
	return text;
}

static bool is_unknown(const struct fake_bgpd *fake)
{
	return (fake->has_no_established && behind(fake, "established")) ||
	       (fake->has_no_summary && behind(fake, "summary")) ||
	       (fake->has_no_routes && behind(fake, "unicast"));
}

void fake_bgpd_answer(struct fake_bgpd *fake)
{
	uint8_t result = is_unknown(fake) ? 2 : fake->result;
	const char *fixed = is_unknown(fake) ? "% [BGP] Unknown command" : fake->text;
	size_t len = 0;
	char *text = NULL;
	char *bytes = NULL;

	if (fixed) {
		len = strlen(fixed);
		text = strdup(fixed);
	} else {
		text = text_for(fake, &len);
	}
	bytes = realloc(text, len + 4);
	ck_assert_ptr_nonnull(bytes);
	memset(bytes + len, 0, 3);
	bytes[len + 3] = (char)result;
	say(fake, bytes, len + 4);
}

static void say_half(struct fake_bgpd *fake)
{
	size_t len = 0;
	char *text = text_for(fake, &len);

	say(fake, text, len / 2);
}

static void flood(struct fake_bgpd *fake)
{
	char *bytes = malloc(FLOOD_BYTES);

	ck_assert_ptr_nonnull(bytes);
	memset(bytes, '[', FLOOD_BYTES);
	say(fake, bytes, FLOOD_BYTES);
}

static void on_request(struct fake_bgpd *fake)
{
	enum fake_mood mood = fake->mood;

	fake->n_requests++;
	fake->n_summaries += behind(fake, "summary ") != NULL;
	fake->n_lists += behind(fake, "neighbors json") != NULL;
	fake->n_ones += behind(fake, "neighbors ") && !behind(fake, "neighbors json");
	fake->n_routes_asked += behind(fake, "unicast ") != NULL;
	if (strncmp(fake->last_request, "show bgp ", 9) != 0)
		fake->n_forbidden++;
	if (mood == FAKE_FLOODS_ALL)
		mood = strstr(fake->last_request, "neighbors json") ? FAKE_FLOODS : FAKE_ANSWERS;
	fake->ends_after = mood == FAKE_HALF_AND_END;
	switch (mood) {
	case FAKE_ANSWERS:
		fake_bgpd_answer(fake);
		return;
	case FAKE_HALF:
	case FAKE_HALF_AND_END:
		say_half(fake);
		return;
	case FAKE_ENDS:
		hang_up(fake);
		return;
	case FAKE_FLOODS:
	case FAKE_FLOODS_ALL:
		flood(fake);
		return;
	case FAKE_HANGS:
		return;
	}
}

static int on_io(sd_event_source *source, int fd, uint32_t revents, void *userdata)
{
	struct fake_bgpd *fake = userdata;
	ssize_t n = 0;

	(void)source;
	if (revents & EPOLLOUT) {
		flush(fake);
		return 0;
	}
	n = recv(fd, fake->last_request, sizeof(fake->last_request) - 1, MSG_DONTWAIT);
	if (n <= 0) {
		hang_up(fake);
		return 0;
	}
	/* one request at a time, ended by a NUL: several at once would show here */
	if (fake->last_request[n - 1] != '\0' || strlen(fake->last_request) != (size_t)n - 1)
		fake->n_forbidden++;
	on_request(fake);
	return 0;
}

static int on_accept(sd_event_source *source, int fd, uint32_t revents, void *userdata)
{
	struct fake_bgpd *fake = userdata;
	int new_fd = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	(void)source;
	(void)revents;
	if (new_fd < 0)
		return 0;
	hang_up(fake);
	fake->fd = new_fd;
	fake->n_accepted++;
	fake->n_connections++;
	ck_assert_int_ge(sd_event_add_io(fake->event, &fake->source, new_fd, EPOLLIN, on_io, fake),
			 0);
	return 0;
}

void fake_bgpd_start(struct fake_bgpd *fake, sd_event *event, const char *path)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };

	fake->event = event;
	fake->fd = -1;
	(void)snprintf(fake->path, sizeof(fake->path), "%s", path);
	memcpy(addr.sun_path, fake->path, strlen(fake->path) + 1);
	(void)unlink(path);
	fake->listen_fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	ck_assert_int_ge(fake->listen_fd, 0);
	ck_assert_int_eq(bind(fake->listen_fd, (struct sockaddr *)&addr, sizeof(addr)), 0);
	ck_assert_int_eq(listen(fake->listen_fd, 5), 0);
	ck_assert_int_ge(sd_event_add_io(event, &fake->listen_source, fake->listen_fd, EPOLLIN,
					 on_accept, fake),
			 0);
}

void fake_bgpd_stop(struct fake_bgpd *fake, bool leaves_file)
{
	if (!fake->event)
		return;
	hang_up(fake);
	fake->listen_source = sd_event_source_disable_unref(fake->listen_source);
	(void)close(fake->listen_fd);
	if (!leaves_file)
		(void)unlink(fake->path);
	fake->event = NULL;
}

static void fill(struct fake_neighbor *n, const char *addr, const char *state, const char *members)
{
	(void)snprintf(n->addr, sizeof(n->addr), "%s", addr);
	(void)snprintf(n->state, sizeof(n->state), "%s", state);
	(void)snprintf(n->members, sizeof(n->members), "%s", members);
}

void fake_bgpd_add(struct fake_bgpd *fake, const char *addr, const char *state, const char *members)
{
	ck_assert_uint_lt(fake->n_neighbors, FAKE_NEIGHBORS_MAX);
	fill(&fake->neighbors[fake->n_neighbors++], addr, state, members);
}

struct fake_neighbor *fake_bgpd_find(struct fake_bgpd *fake, const char *addr)
{
	for (unsigned int i = 0; i < fake->n_neighbors; i++)
		if (strcmp(fake->neighbors[i].addr, addr) == 0)
			return &fake->neighbors[i];
	ck_abort_msg("the fake has no neighbor %s", addr);
}

void fake_bgpd_set(struct fake_bgpd *fake, const char *addr, const char *state, const char *members)
{
	fill(fake_bgpd_find(fake, addr), addr, state, members);
}

void fake_bgpd_add_route(struct fake_bgpd *fake, const char *prefix, const char *paths)
{
	ck_assert_uint_lt(fake->n_routes, FAKE_ROUTES_MAX);
	fake->routes[fake->n_routes++] = (struct fake_route){ .prefix = prefix, .paths = paths };
}

void fake_bgpd_remove_last(struct fake_bgpd *fake)
{
	ck_assert_uint_gt(fake->n_neighbors, 0);
	fake->n_neighbors--;
}
