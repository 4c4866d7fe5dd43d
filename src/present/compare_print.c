/* SPDX-License-Identifier: BSD-2-Clause */
/* A comparison as text; see compare_print.h. */
#include "config.h"

#include "present/compare_print.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/units.h"
#include "present/compare_floor.h"
#include "present/compare_groups.h"
#include "present/compare_numbers.h"
#include "present/compare_scaling.h"
#include "present/compare_shape.h"
#include "present/csv.h"
#include "present/wrap.h"

/* ---- rows ------------------------------------------------------------------- */

static void
print_row(const struct compare_row *row, size_t side, FILE *out)
{
	const struct compare_value *base = &row->values[0];
	const struct compare_value *new = &row->values[side];
	const struct compare_outcome *o = &row->outcomes[side];
	char b[UNITS_MAX], n[UNITS_MAX], bcv[32], ncv[32], change[32], ci[64],
	    p[32], workers[32];

	snprintf(workers, sizeof(workers), "%d", row->workers);
	compare_share(bcv, sizeof(bcv), base->cv);
	compare_share(ncv, sizeof(ncv), new->cv);
	compare_change(change, sizeof(change), o->change);
	compare_interval(ci, sizeof(ci), o->low, o->high);
	compare_p(p, sizeof(p), o->p);
	fprintf(out, "%7s %9s %5s %9s %5s %7s %16s %5s %c\n", workers,
	    compare_number(b, sizeof(b), row, base->mean), bcv,
	    compare_number(n, sizeof(n), row, new->mean), ncv, change, ci, p,
	    compare_mark(o->verdict));
}

/*
 * Rows that differ in nothing but the workers stand below each other; a new
 * string.
 */
static char *
print_group_key(const struct compare_row *row)
{
	return mem_printf("%s\n%s\n%s\n%s\n%s", row->workload, row->metric,
	    row->params_all, row->mode, row->pin);
}

static void
print_group(const struct compare_row *row, FILE *out)
{
	fprintf(out, "\n%s: %s, %s is better\n", row->workload, row->metric,
	    row->lower ? "LOWER" : "HIGHER");
	fprintf(out, "  %s%s%s", row->params, row->params[0] != '\0' ? ", " :
	    "", row->mode);
	if (!isnan(row->floor))
		fprintf(out, "; A/A %.1f%%", row->floor * 100);
	fputc('\n', out);
}

/*
 * The rows of a group need not be neighbours: workers of a workload with
 * several metrics are not.
 */
static void
print_rows(const struct compare *c, size_t side, FILE *out)
{
	struct compare_groups g = { 0 };
	size_t i, m;
	char *key;

	fprintf(out, "\n%7s %9s %5s %9s %5s %7s %16s %5s\n", "workers", "base",
	    "CV", "new", "CV", "change", "95% CI", "p.adj");
	for (i = 0; i < c->nrows; i++) {
		key = print_group_key(&c->rows[i]);
		compare_groups_add(&g, key, i);
		free(key);
	}
	for (i = 0; i < c->nrows; i++) {
		key = print_group_key(&c->rows[i]);
		m = compare_groups_first(&g, key);
		free(key);
		if (g.members[m].row != i)
			continue;
		print_group(&c->rows[i], out);
		for (; m != COMPARE_GROUPS_END; m = g.members[m].next)
			print_row(&c->rows[g.members[m].row], side, out);
	}
	compare_groups_free(&g);
}

static void
print_overall(const struct compare *c, size_t side, FILE *out)
{
	char change[32], ci[64];

	if (isnan(c->overall[side].change))
		return;
	compare_change(change, sizeof(change), c->overall[side].change);
	compare_interval(ci, sizeof(ci), c->overall[side].low,
	    c->overall[side].high);
	fprintf(out, "\ngeometric mean over %zu points, higher is better: "
	    "%s %s\n", c->overall[side].points, change, ci);
}

/* ---- around the table ---------------------------------------------------------- */

static const char *
print_unit(const struct compare *c, size_t n)
{
	if (c->boots)
		return n == 1 ? "boot" : "boots";
	return n == 1 ? "launch" : "launches";
}

