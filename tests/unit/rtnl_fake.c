/* The paper kernel of rtnl_fake.h. */
#include "rtnl_fake.h"

#include <check.h>
#include <errno.h>
#include <linux/if.h>
#include <linux/if_link.h>
#include <linux/if_vlan.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/reader.h"

static void append(struct fake_bytes *bytes, const void *data, size_t len)
{
	static const uint8_t zeros[4];

	ck_assert_uint_le(bytes->len + len + 3, sizeof(bytes->data));
	if (len > 0)
		memcpy(bytes->data + bytes->len, data, len);
	bytes->len += len;
	memcpy(bytes->data + bytes->len, zeros, -len & 3U);
	bytes->len += -len & 3U;
}

size_t fake_begin(struct fake_bytes *bytes, uint16_t type, uint16_t flags, uint32_t seq)
{
	struct nlmsghdr header = { .nlmsg_type = type, .nlmsg_flags = flags, .nlmsg_seq = seq };
	size_t begin = bytes->len;

	append(bytes, &header, sizeof(header));
	return begin;
}

void fake_end(struct fake_bytes *bytes, size_t begin)
{
	uint32_t len = (uint32_t)(bytes->len - begin);

	memcpy(bytes->data + begin, &len, sizeof(len));
}

void fake_put(struct fake_bytes *bytes, uint16_t type, const void *data, size_t len)
{
	uint16_t header[2] = { (uint16_t)(len + 4), type };

	append(bytes, header, sizeof(header));
	append(bytes, data, len);
}

void fake_put_u32(struct fake_bytes *bytes, uint16_t type, uint32_t value)
{
	fake_put(bytes, type, &value, sizeof(value));
}

static void put_text(struct fake_bytes *bytes, uint16_t type, const char *text)
{
	fake_put(bytes, type, text, strlen(text) + 1);
}

size_t fake_nest(struct fake_bytes *bytes, uint16_t type)
{
	size_t nest = bytes->len;

	fake_put(bytes, type | NLA_F_NESTED, NULL, 0);
	return nest;
}

void fake_unnest(struct fake_bytes *bytes, size_t nest)
{
	uint16_t len = (uint16_t)(bytes->len - nest);

	memcpy(bytes->data + nest, &len, sizeof(len));
}

static void put_linkinfo(struct fake_bytes *bytes, const struct fake_link *link)
{
	struct ifla_vlan_flags flags = {
		.flags = link->is_bridge_bound ? VLAN_FLAG_BRIDGE_BINDING : VLAN_FLAG_REORDER_HDR,
		.mask = UINT32_MAX,
	};
	size_t info = fake_nest(bytes, IFLA_LINKINFO), data;

	put_text(bytes, IFLA_INFO_KIND, link->kind);
	data = fake_nest(bytes, IFLA_INFO_DATA);
	if (strcmp(link->kind, "vlan") == 0)
		fake_put(bytes, IFLA_VLAN_FLAGS, &flags, sizeof(flags));
	else
		fake_put_u32(bytes, 1, 0xdeadbeef); /* another kind's: not to be read as a VLAN's */
	fake_unnest(bytes, data);
	fake_unnest(bytes, info);
}

static void put_counts(struct fake_bytes *bytes, const struct fake_link *link)
{
	if (link->has_changes)
		fake_put_u32(bytes, IFLA_CARRIER_CHANGES, link->up_count + link->down_count);
	if (!link->has_counts)
		return;
	fake_put_u32(bytes, IFLA_CARRIER_UP_COUNT, link->up_count);
	fake_put_u32(bytes, IFLA_CARRIER_DOWN_COUNT, link->down_count);
}

void fake_link_message(struct fake_bytes *bytes, const struct fake_link *link, uint16_t type,
		       uint16_t flags, uint32_t seq)
{
	static const uint8_t no_address[6];
	struct ifinfomsg info = {
		.ifi_family = link->family,
		.ifi_index = (int)link->ifindex,
		.ifi_flags = link->flags,
		.ifi_change = link->change,
	};
	uint8_t carrier = (link->flags & IFF_LOWER_UP) != 0;
	size_t begin = fake_begin(bytes, type, flags, seq), nest;
	int32_t nsid = 0;

	append(bytes, &info, sizeof(info));
	if (link->name)
		put_text(bytes, IFLA_IFNAME, link->name);
	fake_put(bytes, IFLA_OPERSTATE, &link->operstate, 1);
	fake_put_u32(bytes, IFLA_MTU, link->mtu);
	fake_put(bytes, IFLA_CARRIER, &carrier, 1);
	put_counts(bytes, link);
	if (link->lower > 0)
		fake_put_u32(bytes, IFLA_LINK, link->lower);
	if (link->is_lower_elsewhere)
		fake_put(bytes, IFLA_LINK_NETNSID, &nsid, sizeof(nsid));
	if (link->master > 0)
		fake_put_u32(bytes, IFLA_MASTER, link->master);
	if (memcmp(link->perm_address, no_address, sizeof(no_address)) != 0)
		fake_put(bytes, IFLA_PERM_ADDRESS, link->perm_address, 6);
	if (link->kind)
		put_linkinfo(bytes, link);
	if (link->altname) {
		nest = fake_nest(bytes, IFLA_PROP_LIST);
		put_text(bytes, IFLA_ALT_IFNAME, "another-altname");
		put_text(bytes, IFLA_ALT_IFNAME, link->altname);
		fake_unnest(bytes, nest);
	}
	fake_end(bytes, begin);
}

