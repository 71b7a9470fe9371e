#!/bin/sh
# The dependencies point one way (doc/ARCHITECTURE.md):
#   base <- core <- { sources, publish, yang } <- daemon <- main
# ermonctl knows base, core's names, yang and the socket; ermon-netconf base and the socket;
# ermon-snmp-get knows base and the pure parts of the source that starts it.  Sources and publishers
# know neither each other nor themselves among one another.
# shellcheck disable=SC2016 # awk's, not the shell's
. "${top_srcdir:?}/tests/shlib.sh"
cd "$top_srcdir" || exit 99

# includes FOLDER...: "file included" of every #include below it; quoted ones as they
# stand, system ones with their brackets.
includes() {
	find "$@" -name '*.[ch]' | sort | xargs awk '
		/^[ \t]*#[ \t]*include[ \t]/ {
			word = $0
			sub(/^[ \t]*#[ \t]*include[ \t]*/, "", word)
			sub(/[ \t]*(\/\*.*)?$/, "", word)
			gsub(/"/, "", word)
			print FILENAME, word
		}'
}

# only FOLDER REGEX: what FOLDER's files include of the project matches REGEX.
only() {
	check_silent "agent/$1 includes only what is below it" \
		"$(includes "agent/$1" | awk -v re="^($2)\$" '$2 !~ /^</ && $2 != "config.h" && $2 !~ re')"
}

only base 'base/[a-z0-9_]+[.]h'
only core '(base|core)/[a-z0-9_]+[.]h'
only sources '(base|core|sources|sources/[a-z_]+)/[a-z0-9_]+[.]h'
only snmpget '(base|core|snmpget)/[a-z0-9_]+[.]h|sources/snmp_router/(address|credentials|line|oid)[.]h'
only publish '(base|core|publish|publish/snmp)/[a-z0-9_]+[.]h'
only yang '(base|core|yang)/[a-z0-9_]+[.]h'
only ctl '(base|core|yang|ctl)/[a-z0-9_]+[.]h'
only netconf '(base|netconf)/[a-z0-9_]+[.]h'

# Of core, ermonctl may know values, not the machine that makes them.
check_silent "ermonctl does not judge" \
	"$(includes agent/ctl | grep -E ' core/(model|persist|alarm|session|group)[a-z_]*\.h$')"

# A folder (sources/frr, publish/snmp) is one source or publisher.  What sources share is source*,
# router/ and, of the kernel's, netlink/ and rtnl's sockets.
siblings() { # FOLDER COMMON-HEADERS
	includes "agent/$1" | awk -v dir="$1" -v common="^$1/($2)[.]h\$" '
		function owner(path) {
			sub("^(agent/)?" dir "/", "", path)
			sub(/[_.\/].*$/, "", path)
			return path
		}
		index($2, dir "/") == 1 && $2 !~ common && owner($1) != owner($2)'
}
check_silent "no source includes another" "$(siblings sources "source(_report)?|router/[a-z]+|netlink/[a-z]+|rtnl/(socket|request)")"
check_silent "no publisher includes another" "$(siblings publish publisher)"

if [ -f agent/main.c ]; then
	check_silent "main.c knows the daemon and base only" \
		"$(includes agent/main.c | awk '$2 !~ /^(<.*|config\.h|daemon\.h|base\/[a-z0-9_]+\.h)$/')"
fi

# library REGEX-OF-HEADER WHERE-IT-MAY-BE
library() {
	check_silent "<$1> stays in $2" \
		"$(includes agent | awk -v re="^<($1)" -v where="^($2)" '$2 ~ re && $1 !~ where')"
}
library 'libyang/' 'agent/(yang|netconf)/'
library 'net-snmp/' 'agent/(publish/snmp|snmpget)/'
library 'openssl/' 'no place'
library 'libmnl/|linux/' 'agent/sources/(rtnl|ethtool|neighbor|netlink|sockdiag)'
library 'jansson[.]h' 'agent/(sources|publish|ctl)/|agent/state_|agent/netconf/(link|stream)'
library 'systemd/sd-event' 'agent/(sources|publish|ctl|netconf/(main|server)|[a-z_]+[.][ch]$)'

# The core computes: nothing that opens, waits, reads a clock or logs.
check_silent "core uses only the headers of pure C" \
	"$(includes agent/core | awk '$2 ~ /^</ &&
	$2 !~ /^<(assert|ctype|errno|inttypes|limits|math|stdarg|stdatomic|stdbool|stddef|stdint|stdio|stdlib|string|strings)\.h>$/')"
check_silent "core does not log" "$(includes agent/core | grep 'base/log\.h')"
check_silent "parsers do not log" "$(includes agent/sources agent/yang | grep '[_/]parse\..* base/log\.h')"

check_silent "includes are path-qualified" \
	"$(includes agent | awk '$2 !~ /^</ && $2 !~ /\// && $2 != "config.h" && $1 !~ /^agent\/[a-z_]+\.[ch]$/')"
finish
