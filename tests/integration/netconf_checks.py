"""What a client sees of ermon-netconf: netconf_checks.py SOCKET REPLIES-FOLDER PART...

Each check is a line "ok   - NAME" or "FAIL - NAME: DETAIL"; replies are left in the folder
for yanglint, one file each, NUMBER.TYPE.xml.
"""

import os
import re
import socket
import subprocess
import sys
import time
import xml.etree.ElementTree as ET

from netconf_client import (BASE, DATASTORES, DEFAULTS, ERMON, LIBRARY, MONITORING, NETMOD, NMDA,
                            NOTIFICATION, Client, Closed, data_of, ermon, error_of, texts)

SOCKET, FOLDER = sys.argv[1:3]
NUMBERS = iter(range(int(time.time() * 1000) % 10**9, 10**10))


def check(name, is_good, detail=""):
    print("ok   - %s" % name if is_good else "FAIL - %s: %s" % (name, detail), flush=True)


def check_equal(name, wanted, got):
    check(name, wanted == got, "wanted %r, got %r" % (wanted, got))


def check_error(name, wanted, reply):
    check_equal(name, wanted, error_of(reply))


def keep(text, kind):
    """For yanglint, which wants no empty files."""
    if text:
        with open("%s/%03d.%s.xml" % (FOLDER, next(NUMBERS), kind), "w", encoding="utf-8") as f:
            f.write(text)


def kept(c, reply, kind="get", ns=BASE):
    data = data_of(reply, ns)
    if data is None:
        check("there is data", False, ET.tostring(reply, encoding="unicode")[:300])
        return ET.Element("none")
    keep(c.data(), kind)
    return data


def names_of(data):
    return texts(data, "ermon", "circuit", "name")


def part_hello():
    for version in ("1.0", "1.1"):
        client = Client(SOCKET, version)
        wanted = ["urn:ietf:params:netconf:base:" + version,
                  "urn:ietf:params:netconf:capability:xpath:1.0"]
        check("hello of %s: capabilities" % version, all(w in client.hello for w in wanted))
        check_equal("hello of %s: an answer" % version, str(client.number + 1),
                    client.get().get("message-id"))
    other = Client(SOCKET)
    check("session ids differ", other.id != client.id)
    library = kept(other, other.get('<yang-library xmlns="%s"><content-id/></yang-library>' % LIBRARY))
    content = library.findtext("{%s}yang-library/{%s}content-id" % (LIBRARY, LIBRARY))
    check("the content-id of the hello is yang-library's",
          content and "&amp;content-id=%s<" % content in other.hello, content)
    check("writable-running is not claimed", "writable-running" not in other.hello)
    reply = other.rpc("<get/>", ' xmlns:x="urn:x" x:mark="&lt;&quot;"')
    check_equal("attributes come back", '<"', reply.get("{urn:x}mark"))


def part_subtree():
    c = Client(SOCKET)
    for name, subtree, wanted in (
            ("one circuit", ermon("<circuit><name>contoso-fra</name></circuit>"), ["contoso-fra"]),
            ("blanks around a value", ermon("<circuit><name> contoso-fra\n</name></circuit>"),
             ["contoso-fra"]),
            ("all circuits", ermon("<circuit/>"), ["contoso-ams", "contoso-fra"]),
            ("without a namespace", '<ermon xmlns=""><circuit><name/></circuit></ermon>',
             ["contoso-ams", "contoso-fra"]),
            ("of another namespace", '<ermon xmlns="urn:x"><circuit/></ermon>', []),
            ("two of one list", ermon("<circuit><name>contoso-fra</name></circuit>"
                                      "<circuit><name>contoso-ams</name></circuit>"),
             ["contoso-ams", "contoso-fra"]),
            ("a circuit that is not there", ermon("<circuit><name>nowhere</name></circuit>"), []),
            ("two conditions", ermon("<circuit><sku>standard</sku><peering-location>Amsterdam"
                                     "</peering-location></circuit>"), ["contoso-ams"]),
            ("an attribute, which no data has", ermon('<circuit x="y"/>'), []),
            ("an unknown element", ermon("<planet/>"), []),
            ("nothing", "", [])):
        check_equal("subtree: " + name, wanted, names_of(kept(c, c.get(subtree))))
    data = kept(c, c.get(ermon("<circuit><name>contoso-ams</name></circuit>")))
    check("subtree: a content match alone selects all", texts(data, "ermon", "circuit", "sku"))
    data = kept(c, c.get(ermon("<circuit><name>contoso-ams</name><state><state/></state></circuit>")))
    leaves = [e.tag.split("}")[1] for e in data.iter()]
    check_equal("subtree: with a selection only that and the key",
                ["data", "ermon", "circuit", "name", "state", "state"], leaves)
    data = kept(c, c.get(ermon("<circuit><state><state/></state></circuit>")))
    check_equal("subtree: keys come along", ["contoso-ams", "contoso-fra"], names_of(data))
    data = kept(c, c.get(ermon("<source/>") + '<netconf-state xmlns="%s"><sessions/></netconf-state>'
                      % MONITORING))
    check_equal("subtree: of two modules", ["ermon", "netconf-state"],
                [e.tag.split("}")[1] for e in data])
    check("subtree: a source tells its state", texts(data, "ermon", "source", "state", "state"))


