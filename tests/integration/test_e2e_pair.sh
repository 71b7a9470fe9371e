#!/bin/sh
# Scene 1: 8 circuits ride on two ports.  A port is one notification, and so is the second; both
# within the hold are one.
. "${top_srcdir:?}/tests/shlib.sh"
. "$top_srcdir/tests/integration/rig.sh"
. "$top_srcdir/tests/integration/e2e.sh"

why=$(e2e_missing)
[ -z "$why" ] || skip "$why"
link_events -s
trap rig_down EXIT
trap 'exit 1' INT TERM

e2e_bare
{
	for i in 1 2 3 4 5 6 7 8; do e2e_circuit "c$i"; done
	printf '[port-pair ams]\nlink1 = er1\nlink2 = er2\n'
	printf '[port er1]\n[port er2]\n'
} | e2e_config
e2e_begin

check_until "healthy" 5 e2e_is_worst 1
log="1 started indeterminate agent-started/agent:edge1"
check_traps "the agent tells that it started" 5 "$log"

rig_cut carrier 1
log="$log
2 raise major redundancy-lost/pair:ams"
check_traps "the first port: one notification, for the pair" 5 "$log"
check_until "redundancy is lost" 5 e2e_is_worst 3

rig_cut carrier 2
log="$log
3 raise critical service-down/pair:ams"
check_traps "the second port: one more" 5 "$log"
check_until "down" 5 e2e_is_worst 4
check "all 8 circuits are below the alarm" [ "$(e2e_get 1.14.0)" -ge 17 ]

rig_mend carrier 1
log="$log
4 clear cleared service-down/pair:ams"
check_traps "one port again: the outage is over" 5 "$log"
rig_mend carrier 2
log="$log
5 clear cleared redundancy-lost/pair:ams"
check_traps "both again: redundant" 5 "$log"
check_until "no alarm is left" 5 e2e_has_active 0
check_until "healthy" 5 e2e_is_worst 1

# Both within the hold: only the outage is told.
rig_cut carrier 1
rig_cut carrier 2
log="$log
6 raise critical service-down/pair:ams"
check_traps "both at once: the outage only" 5 "$log"
check_until "the lost redundancy is in the table" 5 e2e_has_alarm redundancy-lost/pair:ams
rig_mend carrier 1
rig_mend carrier 2
log="$log
7 clear cleared service-down/pair:ams"
check_traps "both again: one clear" 5 "$log"
check_until "no alarm is left" 5 e2e_has_active 0
check_equal "and nothing else was told" 7 "$(e2e_get 1.5.0)"
e2e_finish
