/*
 * Who is believed: every combination of up to three sources, whatever they say and
 * whenever, against what core/resolve.h promises.
 */
#include <stdio.h>
#include <string.h>

#include "check_main.h"
#include "claims.h"
#include "core/resolve.h"

#define NOW      (1000 * ERM_USEC_PER_SEC)
#define MS(n)    ((usec_t)(n)*ERM_USEC_PER_MSEC)
#define LATER    (NOW + 3600 * ERM_USEC_PER_SEC)
#define BEFORE   (500 * ERM_USEC_PER_SEC)
#define WAYS_MAX 64

/* One way for a source to be. */
struct way {
	enum erm_knowledge source;
	enum claim claim;
	bool was_up;
	usec_t since, asked;
};

static const enum erm_source_type types[] = { ERM_SOURCE_TYPE_FRR, ERM_SOURCE_TYPE_BMP,
					      ERM_SOURCE_TYPE_SOCK_DIAG, ERM_SOURCE_TYPE_SNMP };
#define N_TYPES (sizeof(types) / sizeof(types[0]))

static struct erm_claim claim_of(const struct way *way)
{
	struct erm_claim claim = { 0 };

	if (way->was_up)
		claim_tell(&claim, UP, BEFORE, 0);
	if (way->claim == NOTHING)
		return claim;
	claim_tell(&claim, way->claim, way->since, 0);
	claim_tell(&claim, way->claim, NOW, way->asked);
	return claim;
}

static uint32_t list_ways(struct way ways[WAYS_MAX])
{
	static const usec_t since[] = { NOW - MS(500), NOW - MS(100), NOW - MS(40) };
	static const usec_t asked[] = { NOW - MS(300), NOW - MS(100), NOW - MS(20) };
	uint32_t n = 0;

	ways[n++] = (struct way){ ERM_NOT_YET, NOTHING, false, 0, 0 };
	ways[n++] = (struct way){ ERM_KNOWN, NOTHING, false, 0, 0 };
	for (int was_up = 0; was_up < 2; was_up++)
		ways[n++] = (struct way){ ERM_KNOWN, WITHDRAWN, was_up, NOW - MS(40), NOW };
	ways[n++] = (struct way){ ERM_LOST, UP, true, NOW - MS(500), NOW - MS(20) };
	ways[n++] = (struct way){ ERM_LOST, DOWN, true, NOW - MS(500), NOW - MS(20) };
	for (unsigned int i = 0; i < 9; i++) {
		for (unsigned int claim = UP; claim <= DOWN_BY_PEER; claim++)
			ways[n++] = (struct way){ ERM_KNOWN, claim, claim > DOWN, since[i / 3],
						  asked[i % 3] };
		ways[n++] = (struct way){ ERM_KNOWN, DOWN, true, since[i / 3], asked[i % 3] };
	}
	return n;
}

/* What a source says, as a person would read it. */

static bool is_heard(const struct erm_claim_input *in)
{
	return in->source == ERM_KNOWN && in->claim->is_known;
}

static bool says_up(const struct erm_claim_input *in)
{
	return is_heard(in) && in->claim->obs.is_configured &&
	       in->claim->obs.bgp == ERM_BGP_ESTABLISHED;
}

static bool says_down(const struct erm_claim_input *in)
{
	return is_heard(in) && !says_up(in) &&
	       (!in->claim->obs.is_configured || in->claim->obs.bgp != ERM_BGP_UNKNOWN);
}

static bool contradicts(const struct erm_claim_input *a, const struct erm_claim_input *b)
{
	return (says_up(a) && says_down(b)) || (says_down(a) && says_up(b));
}

/* Nobody who is asked again has to confirm it any more. */
static bool is_ripe(const struct erm_claim_input *in)
{
	return in->claim->obs.has_reset || in->claim->since + ERM_DISPUTE_USEC <= NOW;
}

static bool is_socket(const struct erm_claim_input *in)
{
	return in->type == ERM_SOURCE_TYPE_SOCK_DIAG;
}

/* It cannot see this session: who looks for its TCP connection has never found one. */
static bool is_blind(const struct erm_claim_input *in, uint32_t n)
{
	return is_socket(in) && n > 1 && !in->claim->is_ever_up;
}

static const struct erm_claim_input *failed_in;
static uint32_t failed_n;

