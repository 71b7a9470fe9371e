#!/usr/bin/python3
"""ermond beside what users would pick instead, on the same events, in one run: what happens on a link or at a BGP peer -> the
notification on the wire; storms, walks, idle cost, growth with size.  Prints one table with ratios.  Run through bench/run."""
import argparse, json, os, random, signal, socket, subprocess, sys, time
from agents import IFTABLE, Agent, Ermond, ErmondBfd, ErmondBgp, ErmondBmp, ErmondMany, ErmondNetconf, Frr, FrrOne, Keepalived, Skip, Snmpd1
from lab import InNs, Lab, kids, now, stats, usage
import netconf as nc
import snmp

EVENTS = {'link': ('down', 'up'), 'kill': ('kill', 'unkill'), 'shutdown': ('shut', 'unshut'), 'own': ('own', 'unown')}
BGP_PEER_TABLE = '1.3.6.1.2.1.15.3.1'
TABLE = []                                       # rows of the closing table


def note(what, ermond, unit, bar='', **peers):
    TABLE.append((what, ermond, unit, bar, peers))
    print('  %-46s %s %s  %s' % (what, ermond, unit, ' '.join('%s %s' % p for p in peers.items())), file=sys.stderr, flush=True)


def ms(s, key):
    return round(s[key], 2) if s.get('n') else None


def bring_up(classes, links, dev):
    """each in a lab of its own -> those that are ready"""
    ready = []
    for cls in classes:
        lab = Lab(cls.name[:14], links, dev, addr=cls.addr or cls.bgp)
        try:
            agent = cls(lab.seat('a'))
            agent.start()
            ready.append(agent)
        except (Skip, RuntimeError, OSError) as e:
            lab.destroy()
            if issubclass(cls, Ermond):
                take_down(ready)
                raise
            print('SKIPPED %s: %s' % (cls.name, e), file=sys.stderr)
    return ready


def take_down(agents):
    for a in agents:
        a.lab.lab.destroy()


class Turns:
    """one agent; event() makes one on the link that was left alone longest, and undoes it -> ms to the trap or None"""
    def __init__(self, agent, wait):
        self.a, self.wait, self.q, self.used = agent, wait, list(range(agent.lab.n)), {}
        self.has_sessions = agent.bgp or getattr(agent, 'with_frr', False)

    def pick(self):
        end = now() + 40 * 10**9
        while now() < end:
            up = self.a.sessions() if self.has_sessions else set(self.q)
            rest = max(3 if self.has_sessions else 0, self.a.cooldown) * 10**9
            for i in self.q:
                if i in up and now() - self.used.get(i, 0) > rest:
                    self.q.remove(i)
                    self.q.append(i)
                    return i
            time.sleep(0.1)
        raise RuntimeError('no session comes back')

    def event(self, kind):
        i, a, lab, trap = self.pick(), self.a, self.a.lab.lab, self.a.lab.trap
        time.sleep(random.uniform(0.02, 0.06))
        at, who = len(trap.traps), lab if kind == 'link' else a
        t0, _ = getattr(who, EVENTS[kind][0])(i)
        x = trap.wait(lambda t: t[0] >= t0 and a.key(t) == ('down', i), self.wait, at)
        at = len(trap.traps)
        getattr(who, EVENTS[kind][1])(i)
        self.used[i] = now()
        a.settle(i, at)
        return (x[0] - t0) / 1e6 if x else None


def in_turns(classes, kinds, n, links, wait):
    """events round robin in random order, so that the noise is the same for all -> {(agent, kind): [ms or None]}"""
    got, agents = {}, bring_up(classes, links, 'veth')
    try:
        turns = [Turns(a, wait) for a in agents]
        for kind in kinds:
            for _ in range(n):
                random.shuffle(turns)
                for t in turns:
                    if kind in t.a.events:
                        got.setdefault((t.a.name, kind), []).append(t.event(kind))
    finally:
        take_down(agents)
    return got


