"""ermond and what users would pick instead: how each is configured and started, and how its traps are read."""
import json, os, re, shutil, signal, socket, subprocess, time
from lab import now, kids

IFTABLE, IFXTABLE = '1.3.6.1.2.1.2.2', '1.3.6.1.2.1.31.1.1'
LINK_DOWN, LINK_UP = r'^1\.3\.6\.1\.6\.3\.1\.1\.5\.3$', r'^1\.3\.6\.1\.6\.3\.1\.1\.5\.4$'


class Skip(Exception):
    """this agent cannot take part here: not installed, or not with these links"""


def who(lab, vbs):
    """which link a trap speaks of: an ifTable row, an interface name e<i>, or the address of a peer"""
    for o, v in vbs:
        if o.startswith(IFTABLE + '.1.') and o.count('.') >= 10:
            return int(o.rsplit('.', 1)[1]) - lab.BASE
    for o, v in vbs:
        if isinstance(v, bytes) and re.fullmatch(rb'e\d+', v):
            return int(v[1:])
    for o, v in vbs:
        if isinstance(v, bytes) and len(v) == 4 and v[0] == 10 and v[3] == 2:      # InetAddress
            return (v[1] - 1) * 250 + v[2]
        for s in (v if isinstance(v, str) else '', v.decode('latin1') if isinstance(v, bytes) else '', o):
            m = re.search(r'(?:^|\.)10\.(\d+)\.(\d+)\.2$', s)
            if m:
                return (int(m[1]) - 1) * 250 + int(m[2])
    return None


class Agent:
    name, bgp, needs_snmpd, event_driven, addr, binary = '?', False, True, True, False, None
    events, cooldown, taps = ('link',), 0, True
    snmpd_extra = ''
    down_re, up_re = LINK_DOWN, LINK_UP

    def __init__(self, seat):
        self.lab = seat
        for b in (['snmpd'] if self.needs_snmpd else []) + ([self.binary] if self.binary else []):
            if not shutil.which(b, path=os.environ.get('PATH', '') + ':/usr/sbin:/usr/lib/frr'):
                raise Skip(b + ' is not installed')
        if not self.taps and seat.kind == 'tap':
            raise Skip('needs a far end, taps have none')

    def key(self, tr):
        """-> ('down' | 'up' | None, link)"""
        k = 'down' if re.search(self.down_re, tr[2]) else 'up' if re.search(self.up_re, tr[2]) else None
        return k, who(self.lab, tr[3])

    def start_snmpd(self):
        l, w = self.lab, self.lab.work
        with open(w + '/snmpd.conf', 'w') as f:
            f.write('\n'.join([
                'agentaddress udp:127.0.0.1:%d' % l.snmp_port, 'master agentx', 'agentXSocket unix:%s/agentx' % w,
                'agentXPerms 0777 0777', 'rocommunity public 127.0.0.1', 'rwcommunity private 127.0.0.1',
                'trap2sink 127.0.0.1:%d public' % l.port, 'v1trapaddress 127.0.0.1', self.snmpd_extra, '']))
        l.start(['snmpd', '-f', '-Lf', w + '/snmpd.out', '-C', '-c', w + '/snmpd.conf', '-I', '-smux'], 'snmpd',
                env={'SNMP_PERSISTENT_DIR': w + '/persist', 'MIBS': ''})
        if not l.trap.wait(lambda t: t[2] == '1.3.6.1.6.3.1.1.5.1', 15):
            raise RuntimeError('snmpd does not start, see ' + w)

    def start(self):
        if self.needs_snmpd:
            self.start_snmpd()
        self.launch()
        self.ready()

    def launch(self):
        pass

    def pids(self):
        r = []
        for p in self.lab.mine:
            if p not in getattr(self, 'foreign', []):
                r += kids(p.pid)
        return r

    def dead(self):
        return [p.args for p in self.lab.mine if p.poll() is not None and p in self.lab.procs.all]

    def ready(self, timeout=25):
        """toggle the last link until its down trap is seen: works for any agent that waits for events"""
        l, i = self.lab, self.lab.n - 1
        if not self.event_driven:
            return
        end = now() + int(timeout * 1e9)
        while now() < end:
            at = len(l.trap.traps)
            l.down(i)
            ok = l.trap.wait(lambda t: self.key(t) == ('down', i), 1.5 if l.taps else 0.5, at)
            l.up(i)
            time.sleep(1.2 if l.taps else 0.3)
            if ok:
                return
        raise RuntimeError('not ready in %d s, see %s%s' % (timeout, l.work, '; ended: %s' % self.dead() if self.dead() else ''))

    def settle(self, i, at):
        """after the link is up again: wait for the up trap if there is one, then a pause"""
        self.lab.trap.wait(lambda t: self.key(t) == ('up', i), 0.3, at)
        time.sleep(0.03)


