#!/bin/sh
# Runs as root inside the booted system: ermond as a service, from start to stop.
# shellcheck source=tests/shlib.sh
. /boot-test/shlib.sh
unit=ermond.service
config=/etc/ermon/ermond.conf
PATH=/usr/local/bin:/usr/local/sbin:$PATH

property() {
	systemctl show -P "$1" "$unit"
}

# has_property NAME REGEX
has_property() {
	property "$1" | grep -qE "$2"
}

# journal [ARG...]: the entries of the service.
journal() {
	journalctl -q --no-pager _SYSTEMD_UNIT="$unit" "$@"
}

has_entry() { # ARG...
	[ -n "$(journal -n 1 "$@")" ]
}

# field NAME FILE: a field of a journal entry in JSON, on one line.
field() {
	sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" "$2"
}

# shows COMMAND REGEX: what ermonctl prints; fails when ermonctl does.
shows() {
	shown=$(ermonctl "$1" 2>/dev/null) && echo "$shown" | grep -qE "$2"
}

lacks() {
	shown=$(ermonctl "$1" 2>/dev/null) && ! echo "$shown" | grep -qE "$2"
}

# n_entries KIND: how often the circuit's alarm was raised or cleared.
n_entries() {
	journalctl --sync
	journal -o cat ERMON_KEY=redundancy-lost/contoso-ams ERMON_EVENT="$1" | wc -l
}

status_line() {
	sed -n "s/^$1:[[:space:]]*//p" "/proc/$(property MainPID)/status"
}

links() { # up|down INTERFACE
	ip link set "$2" "$1"
}

# What is watched: one circuit whose links are veths of this network namespace.
for leg in 0 1; do
	ip link add leg$leg type veth peer name far$leg || skip "no veth interfaces in this kernel"
done
for interface in leg0 far0 leg1 far1; do
	links up $interface
done
write_config() {
	cat <<-CONFIG
		[agent]
		name = boot-test
		[hold redundancy-lost]
		raise = 0
		clear = 0
		[source sockets]
		type = sock-diag
		[source light]
		type = ethtool
		[circuit contoso-ams]
		connectivity-model = direct
		[connection contoso-ams primary]
		interface = leg0
		[connection contoso-ams secondary]
		interface = leg1
	CONFIG
}
mkdir -p /etc/ermon
write_config >$config

# snmpd, when it is there: ermond reaches its socket by the group that sysusers gave it.
has_snmpd=
if [ -x /usr/sbin/snmpd ]; then
	cat >/etc/snmp/snmpd.conf <<-CONFIG
		agentaddress 127.0.0.1
		rocommunity public 127.0.0.1
		master agentx
		agentXPerms 0660 0555 Debian-snmp Debian-snmp
	CONFIG
	systemctl start snmpd && has_snmpd=yes
	printf 'community = public\n' >/etc/ermon/self.snmp
	chown root:ermon /etc/ermon/self.snmp
	chmod 640 /etc/ermon/self.snmp
	printf '[source self]\ntype = snmp\naddress = 127.0.0.1\ncredentials = %s\n' \
		/etc/ermon/self.snmp >>$config
fi

# --- Start ---
check_silent "systemd understands the installed unit" \
	"$(SYSTEMD_LOG_LEVEL=warning systemd-analyze verify --man=no $unit 2>&1)"
check "sysusers made the user" id ermon
check "the unit starts, which needs READY=1" systemctl start $unit
check_equal "it is active" active "$(property ActiveState)"
check "its status tells of the circuit" wait_for 10 has_property StatusText '^1 circuits: '

check_equal "it runs as ermon" "$(id -u ermon) $(id -g ermon)" \
	"$(status_line Uid | cut -f 1) $(status_line Gid | cut -f 1)"
for group in frrvty bird Debian-snmp; do
	gid=$(getent group $group | cut -d : -f 3)
	check "it is in the group $group" sh -c "case ' $(status_line Groups) ' in *' $gid '*) ;; *) exit 1 ;; esac"
done
check_equal "it has no capability" "0000000000000000 0000000000000000 0000000000000000" \
	"$(status_line CapEff) $(status_line CapPrm) $(status_line CapBnd)"
