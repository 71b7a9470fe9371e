#!/bin/sh
# The SNMP publisher beside a real snmpd: served tables, delivered notifications, and
# what happens when snmpd is absent, stopped, killed, or taken by another sub-agent.
# Needs no root.  SNMP_TEST_LOG=DIR keeps the files.
. "${top_srcdir:?}/tests/shlib.sh"
bin=${top_builddir:?}/tests/integration
oid=$(sed -n 's/^#define ERM_MIB_OID_STRING "\(.*\)"$/.\1/p' "$top_builddir/config.h")

for program in snmpd snmpget snmpwalk snmpbulkwalk snmpbulkget snmpset; do
	PATH=$PATH:/usr/sbin command -v "$program" >/dev/null || skip "$program is missing"
done
PATH=$PATH:/usr/sbin
[ -x "$bin/snmp_driver" ] || skip "snmp_driver is not built"
dir=$(mktemp -d) || exit 99
export SNMP_PERSISTENT_DIR="$dir/persist" SNMPCONFPATH="$dir" MIBS=""
# libnetsnmp has no frame pointers: only the slow unwinder sees the function that lsan.supp names.
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}fast_unwind_on_malloc=0"
export LSAN_OPTIONS="${LSAN_OPTIONS:-suppressions=$top_srcdir/tests/lsan.supp:print_suppressions=0}"
snmpd_pid=''
receiver_pid=''
driver_pid=''
second_pid=''

clean_up() {
	exec 8>&- 9>&-
	[ -z "$snmpd_pid" ] || kill -CONT "$snmpd_pid" 2>/dev/null
	for pid in $snmpd_pid $receiver_pid $driver_pid $second_pid; do
		kill -9 "$pid" 2>/dev/null
	done
	wait 2>/dev/null
	[ -z "${SNMP_TEST_LOG-}" ] || cp -r "$dir" "$SNMP_TEST_LOG"
	rm -rf "$dir"
}
trap clean_up EXIT
trap 'exit 99' INT TERM HUP

start_snmpd() {
	snmpd -f -C -c "$dir/snmpd.conf" -I -smux -Lf "$dir/snmpd.log" -p "$dir/snmpd.pid" \
		8>&- 9>&- &
	snmpd_pid=$!
}
ask() { # PROGRAM [ARG...] -- OID...
	program=$1
	shift
	"$program" -v2c -c public -On -Oe -r 0 -t 3 "$@" 2>&1
}
quietly() {
	"$@" >/dev/null
}
answers() {
	ask snmpget "127.0.0.1:$port" .1.3.6.1.2.1.1.3.0 | grep -q Timeticks
}
stop_snmpd() { # SIGNAL
	kill "-$1" "$snmpd_pid"
	wait "$snmpd_pid" 2>/dev/null
	snmpd_pid=''
}
order() {
	echo "$*" >&9
}
health() {
	asked=$(grep -c '^health' "$dir/out")
	order health
	wait_for 5 health_is_there || echo "no health line"
	grep '^health' "$dir/out" | tail -n 1
}
health_is_there() {
	[ "$(grep -c '^health' "$dir/out")" -gt "$asked" ]
}
health_says() {
	health | grep -q "$1"
}
# Newest sequence number that arrived without a gap before it, and the number of repetitions.
received() {
	awk -v last=0 '
		NR == 1 || NF < 4 { next }
		$3 == last + 1 { last = $3; next }
		$3 <= last { again++; next }
		{ print "gap between " last " and " $3; failed = 1; exit }
		END { if (!failed) print last + 0, again + 0 }' "$dir/traps"
}
has_received() {
	[ "$(received | cut -d ' ' -f 1)" = "$1" ]
}
ms_now() {
	echo $(($(date +%s%N) / 1000000))
}

# Two free ports: those that snmpd and the receiver get.
for try in 1 2 3 4 5 6 7 8 9; do
	port=$((20000 + ($$ * 7 + try * 1013) % 20000))
	cat >"$dir/snmpd.conf" <<-END
		rocommunity public 127.0.0.1
		rwcommunity secret 127.0.0.1
		agentAddress udp:127.0.0.1:$port
		master agentx
		agentXSocket unix:$dir/master
		agentXTimeout 5
		trap2sink 127.0.0.1:$((port + 1)) public
	END
	"$bin/snmp_receiver" $((port + 1)) >"$dir/traps" 2>&1 &
	receiver_pid=$!
	start_snmpd
	wait_for 5 answers && grep -q listening "$dir/traps" && kill -0 "$receiver_pid" && break
	kill "$receiver_pid"
	stop_snmpd KILL
