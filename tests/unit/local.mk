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
	tests/unit/test_base_thread \
	tests/unit/test_base_usec
tests_unit_test_base_addr_LDADD = libermbase.a $(CHECK_LIBS)
tests_unit_test_base_log_LDADD = libermbase.a $(SYSTEMD_LIBS) $(CHECK_LIBS)
tests_unit_test_base_reader_LDADD = libermbase.a $(CHECK_LIBS)
tests_unit_test_base_thread_LDADD = libermbase.a -lpthread $(CHECK_LIBS)
tests_unit_test_base_usec_LDADD = libermbase.a $(CHECK_LIBS)

# core
UNIT_TESTS += \
	tests/unit/test_core_alarm \
	tests/unit/test_core_flap \
	tests/unit/test_core_optics \
	tests/unit/test_core_resolve \
	tests/unit/test_core_resolve_cases \
	tests/unit/test_core_resource \
	tests/unit/test_core_session \
	tests/unit/test_core_text \
	tests/unit/test_core_shelf \
	tests/unit/test_core_verdict
LAB_CONFIG = tests/replay/lab_config.c tests/replay/lab_config.h
tests_unit_test_core_resource_SOURCES = tests/unit/test_core_resource.c $(LAB_CONFIG)
tests_unit_test_core_text_SOURCES = tests/unit/test_core_text.c $(LAB_CONFIG)
CORE_TEST_LIBS = libermcore.a libermbase.a -lm $(CHECK_LIBS)
tests_unit_test_core_alarm_LDADD = $(CORE_TEST_LIBS)
tests_unit_test_core_flap_LDADD = $(CORE_TEST_LIBS)
tests_unit_test_core_optics_LDADD = $(CORE_TEST_LIBS)
tests_unit_test_core_resolve_SOURCES = tests/unit/test_core_resolve.c tests/unit/claims.h
tests_unit_test_core_resolve_LDADD = $(CORE_TEST_LIBS)
tests_unit_test_core_resolve_cases_LDADD = $(CORE_TEST_LIBS)
tests_unit_test_core_resource_LDADD = $(CORE_TEST_LIBS)
tests_unit_test_core_session_LDADD = $(CORE_TEST_LIBS)
tests_unit_test_core_text_LDADD = $(CORE_TEST_LIBS)
tests_unit_test_core_shelf_LDADD = $(CORE_TEST_LIBS)
tests_unit_test_core_verdict_LDADD = $(CORE_TEST_LIBS)

# state file
STATE_TEST_LIBS = libermstate.a libermcore.a libermbase.a $(JANSSON_LIBS) $(SYSTEMD_LIBS) \
	-lpthread $(CHECK_LIBS)
UNIT_TESTS += \
	tests/unit/test_state_file \
	tests/unit/test_state_writer \
	tests/unit/test_undelivered
tests_unit_test_state_file_LDADD = $(STATE_TEST_LIBS)
tests_unit_test_state_writer_LDADD = $(STATE_TEST_LIBS)
tests_unit_test_undelivered_LDADD = $(STATE_TEST_LIBS)

# sources: what the tests of all share
SOURCE_BENCH = tests/unit/source_bench.c tests/unit/source_bench.h
UNIT_TESTS += tests/unit/test_sources_report
tests_unit_test_sources_report_SOURCES = tests/unit/test_sources_report.c $(SOURCE_BENCH)
tests_unit_test_sources_report_LDADD = libermsources.a libermcore.a libermbase.a $(MNL_LIBS) \
	$(SYSTEMD_LIBS) $(CHECK_LIBS)

# sources: frr
FRR_TEST_LIBS = libermsources.a libermcore.a libermbase.a $(JANSSON_LIBS) $(SYSTEMD_LIBS) $(CHECK_LIBS)
FRR_FAKE = tests/unit/frr_bench.c tests/unit/frr_bench.h tests/unit/frr_fake.c \
	tests/unit/frr_fake.h $(SOURCE_BENCH)
