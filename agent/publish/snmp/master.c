#include "publish/snmp/master.h"

#include <sys/socket.h>

#include "base/log.h"
#include "publish/snmp/netsnmp.h"
#include "publish/snmp/notification.h"

#define REOPEN_SEC         1
#define NOTIFY_TIMEOUT_SEC 5 /* a master that takes 1.5 s must not get everything twice */
#define PROBE_USEC         (5 * ERM_USEC_PER_SEC)
#define PAUSE_USEC         ERM_USEC_PER_SEC
#define REFUSALS_MAX       3

static const oid trap_oid[] = { 1, 3, 6, 1, 6, 3, 1, 1, 4, 1, 0 };
static const oid root[] = { ERM_MIB_OID };

/* libnetsnmp is one per process, and its answers carry a number, not a pointer that may dangle. */
static struct erm_snmp_master *the_master;

static void *magic_of(uint32_t generation, uint32_t number)
{
	/* A number all the way: NOLINTNEXTLINE(performance-no-int-to-ptr) */
	return (void *)(uintptr_t)((uint64_t)generation << 32 | number);
}

static bool is_current(const struct erm_snmp_master *m, const void *magic)
{
	return (uint64_t)(uintptr_t)magic >> 32 == m->generation;
}

_Static_assert(sizeof(void *) == sizeof(uint64_t), "the magic needs 64 bits");

static uint64_t position_of(const struct erm_snmp_queue *queue, const void *magic)
{
	uint32_t low = (uint32_t)(uintptr_t)magic;
	int32_t distance = (int32_t)(low - (uint32_t)queue->first);

	return queue->first + (uint64_t)(int64_t)distance;
}

/* What was sent and not answered goes again, after a pause; failures still to come are old news. */
static void rewind_queue(struct erm_snmp_master *m, usec_t hold_until)
{
	(void)pthread_mutex_lock(m->lock);
	erm_snmp_queue_rewind(m->queue);
	(void)pthread_mutex_unlock(m->lock);
	m->generation++;
	m->hold_until = hold_until;
}

static void on_response(struct erm_snmp_master *m, long errstat, const void *magic)
{
	if (errstat == ERM_AGENTX_NOT_OPEN) {
		if (!is_current(m, magic))
			return;
		m->refusals++;
		rewind_queue(m, erm_usec_add(erm_time_now().mono, PAUSE_USEC));
		/* Pings may go on succeeding while the master has forgotten the session. */
		if (m->refusals >= REFUSALS_MAX)
			erm_snmp_master_reset(m);
		return;
	}
	/* An acceptance is true whenever it comes: positions are never used again. */
	m->refusals = 0;
	(void)pthread_mutex_lock(m->lock);
	if (errstat == ERM_AGENTX_NO_ERROR)
		erm_snmp_queue_ack(m->queue, position_of(m->queue, magic));
	else
		erm_snmp_queue_reject(m->queue, position_of(m->queue, magic));
	(void)pthread_mutex_unlock(m->lock);
	if (errstat != ERM_AGENTX_NO_ERROR)
		erm_log_warning("SNMP: the master agent refuses a notification, error %ld; dropped",
				errstat);
}

static int on_notify_answer(int op, netsnmp_session *session, int reqid, netsnmp_pdu *pdu,
			    void *magic)
{
	struct erm_snmp_master *m = the_master;

	(void)session;
	(void)reqid;
	if (!m)
		return 1;
	if (op == NETSNMP_CALLBACK_OP_RECEIVED_MESSAGE && pdu &&
	    pdu->command == ERM_AGENTX_RESPONSE)
		on_response(m, pdu->errstat, magic);
	else if (is_current(m, magic))
		rewind_queue(m, erm_usec_add(erm_time_now().mono, PAUSE_USEC));
	return 1; /* anything else keeps the request in the library's list */
}

static int on_probe_answer(int op, netsnmp_session *session, int reqid, netsnmp_pdu *pdu,
			   void *magic)
{
	struct erm_snmp_master *m = the_master;

	(void)session;
	(void)reqid;
	if (!m || (uint32_t)(uintptr_t)magic != (uint32_t)m->sessions)
		return 1;
	m->is_probing = false;
	if (op != NETSNMP_CALLBACK_OP_RECEIVED_MESSAGE || !pdu ||
	    pdu->command != ERM_AGENTX_RESPONSE)
		return 1;
	if (pdu->errstat == ERM_AGENTX_NO_ERROR) {
		erm_log_notice(
			m->is_registered
				? "SNMP: the master agent had lost ERMON-MIB; registered again"
				: "SNMP: ERMON-MIB is free now; registered");
		m->is_registered = true;
		m->on_change(m->userdata);
	}
	return 1;
}

