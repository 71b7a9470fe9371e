#!/usr/bin/env python3
"""Compares what the agent knows with what ERMON-MIB and ermon.yang show of it.

usage: fields.py SOURCE_DIRECTORY fields.txt

The row structs, the tables of columns, the MIB, the module, its encoder and the
enumerations must agree with the table, and so with each other.  Prints one line
for each difference; exit status 1 if there was one.
"""
import pathlib
import re
import sys

from yang_lint import parse

# An InetAddress is one leaf, and so is its text.
TYPES = {
    "TruthValue": {"boolean"},
    "Counter32": {"yang:counter32", "yang:counter64"},
    "Gauge32": {"yang:gauge32", "uint32", "uint64", "boolean"},
    "Unsigned32": {"uint8", "uint16", "uint32", "inet:as-number"},
    "Integer32": {"uint32", "int32", "power", "decimal64"},
    "DateAndTime": {"yang:date-and-time"},
    "TimeStamp": {"yang:date-and-time"},
    "SnmpAdminString": {"string", "name", "interface-name", "text-line", "service-key", "role", "leafref",
                        "alarm-type", "union", "inet:ip-address-no-zone"},
    "InetAddressType": {"inet:ip-address-no-zone"},
    "InetAddress": {"inet:ip-address-no-zone"},
}


# Structs within a row, whose fields are shown like its own.
PARTS = {"struct erm_verdict", "struct erm_source_counters", "struct erm_counters", "struct erm_shelf",
         "struct erm_operator"}


