/*
 * A document as XML, by RFC 7950.
 */
#ifndef ERM_NETCONF_DOC_PRINT_H
#define ERM_NETCONF_DOC_PRINT_H

#include <stdio.h>

#include "netconf/doc.h"

enum erm_doc_defaults { /* RFC 6243, section 3 */
			ERM_DOC_REPORT_ALL = 0,
			ERM_DOC_TRIM,
			ERM_DOC_TAGGED, /* report-all-tagged */
};

/* What is not out. */
void erm_doc_print(const struct erm_doc *doc, enum erm_doc_defaults defaults, FILE *out);

#endif
