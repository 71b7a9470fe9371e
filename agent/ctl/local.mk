# What the unit tests link, too
noinst_LIBRARIES += libermctl.a
libermctl_a_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
libermctl_a_SOURCES = \
	agent/ctl/act.c \
	agent/ctl/act.h \
	agent/ctl/check.c \
	agent/ctl/check.h \
	agent/ctl/claims.c \
	agent/ctl/claims.h \
	agent/ctl/client.c \
	agent/ctl/client.h \
	agent/ctl/command.c \
	agent/ctl/command.h \
	agent/ctl/data.c \
	agent/ctl/data.h \
	agent/ctl/lists.c \
	agent/ctl/lists.h \
	agent/ctl/sections.c \
	agent/ctl/sections.h \
	agent/ctl/status.c \
	agent/ctl/status.h \
	agent/ctl/table.c \
	agent/ctl/table.h \
	agent/ctl/text.c \
	agent/ctl/text.h \
	agent/ctl/watch.c \
	agent/ctl/watch.h \
	agent/ctl/words.c \
	agent/ctl/words.h

bin_PROGRAMS += ermonctl
ermonctl_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
ermonctl_SOURCES = agent/ctl/main.c
ermonctl_LDADD = libermctl.a libermbase.a $(JANSSON_LIBS)
