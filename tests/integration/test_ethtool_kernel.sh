#!/bin/sh
# Speed, link state and modules as the real kernel tells them of veth and tap, to a real ermond.
# No such interface has a module: what modules say is tested on pages of paper.
# shellcheck disable=SC2317 # functions are called by trap and wait_for
. "${top_srcdir:?}/tests/shlib.sh"

[ "$(id -u)" -eq 0 ] || skip "network namespaces need root"
for program in ip jq unshare setpriv; do
	command -v $program >/dev/null || skip "$program is missing"
done
# Names are free in a namespace of our own, which ends with us.
[ -n "$ERM_TEST_NETNS" ] || exec env ERM_TEST_NETNS=$$ unshare --net --mount -- "$0" "$@"
mount -t sysfs sysfs /sys || skip "sysfs of a namespace cannot be mounted"

link_events -s

work=$(mktemp -d)
nobody=65534
pid=

stop() {
	[ -z "$pid" ] || { kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null; }
	pid=
}

clean() {
	stop
	rm -rf "$work"
}
trap clean EXIT
trap 'exit 1' INT TERM

# start COMMAND...: ermond, by that command, with the optics looked at each second.
start() {
	"$@" "${top_builddir:?}/ermond" --config "$work/ermond.conf" --state-dir "$work/state" \
		--runtime-dir "$work/run" --yang-dir "$top_srcdir/yang" 2>"$work/log" &
	pid=$!
	wait_for 10 source_is ok || { cat "$work/log"; fail "ermond reads the links"; finish; }
}

# get FILTER: of ermond's state, by jq.
get() {
	"$top_builddir/ermonctl" -s "$work/run/ctl.sock" -f json status >"$work/status.json" 2>/dev/null &&
		jq -r "$1" "$work/status.json"
}

source_is() {
	[ "$(get '.. | objects | select(.type? == "ethtool") | .state.state')" = "$1" ]
}

source_text() {
	get '.. | objects | select(.type? == "ethtool") | .state.text // ""'
}

requests() {
	get '.. | objects | select(.type? == "ethtool") | .state.requests'
}

has_asked() {
	[ "$(requests)" -ge "$1" ]
}

# port NAME FILTER: of a port's state.
port() {
	get ".. | objects | select(.interface? == \"$1\" and .state?.light?) | .state | $2"
}

port_is() { # NAME FILTER VALUE
	[ "$(port "$1" "$2")" = "$3" ]
}

ip link set lo up
ip link add e0 type veth peer name e0b || skip "the kernel has no veth"
ip link set e0 up
ip link set e0b up
ip tuntap add mode tap name t0 || skip "the kernel has no tap"
ip link set t0 up # else its speed is not in sysfs
mkdir "$work/state" "$work/run"
cat >"$work/ermond.conf" <<END
[agent]
name = here
snmp = false

[source optics]
type = ethtool
poll-interval = 1

[circuit one]
connectivity-model = direct
peering-location = Amsterdam

[connection one primary]
interface = e0

[connection one secondary]
interface = t0
END

start env
check_equal "veth: the speed is the kernel's" "$(cat /sys/class/net/e0/speed)" \
	"$(port e0 '.speed')"
check_equal "veth: it is known to have no module" "true false" \
	"$(port e0 '"\(.light.known) \(.light.present)"')"
check_equal "tap: the speed is the kernel's" "$(cat /sys/class/net/t0/speed)" "$(port t0 '.speed')"
check_equal "tap: it is known to have no module" "true false" \
	"$(port t0 '"\(.light.known) \(.light.present)"')"
check_equal "nothing failed" "" "$(source_text)"
ip link del e0
check "an interface that goes has no light" wait_for 10 port_is e0 .light.present false
ip link add e0 type veth peer name e0b
ip link set e0 up
check "one that comes is looked at" wait_for 10 port_is e0 .speed "$(cat /sys/class/net/e0/speed)"
check "and still the source is well" source_is ok
stop

chown -R $nobody "$work"
chmod 755 "$work"
start setpriv --reuid=$nobody --regid=$nobody --clear-groups
check_equal "without CAP_NET_ADMIN: the speed is told" "$(cat /sys/class/net/e0/speed)" \
	"$(port e0 '.speed')"
check_equal "without CAP_NET_ADMIN: the light is not known" false "$(port e0 '.light.known')"
check_equal "without CAP_NET_ADMIN: it is said where to read on" \
	"module EEPROM: no permission, see ermond.conf(5)" "$(source_text)"
wanted=$(($(requests) + 12)) # two rounds of 3 questions for each of the 2 links
check "it goes on asking" wait_for 15 has_asked "$wanted"
check_equal "and said once in the log" 1 "$(grep -c 'no permission' "$work/log")"
finish
