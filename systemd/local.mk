systemd_units = systemd/ermond.service systemd/ermon-netconf.service systemd/ermon-netconf.socket
EXTRA_DIST += systemd/ermond.service.in systemd/ermon-netconf.service.in \
	systemd/ermon-netconf.socket.in systemd/ermon.conf.in
CLEANFILES += $(systemd_units) systemd/ermon.conf

systemd/ermond.service: systemd/ermond.service.in Makefile
	$(AM_V_GEN)$(MKDIR_P) systemd && \
	$(SUBST) <$(srcdir)/systemd/ermond.service.in >$@.tmp && mv $@.tmp $@
systemd/ermon-netconf.service: systemd/ermon-netconf.service.in Makefile
	$(AM_V_GEN)$(MKDIR_P) systemd && \
	$(SUBST) <$(srcdir)/systemd/ermon-netconf.service.in >$@.tmp && mv $@.tmp $@
systemd/ermon-netconf.socket: systemd/ermon-netconf.socket.in Makefile
	$(AM_V_GEN)$(MKDIR_P) systemd && \
	$(SUBST) <$(srcdir)/systemd/ermon-netconf.socket.in >$@.tmp && mv $@.tmp $@
systemd/ermon.conf: systemd/ermon.conf.in Makefile
	$(AM_V_GEN)$(MKDIR_P) systemd && \
	$(SUBST) <$(srcdir)/systemd/ermon.conf.in >$@.tmp && mv $@.tmp $@

if INSTALL_UNITS
nodist_systemdsystemunit_DATA = $(systemd_units)
nodist_sysusers_DATA = systemd/ermon.conf
dist_catalog_DATA = systemd/ermon.catalog
else
nodist_noinst_DATA += $(systemd_units) systemd/ermon.conf
EXTRA_DIST += systemd/ermon.catalog
endif

# An example: who wants it copies it.
dist_doc_DATA += systemd/ermond-net-admin.conf