def part_prefixed():
    """As ncclient has it: NETCONF by a prefix, and filters in no namespace at all."""
    c = Client(SOCKET)
    for name, inside, wanted in (
            ("a filter without a namespace", "<ermon><circuit><name/></circuit></ermon>",
             ["contoso-ams", "contoso-fra"]),
            ("inside without a namespace", '<e:ermon xmlns:e="%s"><circuit><name>contoso-ams</name>'
             "<sku/></circuit></e:ermon>" % ERMON, ["contoso-ams"]),
            ("in that of NETCONF", "<nc:ermon/>", [])):
        c.send('<?xml version="1.0" encoding="UTF-8"?><!-- <rpc> --><nc:rpc xmlns:nc="%s" '
               'message-id=">"><nc:get><nc:filter type="subtree">%s</nc:filter></nc:get></nc:rpc>'
               % (BASE, inside))
        reply = ET.fromstring(c.read())
        check_equal("prefixed: " + name, wanted, names_of(data_of(reply)))
        check_equal("prefixed: its message-id", ">", reply.get("message-id"))
    c.send('<nc:rpc xmlns:nc="%s" message-id="1"><get/></nc:rpc>' % BASE)
    check_error("an operation in no namespace", ("operation-not-supported", "protocol", "get"),
                ET.fromstring(c.read()))


def xpath(c, select, extra=""):
    return c.rpc('<get><filter xmlns:e="%s" type="xpath" select="%s"/>%s</get>'
                 % (ERMON, select, extra))


def part_xpath():
    c = Client(SOCKET)
    for select, wanted in (
            ("/e:ermon/e:circuit[e:name='contoso-ams']", ["contoso-ams"]),
            ("/e:ermon/e:circuit[e:name='contoso-ams'][e:sku='premium']", []),
            ("/e:ermon/e:circuit[e:name='contoso-ams'] | //e:circuit[e:name='contoso-fra']",
             ["contoso-ams", "contoso-fra"]),
            ("/e:ermon/e:circuit[e:name='contoso-ams']/../e:circuit", ["contoso-ams", "contoso-fra"]),
            ("//e:circuit[starts-with(e:name, 'contoso-f')]/e:name", ["contoso-fra"]),
            ("/e:ermon/e:circuit[e:name='nowhere']", [])):
        check_equal("xpath: " + select, wanted, names_of(kept(c, xpath(c, select))))
    # The two go different ways, XPath through libyang: what comes out has to be the same.
    for name in ("circuit", "port", "connection", "hold", "alarms", "events"):
        selected = xpath(c, "/e:ermon/e:" + name), c.data()
        filtered = c.get(ermon("<%s/>" % name)), c.data()
        check_equal("xpath: %s, letter by letter as by a subtree" % name, selected[1], filtered[1])
    check("xpath: which was something", len(filtered[1]) > 500, filtered[1])
    check_error("xpath: no expression", ("invalid-value", "protocol", "get"), xpath(c, "/e:ermon["))
    check_error("xpath: without select", ("missing-attribute", "protocol", "filter"),
                c.rpc('<get><filter type="xpath"/></get>'))
    check_error("a filter of another type", ("invalid-value", "protocol", "get"),
                c.rpc('<get><filter type="regex"/></get>'))


