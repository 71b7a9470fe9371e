# shellcheck shell=sh
# The customer edge and link 1's MSEE-like router of rig.sh, with BIRD 2 or OpenBGPD on them.
# A library on top of rig.sh and e2e.sh.
#
#   why=$(bird_missing); [ -z "$why" ] || skip "$why"
#   trap rig_down EXIT; trap 'exit 1' INT TERM
#   bird_up              two sessions, IPv4 and IPv6, on er1; with BFD
#   bird_ctl NODE ...    birdc of that node
#   obgpd_config; obgpd_start      OpenBGPD as the customer edge
#   bird_ermond TYPE SOCKET        ermond on the customer edge, with that source
#   bird_await NAME SECONDS FAMILY STATE CAUSE    a check of what ermond says of a session
#
# BIRD's socket is $RIG_DIR/NODE/bird.ctl, its log $RIG_DIR/NODE/bird.log.

bird_missing() {
	[ "$(id -u)" = 0 ] || { echo "needs root, for network namespaces"; return; }
	for bird_word in ip setsid jq bird birdc nft ${BIRD_NEEDS-}; do
		command -v "$bird_word" >/dev/null || { echo "needs $bird_word"; return; }
	done
	for bird_word in ermond ermonctl; do
		[ -x "${top_builddir:?}/$bird_word" ] || { echo "$bird_word is not built"; return; }
	done
	if ip netns add "$RIG-try" 2>/dev/null; then
		ip netns del "$RIG-try"
	else
		echo "needs the right to make network namespaces"
	fi
}

bird_session() { # NAME LOCAL AS PEER AS CHANNEL
	cat <<-END
		protocol bgp $1 {
			description "BGP state: Idle";
			local $2 as $3;
			neighbor $4 as $5;
			hold time 3; keepalive time 1;
			connect retry time 1; connect delay time 1; error wait time 1, 2;
			error forget time 1;
			bfd on;
			$6 { import all; export filter { $7 accept; }; };
		}
	END
}

bird_config() { # NODE AS SIDE PEER-AS PEER-SIDE NETWORK-IPV4 NETWORK-IPV6 [FILTER-STATEMENT]
	mkdir -p "$RIG_DIR/$1"
	{
		printf 'log "%s/bird.log" all;\nrouter id %s;\n' "$RIG_DIR/$1" "$(rig_ipv4 1 "$3")"
		printf 'protocol device { scan time 1; }\n'
		printf 'protocol bfd { interface "*" { interval 100 ms; multiplier 3; }; }\n'
		printf 'protocol static s4 { ipv4; route %s blackhole; }\n' "$6"
		printf 'protocol static s6 { ipv6; route %s blackhole; }\n' "$7"
		bird_session er1_v4 "$(rig_ipv4 1 "$3")" "$2" "$(rig_ipv4 1 "$5")" "$4" ipv4 "${8-}"
		bird_session er1_v6 "$(rig_ipv6 1 "$3")" "$2" "$(rig_ipv6 1 "$5")" "$4" ipv6 "${8-}"
	} >"$RIG_DIR/$1/bird.conf"
}

bird_start() { # NODE
	rm -f "$RIG_DIR/$1/bird.ctl"
	rig_spawn "bird-$1" "$1" bird -f -c "$RIG_DIR/$1/bird.conf" -s "$RIG_DIR/$1/bird.ctl" \
		-P "$RIG_DIR/$1/bird.pid"
	rig_until 10 test -S "$RIG_DIR/$1/bird.ctl" || rig_fail "bird of $1 did not start:
$(cat "$RIG_DIR/bird-$1.out")"
}

bird_ctl() { # NODE COMMAND...
	bird_node=$1
	shift
	birdc -s "$RIG_DIR/$bird_node/bird.ctl" "$@"
}

bird_links() {
	e2e_folder || return 1
	for bird_x in ce m1; do rig_node "$bird_x" || return 1; done
	rig_link 1
}

