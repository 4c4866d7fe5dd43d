/* SPDX-License-Identifier: BSD-2-Clause */
/* A comparison as text; see compare_print.h. */
#include "config.h"

#include "present/compare_print.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/units.h"
#include "present/compare_boots.h"
#include "present/compare_floor.h"
#include "present/compare_groups.h"
#include "present/compare_numbers.h"
#include "present/compare_rounds.h"
#include "present/compare_scaling.h"
#include "present/compare_shape.h"
#include "present/compare_verdicts.h"
#include "present/wrap.h"

#define PRINT_FACT 30		/* columns of a fact of a machine */

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
	char *text;

	fputc('\n', out);
	text = mem_printf("%s: %s, %s is better", row->workload, row->metric,
	    row->lower ? "LOWER" : "HIGHER");
	wrap_print("", text, out);
	free(text);
	text = isnan(row->floor) ? mem_printf("%s%s%s", row->params,
	    row->params[0] != '\0' ? ", " : "", row->mode) :
	    mem_printf("%s%s%s; A/A %.1f%%", row->params,
	    row->params[0] != '\0' ? ", " : "", row->mode, row->floor * 100);
	wrap_print("  ", text, out);
	free(text);
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
	char change[32], ci[64], *text;

	if (isnan(c->overall[side].change))
		return;
	compare_change(change, sizeof(change), c->overall[side].change);
	compare_interval(ci, sizeof(ci), c->overall[side].low,
	    c->overall[side].high);
	text = mem_printf("geometric mean over %zu points, higher is better:",
	    c->overall[side].points);
	fprintf(out, "\n%s%s%s %s\n", text, strlen(text) + strlen(change) +
	    strlen(ci) + 2 > WRAP_WIDTH ? "\n  " : " ", change, ci);
	free(text);
}

/* ---- around the table ---------------------------------------------------------- */

const char *
compare_print_unit(const struct compare *c, size_t n)
{
	if (c->boots)
		return n == 1 ? "boot" : "boots";
	return n == 1 ? "launch" : "launches";
}

static void
print_failed(const struct compare_side *s, FILE *out)
{
	char *text;

	if (s->failed == 0)
		return;
	text = mem_printf("%s: %zu of %zu launches failed, the first of %s",
	    s->name, s->failed, s->failed + s->launches, s->failure);
	wrap_print("  ", text, out);
	free(text);
}

static void
print_validity(const struct compare *c, const struct compare_side *s, FILE *out)
{
	char *text;

	if (s->invalid == 0)
		return;
	text = mem_printf("%s: %zu of %zu launches not valid (%s): %s", s->name,
	    s->invalid, s->launches, s->rules, c->keep_invalid ? "kept" :
	    "left out, --keep-invalid keeps them");
	wrap_print("  ", text, out);
	free(text);
}

/*
 * A value that is too long is cut: at its end, or where it does not differ from
 * the other one.  A new string.
 */
static char *
print_cut(const char *value, size_t same)
{
	char *safe = str_safe_copy(value), *cut;
	size_t len = strlen(safe), from = 0;

	if (len <= PRINT_FACT)
		return safe;
	/* What is the same is no news: some of it, and what differs. */
	if (same >= PRINT_FACT - 5 && same < len)
		from = len - same > PRINT_FACT - 6 ? same - 3 :
		    len - (PRINT_FACT - 3);
	else if (same >= len)
		from = len - (PRINT_FACT - 3);
	cut = from > 0 ? mem_printf("...%.*s", PRINT_FACT - 3, safe + from) :
	    mem_printf("%.*s", PRINT_FACT, safe);
	free(safe);
	return cut;
}

/* Bytes that both begin with. */
static size_t
print_same(const char *a, const char *b)
{
	size_t n = 0;

	while (a[n] != '\0' && a[n] == b[n])
		n++;
	return n;
}

static void
print_difference(const struct compare_env *d, FILE *out)
{
	const char *unknown = "(not known)";
	const char *a = d->base != NULL ? d->base : unknown;
	const char *b = d->new != NULL ? d->new : unknown;
	size_t same = print_same(a, b);
	char *base = print_cut(a, same), *new = print_cut(b, same);
	char *key = str_safe_copy(d->key);

	/* The key in one piece, and in a line of its own if it is long. */
	if (strlen(key) + strlen(base) + strlen(new) + 8 <= WRAP_WIDTH)
		fprintf(out, "  %s: %s -> %s\n", key, base, new);
	else
		fprintf(out, "  %.*s:\n    %s -> %s\n", WRAP_WIDTH - 3, key,
		    base, new);
	free(key);
	free(base);
	free(new);
}