UNIT_TESTS += \
	tests/unit/test_sources_frr \
	tests/unit/test_sources_frr_expected \
	tests/unit/test_sources_frr_faults \
	tests/unit/test_sources_frr_frame \
	tests/unit/test_sources_frr_dispute \
	tests/unit/test_sources_frr_large \
	tests/unit/test_sources_frr_pace \
	tests/unit/test_sources_frr_parse \
	tests/unit/test_sources_frr_route \
	tests/unit/test_sources_frr_summary
tests_unit_test_sources_frr_SOURCES = tests/unit/test_sources_frr.c $(FRR_FAKE)
tests_unit_test_sources_frr_LDADD = $(FRR_TEST_LIBS)
tests_unit_test_sources_frr_faults_SOURCES = tests/unit/test_sources_frr_faults.c $(FRR_FAKE)
tests_unit_test_sources_frr_faults_LDADD = $(FRR_TEST_LIBS)
tests_unit_test_sources_frr_frame_LDADD = $(FRR_TEST_LIBS)
tests_unit_test_sources_frr_expected_SOURCES = tests/unit/test_sources_frr_expected.c $(FRR_FAKE)
tests_unit_test_sources_frr_expected_LDADD = $(FRR_TEST_LIBS)
tests_unit_test_sources_frr_dispute_SOURCES = tests/unit/test_sources_frr_dispute.c $(FRR_FAKE)
tests_unit_test_sources_frr_dispute_LDADD = $(FRR_TEST_LIBS)
tests_unit_test_sources_frr_large_SOURCES = tests/unit/test_sources_frr_large.c $(FRR_FAKE)
tests_unit_test_sources_frr_large_LDADD = $(FRR_TEST_LIBS)
tests_unit_test_sources_frr_pace_LDADD = $(FRR_TEST_LIBS)
tests_unit_test_sources_frr_parse_LDADD = $(FRR_TEST_LIBS)
tests_unit_test_sources_frr_route_SOURCES = tests/unit/test_sources_frr_route.c tests/unit/recorded.h
tests_unit_test_sources_frr_route_LDADD = $(FRR_TEST_LIBS)
tests_unit_test_sources_frr_summary_SOURCES = tests/unit/test_sources_frr_summary.c tests/unit/recorded.h
tests_unit_test_sources_frr_summary_LDADD = $(FRR_TEST_LIBS)
EXTRA_DIST += tests/unit/data/frr-8.4

# publish
PUBLISH_TEST_LIBS = libermpublish.a libermcore.a libermbase.a $(JANSSON_LIBS) $(SYSTEMD_LIBS) \
	-lpthread $(CHECK_LIBS)
UNIT_TESTS += \
	tests/unit/test_publish_ctl \
	tests/unit/test_publish_ctl_frame \
	tests/unit/test_publish_ctl_limits \
	tests/unit/test_publish_journal
tests_unit_test_publish_ctl_SOURCES = tests/unit/test_publish_ctl.c tests/unit/ctl_fixture.c \
	tests/unit/ctl_fixture.h
tests_unit_test_publish_ctl_LDADD = $(PUBLISH_TEST_LIBS)
tests_unit_test_publish_ctl_frame_LDADD = $(PUBLISH_TEST_LIBS)
tests_unit_test_publish_ctl_limits_SOURCES = tests/unit/test_publish_ctl_limits.c \
	tests/unit/ctl_fixture.c tests/unit/ctl_fixture.h
tests_unit_test_publish_ctl_limits_LDADD = $(PUBLISH_TEST_LIBS)
tests_unit_test_publish_journal_LDADD = $(PUBLISH_TEST_LIBS)

# core: names and the configuration's life
UNIT_TESTS += \
	tests/unit/test_core_config \
	tests/unit/test_core_types
tests_unit_test_core_config_LDADD = libermcore.a libermbase.a $(CHECK_LIBS)
tests_unit_test_core_types_LDADD = libermcore.a libermbase.a $(CHECK_LIBS)

# yang
YANG_FIXTURE = tests/unit/yang_fixture.c tests/unit/yang_fixture.h
YANG_TEST_LIBS = libermyang.a libermcore.a libermbase.a $(LIBYANG_LIBS) -lm $(CHECK_LIBS)
UNIT_TESTS += \
	tests/unit/test_yang_config \
	tests/unit/test_yang_encode \
	tests/unit/test_yang_errors \
	tests/unit/test_yang_module \
	tests/unit/test_yang_report \
	tests/unit/test_yang_section
