#!/bin/sh
# libermcore.a may call nothing but what core_symbols.txt lists: no fd, no clock, no log.
. "${top_srcdir:?}/tests/shlib.sh"
cd "${top_builddir:?}" || exit 99
allowed=$top_srcdir/tests/arch/core_symbols.txt

command -v nm >/dev/null || skip "nm is missing"
symbols=$(nm -g libermcore.a) || exit 99
# What the compiler puts in by itself is nobody's call; __memcpy_chk is fortify's memcpy.
called=$(printf '%s\n' "$symbols" | awk '
	NF == 2 && $1 ~ /^[Uw]$/ { used[$2] = 1 }
	NF == 3 { defined[$3] = 1 }
	END {
		for (s in used)
			if (!(s in defined))
				print s
	}' | grep -Ev '^(__(asan|ubsan|tsan|gcov|llvm|sanitizer|sancov|stack_chk|start_|stop_)|_GLOBAL_OFFSET_TABLE_)' |
	sed -E 's/^__isoc99_//; s/^__(.*)_chk$/\1/' | sort -u)
check "the core calls something" test -n "$called"
check_silent "the core calls nothing impure" \
	"$(printf '%s\n' "$called" | grep -vxFf "$allowed")"
check_silent "the allow-list names no door to the outside" \
	"$(grep -xE 'open.*|read|write|f(open|puts|write|read|printf)|printf|time|clock.*|gettimeofday|localtime.*|erm_time_now|erm_log.*|getenv|socket|sleep.*|sd_.*|pthread_.*|rand.*' "$allowed")"
finish
