TEST_EXTENSIONS = .sh
# Paths a test needs.  CK_VERBOSITY: the closing line that `make test' sums up.
AM_TESTS_ENVIRONMENT = \
	CK_VERBOSITY=normal; export CK_VERBOSITY; \
	top_srcdir='$(abs_top_srcdir)'; export top_srcdir; \
	top_builddir='$(abs_top_builddir)'; export top_builddir; \
	CC='$(CC)'; export CC;

INTEGRATION_TESTS =

EXTRA_DIST += tests/shlib.sh tests/unit/check_main.h
if HAVE_CHECK
include $(srcdir)/tests/unit/local.mk
include $(srcdir)/tests/replay/local.mk
endif
include $(srcdir)/tests/fuzz/local.mk
include $(srcdir)/tests/arch/local.mk
include $(srcdir)/tests/integration/local.mk
include $(srcdir)/tests/systemd/local.mk
