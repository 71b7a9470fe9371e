#include "sources/snmp_router_usm.h"

#include <errno.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

#include "base/cleanup.h"

#define STRETCHED   1048576 /* octets of repeated password, RFC 3414 appendix A.2 */
#define STRETCH_LEN 64
#define IV_LEN      16

ERM_DEFINE_CLEANUP(EVP_MD_CTX *, EVP_MD_CTX_free)
ERM_DEFINE_CLEANUP(EVP_CIPHER_CTX *, EVP_CIPHER_CTX_free)

static const EVP_MD *digest_of(enum erm_snmpr_auth auth)
{
	switch (auth) {
	case ERM_SNMPR_AUTH_NONE:
		return NULL;
	case ERM_SNMPR_AUTH_MD5:
		return EVP_md5();
	case ERM_SNMPR_AUTH_SHA:
		return EVP_sha1();
	case ERM_SNMPR_AUTH_SHA224:
		return EVP_sha224();
	case ERM_SNMPR_AUTH_SHA256:
		return EVP_sha256();
	case ERM_SNMPR_AUTH_SHA384:
		return EVP_sha384();
	case ERM_SNMPR_AUTH_SHA512:
		return EVP_sha512();
	}
	return NULL;
}

size_t erm_snmpr_mac_len(enum erm_snmpr_auth auth)
{
	switch (auth) {
	case ERM_SNMPR_AUTH_NONE:
		return 0;
	case ERM_SNMPR_AUTH_MD5:
	case ERM_SNMPR_AUTH_SHA:
		return 12;
	case ERM_SNMPR_AUTH_SHA224:
		return 16;
	case ERM_SNMPR_AUTH_SHA256:
		return 24;
	case ERM_SNMPR_AUTH_SHA384:
		return 32;
	case ERM_SNMPR_AUTH_SHA512:
		return 48;
	}
	return 0;
}

static size_t cipher_key_len(enum erm_snmpr_priv priv)
{
	switch (priv) {
	case ERM_SNMPR_PRIV_NONE:
		return 0;
	case ERM_SNMPR_PRIV_AES128:
		return 16;
	case ERM_SNMPR_PRIV_AES192:
	case ERM_SNMPR_PRIV_AES192C:
		return 24;
	case ERM_SNMPR_PRIV_AES256:
	case ERM_SNMPR_PRIV_AES256C:
		return 32;
	}
	return 0;
}

/* Repeats the password to one megabyte and digests that. */
static int stretch(const EVP_MD *md, const uint8_t *password, size_t len,
		   uint8_t ret[ERM_SNMPR_KEY_MAX])
{
	ERM_CLEANUP(EVP_MD_CTX_freep) EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	uint8_t block[STRETCH_LEN];
	size_t at = 0;
	int ok;

	if (!ctx)
		return -ENOMEM;
	ok = EVP_DigestInit_ex(ctx, md, NULL);
	for (size_t done = 0; ok == 1 && done < STRETCHED; done += sizeof(block)) {
		for (size_t i = 0; i < sizeof(block); i++) {
			block[i] = password[at];
			at = at + 1 < len ? at + 1 : 0;
		}
		ok = EVP_DigestUpdate(ctx, block, sizeof(block));
	}
	if (ok == 1)
		ok = EVP_DigestFinal_ex(ctx, ret, NULL);
	OPENSSL_cleanse(block, sizeof(block));
	return ok == 1 ? 0 : -EOPNOTSUPP;
}

int erm_snmpr_keys_make(const struct erm_snmpr_credentials *credentials, struct erm_snmpr_keys *ret)
{
	struct erm_snmpr_keys keys = { .auth = credentials->auth, .priv = credentials->priv };
	const EVP_MD *md = digest_of(keys.auth);
	int r = 0;

	if (md) {
		keys.auth_len = (size_t)EVP_MD_get_size(md);
		r = stretch(md, (const uint8_t *)credentials->auth_password,
			    strlen(credentials->auth_password), keys.auth_key);
	}
	if (md && r >= 0 && keys.priv != ERM_SNMPR_PRIV_NONE)
		r = stretch(md, (const uint8_t *)credentials->priv_password,
			    strlen(credentials->priv_password), keys.priv_key);
	if (r >= 0)
		*ret = keys;
	OPENSSL_cleanse(&keys, sizeof(keys));
	return r;
}

static int localize(const EVP_MD *md, const uint8_t *key, const uint8_t *engine, size_t engine_len,
		    uint8_t ret[ERM_SNMPR_KEY_MAX])
{
	uint8_t text[2 * ERM_SNMPR_KEY_MAX + ERM_SNMPR_ENGINE_MAX];
	size_t key_len = (size_t)EVP_MD_get_size(md);
	int ok;

	memcpy(text, key, key_len);
	memcpy(text + key_len, engine, engine_len);
	memcpy(text + key_len + engine_len, key, key_len);
	ok = EVP_Digest(text, 2 * key_len + engine_len, ret, NULL, md, NULL);
	OPENSSL_cleanse(text, sizeof(text));
	return ok == 1 ? 0 : -EOPNOTSUPP;
}

