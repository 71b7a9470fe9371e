#!/bin/sh
# demo.sh BUILDDIR: ermon's main job on real parts, in network namespaces of its own; what
# `./setup.sh run' shows.  Ends with 0 only if every notification came exactly once and both
# SNMP and ermonctl answered at each step.
set -eu
if [ "$(id -u)" -ne 0 ]; then
	exec sudo "$0" "$@"
fi
top_srcdir=$(cd "$(dirname "$0")/../.." && pwd)
top_builddir=$(cd "${1:?usage: demo.sh BUILDDIR}" && pwd)
. "$top_srcdir/tests/integration/rig.sh"
. "$top_srcdir/tests/integration/e2e.sh"

bold='' dim='' plain=''
if [ -t 1 ]; then
	bold=$(printf '\033[1m') dim=$(printf '\033[2m') plain=$(printf '\033[0m')
fi
told=0

title() {
	printf '\n\n%s== %s ==%s\n' "$bold" "$*" "$plain"
}

command_line() {
	printf '\n%s$ %s%s\n' "$dim" "$*" "$plain"
}

give_up() {
	printf '\ndemo: %s\n' "$*" >&2
	[ ! -f "$RIG_DIR/ermond.out" ] || sed 's/^/ermond: /' "$RIG_DIR/ermond.out" >&2
	exit 1
}

ermonctl() {
	command_line "ermonctl $*"
	e2e_ctl "$@" || give_up "ermonctl $* failed"
}

with_names() {
	awk -v root="$E2E_MIB" -f "$top_srcdir/tests/integration/mib_names.awk" \
		"$top_builddir/mibs/ERMON-MIB.txt" -
}

# walk OID PATTERN: an excerpt of a table, by the names of ERMON-MIB.
walk() {
	command_line "snmpbulkwalk -v2c -c public 127.0.0.1:$E2E_PORT $E2E_MIB$1"
	e2e_ask snmpbulkwalk "$E2E_MIB$1" >"$RIG_DIR/walk" || give_up "snmpd does not answer"
	grep -q "^$E2E_MIB$1" "$RIG_DIR/walk" || give_up "the table is empty"
	with_names <"$RIG_DIR/walk" | grep -E "$2"
	printf '%s(excerpt; %d objects in this table)%s\n' "$dim" "$(wc -l <"$RIG_DIR/walk")" "$plain"
}

ms_now() {
	echo $(($(date +%s%N) / 1000000))
}

# trap_is SECONDS KIND SEVERITY KEY: waits for the next notification, which must be this one.
trap_is() {
	told=$((told + 1))
	expected="${expected-}$told $2 $3 $4
"
	rig_until "$1" e2e_has_trap "^$told " || give_up "notification $told ($4) did not come"
	seen=$(ms_now)
	[ "$(e2e_traps)" = "${expected%?}" ] || give_up "wanted
${expected}received
$(e2e_traps)"
	name=$(e2e_oid_of "$told" | with_names)
	printf '%sTRAP%s  %s  %s  %s  sequence %s\n      %s\n' "$bold" "$plain" "${name%% *}" "$3" "$4" \
		"$told" "$(e2e_text_of "$told")"
}

# The rows of the alarms that were told, for a pattern; the others are below these.
told_alarms() {
	e2e_ask snmpbulkwalk "$E2E_MIB.1.9.1.3" | sed -n '/ 0$/d; s/.*\.\([0-9]*\) .*/\1/p' | paste -sd '|'
}

is_healthy() {
	e2e_is_worst 1 && e2e_has_active 0
}

why=$(e2e_missing)
[ -z "$why" ] || give_up "$why"
trap rig_down EXIT
trap 'exit 1' INT TERM HUP

cat <<END

${bold}ermon watches the two links of an Azure ExpressRoute circuit${plain}

    customer edge, AS 65010        Microsoft edge routers, AS 12076

                     er1 --------- m1   192.168.100.2, 2001:db8:100:1::2
          ce
                     er2 --------- m2   192.168.100.6, 2001:db8:100:2::2

Three network namespaces, FRR in each.  ermond, a private snmpd on 127.0.0.1:$E2E_PORT and a
receiver of traps run beside the customer edge.  Nothing of this host is touched.
END

title "1. The configuration"
e2e_folder
cat >"$RIG_DIR/ermond.conf" <<END
[agent]
name = ams-edge-1
agentx-socket = unix:$RIG_DIR/agentx

[source frr]
type = frr
socket = $RIG_DIR/ce/bgpd.vty

[circuit contoso-ams]
connectivity-model = direct
peering-location = Amsterdam

[connection contoso-ams primary]
interface = er1
[connection contoso-ams secondary]
interface = er2

[session contoso-ams primary private ipv4]
neighbor = $(rig_ipv4 1 2)
[session contoso-ams primary private ipv6]
neighbor = $(rig_ipv6 1 2)
[session contoso-ams secondary private ipv4]
neighbor = $(rig_ipv4 2 2)
[session contoso-ams secondary private ipv6]
neighbor = $(rig_ipv6 2 2)

# Shorter than the defaults (10 and 60 s), so that the show ends in time.
[hold session-down]
clear = 1
[hold port-down]
clear = 1
[hold service-down]
clear = 2
[hold redundancy-lost]
clear = 3
END
cat "$RIG_DIR/ermond.conf"

title "2. Everything is well"
rig_up "" || give_up "the routers do not start"
rig_wait 4 30 || give_up "the sessions do not come up"
e2e_start || give_up "something does not start"
rig_until 10 is_healthy || give_up "the circuit does not become healthy"
trap_is 5 started indeterminate agent-started/agent:ams-edge-1
ermonctl status
walk .1.4.1 'Circuit(Name|State|Expected|Usable|Cause|Model)\.'

title "3. The first link fails: redundancy is lost"
at=$(ms_now)
rig_cut carrier 1
trap_is 10 raise major redundancy-lost/contoso-ams
printf '      %d ms after the cut: it is held back for 2 s, in case the second link follows\n' \
	$((seen - at))
ermonctl status
ermonctl alarms

title "4. The second link fails: the circuit is down"
at=$(ms_now)
rig_cut carrier 2
trap_is 10 raise critical service-down/contoso-ams
printf '      seen %d ms after the cut\n' $((seen - at))
ermonctl status
ermonctl alarms
walk .1.9.1 "Alarm(Key|Severity|Sequence|Text)\.($(told_alarms)) "

title "5. Both links are mended"
rig_mend carrier 1
rig_mend carrier 2
trap_is 30 clear cleared service-down/contoso-ams
trap_is 30 clear cleared redundancy-lost/contoso-ams
rig_until 20 is_healthy || give_up "alarms are left"
ermonctl status
ermonctl events

[ "$(e2e_get 1.5.0)" = "$told" ] || give_up "more was told than came: $(e2e_get 1.5.0)"
printf '\n%s%d notifications, each of them once and in order; SNMP and ermonctl answered at each step.%s\n' \
	"$bold" "$told" "$plain"
