/* The kernel of ethtool_fake.h: speaks netlink by its own book, not by the parser's. */
#include "ethtool_fake.h"

#include <check.h>
#include <errno.h>
#include <linux/ethtool_netlink.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <string.h>

struct question {
	uint16_t type;
	uint32_t seq;
	uint8_t command;
	char name[128];
	struct erm_module_request piece;
};

static size_t put(uint8_t *to, size_t at, uint16_t type, const void *data, size_t len)
{
	struct nlattr attribute = { .nla_len = (uint16_t)(4 + len), .nla_type = type };

	memset(to + at, 0, (4 + len + 3) & ~(size_t)3);
	memcpy(to + at, &attribute, sizeof(attribute));
	memcpy(to + at + 4, data, len);
	return at + ((4 + len + 3) & ~(size_t)3);
}

static void set_attribute_len(uint8_t *to, size_t at, size_t end)
{
	uint16_t len = (uint16_t)(end - at);

	memcpy(to + at, &len, sizeof(len));
}

static size_t begin(uint8_t *to, uint16_t type, uint32_t seq, uint8_t command)
{
	struct nlmsghdr header = { .nlmsg_type = type, .nlmsg_seq = seq, .nlmsg_pid = 4711 };
	struct genlmsghdr generic = { .cmd = command, .version = 1 };

	memcpy(to, &header, sizeof(header));
	memcpy(to + sizeof(header), &generic, sizeof(generic));
	return sizeof(header) + sizeof(generic);
}

static size_t end(uint8_t *to, size_t len)
{
	uint32_t len32 = (uint32_t)len;

	memcpy(to, &len32, sizeof(len32));
	return len;
}

static size_t put_device(uint8_t *to, size_t at, const struct fake_interface *interface)
{
	size_t nest = at;

	at = put(to, at, 1 | NLA_F_NESTED, "", 0);
	at = put(to, at, ETHTOOL_A_HEADER_DEV_INDEX, &interface->ifindex, 4);
	at = put(to, at, ETHTOOL_A_HEADER_DEV_NAME, interface->name, strlen(interface->name) + 1);
	set_attribute_len(to, nest, at);
	return at;
}

size_t fake_answer_error(uint8_t *to, uint32_t seq, int error)
{
	struct nlmsghdr header = { .nlmsg_len = sizeof(struct nlmsghdr) + sizeof(struct nlmsgerr),
				   .nlmsg_type = NLMSG_ERROR,
				   .nlmsg_seq = seq };
	struct nlmsgerr body = { .error = error, .msg = { .nlmsg_seq = seq } };

	memcpy(to, &header, sizeof(header));
	memcpy(to + sizeof(header), &body, sizeof(body));
	return header.nlmsg_len;
}

static size_t put_operation(uint8_t *to, size_t at, uint16_t nth, uint32_t id)
{
	uint32_t flags = 0x0a;
	size_t nest = at;

	at = put(to, at, nth, "", 0);
	at = put(to, at, CTRL_ATTR_OP_ID, &id, 4);
	at = put(to, at, CTRL_ATTR_OP_FLAGS, &flags, 4);
	set_attribute_len(to, nest, at);
	return at;
}

size_t fake_answer_family(uint8_t *to, uint32_t seq, bool is_old)
{
	uint16_t id = FAKE_FAMILY;
	size_t at = begin(to, GENL_ID_CTRL, seq, CTRL_CMD_NEWFAMILY);
	size_t nest;

	at = put(to, at, CTRL_ATTR_FAMILY_NAME, "ethtool", 8);
	at = put(to, at, CTRL_ATTR_FAMILY_ID, &id, 2);
	nest = at;
	at = put(to, at, CTRL_ATTR_OPS, "", 0);
	at = put_operation(to, at, 1, ETHTOOL_MSG_LINKMODES_GET);
	at = put_operation(to, at, 2, ETHTOOL_MSG_LINKSTATE_GET);
	if (!is_old)
		at = put_operation(to, at, 3, ETHTOOL_MSG_MODULE_EEPROM_GET);
	set_attribute_len(to, nest, at);
	return end(to, at);
}

size_t fake_answer_state(uint8_t *to, uint32_t seq, const struct fake_interface *interface)
{
	uint8_t link = interface->ext_state == FAKE_NO_EXT_STATE;
	uint8_t state = (uint8_t)interface->ext_state;
	uint8_t substate = (uint8_t)interface->ext_substate;
	size_t at = begin(to, FAKE_FAMILY, seq, ETHTOOL_MSG_LINKSTATE_GET_REPLY);

	at = put_device(to, at, interface);
	at = put(to, at, ETHTOOL_A_LINKSTATE_LINK, &link, 1);
	if (!link)
		at = put(to, at, ETHTOOL_A_LINKSTATE_EXT_STATE, &state, 1);
	if (!link && substate > 0)
		at = put(to, at, ETHTOOL_A_LINKSTATE_EXT_SUBSTATE, &substate, 1);
	return end(to, at);
}