class Sources:
    """The texts to compare, each read for what matters here."""

    def __init__(self, root):
        def read(pattern):
            return "\n".join(p.read_text(encoding="utf-8") for p in sorted(root.glob(pattern)))

        headers = "\n".join(read(f"agent/{h}.h") for h in (
            "core/types", "core/config", "core/obs", "core/event", "core/shelf", "core/snapshot", "publish/publisher"))
        self.headers = re.sub(r"/\*.*?\*/|^#.*?$", "", headers, flags=re.S | re.M)
        self.columns_text = read("agent/publish/snmp/columns*.c")
        self.encoder = read("agent/yang/encode*.c")
        self.types = read("agent/core/types.c")
        self.types_header = re.sub(r"/\*.*?\*/", "", read("agent/core/types.h"), flags=re.S)
        self.mib = re.sub(r'"[^"]*"|--[^\n]*', "", read("mibs/ERMON-MIB.txt.in"))
        self.module = parse(read("yang/ermon.yang"))
        self.own_rows = set()  # paths of the lists and containers that have a section

    def members(self, struct):
        """[(name, type)] of a struct; a field of several is one of each."""
        body = re.search(r"\bstruct " + struct + r" \{(.*?)^\}", self.headers, re.S | re.M)
        members = []
        for declaration in (body.group(1) if body else "").split(";"):
            m = re.match(r"\s*(?:const )?((?:enum|struct|unsigned) \w+|\w+)\s+(.*\S)\s*$", declaration, re.S)
            if not m:
                continue
            for name in m.group(2).split(","):
                name = re.sub(r"[\s*]|^const ", "", name)
                size = re.search(r"\[(\d+)\]$", name)
                if m.group(1) == "char":
                    members.append((name.split("[")[0], "char"))
                elif size:
                    members += [(f"{name[:size.start()]}[{i}]", m.group(1)) for i in range(int(size.group(1)))]
                else:
                    members.append((name, m.group(1)))
        return members

    def fields(self, section):
        """path -> type of what a row holds, its parts and its configuration included."""
        found = {}
        for name, kind in self.members(section["struct"][0]):
            if kind in PARTS and name != "operators":
                found |= {f"{name}.{n}": k for n, k in self.members(kind.split()[1])}
            elif name != "config":
                found[name] = kind
        if "config" in section:
            struct, prefix = (section["config"] + [""])[:2]
            found |= {f"config.{prefix}{n}": k for n, k in self.members(struct)}
        if "health" in section:
            found |= {f"health.{n}": k for n, k in self.members(section["health"][0])}
        return found

    def columns(self, prefix, structs):
        """name -> (field, getter) of the columns over these structs; the field is None when computed."""
        found = {}
        for m in re.finditer(r"\{\s*\"(\w+)\",\s*\w+,\s*ERM_SNMP_(ROW|CONFIG|HEALTH),\s*"
                             r"(?:offsetof\(struct (\w+),\s*([\w.\[\]]+)\)|0),\s*(\w+)\s*\}", self.columns_text):
            name, base, struct, field, getter = m.groups()
            if not name.startswith(prefix) or (struct and struct not in structs):
                continue
            if field and base != "ROW":
                field = f"{base.lower()}.{field}"
            found[name] = (field, getter)
        return found

    def table(self, name):
        """name -> SYNTAX of the readable columns of a table, or of the scalars of a node."""
        entry = re.sub("Table$", "Entry", name)
        found = {}
        for m in re.finditer(r"^(\w+) OBJECT-TYPE\s+SYNTAX\s+(\w+).*?MAX-ACCESS\s+(\S+).*?::= \{ (\w+) \d+ \}",
                             self.mib, re.S | re.M):
            if m.group(4) == entry and m.group(3) == "read-only":
                found[m.group(1)] = m.group(2)
        return found

    def leaves(self, path):
        """path -> type of the leaves of a list or container, what has a section below it excluded."""
        groupings = {g.argument: g for g in self.module.all("grouping")}
        node = next(c for c in self.module.all("container") if c.argument == "ermon")
        for step in path.split("/"):
            node = next(s for s in node.subs if s.keyword in ("list", "container") and s.argument == step)
        found = {}

        def visit(of, prefix):
            for sub in of.subs:
                if sub.keyword in ("leaf", "leaf-list"):
                    found[prefix + sub.argument] = sub.arg("type")
                elif sub.keyword == "container" and f"{path}/{prefix}{sub.argument}" not in self.own_rows:
                    visit(sub, f"{prefix}{sub.argument}/")
                elif sub.keyword == "uses":
                    visit(groupings[sub.argument], prefix)

        visit(node, "")
        return found

    def statements(self, functions):
        found = []
        for function in functions:
            m = re.search(r"^[^\n;]*\b" + function + r"\([^;{]*\)\n\{(.*?)^\}", self.encoder, re.S | re.M)
            found += m.group(1).split(";") if m else []
        return found

    def getter(self, name):
        m = re.search(r"\b" + name + r"\([^;{]*\)\n\{(.*?)^\}", self.columns_text, re.S | re.M)
        return m.group(1) if m else ""

    def c_enum(self, name):
        """number -> name, as the header numbers and types.c spells it."""
        body = re.search(r"\benum " + name + r" \{(.*?)\}", self.types_header, re.S)
        spelled = dict(re.findall(r"\[(ERM_\w+)\]\s*=\s*\"([^\"]*)\"", self.types))
        values, number = {}, 0
        for m in re.finditer(r"(ERM_\w+)(?:\s*=\s*(\d+))?", body.group(1) if body else ""):
            number = int(m.group(2)) if m.group(2) else number
            if not re.search(r"_MAX$", m.group(1)):
                values[number] = spelled.get(m.group(1), m.group(1))
            number += 1
        return values

    def convention(self, name):
        m = re.search(r"^" + name + r" ::= TEXTUAL-CONVENTION.*?SYNTAX\s+INTEGER \{(.*?)\}", self.mib, re.S | re.M)
        return {int(n): label for label, n in re.findall(r"(\w+)\((\d+)\)", m.group(1) if m else "")}

    def typedef(self, name):
        found, number = {}, 0
        for typedef in self.module.all("typedef"):
            if typedef.argument != name:
                continue
            for enum in typedef.subs[0].all("enum"):
                number = int(enum.arg("value") or number)
                found[number] = enum.argument
                number += 1
        return found


def read_table(path):
    sections, current = {}, None
    for line in path.read_text(encoding="utf-8").split("\n"):
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        if line.startswith("["):
            current = sections.setdefault(line.strip("[]"), {"lines": []})
        elif words[0] in ("struct", "config", "health", "mib", "prefix", "yang", "encode"):
            current[words[0]] = words[1:]
        else:
            current["lines"].append(words)
    return sections


def compare_sets(what, have, listed, say):
    for name in sorted(set(have) - set(listed)):
        say(f"{what} {name} is not in the table")
    for name in sorted(set(listed) - set(have)):
        say(f"{what} {name} is in the table only")


def in_lists(leaf, lists):
    """The lists that a leaf of the table belongs to, and its path there."""
    which, _, path = leaf.rpartition(":")
    return [(name, path) for name in lists if not which or name == which]


