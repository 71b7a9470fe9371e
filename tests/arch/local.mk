arch_tests = \
	tests/arch/mib_lint.sh \
	tests/arch/test_arch_fields.sh \
	tests/arch/test_arch_headers.sh \
	tests/arch/test_arch_includes.sh \
	tests/arch/test_arch_purity.sh \
	tests/arch/test_arch_sizes.sh
AM_TESTS_ENVIRONMENT += ERM_LIB_CFLAGS='$(SYSTEMD_CFLAGS) $(MNL_CFLAGS) $(JANSSON_CFLAGS) \
	$(LIBYANG_CFLAGS) $(NETSNMP_CFLAGS) $(CHECK_CFLAGS)'; export ERM_LIB_CFLAGS;
TESTS += $(arch_tests)
dist_check_SCRIPTS += $(arch_tests)
EXTRA_DIST += tests/arch/core_symbols.txt tests/arch/fields.py tests/arch/fields.txt

# yang: the module's style, and instance data in yanglint's eyes
yang_tests = \
	tests/arch/test_yang_instances.sh \
	tests/arch/test_yang_lint.sh \
	tests/arch/test_yang_manual.sh
TESTS += $(yang_tests)
dist_check_SCRIPTS += $(yang_tests)
EXTRA_DIST += tests/arch/ermon.tree tests/arch/yang_lint.py tests/arch/yang_manual.py