def part_config():
    c = Client(SOCKET)
    data = kept(c, c.rpc("<get-config><source><running/></source></get-config>"), "config")
    check_equal("get-config: circuits", ["contoso-ams", "contoso-fra"], names_of(data))
    check_equal("get-config: no state", [], texts(data, "ermon", "circuit", "state"))
    check_equal("get-config: no sessions", 1, len(data))
    check_error("get-config: another datastore", ("unknown-element", "protocol", "startup"),
                c.rpc("<get-config><source><startup/></source></get-config>"))
    check_error("get-config: no datastore", ("missing-element", "protocol", "source"),
                c.rpc("<get-config/>"))
    mode = '<with-defaults xmlns="%s">%%s</with-defaults>' % DEFAULTS
    one = '<filter type="subtree">%s</filter>' % ermon("<circuit><name>contoso-fra</name></circuit>")
    for name, wanted in (("report-all", ["standard"]), ("trim", []),
                         ("report-all-tagged", ["standard"])):
        reply = c.rpc("<get>%s%s</get>" % (one, mode % name))
        # yanglint knows the tag in the namespace of a module, not in that of RFC 6243.
        data = data_of(reply) if name == "report-all-tagged" else kept(c, reply)
        check_equal("with-defaults %s" % name, wanted, texts(data, "ermon", "circuit", "sku"))
    sku = data.find("{%s}ermon/{%s}circuit/{%s}sku" % (ERMON, ERMON, ERMON))
    check_equal("a default is tagged", "true",
                sku.get("{urn:ietf:params:xml:ns:netconf:default:1.0}default"))
    check_error("with-defaults explicit", ("invalid-value", "protocol", "with-defaults"),
                c.rpc("<get>%s</get>" % (mode % "explicit")))


def get_data(c, datastore, more=""):
    return c.rpc('<get-data xmlns="%s" xmlns:ds="%s" xmlns:e="%s"><datastore>ds:%s</datastore>%s'
                 "</get-data>" % (NMDA, DATASTORES, ERMON, datastore, more))


def part_data():
    c = Client(SOCKET)
    data = kept(c, get_data(c, "operational"), "get", NMDA)
    check("get-data: operational has state", texts(data, "ermon", "circuit", "state", "state"))
    data = kept(c, get_data(c, "running"), "config", NMDA)
    check_equal("get-data: running has none", [], texts(data, "ermon", "circuit", "state"))
    data = kept(c, get_data(c, "operational", "<config-filter>false</config-filter>"), "get", NMDA)
    check_equal("get-data: without configuration", [], texts(data, "ermon", "circuit", "sku"))
    check("get-data: with state", texts(data, "ermon", "circuit", "state", "state"))
    data = kept(c, get_data(c, "operational", "<max-depth>3</max-depth>"), "get", NMDA)
    check_equal("get-data: max-depth", [], texts(data, "ermon", "circuit", "state", "state"))
    check_equal("get-data: max-depth keeps", ["contoso-ams", "contoso-fra"], names_of(data))
    select = "<xpath-filter>/e:ermon/e:circuit[e:name='contoso-ams']/e:name</xpath-filter>"
    data = kept(c, get_data(c, "operational", select), "get", NMDA)
    check_equal("get-data: xpath", ["contoso-ams"], names_of(data))
    inside = "<subtree-filter>%s</subtree-filter>" % ermon(
        "<circuit><name>contoso-fra</name></circuit>")
    data = kept(c, get_data(c, "running", inside), "config", NMDA)
    check_equal("get-data: subtree", ["contoso-fra"], names_of(data))
    check_error("get-data: candidate", ("invalid-value", "protocol", "datastore"),
                get_data(c, "candidate"))
    check_error("get-data: no datastore", ("missing-element", "protocol", "datastore"),
                c.rpc('<get-data xmlns="%s"/>' % NMDA))


def get_schema(c, name, more=""):
    return c.rpc('<get-schema xmlns="%s"><identifier>%s</identifier>%s</get-schema>'
                 % (MONITORING, name, more))


