#!/bin/sh
# The test is the program of the same name: automake finds tests that are run by name, and not
# by `make check', only when they are scripts.
. "${top_srcdir:?}/tests/shlib.sh"
[ "$(id -u)" -eq 0 ] || skip "network namespaces need root"
link_events -x
exec "${top_builddir:?}/tests/integration/test_rtnl_kernel"
