"""Building blocks of the benchmark: namespaces with links, injectors, the trap listener, process bookkeeping.
All namespaces are named ermbench-<run>-<tag>-{d,p,m}; nothing outside them is touched, and only processes started here are
ever signalled."""
import ctypes, fcntl, os, shutil, signal, socket, struct, subprocess, tempfile, threading, time

libc = ctypes.CDLL(None, use_errno=True)
CLONE_NEWNET = 0x40000000
SO_RCVBUFFORCE, SO_TIMESTAMPNS = 33, 35
TUNSETIFF, TUNSETIFINDEX, TUNSETCARRIER = 0x400454ca, 0x400454da, 0x400454e2
RUN = os.environ.get('LAB_RUN') or str(os.getpid())
TOP = os.environ.get('LAB_TOP') or tempfile.mkdtemp(prefix='ermbench.')
os.chmod(TOP, 0o755)                               # FRR's daemons run as another user


def now():
    return time.clock_gettime_ns(time.CLOCK_MONOTONIC)


class InNs:
    """with InNs('name'): the sockets this thread makes belong to that namespace"""
    def __init__(self, name):
        self.name = name

    def __enter__(self):
        self.old = os.open('/proc/thread-self/ns/net', os.O_RDONLY)
        fd = os.open('/run/netns/' + self.name, os.O_RDONLY)
        r = libc.setns(fd, CLONE_NEWNET)
        os.close(fd)
        if r:
            raise OSError(ctypes.get_errno(), 'setns ' + self.name)

    def __exit__(self, *a):
        libc.setns(self.old, CLONE_NEWNET)
        os.close(self.old)


def ip_batch(lines, ns=None):
    r = subprocess.run(['ip'] + (['-n', ns] if ns else []) + ['-force', '-batch', '-'], input='\n'.join(lines) + '\n', text=True,
                       capture_output=True)
    if r.returncode:
        raise RuntimeError('ip batch%s: %s' % (ns and ' in ' + ns or '', r.stderr[:400]))


class Rtnl:
    """Link injector: one prebuilt RTM_NEWLINK a call, its stamp taken just before send()"""
    def __init__(self, ns):
        with InNs(ns):
            self.s = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
        self.s.bind((0, 0))
        self.s.settimeout(20)

    def _go(self, ifindex, up, attrs=b''):
        msg = struct.pack('=IHHIIBBHiII', 32 + len(attrs), 16, 5, 1, 0, 0, 0, 0, ifindex, 1 if up else 0, 1) + attrs
        t0 = now()
        self.s.send(msg)
        a = self.s.recv(65536)
        t1 = now()
        err = struct.unpack_from('=i', a, 16)[0]
        if err:
            raise OSError(-err, os.strerror(-err))
        return t0, t1

    def set(self, ifindex, up):
        return self._go(ifindex, up)

    def group(self, group, up):
        return self._go(0, up, struct.pack('=HHI', 8, 27, group))


class LinkMon(threading.Thread):
    """The kernel's own notifications in the device's namespace: (time, ifindex, running)"""
    def __init__(self, ns):
        super().__init__(daemon=True)
        with InNs(ns):
            self.s = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
        self.s.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 32 << 20)
        self.s.bind((0, 1))
        self.ev, self.lost, self.quit = [], 0, False
        self.start()

    def run(self):
        self.s.settimeout(0.5)
        while not self.quit:
            try:
                b = self.s.recv(65536)
            except socket.timeout:
                continue
            except OSError:
                self.lost += 1
                continue
            t, o = now(), 0
            while o + 16 <= len(b):
                ln, ty = struct.unpack_from('=IH', b, o)
                if ty == 16 and ln >= 32:
                    ix, fl = struct.unpack_from('=iI', b, o + 20)
                    self.ev.append((t, ix, fl & 0x41 == 0x41))
                o += (ln + 3) & ~3


# ---- a small BER walk -------------------------------------------------------------------------------------
def tlv(b, o):
    tag, ln, o = b[o], b[o + 1], o + 2
    if ln & 0x80:
        k = ln & 0x7f
        ln = int.from_bytes(b[o:o + k], 'big')
        o += k
    return tag, o, o + ln


