/* SPDX-License-Identifier: BSD-2-Clause */
/* How the boots of the sides ended; see compare_boots.h. */
#include "config.h"

#include "present/compare_boots.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "present/campaign_print.h"
#include "present/config_diff.h"

/* Is the side of this kernel?  Names of sides are safe to print. */
static bool
boots_is_of(const struct compare_side *s, const struct campaign_kernel *k)
{
	char *name = str_safe_copy(k->name);
	bool is = strcmp(s->name, name) == 0;

	free(name);
	return is;
}

static void
boots_add(struct compare_side *s, const struct campaign *c, size_t kernel)
{
	struct campaign_print_ends n = campaign_print_ends(c, kernel);

	s->of_campaign = true;
	s->boots_ended += n.boots;
	s->boots_failed += n.failed;
	s->boots_lost += n.lost;
}

void
compare_boots_count(struct compare *c)
{
	size_t i, k, side;

	for (i = 0; i < c->ncampaigns; i++)
		for (k = 0; k < c->campaigns[i].data->nkernels; k++)
			for (side = 0; side < c->nsides; side++)
				if (boots_is_of(&c->sides[side],
				    &c->campaigns[i].data->kernels[k]))
					boots_add(&c->sides[side],
					    c->campaigns[i].data, k);
}

/* Each way once: "panic, hang". */
static void
boots_add_how(struct str *ways, const char *how)
{
	char *safe = str_safe_copy(how);

	if (strstr(str_text(ways), safe) == NULL)
		str_addf(ways, "%s%s", ways->len > 0 ? ", " : "", safe);
	free(safe);
}

static void
boots_ways(struct str *ways, const struct compare_side *s,
    const struct campaign *c)
{
	size_t i;

	for (i = 0; i < c->nboots; i++) {
		const struct campaign_boot *b = &c->boots[i];

		if (b->state == CAMPAIGN_LOST && b->how != NULL &&
		    boots_is_of(s, &c->kernels[b->kernel]))
			boots_add_how(ways, b->how);
	}
}

char *
compare_boots_why(const struct compare *c, size_t side)
{
	const struct compare_side *s = &c->sides[side];
	struct str why = { 0 }, ways = { 0 };
	size_t i;

	if (!s->of_campaign)
		return NULL;
	if (s->boots_ended == 0) {
		str_add(&why, "none of its boots has ended");
		return why.s;
	}
	for (i = 0; i < c->ncampaigns; i++)
		boots_ways(&ways, s, c->campaigns[i].data);
	if (s->boots_lost > 0)
		str_addf(&why, "lost in %zu of %zu boots%s%s%s", s->boots_lost,
		    s->boots_ended, ways.len > 0 ? " (" : "", str_text(&ways),
		    ways.len > 0 ? ")" : "");
	if (s->boots_failed > 0)
		str_addf(&why, "%sfailed in %zu of %zu boots", why.len > 0 ?
		    ", " : "", s->boots_failed, s->boots_ended);
	str_free(&ways);
	return why.s;
}

void
compare_boots_print(const struct compare *c, FILE *out)
{
	size_t i;

	for (i = 0; i < c->ncampaigns; i++) {
		campaign_print_text(c->campaigns[i].data,
		    c->campaigns[i].folder, out);
		fputc('\n', out);
	}
}

/* By blanks, since no line of a console ends such a block. */
/* Lines that are shown; the file has all of them. */
#define BOOTS_CONFIG_LINES 12

void
compare_boots_print_configs(const struct compare *c, size_t side, FILE *out)
{
	struct config_diff d;
	size_t i, k;

	for (i = 0; i < c->ncampaigns; i++) {
		if (config_diff_read(&d, c->campaigns[i].folder,
		    c->sides[0].name, c->sides[side].name) && d.count > 0) {
			fprintf(out, "  configuration: %zu option%s, %s\n",
			    d.count, d.count == 1 ? "" : "s", d.path);
			for (k = 0; k < d.kept && k < BOOTS_CONFIG_LINES; k++)
				fprintf(out, "    %s\n", d.lines[k]);
		}
		config_diff_free(&d);
	}
}

void
compare_boots_markdown(const struct compare *c, FILE *out)
{
	char *text = NULL, *rest, *line;
	size_t len;
	FILE *in = open_memstream(&text, &len);

	if (in == NULL)
		return;
	compare_boots_print(c, in);
	fclose(in);
	for (rest = text; (line = strsep(&rest, "\n")) != NULL && rest != NULL;)
		fprintf(out, "%s%s\n", line[0] != '\0' ? "    " : "", line);
	free(text);
}

void
compare_boots_json(const struct compare *c, struct json_line *j)
{
	size_t i;

	if (c->ncampaigns == 0)
		return;
	json_line_list(j, "boots");
	for (i = 0; i < c->ncampaigns; i++)
		campaign_print_json(c->campaigns[i].data,
		    c->campaigns[i].folder, j);
}
