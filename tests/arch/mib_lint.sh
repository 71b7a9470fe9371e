#!/bin/sh
# smilint at its strictest has nothing to say of ERMON-MIB, and its names resolve.  The
# modules it imports are not ours to ship: Debian's erlang-snmp has them.
. "${top_srcdir:?}/tests/shlib.sh"
mib=$(realpath "${top_builddir:?}/mibs/ERMON-MIB.txt") || exit 99

for program in smilint snmptranslate apt-get dpkg; do
	command -v "$program" >/dev/null || skip "$program is missing"
done
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
export SNMP_PERSISTENT_DIR="$dir/snmp" SNMPCONFPATH="$dir" SMIPATH="$dir/std"

standard_mibs() {
	mkdir "$dir/std" "$dir/deb" || return 1
	for place in /usr/lib/erlang/lib/snmp-*/mibs; do
		[ -f "$place/SNMPv2-SMI.mib" ] && cp "$place"/*.mib "$dir/std" && return 0
	done
	chmod 755 "$dir" "$dir/deb"
	(cd "$dir/deb" && timeout 60 apt-get download erlang-snmp >"$dir/apt.log" 2>&1 &&
		dpkg -x erlang-snmp_*.deb x) || return 1
	cp "$dir"/deb/x/usr/lib/erlang/lib/snmp-*/mibs/*.mib "$dir/std"
}
standard_mibs || skip "no erlang-snmp, and no network to download it: $(tail -n 1 "$dir/apt.log")"

# An own configuration: no preloaded modules, whose faults would be reported as well.
echo "path $dir/std" >"$dir/smi.conf"
check_silent "smilint -l 6" "$(smilint -c "$dir/smi.conf" -l 6 -s "$mib" 2>&1)"
# Its exit status is 0 even for a syntax error: see that this smilint complains at all.
sed 's/MAX-ACCESS  read-only/MAX-ACCESS  read-sometimes/' "$mib" >"$dir/ERMON-MIB.txt"
check "smilint sees a fault" test -n \
	"$(smilint -c "$dir/smi.conf" -l 6 -s "$dir/ERMON-MIB.txt" 2>&1)"

oid=$(sed -n 's/^#define ERM_MIB_OID_STRING "\(.*\)"$/\1/p' "$top_builddir/config.h")
check_equal "the MIB and the program have one root" ".$oid" \
	"$(snmptranslate -M "$dir/std" -m "$mib" -On ERMON-MIB::ermonMIB 2>/dev/null)"
check_equal "the prefix of a notification" \
	"ERMON-MIB::ermonServiceDown" \
	"$(snmptranslate -M "$dir/std" -m "$mib" -OS ".$oid.0.1" 2>/dev/null)"

# snmpttconvertmib reads the macros between DESCRIPTION and ::= only, one of each.
for word in TYPE SUMMARY ARGUMENTS SEVERITY; do
	check_equal "each notification has one --#$word" \
		"$(grep -c ' NOTIFICATION-TYPE$' "$mib")" "$(grep -c "^    --#$word " "$mib")"
done
check_silent "no SUMMARY holds the end of a comment" "$(grep '^    --#.*--' "$mib" | grep -v '^    --#[^-]*$')"
check_silent "no line is ASCII art" "$(grep -n -e '-----' "$mib")"
check_silent "ASCII only" "$(LC_ALL=C grep -n '[^ -~]' "$mib")"
finish
