#!/bin/sh
# ermonctl beside a real ermond that has no router: every command, every format, validated
# by yanglint, and what users see when it is not there.  Needs neither root nor FRR.
# shellcheck disable=SC2317 # functions are called by trap and wait_for
. "${top_srcdir:?}/tests/shlib.sh"

ermond=${top_builddir:?}/ermond
work=$(mktemp -d)
pid=

# ctl ARG...: ermonctl to our daemon.
ctl() {
	"$top_builddir/ermonctl" -s "$work/run/ctl.sock" "$@"
}

# Ends a process that we started and waits for it.
stop() {
	[ -z "$1" ] || { kill "$1" 2>/dev/null && wait "$1" 2>/dev/null; }
}

clean() {
	stop "$pid"
	rm -rf "$work"
}
trap clean EXIT
trap 'exit 1' INT TERM

start() {
	"$ermond" --config "$work/ermond.conf" --state-dir "$work/state" --runtime-dir "$work/run" \
		--yang-dir "$top_builddir/yang" 2>>"$work/log" &
	pid=$!
	wait_for 10 test -S "$work/run/ctl.sock" || { cat "$work/log"; fail "ermond starts"; finish; }
	# Until the sources have told what they can.
	wait_for 10 has_settled
}

has_settled() {
	ctl -f json sources 2>/dev/null | grep -q '"reason": "not-started"'
}

# valid FILE: instance data of ermon.yang, by somebody else's judgement.
valid() {
	yanglint -p "$top_builddir/yang" -t get "$top_builddir"/yang/ermon@*.yang "$1"
}

mkdir "$work/run" "$work/state"
cat >"$work/ermond.conf" <<END
[agent]
name = ams-edge-1
snmp = false

[source frr]
type = frr
socket = $work/bgpd.vty

[circuit contoso-ams]
connectivity-model = direct
peering-location = Amsterdam

[connection contoso-ams primary]
interface = lo
[connection contoso-ams secondary]
interface = ermnone0

[session contoso-ams primary private ipv4]
neighbor = 192.168.100.2
[session contoso-ams secondary private ipv4]
neighbor = 192.168.100.6

[circuit contoso-fra]
connectivity-model = any-to-any
[connection contoso-fra primary]
interface = lo
[session contoso-fra primary private ipv6]
neighbor = 2001:db8:100::2

[group europe]
circuit = contoso-ams, contoso-fra
END

LC_ALL=C
export LC_ALL

# --- Without a daemon ---
ctl status >"$work/out" 2>"$work/err"
check_equal "no daemon: exit status" 1 $?
check "no daemon: said so" grep -q '^ermonctl: ermond is not running: there is no ' "$work/err"
check_silent "no daemon: nothing on standard output" "$(cat "$work/out")"
check_equal "no daemon: check is UNKNOWN" 3 "$(ctl check >"$work/out"; echo $?)"
check "no daemon: check tells why on standard output" \
	grep -q '^EXPRESSROUTE UNKNOWN - ermond is not running' "$work/out"
check "no daemon: version tells the own one" sh -c "'$top_builddir/ermonctl' -s /nonexistent version |
	grep -q '^ermonctl [0-9]'"

# --- Called wrongly ---
for words in '' 'fly' 'status a b' 'reload x' '-f html status' '--follow status' '--wings'; do
	# shellcheck disable=SC2086 # words
	ctl $words >/dev/null 2>"$work/err"
	check_equal "usage '$words': exit status" 2 $?
	check "usage '$words': a reason" test -s "$work/err"
done
check_equal "usage of check is UNKNOWN" 3 "$(ctl check a b 2>/dev/null; echo $?)"

# --- With one ---
start
ctl status >"$work/status"
check_equal "status: exit status" 0 $?
check "status: the agent" grep -q '^ams-edge-1  ermond [0-9]' "$work/status"
check "status: the group" grep -q '^europe  *? unknown ' "$work/status"
check "status: a circuit in it" grep -q '^|- contoso-ams  *? unknown ' "$work/status"
check "status: a leg whose interface is missing" \
	grep -q '^|  .*- secondary  ermnone0  *X down .* 192.168.100.6  *no such interface' "$work/status"
check "status: a leg nobody tells about" \
	grep -q '.*- primary    lo  *? unknown .* 192.168.100.2  *its source is not heard' "$work/status"
check "status: only ASCII in the C locale" test -z "$(tr -d '\n\040-\176' <"$work/status")"
check "status: boxes in a UTF-8 locale" \
	sh -c "LC_ALL=C.UTF-8 '$top_builddir/ermonctl' -s '$work/run/ctl.sock' status | grep -q '└─ contoso-fra'"
check "status: one circuit" sh -c "'$top_builddir/ermonctl' -s '$work/run/ctl.sock' status contoso-fra |
	grep -c contoso | grep -qx 1"