static void
print_validity(const struct compare *c, const struct compare_side *s, FILE *out)
{
	if (s->invalid == 0)
		return;
	fprintf(out, "  %s: %zu of %zu launches not valid (%s): %s\n", s->name,
	    s->invalid, s->launches, s->rules, c->keep_invalid ? "kept" :
	    "left out,\n    --keep-invalid keeps them");
}

/* A value that is too long for a line is cut. */
static void
print_differences(const struct compare *c, size_t side, bool expected,
    FILE *out)
{
	const char *title = expected ? "Differs" : "CONFOUNDS";
	char *key, *base, *new;
	size_t i;

	for (i = 0; i < c->ndiffers[side]; i++) {
		const struct compare_env *d = &c->differs[side][i];

		if (d->expected != expected)
			continue;
		if (title != NULL)
			fprintf(out, "%s:\n", title);
		title = NULL;
		key = str_safe_copy(d->key);
		base = str_safe_copy(d->base != NULL ? d->base : "(not known)");
		new = str_safe_copy(d->new != NULL ? d->new : "(not known)");
		fprintf(out, "  %.26s: %.18s -> %.18s\n", key, base, new);
		free(key);
		free(base);
		free(new);
	}
}

static void
print_head(const struct compare *c, size_t side, FILE *out)
{
	size_t which[2] = { 0, side }, i;

	fprintf(out, "vmstress compare: %s against %s\n", c->sides[side].name,
	    c->sides[0].name);
	for (i = 0; i < 2; i++) {
		const struct compare_side *s = &c->sides[which[i]];
		const char *release = s->runs[0].kernel_release;
		char *kernel = str_safe_copy(release != NULL ? release : "");
		bool other = kernel[0] != '\0' && strcmp(kernel, s->name) != 0;

		fprintf(out, "  %-4s  %s%s%s  %zu %s\n", i == 0 ? "base" : "new",
		    s->name, other ? "  " : "", other ? kernel : "", s->nunits,
		    print_unit(c, s->nunits));
		free(kernel);
	}
	for (i = 0; i < 2; i++)
		print_validity(c, &c->sides[which[i]], out);
	compare_shape_print_missing(c, side, out);
	for (i = 0; i < c->nwarnings; i++)
		wrap_print(c->warnings[i].refuse ? "  NOT COMPARABLE: " :
		    "  WARNING: ", c->warnings[i].text, out);
	if (!c->boots)
		fprintf(out, "  within one boot of each: launches only, no "
		    "boot is like another\n");
}

static bool
print_any(const struct compare *c, size_t side, enum compare_verdict v)
{
	size_t i;

	for (i = 0; i < c->nrows; i++)
		if (c->rows[i].outcomes[side].verdict == v)
			return true;
	return false;
}

static void
print_undecided(const struct compare *c, size_t side, FILE *out)
{
	double seen = 0;
	size_t needed = 0, i;
	bool never = false, any = false;

	for (i = 0; i < c->nrows; i++) {
		const struct compare_outcome *o = &c->rows[i].outcomes[side];

		if (o->verdict != COMPARE_UNDECIDED ||
		    c->rows[i].values[0].bad || c->rows[i].values[side].bad)
			continue;
		any = true;
		seen = fmax(seen, o->seen);
		needed = o->needed > needed ? o->needed : needed;
		never |= o->needed == 0;
	}
	if (!any) {
		fprintf(out, "~ undecided: a value that is not above 0 has no "
		    "ratio\n");
		return;
	}
	fprintf(out, "~ undecided: changes of up to %.0f%% could not have been "
	    "seen;\n", ceil(seen * 100));
	if (never)
		fprintf(out, "  more than 100 %s a side would be needed to see "
		    "%g%%\n", print_unit(c, 2), c->effect * 100);
	else
		fprintf(out, "  %zu %s a side would see %g%%\n", needed,
		    print_unit(c, 2), c->effect * 100);
}

