/*
 * Text for people: what may be printed, in which colour, how wide.  Everything that
 * came from the daemon goes through here, so that no name or reason from outside
 * can steer the terminal.
 */
#ifndef ERM_CTL_TEXT_H
#define ERM_CTL_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/usec.h"

enum erm_style {
	ERM_STYLE_PLAIN = 0,
	ERM_STYLE_BOLD,
	ERM_STYLE_DIM,
	ERM_STYLE_GOOD,
	ERM_STYLE_WARN,    /* degraded */
	ERM_STYLE_ALERT,   /* redundancy lost */
	ERM_STYLE_BAD,     /* down */
	ERM_STYLE_UNKNOWN, /* unknown */
	ERM_STYLE_MAX
};

struct erm_out {
	FILE *f;
	bool is_utf8;
	bool has_color;
	size_t width; /* longer lines are cut; 0 = no limit */
	usec_t now;   /* CLOCK_REALTIME: "since" is counted from it */
};

/*
 * How f wants it: colour only on a terminal (and not with NO_COLOR or TERM=dumb), box
 * drawing only in a UTF-8 locale, no limit of width.  setlocale() has been called.
 */
struct erm_out erm_out_init(FILE *f);

/*
 * A printable copy of text, which the caller frees (NULL on ENOMEM): control characters,
 * bidirectional overrides and broken UTF-8 become '?'; outside UTF-8 locales all
 * that is not ASCII does.
 */
char *erm_text_printable(const struct erm_out *out, const char *text);

/* "ermonctl: why" on standard error, made printable line by line. */
void erm_text_complain(const struct erm_out *out, const char *why);

/* Columns of printable UTF-8 text, one a character. */
size_t erm_text_width(const char *text);

/* Starts and ends a colour; nothing without colour. */
const char *erm_style_on(const struct erm_out *out, enum erm_style style);
const char *erm_style_off(const struct erm_out *out, enum erm_style style);

#define ERM_AGE_MAX 24
/* "12d 4h", "3h 05m", "2m 13s", "4.2s"; "-" for 0, "now" for what is not past yet. */
const char *erm_text_age(usec_t since_real, usec_t now_real, char buf[ERM_AGE_MAX]);

#define ERM_CLOCK_MAX 32
/* Local date and time to the second; "-" for 0. */
const char *erm_text_clock(usec_t real, char buf[ERM_CLOCK_MAX]);

/* RFC 3339 date and time -> microseconds; 0 when it is none. */
usec_t erm_text_parse_time(const char *text);

#endif
