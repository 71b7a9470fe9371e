#!/bin/sh
# What the agent knows of each object is in ERMON-MIB and in ermon.yang, under the same type and
# with the same numbers, or fields.txt says why not.
. "${top_srcdir:?}/tests/shlib.sh"
command -v python3 >/dev/null || skip "python3 is missing"

PYTHONDONTWRITEBYTECODE=1
export PYTHONDONTWRITEBYTECODE
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT INT TERM

differences() {
	python3 "$top_srcdir/tests/arch/fields.py" "$1" "$top_srcdir/tests/arch/fields.txt" 2>&1
}

check_silent "snapshot, MIB and YANG agree" "$(differences "$top_srcdir")"

# That the comparison sees each kind of change made on one side only: FILE, what sed does to it, and
# what is said of it.
found_out() {
	rm -rf "$dir/tree"
	for file in $(cd "$top_srcdir" && ls agent/core/*.[ch] agent/publish/publisher.h \
		agent/publish/snmp/columns*.c agent/yang/encode*.c mibs/ERMON-MIB.txt.in yang/ermon.yang); do
		mkdir -p "$dir/tree/${file%/*}"
		cp "$top_srcdir/$file" "$dir/tree/$file"
	done
	sed "$2" "$top_srcdir/$1" >"$dir/tree/$1"
	if cmp -s "$top_srcdir/$1" "$dir/tree/$1"; then
		fail "found out: $3" "sed changed nothing"
		return
	fi
	differences "$dir/tree" >"$dir/said"
	if grep -qF "$3" "$dir/said"; then
		pass "found out: $3"
	else
		fail "found out: $3" "said was: $(head -n 3 "$dir/said")"
	fi
}

snapshot=agent/core/snapshot.h
found_out $snapshot 's/^\tuint32_t mtu;/&\n\tuint32_t fec;/' "port: field fec is not in the table"
found_out $snapshot '/^\tuint32_t mtu;/d' "port: field mtu is in the table only"
found_out $snapshot 's/^struct erm_alarm_row {/struct erm_x_row {\n\tint a;\n};\n&/' \
	"row erm_x_row is not in the table"
found_out agent/core/config.h 's/^\tbool bfd_expected;/&\n\tuint32_t ttl;/' \
	"session: field config.ttl is not in the table"
found_out agent/core/event.h 's/^\tuint32_t alarm_id;/&\n\tuint32_t host;/' \
	"event: field host is not in the table"
found_out agent/publish/snmp/columns_leg.c '/"ermonPortMtu"/,/},$/d' \
	"port: served column ermonPortMtu is in the table only"
found_out agent/publish/snmp/columns_leg.c 's/erm_port_row, mtu/erm_port_row, ifindex/' \
	"port: ermonPortMtu shows ifindex, not mtu"
found_out mibs/ERMON-MIB.txt.in 's/^ermonPortMtu OBJECT-TYPE/ermonPortFec OBJECT-TYPE/' \
	"port: column of the MIB ermonPortFec is not in the table"
found_out mibs/ERMON-MIB.txt.in '/^ermonSessionErrorCode OBJECT-TYPE/,/MAX-ACCESS/s/Unsigned32/TruthValue/' \
	"session: ermonSessionErrorCode is TruthValue, state/error-code is"
found_out yang/ermon.yang 's/leaf if-index {/leaf fec { type uint32; }\n&/' \
	"port: leaf of port state/fec is not in the table"
found_out yang/ermon.yang 's/leaf error-subcode {/leaf error-minor {/' \
	"session: leaf of circuit/connection/session state/error-subcode is in the table only"
found_out agent/yang/encode_group.c '/"if-index"/d' \
	"port: the encoder does not put ifindex into state/if-index"
found_out $snapshot 's/^\tuint32_t bias_ua;/&\n\tint32_t snr_db;/' "lane: field snr_db is not in the table"
found_out $snapshot 's/^\tbool has_received;/\tbool has_sent;/' "claim: field has_sent is not in the table"
found_out agent/publish/snmp/columns_light.c 's/erm_light_row, rx_cdbm/erm_light_row, tx_cdbm/' \
	"light: ermonLightRxPower shows tx_cdbm, not rx_cdbm"
found_out yang/ermon.yang 's/leaf out-of-range {/leaf bad {/' \
	"light: leaf of port/state/light out-of-range is in the table only"
found_out agent/yang/encode_group.c 's/"bias", lane->bias_ua/"bias", 0/' \
	"lane: the encoder does not put bias_ua into bias"
found_out agent/yang/encode_circuit.c '/"use", erm_claim_use_name/d' \
	"claim: the encoder does not put use into use"
found_out agent/core/types.h 's/^\tERM_STATE_UNKNOWN,/\tERM_STATE_ODD,\n&/' \
	"erm_state and verdict-state differ"
found_out agent/core/types.c 's/"wrong-as"/"bad-as"/' "erm_cause and ErmonCauseTC differ"
found_out mibs/ERMON-MIB.txt.in 's/draining(3)/draining(4)/; s/adminDown(4)/adminDown(3)/' \
	"erm_member_state and ErmonMemberStateTC differ"
found_out yang/ermon.yang 's/enum open-sent {/enum opensent {/' "erm_bgp_state and bgp-state differ"
finish