void fake_number_message(struct fake_bytes *bytes, uint16_t type, uint32_t seq, int error)
{
	static const struct nlmsghdr request = { .nlmsg_len = sizeof(request) };
	size_t begin = fake_begin(bytes, type, type == NLMSG_DONE ? NLM_F_MULTI : 0, seq);

	append(bytes, &error, sizeof(error));
	if (type == NLMSG_ERROR)
		append(bytes, &request, sizeof(request));
	fake_end(bytes, begin);
}

void fake_kernel_init(struct fake_kernel *kernel)
{
	*kernel = (struct fake_kernel){ 0 };
	for (int id = 0; id < ERM_RTNL_SOCKET_MAX; id++)
		kernel->fds[id] = -1;
}

static void drop_queue(struct fake_kernel *kernel, int id)
{
	for (size_t i = 0; i < kernel->n_queue[id]; i++)
		free(kernel->queue[id][i]);
	kernel->n_queue[id] = 0;
}

void fake_kernel_done(struct fake_kernel *kernel)
{
	for (int id = 0; id < ERM_RTNL_SOCKET_MAX; id++) {
		drop_queue(kernel, id);
		ck_assert_int_eq(kernel->fds[id], -1); /* the source closed what it opened */
	}
}

struct fake_link *fake_kernel_add(struct fake_kernel *kernel, const struct fake_link *link)
{
	ck_assert_uint_lt(kernel->n_links, FAKE_LINKS_MAX);
	kernel->links[kernel->n_links] = *link;
	return &kernel->links[kernel->n_links++];
}

struct fake_link *fake_kernel_find(struct fake_kernel *kernel, const char *name)
{
	for (size_t i = 0; i < kernel->n_links; i++) {
		struct fake_link *link = &kernel->links[i];

		if (strcmp(link->name, name) == 0 ||
		    (link->altname && strcmp(link->altname, name) == 0))
			return link;
	}
	return NULL;
}

void fake_kernel_remove(struct fake_kernel *kernel, const char *name)
{
	struct fake_link *link = fake_kernel_find(kernel, name);

	ck_assert_ptr_nonnull(link);
	*link = kernel->links[--kernel->n_links];
}

void fake_kernel_push(struct fake_kernel *kernel, enum erm_rtnl_socket_id id,
		      const struct fake_bytes *bytes, int error)
{
	struct fake_datagram *datagram = calloc(1, sizeof(*datagram));

	ck_assert_ptr_nonnull(datagram);
	ck_assert_uint_lt(kernel->n_queue[id], FAKE_QUEUE_MAX);
	datagram->error = error;
	if (bytes)
		datagram->bytes = *bytes;
	kernel->queue[id][kernel->n_queue[id]++] = datagram;
	if (kernel->fds[id] >= 0)
		ck_assert_int_eq(eventfd_write(kernel->fds[id], 1), 0);
}

void fake_kernel_notify(struct fake_kernel *kernel, const struct fake_link *link, uint16_t type)
{
	struct fake_bytes bytes = { 0 };

	fake_link_message(&bytes, link, type, 0, 0);
	fake_kernel_push(kernel, ERM_RTNL_SOCKET_EVENTS, &bytes, 0);
}

static int fake_open(void *userdata, enum erm_rtnl_socket_id id)
{
	struct fake_kernel *kernel = userdata;

	kernel->n_opens++;
	if (kernel->n_open_fails > 0) {
		kernel->n_open_fails--;
		return -EACCES;
	}
	kernel->fds[id] = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	ck_assert_int_ge(kernel->fds[id], 0);
	return kernel->fds[id];
}

static void fake_close(void *userdata, enum erm_rtnl_socket_id id)
{
	struct fake_kernel *kernel = userdata;

	drop_queue(kernel, (int)id);
	if (kernel->fds[id] >= 0)
		(void)close(kernel->fds[id]);
	kernel->fds[id] = -1;
}

static void answer_dump(struct fake_kernel *kernel, uint32_t seq)
{
	uint16_t flags = NLM_F_MULTI;
	struct fake_bytes done = { 0 };

	kernel->n_dumps++;
	for (size_t i = 0; i < kernel->n_links; i++) {
		struct fake_bytes bytes = { 0 };

		/* As in the kernel only what follows the change is marked. */
		if (kernel->n_interrupted > 0 && i + 1 == kernel->n_links)
			flags |= NLM_F_DUMP_INTR;
		fake_link_message(&bytes, &kernel->links[i], RTM_NEWLINK, flags, seq);
		fake_kernel_push(kernel, ERM_RTNL_SOCKET_REQUESTS, &bytes, 0);
	}
	if (kernel->n_interrupted > 0)
		kernel->n_interrupted--;
	fake_number_message(&done, NLMSG_DONE, seq, 0);
	fake_kernel_push(kernel, ERM_RTNL_SOCKET_REQUESTS, &done, 0);
}