def part_schema():
    """Every module of yang-library, imports included, and nothing else."""
    c = Client(SOCKET)
    library = kept(c, c.get('<yang-library xmlns="%s"/>' % LIBRARY))
    modules = {(m.findtext("{%s}name" % LIBRARY), m.findtext("{%s}revision" % LIBRARY))
               for tag in ("module", "import-only-module")
               for m in library.iter("{%s}%s" % (LIBRARY, tag))}
    check("yang-library names the modules", len(modules) > 8, modules)
    check("and not where they are", not list(library.iter("{%s}location" % LIBRARY)))
    for name, revision in sorted(modules):
        reply = get_schema(c, name, "<version>%s</version><format>yang</format>" % revision)
        data = reply.find("{%s}data" % MONITORING)
        text = data.text if data is not None else ""
        check("get-schema %s" % name,
              re.match(r"(sub)?module %s \{" % name, text) and 'revision %s' % revision in text,
              text[:80])
        with open("%s/%s@%s.yang" % (FOLDER, name, revision), "w", encoding="utf-8") as f:
            f.write(text)
    check_error("get-schema: none", ("invalid-value", "application", None), get_schema(c, "x"))
    check_error("get-schema: no such revision", ("invalid-value", "application", None),
                get_schema(c, "ermon", "<version>1999-01-01</version>"))
    check_error("get-schema: another format", ("invalid-value", "application", None),
                get_schema(c, "ermon", "<format>rng</format>"))
    reply = get_schema(c, "ermon", "<format>yin</format>")
    check_equal("get-schema: yin", "{urn:ietf:params:xml:ns:yang:yin:1}module",
                ET.fromstring(reply.find("{%s}data" % MONITORING).text).tag)


def monitoring(c):
    return kept(c, c.get('<netconf-state xmlns="%s"/>' % MONITORING))


def in_monitoring(element, *names):
    return [e.text for e in element.findall("/".join("{%s}%s" % (MONITORING, n) for n in names))]


def part_sessions():
    a, b = Client(SOCKET), Client(SOCKET)
    state = monitoring(a)
    ids = in_monitoring(state, "netconf-state", "sessions", "session", "session-id")
    check("monitoring: both sessions", {str(a.id), str(b.id)} <= set(ids), ids)
    user = subprocess.check_output(["id", "-un"], text=True).strip()
    check("monitoring: whose", user in in_monitoring(
        state, "netconf-state", "sessions", "session", "username"))
    before = int(in_monitoring(state, "netconf-state", "statistics", "in-rpcs")[0])
    b.get("")
    after = int(in_monitoring(monitoring(a), "netconf-state", "statistics", "in-rpcs")[0])
    check_equal("monitoring: every RPC counts", before + 2, after)
    kill = "<kill-session><session-id>%s</session-id></kill-session>"
    check_error("kill-session: itself", ("invalid-value", "protocol", None), a.rpc(kill % a.id))
    check_error("kill-session: nobody", ("invalid-value", "protocol", None), a.rpc(kill % 4000000))
    check_error("kill-session: no number", ("invalid-value", "protocol", "session-id"),
                a.rpc(kill % "x"))
    check_error("kill-session: whom", ("missing-element", "protocol", "session-id"),
                a.rpc("<kill-session/>"))
    reply = a.rpc(kill % b.id)
    check("kill-session: ok", reply.find("{%s}ok" % BASE) is not None)
    check("kill-session: it has ended", b.is_closed())
    for _ in range(100):
        ids = in_monitoring(monitoring(a), "netconf-state", "sessions", "session", "session-id")
        if str(b.id) not in ids:
            break
        time.sleep(0.05)
    check("kill-session: it is out of the list", str(b.id) not in ids)
    check("close-session: ok", a.rpc("<close-session/>").find("{%s}ok" % BASE) is not None)
    check("close-session: it has ended", a.is_closed())


