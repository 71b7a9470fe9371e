noinst_LIBRARIES += libermyang.a
libermyang_a_CFLAGS = $(AM_CFLAGS) $(LIBYANG_CFLAGS)
libermyang_a_SOURCES =
