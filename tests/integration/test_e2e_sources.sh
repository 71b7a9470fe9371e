#!/bin/sh
# Several sources of one session: FRR's socket, its BMP and the kernel's sockets agree; one of
# them falls silent; a leg is drained; the prefix limit comes near and is passed.
. "${top_srcdir:?}/tests/shlib.sh"
. "$top_srcdir/tests/integration/rig.sh"
. "$top_srcdir/tests/integration/e2e.sh"

why=$(E2E_NEEDS=jq e2e_missing)
[ -z "$why" ] || skip "$why"
link_events -s
trap rig_down EXIT
trap 'exit 1' INT TERM

export RIG_BMP=11019
rig_up "" || { fail "the rig stands"; e2e_finish; }
check_until "four sessions are established" 20 rig_has_established 4
{
	e2e_circuit c1
	cat <<-END
		[hold draining]
		raise = 0.1
		clear = 0.1
		[hold prefix-threshold]
		raise = 0.1
		clear = 0.1
		[hold prefix-limit]
		raise = 0.1
		clear = 0.1
		[hold state-unknown]
		raise = 60
		[source frr]
		type = frr
		socket = $RIG_DIR/ce/bgpd.vty
		resync-interval = 1
		[source monitor]
		type = bmp
		stale-after = 4
		[session c1 primary private ipv4]
		neighbor = $(rig_ipv4 1 2)
		prefix-limit = 20
		expected-prefix = 10.1.0.0/16
		[session c1 secondary private ipv4]
		neighbor = $(rig_ipv4 2 2)
	END
} | e2e_config
e2e_begin

# claim SOURCE FIELD: of the primary session.
claim() {
	e2e_json ".circuit[].connection[] | select(.role == \"primary\").session[].state.claim[] |
		select(.source == \"$1\").\"$2\""
}
claim_is() { [ "$(claim "$1" "$2")" = "$3" ]; }
state_of() { e2e_json ".circuit[].connection[] | select(.role == \"$1\").session[].state.$2"; }
state_is() { [ "$(state_of "$1" "$2")" = "$3" ]; }
source_is() { [ "$(e2e_ctl -f json sources | jq -r ".\"ermon:ermon\".source[] |
	select(.name == \"$1\").state.state")" = "$2" ]; }

log="1 started indeterminate agent-started/agent:edge1"
check_until "the circuit is healthy" 10 e2e_circuit_is c1 healthy
check_until "FRR's socket decides" 10 claim_is frr use decides
check_until "its BMP agrees" 20 claim_is monitor use agrees
check_until "the kernel's sockets agree" 10 claim_is sockets use agrees
check_until "the neighbour is resolved" 10 state_is primary '"neighbor-state"' resolved
check_until "the expected prefix is there" 10 state_is primary '"expected-received"' 1
check "ermonctl tells who says what" sh -c "'$top_builddir/ermonctl' -s '$RIG_DIR/run/ctl.sock' \
	sources c1 | grep -q 'primary private ipv4 *frr *established .*decides'"
check_traps "nothing was told" 1 "$log"

# The peer ends one session.
rig_cut shutdown 1
log="$log
2 raise major redundancy-lost/c1"
check_traps "shut down by the peer: redundancy is lost" 10 "$log"
check_until "with its reason" 5 e2e_session_is c1 primary ipv4 down admin-shutdown
check_until "BMP says so too" 5 claim_is monitor bgp-state idle
rig_mend shutdown 1
log="$log
3 clear cleared redundancy-lost/c1"
check_traps "and on again" 30 "$log"
check_until "all agree again" 10 claim_is monitor use agrees

# It is killed: the kernel closes its sockets, and nobody can tell.
rig_cut kill 0
check_until "own bgpd killed: unknown, not down" 5 state_is primary state unknown
rig_mend kill 0
check_until "it is back: healthy" 30 e2e_circuit_is c1 healthy
check_traps "nothing was told" 1 "$log"

# The peer prepends its AS.
peer() { # COMMAND...: in the IPv4 family of the first Microsoft router
	rig_vty m1 'configure terminal' "router bgp $RIG_MSEE_AS" 'address-family ipv4 unicast' "$@" \
		>/dev/null
}
rig_vty m1 'configure terminal' 'route-map drain permit 10' "set as-path prepend $RIG_MSEE_AS" \
	>/dev/null
peer "neighbor $(rig_ipv4 1 1) route-map drain out"
log="$log
4 raise warning draining/c1:primary"
check_traps "drained: told once" 20 "$log"
check_until "the session is draining" 5 state_is primary state draining
check_until "the circuit stays healthy" 5 e2e_circuit_is c1 healthy
peer "no neighbor $(rig_ipv4 1 1) route-map drain out"
log="$log
5 clear cleared draining/c1:primary"
check_traps "no longer drained" 20 "$log"

# More and more prefixes are advertised.
networks() { # WORD FROM TO: "WORD network 172.16.N.0/24" in the customer's router
	networks_word=$1
	shift
	# shellcheck disable=SC2046 # a list of commands
	set -- $(seq "$1" "$2")
	for n; do
		set -- "$@" "$networks_word network 172.16.$n.0/24"
		shift
	done
	rig_vty ce 'configure terminal' "router bgp $RIG_CE_AS" 'address-family ipv4 unicast' "$@" \
		>/dev/null
}
networks '' 1 15
log="$log
6 raise minor prefix-threshold/c1:primary:private-ipv4"
check_traps "near the limit" 10 "$log"
networks '' 16 20
log="$log
7 raise major prefix-limit/c1:primary:private-ipv4"
check_traps "over the limit" 10 "$log"
networks no 1 20
check_until "far below it: both are over" 10 e2e_has_trap '^9 clear'
check_equal "each once" 2 "$(e2e_traps | grep -c '^[89] clear cleared prefix-')"

# The own router hangs: its socket and its BMP fall silent, its TCP connections stand.
rig_cut freeze 0
check_until "own bgpd hangs: its socket is not heard" 10 source_is frr lost
check_until "its BMP is not believed for ever" 10 state_is primary state unknown
check_equal "nothing else was told" 9 "$(e2e_get 1.5.0)"
e2e_finish
