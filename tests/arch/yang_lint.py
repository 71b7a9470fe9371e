#!/usr/bin/env python3
"""Checks a YANG module's style: the rules of RFC 9907 a program can check.

usage: yang_lint.py MODULE.yang PREFIX REVISION

yanglint accepts a module without a single description; this does not.  Reads
the text itself, because a parser's output no longer has the order of the file.
Prints LINE: COMPLAINT for each violation; exit status 1 if there was one.
"""
import re
import sys

LINE_MAX = 69

# RFC 7950 section 14: the order of substatements, for what this project uses.
META = ["status", "description", "reference"]
DATA = ["typedef", "grouping", "container", "leaf", "leaf-list", "list", "choice", "uses"]
ORDER = {
    "module": ["yang-version", "namespace", "prefix", "import", "include", "organization", "contact",
               "description", "reference", "revision", "extension", "feature", "identity", "typedef",
               "grouping", "container", "leaf", "list", "uses", "augment", "rpc", "notification"],
    "import": ["prefix", "revision-date", "description", "reference"],
    "revision": ["description", "reference"],
    "typedef": ["type", "units", "default"] + META,
    "grouping": META + DATA,
    "enum": ["if-feature", "value"] + META,
    "must": ["error-message", "error-app-tag", "description", "reference"],
    "when": ["description", "reference"],
    "container": ["when", "if-feature", "must", "presence", "config"] + META + DATA + ["notification"],
    "leaf": ["when", "if-feature", "type", "units", "must", "default", "config", "mandatory"] + META,
    "leaf-list": ["when", "if-feature", "type", "units", "must", "default", "config", "min-elements",
                  "max-elements", "ordered-by"] + META,
    "list": ["when", "if-feature", "must", "key", "unique", "config", "min-elements", "max-elements",
             "ordered-by"] + META + DATA,
    "uses": ["when", "if-feature"] + META + ["refine", "augment"],
    "notification": ["if-feature", "must"] + META + DATA,
}
DESCRIBED = {"module", "revision", "typedef", "grouping", "enum", "identity", "feature", "extension",
             "container", "leaf", "leaf-list", "list", "choice", "rpc", "notification", "when"}
REFERENCED = {"revision", "import"}
NUMBERS = {"int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "decimal64",
           "yang:counter32", "yang:counter64", "yang:gauge32"}
# Numbers that count or measure nothing: names, codes and the flap penalty's points.
WITHOUT_UNITS = {"index", "id", "sequence", "last-sequence", "acknowledged-sequence", "root", "alarm-id",
                 "if-index", "error-code", "error-subcode", "flap-suppress", "flap-reuse"}


class Statement:
    def __init__(self, keyword, argument, line):
        self.keyword, self.argument, self.line, self.subs = keyword, argument, line, []

    def all(self, keyword):
        return [s for s in self.subs if s.keyword == keyword]

    def arg(self, keyword):
        return next((s.argument for s in self.subs if s.keyword == keyword), None)

    def walk(self):
        yield self
        for sub in self.subs:
            yield from sub.walk()


TOKEN = re.compile(r"""\s+|//[^\n]*|/\*.*?\*/|(?P<punct>[{};+])|"(?P<dq>(?:[^"\\]|\\.)*)"|'(?P<sq>[^']*)'"""
                   r"""|(?P<word>[^\s"'{};]+)""", re.S)


def tokens(text):
    at, line = 0, 1
    while at < len(text):
        m = TOKEN.match(text, at)
        if not m:
            sys.exit(f"{line}: cannot be read")
        kind = m.lastgroup
        if kind == "word" or kind == "punct":
            yield kind, m.group(kind), line
        elif kind:
            yield "string", " ".join(m.group(kind).split()), line
        line += m.group().count("\n")
        at = m.end()


def parse(text):
    stream = list(tokens(text)) + [("end", "", 0)]
    at = 0

    def statement():
        nonlocal at
        keyword, line = stream[at][1], stream[at][2]
        at += 1
        argument = None
        if stream[at][0] in ("word", "string"):
            argument = stream[at][1]
            at += 1
            while stream[at][1] == "+" and stream[at][0] == "punct":
                argument += stream[at + 1][1]
                at += 2
        s = Statement(keyword, argument, line)
        if stream[at][1] == "{":
            at += 1
            while stream[at][1] != "}":
                if stream[at][0] == "end":
                    sys.exit(f"{line}: {keyword} is not closed")
                s.subs.append(statement())
        at += 1
        return s

    return statement()


