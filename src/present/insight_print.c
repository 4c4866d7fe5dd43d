/* SPDX-License-Identifier: BSD-2-Clause */
/* What observers saw, as text: headings and what all tables share. */
#include "config.h"

#include "present/insight_print.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "present/results_about.h"

static const struct {
	unsigned wanted;
	const char *missing;
} insight_sections[] = {
	{ INSIGHT_COUNTERS, "no events were counted in this record" },
	{ INSIGHT_STATISTICS, "no statistics of the kernel in this record" },
	{ INSIGHT_PROFILE, "no profile in this record" },
};

#define INSIGHT_SECTIONS \
	(sizeof(insight_sections) / sizeof(insight_sections[0]))

void
insight_print_safe(FILE *out, const char *text)
{
	struct str safe = { 0 };

	str_add_safe(&safe, text);
	fputs(str_text(&safe), out);
	str_free(&safe);
}

void
insight_print_percent(struct str *b, double share)
{
	if (!isnan(share))
		str_addf(b, "%.1f%%", share * 100);
}

char *
insight_print_cell(const struct gather_cell *c)
{
	struct str b = { 0 };
	size_t i;

	str_add(&b, c->workload);
	for (i = 0; i < c->nparams; i++)
		str_addf(&b, " %s=%s", c->params[i].name, c->params[i].text);
	return b.s;
}

bool
insight_print_has(const struct insight_part *p, unsigned wanted)
{
	switch (wanted) {
	case INSIGHT_COUNTERS:
		return insight_has(p, INSIGHT_COUNTER);
	case INSIGHT_STATISTICS:
		return insight_has(p, INSIGHT_KSTAT) ||
		    insight_has(p, INSIGHT_SOURCE) ||
		    insight_has(p, INSIGHT_SLAB) ||
		    insight_has(p, INSIGHT_USAGE);
	default:
		return p->event != NULL || insight_has(p, INSIGHT_STACK);
	}
}

/* ---- headings --------------------------------------------------------- */

static void
print_with(FILE *out, const char *before, const char *text)
{
	if (text == NULL)
		return;
	fputs(before, out);
	insight_print_safe(out, text);
}

static void
print_about(const struct insight *in, FILE *out)
{
	struct results about;

	memset(&about, 0, sizeof(about));
	results_about(&about, &in->base);
	print_with(out, "", in->file);
	print_with(out, ": ", about.name);
	print_with(out, ", label ", about.label);
	putc('\n', out);
	print_with(out, "", about.kernel);
	print_with(out, about.kernel != NULL ? " on " : "", about.machine);
	if (about.kernel != NULL || about.machine != NULL)
		putc('\n', out);
	results_free(&about);
}

static void
print_part_heading(const struct gather_cell *g, const struct insight_cell *c,
    const struct insight_part *p, FILE *out)
{
	char *name = insight_print_cell(g);

	fprintf(out, "\ncell %d: ", g->id);
	insight_print_safe(out, name);
	fprintf(out, ", %s mode, %d worker%s", g->mode, g->workers,
	    g->workers == 1 ? "" : "s");
	print_with(out, ", pin ", g->pin);
	print_with(out, ", phase ", p->phase);
	if (c->counted_only > 0)
		fprintf(out, " (of %d launches %d counted only)", c->launches,
		    c->counted_only);
	putc('\n', out);
	free(name);
}

/* ---- the whole -------------------------------------------------------- */

static void
print_section(const struct insight_cell *c, const struct insight_part *p,
    unsigned section, FILE *out, bool wide)
{
	if (section == INSIGHT_COUNTERS)
		counters_print(c, p, out, wide);
	else if (section == INSIGHT_STATISTICS)
		statistics_print(p, out, wide);
	else
		profile_print(p, out, wide);
}

/* What there is of the wanted sections; the bits of those that were printed. */
static unsigned
print_part(const struct gather_cell *g, const struct insight_cell *c,
    const struct insight_part *p, unsigned wanted, FILE *out, bool wide)
{
	unsigned section, done = 0;
	size_t i;

	for (i = 0; i < INSIGHT_SECTIONS; i++) {
		section = insight_sections[i].wanted;
		if ((wanted & section) == 0 || !insight_print_has(p, section))
			continue;
		if (done == 0)
			print_part_heading(g, c, p, out);
		print_section(c, p, section, out, wide);
		done |= section;
	}
	return done;
}

void
insight_print_text(const struct insight *in, unsigned wanted, FILE *out,
    bool wide)
{
	unsigned done = 0;
	size_t i, k;

	print_about(in, out);
	for (i = 0; i < in->ncells; i++)
		for (k = 0; k < in->cells[i].nparts; k++)
			done |= print_part(&in->base.cells[i], &in->cells[i],
			    &in->cells[i].parts[k], wanted, out, wide);
	for (i = 0; i < INSIGHT_SECTIONS; i++)
		if ((wanted & ~done & insight_sections[i].wanted) != 0)
			fprintf(out, "\n%s\n", insight_sections[i].missing);
}