def part_refused():
    c = Client(SOCKET)
    refused = ("operation-not-supported", "protocol", None)
    target = "<target><running/></target>"
    for operation in ("<edit-config>%s<config>%s</config></edit-config>" % (target, ermon()),
                      "<copy-config>%s<source><url>file:///x</url></source></copy-config>" % target,
                      "<delete-config><target><startup/></target></delete-config>",
                      "<lock>%s</lock>" % target, "<unlock>%s</unlock>" % target,
                      '<edit-data xmlns="%s"/>' % NMDA):
        check_error("refused: " + re.match("<([a-z-]+)", operation)[1], refused, c.rpc(operation))
    for operation in ("commit", "validate", "fly"):
        check_error("no operation " + operation,
                    ("operation-not-supported", "protocol", operation), c.rpc("<%s/>" % operation))
    check_error("an operation of elsewhere", ("operation-not-supported", "protocol", "fly"),
                c.rpc('<fly xmlns="urn:x"/>'))
    check_error("a parameter nobody knows", ("unknown-element", "protocol", "wings"),
                c.rpc("<get><wings/></get>"))
    check_error("a parameter of elsewhere", ("unknown-namespace", "protocol", "wings"),
                c.rpc('<get><wings xmlns="urn:x"/></get>'))
    check_error("a parameter twice", ("bad-element", "protocol", "filter"),
                c.rpc("<get><filter/><filter/></get>"))
    check_error("no operation at all", ("missing-element", "rpc", None), c.rpc(""))
    check_error("two operations", ("unknown-element", "rpc", "get"), c.rpc("<get/><get/>"))
    c.send('<rpc xmlns="%s"><get/></rpc>' % BASE)
    check_error("no message-id", ("missing-attribute", "rpc", "rpc"), ET.fromstring(c.read()))
    check("the session lives", c.get() is not None)


def subscribe(c, inside=""):
    return c.rpc('<create-subscription xmlns="%s" xmlns:e="%s">%s</create-subscription>'
                 % (NOTIFICATION, ERMON, inside))


def is_ok(reply):
    return reply.find("{%s}ok" % BASE) is not None


def flip():
    """The interface of contoso-fra is another one: its service goes down, or comes back."""
    work = os.environ["WORK"]
    with open(work + "/ermond.conf", encoding="utf-8") as f:
        head, tail = f.read().split("[connection contoso-fra primary]")
    tail = tail.replace("ermnone1", "lo") if "ermnone1" in tail else tail.replace("lo", "ermnone1")
    with open(work + "/ermond.conf", "w", encoding="utf-8") as f:
        f.write(head + "[connection contoso-fra primary]" + tail)
    subprocess.run([os.environ["ERMONCTL"], "-s", work + "/run/ctl.sock", "reload"], check=True,
                   stdout=subprocess.DEVNULL)


def of(event, name):
    return event.findtext("{%s}%s" % (ERMON, name))


def wait_event(c, key, kind):
    """The next event with that key and kind; others are kept for yanglint, too."""
    while True:
        event = c.notification()
        keep(c.raw, "notif")
        if (of(event, "key"), of(event, "kind")) == (key, kind):
            return event


def part_notify():
    c, only, xpath_only = Client(SOCKET), Client(SOCKET), Client(SOCKET)
    check("create-subscription", is_ok(subscribe(c, "<stream>NETCONF</stream>")))
    check("with a subtree filter", is_ok(subscribe(
        only, '<filter type="subtree"><event xmlns="%s"><kind>clear</kind></event></filter>' % ERMON)))
    check("with an XPath filter", is_ok(subscribe(
        xpath_only, '<filter type="xpath" select="/e:event[e:kind=\'raise\']"/>')))
    key = "service-down/contoso-fra"
    flip()
    event = wait_event(c, key, "raise")
    check_equal("an event", "critical", of(event, "severity"))
    data = kept(c, c.get(ermon("<alarms><alarm><key>%s</key></alarm></alarms>" % key)))
    check_equal("its alarm has the same sequence number", [of(event, "sequence")],
                texts(data, "ermon", "alarms", "alarm", "sequence"))
    data = kept(c, c.get(ermon("<events/>")))
    check("it is in the log", of(event, "sequence") in
          texts(data, "ermon", "events", "event", "sequence"))
    flip()
    check_equal("its end", "clear", of(wait_event(c, key, "clear"), "kind"))
    check_equal("the subtree filter lets by only", "clear", of(only.notification(), "kind"))
    check_equal("the XPath filter lets by only", "raise", of(xpath_only.notification(), "kind"))
    check_error("a second subscription", ("operation-failed", "protocol", None), subscribe(c))
    state = monitoring(c)
    check("notifications are counted", int(in_monitoring(
        state, "netconf-state", "statistics", "out-notifications")[0]) >= 4)
    streams = kept(c, c.get('<netconf xmlns="%s"/>' % NETMOD))
    check_equal("there is a stream", "NETCONF", streams.findtext("/".join(
        "{%s}%s" % (NETMOD, name) for name in ("netconf", "streams", "stream", "name"))))


