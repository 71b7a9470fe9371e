#!/bin/sh
# A link is lost on a shelf: nothing is sent, nowhere; the shelf is taken away: it is sent, once.
# What was sent before the shelf came is cleared when it goes.  Over a restart, by the CLI, the
# MIB and the event stream; and who may do it.
. "${top_srcdir:?}/tests/shlib.sh"
. "$top_srcdir/tests/integration/rig.sh"
. "$top_srcdir/tests/integration/e2e.sh"

why=$(E2E_NEEDS="jq setpriv" e2e_missing)
[ -z "$why" ] || skip "$why"
link_events -s
trap rig_down EXIT
trap 'exit 1' INT TERM

group=daemon # any that is there and nobody is a member of
E2E_AGENT_LINE="operator-group = $group"
e2e_bare
e2e_circuit c1 | e2e_config
e2e_begin
check_until "healthy" 10 e2e_circuit_is c1 healthy

alarm() { # KEY FILTER
	e2e_json ".alarms.alarm[] | select(.key == \"$1\") | $2"
}
alarm_is() { [ "$(alarm "$1" "$2")" = "$3" ]; }
has_alarm() { [ -n "$(alarm "$1" .id)" ]; }
has_no_alarm() { [ -z "$(alarm "$1" .id)" ]; }
is_saved() { grep -q "$1" "$RIG_DIR/state/state.json"; }

# --- shelved before it is lost ---
e2e_ctl shelve works c1 --text 'fibre works' >"$RIG_DIR/out"
check_equal "shelve" "Shelf works is set up, 0 alarms on it now." "$(cat "$RIG_DIR/out")"
check "it is logged who did it" e2e_has_logged "root set up shelf works, 0 alarms on it: fibre works"
rig_cut carrier 1
check_until "the alarm is there" 10 has_alarm redundancy-lost/c1
check_equal "on its shelf" works "$(alarm redundancy-lost/c1 .shelf)"
check_equal "and was not told" 0 "$(alarm redundancy-lost/c1 .sequence)"
check_until "the circuit is judged as ever" 5 e2e_circuit_is c1 redundancy-lost
check_equal "and marked" true "$(e2e_json '.circuit[0].state.shelved')"
check "the alarms say so" sh -c "'$top_builddir/ermonctl' -s '$RIG_DIR/run/ctl.sock' alarms |
	grep -q 'redundancy-lost/c1 .* shelf works '"
check "the shelves, too" sh -c "'$top_builddir/ermonctl' -s '$RIG_DIR/run/ctl.sock' shelves |
	grep -q '^works .* 1  *any  *c1  *root  *fibre works'"
# By SNMP: the columns behind the raise, the shelf's own row, and how many.
column() { e2e_ask snmpbulkwalk "$E2E_MIB.1.9.1.$1" | cut -d ' ' -f 2- | tr -d '"' | paste -sd ' '; }
row_of() { e2e_alarms | grep -nx -- "$1" | cut -d: -f1; }
check "the MIB has it, on its shelf" test "$(column 24 | cut -d ' ' -f "$(row_of redundancy-lost/c1)")" = works
check_equal "and the shelf" "1 works  c1 root fibre works 1" \
	"$(for x in 2 3 4 5 6 7 12; do e2e_get "14.1.$x.1"; done | paste -sd ' ')"
check_equal "without an end" 4294967295 "$(e2e_get 14.1.11.1)"
check_equal "and how many are put aside" 1 "$(e2e_get 1.31.0)"
rig_cut carrier 2
check_until "the outage is there" 10 has_alarm service-down/c1
rig_mend carrier 2
check_until "and gone" 10 has_no_alarm service-down/c1
log="1 started indeterminate agent-started/agent:edge1"
check_traps "nothing was sent" 1 "$log"

# --- over a restart ---
check_until "the shelf is saved" 5 is_saved '"name":"works"'
rig_signal ermond KILL
rig_until 10 rig_is_gone ermond || fail "ermond ends"
e2e_ermond
rig_spawn follow ce "$top_builddir/ermonctl" -s "$RIG_DIR/run/ctl.sock" -f json events --follow
check_until "the circuit is judged as before" 10 e2e_circuit_is c1 redundancy-lost
check_until "the alarm is on its shelf as before" 10 alarm_is redundancy-lost/c1 .shelf works
check_until "what is gone stays gone" 10 has_no_alarm service-down/c1
log="$log
2 started indeterminate agent-started/agent:edge1"
check_traps "nothing else was sent" 3 "$log"

