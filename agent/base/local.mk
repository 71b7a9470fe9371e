noinst_LIBRARIES += libermbase.a
libermbase_a_CFLAGS = $(AM_CFLAGS) $(CONVERSION_CFLAGS) $(SYSTEMD_CFLAGS)
libermbase_a_SOURCES = \
	agent/base/addr.c \
	agent/base/addr.h \
	agent/base/cleanup.h \
	agent/base/log.c \
	agent/base/log.h \
	agent/base/reader.c \
	agent/base/reader.h \
	agent/base/thread.c \
	agent/base/thread.h \
	agent/base/usec.c \
	agent/base/usec.h