ctl status nowhere 2>"$work/err" >/dev/null
check_equal "status: an unknown circuit: exit status" 1 $?
check_equal "status: an unknown circuit" "ermonctl: there is no circuit nowhere" "$(cat "$work/err")"
ctl check >"$work/out"
check_equal "check: unknown" 3 $?
check "check: one line with performance data" \
	grep -q "^EXPRESSROUTE UNKNOWN - contoso-ams unknown.* | 'contoso-ams'=0;2:;1:;0;2" "$work/out"
check "sources" sh -c "'$top_builddir/ermonctl' -s '$work/run/ctl.sock' sources |
	grep -q '^frr  *frr  *X lost  *never  *0 .*bgpd'"
check "events" sh -c "'$top_builddir/ermonctl' -s '$work/run/ctl.sock' events |
	grep -q ' 1 .* agent-started  Agent ams-edge-1 started'"
check "alarms" sh -c "'$top_builddir/ermonctl' -s '$work/run/ctl.sock' alarms | grep -q 'ermnone0'"
check "version of both" sh -c "'$top_builddir/ermonctl' -s '$work/run/ctl.sock' version | grep -q '^ermond [0-9]'"

# What config prints is a configuration, and the same one.
ctl config >"$work/printed.conf"
check "config: ermond takes it" "$ermond" --check --config "$work/printed.conf" \
	--yang-dir "$top_builddir/yang"

# Reload: all or nothing, with the reason.
ctl reload >"$work/out"
check_equal "reload" "The configuration is reloaded." "$(cat "$work/out")"
cp "$work/ermond.conf" "$work/good.conf"
echo 'no-such-key = 1' >>"$work/ermond.conf"
ctl reload 2>"$work/err"
check_equal "reload of nonsense: exit status" 1 $?
check "reload of nonsense: said so" grep -q 'the old configuration stays' "$work/err"
check "reload of nonsense: the word is told" grep -q 'no-such-key' "$work/err"
check "reload of nonsense: the word is in the log" grep -q 'no-such-key' "$work/log"
cp "$work/good.conf" "$work/ermond.conf"
check "the old configuration stays" sh -c "'$top_builddir/ermonctl' -s '$work/run/ctl.sock' config contoso-ams |
	grep -q '^peering-location = Amsterdam'"

# Acts: what is said of an alarm, and shelves; test_e2e_shelves.sh has what follows from them.
for words in 'ack' 'shelve' 'shelve x' 'shelve x a --for 2w' 'unshelve' 'unshelve a b' 'shelves a' \
	'-f xml unshelve a' 'status --for 2h' 'ack --type a b'; do
	# shellcheck disable=SC2086 # words
	ctl $words >/dev/null 2>"$work/err"
	check_equal "usage '$words': exit status" 2 $?
	check "usage '$words': a reason" test -s "$work/err"
done
check_equal "shelves: none" "No shelves." "$(ctl shelves)"
key=$(ctl -f json alarms | sed -n 's/.*"key": "\(port-down.*\)".*/\1/p' | head -n 1)
check "there is an alarm to speak of" test -n "$key"
check_equal "ack" "$key is acknowledged." "$(ctl ack "$key" "it's" known)"
check_equal "ack, in JSON" "{}" "$(ctl -f json ack "$key")"
check_equal "reopen" "$key is open again." "$(ctl reopen "$key")"
check_equal "close" "$key is closed." "$(ctl close "$key" by "$(id -un)")"
check "alarms: who said what" sh -c "'$top_builddir/ermonctl' -s '$work/run/ctl.sock' alarms |
	grep -q ' closed .*: by $(id -un) '"
# said NAME WANTED ARG...: ermonctl fails and says so.
said() {
	said_name=$1 said_wanted=$2
	shift 2
	ctl "$@" >/dev/null 2>"$work/err"
	check_equal "$said_name: exit status" 1 $?
	check_equal "$said_name" "ermonctl: $said_wanted" "$(cat "$work/err")"
}
said "an alarm that is not raised" "no such alarm is raised: degraded/moon" ack degraded/moon
said "a type that is none" "there is no alarm type moon" shelve x --type moon
said "a key that is none" "there is no alarm type moon/c1" shelve x --alarm moon/c1
said "a shelf that is not there" "there is no shelf x" unshelve x
said "a name that is none" "ermond does not take this as name" shelve 'x y' a
said "a text that is too long" "ermond does not take this as text" \
	ack "$key" "$(printf '%0300d' 0)"
check_equal "shelve" "Shelf down is set up, 1 alarm on it now." \
	"$(ctl shelve down --alarm "$key" --for 2h --text 'known since long')"
check_equal "shelve, in JSON" 0 "$(ctl -f json shelve dim --type optical --type draining 'port:*' |
	sed -n 's/.*"shelved": //p')"