tests_unit_test_yang_config_SOURCES = tests/unit/test_yang_config.c $(YANG_FIXTURE)
tests_unit_test_yang_config_LDADD = $(YANG_TEST_LIBS)
tests_unit_test_yang_encode_SOURCES = tests/unit/test_yang_encode.c $(YANG_FIXTURE)
tests_unit_test_yang_encode_LDADD = $(YANG_TEST_LIBS) $(JANSSON_LIBS)
tests_unit_test_yang_errors_SOURCES = tests/unit/test_yang_errors.c $(YANG_FIXTURE)
tests_unit_test_yang_errors_LDADD = $(YANG_TEST_LIBS)
tests_unit_test_yang_module_SOURCES = tests/unit/test_yang_module.c $(YANG_FIXTURE)
tests_unit_test_yang_module_LDADD = $(YANG_TEST_LIBS)
tests_unit_test_yang_report_LDADD = $(YANG_TEST_LIBS)
tests_unit_test_yang_section_LDADD = $(YANG_TEST_LIBS)
# for tests/arch/test_yang_instances.sh
check_PROGRAMS += tests/unit/yang_show
tests_unit_yang_show_LDADD = $(YANG_TEST_LIBS)

# publish: snmp.  The pure part is tested without libnetsnmp and without snmpd.
SNMP_TEST_LIBS = libermsnmp.a libermcore.a libermbase.a $(NETSNMP_LIBS) $(SYSTEMD_LIBS) \
	-lpthread $(CHECK_LIBS)
SNMP_SAMPLE = tests/unit/snmp_sample.c tests/unit/snmp_sample.h
UNIT_TESTS += \
	tests/unit/test_snmp_mib \
	tests/unit/test_snmp_notification \
	tests/unit/test_snmp_queue \
	tests/unit/test_snmp_table \
	tests/unit/test_snmp_value
tests_unit_test_snmp_mib_SOURCES = tests/unit/test_snmp_mib.c tests/unit/mib_text.c \
	tests/unit/mib_text.h $(SNMP_SAMPLE)
tests_unit_test_snmp_mib_LDADD = $(SNMP_TEST_LIBS)
tests_unit_test_snmp_notification_SOURCES = tests/unit/test_snmp_notification.c $(SNMP_SAMPLE)
tests_unit_test_snmp_notification_LDADD = $(SNMP_TEST_LIBS)
tests_unit_test_snmp_queue_SOURCES = tests/unit/test_snmp_queue.c $(SNMP_SAMPLE)
tests_unit_test_snmp_queue_LDADD = $(SNMP_TEST_LIBS)
tests_unit_test_snmp_table_SOURCES = tests/unit/test_snmp_table.c $(SNMP_SAMPLE)
tests_unit_test_snmp_table_LDADD = $(SNMP_TEST_LIBS)
tests_unit_test_snmp_value_LDADD = $(SNMP_TEST_LIBS)

# sources: rtnl, on a paper kernel
RTNL_FAKE = tests/unit/rtnl_fake.c tests/unit/rtnl_fake.h
RTNL_BENCH = tests/unit/rtnl_bench.c tests/unit/rtnl_bench.h $(RTNL_FAKE) $(SOURCE_BENCH)
RTNL_LINKS_BENCH = tests/unit/rtnl_links_bench.c tests/unit/rtnl_links_bench.h $(RTNL_FAKE)
RTNL_TEST_LIBS = libermsources.a libermcore.a libermbase.a $(MNL_LIBS) $(SYSTEMD_LIBS) \
	$(CHECK_LIBS)
UNIT_TESTS += \
	tests/unit/test_sources_rtnl \
	tests/unit/test_sources_rtnl_faults \
	tests/unit/test_sources_rtnl_links \
	tests/unit/test_sources_rtnl_lower \
	tests/unit/test_sources_rtnl_pace \
	tests/unit/test_sources_rtnl_parse
