#include "publish/snmp/value.h"

#include <string.h>
#include <time.h>

#include "base/addr.h"

#define TRUTH_TRUE  1 /* RFC 2579 */
#define TRUTH_FALSE 2

void erm_snmp_set_number(struct erm_snmp_value *ret, enum erm_snmp_type type, uint32_t number)
{
	ret->type = type;
	ret->number = (long)number;
	ret->data = &ret->number;
	ret->size = sizeof(ret->number);
}

void erm_snmp_set_text(struct erm_snmp_value *ret, const char *text)
{
	ret->type = ERM_SNMP_OCTETS;
	ret->data = text ? text : "";
	ret->size = strlen(ret->data);
}

void erm_snmp_get_chars(const void *field, const struct erm_snmp_context *ctx,
			struct erm_snmp_value *ret)
{
	(void)ctx;
	erm_snmp_set_text(ret, field);
}

void erm_snmp_get_string(const void *field, const struct erm_snmp_context *ctx,
			 struct erm_snmp_value *ret)
{
	(void)ctx;
	erm_snmp_set_text(ret, *(const char *const *)field);
}

void erm_snmp_get_enum(const void *field, const struct erm_snmp_context *ctx,
		       struct erm_snmp_value *ret)
{
	unsigned int v = *(const unsigned int *)field;

	(void)ctx;
	erm_snmp_set_number(ret, ERM_SNMP_INTEGER, v > 0 ? v : 1);
}

void erm_snmp_get_bool(const void *field, const struct erm_snmp_context *ctx,
		       struct erm_snmp_value *ret)
{
	(void)ctx;
	erm_snmp_set_number(ret, ERM_SNMP_INTEGER, *(const bool *)field ? TRUTH_TRUE : TRUTH_FALSE);
}

void erm_snmp_get_octet(const void *field, const struct erm_snmp_context *ctx,
			struct erm_snmp_value *ret)
{
	(void)ctx;
	erm_snmp_set_number(ret, ERM_SNMP_GAUGE, *(const uint8_t *)field);
}

void erm_snmp_get_unsigned(const void *field, const struct erm_snmp_context *ctx,
			   struct erm_snmp_value *ret)
{
	(void)ctx;
	erm_snmp_set_number(ret, ERM_SNMP_GAUGE, *(const uint32_t *)field);
}

void erm_snmp_get_gauge(const void *field, const struct erm_snmp_context *ctx,
			struct erm_snmp_value *ret)
{
	erm_snmp_get_unsigned(field, ctx, ret);
}

void erm_snmp_get_gauge64(const void *field, const struct erm_snmp_context *ctx,
			  struct erm_snmp_value *ret)
{
	uint64_t v = *(const uint64_t *)field;

	(void)ctx;
	erm_snmp_set_number(ret, ERM_SNMP_GAUGE, v < UINT32_MAX ? (uint32_t)v : UINT32_MAX);
}

void erm_snmp_get_integer(const void *field, const struct erm_snmp_context *ctx,
			  struct erm_snmp_value *ret)
{
	uint32_t v = *(const uint32_t *)field;

	(void)ctx;
	erm_snmp_set_number(ret, ERM_SNMP_INTEGER, v < INT32_MAX ? v : INT32_MAX);
}

void erm_snmp_get_signed(const void *field, const struct erm_snmp_context *ctx,
			 struct erm_snmp_value *ret)
{
	(void)ctx;
	ret->type = ERM_SNMP_INTEGER;
	ret->number = *(const int32_t *)field;
	ret->data = &ret->number;
	ret->size = sizeof(ret->number);
}

void erm_snmp_get_counter(const void *field, const struct erm_snmp_context *ctx,
			  struct erm_snmp_value *ret)
{
	(void)ctx;
	erm_snmp_set_number(ret, ERM_SNMP_COUNTER, *(const uint32_t *)field);
}

