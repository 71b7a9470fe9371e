#!/bin/sh
# The BMP station and a real bgpd, in namespaces of their own; beside it bgpd's vty as it is
# polled by default.  Then ermond with BMP as its only source of sessions.
. "${top_srcdir:?}/tests/shlib.sh"
. "$top_srcdir/tests/integration/rig.sh"
. "$top_srcdir/tests/integration/e2e.sh"

why=$(rig_missing)
[ -z "$why" ] || skip "$why"
for word in python3 jq; do
	command -v "$word" >/dev/null || skip "needs $word"
done
for module in /usr/lib/*/frr/modules/bgpd_bmp.so /usr/lib/frr/modules/bgpd_bmp.so; do
	[ ! -e "$module" ] || break
done
[ -e "$module" ] || skip "needs FRR with BMP (bgpd_bmp.so)"
link_events -s
for program in tests/integration/bmp_probe tests/integration/frr_probe ermond ermonctl; do
	[ -x "${top_builddir:?}/$program" ] || skip "$program is not built"
done

trap rig_down EXIT
trap 'exit 1' INT TERM

RIG_BMP=11019
a4=$(rig_ipv4 1 2) b4=$(rig_ipv4 2 2) a6=$(rig_ipv6 1 2) b6=$(rig_ipv6 2 2)

now() { date +%s%6N; }
news() { tail -n "+$((lines + 1))" "$out"; }
mark() { lines=$(wc -l <"$out"); }
told() { news | grep -q -- "$1"; }
told_at() { news | grep -m 1 -- "$1" | cut -d ' ' -f 1; }
count() { news | grep -c -- "$1"; }
has() { [ "$(count "$1")" -ge "$2" ]; }

# await NAME SECONDS REGEX
await() {
	if wait_for "$2" told "$3"; then
		pass "$1"
	else
		fail "$1" "no line '$3' among:
$(news)"
	fi
}

# A probe ends with its input, which is this: held open by whoever runs the test.
start_probe() { # NAME COMMAND...
	probe=$1
	shift
	mkfifo "$RIG_DIR/$probe.in"
	# shellcheck disable=SC2016 # the inner shell's
	rig_spawn "$probe" ce sh -c 'in=$1; shift; exec "$@" <"$in"' sh "$RIG_DIR/$probe.in" "$@"
}

# cut_at LINK: the far operator shuts the IPv4 session down; the time at which he said so.
# One connection does it all, as vtysh alone takes longer than what is measured.
cut_at() {
	python3 - "$RIG_DIR/m$1/bgpd.vty" "$RIG_MSEE_AS" "$(rig_ipv4 "$1" 1)" <<-'END'
		import socket, sys, time
		s = socket.socket(socket.AF_UNIX)
		s.connect(sys.argv[1])
		def say(line):
		    at = time.time()
		    s.sendall(line.encode() + b"\0")
		    got = b""
		    while len(got) < 4 or got[-4:-1] != b"\0\0\0":
		        got += s.recv(4096)
		    return at
		for line in ("enable", "configure terminal", "router bgp " + sys.argv[2]):
		    say(line)
		print(int(say("neighbor %s shutdown" % sys.argv[3]) * 1e6))
	END
}
median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
list() { sort -n | tr '\n' ' '; }

rig_up "" || { fail "the rig stands"; finish; }
rig_wait 4 20 || { fail "the sessions are established"; finish; }

out=$RIG_DIR/bmp.out
: >"$out"
mark
start_probe bmp "$top_builddir/tests/integration/bmp_probe" 127.0.0.1:$RIG_BMP 5000 "$a4" "$b4" "$a6" "$b6"
exec 3>"$RIG_DIR/bmp.in"
await "bgpd comes and is understood" 10 'source ok none kept: $'
check "it tells of four sessions" wait_for 5 has ' session .* established as 12076 ' 4
check_equal "each once" 4 "$(count ' session ')"

# shut down, and back, while the vty is polled each second as by default
start_probe vty "$top_builddir/tests/integration/frr_probe" "$RIG_DIR/ce/bgpd.vty" 1000 500 "$a4"
exec 4>"$RIG_DIR/vty.in"
vty=$RIG_DIR/vty.out
wait_for 5 grep -q "session $a4 established" "$vty"
n_downs=0
for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
	mark
	vty_lines=$(wc -l <"$vty")
	at=$(cut_at 1)
	if ! wait_for 5 told "session $a4 idle"; then
		fail "peer shut down ($i): told" "$(news)"
		continue
	fi
	n_downs=$((n_downs + 1))
	echo "$(($(told_at "session $a4 idle") - at))" >>"$RIG_DIR/bmp.delays"
	wait_for 5 sh -c "tail -n +$((vty_lines + 1)) '$vty' | grep -q 'session $a4 [^e]'"
	vty_at=$(tail -n "+$((vty_lines + 1))" "$vty" | grep -m 1 "session $a4 [^e]" | cut -d ' ' -f 1)
	[ -z "$vty_at" ] || echo "$((vty_at - at))" >>"$RIG_DIR/vty.delays"
	if [ "$i" = 1 ]; then
		await "peer shut down: admin-shutdown, 6/2, its words" 1 \
			"session $a4 idle .* admin-shutdown 6/2 .*: received Cease/Administrative Shutdown"
		check_equal "the others stay" 0 "$(count "session \($b4\|$b6\|$a6\)")"
	fi
	rig_vty m1 'configure terminal' "router bgp $RIG_MSEE_AS" \
		"no neighbor $(rig_ipv4 1 1) shutdown" >/dev/null
	wait_for 20 told "session $a4 established" || fail "peer shut down ($i): it comes back"
	wait_for 5 sh -c "tail -n 1 '$vty' | grep -q 'session $a4 established'"
done
exec 4>&-
check_equal "12 shutdowns are told" 12 "$n_downs"
bmp_median=$(median <"$RIG_DIR/bmp.delays")
vty_median=$(median <"$RIG_DIR/vty.delays")
echo "shutdown -> observation by BMP, us: $(list <"$RIG_DIR/bmp.delays")median $bmp_median"
echo "shutdown -> observation by vty polled each 1 s, us: $(list <"$RIG_DIR/vty.delays")median $vty_median"
check "told before the vty is read (median $vty_median us)" [ "$bmp_median" -lt "$vty_median" ]

mark
rig_cut kill 2
await "peer killed: told, without a cause or as closed by the peer" 5 \
	"session $b4 idle as 12076 \(untold\|peer-closed\|none\) "
await "peer killed: IPv6 too" 5 "session $b6 idle "
rig_mend kill 2
check "they come back" wait_for 20 has " session \($b4\|$b6\) established " 2

# FRR 8.4 does not tell of it: its Stats stay away
mark
rig_vty ce 'configure terminal' "router bgp $RIG_CE_AS" "no neighbor $b6" >/dev/null
await "neighbor removed: no longer spoken for" 10 "session $b6 \(withdrawn\|not-configured\)"
check_equal "neighbor removed: the others stay" 0 "$(count "session \($a4\|$a6\|$b4\)")"

mark
rig_cut kill 0
await "own bgpd killed: its sessions are withdrawn" 5 "session $a4 withdrawn"
check "all of them" wait_for 5 has ' session .* withdrawn' 3
await "own bgpd killed: no router" 5 'source lost no-router kept: ce: closed by the router'
rig_mend kill 0
await "own bgpd back: it tells again" 10 'source ok none'
check "all of them" wait_for 20 has ' session .* established ' 4

# stopped, it neither beats nor closes
rig_wait 4 20
wait_for 20 sh -c "tail -n 20 '$out' | grep -q 'session $a4 established'"
mark
rig_cut freeze 0
await "own bgpd hangs: silence is noticed" 10 'source lost stale kept: .*silent for 5 s'
check "and what it told is withdrawn" wait_for 5 has ' session .* withdrawn' 4
rig_mend freeze 0
await "own bgpd goes on: it comes again" 10 'source ok none'
rig_wait 4 20

mark
exec 3>&-
await "the probe ends well" 5 '^cost user'
news | grep '^cost'
check "it is gone" wait_for 5 rig_is_gone bmp

# ermond, with nothing but BMP
E2E_AGENT_LINE="snmp = false"
{
	e2e_circuit lab
	e2e_sessions lab | sed '/^\[source/,/^socket/d'
	printf '[source bmp]\ntype = bmp\nlisten = 127.0.0.1:%s\nstale-after = 5\n' "$RIG_BMP"
} | e2e_config
e2e_ermond || { fail "ermond starts"; e2e_finish; }
for family in ipv4 ipv6; do
	for role in primary secondary; do
		check_until "ermond: $role $family is up" 10 e2e_session_is lab "$role" "$family" up none
	done
done
rig_cut shutdown 1
check_until "ermond: peer shut down" 5 e2e_session_is lab primary ipv4 down admin-shutdown
check_until "ermond: peer shut down, IPv6" 5 e2e_session_is lab primary ipv6 down admin-shutdown
rig_mend shutdown 1
check_until "ermond: it comes back" 20 e2e_session_is lab primary ipv4 up none
rig_cut kill 0
check_until "ermond: own bgpd killed, nobody knows" 10 e2e_session_is lab primary ipv4 unknown collector-lost
shows_why() { e2e_ctl sources | grep -q '^bmp .* lost .*closed by the router'; }
check_until "ermonctl shows why" 5 shows_why
rig_mend kill 0
check_until "ermond: up again" 20 e2e_session_is lab primary ipv4 up none
e2e_finish
