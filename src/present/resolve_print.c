/* SPDX-License-Identifier: BSD-2-Clause */
/* A planned comparison as text; see resolve_print.h. */
#include "config.h"

#include "present/resolve_print.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/units.h"
#include "present/compare.h"
#include "present/resolve_judge.h"

#define PRINT_COLUMNS 72

/* ---- words -------------------------------------------------------------- */

/* Fill lines; what is longer than one stands alone. */
static void
print_filled(const char *text, int indent, FILE *out)
{
	size_t len, column = 0;
	const char *end;

	for (; *text != '\0'; text = *end == ' ' ? end + 1 : end) {
		end = strchr(text, ' ');
		if (end == NULL)
			end = text + strlen(text);
		len = (size_t)(end - text);
		if (column > 0 && column + 1 + len > PRINT_COLUMNS) {
			fprintf(out, "\n");
			column = 0;
		}
		if (column == 0)
			column = (size_t)fprintf(out, "%*s", indent, "");
		else
			column += (size_t)fprintf(out, " ");
		fprintf(out, "%.*s", (int)len, text);
		column += len;
	}
	fprintf(out, "\n");
}

static const char *
print_unit(const struct resolve *r, size_t n)
{
	if (r->boots)
		return n == 1 ? "boot" : "boots";
	return n == 1 ? "launch" : "launches";
}

static const char *
print_plural(size_t n)
{
	return n == 1 ? "" : "s";
}

static void
print_share(char *buf, size_t len, double variance)
{
	if (isnan(variance))
		snprintf(buf, len, "-");
	else
		snprintf(buf, len, "%.2g%%", sqrt(variance) * 100);
}

/* "9x3x20": boots, launches of each, samples of each of these. */
static void
print_needed(char *buf, size_t len, const struct resolve_row *row)
{
	struct str b = { 0 };

	if (row->needed == 0)
		str_addf(&b, ">%d", RESOLVE_UNITS_MAX);
	else
		str_addf(&b, "%zu", row->needed);
	if (row->per_boot > 0)
		str_addf(&b, "x%zu", row->per_boot);
	if (row->per_launch > 0)
		str_addf(&b, "x%zu", row->per_launch);
	snprintf(buf, len, "%s", str_text(&b));
	str_free(&b);
}

/* ---- the table ---------------------------------------------------------- */

static void
print_row(const struct resolve *r, const struct resolve_row *row, FILE *out)
{
	char cv[VARIANCE_LEVELS][32], needed[64], time[UNITS_MAX];
	int workers = r->points[row->point].workers, i;

	if (row->why != RESOLVE_FINE) {
		fprintf(out, "%7d  %s\n", workers, resolve_why(row->why));
		return;
	}
	for (i = 0; i < VARIANCE_LEVELS; i++)
		print_share(cv[i], sizeof(cv[i]),
		    row->variance.part[i].variance);
	if (row->dependent)
		snprintf(cv[VARIANCE_SAMPLE], sizeof(cv[VARIANCE_SAMPLE]), "*");
	print_needed(needed, sizeof(needed), row);
	fprintf(out, "%7d %8s %8s %8s %16s %16s\n", workers,
	    cv[VARIANCE_BOOT], cv[VARIANCE_LAUNCH], cv[VARIANCE_SAMPLE],
	    needed, units_round_time(time, sizeof(time), row->time_ns));
}

/* Rows that differ in nothing but the workers stand below each other. */
static bool
print_same_group(const struct resolve *r, size_t a, size_t b)
{
	const struct resolve_point *p = &r->points[r->rows[a].point];
	const struct resolve_point *q = &r->points[r->rows[b].point];

	return strcmp(r->rows[a].metric, r->rows[b].metric) == 0 &&
	    strcmp(p->workload, q->workload) == 0 &&
	    strcmp(p->params_all, q->params_all) == 0 &&
	    strcmp(p->mode, q->mode) == 0 && strcmp(p->pin, q->pin) == 0;
}

static void
print_group(const struct resolve *r, size_t row, FILE *out)
{
	const struct resolve_point *p = &r->points[r->rows[row].point];
	char *about = mem_printf("%s%s%s, pin %s", p->params,
	    p->params[0] != '\0' ? ", " : "", p->mode, p->pin);

	fprintf(out, "\n%s: %s\n", p->workload, r->rows[row].metric);
	print_filled(about, 2, out);
	free(about);
}

