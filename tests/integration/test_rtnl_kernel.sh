#!/bin/sh
# The test is the program of the same name: automake finds tests that are run by name, and not
# by `make check', only when they are scripts.
[ "$(id -u)" -eq 0 ] || {
	echo "SKIP: network namespaces need root"
	exit 77
}
exec "${top_builddir:?}/tests/integration/test_rtnl_kernel"
