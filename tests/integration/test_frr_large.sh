#!/bin/sh
# What the FRR source costs a real bgpd of a thousand neighbours, and itself, at the default
# intervals: at most 1 % of bgpd's main thread and 2 % of a core.
. "${top_srcdir:?}/tests/shlib.sh"
. "$top_srcdir/tests/integration/rig.sh"
. "$top_srcdir/tests/integration/frr_probe.sh"

N=1000

# The real peers first, then those that never come.
strangers() { awk -v n="$N" 'BEGIN { for (i = 3; i <= n; i++) print "10.77." int(i / 250) "." i % 250 + 1 }'; }

rig_up "" || { fail "the rig stands"; finish; }
rig_wait 4 20 || { fail "the sessions are established"; finish; }
{
	printf 'configure terminal\nrouter bgp %s\n' "$RIG_CE_AS"
	strangers | sed "s/.*/neighbor & remote-as $RIG_MSEE_AS/"
	echo 'address-family ipv4 unicast'
	strangers | sed 's/.*/neighbor & activate/'
} >"$work/conf"
vtysh --vty_socket "$RIG_DIR/ce" <"$work/conf" >"$work/conf.out" 2>&1
bgpd=$(rig_pid ce-bgpd)
cpu_usec() { echo $(($(cut -d ' ' -f 1 "/proc/$1/task/$1/schedstat") / 1000)); }

all_told() { [ "$(grep -c ' session ' "$work/out")" -ge "$N" ]; }
has_fallen() { grep -q " session $b4 [a-z-]* admin-shutdown 6/2 " "$work/out"; }

# shellcheck disable=SC2046 # a list
start_probe 1000 10000 "$a4=10.1.0.0/16" "$b4" $(strangers)
check "all $N sessions are told" wait_for 20 all_told
check "two of them as established" [ "$(grep -c ' session .* established ' "$work/out")" = 2 ]

sleep 2
before=$(cpu_usec "$bgpd") own=$(cpu_usec "$probe_pid")
sleep 10 # how long is measured, not waited for
bgpd_usec=$((($(cpu_usec "$bgpd") - before) / 10)) own_usec=$((($(cpu_usec "$probe_pid") - own) / 10))
echo "with $N neighbours: bgpd $bgpd_usec us a second, the source $own_usec us"
check "it is never lost" [ "$(grep -c ' source lost' "$work/out")" = 0 ]

for i in 1 2 3 4 5 6 7 8 9 10; do
	echo look >&3
	check "hint $i is answered" wait_for 5 has_looked "$i"
	sleep 0.3
done
delays=$(sed -n 's/.* looked //p' "$work/out" | sort -n | tr '\n' ' ')
median=$(echo "$delays" | cut -d ' ' -f 5)
echo "hint -> observation, us: $delays"
# 0.3 s after the one before: a poll, each second, would answer after 0.7 s
check "hints are answered before the next poll (median of 10: $median us)" [ "${median:-999999}" -lt 500000 ]

rig_cut shutdown 2
check "one of a thousand falls: told with its reason" wait_for 5 has_fallen

end_probe "the probe ends well"
finish
