/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How the boots of a campaign ended: a boot gives a result, fails, or is lost
 * with its kernel, and all three are told.
 */
#ifndef VMSTRESS_CAMPAIGN_PRINT_H
#define VMSTRESS_CAMPAIGN_PRINT_H

#include <stddef.h>
#include <stdio.h>

#include "record/campaign.h"
#include "record/json_line.h"

/* Lines of a lost kernel that are shown: its last ones. */
#define CAMPAIGN_PRINT_TAIL 10

/* The boots of one kernel that count, by their ends. */
struct campaign_print_ends {
	size_t boots, results, failed, lost;
};

struct campaign_print_ends campaign_print_ends(const struct campaign *c,
    size_t kernel);

/* Attempts that do not count: cut short with the host, or interrupted. */
size_t campaign_print_void(const struct campaign *c);

/* "boots/r03-new.log: lost (panic): REASON" without the path; a new string. */
char *campaign_print_end(const struct campaign *c,
    const struct campaign_boot *b);

/* A line of a console, safe to print and of a length to read; a new string. */
char *campaign_print_line(const char *line);

/* The table, and below it each boot that failed or was lost. */
void campaign_print_text(const struct campaign *c, const char *folder,
    FILE *out);

/* Append all boots, also those that do not count, to the list "boots". */
void campaign_print_json(const struct campaign *c, const char *folder,
    struct json_line *j);

#endif
