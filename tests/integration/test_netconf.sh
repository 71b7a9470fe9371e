#!/bin/sh
# ermon-netconf beside a real ermond, through its socket: a client of our own, which can
# also talk nonsense; every reply is validated by yanglint.  Needs neither root nor a router.
# shellcheck disable=SC2317 # functions are called by trap and wait_for
. "${top_srcdir:?}/tests/shlib.sh"

command -v python3 >/dev/null || skip "python3 is missing"
yuma=/usr/share/yuma/modules
modules=$yuma/ietf:$yuma/ietf-derived:$yuma/netconfcentral
[ -d $yuma/ietf ] || skip "the IETF's YANG modules are missing (package libyuma-base)"
work=$(mktemp -d)
ermond=
server=

stop() {
	[ -z "$1" ] || { kill "$1" 2>/dev/null && wait "$1" 2>/dev/null; }
}

clean() {
	stop "$server"
	stop "$ermond"
	rm -rf "$work"
}
trap clean EXIT
trap 'exit 1' INT TERM

ctl() {
	"${top_builddir:?}/ermonctl" -s "$work/run/ctl.sock" "$@"
}

has_settled() {
	ctl -f json sources 2>/dev/null | grep -q '"state": "ok"'
}

start_ermond() {
	"$top_builddir/ermond" --config "$work/ermond.conf" --state-dir "$work/state" \
		--runtime-dir "$work/run" --yang-dir "$top_builddir/yang" 2>>"$work/log" &
	ermond=$!
	wait_for 10 has_settled || { cat "$work/log"; fail "ermond starts"; finish; }
}

# start_server OPTION...
start_server() {
	"$top_builddir/ermon-netconf" --socket "$work/nc.sock" --ctl "$work/run/ctl.sock" \
		--yang-dir "$top_builddir/yang:$modules" "$@" 2>>"$work/nc.log" &
	server=$!
	wait_for 10 test -S "$work/nc.sock" || { cat "$work/nc.log"; fail "ermon-netconf starts"; finish; }
}

# checks PART...: of netconf_checks.py, each counted here.
checks() {
	SERVER=$server WORK=$work ERMONCTL=$top_builddir/ermonctl ERMOND_PID=$ermond \
		ERMOND="$top_builddir/ermond --config $work/ermond.conf --state-dir $work/state
			--runtime-dir $work/run --yang-dir $top_builddir/yang" PYTHONDONTWRITEBYTECODE=1 timeout 120 python3 \
		"$top_srcdir/tests/integration/netconf_checks.py" "$work/nc.sock" "$work/replies" "$@" \
		>"$work/checks" 2>"$work/checks.err"
	while IFS= read -r line; do
		case $line in
		"ok   - "*) pass "${line#ok   - }" ;;
		"FAIL - "*) fail "${line#FAIL - }" ;;
		esac
	done <"$work/checks"
	check_equal "$*: to the end" "done" "$(tail -n 1 "$work/checks")"
	check_silent "$*: no complaint" "$(cat "$work/checks.err")"
}

# yanglint in an empty folder, with what the server itself gave out and nothing else.
lint() {
	(cd "$work/empty" && yanglint -p "$work/replies" -t "$1" "$work"/replies/ermon@*.yang \
		"$work"/replies/ietf-yang-library@*.yang "$work"/replies/ietf-netconf-monitoring@*.yang \
		"$work"/replies/ietf-netconf-with-defaults@*.yang \
		"$work"/replies/ietf-datastores@*.yang "$work"/replies/nc-notifications@*.yang \
		"$2" 2>&1)
}

mkdir "$work/run" "$work/state" "$work/replies" "$work/empty"
cat >"$work/ermond.conf" <<END
[agent]
name = ams-edge-1
snmp = false
min-interval = 0
[hold service-down]
clear = 0
[circuit contoso-ams]
connectivity-model = direct
peering-location = Amsterdam
[connection contoso-ams primary]
interface = lo
[connection contoso-ams secondary]
interface = ermnone0
[circuit contoso-fra]
connectivity-model = direct
[connection contoso-fra primary]
interface = lo
END
start_ermond
start_server --log-level debug
checks hello subtree prefixed xpath config data schema
checks sessions refused malformed many killed
checks notify replay resume
stop "$ermond"
ermond=

if command -v yanglint >/dev/null; then
	for reply in "$work"/replies/*.get.xml; do
		check_silent "yanglint on ${reply##*/}" "$(lint get "$reply")"
	done
	for reply in "$work"/replies/*.config.xml; do
		check_silent "yanglint on ${reply##*/}" "$(lint getconfig "$reply")"
	done
	for reply in "$work"/replies/*.notif.xml; do
		check_silent "yanglint on ${reply##*/}" "$(lint notif "$reply")"
	done
	# An oracle that takes everything would be none.
	sed 's/>direct</>bent</' "$(grep -l '>direct<' "$work"/replies/*.get.xml | head -n 1)" \
		>"$work/bad.xml"
	case $(lint get "$work/bad.xml") in
	*bent*) pass "yanglint refuses what is wrong" ;;
	*) fail "yanglint refuses what is wrong" ;;
	esac
else
	echo "yanglint is missing: the replies were not given to it"
fi

checks away
start_ermond
checks back
check_silent "nothing went wrong in the server" "$(grep '^<[0-4]>' "$work/nc.log")"

# The relay is what sshd runs.
printf '<hello xmlns="urn:ietf:params:xml:ns:netconf:base:1.0"><capabilities><capability>urn:ietf:params:netconf:base:1.0</capability></capabilities></hello>]]>]]><rpc xmlns="urn:ietf:params:xml:ns:netconf:base:1.0" message-id="r1"><close-session/></rpc>]]>]]>' |
	timeout 20 "$top_builddir/ermon-netconf" --stdio --socket "$work/nc.sock" >"$work/relayed"
check_equal "relay: exit status" 0 $?
check "relay: the answer" grep -q 'message-id="r1"><ok/></rpc-reply>]]>]]>$' "$work/relayed"
timeout 20 "$top_builddir/ermon-netconf" --stdio --socket "$work/none.sock" \
	</dev/null >"$work/relayed" 2>"$work/err"
check_equal "relay: without a server" 1 $?
check "relay: says so" grep -q 'ermon-netconf.socket is not there' "$work/err"

stop "$server"
server=
check "the socket is gone with the server" test ! -e "$work/nc.sock"
start_server --max-sessions 3 --max-message 4096 --hello-timeout 1 --max-cpu 2
checks limits
"$top_builddir/ermon-netconf" --socket "$work/nc.sock" --yang-dir "$top_builddir/yang:$modules" \
	2>"$work/err"
check_equal "a second server is refused" 1 $?
stop "$server"
server=
"$top_builddir/ermon-netconf" --socket "$work/nc.sock" --yang-dir "$top_builddir/yang:$work/empty" \
	2>"$work/err"
check_equal "without the modules it does not start" 1 $?
check "and says which" grep -q 'ietf-netconf' "$work/err"
finish
