# ermond: sbin_PROGRAMS += ermond, ermond_SOURCES, ermond_CFLAGS, ermond_LDADD

# State file: text form and writer thread
noinst_LIBRARIES += libermstate.a
libermstate_a_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS) -pthread
libermstate_a_SOURCES = \
	agent/state_file.c \
	agent/state_file.h \
	agent/state_writer.c \
	agent/state_writer.h
