#!/bin/sh
# Scene 9: snmpd is absent at the start, killed, and stopped by a signal, each time while links
# fail and mend.  When it is back every notification comes, in order, without a gap.
. "${top_srcdir:?}/tests/shlib.sh"
. "$top_srcdir/tests/integration/rig.sh"
. "$top_srcdir/tests/integration/e2e.sh"

why=$(E2E_NEEDS=jq e2e_missing)
[ -z "$why" ] || skip "$why"
link_events -s
trap rig_down EXIT
trap 'exit 1' INT TERM

e2e_bare
e2e_circuit c1 | e2e_config
sequence_is() { # as the daemon itself says: SNMP does not answer now
	[ "$(e2e_json '.agent.state."last-sequence"')" = "$1" ]
}
ms_now() { echo $(($(date +%s%N) / 1000000)); }

# outage: both links fail and are mended, 4 notifications, the last of them NUMBER + 4
outage() {
	rig_cut carrier 1
	check_until "detected meanwhile: redundancy lost" 5 sequence_is $(($1 + 1))
	rig_cut carrier 2
	check_until "detected meanwhile: service down" 5 sequence_is $(($1 + 2))
	rig_mend carrier 1
	check_until "detected meanwhile: in service again" 5 sequence_is $(($1 + 3))
	rig_mend carrier 2
	check_until "detected meanwhile: redundant again" 5 sequence_is $(($1 + 4))
}
told() { # NUMBER
	printf '%d raise major redundancy-lost/c1\n%d raise critical service-down/c1\n' \
		$(($1 + 1)) $(($1 + 2))
	printf '%d clear cleared service-down/c1\n%d clear cleared redundancy-lost/c1' \
		$(($1 + 3)) $(($1 + 4))
}
# A notification whose acknowledgement was lost comes twice, with the same number.
once() { e2e_traps | sort -n | uniq; }
has_once() { [ "$(once)" = "$1" ]; }
is_gapless() { e2e_traps | awk '$1 > last + 1 { exit 1 } $1 > last { last = $1 }'; }

# back NAME LOG SINCE-MS
back() {
	check_until "$1: every notification comes" 10 has_once "$2"
	took=$(($(ms_now) - $3))
	echo "       $took ms after snmpd was there"
	check "$1: in order, without a gap" is_gapless
	check_until "$1: the tables are served" 5 e2e_is_served
}

# --- absent when ermond starts ---
e2e_trapd
e2e_ermond
check_until "ermond runs without snmpd" 5 sequence_is 1
log="1 started indeterminate agent-started/agent:edge1"
e2e_snmpd
back "snmpd started later" "$log" "$(ms_now)"

# --- killed in an outage ---
rig_signal snmpd KILL
rig_until 5 rig_is_gone snmpd
outage 1
e2e_snmpd
log="$log
$(told 1)"
back "killed" "$log" "$(ms_now)"

# --- stopped in an outage ---
rig_signal snmpd STOP
outage 5
rig_signal snmpd CONT
log="$log
$(told 5)"
back "stopped" "$log" "$(ms_now)"
echo "       received more than once: $(($(e2e_traps | wc -l) - $(once | wc -l)))"

# --- killed while notifications wait, and with it ermond ---
rig_signal snmpd KILL
rig_until 5 rig_is_gone snmpd
outage 9
rig_end ermond
e2e_ermond
e2e_snmpd
log="$log
$(told 9)
14 started indeterminate agent-started/agent:edge1"
back "ermond restarted meanwhile" "$log" "$(ms_now)"
check_equal "as many as it says" 14 "$(e2e_get 1.5.0)"
e2e_finish
