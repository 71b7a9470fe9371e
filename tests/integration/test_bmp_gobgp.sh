#!/bin/sh
# The BMP station and a real GoBGP as the customer's router, with FRR as its two peers.
. "${top_srcdir:?}/tests/shlib.sh"
. "$top_srcdir/tests/integration/rig.sh"

why=$(rig_missing)
[ -z "$why" ] || skip "$why"
for word in gobgpd gobgp; do
	command -v "$word" >/dev/null || skip "needs $word (Debian: gobgpd)"
done
link_events -s
[ -x "${top_builddir:?}/tests/integration/bmp_probe" ] || skip "bmp_probe is not built"

trap rig_down EXIT
trap 'exit 1' INT TERM

RIG_PASSIVE= # gobgpd is slow to connect
port=11019
a4=$(rig_ipv4 1 2) b4=$(rig_ipv4 2 2) a6=$(rig_ipv6 1 2)

news() { tail -n "+$((lines + 1))" "$out"; }
mark() { lines=$(wc -l <"$out"); }
told() { news | grep -q -- "$1"; }
has() { [ "$(news | grep -c -- "$1")" -ge "$2" ]; }
await() { # NAME SECONDS REGEX
	if wait_for "$2" told "$3"; then
		pass "$1"
	else
		fail "$1" "no line '$3' among:
$(news)"
	fi
}

gobgp_neighbor() { # ADDRESS FAMILY
	cat <<-END
		[[neighbors]]
		[neighbors.config]
		neighbor-address = "$1"
		peer-as = $RIG_MSEE_AS
		[neighbors.timers.config]
		connect-retry = 1
		idle-hold-time-after-reset = 1
		hold-time = 3
		keepalive-interval = 1
		[[neighbors.afi-safis]]
		[neighbors.afi-safis.config]
		afi-safi-name = "$2-unicast"
	END
}
gobgp_config() {
	cat <<-END
		[global.config]
		as = $RIG_CE_AS
		router-id = "172.16.0.1"
		[[bmp-servers]]
		[bmp-servers.config]
		address = "127.0.0.1"
		port = $port
		statistics-timeout = 15
	END
	gobgp_neighbor "$a4" ipv4
	gobgp_neighbor "$b4" ipv4
	gobgp_neighbor "$a6" ipv6
}
start_gobgpd() {
	rig_spawn gobgpd ce gobgpd -f "$RIG_DIR/gobgpd.toml" -p --api-hosts=127.0.0.1:50051 --pprof-disable
}
gobgp_ce() { rig_in ce gobgp -u 127.0.0.1 -p 50051 "$@" >/dev/null; }

RIG_DIR=$(mktemp -d "${TMPDIR:-/tmp}/ermon-rig-XXXXXX")
chmod 755 "$RIG_DIR"
for node in ce m1 m2; do rig_node "$node" || finish; done
for link in 1 2; do
	rig_link "$link" || finish
	rig_config "m$link" "$RIG_MSEE_AS" "10.$link.0.1" "$RIG_CE_AS" "$(rig_ipv4 "$link" 1)" \
		"$(rig_ipv6 "$link" 1)" "10.$link.0.0/16" "2001:db8:a$link::/48"
	rig_router "m$link" || { fail "the peers start"; finish; }
done

out=$RIG_DIR/bmp.out
: >"$out"
mark
mkfifo "$RIG_DIR/bmp.in"
# shellcheck disable=SC2016 # the inner shell's
rig_spawn bmp ce sh -c 'in=$1; shift; exec "$@" <"$in"' sh "$RIG_DIR/bmp.in" \
	"$top_builddir/tests/integration/bmp_probe" 127.0.0.1:$port 25000 "$a4" "$b4" "$a6"
exec 3>"$RIG_DIR/bmp.in"

gobgp_config >"$RIG_DIR/gobgpd.toml"
start_gobgpd
await "gobgpd comes and is understood" 15 'source ok none kept: $'
for addr in "$a4" "$b4" "$a6"; do
	await "session $addr is established" 40 "session $addr established as $RIG_MSEE_AS "
done

mark
rig_cut shutdown 1
await "peer shut down: admin-shutdown, 6/2" 5 "session $a4 idle .* admin-shutdown 6/2 "
await "peer shut down: IPv6 too" 5 "session $a6 idle .* admin-shutdown 6/2 "
check_equal "the other link's session stays" 0 "$(news | grep -c "session $b4 \(idle\|withdrawn\)")"
rig_mend shutdown 1
await "it comes back" 40 "session $a4 established "

mark
rig_cut kill 2
await "peer killed: told" 5 "session $b4 idle "
rig_mend kill 2
await "it comes back" 40 "session $b4 established "

mark
await "its statistics tell the prefixes" 25 "session $b4 established .* received [1-9]"

mark
gobgp_ce neighbor "$b4" disable
await "own shutdown: down, and no cause is made up" 5 "session $b4 idle .* \(none\|untold\) "
gobgp_ce neighbor "$b4" enable
await "it comes back" 40 "session $b4 established "

# GoBGP 3.10 does not tell of it: its statistics stay away
mark
gobgp_ce neighbor del "$b4"
await "neighbor removed: no longer spoken for" 45 "session $b4 \(withdrawn\|not-configured\)"
check_equal "neighbor removed: the others stay" 0 "$(news | grep -c "session \($a4\|$a6\) ")"

mark
rig_signal gobgpd KILL
await "gobgpd killed: its sessions are withdrawn" 5 "session $a4 withdrawn"
await "gobgpd killed: IPv6 too" 5 "session $a6 withdrawn"
await "gobgpd killed: no router" 5 'source lost no-router kept: .*closed by the router'
wait_for 5 rig_is_gone gobgpd
start_gobgpd
await "gobgpd back: it tells again" 15 'source ok none'
await "and of its sessions" 40 "session $a4 established "

mark
exec 3>&-
await "the probe ends well" 5 '^cost user'
news | grep '^cost'
finish
