#include "sources/snmp_router/rows.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define WALK_REPETITIONS 20
#define WALK_ROWS_MAX    4096

static const struct erm_snmpr_oid sys_up_time = { 9, { 1, 3, 6, 1, 2, 1, 1, 3, 0 } };
static const struct erm_snmpr_oid bgp_local_as = { 9, { 1, 3, 6, 1, 2, 1, 15, 2, 0 } };
static const struct erm_snmpr_oid bgp_peer_entry = { 9, { 1, 3, 6, 1, 2, 1, 15, 3, 1 } };
static const struct erm_snmpr_oid if_entry = { 9, { 1, 3, 6, 1, 2, 1, 2, 2, 1 } };
static const struct erm_snmpr_oid if_x_entry = { 10, { 1, 3, 6, 1, 2, 1, 31, 1, 1, 1 } };

#define IF_DESCR 2
#define IF_NAME  1 /* of ifXEntry */

static const uint8_t peer_columns[ERM_SNMPR_PEER_COLUMNS] = {
	[ERM_SNMPR_PEER_STATE] = 2,        [ERM_SNMPR_PEER_ADMIN] = 3,
	[ERM_SNMPR_PEER_REMOTE_AS] = 9,    [ERM_SNMPR_PEER_LAST_ERROR] = 14,
	[ERM_SNMPR_PEER_TRANSITIONS] = 15, [ERM_SNMPR_PEER_TIME] = 16,
};

static void append(struct erm_snmpr_oid *oid, uint32_t id)
{
	if (oid->n < ERM_SNMPR_OID_MAX)
		oid->ids[oid->n++] = id;
}

/* --- Configuration --- */

static const struct erm_snmpr_peer *old_peer(const struct erm_snmpr_rows *old,
					     const struct erm_addr *addr)
{
	for (uint32_t i = 0; old && i < old->n_peers; i++) {
		if (erm_addr_equal(&old->peers[i].addr, addr))
			return &old->peers[i];
	}
	return NULL;
}

static const struct erm_snmpr_interface *old_interface(const struct erm_snmpr_rows *old,
						       const char *name)
{
	for (uint32_t i = 0; old && i < old->n_interfaces; i++) {
		if (strcmp(old->interfaces[i].name, name) == 0)
			return &old->interfaces[i];
	}
	return NULL;
}

static void add_session(struct erm_snmpr_rows *rows, const struct erm_config *config,
			uint32_t session, const struct erm_snmpr_rows *old)
{
	const struct erm_addr *addr = &config->sessions[session].neighbor;
	struct erm_snmpr_peer *peer = &rows->peers[rows->n_peers];
	const struct erm_snmpr_peer *known = old_peer(old, addr);

	if (addr->family != AF_INET) {
		rows->others[rows->n_others++] = session;
		return;
	}
	if (known)
		*peer = *known;
	peer->session = session;
	peer->addr = *addr;
	peer->has_told = false;
	rows->n_peers++;
}

static void add_interface(struct erm_snmpr_rows *rows, const struct erm_config *config,
			  uint32_t interface, const struct erm_snmpr_rows *old)
{
	const char *name = config->interfaces[interface].name;
	struct erm_snmpr_interface *iface = &rows->interfaces[rows->n_interfaces++];
	const struct erm_snmpr_interface *known = old_interface(old, name);

	if (known)
		*iface = *known;
	iface->interface = interface;
	iface->name = name;
	iface->has_told = false;
}

int erm_snmpr_rows_make(const struct erm_config *config, uint32_t index,
			const struct erm_snmpr_rows *old, struct erm_snmpr_rows *ret)
{
	struct erm_snmpr_rows rows = { 0 };

	rows.peers = calloc((size_t)config->n_sessions + 1, sizeof(*rows.peers));
	rows.others = calloc((size_t)config->n_sessions + 1, sizeof(*rows.others));
	rows.interfaces = calloc((size_t)config->n_interfaces + 1, sizeof(*rows.interfaces));
	if (!rows.peers || !rows.others || !rows.interfaces) {
		erm_snmpr_rows_done(&rows);
		return -ENOMEM;
	}
	for (uint32_t i = 0; i < config->n_sessions; i++) {
		if (erm_session_has_source(config, i, index))
			add_session(&rows, config, i, old);
	}
	for (uint32_t i = 0; i < config->n_interfaces; i++) {
		if (config->interfaces[i].source == index)
			add_interface(&rows, config, i, old);
	}
	if (old) {
		rows.has_uptime = old->has_uptime;
		rows.uptime = old->uptime;
	}
	*ret = rows;
	return 0;
}

