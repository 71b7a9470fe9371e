# ermond
sbin_PROGRAMS += ermond
ermond_CFLAGS = $(AM_CFLAGS) $(SYSTEMD_CFLAGS)
ermond_SOURCES = \
	agent/daemon.c \
	agent/daemon.h \
	agent/daemon_config.c \
	agent/daemon_operator.c \
	agent/daemon_publish.c \
	agent/daemon_save.c \
	agent/daemon_sources.c \
	agent/daemon_state.h \
	agent/main.c \
	agent/registry.c \
	agent/registry.h
ermond_LDADD = libermsources.a libermpublish.a libermsnmp.a libermyang.a libermstate.a libermcore.a \
	libermbase.a $(NETSNMP_LIBS) $(LIBYANG_LIBS) $(SYSTEMD_LIBS) $(MNL_LIBS) $(JANSSON_LIBS) -lm

# State file: text form and writer thread; the notifications kept for it
noinst_LIBRARIES += libermstate.a
libermstate_a_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS) -pthread
libermstate_a_SOURCES = \
	agent/state_file.c \
	agent/state_file.h \
	agent/state_record.c \
	agent/state_record.h \
	agent/state_writer.c \
	agent/state_writer.h \
	agent/undelivered.c \
	agent/undelivered.h
