/* SPDX-License-Identifier: BSD-2-Clause */
/* What stands at the end of a report: remarks, units, method, the way back. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "present/compare_rounds.h"
#include "present/names.h"
#include "report/report_parts.h"
#include "report/report_words.h"

/* Sentences of one record; a long list is cut. */
#define NOTES_MAX 100

static size_t
notes_sentences(struct report *r, const struct results *of)
{
	size_t i, n = 0;
	char *text;

	for (i = 0; i < of->nrows; i++) {
		if (i > 0 && of->rows[i].cell == of->rows[i - 1].cell)
			continue;
		text = results_sentence(&of->rows[i]);
		if (text != NULL && n++ < NOTES_MAX)
			report_item(&r->doc, REPORT_WARN, "%s", text);
		free(text);
	}
	for (i = 0; i < of->nnotes && n++ < NOTES_MAX; i++)
		report_item(&r->doc, REPORT_PLAIN, "%s", of->notes[i]);
	return n;
}

static void
notes_record(struct report *r, const struct results *of)
{
	size_t i;

	report_heading(&r->doc, 4, NULL, "%s", of->file);
	if (notes_sentences(r, of) == 0 && of->nlog == 0)
		report_say(&r->doc, REPORT_PLAIN, "Nothing to remark: all "
		    "launches ended well.");
	for (i = 0; i < of->nlog && i < NOTES_MAX; i++)
		report_item(&r->doc, REPORT_WARN, "The kernel's log: %s",
		    of->log[i]);
}

/* Each metric once. */
static void
notes_units(struct report *r)
{
	struct report_table *t = report_table(&r->doc, "units", "Metrics");
	struct names seen = { 0 };
	size_t i, k, before;

	report_column(t, "metric", false);
	report_column(t, "unit", false);
	report_column(t, "better", false);
	for (i = 0; i < r->nresults; i++) {
		for (k = 0; k < r->results[i].nrows; k++) {
			const struct results_row *row = &r->results[i].rows[k];

			if (!r->source.compare.all && row->detail)
				continue;
			before = seen.count;
			names_add(&seen, row->metric, strlen(row->metric));
			if (seen.count == before)
				continue;
			report_cell(t, row->metric);
			report_cell(t, row->unit);
			report_cell(t, row->better != NULL ? row->better :
			    "neither: it explains");
		}
	}
	names_free(&seen);
}

/* How the labels of boots of a campaign were permuted. */
static void
notes_labels(struct report_doc *d, const struct compare *c, size_t side)
{
	char *words = compare_rounds_words(c, side);

	if (words != NULL)
		report_item(d, REPORT_PLAIN, "%s: %s.", c->sides[side].name,
		    words);
	free(words);
}

static void
notes_method(struct report *r)
{
	const struct compare *c = &r->source.compare;
	struct report_doc *d = &r->doc;
	size_t side;

	report_say(d, REPORT_PLAIN, "k, M and G are thousands, millions and "
	    "thousand millions; KiB, MiB and GiB are powers of 1024. CV is the "
	    "standard deviation divided by the mean.");
	report_heading(d, 3, "method", "Method");
	report_say(d, REPORT_PLAIN, "A launch is one independent execution of "
	    "a cell, which is a workload with its parameters, workers, mode "
	    "and placement; launches of all cells alternate in random order. "
	    "The unit of all statistics is the %s, never the sample.",
	    report_words_unit(c, 1));
	if (c->nsides < 2)
		return;
	report_say(d, REPORT_PLAIN, "Changes are ratios, and means geometric: "
	    "everything is done with logarithms. Intervals are of %s. p.adj is "
	    "adjusted over all points (max-T%s), so that at most %g%% of such "
	    "reports have a false alarm. What matters is a change of %g%% or "
	    "more.", c->family ? "all points together (Bonferroni)" : "each "
	    "point alone", c->overall[1].tried > 0 && c->overall[1].exact ?
	    ", all labellings" : "", c->alpha * 100, c->effect * 100);
	for (side = 1; side < c->nsides; side++)
		notes_labels(d, c, side);
}

/* What the programs were that measured, by the facts of the records. */
static void
notes_tools(struct report *r)
{
	const struct compare *c = &r->source.compare;
	size_t i;

	for (i = 0; i < c->nsides; i++) {
		const struct facts *f = compare_facts(c, i);
		const char *version = facts_value(f, "tool.version");
		const char *digest = facts_value(f, "tool.digest");

		if (version == NULL)
			continue;
		report_item(&r->doc, REPORT_PLAIN, "%s was measured by "
		    "vmstress %s%s%s", c->sides[i].name, version, digest !=
		    NULL ? ", digest " : "", digest != NULL ? digest : "");
	}
}

void
report_part_notes(struct report *r)
{
	size_t i;

	report_heading(&r->doc, 2, "notes", "Notes");
	report_heading(&r->doc, 3, NULL, "Validity and the kernel's log");
	for (i = 0; i < r->nresults; i++)
		if (r->results[i].file != NULL)
			notes_record(r, &r->results[i]);
	report_heading(&r->doc, 3, NULL, "Units");
	notes_units(r);
	notes_method(r);
	report_heading(&r->doc, 3, "reproduce", "How to reproduce this");
	report_say(&r->doc, REPORT_PLAIN, "This report was made by vmstress %s "
	    "from the records, in which every sample is kept:",
	    PACKAGE_VERSION);
	report_code(&r->doc, r->command);
	report_say(&r->doc, REPORT_PLAIN, "vmstress plot writes the figures "
	    "with their data and scripts, vmstress env prints all facts about "
	    "a machine, and vmstress export gives the numbers to other "
	    "programs.");
	notes_tools(r);
}