void erm_snmpr_rows_done(struct erm_snmpr_rows *rows)
{
	free(rows->peers);
	free(rows->others);
	free(rows->interfaces);
	*rows = (struct erm_snmpr_rows){ 0 };
}

void erm_snmpr_rows_rebase(struct erm_snmpr_rows *rows)
{
	for (uint32_t i = 0; i < rows->n_peers; i++)
		rows->peers[i].transitions.has_last = false;
	for (uint32_t i = 0; i < rows->n_interfaces; i++)
		rows->interfaces[i].history.has_last = false;
}

/* --- The walk --- */

static struct erm_snmpr_oid walk_root(const struct erm_snmpr_rows *rows)
{
	struct erm_snmpr_oid root = rows->is_walking_descr ? if_entry : if_x_entry;

	append(&root, rows->is_walking_descr ? IF_DESCR : IF_NAME);
	return root;
}

void erm_snmpr_rows_begin_walk(struct erm_snmpr_rows *rows)
{
	rows->is_walking_descr = false;
	rows->walked = walk_root(rows);
	rows->n_walked = 0;
	for (uint32_t i = 0; i < rows->n_interfaces; i++)
		rows->interfaces[i].ifindex = 0;
}

void erm_snmpr_rows_ask_walk(struct erm_snmpr_rows *rows, struct erm_snmpr_request *ret)
{
	*ret = (struct erm_snmpr_request){ .command = ERM_SNMPR_GET_BULK,
					   .repetitions = WALK_REPETITIONS,
					   .names = &rows->walked,
					   .n = 1 };
}

static bool all_found(const struct erm_snmpr_rows *rows)
{
	for (uint32_t i = 0; i < rows->n_interfaces; i++) {
		if (rows->interfaces[i].ifindex == 0)
			return false;
	}
	return true;
}

static void found(struct erm_snmpr_rows *rows, const struct erm_snmpr_varbind *v)
{
	uint32_t ifindex = v->name.ids[v->name.n - 1];

	if (v->type != ERM_SNMPR_OCTETS || ifindex == 0 || ifindex > INT32_MAX)
		return;
	for (uint32_t i = 0; i < rows->n_interfaces; i++) {
		struct erm_snmpr_interface *iface = &rows->interfaces[i];

		if (iface->ifindex == 0 && strlen(iface->name) == v->len &&
		    memcmp(iface->name, v->data, v->len) == 0) {
			iface->ifindex = ifindex;
			iface->is_by_descr = rows->is_walking_descr;
		}
	}
}

/* This column is at its end: the other one, if need be. */
static int end_column(struct erm_snmpr_rows *rows)
{
	if (rows->is_walking_descr)
		return 0;
	rows->is_walking_descr = true;
	rows->walked = walk_root(rows);
	return 1;
}

int erm_snmpr_rows_take_walk(struct erm_snmpr_rows *rows, const struct erm_snmpr_answer *answer)
{
	struct erm_snmpr_oid root = walk_root(rows);

	if (answer->n == 0)
		return -EBADMSG;
	for (uint32_t i = 0; i < answer->n; i++) {
		const struct erm_snmpr_varbind *v = &answer->varbinds[i];

		if (v->type == ERM_SNMPR_END_OF_VIEW || v->type == ERM_SNMPR_NO_OBJECT ||
		    v->type == ERM_SNMPR_NO_INSTANCE)
			return end_column(rows);
		/* an agent that does not go forward would hold us for ever */
		if (erm_snmpr_oid_compare(&v->name, &rows->walked) <= 0)
			return -EBADMSG;
		rows->walked = v->name;
		if (!erm_snmpr_oid_is_below(&v->name, &root))
			return end_column(rows);
		found(rows, v);
		if (++rows->n_walked >= WALK_ROWS_MAX)
			return -E2BIG;
	}
	return all_found(rows) ? 0 : 1;
}

/* --- The rows --- */

/* Items are numbered: the local AS, the peers' columns, the interfaces' columns. */
struct item {
	struct erm_snmpr_value *value;
	struct erm_snmpr_oid name;
	uint32_t row_left; /* items of the same row from here on, this one included */
	usec_t *asked;
};

static struct erm_snmpr_oid peer_oid(const struct erm_snmpr_peer *peer, uint32_t column)
{
	struct erm_snmpr_oid oid = bgp_peer_entry;
	uint32_t address = ntohl(peer->addr.v4.s_addr);

