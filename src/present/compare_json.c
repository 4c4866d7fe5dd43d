/* SPDX-License-Identifier: BSD-2-Clause */
/* A comparison as JSON: the numbers of the text, and the values they are of. */
#include "config.h"

#include "present/compare_print.h"

#include <math.h>
#include <stdlib.h>

#include "base/str.h"
#include "present/compare_boots.h"
#include "present/compare_scaling.h"
#include "present/compare_shape.h"
#include "present/compare_verdicts.h"
#include "record/json_line.h"

static struct json_line *
json_value(const struct compare_value *v, size_t units)
{
	struct json_line *j = json_line_new();
	size_t i;

	json_line_real(j, "mean", v->mean);
	json_line_real(j, "cv", v->cv);
	json_line_int(j, "failed", v->failed);
	json_line_list(j, "values");
	for (i = 0; i < units; i++)
		json_line_append_real(j, "values", exp(v->log[i]));
	return j;
}

static struct json_line *
json_outcome(const struct compare *c, const struct compare_row *row,
    size_t side)
{
	const struct compare_outcome *o = &row->outcomes[side];
	struct json_line *j = json_line_new();

	json_line_text(j, "name", c->sides[side].name);
	json_line_text(j, "verdict", compare_word(o->verdict));
	json_line_real(j, "change", o->change);
	json_line_real(j, "low", o->low);
	json_line_real(j, "high", o->high);
	json_line_real(j, "p_adjusted", o->p);
	json_line_real(j, "p_same", o->p_same);
	json_line_real(j, "smallest_seen", o->seen);
	/* As in the text: of a point by itself; 0: more than are reasonable. */
	if (!isnan(o->seen))
		json_line_u64(j, "needed", o->needed);
	json_line_object(j, "values", json_value(&row->values[side],
	    c->sides[side].nunits));
	return j;
}

static struct json_line *
json_point(const struct compare *c, const struct compare_row *row)
{
	struct json_line *j = json_line_new();
	size_t side;

	json_line_text(j, "workload", row->workload);
	json_line_text(j, "params", row->params_all);
	json_line_text(j, "mode", row->mode);
	json_line_int(j, "workers", row->workers);
	json_line_text(j, "pin", row->pin);
	json_line_text(j, "metric", row->metric);
	json_line_text(j, "better", row->lower ? "lower" : "higher");
	json_line_bool(j, "headline", row->headline);
	json_line_real(j, "floor", row->floor);
	json_line_object(j, "base", json_value(&row->values[0],
	    c->sides[0].nunits));
	json_line_list(j, "against");
	for (side = 1; side < c->nsides; side++)
		json_line_append(j, "against", json_outcome(c, row, side));
	return j;
}

static struct json_line *
json_side(const struct compare *c, size_t side)
{
	const struct compare_side *s = &c->sides[side];
	struct json_line *j = json_line_new(), *d;
	size_t i;

	json_line_text(j, "name", s->name);
	json_line_u64(j, "units", s->nunits);
	json_line_u64(j, "launches", s->launches);
	json_line_u64(j, "failed", s->failed);
	json_line_u64(j, "invalid", s->invalid);
	json_line_text(j, "rules", s->rules);
	if (s->of_campaign) {
		json_line_u64(j, "boots", s->boots_ended);
		json_line_u64(j, "boots_failed", s->boots_failed);
		json_line_u64(j, "boots_lost", s->boots_lost);
	}
	if (side == 0)
		return j;
	json_line_real(j, "overall_change", c->overall[side].change);
	json_line_real(j, "overall_low", c->overall[side].low);
	json_line_real(j, "overall_high", c->overall[side].high);
	json_line_u64(j, "labellings", c->overall[side].tried);
	json_line_bool(j, "exact", c->overall[side].exact);
	json_line_bool(j, "within_rounds", c->overall[side].within);
	json_line_u64(j, "rounds", c->overall[side].rounds);
	json_line_u64(j, "without_partner", c->overall[side].alone);
	json_line_real(j, "rounds_p", c->overall[side].rounds_p);
	compare_verdicts_json(c, side, j);
	json_line_list(j, "differs");
	for (i = 0; i < c->ndiffers[side]; i++) {
		d = json_line_new();
		json_line_text(d, "key", c->differs[side][i].key);
		json_line_text(d, "base", c->differs[side][i].base);
		json_line_text(d, "new", c->differs[side][i].new);
		json_line_bool(d, "expected", c->differs[side][i].expected);
		json_line_append(j, "differs", d);
	}
	return j;
}

void
compare_print_json(const struct compare *c, FILE *out)
{
	struct json_line *j = json_line_new();
	size_t i;
	char *text;

	json_line_text(j, "unit", c->boots ? "boot" : "launch");
	json_line_real(j, "alpha", c->alpha);
	json_line_real(j, "min_effect", c->effect);
	json_line_u64(j, "seed", c->seed);
	json_line_text(j, "intervals", c->family ? "family" : "point");
	json_line_bool(j, "self", c->self);
	json_line_list(j, "warnings");
	for (i = 0; i < c->nwarnings; i++)
		json_line_append_text(j, "warnings", c->warnings[i].text);
	compare_boots_json(c, j);
	json_line_list(j, "sides");
	for (i = 0; i < c->nsides; i++)
		json_line_append(j, "sides", json_side(c, i));
	json_line_list(j, "points");
	for (i = 0; i < c->nrows; i++)
		json_line_append(j, "points", json_point(c, &c->rows[i]));
	compare_scaling_json(c, j);
	compare_shape_json(c, j);
	text = json_line_string(j);
	fprintf(out, "%s\n", text);
	free(text);
	json_line_free(j);
}
