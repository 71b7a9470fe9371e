# shellcheck shell=sh
# A customer edge (ce) and two MSEE-like routers (m1, m2; AS 12076) on real FRR, in network
# namespaces of their own.  A library for tests, the demonstration and the benchmark.
#
#   . "$top_srcdir/tests/integration/rig.sh"
#   why=$(rig_missing); [ -z "$why" ] || skip "$why"
#   trap rig_down EXIT; trap 'exit 1' INT TERM
#   rig_up              4 sessions: IPv4 and IPv6 on er1 and er2; `rig_up bfd': with BFD
#   rig_wait 4 20       until 4 are Established, 20 s at most
#   rig_cut KIND LINK   then rig_mend KIND LINK; KIND:
#       carrier   the far end of the link goes: no carrier at er1, er2
#       admin     er1, er2 is set down
#       mute      an IP black hole: the link stays up, ARP too
#       kill      the router's bgpd is killed; mend starts it again
#       freeze    it is stopped by a signal: alive and silent
#       shutdown  its operator shuts the sessions down
#     LINK is 1 or 2, for kill and freeze also 0: the customer's own bgpd
#   rig_down            ends what it started, by pid, and removes the rest; may be called twice
#
# RIG is the prefix of the namespaces, RIG_DIR the folder of all files; both are new for each
# run, so that two runs do not meet.  bgpd's socket is $RIG_DIR/ce/bgpd.vty.
#
#           CE                        link 1, m1            link 2, m2
#   AS      65010                     12076                 12076
#   names   er1, er2                  leg                   leg
#   IPv4    192.168.100.1, .5 /30     192.168.100.2         192.168.100.6
#   IPv6    2001:db8:100:LINK::1 /126 2001:db8:100:1::2     2001:db8:100:2::2
#   routes  1 IPv4, 1 IPv6 announced  1 IPv4, 1 IPv6        1 IPv4, 1 IPv6

RIG=${RIG:-erm$$}
RIG_DIR=${RIG_DIR:-}
RIG_FRR=${RIG_FRR:-/usr/lib/frr}
RIG_KEEPALIVE=${RIG_KEEPALIVE:-1}
RIG_HOLD=${RIG_HOLD:-3}
RIG_CE_AS=65010
RIG_MSEE_AS=12076
rig_bfd=

# Why the rig cannot be built here; nothing when it can.
rig_missing() {
	[ "$(id -u)" = 0 ] || { echo "needs root, for network namespaces"; return; }
	for rig_word in ip setsid vtysh; do
		command -v "$rig_word" >/dev/null || { echo "needs $rig_word"; return; }
	done
	[ -x "$RIG_FRR/bgpd" ] || { echo "needs FRR ($RIG_FRR/bgpd)"; return; }
	getent passwd frr >/dev/null || { echo "needs the user frr"; return; }
	if ip netns add "$RIG-try" 2>/dev/null; then
		ip netns del "$RIG-try"
	else
		echo "needs the right to make network namespaces"
	fi
}

rig_fail() {
	echo "rig: $*" >&2
	return 1
}

# rig_until SECONDS COMMAND...: asks each 20 ms; 1 when it never succeeded.
rig_until() {
	rig_tries=$(($1 * 50))
	shift
	until "$@"; do
		rig_tries=$((rig_tries - 1))
		[ "$rig_tries" -gt 0 ] || return 1
		sleep 0.02
	done
}

rig_ipv4() { echo "192.168.100.$((4 * $1 - 4 + $2))"; } # LINK SIDE: 1 the customer, 2 Microsoft
rig_ipv6() { echo "2001:db8:100:$1::$2"; }

# rig_in NODE COMMAND...: in that router's namespace.
rig_in() {
	rig_node=$1
	shift
	ip netns exec "$RIG-$rig_node" "$@"
}

# --- Processes ---
# A pid is remembered with the time it was started: another process that got the same
# number later is never touched.
rig_born() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d ' ' -f 20; }

