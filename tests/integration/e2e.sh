# shellcheck shell=sh
# ermond between a real kernel, FRR, a private snmpd and a trap receiver.  A library on top
# of rig.sh for the end-to-end tests and the demonstration; source rig.sh first.
#
#   why=$(e2e_missing); [ -z "$why" ] || skip "$why"
#   trap rig_down EXIT; trap 'exit 1' INT TERM
#   rig_up, or e2e_bare: the links without routers, where no BGP is needed
#   e2e_config <<END    the file; holds that end in time are put before what is read
#   e2e_start           trap receiver, snmpd, ermond: in the customer's namespace
#
# All of it runs by rig_spawn, under these names for rig_signal, rig_end and rig_pid:
# trapd, snmpd, ermond.  Their files are in RIG_DIR, so rig_down ends and removes all.

E2E_MIB=.$(sed -n 's/^#define ERM_MIB_OID_STRING "\(.*\)"$/\1/p' "${top_builddir:?}/config.h")
E2E_PORT=1161
export RIG_PASSIVE=1
PATH=$PATH:/usr/sbin
export MIBS=""

e2e_missing() {
	rig_missing
	for e2e_word in snmpd snmptrapd snmpget snmpbulkwalk ${E2E_NEEDS-}; do
		command -v "$e2e_word" >/dev/null || echo "needs $e2e_word"
	done
	for e2e_word in ermond ermonctl ermon-snmp-get; do
		[ -x "${top_builddir:?}/$e2e_word" ] || echo "$e2e_word is not built"
	done
}

# The folder of all files, for what is written before the rig is there.
e2e_folder() {
	[ -n "$RIG_DIR" ] || RIG_DIR=$(mktemp -d "${TMPDIR:-/tmp}/ermon-e2e-XXXXXX") || return 1
	chmod 755 "$RIG_DIR"
}

# The namespaces and links of the rig without its routers.
e2e_bare() {
	e2e_folder
	for e2e_x in ce m1 m2; do rig_node "$e2e_x" || return 1; done
	for e2e_x in 1 2; do rig_link "$e2e_x" || return 1; done
}

# --- Configuration ---
e2e_head() {
	cat <<-END
		[agent]
		name = edge1
		agentx-socket = unix:$RIG_DIR/agentx
		min-interval = 0
		${E2E_AGENT_LINE-}
		[hold redundancy-lost]
		raise = ${E2E_REDUNDANCY_RAISE:-0.3}
		clear = 1
		[hold service-down]
		clear = 0.5
		[hold port-down]
		clear = 0.5
		[hold session-down]
		clear = 0.5
	END
}

e2e_config() { # reads the rest
	e2e_folder
	{
		e2e_head
		cat
	} >"$RIG_DIR/ermond.conf"
}

# e2e_circuit NAME [MODEL]: one with a link on each of the two, and no sessions.
e2e_circuit() {
	printf '[circuit %s]\nconnectivity-model = %s\n' "$1" "${2:-direct}"
	printf '[connection %s primary]\ninterface = er1\n' "$1"
	printf '[connection %s secondary]\ninterface = er2\n' "$1"
}

