/* SPDX-License-Identifier: BSD-2-Clause */
/* Limits in words; see check_limits.h. */
#include "config.h"

#include "cli/check_limits.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/units.h"
#include "cli/cli.h"

#define CHECK_LIMITS_NUMBER 32

/* 900000 as "900,000". */
static const char *
check_limits_grouped(char buf[CHECK_LIMITS_NUMBER], uint64_t value)
{
	char plain[CHECK_LIMITS_NUMBER], *to = buf;
	size_t i, n = (size_t)snprintf(plain, sizeof(plain), "%" PRIu64, value);

	for (i = 0; i < n; i++) {
		if (i > 0 && (n - i) % 3 == 0)
			*to++ = ',';
		*to++ = plain[i];
	}
	*to = '\0';
	return buf;
}

/* A number of what a limit counts, as the system spells it or in bytes. */
static const char *
check_limits_value(char buf[UNITS_MAX], const struct reach_stop *s,
    uint64_t value)
{
	if (s->counts == OS_COUNTS_MEMORY ||
	    s->counts == OS_COUNTS_MAPPING_BYTES)
		units_round_bytes(buf, UNITS_MAX, (double)value);
	else
		snprintf(buf, UNITS_MAX, "%" PRIu64, value);
	return buf;
}

/* "NAME allows 32768 (91 in use); lift it: COMMAND" and the line's end. */
static void
check_limits_allows(const struct reach_stop *s)
{
	const char *percent = s->lift != NULL ? strstr(s->lift, "%llu") : NULL;
	char text[UNITS_MAX];

	printf("%s allows %s", s->name, check_limits_value(text, s, s->value));
	if (s->used > 0)
		printf(" (%s in use)", check_limits_value(text, s, s->used));
	if (percent != NULL)
		printf("; lift it: %.*s%" PRIu64 "%s",
		    (int)(percent - s->lift), s->lift, s->enough, percent + 4);
	else if (s->lift != NULL)
		printf("; lift it: %s", s->lift);
	printf("\n");
}

/* What stops a cell that is not about a population. */
static void
check_limits_stop(const struct plan_cell *c, const struct reach_stop *s)
{
	static const char *const things[] = {
		[OS_COUNTS_TASKS] = " processes and threads",
		[OS_COUNTS_FDS] = " descriptors in a process",
		[OS_COUNTS_FILES] = " open files",
		[OS_COUNTS_MAPPINGS] = " mappings in a process",
		[OS_COUNTS_MEMORY] = " of memory",
		[OS_COUNTS_LOCKED] = " of locked memory",
		[OS_COUNTS_PIPE_PAGES] = " pages of pipe buffers",
		[OS_COUNTS_MAPPING_BYTES] = " of memory",
	};
	char needed[UNITS_MAX], value[UNITS_MAX];

	printf("limit: cell %d needs %s%s, ", c->id,
	    check_limits_value(needed, s, s->needed), things[s->counts]);
	if (s->counts == OS_COUNTS_MEMORY && s->lift == NULL)
		printf("%s are available: use a smaller size or fewer "
		    "workers\n", check_limits_value(value, s, s->value));
	else
		check_limits_allows(s);
}

static void
check_limits_reach(const struct plan_cell *c, const struct reach_need *need,
    const struct reach *r)
{
	char members[CHECK_LIMITS_NUMBER], all[CHECK_LIMITS_NUMBER];
	const char *what = c->workload->population;
	size_t i;

	check_limits_grouped(all, need->population);
	if (r->members >= need->population)
		printf("reach: cell %d: all %s %s\n", c->id, all, what);
	for (i = 0; i < r->nstops; i++) {
		if (r->stops[i].soft)
			continue;
		printf("reach: cell %d: %s of %s %s: ", c->id,
		    check_limits_grouped(members, r->stops[i].members), all,
		    what);
		check_limits_allows(&r->stops[i]);
	}
}

/* Beyond these it goes on, with less than usual. */
static void
check_limits_soft(const struct plan_cell *c, const struct reach *r)
{
	size_t i;

	for (i = 0; i < r->nstops; i++) {
		if (!r->stops[i].soft)
			continue;
		printf("note: cell %d: the rest of its pipes is smaller: ",
		    c->id);
		check_limits_allows(&r->stops[i]);
	}
}

/* How many limits stop it; those that --raise-limits lifts go to *ours. */
static size_t
check_limits_cell(const struct plan_cell *c, const struct preflight *k,
    size_t *ours)
{
	struct reach r;
	size_t i, stops;

	preflight_reach(k, &r);
	stops = reach_hard(&r);
	if (k->need.population > 0)
		check_limits_reach(c, &k->need, &r);
	else
		for (i = 0; i < r.nstops; i++)
			if (!r.stops[i].soft)
				check_limits_stop(c, &r.stops[i]);
	check_limits_soft(c, &r);
	for (i = 0; i < r.nstops; i++)
		*ours += !r.stops[i].soft &&
		    os_limit_scope(r.stops[i].name) != OS_SCOPE_NONE;
	reach_free(&r);
	return stops;
}

int
check_limits_print(const struct plan *p, const struct preflight *cells)
{
	size_t i, stops = 0, ours = 0;
	int failed = 0;

	for (i = 0; i < p->ncells; i++) {
		if (strcmp(cells[i].result.status, "failed") == 0)
			failed++;
		stops += check_limits_cell(&p->cells[i], &cells[i], &ours);
	}
	if (ours > 0)
		printf("limits: `vmstress run --raise-limits` lifts %s while "
		    "it runs, as root\n", ours == stops ? "them" :
		    "those that are not a group's or memory");
	if (stops == 0)
		printf("limits: none would stop this plan\n");
	if (failed > 0)
		printf("cells that cannot run as asked: %d\n", failed);
	return stops == 0 && failed == 0 ? CLI_OK : CLI_FAILED;
}