size_t fake_answer_speed(uint8_t *to, uint32_t seq, const struct fake_interface *interface)
{
	uint8_t one = 1;
	size_t at = begin(to, FAKE_FAMILY, seq, ETHTOOL_MSG_LINKMODES_GET_REPLY);

	at = put_device(to, at, interface);
	at = put(to, at, ETHTOOL_A_LINKMODES_AUTONEG, &one, 1);
	at = put(to, at, ETHTOOL_A_LINKMODES_OURS | NLA_F_NESTED, "\x05\0\x02\0", 4);
	at = put(to, at, ETHTOOL_A_LINKMODES_SPEED, &interface->speed, 4);
	at = put(to, at, ETHTOOL_A_LINKMODES_DUPLEX, &one, 1);
	return end(to, at);
}

size_t fake_answer_module(uint8_t *to, uint32_t seq, const struct fake_interface *interface,
			  const uint8_t *half, size_t len)
{
	size_t at = begin(to, FAKE_FAMILY, seq, ETHTOOL_MSG_MODULE_EEPROM_GET_REPLY);

	at = put_device(to, at, interface);
	at = put(to, at, ETHTOOL_A_MODULE_EEPROM_DATA, half, len);
	return end(to, at);
}

static void read_name(const uint8_t *nest, size_t len, struct question *question)
{
	for (size_t at = 0; at + 4 <= len;) {
		struct nlattr a;

		memcpy(&a, nest + at, sizeof(a));
		ck_assert_uint_ge(a.nla_len, 4);
		ck_assert_uint_le(at + a.nla_len, len);
		if (a.nla_type == ETHTOOL_A_HEADER_DEV_NAME) {
			ck_assert_uint_eq(nest[at + a.nla_len - 1], 0);
			(void)snprintf(question->name, sizeof(question->name), "%s",
				       (const char *)nest + at + 4);
		}
		at += (a.nla_len + 3U) & ~3U;
	}
}

static void read_attribute(const struct nlattr *a, const uint8_t *data, struct question *question)
{
	uint32_t number = data[0];

	switch (a->nla_type) {
	case ETHTOOL_A_MODULE_EEPROM_HEADER | NLA_F_NESTED:
		read_name(data, a->nla_len - 4U, question);
		break;
	case ETHTOOL_A_MODULE_EEPROM_OFFSET:
		memcpy(&number, data, 4);
		question->piece.offset = (uint8_t)number;
		break;
	case ETHTOOL_A_MODULE_EEPROM_LENGTH:
		memcpy(&number, data, 4);
		question->piece.length = (uint8_t)number;
		break;
	case ETHTOOL_A_MODULE_EEPROM_PAGE:
		question->piece.page = data[0];
		break;
	case ETHTOOL_A_MODULE_EEPROM_BANK:
		question->piece.bank = data[0];
		break;
	case ETHTOOL_A_MODULE_EEPROM_I2C_ADDRESS:
		question->piece.i2c_address = data[0];
		break;
	default:
		ck_abort_msg("attribute %u", a->nla_type);
	}
}

static struct question read_question(const uint8_t *data, size_t len)
{
	struct question question = { 0 };
	struct genlmsghdr generic;
	struct nlmsghdr header;
	size_t at = sizeof(header) + sizeof(generic);

	ck_assert_uint_ge(len, at);
	memcpy(&header, data, sizeof(header));
	memcpy(&generic, data + sizeof(header), sizeof(generic));
	ck_assert_uint_eq(header.nlmsg_len, len);
	ck_assert_uint_eq(header.nlmsg_flags, NLM_F_REQUEST);
	question.type = header.nlmsg_type;
	question.seq = header.nlmsg_seq;
	question.command = generic.cmd;
	while (at + 4 <= len && header.nlmsg_type == FAKE_FAMILY) {
		struct nlattr a;

		memcpy(&a, data + at, sizeof(a));
		ck_assert_uint_le(at + a.nla_len, len);
		read_attribute(&a, data + at + 4, &question);
		at += (a.nla_len + 3U) & ~3U;
	}
	return question;
}

static struct fake_interface *find(struct fake_ethtool *fake, const char *name)
{
	for (unsigned int i = 0; i < fake->n_interfaces; i++) {
		if (strcmp(fake->interfaces[i].name, name) == 0)
			return &fake->interfaces[i];
	}
	return NULL;
}

static size_t answer_module(struct fake_ethtool *fake, struct fake_interface *interface,
			    const struct question *question)
{
	const uint8_t *half = NULL;

	interface->n_module++;
	while (interface->is_hanging) {
		fake->n_hanging++;
		(void)pthread_cond_broadcast(&fake->changed);
		(void)pthread_cond_wait(&fake->changed, &fake->lock);
		fake->n_hanging--;
	}
	if (interface->module_error < 0)
		return fake_answer_error(fake->answer, question->seq, interface->module_error);
	if (!interface->module)
		return fake_answer_error(fake->answer, question->seq, -EOPNOTSUPP);
	half = pages_answer(interface->module, &question->piece);
	if (!half)
		return fake_answer_error(fake->answer, question->seq, -EINVAL);
	return fake_answer_module(fake->answer, question->seq, interface, half,
				  128 - interface->short_by);
}

