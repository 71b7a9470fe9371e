noinst_LIBRARIES += libermsnmp.a
libermsnmp_a_CFLAGS = $(AM_CFLAGS) -pthread $(SYSTEMD_CFLAGS) $(NETSNMP_CFLAGS)
libermsnmp_a_SOURCES = \
	agent/publish/snmp/columns.c \
	agent/publish/snmp/columns.h \
	agent/publish/snmp/columns_agent.c \
	agent/publish/snmp/columns_alarm.c \
	agent/publish/snmp/columns_leg.c \
	agent/publish/snmp/columns_light.c \
	agent/publish/snmp/columns_shelf.c \
	agent/publish/snmp/columns_verdict.c \
	agent/publish/snmp/handler.c \
	agent/publish/snmp/handler.h \
	agent/publish/snmp/library.c \
	agent/publish/snmp/library.h \
	agent/publish/snmp/master.c \
	agent/publish/snmp/master.h \
	agent/publish/snmp/netsnmp.h \
	agent/publish/snmp/notification.c \
	agent/publish/snmp/notification.h \
	agent/publish/snmp/queue.c \
	agent/publish/snmp/queue.h \
	agent/publish/snmp/table.c \
	agent/publish/snmp/table.h \
	agent/publish/snmp/thread.c \
	agent/publish/snmp/value.c \
	agent/publish/snmp/value.h
