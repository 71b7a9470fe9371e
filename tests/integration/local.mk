# INTEGRATION_TESTS += tests/integration/test_NAME.sh (root, FRR, snmpd); they are run by `make integration'

# FRR source beside a real bgpd; rig.sh serves the demonstration and the bench as well
check_PROGRAMS += tests/integration/frr_probe
integration: tests/integration/frr_probe
tests_integration_frr_probe_SOURCES = tests/integration/frr_probe.c
tests_integration_frr_probe_LDADD = libermsources.a libermcore.a libermbase.a $(JANSSON_LIBS) \
	$(SYSTEMD_LIBS)
INTEGRATION_TESTS += tests/integration/test_frr_source.sh
dist_check_SCRIPTS += tests/integration/test_frr_source.sh
EXTRA_DIST += tests/integration/rig.sh
