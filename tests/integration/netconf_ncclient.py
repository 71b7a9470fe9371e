"""ncclient through sshd: netconf_ncclient.py PORT USER KEY; lines as netconf_checks.py's."""

import sys
import time

from ncclient import manager
from ncclient.operations import RPCError

PORT, USER, KEY = int(sys.argv[1]), sys.argv[2], sys.argv[3]
ERMON = "urn:ermon:ermon"


def check(name, is_good, detail=""):
    print("ok   - %s" % name if is_good else "FAIL - %s: %s" % (name, detail), flush=True)


def connect():
    return manager.connect(host="127.0.0.1", port=PORT, username=USER, key_filename=KEY,
                           hostkey_verify=False, look_for_keys=False, allow_agent=False,
                           timeout=30)


def refused(call, tag):
    try:
        call()
    except RPCError as error:
        check("ncclient: refused with " + tag, error.tag == tag, error.tag)
    else:
        check("ncclient: refused with " + tag, False, "it was not")


begin = time.monotonic()
m = connect()
print("# connected in %.0f ms" % ((time.monotonic() - begin) * 1000))
check("ncclient: connects", m.connected)
check("ncclient: base:1.1", any("base:1.1" in c for c in m.server_capabilities))
one = '<ermon xmlns="%s"><circuit><name>contoso-fra</name></circuit></ermon>' % ERMON
reply = m.get(filter=("subtree", one))
check("ncclient: get with a subtree filter",
      "contoso-fra" in reply.xml and "contoso-ams" not in reply.xml, reply.xml[:300])
reply = m.get(filter=("xpath", ({"e": ERMON}, "/e:ermon/e:circuit[e:name='contoso-ams']")))
check("ncclient: get with an XPath filter",
      "contoso-ams" in reply.xml and "contoso-fra" not in reply.xml, reply.xml[:300])
reply = m.get_config(source="running")
check("ncclient: get-config", "contoso-ams" in reply.xml and "worst-case" not in reply.xml)
check("ncclient: get-schema", m.get_schema("ermon").data.startswith("module ermon {"))
reply = m.get(filter=("subtree", '<netconf-state xmlns="urn:ietf:params:xml:ns:yang:'
                      'ietf-netconf-monitoring"><sessions/></netconf-state>'))
check("ncclient: the login's user", "<username>%s</username>" % USER in reply.xml, reply.xml[:600])
refused(lambda: m.edit_config(target="running", config="<config/>"), "operation-not-supported")
refused(lambda: m.kill_session("4000000"), "invalid-value")
other = connect()
check("ncclient: another id", other.session_id != m.session_id)
m.kill_session(other.session_id)
for _ in range(100):
    if not other.connected:
        break
    time.sleep(0.05)
check("ncclient: the other is killed", not other.connected)
m.close_session()
check("ncclient: closed", not m.connected)
print("done")