# --- taken away: sent once ---
e2e_ctl -f json unshelve works >"$RIG_DIR/out"
check_equal "unshelve, in JSON" 1 "$(jq .unshelved "$RIG_DIR/out")"
log="$log
3 raise major redundancy-lost/c1"
check_traps "unshelving sends it" 5 "$log"
check_until "it is on no shelf" 5 alarm_is redundancy-lost/c1 .shelf null

# --- what is said of it ---
e2e_ctl ack redundancy-lost/c1 somebody is under way >"$RIG_DIR/out"
check_equal "ack" "redundancy-lost/c1 is acknowledged." "$(cat "$RIG_DIR/out")"
check_equal "it is acknowledged" "ack root somebody is under way" \
	"$(alarm redundancy-lost/c1 '."operator-state" + " " + .operator + " " + ."operator-text"')"
check "the alarms say so" sh -c "'$top_builddir/ermonctl' -s '$RIG_DIR/run/ctl.sock' alarms |
	grep -q 'redundancy-lost/c1 .* ack root: somebody is under way '"
check "the MIB, too" test "$(column 19 | tr -d ' 1')" = 2
check "the log says who" e2e_has_logged "root acknowledged redundancy-lost/c1: somebody is under way"
e2e_ctl close service-down/c1 2>"$RIG_DIR/err"
check_equal "what is not raised: exit status" 1 $?
check_equal "what is not raised" "ermonctl: no such alarm is raised: service-down/c1" "$(cat "$RIG_DIR/err")"

# --- mended on a shelf: its clear waits ---
e2e_ctl shelve again --alarm redundancy-lost/c1 >/dev/null
rig_mend carrier 1
check_until "healthy again" 10 e2e_circuit_is c1 healthy
check_until "the alarm is cleared" 10 has_no_alarm redundancy-lost/c1
check_traps "and nothing is sent" 2 "$log"
e2e_ctl unshelve again >/dev/null
log="$log
4 clear cleared redundancy-lost/c1"
check_traps "unshelving sends the clear" 5 "$log"

# --- it ends by itself ---
e2e_ctl shelve short --for 3s '*' >/dev/null
rig_cut carrier 2
check_until "the alarm is there" 10 has_alarm redundancy-lost/c1
log="$log
5 raise major redundancy-lost/c1"
check_traps "it is sent when the shelf ends" 10 "$log"
check_until "which is logged" 5 e2e_has_logged "Shelf short has ended"
check_equal "no shelf is left" "No shelves." "$(e2e_ctl shelves)"
check "what was said is forgotten" test "$(alarm redundancy-lost/c1 '."operator-state"')" = none

# --- who may: the socket is opened to all here, that is not what is tested ---
chmod 666 "$RIG_DIR/run/ctl.sock"
chmod 755 "$RIG_DIR" "$RIG_DIR/run"
as() { # UID GROUPS COMMAND...
	as_uid=$1 as_groups=$2
	shift 2
	setpriv --reuid "$as_uid" --regid 65534 --groups "$as_groups" --no-new-privs \
		"$top_builddir/ermonctl" -s "$RIG_DIR/run/ctl.sock" "$@" 2>"$RIG_DIR/err"
}
if as 65534 65534 alarms >/dev/null; then
	as 65534 65534 ack redundancy-lost/c1
	check_equal "somebody may not: exit status" 1 $?
	check_equal "somebody may not" \
		"ermonctl: nobody may not act on alarms: only root and members of group $group may" \
		"$(cat "$RIG_DIR/err")"
	as 65534 65534 shelve x '*'
	check_equal "nor shelve: exit status" 1 $?
	as 65534 65534 unshelve x
	check_equal "nor unshelve: exit status" 1 $?
	check "the log says who was refused" e2e_has_logged "refused nobody (pid [0-9]*, uid 65534) to act"
	check_equal "nothing was done" "No shelves." "$(e2e_ctl shelves)"
	check "a member of the group may" \
		as 65534 "65534,$(getent group "$group" | cut -d: -f3)" ack redundancy-lost/c1 mine
	check_equal "in his own name" nobody "$(alarm redundancy-lost/c1 .operator)"
else
	echo "ermonctl cannot be run by another user from here: who may act was not tested"
fi

# --- the stream of the control socket, and the log, had the same ---
said=$(e2e_traps | awk '$1 >= 2 { print $1, $4 }')
stream_has() { [ "$(jq -r '."ermon:event" | "\(.sequence) \(.key)"' "$RIG_DIR/follow.out")" = "$said" ]; }
check_until "the event stream had the same" 5 stream_has
check_equal "the log of events has the same" "$said" "$(e2e_ctl -f json events |
	jq -r '."ermon:ermon".events.event[] | "\(.sequence) \(.key)"')"
e2e_finish
