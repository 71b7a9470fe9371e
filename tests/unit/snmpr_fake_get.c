/* The program ermon-snmp-get of the tests: see snmpr_fake.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "snmpr_fake.h"
#include "sources/snmp_router/credentials.h"

static struct erm_snmpr_answer mib;
static enum fake_agent_fault fault;
static unsigned long big, late_msec;
static char community[64], error[160];

static void note(const char *credentials, const char *line)
{
	char path[128];
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s.log", credentials);
	f = fopen(path, "ae");
	if (!f || fputs(line, f) < 0 || fclose(f) != 0)
		exit(90);
}

static void read_mib(const char *credentials)
{
	char line[ERM_SNMPR_LINE_MAX];
	char path[128];
	char *at = line;
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s.mib", credentials);
	f = fopen(path, "re");
	if (!f || !fgets(line, sizeof(line), f))
		exit(91);
	fault = (enum fake_agent_fault)strtoul(at, &at, 10);
	big = strtoul(at, &at, 10);
	late_msec = strtoul(at, &at, 10);
	(void)snprintf(community, sizeof(community), "%.*s", (int)strcspn(at + 1, " "), at + 1);
	at += 1 + strlen(community) + 1;
	(void)snprintf(error, sizeof(error), "%.*s", (int)strcspn(at, "\n"), at);
	memset(&mib, 0, sizeof(mib));
	while (fgets(line, sizeof(line), f))
		if (erm_snmpr_answer_take(&mib, line, strlen(line) - 1) < 0)
			exit(92);
	(void)fclose(f);
}

static const struct erm_snmpr_varbind *row_behind(const struct erm_snmpr_oid *name)
{
	for (uint32_t i = 0; i < mib.n; i++)
		if (erm_snmpr_oid_compare(&mib.varbinds[i].name, name) > 0)
			return &mib.varbinds[i];
	return NULL;
}

/* As agents do: the column exists when any row of it does. */
static struct erm_snmpr_varbind row_of(const struct erm_snmpr_oid *name)
{
	struct erm_snmpr_varbind row = { .name = *name, .type = ERM_SNMPR_NO_OBJECT };
	struct erm_snmpr_oid column = *name;

	column.n = name->n > 10 ? 10 : name->n - 1;
	for (uint32_t i = 0; i < mib.n; i++) {
		if (erm_snmpr_oid_equal(&mib.varbinds[i].name, name))
			return mib.varbinds[i];
		if (erm_snmpr_oid_is_below(&mib.varbinds[i].name, &column))
			row.type = ERM_SNMPR_NO_INSTANCE;
	}
	return row;
}

static void say(const struct erm_snmpr_varbind *row)
{
	static char line[ERM_SNMPR_LINE_MAX];
	struct erm_snmpr_varbind other = *row;

	if (fault == FAKE_AGENT_OTHER_NAMES)
		other.name.ids[other.name.n - 1]++;
	(void)fwrite(line, 1, erm_snmpr_varbind_write(&other, line), stdout);
}

static void walk(const struct erm_snmpr_request *request)
{
	struct erm_snmpr_varbind end = { .name = request->names[0], .type = ERM_SNMPR_END_OF_VIEW };
	const struct erm_snmpr_varbind *row = row_behind(&request->names[0]);

	/* one at a time: every step of a walk is gone */
	if (fault == FAKE_AGENT_CIRCLES) {
		end.type = ERM_SNMPR_OCTETS;
		row = NULL;
	}
	say(row ? row : &end);
}

static void answer(const struct erm_snmpr_request *request)
{
	if (fault == FAKE_AGENT_ERROR) {
		(void)printf("error %s\n", error);
	} else if (big > 0 && request->n > big) {
		(void)printf("error too-big for it\n");
	} else {
		for (int i = 0; fault == FAKE_AGENT_OVERFLOW && i < 100; i++)
			(void)printf("1.3.%d integer 1\n", i);
		if (request->command == ERM_SNMPR_GET_BULK)
			walk(request);
		for (uint32_t i = 0; request->command == ERM_SNMPR_GET && i < request->n; i++) {
			struct erm_snmpr_varbind row = row_of(&request->names[i]);

			say(&row);
		}
		(void)printf("ok %u\n", mib.boots);
	}
}

/* True when it is not to be answered. */
static bool misbehave(void)
{
	switch (fault) {
	case FAKE_AGENT_HANGS:
		for (;;)
			(void)pause();
	case FAKE_AGENT_LATE:
		(void)usleep((useconds_t)late_msec * 1000);
		return false;
	case FAKE_AGENT_RUBBISH:
		(void)puts("what?");
		return true;
	case FAKE_AGENT_CUT:
		(void)printf("1.3.6.1.2.1.1.3.0 ti");
		(void)fflush(stdout);
		exit(0);
	case FAKE_AGENT_ENDS:
		exit(3);
	case FAKE_AGENT_CLOSES:
		(void)close(STDIN_FILENO);
		(void)close(STDOUT_FILENO);
		for (;;)
			(void)pause();
	case FAKE_AGENT_LONG_LINE:
		for (int i = 0; i < 100000; i++)
			(void)putchar('1');
		return true;
	case FAKE_AGENT_WELL:
	case FAKE_AGENT_ERROR:
	case FAKE_AGENT_NEVER_IS:
	case FAKE_AGENT_OVERFLOW:
	case FAKE_AGENT_TALKS_ON:
	case FAKE_AGENT_UNASKED:
	case FAKE_AGENT_OTHER_NAMES:
	case FAKE_AGENT_CIRCLES:
		break;
	}
	return false;
}

static void talk_on(void)
{
	if (fault == FAKE_AGENT_UNASKED) {
		(void)fflush(stdout);
		(void)usleep(10000);
	}
	if (fault == FAKE_AGENT_UNASKED || fault == FAKE_AGENT_TALKS_ON)
		(void)puts("ok 0");
}

int main(int argc, char **argv)
{
	static struct erm_snmpr_oid names[ERM_SNMPR_ASK_MAX];
	static char line[ERM_SNMPR_ASK_LINE_MAX];
	struct erm_snmpr_credentials c = { 0 };
	struct erm_snmpr_request request = { 0 };
	char why[ERM_SNMPR_ERROR_MAX] = "";
	int r;

	if (argc != 4)
		return 93;
	note(argv[2], "start\n");
	read_mib(argv[2]);
	if (fault == FAKE_AGENT_NEVER_IS)
		return 1;
	r = erm_snmpr_credentials_read(argv[2], &c, why);
	while (fgets(line, sizeof(line), stdin)) {
		note(argv[2], line);
		read_mib(argv[2]);
		if (erm_snmpr_request_parse(line, strlen(line) - 1, names, &request) < 0)
			return 94;
		if (r < 0)
			(void)printf("error permission %s\n", why);
		else if (strcmp(c.community, community) != 0)
			(void)puts("error timeout no answer, or another community");
		else if (!misbehave())
			answer(&request);
		talk_on();
		if (fflush(stdout) != 0)
			return 95;
	}
	return 0;
}