void erm_snmp_get_counter64(const void *field, const struct erm_snmp_context *ctx,
			    struct erm_snmp_value *ret)
{
	(void)ctx;
	erm_snmp_set_number(ret, ERM_SNMP_COUNTER, (uint32_t) * (const uint64_t *)field);
}

void erm_snmp_get_time(const void *field, const struct erm_snmp_context *ctx,
		       struct erm_snmp_value *ret)
{
	const struct erm_time *at = field;
	time_t sec = (time_t)(at->real / ERM_USEC_PER_SEC);
	unsigned char octets[11] = { 0 }; /* year in two octets, network byte order */
	struct tm tm;

	(void)ctx;
	if (at->real > 0 && gmtime_r(&sec, &tm)) {
		unsigned int year = (unsigned int)tm.tm_year + 1900;

		octets[0] = (unsigned char)(year >> 8);
		octets[1] = (unsigned char)year;
		octets[2] = (unsigned char)(tm.tm_mon + 1);
		octets[3] = (unsigned char)tm.tm_mday;
		octets[4] = (unsigned char)tm.tm_hour;
		octets[5] = (unsigned char)tm.tm_min;
		octets[6] = (unsigned char)tm.tm_sec;
		octets[7] = (unsigned char)(at->real % ERM_USEC_PER_SEC / 100000);
		octets[8] = '+';
		ret->size = sizeof(octets);
	} else {
		ret->size = 8; /* the form without a time zone, all zero */
	}
	(void)memcpy(ret->text, octets, sizeof(octets));
	ret->type = ERM_SNMP_OCTETS;
	ret->data = ret->text;
}

void erm_snmp_get_age(const void *field, const struct erm_snmp_context *ctx,
		      struct erm_snmp_value *ret)
{
	const struct erm_time *at = field;
	uint64_t age = ERM_SNMP_NEVER;

	/* An alarm kept over a reboot may have been raised before CLOCK_MONOTONIC began. */
	if (at->mono > 0)
		age = erm_usec_sub(ctx->now.mono, at->mono) / ERM_USEC_PER_SEC;
	else if (at->real > 0)
		age = erm_usec_sub(ctx->now.real, at->real) / ERM_USEC_PER_SEC;
	erm_snmp_set_number(ret, ERM_SNMP_GAUGE,
			    age < ERM_SNMP_NEVER ? (uint32_t)age : ERM_SNMP_NEVER);
}

void erm_snmp_get_timestamp(const void *field, const struct erm_snmp_context *ctx,
			    struct erm_snmp_value *ret)
{
	const struct erm_time *at = field;
	uint64_t ticks = erm_usec_sub(ctx->now.mono, at->mono) / (ERM_USEC_PER_SEC / 100);

	erm_snmp_set_number(ret, ERM_SNMP_TICKS,
			    ticks < ctx->uptime_ticks ? ctx->uptime_ticks - (uint32_t)ticks : 0);
}

void erm_snmp_get_addr_type(const void *field, const struct erm_snmp_context *ctx,
			    struct erm_snmp_value *ret)
{
	size_t len;

	(void)ctx;
	(void)erm_addr_bytes(field, &len);
	/* RFC 4001: unknown(0), ipv4(1), ipv6(2) */
	erm_snmp_set_number(ret, ERM_SNMP_INTEGER, len == 4 ? 1 : len == 16 ? 2 : 0);
}

void erm_snmp_get_addr(const void *field, const struct erm_snmp_context *ctx,
		       struct erm_snmp_value *ret)
{
	(void)ctx;
	ret->type = ERM_SNMP_OCTETS;
	ret->data = erm_addr_bytes(field, &ret->size);
}

void erm_snmp_get_addr_text(const void *field, const struct erm_snmp_context *ctx,
			    struct erm_snmp_value *ret)
{
	(void)ctx;
	erm_snmp_set_text(ret, erm_addr_format(field, ret->text));
}
