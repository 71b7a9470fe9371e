#!/bin/sh
# Sizes a reader can hold, names that say something, nothing left for later.
. "${top_srcdir:?}/tests/shlib.sh"
cd "$top_srcdir" || exit 99

sources() {
	find agent tests bench -type f \( -name '*.[ch]' -o -name '*.sh' -o -name '*.py' \) | sort
}

check_silent "no file is longer than 600 lines" \
	"$(sources | xargs awk 'FNR == 601 { print FILENAME }')"
# The formatter puts a function's braces into the first column.
check_silent "no function is longer than 80 lines" \
	"$(find agent tests bench -name '*.c' | sort | xargs awk '
		FNR == 1 { start = 0 }
		/^\{/ { start = FNR }
		/^\}/ && start {
			if (FNR - start - 1 > 80)
				print FILENAME ":" start ": " FNR - start - 1 " lines"
			start = 0
		}')"
check_silent "files are named after what they hold" \
	"$(sources | grep -E '/(utils?|common|misc|helpers?)\.[a-z]+$')"
check_silent "nothing is left for later" \
	"$(sources | xargs grep -nE '(^|[^A-Za-z_])(TO[D]O|FIX[M]E|XX[X]|HAC[K])([^A-Za-z_]|$)')"
check_silent "every source is in a fragment" \
	"$(for f in $(find agent -name '*.[ch]' | sort); do
		find agent tests bench -name local.mk -exec grep -qE "(^|[[:space:]])$f([[:space:]]|\$)" {} + || echo "$f"
	done)"
finish
