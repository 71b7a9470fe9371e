/*
 * Owns the words of the credentials file and the rules for the file itself.  Must not show a
 * secret: not in an error, not in a log.
 */
#include "sources/snmp_router/credentials.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"

struct line {
	const char *key, *value;
	size_t key_len, value_len;
	unsigned int number;
};

static const struct {
	const char *name;
	int value;
} auth_names[] = {
	{ "MD5", ERM_SNMPR_AUTH_MD5 },        { "SHA", ERM_SNMPR_AUTH_SHA },
	{ "SHA-1", ERM_SNMPR_AUTH_SHA },      { "SHA-224", ERM_SNMPR_AUTH_SHA224 },
	{ "SHA-256", ERM_SNMPR_AUTH_SHA256 }, { "SHA-384", ERM_SNMPR_AUTH_SHA384 },
	{ "SHA-512", ERM_SNMPR_AUTH_SHA512 },
}, priv_names[] = {
	{ "AES", ERM_SNMPR_PRIV_AES128 },        { "AES-128", ERM_SNMPR_PRIV_AES128 },
	{ "AES-192", ERM_SNMPR_PRIV_AES192 },    { "AES-256", ERM_SNMPR_PRIV_AES256 },
	{ "AES-192-C", ERM_SNMPR_PRIV_AES192C }, { "AES-256-C", ERM_SNMPR_PRIV_AES256C },
};

static bool is_key(const struct line *line, const char *key)
{
	return line->key_len == strlen(key) && memcmp(line->key, key, line->key_len) == 0;
}

static bool is_value(const struct line *line, const char *name)
{
	return line->value_len == strlen(name) &&
	       strncasecmp(line->value, name, line->value_len) == 0;
}

/* A word that may be shown: a key is no secret, but what stands in its place might be. */
static void show_word(const char *word, size_t len, char ret[17])
{
	size_t n = len < 16 ? len : 16;

	for (size_t i = 0; i < n; i++)
		ret[i] = (char)(word[i] > ' ' && word[i] <= '~' ? word[i] : '?');
	ret[n] = '\0';
}

static int complain(char ret_error[ERM_SNMPR_ERROR_MAX], const struct line *line, const char *what)
{
	char word[17];

	show_word(line->key, line->key_len, word);
	(void)snprintf(ret_error, ERM_SNMPR_ERROR_MAX, "line %u: %s: %s", line->number, word, what);
	return -EINVAL;
}

static int take_text(const struct line *line, size_t min, size_t max, char *ret,
		     char ret_error[ERM_SNMPR_ERROR_MAX])
{
	if (ret[0] != '\0')
		return complain(ret_error, line, "given twice");
	if (line->value_len == 0)
		return complain(ret_error, line, "no value");
	if (line->value_len < min)
		return complain(ret_error, line, "shorter than 8 characters");
	if (line->value_len > max)
		return complain(ret_error, line, "too long");
	memcpy(ret, line->value, line->value_len);
	ret[line->value_len] = '\0';
	return 0;
}

static int take_auth(const struct line *line, struct erm_snmpr_credentials *c, char *ret_error)
{
	if (c->auth != ERM_SNMPR_AUTH_NONE)
		return complain(ret_error, line, "given twice");
	for (size_t i = 0; i < ERM_ELEMENTS(auth_names); i++) {
		if (is_value(line, auth_names[i].name)) {
			c->auth = (enum erm_snmpr_auth)auth_names[i].value;
			return 0;
		}
	}
	return complain(ret_error, line, "none of MD5, SHA, SHA-224, SHA-256, SHA-384, SHA-512");
}

static int take_priv(const struct line *line, struct erm_snmpr_credentials *c, char *ret_error)
{
	if (c->priv != ERM_SNMPR_PRIV_NONE)
		return complain(ret_error, line, "given twice");
	for (size_t i = 0; i < ERM_ELEMENTS(priv_names); i++) {
		if (is_value(line, priv_names[i].name)) {
			c->priv = (enum erm_snmpr_priv)priv_names[i].value;
			return 0;
		}
	}
	return complain(ret_error, line, "none of AES, AES-192, AES-256, AES-192-C, AES-256-C");
}

