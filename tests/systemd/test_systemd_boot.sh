#!/bin/sh
# Installs ermon into a folder and runs suite.sh under a systemd booted over it.
# Exit status 77 when this machine cannot boot one: see `boot'.
set -eu
here=${top_srcdir:?}/tests/systemd
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

make -C "${top_builddir:?}" -s install DESTDIR="$work/tree" >"$work/install.log" 2>&1 || {
	cat "$work/install.log"
	exit 99
}
rc=0
"$here/boot" "$work/tree" "$here/suite.sh" "$top_srcdir/tests/shlib.sh" || rc=$?
exit "$rc"