static void
print_legend(const struct compare *c, size_t side, FILE *out)
{
	fprintf(out, "\nCV: between %s. CI: of %s.\n"
	    "p.adj: max-T over all points", print_unit(c, 2), c->family ?
	    "all points together (Bonferroni)" : "the point alone");
	if (c->overall[side].tried > 0)
		fprintf(out, ", %zu %slabellings", c->overall[side].tried,
		    c->overall[side].exact ? "" : "drawn ");
	fprintf(out, "\n+ - better, worse: proven, and by %g%% or more", c->effect *
	    100);
	fprintf(out, "   s proven but smaller\n= proven to be within %g%%",
	    c->effect * 100);
	fprintf(out, "   ! launches failed   ? missing on one side\n");
	if (c->nnull > 0 && !c->self)
		fprintf(out, "n proven, but %s differs from itself as much "
		    "(A/A)\n", c->sides[0].name);
	if (print_any(c, side, COMPARE_UNDECIDED))
		print_undecided(c, side, out);
	if (print_any(c, side, COMPARE_FEW))
		fprintf(out, ". nothing can be proven with less than %d %s a "
		    "side\n", COMPARE_UNITS_MIN, print_unit(c, 2));
}

/* Of one kernel twice, what a change must exceed to mean anything. */
static void
print_floor(const struct compare *c, FILE *out)
{
	size_t i, marked = 0;
	long largest = compare_floor_row(c);

	for (i = 0; i < c->nrows; i++)
		marked += c->rows[i].outcomes[1].verdict <= COMPARE_SMALL;
	fprintf(out, "\nA/A, one kernel twice: %zu of %zu points marked", marked,
	    c->nrows);
	if (largest >= 0)
		fprintf(out, ";\nlargest change %+.1f%%: %s %s, %d worker%s",
		    c->rows[largest].outcomes[1].change * 100,
		    c->rows[largest].workload, c->rows[largest].metric,
		    c->rows[largest].workers,
		    c->rows[largest].workers == 1 ? "" : "s");
	fputc('\n', out);
}

void
compare_print_text(const struct compare *c, FILE *out)
{
	size_t side;

	for (side = 1; side < c->nsides; side++) {
		if (side > 1)
			fprintf(out, "\n");
		print_head(c, side, out);
		print_rows(c, side, out);
		print_overall(c, side, out);
		if (c->self)
			print_floor(c, out);
		print_legend(c, side, out);
		compare_shape_print(c, side, out);
		print_differences(c, side, true, out);
		print_differences(c, side, false, out);
	}
	compare_print_scaling(c, out);
}

/* ---- csv ------------------------------------------------------------------------ */

void
compare_print_csv(const struct compare *c, FILE *out)
{
	size_t i, side;

	fprintf(out, "base,new,workload,params,mode,pin,metric,better,verdict,"
	    "workers,base_mean,base_units,new_mean,new_units,change,low,high,"
	    "p_adjusted,p_same,smallest_seen,floor\n");
	for (side = 1; side < c->nsides; side++) {
		for (i = 0; i < c->nrows; i++) {
			const struct compare_row *row = &c->rows[i];
			const struct compare_outcome *o = &row->outcomes[side];
			const double numbers[] = {
				row->values[0].mean, (double)row->values[0].n,
				row->values[side].mean,
				(double)row->values[side].n, o->change, o->low,
				o->high, o->p, o->p_same, o->seen,
				row->floor
			};
			size_t k;

			const char *const words[] = {
				c->sides[0].name, c->sides[side].name,
				row->workload, row->params_all, row->mode,
				row->pin, row->metric,
				row->lower ? "lower" : "higher",
				compare_word(o->verdict)
			};

			for (k = 0; k < sizeof(words) / sizeof(words[0]); k++) {
				csv_text(words[k], out);
				fputc(',', out);
			}
			fprintf(out, "%d", row->workers);
			for (k = 0; k < sizeof(numbers) / sizeof(numbers[0]);
			    k++) {
				fputc(',', out);
				csv_real(numbers[k], out);
			}
			fprintf(out, "\n");
		}
	}
}
