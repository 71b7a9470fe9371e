#!/bin/sh
# Scenes 4, 5, 6 and 8 with real BGP: a leg that was never there, the own router killed, a leg
# that falls silent, a leg switched off on this side and one shut down by the other.
. "${top_srcdir:?}/tests/shlib.sh"
. "$top_srcdir/tests/integration/rig.sh"
. "$top_srcdir/tests/integration/e2e.sh"

why=$(E2E_NEEDS=jq e2e_missing)
[ -z "$why" ] || skip "$why"
link_events -s
# bgpd announces its routes a second after a session is up, IPv4's and IPv6's each by itself.
# shellcheck disable=SC2034 # e2e.sh reads it
E2E_REDUNDANCY_RAISE=2
trap rig_down EXIT
trap 'exit 1' INT TERM

rig_up "" || { fail "the rig stands"; e2e_finish; }
check_until "four sessions are established" 20 rig_has_established 4
{
	e2e_circuit c1
	e2e_sessions c1
	# Its secondary leg was never built.
	printf '[circuit c2]\nconnectivity-model = direct\n'
	printf '[connection c2 primary]\ninterface = er1\n[connection c2 secondary]\ninterface = er9\n'
	printf '[hold not-redundant]\nraise = 0.5\nclear = 0.5\n[hold state-unknown]\nraise = 30\n'
} | e2e_config
e2e_begin

source_is() { [ "$(e2e_get 2.1.5.2)" = "$1" ]; } # ErmonSourceStateTC

log="1 started indeterminate agent-started/agent:edge1
2 raise warning not-redundant/c2"
check_traps "a leg that was never there: not redundant, not a loss" 10 "$log"
check "its text says so" sh -c "echo '$(e2e_text_of 2)' | grep -q 'c2'"
check_until "the other circuit is healthy" 5 e2e_circuit_is c1 healthy

# The own bgpd dies: what it knew is unknown, nothing is told.
rig_cut kill 0
check_until "own bgpd killed: its source is lost" 5 source_is 3
check_until "own bgpd killed: the circuit is unknown, not down" 5 e2e_circuit_is c1 unknown
rig_mend kill 0
check_until "own bgpd is back: the source is heard" 10 source_is 1
check_until "and the circuit healthy" 30 e2e_circuit_is c1 healthy
check_traps "and nothing was told" 1 "$log"

# A leg falls silent: its hold time of 3 s tells it.
rig_cut mute 1
log="$log
3 raise major redundancy-lost/c1"
check_traps "a silent leg: redundancy is lost" 10 "$log"
check "not before its hold time" sh -c "echo '$(e2e_text_of 3)' | grep -qi 'hold'"
check_until "cause hold-expired (IPv4)" 5 e2e_session_is c1 primary ipv4 down hold-expired
check_until "cause hold-expired (IPv6)" 5 e2e_session_is c1 primary ipv6 down hold-expired
rig_mend mute 1
log="$log
4 clear cleared redundancy-lost/c1"
check_traps "it speaks again" 30 "$log"
check_until "healthy" 5 e2e_circuit_is c1 healthy

# Its router hangs: the same.
rig_cut freeze 2
log="$log
5 raise major redundancy-lost/c1"
check_traps "a hung router: redundancy is lost" 10 "$log"
check_until "cause hold-expired" 5 e2e_session_is c1 secondary ipv4 down hold-expired
rig_mend freeze 2
log="$log
6 clear cleared redundancy-lost/c1"
check_traps "it goes on" 30 "$log"

# Shut down by our own operator: adminDown, never down.
own() { # WORD: "WORD neighbor ... shutdown" in the customer's router
	rig_vty ce 'configure terminal' "router bgp $RIG_CE_AS" \
		"$1 neighbor $(rig_ipv4 2 2) shutdown" "$1 neighbor $(rig_ipv6 2 2) shutdown" >"$RIG_DIR/vty"
}
own ''
log="$log
7 raise major redundancy-lost/c1"
check_traps "shut down on this side: redundancy is lost all the same" 10 "$log"
check_until "admin-down, not down" 5 e2e_session_is c1 secondary ipv4 admin-down local-shutdown
check_equal "the circuit says so" true "$(e2e_json '.circuit[] | select(.name == "c1").state."admin-down"')"
own no
log="$log
8 clear cleared redundancy-lost/c1"
check_traps "and switched on again" 30 "$log"

# Shut down by the far operator: down, and the reason is kept though bgpd forgets it.
rig_cut shutdown 1
log="$log
9 raise major redundancy-lost/c1"
check_traps "shut down by the peer: redundancy is lost" 10 "$log"
check_until "cause admin-shutdown" 5 e2e_session_is c1 primary ipv4 down admin-shutdown
rig_mend shutdown 1
log="$log
10 clear cleared redundancy-lost/c1"
check_traps "and on again" 30 "$log"
check_equal "nothing else was told" 10 "$(e2e_get 1.5.0)"
e2e_finish