_Noreturn static void broken(const struct erm_resolution *r, const char *rule, int line)
{
	char text[512] = "";
	size_t at = 0;

	for (uint32_t k = 0; k < failed_n; k++) {
		const struct erm_claim_input *in = &failed_in[k];

		at += (size_t)snprintf(
			text + at, sizeof(text) - at,
			"\n  %s source=%d known=%d conf=%d bgp=%d ever=%d since=%ld asked=%ld: %s",
			erm_source_type_name(in->type), (int)in->source, in->claim->is_known,
			in->claim->obs.is_configured, (int)in->claim->obs.bgp,
			in->claim->is_ever_up, (long)in->claim->since - (long)NOW,
			(long)in->claim->asked - (long)NOW, erm_claim_use_name(r->use[k]));
	}
	ck_abort_msg("line %d: not so: %s; decider %d%s", line, rule, (int)r->decider, text);
}

/* Not ck_assert(): millions of them. */
#define MUST(r, rule)                               \
	do {                                        \
		if (!(rule))                        \
			broken(r, #rule, __LINE__); \
	} while (0)

/* An authority has the last word when it was asked after the news. */
static void check_decider(const struct erm_claim_input *in, uint32_t n,
			  const struct erm_resolution *r)
{
	const struct erm_claim_input *decider = &in[r->decider];
	bool is_listed = false;
	bool is_any_heard = false;
	bool is_over = false; /* nobody has answered those who say as the decider does */

	MUST(r, r->knowledge == ERM_KNOWN);
	MUST(r, is_heard(decider));
	MUST(r, r->obs.is_configured == decider->claim->obs.is_configured);
	MUST(r, r->obs.bgp == decider->claim->obs.bgp);
	MUST(r, !says_down(decider) || !is_blind(decider, n));
	for (uint32_t k = 0; k < n; k++) {
		bool is_with = !is_blind(&in[k], n) &&
			       (says_up(decider) ? says_up(&in[k]) : says_down(&in[k]));

		is_over = is_over || (is_with && is_ripe(&in[k]));
		if (!erm_source_is_authority(in[k].type))
			continue;
		is_listed = true;
		is_any_heard = is_any_heard || says_up(&in[k]) || says_down(&in[k]);
		if (contradicts(decider, &in[k]) && !erm_source_is_authority(decider->type))
			MUST(r, in[k].claim->asked < decider->claim->since);
	}
	if (is_socket(decider) && is_listed) {
		MUST(r, is_any_heard);
		MUST(r, is_over);
	}
}

static void check_nobody(const struct erm_claim_input *in, uint32_t n,
			 const struct erm_resolution *r)
{
	bool has_authority = false;

	MUST(r, r->knowledge != ERM_KNOWN);
	MUST(r, r->deadline == ERM_USEC_INFINITY);
	for (uint32_t k = 0; k < n; k++)
		has_authority = has_authority || erm_source_is_authority(in[k].type);
	for (uint32_t k = 0; k < n; k++) {
		MUST(r, !is_heard(&in[k]) || !erm_source_is_authority(in[k].type));
		if ((says_up(&in[k]) || says_down(&in[k])) && !is_blind(&in[k], n))
			MUST(r, is_socket(&in[k]) && has_authority);
	}
}

static void check_use(const struct erm_claim_input *in, uint32_t n, uint32_t k,
		      const struct erm_resolution *r)
{
	const struct erm_claim_input *decider = r->decider == ERM_NO_INDEX ? NULL : &in[r->decider];
	bool can_tell = (says_up(&in[k]) || says_down(&in[k])) && !is_blind(&in[k], n);

	switch (r->use[k]) {
	case ERM_CLAIM_DECIDES:
		MUST(r, k == r->decider);
		break;
	case ERM_CLAIM_AGREES:
		MUST(r, decider && can_tell && !contradicts(&in[k], decider));
		MUST(r, says_up(decider) || says_down(decider));
		break;
	case ERM_CLAIM_DISPUTES:
		MUST(r, decider && can_tell && contradicts(&in[k], decider));
		MUST(r, in[k].claim->since > decider->claim->asked);
		MUST(r, in[k].claim->is_ever_up || !is_socket(&in[k]));
		MUST(r, !is_ripe(&in[k]));
		MUST(r, r->deadline != ERM_USEC_INFINITY);
		break;
	case ERM_CLAIM_OVERRULED:
		MUST(r, decider && can_tell);
		MUST(r, contradicts(&in[k], decider) || !(says_up(decider) || says_down(decider)));
		break;
	case ERM_CLAIM_LOST:
		MUST(r, in[k].source != ERM_KNOWN);
		break;
	case ERM_CLAIM_SILENT:
		MUST(r, in[k].source == ERM_KNOWN && (!decider || !can_tell));
		break;
	case ERM_CLAIM_USE_MAX:
		broken(r, "a use", __LINE__);
		break;
	}
}

static bool is_same(const struct erm_resolution *a, const struct erm_resolution *b)
{
	return a->decider == b->decider && a->knowledge == b->knowledge &&
	       a->deadline == b->deadline && a->obs.bgp == b->obs.bgp &&
	       a->obs.is_configured == b->obs.is_configured &&
	       memcmp(a->use, b->use, sizeof(a->use)) == 0;
}

/* Nothing moves by itself but at the deadline, and there the dispute is over. */
static void check_time(const struct erm_claim_input *in, uint32_t n, const struct erm_resolution *r)
{
	struct erm_resolution other;

	memset(&other, 0x55, sizeof(other));
	if (r->deadline == ERM_USEC_INFINITY) {
		erm_session_resolve(in, n, LATER, &other);
		MUST(r, is_same(r, &other));
		return;
	}
	MUST(r, r->deadline > NOW && r->deadline <= NOW + ERM_DISPUTE_USEC);
	erm_session_resolve(in, n, r->deadline - 1, &other);
	MUST(r, is_same(r, &other));
	erm_session_resolve(in, n, r->deadline, &other);
	MUST(r, r->use[other.decider] == ERM_CLAIM_DISPUTES);
	MUST(r, other.deadline == ERM_USEC_INFINITY);
}

static void check(const struct erm_claim_input *in, uint32_t n)
{
	struct erm_resolution r;
	uint32_t n_decide = 0;
	uint32_t n_dispute = 0;

	memset(&r, 0xaa, sizeof(r));
	failed_in = in;
	failed_n = n;
	erm_session_resolve(in, n, NOW, &r);
	if (r.decider == ERM_NO_INDEX)
		check_nobody(in, n, &r);
	else
		check_decider(in, n, &r);
	for (uint32_t k = 0; k < n; k++) {
		check_use(in, n, k, &r);
		n_decide += r.use[k] == ERM_CLAIM_DECIDES;
		n_dispute += r.use[k] == ERM_CLAIM_DISPUTES;
	}
	MUST(&r, n_decide == (r.decider != ERM_NO_INDEX));
	MUST(&r, (n_dispute > 0) == (r.deadline != ERM_USEC_INFINITY));
	check_time(in, n, &r);
}

/* Of n sources each in turn is each type in each way. */
/*
 * Three sources have 14 million ways: 6 s, or a minute without optimization and with what
 * looks for errors in memory, for which a share of them is enough: a prime, so that all of
 * the first two are in it.
 */
#if defined(__OPTIMIZE__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define SHARE 1
#else
#define SHARE 31
#endif

static uint64_t check_all(uint32_t n)
{
	static struct way ways[WAYS_MAX];
	static struct erm_claim claims[WAYS_MAX];
	struct erm_claim_input in[ERM_SESSION_SOURCES_MAX];
	uint32_t n_ways = list_ways(ways);
	uint64_t n_inputs = n_ways * N_TYPES;
	uint64_t n_all = 1;
	uint64_t step = 1;

	for (uint32_t i = 0; i < n_ways; i++)
		claims[i] = claim_of(&ways[i]);
	for (uint32_t k = 0; k < n; k++)
		n_all *= n_inputs;
	if (n > 2)
		step = SHARE;
	for (uint64_t i = 0; i < n_all; i += step) {
		uint64_t rest = i;

		for (uint32_t k = 0; k < n; k++) {
			uint64_t input = rest % n_inputs;

			rest /= n_inputs;
			in[k] = (struct erm_claim_input){
				.claim = &claims[input / N_TYPES],
				.type = types[input % N_TYPES],
				.source = ways[input / N_TYPES].source,
			};
		}
		check(in, n);
	}
	return n_all;
}

START_TEST(test_any_one_source)
{
	ck_assert_uint_gt(check_all(1), 200);
}
END_TEST

START_TEST(test_any_two_sources)
{
	ck_assert_uint_gt(check_all(2), 40000);
}
END_TEST

START_TEST(test_any_three_sources)
{
	ck_assert_uint_gt(check_all(3), 8000000);
}
END_TEST

static Suite *resolve_suite(void)
{
	Suite *suite = suite_create("core/resolve");
	TCase *all = tcase_create("every combination");

	tcase_set_timeout(all, 300);
	tcase_add_test(all, test_any_one_source);
	tcase_add_test(all, test_any_two_sources);
	tcase_add_test(all, test_any_three_sources);
	suite_add_tcase(suite, all);
	return suite;
}

ERM_CHECK_MAIN(resolve_suite)
