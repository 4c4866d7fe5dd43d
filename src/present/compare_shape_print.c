/* SPDX-License-Identifier: BSD-2-Clause */
/* What looks odd as lines of text and as JSON; see compare_shape.h. */
#include "config.h"

#include "present/compare_shape.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/units.h"
#include "present/wrap.h"
#include "stats/shape.h"

#define SHAPE_LINES 10
#define SHAPE_NAME 20		/* columns of the name of a side */

/* ---- words ----------------------------------------------------------------- */

static const char *const shape_words[] = {
	[COMPARE_ODD_OUTLIER] = "outlier",
	[COMPARE_ODD_GROUPS] = "groups",
	[COMPARE_ODD_DRIFT] = "drift",
};

/* A launch as its record numbers it, of which there may be several. */
static void
shape_unit(struct str *b, const struct compare *c, const struct compare_odd *o)
{
	const struct compare_side *s = &c->sides[o->side];
	size_t run = 0;

	if (c->boots) {
		str_addf(b, "boot %zu", o->unit + 1);
		return;
	}
	while (run + 1 < s->nruns && s->unit[run + 1] <= o->unit)
		run++;
	str_addf(b, "launch %zu", o->unit - s->unit[run]);
	if (s->nruns > 1)
		str_addf(b, " of record %zu", run + 1);
}

static const char *
shape_number(char *buf, const struct compare_row *row, double value)
{
	if (strcmp(row->unit, "ns") == 0)
		return units_round_time(buf, UNITS_MAX, value);
	return units_round(buf, UNITS_MAX, value);
}

static void
shape_say(struct str *b, const struct compare *c, const struct compare_odd *o)
{
	const struct compare_row *row = &c->rows[o->row];
	char low[UNITS_MAX], high[UNITS_MAX];

	switch (o->kind) {
	case COMPARE_ODD_OUTLIER:
		shape_unit(b, c, o);
		str_addf(b, " is far from the others (%+.1f%%)", o->change *
		    100);
		break;
	case COMPARE_ODD_GROUPS:
		str_addf(b, "two groups: %zu at %s, %zu at %s", o->n[0],
		    shape_number(low, row, o->mean[0]), o->n[1],
		    shape_number(high, row, o->mean[1]));
		break;
	case COMPARE_ODD_DRIFT:
		str_addf(b, "%s with time (rho %+.2f)", o->strength > 0 ?
		    "rises" : "falls", o->strength);
		break;
	}
}

static void
shape_point(struct str *b, const struct compare *c, const struct compare_odd *o)
{
	const struct compare_row *row = &c->rows[o->row];
	char *words = compare_row_words(row);

	str_addf(b, "%s %s%s%s", row->workload, row->metric,
	    words[0] != '\0' ? " " : "", words);
	free(words);
}

/* ---- text -------------------------------------------------------------------- */

/* The bytes of so many columns, or of all that there are. */
static int
shape_cut(const char *text, int columns)
{
	int n = 0;

	for (; text[n] != '\0'; n++)
		if (((unsigned char)text[n] & 0xc0) != 0x80 && columns-- == 0)
			break;
	return n;
}

/* In one line, or in two where that is too long. */
static void
shape_print_line(const struct compare *c, const struct compare_odd *o,
    FILE *out)
{
	const char *side = c->sides[o->side].name;
	struct str point = { 0 }, what = { 0 };
	bool fits;

	shape_point(&point, c, o);
	str_addf(&what, "x%d %.*s: ", c->rows[o->row].workers,
	    shape_cut(side, SHAPE_NAME), side);
	shape_say(&what, c, o);
	fits = str_columns(str_text(&point)) + str_columns(str_text(&what)) +
	    3 <= WRAP_WIDTH;
	fprintf(out, "  %.*s%s%s\n", shape_cut(str_text(&point), WRAP_WIDTH -
	    2), str_text(&point), fits ? " " : "\n    ", str_text(&what));
	str_free(&point);
	str_free(&what);
}