def compare_rows(name, section, src, conventions, say):
    prefix = section.get("prefix", ["-"])[0]
    structs = [section[k][0] for k in ("struct", "health") if k in section]
    structs += [section["config"][0]] if "config" in section else []
    structs += ["erm_config"] if name == "agent" else []
    fields, mib = src.fields(section), src.table(section["mib"][0])
    columns = {n: c for n, c in src.columns(prefix, structs).items() if n in mib}
    lists = {path: src.leaves(path) for path in section["yang"]}
    statements = src.statements(section["encode"])
    compare_sets(f"{name}: field", fields, [w[0] for w in section["lines"] if w[0] != "="], say)
    shown = [prefix + c for w in section["lines"] if w[1] != "-" for c in w[1].split(",")]
    compare_sets(f"{name}: column of the MIB", mib, shown, say)
    compare_sets(f"{name}: served column", columns, shown, say)
    for path, leaves in lists.items():
        listed = [p for w in section["lines"] if w[2] != "-" for n, p in in_lists(w[2], lists) if n == path]
        compare_sets(f"{name}: leaf of {path}", leaves, listed, say)

    for words in section["lines"]:
        field, names, leaf = words[:3]
        names = [] if names == "-" else [prefix + c for c in names.split(",")]
        has_reason = len(words) > 3 or (leaf != "-" and len(section["mib"]) > 1)
        if (not names or leaf == "-") and not has_reason:
            say(f"{name}: {field} is not shown on both sides, and no reason is given")
        for column in names:
            served, getter = columns.get(column, (None, ""))
            if served and served != field:
                say(f"{name}: {column} shows {served}, not {field}")
            if not served and field != "=" and field not in src.getter(getter).replace("->", "."):
                say(f"{name}: {column} does not show {field}")
        if leaf == "-":
            continue
        types = {lists[n].get(p) for n, p in in_lists(leaf, lists)}
        last = leaf.rpartition("/")[2].rpartition(":")[2]
        enum = fields.get(field, "").removeprefix("enum ")
        for column in names:
            syntax = mib.get(column)
            if enum in conventions and conventions[enum][0] == syntax:
                if types != {conventions[enum][1]}:
                    say(f"{name}: {column} is {syntax}, {leaf} is {types}")
            elif not column.endswith("Age") and not types <= TYPES.get(syntax, set()):
                say(f"{name}: {column} is {syntax}, {leaf} is {types}")
        word = field.rpartition(".")[2].split("[")[0]
        paths = [f"{n}/{p}".split("/")[:-1] for n, p in in_lists(leaf, lists)]
        if field != "=" and any("state" in p for p in paths) and not field.startswith("config") and \
                not any(f'"{last}"' in s and word in s for s in statements):
            say(f"{name}: the encoder does not put {field} into {leaf}")


def to_label(name):
    return re.sub(r"-(.)", lambda m: m.group(1).upper(), name)


def compare_enums(lines, src, say):
    compare_sets("enumeration", re.findall(r"\benum (\w+) \{", src.types_header), [w[0] for w in lines], say)
    compare_sets("textual convention", re.findall(r"^(\w+) ::= TEXTUAL-CONVENTION", src.mib, re.M),
                 [w[1] for w in lines if w[1] != "-"], say)
    compare_sets("typedef", [t.argument for t in src.module.all("typedef") if t.arg("type") == "enumeration"],
                 [w[2] for w in lines if w[2] != "-"], say)
    for enum, convention, typedef, *rest in lines:
        c = src.c_enum(enum)
        if len(c) < 2:
            say(f"enumeration {enum} was not found")
        if typedef != "-" and src.typedef(typedef) != c:
            say(f"{enum} and {typedef} differ: {c.items() ^ src.typedef(typedef).items()}")
        extra = re.fullmatch(r"(\w+)\((\d+)\)", rest[0]) if rest else None
        wanted = {n: to_label(v) for n, v in c.items() if not extra or to_label(v) != extra.group(1)}
        if extra:
            wanted[int(extra.group(2))] = extra.group(1)
        if convention != "-" and src.convention(convention) != wanted:
            say(f"{enum} and {convention} differ: {wanted.items() ^ src.convention(convention).items()}")


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    src = Sources(pathlib.Path(sys.argv[1]))
    sections = read_table(pathlib.Path(sys.argv[2]))
    differences = []
    enums = sections.pop("enumerations")["lines"]
    src.own_rows = {path for section in sections.values() for path in section["yang"]}
    for name, section in sections.items():
        compare_rows(name, section, src, {w[0]: w[1:3] for w in enums}, differences.append)
    rows = set(re.findall(r"\bstruct (erm_\w+_row) \{", src.headers))
    compare_sets("row", rows | {"erm_event", "erm_snapshot"}, [s["struct"][0] for s in sections.values()],
                 differences.append)
    compare_enums(enums, src, differences.append)
    print("\n".join(differences), end="\n" if differences else "")
    sys.exit(1 if differences else 0)


if __name__ == "__main__":
    main()
