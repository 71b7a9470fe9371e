#!/bin/sh
# The FRR source against a real bgpd, in namespaces of its own.
. "${top_srcdir:?}/tests/shlib.sh"
. "$top_srcdir/tests/integration/rig.sh"
. "$top_srcdir/tests/integration/frr_probe.sh"

link_events -s

now() { date +%s%6N; }
told_at() { news | grep -m 1 -- "$1" | cut -d ' ' -f 1; }
has_all() { [ "$(count ' session .* established ')" -ge "$1" ]; }

sessions_after() { news | sed "1,/$1/d" | grep -c ' session '; }

start_all() { start_probe "$1" 500 "$a4" "$b4" "$a6" "$b6"; } # POLL-MSEC

rig_up "" || { fail "the rig stands"; finish; }
rig_wait 4 20 || { fail "the sessions are established"; finish; }

mark
start_all 100
check "four sessions are established" wait_for 5 has_all 4
await "prefixes of IPv4 are counted" 5 "session $a4 established .* received [12] advertised [1-9]"
await "prefixes of IPv6 are counted" 5 "session $a6 established .* received [12] advertised [1-9]"
await "the source is ok" 5 'source ok none kept: $'

mark
rig_cut shutdown 1
await "peer shut down: admin-shutdown, 6/2 (IPv4)" 5 \
	"session $a4 [a-z-]* admin-shutdown 6/2 .*BGP Notification received: Cease/Administrative Shutdown"
await "peer shut down: admin-shutdown, 6/2 (IPv6)" 5 "session $a6 [a-z-]* admin-shutdown 6/2 "
check_equal "the other link's sessions stay" 0 "$(count "session \($b4\|$b6\) idle")"
rig_mend shutdown 1
check "they come back" wait_for 20 has_all 2
rig_wait 4 20

mark
rig_cut kill 2
await "peer killed: no longer established" 5 "session $b4 \(idle\|connect\|active\) "
await "peer killed: closed without a word" 5 "session $b4 [a-z-]* peer-closed 0/0 .*Peer closed the session"
rig_mend kill 2
check "they come back" wait_for 20 has_all 2
rig_wait 4 20

mark
rig_cut freeze 2
await "peer mute: hold time expired, 4/0" 10 "session $b4 [a-z-]* hold-expired 4/0 "
rig_mend freeze 2
check "they come back" wait_for 20 has_all 2
rig_wait 4 20

# the own bgpd is killed: the end of the connection tells it; a poll that is waited for would
# take half of its interval
end_probe "the probe with short polls ends well"
mark
start_all 2000
check "four sessions are established, polled slowly" wait_for 5 has_all 4
delays=
own=
for i in 1 2 3 4 5; do
	mark
	pid=$(rig_pid ce-bgpd)
	at=$(now)
	kill -KILL "$pid"
	wait "$pid" 2>/dev/null
	ended=$(now) # its parent knows: what comes after is ours, what came before the kernel's
	await "own bgpd killed ($i): closed, its values void" 5 'source lost closed void: '
	closed=$(told_at 'source lost closed')
	delays="$delays $((${closed:-$(now)} - at))"
	own="$own $((${closed:-$(now)} - ended))"
	await "own bgpd killed ($i): then refused" 5 'source lost refused void'
	check_equal "own bgpd killed ($i): nothing is told of the sessions" 0 "$(sessions_after 'lost closed')"
	rig_mend kill 0
	await "own bgpd killed ($i): ok again without a restart of ours" 8 'source ok none'
	check "own bgpd killed ($i): the sessions come back" wait_for 20 has_all 4
	rig_wait 4 20
done
# shellcheck disable=SC2086 # a list
median=$(printf '%s\n' $own | sort -n | sed -n 3p)
echo "own bgpd killed -> closed, us:$delays"
echo "own bgpd ended -> closed, us:$own"
check "closed is told before the next poll would (median of 5: $median us)" [ "$median" -lt 500000 ]

# the own bgpd hangs
mark
rig_cut freeze 0
await "own bgpd hangs: timeout, its values kept" 5 'source lost timeout kept: no reply in time'
check_equal "own bgpd hangs: nothing is told of the sessions" 0 "$(sessions_after 'lost timeout')"
rig_mend freeze 0
await "own bgpd goes on: ok again" 12 'source ok none'
rig_wait 4 20

# a hint is answered at once
wait_for 5 has_all 4
mark
for i in 1 2 3 4 5; do
	echo look >&3
	check "hint $i is answered" wait_for 5 has_looked "$i"
	sleep 0.2 # for its follow-up, or the next is held back to 20 a second
done
echo "hint -> observation, us: $(news | sed -n 's/.* looked //p' | tr '\n' ' ')"

mark
end_probe "the probe ends well"
await "and tells its cost" 5 '^cost user'
news | grep '^cost'
check_silent "nothing but changes was logged" "$(grep -v 'source probe: ' "$work/err")"
finish