static struct fake_link *find_asked(struct fake_kernel *kernel, struct erm_reader attrs,
				    uint32_t ifindex)
{
	uint16_t len, type;

	for (size_t i = 0; ifindex > 0 && i < kernel->n_links; i++)
		if (kernel->links[i].ifindex == ifindex)
			return &kernel->links[i];
	while (ifindex == 0 && erm_reader_u16(&attrs, &len) && erm_reader_u16(&attrs, &type)) {
		const char *value = (const char *)attrs.data;

		erm_reader_skip(&attrs, (len + 3U) / 4 * 4 - 4);
		if (type != IFLA_IFNAME && type != IFLA_ALT_IFNAME)
			continue;
		ck_assert(type == IFLA_ALT_IFNAME || strlen(value) < IFNAMSIZ);
		kernel->n_by_name++;
		return fake_kernel_find(kernel, value);
	}
	return NULL;
}

static void answer_single(struct fake_kernel *kernel, const struct fake_link *link, uint32_t seq)
{
	struct fake_bytes bytes = { 0 };

	kernel->n_singles++;
	if (kernel->drop_answer > 0 && --kernel->drop_answer == 0)
		return;
	if (kernel->single_error < 0)
		fake_number_message(&bytes, NLMSG_ERROR, seq, kernel->single_error);
	else if (!link)
		fake_number_message(&bytes, NLMSG_ERROR, seq, -ENODEV);
	else
		fake_link_message(&bytes, link, RTM_NEWLINK, 0, seq);
	fake_kernel_push(kernel, ERM_RTNL_SOCKET_REQUESTS, &bytes, 0);
}

static int fake_send(void *userdata, const void *data, size_t len)
{
	struct fake_kernel *kernel = userdata;
	struct erm_reader r = erm_reader_init(data, len);
	struct nlmsghdr header;
	struct ifinfomsg info;

	while (r.left > 0) {
		struct erm_reader message;

		memcpy(&header, r.data, sizeof(header));
		ck_assert(erm_reader_split(&r, header.nlmsg_len, &message));
		ck_assert_int_eq(header.nlmsg_type, RTM_GETLINK);
		erm_reader_skip(&message, sizeof(header));
		memcpy(&info, message.data, sizeof(info));
		erm_reader_skip(&message, sizeof(info));
		if (kernel->n_mute > 0)
			kernel->n_mute--;
		else if (header.nlmsg_flags & NLM_F_DUMP)
			answer_dump(kernel, header.nlmsg_seq);
		else
			answer_single(kernel, find_asked(kernel, message, (uint32_t)info.ifi_index),
				      header.nlmsg_seq);
	}
	return 0;
}

static ssize_t fake_recv(void *userdata, enum erm_rtnl_socket_id id, void *buf, size_t size)
{
	struct fake_kernel *kernel = userdata;
	struct fake_datagram *datagram = kernel->queue[id][0];
	eventfd_t ignored;
	ssize_t r;

	if (kernel->n_queue[id] == 0) {
		(void)eventfd_read(kernel->fds[id], &ignored);
		return -EAGAIN;
	}
	kernel->n_queue[id]--;
	memmove(kernel->queue[id], kernel->queue[id] + 1,
		kernel->n_queue[id] * sizeof(struct fake_datagram *));
	ck_assert_uint_le(datagram->bytes.len, size);
	memcpy(buf, datagram->bytes.data, datagram->bytes.len);
	r = datagram->error < 0 ? datagram->error : (ssize_t)datagram->bytes.len;
	free(datagram);
	return r;
}

const struct erm_rtnl_socket_ops fake_kernel_ops = {
	.open = fake_open,
	.send = fake_send,
	.recv = fake_recv,
	.close = fake_close,
};

struct erm_config *fake_config(const char *const *names)
{
	struct erm_config *config = erm_config_new();

	ck_assert_ptr_nonnull(config);
	while (names[config->n_interfaces])
		config->n_interfaces++;
	config->interfaces = calloc(config->n_interfaces + 1, sizeof(*config->interfaces));
	config->sources = calloc(1, sizeof(*config->sources));
	ck_assert_ptr_nonnull(config->interfaces);
	ck_assert_ptr_nonnull(config->sources);
	for (uint32_t i = 0; i < config->n_interfaces; i++)
		config->interfaces[i].name = strdup(names[i]);
	config->n_sources = 1;
	config->sources[0] = (struct erm_source_config){
		.name = strdup("kernel"),
		.type = ERM_SOURCE_TYPE_RTNL,
		.poll_usec = 20 * ERM_USEC_PER_MSEC,
		.fast_poll_usec = 5 * ERM_USEC_PER_MSEC,
		.fast_window_usec = 50 * ERM_USEC_PER_MSEC,
		.resync_usec = 60 * ERM_USEC_PER_SEC,
		.timeout_usec = 50 * ERM_USEC_PER_MSEC,
	};
	return config;
}
