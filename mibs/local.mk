mibdir = $(datadir)/snmp/mibs
nodist_mib_DATA = mibs/ERMON-MIB.txt
EXTRA_DIST += mibs/ERMON-MIB.txt.in
CLEANFILES += mibs/ERMON-MIB.txt

mibs/ERMON-MIB.txt: mibs/ERMON-MIB.txt.in Makefile
	$(AM_V_GEN)$(MKDIR_P) mibs && $(SUBST) <$(srcdir)/mibs/ERMON-MIB.txt.in >$@.tmp && mv $@.tmp $@
