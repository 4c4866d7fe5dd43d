/* SPDX-License-Identifier: BSD-2-Clause */
/* A comparison as comma-separated values: a row for each point and side. */
#include "config.h"

#include "present/compare_print.h"

#include "present/csv.h"

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
