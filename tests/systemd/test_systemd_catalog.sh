#!/bin/sh
# The catalog explains exactly the MESSAGE_IDs of the program, by variables that are always
# set, and journalctl takes it.
. "${top_srcdir:?}/tests/shlib.sh"

catalog=$top_srcdir/systemd/ermon.catalog
header=$top_srcdir/agent/publish/journal_ids.h
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

sed -n 's/.*X(.*"\([0-9a-f]\{32\}\)").*/\1/p' "$header" | sort >"$work/ids"
sed -n 's/^-- \([0-9a-f]\{32\}\)$/\1/p' "$catalog" | sort >"$work/entries"
check "the program has IDs" test -s "$work/ids"
check_silent "no ID is given twice" "$(uniq -d "$work/ids")"
check_silent "every ID is explained, once, and nothing else" "$(diff "$work/ids" "$work/entries")"

# An entry's header, an empty line, a body.
check_silent "every entry is complete" "$(awk '
	function flush() { if (id != "" && !(subject && by && manual && body)) print id }
	/^-- / { flush(); id = $2; subject = by = manual = body = empty = 0; next }
	/^Subject: ./ { subject = 1 }
	/^Defined-By: ermon$/ { by = 1 }
	/^Documentation: man:ermond\(8\)$/ { manual = 1 }
	empty && /./ { body = 1 }
	/^$/ { empty = 1 }
	END { flush() }' "$catalog")"

# _OBJECT and _OPERATOR are what acts of operators have, the others what events have.
# ERMON_KEY and _TYPE are missing in events of the agent itself only, which do not use them.
always='ERMON_(EVENT|OBJECT|OPERATOR|SEVERITY|CIRCUIT|RESOURCE|STATE|CAUSE|FAULT_DOMAIN|SEQ|KEY|TYPE)'
check_silent "only fields that are always there are used" \
	"$(grep -o '@[A-Za-z_]*@' "$catalog" | grep -Ev "^@$always@\$")"

if command -v journalctl >/dev/null; then
	mkdir -p "$work/root/usr/lib/systemd/catalog" "$work/root/var/lib/systemd/catalog"
	cp "$catalog" "$work/root/usr/lib/systemd/catalog/"
	check "journalctl takes it" journalctl --root="$work/root" --update-catalog
	journalctl --root="$work/root" --no-pager --list-catalog >"$work/list"
	cut -d' ' -f1 "$work/list" | sort >"$work/listed"
	check_silent "journalctl lists every entry" "$(diff "$work/ids" "$work/listed")"
	check_silent "every entry lists with its subject" "$(grep -v '^[0-9a-f]* ermon: .' "$work/list")"
else
	echo "journalctl is missing: the catalog was not given to it"
fi
finish
