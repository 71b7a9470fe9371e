# ermond: sbin_PROGRAMS += ermond, ermond_SOURCES, ermond_CFLAGS, ermond_LDADD