def report_turns(got, kind, what, bar_median, bar_max=''):
    s = {a: stats([x for x in v if x is not None]) for (a, k), v in got.items() if k == kind}
    if not s.get('ermond', {}).get('n'):
        return
    lost = {a: sum(x is None for x in v) for (a, k), v in got.items() if k == kind}
    note(what + ', median', ms(s['ermond'], 'median'), 'ms', bar_median, **{a: ms(v, 'median') for a, v in s.items() if a != 'ermond'})
    note(what + ', max', ms(s['ermond'], 'max'), 'ms', bar_max, **{a: ms(v, 'max') for a, v in s.items() if a != 'ermond'})
    if any(lost.values()):
        note(what + ', lost', lost['ermond'], '', '0', **{a: v for a, v in lost.items() if a != 'ermond'})


def isolated(o):
    """one link of several loses carrier (veth: the daemon's own path, the kernel does not wait)"""
    report_turns(in_turns([Ermond, Keepalived, Frr], ['link'], o.n, 6, 8), 'link', 'isolated link down -> trap', '1.0')


def bgp(o):
    """the peer ends the session, by its operator's word and by a kill, and the own operator does; ermond by FRR's socket and the
    kernel's sockets, and with BMP"""
    what = {'shutdown': 'BGP peer shuts down', 'kill': 'BGP peer killed', 'own': 'own neighbor shutdown'}
    got = in_turns([ErmondBgp, ErmondBmp, Frr], list(what), max(10, o.n // 2), 6, 8)
    for kind, words in what.items():
        report_turns(got, kind, words + ' -> trap', '15', '260')
        with_bmp = {('ermond' if a == 'ermond-bmp' else a, k): v for (a, k), v in got.items() if a != 'ermond'}
        report_turns(with_bmp, kind, words + ', BMP -> trap', 'frr + 1')


def silent(o):
    """the peer falls silent: FRR's own declaration (its log) -> our trap, in the same place"""
    for cls, what, bar in ((ErmondBmp, 'hold time 3 s', '20'), (ErmondBfd, 'BFD 3 x 300 ms', '20'), (ErmondBgp, 'hold time 3 s, no BMP', '')):
        late = []
        for a in bring_up([cls], 4, 'veth'):
            try:
                turns = Turns(a, 12)
                for _ in range(max(5, o.n // 4)):
                    i = turns.pick()
                    at = len(a.lab.trap.traps)
                    t0, _ = a.freeze(i)
                    x = a.lab.trap.wait(lambda t: t[0] >= t0 and a.key(t) == ('down', i), 12, at)
                    time.sleep(0.2)              # its log is written behind
                    said = a.declared(i, t0)
                    late.append((x[0] - said) / 1e6 if x and said else None)
                    a.unfreeze(i)
                    turns.used[i] = now()
            finally:
                take_down([a])
        s = stats([x for x in late if x is not None])
        if s.get('n'):
            note('peer silent, %s: FRR says so -> trap, median' % what, ms(s, 'median'), 'ms', bar)
            note('peer silent, %s: FRR says so -> trap, max' % what, ms(s, 'max'), 'ms', '')
        note('peer silent, %s: lost' % what, sum(x is None for x in late), '', '0')


class Control:
    """the control socket, asked again and again on one connection"""
    def __init__(self, agent):
        self.s = socket.socket(socket.AF_UNIX)
        self.s.connect(agent.lab.work + '/run/ctl.sock')

    def get(self, *parts):
        self.s.sendall(json.dumps({'method': 'org.ermon.Get', 'parameters': {'parts': parts}}).encode() + b'\0')
        got = b''
        while not got.endswith(b'\0'):
            got += self.s.recv(65536)
        return json.loads(got[:-1])['parameters']['data']['ermon:ermon']

    def source(self, name):
        return next(s['state']['state'] for s in self.get('sources')['source'] if s['name'] == name)

    def sessions(self):
        return [s['state']['state'] for c in self.get('state')['circuit'] for l in c['connection'] for s in l['session']]


def ownkill(o):
    """the own bgpd is killed, and comes back"""
    deaf, back, wrong = [], [], 0
    for a in bring_up([ErmondBmp], 4, 'veth'):
        try:
            ctl = Control(a)
            for _ in range(max(5, o.n // 4)):
                until(60, lambda: set(ctl.sessions()) == {'up'})
                time.sleep(2)
                at = len(a.lab.trap.traps)
                t0 = a.kill_bgpd()
                deaf.append((until(10, lambda: ctl.source('frr') != 'ok') - t0) / 1e6)
                until(5, lambda: set(ctl.sessions()) == {'unknown'})
                time.sleep(1)
                a.start_bgpd()
                a.waitfile(a.lab.work + '/bgpd.vty')
                t1 = now()
                back.append((until(10, lambda: ctl.source('frr') == 'ok') - t1) / 1e6)
                until(60, lambda: set(ctl.sessions()) == {'up'})
                wrong += len([t for t in a.lab.trap.traps[at:] if a.key(t)[0] == 'down'])
        finally:
            take_down([a])
    if deaf:
        note('own bgpd killed -> source deaf, median', round(sorted(deaf)[len(deaf) // 2], 2), 'ms', '10')
        note('own bgpd killed -> source deaf, max', round(max(deaf), 2), 'ms', '10')
        note('own bgpd back -> source heard, max', round(max(back)), 'ms', '2000')
        note('own bgpd killed: false service-down', wrong, '', '0')


def many(o):
    """1000 sessions, few established: what watching them costs us and the router, which is busy with them by itself: so ermond
    is stopped every other while, and the differences are what it costs"""
    for a in bring_up([ErmondMany], 4, 'veth'):
        try:
            time.sleep(20)
            p, ours, with_us, alone = pids_of(a, 'ermond'), [], [], []
            for _ in range(4):
                for share in with_us, alone:
                    c0, b0, t0 = usage(p)[0], a.bgpd_cpu(), now()
                    time.sleep(max(10, o.secs))
                    el = now() - t0
                    share.append(100 * (a.bgpd_cpu() - b0) / el)
                    if share is with_us:
                        ours.append(100 * (usage(p)[0] - c0) / el)
                    for q in p:
                        os.kill(q, signal.SIGSTOP if share is with_us else signal.SIGCONT)
                    time.sleep(2)
            middle = lambda v: sorted(v)[len(v) // 2]
            note('1000 sessions, all sources: CPU', round(middle(ours), 2), '% of a core', '2')
            note('1000 sessions: bgpd main thread for us', round(middle(with_us) - middle(alone), 2), '% of a core', '1',
                 **{'bgpd by itself': round(middle(alone), 2)})
            note('1000 sessions: RSS', round(usage(p)[1] / 1024, 1), 'MB')
        finally:
            take_down([a])


def second(o):
    """taps, which the kernel treats like a NIC: the second link of a pair, lost 50-300 ms after the first"""
    agents, got = bring_up([Ermond, Keepalived], 2, 'tap'), {}
    try:
        for _ in range(max(5, o.n // 2)):
            random.shuffle(agents)
            for a in agents:
                time.sleep(max(2.3, a.cooldown + 1))     # the kernel's once-a-second queue is one for the machine
                lab, trap, k = a.lab.lab, a.lab.trap, random.randrange(2)
                at = len(trap.traps)
                lab.down(k)
                time.sleep(random.uniform(0.05, 0.3))
                t0 = lab.down(1 - k)[0]
                x = trap.wait(lambda m: m[0] >= t0 and a.key(m) == ('down', 1 - k), 3, at)
                got.setdefault((a.name, 'link'), []).append((x[0] - t0) / 1e6 if x else None)
                time.sleep(1)
                lab.up(0), lab.up(1)
    finally:
        take_down(agents)
    report_turns(got, 'link', 'second link down -> trap (tap)', '5', '20')


def circuits(agent):
    """the states of all circuits by the control socket"""
    r = subprocess.run([agent.ctl, '-s', agent.lab.work + '/run/ctl.sock', '-f', 'json', 'status'], capture_output=True)
    return [c['state']['state'] for c in json.loads(r.stdout)['ermon:ermon'].get('circuit', [])]


class Pairs(Ermond):
    """a circuit on each two links: one link down is no outage, so its start is what tells that it is ready"""
    per_circuit, holds = 2, 'service-down'

    def ready(self, timeout=25):
        if not self.lab.trap.wait(lambda t: t[2] == self.oid + '.0.101', timeout):
            raise RuntimeError('no agentStarted in %d s, see %s' % (timeout, self.lab.work))


def storm(o):
    """all links down at once"""
    agents = bring_up([Pairs], o.storm_links, 'veth')
    try:
        for a in agents:
            storm_of(a)
    finally:
        take_down(agents)


def storm_of(a):
    trap, lab = a.lab.trap, a.lab.lab
    until(30, lambda: set(circuits(a)) == {'healthy'})
    time.sleep(2)
    at, mon, cpu = len(trap.traps), len(lab.mon.ev), usage(a.pids())[0]
    t0, t1 = lab.all_down()
    right = until(30, lambda: set(circuits(a)) == {'down'})
    want = lab.n // 2
    trap.wait(lambda _: len([t for t in trap.traps[at:] if a.key(t)[0] == 'down']) >= want, 30, at)
    time.sleep(25)                               # the kernel's own notifications, and a second trap for a cause, come by now
    downs = [t for t in trap.traps[at:] if a.key(t)[0] == 'down']
    kernel = [e[0] for e in lab.mon.ev[mon:] if not e[2] and e[1] >= lab.BASE]
    name = 'storm, %d links: ' % lab.n
    note(name + 'kernel busy with it', round((t1 - t0) / 1e6), 'ms')
    note(name + 'every state right, after the last', round((right - t1) / 1e6), 'ms', '1000',
         **{'kernel notifications': round((max(kernel) - t1) / 1e6) if len(kernel) >= lab.n else None})
    note(name + 'service-down traps of %d' % want, len(downs), '', str(want))
    note(name + 'last trap, after the last', round((max(t[0] for t in downs) - t1) / 1e6) if downs else None, 'ms')
    note(name + 'CPU (with snmpd)', round((usage(a.pids())[0] - cpu) / 1e6), 'ms')


def until(seconds, test):
    end = now() + seconds * 10**9
    while not test():
        if now() > end:
            raise RuntimeError('it did not come to that in %d s' % seconds)
        time.sleep(0.02)
    return now()


def pids_of(agent, comm):
    found = []
    for p in agent.pids():
        try:
            with open('/proc/%d/comm' % p) as f:
                found += [p] if f.read().strip() == comm else []
        except OSError:
            pass
    return found


def switches(pids):
    total = 0
    for p in pids:
        for t in os.listdir('/proc/%d/task' % p):
            with open('/proc/%d/task/%s/status' % (p, t)) as f:
                total += sum(int(line.split()[1]) for line in f if line.startswith('voluntary'))
    return total


def idle(o):
    """nothing happens: 8 links with a session each"""
    agents = bring_up([ErmondBgp, Keepalived], 8, 'veth')
    try:
        time.sleep(5)
        at = {a.name: (usage(pids_of(a, a.name))[0], switches(pids_of(a, a.name)), now()) for a in agents}
        time.sleep(o.secs)
        got = {}
        for a in agents:
            p, (c, w, t) = pids_of(a, a.name), at[a.name]
            cpu, rss, _ = usage(p)
            el = (now() - t) / 1e9
            got[a.name] = (round(100 * (cpu - c) / 1e9 / el, 3), round((switches(p) - w) / el, 1), round(rss / 1024, 1))
    finally:
        take_down(agents)
    if 'ermond' not in got:
        return
    for k, (what, unit, bar) in enumerate([('idle, 8 links and sessions: CPU', '% of a core', '0.5'), ('idle: wake-ups', '/s', ''),
                                           ('idle: RSS', 'MB', '20')]):
        note(what, got['ermond'][k], unit, bar, **{a: v[k] for a, v in got.items() if a != 'ermond'})


def walk(o):
    """row-wise GETBULK walks: all columns of the sessions in one request; varbinds a second"""
    agents, got = bring_up([ErmondBgp], o.walk_links, 'veth') + bring_up([FrrOne], o.walk_links, 'veth') + bring_up([Snmpd1], o.walk_links, 'veth'), {}
    tables = {'ermond': (agents and Ermond.oid + '.1.6.1', range(2, 24)), FrrOne.name: (BGP_PEER_TABLE, range(1, 25)),
              Snmpd1.name: (IFTABLE + '.1', range(1, 23))}
    try:
        for a in agents:
            table, columns = tables[a.name]
            with InNs(a.lab.d):
                got[a.name] = snmp.walk_rows('127.0.0.1', a.lab.snmp_port, table, columns, o.secs / 4)
    finally:
        take_down(agents)
    if 'ermond' in got:
        note('walk by rows, %d sessions' % o.walk_links, got['ermond'], 'varbinds/s', '>= bgpPeerTable',
             **{{FrrOne.name: 'bgpPeerTable', Snmpd1.name: 'ifTable'}.get(a, a): v for a, v in got.items() if a != 'ermond'})


def growth(o):
    """as many circuits on two links each"""
    base = None
    for n in (10, 100, 1000):
        agents = bring_up([Pairs], 2 * n, 'veth')
        try:
            for a in agents:
                until(60, lambda: set(circuits(a)) == {'healthy'})
                t0 = now()
                subprocess.run([a.program, '--config', a.lab.work + '/ermond.conf', '--yang-dir', a.yang, '--check'], check=True,
                               stdout=subprocess.DEVNULL)
                t1 = now()
                circuits(a)
                t2 = now()
                p = pids_of(a, 'ermond')
                c0 = usage(p)[0]
                time.sleep(o.secs / 2)
                cpu, rss, _ = usage(p)
                got = (round(rss / 1024, 1), round((t1 - t0) / 1e6), round((t2 - t1) / 1e6), round(100 * (cpu - c0) / (o.secs / 2 * 1e9), 2))
                base = base or got
                for k, (what, unit) in enumerate([('RSS', 'MB'), ('configuration read', 'ms'), ('all as JSON', 'ms'), ('idle CPU', '% of a core')]):
                    note('growth, %d circuits: %s' % (n, what), got[k], unit, **({} if got is base else {'10 circuits': base[k]}))
        finally:
            take_down(agents)


def netconf(o):
    """what a NETCONF client waits for, beside the trap and the control socket's JSON"""
    for rows, is_healthy in ((10, True), (1000, True), (1000, False)):
        agents = bring_up([type('Rows', (ErmondNetconf,), {'rows': rows, 'is_healthy': is_healthy})], 2, 'veth')
        try:
            for a in agents:
                until(90, lambda: len(circuits(a)) == rows + 2)
                time.sleep(3)
                netconf_gets(a, rows, '%d circuits%s' % (rows, '' if is_healthy else ', each with 2 alarms'))
                if rows == 10:
                    netconf_idle(a, o.secs)
                    netconf_events(a, o.n)
        finally:
            take_down(agents)


def netconf_gets(a, rows, what):
    c = nc.Client(a.lab.work + '/nc.sock')
    for name, rpc, n, bar in (('one by its key', nc.circuit('r%d' % (rows // 2)), 200, '2'),
                              ('all', '<get/>', 50, '1.5' if rows == 10 else '25')):
        got, _ = c.rpc(rpc)
        s = stats([c.rpc(rpc)[1] / 1e6 for _ in range(n)])
        note('netconf get, %s: %s, median' % (what, name), ms(s, 'median'), 'ms', bar, max=ms(s, 'max'), kB=round(len(got) / 1000, 1))
    t = []
    for _ in range(20):
        t0 = now()
        control(a)
        t.append((now() - t0) / 1e6)
    note('control socket, %s: all as JSON, median' % what, ms(stats(t), 'median'), 'ms')
    c.s.close()


def control(a):
    with socket.socket(socket.AF_UNIX) as s:
        s.connect(a.lab.work + '/run/ctl.sock')
        s.sendall(b'{"method":"org.ermon.Get","parameters":{}}\0')
        while not s.recv(1 << 20).endswith(b'\0'):
            pass


def netconf_idle(a, secs):
    """10 sessions that have asked for everything once, and 10 that listen"""
    asked = [nc.Client(a.lab.work + '/nc.sock') for _ in range(10)]
    for c in asked:
        c.rpc('<get/>')
    listeners = nc.Listeners(a.lab.work + '/nc.sock', 10)
    pids = a.sessions_pids()
    if len(pids) != 20:
        raise RuntimeError('%d processes of 20 sessions' % len(pids))
    time.sleep(1)
    before = switches(pids)
    time.sleep(secs)
    note('netconf, 20 idle sessions: wake-ups', switches(pids) - before, 'in %d s' % secs, '0')
    note('netconf, idle session: RSS, largest of 20', round(max(usage([p])[1] for p in pids) / 1024, 1), 'MB', '8',
         own_PSS_MB=round(sum(usage([p])[2] for p in pids) / 20 / 1024, 1))
    for c in asked:
        c.s.close()
    listeners.close()


def netconf_events(a, n):
    listeners = nc.Listeners(a.lab.work + '/nc.sock', 20)
    told, traps = [], []
    for k in range(n):
        i, at = k % 2, len(a.lab.trap.traps)
        listeners.drain(0.4)
        t0, _ = a.lab.down(i)
        for t in listeners.wait(b'<key>service-down/c%d</key>' % i, 5):
            told.append((t - t0) / 1e6 if t else None)
        trap = a.lab.trap.wait(lambda t: a.key(t) == ('down', i), 5, at)
        traps += [(trap[0] - t0) / 1e6] if trap else []
        a.lab.up(i)
        a.lab.trap.wait(lambda t: a.key(t) == ('up', i), 5, at)
    listeners.close()
    good = [t for t in told if t is not None]
    s, trap = stats(good), stats(traps)
    note('event -> notification, 20 subscribers, median', ms(s, 'median'), 'ms', '2', trap=ms(trap, 'median'))
    note('event -> notification, 20 subscribers, max', ms(s, 'max'), 'ms', '20', trap=ms(trap, 'max'))
    if len(good) != 20 * n:
        raise RuntimeError('%d of %d notifications were lost' % (20 * n - len(good), 20 * n))


MODES = {f.__name__: f for f in (isolated, second, bgp, silent, ownkill, many, storm, walk, idle, growth, netconf)}


def print_table():
    print('\n%-48s %12s %-11s %-16s %s' % ('measure', 'ermond', '', 'bar', 'beside it (its figure / ermond\'s)'))
    for what, ours, unit, bar, peers in TABLE:
        beside = ', '.join('%s %s%s' % (k, v, ' (%.2fx)' % (v / ours) if ours and v is not None else '') for k, v in peers.items())
        print('%-48s %12s %-11s %-16s %s' % (what, ours, unit, bar, beside))


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    p.add_argument('modes', nargs='*', default=list(MODES), help='of ' + ' '.join(MODES))
    p.add_argument('--build', required=True, help='where ermond and ermonctl were built')
    p.add_argument('--source', required=True, help='the top of the source tree')
    p.add_argument('--oid', default='1.3.6.1.4.1.8072.9999.9999.1')
    p.add_argument('--modules', default=':'.join('/usr/share/yuma/modules/' + d for d in ('ietf', 'ietf-derived', 'netconfcentral')),
                   help='netconf: folders of the IETF\'s YANG modules')
    p.add_argument('-n', type=int, default=20, help='events')
    p.add_argument('--secs', type=float, default=20, help='idle and walk: seconds')
    p.add_argument('--storm-links', type=int, default=1000)
    p.add_argument('--walk-links', type=int, default=50)
    o = p.parse_args()
    for s in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(s, lambda *a: sys.exit(1))
    Ermond.oid, Ermond.program, Ermond.ctl = o.oid, os.path.abspath(o.build + '/ermond'), os.path.abspath(o.build + '/ermonctl')
    ErmondNetconf.netconf, ErmondNetconf.modules = os.path.abspath(o.build + '/ermon-netconf'), o.modules
    Ermond.yang = os.path.abspath(o.source + '/yang')
    bad = 0
    for m in o.modes:
        print('== ' + m, file=sys.stderr, flush=True)
        try:
            MODES[m](o)
        except (RuntimeError, OSError, subprocess.SubprocessError, ValueError) as e:
            print('FAILED %s: %r' % (m, e), file=sys.stderr)
            bad = 1
    print_table()
    return bad


if __name__ == '__main__':
    sys.exit(main())
