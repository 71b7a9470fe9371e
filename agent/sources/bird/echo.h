/*
 * A second connection to BIRD, on which its log lines come as they are written: "look now"
 * and nothing else.  Whatever happens to it is harmless: the polls do the work.  Main
 * thread.
 */
#ifndef ERM_SOURCES_BIRD_ECHO_H
#define ERM_SOURCES_BIRD_ECHO_H

#include <stdbool.h>
#include <systemd/sd-event.h>

struct erm_bird_echo;

/* seen: BIRD wrote one or more lines. */
int erm_bird_echo_new(sd_event *event, void (*seen)(void *userdata), void *userdata,
		      struct erm_bird_echo **ret);
struct erm_bird_echo *erm_bird_echo_free(struct erm_bird_echo *echo);

/* Connects anew when it is not connected, for ever without it when BIRD refuses. */
void erm_bird_echo_open(struct erm_bird_echo *echo, const char *path);
void erm_bird_echo_close(struct erm_bird_echo *echo);
bool erm_bird_echo_is_open(const struct erm_bird_echo *echo);

#endif