/* What only the record of one of two sides tells. */
static bool
print_told_once(const struct compare_env *d, bool by_base)
{
	return by_base ? d->new == NULL : d->base == NULL;
}

/* More of these are counted only: two systems of other kinds have dozens. */
#define PRINT_TOLD_ONCE 4

static size_t
print_count_told_once(const struct compare *c, size_t side, bool by_base)
{
	size_t i, n = 0;

	for (i = 0; i < c->ndiffers[side]; i++)
		n += !c->differs[side][i].expected &&
		    print_told_once(&c->differs[side][i], by_base);
	return c->all || n <= PRINT_TOLD_ONCE ? 0 : n;
}

static void
print_differences(const struct compare *c, size_t side, bool expected,
    FILE *out)
{
	const char *title = expected ? "Differs" : "CONFOUNDS";
	size_t i, base = 0, new = 0;

	if (!expected) {
		base = print_count_told_once(c, side, true);
		new = print_count_told_once(c, side, false);
	}
	for (i = 0; i < c->ndiffers[side]; i++) {
		const struct compare_env *d = &c->differs[side][i];

		if (d->expected != expected ||
		    (base > 0 && print_told_once(d, true)) ||
		    (new > 0 && print_told_once(d, false)))
			continue;
		if (title != NULL)
			fprintf(out, "%s:\n", title);
		title = NULL;
		print_difference(d, out);
	}
	if (title != NULL && base + new > 0)
		fprintf(out, "%s:\n", title);
	if (base > 0)
		fprintf(out, "  %zu facts that only %s tells (--all)\n", base,
		    c->sides[0].name);
	if (new > 0)
		fprintf(out, "  %zu facts that only %s tells (--all)\n", new,
		    c->sides[side].name);
}

/* In one line, or in several where it is too long. */
static void
print_line(const char *first, const char *text, FILE *out)
{
	if (str_columns(first) + str_columns(text) <= WRAP_WIDTH)
		fprintf(out, "%s%s\n", first, text);
	else
		wrap_print(first, text, out);
}

/* Units of a side that have a value somewhere. */
static size_t
print_measured(const struct compare *c, size_t side)
{
	size_t unit, n = 0;

	for (unit = 0; unit < c->sides[side].nunits; unit++)
		n += compare_measured(c, side, unit);
	return n;
}

static void
print_side(const struct compare *c, size_t side, FILE *out)
{
	const struct compare_side *s = &c->sides[side];
	const char *release = s->nruns > 0 ? s->runs[0].kernel_release : NULL;
	char *kernel = str_safe_copy(release != NULL ? release : "");
	bool other = kernel[0] != '\0' && strcmp(kernel, s->name) != 0;
	size_t measured = print_measured(c, side);
	char *of = measured < s->nunits ? mem_printf("%zu of ", measured) :
	    mem_strdup("");
	char *text = mem_printf("%s%s%s  %s%zu %s", s->name, other ? "  " : "",
	    other ? kernel : "", of, s->nunits, compare_print_unit(c, s->nunits));

	print_line(side == 0 ? "  base  " : "  new   ", text, out);
	free(text);
	free(of);
	free(kernel);
}

static void
print_warnings(const struct compare *c, FILE *out)
{
	size_t i;

	for (i = 0; i < c->nwarnings; i++)
		wrap_print(c->warnings[i].refuse ? "  NOT COMPARABLE: " :
		    "  WARNING: ", c->warnings[i].text, out);
}

