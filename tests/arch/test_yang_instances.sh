#!/bin/sh
# ermon.yang and what is shown in its terms, in the eyes of yanglint.
. "${top_srcdir:?}/tests/shlib.sh"
command -v yanglint >/dev/null || skip "yanglint is missing"

yang=$top_srcdir/yang
show=${top_builddir:?}/tests/unit/yang_show
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT INT TERM

# lint TYPE FILE: yanglint's complaints about instance data.
lint() {
	(cd "$dir" && yanglint -p "$yang" -t "$1" "$yang/ermon.yang" "$2" 2>&1)
}

check_silent "the module compiles" "$(cd "$dir" && yanglint -p "$yang" "$yang/ermon.yang" 2>&1)"
# A change of the tree is a change of the interface: look at it, then
#   yanglint -p yang -f tree yang/ermon.yang >tests/arch/ermon.tree
yanglint -p "$yang" -f tree "$yang/ermon.yang" >"$dir/tree" 2>&1
case $(yanglint -v) in
*" 2."*) check_silent "the tree is the known one" \
	"$(diff "$top_srcdir/tests/arch/ermon.tree" "$dir/tree")" ;;
*) echo "the tree is not compared: another yanglint prints it another way" ;;
esac

# good NAME TYPE / bad NAME TYPE COMPLAINT: data on standard input.
good() {
	cat >"$dir/data.json"
	check_silent "good: $1" "$(lint "$2" data.json)"
}

bad() {
	cat >"$dir/data.json"
	got=$(lint "$2" data.json)
	case $got in
	*"$3"*) pass "bad: $1" ;;
	*) fail "bad: $1" "no \"$3\" in: $got" ;;
	esac
}

good "a direct circuit" config <<'DATA'
{"ermon:ermon": {
  "source": [{"name": "frr", "type": "frr", "vrf": "blue"}],
  "port": [{"name": "a"}, {"name": "b", "interface": "ens1f1"}],
  "port-pair": [{"name": "p", "link1": "a", "link2": "b"}],
  "circuit": [{"name": "c", "connectivity-model": "direct", "connection": [
    {"role": "primary", "port": "a", "session": [
      {"peering": "private", "family": "ipv4", "neighbor": "192.168.100.2", "source": ["frr"]},
      {"peering": "private", "family": "ipv6", "neighbor": "fd00::2"}]}]}],
  "group": [{"name": "g", "circuit": ["c"]}]}}
DATA
good "the shortest notification" notif <<'DATA'
{"ermon:event": {"sequence": 1, "kind": "heartbeat"}}
DATA
good "a notification about a source" notif <<'DATA'
{"ermon:event": {"sequence": 4294967295, "kind": "raise", "type": "state-unknown", "severity": "minor",
  "key": "state-unknown/source:frr", "resource-kind": "source", "state": "lost",
  "peer": "fd00::2", "connection": "primary", "time": "2026-11-22T10:00:00.000001Z"}}
DATA
bad "family against address" config "An IPv4 address in a session of family ipv6" <<'DATA'
{"ermon:ermon": {"circuit": [{"name": "c", "connectivity-model": "direct", "connection": [
  {"role": "primary", "session": [{"peering": "private", "family": "ipv6", "neighbor": "10.0.0.2"}]}]}]}}
DATA
bad "a session of the kernel" config "A source of type kernel, neighbor or ethtool knows no sessions" <<'DATA'
{"ermon:ermon": {"source": [{"name": "k", "type": "kernel"}],
 "circuit": [{"name": "c", "connectivity-model": "direct", "connection": [{"role": "primary",
  "session": [{"peering": "private", "family": "ipv4", "neighbor": "10.0.0.2", "source": ["k"]}]}]}]}}
DATA
bad "a socket of the kernel" config "type = 'frr'" <<'DATA'
{"ermon:ermon": {"source": [{"name": "k", "type": "kernel", "socket": "/run/x"}]}}
DATA
bad "two kernels" config "There can be only one source of type kernel" <<'DATA'
{"ermon:ermon": {"source": [{"name": "k", "type": "kernel"}, {"name": "l", "type": "kernel"}]}}
DATA
bad "no model" config "connectivity-model" <<'DATA'
{"ermon:ermon": {"circuit": [{"name": "c", "connection": [{"role": "primary", "interface": "e"}]}]}}
DATA
bad "no connection" config "A circuit needs at least one connection" <<'DATA'
{"ermon:ermon": {"circuit": [{"name": "c", "connectivity-model": "direct"}]}}
DATA
bad "nothing to watch" config "The connection names nothing to watch" <<'DATA'
{"ermon:ermon": {"circuit": [{"name": "c", "connectivity-model": "direct",
  "connection": [{"role": "primary"}]}]}}
DATA
bad "a pair of one port" config "two different ports" <<'DATA'
{"ermon:ermon": {"port": [{"name": "a"}], "port-pair": [{"name": "p", "link1": "a", "link2": "a"}]}}
DATA
bad "a dangling reference" config "no target instance" <<'DATA'
{"ermon:ermon": {"port-pair": [{"name": "p", "link1": "a", "link2": "b"}]}}
DATA
bad "a group in itself" config "A group cannot be its own member" <<'DATA'
{"ermon:ermon": {"group": [{"name": "g", "group": ["g"]}]}}
DATA
bad "more wanted than there are" config "must not be more than the members" <<'DATA'
{"ermon:ermon": {"group": [{"name": "f", "group": ["g"], "min-redundant": 2},
  {"name": "g", "group": ["f"]}]}}
DATA
bad "a name with a blank" config "A name is made of letters" <<'DATA'
{"ermon:ermon": {"agent": {"name": "a b"}}}
DATA
bad "reuse above suppress" config "flap-suppress must be greater than flap-reuse" <<'DATA'
{"ermon:ermon": {"agent": {"flap-reuse": 5000}}}
DATA
bad "a kind nobody knows" notif "explode" <<'DATA'
{"ermon:event": {"sequence": 1, "kind": "explode"}}
DATA

# Without the Check library the program is not built.
if [ -x "$show" ]; then
	for form in json xml config; do
		suffix=json
		[ $form = xml ] && suffix=xml
		if "$show" "$yang" "$top_srcdir/etc/ermond.conf.example" $form \
			>"$dir/shown.$suffix"; then
			pass "$form is shown"
		else
			fail "$form is shown"
		fi
		check "$form is not empty" grep -q contoso-ams "$dir/shown.$suffix"
		type=data
		[ $form = config ] && type=config
		check_silent "$form is valid" "$(lint $type "shown.$suffix")"
	done
fi
finish
