"""A NETCONF client that is in nobody's way: replies are taken as octets, to the end mark and not further."""
import re, select, socket
from lab import now

BASE, ERMON = 'urn:ietf:params:xml:ns:netconf:base:1.0', 'urn:ermon:ermon'
HELLO = ('<hello xmlns="%s"><capabilities><capability>urn:ietf:params:netconf:base:1.1</capability></capabilities></hello>]]>]]>'
         % BASE).encode()
SUBSCRIBE = '<create-subscription xmlns="urn:ietf:params:xml:ns:netconf:notification:1.0"/>'
END = b'\n##\n'


def circuit(name):
    return '<get><filter type="subtree"><ermon xmlns="%s"><circuit><name>%s</name></circuit></ermon></filter></get>' % (ERMON, name)


class Client:
    def __init__(self, path):
        self.s = socket.socket(socket.AF_UNIX)
        self.s.settimeout(30)
        self.s.connect(path)
        self.rest = b''
        self.s.sendall(HELLO)
        self.take(b']]>]]>')

    def more(self):
        data = self.s.recv(1 << 20)
        if not data:
            raise RuntimeError('the NETCONF session has ended')
        return data

    def take(self, mark):
        got = [self.rest]
        while mark not in got[-1] and not got[-1].endswith(mark):
            data = self.more()
            if len(data) < len(mark):            # the mark may be cut in two
                data = got.pop() + data
            got.append(data)
        all_, self.rest = b''.join(got), b''
        return all_

    def rpc(self, operation):
        m = ('<rpc xmlns="%s" message-id="1">%s</rpc>' % (BASE, operation)).encode()
        m = b'\n#%d\n%s\n##\n' % (len(m), m)
        t0 = now()
        self.s.sendall(m)
        got = self.take(END)
        t1 = now()
        if b'<rpc-error' in got[:2000]:
            raise RuntimeError('rpc-error: %r' % got[:500])
        return got, t1 - t0


class Listeners:
    """n sessions with a subscription each"""
    def __init__(self, path, n):
        self.poll, self.all = select.epoll(), {}
        for _ in range(n):
            c = Client(path)
            c.rpc(SUBSCRIBE)
            c.s.setblocking(False)
            self.all[c.s.fileno()] = c
            self.poll.register(c.s.fileno(), select.EPOLLIN)

    def drain(self, secs):
        """until nothing has come for so long"""
        while any([self.all[fd].more() for fd, _ in self.poll.poll(secs)]):
            pass

    def wait(self, word, secs):
        """-> when each had a notification with that word in it, or None where it took too long"""
        seen, text, end = {}, {fd: b'' for fd in self.all}, now() + int(secs * 1e9)
        while len(seen) < len(self.all) and now() < end:
            for fd, _ in self.poll.poll((end - now()) / 1e9):
                data = self.all[fd].more()
                t = now()
                text[fd] += data
                if fd not in seen and re.search(word + rb'.*?</notification>', text[fd], re.S):
                    seen[fd] = t
        return [seen.get(fd) for fd in self.all]

    def close(self):
        for c in self.all.values():
            c.s.close()
        self.poll.close()
