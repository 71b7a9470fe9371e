#!/bin/sh
# summary.sh LOG...: what the tests of these logs came to.  Says why tests were skipped, then
# prints one closing line as Check does.  A test that failed or broke off without such a line
# of its own counts as an error.
if [ $# -eq 0 ] || [ -z "$(ls "$@" 2>/dev/null)" ]; then
	echo "no test was run"
	echo "0%: Checks: 1, Failures: 0, Errors: 1"
	exit
fi
for log; do
	result=$(sed -n 's/^:test-result: *//p' "${log%.log}.trs" 2>/dev/null)
	case $result in
	SKIP*) echo "skipped: ${log%.log}: $(sed -n 's/^SKIP: //p' "$log" 2>/dev/null | tail -n 1)" ;;
	PASS*) ;;
	*) grep -qE '^[0-9]+%: Checks: .*(Failures: [1-9]|Errors: [1-9])' "$log" 2>/dev/null ||
		echo "${log%.log}: broke off"
	;;
	esac
done | awk '{ print } / broke off$/ { n++ } END { exit n > 255 ? 255 : n }'
broken=$?
cat "$@" /dev/null 2>/dev/null | awk -v broken="$broken" '
	/^[0-9]+%: Checks: / { gsub(",", ""); c += $3; f += $5; e += $7 }
	END {
		c += broken
		e += broken
		printf "%d%%: Checks: %d, Failures: %d, Errors: %d\n",
			c ? 100 * (c - f - e) / c : 0, c, f, e
	}'