# The source and the four sessions of the rig, under circuit NAME.
e2e_sessions() {
	printf '[source frr]\ntype = frr\nsocket = %s\n' "$RIG_DIR/ce/bgpd.vty"
	for e2e_leg in primary=1 secondary=2; do
		e2e_role=${e2e_leg%=*} e2e_n=${e2e_leg#*=}
		printf '[session %s %s private ipv4]\nneighbor = %s\n' "$1" "$e2e_role" \
			"$(rig_ipv4 "$e2e_n" 2)"
		printf '[session %s %s private ipv6]\nneighbor = %s\n' "$1" "$e2e_role" \
			"$(rig_ipv6 "$e2e_n" 2)"
	done
}

# --- Programs ---
e2e_trapd() {
	# One line a trap, its varbinds apart by tabs, values without types.
	rig_spawn trapd ce snmptrapd -f -C --disableAuthorization=yes -OnqtUe -F '%v\n' \
		-Lf "$RIG_DIR/traps" "udp:127.0.0.1:$((E2E_PORT + 1))"
	rig_until 10 grep -q NET-SNMP "$RIG_DIR/traps" 2>/dev/null || rig_fail "no trap receiver"
}

e2e_snmpd() {
	cat >"$RIG_DIR/snmpd.conf" <<-END
		rocommunity public 127.0.0.1
		agentAddress udp:127.0.0.1:$E2E_PORT
		master agentx
		agentXSocket unix:$RIG_DIR/agentx
		trap2sink 127.0.0.1:$((E2E_PORT + 1)) public
		${E2E_SNMPD_LINE-}
		[snmp] persistentDir $RIG_DIR/snmp
	END
	rig_spawn snmpd ce snmpd -f -C -c "$RIG_DIR/snmpd.conf" -I -smux -Lf "$RIG_DIR/snmpd.log"
	e2e_until 10 e2e_is_answering || rig_fail "snmpd does not answer: $(tail -n 1 "$RIG_DIR/snmpd.log")"
}

e2e_is_answering() { e2e_ask snmpget .1.3.6.1.2.1.1.3.0 >/dev/null 2>&1; }

# Starts it and waits for nothing.  E2E_WRAP: a program that is given its command line.
e2e_spawn_ermond() {
	# shellcheck disable=SC2086 # nothing, or a path without blanks
	rig_spawn ermond ce ${E2E_WRAP-} "$top_builddir/ermond" --config "$RIG_DIR/ermond.conf" \
		--yang-dir "${top_srcdir:?}/yang" --helper-dir "$top_builddir" \
		--state-dir "${E2E_STATE_DIR:-$RIG_DIR/state}" --runtime-dir "$RIG_DIR/run"
}

e2e_ermond() {
	e2e_spawn_ermond
	e2e_until 10 e2e_ctl sources >/dev/null 2>&1 || rig_fail "ermond does not start:
$(cat "$RIG_DIR/ermond.out")"
}

e2e_start() {
	e2e_trapd || return 1
	e2e_snmpd || return 1
	e2e_ermond || return 1
	e2e_until 10 e2e_is_served || rig_fail "the MIB is not served"
}

e2e_is_served() { [ "$(e2e_get 1.1.0)" != "" ]; }

# --- What is to be seen ---
e2e_ctl() { "$top_builddir/ermonctl" -s "$RIG_DIR/run/ctl.sock" "$@"; }

# e2e_json FILTER: of the container ermon, as jq has it.
e2e_json() { e2e_ctl -f json status | jq -r ".\"ermon:ermon\" | $1"; }
e2e_circuit_is() { # CIRCUIT STATE
	[ "$(e2e_json ".circuit[] | select(.name == \"$1\").state.state")" = "$2" ]
}
e2e_session_is() { # CIRCUIT ROLE FAMILY STATE CAUSE
	[ "$(e2e_json ".circuit[] | select(.name == \"$1\").connection[] | select(.role == \"$2\")
		.session[] | select(.family == \"$3\").state | .state + \" \" + .cause")" = "$4 $5" ]
}

# e2e_ask PROGRAM OID...: numbers and values only.
e2e_ask() {
	e2e_program=$1
	shift
	rig_in ce "$e2e_program" -v2c -c public -t 1 -r 1 -OnqtUe "127.0.0.1:$E2E_PORT" "$@"
}

# e2e_get OID: the value of an object below ermonObjects, "" when there is none.
e2e_get() {
	e2e_ask snmpget "$E2E_MIB.1.$1" 2>/dev/null | grep -v 'No Such' | cut -d ' ' -f 2- |
		sed 's/^"\(.*\)"$/\1/'
}

# The notifications received, a line each: SEQUENCE KIND SEVERITY KEY; KIND raise, clear,
# started, heartbeat or reminder.  A notification and a key that do not belong together are told.
e2e_traps() {
	awk -F '\t' -v mib="$E2E_MIB" '
	function value(oid, i) {
		for (i = 1; i <= NF; i++)
			if (index($i, oid " ") == 1) {
				i = substr($i, length(oid) + 2)
				gsub(/^"|" *$/, "", i)
				return i
			}
		return "?"
	}
	BEGIN {
		split("service-down redundancy-lost not-redundant degraded state-unknown port-down" \
		      " session-down flapping prefix-threshold prefix-limit optical draining", types, " ")
		split("cleared indeterminate critical major minor warning", severities, " ")
		kinds[101] = "started"; kinds[102] = "heartbeat"; kinds[103] = "reminder"
	}
	{
		oid = value(".1.3.6.1.6.3.1.1.4.1.0")
		if (index(oid, mib ".0.") != 1)
			next
		n = substr(oid, length(mib) + 4)
		key = value(mib ".1.11.1.0")
		kind = n in kinds ? kinds[n] : n % 2 ? "raise" : "clear"
		type = types[int((n + 1) / 2)]
		if (n < 100 && index(key, type "/") != 1)
			kind = kind "(" type "!)"
		print value(mib ".1.11.6.0"), kind, severities[value(mib ".1.11.2.0")], key
	}' "$RIG_DIR/traps"
}

e2e_has_traps() { [ "$(e2e_traps)" = "$1" ]; }
e2e_has_trap() { e2e_traps | grep -q -- "$1"; }
# e2e_field SEQUENCE OID: the value of that varbind in that notification.
e2e_field() {
	awk -F '\t' -v mib="$E2E_MIB" -v want="$1" -v oid="$2" '
		index($0, mib ".1.11.6.0 " want "\t") {
			for (i = 1; i <= NF; i++)
				if (index($i, oid " ") == 1)
					print substr($i, length(oid) + 2)
		}' "$RIG_DIR/traps" | tr -d '"' | head -n 1
}
e2e_text_of() { e2e_field "$1" "$E2E_MIB.1.11.3.0"; }
e2e_oid_of() { e2e_field "$1" .1.3.6.1.6.3.1.1.4.1.0; }

# The keys in the alarm table of the MIB.
e2e_alarms() { e2e_ask snmpbulkwalk "$E2E_MIB.1.9.1.7" | sed -n 's/^[.0-9]* "\(.*\)"$/\1/p'; }
e2e_has_alarm() { e2e_alarms | grep -qx -- "$1"; }

e2e_is_worst() { [ "$(e2e_get 1.6.0)" = "$1" ]; } # ErmonStateTC
e2e_has_active() { [ "$(e2e_get 1.14.0)" = "$1" ]; } # alarms

# e2e_until SECONDS COMMAND...: as rig_until, for commands that take their time themselves.
e2e_until() {
	e2e_end=$(($(date +%s) + $1 + 1))
	shift
	until "$@"; do
		[ "$(date +%s)" -lt "$e2e_end" ] || return 1
		sleep 0.02
	done
}

e2e_log() { cat "$RIG_DIR/ermond.out"; }
e2e_has_logged() { grep -q -- "$1" "$RIG_DIR/ermond.out"; }

# --- Checks, with shlib.sh ---
# check_traps NAME SECONDS TEXT: passes when all that has been received is this, in this order.
check_traps() {
	if e2e_until "$2" e2e_has_traps "$3"; then
		pass "$1"
	else
		fail "$1" "wanted
$3
       received
$(e2e_traps)"
	fi
}

# check_until NAME SECONDS COMMAND...
check_until() {
	e2e_name=$1 e2e_seconds=$2
	shift 2
	if e2e_until "$e2e_seconds" "$@"; then
		pass "$e2e_name"
	else
		fail "$e2e_name" "not within $e2e_seconds s: $*"
	fi
}

# Starts everything, or ends the test here.
e2e_begin() {
	e2e_start && return
	fail "trap receiver, snmpd and ermond start"
	e2e_finish
}

# The closing line; what ermond said goes before it when something failed.
e2e_finish() {
	if [ "${n_failures:?}" -gt 0 ] && [ -f "$RIG_DIR/ermond.out" ]; then
		echo "--- ermond said:"
		e2e_log
	fi
	finish
}
