/* SPDX-License-Identifier: BSD-2-Clause */
/* What a record says about the run as a whole: system, method, notes. */
#include "config.h"

#include "present/results_about.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/units.h"
#include "present/facts.h"

/* ---- the run ---------------------------------------------------------- */

/* "5", or "3-5" when cells differ. */
static void
span(struct str *b, int low, int high, const char *one,
    const char *many)
{
	if (low < high)
		str_addf(b, "%d-%d %s", low, high, many);
	else
		str_addf(b, "%d %s", low, low == 1 ? one : many);
}

static int
lower(int a, int b)
{
	return a < b ? a : b;
}

static int
higher(int a, int b)
{
	return a > b ? a : b;
}

/* "5 launches x 3 samples x 1s"; samples are of rates only. */
static char *
method(const struct gather *from)
{
	int launches[2] = { INT32_MAX, 0 }, samples[2] = { INT32_MAX, 0 };
	uint64_t interval[2] = { UINT64_MAX, 0 };
	char low[UNITS_MAX], high[UNITS_MAX];
	const struct gather_cell *c;
	struct str b = { 0 };
	size_t i;

	for (i = 0; i < from->ncells; i++) {
		c = &from->cells[i];
		if (c->id < 0)
			continue;
		launches[0] = lower(launches[0], c->planned);
		launches[1] = higher(launches[1], c->planned);
		if (strcmp(c->kind, "rate") != 0)
			continue;
		samples[0] = lower(samples[0], c->samples);
		samples[1] = higher(samples[1], c->samples);
		if (c->interval_ns < interval[0])
			interval[0] = c->interval_ns;
		if (c->interval_ns > interval[1])
			interval[1] = c->interval_ns;
	}
	if (launches[1] == 0)
		return NULL;
	span(&b, launches[0], launches[1], "launch", "launches");
	if (samples[1] == 0)
		return b.s;
	str_add(&b, " x ");
	span(&b, samples[0], samples[1], "sample", "samples");
	units_put_time(low, sizeof(low), interval[0]);
	units_put_time(high, sizeof(high), interval[1]);
	str_addf(&b, " x %s%s%s", low, strcmp(low, high) != 0 ? "-" : "",
	    strcmp(low, high) != 0 ? high : "");
	return b.s;
}

static char *
kernel(const struct gather *from)
{
	if (from->kernel_name == NULL || from->kernel_release == NULL)
		return NULL;
	return mem_printf("%s %s", from->kernel_name, from->kernel_release);
}

/* A result of an emulator is marked wherever its machine is named. */
static const char *
emulated(const struct gather *from)
{
	return facts_emulated(&from->facts) ? " (emulated)" : "";
}

static char *
machine(const struct gather *from)
{
	const char *model = from->cpu_model != NULL ? from->cpu_model :
	    from->arch;

	if (model == NULL)
		return NULL;
	if (from->cpus == NULL)
		return mem_printf("%s%s", model, emulated(from));
	return mem_printf("%s, %s CPU%s%s", model, from->cpus,
	    strcmp(from->cpus, "1") == 0 ? "" : "s", emulated(from));
}

/* ---- notes ------------------------------------------------------------ */

static void
note(struct results *r, char *text)
{
	r->notes = mem_array(r->notes, r->nnotes + 1, sizeof(*r->notes));
	r->notes[r->nnotes++] = text;
}

static int
by_number(const void *a, const void *b)
{
	const int *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* " (cell 3)", " (cells 0-3, 7)" */
void
results_about_cells(struct str *b, int *cells, size_t n)
{
	size_t i, last, ranges = 0;

	qsort(cells, n, sizeof(*cells), by_number);
	str_addf(b, cells[0] == cells[n - 1] ? " (cell " : " (cells ");
	for (i = 0; i < n; i = last + 1) {
		last = i;
		while (last + 1 < n && cells[last + 1] <= cells[last] + 1)
			last++;
		str_addf(b, "%s%d", ranges++ > 0 ? ", " : "", cells[i]);
		if (cells[last] > cells[i])
			str_addf(b, "-%d", cells[last]);
	}
	str_add(b, ")");
}

static void
partial_notes(struct results *r, const struct gather_cell *c)
{
	size_t i;

	for (i = 0; i < c->nmetrics; i++)
		if (c->metrics[i].partial != NULL)
			note(r, mem_printf("%s (cell %d)",
			    c->metrics[i].partial, c->id));
}

static void
notes(struct results *r, const struct gather *from)
{
	const struct gather_note *n;
	struct str b = { 0 };
	size_t i;

	for (i = 0; i < from->ncells; i++)
		if (from->cells[i].id >= 0)
			partial_notes(r, &from->cells[i]);
	for (i = 0; i < from->nnotes; i++) {
		n = &from->notes[i];
		str_reset(&b);
		str_add(&b, n->text);
		if (!n->whole_run)
			results_about_cells(&b, n->cells, n->ncells);
		note(r, mem_strdup(str_text(&b)));
	}
	if (from->more_notes)
		note(r, mem_strdup("there are more notes than are "
		    "shown here"));
	str_free(&b);
}

/* ---- the whole -------------------------------------------------------- */

static char *
copy(const char *text)
{
	return text != NULL ? mem_strdup(text) : NULL;
}

void
results_about(struct results *r, const struct gather *from)
{
	r->label = copy(from->label);
	r->name = copy(from->name);
	r->kernel = kernel(from);
	r->machine = machine(from);
	r->method = method(from);
	notes(r, from);
}
