# shellcheck shell=sh
# What the tests of the FRR source share: frr_probe beside a real bgpd, in $work.  Source it
# behind rig.sh; the rig and the probe end with the test.
why=$(rig_missing)
[ -z "$why" ] || skip "$why"
probe=${top_builddir:?}/tests/integration/frr_probe
[ -x "$probe" ] || skip "frr_probe is not built"

work=$(mktemp -d)
probe_pid=
clean_up() {
	exec 3>&-
	if [ -n "$probe_pid" ]; then
		kill "$probe_pid" 2>/dev/null
		wait "$probe_pid" 2>/dev/null
	fi
	rig_down
	rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 1' INT TERM

# shellcheck disable=SC2034 # the tests use them
a4=$(rig_ipv4 1 2) b4=$(rig_ipv4 2 2) a6=$(rig_ipv6 1 2) b6=$(rig_ipv6 2 2)
mkfifo "$work/in"
out=$work/out
: >"$out"
lines=0

mark() { lines=$(wc -l <"$out"); } # what follows is new
news() { tail -n "+$((lines + 1))" "$out"; }
told() { news | grep -q -- "$1"; } # REGEX
count() { news | grep -c -- "$1"; }
has_looked() { [ "$(count ' looked ')" -ge "$1" ]; }

# await NAME SECONDS REGEX: passes when a new line matches in time; shows them when not.
await() {
	if wait_for "$2" told "$3"; then
		pass "$1"
	else
		fail "$1" "no line '$3' among:
$(news)"
	fi
}

# start_probe POLL-MSEC TIMEOUT-MSEC NEIGHBOR[=PREFIX,...]...; file 3 is its input
start_probe() {
	"$probe" "$RIG_DIR/ce/bgpd.vty" "$@" <"$work/in" >>"$out" 2>>"$work/err" &
	probe_pid=$!
	exec 3>"$work/in"
}
end_probe() { # NAME
	exec 3>&-
	wait "$probe_pid"
	check_equal "$1" 0 $?
	probe_pid=
}
