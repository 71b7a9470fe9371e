#!/bin/sh
# Scene 10: ermond is killed and restarted during an outage: nothing is raised again, and what
# is mended later is cleared once.  What is mended while it does not run is cleared, too.
. "${top_srcdir:?}/tests/shlib.sh"
. "$top_srcdir/tests/integration/rig.sh"
. "$top_srcdir/tests/integration/e2e.sh"

why=$(E2E_NEEDS=jq e2e_missing)
[ -z "$why" ] || skip "$why"
link_events -s
trap rig_down EXIT
trap 'exit 1' INT TERM

rig_up "" || { fail "the rig stands"; e2e_finish; }
check_until "four sessions are established" 20 rig_has_established 4
{
	e2e_circuit c1
	e2e_sessions c1
} | e2e_config
e2e_begin
check_until "healthy" 10 e2e_circuit_is c1 healthy

# Saved, and that snmpd has taken it: before that a kill may make it come twice, with the same number.
is_saved() { grep -q "\"last-sequence\":$1,.*\"undelivered\":\[\]" "$RIG_DIR/state/state.json"; }
restart() { # SIGNAL
	rig_signal ermond "$1"
	rig_until 10 rig_is_gone ermond || fail "ermond ends by $1"
	e2e_ermond
}

rig_cut carrier 1
rig_cut carrier 2
log="1 started indeterminate agent-started/agent:edge1
2 raise critical service-down/c1"
check_traps "down" 10 "$log"
check_until "the state file has it" 5 is_saved 2

# --- killed in the outage ---
id=$(e2e_json '.alarms.alarm[] | select(.key == "service-down/c1").id')
restart KILL
log="$log
3 started indeterminate agent-started/agent:edge1"
check_traps "killed and started again" 10 "$log"
check_until "the circuit is down as before" 5 e2e_circuit_is c1 down
check_equal "and its alarm is the same" "$id" "$(e2e_json '.alarms.alarm[] | select(.key == "service-down/c1").id')"

# --- ended and started in the outage ---
restart TERM
log="$log
4 started indeterminate agent-started/agent:edge1"
check_traps "ended and started again: nothing is raised again" 10 "$log"
check_until "the circuit is down as before" 5 e2e_circuit_is c1 down

# --- mended while it runs ---
rig_mend carrier 1
log="$log
5 clear cleared service-down/c1
6 raise major redundancy-lost/c1"
check_traps "one link is mended: one clear, and what is left is told" 20 "$log"
check_until "the state file has it" 5 is_saved 6

# --- mended while it does not run ---
rig_signal ermond KILL
rig_until 10 rig_is_gone ermond
rig_mend carrier 2
check_until "four sessions are established" 20 rig_has_established 4
e2e_ermond
log="$log
7 started indeterminate agent-started/agent:edge1
8 clear cleared redundancy-lost/c1"
check_traps "mended while it did not run: one clear" 20 "$log"
check_until "healthy" 5 e2e_circuit_is c1 healthy

check_until "the state file has it" 5 is_saved 8
# --- and nothing is raised by a restart when all is well ---
restart KILL
log="$log
9 started indeterminate agent-started/agent:edge1"
check_until "healthy after one more restart" 10 e2e_circuit_is c1 healthy
check_traps "which tells nothing but itself" 10 "$log"
check_equal "as many as it says" 9 "$(e2e_get 1.5.0)"
e2e_finish
