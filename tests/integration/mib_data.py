#!/usr/bin/env python3
"""Compares a walk of ERMON-MIB, by names (mib_names.awk), with `ermonctl -f json status' and
`events': what both have must be the same.  Prints a line for each difference and, as the last
one, how many values were compared.

    mib_data.py WALK STATUS.json EVENTS.json
"""

import json
import re
import sys

# Columns without a leaf: relative to the time of the request, types of addresses, octets.
NOT_COMPARED = re.compile(
    r"Age$|^CollectorAge$|(Neighbor|Local)(Type)?$|^(Session)?LocalText$|Discontinuity$"
    r"|^GroupKind$"
)
# Where the two names differ by more than their form: MIB without its table, YANG.
RENAMED = {
    "worst-state": "worst-case",
    "best-state": "best-case",
    "number": "index",
    "model": "connectivity-model",
    "neighbor-text": "neighbor",
    "expected-as": "peer-as",
    "established": "established-count",
    "root-id": "root",
    "alarm-type": "type",
    "error-text": "reset-text",
    "bfd-expected": "bfd",
    "circuit-name": "circuit",
    "role": "connection",
}
# Numbers that say that there is none: a leaf would be absent.
NOT_TOLD = (-32768, -2147483648)
SCALARS = {
    "ermonAgentVersion": "version",
    "ermonAgentStartTime": "start-time",
    "ermonLastSequence": "last-sequence",
    "ermonActiveAlarms": "active-alarms",
    "ermonWorstState": "worst-state",
    "ermonWorstGroupState": "worst-group",
    "ermonWorstCircuitState": "worst-circuit",
    "ermonWorstServiceState": "worst-service",
    "ermonWorstConnectionState": "worst-connection",
    "ermonWorstSessionState": "worst-session",
    "ermonWorstPortState": "worst-port",
    "ermonLastChange": "last-change",
}


def kebab(name):
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name).lower()


def plain(value):
    """A value of the walk as instance data has it."""
    value = value.strip()
    octets = re.fullmatch(r'"((?:[0-9A-F]{2} ){8,11})"', value)
    if octets:
        o = [int(x, 16) for x in octets[1].split()]
        if not any(o):
            return None
        return "%04d-%02d-%02dT%02d:%02d:%02d.%d" % (o[0] << 8 | o[1], *o[2:8])
    if value.startswith('"'):
        return value.strip('"')
    label = re.fullmatch(r"([a-zA-Z0-9]+)\((\d+)\)", value)
    if label:
        return {"true": True, "false": False}.get(label[1], kebab(label[1]))
    return int(value)


def same(mib, data):
    if isinstance(data, str) and re.match(r"\d{4}-\d\d-\d\dT", data):
        return mib == data[:21]
    # A decimal64 is a text; the MIB counts in hundredths.
    if isinstance(data, str) and re.fullmatch(r"-?\d+\.\d+", data):
        return mib == round(float(data) * 100)
    if isinstance(mib, int) and not isinstance(mib, bool):
        return mib == int(data)
    # Labels have no hyphens in SMIv2: managedL3 and managed-l3, bgpIpv4 and bgp-ipv4.
    if isinstance(mib, str) and isinstance(data, str):
        return mib == data or mib.replace("-", "") == data.replace("-", "")
    return mib == data


def find(column, *nodes):
    """(found, value) of a column in the nodes of one row."""
    names = [kebab(column), RENAMED.get(kebab(column))]
    names += [re.sub("^is-|^has-", "", names[0])]
    for name in names:
        for node in nodes:
            if name in node:
                return True, node[name]
    return False, None


