#!/bin/sh
# What ermond tells a service manager, without one: READY, an honest STATUS, RELOADING, the
# watchdog, STOPPING; on a socket of the test's own.  And that it needs none of it.
. "${top_srcdir:?}/tests/shlib.sh"
. "$top_srcdir/tests/integration/rig.sh"
. "$top_srcdir/tests/integration/e2e.sh"

why=$(E2E_NEEDS=python3 e2e_missing)
[ -z "$why" ] || skip "$why"
link_events -s
trap rig_down EXIT
trap 'exit 1' INT TERM

e2e_bare
e2e_circuit c1 | e2e_config
e2e_trapd
e2e_snmpd

# A line for each message: the time in ms, and its assignments apart by tabs.
cat >"$RIG_DIR/listen.py" <<'END'
import os, socket, sys, time
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
while True:
    text = s.recv(65536).decode().strip().replace("\n", "\t")
    print(int(time.monotonic() * 1000), text, flush=True)
END
rig_spawn listen ce python3 "$RIG_DIR/listen.py" "$RIG_DIR/notify"
check_until "the listener is there" 5 test -S "$RIG_DIR/notify"
said() { grep -c -- "$1" "$RIG_DIR/listen.out"; }
has_said() { [ "$(said "$1")" -ge "${2:-1}" ]; }
status_is() { grep 'STATUS=' "$RIG_DIR/listen.out" | tail -n 1 | grep -q "$1"; }

E2E_WRAP="env NOTIFY_SOCKET=$RIG_DIR/notify WATCHDOG_USEC=3000000"
e2e_ermond
check_until "READY" 5 has_said '\bREADY=1'
check_until "STATUS, when all is well" 5 status_is '1 circuits: 1 healthy; 0 alarms; SNMP: AgentX connected$'
check_until "the watchdog is fed" 10 has_said 'WATCHDOG=1' 5

rig_cut carrier 1
check_until "STATUS, when redundancy is lost" 5 status_is '1 redundancy-lost; [1-9][0-9]* alarms'

# A hung snmpd is no reason for a restart: the thread waits, but turns.
fed=$(said 'WATCHDOG=1')
rig_signal snmpd STOP
rig_cut carrier 2
check_until "STATUS, when the circuit is down" 5 status_is '1 down; [1-9][0-9]* alarms'
check_until "and that snmpd does not take it" 10 status_is 'SNMP: .*not taken yet\|SNMP: no AgentX'
check_until "the watchdog is fed while snmpd hangs" 20 has_said 'WATCHDOG=1' $((fed + 8))
rig_signal snmpd CONT
check_until "STATUS, when snmpd is back" 10 status_is 'SNMP: AgentX connected$'
check_silent "no two beats are further apart than 2 s" "$(awk '
	/WATCHDOG=1/ { if (last && $1 - last > 2000) print $1 - last " ms"; last = $1 }' "$RIG_DIR/listen.out")"

ready=$(said '\bREADY=1')
rig_signal ermond HUP
check_until "RELOADING, with its time" 5 has_said 'RELOADING=1.MONOTONIC_USEC=[1-9]'
check_until "and READY again" 5 has_said '\bREADY=1' $((ready + 1))
echo nonsense >>"$RIG_DIR/ermond.conf"
rig_signal ermond HUP
check_until "RELOADING a bad file" 5 has_said 'RELOADING=1.MONOTONIC_USEC=[1-9]' 2
check_until "and READY again" 5 has_said '\bREADY=1' $((ready + 2))

rig_signal ermond TERM
check_until "STOPPING" 5 has_said 'STOPPING=1'
check_until "and gone" 10 rig_is_gone ermond
e2e_finish
