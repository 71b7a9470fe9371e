#!/bin/sh
# setup.sh [deps|build|run|test]
#
#   deps   install what is missing (Debian 12; asks sudo when not root)
#   build  deps, then build in build/
#   run    build, then show the main job on real parts: FRR as the customer edge and as
#          two Microsoft edge routers, a private snmpd, a trap receiver; all of it in
#          network namespaces of its own.  The default.
#   test   build, then everything that can fail; the last line is the sum of all checks
#
# Each can be called again at any time and does only what is not done yet.
set -eu
cd "$(dirname "$0")"
top=$PWD
build=$top/build
jobs=$(nproc 2>/dev/null || echo 1)

build_packages="autoconf automake gcc libc6-dev make pkg-config xz-utils
	libjansson-dev libmnl-dev libsnmp-dev libsystemd-dev libyang2-dev check"
run_packages="frr frr-snmp iproute2 jq libyuma-base nftables procps python3 snmp snmpd snmptrapd"
test_packages="bird2 clang clang-format clang-tidy cppcheck gobgpd libclang-rt-14-dev libyang2-tools mandoc
	openbgpd openssh-client openssh-server python3-ncclient shellcheck smitools systemd systemd-container
	yangcli"

say() {
	printf '%s\n' "$*"
}

die() {
	printf 'setup.sh: %s\n' "$*" >&2
	exit 1
}

# need PACKAGE...: installs those that are not there.
need() {
	missing=
	for package; do
		case $(dpkg-query -W -f '${db:Status-Abbrev}' "$package" 2>/dev/null) in
		ii*) ;;
		*) missing="$missing $package" ;;
		esac
	done
	[ -n "$missing" ] || return 0
	root=
	if [ "$(id -u)" -ne 0 ]; then
		command -v sudo >/dev/null || die "not root, and no sudo: please install$missing"
		root="sudo"
	fi
	say "Installing$missing"
	export DEBIAN_FRONTEND=noninteractive
	# shellcheck disable=SC2086 # lists
	{
		$root apt-get -q update
		$root apt-get -q -y --no-install-recommends install $missing
	} || die "apt-get could not install$missing"
	keep_quiet
}

# A router that came for the tests is not to run on this host, now or at its next start.
keep_quiet() {
	for package in $missing; do
		case $package in
		bird2) unit=bird ;;
		gobgpd | openbgpd) unit=$package ;;
		*) continue ;;
		esac
		$root systemctl --quiet disable --now "$unit" 2>/dev/null || :
	done
}

is_debian() {
	command -v apt-get >/dev/null && command -v dpkg-query >/dev/null
}

# shellcheck disable=SC2086 # lists of packages
deps() {
	if is_debian; then
		need $build_packages $run_packages
	else
		say "Not Debian: nothing is installed.  Needed, by their names there:" \
			$build_packages $run_packages
	fi
}

# configure_in FOLDER [OPTION...]: once; make looks after changes of configure itself.
configure_in() {
	[ -x configure ] || autoreconf -i
	folder=$1
	shift
	if [ ! -f "$folder/Makefile" ]; then
		mkdir -p "$folder"
		(cd "$folder" && "$top/configure" -q "$@")
	fi
}

build() {
	deps
	configure_in "$build"
	make -C "$build" -s -j"$jobs" all
}

run() {
	build
	exec "$top/tests/integration/demo.sh" "$build"
}

# --- test: one function per stage; 77 means skipped, with SKIP: and a reason in its output ---

stage_build() {
	configure_in "$build/gcc" --enable-werror
	make -C "$build/gcc" -s -j"$jobs" all
}

# tests_in FOLDER TARGET: builds, which takes all there is of CPU, then tests: many only wait.
tests_in() {
	make -C "$1" -s -j"$jobs" check TESTS=
	make -C "$1" -j"$((jobs * 2))" VERBOSE=1 "$2"
}

stage_check() {
	tests_in "$build/gcc" test
}

# The tests have run: here those that read files of the distribution, to see that it has them.
data_tests="tests/fuzz/test_fuzz_replay.sh tests/arch/test_yang_instances.sh
	tests/unit/test_yang_config tests/unit/test_sources_frr_parse
	tests/unit/test_sources_bird_parse tests/unit/test_sources_netlink_parse"
# shellcheck disable=SC2116,SC2086 # one line of a list
stage_distcheck() {
	make -C "$build/gcc" -j"$((jobs * 2))" distcheck \
		DISTCHECK_CONFIGURE_FLAGS="--disable-hardening CFLAGS=-O0" \
		TESTS="$(echo $data_tests)"
}

stage_style() {
	top_srcdir=$top "$top/tests/style.sh"
}

