/*
 * Switches carrier at exact times.  usage: link_switch LINK...; a LINK is
 *   NAME        a tap it makes in its own namespace: carrier by the driver, as a NIC's
 *   NAME@NETNS  a veth's far end, in a named namespace: set down and up
 * Reads words from stdin: -LINK off, +LINK on, NUMBER waits so many milliseconds.
 * For each switch one line before it is done: USEC WORD, USEC by CLOCK_MONOTONIC.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/usec.h"

#define MAX_LINKS 64

struct link {
	const char *word;
	char name[IFNAMSIZ];
	int tap;    /* < 0: none, but a far end */
	int socket; /* in the namespace of the interface */
};

static struct link links[MAX_LINKS];
static int n_links;

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static void set_flag(const struct link *link, bool is_up)
{
	struct ifreq ifr = { 0 };

	memcpy(ifr.ifr_name, link->name, sizeof(ifr.ifr_name));
	if (ioctl(link->socket, SIOCGIFFLAGS, &ifr) < 0)
		fail(link->name);
	if (is_up)
		ifr.ifr_flags |= IFF_UP;
	else
		ifr.ifr_flags &= (short)~IFF_UP;
	if (ioctl(link->socket, SIOCSIFFLAGS, &ifr) < 0)
		fail(link->name);
}

static void carry(const struct link *link, bool is_on)
{
	int value = is_on;

	if (link->tap < 0)
		set_flag(link, is_on);
	else if (ioctl(link->tap, TUNSETCARRIER, &value) < 0)
		fail(link->name);
}

static int open_tap(const char *name)
{
	struct ifreq ifr = { .ifr_flags = IFF_TAP | IFF_NO_PI };
	int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);

	(void)strncpy(ifr.ifr_name, name, sizeof(ifr.ifr_name) - 1);
	if (fd < 0 || ioctl(fd, TUNSETIFF, &ifr) < 0)
		fail("/dev/net/tun");
	return fd;
}

static int socket_in(const char *netns)
{
	int home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	char path[256];
	int there = -1;
	int fd = -1;

	(void)snprintf(path, sizeof(path), "/run/netns/%s", netns);
	there = open(path, O_RDONLY | O_CLOEXEC);
	if (home < 0 || there < 0 || setns(there, CLONE_NEWNET) < 0)
		fail(path);
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || setns(home, CLONE_NEWNET) < 0)
		fail("socket");
	(void)close(there);
	(void)close(home);
	return fd;
}

static void add(const char *word)
{
	struct link *link = &links[n_links++];
	const char *at = strchr(word, '@');
	size_t len = at ? (size_t)(at - word) : strlen(word);

	link->word = word;
	memcpy(link->name, word, len < IFNAMSIZ ? len : IFNAMSIZ - 1);
	link->tap = at ? -1 : open_tap(link->name);
	link->socket = at ? socket_in(at + 1) : socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (!at)
		set_flag(link, true);
	carry(link, true);
}

static void turn(const char *word)
{
	for (int i = 0; i < n_links; i++) {
		if (strcmp(links[i].word, word + 1) != 0)
			continue;
		(void)printf("%" PRIu64 " %s\n", erm_time_now().mono, word);
		carry(&links[i], word[0] == '+');
		return;
	}
	(void)printf("no such link: %s\n", word);
}

int main(int argc, char **argv)
{
	char word[64];

	(void)setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc < 2 || argc > MAX_LINKS)
		return 2;
	for (int i = 1; i < argc; i++)
		add(argv[i]);
	(void)printf("ready\n");
	while (scanf("%63s", word) == 1) {
		if (word[0] == '-' || word[0] == '+')
			turn(word);
		else
			(void)usleep((useconds_t)strtoul(word, NULL, 10) * 1000);
	}
	return 0;
}
