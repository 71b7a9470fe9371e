#!/bin/sh
# What ermonctl prints as JSON and XML is instance data of ermon.yang, by yanglint; what SNMP
# says is the same, value by value.  With all well, one link lost, and both.
. "${top_srcdir:?}/tests/shlib.sh"
. "$top_srcdir/tests/integration/rig.sh"
. "$top_srcdir/tests/integration/e2e.sh"

why=$(E2E_NEEDS="jq python3 yanglint" e2e_missing)
[ -z "$why" ] || skip "$why"
link_events -s
trap rig_down EXIT
trap 'exit 1' INT TERM

rig_up "" || { fail "the rig stands"; e2e_finish; }
check_until "four sessions are established" 20 rig_has_established 4
{
	e2e_circuit c1
	e2e_sessions c1
	e2e_circuit c2 any-to-any
	printf '[port er1]\n[port er2]\n[port-pair ams]\nlink1 = er1\nlink2 = er2\n'
	printf '[group all]\ncircuit = c1, c2\ndescription = both of them\n'
} | e2e_config
e2e_begin
check_until "healthy" 10 e2e_is_worst 1

lint() { # TYPE FILE: silent when it is valid
	yanglint -t "$1" "$top_srcdir/yang/ermon.yang" "$2" 2>&1
}
valid() { # MOMENT
	for command in status alarms events config sources; do
		for form in json xml; do
			e2e_ctl -f $form $command >"$RIG_DIR/$command.$form"
			check_equal "$1: ermonctl -f $form $command" 0 $?
			check_silent "$1: $command.$form is instance data" "$(lint get "$RIG_DIR/$command.$form")"
		done
	done
	check_silent "$1: config.json is a configuration" "$(lint config "$RIG_DIR/config.json")"
	check_silent "$1: config.xml is a configuration" "$(lint config "$RIG_DIR/config.xml")"
}

# A poll between the two questions may make a difference, so it is asked until there is none.
compare() {
	e2e_ctl -f json status >"$RIG_DIR/status.json"
	e2e_ctl -f json events >"$RIG_DIR/events.json"
	e2e_ask snmpbulkwalk "$E2E_MIB" | awk -v root="$E2E_MIB" \
		-f "$top_srcdir/tests/integration/mib_names.awk" "$top_builddir/mibs/ERMON-MIB.txt" - \
		>"$RIG_DIR/walk"
	python3 "$top_srcdir/tests/integration/mib_data.py" "$RIG_DIR/walk" "$RIG_DIR/status.json" \
		"$RIG_DIR/events.json" >"$RIG_DIR/compared" 2>&1
	[ "$(wc -l <"$RIG_DIR/compared")" -eq 1 ]
}
agree() { # MOMENT
	if e2e_until 15 compare; then
		pass "$1: SNMP and ermonctl agree"
	else
		fail "$1: SNMP and ermonctl agree" "
$(head -n 20 "$RIG_DIR/compared")"
	fi
	values=$(tail -n 1 "$RIG_DIR/compared")
	echo "       $values values"
	check "$1: in more than 350 values" [ "$values" -gt 350 ]
}

rig_spawn follow ce "$top_builddir/ermonctl" -s "$RIG_DIR/run/ctl.sock" -f json events --follow
agree "healthy"
valid "healthy"
rig_cut carrier 1
check_until "one link lost" 10 e2e_is_worst 3
e2e_until 5 e2e_has_trap ' raise '
agree "one link lost"
valid "one link lost"
rig_cut carrier 2
check_until "both lost" 10 e2e_is_worst 4
agree "both lost"
valid "both lost"
rig_mend carrier 1
rig_mend carrier 2
check_until "mended" 20 e2e_is_worst 1
check_until "no alarm is left" 20 e2e_has_active 0
agree "mended"

# --- events as they come ---
has_followed() { [ "$(wc -l <"$RIG_DIR/follow.out")" -ge "$(e2e_get 1.5.0)" ]; }
check_until "ermonctl events --follow tells all of them" 5 has_followed
rig_end follow
i=0
while read -r line; do
	i=$((i + 1))
	echo "$line" >"$RIG_DIR/event.json"
	lint notif "$RIG_DIR/event.json"
done <"$RIG_DIR/follow.out" >"$RIG_DIR/linted"
check_silent "each a valid notification ($i)" "$(cat "$RIG_DIR/linted")"
check_equal "the numbers, kinds, severities and keys of the traps" "$(e2e_traps)" \
	"$(jq -r '."ermon:event" | [(.sequence | tostring), (.kind | sub("agent-"; "")), .severity, .key]
		| join(" ")' "$RIG_DIR/follow.out")"

# --- that all of this can fail ---
sed 's/"healthy"/"splendid"/' "$RIG_DIR/status.json" >"$RIG_DIR/wrong.json"
check "yanglint sees a wrong value" [ -n "$(lint get "$RIG_DIR/wrong.json")" ]
sed 's/"usable": *2/"usable": 1/' "$RIG_DIR/status.json" >"$RIG_DIR/wrong.json"
check "and so does the comparison" grep -q 'Usable.*SNMP 2' <<-END
	$(python3 "$top_srcdir/tests/integration/mib_data.py" "$RIG_DIR/walk" "$RIG_DIR/wrong.json" \
		"$RIG_DIR/events.json")
END
e2e_finish
