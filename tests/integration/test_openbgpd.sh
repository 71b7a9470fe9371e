#!/bin/sh
# The OpenBGPD source of ermond against a real OpenBGPD that speaks with BIRD, in namespaces of their own.
. "${top_srcdir:?}/tests/shlib.sh"
. "$top_srcdir/tests/integration/rig.sh"
. "$top_srcdir/tests/integration/e2e.sh"
. "$top_srcdir/tests/integration/bird_rig.sh"

BIRD_NEEDS="bgpd bgpctl"
why=$(bird_missing)
[ -z "$why" ] || skip "$why"
link_events -s
trap rig_down EXIT
trap 'exit 1' INT TERM

bird_links || { fail "the links stand"; finish; }
bird_config m1 "$RIG_MSEE_AS" 2 "$RIG_CE_AS" 1 10.1.0.0/16 2001:db8:a1::/48
obgpd_config
bird_start m1 || { fail "BIRD runs"; finish; }
obgpd_start || { fail "OpenBGPD runs"; finish; }
e2e_until 20 bird_has_established m1 2 || { fail "the sessions are established"; finish; }
bird_ermond openbgpd "$RIG_DIR/ce/bgpd.rsock" || { fail "ermond runs"; finish; }

bird_await "IPv4 is up" 10 ipv4 up none
bird_await "IPv6 is up" 10 ipv6 up none
for family in ipv4 ipv6; do
	check "$family: one prefix each way" e2e_until 5 bird_has $family \
		'"\(."prefixes-received") \(."prefixes-advertised")"' '1 1'
done
check "the source is ok" bird_source_is ok none

bird_ctl m1 disable er1_v4 >/dev/null
bird_await "disabled by the peer" 5 ipv4 down admin-shutdown
check "the other session stays" bird_is ipv6 up none
bird_ctl m1 enable er1_v4 >/dev/null
bird_await "enabled again" 60 ipv4 up none

rig_in ce bgpctl -s "$RIG_DIR/ce/bgpd.sock" neighbor "$(rig_ipv4 1 2)" down >/dev/null
bird_await "taken down by ourselves" 5 ipv4 admin-down local-shutdown
rig_in ce bgpctl -s "$RIG_DIR/ce/bgpd.sock" neighbor "$(rig_ipv4 1 2)" up >/dev/null
bird_await "taken up again" 60 ipv4 up none

rig_end obgpd
check "bgpd ends: refused" e2e_until 5 bird_source_is lost refused
bird_await "and its sessions unknown" 5 ipv4 unknown collector-lost
obgpd_start
check "it is met again" e2e_until 8 bird_source_is ok none
bird_await "and up (IPv4)" 60 ipv4 up none
bird_await "and up (IPv6)" 60 ipv6 up none
# shellcheck disable=SC2009 # pgrep knows no states
check_equal "no process is left unreaped" 0 "$(ps -o stat= --ppid "$(rig_pid ermond)" | grep -c Z)"
finish
