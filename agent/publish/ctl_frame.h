/*
 * What is said on the control socket: Varlink, that is JSON objects that end in a
 * NUL octet.  Requests to plain values, plain values to replies.  Pure: no fd, no
 * clock, no log; knows nothing of clients.
 */
#ifndef ERM_PUBLISH_CTL_FRAME_H
#define ERM_PUBLISH_CTL_FRAME_H

#include <stdbool.h>
#include <stddef.h>

#include "core/shelf.h"
#include "core/types.h"

#define ERM_CTL_DETAIL_MAX 128

enum erm_ctl_method {
	ERM_CTL_GET_INFO = 1,
	ERM_CTL_GET_DESCRIPTION,
	ERM_CTL_GET,
	ERM_CTL_SUBSCRIBE,
	ERM_CTL_RELOAD,
	ERM_CTL_ACT,
};

enum erm_ctl_interface { ERM_CTL_INTERFACE_SERVICE = 1, ERM_CTL_INTERFACE_ERMON };

struct erm_ctl_request {
	enum erm_ctl_method method;
	bool is_oneway;                                  /* no reply is wanted */
	enum erm_ctl_interface interface;                /* GET_DESCRIPTION */
	unsigned int parts;                              /* GET: enum erm_part, never 0 */
	char circuit[ERM_NAME_MAX];                      /* GET: "" = all */
	bool is_xml;                                     /* GET */
	bool wants_events, wants_changes, wants_history; /* SUBSCRIBE */
};

enum erm_ctl_error {
	ERM_CTL_BAD_REQUEST = 1, /* not a Varlink request at all: the connection ends */
	ERM_CTL_INTERFACE_NOT_FOUND,
	ERM_CTL_METHOD_NOT_FOUND,
	ERM_CTL_INVALID_PARAMETER,
	ERM_CTL_EXPECTED_MORE,
	ERM_CTL_PERMISSION_DENIED,
	ERM_CTL_NO_SUCH_CIRCUIT,
	ERM_CTL_NO_SUCH_ALARM,
	ERM_CTL_NO_SUCH_ALARM_TYPE,
	ERM_CTL_NO_SUCH_SHELF,
	ERM_CTL_TOO_MANY_SHELVES,
	ERM_CTL_NOT_PERMITTED,
	ERM_CTL_RELOAD_FAILED,
	ERM_CTL_NOT_READY,        /* nothing has been judged yet */
	ERM_CTL_TOO_MANY_CLIENTS, /* the connection ends */
	ERM_CTL_FAILED,
	ERM_CTL_ERROR_MAX
};

/*
 * Reads one request of len octets (without its NUL).  0, or -EINVAL with the error
 * to answer in ret_error and the word at fault (printable, maybe "") in ret_detail.
 * ret_act is filled for ERM_CTL_ACT only, with op.who as the caller claims it, or "".
 */
int erm_ctl_request_parse(const char *text, size_t len, struct erm_ctl_request *ret,
			  struct erm_act *ret_act, enum erm_ctl_error *ret_error,
			  char ret_detail[ERM_CTL_DETAIL_MAX]);

/*
 * Replies: each gives allocated text that ends in its NUL, or NULL on ENOMEM (or
 * when a text from elsewhere is not UTF-8).  The `json` arguments are put in as they are.
 */
char *erm_ctl_error_format(enum erm_ctl_error error, const char *detail);
char *erm_ctl_info_format(void);
char *erm_ctl_description_format(enum erm_ctl_interface interface);
char *erm_ctl_data_format(const char *json);
char *erm_ctl_xml_format(const char *xml);
char *erm_ctl_event_format(const char *json); /* continues */
char *erm_ctl_change_format(void);            /* continues */
char *erm_ctl_subscribed_format(void);        /* continues: everything from now on is told */
char *erm_ctl_empty_format(void);
char *erm_ctl_act_format(enum erm_act_kind kind, uint32_t n_alarms);

#endif
