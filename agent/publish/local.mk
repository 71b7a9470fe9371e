noinst_LIBRARIES += libermpublish.a
libermpublish_a_CFLAGS = $(AM_CFLAGS) $(SYSTEMD_CFLAGS) $(JANSSON_CFLAGS) -pthread
libermpublish_a_SOURCES = \
	agent/publish/ctl.c \
	agent/publish/ctl.h \
	agent/publish/ctl_act.c \
	agent/publish/ctl_act.h \
	agent/publish/ctl_client.c \
	agent/publish/ctl_client.h \
	agent/publish/ctl_encoder.c \
	agent/publish/ctl_encoder.h \
	agent/publish/ctl_frame.c \
	agent/publish/ctl_frame.h \
	agent/publish/ctl_listen.c \
	agent/publish/ctl_listen.h \
	agent/publish/journal.c \
	agent/publish/journal_entry.c \
	agent/publish/journal_entry.h \
	agent/publish/journal_ids.h \
	agent/publish/publisher.h