/* How many sets of values could have looked odd by chance. */
static size_t
shape_sets(const struct compare *c, size_t side)
{
	size_t i, n = 0;

	for (i = 0; i < c->nrows; i++)
		n += (c->rows[i].values[0].n >= SHAPE_VALUES_MIN) +
		    (c->rows[i].values[side].n >= SHAPE_VALUES_MIN);
	return n;
}

static void
shape_print_end(const struct compare *c, size_t side, size_t lines, size_t weak,
    FILE *out)
{
	/* One set in a hundred, for each of two criteria. */
	size_t chance = shape_sets(c, side) / 50;

	if (lines > SHAPE_LINES)
		fprintf(out, "  and %zu more\n", lines - SHAPE_LINES);
	if (chance > 0)
		fprintf(out, "  (up to about %zu of them may be noise alone)\n",
		    chance < lines ? chance : lines);
	if (weak > 0)
		fprintf(out, "  (not shown: %zu weak ones; --style json has "
		    "them)\n", weak);
}

void
compare_shape_print(const struct compare *c, size_t side, FILE *out)
{
	size_t n, i, lines = 0, weak = 0;
	struct compare_odd *odd = compare_shape_find(c, &n);

	for (i = 0; i < n; i++) {
		if (odd[i].side != 0 && odd[i].side != side)
			continue;
		if (!odd[i].clear) {
			weak++;
			continue;
		}
		if (lines == 0)
			fprintf(out, "Looked odd (nothing was dropped):\n");
		if (lines++ < SHAPE_LINES)
			shape_print_line(c, &odd[i], out);
	}
	if (lines > 0)
		shape_print_end(c, side, lines, weak, out);
	free(odd);
}

/*
 * The same share of another number of launches is no difference, and what is
 * kept is not missing.
 */
void
compare_shape_print_missing(const struct compare *c, size_t side, FILE *out)
{
	const struct compare_side *base = &c->sides[0], *new = &c->sides[side];

	if (c->keep_invalid || base->invalid == new->invalid ||
	    base->invalid * new->launches == new->invalid * base->launches)
		return;
	fprintf(out, "  left out: %zu of base, %zu of new; what is missing may "
	    "be the effect\n", base->invalid, new->invalid);
}

/* ---- json -------------------------------------------------------------------- */

static void
shape_json_numbers(const struct compare_odd *o, struct json_line *j)
{
	switch (o->kind) {
	case COMPARE_ODD_OUTLIER:
		json_line_u64(j, "unit", o->unit);
		json_line_real(j, "change", o->change);
		json_line_real(j, "z", o->strength);
		break;
	case COMPARE_ODD_GROUPS:
		json_line_real(j, "change", o->change);
		json_line_real(j, "gap_per_sd", o->strength);
		json_line_u64(j, "n_low", o->n[0]);
		json_line_real(j, "mean_low", o->mean[0]);
		json_line_u64(j, "n_high", o->n[1]);
		json_line_real(j, "mean_high", o->mean[1]);
		break;
	case COMPARE_ODD_DRIFT:
		json_line_real(j, "rho", o->strength);
		json_line_real(j, "p", o->p);
		json_line_real(j, "p_adjusted", o->p_adjusted);
		break;
	}
}

void
compare_shape_json(const struct compare *c, struct json_line *j)
{
	size_t n, i;
	struct compare_odd *odd = compare_shape_find(c, &n);

	json_line_list(j, "odd");
	for (i = 0; i < n; i++) {
		const struct compare_row *row = &c->rows[odd[i].row];
		struct json_line *one = json_line_new();

		json_line_text(one, "side", c->sides[odd[i].side].name);
		json_line_u64(one, "point", odd[i].row);
		json_line_text(one, "workload", row->workload);
		json_line_int(one, "workers", row->workers);
		json_line_text(one, "metric", row->metric);
		json_line_text(one, "kind", shape_words[odd[i].kind]);
		json_line_bool(one, "clear", odd[i].clear);
		shape_json_numbers(&odd[i], one);
		json_line_append(j, "odd", one);
	}
	free(odd);
}
