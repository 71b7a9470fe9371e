/*
 * The control socket as a publisher: whoever may connect asks for instance data of
 * ermon.yang, subscribes to events, or (root, the daemon's own user, and for the last
 * the operator group) reloads and acts on alarms.
 * Encoding happens in a thread (ctl_encoder.h), octets in ctl_client.h, words in
 * ctl_frame.h; here is who asked what and who gets which answer.  The vtable is
 * erm_publisher_ctl_ops; these functions are for tests.
 */
#ifndef ERM_PUBLISH_CTL_H
#define ERM_PUBLISH_CTL_H

#include "publish/ctl_client.h"
#include "publish/publisher.h"

#define ERM_CTL_SOCKET "ctl.sock" /* in the runtime directory */

extern const struct erm_ctl_limits erm_ctl_default_limits;

struct erm_ctl_counters {
	uint32_t clients; /* connected now */
	uint64_t accepted, refused, requests, throttled, gone[ERM_CTL_GONE_MAX];
};

/* As the vtable's start(), with limits of one's own. */
int erm_ctl_start(const struct erm_publisher_env *env, const struct erm_ctl_limits *limits,
		  struct erm_publisher **ret);

void erm_ctl_counters(const struct erm_publisher *pub, struct erm_ctl_counters *ret);

#endif