static int take_line(const struct line *line, struct erm_snmpr_credentials *c, char *ret_error)
{
	if (is_key(line, "community"))
		return take_text(line, 1, ERM_SNMPR_SECRET_MAX, c->community, ret_error);
	if (is_key(line, "user"))
		return take_text(line, 1, ERM_SNMPR_USER_MAX, c->user, ret_error);
	if (is_key(line, "auth-password"))
		return take_text(line, ERM_SNMPR_PASSWORD_MIN, ERM_SNMPR_SECRET_MAX,
				 c->auth_password, ret_error);
	if (is_key(line, "priv-password"))
		return take_text(line, ERM_SNMPR_PASSWORD_MIN, ERM_SNMPR_SECRET_MAX,
				 c->priv_password, ret_error);
	if (is_key(line, "auth-protocol"))
		return take_auth(line, c, ret_error);
	if (is_key(line, "priv-protocol"))
		return take_priv(line, c, ret_error);
	return complain(ret_error, line, "no such key");
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static void trim(const char **text, size_t *len)
{
	while (*len > 0 && is_blank(**text)) {
		(*text)++;
		(*len)--;
	}
	while (*len > 0 && is_blank((*text)[*len - 1]))
		(*len)--;
}

/* 1 for a line that says something, 0 for an empty one or a comment. */
static int split_line(const char *text, size_t len, struct line *line, char *ret_error)
{
	const char *equals;

	trim(&text, &len);
	if (len == 0 || *text == '#')
		return 0;
	if (memchr(text, '\0', len)) {
		(void)snprintf(ret_error, ERM_SNMPR_ERROR_MAX, "line %u: a NUL", line->number);
		return -EINVAL;
	}
	equals = memchr(text, '=', len);
	if (!equals) { /* it might be a bare secret: not shown */
		(void)snprintf(ret_error, ERM_SNMPR_ERROR_MAX, "line %u: no '='", line->number);
		return -EINVAL;
	}
	line->key = text;
	line->key_len = (size_t)(equals - text);
	line->value = equals + 1;
	line->value_len = len - line->key_len - 1;
	trim(&line->key, &line->key_len);
	trim(&line->value, &line->value_len);
	return 1;
}

static const char *missing(const struct erm_snmpr_credentials *c)
{
	bool has_v3 =
		c->user[0] || c->auth || c->priv || c->auth_password[0] || c->priv_password[0];

	if (c->community[0])
		return has_v3 ? "community and user exclude each other" : NULL;
	if (!c->user[0])
		return has_v3 ? "user is missing" : "neither community nor user is given";
	if (!c->auth != !c->auth_password[0])
		return c->auth ? "auth-password is missing" : "auth-protocol is missing";
	if (!c->priv != !c->priv_password[0])
		return c->priv ? "priv-password is missing" : "priv-protocol is missing";
	if (c->priv && !c->auth)
		return "priv-protocol needs auth-protocol";
	return NULL;
}

int erm_snmpr_credentials_parse(const char *text, size_t len, struct erm_snmpr_credentials *ret,
				char ret_error[ERM_SNMPR_ERROR_MAX])
{
	struct erm_snmpr_credentials c = { 0 };
	struct line line = { 0 };
	const char *end = text + len;
	const char *why;
	int r = 0;

	while (text < end && r >= 0) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		const char *stop = newline ? newline : end;

		line.number++;
		r = split_line(text, (size_t)(stop - text), &line, ret_error);
		if (r > 0)
			r = take_line(&line, &c, ret_error);
		text = newline ? newline + 1 : end;
	}
	why = r < 0 ? NULL : missing(&c);
	if (why) {
		(void)snprintf(ret_error, ERM_SNMPR_ERROR_MAX, "%s", why);
		r = -EINVAL;
	}
	if (r >= 0)
		*ret = c;
	erm_snmpr_credentials_wipe(&c);
	return r < 0 ? r : 0;
}

static int check_file(int fd, const char **ret_why)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode)) {
		*ret_why = "not a regular file";
		return -EPERM;
	}
	if (st.st_mode & S_IRWXO) {
		*ret_why = "others may read or change it; take that away with chmod o=";
		return -EPERM;
	}
	if (st.st_size > ERM_SNMPR_CREDENTIALS_MAX) {
		*ret_why = "longer than 4096 octets";
		return -EFBIG;
	}
	return 0;
}

static int read_all(int fd, char text[ERM_SNMPR_CREDENTIALS_MAX], size_t *ret_len)
{
	size_t len = 0;

	while (len < ERM_SNMPR_CREDENTIALS_MAX) {
		ssize_t n = read(fd, text + len, ERM_SNMPR_CREDENTIALS_MAX - len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			break;
		len += (size_t)n;
	}
	*ret_len = len;
	return 0;
}

int erm_snmpr_credentials_read(const char *path, struct erm_snmpr_credentials *ret,
			       char ret_error[ERM_SNMPR_ERROR_MAX])
{
	char error[ERM_SNMPR_ERROR_MAX] = "";
	char text[ERM_SNMPR_CREDENTIALS_MAX];
	const char *why = NULL;
	size_t len = 0;
	/* O_NONBLOCK: a FIFO must not hold us up before it is found to be one */
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	int r = fd < 0 ? -errno : check_file(fd, &why);

	if (r >= 0)
		r = read_all(fd, text, &len);
	if (r >= 0) {
		r = erm_snmpr_credentials_parse(text, len, ret, error);
		why = error;
	}
	explicit_bzero(text, sizeof(text));
	if (r < 0)
		(void)snprintf(ret_error, ERM_SNMPR_ERROR_MAX, "%.90s: %.95s", path,
			       why ? why : strerrordesc_np(-r));
	return r;
}

bool erm_snmpr_credentials_equal(const struct erm_snmpr_credentials *a,
				 const struct erm_snmpr_credentials *b)
{
	return strcmp(a->community, b->community) == 0 && strcmp(a->user, b->user) == 0 &&
	       a->auth == b->auth && a->priv == b->priv &&
	       strcmp(a->auth_password, b->auth_password) == 0 &&
	       strcmp(a->priv_password, b->priv_password) == 0;
}

void erm_snmpr_credentials_wipe(struct erm_snmpr_credentials *credentials)
{
	explicit_bzero(credentials, sizeof(*credentials));
}
