#!/bin/sh
# NETCONF as its clients come: ncclient, and ssh itself, through a real sshd on loopback, in a
# network namespace of its own, with keys and configuration of its own.
# shellcheck disable=SC2317 # functions are called by trap and wait_for
. "${top_srcdir:?}/tests/shlib.sh"

[ "$(id -u)" -eq 0 ] || skip "needs root, for a network namespace and sshd"
for word in ip python3 ssh ssh-keygen; do
	command -v $word >/dev/null || skip "needs $word"
done
sshd=$(command -v sshd || echo /usr/sbin/sshd)
[ -x "$sshd" ] || skip "needs sshd"
# The distribution's, in case another python3 comes first.
python=
for word in python3 /usr/bin/python3; do
	! "$word" -c 'import ncclient' 2>/dev/null || python=$word
done
[ -n "$python" ] || skip "needs ncclient (package python3-ncclient)"
yuma=/usr/share/yuma/modules
modules=$yuma/ietf:$yuma/ietf-derived:$yuma/netconfcentral
[ -d $yuma/ietf ] || skip "the IETF's YANG modules are missing (package libyuma-base)"

net=ermnc$$
work=$(mktemp -d)
pids=
made_run=

clean() {
	for pid in $pids; do
		kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null
	done
	ip netns del "$net" 2>/dev/null
	rm -rf "$work"
	[ -z "$made_run" ] || rmdir /run/sshd 2>/dev/null
}
trap clean EXIT
trap 'exit 1' INT TERM

ip netns add "$net" 2>/dev/null || skip "needs the right to make network namespaces"
ip -n "$net" link set lo up
# Where sshd's unprivileged part is locked up; the path is compiled into it.
if [ ! -d /run/sshd ]; then
	mkdir /run/sshd && made_run=yes
fi

# start COMMAND...: in the namespace, in the background.
start() {
	ip netns exec "$net" "$@" 2>>"$work/log" &
	pids="$pids $!"
}

chmod 755 "$work"
mkdir "$work/run" "$work/state"
cat >"$work/ermond.conf" <<END
[agent]
name = ams-edge-1
snmp = false
[circuit contoso-ams]
connectivity-model = direct
[connection contoso-ams primary]
interface = lo
[connection contoso-ams secondary]
interface = er1
[circuit contoso-fra]
connectivity-model = direct
[connection contoso-fra primary]
interface = er1
END
ip -n "$net" link add er1 type veth peer name er2
start "${top_builddir:?}/ermond" --config "$work/ermond.conf" --state-dir "$work/state" \
	--runtime-dir "$work/run" --yang-dir "$top_builddir/yang"
start "$top_builddir/ermon-netconf" --socket "$work/nc.sock" --ctl "$work/run/ctl.sock" \
	--yang-dir "$top_builddir/yang:$modules"
for socket in run/ctl.sock nc.sock; do
	wait_for 10 test -S "$work/$socket" || { cat "$work/log"; fail "the servers start"; finish; }
done

# The snippet that is shipped, with the paths and the port of this test.
ssh-keygen -q -t ed25519 -N '' -f "$work/host" && ssh-keygen -q -t ed25519 -N '' -f "$work/key"
cp "$work/key.pub" "$work/authorized"
cat >"$work/sshd_config" <<END
ListenAddress 127.0.0.1
HostKey $work/host
AuthorizedKeysFile $work/authorized
StrictModes no
PidFile none
UsePAM no
PermitRootLogin yes
END
sed -e "s|/[^ ]*/ermon-netconf --stdio|$top_builddir/ermon-netconf --stdio --socket $work/nc.sock|" \
	-e '/^Port 22$/d' -e '/^[^#]/s/Port 830$/Port 18300/' "$top_builddir/etc/sshd-netconf.conf" \
	>>"$work/sshd_config"
check_equal "the snippet is for port 830 and the relay" 4 \
	"$(grep -c -e '^Port 18300$' -e '^Match LocalPort 18300$' -e "ermon-netconf --stdio --socket" \
		"$work/sshd_config")"
check "sshd takes it" "$sshd" -t -f "$work/sshd_config"
start "$sshd" -D -e -f "$work/sshd_config"
is_listening() { ip netns exec "$net" ss -Hltn 2>/dev/null | grep -q 127.0.0.1:18300; }
wait_for 10 is_listening || { cat "$work/log"; fail "sshd starts"; finish; }

user=$(id -un)
PYTHONDONTWRITEBYTECODE=1 timeout 120 ip netns exec "$net" "$python" \
	"$top_srcdir/tests/integration/netconf_ncclient.py" 18300 "$user" "$work/key" \
	>"$work/checks" 2>"$work/checks.err"
while IFS= read -r line; do
	case $line in
	"ok   - "*) pass "${line#ok   - }" ;;
	"FAIL - "*) fail "${line#FAIL - }" ;;
	"# "*) echo "$line" ;;
	esac
done <"$work/checks"
check_silent "ncclient: no complaint" "$(cat "$work/checks.err")"
check_equal "ncclient: to the end" "done" "$(tail -n 1 "$work/checks")"

# As the manual has it: ssh -s HOST netconf.
# ssh_to WORD...: ssh with these words behind its own options.
ssh_to() {
	timeout 20 ip netns exec "$net" ssh -p 18300 -i "$work/key" -o StrictHostKeyChecking=no \
		-o UserKnownHostsFile=/dev/null -o LogLevel=ERROR -o BatchMode=yes \
		-o IdentitiesOnly=yes "$@" >"$work/out" 2>"$work/err"
}
talk() {
	printf '%s]]>]]>' '<hello xmlns="urn:ietf:params:xml:ns:netconf:base:1.0"><capabilities><capability>urn:ietf:params:netconf:base:1.0</capability></capabilities></hello>' \
		'<rpc xmlns="urn:ietf:params:xml:ns:netconf:base:1.0" message-id="s1"><close-session/></rpc>'
}
talk | ssh_to -s "$user@127.0.0.1" netconf
check_equal "ssh: exit status" 0 $?
check "ssh: a hello and an answer" grep -q '<hello.*message-id="s1"><ok/></rpc-reply>' "$work/out"
talk | ssh_to "$user@127.0.0.1" id
check "ssh: a command gets NETCONF and nothing else" sh -c "! grep -q uid= '$work/out'"
check "ssh: no command at all" grep -q '<hello' "$work/out"
if command -v yangcli >/dev/null; then
	printf 'get-config source=running\nclose-session\n' >"$work/script"
	(cd "$work" && HOME=$work timeout 60 ip netns exec "$net" yangcli --server=127.0.0.1 \
		--user="$user" --ncport=18300 --public-key="$work/key.pub" --private-key="$work/key" \
		--batch-mode --run-script="$work/script" >"$work/yangcli" 2>&1)
	check "yangcli: xget" grep -q contoso-fra "$work/yangcli"
	grep -q contoso-fra "$work/yangcli" || tail -n 20 "$work/yangcli"
fi
finish
