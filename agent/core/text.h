/*
 * The words of an alarm: one printable ASCII line, complete without any other
 * field, worded for the connectivity model (in an L3 model sessions prove access
 * legs only, so the text never claims more).  Pure.
 */
#ifndef ERM_CORE_TEXT_H
#define ERM_CORE_TEXT_H

#include "core/event.h"
#include "core/model_state.h"

void erm_text_raise(const struct erm_tables *t, const struct erm_alarm *alarm,
		    char ret[ERM_EVENT_TEXT_MAX]);
void erm_text_clear(const struct erm_tables *t, const struct erm_alarm *alarm,
		    char ret[ERM_EVENT_TEXT_MAX]);

/* Replaces what trap handlers and quoting cannot bear (and all but printable ASCII) by a blank. */
void erm_text_clean(char *text);

#endif
