/* Owns what is known of each session; the sockets come from outside. */
#include "sources/sockdiag/sessions.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

#define PROOF_BYTES    48U /* an OPEN and a KEEPALIVE */
#define PROOF_SEGMENTS 2U

enum evidence { /* the best of all sockets of a session; the later the better */
		EVIDENCE_ABSENT,
		EVIDENCE_DISPROVED, /* connected, and too little was said */
		EVIDENCE_UNTOLD, /* connected; perhaps enough was said, or the kernel is too old to say */
		EVIDENCE_MUTE,  /* enough was said, but nothing for long */
		EVIDENCE_FRESH, /* enough was said, on a socket not seen like that before */
		EVIDENCE_PROVED,
};

struct session {
	uint32_t session; /* into config->sessions */
	struct erm_addr neighbor, local;
	uint32_t next;          /* in its hash chain; ERM_NO_INDEX = the last */
	enum evidence evidence; /* of this round */
	uint64_t found;         /* the cookie of the socket that gave it */
	struct erm_sockdiag_id id;
	bool has_cookie; /* the last round took this one for the session's: */
	uint64_t cookie;
	/* The socket that was found to have said enough, and when. */
	uint64_t proved_cookie;
	usec_t proved_at;
	enum erm_bgp_state bgp, told; /* told: ERM_BGP_STATE_MAX = not yet */
};

struct erm_sockdiag_sessions {
	struct session *sessions;
	uint32_t n, mask;
	uint32_t *heads; /* of the hash by neighbour, mask + 1 of them */
	usec_t silent_usec;
	bool has_ipv4;
};

/* FNV-1a.  Configured addresses fill it, so nobody outside can make its chains long. */
static uint32_t hash_of(const struct erm_addr *addr)
{
	size_t len;
	const uint8_t *bytes = erm_addr_bytes(addr, &len);
	uint32_t hash = 2166136261U;

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ bytes[i]) * 16777619U;
	return hash ^ hash >> 16;
}

struct erm_sockdiag_sessions *erm_sockdiag_sessions_free(struct erm_sockdiag_sessions *sessions)
{
	if (!sessions)
		return NULL;
	free(sessions->sessions);
	free(sessions->heads);
	free(sessions);
	return NULL;
}

ERM_DEFINE_CLEANUP(struct erm_sockdiag_sessions *, erm_sockdiag_sessions_free)

static bool is_same(const struct session *a, const struct session *b)
{
	return erm_addr_equal(&a->neighbor, &b->neighbor) && erm_addr_equal(&a->local, &b->local);
}

static void inherit(struct session *session, const struct erm_sockdiag_sessions *old)
{
	uint32_t i = old->heads[hash_of(&session->neighbor) & old->mask];

	while (i != ERM_NO_INDEX && !is_same(&old->sessions[i], session))
		i = old->sessions[i].next;
	if (i == ERM_NO_INDEX)
		return;
	session->bgp = old->sessions[i].bgp;
	session->id = old->sessions[i].id;
	session->has_cookie = old->sessions[i].has_cookie;
	session->cookie = old->sessions[i].cookie;
	session->proved_cookie = old->sessions[i].proved_cookie;
	session->proved_at = old->sessions[i].proved_at;
}

static void add(struct erm_sockdiag_sessions *s, const struct erm_config *config, uint32_t session,
		const struct erm_sockdiag_sessions *old)
{
	struct session *new = &s->sessions[s->n];
	uint32_t *head;

	*new = (struct session){
		.session = session,
		.neighbor = config->sessions[session].neighbor,
		.local = config->sessions[session].local_address,
		.bgp = ERM_BGP_UNKNOWN,
		.told = ERM_BGP_STATE_MAX,
	};
	if (old)
		inherit(new, old);
	head = &s->heads[hash_of(&new->neighbor) & s->mask];
	new->next = *head;
	*head = s->n++;
	s->has_ipv4 = s->has_ipv4 || new->neighbor.family == AF_INET;
}

int erm_sockdiag_sessions_new(const struct erm_config *config, uint32_t index,
			      const struct erm_sockdiag_sessions *old,
			      struct erm_sockdiag_sessions **ret)
{
	ERM_CLEANUP(erm_sockdiag_sessions_freep)
	struct erm_sockdiag_sessions *s = calloc(1, sizeof(*s));
	uint32_t n = 0, size = 16;

