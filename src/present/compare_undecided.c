/* SPDX-License-Identifier: BSD-2-Clause */
/* Why points are undecided, and what would decide them. */
#include "config.h"

#include "present/compare_print.h"

#include <math.h>

/* What the undecided points of a side have in common. */
struct undecided {
	bool any;		/* that has ratios */
	bool never;		/* some need more than are reasonable */
	bool more;		/* or more than there are */
	size_t needed;
	double seen;
};

static struct undecided
undecided_points(const struct compare *c, size_t side)
{
	struct undecided u = { .seen = 0 };
	size_t i, n;

	for (i = 0; i < c->nrows; i++) {
		const struct compare_row *row = &c->rows[i];
		const struct compare_outcome *o = &row->outcomes[side];

		if (o->verdict != COMPARE_UNDECIDED || row->values[0].bad ||
		    row->values[side].bad)
			continue;
		n = row->values[0].n < row->values[side].n ?
		    row->values[0].n : row->values[side].n;
		n = o->rounds > 0 ? o->rounds : n;
		u.any = true;
		u.seen = fmax(u.seen, o->seen);
		u.needed = o->needed > u.needed ? o->needed : u.needed;
		u.never |= o->needed == 0;
		u.more |= o->needed > n;
	}
	return u;
}

/* Could p.adj at all be so small, with so few units and so many sides? */
static bool
undecided_too_few(const struct compare *c, size_t side, FILE *out)
{
	double least = compare_smallest_p(c, side);
	size_t units = compare_units_least(c->alpha, c->nsides);

	if (!(least > c->alpha))
		return false;
	if (units > 0)
		fprintf(out, "~ undecided: with so few %s p.adj is %.2g at "
		    "least, and no change\n  can be proven; %zu %s a side could "
		    "prove one\n", compare_print_unit(c, 2), least, units,
		    compare_print_unit(c, 2));
	else
		fprintf(out, "~ undecided: p.adj cannot be as small as %g "
		    "asks for\n", c->alpha);
	return true;
}

void
compare_print_undecided(const struct compare *c, size_t side, FILE *out)
{
	struct undecided u = undecided_points(c, side);

	if (!u.any) {
		fprintf(out, "~ undecided: a value that is not above 0 has no "
		    "ratio\n");
		return;
	}
	if (undecided_too_few(c, side, out))
		return;
	if (u.seen > 99.99)
		fprintf(out, "~ undecided: changes of more than 9999%% could "
		    "not have been seen;\n");
	else
		fprintf(out, "~ undecided: changes of up to %.0f%% could not "
		    "have been seen;\n", ceil(u.seen * 100));
	if (u.never)
		fprintf(out, "  more than 100 %s a side would be needed to see "
		    "%g%%\n", compare_print_unit(c, 2), c->effect * 100);
	else if (u.more)
		fprintf(out, "  %zu %s a side would see %g%%\n", u.needed,
		    compare_print_unit(c, 2), c->effect * 100);
	else
		fprintf(out, "  %g%% would be seen at a point by itself, p.adj "
		    "asks for more %s\n", c->effect * 100,
		    compare_print_unit(c, 2));
}