static void
print_rows(const struct resolve *r, FILE *out)
{
	bool *done = mem_zalloc(r->nrows * sizeof(*done));
	size_t i, k;

	fprintf(out, "\n%7s %8s %8s %8s %16s %16s\n", "workers", "CV boot",
	    "launch", "sample", r->boots ? "boots needed" : "launches needed",
	    "time for both");
	for (i = 0; i < r->nrows; i++) {
		if (done[i])
			continue;
		print_group(r, i, out);
		for (k = i; k < r->nrows; k++) {
			if (done[k] || !print_same_group(r, i, k))
				continue;
			print_row(r, &r->rows[k], out);
			done[k] = true;
		}
	}
	free(done);
}

/* ---- the sum ------------------------------------------------------------ */

/* "14 launches of 20 samples of each kernel: 1 h 10 min for both" */
static void
print_design(const struct resolve *r, const struct resolve_plan *plan,
    struct str *b)
{
	char time[UNITS_MAX];

	if (plan->needed == 0)
		str_addf(b, "more than %d %s", RESOLVE_UNITS_MAX,
		    print_unit(r, RESOLVE_UNITS_MAX));
	else
		str_addf(b, "%zu %s", plan->needed,
		    print_unit(r, plan->needed));
	if (plan->per_boot > 0)
		str_addf(b, " of %zu launch%s", plan->per_boot,
		    plan->per_boot == 1 ? "" : "es");
	if (plan->per_launch > 0)
		str_addf(b, " of %zu sample%s", plan->per_launch,
		    print_plural(plan->per_launch));
	str_add(b, " of each kernel");
	if (!isnan(plan->time_ns))
		str_addf(b, ", %s for both", units_round_time(time,
		    sizeof(time), plan->time_ns));
}

static void
print_point(const struct resolve *r, size_t row, FILE *out)
{
	const struct resolve_row *w = &r->rows[row];
	const struct resolve_point *p = &r->points[w->point];
	char needed[32];
	char *text;

	if (w->needed_in_all == 0)
		snprintf(needed, sizeof(needed), "more than %d",
		    RESOLVE_UNITS_MAX);
	else
		snprintf(needed, sizeof(needed), "%zu", w->needed_in_all);
	text = mem_printf("%s %s%s%d worker%s, %s %s: %s %s", p->workload,
	    p->params, p->params[0] != '\0' ? " " : "", p->workers,
	    print_plural((size_t)p->workers), p->mode, w->metric, needed,
	    print_unit(r, w->needed_in_all));
	print_filled(text, 2, out);
	free(text);
}

static void
print_noisy(const struct resolve *r, FILE *out)
{
	struct str b = { 0 };
	size_t i;

	if (r->nnoisy == 0)
		return;
	fprintf(out, "The noisiest:\n");
	for (i = 0; i < r->nnoisy; i++)
		print_point(r, r->noisy[i], out);
	if (r->rest.points == 0) {
		fprintf(out, "To leave %s out would save little.\n",
		    r->nnoisy == 1 ? "it" : "these");
		return;
	}
	str_addf(&b, "Without %s: ", r->nnoisy == 1 ? "it" : "these");
	print_design(r, &r->rest, &b);
	str_add(&b, ".");
	print_filled(str_text(&b), 0, out);
	str_free(&b);
}

static void
print_sum(const struct resolve *r, FILE *out)
{
	struct str b = { 0 };

	str_addf(&b, "To resolve %g%% at %s: ", r->effect * 100,
	    r->plan.points == 1 ? "this point" : "every point");
	print_design(r, &r->plan, &b);
	str_add(&b, ".");
	if (r->plan.beyond > 0)
		str_addf(&b, " That is so at %zu of %zu points; %d %s would "
		    "see %.2g%%.", r->plan.beyond, r->plan.points,
		    RESOLVE_UNITS_MAX, print_unit(r, RESOLVE_UNITS_MAX),
		    r->plan.seen * 100);
	fprintf(out, "\n");
	print_filled(str_text(&b), 0, out);
	str_free(&b);
	print_noisy(r, out);
}

/* ---- what to know about it ---------------------------------------------- */

static void
print_legend(const struct resolve *r, FILE *out)
{
	struct str b = { 0 };

	str_add(&b, "CV: of boots, of launches within a boot and of samples "
	    "within a launch, each without what comes from below. Needed: ");
	str_addf(&b, "%slaunches x samples, of each kernel, for that point "
	    "alone, with at least %zu %s; so that a change of %g%% is found "
	    "with probability %g at alpha %g, which is of one point: the "
	    "adjusted p values of a whole table ask for somewhat more.",
	    r->boots ? "boots x " : "", resolve_units_min(r), print_unit(r, 2),
	    r->effect * 100, r->power, r->alpha);
	fprintf(out, "\n");
	print_filled(str_text(&b), 0, out);
	str_free(&b);
}

