/* SPDX-License-Identifier: BSD-2-Clause */
/* The boots of campaigns in a report: how they ended, and under what. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "present/campaign_print.h"
#include "present/config_diff.h"
#include "report/report_parts.h"

/* Boots that did not end well, of one campaign. */
#define BOOTS_LISTED 50

/* ---- how they ended -------------------------------------------------------- */

static void
boots_number(struct report_table *t, size_t n, enum report_tone tone)
{
	char text[32];

	snprintf(text, sizeof(text), "%zu", n);
	report_number(t, (double)n, text);
	if (n > 0)
		report_cell_tone(t, tone);
}

static void
boots_table(struct report *r, size_t which)
{
	const struct campaign *c = r->source.compare.campaigns[which].data;
	char *id = mem_printf("boots-%zu", which + 1);
	struct report_table *t = report_table(&r->doc, id, "How the boots "
	    "ended, of %d planned for each kernel", c->settings.boots);
	size_t i;

	free(id);
	report_column(t, "kernel", false);
	report_column(t, "version", false);
	report_column(t, "runner", false);
	report_column(t, "more arguments", false);
	report_column(t, "boots", true);
	report_column(t, "result", true);
	report_column(t, "failed", true);
	report_column(t, "lost", true);
	for (i = 0; i < c->nkernels; i++) {
		const struct campaign_kernel *k = &c->kernels[i];
		struct campaign_print_ends n = campaign_print_ends(c, i);

		report_cell(t, k->name);
		report_cell(t, k->version != NULL ? k->version : "not known");
		report_cell(t, k->runner != NULL ? k->runner : "none");
		report_cell(t, k->append != NULL ? k->append : "");
		boots_number(t, n.boots, REPORT_PLAIN);
		boots_number(t, n.results, REPORT_PLAIN);
		boots_number(t, n.failed, REPORT_WARN);
		boots_number(t, n.lost, REPORT_WORSE);
	}
}

static void
boots_tail(struct report *r, const struct campaign_boot *b)
{
	size_t i = b->ntail > CAMPAIGN_PRINT_TAIL ?
	    b->ntail - CAMPAIGN_PRINT_TAIL : 0;
	struct str lines = { 0 };
	char *line;

	for (; i < b->ntail; i++) {
		line = campaign_print_line(b->tail[i]);
		str_addf(&lines, "%s%s", lines.len > 0 ? "\n" : "", line);
		free(line);
	}
	if (lines.len > 0)
		report_code(&r->doc, str_text(&lines));
	str_free(&lines);
}

static void
boots_ends(struct report *r, const struct compare_campaign *of)
{
	const struct campaign *c = of->data;
	size_t i, n = 0, none = campaign_print_void(c);
	char *text, *path;

	for (i = 0; i < c->nboots; i++) {
		const struct campaign_boot *b = &c->boots[i];

		if (!campaign_counts(b) || b->state == CAMPAIGN_RESULT ||
		    n++ >= BOOTS_LISTED)
			continue;
		text = campaign_print_end(c, b);
		path = campaign_log(of->folder, b);
		/* No item of a list, of which Markdown takes code as a part. */
		report_say(&r->doc, b->state == CAMPAIGN_LOST ? REPORT_WORSE :
		    REPORT_WARN, "%s%s%s%s", text, path != NULL ? " (log: " :
		    "", path != NULL ? path : "", path != NULL ? ")" : "");
		free(text);
		free(path);
		boots_tail(r, b);
	}
	if (n > BOOTS_LISTED)
		report_say(&r->doc, REPORT_PLAIN, "And %zu more did not end "
		    "well.", n - BOOTS_LISTED);
	if (none > 0)
		report_say(&r->doc, REPORT_PLAIN, "%zu boot%s cut short or "
		    "interrupted and do%s not count.", none, none == 1 ?
		    " was" : "s were", none == 1 ? "es" : "");
}

/* ---- conditions ------------------------------------------------------------- */

/*
 * What all records of the campaign say of it; NULL: none says anything.  `same`
 * is whether they agree.
 */
