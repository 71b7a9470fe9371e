noinst_LIBRARIES += libermcore.a
libermcore_a_CFLAGS = $(AM_CFLAGS) $(CONVERSION_CFLAGS)
libermcore_a_SOURCES = \
	agent/core/config.c \
	agent/core/config.h \
	agent/core/event.c \
	agent/core/event.h \
	agent/core/model.h \
	agent/core/obs.h \
	agent/core/persist.c \
	agent/core/persist.h \
	agent/core/snapshot.c \
	agent/core/snapshot.h \
	agent/core/types.c \
	agent/core/types.h