static netsnmp_pdu *new_pdu(const netsnmp_session *session, int command)
{
	netsnmp_pdu *pdu = snmp_pdu_create(command);

	if (!pdu)
		return NULL;
	pdu->version = session->version;
	pdu->sessid = session->sessid;
	pdu->flags |= UCD_MSG_FLAG_PDU_TIMEOUT | ERM_AGENTX_FLAG_NETWORK_ORDER;
	pdu->time = NOTIFY_TIMEOUT_SEC;
	return pdu;
}

/*
 * A Register that timed out is never repeated by the library, and one that was
 * refused neither.  Asking again tells: "duplicate" = still there, success = it was
 * missing and is back.
 */
static void probe(struct erm_snmp_master *m)
{
	netsnmp_pdu *pdu = new_pdu(m->session, ERM_AGENTX_REGISTER);

	if (!pdu)
		return;
	pdu->flags &= ~(u_long)UCD_MSG_FLAG_PDU_TIMEOUT;
	pdu->time = 0; /* of a Register it is the master's time-out for us: the default */
	pdu->priority = ERM_AGENTX_PRIORITY;
	if (!snmp_add_null_var(pdu, root, OID_LENGTH(root))) {
		snmp_free_pdu(pdu);
		return;
	}
	m->is_probing = true;
	if (!snmp_async_send(m->session, pdu, on_probe_answer,
			     magic_of(0, (uint32_t)m->sessions))) {
		snmp_free_pdu(pdu);
		m->is_probing = false;
	}
}

static bool add_objects(netsnmp_pdu *pdu, const struct erm_snmp_notification *n)
{
	oid name[OID_LENGTH(root) + 8];

	(void)memcpy(name, root, sizeof(root));
	name[OID_LENGTH(root)] = 0;
	name[OID_LENGTH(root) + 1] = n->number;
	if (!snmp_pdu_add_variable(pdu, trap_oid, OID_LENGTH(trap_oid), ASN_OBJECT_ID, name,
				   (OID_LENGTH(root) + 2) * sizeof(oid)))
		return false;
	for (uint32_t i = 0; i < n->n_objects; i++) {
		const struct erm_snmp_object *o = &n->objects[i];

		(void)memcpy(name + OID_LENGTH(root), o->oid.ids, o->oid.len * sizeof(oid));
		if (!snmp_pdu_add_variable(pdu, name, OID_LENGTH(root) + o->oid.len,
					   (u_char)o->value.type, o->value.data, o->value.size))
			return false;
	}
	return true;
}

_Static_assert(sizeof(((struct erm_snmp_oid *)0)->ids) <= 8 * sizeof(oid), "fits name");

static netsnmp_pdu *new_notify(const struct erm_snmp_master *m, const struct erm_event *event)
{
	struct erm_snmp_context ctx = { .snapshot = m->view->snapshot, .health = &m->view->health };
	struct erm_snmp_notification n;
	netsnmp_pdu *pdu;

	ctx.now = erm_time_now();
	if (erm_snmp_notification_make(event, &ctx, &n) < 0)
		return NULL;
	pdu = new_pdu(m->session, ERM_AGENTX_NOTIFY);
	if (pdu && !add_objects(pdu, &n)) {
		snmp_free_pdu(pdu);
		pdu = NULL;
	}
	return pdu;
}

/* False when nothing more can be sent now. */
static bool send_next(struct erm_snmp_master *m)
{
	struct erm_event *event;
	netsnmp_pdu *pdu;
	uint64_t position = 0;

	(void)pthread_mutex_lock(m->lock);
	event = erm_snmp_queue_take(m->queue, &position);
	(void)pthread_mutex_unlock(m->lock);
	if (!event)
		return false;
	pdu = new_notify(m, event);
	(void)erm_event_unref(event);
	if (!pdu) { /* no memory, or an event of no kind the MIB knows: it would fail for ever */
		(void)pthread_mutex_lock(m->lock);
		erm_snmp_queue_reject(m->queue, position);
		(void)pthread_mutex_unlock(m->lock);
		return true;
	}
	if (!snmp_async_send(m->session, pdu, on_notify_answer,
			     magic_of(m->generation, (uint32_t)position))) {
		snmp_free_pdu(pdu); /* and the callback has run already */
		return false;
	}
	return true;
}

