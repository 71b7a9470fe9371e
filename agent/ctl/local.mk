# ermonctl: bin_PROGRAMS += ermonctl, ermonctl_SOURCES, ermonctl_CFLAGS, ermonctl_LDADD
