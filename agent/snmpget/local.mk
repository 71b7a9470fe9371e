# ermon-snmp-get: asks a router's SNMP agent, in a process of its own
pkglibexec_PROGRAMS += ermon-snmp-get
ermon_snmp_get_CFLAGS = $(AM_CFLAGS) $(NETSNMP_CLIENT_CFLAGS)
ermon_snmp_get_SOURCES = \
	agent/snmpget/get.c \
	agent/snmpget/netsnmp.h \
	agent/snmpget/session.c \
	agent/snmpget/session.h
ermon_snmp_get_LDADD = libermsources.a libermbase.a $(NETSNMP_CLIENT_LIBS)