tests_unit_test_sources_rtnl_SOURCES = tests/unit/test_sources_rtnl.c $(RTNL_BENCH)
tests_unit_test_sources_rtnl_LDADD = $(RTNL_TEST_LIBS)
tests_unit_test_sources_rtnl_faults_SOURCES = tests/unit/test_sources_rtnl_faults.c $(RTNL_BENCH)
tests_unit_test_sources_rtnl_faults_LDADD = $(RTNL_TEST_LIBS)
tests_unit_test_sources_rtnl_links_SOURCES = tests/unit/test_sources_rtnl_links.c \
	$(RTNL_LINKS_BENCH)
tests_unit_test_sources_rtnl_links_LDADD = $(RTNL_TEST_LIBS)
tests_unit_test_sources_rtnl_lower_SOURCES = tests/unit/test_sources_rtnl_lower.c \
	$(RTNL_LINKS_BENCH)
tests_unit_test_sources_rtnl_lower_LDADD = $(RTNL_TEST_LIBS)
tests_unit_test_sources_rtnl_pace_LDADD = libermsources.a libermbase.a $(CHECK_LIBS)
tests_unit_test_sources_rtnl_parse_SOURCES = tests/unit/test_sources_rtnl_parse.c $(RTNL_FAKE)
tests_unit_test_sources_rtnl_parse_LDADD = $(RTNL_TEST_LIBS)

# ermonctl
CTL_TEST_LIBS = libermctl.a libermbase.a $(JANSSON_LIBS) $(CHECK_LIBS)
UNIT_TESTS += \
	tests/unit/test_ctl_client \
	tests/unit/test_ctl_print \
	tests/unit/test_ctl_text
tests_unit_test_ctl_client_LDADD = $(CTL_TEST_LIBS) -lpthread
tests_unit_test_ctl_print_LDADD = $(CTL_TEST_LIBS)
tests_unit_test_ctl_text_LDADD = $(CTL_TEST_LIBS)
EXTRA_DIST += tests/unit/data/ctl

# sources: bird
BIRD_TEST_LIBS = libermsources.a libermcore.a libermbase.a $(SYSTEMD_LIBS) $(CHECK_LIBS)
UNIT_TESTS += \
	tests/unit/test_sources_bird \
	tests/unit/test_sources_bird_life \
	tests/unit/test_sources_bird_parse
BIRD_BENCH = tests/unit/bird_bench.c tests/unit/bird_bench.h $(SOURCE_BENCH)
tests_unit_test_sources_bird_SOURCES = tests/unit/test_sources_bird.c $(BIRD_BENCH)
tests_unit_test_sources_bird_LDADD = $(BIRD_TEST_LIBS)
tests_unit_test_sources_bird_life_SOURCES = tests/unit/test_sources_bird_life.c $(BIRD_BENCH)
tests_unit_test_sources_bird_life_LDADD = $(BIRD_TEST_LIBS)
tests_unit_test_sources_bird_parse_LDADD = $(BIRD_TEST_LIBS)
EXTRA_DIST += tests/unit/data/bird-2.0

# sources: bmp
BMP_TEST_LIBS = libermsources.a libermcore.a libermbase.a $(SYSTEMD_LIBS) $(CHECK_LIBS)
BMP_BENCH = tests/unit/bmp_bench.c tests/unit/bmp_bench.h tests/unit/bmp_bytes.c \
	tests/unit/bmp_bytes.h $(SOURCE_BENCH)
UNIT_TESTS += \
	tests/unit/test_sources_bmp \
	tests/unit/test_sources_bmp_claims \
	tests/unit/test_sources_bmp_faults \
	tests/unit/test_sources_bmp_parse
