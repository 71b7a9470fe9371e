TEST_EXTENSIONS = .sh
# Paths a test needs.  CK_VERBOSITY: the closing line that `make test' sums up.
AM_TESTS_ENVIRONMENT = \
	CK_VERBOSITY=normal; export CK_VERBOSITY; \
	top_srcdir='$(abs_top_srcdir)'; export top_srcdir; \
	top_builddir='$(abs_top_builddir)'; export top_builddir; \
	CC='$(CC)'; export CC;

# What the unit, replay and fuzz programs are linked with.
TEST_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/tests -I$(srcdir)/tests/unit
TEST_CFLAGS = $(AM_CFLAGS) -pthread $(CHECK_CFLAGS)
INTEGRATION_TESTS =

include $(srcdir)/tests/unit/local.mk
include $(srcdir)/tests/replay/local.mk
include $(srcdir)/tests/fuzz/local.mk
include $(srcdir)/tests/arch/local.mk
include $(srcdir)/tests/integration/local.mk
include $(srcdir)/tests/systemd/local.mk

EXTRA_DIST += tests/shlib.sh