/* A digest that is shorter than the cipher's key is lengthened, by one of two drafts. */
static int lengthen(const EVP_MD *md, enum erm_snmpr_priv priv, const uint8_t *engine,
		    size_t engine_len, uint8_t key[ERM_SNMPR_KEY_MAX])
{
	bool is_cisco = priv == ERM_SNMPR_PRIV_AES192C || priv == ERM_SNMPR_PRIV_AES256C;
	size_t digest_len = (size_t)EVP_MD_get_size(md);
	uint8_t more[ERM_SNMPR_KEY_MAX] = { 0 };
	size_t len = digest_len;
	int r = 0;

	while (r >= 0 && len < cipher_key_len(priv)) {
		size_t n =
			digest_len < ERM_SNMPR_KEY_MAX - len ? digest_len : ERM_SNMPR_KEY_MAX - len;

		if (is_cisco) {
			uint8_t stretched[ERM_SNMPR_KEY_MAX] = { 0 };

			r = stretch(md, key + len - digest_len, digest_len, stretched);
			if (r >= 0)
				r = localize(md, stretched, engine, engine_len, more);
			OPENSSL_cleanse(stretched, sizeof(stretched));
		} else if (EVP_Digest(key, len, more, NULL, md, NULL) != 1) {
			r = -EOPNOTSUPP;
		}
		memcpy(key + len, more, n);
		len += n;
	}
	OPENSSL_cleanse(more, sizeof(more));
	return r;
}

int erm_snmpr_keys_localize(const struct erm_snmpr_keys *keys, const uint8_t *engine,
			    size_t engine_len, struct erm_snmpr_keys *ret)
{
	const EVP_MD *md = digest_of(keys->auth);
	struct erm_snmpr_keys local = { .auth = keys->auth,
					.priv = keys->priv,
					.auth_len = keys->auth_len };
	int r = 0;

	if (engine_len > ERM_SNMPR_ENGINE_MAX)
		return -EINVAL;
	if (md)
		r = localize(md, keys->auth_key, engine, engine_len, local.auth_key);
	if (md && r >= 0 && keys->priv != ERM_SNMPR_PRIV_NONE) {
		r = localize(md, keys->priv_key, engine, engine_len, local.priv_key);
		if (r >= 0)
			r = lengthen(md, keys->priv, engine, engine_len, local.priv_key);
	}
	if (r >= 0)
		*ret = local;
	OPENSSL_cleanse(&local, sizeof(local));
	return r;
}

int erm_snmpr_mac_make(const struct erm_snmpr_keys *keys, const uint8_t *message, size_t len,
		       uint8_t ret[ERM_SNMPR_MAC_MAX])
{
	uint8_t mac[EVP_MAX_MD_SIZE];
	const EVP_MD *md = digest_of(keys->auth);

	if (!md || !HMAC(md, keys->auth_key, (int)keys->auth_len, message, len, mac, NULL))
		return -EOPNOTSUPP;
	memcpy(ret, mac, erm_snmpr_mac_len(keys->auth));
	return 0;
}

bool erm_snmpr_mac_equal(const uint8_t *a, const uint8_t *b, size_t len)
{
	return CRYPTO_memcmp(a, b, len) == 0;
}

static void put_be32(uint8_t *at, uint32_t value)
{
	at[0] = (uint8_t)(value >> 24);
	at[1] = (uint8_t)(value >> 16);
	at[2] = (uint8_t)(value >> 8);
	at[3] = (uint8_t)value;
}

static const EVP_CIPHER *cipher_of(enum erm_snmpr_priv priv)
{
	switch (cipher_key_len(priv)) {
	case 16:
		return EVP_aes_128_cfb128();
	case 24:
		return EVP_aes_192_cfb128();
	case 32:
		return EVP_aes_256_cfb128();
	default:
		return NULL;
	}
}

int erm_snmpr_crypt(const struct erm_snmpr_keys *keys, bool is_encrypting, uint32_t boots,
		    uint32_t time, const uint8_t salt[ERM_SNMPR_SALT_LEN], uint8_t *data,
		    size_t len)
{
	ERM_CLEANUP(EVP_CIPHER_CTX_freep) EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	const EVP_CIPHER *cipher = cipher_of(keys->priv);
	uint8_t iv[IV_LEN];
	int done = 0;

	if (!ctx)
		return -ENOMEM;
	put_be32(iv, boots);
	put_be32(iv + 4, time);
	memcpy(iv + 8, salt, ERM_SNMPR_SALT_LEN);
	if (!cipher || len > INT32_MAX ||
	    EVP_CipherInit_ex(ctx, cipher, NULL, keys->priv_key, iv, is_encrypting) != 1 ||
	    EVP_CipherUpdate(ctx, data, &done, data, (int)len) != 1 || (size_t)done != len)
		return -EOPNOTSUPP;
	return 0;
}
