#include <check.h>
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "check_main.h"
#include "publish/ctl_frame.h"
#include "publish/publisher.h"

static struct erm_ctl_request request;
static struct erm_act act;
static enum erm_ctl_error error;
static char detail[ERM_CTL_DETAIL_MAX];

/* Parses a copy that is exactly as long as told, so that ASan sees an overread. */
static int parse(const char *text, size_t len)
{
	char *copy = malloc(len > 0 ? len : 1);
	int r;

	memcpy(copy, text, len);
	memset(&request, 0, sizeof(request));
	error = 0;
	detail[0] = '\0';
	r = erm_ctl_request_parse(copy, len, &request, &act, &error, detail);
	free(copy);
	return r;
}

static int parse_string(const char *text)
{
	return parse(text, strlen(text));
}

START_TEST(test_good_requests)
{
	ck_assert_int_eq(parse_string("{\"method\":\"org.varlink.service.GetInfo\"}"), 0);
	ck_assert_int_eq(request.method, ERM_CTL_GET_INFO);
	ck_assert_int_eq(parse_string("{\"method\":\"org.ermon.Get\",\"parameters\":null}"), 0);
	ck_assert_int_eq(request.method, ERM_CTL_GET);
	ck_assert_uint_eq(request.parts, ERM_PART_ALL);
	ck_assert_str_eq(request.circuit, "");
	ck_assert(!request.is_xml && !request.is_oneway);
	ck_assert_int_eq(parse_string("{\"method\":\"org.ermon.Get\",\"parameters\":{\"parts\":"
				      "[\"alarms\",\"state\"],\"circuit\":\"contoso/ams-1\","
				      "\"format\":\"xml\",\"later\":1}}"),
			 0);
	ck_assert_uint_eq(request.parts, ERM_PART_ALARMS | ERM_PART_STATE);
	ck_assert_str_eq(request.circuit, "contoso/ams-1");
	ck_assert(request.is_xml);
	ck_assert_int_eq(parse_string("{\"method\":\"org.ermon.Subscribe\",\"more\":true}"), 0);
	ck_assert(request.wants_events && !request.wants_changes && !request.wants_history);
	ck_assert_int_eq(parse_string("{\"method\":\"org.ermon.Subscribe\",\"more\":true,"
				      "\"parameters\":{\"events\":false,\"changes\":true,"
				      "\"history\":true}}"),
			 0);
	ck_assert(!request.wants_events && request.wants_changes && request.wants_history);
	ck_assert_int_eq(parse_string("{\"method\":\"org.ermon.Reload\",\"oneway\":true}"), 0);
	ck_assert(request.is_oneway);
	ck_assert_int_eq(parse_string("{\"method\":\"org.varlink.service.GetInterfaceDescription\","
				      "\"parameters\":{\"interface\":\"org.ermon\"}}"),
			 0);
	ck_assert_int_eq(request.interface, ERM_CTL_INTERFACE_ERMON);
}
END_TEST

START_TEST(test_good_acts)
{
	memset(&act, 0x5a, sizeof(act));
	ck_assert_int_eq(parse_string("{\"method\":\"org.ermon.GetX\"}"), -EINVAL);
	ck_assert_uint_eq(act.uid, 0x5a5a5a5a); /* not touched */
	ck_assert_int_eq(parse_string("{\"method\":\"org.ermon.SetOperatorState\",\"parameters\":{"
				      "\"alarm\":\"degraded/c1\",\"state\":\"closed\","
				      "\"text\":\"a\\nb\\u007f\\u00e9\",\"user\":\"jane\"}}"),
			 0);
	ck_assert_int_eq(request.method, ERM_CTL_ACT);
	ck_assert_int_eq(act.kind, ERM_ACT_OPERATOR_STATE);
	ck_assert_str_eq(act.key, "degraded/c1");
	ck_assert_int_eq(act.op.state, ERM_OPERATOR_CLOSED);
	ck_assert_str_eq(act.op.text, "a b \u00e9");
	ck_assert_str_eq(act.op.who, "jane");
	ck_assert_int_eq(parse_string("{\"method\":\"org.ermon.Shelve\",\"parameters\":{"
				      "\"name\":\"works\",\"types\":[\"optical\",\"draining\"],"
				      "\"resources\":[\"c1:*\",\"port:?\"],\"duration\":60}}"),
			 0);
	ck_assert_int_eq(act.kind, ERM_ACT_SHELVE);
	ck_assert_str_eq(act.shelf.name, "works");
	ck_assert_uint_eq(act.shelf.types, 1U << ERM_ALARM_OPTICAL | 1U << ERM_ALARM_DRAINING);
	ck_assert_str_eq(act.shelf.resources[0], "c1:*");
	ck_assert_str_eq(act.shelf.resources[1], "port:?");
	ck_assert_str_eq(act.shelf.resources[2], "");
	ck_assert_uint_eq(act.duration_usec, 60 * ERM_USEC_PER_SEC);
	ck_assert_str_eq(act.op.who, "");
	ck_assert_int_eq(parse_string("{\"method\":\"org.ermon.Shelve\",\"parameters\":{"
				      "\"name\":\"x\",\"alarm\":\"degraded/c/1\","
				      "\"types\":null,\"duration\":null}}"),
			 0);
	ck_assert_uint_eq(act.shelf.types, 1U << ERM_ALARM_DEGRADED);
	ck_assert_str_eq(act.shelf.resources[0], "c/1");
	ck_assert_uint_eq(act.duration_usec, 0);
	ck_assert_int_eq(parse_string("{\"method\":\"org.ermon.Unshelve\",\"parameters\":{"
				      "\"name\":\"x\"}}"),
			 0);
	ck_assert_int_eq(act.kind, ERM_ACT_UNSHELVE);
	ck_assert_str_eq(act.shelf.name, "x");
}
END_TEST