# rig_spawn NAME NODE COMMAND...: in a session of its own, with no descriptor of the caller: one
# that was kept open would hold up a pipe the caller waits for.
rig_spawn() {
	rig_name=$1
	rig_node=$2
	shift 2
	setsid ip netns exec "$RIG-$rig_node" "$@" </dev/null >"$RIG_DIR/$rig_name.out" 2>&1 \
		3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- &
	echo "$! $(rig_born $!)" >"$RIG_DIR/$rig_name.pid"
}

# rig_pid NAME: its pid; fails when it does not run.
rig_pid() {
	read -r rig_p rig_b <"$RIG_DIR/$1.pid" 2>/dev/null || return 1
	[ -n "$rig_b" ] && [ "$(rig_born "$rig_p")" = "$rig_b" ] || return 1
	case $(sed 's/.*) //' "/proc/$rig_p/stat" 2>/dev/null) in
	Z*) return 1 ;;
	esac
	echo "$rig_p"
}

rig_is_gone() { ! rig_pid "$1" >/dev/null; }

rig_signal() { # NAME SIGNAL
	rig_p=$(rig_pid "$1") && kill -"$2" "$rig_p" 2>/dev/null
}

rig_end() { # NAME
	rig_signal "$1" CONT || :
	rig_signal "$1" TERM || :
	if ! rig_until 3 rig_is_gone "$1"; then
		rig_signal "$1" KILL || :
		rig_until 3 rig_is_gone "$1" || rig_fail "$1 does not end"
	fi
	rm -f "$RIG_DIR/$1.pid"
}

# --- Links ---
# Both ends get the same ifindex.  With different ones the kernel takes the loss of carrier
# for urgent and tells it at once, which it does not do for a real NIC.
rig_link() { # LINK
	ip -n "$RIG-ce" link add "er$1" index $((100 + $1)) type veth \
		peer name leg index $((100 + $1)) netns "$RIG-m$1" || return 1
	ip -n "$RIG-ce" link set "er$1" up
	ip -n "$RIG-m$1" link set leg up
	rig_addresses "$1"
}

# Also after a cut: a link set down has lost its IPv6 addresses.
rig_addresses() { # LINK
	ip -n "$RIG-ce" addr replace "$(rig_ipv4 "$1" 1)/30" dev "er$1"
	ip -n "$RIG-m$1" addr replace "$(rig_ipv4 "$1" 2)/30" dev leg
	ip -n "$RIG-ce" addr replace "$(rig_ipv6 "$1" 1)/126" dev "er$1" nodad
	ip -n "$RIG-m$1" addr replace "$(rig_ipv6 "$1" 2)/126" dev leg nodad
}

rig_node() { # NODE
	ip netns add "$RIG-$1" || return 1
	ip -n "$RIG-$1" link set lo up
	rig_in "$1" sysctl -qw net.ipv6.conf.all.disable_ipv6=0 net.ipv6.conf.default.disable_ipv6=0 \
		net.ipv6.conf.default.accept_dad=0 net.ipv6.conf.all.forwarding=1 net.ipv4.ip_forward=1
}

# --- Routers ---
rig_neighbor() { # ADDRESS AS
	cat <<-END
		 neighbor $1 remote-as $2
		 neighbor $1 timers $RIG_KEEPALIVE $RIG_HOLD
		 neighbor $1 timers connect 1
		 neighbor $1 advertisement-interval 0
	END
	[ -z "$rig_bfd" ] || printf ' neighbor %s bfd 3 300 300\n' "$1"
	# RIG_PASSIVE: only the customer connects.  Where both do, a session that has just come up
	# may fall once more, as the two connections meet.
	[ -z "${RIG_PASSIVE-}" ] || [ "$2" != "$RIG_CE_AS" ] || printf ' neighbor %s passive\n' "$1"
}

