#include "snmpr_fake.h"

#include <check.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define BGP "1.3.6.1.2.1.15"
#define IF  "1.3.6.1.2.1.2.2.1"
#define IFX "1.3.6.1.2.1.31.1.1.1"

struct erm_snmpr_oid fake_oid(const char *name)
{
	struct erm_snmpr_oid oid = { 0 };

	ck_assert(erm_snmpr_oid_parse(name, strlen(name), &oid));
	return oid;
}

static struct erm_snmpr_varbind *row_of(struct fake_agent *fake, const char *name)
{
	struct erm_snmpr_answer *mib = &fake->mib;
	struct erm_snmpr_oid oid = fake_oid(name);
	uint32_t at = 0;

	while (at < mib->n && erm_snmpr_oid_compare(&mib->varbinds[at].name, &oid) < 0)
		at++;
	if (at < mib->n && erm_snmpr_oid_equal(&mib->varbinds[at].name, &oid))
		return &mib->varbinds[at];
	ck_assert_uint_lt(mib->n, ERM_SNMPR_VARBINDS_MAX);
	memmove(&mib->varbinds[at + 1], &mib->varbinds[at],
		(mib->n - at) * sizeof(mib->varbinds[0]));
	mib->n++;
	memset(&mib->varbinds[at], 0, sizeof(mib->varbinds[at]));
	mib->varbinds[at].name = oid;
	return &mib->varbinds[at];
}

static void set(struct fake_agent *fake, const char *name, enum erm_snmpr_type type,
		uint32_t number)
{
	struct erm_snmpr_varbind *row = row_of(fake, name);

	row->type = type;
	row->number = number;
}

static void set_text(struct fake_agent *fake, const char *name, const void *text, size_t len)
{
	struct erm_snmpr_varbind *row = row_of(fake, name);

	row->type = ERM_SNMPR_OCTETS;
	row->len = len;
	memcpy(row->data, text, len);
}

void fake_agent_drop(struct fake_agent *fake, const char *name)
{
	struct erm_snmpr_oid oid = fake_oid(name);
	uint32_t n = 0;

	for (uint32_t i = 0; i < fake->mib.n; i++) {
		if (!erm_snmpr_oid_is_below(&fake->mib.varbinds[i].name, &oid))
			fake->mib.varbinds[n++] = fake->mib.varbinds[i];
	}
	fake->mib.n = n;
	fake_agent_write(fake);
}

static void set_column(struct fake_agent *fake, const char *entry, unsigned int column,
		       const char *index, enum erm_snmpr_type type, uint32_t number)
{
	char name[128];

	(void)snprintf(name, sizeof(name), "%s.%u.%s", entry, column, index);
	set(fake, name, type, number);
}

static void set_text_column(struct fake_agent *fake, const char *entry, unsigned int column,
			    const char *index, const void *text, size_t len)
{
	char name[128];

	(void)snprintf(name, sizeof(name), "%s.%u.%s", entry, column, index);
	set_text(fake, name, text, len);
}

void fake_agent_peer(struct fake_agent *fake, const char *neighbor, unsigned int state,
		     uint32_t transitions)
{
	static const char entry[] = BGP ".3.1";

	set(fake, BGP ".2.0", ERM_SNMPR_INTEGER, 65010);
	set_column(fake, entry, 2, neighbor, ERM_SNMPR_INTEGER, state);
	set_column(fake, entry, 3, neighbor, ERM_SNMPR_INTEGER, 2);
	set_column(fake, entry, 9, neighbor, ERM_SNMPR_INTEGER, 12076);
	set_text_column(fake, entry, 14, neighbor, state == 6 ? "\0\0" : "\6\2", 2);
	set_column(fake, entry, 15, neighbor, ERM_SNMPR_COUNTER32, transitions);
	set_column(fake, entry, 16, neighbor, ERM_SNMPR_GAUGE32, 77);
	fake_agent_write(fake);
}

void fake_agent_interface(struct fake_agent *fake, uint32_t ifindex, const char *name,
			  unsigned int oper, uint32_t last_change)
{
	char index[16];

	(void)snprintf(index, sizeof(index), "%u", ifindex);
	set_text_column(fake, IFX, 1, index, name, strlen(name));
	set_column(fake, IFX, 15, index, ERM_SNMPR_GAUGE32, 10000);
	set_text_column(fake, IF, 2, index, name, strlen(name));
	set_column(fake, IF, 4, index, ERM_SNMPR_INTEGER, 1500);
	set_column(fake, IF, 7, index, ERM_SNMPR_INTEGER, 1);
	set_column(fake, IF, 8, index, ERM_SNMPR_INTEGER, oper);
	set_column(fake, IF, 9, index, ERM_SNMPR_TIMETICKS, last_change);
	fake_agent_write(fake);
}

void fake_agent_uptime(struct fake_agent *fake, uint32_t ticks)
{
	set(fake, "1.3.6.1.2.1.1.3.0", ERM_SNMPR_TIMETICKS, ticks);
	fake_agent_write(fake);
}

/* --- The process --- */

/* It reads the file at each question: never half of it. */
void fake_agent_write(const struct fake_agent *fake)
{
	char line[ERM_SNMPR_LINE_MAX];
	char path[96], next[104];
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s.mib", fake->credentials);
	(void)snprintf(next, sizeof(next), "%s.next", path);
	f = fopen(next, "we");
	ck_assert_ptr_nonnull(f);
	ck_assert_int_gt(fprintf(f, "%d %u %u %s %s\n", (int)fake->fault, fake->big,
				 fake->late_msec, fake->community, fake->error),
			 0);
	for (uint32_t i = 0; i < fake->mib.n; i++) {
		(void)erm_snmpr_varbind_write(&fake->mib.varbinds[i], line);
		ck_assert_int_ge(fputs(line, f), 0);
	}
	ck_assert_int_gt(fprintf(f, "ok %u\n", fake->mib.boots), 0);
	ck_assert_int_eq(fclose(f), 0);
	ck_assert_int_eq(rename(next, path), 0);
}

void fake_agent_fault(struct fake_agent *fake, enum fake_agent_fault fault)
{
	fake->fault = fault;
	fake_agent_write(fake);
}

void fake_agent_error(struct fake_agent *fake, const char *error)
{
	fake->error = error;
	fake_agent_fault(fake, FAKE_AGENT_ERROR);
}

unsigned int fake_agent_count(const struct fake_agent *fake, const char *word)
{
	char line[ERM_SNMPR_ASK_LINE_MAX + 16];
	char path[96];
	unsigned int n = 0;
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s.log", fake->credentials);
	f = fopen(path, "re");
	if (!f)
		return 0;
	while (fgets(line, sizeof(line), f))
		n += strncmp(line, word, strlen(word)) == 0;
	(void)fclose(f);
	return n;
}

void fake_agent_start(struct fake_agent *fake, const char *credentials)
{
	(void)snprintf(fake->credentials, sizeof(fake->credentials), "%s", credentials);
	(void)snprintf(fake->address, sizeof(fake->address), "udp:127.0.0.1:161");
	fake->community = "public";
	fake->error = "none";
}

void fake_agent_stop(struct fake_agent *fake)
{
	static const char *const ends[] = { "mib", "log" };
	char path[96];

	for (size_t i = 0; i < 2; i++) {
		(void)snprintf(path, sizeof(path), "%s.%s", fake->credentials, ends[i]);
		(void)unlink(path);
	}
}