def part_replay():
    past = "<startTime>2001-01-01T00:00:00Z</startTime>"
    for name, inside, wanted in (
            ("stop without start", "<stopTime>2001-01-01T00:00:00Z</stopTime>",
             ("missing-element", "protocol", "startTime")),
            ("start in the future", "<startTime>2999-01-01T00:00:00Z</startTime>",
             ("bad-element", "protocol", "startTime")),
            ("stop before start", past + "<stopTime>2000-01-01T00:00:00+02:00</stopTime>",
             ("bad-element", "protocol", "stopTime")),
            ("no time", "<startTime>yesterday</startTime>",
             ("invalid-value", "protocol", "startTime")),
            ("another stream", "<stream>SNMP</stream>", ("invalid-value", "protocol", "stream")),
            ("no expression", '<filter type="xpath" select="/e:event["/>',
             ("invalid-value", "protocol", "create-subscription")),
            ("no expression at all", '<filter type="xpath"/>',
             ("bad-element", "protocol", "filter"))):
        check_error("create-subscription: " + name, wanted, subscribe(Client(SOCKET), inside))
    c = Client(SOCKET)
    check("replay", is_ok(subscribe(c, past)))
    numbers = []
    event = c.notification()
    while event.tag != "{%s}replayComplete" % NETMOD:
        keep(c.raw, "notif")
        numbers.append(int(of(event, "sequence")))
        event = c.notification()
    check("replay: the log", len(numbers) > 1 and numbers == sorted(set(numbers)), numbers)
    flip()
    event = wait_event(c, "service-down/contoso-fra", "raise")
    check("replay: and what happens then", int(of(event, "sequence")) > numbers[-1])
    flip()
    wait_event(c, "service-down/contoso-fra", "clear")
    c = Client(SOCKET)
    check("replay of a time long gone", is_ok(subscribe(
        c, past + "<stopTime>2001-01-02T00:00:00Z</stopTime>")))
    check_equal("replay: complete", "{%s}replayComplete" % NETMOD, c.notification().tag)
    check_equal("replay: the end", "{%s}notificationComplete" % NETMOD, c.notification().tag)
    check("replay: the session goes on", c.get() is not None)
    stop = int(time.time()) + 2
    text = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(stop))
    check("a stop soon", is_ok(subscribe(c, past + "<stopTime>%s</stopTime>" % text)))
    while c.notification().tag != "{%s}notificationComplete" % NETMOD:
        pass
    check("it stops then", stop <= time.time() < stop + 5, time.time() - stop)


def part_resume():
    """ermond is restarted below a subscription: os.environ["ERMOND_PID"], and how to start it."""
    c = Client(SOCKET)
    subscribe(c)
    last = max(int(n) for n in texts(data_of(c.get(ermon("<events/>"))), "ermon", "events", "event",
                                     "sequence"))
    os.kill(int(os.environ["ERMOND_PID"]), 15)
    while error_of(c.get(ermon())) is None:
        time.sleep(0.05)
    with subprocess.Popen(os.environ["ERMOND"].split(), stderr=subprocess.DEVNULL) as daemon:
        event = c.notification()
        keep(c.raw, "notif")
        check_equal("a restart of ermond is told", "agent-started", of(event, "kind"))
        check("with the next number", int(of(event, "sequence")) > last)
        daemon.terminate()
    check_error("create-subscription: ermond is away", ("operation-failed", "application", None),
                subscribe(Client(SOCKET)))


