TEST_EXTENSIONS = .sh
# Paths a test needs.  CK_VERBOSITY: the closing line that `make test' sums up.  The timeouts:
# a busy machine under a sanitizer is slow, which is no failure.
AM_TESTS_ENVIRONMENT = \
	CK_VERBOSITY=normal; export CK_VERBOSITY; \
	CK_DEFAULT_TIMEOUT=20; export CK_DEFAULT_TIMEOUT; \
	CK_TIMEOUT_MULTIPLIER=3; export CK_TIMEOUT_MULTIPLIER; \
	top_srcdir='$(abs_top_srcdir)'; export top_srcdir; \
	top_builddir='$(abs_top_builddir)'; export top_builddir; \
	CC='$(CC)'; export CC; \
	ASAN_OPTIONS=detect_leaks=1; export ASAN_OPTIONS; \
	LSAN_OPTIONS='suppressions=$(abs_top_srcdir)/tests/lsan.supp:print_suppressions=0'; \
	export LSAN_OPTIONS; \
	TSAN_OPTIONS='suppressions=$(abs_top_srcdir)/tests/tsan.supp:halt_on_error=1'; \
	export TSAN_OPTIONS; \
	UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1; export UBSAN_OPTIONS;

# Run by `make integration', `make boot-test' and `make thread-test'.
INTEGRATION_TESTS =
BOOT_TESTS =
THREAD_TESTS = \
	tests/unit/test_base_log \
	tests/unit/test_base_thread \
	tests/unit/test_ctl_client \
	tests/unit/test_publish_ctl \
	tests/unit/test_publish_ctl_limits \
	tests/unit/test_publish_journal \
	tests/unit/test_snmp_queue \
	tests/unit/test_snmp_table \
	tests/unit/test_sources_ethtool \
	tests/unit/test_sources_ethtool_faults \
	tests/unit/test_state_writer

EXTRA_DIST += tests/lsan.supp tests/shlib.sh tests/style.sh tests/summary.sh tests/tsan.supp tests/unit/check_main.h
if HAVE_CHECK
include $(srcdir)/tests/unit/local.mk
include $(srcdir)/tests/replay/local.mk
endif
include $(srcdir)/tests/fuzz/local.mk
include $(srcdir)/tests/arch/local.mk
include $(srcdir)/tests/integration/local.mk
include $(srcdir)/tests/systemd/local.mk
