noinst_LIBRARIES += libermpublish.a
libermpublish_a_CFLAGS = $(AM_CFLAGS) $(SYSTEMD_CFLAGS) $(JANSSON_CFLAGS)
libermpublish_a_SOURCES = \
	agent/publish/publisher.h
