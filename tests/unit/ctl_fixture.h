/* A control socket with a fake encoder, its loop, and clients of it, in one process. */
#ifndef ERM_TESTS_CTL_FIXTURE_H
#define ERM_TESTS_CTL_FIXTURE_H

#include <stddef.h>
#include <stdint.h>
#include <systemd/sd-event.h>

#include "publish/ctl.h"

struct ctl_fixture {
	char dir[32], path[64], log_path[64];
	sd_event *event;
	struct erm_publisher *pub;
	struct erm_publisher_env env;
	struct erm_ctl_limits limits;  /* in force after ctl_restart() */
	struct erm_snapshot *snapshot; /* last sequence 3, with three events in its log */
	size_t padding;                /* octets the encoder adds */
	int reload_result, n_reloads;
	int act_result;     /* alarms concerned, or an error */
	struct erm_act act; /* the last one; kind 0 = none */
};
extern struct ctl_fixture ctl;

void ctl_set_up(void);
void ctl_tear_down(void);
void ctl_start(void);
void ctl_restart(void);
/* One turn of the daemon's loop. */
void ctl_spin(void);
struct erm_ctl_counters ctl_counters(void);
void ctl_wait_for_clients(uint32_t n);
struct erm_event *ctl_make_event(uint32_t sequence);

/* The client's side; each turns the loop while it waits. */
int ctl_open(void);
void ctl_put(int fd, const void *data, size_t len);
void ctl_ask(int fd, const char *text);
/* The next message, which the caller frees; NULL at the end of the connection. */
char *ctl_next_message(int fd);
void ctl_expect(int fd, const char *expected);
void ctl_expect_word(int fd, const char *word);
/* Closes fd, too. */
void ctl_expect_end(int fd);

#define GET       "{\"method\":\"org.ermon.Get\"}"
#define SUBSCRIBE "{\"method\":\"org.ermon.Subscribe\",\"more\":true}"
#define ANSWER    "{\"parameters\":{\"data\":{\"ermon:ermon\":\"3/1f/\"}}}"
#define STARTED   "{\"parameters\":{},\"continues\":true}"
#define CHANGED   "{\"parameters\":{\"changed\":true},\"continues\":true}"
#define EVENT(n) \
	"{\"parameters\":{\"event\":{\"ermon:event\":{\"sequence\":" #n "}}},\"continues\":true}"

#endif
