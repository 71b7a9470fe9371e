#!/bin/sh
# The unit: understood by systemd, closed to what it does not need.
. "${top_srcdir:?}/tests/shlib.sh"
unit=${top_builddir:?}/systemd/ermond.service

command -v systemd-analyze >/dev/null || skip "systemd-analyze is missing"
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT

# verify wants the program to exist, and make check runs before make install.
sed 's|^ExecStart=.*|ExecStart=/bin/true|' "$unit" >"$work/ermond.service"
check_silent "systemd understands every line" \
	"$(SYSTEMD_LOG_LEVEL=warning systemd-analyze verify --man=no "$work/ermond.service" 2>&1)"

# The threshold is ten times the exposure level that is printed.
if systemd-analyze --help | grep -q -- --offline; then
	report=$(systemd-analyze security --offline=true --threshold=15 --no-pager "$unit" 2>&1) &&
		level=low || level=high
	echo "$report" | tail -n 1
	check_equal "the exposure level is at most 1.5" low "$level"
else
	echo "SKIP: this systemd-analyze cannot judge a unit offline"
fi

check_silent "no directive is given twice but for lists" \
	"$(sed -n 's/^\([A-Za-z]*\)=.*/\1/p' "$unit" | sort | uniq -d |
		grep -vxE 'RestrictAddressFamilies|SystemCallFilter')"
check_silent "no value was left to be filled in" "$(grep -n '@[a-z]*dir@' "$unit")"
# SO_PEERCRED would report 65534 for every caller of the control socket.
check_silent "callers of the control socket keep their names" "$(grep -n '^PrivateUsers=' "$unit")"

# The NETCONF server: the same, and it has its socket from systemd.
netconf=$top_builddir/systemd/ermon-netconf
sed 's|^ExecStart=.*|ExecStart=/bin/true|' "$netconf.service" >"$work/ermon-netconf.service"
cp "$netconf.socket" "$work/"
check_silent "systemd understands ermon-netconf" "$(SYSTEMD_LOG_LEVEL=warning systemd-analyze \
	verify --man=no "$work/ermon-netconf.service" "$work/ermon-netconf.socket" 2>&1)"
if systemd-analyze --help | grep -q -- --offline; then
	report=$(systemd-analyze security --offline=true --threshold=15 --no-pager \
		"$netconf.service" 2>&1) && level=low || level=high
	echo "$report" | tail -n 1
	check_equal "ermon-netconf's exposure level is at most 1.5" low "$level"
fi
check_silent "ermon-netconf: no value was left to be filled in" \
	"$(grep -n '@[a-z]*dir@' "$netconf.service" "$netconf.socket")"
check_silent "callers of the NETCONF socket keep their names" \
	"$(grep -n '^PrivateUsers=' "$netconf.service")"

# With the drop-in that is shipped as an example it may have one capability more, and no other.
mkdir "$work/ermond.service.d"
cp "$top_srcdir/systemd/ermond-net-admin.conf" "$work/ermond.service.d/"
check_silent "systemd understands the drop-in" \
	"$(SYSTEMD_LOG_LEVEL=warning systemd-analyze verify --man=no "$work/ermond.service" 2>&1)"
check_equal "the drop-in gives CAP_NET_ADMIN and nothing else" \
	"AmbientCapabilities=CAP_NET_ADMIN CapabilityBoundingSet=CAP_NET_ADMIN" \
	"$(grep -hE '^[A-Za-z]+=' "$work/ermond.service.d/ermond-net-admin.conf" | xargs)"
finish
