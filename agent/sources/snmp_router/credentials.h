/*
 * What a router's SNMP agent wants to be told before it answers: a community, or a user with
 * his keys.  Read from a file of "key = value" lines that nobody else may read.
 */
#ifndef ERM_SOURCES_SNMP_ROUTER_CREDENTIALS_H
#define ERM_SOURCES_SNMP_ROUTER_CREDENTIALS_H

#include <stdbool.h>
#include <stddef.h>

#define ERM_SNMPR_SECRET_MAX      128
#define ERM_SNMPR_USER_MAX        32 /* RFC 3414 section 2.1 */
#define ERM_SNMPR_PASSWORD_MIN    8  /* RFC 3414 section 11.2 */
#define ERM_SNMPR_CREDENTIALS_MAX 4096

enum erm_snmpr_auth {
	ERM_SNMPR_AUTH_NONE,
	ERM_SNMPR_AUTH_MD5,
	ERM_SNMPR_AUTH_SHA,
	ERM_SNMPR_AUTH_SHA224,
	ERM_SNMPR_AUTH_SHA256,
	ERM_SNMPR_AUTH_SHA384,
	ERM_SNMPR_AUTH_SHA512,
};

enum erm_snmpr_priv {
	ERM_SNMPR_PRIV_NONE,
	ERM_SNMPR_PRIV_AES128,
	ERM_SNMPR_PRIV_AES192,
	ERM_SNMPR_PRIV_AES256,
	ERM_SNMPR_PRIV_AES192C, /* Cisco's way to lengthen a key */
	ERM_SNMPR_PRIV_AES256C,
};

struct erm_snmpr_credentials {
	char community[ERM_SNMPR_SECRET_MAX + 1]; /* "": SNMPv3 */
	char user[ERM_SNMPR_USER_MAX + 1];
	enum erm_snmpr_auth auth;
	enum erm_snmpr_priv priv;
	char auth_password[ERM_SNMPR_SECRET_MAX + 1];
	char priv_password[ERM_SNMPR_SECRET_MAX + 1];
};

#define ERM_SNMPR_ERROR_MAX 192

/*
 * Pure.  The text of the file, not NUL-terminated.  0; -EINVAL with what is wrong: line and
 * word, but never a value.
 */
int erm_snmpr_credentials_parse(const char *text, size_t len, struct erm_snmpr_credentials *ret,
				char ret_error[ERM_SNMPR_ERROR_MAX]);

/*
 * Reads the file.  Only a regular file without any right for others will do: else -EPERM.
 * A negative errno comes with a text that names the file.
 */
int erm_snmpr_credentials_read(const char *path, struct erm_snmpr_credentials *ret,
			       char ret_error[ERM_SNMPR_ERROR_MAX]);

bool erm_snmpr_credentials_equal(const struct erm_snmpr_credentials *a,
				 const struct erm_snmpr_credentials *b);

/* Leaves nothing of the secrets in memory. */
void erm_snmpr_credentials_wipe(struct erm_snmpr_credentials *credentials);

#endif