usec_t erm_snmp_master_run(struct erm_snmp_master *master, usec_t now)
{
	bool is_waiting;

	if (!master->session)
		return ERM_USEC_INFINITY;
	if (now >= master->probe_at && !master->is_probing) {
		master->probe_at = erm_usec_add(now, PROBE_USEC);
		probe(master);
	}
	while (now >= master->hold_until && master->session && master->view->snapshot &&
	       send_next(master))
		;
	(void)pthread_mutex_lock(master->lock);
	is_waiting = erm_snmp_queue_is_unsent(master->queue);
	(void)pthread_mutex_unlock(master->lock);
	if (is_waiting && master->hold_until > now && master->hold_until < master->probe_at)
		return master->hold_until;
	return master->probe_at;
}

static int on_start(int major, int minor, void *server_arg, void *client_arg)
{
	struct erm_snmp_master *m = client_arg;
	netsnmp_session *session = server_arg;
	usec_t now = erm_time_now().mono;

	(void)major;
	(void)minor;
	/* The registrations follow: sending from here would overtake them. */
	m->session = session;
	m->is_registered = true;
	m->is_probing = false;
	m->refusals = 0;
	m->sessions++;
	m->probe_at = erm_usec_add(now, PROBE_USEC);
	rewind_queue(m, 0);
	netsnmp_ds_set_int(NETSNMP_DS_APPLICATION_ID, NETSNMP_DS_AGENT_AGENTX_PING_INTERVAL,
			   (int)m->ping_sec);
	m->on_change(m->userdata);
	return 0;
}

static int on_stop(int major, int minor, void *server_arg, void *client_arg)
{
	struct erm_snmp_master *m = client_arg;

	(void)major;
	(void)minor;
	(void)server_arg;
	if (!m->session) /* it may come twice */
		return 0;
	m->session = NULL;
	rewind_queue(m, 0);
	m->on_change(m->userdata);
	return 0;
}

void erm_snmp_master_attach(struct erm_snmp_master *master)
{
	the_master = master;
	(void)snmp_register_callback(SNMP_CALLBACK_APPLICATION, SNMPD_CALLBACK_INDEX_START,
				     on_start, master);
	(void)snmp_register_callback(SNMP_CALLBACK_APPLICATION, SNMPD_CALLBACK_INDEX_STOP, on_stop,
				     master);
}

void erm_snmp_master_detach(struct erm_snmp_master *master)
{
	(void)snmp_unregister_callback(SNMP_CALLBACK_APPLICATION, SNMPD_CALLBACK_INDEX_START,
				       on_start, master, 1);
	(void)snmp_unregister_callback(SNMP_CALLBACK_APPLICATION, SNMPD_CALLBACK_INDEX_STOP,
				       on_stop, master, 1);
	the_master = NULL;
	master->session = NULL;
}

void erm_snmp_master_reset(struct erm_snmp_master *master)
{
	netsnmp_transport *transport = NULL;

	if (master->session)
		transport = snmp_sess_transport(snmp_sess_pointer(master->session));
	if (transport && transport->sock >= 0)
		(void)shutdown(transport->sock, SHUT_RDWR);
}

void erm_snmp_master_note_refused(struct erm_snmp_master *master)
{
	if (master->is_registered)
		erm_log_warning(
			"SNMP: the master agent refuses ERMON-MIB: another sub-agent has it");
	master->is_registered = false;
	master->on_change(master->userdata);
}

void erm_snmp_master_set_reopen_interval(void)
{
	if (netsnmp_ds_get_int(NETSNMP_DS_APPLICATION_ID, NETSNMP_DS_AGENT_AGENTX_PING_INTERVAL) !=
	    REOPEN_SEC)
		netsnmp_ds_set_int(NETSNMP_DS_APPLICATION_ID, NETSNMP_DS_AGENT_AGENTX_PING_INTERVAL,
				   REOPEN_SEC);
}
