# The configuration is the administrator's: installed where there is none yet, removed only
# when it is still as installed.
EXTRA_DIST += etc/ermond.conf
configdir = $(sysconfdir)/ermon

INSTALL_DATA_HOOKS += install-config
install-config:
	$(MKDIR_P) '$(DESTDIR)$(configdir)'
	test -f '$(DESTDIR)$(configdir)/ermond.conf' || \
	$(INSTALL_DATA) $(srcdir)/etc/ermond.conf '$(DESTDIR)$(configdir)/ermond.conf'

uninstall-hook:
	if cmp -s $(srcdir)/etc/ermond.conf '$(DESTDIR)$(configdir)/ermond.conf'; then \
		rm -f '$(DESTDIR)$(configdir)/ermond.conf'; \
		rmdir '$(DESTDIR)$(configdir)' 2>/dev/null || :; \
	fi

dist_doc_DATA += etc/ermond.conf.example
