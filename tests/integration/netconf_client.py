"""A NETCONF client without a library: says what it is told to, right or wrong."""

import re
import socket
import xml.etree.ElementTree as ET

BASE = "urn:ietf:params:xml:ns:netconf:base:1.0"
ERMON = "urn:ermon:ermon"
MONITORING = "urn:ietf:params:xml:ns:yang:ietf-netconf-monitoring"
LIBRARY = "urn:ietf:params:xml:ns:yang:ietf-yang-library"
NMDA = "urn:ietf:params:xml:ns:yang:ietf-netconf-nmda"
DATASTORES = "urn:ietf:params:xml:ns:yang:ietf-datastores"
DEFAULTS = "urn:ietf:params:xml:ns:yang:ietf-netconf-with-defaults"
NOTIFICATION = "urn:ietf:params:xml:ns:netconf:notification:1.0"
NETMOD = "urn:ietf:params:xml:ns:netmod:notification"
END = b"]]>]]>"


class Closed(Exception):
    """The server ended the session."""


class Client:
    """hello=False: connected, nothing said yet."""

    def __init__(self, path, version="1.1", hello=True, timeout=20):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(timeout)
        self.sock.connect(path)
        self.input = b""
        self.is_chunked = False
        self.number = 0
        self.raw = ""
        self.hello = self.read()
        self.id = int(ET.fromstring(self.hello).find("{%s}session-id" % BASE).text)
        if hello:
            self.send_hello(version)

    def send_hello(self, version):
        self.send('<hello xmlns="%s"><capabilities><capability>urn:ietf:params:netconf:base:%s'
                  "</capability></capabilities></hello>" % (BASE, version))
        self.is_chunked = version == "1.1"

    def close(self):
        self.sock.close()

    def send_octets(self, data):
        try:
            self.sock.sendall(data)
        except (BrokenPipeError, ConnectionResetError) as error:
            raise Closed from error

    def send(self, text):
        data = text.encode()
        if self.is_chunked:
            self.send_octets(b"\n#%d\n%s\n##\n" % (len(data), data))
        else:
            self.send_octets(data + END)

    def fill(self):
        try:
            data = self.sock.recv(1 << 16)
        except ConnectionResetError:
            data = b""
        if not data:
            raise Closed
        self.input += data

    def read_chunk(self):
        """None behind the last one."""
        while True:
            head = re.match(rb"\n#([1-9][0-9]*|#)\n", self.input)
            if head:
                break
            if len(self.input) > 16:
                raise ValueError("no chunk: %r" % self.input[:40])
            self.fill()
        self.input = self.input[head.end():]
        if head[1] == b"#":
            return None
        size = int(head[1])
        while len(self.input) < size:
            self.fill()
        chunk, self.input = self.input[:size], self.input[size:]
        return chunk

    def read(self):
        """The next message."""
        if self.is_chunked:
            return b"".join(iter(self.read_chunk, None)).decode()
        while END not in self.input:
            self.fill()
        message, self.input = self.input.split(END, 1)
        return message.decode()

    def rpc(self, operation, attributes=""):
        """The reply to an operation, as an element."""
        self.number += 1
        self.send('<rpc xmlns="%s" message-id="%d"%s>%s</rpc>'
                  % (BASE, self.number, attributes, operation))
        self.raw = self.read()
        return ET.fromstring(self.raw)

    def data(self):
        """What was in <data> of the last reply, letter by letter: values have prefixes, too."""
        return re.sub(r"^.*?<data [^>]*>|</data></rpc-reply>$", "", self.raw, flags=re.S)

    def get(self, subtree=None):
        if subtree is None:
            return self.rpc("<get/>")
        return self.rpc('<get><filter type="subtree">%s</filter></get>' % subtree)

    def notification(self):
        """The content of the next notification, as an element; self.raw is its text."""
        message = self.read()
        root = ET.fromstring(message)
        if root.tag != "{%s}notification" % NOTIFICATION:
            raise ValueError("no notification: " + message[:200])
        self.raw = re.sub(r"^.*</eventTime>|</notification>$", "", message, flags=re.S)
        return root[1]

    def is_closed(self):
        """Whether the server ends the session, whatever it still says."""
        try:
            while True:
                self.fill()
        except Closed:
            return True
        except socket.timeout:
            return False


def error_of(reply):
    """(tag, type, bad-element) of the only rpc-error; None when there is none."""
    errors = reply.findall("{%s}rpc-error" % BASE)
    if len(errors) != 1:
        return None
    texts = [errors[0].find(path) for path in (
        "{%s}error-tag" % BASE, "{%s}error-type" % BASE,
        "{%s}error-info/{%s}bad-element" % (BASE, BASE))]
    return tuple(None if text is None else text.text for text in texts)


def data_of(reply, ns=BASE):
    return reply.find("{%s}data" % ns)


def texts(element, *names):
    """The texts of all elements at the path of names in ermon's namespace."""
    return [e.text for e in element.findall("/".join("{%s}%s" % (ERMON, n) for n in names))]


def ermon(inside=""):
    return '<ermon xmlns="%s">%s</ermon>' % (ERMON, inside)