bird_up() {
	bird_links || return 1
	bird_config ce "$RIG_CE_AS" 1 "$RIG_MSEE_AS" 2 172.16.0.0/24 2001:db8:ce::/48
	bird_config m1 "$RIG_MSEE_AS" 2 "$RIG_CE_AS" 1 10.1.0.0/16 2001:db8:a1::/48
	for bird_x in ce m1; do bird_start "$bird_x" || return 1; done
}

bird_has_established() { # NODE NUMBER
	[ "$(bird_ctl "$1" show protocols 2>/dev/null | grep -c Established)" -ge "$2" ]
}

# --- OpenBGPD on the customer edge ---
obgpd_session() { # ADDRESS OWN-ADDRESS FAMILY OTHER-FAMILY
	printf 'neighbor %s {\nremote-as %s\nlocal-address %s\nholdtime 3\n' "$1" "$RIG_MSEE_AS" "$2"
	printf 'announce %s unicast\nannounce %s none\n}\n' "$3" "$4"
}

obgpd_config() {
	mkdir -p "$RIG_DIR/ce"
	{
		printf 'AS %s\nrouter-id %s\nfib-update no\nconnect-retry 1\nholdtime min 3\n' \
			"$RIG_CE_AS" "$(rig_ipv4 1 1)"
		printf 'socket "%s/ce/bgpd.sock"\nsocket "%s/ce/bgpd.rsock" restricted\n' "$RIG_DIR" "$RIG_DIR"
		printf 'network 172.16.0.0/24\nnetwork 2001:db8:ce::/48\n'
		obgpd_session "$(rig_ipv4 1 2)" "$(rig_ipv4 1 1)" IPv4 IPv6
		obgpd_session "$(rig_ipv6 1 2)" "$(rig_ipv6 1 1)" IPv6 IPv4
		printf 'allow from any\nallow to any\n'
	} >"$RIG_DIR/ce/bgpd.conf"
	chmod 600 "$RIG_DIR/ce/bgpd.conf"
}

# Its children change their root to a folder below /run: one of its own, seen by it alone.
# shellcheck disable=SC2016 # the inner shell's
obgpd_start() {
	rm -f "$RIG_DIR/ce/bgpd.rsock"
	rig_spawn obgpd ce sh -c 'mount -t tmpfs none /run && mkdir /run/openbgpd && exec "$@"' sh \
		bgpd -d -f "$RIG_DIR/ce/bgpd.conf"
	rig_until 10 test -S "$RIG_DIR/ce/bgpd.rsock" || rig_fail "bgpd did not start:
$(cat "$RIG_DIR/obgpd.out")"
}

# --- ermond ---
bird_ermond() { # TYPE SOCKET
	{
		printf '[agent]\nsnmp = false\nmin-interval = 0\nflap-suppress = 1000000\n'
		printf '[circuit c]\nconnectivity-model = direct\nmin-redundant = 1\n[connection c primary]\n'
		printf '[source edge]\ntype = %s\nsocket = %s\n' "$1" "$2"
		for bird_f in 4 6; do
			printf '[session c primary private ipv%s]\nneighbor = %s\nsource = edge\n%s\n' "$bird_f" \
				"$("rig_ipv$bird_f" 1 2)" "${BIRD_SESSION_LINES-}"
		done
	} >"$RIG_DIR/ermond.conf"
	e2e_ermond
}

bird_session_json() { # FAMILY FILTER
	e2e_json ".circuit[0].connection[0].session[] | select(.family == \"$1\").state | $2"
}
bird_is() { [ "$(bird_session_json "$1" '.state + " " + .cause')" = "$2 $3" ]; }
bird_has() { [ "$(bird_session_json "$1" "$2")" = "$3" ]; }
bird_source_is() { # STATE REASON
	[ "$(e2e_json '.source[] | select(.name == "edge").state | .state + " " + .reason')" = "$1 $2" ]
}

bird_await() { # NAME SECONDS FAMILY STATE CAUSE
	if e2e_until "$2" bird_is "$3" "$4" "$5"; then
		pass "$1"
	else
		fail "$1" "$(bird_session_json "$3" .)"
	fi
}
