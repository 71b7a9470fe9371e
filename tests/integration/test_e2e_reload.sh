#!/bin/sh
# SIGHUP: a valid file is applied and keeps the state, indexes, counters and alarms of what
# stays; an invalid one changes nothing, and all its errors are told.
. "${top_srcdir:?}/tests/shlib.sh"
. "$top_srcdir/tests/integration/rig.sh"
. "$top_srcdir/tests/integration/e2e.sh"

why=$(E2E_NEEDS=jq e2e_missing)
[ -z "$why" ] || skip "$why"
link_events -s
trap rig_down EXIT
trap 'exit 1' INT TERM

e2e_bare
for i in 1 3; do
	ip -n "$RIG-ce" link add "d$i" type veth peer name "d$((i + 1))"
	ip -n "$RIG-ce" link set "d$i" up
	ip -n "$RIG-ce" link set "d$((i + 1))" up
done
calm() { # CIRCUIT INTERFACE INTERFACE: a circuit nothing happens to
	printf '[circuit %s]\nconnectivity-model = direct\n' "$1"
	printf '[connection %s primary]\ninterface = %s\n' "$1" "$2"
	printf '[connection %s secondary]\ninterface = %s\n' "$1" "$3"
}

circuits() { e2e_json '[.circuit[].name] | sort | join(" ")'; }
of_circuit() { e2e_json ".circuit[] | select(.name == \"$1\").state.$2"; }
has_lost() { [ "$(of_circuit "$1" transitions)" = "$2" ]; }
alarm_of() { e2e_json ".alarms.alarm[] | select(.key == \"$1\") | [.id, .raised] | join(\" \")"; }
said() { grep -c "$1" "$RIG_DIR/ermond.out"; }
has_said() { [ "$(said "$1")" -ge "$2" ]; } # TEXT TIMES
reload() { rig_signal ermond HUP; }

{
	e2e_circuit c1
	calm c3 d1 d2
} | e2e_config
e2e_begin
check_until "healthy" 5 e2e_is_worst 1

# --- something happens, so that there is something to keep ---
log="1 started indeterminate agent-started/agent:edge1"
rig_cut carrier 1
check_until "the circuit loses a link" 5 has_lost c1 1
log="$log
2 raise major redundancy-lost/c1"
check_traps "which is told" 5 "$log"
rig_mend carrier 1
log="$log
3 clear cleared redundancy-lost/c1"
check_traps "and mended" 5 "$log"
rig_cut carrier 2
log="$log
4 raise major redundancy-lost/c1"
check_traps "another loss, which stays" 5 "$log"
index=$(of_circuit c1 index) third=$(of_circuit c3 index)
alarm=$(alarm_of redundancy-lost/c1) since=$(of_circuit c1 '"last-change"')
losses=$(of_circuit c1 transitions)

# --- a valid file: one circuit comes before it, one goes ---
{
	calm c0 d3 d4
	e2e_circuit c1
} | e2e_config
reload
check_until "a valid file is applied" 5 has_said ': reloaded, 2 circuits' 1
check_equal "these are the circuits now" "c0 c1" "$(circuits)"
check_equal "c1 keeps its index" "$index" "$(of_circuit c1 index)"
check_equal "its counter" "$losses" "$(of_circuit c1 transitions)"
check_equal "its alarm" "$alarm" "$(alarm_of redundancy-lost/c1)"
check_equal "the time of its last change" "$since" "$(of_circuit c1 '"last-change"')"
check "c0 has an index of its own, and not that of c3" \
	sh -c "[ $(of_circuit c0 index) != $index ] && [ $(of_circuit c0 index) != $third ]"
check_equal "the MIB has the row of c1" c1 "$(e2e_get "4.1.3.$index")"
check_equal "and no longer that of c3" "" "$(e2e_get "4.1.3.$third")"

# --- an invalid file ---
cp "$RIG_DIR/ermond.conf" "$RIG_DIR/good.conf"
cat >>"$RIG_DIR/ermond.conf" <<-END
	[hold flapping]
	raise = -1
	colour = red
	[nonsense]
	[session c9 primary private ipv4]
	neighbor = 192.168.100.300
END
last=$(wc -l <"$RIG_DIR/good.conf")
reload
check_until "an invalid file is refused" 5 has_said 'the old configuration stays' 1
for error in "2: .*-1" "3: .*colour" "4: .*nonsense" "5: .*c9" "6: .*192.168.100.300"; do
	check "with line and word: +$error" has_said \
		"ermond.conf:$((last + ${error%%:*})): error:${error#*:}" 1
done
check_equal "the circuits stay" "c0 c1" "$(circuits)"
check_equal "and the alarm" "$alarm" "$(alarm_of redundancy-lost/c1)"

rm "$RIG_DIR/ermond.conf"
reload
check_until "no file: refused" 5 has_said 'the old configuration stays' 2
printf '\000\001[agent]\n' >"$RIG_DIR/ermond.conf"
reload
check_until "NUL octets: refused" 5 has_said 'the old configuration stays' 3
: >"$RIG_DIR/ermond.conf"
reload
check_until "an empty file: refused" 5 has_said 'the old configuration stays' 4
check_equal "the circuits stay" "c0 c1" "$(circuits)"
check_equal "the same, asked by SNMP" c1 "$(e2e_get "4.1.3.$index")"

# --- c3 comes back ---
{
	cat "$RIG_DIR/good.conf"
	calm c3 d1 d2
} >"$RIG_DIR/ermond.conf"
e2e_ctl reload >"$RIG_DIR/why"
check_equal "ermonctl reload tells that it is done" 0 $?
check_equal "these are the circuits now" "c0 c1 c3" "$(circuits)"
check_equal "c3 has its index again" "$third" "$(of_circuit c3 index)"
echo 'name = again' >>"$RIG_DIR/ermond.conf"
check "ermonctl reload says why not" sh -c "! '$top_builddir/ermonctl' -s '$RIG_DIR/run/ctl.sock' \
	reload >'$RIG_DIR/why' 2>&1 && grep -q 'old configuration stays' '$RIG_DIR/why'"

# --- what was told all the while ---
cp "$RIG_DIR/good.conf" "$RIG_DIR/ermond.conf"
reload
check_until "the first good file again" 5 has_said ': reloaded, 2 circuits' 2
rig_mend carrier 2
log="$log
5 clear cleared redundancy-lost/c1"
check_traps "the link is mended: one clear, and nothing was told of the reloads" 5 "$log"
check_equal "as many as it says" 5 "$(e2e_get 1.5.0)"
e2e_finish
