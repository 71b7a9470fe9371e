# What the unit tests link, too
noinst_LIBRARIES += libermnetconf.a
libermnetconf_a_CFLAGS = $(AM_CFLAGS) $(LIBYANG_CFLAGS) $(JANSSON_CFLAGS) $(SYSTEMD_CFLAGS)
libermnetconf_a_SOURCES = \
	agent/netconf/channel.c \
	agent/netconf/channel.h \
	agent/netconf/compat.h \
	agent/netconf/doc.c \
	agent/netconf/doc.h \
	agent/netconf/doc_print.c \
	agent/netconf/doc_print.h \
	agent/netconf/error.c \
	agent/netconf/error.h \
	agent/netconf/frame.c \
	agent/netconf/frame.h \
	agent/netconf/input.c \
	agent/netconf/input.h \
	agent/netconf/link.c \
	agent/netconf/link.h \
	agent/netconf/listen.c \
	agent/netconf/listen.h \
	agent/netconf/marks.c \
	agent/netconf/marks.h \
	agent/netconf/models.c \
	agent/netconf/models.h \
	agent/netconf/output.c \
	agent/netconf/output.h \
	agent/netconf/relay.c \
	agent/netconf/relay.h \
	agent/netconf/request.h \
	agent/netconf/rpc.c \
	agent/netconf/rpc.h \
	agent/netconf/rpc_get.c \
	agent/netconf/rpc_schema.c \
	agent/netconf/rpc_session.c \
	agent/netconf/rpc_subscribe.c \
	agent/netconf/scan.c \
	agent/netconf/scan.h \
	agent/netconf/server.c \
	agent/netconf/server.h \
	agent/netconf/session.c \
	agent/netconf/session.h \
	agent/netconf/shape.c \
	agent/netconf/shape.h \
	agent/netconf/state.c \
	agent/netconf/state.h \
	agent/netconf/stream.c \
	agent/netconf/stream.h \
	agent/netconf/subscription.c \
	agent/netconf/subscription.h \
	agent/netconf/subtree.c \
	agent/netconf/subtree.h \
	agent/netconf/table.c \
	agent/netconf/table.h \
	agent/netconf/xml.c \
	agent/netconf/xml.h

libexec_PROGRAMS += ermon-netconf
ermon_netconf_CFLAGS = $(AM_CFLAGS) $(SYSTEMD_CFLAGS)
ermon_netconf_SOURCES = agent/netconf/main.c
ermon_netconf_LDADD = libermnetconf.a libermbase.a $(LIBYANG_LIBS) $(JANSSON_LIBS) $(SYSTEMD_LIBS)