done
[ -n "$snmpd_pid" ] || skip "no free ports, or snmpd does not start: $(tail -n 1 "$dir/snmpd.log")"

# --- absent at the start ---
stop_snmpd KILL
rm -f "$dir/master"
mkfifo "$dir/in"
"$bin/snmp_driver" "unix:$dir/master" "$dir" <"$dir/in" >"$dir/out" 2>"$dir/err" &
driver_pid=$!
exec 9>"$dir/in"
order burst 100
order heartbeat
check "without snmpd events are kept, a heartbeat is not" wait_for 5 health_says "connected=0 queued=100 "
start_snmpd
check "snmpd starts" wait_for 5 answers
before=$(ms_now)
check "connected" wait_for 5 health_says connected=1
echo "       $(($(ms_now) - before)) ms after snmpd answers"
check "what was kept arrives" wait_for 5 has_received 100
check_equal "in order, once each" "100 0" "$(received)"
next=100

# --- tables ---
ask snmpwalk "127.0.0.1:$port" "$oid" >"$dir/walk.next"
ask snmpbulkwalk -Cr20 "127.0.0.1:$port" "$oid" >"$dir/walk.bulk"
check "a walk of everything" test "$(grep -c "^$oid.1" "$dir/walk.next")" -gt 2500
check_silent "each line is a value" "$(grep -v "^$oid\.1\.[0-9.]* = [A-Za-z0-9-]*:\|= \"\"$\|^[^.]" "$dir/walk.next" | head -n 3)"
# Ages and times of the two walks may differ: compare the OIDs.
sed 's/ = .*//' "$dir/walk.next" >"$dir/oids.next"
sed 's/ = .*//' "$dir/walk.bulk" >"$dir/oids.bulk"
check "GETBULK gives the chain of GETNEXT" cmp "$dir/oids.next" "$dir/oids.bulk"
check_equal "SNMPv1 sees the same" "$(wc -l <"$dir/oids.next")" \
	"$(snmpwalk -v1 -c public -On -Oe -r 0 -t 3 "127.0.0.1:$port" "$oid" | wc -l)"
grep "^$oid\.1\.4\." "$dir/walk.next" | grep -v 'Age\|\.2[78]\.' | awk 'NR % 7 == 0' |
	while read -r name _ value; do
		got=$(ask snmpget "127.0.0.1:$port" "$name" | sed 's/ *$//')
		case $got in "$name = $value") ;; *) echo "$got, walked: $value" ;; esac
	done >"$dir/differences"
check_silent "GET gives what GETNEXT gave" "$(cat "$dir/differences")"
check_equal "a row that is not there" "$oid.1.4.1.4.11 = No Such Instance currently exists at this OID" \
	"$(ask snmpget "127.0.0.1:$port" "$oid.1.4.1.4.11")"
check_equal "a column that is not there" "$oid.1.4.1.99.10 = No Such Object available on this agent at this OID" \
	"$(ask snmpget "127.0.0.1:$port" "$oid.1.4.1.99.10")"
rows=$("$bin/snmp_rowwalk" "127.0.0.1:$port" "$oid.1.6.1" 2 15 10 4)
echo "       row-wise: $rows"
check_equal "a row-wise walk gives 15 columns of 32 sessions, 4 times" "varbinds 1920" \
	"$(echo "$rows" | cut -d ' ' -f 1,2)"
check_equal "light below zero" "$oid.1.12.1.9.7 = INTEGER: -1432" \
	"$(ask snmpget "127.0.0.1:$port" "$oid.1.12.1.9.7")"
check_equal "a light that is not told" "$oid.1.12.1.9.3 = INTEGER: -32768" \
	"$(ask snmpget "127.0.0.1:$port" "$oid.1.12.1.9.3")"
check_equal "a temperature that is not told" "$oid.1.12.1.13.3 = INTEGER: -2147483648" \
	"$(ask snmpget "127.0.0.1:$port" "$oid.1.12.1.13.3")"
check_equal "behind the event log the light" "$oid.1.12.1.2.3 = Gauge32: 3" \
	"$(ask snmpgetnext "127.0.0.1:$port" "$oid.1.10.1.23.4294967295")"
long=$oid.1.4.1.4.10$(awk 'BEGIN { for (i = 0; i < 100; i++) printf ".7" }')
check_equal "a long OID leads to the next row" "$oid.1.4.1.4.20 = INTEGER: 3" \
	"$(ask snmpgetnext "127.0.0.1:$port" "$long")"
check "other subtrees in the same request" sh -c "
	$(command -v snmpgetnext) -v2c -c public -On -r 0 127.0.0.1:$port $oid.1.4.1.4 \
	.1.3.6.1.2.1.1.3 $oid.1.4.1.4 | grep -c '$oid.1.4.1.4.10' | grep -q 2"
