/*
 * The MESSAGE_ID of every journal entry of an event, the only list of them:
 * X(event kind, alarm type or 0 for any, ID).  systemd/ermon.catalog explains each, and
 * a test compares the two.  An ID never changes once released.
 */
#ifndef ERM_PUBLISH_JOURNAL_IDS_H
#define ERM_PUBLISH_JOURNAL_IDS_H

#define ERM_JOURNAL_IDS(X)                                                       \
	X(RAISE, ERM_ALARM_SERVICE_DOWN, "0d0f33c20d2b4cd184997ac21e41d856")     \
	X(CLEAR, ERM_ALARM_SERVICE_DOWN, "4f3fea681e944d7d8a907aa815d59bb7")     \
	X(RAISE, ERM_ALARM_REDUNDANCY_LOST, "cae657a4e38e4cf29c7d8c921f0d5879")  \
	X(CLEAR, ERM_ALARM_REDUNDANCY_LOST, "0ef4cb96cc4340289e918ea6b7608e74")  \
	X(RAISE, ERM_ALARM_NOT_REDUNDANT, "4f64bf35997841648fe320a9e2b2508f")    \
	X(CLEAR, ERM_ALARM_NOT_REDUNDANT, "ee3662a2c647463b9f4186bb729c27bd")    \
	X(RAISE, ERM_ALARM_DEGRADED, "ee1e821cc76d4d729e1bfe35d5faf903")         \
	X(CLEAR, ERM_ALARM_DEGRADED, "d2b3a03b5de0415bbef0551401a53958")         \
	X(RAISE, ERM_ALARM_STATE_UNKNOWN, "a1198f55169e485a8993c73d9e06ee71")    \
	X(CLEAR, ERM_ALARM_STATE_UNKNOWN, "207ecfa55a584286872ee0983671da0a")    \
	X(RAISE, ERM_ALARM_PORT_DOWN, "602a6f3eff8f42f1a97ee10762869212")        \
	X(CLEAR, ERM_ALARM_PORT_DOWN, "7200b92660c14507854e772f15cef9ec")        \
	X(RAISE, ERM_ALARM_SESSION_DOWN, "6d013d7381d54b29a4f97ff25b898fb5")     \
	X(CLEAR, ERM_ALARM_SESSION_DOWN, "ae01372b5e2d40119e8f62bdec5e0d87")     \
	X(RAISE, ERM_ALARM_FLAPPING, "f57976bc83514d5bbe311fba74715913")         \
	X(CLEAR, ERM_ALARM_FLAPPING, "e5544332dde54e2cbb3da9126265c6bd")         \
	X(RAISE, ERM_ALARM_PREFIX_THRESHOLD, "4e0aa2a10a6748668dd3e2f1ff895e0d") \
	X(CLEAR, ERM_ALARM_PREFIX_THRESHOLD, "7e5c1767b07849c9aee283fa2fa9cec3") \
	X(RAISE, ERM_ALARM_PREFIX_LIMIT, "e9cb1ab25084470eb3fbe9d32122e09a")     \
	X(CLEAR, ERM_ALARM_PREFIX_LIMIT, "d024ad34b2194ca4a098191c0feea83d")     \
	X(RAISE, ERM_ALARM_OPTICAL, "ebe38710a4674da18a12f0b64ae083a6")          \
	X(CLEAR, ERM_ALARM_OPTICAL, "f15d013274594cca94ad4db41cb4ea2f")          \
	X(RAISE, ERM_ALARM_DRAINING, "6a5c053abd424a7cb01742fab36b7957")         \
	X(CLEAR, ERM_ALARM_DRAINING, "05ade51f584e42bf9fc53e30d3c89e3d")         \
	X(REMINDER, 0, "d2b1d07f4a0644638fadcdfc850dcf4d")                       \
	X(AGENT_STARTED, 0, "cfc93d8ee47d4538a19aa66137d11fe2")                  \
	X(HEARTBEAT, 0, "53cc29b8f684418895bd027d7216e5da")

/* Of what operators do: X(kind of act, ERMON_EVENT, ID). */
#define ERM_JOURNAL_ACT_IDS(X)                                                  \
	X(OPERATOR_STATE, "operator-state", "056c503b5eca4cc082a3574efd0364e6") \
	X(SHELVE, "shelve", "bac553b708704c65a2a20f2977256efc")                 \
	X(UNSHELVE, "unshelve", "08ae5cdaac3f4a8b8bd9ef4ea1c6477b")             \
	X(END_SHELF, "shelf-ended", "43b7369f50c443d6a330104b6e222956")

#endif
