/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The one place where text becomes HTML or Markdown.  Control characters and
 * what is not UTF-8 are written as \xNN before, see str_add_safe().
 */
#ifndef VMSTRESS_REPORT_ESCAPE_H
#define VMSTRESS_REPORT_ESCAPE_H

#include "base/str.h"

/* Also between double quotes: & < > " ' are references. */
void report_escape_html(struct str *b, const char *text);

/* Also in a cell of a table: nothing is markup, no line is broken. */
void report_escape_md(struct str *b, const char *text);

#endif