static const char *
boots_fact(const struct compare *c, const char *id, const char *key,
    bool *same)
{
	const char *value, *first = NULL, *campaign;
	size_t side, run;

	*same = true;
	for (side = 0; side < c->nsides; side++)
		for (run = 0; run < c->sides[side].nruns; run++) {
			const struct facts *f = &c->sides[side].runs[run].facts;

			campaign = facts_value(f, "boot.campaign");
			value = facts_value(f, key);
			if (campaign == NULL || strcmp(campaign, id) != 0 ||
			    value == NULL)
				continue;
			*same &= first == NULL || strcmp(first, value) == 0;
			first = first != NULL ? first : value;
		}
	return first;
}

static void
boots_conditions(struct report *r, size_t which)
{
	static const struct {
		const char *key, *words, *unit;
	} rows[] = {
		{ "boot.runner", "runner", "" },
		{ "boot.runner_version", "its version", "" },
		{ "boot.accelerator", "accelerator", "" },
		{ "boot.cpus", "processors", "" },
		{ "boot.memory_bytes", "memory", " bytes" },
		{ "boot.pinning", "processors are bound to", "" },
		{ "boot.backing", "memory comes from", "" },
		{ "boot.host_kernel", "kernel of the host", "" },
		{ "boot.host_cpu", "processor of the host", "" },
	};
	const struct compare *c = &r->source.compare;
	const struct campaign_settings *s = &c->campaigns[which].data->settings;
	char *id = mem_printf("conditions-%zu", which + 1);
	struct report_table *t = NULL;
	const char *value;
	bool same;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		value = boots_fact(c, s->id, rows[i].key, &same);
		if (value == NULL)
			continue;
		if (t == NULL) {
			t = report_table(&r->doc, id, "Conditions of all "
			    "boots");
			report_column(t, "condition", false);
			report_column(t, "is", false);
		}
		report_cell(t, rows[i].words);
		if (same)
			report_cellf(t, "%s%s", value, rows[i].unit);
		else
			report_cell(t, "not the same in all boots");
		report_cell_tone(t, same ? REPORT_PLAIN : REPORT_WARN);
	}
	free(id);
}

/* ---- configurations ---------------------------------------------------------- */

static void
boots_config(struct report *r, const char *base, const char *name,
    const struct config_diff *d)
{
	struct str lines = { 0 };
	size_t i;

	if (d->count == 0) {
		report_say(&r->doc, REPORT_PLAIN, "%s is configured as %s.",
		    name, base);
		return;
	}
	report_say(&r->doc, REPORT_PLAIN, "%s is configured differently from "
	    "%s in %zu option%s%s (%s):", name, base, d->count, d->count == 1 ?
	    "" : "s", d->count > d->kept ? ", of which the first are shown" :
	    "", d->path);
	for (i = 0; i < d->kept; i++)
		str_addf(&lines, "%s%s", i > 0 ? "\n" : "", d->lines[i]);
	report_code(&r->doc, str_text(&lines));
	str_free(&lines);
}

static void
boots_configs(struct report *r, const struct compare_campaign *of)
{
	const struct campaign *c = of->data;
	struct config_diff d;
	size_t i;

	for (i = 1; i < c->nkernels; i++) {
		if (config_diff_read(&d, of->folder, c->kernels[0].name,
		    c->kernels[i].name))
			boots_config(r, c->kernels[0].name, c->kernels[i].name,
			    &d);
		config_diff_free(&d);
	}
}

void
report_part_boots(struct report *r)
{
	const struct compare *c = &r->source.compare;
	size_t i;

	if (c->ncampaigns == 0)
		return;
	report_heading(&r->doc, 2, "boots", "Boots");
	for (i = 0; i < c->ncampaigns; i++) {
		const struct compare_campaign *of = &c->campaigns[i];

		report_heading(&r->doc, 3, NULL, "%s: %s, order %s",
		    of->folder, of->data->settings.config,
		    of->data->settings.order);
		boots_table(r, i);
		boots_ends(r, of);
		boots_conditions(r, i);
		boots_configs(r, of);
	}
}