	append(&oid, peer_columns[column]);
	for (unsigned int shift = 32; shift > 0; shift -= 8)
		append(&oid, address >> (shift - 8) & 0xff);
	return oid;
}

static struct erm_snmpr_oid interface_oid(const struct erm_snmpr_interface *iface, uint32_t column)
{
	static const struct {
		const struct erm_snmpr_oid *entry;
		uint32_t column;
	} columns[ERM_SNMPR_IF_COLUMNS] = {
		[ERM_SNMPR_IF_NAME] = { &if_x_entry, IF_NAME },
		[ERM_SNMPR_IF_OPER] = { &if_entry, 8 },
		[ERM_SNMPR_IF_ADMIN] = { &if_entry, 7 },
		[ERM_SNMPR_IF_SPEED] = { &if_x_entry, 15 },
		[ERM_SNMPR_IF_MTU] = { &if_entry, 4 },
		[ERM_SNMPR_IF_LAST_CHANGE] = { &if_entry, 9 },
	};
	bool is_descr = column == ERM_SNMPR_IF_NAME && iface->is_by_descr;
	struct erm_snmpr_oid oid = is_descr ? if_entry : *columns[column].entry;

	append(&oid, is_descr ? IF_DESCR : columns[column].column);
	append(&oid, iface->ifindex);
	return oid;
}

static bool get_interface_item(struct erm_snmpr_rows *rows, uint32_t number, struct item *ret)
{
	uint32_t row = number / ERM_SNMPR_IF_COLUMNS;
	uint32_t column = number % ERM_SNMPR_IF_COLUMNS;

	for (uint32_t i = 0; i < rows->n_interfaces; i++) {
		struct erm_snmpr_interface *iface = &rows->interfaces[i];

		if (iface->ifindex == 0 || row-- > 0)
			continue;
		*ret = (struct item){ .value = &iface->values[column],
				      .name = interface_oid(iface, column),
				      .row_left = ERM_SNMPR_IF_COLUMNS - column,
				      .asked = &iface->asked };
		return true;
	}
	return false;
}

static bool get_item(struct erm_snmpr_rows *rows, uint32_t number, struct item *ret)
{
	uint32_t n_local = rows->n_peers > 0;

	if (number < n_local) {
		*ret = (struct item){ .value = &rows->local_as,
				      .name = bgp_local_as,
				      .row_left = 1 };
		return true;
	}
	number -= n_local;
	if (number < rows->n_peers * ERM_SNMPR_PEER_COLUMNS) {
		uint32_t column = number % ERM_SNMPR_PEER_COLUMNS;
		struct erm_snmpr_peer *peer = &rows->peers[number / ERM_SNMPR_PEER_COLUMNS];

		*ret = (struct item){ .value = &peer->values[column],
				      .name = peer_oid(peer, column),
				      .row_left = ERM_SNMPR_PEER_COLUMNS - column,
				      .asked = &peer->asked };
		return true;
	}
	return get_interface_item(rows, number - rows->n_peers * ERM_SNMPR_PEER_COLUMNS, ret);
}

void erm_snmpr_rows_begin(struct erm_snmpr_rows *rows)
{
	rows->cursor = 0;
	rows->n_asked = 0;
	rows->local_as = (struct erm_snmpr_value){ 0 };
	for (uint32_t i = 0; i < rows->n_peers; i++) {
		memset(rows->peers[i].values, 0, sizeof(rows->peers[i].values));
		rows->peers[i].asked = ERM_USEC_INFINITY;
	}
	for (uint32_t i = 0; i < rows->n_interfaces; i++) {
		memset(rows->interfaces[i].values, 0, sizeof(rows->interfaces[i].values));
		rows->interfaces[i].asked = ERM_USEC_INFINITY;
	}
}

bool erm_snmpr_rows_ask(struct erm_snmpr_rows *rows, uint32_t max, struct erm_snmpr_request *ret)
{
	struct item item = { 0 };
	uint32_t n = 1;

	rows->names[0] = sys_up_time;
	while (n < max && get_item(rows, rows->cursor + n - 1, &item)) {
		/* a row is asked for in one piece wherever it fits into one */
		if (n + item.row_left > max && (item.row_left == ERM_SNMPR_PEER_COLUMNS) && n > 1)
			break;
		rows->names[n++] = item.name;
	}
	/* without anything of ours, the uptime alone: is the agent there? */
	if (n == 1 && rows->cursor > 0)
		return false;
	rows->n_asked = n;
	*ret = (struct erm_snmpr_request){ .command = ERM_SNMPR_GET, .names = rows->names, .n = n };
	return true;
}

