#!/bin/sh
# The sock-diag source on the real kernel, beside real routers: what ends is seen, and how soon.
. "${top_srcdir:?}/tests/shlib.sh"
. "$top_srcdir/tests/integration/rig.sh"

why=$(rig_missing)
[ -z "$why" ] || skip "$why"
command -v python3 >/dev/null || skip "needs python3"
probe=${top_builddir:?}/tests/integration/host_probe
[ -x "$probe" ] || skip "host_probe is not built"
link_events -s

trap rig_down EXIT
trap 'exit 1' INT TERM
a4=$(rig_ipv4 1 2) b4=$(rig_ipv4 2 2) a6=$(rig_ipv6 1 2) b6=$(rig_ipv6 2 2)

now() { date +%s%6N; }
mark() { lines=$(wc -l <"$out"); }
news() { tail -n "+$((lines + 1))" "$out"; }
told() { news | grep -q -- "$1"; }
told_at() { news | grep -m 1 -- "$1" | cut -d ' ' -f 1; }
await() { # NAME SECONDS REGEX
	check "$1" wait_for "$2" told "$3" || news
}
is_up() { # ADDRESS...: as last told
	for x in "$@"; do
		[ "$(grep " session $x " "$out" | tail -n 1 | cut -d ' ' -f 4)" = established ] || return 1
	done
}

rig_up "" || { fail "the rig stands"; finish; }
rig_wait 4 20 || { fail "the sessions are established"; finish; }
out=$RIG_DIR/probe.out
# Its right is nobody's: what it is told, everybody is told.
rig_spawn probe ce setpriv --reuid nobody --clear-groups \
	"$probe" sock-diag "$a4" "$b4" "$a6" "$b6" "192.168.100.77"
check "four sessions are established, as nobody" wait_for 5 is_up "$a4" "$b4" "$a6" "$b6"
lines=0
check "the fifth is not" told "session 192.168.100.77 idle"
check_equal "none was called unknown before" 0 "$(news | grep -c ' unknown ')"

hints='' looks=''
for i in 1 2 3 4 5; do
	mark
	since=$(now)
	rig_vty m1 'configure terminal' "router bgp $RIG_MSEE_AS" \
		"neighbor $(rig_ipv4 1 1) shutdown" >/dev/null
	await "peer shut down ($i)" 5 "session $a4 idle"
	# from the notice of the kernel, that comes with the end of the socket
	hints="$hints $(($(told_at hint) - since))"
	looks="$looks $(($(told_at "session $a4 idle") - $(told_at hint)))"
	check_equal "the others stay ($i)" 0 "$(news | grep -c "session \($b4\|$b6\|$a6\)")"
	rig_vty m1 'configure terminal' "router bgp $RIG_MSEE_AS" \
		"no neighbor $(rig_ipv4 1 1) shutdown" >/dev/null
	check "it comes back ($i)" wait_for 20 is_up "$a4"
done
echo "command given -> hint, us (with the start of vtysh):$hints"
echo "hint -> session told, us:$looks"

mark
rig_cut kill 2
await "peer killed (IPv4)" 5 "session $b4 idle"
await "peer killed (IPv6)" 5 "session $b6 idle"
rig_mend kill 2
check "they come back" wait_for 20 is_up "$b4" "$b6"

mark
rig_cut kill 0
for x in "$a4" "$b4" "$a6" "$b6"; do await "own bgpd killed: $x" 5 "session $x idle"; done
rig_mend kill 0
check "all come back" wait_for 20 is_up "$a4" "$b4" "$a6" "$b6"
check_equal "it was never lost" 0 "$(grep -c 'source lost' "$out")"
rig_end probe

# A listener for both families, as GoBGP's; a call without an OPEN; a call that is refused.
cat >"$RIG_DIR/calls.py" <<'END'
import socket, sys, time
s = socket.socket(socket.AF_INET6)
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
s.bind(("::", 179))
s.listen()
def pair(source):
    c = socket.socket()
    c.bind((source, 0))
    c.connect(("127.0.0.1", 179))
    return c, s.accept()[0]
def say(p, n):
    for a, b in (p, p[::-1]):
        a.sendall(b"x" * n)
        while n and len(b.recv(n, socket.MSG_PEEK)) < n: pass
    p[0].recv(n); p[1].recv(n)
silent = pair("127.0.0.2")
full = pair("127.0.0.3")
say(full, 29); say(full, 19)
refused = pair("127.0.0.4")
say(refused, 29); say(refused, 21)
for x in refused: x.close()
print("ready", flush=True)
sys.stdin.read()
END
rig_end ce-bgpd
mark
mkfifo "$RIG_DIR/calls.in"
rig_in ce sh -c "exec python3 $RIG_DIR/calls.py" <"$RIG_DIR/calls.in" >"$RIG_DIR/calls.out" 2>&1 &
calls=$!
exec 3>"$RIG_DIR/calls.in"
check "the calls were made" wait_for 5 grep -q ready "$RIG_DIR/calls.out"
rig_spawn probe ce "$probe" sock-diag 127.0.0.2 127.0.0.3 127.0.0.4
lines=0
await "a dual-stack socket of an IPv4 peer is a session" 5 "session 127.0.0.3 established"
await "a call without an OPEN is none" 5 "session 127.0.0.2 idle"
await "a call that was refused is none" 5 "session 127.0.0.4 idle"
exec 3>&-
wait "$calls"
finish