	if (!s)
		return -ENOMEM;
	for (uint32_t i = 0; i < config->n_sessions; i++)
		n += erm_session_has_source(config, i, index);
	while (size < n && size < UINT32_MAX / 2)
		size *= 2;
	s->mask = size - 1;
	s->silent_usec = config->sources[index].silent_usec;
	s->sessions = calloc((size_t)n + 1, sizeof(*s->sessions));
	s->heads = malloc(size * sizeof(*s->heads));
	if (!s->sessions || !s->heads)
		return -ENOMEM;
	memset(s->heads, 0xff, size * sizeof(*s->heads)); /* ERM_NO_INDEX each */
	for (uint32_t i = 0; i < config->n_sessions; i++)
		if (erm_session_has_source(config, i, index))
			add(s, config, i, old);
	*ret = ERM_TAKE_PTR(s);
	return 0;
}

uint32_t erm_sockdiag_sessions_count(const struct erm_sockdiag_sessions *sessions)
{
	return sessions->n;
}

bool erm_sockdiag_sessions_has_ipv4(const struct erm_sockdiag_sessions *sessions)
{
	return sessions->has_ipv4;
}

void erm_sockdiag_sessions_begin(struct erm_sockdiag_sessions *sessions)
{
	for (uint32_t i = 0; i < sessions->n; i++)
		sessions->sessions[i].evidence = EVIDENCE_ABSENT;
}

static bool is_of(const struct session *session, const struct erm_sockdiag_socket *socket)
{
	if (!erm_addr_equal(&session->neighbor, &socket->peer))
		return false;
	return session->local.family == AF_UNSPEC ||
	       erm_addr_equal(&session->local, &socket->local);
}

static enum evidence weigh(const struct erm_sockdiag_sessions *s, const struct session *session,
			   const struct erm_sockdiag_socket *socket, usec_t now)
{
	if (!socket->has_info)
		return EVIDENCE_UNTOLD;
	if (socket->bytes_received < PROOF_BYTES)
		return EVIDENCE_DISPROVED;
	/* An OPEN alone may be longer, but what follows it is sent only in answer to ours. */
	if (socket->data_segs_in < PROOF_SEGMENTS || socket->bytes_acked < PROOF_BYTES)
		return EVIDENCE_UNTOLD;
	if (s->silent_usec > 0 && socket->silent_usec > s->silent_usec)
		return EVIDENCE_MUTE;
	if (session->proved_cookie != socket->cookie || session->proved_at == 0)
		return EVIDENCE_FRESH;
	return now >= erm_usec_add(session->proved_at, ERM_SOCKDIAG_CONFIRM_USEC) ? EVIDENCE_PROVED
										  : EVIDENCE_FRESH;
}

/* A socket that was first found sound before beats one that is found so only now. */
static bool is_better(const struct session *session, enum evidence evidence, uint64_t cookie)
{
	if (evidence != session->evidence)
		return evidence > session->evidence;
	return cookie == session->proved_cookie;
}

static bool is_bgp(const struct erm_sockdiag_socket *socket)
{
	return socket->local_port == ERM_BGP_PORT || socket->peer_port == ERM_BGP_PORT;
}

void erm_sockdiag_sessions_take(struct erm_sockdiag_sessions *sessions,
				const struct erm_sockdiag_socket *socket, usec_t now)
{
	uint32_t i = sessions->heads[hash_of(&socket->peer) & sessions->mask];

	if (!is_bgp(socket) || !socket->is_established)
		return;
	for (; i != ERM_NO_INDEX; i = sessions->sessions[i].next) {
		struct session *session = &sessions->sessions[i];
		enum evidence evidence;

		if (!is_of(session, socket))
			continue;
		evidence = weigh(sessions, session, socket, now);
		if (!is_better(session, evidence, socket->cookie))
			continue;
		session->evidence = evidence;
		session->found = socket->cookie;
		session->id = socket->id;
	}
}

bool erm_sockdiag_sessions_is_theirs(const struct erm_sockdiag_sessions *sessions,
				     const struct erm_sockdiag_socket *socket)
{
	uint32_t i = sessions->heads[hash_of(&socket->peer) & sessions->mask];

	for (; i != ERM_NO_INDEX; i = sessions->sessions[i].next) {
		const struct session *session = &sessions->sessions[i];

		if (session->has_cookie && session->cookie == socket->cookie &&
		    is_of(session, socket))
			return true;
	}
	return false;
}

