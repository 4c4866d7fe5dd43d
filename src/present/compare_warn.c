/* SPDX-License-Identifier: BSD-2-Clause */
/* What must be said before any number is read; see compare_warn.h. */
#include "config.h"

#include "present/compare_warn.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "present/compare_boots.h"
#include "present/names.h"

/* Takes over the text. */
static void
warn_add(struct compare *c, bool refuse, char *text)
{
	c->warnings = mem_array(c->warnings, c->nwarnings + 1,
	    sizeof(*c->warnings));
	c->warnings[c->nwarnings++] = (struct compare_warning){
		.text = str_safe_copy(text), .refuse = refuse,
	};
	free(text);
}

/* ---- kinds of machine ----------------------------------------------------- */

#define WARN_VM "a virtual machine"
#define WARN_EMULATED "an emulated machine (TCG)"

/* A new string; NULL: the record does not tell. */
static char *
warn_machine(const struct facts *f)
{
	const char *vendor = facts_value(f, "machine.cpu_vendor");
	const char *name = facts_value(f, "vm.hypervisor_name");
	const char *flag = facts_value(f, "vm.hypervisor_flag");
	const char *guest = facts_value(f, "vm.guest");
	const char *runner = facts_value(f, "boot.runner");
	const char *accelerator = facts_value(f, "boot.accelerator");

	/* The host knows what it has booted. */
	if (runner != NULL && strcmp(runner, "uml") == 0)
		return mem_strdup("user-mode Linux");
	if (vendor != NULL && strcmp(vendor, "User Mode Linux") == 0)
		return mem_strdup("user-mode Linux");
	if (facts_emulated(f))
		return mem_strdup(WARN_EMULATED);
	if (name != NULL)
		return mem_printf(WARN_VM " (%s)", name);
	if (accelerator != NULL ||
	    (flag != NULL && strcmp(flag, "yes") == 0) ||
	    (guest != NULL && strcmp(guest, "none") != 0) ||
	    facts_value(f, "vm.hypervisor") != NULL)
		return mem_strdup(WARN_VM);
	if (flag != NULL || guest != NULL)
		return mem_strdup("bare metal");
	return NULL;
}

/* A virtual machine of which nothing is known may be any of them. */
static bool
warn_other_machine(const char *a, const char *b)
{
	bool virtual = strncmp(a, WARN_VM, strlen(WARN_VM)) == 0 &&
	    strncmp(b, WARN_VM, strlen(WARN_VM)) == 0;

	return strcmp(a, b) != 0 && !(virtual && (strcmp(a, WARN_VM) == 0 ||
	    strcmp(b, WARN_VM) == 0));
}

static void
warn_machines(struct compare *c, size_t side)
{
	char *base = warn_machine(compare_facts(c, 0));
	char *new = warn_machine(compare_facts(c, side));

	if (base != NULL && new != NULL && warn_other_machine(base, new))
		warn_add(c, true, mem_printf("%s ran on %s, %s on %s",
		    c->sides[0].name, base, c->sides[side].name, new));
	free(base);
	free(new);
}

/* Were all records made by an emulator? */
static bool
warn_all_emulated(const struct compare *c)
{
	size_t side, run, n = 0;
	char *machine;
	bool is;

	for (side = 0; side < c->nsides; side++)
		for (run = 0; run < c->sides[side].nruns; run++) {
			machine = warn_machine(
			    &c->sides[side].runs[run].facts);
			is = machine != NULL && strcmp(machine,
			    WARN_EMULATED) == 0;
			free(machine);
			if (!is)
				return false;
			n++;
		}
	return n > 0;
}

/* ---- builds ------------------------------------------------------------------ */

#define WARN_TOOL "tool."
#define WARN_PLUGIN "tool.plugin_"

/*
 * Equal programs have no more to say; of programs without a digest the version
 * is what is known.
 */
static void
warn_build(struct compare *c, size_t side)
{
	const struct facts *base = compare_facts(c, 0);
	const struct facts *new = compare_facts(c, side);
	bool digests = facts_value(base, WARN_TOOL "digest") != NULL &&
	    facts_value(new, WARN_TOOL "digest") != NULL;
	const char *key = digests ? WARN_TOOL "digest" : WARN_TOOL "version";
	const char *a = facts_value(base, key), *b = facts_value(new, key);

	if (a != NULL && b != NULL && strcmp(a, b) != 0)
		warn_add(c, false, mem_printf("%s and %s were measured by "
		    "different builds of vmstress: %s %s, %s", c->sides[0].name,
		    c->sides[side].name, key + strlen(WARN_TOOL), a, b));
}

