#!/bin/sh
# The BIRD source of ermond against two real BIRDs, in namespaces of their own.
. "${top_srcdir:?}/tests/shlib.sh"
. "$top_srcdir/tests/integration/rig.sh"
. "$top_srcdir/tests/integration/e2e.sh"
. "$top_srcdir/tests/integration/bird_rig.sh"

why=$(bird_missing)
[ -z "$why" ] || skip "$why"
link_events -s
trap rig_down EXIT
trap 'exit 1' INT TERM

bird_up || { fail "the rig stands"; finish; }
e2e_until 20 bird_has_established ce 2 || { fail "the sessions are established"; finish; }
BIRD_SESSION_LINES='bfd = true' bird_ermond bird "$RIG_DIR/ce/bird.ctl" || { fail "ermond runs"; finish; }

bird_await "IPv4 is up" 10 ipv4 up none
bird_await "IPv6 is up" 10 ipv6 up none
for family in ipv4 ipv6; do
	check "$family: one prefix each way" e2e_until 5 bird_has $family \
		'"\(."prefixes-received") \(."prefixes-advertised")"' '1 1'
	check "$family: BFD is up" e2e_until 5 bird_has $family '."bfd-state"' up
	check "$family: the ASes" bird_has $family '"\(."local-as") \(."remote-as")"' "$RIG_CE_AS $RIG_MSEE_AS"
done
check "the source is ok" bird_source_is ok none

bird_ctl m1 disable er1_v4 >/dev/null
bird_await "disabled by the peer" 5 ipv4 down admin-shutdown
check "by its NOTIFICATION" bird_has ipv4 '"\(."error-code")/\(."error-subcode")"' 6/2
check "the other session stays" bird_is ipv6 up none
bird_ctl m1 enable er1_v4 >/dev/null
bird_await "enabled again" 20 ipv4 up none

bird_ctl ce disable er1_v4 >/dev/null
bird_await "disabled by ourselves" 5 ipv4 admin-down local-shutdown
bird_ctl ce enable er1_v4 >/dev/null
bird_await "enabled again" 20 ipv4 up none
bird_await "IPv6 is up" 10 ipv6 up none

rig_cut mute 1
bird_await "mute: BFD is down (IPv4)" 5 ipv4 down bfd-down
bird_await "mute: BFD is down (IPv6)" 5 ipv6 down bfd-down
rig_mend mute 1
bird_await "no longer mute (IPv4)" 30 ipv4 up none
bird_await "no longer mute (IPv6)" 30 ipv6 up none

# more than one flap between two polls is rare; one is counted whatever the polls saw
before=$(bird_session_json ipv4 .transitions)
bird_ctl m1 restart er1_v4 >/dev/null
# shellcheck disable=SC2317 # called by e2e_until
e2e_flapped() { [ "$(bird_session_json ipv4 .transitions)" -gt "$before" ]; }
check "a restart is counted" e2e_until 20 e2e_flapped
bird_await "and over" 20 ipv4 up none

rig_signal bird-m1 KILL
bird_await "the peer's BIRD is killed" 5 ipv4 down peer-closed
bird_start m1
bird_await "it is back (IPv4)" 30 ipv4 up none
bird_await "it is back (IPv6)" 30 ipv6 up none

rig_signal bird-ce KILL
# closed, until the next try is refused
is_ended() { bird_source_is lost closed || bird_source_is lost refused; }
check "our BIRD is killed: lost" e2e_until 5 is_ended
bird_await "and its sessions unknown" 5 ipv4 unknown collector-lost
bird_start ce
check "it is met again" e2e_until 5 bird_source_is ok none
bird_await "and up (IPv4)" 30 ipv4 up none
bird_await "and up (IPv6)" 30 ipv6 up none

rig_signal bird-ce STOP
check "our BIRD hangs: timeout" e2e_until 8 bird_source_is lost timeout
rig_signal bird-ce CONT
check "it goes on" e2e_until 12 bird_source_is ok none
check "ermond runs" rig_pid ermond >/dev/null
finish
