noinst_LIBRARIES += libermsources.a
libermsources_a_CFLAGS = $(AM_CFLAGS) $(SYSTEMD_CFLAGS) $(MNL_CFLAGS) $(JANSSON_CFLAGS)
libermsources_a_SOURCES = \
	agent/sources/source.h
# frr
libermsources_a_SOURCES += \
	agent/sources/frr.c \
	agent/sources/frr_conn.c \
	agent/sources/frr_conn.h \
	agent/sources/frr_frame.c \
	agent/sources/frr_frame.h \
	agent/sources/frr_parse.c \
	agent/sources/frr_parse.h \
	agent/sources/frr_peers.c \
	agent/sources/frr_peers.h \
	agent/sources/frr_watch.c \
	agent/sources/frr_watch.h
