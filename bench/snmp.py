"""The smallest SNMPv2c client that walks a table by rows: all columns in one GETBULK.  Only the waiting is timed, not the decoding."""
import socket, struct
from lab import now, oid, tlv


def length(n):
    return bytes([n]) if n < 128 else b'\x82' + struct.pack('>H', n)


def node(tag, body):
    return bytes([tag]) + length(len(body)) + body


def integer(v):
    return node(2, v.to_bytes(v.bit_length() // 8 + 1, 'big', signed=True))


def encode(name):
    ids = [int(x) for x in name.split('.')]
    out = bytes([ids[0] * 40 + ids[1]])
    for v in ids[2:]:
        part = [v & 0x7f]
        while v > 0x7f:
            v >>= 7
            part.append(v & 0x7f | 0x80)
        out += bytes(reversed(part))
    return node(6, out)


def getbulk(names, repetitions, number):
    varbinds = b''.join(node(0x30, encode(n) + b'\x05\x00') for n in names)
    pdu = node(0xa5, integer(number) + integer(0) + integer(repetitions) + node(0x30, varbinds))
    return node(0x30, integer(1) + node(4, b'public') + pdu)


def names_of(reply):
    """the object identifiers of a response, in order"""
    _, o, _ = tlv(reply, 0)
    for _ in range(2):
        _, _, o = tlv(reply, o)
    _, o, _ = tlv(reply, o)
    for _ in range(3):
        _, _, o = tlv(reply, o)
    _, o, end = tlv(reply, o)
    names = []
    while o < end:
        _, s, o = tlv(reply, o)
        _, a, z = tlv(reply, s)
        names.append(oid(reply[a:z]))
    return names


def walk_once(sock, table, columns):
    """-> (varbinds of the table, ns waited)"""
    heads = ['%s.%d' % (table, c) for c in columns]
    at, count, waited, number = list(heads), 0, 0, 0
    while True:
        number += 1
        request = getbulk(at, 4, number)
        t0 = now()
        sock.send(request)
        reply = sock.recv(65536)
        waited += now() - t0
        names = names_of(reply)
        rows = len(names) // len(at)
        for r in range(rows):
            row = names[r * len(at):(r + 1) * len(at)]
            inside = [x.startswith(h + '.') for x, h in zip(row, heads)]
            count += sum(inside)
            if not any(inside):
                return count, waited
            at = row
        if rows == 0:
            raise ValueError('an answer without a row')


def walk_rows(host, port, table, columns, seconds):
    """varbinds a second, over as many walks as go into `seconds` of waiting; columns that the agent has not are left out"""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(15)
        sock.connect((host, port))
        there = []
        for c in columns:
            sock.send(getbulk(['%s.%d' % (table, c)], 1, 1))
            there += [c] if names_of(sock.recv(65536))[0].startswith('%s.%d.' % (table, c)) else []
        count = waited = 0
        while waited < seconds * 1e9:
            a, b = walk_once(sock, table, there)
            if a == 0:
                raise ValueError('nothing below ' + table)
            count, waited = count + a, waited + b
    return round(count / (waited / 1e9))