_Static_assert((int)ERM_SNMPR_PEER_COLUMNS == (int)ERM_SNMPR_IF_COLUMNS, "rows are of one length");

int erm_snmpr_rows_take(struct erm_snmpr_rows *rows, const struct erm_snmpr_answer *answer,
			usec_t asked, uint32_t *ret_uptime)
{
	struct item item = { 0 };

	if (answer->n != rows->n_asked || answer->n == 0 ||
	    answer->varbinds[0].type != ERM_SNMPR_TIMETICKS)
		return -EBADMSG;
	for (uint32_t i = 0; i < answer->n; i++) {
		if (!erm_snmpr_oid_equal(&answer->varbinds[i].name, &rows->names[i]))
			return -EBADMSG;
	}
	for (uint32_t i = 1; i < answer->n; i++) {
		if (!get_item(rows, rows->cursor + i - 1, &item))
			return -EBADMSG;
		erm_snmpr_value_take(&answer->varbinds[i], item.value);
		if (item.asked && asked < *item.asked)
			*item.asked = asked;
	}
	/* cursor 0 with nothing asked stays a complete answer: the next call finds no more */
	rows->cursor += answer->n > 1 ? answer->n - 1 : 1;
	*ret_uptime = (uint32_t)answer->varbinds[0].number;
	return 0;
}

static void end_peer(struct erm_snmpr_rows *rows, struct erm_snmpr_peer *peer)
{
	const struct erm_snmpr_value *count = &peer->values[ERM_SNMPR_PEER_TRANSITIONS];

	peer->now = (struct erm_obs_session){ .session = peer->session };
	peer->result = erm_snmpr_peer_tell(peer->values, &peer->now);
	/* a row that is missing proves something only where the table is there */
	if (peer->result == -ENOENT && rows->local_as.kind != ERM_SNMPR_VALUE_NUMBER)
		peer->result = -EOPNOTSUPP;
	peer->now.session = peer->session;
	if (peer->result < 0)
		return;
	if (rows->local_as.kind == ERM_SNMPR_VALUE_NUMBER && rows->local_as.number > 0 &&
	    rows->local_as.number <= UINT32_MAX && rows->local_as.number != 23456)
		peer->now.local_as = (uint32_t)rows->local_as.number;
	if (count->kind == ERM_SNMPR_VALUE_NUMBER && count->number >= 0) {
		uint32_t n =
			erm_snmpr_transitions_take(&peer->transitions, (uint32_t)count->number);

		peer->now.has_counts = true;
		peer->now.established_count = n;
		/* each session that was, and is not, has fallen */
		peer->now.dropped_count = n - (n > 0 && peer->now.bgp == ERM_BGP_ESTABLISHED);
	}
}

static bool is_named(const struct erm_snmpr_interface *iface)
{
	const struct erm_snmpr_value *name = &iface->values[ERM_SNMPR_IF_NAME];

	return name->kind == ERM_SNMPR_VALUE_TEXT && name->len == strlen(iface->name) &&
	       memcmp(name->text, iface->name, name->len) == 0;
}

static void end_interface(struct erm_snmpr_interface *iface)
{
	const struct erm_snmpr_value *change = &iface->values[ERM_SNMPR_IF_LAST_CHANGE];

	iface->now = (struct erm_obs_interface){ .interface = iface->interface };
	iface->result = -ENOENT;
	if (iface->ifindex > 0) {
		iface->result = erm_snmpr_interface_tell(iface->values, &iface->now);
		if (iface->result >= 0 && !is_named(iface))
			iface->result = -ESTALE;
	}
	iface->now.interface = iface->interface;
	if (iface->result < 0)
		return;
	iface->now.ifindex = iface->ifindex;
	if (change->kind == ERM_SNMPR_VALUE_NUMBER) {
		erm_snmpr_link_history_take(&iface->history, iface->now.is_oper_up,
					    (uint32_t)change->number);
		iface->now.has_counts = true;
		iface->now.carrier_up_count = iface->history.up_count;
		iface->now.carrier_down_count = iface->history.down_count;
	}
}

void erm_snmpr_rows_end(struct erm_snmpr_rows *rows)
{
	for (uint32_t i = 0; i < rows->n_peers; i++)
		end_peer(rows, &rows->peers[i]);
	for (uint32_t i = 0; i < rows->n_interfaces; i++)
		end_interface(&rows->interfaces[i]);
}
