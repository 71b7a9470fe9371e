#!/bin/sh
# BFD as bgpd reports it: a path that goes silent is told with its cause before the hold time ends.
. "${top_srcdir:?}/tests/shlib.sh"
. "$top_srcdir/tests/integration/rig.sh"

why=$(rig_missing)
[ -z "$why" ] || skip "$why"
link_events -s
command -v nft >/dev/null || skip "needs nft"
[ -x "$RIG_FRR/bfdd" ] || skip "needs FRR's bfdd"
probe=${top_builddir:?}/tests/integration/frr_probe
[ -x "$probe" ] || skip "frr_probe is not built"

work=$(mktemp -d)
probe_pid=
clean_up() {
	if [ -n "$probe_pid" ]; then
		kill "$probe_pid" 2>/dev/null
		wait "$probe_pid" 2>/dev/null
	fi
	rig_down
	rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 1' INT TERM

a4=$(rig_ipv4 1 2) b4=$(rig_ipv4 2 2)
told() { tail -n "+$((lines + 1))" "$work/out" | grep -q -- "$1"; }
await() { # NAME SECONDS REGEX
	if wait_for "$2" told "$3"; then
		pass "$1"
	else
		fail "$1" "no line '$3' among:
$(tail -n "+$((lines + 1))" "$work/out")"
	fi
}

# the hold time is long: what is seen within seconds is BFD's doing
# shellcheck disable=SC2034 # rig.sh reads them
RIG_KEEPALIVE=20 RIG_HOLD=60
rig_up bfd || { fail "the rig stands"; finish; }
rig_wait 4 20 || { fail "the sessions are established"; finish; }
mkfifo "$work/in"
: >"$work/out"
lines=0
"$probe" "$RIG_DIR/ce/bgpd.vty" 100 2000 "$a4" "$b4" <"$work/in" >"$work/out" 2>"$work/err" &
probe_pid=$!
exec 3>"$work/in"
await "BFD is up on link 1" 20 "session $a4 established .* bfd up "
await "BFD is up on link 2" 20 "session $b4 established .* bfd up "

lines=$(wc -l <"$work/out")
rig_cut mute 1
await "a silent path: bfd-down is the cause" 10 "session $a4 [a-z-]* bfd-down .* bfd down "
check_equal "the other link's session stays" 0 \
	"$(tail -n "+$((lines + 1))" "$work/out" | grep -c "session $b4 \(idle\|active\|connect\)")"
rig_mend mute 1
await "it comes back, BFD too" 20 "session $a4 established .* bfd up "
exec 3>&-
finish
