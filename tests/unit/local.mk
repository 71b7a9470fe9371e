# Unit tests, one Check program a file.  The source of tests/unit/test_NAME is tests/unit/test_NAME.c:
#   UNIT_TESTS += tests/unit/test_NAME
#   tests_unit_test_NAME_LDADD = libermcore.a libermbase.a $(CHECK_LIBS)
UNIT_TESTS =
check_PROGRAMS += $(UNIT_TESTS)
TESTS += $(UNIT_TESTS)

# base
UNIT_TESTS += \
	tests/unit/test_base_addr \
	tests/unit/test_base_log \
	tests/unit/test_base_reader \
	tests/unit/test_base_usec
tests_unit_test_base_addr_LDADD = libermbase.a $(CHECK_LIBS)
tests_unit_test_base_log_LDADD = libermbase.a $(SYSTEMD_LIBS) $(CHECK_LIBS)
tests_unit_test_base_reader_LDADD = libermbase.a $(CHECK_LIBS)
tests_unit_test_base_usec_LDADD = libermbase.a $(CHECK_LIBS)

# state file
STATE_TEST_LIBS = libermstate.a libermcore.a libermbase.a $(JANSSON_LIBS) $(SYSTEMD_LIBS) \
	-lpthread $(CHECK_LIBS)
UNIT_TESTS += \
	tests/unit/test_state_file \
	tests/unit/test_state_writer
tests_unit_test_state_file_LDADD = $(STATE_TEST_LIBS)
tests_unit_test_state_writer_LDADD = $(STATE_TEST_LIBS)
