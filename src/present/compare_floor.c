/* SPDX-License-Identifier: BSD-2-Clause */
/* How much a kernel differs from itself; see compare_floor.h. */
#include "config.h"

#include "present/compare_floor.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "present/compare_warn.h"
#include "present/names.h"

/* The same either way: as much up as down. */
static double
floor_size(double change)
{
	return expm1(fabs(log1p(change)));
}

static size_t
floor_group(struct names *names, const struct compare_row *row)
{
	char *key = mem_printf("%s\n%s", row->workload, row->metric);
	size_t at = names_add(names, key, strlen(key));

	free(key);
	return at;
}

/* The largest change of each workload and metric. */
static double *
floor_largest(const struct compare *self, struct names *names)
{
	double *largest = NULL, size;
	size_t k, at, count, cap = 0;

	for (k = 0; k < self->nrows; k++) {
		count = names->count;
		at = floor_group(names, &self->rows[k]);
		if (at == count) {
			largest = mem_grow(largest, count, &cap,
			    sizeof(*largest));
			largest[at] = NAN;
		}
		size = floor_size(self->rows[k].outcomes[1].change);
		largest[at] = fmax(largest[at], size);
	}
	return largest;
}

static void
floor_judge(struct compare *c, struct compare_row *row)
{
	size_t side;

	for (side = 1; side < c->nsides; side++) {
		struct compare_outcome *o = &row->outcomes[side];

		if ((o->verdict == COMPARE_BETTER ||
		    o->verdict == COMPARE_WORSE ||
		    o->verdict == COMPARE_SMALL) &&
		    floor_size(o->change) <= row->floor)
			o->verdict = COMPARE_NOISE;
	}
}

static void
floor_set(struct compare *c, const struct compare *self)
{
	struct names names = { 0 };
	double *largest = floor_largest(self, &names);
	size_t k, at, known = names.count;

	for (k = 0; k < c->nrows; k++) {
		at = floor_group(&names, &c->rows[k]);
		if (at < known)
			c->rows[k].floor = largest[at];
		floor_judge(c, &c->rows[k]);
	}
	names_free(&names);
	free(largest);
}

int
compare_floor(struct compare *c, const struct compare_input *in, size_t n,
    struct err *e)
{
	struct compare self = {
		.alpha = c->alpha, .effect = c->effect, .seed = c->seed,
		.all = c->all, .keep_invalid = c->keep_invalid,
		.null = c->null, .nnull = c->nnull,
		.campaigns = c->campaigns, .ncampaigns = c->ncampaigns,
	};
	struct compare_input *base = mem_array(NULL, n, sizeof(*base));
	size_t i, count = 0;
	int rc;

	for (i = 0; i < n; i++)
		if (c->side_of[i] == 0)
			base[count++] = (struct compare_input){
				.name = c->sides[0].name, .path = in[i].path,
			};
	rc = compare_read(&self, base, count, e);
	if (rc == 0) {
		floor_set(c, &self);
		compare_warn_floor(c, &self);
	}
	compare_free(&self);
	free(base);
	return rc;
}

long
compare_floor_row(const struct compare *c)
{
	double largest = 0, size;
	long found = -1;
	size_t k;

	for (k = 0; k < c->nrows; k++) {
		size = floor_size(c->rows[k].outcomes[1].change);
		if (!(size > largest))
			continue;
		largest = size;
		found = (long)k;
	}
	return found;
}
