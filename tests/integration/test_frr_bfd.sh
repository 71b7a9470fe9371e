#!/bin/sh
# BFD as bgpd reports it: a path that goes silent is told with its cause before the hold time ends.
. "${top_srcdir:?}/tests/shlib.sh"
. "$top_srcdir/tests/integration/rig.sh"
. "$top_srcdir/tests/integration/frr_probe.sh"

link_events -s
command -v nft >/dev/null || skip "needs nft"
[ -x "$RIG_FRR/bfdd" ] || skip "needs FRR's bfdd"

# the hold time is long: what is seen within seconds is BFD's doing
# shellcheck disable=SC2034 # rig.sh reads them
RIG_KEEPALIVE=20 RIG_HOLD=60
rig_up bfd || { fail "the rig stands"; finish; }
rig_wait 4 20 || { fail "the sessions are established"; finish; }
start_probe 100 2000 "$a4" "$b4"
await "BFD is up on link 1" 20 "session $a4 established .* bfd up "
await "BFD is up on link 2" 20 "session $b4 established .* bfd up "

mark
rig_cut mute 1
await "a silent path: bfd-down is the cause" 10 "session $a4 [a-z-]* bfd-down .* bfd down "
check_equal "the other link's session stays" 0 \
	"$(count "session $b4 \(idle\|active\|connect\)")"
rig_mend mute 1
await "it comes back, BFD too" 20 "session $a4 established .* bfd up "
end_probe "the probe ends well"
finish
