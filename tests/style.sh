#!/bin/sh
# How files look and what the light analyzers say of them.  Not part of `make check': the
# result depends on the tools' versions, which are Debian 12's.
# shellcheck disable=SC2046,SC2086 # lists of files, whose names have no blanks
. "${top_srcdir:?}/tests/shlib.sh"
cd "$top_srcdir" || exit 99

# has PROGRAM: or says why its checks are missing.
has() {
	command -v "$1" >/dev/null && return
	echo "SKIP: $1 is missing"
	return 1
}

c_files=$(find agent tests bench -name '*.[ch]' | sort)
scripts=$(find setup.sh .ci tests bench -type f | sort | while read -r file; do
	case $file in
	*.sh) echo "$file" ;;
	*) head -n 1 "$file" | tr -d '\0' | grep -qE '^#!.*[ /](ba)?sh$' && echo "$file" ;;
	esac
done)

if has clang-format; then
	check_silent "clang-format" "$(clang-format --dry-run -Werror $c_files 2>&1)"
fi
if has shellcheck; then
	# SC2317: it does not see functions that a trap or another function calls by name.
	check_silent "shellcheck" "$(shellcheck -x -e SC2317 $scripts 2>&1)"
fi
if has mandoc; then
	pages=$(find doc/man -name '*.[1-9]' -o -name '*.[1-9].in')
	check "there are manual pages" test -n "$pages"
	check_silent "mandoc -T lint" "$(mandoc -T lint -W warning $pages 2>&1)"
fi
if has cppcheck; then
	# memleak: it does not know the cleanup attribute; nullPointer, arrayIndexOutOfBoundsCond:
	# it does not follow a length that is 0; unknownMacro: libyang's loops.
	check_silent "cppcheck" "$(cppcheck -q --std=c11 --language=c -j "$(nproc)" -I agent \
		--enable=warning,performance,portability --inline-suppr \
		--suppress=memleak --suppress=nullPointer --suppress=unknownMacro \
		--suppress=arrayIndexOutOfBoundsCond \
		$(find agent bench -name '*.c') 2>&1)"
fi
check_silent "no line ends in a blank" "$(grep -nE '[[:blank:]]+$' $c_files $scripts \
	configure.ac Makefile.am m4/erm.m4)"
finish
