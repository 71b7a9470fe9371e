/* ermon.yang's words as people read them, and how they look. */
#ifndef ERM_CTL_WORDS_H
#define ERM_CTL_WORDS_H

#include "ctl/text.h"

#define ERM_WORD_MAX 48

/* "redundancy-lost" -> "redundancy lost". */
const char *erm_word_plain(const char *word, char buf[ERM_WORD_MAX]);

/* A cause as a phrase; the plain word for one that is not known here.  "" for none. */
const char *erm_word_cause(const char *cause, char buf[ERM_WORD_MAX]);

/* Who most likely owns the fault, as the hint it is: "most likely with the provider"; "" when nobody can tell. */
const char *erm_word_fault(const char *fault_domain);

enum erm_style erm_word_state_style(const char *state);
enum erm_style erm_word_severity_style(const char *severity);

/* One character that tells the state without colour. */
const char *erm_word_state_mark(const struct erm_out *out, const char *state);

#endif