tests_unit_test_sources_bmp_SOURCES = tests/unit/test_sources_bmp.c $(BMP_BENCH)
tests_unit_test_sources_bmp_LDADD = $(BMP_TEST_LIBS)
tests_unit_test_sources_bmp_claims_SOURCES = tests/unit/test_sources_bmp_claims.c $(BMP_BENCH)
tests_unit_test_sources_bmp_claims_LDADD = $(BMP_TEST_LIBS)
tests_unit_test_sources_bmp_faults_SOURCES = tests/unit/test_sources_bmp_faults.c $(BMP_BENCH)
tests_unit_test_sources_bmp_faults_LDADD = $(BMP_TEST_LIBS)
tests_unit_test_sources_bmp_parse_SOURCES = tests/unit/test_sources_bmp_parse.c \
	tests/unit/bmp_bytes.c tests/unit/bmp_bytes.h
tests_unit_test_sources_bmp_parse_LDADD = $(BMP_TEST_LIBS)

# sources: ethtool, on a paper kernel
MODULE_BENCH = tests/unit/module_bench.c tests/unit/module_bench.h tests/unit/module_pages.c \
	tests/unit/module_pages.h
ETHTOOL_FAKE = tests/unit/ethtool_fake.c tests/unit/ethtool_fake.h tests/unit/module_pages.c \
	tests/unit/module_pages.h
ETHTOOL_BENCH = tests/unit/ethtool_bench.c tests/unit/ethtool_bench.h $(ETHTOOL_FAKE) \
	$(SOURCE_BENCH)
ETHTOOL_TEST_LIBS = libermsources.a libermcore.a libermbase.a $(SYSTEMD_LIBS) -lpthread -lm \
	$(CHECK_LIBS)
UNIT_TESTS += \
	tests/unit/test_sources_ethtool \
	tests/unit/test_sources_ethtool_faults \
	tests/unit/test_sources_ethtool_module \
	tests/unit/test_sources_ethtool_parse \
	tests/unit/test_sources_ethtool_sfp
tests_unit_test_sources_ethtool_SOURCES = tests/unit/test_sources_ethtool.c $(ETHTOOL_BENCH)
tests_unit_test_sources_ethtool_LDADD = $(ETHTOOL_TEST_LIBS)
tests_unit_test_sources_ethtool_faults_SOURCES = tests/unit/test_sources_ethtool_faults.c \
	$(ETHTOOL_BENCH)
tests_unit_test_sources_ethtool_faults_LDADD = $(ETHTOOL_TEST_LIBS)
tests_unit_test_sources_ethtool_module_SOURCES = tests/unit/test_sources_ethtool_module.c \
	$(MODULE_BENCH)
tests_unit_test_sources_ethtool_module_LDADD = $(ETHTOOL_TEST_LIBS)
tests_unit_test_sources_ethtool_parse_SOURCES = tests/unit/test_sources_ethtool_parse.c \
	$(ETHTOOL_FAKE)
tests_unit_test_sources_ethtool_parse_LDADD = $(ETHTOOL_TEST_LIBS)
tests_unit_test_sources_ethtool_sfp_SOURCES = tests/unit/test_sources_ethtool_sfp.c $(MODULE_BENCH)
tests_unit_test_sources_ethtool_sfp_LDADD = $(ETHTOOL_TEST_LIBS)

# sources: snmp, against a fake ermon-snmp-get
SNMPR_TEST_LIBS = libermsources.a libermcore.a libermbase.a $(SYSTEMD_LIBS) $(CHECK_LIBS)
check_PROGRAMS += tests/unit/snmpr_helpers/ermon-snmp-get
tests_unit_snmpr_helpers_ermon_snmp_get_SOURCES = tests/unit/snmpr_fake_get.c tests/unit/snmpr_fake.h
tests_unit_snmpr_helpers_ermon_snmp_get_LDADD = libermsources.a libermbase.a
SNMPR_BENCH = tests/unit/snmpr_bench.c tests/unit/snmpr_bench.h tests/unit/snmpr_fake.c \
	tests/unit/snmpr_fake.h $(SOURCE_BENCH)
UNIT_TESTS += \
	tests/unit/test_sources_snmp \
	tests/unit/test_sources_snmp_credentials \
	tests/unit/test_sources_snmp_faults \
	tests/unit/test_sources_snmp_line \
	tests/unit/test_sources_snmp_parse