static size_t answer_device(struct fake_ethtool *fake, const struct question *question)
{
	struct fake_interface *interface = find(fake, question->name);

	if (!interface)
		return fake_answer_error(fake->answer, question->seq, -ENODEV);
	if (question->command == ETHTOOL_MSG_MODULE_EEPROM_GET)
		return interface->is_mute ? 0 : answer_module(fake, interface, question);
	if (question->command == ETHTOOL_MSG_LINKMODES_GET) {
		if (interface->speed_error < 0)
			return fake_answer_error(fake->answer, question->seq,
						 interface->speed_error);
		return fake_answer_speed(fake->answer, question->seq, interface);
	}
	ck_assert_uint_eq(question->command, ETHTOOL_MSG_LINKSTATE_GET);
	if (interface->state_error < 0)
		return fake_answer_error(fake->answer, question->seq, interface->state_error);
	return fake_answer_state(fake->answer, question->seq, interface);
}

static void answer(struct fake_ethtool *fake, const struct question *question)
{
	fake->answer_len = 0;
	if (fake->is_babbling) {
		memset(fake->answer, 0x5a, 64);
		fake->answer_len = 64;
	} else if (question->type == GENL_ID_CTRL && fake->family_error < 0) {
		fake->answer_len =
			fake_answer_error(fake->answer, question->seq, fake->family_error);
	} else if (question->type == GENL_ID_CTRL) {
		fake->answer_len = fake_answer_family(fake->answer, question->seq, fake->is_old);
	} else {
		ck_assert_uint_eq(question->type, FAKE_FAMILY);
		fake->answer_len = answer_device(fake, question);
	}
}

static int fake_open(void *userdata, usec_t timeout)
{
	struct fake_ethtool *fake = userdata;
	int r;

	(void)timeout;
	fake_ethtool_lock(fake);
	fake->n_open++;
	r = fake->open_error;
	fake_ethtool_unlock(fake);
	return r;
}

static int fake_send(void *userdata, const void *data, size_t len)
{
	struct fake_ethtool *fake = userdata;
	struct question question = read_question(data, len);
	int r;

	fake_ethtool_lock(fake);
	r = fake->send_error;
	if (r == 0)
		answer(fake, &question);
	fake->seq = question.seq;
	fake_ethtool_unlock(fake);
	return r;
}

static ssize_t fake_recv(void *userdata, void *buf, size_t size)
{
	struct fake_ethtool *fake = userdata;
	ssize_t n = -EAGAIN;

	fake_ethtool_lock(fake);
	if (fake->recv_error < 0) {
		n = fake->recv_error;
	} else if (fake->has_late_answers && fake->seq > 0) {
		n = (ssize_t)fake_answer_error(buf, fake->seq - 1, -EIO);
		fake->seq = 0;
	} else if (fake->answer_len > 0) {
		ck_assert_uint_le(fake->answer_len, size);
		memcpy(buf, fake->answer, fake->answer_len);
		n = (ssize_t)fake->answer_len;
		fake->answer_len = 0;
	}
	fake_ethtool_unlock(fake);
	return n;
}

static void fake_close(void *userdata)
{
	struct fake_ethtool *fake = userdata;

	fake_ethtool_lock(fake);
	fake->n_close++;
	fake_ethtool_unlock(fake);
}

const struct erm_ethtool_io fake_ethtool_io = {
	.open = fake_open,
	.send = fake_send,
	.recv = fake_recv,
	.close = fake_close,
};

void fake_ethtool_init(struct fake_ethtool *fake)
{
	memset(fake, 0, sizeof(*fake));
	(void)pthread_mutex_init(&fake->lock, NULL);
	(void)pthread_cond_init(&fake->changed, NULL);
}

void fake_ethtool_lock(struct fake_ethtool *fake)
{
	(void)pthread_mutex_lock(&fake->lock);
}

void fake_ethtool_unlock(struct fake_ethtool *fake)
{
	(void)pthread_cond_broadcast(&fake->changed);
	(void)pthread_mutex_unlock(&fake->lock);
}

struct fake_interface *fake_ethtool_add(struct fake_ethtool *fake, const char *name,
					uint32_t ifindex)
{
	struct fake_interface *interface = &fake->interfaces[fake->n_interfaces++];

	ck_assert_uint_le(fake->n_interfaces, FAKE_INTERFACES_MAX);
	(void)snprintf(interface->name, sizeof(interface->name), "%s", name);
	interface->ifindex = ifindex;
	interface->speed = 10000;
	interface->ext_state = FAKE_NO_EXT_STATE;
	return interface;
}
