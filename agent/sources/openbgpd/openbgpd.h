/* A door for tests into the source of OpenBGPD. */
#ifndef ERM_SOURCES_OPENBGPD_H
#define ERM_SOURCES_OPENBGPD_H

/* The program that is run; NULL: bgpctl, from where packages put programs. */
extern const char *erm_openbgpd_program;

#endif