check "GETBULK of nothing" quietly ask snmpbulkget -Cr0 "127.0.0.1:$port" "$oid"
check "GETBULK of too much" quietly ask snmpbulkget -Cr2147483647 "127.0.0.1:$port" "$oid"
check "behind the last object another subtree" sh -c "
	$(command -v snmpgetnext) -v2c -c public -On -r 0 127.0.0.1:$port $oid.1.9999 |
	grep -v -q '^$oid'"
refused=$(snmpset -v2c -c secret -r 0 "127.0.0.1:$port" "$oid.1.4.1.4.10" i 1 2>&1)
check "SET is refused: not writable" sh -c "echo '$refused' | grep -q notWritable"

# --- latency ---
order paced 200 5000
next=$((next + 200))
check "paced events arrive" wait_for 15 has_received "$next"
awk '$3 > 100 { split($0, a, "at "); print $1 - a[2] }' "$dir/traps" | sort -n |
	awk '{ v[NR] = $1 } END { printf "       publish() to receipt: median %d us, p99 %d us, max %d us\n",
		v[int(NR / 2)], v[int(NR * .99)], v[NR] }'

# --- a burst, and others are answered meanwhile ---
order burst 5000
next=$((next + 5000))
unanswered=0
before=$(ms_now)
until has_received "$next" || [ $(($(ms_now) - before)) -gt 30000 ]; do
	answers || unanswered=$((unanswered + 1))
done
echo "       $(($(ms_now) - before)) ms for a burst of 5000"
check_equal "5000 in order, no gap, none twice" "$next 0" "$(received)"
check_equal "snmpd answered all other requests" 0 "$unanswered"

# --- stopped for 8 s ---
kill -STOP "$snmpd_pid"
order burst 5000
next=$((next + 5000))
sleep 8
check "publish() never waited" sh -c "awk '/^burst/ && \$(NF - 1) > 100000 { exit 1 }' '$dir/out'"
check "the thread is not taken for dead" health_says alive=1
kill -CONT "$snmpd_pid"
check "stopped for 8 s: all 5000 arrive" wait_for 40 has_received "$next"
echo "       received, repeated: $(received)"
check "connected again" wait_for 5 health_says "connected=1 queued=0 "

# --- killed in the middle of a burst ---
order burst 5000
next=$((next + 5000))
wait_for 5 sh -c "awk 'END { exit NR < $((next - 4000)) }' '$dir/traps'"
stop_snmpd KILL
order burst 100
next=$((next + 100))
check "killed: disconnected" wait_for 5 health_says connected=0
start_snmpd
check "snmpd starts again" wait_for 5 answers
before=$(ms_now)
check "killed and restarted: connected" wait_for 5 health_says connected=1
check "all arrive" wait_for 40 has_received "$next"
echo "       received, repeated: $(received)"
check "none is dropped or rejected" wait_for 5 health_says "queued=0 acked=$next .* dropped=0 rejected=0 "
check_equal "and the tables are back" "$oid.1.4.1.4.10 = INTEGER: 3" \
	"$(ask snmpget "127.0.0.1:$port" "$oid.1.4.1.4.10")"

# --- somebody else holds the subtree ---
mkfifo "$dir/in2"
"$bin/snmp_driver" "unix:$dir/master" "$dir" <"$dir/in2" >"$dir/out2" 2>"$dir/err2" \
	9>&- &
second_pid=$!
exec 8>"$dir/in2"
second_says() {
	echo health >&8
	grep '^health' "$dir/out2" | tail -n 1 | grep -q "$1"
}
check "a second one says that the first holds it" wait_for 10 second_says "another sub-agent"
exec 9>&-
before=$(ms_now)
wait "$driver_pid"
check_equal "the first ends" 0 $?
driver_pid=''
echo "       in $(($(ms_now) - before)) ms"
check "the second takes over by itself" wait_for 15 second_says "AgentX connected$"
check_equal "and serves" "$oid.1.4.1.4.10 = INTEGER: 3" \
	"$(ask snmpget "127.0.0.1:$port" "$oid.1.4.1.4.10")"

# --- ends while snmpd is stopped ---
kill -STOP "$snmpd_pid"
before=$(ms_now)
exec 8>&-
wait "$second_pid"
check_equal "the second ends beside a stopped snmpd" 0 $?
second_pid=''
took=$(($(ms_now) - before))
echo "       in $took ms"
check "and waits for no answer" test "$took" -le 10000
kill -CONT "$snmpd_pid"
finish