def oid(b):
    r, v = [b[0] // 40, b[0] % 40], 0
    for c in b[1:]:
        v = v << 7 | c & 0x7f
        if not c & 0x80:
            r.append(v)
            v = 0
    return '.'.join(map(str, r))


def val(tag, b):
    if tag == 6:
        return oid(b)
    if tag == 2:
        return int.from_bytes(b, 'big', signed=True)
    if tag in (0x41, 0x42, 0x43, 0x46):
        return int.from_bytes(b, 'big')
    if tag == 0x40:
        return '.'.join(map(str, b))
    return b


def decode(b):
    """-> (trap OID, [(oid, value)], PDU tag); v1 and v2c traps and informs"""
    _, o, _ = tlv(b, 0)
    _, s, e = tlv(b, o)
    _, s, e = tlv(b, e)
    pdu, o, _ = tlv(b, e)
    trap = ''
    if pdu == 0xa4:
        f = []
        for _ in range(5):
            t, s, e = tlv(b, o)
            f.append(val(t, b[s:e]))
            o = e
        trap = '1.3.6.1.6.3.1.1.5.%d' % (f[2] + 1) if f[2] < 6 else '%s.0.%d' % (f[0], f[3])
    else:
        for _ in range(3):
            _, s, e = tlv(b, o)
            o = e
    _, o, end = tlv(b, o)
    vbs = []
    while o < end:
        _, s, e = tlv(b, o)
        o = e
        t, a, z = tlv(b, s)
        name = oid(b[a:z])
        t, a, z = tlv(b, z)
        v = val(t, b[a:z])
        vbs.append((name, v))
        if name == '1.3.6.1.6.3.1.1.4.1.0':
            trap = v
    return trap, vbs, pdu


class TrapListener(threading.Thread):
    """UDP trap sink on 127.0.0.1 of the device's namespace. The time of a trap is the kernel's receive stamp
    (SO_TIMESTAMPNS) moved onto CLOCK_MONOTONIC, so our own wake-up is not in it."""
    def __init__(self, ns, port):
        super().__init__(daemon=True)
        with InNs(ns):
            self.s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.s.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 64 << 20)
        self.s.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        self.s.bind(('127.0.0.1', port))
        self.traps, self.cv, self.quit, self.bad = [], threading.Condition(), False, 0
        self.start()

    def run(self):
        self.s.settimeout(0.5)
        while not self.quit:
            try:
                b, anc, _, src = self.s.recvmsg(65536, 64)
            except socket.timeout:
                continue
            mono, real = now(), time.clock_gettime_ns(time.CLOCK_REALTIME)
            t = mono
            for lv, ty, d in anc:
                if ty == SO_TIMESTAMPNS:
                    sec, ns = struct.unpack('=qq', d[:16])
                    t = mono - (real - (sec * 1000000000 + ns))
            try:
                trap, vbs, pdu = decode(b)
            except (IndexError, ValueError):
                self.bad += 1
                continue
            with self.cv:
                self.traps.append((t, mono, trap, vbs, len(b)))
                self.cv.notify_all()

    def wait(self, pred, timeout, start=0):
        """the first trap from position start that pred accepts, or None"""
        end, i = now() + int(timeout * 1e9), start
        with self.cv:
            while True:
                while i < len(self.traps):
                    if pred(self.traps[i]):
                        return self.traps[i]
                    i += 1
                left = (end - now()) / 1e9
                if left <= 0:
                    return None
                self.cv.wait(left)


class Procs:
    """Processes started here, each the leader of its own group; only those groups are ever signalled"""
    def __init__(self):
        self.all = []

    def start(self, ns, argv, log, env=None):
        with open(log, 'ab') as f:
            p = subprocess.Popen(['ip', 'netns', 'exec', ns] + argv, stdin=subprocess.DEVNULL, stdout=f, stderr=f,
                                 env=dict(os.environ, **(env or {})), start_new_session=True)
        self.all.append(p)
        return p

    def stop(self, p, wait=3):
        for sig in (signal.SIGCONT, signal.SIGTERM):
            self._kill(p, sig)
        try:
            p.wait(wait)
        except subprocess.TimeoutExpired:
            pass
        self._kill(p, signal.SIGKILL)
        p.wait()
        if p in self.all:
            self.all.remove(p)

    def _kill(self, p, sig):
        try:
            os.killpg(p.pid, sig)
        except ProcessLookupError:
            pass

    def stop_all(self):
        for p in self.all[::-1]:
            self.stop(p)


