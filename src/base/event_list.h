/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lists of event names: `default,tlb:tlb_flush[reason==1],cpu/event=0x3c,umask=0/`.
 * A comma separates names, except between brackets (a filter, in which quotes
 * hide everything) and between the slashes of a PMU.
 */
#ifndef VMSTRESS_EVENT_LIST_H
#define VMSTRESS_EVENT_LIST_H

#include "base/err.h"

/*
 * The next name of a list, as a new string without blanks around it, and *list
 * behind it and its comma; NULL with an error.  *list is NULL after the last
 * name.
 */
char *event_list_next(const char **list, struct err *e);

/*
 * The list with each name once and no blanks, a new string; NULL with an
 * error.  Whether anybody knows the names is not asked.
 */
char *event_list_canonical(const char *list, struct err *e);

#endif
