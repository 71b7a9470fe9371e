#!/bin/sh
# The style of ermon.yang, and that the checker sees each kind of violation.
. "${top_srcdir:?}/tests/shlib.sh"
command -v python3 >/dev/null || skip "python3 is missing"

module=$top_srcdir/yang/ermon.yang
lint=$top_srcdir/tests/arch/yang_lint.py
revision=$(sed -n 's/^YANG_REVISION = //p' "$top_srcdir/yang/local.mk")
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT INT TERM

check_silent "ermon.yang keeps the rules" "$(python3 "$lint" "$module" erm "$revision" 2>&1)"

# broken NAME SED-SCRIPT COMPLAINT: the module with one defect draws this complaint.
broken() {
	sed -E "$2" "$module" >"$dir/bad.yang"
	if cmp -s "$module" "$dir/bad.yang"; then
		fail "$1" "the script changes nothing"
		return
	fi
	got=$(python3 "$lint" "$dir/bad.yang" erm "$revision" 2>&1)
	case $got in
	*"$3"*) pass "$1" ;;
	*) fail "$1" "no \"$3\" in: $got" ;;
	esac
}

broken "long line" 's/^  organization "/&xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx/' \
	"69 are the most"
broken "blank at the end" '3s/$/ /' "blanks at the end"
broken "no contact" 's/^  contact/  description/' "the module has no contact"
broken "another prefix" 's/^  prefix erm/  prefix ermon/' "the prefix is not erm"
broken "another revision" 's/^  revision [0-9-]+/  revision 2020-01-01/' \
	"the newest revision is 2020-01-01"
broken "revision without a reference" '/^  revision /,/^  }/s/^    reference.*//' \
	"revision $revision has no reference"
broken "import without a reference" '/^  import ietf-inet/,/^  }/s/^    reference.*//' \
	"import ietf-inet-types has no reference"
broken "leaf without a description" '/^      leaf snmp /,/^      }/s/description/reference/' \
	"leaf snmp has no description"
broken "enum without a description" '/^      enum direct /,/^      }/s/description/reference/' \
	"enum direct has no description"
broken "enum without a value" '/^      enum direct /,/^      }/s/value 5;//' \
	"enum direct has no value"
broken "typedef without a description" '/^  typedef optional-interval/,/^  }/s/description/reference/' \
	"typedef optional-interval has no description"
broken "must without a message" '0,/error-message/s/error-message/description/' \
	"has no error-message"
broken "default under mandatory" 's/^( *)mandatory true;/\1default "x";\n\1mandatory true;/' \
	"is mandatory and has a default"
broken "number without units" 's/^ *units "octets";//' "is a number without units"
broken "key behind another leaf" 's/key "peering family";/key "family peering";/' \
	"its keys are not its first leaves"
broken "wrong order" 's/^      key "name";//; s/^( *)max-elements 32;/&\n\1key "name";/' \
	"key comes too late in list source"
broken "unused typedef" 's/^  typedef name \{/  typedef unused { type string; description "x"; }\n&/' \
	"typedef unused is not used"
broken "unused grouping" 's/^  grouping hold \{/  grouping unused { description "x"; }\n&/' \
	"grouping unused is not used"
broken "unused import" 's/inet:/yang:/' "import ietf-inet-types is not used"
broken "upper case" 's/^  typedef name \{/  typedef Name {/' "names are lower case"
finish
