mibdir = $(datadir)/snmp/mibs

mibs/ERMON-MIB.txt: mibs/ERMON-MIB.txt.in Makefile
	$(AM_V_GEN)$(MKDIR_P) mibs && $(SUBST) <$(srcdir)/mibs/ERMON-MIB.txt.in >$@.tmp && mv $@.tmp $@