def inner_rows(circuit):
    """The rows of what a circuit holds; their tables repeat the names they are below."""
    name, first = circuit["name"], circuit["state"]["index"]
    above = {"circuit-name": name, "circuit-number": first}
    for node in circuit.get("service", []):
        more = dict(above, name="%s:%s-%s" % (name, node["peering"], node["family"]))
        yield ("service", "%d.%d" % (first, node["index"])), (more, node)
    for node in circuit.get("connection", []):
        role, number = node["role"], 1 + (node["role"] == "secondary")
        more = dict(above, name="%s:%s" % (name, role), number=number, role=role)
        yield ("connection", "%d.%d" % (first, number)), (more, node["state"], node)
        for session in node.get("session", []):
            more = dict(
                above,
                name="%s:%s:%s-%s" % (name, role, session["peering"], session["family"]),
                role=role,
                interface=node.get("interface"),
            )
            more["connection-number"] = number
            more["source"] = session.get("source", [""])[0]
            more["prefixes-expected"] = len(session.get("expected-prefix", []))
            index = "%d.%d.%d" % (first, number, session["state"]["index"])
            yield ("session", index), (more, session["state"], session)


def light_rows(port):
    """The rows of a port's light: none when nobody has looked."""
    light, first = port["state"].get("light"), port["state"]["index"]
    if light is None:
        return
    lanes = light.get("lane", [])
    above = {"port-number": first, "port-name": port["name"]}
    more = dict(above, interface=port["interface"], lanes=len(lanes))
    yield ("light", str(first)), (more, light)
    for node in lanes:
        yield ("lane", "%d.%d" % (first, node["number"])), (above, node)


def rows(tree, events):
    """Every row of the MIB: (table, index) -> the nodes its columns are in."""
    found = {}
    for word in ("source", "port", "circuit", "group", "port-pair"):
        for node in tree.get(word, []):
            table = "group" if word == "port-pair" else word
            found[table, str(node["state"]["index"])] = (node["state"], node)
    for port in tree.get("port", []):
        found.update(light_rows(port))
    for circuit in tree.get("circuit", []):
        found.update(inner_rows(circuit))
    for node in tree["alarms"].get("alarm", []):
        found["alarm", str(node["id"])] = (node,)
    for node in events["events"].get("event", []):
        found["event", str(node["sequence"])] = (node,)
    return found


def main():
    with open(sys.argv[2]) as status, open(sys.argv[3]) as log:
        tree = json.load(status)["ermon:ermon"]
        events = json.load(log)["ermon:ermon"]
    known = rows(tree, events)
    seen, compared, missing = set(), 0, {}
    with open(sys.argv[1]) as walk:
        for line in walk:
            name, value = line.rstrip("\n").split(" = ", 1)
            name, index = name.split(".", 1)
            if name in SCALARS:
                compared += 1
                if not same(plain(value), tree["agent"]["state"].get(SCALARS[name])):
                    print("%s: SNMP %s, ermonctl %r" % (name, value, tree["agent"]["state"]))
            match = re.fullmatch(
                r"ermon(Source|Port|Circuit|Connection|Session|Service|Group|Alarm|Event|Light|Lane)"
                r"(\w+)",
                name,
            )
            if not match or index == "0":
                continue
            table, column = kebab(match[1]), match[2]
            nodes = known.get((table, index))
            if nodes is None:
                print("%s.%s: ermonctl has no such row" % (name, index))
                continue
            seen.add((table, index))
            if NOT_COMPARED.search(match[1] + column) or NOT_COMPARED.search(column):
                continue
            is_there, data = find(column, *nodes)
            mib = plain(value)
            if not is_there:
                if mib not in (None, "", 0, "none") + NOT_TOLD:
                    missing.setdefault(name, mib)
                continue
            compared += 1
            if not same(mib, data):
                print("%s.%s: SNMP %r, ermonctl %r" % (name, index, mib, data))
    for table, index in sorted(set(known) - seen):
        print("%s %s: SNMP has no such row" % (table, index))
    for name, mib in sorted(missing.items()):
        print("%s: SNMP %r, ermonctl nothing of that name" % (name, mib))
    print(compared)


main()