stage_clang() {
	configure_in "$build/clang" --enable-werror CC=clang CFLAGS="-g0 -O1"
	# clang itself writes what it compiled and how, for a build from nothing: the database.
	make -C "$build/clang" -s clean
	rm -rf "$build/clang/commands"
	mkdir "$build/clang/commands"
	make -C "$build/clang" -s -j"$jobs" check TESTS= \
		CC="clang -Qunused-arguments -gen-cdb-fragment-path $build/clang/commands"
	{
		echo '['
		cat "$build/clang/commands"/*.json | sed '$s/,[[:space:]]*$//'
		echo ']'
	} >"$build/clang/compile_commands.json"
	sources=$(jq -r '.[].file' "$build/clang/compile_commands.json" | sort -u)
	[ -n "$sources" ]
	say "clang-tidy on $(printf '%s\n' "$sources" | wc -l) files"
	# Each says all at once: it writes a number and what was counted by two calls.
	# shellcheck disable=SC2016 # the inner shell's
	printf '%s\n' "$sources" | xargs -P "$jobs" -n 1 sh -c \
		'said=$(clang-tidy --quiet -p "$0" "$1" 2>&1); printf "%s\n" "$said"' "$build/clang" |
		grep -Ev '^[0-9]+ warnings? (generated|treated)|^$' >"$build/clang-tidy.log" || :
	cat "$build/clang-tidy.log"
	[ ! -s "$build/clang-tidy.log" ]
}

# No --enable-werror here: gcc sees null pointers in what the sanitizers insert.
stage_asan() {
	configure_in "$build/asan" --enable-sanitizers=address,undefined CFLAGS="-g1 -O1"
	tests_in "$build/asan" test
}

# ThreadSanitizer of these compilers knows few address layouts: it runs without ASLR.
stage_tsan() {
	if ! setarch -R true 2>/dev/null; then
		say "SKIP: setarch -R is not allowed here"
		return 77
	fi
	configure_in "$build/tsan" --enable-sanitizers=thread CFLAGS="-g1 -O1"
	setarch -R make -C "$build/tsan" -j"$jobs" VERBOSE=1 thread-test
}

stage_integration() {
	if [ "$(id -u)" -ne 0 ]; then
		say "SKIP: network namespaces with FRR and snmpd need root"
		return 77
	fi
	# They wait more than they work.
	make -C "$build/gcc" -j"$((jobs * 3))" VERBOSE=1 integration
}

stage_boot() {
	make -C "$build/gcc" VERBOSE=1 boot-test
}

# stage NAME FUNCTION: runs it, says how long it took, adds its checks up.
stage() {
	name=$1
	log=$build/test-$2.log
	begin=$(date +%s)
	printf '%-58s' "$name"
	status=0
	if [ "$2" = "$aside" ]; then
		wait "$aside_pid" || status=$?
	else
		# A new shell, as `set -e' does not hold inside a condition.
		sh "$top/setup.sh" stage "$2" >"$log" 2>&1 </dev/null || status=$?
	fi
	seconds=$(($(date +%s) - begin))
	# The last such line is the sum of its stage; a verbose log quotes others.
	sums=$(awk '/^[0-9]+%: Checks: / { gsub(",", ""); sums = $3 " " $5 " " $7 } END { print sums }' "$log")
	case $status/$sums in
	0/) sums="1 0 0" ;; # a stage without checks of its own is one
	0/0\ *) status=77 ;;
	77/) sums="0 0 0" ;;
	*/) sums="1 0 1" ;;
	*/*\ 0\ 0) [ "$status" -eq 0 ] || sums="$((${sums%% *} + 1)) 0 1" ;;
	esac
	# shellcheck disable=SC2086 # three numbers
	set -- $sums
	checks=$((checks + $1))
	failures=$((failures + $2))
	errors=$((errors + $3))
	case $status in
	0) say "ok    $seconds s, $1 checks" ;;
	77) say "SKIP  $seconds s" ;;
	*) say "FAIL  $seconds s, see $log" ;;
	esac
	grep '^skipped: ' "$log" | sort -u | sed 's/^/    /' || :
	[ "$status" -ne 77 ] || sed -n 's/^SKIP: /    /p' "$log"
	case $status in
	0 | 77) ;;
	*) grep -vE '^(PASS|make|ok )|^ +(AR|CC|CCLD|GEN) ' "$log" | tail -n 60 | sed 's/^/    /' ;;
	esac
}

# put_aside FUNCTION: begins that stage with what the others leave of the CPU; stage() waits for it.
aside=
put_aside() {
	nice -n 19 sh "$top/setup.sh" stage "$1" >"$build/test-$1.log" 2>&1 </dev/null &
	aside=$1 aside_pid=$!
}

# shellcheck disable=SC2086 # lists of packages
test_all() {
	build
	if is_debian; then
		need $test_packages
	fi
	checks=0 failures=0 errors=0
	started=$(date +%s)
	stage "build with gcc, every warning an error" build
	stage "make check: unit, replay, architecture, MIB, YANG, fuzz" check
	stage "distribution: build, check, install, uninstall" distcheck
	stage "style: clang-format, shellcheck, mandoc, cppcheck" style
	stage "make check with ASan and UBSan" asan
	stage "tests with threads with TSan" tsan
	put_aside clang # while the next wait more than they work
	stage "integration: routers, snmpd, traps" integration
	stage "boot under systemd" boot
	stage "clang, every warning an error, and clang-tidy" clang
	say "$(($(date +%s) - started)) s in all"
	percent=0
	if [ "$checks" -gt 0 ]; then
		percent=$(((checks - failures - errors) * 100 / checks))
	fi
	say "$percent%: Checks: $checks, Failures: $failures, Errors: $errors"
	[ $((failures + errors)) -eq 0 ]
}

case ${1-run} in
deps) deps ;;
build) build ;;
run) run ;;
test) test_all ;;
stage) "stage_${2:?}" ;;
*) sed -n '2,12s/^# \{0,1\}//p' "$0" && exit 64 ;;
esac