check_equal "it cannot gain privileges" 1 "$(status_line NoNewPrivs)"
check_equal "its system calls are filtered" 2 "$(status_line Seccomp)"
report=$(systemd-analyze security --no-pager $unit | tail -n 1)
echo "$report"
check "the exposure level is at most 1.5" \
	sh -c "echo '$report' | grep -qE 'level for $unit: (0\.[0-9]|1\.[0-5]) '"

# as_nobody GROUPS: the exit status of ermonctl, run by nobody with these groups.
as_nobody() {
	setpriv --reuid=nobody --regid=nogroup "$1" ermonctl status >/dev/null 2>&1
	echo $?
}
check "root reaches the control socket" shows status contoso-ams
for source in kernel sockets light; do
	check "the unit lets it hear the source $source" wait_for 10 shows sources "^$source .* ok "
done
check_equal "a member of the group does" 0 "$(as_nobody --groups="$(id -g ermon)")"
refused=$(as_nobody --clear-groups)
check "nobody else does" sh -c "[ $refused -ne 0 ] && [ $refused -lt 126 ]"
if [ -n "$has_snmpd" ]; then
	check "it reaches snmpd" wait_for 10 has_property StatusText 'SNMP: .*connected'
	check "and asks it, as a router elsewhere, by a child" wait_for 15 shows sources '^self .*ok'
	child=$(pgrep -u ermon -f ermon-snmp-get)
	check_equal "whose system calls are filtered" 2 \
		"$(sed -n 's/^Seccomp:[[:space:]]*//p' "/proc/$child/status")"
	check_equal "and who cannot leave a core" 0 \
		"$(sed -n 's/^Max core file size *\([^ ]*\).*/\1/p' "/proc/$child/limits")"
else
	echo "SKIP: snmpd is not installed"
fi
check_silent "nothing went wrong so far" "$(journal -p err)"

# --- Events in the journal ---
journalctl --update-catalog
links down far1
check "the loss of a link reaches the journal" \
	wait_for 10 has_entry ERMON_KEY=redundancy-lost/contoso-ams ERMON_EVENT=raise
journal -n 1 -o json ERMON_KEY=redundancy-lost/contoso-ams ERMON_EVENT=raise >/tmp/entry
check "its status tells of the alarm" wait_for 10 has_property StatusText 'redundancy-lost'
check_equal "the entry names the circuit" contoso-ams "$(field ERMON_CIRCUIT /tmp/entry)"
check_equal "the entry has a severity" major "$(field ERMON_SEVERITY /tmp/entry)"
check "the entry has a sequence number" test "$(field ERMON_SEQ /tmp/entry)" -gt 0
id=$(field MESSAGE_ID /tmp/entry)
check "the entry has a message ID" test -n "$id"
check "the catalog explains it" \
	sh -c "[ -n '$id' ] && journalctl --list-catalog $id | grep -q '^$id'"
journalctl -q --no-pager -x -n 1 MESSAGE_ID="${id:-none}" >/tmp/explained
check "the catalog's text is shown with it, filled in" \
	sh -c "grep -q 'Subject: contoso-ams has lost' /tmp/explained && ! grep -q '@ERMON_' /tmp/explained"
links up far1
check "the mend reaches the journal" \
	wait_for 10 has_entry ERMON_KEY=redundancy-lost/contoso-ams ERMON_EVENT=clear

# --- Reload ---
pid=$(property MainPID)
write_config | sed 's/contoso-ams/contoso-fra/' >$config
check "reload succeeds" systemctl reload $unit
check "the new circuit is watched" wait_for 10 shows status contoso-fra
check_equal "it is the same process" "$pid" "$(property MainPID)"
{
	write_config
	echo 'colour = green'
} >$config
systemctl reload $unit
check "a wrong configuration is refused, with file and line" \
	wait_for 10 sh -c "journalctl -q _SYSTEMD_UNIT=$unit | grep -q '$config:$(wc -l <$config):.*colour'"
check "the old one stays" shows status contoso-fra
check_equal "and the service runs on" "$pid active" "$(property MainPID) $(property ActiveState)"
write_config >$config
systemctl reload $unit