rig_bgpd_config() { # NODE AS ROUTER-ID PEER-AS PEERS-IPV4 PEERS-IPV6 NETWORK-IPV4 NETWORK-IPV6
	printf 'hostname %s\nlog file %s/bgpd.log\n' "$1" "$RIG_DIR/$1"
	printf 'router bgp %s\n bgp router-id %s\n' "$2" "$3"
	printf ' no bgp ebgp-requires-policy\n no bgp network import-check\n no bgp default ipv4-unicast\n'
	for rig_a in $5 $6; do rig_neighbor "$rig_a" "$4"; done
	if [ -n "${RIG_BMP-}" ] && [ "$1" = ce ]; then
		printf ' bmp targets ermon\n  bmp connect 127.0.0.1 port %s min-retry 100 max-retry 500\n' "$RIG_BMP"
		printf '  bmp stats interval 1000\n exit\n'
	fi
	printf ' address-family ipv4 unicast\n  network %s\n' "$7"
	for rig_a in $5; do printf '  neighbor %s activate\n' "$rig_a"; done
	printf ' exit-address-family\n address-family ipv6 unicast\n  network %s\n' "$8"
	for rig_a in $6; do printf '  neighbor %s activate\n' "$rig_a"; done
	printf ' exit-address-family\n'
}

rig_config() { # as rig_bgpd_config: the node's folder, frr's own so that its daemons may bind there
	mkdir "$RIG_DIR/$1" || return 1
	rig_bgpd_config "$@" >"$RIG_DIR/$1/bgpd.conf"
	for rig_d in zebra bfdd; do
		printf 'hostname %s\nlog file %s/%s.log\n' "$1" "$RIG_DIR/$1" "$rig_d" >"$RIG_DIR/$1/$rig_d.conf"
	done
	chown -R frr:frr "$RIG_DIR/$1"
	chmod 755 "$RIG_DIR/$1"
}

# rig_daemon NODE DAEMON FILE [OPTION...]: in the foreground; there when FILE is a socket.
rig_daemon() {
	rig_n=$1 rig_d=$2 rig_file=$RIG_DIR/$1/$3
	shift 3
	rm -f "$rig_file"
	rig_spawn "$rig_n-$rig_d" "$rig_n" "$RIG_FRR/$rig_d" -f "$RIG_DIR/$rig_n/$rig_d.conf" \
		-i "$RIG_DIR/$rig_n/$rig_d.lock" --vty_socket "$RIG_DIR/$rig_n" \
		-z "$RIG_DIR/$rig_n/zserv.api" -A 127.0.0.1 -P 0 "$@"
	rig_until 10 test -S "$rig_file" || rig_fail "$rig_d of $rig_n did not start:
$(cat "$RIG_DIR/$rig_n-$rig_d.out")"
}

# zebra's socket must be there before the others come: they try again only after seconds.
rig_router() { # NODE
	rig_daemon "$1" zebra zserv.api || return 1
	if [ -n "$rig_bfd" ]; then
		rig_daemon "$1" bfdd bfdd.vty --bfdctl "$RIG_DIR/$1/bfdd.sock" || return 1
	fi
	rig_bgpd "$1"
}

# RIG_BGPD_OPTIONS: further options of every bgpd, e.g. "-M snmp".  RIG_BMP: the port at which
# the customer's bgpd finds a BMP station on its own host.
rig_bgpd() { # NODE
	rig_module=
	[ -z "${RIG_BMP-}" ] || [ "$1" != ce ] || rig_module="-M bmp"
	# shellcheck disable=SC2086 # options are a list
	rig_daemon "$1" bgpd bgpd.vty $rig_module ${RIG_BGPD_OPTIONS-}
}

# rig_vty NODE COMMAND...: through vtysh.
rig_vty() {
	rig_n=$1
	shift
	for rig_c in "$@"; do
		set -- "$@" -c "$rig_c"
		shift
	done
	vtysh --vty_socket "$RIG_DIR/$rig_n" "$@"
}

rig_established() { rig_vty ce 'show bgp summary json' 2>/dev/null | grep -c '"state":"Established"'; }
rig_has_established() { [ "$(rig_established)" -ge "$1" ]; }
rig_wait() { # SESSIONS SECONDS
	rig_until "$2" rig_has_established "$1" || rig_fail "only $(rig_established) sessions are established"
}

