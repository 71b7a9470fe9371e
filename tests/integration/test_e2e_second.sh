#!/bin/sh
# Scene 2: the second link is lost 50 to 300 ms after the first, on taps and on veth.  The kernel
# tells that up to two seconds late; the notification must not wait for it.
. "${top_srcdir:?}/tests/shlib.sh"
. "$top_srcdir/tests/integration/rig.sh"
. "$top_srcdir/tests/integration/e2e.sh"

helpers=${top_builddir:?}/tests/integration
why=$(e2e_missing)
[ -z "$why" ] || skip "$why"
[ -c /dev/net/tun ] || skip "needs /dev/net/tun"
link_events -x
trap 'exec 3>&-; rig_down' EXIT
trap 'exit 1' INT TERM PIPE

e2e_bare
mkfifo "$RIG_DIR/switch"
# Not by rig_spawn, which gives no stdin; it ends with this shell's end of the fifo.
ip netns exec "$RIG-ce" "$helpers/link_switch" t1 t2 "leg@$RIG-m1" "leg@$RIG-m2" <"$RIG_DIR/switch" \
	>"$RIG_DIR/switched" 2>&1 &
exec 3>"$RIG_DIR/switch"
check_until "link_switch is ready" 5 grep -q ready "$RIG_DIR/switched"
rig_spawn receiver ce "$helpers/snmp_receiver" $((E2E_PORT + 2))
E2E_SNMPD_LINE="trap2sink 127.0.0.1:$((E2E_PORT + 2)) public"
E2E_AGENT_LINE="flap-suppress = 1000000" # or so many losses are flapping, rightly
E2E_REDUNDANCY_RAISE=60 # the loss of the first link is not told: the second follows within it
{
	e2e_circuit veth
	printf '[circuit tap]\nconnectivity-model = direct\n'
	printf '[connection tap primary]\ninterface = t1\n[connection tap secondary]\ninterface = t2\n'
} | e2e_config
e2e_begin
check_until "healthy" 10 e2e_is_worst 1

# The trap with that number and the current sequence number: 1 service down, 2 in service again.
arrived() { grep -q "^[0-9]* $1 $sequence [0-9]* service-down/" "$RIG_DIR/receiver.out"; }
arrived_at() { grep "^[0-9]* 1 $sequence " "$RIG_DIR/receiver.out" | cut -d ' ' -f 1; }
fell_at() { grep -F -- " -$1" "$RIG_DIR/switched" | tail -n 1 | cut -d ' ' -f 1; }

# rounds FIRST SECOND: how long each took, in us; ends with the first notification that is missed.
rounds() {
	for delay in 50 100 150 200 250 300 60 120 180 240; do
		sequence=$((sequence + 1))
		echo "-$1 $delay -$2" >&3
		rig_until 5 arrived 1 || return
		echo $(($(arrived_at) - $(fell_at "$2")))
		echo "+$1 +$2" >&3
		sequence=$((sequence + 1))
		rig_until 5 arrived 2 || return
	done
}

sequence=1
for kind in tap veth; do
	case $kind in
	tap) rounds t1 t2 ;;
	veth) rounds "leg@$RIG-m1" "leg@$RIG-m2" ;;
	esac >"$RIG_DIR/took"
	# shellcheck disable=SC2046 # words
	set -- $(sort -n "$RIG_DIR/took")
	echo "       $kind, loss of the second link to the trap, us: $*"
	check_equal "$kind: each second loss is told" 10 $#
done
check_equal "once each, and nothing else" "$sequence" "$(e2e_get 1.5.0)"
exec 3>&-
e2e_finish
