TESTS += tests/systemd/test_systemd_catalog.sh tests/systemd/test_systemd_unit.sh
BOOT_TESTS += tests/systemd/test_systemd_boot.sh
dist_check_SCRIPTS += \
	tests/systemd/boot \
	tests/systemd/suite.sh \
	tests/systemd/test_systemd_boot.sh \
	tests/systemd/test_systemd_catalog.sh \
	tests/systemd/test_systemd_unit.sh
