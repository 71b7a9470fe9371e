#!/bin/sh
# A router that is read by SNMP alone: a real snmpd with the BGP4-MIB of a real bgpd, one leg
# over v2c and the other over v3 authPriv.
. "${top_srcdir:?}/tests/shlib.sh"
. "$top_srcdir/tests/integration/rig.sh"
. "$top_srcdir/tests/integration/e2e.sh"

E2E_NEEDS=jq
why=$(e2e_missing)
[ -z "$why" ] || skip "$why"
[ -n "$(find /usr/lib -name bgpd_snmp.so 2>/dev/null)" ] || skip "needs frr-snmp"
link_events -s
trap rig_down EXIT
trap 'exit 1' INT TERM

e2e_folder
# Where bgpd's sub-agent finds its master; the default is the machine's own.
mkdir "$RIG_DIR/frr-snmp"
printf 'agentXSocket unix:%s/agentx\n' "$RIG_DIR" >"$RIG_DIR/frr-snmp/frr.conf"
chmod 755 "$RIG_DIR/frr-snmp"
SNMPCONFPATH=$RIG_DIR/frr-snmp
export SNMPCONFPATH
RIG_BGPD_OPTIONS="-M snmp"
E2E_SNMPD_LINE="agentXPerms 0777 0777
createUser monitor SHA-256 authentic01 AES private0001
rouser monitor priv"

rig_up "" || { fail "the rig stands"; finish; }
rig_wait 4 20 || { fail "the sessions are established"; finish; }
printf 'community = public\n' >"$RIG_DIR/v2c"
cat >"$RIG_DIR/v3" <<END
user = monitor
auth-protocol = SHA-256
auth-password = authentic01
priv-protocol = AES
priv-password = private0001
END
sed 's/authentic01/mistaken001/' "$RIG_DIR/v3" >"$RIG_DIR/wrong-auth"
sed 's/private0001/mistaken001/' "$RIG_DIR/v3" >"$RIG_DIR/wrong-priv"
sed 's/public/mistaken/' "$RIG_DIR/v2c" >"$RIG_DIR/wrong-community"
cp "$RIG_DIR/v2c" "$RIG_DIR/open"
chmod 640 "$RIG_DIR/v2c" "$RIG_DIR/v3" "$RIG_DIR"/wrong-*
chmod 644 "$RIG_DIR/open"

source_section() { # NAME
	printf '[source %s]\ntype = snmp\naddress = udp:127.0.0.1:%s\ncredentials = %s\n' "$1" \
		"$E2E_PORT" "$RIG_DIR/$1"
	printf 'poll-interval = 0.5\nstale-after = 3\ntimeout = 0.5\n'
}
{
	for s in v2c v3 wrong-auth wrong-priv wrong-community open; do source_section "$s"; done
	echo "trap-listen = udp:127.0.0.1:$((E2E_PORT + 5))" # of the last one
	cat <<-END
		[port ce1-er1]
		source = v2c
		interface = er1
		[port ce2-er2]
		source = v3
		interface = er2
		[circuit far]
		connectivity-model = point-to-point
		[connection far primary]
		port = ce1-er1
		[connection far secondary]
		port = ce2-er2
		[session far primary private ipv4]
		neighbor = $(rig_ipv4 1 2)
		source = v2c
		[session far secondary private ipv4]
		neighbor = $(rig_ipv4 2 2)
		source = v3
		[circuit six]
		connectivity-model = point-to-point
		[connection six primary]
		port = ce1-er1
		[session six primary private ipv6]
		neighbor = $(rig_ipv6 1 2)
		source = v2c
	END
} | e2e_config

has_bgp() { e2e_ask snmpget ".1.3.6.1.2.1.15.3.1.2.$(rig_ipv4 1 2)" 2>/dev/null | grep -q ' [1-6]$'; }
source_is() { # NAME STATE REASON
	[ "$(e2e_json ".source[] | select(.name == \"$1\").state | .state + \" \" + .reason")" = "$2 $3" ]
}
session_is() { # ROLE STATE
	[ "$(e2e_json ".circuit[] | select(.name == \"far\").connection[] |
		select(.role == \"$1\").session[0].state.state")" = "$2" ]
}
port_is() { # NAME STATE
	[ "$(e2e_json ".port[] | select(.name == \"$1\").state.state")" = "$2" ]
}

{ e2e_trapd && e2e_snmpd; } || { fail "snmpd starts"; finish; }
# of the daemons only bgpd knows the command
vtysh --vty_socket "$RIG_DIR/ce" -d bgpd -c 'configure terminal' -c agentx >/dev/null 2>&1
check_until "bgpd serves BGP4-MIB" 30 has_bgp
e2e_ermond || { fail "ermond starts"; e2e_finish; }

check_until "v2c: the source is ok" 10 source_is v2c ok none
check_until "v3 authPriv: the source is ok" 10 source_is v3 ok none
check_until "v2c: the session is up" 5 e2e_session_is far primary ipv4 up none
check_until "v3: the session is up" 5 e2e_session_is far secondary ipv4 up none
check_until "v2c: the port is up" 5 port_is ce1-er1 up
check_until "v3: the port is up" 5 port_is ce2-er2 up
check "IPv6 is said to be beyond BGP4-MIB" e2e_has_logged 'cannot tell of 1 IPv6 sessions'
check_equal "and stays unknown" unknown \
	"$(e2e_json '.circuit[] | select(.name == "six").connection[].session[].state.state')"
check_until "v3, another auth-password: permission" 5 source_is wrong-auth lost permission
check_until "v3, another priv-password: permission" 8 source_is wrong-priv lost permission
check_until "another community: timeout" 8 source_is wrong-community lost timeout
check_until "credentials others may read: permission" 5 source_is open lost permission
check_equal "no secret is in the log" "" "$(e2e_log | grep -e mistaken -e authentic0 -e private0)"

# snmpd answers what bgpd says at once; the poll is 0.5 s.
rig_cut shutdown 1
check_until "v2c: the session's end is seen" 3 e2e_session_is far primary ipv4 down admin-shutdown
check "the other one is not touched" e2e_session_is far secondary ipv4 up none
rig_cut kill 2
check_until "v3: a killed peer is seen" 10 session_is secondary down
rig_mend shutdown 1
rig_mend kill 2
check_until "both come back" 30 e2e_circuit_is far healthy

# snmpd keeps the state of interfaces for up to 15 s
rig_cut admin 2
check_until "v3: the port's end is seen" 25 port_is ce2-er2 admin-down
rig_mend admin 2
check_until "and its return" 25 port_is ce2-er2 up
check_until "with the session" 30 e2e_circuit_is far healthy

rig_signal snmpd KILL
check_until "snmpd killed: the source is lost" 3 source_is v2c lost refused
check_equal "what it told is kept for a while" "up none" \
	"$(e2e_json '.circuit[] | select(.name == "far").connection[0].session[0].state | .state + " " + .cause')"
check_until "then unknown, never down" 10 e2e_circuit_is far unknown
rig_end snmpd
e2e_snmpd || fail "snmpd starts again"
check_until "the source is back" 10 source_is v2c ok none
check_until "and knows of the restart" 5 e2e_has_logged 'source v2c: .*the agent was restarted'
check_until "with bgpd's sub-agent, all is healthy" 60 e2e_circuit_is far healthy
e2e_finish
