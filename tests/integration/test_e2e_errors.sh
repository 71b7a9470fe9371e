#!/bin/sh
# Bad configurations at the start: exit status 78, and for each error the file, the line and the
# word.  `ermond --check' says the same.  Needs no root.
. "${top_srcdir:?}/tests/shlib.sh"
ermond=${top_builddir:?}/ermond

[ -x "$ermond" ] || skip "ermond is not built"
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
trap 'exit 99' INT TERM
conf=$dir/ermond.conf

run() { # OPTION...: the exit status; what it says is in $dir/said
	timeout 20 "$ermond" --config "$conf" --yang-dir "$top_srcdir/yang" --state-dir "$dir/state" \
		--runtime-dir "$dir/run" "$@" >"$dir/said" 2>&1
	echo $?
}
good() {
	printf '[circuit c1]\nconnectivity-model = direct\n'
	printf '[connection c1 primary]\ninterface = er1\n[connection c1 secondary]\ninterface = er2\n'
}

# refused NAME [LINE WORD]...: the file that is there
refused() {
	name=$1
	shift
	check_equal "$name: exit status" 78 "$(run)"
	while [ $# -gt 0 ]; do
		if grep -q "ermond\.conf:${1:+$1:} error: .*$2" "$dir/said"; then
			pass "$name: line ${1:-of none}, $2"
		else
			fail "$name: line ${1:-of none}, $2" "it said
$(cut -c1-300 "$dir/said")"
		fi
		shift 2
	done
	check "$name: nothing was started" [ ! -e "$dir/run" ]
	# A log that is no terminal marks each line's severity; --check talks to people and editors.
	sed 's/^<3>//' "$dir/said" >"$dir/before"
	check_equal "$name: --check, too" 78 "$(run --check)"
	check_equal "$name: and says the same" "$(cat "$dir/before")" "$(cat "$dir/said")"
	check_silent "$name: each line begins with the file" "$(grep -vF "$conf:" "$dir/said")"
}

good >"$conf"
check_equal "a good file: --check is content" 0 "$(run --check)"
check "and says what is in it" grep -q '1 circuits, 2 connections' "$dir/said"

{ good; printf '[circut c2]\nconnectivity-model = direct\n'; } >"$conf"
refused "unknown section" 7 circut
{ good; printf '[agent]\nnmae = x\n'; } >"$conf"
refused "unknown key" 8 nmae
{ good; printf '[agent]\nmin-interval = 999999999\n'; } >"$conf"
refused "out of range" 8 999999999
{ good; printf '[circuit c2]\nconnectivity-model = directly\n'; } >"$conf"
refused "unknown word" 8 directly
{ good; printf '[agent]\nname = a\nname = b\n'; } >"$conf"
refused "key twice" 9 name
{ good; printf '[circuit c1]\n'; } >"$conf"
refused "section twice" 7 c1
{ good; printf '[session c1 primary private ipv4]\nneighbor = 10.0.0.1\nsource = nobody\n'; } >"$conf"
refused "reference to nothing" 9 nobody
{ good; printf '[connection c9 primary]\ninterface = x\n'; } >"$conf"
refused "section below nothing" 7 c9
{ good; printf '[source frr]\ntype = frr\n[session c1 primary private ipv6]\nneighbor = 10.0.0.1\n'; } >"$conf"
refused "IPv4 neighbour of family ipv6" 10 'IPv4'
{ good; printf '[circuit c2]\n'; } >"$conf"
refused "what is missing" 7 connectivity-model
{ good; printf 'interface = "er\n[agent\nname\n'; } >"$conf"
refused "no section, no value" 8 agent 9 name
{ good; head -c 1100000 /dev/zero | tr '\0' x; printf '\n[agent]\nname = !\n'; } >"$conf"
refused "a line of 1 MB, and what is behind it" 7 line 9 '!'
{ good; printf '[agent]\nname = a\000b\n'; } >"$conf"
refused "NUL octets" 8 0x00
: >"$conf"
refused "empty" '' empty
rm "$conf"
refused "not there" '' 'No such file'
mkdir "$conf"
refused "a folder" '' 'Is a directory'
rmdir "$conf"
{
	good
	echo '[agent]'
	i=0
	while [ $((i += 1)) -le 20 ]; do echo "colour$i = red"; done
} >"$conf"
refused "many errors: all of them at once" 8 colour1 14 colour7 27 colour20

# What only looks odd is a warning.
{
	printf '[circuit c1]\nconnectivity-model = direct\n[connection c1 primary]\ninterface = er1\n'
	printf '[connection c1 secondary]\ninterface = er1\n[source frr]\ntype = frr\n'
	printf '[session c1 primary private ipv4]\nneighbor = 192.168.100.1\n'
} >"$conf"
check_equal "warnings do not hinder" 0 "$(run --check)"
check "two connections on one interface: a warning" grep -q 'conf:5: warning: .*er1' "$dir/said"
check "the customer's own address: a warning" grep -q 'conf:10: warning: .*192.168.100.1' "$dir/said"

good >"$conf"
if [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null; then
	chmod 755 "$dir"
	chmod 600 "$conf"
	check_equal "not readable: exit status" 78 "$(
		setpriv --reuid 65534 --regid 65534 --clear-groups "$ermond" --config "$conf" \
			--yang-dir "$top_srcdir/yang" --check >"$dir/said" 2>&1
		echo $?
	)"
	check "not readable: says so" grep -q 'Permission denied' "$dir/said"
fi
finish