rig_up() { # [bfd]
	rig_bfd=${1-}
	[ -n "$RIG_DIR" ] || RIG_DIR=$(mktemp -d "${TMPDIR:-/tmp}/ermon-rig-XXXXXX") || return 1
	chmod 755 "$RIG_DIR"
	for rig_x in ce m1 m2; do rig_node "$rig_x" || return 1; done
	for rig_x in 1 2; do rig_link "$rig_x" || return 1; done
	rig_config ce "$RIG_CE_AS" 172.16.0.1 "$RIG_MSEE_AS" "$(rig_ipv4 1 2) $(rig_ipv4 2 2)" \
		"$(rig_ipv6 1 2) $(rig_ipv6 2 2)" 172.16.0.0/24 2001:db8:ce::/48 || return 1
	for rig_x in 1 2; do
		rig_config "m$rig_x" "$RIG_MSEE_AS" "10.$rig_x.0.1" "$RIG_CE_AS" "$(rig_ipv4 "$rig_x" 1)" \
			"$(rig_ipv6 "$rig_x" 1)" "10.$rig_x.0.0/16" "2001:db8:a$rig_x::/48" || return 1
	done
	for rig_r in ce m1 m2; do rig_router "$rig_r" || return 1; done
}

rig_down() {
	[ -n "$RIG_DIR" ] && [ -d "$RIG_DIR" ] || return 0
	for rig_f in "$RIG_DIR"/*.pid; do
		[ -e "$rig_f" ] || continue
		rig_f=${rig_f##*/}
		rig_end "${rig_f%.pid}"
	done
	for rig_x in ce m1 m2; do
		[ ! -e "/run/netns/$RIG-$rig_x" ] || ip netns del "$RIG-$rig_x"
	done
	rm -rf "$RIG_DIR"
}

# --- Faults ---
rig_bgpd_of() { # LINK: the name of that router's bgpd
	case $1 in
	0) echo ce-bgpd ;;
	*) echo "m$1-bgpd" ;;
	esac
}

rig_operator() { # LINK WORD: the far operator says "WORD neighbor ... shutdown"
	rig_vty "m$1" 'configure terminal' "router bgp $RIG_MSEE_AS" \
		"$2 neighbor $(rig_ipv4 "$1" 1) shutdown" "$2 neighbor $(rig_ipv6 "$1" 1) shutdown" >/dev/null
}

rig_cut() { # KIND LINK
	case $1 in
	carrier) ip -n "$RIG-m$2" link set leg down ;;
	admin) ip -n "$RIG-ce" link set "er$2" down ;;
	mute)
		rig_in "m$2" nft 'add table inet mute
			add chain inet mute in { type filter hook input priority 0; policy drop; }
			add chain inet mute out { type filter hook output priority 0; policy drop; }'
		;;
	kill) rig_signal "$(rig_bgpd_of "$2")" KILL ;;
	freeze) rig_signal "$(rig_bgpd_of "$2")" STOP ;;
	shutdown) rig_operator "$2" '' ;;
	*) rig_fail "no such cut: $1" ;;
	esac
}

rig_mend() { # KIND LINK
	case $1 in
	carrier)
		ip -n "$RIG-m$2" link set leg up
		rig_addresses "$2"
		;;
	admin)
		ip -n "$RIG-ce" link set "er$2" up
		rig_addresses "$2"
		;;
	mute) rig_in "m$2" nft delete table inet mute ;;
	kill)
		rig_x=$(rig_bgpd_of "$2")
		rig_until 5 rig_is_gone "$rig_x" || rig_fail "$rig_x still runs" || return 1
		rig_bgpd "${rig_x%-bgpd}"
		;;
	freeze) rig_signal "$(rig_bgpd_of "$2")" CONT ;;
	shutdown) rig_operator "$2" no ;;
	*) rig_fail "no such cut: $1" ;;
	esac
}
