/*
 * A kernel of paper that answers ethtool's questions: interfaces, the modules in them,
 * and every way in which they can fail.
 */
#ifndef ERM_TESTS_ETHTOOL_FAKE_H
#define ERM_TESTS_ETHTOOL_FAKE_H

#include <pthread.h>

#include "module_pages.h"
#include "sources/ethtool/query.h"

#define FAKE_FAMILY         21
#define FAKE_INTERFACES_MAX 8
#define FAKE_NO_EXT_STATE   (-1)

struct fake_interface {
	char name[16];
	uint32_t ifindex;
	uint32_t speed; /* as the kernel says it */
	int speed_error, state_error;
	int ext_state, ext_substate;
	const struct module_pages *module;
	int module_error;      /* instead of the module */
	unsigned int short_by; /* bytes that are missing from each page */
	bool is_hanging;       /* the driver does not come back, until it is false again */
	bool is_mute;          /* it is asked, and no answer comes */
	unsigned int n_module; /* how often its module was asked for */
};

struct fake_ethtool {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct fake_interface interfaces[FAKE_INTERFACES_MAX];
	unsigned int n_interfaces;
	int open_error, send_error, family_error, recv_error;
	bool is_old;           /* it has no MODULE_EEPROM_GET */
	bool is_babbling;      /* answers that are none */
	bool has_late_answers; /* each answer is preceded by one to an earlier question */
	unsigned int n_open, n_close, n_hanging;
	uint8_t answer[ERM_ETHTOOL_ANSWER_MAX]; /* the one that waits */
	size_t answer_len;
	uint32_t seq;
};

extern const struct erm_ethtool_io fake_ethtool_io;

void fake_ethtool_init(struct fake_ethtool *fake);
/* Locked, for every change while the thread runs. */
void fake_ethtool_lock(struct fake_ethtool *fake);
void fake_ethtool_unlock(struct fake_ethtool *fake);
struct fake_interface *fake_ethtool_add(struct fake_ethtool *fake, const char *name,
					uint32_t ifindex);

/* Answers, also for tests of the parser.  They return the length. */
size_t fake_answer_error(uint8_t *to, uint32_t seq, int error);
size_t fake_answer_family(uint8_t *to, uint32_t seq, bool is_old);
size_t fake_answer_state(uint8_t *to, uint32_t seq, const struct fake_interface *interface);
size_t fake_answer_speed(uint8_t *to, uint32_t seq, const struct fake_interface *interface);
size_t fake_answer_module(uint8_t *to, uint32_t seq, const struct fake_interface *interface,
			  const uint8_t *half, size_t len);

#endif
