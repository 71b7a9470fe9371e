# INTEGRATION_TESTS += tests/integration/test_NAME.sh (root, FRR, snmpd); they are run by `make integration'

# SNMP publisher beside a real snmpd; the programs serve the bench as well
snmp_test_helpers = \
	tests/integration/snmp_driver \
	tests/integration/snmp_receiver \
	tests/integration/snmp_rowwalk
check_PROGRAMS += $(snmp_test_helpers)
integration: $(snmp_test_helpers)
tests_integration_snmp_driver_SOURCES = tests/integration/snmp_driver.c tests/unit/snmp_sample.c \
	tests/unit/snmp_sample.h
tests_integration_snmp_driver_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/tests/unit
tests_integration_snmp_driver_LDADD = libermsnmp.a libermcore.a libermbase.a $(NETSNMP_LIBS) \
	$(SYSTEMD_LIBS) -lpthread
tests_integration_snmp_receiver_LDADD = libermbase.a
tests_integration_snmp_rowwalk_CFLAGS = $(AM_CFLAGS) $(NETSNMP_CFLAGS)
tests_integration_snmp_rowwalk_LDADD = libermbase.a $(NETSNMP_LIBS)
INTEGRATION_TESTS += tests/integration/test_snmp_agentx.sh
dist_check_SCRIPTS += tests/integration/test_snmp_agentx.sh

# One source alone
SOURCE_PROBE = tests/integration/source_probe.c tests/integration/source_probe.h

# FRR source beside a real bgpd; rig.sh serves the demonstration and the bench as well
check_PROGRAMS += tests/integration/frr_probe
integration: tests/integration/frr_probe
tests_integration_frr_probe_SOURCES = tests/integration/frr_probe.c $(SOURCE_PROBE)
tests_integration_frr_probe_LDADD = libermsources.a libermcore.a libermbase.a $(JANSSON_LIBS) \
	$(SYSTEMD_LIBS)
frr_integration_tests = \
	tests/integration/test_frr_bfd.sh \
	tests/integration/test_frr_expected.sh \
	tests/integration/test_frr_large.sh \
	tests/integration/test_frr_source.sh
INTEGRATION_TESTS += $(frr_integration_tests)
dist_check_SCRIPTS += $(frr_integration_tests)
EXTRA_DIST += tests/integration/rig.sh tests/integration/frr_probe.sh

# rtnl source on the real kernel, in namespaces of its own
if HAVE_CHECK
rtnl_integration_tests = tests/integration/test_rtnl_kernel
check_PROGRAMS += $(rtnl_integration_tests)
INTEGRATION_TESTS += tests/integration/test_rtnl_kernel.sh
endif
dist_check_SCRIPTS += tests/integration/test_rtnl_kernel.sh
integration: $(rtnl_integration_tests)
tests_integration_test_rtnl_kernel_SOURCES = tests/integration/test_rtnl_kernel.c \
	tests/integration/rtnl_bed.c tests/integration/rtnl_bed.h
tests_integration_test_rtnl_kernel_LDADD = libermsources.a libermcore.a libermbase.a $(MNL_LIBS) \
	$(SYSTEMD_LIBS) $(CHECK_LIBS) -lpthread

# End to end: ermond between the kernel, FRR, snmpd and a trap receiver, and the demonstration
check_PROGRAMS += tests/integration/link_switch
integration: tests/integration/link_switch
tests_integration_link_switch_LDADD = libermbase.a
e2e_tests = \
	tests/integration/test_e2e_bgp.sh \
	tests/integration/test_e2e_data.sh \
	tests/integration/test_e2e_errors.sh \
	tests/integration/test_e2e_notify.sh \
	tests/integration/test_e2e_pair.sh \
	tests/integration/test_e2e_reload.sh \
	tests/integration/test_e2e_restart.sh \
	tests/integration/test_e2e_second.sh \
	tests/integration/test_e2e_shelves.sh \
	tests/integration/test_e2e_sources.sh \
	tests/integration/test_e2e_snmp_router.sh \
	tests/integration/test_e2e_snmpd.sh \
	tests/integration/test_e2e_state.sh
INTEGRATION_TESTS += $(e2e_tests)
dist_check_SCRIPTS += $(e2e_tests)
dist_noinst_SCRIPTS += tests/integration/demo.sh
EXTRA_DIST += tests/integration/e2e.sh tests/integration/mib_data.py tests/integration/mib_names.awk

# ermonctl beside ermond: needs neither root nor a router, so `make check' runs it
TESTS += tests/integration/test_ctl_daemon.sh
dist_check_SCRIPTS += tests/integration/test_ctl_daemon.sh

# ermon-netconf beside ermond, likewise; and through a real sshd, as root in a namespace
TESTS += tests/integration/test_netconf.sh
INTEGRATION_TESTS += tests/integration/test_netconf_ssh.sh
dist_check_SCRIPTS += tests/integration/test_netconf.sh tests/integration/test_netconf_ssh.sh
EXTRA_DIST += tests/integration/netconf_checks.py tests/integration/netconf_client.py \
	tests/integration/netconf_ncclient.py

# BMP station beside a real bgpd and a real gobgpd
check_PROGRAMS += tests/integration/bmp_probe
integration: tests/integration/bmp_probe
tests_integration_bmp_probe_SOURCES = tests/integration/bmp_probe.c $(SOURCE_PROBE)
tests_integration_bmp_probe_LDADD = libermsources.a libermcore.a libermbase.a $(SYSTEMD_LIBS)
INTEGRATION_TESTS += tests/integration/test_bmp_frr.sh tests/integration/test_bmp_gobgp.sh
dist_check_SCRIPTS += tests/integration/test_bmp_frr.sh tests/integration/test_bmp_gobgp.sh

# BIRD and OpenBGPD beside ermond
bird_tests = tests/integration/test_bird.sh tests/integration/test_openbgpd.sh
INTEGRATION_TESTS += $(bird_tests)
dist_check_SCRIPTS += $(bird_tests)
EXTRA_DIST += tests/integration/bird_rig.sh

# ethtool source on the real kernel
INTEGRATION_TESTS += tests/integration/test_ethtool_kernel.sh
dist_check_SCRIPTS += tests/integration/test_ethtool_kernel.sh

# sock-diag and neighbor sources on the real kernel, beside real routers
check_PROGRAMS += tests/integration/host_probe
integration: tests/integration/host_probe
tests_integration_host_probe_SOURCES = tests/integration/host_probe.c $(SOURCE_PROBE)
tests_integration_host_probe_LDADD = libermsources.a libermcore.a libermbase.a $(MNL_LIBS) \
	$(SYSTEMD_LIBS)
INTEGRATION_TESTS += tests/integration/test_neighbor.sh tests/integration/test_sockdiag.sh
dist_check_SCRIPTS += tests/integration/test_neighbor.sh tests/integration/test_sockdiag.sh
