# A target: LLVMFuzzerTestOneInput() over one pure parser, in tests/fuzz/fuzz_NAME.c, its seeds and
# crashers in tests/fuzz/corpus/NAME/.  Plain builds link the driver that replays the corpus in
# `make check'; --enable-fuzzing links libFuzzer.
#
#   FUZZ_TARGETS += NAME
#   check_PROGRAMS += tests/fuzz/fuzz_NAME
#   tests_fuzz_fuzz_NAME_SOURCES = tests/fuzz/fuzz_NAME.c $(FUZZ_DRIVER)
#   tests_fuzz_fuzz_NAME_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)
#   tests_fuzz_fuzz_NAME_LDADD = libermsources.a libermbase.a ...
FUZZ_TARGETS =
if ENABLE_FUZZING
FUZZ_DRIVER =
else
FUZZ_DRIVER = tests/fuzz/standalone.c
endif
AM_TESTS_ENVIRONMENT += FUZZ_TARGETS='$(FUZZ_TARGETS)'; export FUZZ_TARGETS;
TESTS += tests/fuzz/test_fuzz_replay.sh
dist_check_SCRIPTS += tests/fuzz/test_fuzz_replay.sh
EXTRA_DIST += tests/fuzz/standalone.c tests/fuzz/corpus

FUZZ_TARGETS += state
check_PROGRAMS += tests/fuzz/fuzz_state
tests_fuzz_fuzz_state_SOURCES = tests/fuzz/fuzz_state.c $(FUZZ_DRIVER)
tests_fuzz_fuzz_state_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_state_LDADD = libermstate.a libermcore.a libermbase.a $(JANSSON_LIBS) \
	$(SYSTEMD_LIBS) -lpthread

FUZZ_TARGETS += frr_frame frr_parse frr_table
check_PROGRAMS += tests/fuzz/fuzz_frr_frame tests/fuzz/fuzz_frr_parse tests/fuzz/fuzz_frr_table
tests_fuzz_fuzz_frr_frame_SOURCES = tests/fuzz/fuzz_frr_frame.c $(FUZZ_DRIVER)
tests_fuzz_fuzz_frr_frame_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_frr_frame_LDADD = libermsources.a libermbase.a
tests_fuzz_fuzz_frr_parse_SOURCES = tests/fuzz/fuzz_frr_parse.c $(FUZZ_DRIVER)
tests_fuzz_fuzz_frr_parse_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_frr_parse_LDADD = libermsources.a libermbase.a $(JANSSON_LIBS)
tests_fuzz_fuzz_frr_table_SOURCES = tests/fuzz/fuzz_frr_table.c $(FUZZ_DRIVER)
tests_fuzz_fuzz_frr_table_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_frr_table_LDADD = libermsources.a libermbase.a $(JANSSON_LIBS)

FUZZ_TARGETS += ctl
check_PROGRAMS += tests/fuzz/fuzz_ctl
tests_fuzz_fuzz_ctl_SOURCES = tests/fuzz/fuzz_ctl.c $(FUZZ_DRIVER)
tests_fuzz_fuzz_ctl_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_ctl_LDADD = libermpublish.a libermcore.a libermbase.a $(JANSSON_LIBS) \
	$(SYSTEMD_LIBS) -lpthread

FUZZ_TARGETS += rtnl
check_PROGRAMS += tests/fuzz/fuzz_rtnl
tests_fuzz_fuzz_rtnl_SOURCES = tests/fuzz/fuzz_rtnl.c $(FUZZ_DRIVER)
tests_fuzz_fuzz_rtnl_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_rtnl_LDADD = libermsources.a libermcore.a libermbase.a

FUZZ_TARGETS += config
check_PROGRAMS += tests/fuzz/fuzz_config
tests_fuzz_fuzz_config_SOURCES = tests/fuzz/fuzz_config.c $(FUZZ_DRIVER)
tests_fuzz_fuzz_config_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_config_LDADD = libermyang.a libermcore.a libermbase.a $(LIBYANG_LIBS) -lm

# the model: tests/fuzz/model_checks.c says what must hold after each commit
FUZZ_TARGETS += model
check_PROGRAMS += tests/fuzz/fuzz_model
tests_fuzz_fuzz_model_SOURCES = tests/fuzz/fuzz_model.c tests/fuzz/model_checks.c \
	tests/fuzz/model_heard.c tests/fuzz/model_heard.h \
	tests/fuzz/model_checks.h tests/fuzz/model_plans.c tests/fuzz/model_plans.h \
	tests/replay/lab_config.c tests/replay/lab_config.h $(FUZZ_DRIVER)
