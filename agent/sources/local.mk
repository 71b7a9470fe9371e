noinst_LIBRARIES += libermsources.a
libermsources_a_CFLAGS = $(AM_CFLAGS) $(SYSTEMD_CFLAGS) $(MNL_CFLAGS) $(JANSSON_CFLAGS)
libermsources_a_SOURCES = \
	agent/sources/source.h
