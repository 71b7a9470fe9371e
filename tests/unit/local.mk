EXTRA_DIST += tests/unit/check_main.h
if HAVE_CHECK
UNIT_TESTS =
check_PROGRAMS += $(UNIT_TESTS)
TESTS += $(UNIT_TESTS)

# base
UNIT_TESTS += tests/unit/test_base_usec
tests_unit_test_base_usec_SOURCES = tests/unit/test_base_usec.c
tests_unit_test_base_usec_CPPFLAGS = $(TEST_CPPFLAGS)
tests_unit_test_base_usec_CFLAGS = $(TEST_CFLAGS)
tests_unit_test_base_usec_LDADD = libermbase.a $(CHECK_LIBS)
endif
