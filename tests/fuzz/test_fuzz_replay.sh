#!/bin/sh
# Replays every target's corpus: seeds, and each input that once crashed it.
. "${top_srcdir:?}/tests/shlib.sh"

for target in ${FUZZ_TARGETS-}; do
	corpus=$top_srcdir/tests/fuzz/corpus/$target
	if [ -z "$(ls -A "$corpus" 2>/dev/null)" ]; then
		fail "$target has a corpus" "$corpus"
		continue
	fi
	# libFuzzer runs files, the standalone driver folders too.
	check "$target survives its corpus" \
		"${top_builddir:?}/tests/fuzz/fuzz_$target" "$corpus"/*
done
[ "$n_checks" -gt 0 ] || skip "no fuzz target yet"
finish
