/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernels and machines of a report, and in what they differ. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "report/report_parts.h"
#include "report/report_words.h"

static const char *
machines_text(const char *text)
{
	return text != NULL ? text : "not known";
}

/* The records of a side, in the order in which they were named. */
static char *
machines_records(const struct report *r, size_t side)
{
	struct str b = { 0 };
	size_t i;

	str_add(&b, "");
	for (i = 0; i < r->nresults; i++)
		if (r->source.compare.side_of[i] == side &&
		    r->results[i].file != NULL)
			str_addf(&b, "%s%s", b.len > 0 ? ", " : "",
			    r->results[i].file);
	return b.s;
}

static const struct results *
machines_first(const struct report *r, size_t side)
{
	size_t i;

	for (i = 0; i < r->nresults; i++)
		if (r->source.compare.side_of[i] == side)
			return &r->results[i];
	return &r->results[0];
}

static void
machines_side(struct report *r, struct report_table *t, size_t side)
{
	const struct compare *c = &r->source.compare;
	const struct compare_side *s = &c->sides[side];
	const struct results *first = machines_first(r, side);
	char *records = machines_records(r, side);

	report_cell(t, s->name);
	report_cell(t, machines_text(first->kernel));
	report_cell(t, machines_text(first->machine));
	report_cell(t, machines_text(first->method));
	report_cellf(t, "%zu %s", s->nunits, report_words_unit(c, s->nunits));
	report_cellf(t, "%zu of %zu", s->invalid, s->launches);
	report_cell(t, records);
	free(records);
}

static void
machines_differences(struct report *r, size_t side, bool expected)
{
	const struct compare *c = &r->source.compare;
	struct report_table *t = NULL;
	char *id;
	size_t i;

	for (i = 0; i < c->ndiffers[side]; i++) {
		const struct compare_env *d = &c->differs[side][i];

		if (d->expected != expected)
			continue;
		if (t == NULL) {
			id = mem_printf("%s-%zu", expected ? "differs" :
			    "confounds", side);
			t = report_table(&r->doc, id, expected ?
			    "What is compared: %s against %s" : "Confounds: "
			    "what else differs between %s and %s",
			    c->sides[side].name, c->sides[0].name);
			free(id);
			report_column(t, "fact", false);
			report_column(t, c->sides[0].name, false);
			report_column(t, c->sides[side].name, false);
		}
		report_cell(t, d->key);
		report_cell_tone(t, expected ? REPORT_PLAIN : REPORT_WARN);
		report_cell(t, machines_text(d->base));
		report_cell(t, machines_text(d->new));
	}
}

void
report_part_machines(struct report *r)
{
	const struct compare *c = &r->source.compare;
	struct report_table *t;
	size_t side;

	report_heading(&r->doc, 2, "machines", "Kernels and machines");
	for (side = 1; side < c->nsides; side++)
		machines_differences(r, side, false);
	t = report_table(&r->doc, "sides", "What was measured, and where");
	report_column(t, "name", false);
	report_column(t, "kernel", false);
	report_column(t, "machine", false);
	report_column(t, "method", false);
	report_column(t, "measured", true);
	report_column(t, "not valid", true);
	report_column(t, "records", false);
	for (side = 0; side < c->nsides; side++)
		machines_side(r, t, side);
	for (side = 1; side < c->nsides; side++)
		machines_differences(r, side, true);
}
