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

# Examples: who wants them copies them.
dist_doc_DATA += etc/ermond.conf.example
EXTRA_DIST += etc/sshd-netconf.conf.in
CLEANFILES += etc/sshd-netconf.conf
nodist_doc_DATA += etc/sshd-netconf.conf
etc/sshd-netconf.conf: etc/sshd-netconf.conf.in Makefile
	$(AM_V_GEN)$(MKDIR_P) etc && \
	$(SUBST) <$(srcdir)/etc/sshd-netconf.conf.in >$@.tmp && mv $@.tmp $@