class Snmpd(Agent):
    """DisMan: what linkUpDownNotifications yes expands to, in numbers so that no MIB files are needed"""
    name, event_driven, rate = 'snmpd-60', False, 60

    @property
    def snmpd_extra(self):
        st, c = '.' + IFTABLE + '.1', 'createUser internal SHA abcdefgh123\nrouser internal\niquerySecName internal\n'
        for n, k, op in (('linkUpTrap', 4, '!='), ('linkDownTrap', 3, '==')):
            c += 'notificationEvent %s .1.3.6.1.6.3.1.1.5.%d %s.1 %s.7 %s.8\nmonitor -r %d -e %s "Generate %s" %s.8 %s 2\n' % (
                n, k, st, st, st, self.rate, n, n, st, op)
        return c


class Snmpd1(Snmpd):
    name, rate = 'snmpd-r1', 1


class Snmpd1c(Snmpd1):
    """monitor -r 1, and the 15 s cache of ifTable set to 1 s through nsCacheTimeout"""
    name, binary = 'snmpd-r1-cache1', 'snmpset'

    def launch(self):
        time.sleep(1)
        with open(self.lab.work + '/set.log', 'w') as f:
            for o in ('.1.3.6.1.2.1.2.2', '.1.3.6.1.2.1.31.1.1'):
                subprocess.run(['ip', 'netns', 'exec', self.lab.d, 'snmpset', '-m', '', '-v2c', '-c', 'private',
                                '127.0.0.1:%d' % self.lab.snmp_port, '1.3.6.1.4.1.8072.1.5.3.1.2' + o, 'i', '1'], stdout=f, stderr=f)


