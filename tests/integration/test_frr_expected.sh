#!/bin/sh
# Expected prefixes of the FRR source, and how soon it answers a hint, against a real bgpd.
. "${top_srcdir:?}/tests/shlib.sh"
. "$top_srcdir/tests/integration/rig.sh"

why=$(rig_missing)
[ -z "$why" ] || skip "$why"
link_events -s
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

a4=$(rig_ipv4 1 2) b4=$(rig_ipv4 2 2) a6=$(rig_ipv6 1 2)
mkfifo "$work/in"
out=$work/out
: >"$out"

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

# far LINK COMMAND...: in the configuration of that router's BGP.
far() {
	far_link=$1
	shift
	rig_vty "m$far_link" 'configure terminal' "router bgp $RIG_MSEE_AS" \
		'address-family ipv4 unicast' "$@" >/dev/null
}

rig_up "" || { fail "the rig stands"; finish; }
rig_wait 4 20 || { fail "the sessions are established"; finish; }

# 10.1.0.0/16 is announced by link 1 alone, 10.9.0.0/16 by both
far 1 'network 10.9.0.0/16'
far 2 'network 10.9.0.0/16'
mark
"$probe" "$RIG_DIR/ce/bgpd.vty" 1000 500 "$a4=10.1.0.0/16,10.9.0.0/16" "$b4=10.9.0.0/16" \
	"$a6=2001:db8:a1::/48" <"$work/in" >>"$out" 2>>"$work/err" &
probe_pid=$!
exec 3>"$work/in"
await "both prefixes are received on link 1" 10 "expected $a4 2 of 2 prepends 0"
await "one is received on link 2" 10 "expected $b4 1 of 1 prepends 0"
await "IPv6 is received" 10 "expected $a6 1 of 1 prepends 0"

mark
far 1 'no network 10.9.0.0/16'
await "withdrawn by link 1: missing there" 10 "expected $a4 1 of 2 prepends 0"
check_equal "and not on link 2" 0 "$(count "expected $b4")"

# drained: the peer prepends its AS on what it announces
mark
rig_vty m2 'configure terminal' 'route-map drain permit 10' \
	"set as-path prepend $RIG_MSEE_AS $RIG_MSEE_AS" >/dev/null
far 2 "neighbor $(rig_ipv4 2 1) route-map drain out"
await "prepended twice on link 2" 20 "expected $b4 1 of 1 prepends 2"
far 2 "no neighbor $(rig_ipv4 2 1) route-map drain out"
await "no longer prepended" 20 "expected $b4 1 of 1 prepends 0"

mark
rig_cut shutdown 2
await "with the session the knowledge goes" 10 "expected $b4 unknown no path"
rig_mend shutdown 2
await "and comes back with it" 30 "expected $b4 1 of 1 prepends 0"
rig_wait 4 20

# a hint is answered by a question sent after it, at once
mark
for i in 1 2 3 4 5 6 7 8 9 10; do
	echo look >&3
	check "hint $i is answered" wait_for 5 has_looked "$i"
	sleep 0.3 # for those that follow it, or the next is held back to 20 a second
done
delays=$(news | sed -n 's/.* looked //p' | sort -n | tr '\n' ' ')
median=$(echo "$delays" | cut -d ' ' -f 5)
echo "hint -> observation, us: $delays"
# 0.3 s after the one before: a poll, each second, would answer after 0.7 s
check "hints are answered before the next poll (median of 10: $median us)" [ "${median:-999999}" -lt 500000 ]

exec 3>&-
wait "$probe_pid"
check_equal "the probe ends well" 0 $?
probe_pid=
check_silent "nothing but changes was logged" "$(grep -v 'source probe: .*: answers, 3 of its sessions watched' "$work/err")"
finish
