#!/bin/sh
# The neighbor source on the real kernel: who answers ARP and neighbour discovery, and who not.
. "${top_srcdir:?}/tests/shlib.sh"
. "$top_srcdir/tests/integration/rig.sh"

[ "$(id -u)" -eq 0 ] || skip "needs root, for network namespaces"
command -v python3 >/dev/null || skip "needs python3"
probe=${top_builddir:?}/tests/integration/host_probe
[ -x "$probe" ] || skip "host_probe is not built"
link_events -s

RIG_DIR=$(mktemp -d)
out=$RIG_DIR/probe.out
long=expressroute-primary-link
trap rig_down EXIT
trap 'exit 1' INT TERM
for node in ce m1; do rig_node "$node" || skip "no network namespaces"; done
rig_link 1
ip -n "$RIG-ce" link property add dev er1 altname "$long" || skip "no alternative names"

told() { grep -q -- "$1" "$out" 2>/dev/null; }
await() { # NAME SECONDS REGEX
	check "$1" wait_for "$2" told "$3" || cat "$out"
}
knock() { # ADDRESS: makes the kernel look for it
	rig_in ce python3 -c 'import socket, sys
f = socket.AF_INET6 if ":" in sys.argv[1] else socket.AF_INET
socket.socket(f, socket.SOCK_DGRAM).sendto(b"x", (sys.argv[1], 9))' "$1"
}
start_probe() { # OPTION...
	rig_spawn probe ce setpriv --reuid nobody --clear-groups "$probe" "$@" \
		"$a4%er1" "192.168.100.4%$long" "$a6%$long" "192.0.2.9%er1" "192.0.2.9%absent"
}
state() { rig_in ce ip neigh show "$1" | awk '{ print $NF }'; }

a4=$(rig_ipv4 1 2) a6=$(rig_ipv6 1 2)
ip -n "$RIG-ce" addr replace 192.168.100.1/29 dev er1
: >"$out"
chmod 755 "$RIG_DIR"
start_probe -p 100 neighbor
await "nobody asked: unknown" 5 "neighbor $a4 unknown"
knock "$a4"
knock "$a6"
knock 192.168.100.4
await "one that answers ARP" 5 "neighbor $a4 resolved"
await "one that answers neighbour discovery" 5 "neighbor $a6 resolved"
await "one that does not answer" 5 "neighbor 192.168.100.4 unresolved"
check "who is not on the link is unknown" told "neighbor 192.0.2.9 unknown"
check "and nothing else" sh -c "! grep -q 'neighbor 192.0.2.9 [^u]' '$out'"
check "it is well, as nobody" told 'source ok none'
rig_end probe

# Probing changes what the kernel knows, so it is off unless asked for.
mac=$(ip -n "$RIG-m1" -br link show leg | awk '{ print $3 }')
rig_in ce ip neigh replace "$a4" lladdr "$mac" dev er1 nud stale
start_probe -p 100 neighbor
await "stale is resolved" 5 "neighbor $a4 resolved"
check_equal "and stays stale" STALE "$(state "$a4")"
rig_end probe
start_probe -p 100 -a neighbor
await "without the right to probe it watches" 5 "neighbor $a4 resolved"
await "and says so" 5 'may not probe'
check_equal "once" 1 "$(grep -c 'may not probe' "$out")"
check_equal "and it stays stale" STALE "$(state "$a4")"
rig_end probe
rig_spawn probe ce "$probe" -p 100 -a neighbor "$a4%er1"
is_reachable() { [ "$(state "$a4")" = REACHABLE ]; }
check "with it the kernel confirms" wait_for 5 is_reachable
rig_end probe
finish
