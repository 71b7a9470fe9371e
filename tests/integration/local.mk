# INTEGRATION_TESTS += tests/integration/test_NAME.sh (root, FRR, snmpd); they are run by `make integration'