uint32_t erm_sockdiag_sessions_count_lost(const struct erm_sockdiag_sessions *sessions)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < sessions->n; i++)
		n += sessions->sessions[i].bgp == ERM_BGP_ESTABLISHED &&
		     sessions->sessions[i].evidence == EVIDENCE_ABSENT;
	return n;
}

static enum erm_bgp_state state_of(const struct session *session)
{
	switch (session->evidence) {
	case EVIDENCE_ABSENT:
	case EVIDENCE_DISPROVED:
		return ERM_BGP_IDLE;
	case EVIDENCE_UNTOLD:
	case EVIDENCE_MUTE:
		return ERM_BGP_UNKNOWN;
	case EVIDENCE_FRESH:
		/* The socket it was Established on is gone, or it was not: not yet. */
		return session->bgp == ERM_BGP_UNKNOWN ? ERM_BGP_UNKNOWN : ERM_BGP_IDLE;
	case EVIDENCE_PROVED:
		return ERM_BGP_ESTABLISHED;
	}
	return ERM_BGP_UNKNOWN;
}

bool erm_sockdiag_sessions_end(struct erm_sockdiag_sessions *sessions, usec_t now)
{
	bool is_open = false;

	for (uint32_t i = 0; i < sessions->n; i++) {
		struct session *session = &sessions->sessions[i];

		session->bgp = state_of(session);
		session->has_cookie = session->evidence >= EVIDENCE_UNTOLD;
		session->cookie = session->found;
		if (session->evidence == EVIDENCE_FRESH) {
			is_open = true;
			if (session->proved_cookie != session->found || session->proved_at == 0)
				session->proved_at = now;
			session->proved_cookie = session->found;
		} else if (session->evidence < EVIDENCE_MUTE) {
			session->proved_at = 0;
		}
	}
	return is_open;
}

const struct erm_sockdiag_id *erm_sockdiag_sessions_next_established(
	const struct erm_sockdiag_sessions *sessions, uint32_t *cursor)
{
	for (; *cursor < sessions->n; (*cursor)++)
		if (sessions->sessions[*cursor].bgp == ERM_BGP_ESTABLISHED)
			return &sessions->sessions[*cursor].id;
	return NULL;
}

bool erm_sockdiag_sessions_still_holds(const struct erm_sockdiag_sessions *sessions, uint32_t i,
				       const struct erm_sockdiag_socket *socket, usec_t now)
{
	const struct session *session = &sessions->sessions[i];

	return socket->is_established && is_of(session, socket) &&
	       weigh(sessions, session, socket, now) == EVIDENCE_PROVED;
}

uint32_t erm_sockdiag_sessions_count_established(const struct erm_sockdiag_sessions *sessions)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < sessions->n; i++)
		n += sessions->sessions[i].bgp == ERM_BGP_ESTABLISHED;
	return n;
}

uint32_t erm_sockdiag_sessions_get(const struct erm_sockdiag_sessions *sessions, uint32_t i,
				   enum erm_bgp_state *ret_bgp)
{
	*ret_bgp = sessions->sessions[i].bgp;
	return sessions->sessions[i].session;
}

bool erm_sockdiag_sessions_next_change(const struct erm_sockdiag_sessions *sessions,
				       uint32_t *cursor)
{
	while (*cursor < sessions->n) {
		if (sessions->sessions[*cursor].bgp != sessions->sessions[*cursor].told)
			return true;
		(*cursor)++;
	}
	return false;
}

bool erm_sockdiag_sessions_has_turned(const struct erm_sockdiag_sessions *sessions)
{
	for (uint32_t i = 0; i < sessions->n; i++) {
		const struct session *session = &sessions->sessions[i];

		if (session->bgp != session->told &&
		    (session->bgp == ERM_BGP_ESTABLISHED || session->told == ERM_BGP_ESTABLISHED))
			return true;
	}
	return false;
}

void erm_sockdiag_sessions_told(struct erm_sockdiag_sessions *sessions, uint32_t i)
{
	sessions->sessions[i].told = sessions->sessions[i].bgp;
}