#define ACT(method, parameters) \
	"{\"method\":\"org.ermon." method "\",\"parameters\":{" parameters "}}"
#define X10 "xxxxxxxxxx"
#define X60 X10 X10 X10 X10 X10 X10

#define GET(parameters) "{\"method\":\"org.ermon.Get\",\"parameters\":{" parameters "}}"

static const struct {
	const char *text;
	enum erm_ctl_error error;
	const char *detail;
} bad[] = {
	{ "", ERM_CTL_BAD_REQUEST, "not a JSON object" },
	{ "GET / HTTP/1.1\r\n\r\n", ERM_CTL_BAD_REQUEST, "not a JSON object" },
	{ "[]", ERM_CTL_BAD_REQUEST, "not a JSON object" },
	{ "{}", ERM_CTL_BAD_REQUEST, "no method" },
	{ "{\"method\":7}", ERM_CTL_BAD_REQUEST, "no method" },
	{ "{\"method\":\"org.ermon.Get\",\"method\":\"x\"}", ERM_CTL_BAD_REQUEST,
	  "not a JSON object" },
	{ "{\"method\":\"org.ermon.Get\",\"parameters\":[]}", ERM_CTL_BAD_REQUEST,
	  "parameters is not an object" },
	{ "{\"method\":\"org.ermon.Get\",\"more\":1}", ERM_CTL_BAD_REQUEST,
	  "more and oneway are booleans" },
	{ "{\"method\":\"org.ermon.Gets\"}", ERM_CTL_METHOD_NOT_FOUND, "org.ermon.Gets" },
	{ "{\"method\":\"org.other.Get\"}", ERM_CTL_INTERFACE_NOT_FOUND, "org.other.Get" },
	{ "{\"method\":\"Get\"}", ERM_CTL_INTERFACE_NOT_FOUND, "Get" },
	{ "{\"method\":\"\\u001b[2J\"}", ERM_CTL_INTERFACE_NOT_FOUND, "?[2J" },
	{ "{\"method\":\"org.ermon.Subscribe\"}", ERM_CTL_EXPECTED_MORE, "" },
	{ "{\"method\":\"org.ermon.Subscribe\",\"more\":true,\"oneway\":true}",
	  ERM_CTL_EXPECTED_MORE, "" },
	{ "{\"method\":\"org.ermon.Subscribe\",\"more\":true,\"parameters\":{\"events\":0}}",
	  ERM_CTL_INVALID_PARAMETER, "events" },
	{ GET("\"parts\":[]"), ERM_CTL_INVALID_PARAMETER, "parts" },
	{ GET("\"parts\":\"state\""), ERM_CTL_INVALID_PARAMETER, "parts" },
	{ GET("\"parts\":[\"state\",\"moon\"]"), ERM_CTL_INVALID_PARAMETER, "parts" },
	{ GET("\"parts\":[\"state\",7]"), ERM_CTL_INVALID_PARAMETER, "parts" },
	{ GET("\"circuit\":7"), ERM_CTL_INVALID_PARAMETER, "circuit" },
	{ GET("\"circuit\":\"\""), ERM_CTL_INVALID_PARAMETER, "circuit" },
	{ GET("\"circuit\":\"a b\""), ERM_CTL_INVALID_PARAMETER, "circuit" },
	{ GET("\"circuit\":\"0123456789012345678901234567890123456789012345678901234567890123\""),
	  ERM_CTL_INVALID_PARAMETER, "circuit" },
	{ GET("\"format\":\"text\""), ERM_CTL_INVALID_PARAMETER, "format" },
	{ GET("\"format\":[]"), ERM_CTL_INVALID_PARAMETER, "format" },
	{ "{\"method\":\"org.ermon.Shelve\"}", ERM_CTL_INVALID_PARAMETER, "name" },
	{ ACT("Shelve", "\"name\":\"a b\""), ERM_CTL_INVALID_PARAMETER, "name" },
	{ ACT("Shelve", "\"name\":\"" X60 "xxxx\""), ERM_CTL_INVALID_PARAMETER, "name" },
	{ ACT("Shelve", "\"name\":\"a\""), ERM_CTL_INVALID_PARAMETER, "resources" },
	{ ACT("Shelve", "\"name\":\"a\",\"resources\":[]"), ERM_CTL_INVALID_PARAMETER,
	  "resources" },
	{ ACT("Shelve", "\"name\":\"a\",\"resources\":\"*\""), ERM_CTL_INVALID_PARAMETER,
	  "resources" },
	{ ACT("Shelve", "\"name\":\"a\",\"resources\":[\"a b\"]"), ERM_CTL_INVALID_PARAMETER,
	  "resources" },
	{ ACT("Shelve", "\"name\":\"a\",\"resources\":[\"\"]"), ERM_CTL_INVALID_PARAMETER,
	  "resources" },
	{ ACT("Shelve", "\"name\":\"a\",\"resources\":[\"" X60 X60 "12345678\"]"),
	  ERM_CTL_INVALID_PARAMETER, "resources" },
	{ ACT("Shelve", "\"name\":\"a\",\"resources\":[1,2,3,4,5,6,7,8,9]"),
	  ERM_CTL_INVALID_PARAMETER, "resources (8 at most)" },
	{ ACT("Shelve", "\"name\":\"a\",\"types\":7"), ERM_CTL_INVALID_PARAMETER, "types" },
	{ ACT("Shelve", "\"name\":\"a\",\"types\":[\"moon\"]"), ERM_CTL_NO_SUCH_ALARM_TYPE,
	  "moon" },
	{ ACT("Shelve", "\"name\":\"a\",\"types\":[7]"), ERM_CTL_NO_SUCH_ALARM_TYPE, "" },
	{ ACT("Shelve", "\"name\":\"a\",\"alarm\":\"moon/c1\""), ERM_CTL_NO_SUCH_ALARM_TYPE,
	  "moon/c1" },
	{ ACT("Shelve", "\"name\":\"a\",\"alarm\":\"degraded/\""), ERM_CTL_INVALID_PARAMETER,
	  "alarm" },
	{ ACT("Shelve", "\"name\":\"a\",\"alarm\":\"degraded/c\",\"resources\":[\"d\"]"),
	  ERM_CTL_INVALID_PARAMETER, "alarm beside types and resources" },
	{ ACT("Shelve", "\"name\":\"a\",\"resources\":[\"*\"],\"duration\":0"),
	  ERM_CTL_INVALID_PARAMETER, "duration" },
	{ ACT("Shelve", "\"name\":\"a\",\"resources\":[\"*\"],\"duration\":1.5"),
	  ERM_CTL_INVALID_PARAMETER, "duration" },
	{ ACT("Shelve", "\"name\":\"a\",\"resources\":[\"*\"],\"duration\":9223372036854775807"),
	  ERM_CTL_INVALID_PARAMETER, "duration" },
	{ ACT("Unshelve", "\"name\":null"), ERM_CTL_INVALID_PARAMETER, "name" },
	{ ACT("Unshelve", "\"name\":\"a\\u0000b\""), ERM_CTL_BAD_REQUEST, "not a JSON object" },
	{ ACT("SetOperatorState", "\"state\":\"ack\""), ERM_CTL_INVALID_PARAMETER, "alarm" },
	{ ACT("SetOperatorState", "\"alarm\":\"a/b\""), ERM_CTL_INVALID_PARAMETER, "state" },
	{ ACT("SetOperatorState", "\"alarm\":\"a/b\",\"state\":\"shelved\""),
	  ERM_CTL_INVALID_PARAMETER, "state" },
	{ ACT("SetOperatorState", "\"alarm\":\"a/b\",\"state\":2"), ERM_CTL_INVALID_PARAMETER,
	  "state" },
	{ ACT("SetOperatorState", "\"alarm\":\"" X60 X60 X60 "\",\"state\":\"ack\""),
	  ERM_CTL_INVALID_PARAMETER, "alarm" },
	{ ACT("SetOperatorState",
	      "\"alarm\":\"a/b\",\"state\":\"ack\",\"text\":\"" X60 X60 X60 X60 X10 "123456\""),
	  ERM_CTL_INVALID_PARAMETER, "text" },
	{ ACT("SetOperatorState", "\"alarm\":\"a/b\",\"state\":\"ack\",\"user\":[]"),
	  ERM_CTL_INVALID_PARAMETER, "user" },
	{ "{\"method\":\"org.varlink.service.GetInterfaceDescription\"}", ERM_CTL_INVALID_PARAMETER,
	  "interface" },
	{ "{\"method\":\"org.varlink.service.GetInterfaceDescription\","
	  "\"parameters\":{\"interface\":\"org.moon\"}}",
	  ERM_CTL_INTERFACE_NOT_FOUND, "org.moon" },
};