check "shelves" sh -c "'$top_builddir/ermonctl' -s '$work/run/ctl.sock' shelves |
	grep -q '^dim .* 0  *optical,draining  *port:\* '"
check "alarms: the shelf" sh -c "'$top_builddir/ermonctl' -s '$work/run/ctl.sock' alarms |
	grep -q ' shelf down, closed .* '"
check "the log says who did it" grep -q "$(id -un) set up shelf down for 7200 s, 1 alarms on it: known since" \
	"$work/log"

# --- Somebody else's judgement of the data ---
if command -v yanglint >/dev/null; then
	for what in status alarms shelves events sources config; do
		for format in json xml; do
			ctl -f $format $what >"$work/$what.$format"
			check_silent "yanglint on $format $what" "$(valid "$work/$what.$format" 2>&1)"
		done
	done
	# An oracle that takes everything would be none.
	sed 's/"ams-edge-1"/7/' "$work/status.json" >"$work/bad.json"
	check "yanglint refuses what is wrong" sh -c "! yanglint -p '$top_builddir/yang' \
		-t get '$top_builddir'/yang/ermon@*.yang '$work/bad.json' 2>/dev/null"
else
	echo "yanglint is missing: the data was not given to it"
fi

# --- What goes on and on ---
ctl events --follow >"$work/follow" 2>"$work/follow.err" &
follower=$!
ctl -f json watch >"$work/watch" 2>/dev/null &
watcher=$!
check "follow: begins with the log" wait_for 10 grep -qs 'agent-started' "$work/follow"
check "watch: a picture" wait_for 10 test -s "$work/watch"
stop "$pid"
pid=
check "follow: ends with the daemon" wait_for 10 sh -c "! kill -0 $follower 2>/dev/null"
check "follow: says so" grep -q 'ermond closed the connection' "$work/follow.err"
check "watch: ends with the daemon, not on a terminal" \
	wait_for 10 sh -c "! kill -0 $watcher 2>/dev/null"
stop "$follower"
stop "$watcher"
check "the socket is gone with the daemon" test ! -e "$work/run/ctl.sock"

# A dead daemon's socket is told from no socket, and replaced.
start
kill -9 "$pid"
wait "$pid" 2>/dev/null
ctl status 2>"$work/err"
check "killed daemon: said so" grep -q 'ermond is not running: nobody listens' "$work/err"
pid=
rm -f "$work/log"
"$ermond" --config "$work/ermond.conf" --state-dir "$work/state" --runtime-dir "$work/run" \
	--yang-dir "$top_builddir/yang" 2>>"$work/log" &
pid=$!
check "killed daemon: its socket is replaced" wait_for 10 sh -c \
	"'$top_builddir/ermonctl' -s '$work/run/ctl.sock' version | grep -q '^ermond [0-9]'"
"$ermond" --config "$work/ermond.conf" --state-dir "$work/state" --runtime-dir "$work/run" \
	--yang-dir "$top_builddir/yang" 2>"$work/second"
check "a second daemon is refused" test $? -ne 0
check "a second daemon is told why" grep -q 'another ermond is running' "$work/second"
check "the first goes on" sh -c "'$top_builddir/ermonctl' -s '$work/run/ctl.sock' version >/dev/null"

# On a terminal: colour, drawn in place, and it waits for a daemon that went away.
if command -v script >/dev/null; then
	TERM=xterm LC_ALL=C.UTF-8 script -qefc "exec '$top_builddir/ermonctl' -s '$work/run/ctl.sock' watch" \
		"$work/screen" >/dev/null 2>&1 </dev/null &
	screen=$!
	escape=$(printf '\033')
	check "watch on a terminal: drawn in place" wait_for 10 grep -qs "$escape\[H.*ams-edge-1" "$work/screen"
	check "watch on a terminal: coloured" grep -q "$escape\[1;31m✖ down" "$work/screen"
	stop "$pid"
	pid=
	check "watch on a terminal: tells that nobody is there" \
		wait_for 10 grep -qs "$escape\[Hermond is not running" "$work/screen"
	cp "$work/screen" "$work/screen.before"
	start
	check "watch on a terminal: comes back" wait_for 10 sh -c \
		"tail -c +\$((\$(wc -c <'$work/screen.before') + 1)) '$work/screen' | grep -q 'ams-edge-1'"
	stop "$screen"
	TERM=xterm NO_COLOR=1 script -qefc "'$top_builddir/ermonctl' -s '$work/run/ctl.sock' status" \
		"$work/screen" >/dev/null 2>&1 </dev/null
	check "NO_COLOR is honoured" sh -c "grep -q ams-edge-1 '$work/screen' && ! grep -q '$escape' '$work/screen'"
else
	echo "script is missing: nothing was tried on a terminal"
fi
finish
