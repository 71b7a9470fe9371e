#!/bin/sh
# ermond.conf(5) has the keys and defaults of ermon.yang, no more and no fewer.
. "${top_srcdir:?}/tests/shlib.sh"
command -v python3 >/dev/null || skip "python3 is missing"

PYTHONDONTWRITEBYTECODE=1
export PYTHONDONTWRITEBYTECODE
module=$top_srcdir/yang/ermon.yang
page=$top_srcdir/doc/man/ermond.conf.5
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT INT TERM

differences() {
	python3 "$top_srcdir/tests/arch/yang_manual.py" "$module" "$1" 2>&1
}

check_silent "the manual agrees with the module" "$(differences "$page")"

# That the comparison sees something.
sed '/^\.It Cm vrf = /d; s/^\.It Cm bfd = .*/.It Cm bdf = Ar true/
	s/^\(\.It degraded Ta\) 30/\1 31/; s/Pq Cm 4194304/Pq Cm 4/' "$page" >"$dir/page"
check_equal "a wrong manual is found out" 5 "$(differences "$dir/page" | wc -l)"
finish