def kids(pid):
    """pid and all its descendants"""
    r = [pid]
    try:
        for t in os.listdir('/proc/%d/task' % pid):
            with open('/proc/%d/task/%s/children' % (pid, t)) as f:
                for c in f.read().split():
                    r += kids(int(c))
    except OSError:
        pass
    return r


def usage(pids):
    """(cpu ns, rss kB, pss kB) summed over pids; a thread that has ended takes its CPU time with it"""
    cpu = rss = pss = 0
    for p in pids:
        try:
            for t in os.listdir('/proc/%d/task' % p):
                with open('/proc/%d/task/%s/schedstat' % (p, t)) as f:
                    cpu += int(f.read().split()[0])
            with open('/proc/%d/smaps_rollup' % p) as f:
                for l in f:
                    if l.startswith('Rss:'):
                        rss += int(l.split()[1])
                    if l.startswith('Pss:'):
                        pss += int(l.split()[1])
        except OSError:
            pass
    return cpu, rss, pss


class Lab:
    """n links e0..e(n-1) in namespace d (the device), ifindex BASE+i.
    kind 'veth':    the far ends m<i> are in namespace p, and addresses (if addr) on both ends
    kind 'bridged': e<i> - m<i> | bridge | n<i> (namespace m) - p<i> (namespace p): cut(i) silences p, the carrier of e<i> stays
    kind 'tap':     e<i> are taps whose carrier is switched by TUNSETCARRIER: ifindex == iflink as for a NIC, so the kernel's
                    once-a-second linkwatch applies; nothing is at the far end"""
    BASE, FAR, MID, PEER, GROUP = 100, 3000, 6000, 9000, 7

    def __init__(self, tag, n, kind='veth', addr=False):
        self.n, self.kind, self.addr, self.bridged = n, kind, addr, kind == 'bridged'
        self.d, self.p, self.m = ('ermbench-%s-%s-%s' % (RUN, tag, x) for x in 'dpm')
        self.far_ns = self.m if self.bridged else self.p
        self.work = os.path.join(TOP, tag)
        shutil.rmtree(self.work, ignore_errors=True)
        os.makedirs(self.work)
        self.procs, self.seats, self.taps = Procs(), [], []
        self.destroy_ns()
        try:
            self._build()
        except BaseException:
            self.destroy()
            raise

    def ip4(self, i, side):
        return '10.%d.%d.%d' % (1 + i // 250, i % 250, side)

    def _build(self):
        tap = self.kind == 'tap'
        for ns in [self.d] + ([] if tap else [self.p]) + ([self.m] if self.bridged else []):
            subprocess.check_call(['ip', 'netns', 'add', ns])
            subprocess.check_call(['ip', '-n', ns, 'link', 'set', 'lo', 'up'])
            with InNs(ns):
                for k in ('all', 'default'):
                    try:
                        with open('/proc/sys/net/ipv6/conf/%s/disable_ipv6' % k, 'w') as f:
                            f.write('1')
                    except OSError:
                        pass
        sides = [(self.d, ['e'])]
        if tap:
            with InNs(self.d):
                for i in range(self.n):
                    f = os.open('/dev/net/tun', os.O_RDWR | os.O_CLOEXEC)
                    self.taps.append(f)
                    fcntl.ioctl(f, TUNSETIFINDEX, struct.pack('I', self.BASE + i))
                    fcntl.ioctl(f, TUNSETIFF, struct.pack('16sH22x', b'e%d' % i, 0x1002))
        else:
            ip_batch(['link add e%d index %d netns %s type veth peer name m%d index %d netns %s' % (
                i, self.BASE + i, self.d, i, self.FAR + i, self.far_ns) for i in range(self.n)])
            sides.append((self.far_ns, ['m']))
        if self.bridged:
            ip_batch(['link add n%d index %d netns %s type veth peer name p%d index %d netns %s' % (
                i, self.MID + i, self.m, i, self.PEER + i, self.p) for i in range(self.n)])
            sides += [(self.m, ['n']), (self.p, ['p'])]
        far = 'p' if self.bridged else 'm'
        for ns, pre in sides:
            a = []
            for i in range(self.n):
                a += ['link set %s%d up group %d' % (x, i, self.GROUP) for x in pre]
                if self.addr and ns == self.d:
                    a.append('addr add %s/30 dev e%d' % (self.ip4(i, 1), i))
                if self.addr and ns == self.p:
                    a.append('addr add %s/30 dev %s%d' % (self.ip4(i, 2), far, i))
            ip_batch(a, ns)
        if self.bridged:
            ip_batch([x for i in range(self.n) for x in ('link add br%d type bridge' % i, 'link set m%d master br%d' % (i, i),
                                                         'link set n%d master br%d' % (i, i), 'link set br%d up' % i)], self.m)
            self.mid = Rtnl(self.m)
        if not tap:
            self.far = Rtnl(self.far_ns)
        self.mon = LinkMon(self.d)
        time.sleep(0.3)

    def seat(self, name):
        s = Seat(self, name, len(self.seats))
        self.seats.append(s)
        return s

    def _carrier(self, i, on):
        t0 = now()
        fcntl.ioctl(self.taps[i], TUNSETCARRIER, struct.pack('i', on))
        return t0, now()

    def down(self, i):
        return self._carrier(i, 0) if self.taps else self.far.set(self.FAR + i, False)

    def up(self, i):
        return self._carrier(i, 1) if self.taps else self.far.set(self.FAR + i, True)

    def cut(self, i):
        return self.mid.set(self.MID + i, False)

    def mend(self, i):
        return self.mid.set(self.MID + i, True)

    def all_down(self):
        if not self.taps:
            return self.far.group(self.GROUP, False)
        return self.down(0)[0], [self.down(i) for i in range(1, self.n)][-1][1] if self.n > 1 else now()

    def destroy_ns(self):
        for ns in (self.d, self.p, self.m):
            if os.path.exists('/run/netns/' + ns):
                subprocess.run(['ip', 'netns', 'del', ns])

    def destroy(self):
        self.procs.stop_all()
        threads = [x for x in [getattr(self, 'mon', None)] + [s.trap for s in self.seats] if x]
        for t in threads:
            t.quit = True
        for t in threads:
            t.join(2)
            t.s.close()
        for x in ('far', 'mid'):
            if hasattr(self, x):
                getattr(self, x).s.close()
        for f in self.taps:
            os.close(f)
        self.taps = []
        self.destroy_ns()


class Seat:
    """The place of one agent in a lab: its own work directory, trap port and snmpd port. Everything else is the lab's."""
    def __init__(self, lab, name, k):
        self.lab, self.port, self.snmp_port = lab, 16200 + k, 161 if k == 0 else 16300 + k
        self.work = os.path.join(lab.work, name)
        os.makedirs(self.work)
        self.mine = []
        self.trap = TrapListener(lab.d, self.port)

    def __getattr__(self, k):
        return getattr(self.lab, k)

    def start(self, argv, name, ns=None, env=None):
        p = self.lab.procs.start(ns or self.lab.d, argv, '%s/%s.log' % (self.work, name), env)
        self.mine.append(p)
        return p


def stats(v):
    """n, median, p10, p90, p99, max, min of a list"""
    v = sorted(v)
    if not v:
        return dict(n=0)

    def q(f):
        return v[min(len(v) - 1, int(f * len(v)))]
    m = v[len(v) // 2] if len(v) % 2 else (v[len(v) // 2 - 1] + v[len(v) // 2]) / 2
    return dict(n=len(v), median=m, p10=q(.1), p90=q(.9), p99=q(.99), max=v[-1], min=v[0])
