# The module's revision is part of its installed name; tests/arch/yang_lint.py compares the two.
YANG_REVISION = 2026-11-22
nodist_yang_DATA = yang/ermon@$(YANG_REVISION).yang
EXTRA_DIST += yang/ermon.yang
CLEANFILES += $(nodist_yang_DATA)

yang/ermon@$(YANG_REVISION).yang: yang/ermon.yang
	$(AM_V_GEN)$(MKDIR_P) yang && cp $(srcdir)/yang/ermon.yang $@