class Keepalived(Agent):
    """one VRRP instance a link; FAULT is its link down. An instance needs 3-4 s to be MASTER again"""
    name, addr, cooldown, binary = 'keepalived', True, 5, 'keepalived'

    def launch(self):
        l, w = self.lab, self.lab.work
        c = ['global_defs {', ' router_id lab', ' enable_snmp_vrrp', ' enable_traps', ' snmp_socket unix:%s/agentx' % w,
             ' vrrp_garp_master_delay 0', ' vrrp_garp_master_repeat 1', '}']
        for i in range(l.n):
            c += ['vrrp_instance e%d {' % i, ' interface e%d' % i, ' state MASTER', ' virtual_router_id %d' % (i % 255 + 1), ' priority 200',
                  ' advert_int 1', ' virtual_ipaddress { 10.%d.%d.3/32 dev e%d }' % (101 + i // 250, i % 250, i),
                  ' track_interface { e%d }' % i, '}']
        with open(w + '/keepalived.conf', 'w') as f:
            f.write('\n'.join(c) + '\n')
        l.start(['keepalived', '-n', '-l', '-P', '-f', w + '/keepalived.conf', '-p', w + '/ka.pid', '-r', w + '/kav.pid'], 'keepalived')
        l.trap.wait(lambda t: len([1 for x in l.trap.traps if self.key(x)[0] == 'up']) >= l.n, 10 + l.n / 20)

    def key(self, tr):
        if not tr[2].startswith('1.3.6.1.4.1.9586.100.5.2.10.0'):
            return None, None
        st = [v for k, v in tr[3] if isinstance(v, int) and '9586.100.5.2.3.1.4' in k]
        return ('down' if st and st[0] in (0, 3) else 'up' if st and st[0] == 2 else None), who(self.lab, tr[3])

    def settle(self, i, at):
        time.sleep(0.03)


def idle_neighbor(k):
    return '10.200.%d.%d' % (k // 250, k % 250 + 1)


class Frr(Agent):
    """bgpd with the SNMP module in the device, one BIRD a session in namespace p. FRR 8.4 sends bgpBackwardTransition also for
    sessions that never were up, so its traps are counted only for sessions that vtysh shows Established before the event"""
    name, bgp, addr, taps, binary = 'frr', True, True, False, 'bird'
    events = ('link', 'kill', 'shutdown', 'own', 'freeze', 'silent')
    bfd, hold, one_bird, snmp = None, (1, 3), False, True       # bfd: (interval ms, multiplier)
    bmp, idle = False, 0                        # a BMP station at the default port; neighbours nobody answers for
    down_re, up_re = r'^1\.3\.6\.1\.2\.1\.15\.(0|7)\.2$', r'^1\.3\.6\.1\.2\.1\.15\.(0|7)\.1$'

    def __init__(self, seat):
        super().__init__(seat)
        if not os.path.exists('/usr/lib/frr/bgpd') or not shutil.which('vtysh'):
            raise Skip('FRR is not installed')

    def key(self, tr):
        k = 'down' if re.search(self.down_re, tr[2]) else 'up' if re.search(self.up_re, tr[2]) else None
        return (k, who(self.lab, tr[3])) if k else (None, None)

    def launch(self):
        l, w = self.lab, self.lab.work
        with open(w + '/frr.conf', 'w') as f:
            f.write('agentXSocket unix:%s/agentx\n' % w)
        open(w + '/snmp.conf', 'w').close()
        b = ['frr defaults datacenter', 'log file %s/bgpd.out informational' % w, 'log timestamp precision 6'] + ['agentx'] * self.snmp + ['router bgp 65000', ' bgp router-id 10.255.0.1',
             ' bgp log-neighbor-changes', ' no bgp ebgp-requires-policy', ' bgp fast-external-failover', ' timers bgp %d %d' % self.hold]
        for i in range(l.n):
            a = l.ip4(i, 2)
            b += [' neighbor %s remote-as 65001' % a, ' neighbor %s timers connect 1' % a]
            if self.bfd:
                b += [' neighbor %s bfd' % a, ' neighbor %s bfd profile fast' % a]
        # passive: bgpd's own attempts to connect would cost it ten times what it is asked
        b += [' neighbor %s %s' % (idle_neighbor(k), word) for k in range(self.idle) for word in ('remote-as 65001', 'passive')]
        if self.bmp:
            b += [' bmp targets bench', '  bmp stats interval 5000', '  bmp connect 127.0.0.1 port 11019 min-retry 100 max-retry 1000', ' exit']
        with open(w + '/bgpd.conf', 'w') as f:
            f.write('\n'.join(b) + '\n')
        with open(w + '/zebra.conf', 'w') as f:
            f.write('log file %s/zebra.out informational\n' % w)
        subprocess.call(['chown', '-R', 'frr:frr', w])
        com = ['-z', w + '/zserv.api', '--vty_socket', w, '-P', '0']
        l.start(['/usr/lib/frr/zebra', '-f', w + '/zebra.conf', '-i', w + '/zebra.pid'] + com, 'zebra')
        self.waitfile(w + '/zserv.api')
        if self.bfd:
            with open(w + '/bfdd.conf', 'w') as f:
                f.write('bfd\n profile fast\n  detect-multiplier %d\n  receive-interval %d\n  transmit-interval %d\n' % (
                    self.bfd[1], self.bfd[0], self.bfd[0]))
            l.start(['/usr/lib/frr/bfdd', '-f', w + '/bfdd.conf', '-i', w + '/bfdd.pid', '--bfdctl', w + '/bfdd.sock'] + com, 'bfdd')
            self.waitfile(w + '/bfdd.vty')
        self.com = com
        self.start_bgpd()
        self.birds, self.foreign = {}, []
        for i in [None] if self.one_bird else range(l.n):
            self.bird(i)

    def start_bgpd(self):
        l, w = self.lab, self.lab.work
        self.bgpd = l.start(['/usr/lib/frr/bgpd'] + ['-M', 'snmp'] * self.snmp + ['-M', 'bmp'] * self.bmp + [
            '-f', w + '/bgpd.conf', '-i', w + '/bgpd.pid', '-e', '1'] + self.com, 'bgpd',
            env={'SNMPCONFPATH': w, 'SNMP_PERSISTENT_DIR': w + '/persist'})

    def kill_bgpd(self):
        """the pid file's, since `ip netns exec' has become it"""
        with open(self.lab.work + '/bgpd.pid') as f:
            pid = int(f.read())
        t0 = now()
        os.kill(pid, signal.SIGKILL)
        self.bgpd.wait()
        self.lab.procs.all.remove(self.bgpd)
        self.lab.mine.remove(self.bgpd)
        return t0

    def bgpd_cpu(self):
        """ns that bgpd's main thread has run"""
        with open(self.lab.work + '/bgpd.pid') as f:
            pid = f.read().strip()
        with open('/proc/%s/task/%s/schedstat' % (pid, pid)) as f:
            return int(f.read().split()[0])

    def declared(self, i, t0):
        """when, after t0, bgpd logged that the session is down; None if it did not"""
        skew = time.clock_gettime_ns(time.CLOCK_REALTIME) - now()
        with open(self.lab.work + '/bgpd.out', errors='replace') as f:
            for line in f:
                m = re.match(r'(\d+)/(\d+)/(\d+) (\d+):(\d+):(\d+)\.(\d+) .*ADJCHANGE: neighbor %s\b.* Down' % re.escape(self.lab.ip4(i, 2)), line)
                if not m:
                    continue
                at = time.mktime(tuple(int(x) for x in m.groups()[:6]) + (0, 0, -1))
                t = int(at) * 10**9 + int(m.group(7).ljust(9, '0')) - skew
                if t >= t0:
                    return t
        return None

    def configure(self, command):
        """one line of router configuration, by bgpd's own socket: vtysh takes 150 ms to start"""
        with socket.socket(socket.AF_UNIX) as s:
            s.settimeout(5)
            s.connect(self.lab.work + '/bgpd.vty')
            for c in ('enable', 'configure terminal', 'router bgp 65000', command):
                t0 = now()
                s.sendall(c.encode() + b'\0')
                got = b''
                while got[-4:-1] != b'\0\0\0':
                    got += s.recv(65536)
        return t0, now()

    def own(self, i):
        return self.configure('neighbor %s shutdown' % self.lab.ip4(i, 2))

    def unown(self, i):
        return self.configure('no neighbor %s shutdown' % self.lab.ip4(i, 2))

    def waitfile(self, f, t=10):
        end = now() + t * 10**9
        while not os.path.exists(f):
            if now() > end:
                raise RuntimeError('no ' + f)
            time.sleep(0.02)

    def bird(self, i):
        l = self.lab
        f = '%s/bird%s' % (l.work, 'all' if i is None else i)
        c = ['log "%s.out" all;' % f, 'router id 10.254.0.1;', 'protocol device { scan time 60; }']
        if self.bfd:
            c += ['protocol bfd { strict bind yes; interface "%s%s" { min rx interval %d ms; min tx interval %d ms; idle tx interval 300 ms; '
                  'multiplier %d; }; }' % ('p' if l.bridged else 'm', '*' if i is None else i, self.bfd[0], self.bfd[0], self.bfd[1])]
        for j in range(l.n) if i is None else [i]:
            c += ['protocol bgp s%d { local %s as 65001; neighbor %s as 65000; direct; passive; strict bind yes; hold time %d; keepalive time %d; '
                  'connect retry time 1; connect delay time 1; error wait time 1, 1; startup hold time 10; %s ipv4 { import none; export none; }; }' % (
                      j, l.ip4(j, 2), l.ip4(j, 1), self.hold[1], self.hold[0], 'bfd on;' if self.bfd else '')]
        with open(f + '.conf', 'w') as fh:
            fh.write('\n'.join(c) + '\n')
        if os.path.exists(f + '.ctl'):
            os.unlink(f + '.ctl')
        p = l.start(['bird', '-f', '-c', f + '.conf', '-s', f + '.ctl', '-P', f + '.pid'], 'bird%s' % ('all' if i is None else i), ns=l.p)
        self.birds[i] = p
        self.foreign.append(p)

    def birdc(self, i, cmd):
        s = socket.socket(socket.AF_UNIX)
        s.settimeout(5)
        s.connect('%s/bird%s.ctl' % (self.lab.work, 'all' if None in self.birds else i))
        s.recv(4096)
        t0 = now()
        s.sendall(cmd.encode() + b'\n')
        t1 = now()
        s.recv(4096)
        s.close()
        return t0, t1

    def sessions(self):
        """the links whose session is Established"""
        r = subprocess.run(['vtysh', '--vty_socket', self.lab.work, '-c', 'show bgp summary json'], capture_output=True, text=True)
        try:
            j = json.loads(r.stdout)['ipv4Unicast']['peers']
        except (ValueError, KeyError):
            return set()
        return {(int(a.split('.')[1]) - 1) * 250 + int(a.split('.')[2]) for a, v in j.items() if v['state'] == 'Established'}

    def ready(self, timeout=None):
        end, k = now() + int((timeout or 30 + self.lab.n / 10) * 1e9), 0
        while now() < end:
            k = len(self.sessions())
            if k >= self.lab.n:
                time.sleep(1)
                return
            time.sleep(0.3)
        raise RuntimeError('only %d of %d sessions up, see %s' % (k, self.lab.n, self.lab.work))

    def settle(self, i, at):
        pass                                     # sessions come back in the background

    # -- events at the peer; each kind and its undoing
    def kill(self, i):
        p = self.birds[i]
        t0 = now()
        os.kill(p.pid, signal.SIGKILL)
        t1 = now()
        p.wait()
        self.lab.procs.all.remove(p)
        self.lab.mine.remove(p)
        return t0, t1

    def unkill(self, i):
        self.bird(i)

    def freeze(self, i):
        t0 = now()
        os.kill(self.birds[i].pid, signal.SIGSTOP)
        return t0, now()

    def unfreeze(self, i):
        os.kill(self.birds[i].pid, signal.SIGCONT)

    def shut(self, i):
        return self.birdc(i, 'disable s%d' % i)

    def unshut(self, i):
        self.birdc(i, 'enable s%d' % i)


class FrrOne(Frr):
    name, one_bird = 'frr-1bird', True


class FrrPlain(Frr):
    """the FRR our daemon watches: without the SNMP module, so that its traps cannot be taken for ours"""
    name, needs_snmpd, snmp = 'frr-plain', False, False


class Ermond(Agent):
    """One circuit a link, so that a link down is a service down: the same decision for every daemon"""
    name, addr = 'ermond', True
    down_re, up_re = '', ''
    oid, program, yang = '', '', ''             # set by the caller

    with_frr, with_bmp, bfd, idle = False, False, None, 0
    per_circuit = 1                             # links a circuit
    holds = 'service-down redundancy-lost session-down port-down'

    def __init__(self, seat):
        super().__init__(seat)
        self.down_re = '^%s\\.0\\.1$' % re.escape(self.oid)
        self.up_re = '^%s\\.0\\.2$' % re.escape(self.oid)
        if self.with_frr:
            self.taps, self.frr = False, FrrPlain(seat)
            self.frr.bmp, self.frr.bfd, self.frr.idle = self.with_bmp, self.bfd, self.idle
            if seat.kind == 'tap':
                raise Skip('FRR needs a far end, taps have none')

    def config(self):
        lines = ['[agent]', 'name = bench', 'agentx-socket = unix:%s/agentx' % self.lab.work, 'min-interval = 0', 'flap-suppress = 1000000']
        for hold in self.holds.split():
            lines += ['[hold %s]' % hold, 'raise = 0', 'clear = 0']
        if self.with_frr:
            lines += ['[source frr]', 'type = frr', 'socket = %s/bgpd.vty' % self.lab.work]
        if self.with_bmp:
            lines += ['[source bmp]', 'type = bmp']
        for k in range(self.idle):
            lines += ['[circuit i%d]' % (k // 2), 'connectivity-model = direct'] * (k % 2 == 0)
            role = ('primary', 'secondary')[k % 2]
            lines += ['[connection i%d %s]' % (k // 2, role), '[session i%d %s private ipv4]' % (k // 2, role), 'neighbor = ' + idle_neighbor(k), 'peer-as = 65001']
        for i in range(0, self.lab.n, self.per_circuit):
            lines += ['[circuit c%d]' % i, 'connectivity-model = direct', 'min-redundant = %d' % self.per_circuit]
            for k, role in zip(range(i, min(i + self.per_circuit, self.lab.n)), ('primary', 'secondary')):
                lines += ['[connection c%d %s]' % (i, role), 'interface = e%d' % k]
                if self.with_frr:
                    lines += ['[session c%d %s private ipv4]' % (i, role), 'neighbor = %s' % self.lab.ip4(k, 2), 'min-prefixes = 0',
                              'peer-as = 65001']
        return lines

    def launch(self):
        w = self.lab.work
        if self.with_frr:
            self.frr.launch()
            self.foreign = [p for p in self.lab.mine if p.args[4] != 'snmpd']     # FRR and BIRD are not part of our cost
            self.frr.foreign = self.foreign
            self.frr.ready()
        with open(w + '/ermond.conf', 'w') as f:
            f.write('\n'.join(self.config()) + '\n')
        self.lab.start([self.program, '--config', w + '/ermond.conf', '--yang-dir', self.yang, '--state-dir', w + '/state',
                        '--runtime-dir', w + '/run'], 'ermond')
        self.waitfile(w + '/run/ctl.sock')

    def waitfile(self, f, t=20):
        end = now() + t * 10**9
        while not os.path.exists(f):
            if now() > end:
                raise RuntimeError('no ' + f)
            time.sleep(0.02)

    def __getattr__(self, k):                    # kill, shut, freeze ... are done to the peers of the FRR we watch
        if k in ('own', 'unown', 'kill_bgpd', 'start_bgpd', 'bgpd_cpu', 'declared', 'kill', 'unkill', 'freeze', 'unfreeze', 'shut', 'unshut', 'sessions', 'birds') and self.__dict__.get('frr'):
            return getattr(self.frr, k)
        raise AttributeError(k)


class ErmondBgp(Ermond):
    name, with_frr, events = 'ermond', True, Frr.events


class ErmondBmp(ErmondBgp):
    """and FRR tells by BMP, too"""
    name, with_bmp = 'ermond-bmp', True


class ErmondBfd(ErmondBmp):
    name, bfd = 'ermond-bfd', (300, 3)


class ErmondMany(ErmondBgp):
    """a router with a thousand neighbours, of which few answer"""
    name, idle = 'ermond-many', 1000


class ErmondNetconf(Ermond):
    """with ermon-netconf beside it, and as many more circuits as there are to be: healthy, or with one connection of two"""
    name, netconf, modules, rows, is_healthy = 'ermond-netconf', '', '', 0, True

    def config(self):
        lines = super().config()
        for k in range(self.rows):
            lines += ['[circuit r%d]' % k, 'connectivity-model = direct', '[connection r%d primary]' % k, 'interface = lo',
                      '[connection r%d secondary]' % k, 'interface = ' + ('lo' if self.is_healthy else 'absent%d' % k)]
        return lines

    def launch(self):
        super().launch()
        w = self.lab.work
        self.server = self.lab.start([self.netconf, '--socket', w + '/nc.sock', '--ctl', w + '/run/ctl.sock', '--yang-dir',
                                      self.yang + ':' + self.modules], 'netconf')
        self.waitfile(w + '/nc.sock')

    def sessions_pids(self):
        return kids(self.server.pid)[1:]