static void
warn_plugins(struct compare *c, size_t side)
{
	const struct facts *base = compare_facts(c, 0);
	const struct facts *new = compare_facts(c, side);
	size_t i;

	for (i = 0; i < base->count; i++) {
		const char *key = base->list[i].key;
		const char *other = facts_value(new, key);

		if (strncmp(key, WARN_PLUGIN, strlen(WARN_PLUGIN)) != 0 ||
		    other == NULL || strcmp(base->list[i].value, other) == 0)
			continue;
		warn_add(c, false, mem_printf("%s and %s were measured with "
		    "different builds of the plug-in %s", c->sides[0].name,
		    c->sides[side].name, key + strlen(WARN_PLUGIN)));
	}
}

/* ---- workloads ------------------------------------------------------------------ */

static bool
warn_has_values(const struct compare_row *row, size_t side)
{
	return row->values[side].n > 0 || row->values[side].failed > 0;
}

/* "zfod" of "zfod/1". */
static bool
warn_same_name(const char *a, const char *b)
{
	size_t len = strcspn(a, "/");

	return strncmp(a, b, len) == 0 && (b[len] == '/' || b[len] == '\0');
}

/* The workloads of a comparison and which of two sides have them. */
struct warn_workloads {
	struct names names;
	struct warn_there {
		bool base, new;
	} *there;
	size_t cap;
};

static void
warn_workloads(struct warn_workloads *w, const struct compare *c, size_t side)
{
	size_t i, at, count;

	for (i = 0; i < c->nrows; i++) {
		const struct compare_row *row = &c->rows[i];

		count = w->names.count;
		at = names_add(&w->names, row->workload, strlen(row->workload));
		if (at == count) {
			w->there = mem_grow(w->there, count, &w->cap,
			    sizeof(*w->there));
			w->there[at] = (struct warn_there){ false, false };
		}
		w->there[at].base |= warn_has_values(row, 0);
		w->there[at].new |= warn_has_values(row, side);
	}
}

/* A workload that only the base has, and another version of it. */
static void
warn_versions(struct compare *c, size_t side)
{
	struct warn_workloads w = { 0 };
	size_t i, k;

	warn_workloads(&w, c, side);
	for (i = 0; i < w.names.count; i++) {
		if (!w.there[i].base || w.there[i].new)
			continue;
		for (k = 0; k < w.names.count; k++)
			if (w.there[k].new && k != i && warn_same_name(
			    w.names.text[i], w.names.text[k]))
				warn_add(c, false, mem_printf("%s has %s, %s has "
				    "%s: another version measures something "
				    "else and is not matched", c->sides[0].name,
				    w.names.text[i], c->sides[side].name,
				    w.names.text[k]));
	}
	names_free(&w.names);
	free(w.there);
}

/* ---- one side ------------------------------------------------------------------- */

/* The first thing in which a record differs from the first of its side. */
static void
warn_mixture(struct compare *c, size_t side)
{
	const struct compare_side *s = &c->sides[side];
	struct compare_env *list;
	size_t i, n;

	for (i = 1; i < s->nruns; i++) {
		list = compare_env_differences(&s->runs[0].facts,
		    &s->runs[i].facts, &n);
		if (n > 0)
			warn_add(c, false, mem_printf("the records of %s are "
			    "not of one kernel and machine: %s is '%s' in one, "
			    "'%s' in another", s->name, list[0].key,
			    list[0].base != NULL ? list[0].base : "(not known)",
			    list[0].new != NULL ? list[0].new : "(not known)"));
		free(list);
		if (n > 0)
			return;
	}
}

/* ---- what does not count -------------------------------------------------------- */

/* Launches of a record that were planned and have no end. */
static size_t
warn_unfinished(const struct gather *g, size_t *planned)
{
	size_t i, k, ended = 0;

	*planned = 0;
	for (i = 0; i < g->ncells; i++) {
		const struct gather_cell *cell = &g->cells[i];

		if (cell->id < 0)
			continue;
		*planned += (size_t)cell->planned;
		for (k = 0; k < cell->nlaunches; k++)
			ended += cell->launches[k].launch < cell->planned &&
			    cell->launches[k].status != GATHER_INTERRUPTED;
	}
	return *planned - ended;
}

static void
warn_cut(struct compare *c, const struct gather *g)
{
	size_t planned, lost = warn_unfinished(g, &planned);
	char *torn;

	if (lost == 0 && g->torn_line == 0)
		return;
	torn = g->torn_line > 0 ? mem_printf("its last line, %lu, has no end "
	    "and is left out; ", g->torn_line) : mem_strdup("");
	if (lost == 0)
		warn_add(c, false, mem_printf("%s is cut off: %sall its "
		    "launches are there", g->path, torn));
	else
		warn_add(c, false, mem_printf("%s is not complete: %s%zu of %zu "
		    "launches have not ended%s", g->path, torn, lost, planned,
		    facts_value(&g->facts, "boot.campaign") != NULL ? "" :
		    " (`vmstress run --resume` goes on)"));
	free(torn);
}

/* Points of a side of which some value does not count, and the first. */
struct warn_points {
	const struct compare_row *first;
	size_t count;
};

