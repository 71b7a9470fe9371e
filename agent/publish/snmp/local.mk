noinst_LIBRARIES += libermsnmp.a
libermsnmp_a_CFLAGS = $(AM_CFLAGS) -pthread $(SYSTEMD_CFLAGS) $(NETSNMP_CFLAGS)
libermsnmp_a_SOURCES =