def part_malformed():
    witness = Client(SOCKET)
    malformed = ("malformed-message", "rpc", None)
    bomb = "".join("<!ENTITY e%d '&e%d;&e%d;'>" % (i + 1, i, i) for i in range(30))
    messages = (
        ("not closed", '<rpc xmlns="%s" message-id="1"><get></rpc>' % BASE),
        ("no XML", "hello, world"), ("no name", "<>"), ("cut", "<rpc"), ("blank", " "),
        ("a document type", '<!DOCTYPE rpc [<!ENTITY e0 "x">%s]><rpc xmlns="%s" message-id="1">'
         "<get>&e30;</get></rpc>" % (bomb, BASE)),
        ("deep", "<a>" * 20000 + "</a>" * 20000), ("two roots", "<a/><b/>"),
        ("another root", '<rpc-reply xmlns="%s"/>' % BASE),
        ("another namespace", '<rpc xmlns="urn:x" message-id="1"><get/></rpc>'),
        ("an unknown prefix", '<x:rpc message-id="1"><get/></x:rpc>'),
        ("a second hello", '<hello xmlns="%s"/>' % BASE))
    c = Client(SOCKET)
    for name, text in messages:
        c.send(text)
        check_error("malformed, 1.1: " + name, malformed, ET.fromstring(c.read()))
    check("malformed, 1.1: the session lives", names_of(data_of(c.get(ermon("<circuit/>")))))
    for name, text in messages:
        old = Client(SOCKET, "1.0")
        old.send(text)
        check("malformed, 1.0: %s ends the session" % name, old.is_closed())
    for name, octets in (
            ("no chunk", b"<rpc/>"), ("chunk of nothing", b"\n#0\n"), ("sign", b"\n#-1\n"),
            ("letters", b"\n#1x\nab\n##\n"), ("no size", b"\n#\n"), ("no message", b"\n##\n"),
            ("leading zero", b"\n#01\na\n##\n"), ("2^64", b"\n#18446744073709551617\n"),
            ("100 MB told", b"\n#100000000\n"), ("100 MB in small ones", 25000),
            ("10^5 levels", b"\n#700000\n" + b"<a>" * 100000 + b"</a>" * 100000 + b"\n##\n")):
        bad = Client(SOCKET)
        try:
            if isinstance(octets, bytes):
                bad.send_octets(octets)
            else:
                for _ in range(octets):
                    bad.send_octets(b"\n#4096\n" + b" " * 4096)
        except Closed:
            pass
        check("framing: %s ends the session" % name, bad.is_closed())
    bad = Client(SOCKET, "1.0")
    try:
        for _ in range(1600):
            bad.send_octets(b" " * 65536)
    except Closed:
        pass
    check("framing: 100 MB without an end ends the session", bad.is_closed())
    for name, text in (("garbage", "garbage"), ("an rpc", '<rpc xmlns="%s"/>' % BASE),
                       ("no base", '<hello xmlns="%s"><capabilities/></hello>' % BASE),
                       ("a server", '<hello xmlns="%s"><capabilities><capability>urn:ietf:params:'
                        "netconf:base:1.1</capability></capabilities><session-id>1</session-id>"
                        "</hello>" % BASE)):
        bad = Client(SOCKET, hello=False)
        bad.send(text)
        check("hello: %s ends the session" % name, bad.is_closed())
    small = Client(SOCKET)
    text = '<rpc xmlns="%s" message-id="7"><get><filter type="subtree"/></get></rpc>' % BASE
    for octet in text.encode():
        small.send_octets(b"\n#1\n%c" % octet)
    small.send_octets(b"\n##\n")
    check_equal("a message in chunks of one octet", "7", ET.fromstring(small.read()).get("message-id"))
    check("nobody else has noticed", names_of(data_of(witness.get(ermon("<circuit/>")))))


