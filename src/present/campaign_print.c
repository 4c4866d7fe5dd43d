/* SPDX-License-Identifier: BSD-2-Clause */
/* How the boots of a campaign ended; see campaign_print.h. */
#include "config.h"

#include "present/campaign_print.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/str.h"
#include "present/table.h"
#include "present/wrap.h"

#define CAMPAIGN_PRINT_LINE 120	/* bytes of a line of a console */

struct campaign_print_ends
campaign_print_ends(const struct campaign *c, size_t kernel)
{
	struct campaign_print_ends n = { 0 };
	size_t i;

	for (i = 0; i < c->nboots; i++) {
		const struct campaign_boot *b = &c->boots[i];

		if ((size_t)b->kernel != kernel || !campaign_counts(b))
			continue;
		n.boots++;
		n.results += b->state == CAMPAIGN_RESULT;
		n.failed += b->state == CAMPAIGN_FAILED;
		n.lost += b->state == CAMPAIGN_LOST;
	}
	return n;
}

size_t
campaign_print_void(const struct campaign *c)
{
	size_t i, n = 0;

	for (i = 0; i < c->nboots; i++)
		n += !campaign_counts(&c->boots[i]);
	return n;
}

char *
campaign_print_line(const char *line)
{
	char *safe = str_safe_copy(line), *cut;
	size_t len = str_cut(safe, CAMPAIGN_PRINT_LINE);

	cut = mem_printf("%.*s%s", (int)len, safe, safe[len] != '\0' ? "..." :
	    "");
	free(safe);
	return cut;
}

char *
campaign_print_end(const struct campaign *c, const struct campaign_boot *b)
{
	struct str s = { 0 };

	str_add_safe(&s, c->kernels[b->kernel].name);
	str_addf(&s, ", round %d: %s", b->round, campaign_counts(b) ?
	    campaign_state_name(b->state) : "does not count");
	if (b->how != NULL) {
		str_add(&s, " (");
		str_add_safe(&s, b->how);
		str_add(&s, ")");
	}
	if (b->reason != NULL) {
		str_add(&s, ": ");
		str_add_safe(&s, b->reason);
	}
	return s.s;
}

/* ---- text ------------------------------------------------------------------ */

static void
campaign_print_table(const struct campaign *c, FILE *out)
{
	struct table *t = table_new();
	size_t i;

	table_column(t, "kernel", false);
	table_column(t, "boots", true);
	table_column(t, "result", true);
	table_column(t, "failed", true);
	table_column(t, "lost", true);
	for (i = 0; i < c->nkernels; i++) {
		struct campaign_print_ends n = campaign_print_ends(c, i);

		table_cell(t, c->kernels[i].name);
		if (n.boots == (size_t)c->settings.boots)
			table_cellf(t, "%zu", n.boots);
		else
			table_cellf(t, "%zu of %d", n.boots,
			    c->settings.boots);
		table_cellf(t, "%zu", n.results);
		table_cellf(t, "%zu", n.failed);
		table_cellf(t, "%zu", n.lost);
	}
	table_print(t, out);
	table_free(t);
}

static void
campaign_print_boot(const struct campaign *c, const char *folder,
    const struct campaign_boot *b, FILE *out)
{
	char *text = campaign_print_end(c, b), *path, *safe;
	size_t i = b->ntail > CAMPAIGN_PRINT_TAIL ?
	    b->ntail - CAMPAIGN_PRINT_TAIL : 0;

	wrap_print("", text, out);
	free(text);
	for (; i < b->ntail; i++) {
		text = campaign_print_line(b->tail[i]);
		fprintf(out, "    %s\n", text);
		free(text);
	}
	path = campaign_log(folder, b);
	if (path == NULL)
		return;
	safe = str_safe_copy(path);
	fprintf(out, "  log: %s\n", safe);
	free(path);
	free(safe);
}

void
campaign_print_text(const struct campaign *c, const char *folder, FILE *out)
{
	char *safe = str_safe_copy(folder), *config = str_safe_copy(
	    c->settings.config);
	size_t i, n = campaign_print_void(c);

	fprintf(out, "boots of the campaign %s: %s, %d round%s\n", safe, config,
	    c->settings.boots, c->settings.boots == 1 ? "" : "s");
	free(safe);
	free(config);
	campaign_print_table(c, out);
	for (i = 0; i < c->nboots; i++)
		if (campaign_counts(&c->boots[i]) &&
		    c->boots[i].state != CAMPAIGN_RESULT)
			campaign_print_boot(c, folder, &c->boots[i], out);
	if (n > 0)
		fprintf(out, "%zu boot%s cut short or interrupted and do%s not count\n", n,
		    n == 1 ? " was" : "s were", n == 1 ? "es" : "");
}

/* ---- JSON ------------------------------------------------------------------ */

static struct json_line *
campaign_print_json_boot(const struct campaign *c, const char *folder,
    const struct campaign_boot *b)
{
	struct json_line *j = json_line_new();
	size_t i;

	json_line_text(j, "folder", folder);
	json_line_text(j, "campaign", c->settings.id);
	json_line_text(j, "kernel", c->kernels[b->kernel].name);
	json_line_int(j, "boot", b->number);
	json_line_int(j, "attempt", b->attempt);
	json_line_int(j, "round", b->round);
	json_line_int(j, "position", b->position);
	json_line_text(j, "started", b->started);
	json_line_text(j, "state", campaign_state_name(b->state));
	json_line_bool(j, "counts", campaign_counts(b));
	json_line_text(j, "how", b->how);
	json_line_text(j, "reason", b->reason);
	json_line_list(j, "tail");
	for (i = 0; i < b->ntail; i++)
		json_line_append_text(j, "tail", b->tail[i]);
	json_line_text(j, "record", b->record);
	json_line_text(j, "log", b->log);
	if (b->elapsed_ns > 0)
		json_line_u64(j, "elapsed_ns", b->elapsed_ns);
	else
		json_line_null(j, "elapsed_ns");
	return j;
}

void
campaign_print_json(const struct campaign *c, const char *folder,
    struct json_line *j)
{
	size_t i;

	for (i = 0; i < c->nboots; i++)
		json_line_append(j, "boots", campaign_print_json_boot(c,
		    folder, &c->boots[i]));
}