tests_unit_test_sources_snmp_SOURCES = tests/unit/test_sources_snmp.c $(SNMPR_BENCH)
tests_unit_test_sources_snmp_LDADD = $(SNMPR_TEST_LIBS)
tests_unit_test_sources_snmp_credentials_LDADD = $(SNMPR_TEST_LIBS)
tests_unit_test_sources_snmp_faults_SOURCES = tests/unit/test_sources_snmp_faults.c $(SNMPR_BENCH)
tests_unit_test_sources_snmp_faults_LDADD = $(SNMPR_TEST_LIBS)
tests_unit_test_sources_snmp_line_LDADD = $(SNMPR_TEST_LIBS)
tests_unit_test_sources_snmp_parse_LDADD = $(SNMPR_TEST_LIBS)

# sources: what those of routers share
ROUTER_TEST_LIBS = libermsources.a libermcore.a libermbase.a $(SYSTEMD_LIBS) $(CHECK_LIBS)
UNIT_TESTS += \
	tests/unit/test_sources_router_child \
	tests/unit/test_sources_router_retry
tests_unit_test_sources_router_child_LDADD = $(ROUTER_TEST_LIBS)
tests_unit_test_sources_router_child_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=waitpid,--wrap=pidfd_open
tests_unit_test_sources_router_retry_LDADD = $(ROUTER_TEST_LIBS)

# sources: openbgpd
OPENBGPD_TEST_LIBS = libermsources.a libermcore.a libermbase.a $(JANSSON_LIBS) $(SYSTEMD_LIBS) \
	$(CHECK_LIBS)
UNIT_TESTS += \
	tests/unit/test_sources_openbgpd \
	tests/unit/test_sources_openbgpd_parse
tests_unit_test_sources_openbgpd_SOURCES = tests/unit/test_sources_openbgpd.c $(SOURCE_BENCH)
tests_unit_test_sources_openbgpd_LDADD = $(OPENBGPD_TEST_LIBS)
tests_unit_test_sources_openbgpd_parse_LDADD = $(OPENBGPD_TEST_LIBS)
EXTRA_DIST += tests/unit/data/openbgpd-7.7

# sources: sock-diag and neighbor, on the same paper kernel
NETLINK_FAKE = tests/unit/netlink_fake.c tests/unit/netlink_fake.h $(RTNL_FAKE) $(SOURCE_BENCH)
UNIT_TESTS += \
	tests/unit/test_sources_neighbor \
	tests/unit/test_sources_netlink_parse \
	tests/unit/test_sources_sockdiag \
	tests/unit/test_sources_sockdiag_sessions
tests_unit_test_sources_neighbor_SOURCES = tests/unit/test_sources_neighbor.c $(NETLINK_FAKE)
tests_unit_test_sources_neighbor_LDADD = $(RTNL_TEST_LIBS)
tests_unit_test_sources_netlink_parse_LDADD = $(RTNL_TEST_LIBS)
tests_unit_test_sources_sockdiag_SOURCES = tests/unit/test_sources_sockdiag.c $(NETLINK_FAKE)
tests_unit_test_sources_sockdiag_LDADD = $(RTNL_TEST_LIBS)
tests_unit_test_sources_sockdiag_sessions_LDADD = $(RTNL_TEST_LIBS)
EXTRA_DIST += tests/unit/data/netlink

# netconf
NETCONF_TEST_LIBS = libermnetconf.a libermbase.a $(LIBYANG_LIBS) $(JANSSON_LIBS) $(SYSTEMD_LIBS) \
	$(CHECK_LIBS)
UNIT_TESTS += \
	tests/unit/test_netconf_doc \
	tests/unit/test_netconf_frame \
	tests/unit/test_netconf_subtree \
	tests/unit/test_netconf_table \
	tests/unit/test_netconf_text
tests_unit_test_netconf_doc_LDADD = $(NETCONF_TEST_LIBS)
tests_unit_test_netconf_frame_LDADD = $(NETCONF_TEST_LIBS)
tests_unit_test_netconf_subtree_LDADD = $(NETCONF_TEST_LIBS)
tests_unit_test_netconf_table_LDADD = $(NETCONF_TEST_LIBS)
tests_unit_test_netconf_text_LDADD = $(NETCONF_TEST_LIBS)
