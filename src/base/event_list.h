/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lists of event names: `default,tlb:tlb_flush[reason==1],cpu/event=0x3c,umask=0/`.
 * A comma separates names, except between brackets (a filter) and between the
 * slashes of a PMU.
 */
#ifndef VMSTRESS_EVENT_LIST_H
#define VMSTRESS_EVENT_LIST_H

#include "base/err.h"

/*
 * The next name as a new string, without blanks around it; *rest moves behind
 * it.  NULL at the end, and with an error where a name is empty or a bracket or
 * slash stays open.
 */
char *event_list_next(const char **rest, struct err *e);

/*
 * The list with each name once and no blanks, a new string; NULL with an
 * error.  Whether anybody knows the names is not asked.
 */
char *event_list_canonical(const char *list, struct err *e);

#endif
