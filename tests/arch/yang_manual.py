#!/usr/bin/env python3
"""Compares the keys and defaults of ermond.conf(5) with those of ermon.yang.

usage: yang_manual.py MODULE.yang ermond.conf.5

Prints one line for each difference; exit status 1 if there was one.
"""
import re
import sys

from yang_lint import parse


def module_keys(module):
    """(section, key) -> default; section is a list's name or a container's."""
    keys, holds = {}, {}
    groupings = {g.argument: g for g in module.all("grouping")}

    def visit(node):
        names = (node.arg("key") or "").split()
        for sub in node.subs:
            if sub.keyword in ("leaf", "leaf-list") and sub.argument not in names:
                keys[node.argument, sub.argument] = sub.arg("default")
            elif sub.keyword in ("list", "container") and sub.arg("config") != "false":
                visit(sub)
            elif sub.keyword == "uses" and sub.argument == "hold":
                holds[node.argument] = [r.arg("default") for r in sub.all("refine")]
                for leaf in groupings["hold"].all("leaf"):
                    keys["hold", leaf.argument] = None

    visit(next(c for c in module.all("container") if c.argument == "ermon"))
    return keys, holds


def manual_keys(text):
    keys, holds, section = {}, {}, None
    for line in text.split("\n"):
        if m := re.match(r"\.Ss \[([a-z-]+)", line):
            section = m.group(1)
        elif line.startswith(".Sh "):
            section = None
        elif m := re.match(r"\.It Cm (\S+) = Ar .*?(?: Pq Cm (\S+))?$", line):
            keys[section, m.group(1)] = m.group(2)
        elif section == "hold" and (m := re.match(r"\.It ([a-z-]+) Ta (\S+) Ta (\S+) Ta", line)):
            holds[m.group(1)] = [m.group(2), m.group(3)]
    return keys, holds


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    with open(sys.argv[1], encoding="utf-8") as f:
        keys, holds = module_keys(parse(f.read()))
    with open(sys.argv[2], encoding="utf-8") as f:
        manual, manual_holds = manual_keys(f.read())
    differences = []
    for what, yang, page in (("key", keys, manual), ("hold", holds, manual_holds)):
        for name in sorted(set(yang) | set(page), key=str):
            if name not in page:
                differences.append(f"{what} {name} is not in the manual")
            elif name not in yang:
                differences.append(f"{what} {name} is not in the module")
            elif yang[name] != page[name]:
                differences.append(f"{what} {name}: default {yang[name]}, the manual says {page[name]}")
    if len(keys) < 40:
        differences.append("hardly any key was found in the module")
    print("\n".join(differences), end="\n" if differences else "")
    sys.exit(1 if differences else 0)


if __name__ == "__main__":
    main()