# --- Watchdog, crash ---
is_restarted() { # TIMES
	[ "$(property NRestarts)" -ge "$1" ] && [ "$(property ActiveState)" = active ] &&
		[ "$(property SubState)" = running ]
}
mkdir -p /run/systemd/system/$unit.d
printf '[Service]\nWatchdogSec=2s\nTimeoutAbortSec=1s\nRestartSec=100ms\n' \
	>/run/systemd/system/$unit.d/short.conf
systemctl daemon-reload
systemctl restart $unit
sleep 3 # longer than the watchdog's patience: this is what must not happen
check_equal "the watchdog is fed" "0 active" "$(property NRestarts) $(property ActiveState)"
kill -STOP "$(property MainPID)"
check "a hung ermond is killed and started again" wait_for 20 is_restarted 1

links down far1
check "the alarm is raised" wait_for 10 shows alarms redundancy-lost/contoso-ams
# The state file is written a moment after the change.
check "the state file knows it" \
	wait_for 10 grep -q redundancy-lost/contoso-ams /var/lib/ermon -r
raised=$(n_entries raise)
cleared=$(n_entries clear)
kill -KILL "$(property MainPID)"
check "a killed ermond is started again" wait_for 20 is_restarted 2
check "it knows the open alarm" wait_for 10 shows alarms redundancy-lost/contoso-ams
links up far1
check "it clears what was raised before" wait_for 10 lacks alarms redundancy-lost/contoso-ams
check_equal "it raised nothing twice, and cleared once" "$raised $((cleared + 1))" \
	"$(n_entries raise) $(n_entries clear)"

# --- NETCONF, started by its first client ---
base=urn:ietf:params:xml:ns:netconf:base:1.0
# netconf GROUPS: what nobody with these groups is told through the relay that sshd runs.
netconf() {
	printf '%s]]>]]>' "<hello xmlns='$base'><capabilities><capability>urn:ietf:params:netconf:base:1.0</capability></capabilities></hello>" \
		"<rpc xmlns='$base' message-id='1'><get/></rpc>" \
		"<rpc xmlns='$base' message-id='2'><close-session/></rpc>" |
		setpriv --reuid=nobody --regid=nogroup "$1" /usr/local/libexec/ermon-netconf --stdio 2>&1
}
if [ -d /usr/share/yuma/modules/ietf ]; then
	check "the NETCONF socket starts" systemctl start ermon-netconf.socket
	netconf --groups="$(id -g ermon)" >/tmp/netconf
	check "NETCONF: a member of the group reads" grep -q '<name>contoso-ams</name>' /tmp/netconf
	check "NETCONF: as itself" grep -q '<username>nobody</username>' /tmp/netconf
	netconf --clear-groups >/tmp/netconf
	check "NETCONF: nobody else does" grep -q 'Permission denied' /tmp/netconf
	check_equal "NETCONF: the server has no capability and is not ermond's user" \
		"0000000000000000 $(id -u ermon-netconf)" "$(awk '$1 == "CapEff:" { cap = $2 }
			$1 == "Uid:" { uid = $2 } END { print cap, uid }' \
			"/proc/$(systemctl show -P MainPID ermon-netconf)/status")"
	systemctl restart $unit
	check "NETCONF: it survives a restart of ermond" test -S /run/ermon/netconf.sock
	netconf --groups="$(id -g ermon)" >/tmp/netconf
	check "NETCONF: and reads again" grep -q '<name>contoso-ams</name>' /tmp/netconf
	check "NETCONF: it stops" systemctl stop ermon-netconf.socket ermon-netconf.service
else
	echo "SKIP: the IETF's YANG modules are not installed"
fi

# --- Stop ---
check "it stops" systemctl stop $unit
check_equal "cleanly" "success 0 inactive" \
	"$(property Result) $(property ExecMainStatus) $(property ActiveState)"
check "its control socket is gone" test ! -e /run/ermon/ctl.sock
check "its state is kept" sh -c 'ls /var/lib/ermon/* | grep -q .'

echo '[circuit' >$config
check "a wrong configuration fails the start" sh -c "! systemctl start $unit 2>/dev/null"
check_equal "at once, with status 78" "78 failed 0" \
	"$(property ExecMainStatus) $(property ActiveState) $(property NRestarts)"
finish
