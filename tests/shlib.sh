# shellcheck shell=sh
# For shell tests: counts what was checked and ends with a line as Check's, which
# `make test' and setup.sh sum up.  Source it: . "${top_srcdir:?}/tests/shlib.sh"
n_checks=0
n_failures=0
n_errors=0

# pass NAME / fail NAME [DETAIL]: one check's result.
pass() {
	n_checks=$((n_checks + 1))
	echo "ok   - $1"
}

fail() {
	n_checks=$((n_checks + 1))
	n_failures=$((n_failures + 1))
	echo "FAIL - $1${2:+: $2}"
}

# check NAME COMMAND [ARG...]: passes when COMMAND succeeds.
check() {
	check_name=$1
	shift
	if "$@"; then
		pass "$check_name"
	else
		fail "$check_name" "$*"
	fi
}

# check_equal NAME WANTED GOT
check_equal() {
	if [ "$2" = "$3" ]; then
		pass "$1"
	else
		fail "$1" "wanted '$2', got '$3'"
	fi
}

# check_silent NAME TEXT: passes when TEXT is empty, else shows it.
check_silent() {
	if [ -z "$2" ]; then
		pass "$1"
	else
		fail "$1"
		printf '%s\n' "$2" | sed 's/^/       /'
	fi
}

# wait_for SECONDS COMMAND [ARG...]: asks every 50 ms until COMMAND succeeds; 1 when it never did.
wait_for() {
	wait_left=$(($1 * 20))
	shift
	until "$@"; do
		wait_left=$((wait_left - 1))
		[ "$wait_left" -gt 0 ] || return 1
		sleep 0.05
	done
}

# link_events -s: this test makes link events; link_events -x: it measures how late they come,
# and waits until no other test makes any.  The kernel's queue of them and its lock are one for
# all network namespaces.  Held by descriptor 9, at most 10 minutes waited for.
link_events() {
	# shellcheck disable=SC2188 # only to see whether it can be opened: exec would end the shell
	if (: >>/run/ermon-tests.lock) 2>/dev/null; then
		exec 9>>/run/ermon-tests.lock
		flock "$1" -w 600 9
	fi
}

# skip REASON: ends the test as automake's SKIP.
skip() {
	echo "SKIP: $*"
	exit 77
}

# finish: prints the closing line and exits with the result.  Nothing checked is an error.
finish() {
	if [ "$n_checks" -eq 0 ]; then
		n_checks=1
		n_errors=1
	fi
	echo "$(((n_checks - n_failures - n_errors) * 100 / n_checks))%: Checks: $n_checks," \
		"Failures: $n_failures, Errors: $n_errors"
	[ $((n_failures + n_errors)) -eq 0 ]
	exit
}