static void
print_head(const struct compare *c, size_t side, bool first, FILE *out)
{
	size_t which[2] = { 0, side }, i;
	char *text;

	text = mem_printf("%s against %s", c->sides[side].name,
	    c->sides[0].name);
	fprintf(out, "vmstress compare:");
	if (str_columns(text) + 18 <= WRAP_WIDTH) {
		fprintf(out, " %s\n", text);
	} else {
		fputc('\n', out);
		wrap_print("  ", text, out);
	}
	free(text);
	for (i = 0; i < 2; i++)
		print_side(c, which[i], out);
	for (i = 0; i < 2; i++) {
		print_failed(&c->sides[which[i]], out);
		print_validity(c, &c->sides[which[i]], out);
	}
	compare_shape_print_missing(c, side, out);
	/* They are of all sides, and said once. */
	if (first)
		print_warnings(c, out);
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
print_legend(const struct compare *c, size_t side, FILE *out)
{
	char *rounds = compare_rounds_words(c, side), *text;

	fprintf(out, "\nCV: between %s. CI: of %s.\n"
	    "p.adj: max-T over all points", compare_print_unit(c, 2), c->family ?
	    "all points together (Bonferroni)" : "the point alone");
	if (c->overall[side].tried > 0)
		fprintf(out, ", %zu labellings", c->overall[side].tried);
	if (c->overall[side].tried > 0 && !c->overall[side].exact)
		fprintf(out, " (seed %" PRIu64 ")", c->seed);
	fputc('\n', out);
	if (rounds != NULL)
		wrap_print("", rounds, out);
	free(rounds);
	fprintf(out, "+ - better, worse: proven, and by %g%% or more", c->effect *
	    100);
	fprintf(out, "   s proven but smaller\n= proven to be within %g%%",
	    c->effect * 100);
	fprintf(out, "   ! launches failed   ? missing on one side\n");
	if (c->nnull > 0 && !c->self) {
		text = mem_printf("proven, but %s differs from itself as much "
		    "(A/A)", c->sides[0].name);
		wrap_print("n ", text, out);
		free(text);
	}
	if (print_any(c, side, COMPARE_UNDECIDED))
		compare_print_undecided(c, side, out);
	if (print_any(c, side, COMPARE_FEW))
		fprintf(out, ". nothing can be proven with less than %d %s a "
		    "side\n", COMPARE_UNITS_MIN, compare_print_unit(c, 2));
}

/* Of one kernel twice, what a change must exceed to mean anything. */
static void
print_floor(const struct compare *c, FILE *out)
{
	size_t i, marked = 0;
	long largest = compare_floor_row(c);
	char *text;

	for (i = 0; i < c->nrows; i++)
		marked += c->rows[i].outcomes[1].verdict <= COMPARE_SMALL;
	fprintf(out, "\nA/A, one kernel twice: %zu of %zu points marked%s\n",
	    marked, c->nrows, largest >= 0 ? ";" : "");
	if (largest < 0)
		return;
	text = mem_printf("largest change %+.1f%%: %s %s, %d worker%s",
	    c->rows[largest].outcomes[1].change * 100,
	    c->rows[largest].workload, c->rows[largest].metric,
	    c->rows[largest].workers,
	    c->rows[largest].workers == 1 ? "" : "s");
	wrap_print("", text, out);
	free(text);
}

/*
 * Of a kernel that was always lost the warnings say so; what the other one has
 * is shown where it is not shown anyhow.
 */
static bool
print_is_worth_it(const struct compare *c, size_t side)
{
	size_t lost = (c->sides[0].nruns == 0) + (c->sides[side].nruns == 0);

	return lost == 0 || (lost == 1 && c->nsides == 2);
}

/* One kernel against the base. */
static void
print_pair(const struct compare *c, size_t side, bool first, FILE *out)
{
	print_head(c, side, first, out);
	print_rows(c, side, out);
	print_overall(c, side, out);
	if (c->self)
		print_floor(c, out);
	print_legend(c, side, out);
	compare_shape_print(c, side, out);
	print_differences(c, side, true, out);
	compare_boots_print_configs(c, side, out);
	print_differences(c, side, false, out);
}

void
compare_print_text(const struct compare *c, FILE *out)
{
	bool first = true;
	size_t side;

	compare_boots_print(c, out);
	for (side = 1; side < c->nsides; side++) {
		if (!print_is_worth_it(c, side))
			continue;
		if (!first)
			fprintf(out, "\n");
		print_pair(c, side, first, out);
		first = false;
	}
	if (first)
		print_warnings(c, out);
	compare_print_scaling(c, out);
	fputc('\n', out);
	compare_verdicts_print(c, out);
}
