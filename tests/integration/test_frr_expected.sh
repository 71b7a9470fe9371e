#!/bin/sh
# Expected prefixes of the FRR source, and how soon it answers a hint, against a real bgpd.
. "${top_srcdir:?}/tests/shlib.sh"
. "$top_srcdir/tests/integration/rig.sh"
. "$top_srcdir/tests/integration/frr_probe.sh"

link_events -s

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
start_probe 1000 500 "$a4=10.1.0.0/16,10.9.0.0/16" "$b4=10.9.0.0/16" "$a6=2001:db8:a1::/48"
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

end_probe "the probe ends well"
check_silent "nothing but changes was logged" "$(grep -v 'source probe: .*: answers, 3 of its sessions watched' "$work/err")"
finish