tests_fuzz_fuzz_model_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_model_LDADD = libermcore.a libermbase.a -lm

FUZZ_TARGETS += bird_parse
check_PROGRAMS += tests/fuzz/fuzz_bird_parse
tests_fuzz_fuzz_bird_parse_SOURCES = tests/fuzz/fuzz_bird_parse.c $(FUZZ_DRIVER)
tests_fuzz_fuzz_bird_parse_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_bird_parse_LDADD = libermsources.a libermcore.a libermbase.a

FUZZ_TARGETS += bmp
check_PROGRAMS += tests/fuzz/fuzz_bmp
tests_fuzz_fuzz_bmp_SOURCES = tests/fuzz/fuzz_bmp.c $(FUZZ_DRIVER)
tests_fuzz_fuzz_bmp_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_bmp_LDADD = libermsources.a libermcore.a libermbase.a

# modules' memory, and what the kernel answers for ethtool
FUZZ_TARGETS += ethtool sff
check_PROGRAMS += tests/fuzz/fuzz_ethtool tests/fuzz/fuzz_sff
tests_fuzz_fuzz_ethtool_SOURCES = tests/fuzz/fuzz_ethtool.c $(FUZZ_DRIVER)
tests_fuzz_fuzz_ethtool_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_ethtool_LDADD = libermsources.a libermbase.a
tests_fuzz_fuzz_sff_SOURCES = tests/fuzz/fuzz_sff.c $(FUZZ_DRIVER)
tests_fuzz_fuzz_sff_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_sff_LDADD = libermsources.a libermcore.a libermbase.a -lm

FUZZ_TARGETS += snmp_credentials snmp_router
check_PROGRAMS += tests/fuzz/fuzz_snmp_credentials tests/fuzz/fuzz_snmp_router
tests_fuzz_fuzz_snmp_credentials_SOURCES = tests/fuzz/fuzz_snmp_credentials.c $(FUZZ_DRIVER)
tests_fuzz_fuzz_snmp_credentials_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_snmp_credentials_LDADD = libermsources.a libermbase.a
tests_fuzz_fuzz_snmp_router_SOURCES = tests/fuzz/fuzz_snmp_router.c $(FUZZ_DRIVER)
tests_fuzz_fuzz_snmp_router_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_snmp_router_LDADD = libermsources.a libermcore.a libermbase.a

FUZZ_TARGETS += openbgpd_parse
check_PROGRAMS += tests/fuzz/fuzz_openbgpd_parse
tests_fuzz_fuzz_openbgpd_parse_SOURCES = tests/fuzz/fuzz_openbgpd_parse.c $(FUZZ_DRIVER)
tests_fuzz_fuzz_openbgpd_parse_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_openbgpd_parse_LDADD = libermsources.a libermcore.a libermbase.a $(JANSSON_LIBS)

FUZZ_TARGETS += neighbor sockdiag
check_PROGRAMS += tests/fuzz/fuzz_neighbor tests/fuzz/fuzz_sockdiag
tests_fuzz_fuzz_neighbor_SOURCES = tests/fuzz/fuzz_neighbor.c $(FUZZ_DRIVER)
tests_fuzz_fuzz_neighbor_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_neighbor_LDADD = libermsources.a libermcore.a libermbase.a $(MNL_LIBS)
tests_fuzz_fuzz_sockdiag_SOURCES = tests/fuzz/fuzz_sockdiag.c $(FUZZ_DRIVER)
tests_fuzz_fuzz_sockdiag_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_sockdiag_LDADD = libermsources.a libermcore.a libermbase.a $(MNL_LIBS)

FUZZ_TARGETS += netconf
check_PROGRAMS += tests/fuzz/fuzz_netconf
tests_fuzz_fuzz_netconf_SOURCES = tests/fuzz/fuzz_netconf.c $(FUZZ_DRIVER)
tests_fuzz_fuzz_netconf_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_netconf_LDADD = libermnetconf.a libermbase.a

FUZZ_TARGETS += netconf_filter
check_PROGRAMS += tests/fuzz/fuzz_netconf_filter
tests_fuzz_fuzz_netconf_filter_SOURCES = tests/fuzz/fuzz_netconf_filter.c $(FUZZ_DRIVER)
tests_fuzz_fuzz_netconf_filter_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_netconf_filter_LDADD = libermnetconf.a libermbase.a $(LIBYANG_LIBS)
