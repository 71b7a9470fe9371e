#!/bin/sh
# A state file that is truncated, of another version or no state file at all; a disk that is
# full, read-only, or on which there can be no state folder: said once, and ermond runs on.
. "${top_srcdir:?}/tests/shlib.sh"
. "$top_srcdir/tests/integration/rig.sh"
. "$top_srcdir/tests/integration/e2e.sh"

why=$(E2E_NEEDS="unshare nsenter" e2e_missing)
[ -z "$why" ] || skip "$why"
link_events -s
trap rig_down EXIT
trap 'exit 1' INT TERM

e2e_bare
e2e_circuit c1 | e2e_config
state=$RIG_DIR/state
is_saved() { grep -q "\"last-sequence\":$1,.*\"undelivered\":\[\]" "$state/state.json"; }
count_of() { grep -c "$1" "$RIG_DIR/ermond.out"; }
last_is() { e2e_traps | tail -n 1 | grep -q "^$1 "; }
stop() {
	rig_signal ermond TERM
	rig_until 10 rig_is_gone ermond
}

# runs NAME NUMBER: a link fails and is mended: detected, told under the next two numbers
runs() {
	rig_cut carrier 1
	check_until "$1: detects and tells" 5 last_is $(($2 + 1))
	check_equal "$1: as a loss of redundancy" "$(($2 + 1)) raise major redundancy-lost/c1" \
		"$(e2e_traps | tail -n 1)"
	rig_mend carrier 1
	check_until "$1: and its end" 5 last_is $(($2 + 2))
}

e2e_begin
check_until "healthy" 5 e2e_is_worst 1
runs "a new state folder" 1
check_until "a new state folder: saved" 5 is_saved 3
stop
cp "$state/state.json" "$RIG_DIR/good"

# bad NAME WORDS: starts with the state file that is there
bad() {
	: >"$RIG_DIR/traps"
	e2e_ermond || {
		fail "$1: ermond starts"
		return
	}
	check_until "$1: starts anew" 5 last_is 1
	check_equal "$1: said once" 1 "$(count_of 'State file')"
	check "$1: says why and what became of it" grep -q "State file .*$2.*kept as .*state.json.bad" \
		"$RIG_DIR/ermond.out"
	check_until "$1: healthy" 5 e2e_is_worst 1
	runs "$1" 1
	check_until "$1: saved again" 5 is_saved 3
	stop
}
head -c 200 "$RIG_DIR/good" >"$state/state.json"
bad truncated "cut short\|not\|damaged"
check "truncated: what was found is kept" [ "$(wc -c <"$state/state.json.bad")" -eq 200 ]
sed 's/"version":1,/"version":99,/' "$RIG_DIR/good" >"$state/state.json"
bad "of another version" "version"
head -c 3000 /dev/urandom >"$state/state.json"
bad "no state file" ""

# --- disks; in a mount namespace of ermond's own ---
wrap() { # COMMAND: done in that namespace before ermond starts
	printf '#!/bin/sh\nexec unshare -m sh -c '\''%s && exec "$@"'\'' sh "$@"\n' "$1" >"$RIG_DIR/wrap"
	chmod 755 "$RIG_DIR/wrap"
	E2E_WRAP=$RIG_DIR/wrap
	: >"$RIG_DIR/traps"
}
inside() { nsenter -t "$(rig_pid ermond)" -m "$@"; }
is_saved_inside() { inside grep -q "\"last-sequence\":$1," "$state/state.json"; }

wrap "mount -t tmpfs -o size=64k none $state && ! dd if=/dev/zero of=$state/filler 2>/dev/null"
e2e_ermond || fail "disk full: ermond starts"
check_until "disk full: healthy" 5 e2e_is_worst 1
runs "disk full" 1
check_until "disk full: said" 5 e2e_has_logged "Cannot write .*No space left"
check_equal "disk full: once" 1 "$(count_of 'Cannot write')"
inside rm "$state/filler"
check_until "disk no longer full: said" 10 e2e_has_logged "works again"
check_until "disk no longer full: saved" 5 is_saved_inside 3
stop

wrap "mount -t tmpfs -o ro none $state"
e2e_ermond || fail "read-only: ermond starts"
check_until "read-only: healthy" 5 e2e_is_worst 1
runs "read-only" 1
check_equal "read-only: said once" 1 "$(count_of 'Cannot write .*Read-only')"
stop

: >"$RIG_DIR/traps"
E2E_WRAP='' E2E_STATE_DIR=$RIG_DIR/nowhere/state
e2e_ermond || fail "no state folder: ermond starts"
check_until "no state folder: healthy" 5 e2e_is_worst 1
runs "no state folder" 1
check "no state folder: said" e2e_has_logged "nowhere/state: cannot be made: No such file"
check_equal "no state folder: and once what follows" 1 "$(count_of 'Cannot write')"
stop
e2e_finish