def check_text(text, say):
    for n, line in enumerate(text.split("\n"), 1):
        if len(line) > LINE_MAX:
            say(n, f"a line of {len(line)} characters, {LINE_MAX} are the most")
        if "\t" in line or line != line.rstrip():
            say(n, "a tab or blanks at the end")


def check_header(module, prefix, revision, say):
    for needed in ("yang-version", "namespace", "prefix", "organization", "contact"):
        if not module.arg(needed):
            say(module.line, f"the module has no {needed}")
    if module.arg("yang-version") != "1.1":
        say(module.line, "yang-version is not 1.1")
    if module.arg("prefix") != prefix:
        say(module.line, f"the prefix is not {prefix}")
    dates = [r.argument for r in module.all("revision")]
    if not dates or dates != sorted(dates, reverse=True) or len(set(dates)) != len(dates):
        say(module.line, "revisions are missing, or not newest first")
    if dates and dates[0] != revision:
        say(module.line, f"the newest revision is {dates[0]}, the file is installed as {revision}")


def check_statement(s, say):
    name = f"{s.keyword} {s.argument}"
    if s.keyword in DESCRIBED and not s.arg("description"):
        say(s.line, f"{name} has no description")
    if s.keyword in REFERENCED and not s.arg("reference"):
        say(s.line, f"{name} has no reference")
    if s.keyword == "must" and not s.arg("error-message"):
        say(s.line, f"{name} has no error-message")
    if s.keyword == "pattern" and not s.arg("error-message"):
        say(s.line, f"{name} has no error-message")
    if s.keyword == "enum" and not s.arg("value"):
        say(s.line, f"{name} has no value")
    if s.keyword == "leaf" and s.arg("mandatory") == "true" and s.arg("default"):
        say(s.line, f"{name} is mandatory and has a default")
    if s.keyword in ("leaf", "leaf-list", "typedef") and s.arg("type") in NUMBERS \
            and not s.arg("units") and s.argument not in WITHOUT_UNITS:
        say(s.line, f"{name} is a number without units")
    if s.keyword in DESCRIBED - {"module", "revision", "when"} \
            and not re.fullmatch(r"[a-z][a-z0-9-]{0,63}", s.argument or ""):
        say(s.line, f"{name}: names are lower case with hyphens")
    if s.keyword == "list":
        leaves = [n.argument for n in s.subs if n.keyword in DATA and n.keyword not in ("typedef", "grouping")]
        keys = (s.arg("key") or "").split()
        if leaves[:len(keys)] != keys:
            say(s.line, f"{name}: its keys are not its first leaves, in their order")


def check_order(s, say):
    order = ORDER.get(s.keyword)
    if not order:
        return
    last = 0
    for sub in s.subs:
        if sub.keyword not in order:
            say(sub.line, f"{sub.keyword} in {s.keyword} is not known here: add it to the checker")
            continue
        # Data definitions may be in any order among themselves.
        at = order.index(DATA[0]) if sub.keyword in DATA and DATA[0] in order else order.index(sub.keyword)
        if at < last:
            say(sub.line, f"{sub.keyword} comes too late in {s.keyword} {s.argument}")
        last = max(last, at)


def check_unused(module, say):
    everything = list(module.walk())
    types = {s.argument for s in everything if s.keyword == "type"}
    uses = {s.argument for s in everything if s.keyword == "uses"}
    bases = {s.argument for s in everything if s.keyword == "base"}
    words = " ".join(s.argument or "" for s in everything
                     if s.keyword in ("type", "uses", "base", "must", "when", "path", "if-feature"))
    for s in everything:
        if s.keyword == "typedef" and s.argument not in types:
            say(s.line, f"typedef {s.argument} is not used")
        if s.keyword == "grouping" and s.argument not in uses:
            say(s.line, f"grouping {s.argument} is not used")
        if s.keyword == "identity" and s.argument not in bases and not s.arg("base"):
            say(s.line, f"identity {s.argument} is not used")
        if s.keyword == "import" and f"{s.arg('prefix')}:" not in words:
            say(s.line, f"import {s.argument} is not used")


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    complaints = []
    with open(sys.argv[1], encoding="utf-8") as f:
        text = f.read()

    def say(line, what):
        complaints.append((line, what))

    module = parse(text)
    check_text(text, say)
    check_header(module, sys.argv[2], sys.argv[3], say)
    for s in module.walk():
        check_statement(s, say)
        check_order(s, say)
    check_unused(module, say)
    for line, what in sorted(complaints):
        print(f"{line}: {what}")
    sys.exit(1 if complaints else 0)


if __name__ == "__main__":
    main()