START_TEST(test_bad_requests)
{
	struct erm_ctl_request untouched;

	memset(&untouched, 0, sizeof(untouched));
	ck_assert_int_eq(parse_string(bad[_i].text), -EINVAL);
	ck_assert_int_eq(error, bad[_i].error);
	ck_assert_str_eq(detail, bad[_i].detail);
	ck_assert_mem_eq(&request, &untouched, sizeof(request));
}
END_TEST

START_TEST(test_long_words_are_cut)
{
	char text[5000] = "{\"method\":\"";

	memset(text + strlen(text), 'x', 4000);
	memcpy(text + strlen(text), "\"}", 3);
	ck_assert_int_eq(parse_string(text), -EINVAL);
	ck_assert_uint_eq(strlen(detail), sizeof(detail) - 1);
	/* Nested too deep for the parser's stack. */
	memset(text, '[', sizeof(text));
	ck_assert_int_eq(parse(text, sizeof(text)), -EINVAL);
	ck_assert_int_eq(error, ERM_CTL_BAD_REQUEST);
	ck_assert_int_eq(parse("{\"method\":\"org.ermon.Get\"}\0{", 29), -EINVAL);
}
END_TEST

/* Parses a reply, which must be one JSON object, and frees its text. */
static json_t *load(char *text)
{
	json_t *root;

	ck_assert_ptr_nonnull(text);
	root = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	ck_assert_msg(json_is_object(root), "%s", text);
	free(text);
	return root;
}

