/*
 * The user-based security model's arithmetic: keys of passwords (RFC 3414 appendix A.2), the
 * authentication of messages (RFC 3414 section 6, RFC 7860) and their encryption (RFC 3826,
 * and the two ways of lengthening a key for AES-192 and AES-256).  Pure; the ciphers are
 * libcrypto's.
 */
#ifndef ERM_SOURCES_SNMP_ROUTER_USM_H
#define ERM_SOURCES_SNMP_ROUTER_USM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sources/snmp_router_credentials.h"

#define ERM_SNMPR_ENGINE_MAX 32
#define ERM_SNMPR_KEY_MAX    64
#define ERM_SNMPR_MAC_MAX    48
#define ERM_SNMPR_SALT_LEN   8

struct erm_snmpr_keys {
	enum erm_snmpr_auth auth;
	enum erm_snmpr_priv priv;
	size_t auth_len; /* of a digest */
	uint8_t auth_key[ERM_SNMPR_KEY_MAX], priv_key[ERM_SNMPR_KEY_MAX];
};

/* The keys of the passwords, good with every engine: some milliseconds.  0; -EOPNOTSUPP when libcrypto refuses the digest. */
int erm_snmpr_keys_make(const struct erm_snmpr_credentials *credentials,
			struct erm_snmpr_keys *ret);

/* Those for one engine. */
int erm_snmpr_keys_localize(const struct erm_snmpr_keys *keys, const uint8_t *engine,
			    size_t engine_len, struct erm_snmpr_keys *ret);

/* Octets of msgAuthenticationParameters; 0 without authentication. */
size_t erm_snmpr_mac_len(enum erm_snmpr_auth auth);

/* The MAC of a message in which the place of the MAC is zero. */
int erm_snmpr_mac_make(const struct erm_snmpr_keys *keys, const uint8_t *message, size_t len,
		       uint8_t ret[ERM_SNMPR_MAC_MAX]);

bool erm_snmpr_mac_equal(const uint8_t *a, const uint8_t *b, size_t len);

/* In place. */
int erm_snmpr_crypt(const struct erm_snmpr_keys *keys, bool is_encrypting, uint32_t boots,
		    uint32_t time, const uint8_t salt[ERM_SNMPR_SALT_LEN], uint8_t *data,
		    size_t len);

#endif