static void
warn_point(struct warn_points *p, const struct compare_row *row)
{
	if (p->count++ == 0)
		p->first = row;
}

static void
warn_some(struct compare *c, const char *name, const struct warn_points *p,
    const char *what)
{
	char *more = p->count > 1 ? mem_printf(" and %zu other points",
	    p->count - 1) : mem_strdup("");

	if (p->count > 0)
		warn_add(c, false, mem_printf("%s has %s at %s %s%s%s x%d%s",
		    name, what, p->first->workload, p->first->metric,
		    p->first->params_all[0] != '\0' ? " " : "",
		    p->first->params_all, p->first->workers, more));
	free(more);
}

/* Of what workloads are known for. */
static void
warn_values(struct compare *c, size_t side)
{
	struct warn_points absent = { 0 }, bad = { 0 };
	size_t i;

	for (i = 0; i < c->nrows; i++) {
		const struct compare_row *row = &c->rows[i];

		if (row->headline && row->values[side].absent > 0)
			warn_point(&absent, row);
		if (row->headline && row->values[side].bad)
			warn_point(&bad, row);
	}
	warn_some(c, c->sides[side].name, &absent, "launches that ended well, "
	    "but without a value,");
	warn_some(c, c->sides[side].name, &bad, "values that are not above 0, "
	    "which have no ratio and are not judged,");
}

static bool
warn_said(const struct compare *c, const char *text)
{
	size_t i;

	for (i = 0; i < c->nwarnings; i++)
		if (strcmp(c->warnings[i].text, text) == 0)
			return true;
	return false;
}

/* That a kernel was lost is a result, and no reason to refuse the others. */
static void
warn_no_result(struct compare *c, size_t side)
{
	const struct compare_side *s = &c->sides[side];
	char *why = compare_boots_why(c, side), *text;

	if (why != NULL)
		text = mem_printf("%s: no result: %s", s->name, why);
	else
		text = mem_printf("%s (%s) has no result: none of its launches "
		    "gave a number", s->name, s->nruns > 0 ? s->runs[0].path :
		    "no record");
	if (why != NULL && warn_said(c, text))
		free(text);
	else
		warn_add(c, why == NULL, text);
	free(why);
}

/* Is there anything at all to tell about a side? */
static void
warn_nothing(struct compare *c, size_t side)
{
	bool any[2] = { false, false };
	size_t i;

	for (i = 0; i < c->nrows; i++) {
		const struct compare_row *row = &c->rows[i];
		bool base = row->values[0].n > 0 || row->values[0].bad;
		bool new = row->values[side].n > 0 || row->values[side].bad;

		if ((base && new) ||
		    row->outcomes[side].verdict == COMPARE_FAILED)
			return;
		any[0] |= base;
		any[1] |= new;
	}
	for (i = 0; i < 2; i++)
		if (!any[i])
			warn_no_result(c, i == 0 ? 0 : side);
	if (any[0] && any[1])
		warn_add(c, true, mem_printf("%s and %s have no point in common: "
		    "their workloads, parameters, workers, modes or places are "
		    "others", c->sides[0].name, c->sides[side].name));
}

/* ---- the floor ------------------------------------------------------------------ */

/*
 * What must be said of the base against itself, which nobody sees: that it is
 * not itself, for another kernel makes a floor that hides regressions.
 */
void
compare_warn_floor(struct compare *c, const struct compare *self)
{
	const struct compare_env *d = self->differs[1];
	size_t i;

	for (i = 0; i < self->nwarnings; i++)
		if (!warn_said(c, self->warnings[i].text))
			warn_add(c, self->warnings[i].refuse,
			    mem_printf("--null: %s", self->warnings[i].text));
	if (self->ndiffers[1] > 0)
		warn_add(c, false, mem_printf("--null: %s is not %s once more: "
		    "%s is '%s' in one, '%s' in the other", self->sides[1].name,
		    self->sides[0].name, d->key, d->base != NULL ? d->base :
		    "(not known)", d->new != NULL ? d->new : "(not known)"));
}

void
compare_warn(struct compare *c)
{
	size_t side, run;

	if (warn_all_emulated(c))
		warn_add(c, false, mem_strdup("emulated (TCG): times are of "
		    "the emulator, not of a processor"));
	if (c->nsides == 1 && c->nrows == 0 && c->sides[0].of_campaign)
		warn_no_result(c, 0);
	for (side = 0; side < c->nsides; side++) {
		warn_mixture(c, side);
		for (run = 0; run < c->sides[side].nruns; run++)
			warn_cut(c, &c->sides[side].runs[run]);
		warn_values(c, side);
		if (side == 0)
			continue;
		warn_nothing(c, side);
		warn_machines(c, side);
		warn_build(c, side);
		warn_plugins(c, side);
		warn_versions(c, side);
	}
}