START_TEST(test_replies_are_json)
{
	json_auto_t *data = load(erm_ctl_data_format("{\"ermon:ermon\":{\"a\":1}}"));
	json_auto_t *xml = load(erm_ctl_xml_format("<ermon xmlns=\"urn\">\n</ermon>"));
	json_auto_t *event = load(erm_ctl_event_format("{\"ermon:event\":{}}"));
	json_auto_t *info = load(erm_ctl_info_format());
	json_auto_t *change = load(erm_ctl_change_format());
	json_auto_t *subscribed = load(erm_ctl_subscribed_format());
	json_auto_t *empty = load(erm_ctl_empty_format());
	json_auto_t *description = load(erm_ctl_description_format(ERM_CTL_INTERFACE_ERMON));
	int n = 0;

	ck_assert_int_eq(json_unpack(data, "{s:{s:{s:{s:i}}}}", "parameters", "data", "ermon:ermon",
				     "a", &n),
			 0);
	ck_assert_int_eq(n, 1);
	ck_assert_str_eq(json_string_value(
				 json_object_get(json_object_get(xml, "parameters"), "xml")),
			 "<ermon xmlns=\"urn\">\n</ermon>");
	ck_assert(json_is_true(json_object_get(event, "continues")));
	ck_assert(json_is_true(json_object_get(change, "continues")));
	ck_assert(json_is_true(json_object_get(subscribed, "continues")));
	ck_assert_ptr_null(json_object_get(empty, "continues"));
	ck_assert_uint_eq(json_array_size(json_object_get(json_object_get(info, "parameters"),
							  "interfaces")),
			  2);
	ck_assert_ptr_nonnull(
		strstr(json_string_value(json_object_get(json_object_get(description, "parameters"),
							 "description")),
		       "interface org.ermon\n"));
}
END_TEST

START_TEST(test_every_error_has_a_name)
{
	for (unsigned int e = 1; e < ERM_CTL_ERROR_MAX; e++) {
		json_auto_t *root = load(erm_ctl_error_format(e, "word"));
		const char *name = json_string_value(json_object_get(root, "error"));

		ck_assert_msg(name && strncmp(name, "org.", 4) == 0, "error %u", e);
		ck_assert(json_is_object(json_object_get(root, "parameters")));
	}
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("publish/ctl_frame");
	TCase *t = tcase_create("frame");

	tcase_add_test(t, test_good_requests);
	tcase_add_test(t, test_good_acts);
	tcase_add_loop_test(t, test_bad_requests, 0, (int)ERM_ELEMENTS(bad));
	tcase_add_test(t, test_long_words_are_cut);
	tcase_add_test(t, test_replies_are_json);
	tcase_add_test(t, test_every_error_has_a_name);
	suite_add_tcase(s, t);
	return s;
}

ERM_CHECK_MAIN(suite)