def part_many():
    clients = [Client(SOCKET) for _ in range(20)]
    check_equal("20 sessions: ids", 20, len({c.id for c in clients}))
    for c in clients:
        c.send('<rpc xmlns="%s" message-id="x"><get/></rpc>' % BASE)
    good = sum(names_of(data_of(ET.fromstring(c.read()))) == ["contoso-ams", "contoso-fra"]
               for c in clients)
    check_equal("20 sessions at once", 20, good)
    for c in clients[:3]:
        c.send_octets(b'\n#100\n<rpc xmlns="half a message')
    check("beside half messages", names_of(data_of(clients[5].get(ermon("<circuit/>")))))
    clients[7].sock.settimeout(0.5)
    text = '<rpc xmlns="%s" message-id="x"><get/></rpc>' % BASE
    try:
        for _ in range(100000):
            clients[7].send(text)
        check("who does not read is not read", False, "it was")
    except socket.timeout:
        check("who does not read is not read", True)
    check("beside one who does not read", names_of(data_of(clients[5].get(ermon("<circuit/>")))))
    clients[6].send('<rpc xmlns="%s" message-id="a"><get/></rpc>' % BASE)
    clients[6].send('<rpc xmlns="%s" message-id="b"><close-session/></rpc>' % BASE)
    ids = [ET.fromstring(clients[6].read()).get("message-id") for _ in range(2)]
    check_equal("two at once, in their order", ["a", "b"], ids)


def part_killed():
    """The process of a session is killed: os.environ["SERVER"] is the server's."""
    witness, victim = Client(SOCKET), Client(SOCKET)
    children = subprocess.check_output(["ps", "-o", "pid=", "--ppid", os.environ["SERVER"],
                                        "--sort", "-start_time,-pid"], text=True).split()
    os.kill(int(children[0]), 9)
    check("kill -9 of a session's process ends it", victim.is_closed())
    check("and nobody else's", names_of(data_of(witness.get(ermon("<circuit/>")))))
    check("and new ones come", names_of(data_of(Client(SOCKET).get(ermon("<circuit/>")))))


def part_away():
    """ermond is not there."""
    c = Client(SOCKET)
    reply = c.get(ermon())
    check_error("ermond is away", ("operation-failed", "application", None), reply)
    check_equal("and it is said", "ermond-away", reply.find(
        "{%s}rpc-error/{%s}error-app-tag" % (BASE, BASE)).text)
    check("monitoring needs no ermond", in_monitoring(
        monitoring(c), "netconf-state", "statistics", "in-sessions"))


def part_back():
    c = Client(SOCKET)
    check("ermond is back", names_of(data_of(c.get(ermon("<circuit/>")))))


def part_limits():
    """A server with room for 3 sessions, 4096 octets a message, 1 s for a hello, 2 s of CPU."""
    clients = [Client(SOCKET) for _ in range(3)]
    try:
        Client(SOCKET)
        check("limits: the fourth session is refused", False, "it was not")
    except Closed:
        check("limits: the fourth session is refused", True)
    clients[0].send("<rpc>" + " " * 5000)
    check("limits: a long message ends the session", clients[0].is_closed())
    clients[1].close()
    for _ in range(100):
        try:
            slow = Client(SOCKET, hello=False)
            break
        except Closed:
            time.sleep(0.05)
    begin = time.monotonic()
    check("limits: no hello ends the session", slow.is_closed())
    check("limits: after a second", 0.5 < time.monotonic() - begin < 5, time.monotonic() - begin)
    # The client sees the end before the server has counted it.
    for _ in range(100):
        state = monitoring(clients[2])
        counts = [in_monitoring(state, "netconf-state", "statistics", name)
                  for name in ("in-bad-hellos", "dropped-sessions")]
        if counts == [["1"], ["3"]]:
            break
        time.sleep(0.05)
    check_equal("limits: bad hellos and lost sessions are counted", [["1"], ["3"]], counts)
    bomb = Client(SOCKET)
    slash = "//*[" * 5 + "1=1" + "]" * 5
    begin = time.monotonic()
    bomb.send('<rpc xmlns="%s" message-id="1"><get><filter type="xpath" select="%s"/></get></rpc>'
              % (BASE, "count(%s) = count(%s)" % (slash, slash)))
    check("limits: a costly expression ends the session", bomb.is_closed())
    check("limits: in time", time.monotonic() - begin < 15, time.monotonic() - begin)
    check("limits: and nobody else's", monitoring(clients[2]) is not None)


for part in sys.argv[3:]:
    globals()["part_" + part]()
print("done")