/* A deviation is known to about 1 / sqrt(2 df) of itself. */
static void
print_precision(const struct resolve *r, FILE *out)
{
	const struct resolve_row *row = &r->rows[r->plan.decisive];
	size_t df = row->variance.part[r->boots ? VARIANCE_BOOT :
	    VARIANCE_LAUNCH].df;
	double error = 1 / sqrt(2 * (double)df);
	char *text;

	text = mem_printf("The plan rests on the spread of %zu %s at the "
	    "point that decides, which is known to +-%.0f%% of itself only, "
	    "and the number to twice that%s", r->boots ? row->boots :
	    row->launches, print_unit(r, r->boots ? row->boots :
	    row->launches), error * 100, df + 1 < RESOLVE_LAUNCHES ?
	    ": measure more before relying on it." : ".");
	print_filled(text, 0, out);
	free(text);
}

static void
print_dependent(const struct resolve *r, FILE *out)
{
	size_t i;

	for (i = 0; i < r->nrows; i++)
		if (r->rows[i].dependent)
			break;
	if (i < r->nrows)
		print_filled("*: samples of a launch take from each other, and "
		    "say nothing about launches: as many as in the records.",
		    0, out);
}

static void
print_costs(const struct resolve *r, FILE *out)
{
	size_t i, inside = 0;

	for (i = 0; i < r->npoints; i++)
		inside += r->points[i].inside_only;
	if (inside > 0)
		print_filled("The records do not say when launches were "
		    "started: times are of what was measured alone.", 0, out);
	if (r->boots && !(r->boot_ns > 0))
		print_filled("How long a boot takes is not known (--boot-time): "
		    "times are of launches alone, and the launches of a boot "
		    "are as many as in the records.", 0, out);
	if (!r->boots && r->boot_ns > 0)
		print_filled("--boot-time plays no part: no kernel was booted "
		    "twice.", 0, out);
}

static void
print_rules(const struct resolve *r, FILE *out)
{
	char *text;

	text = mem_printf("Fix the number before looking: %s that are added "
	    "when the result is known make false alarms, unless what comes of "
	    "them is labelled exploratory.%s", print_unit(r, 2), r->boots ?
	    "" : " Launches of one boot say nothing about other boots, which "
	    "may differ by more: for these, take records of several boots.");
	print_filled(text, 0, out);
	free(text);
}

/* Rows without a number, and points of which there is not even a row. */
static void
print_unusable(const struct resolve *r, FILE *out)
{
	bool *seen = mem_zalloc(r->npoints * sizeof(*seen));
	size_t n = 0, silent = 0, i;
	struct str b = { 0 };

	for (i = 0; i < r->nrows; i++) {
		n += r->rows[i].why != RESOLVE_FINE;
		seen[r->rows[i].point] = true;
	}
	for (i = 0; i < r->npoints; i++)
		silent += !seen[i];
	if (n > 0)
		str_addf(&b, "%zu point%s without a number, see above, %s not "
		    "in this. ", n, print_plural(n), n == 1 ? "is" : "are");
	if (silent > 0)
		str_addf(&b, "%zu cell%s no value at all.", silent,
		    silent == 1 ? " has" : "s have");
	if (b.len > 0)
		print_filled(str_text(&b), 0, out);
	str_free(&b);
	free(seen);
}

static void
print_head(const struct resolve *r, FILE *out)
{
	size_t i;

	fprintf(out, "vmstress plan: to see a change of %g%%\n", r->effect *
	    100);
	for (i = 0; i < r->nkernels; i++) {
		const struct resolve_kernel *k = &r->kernels[i];

		fprintf(out, "  %s  %zu boot%s, %zu launch%s", k->name,
		    k->boots, print_plural(k->boots), k->launches,
		    k->launches == 1 ? "" : "es");
		if (k->invalid > 0)
			fprintf(out, ", %zu not valid: %s", k->invalid,
			    r->keep_invalid ? "kept" : "left out");
		fprintf(out, "\n");
	}
}

void
resolve_print_text(const struct resolve *r, FILE *out)
{
	print_head(r, out);
	print_rows(r, out);
	print_sum(r, out);
	print_unusable(r, out);
	print_rules(r, out);
	print_legend(r, out);
	print_dependent(r, out);
	print_precision(r, out);
	print_costs(r, out);
}
