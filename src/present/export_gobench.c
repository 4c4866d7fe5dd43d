/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The Go benchmark format, which benchstat reads: golang/proposal, design
 * 14313.  Names of sub-benchmarks are /key=value, and a line "Unit" says what
 * is better, both as in the package golang.org/x/perf/benchfmt.
 *
 *	BenchmarkZfod/version=1/size=64M/mode=process/pin=cores-2 9216 1e5 fault/s
 */
#include "config.h"

#include "present/export_measured.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/units.h"
#include "present/gather_launch.h"

/* A line with its end, as the reader of benchstat takes it. */
#define GOBENCH_LINE 65536

/* ---- words ------------------------------------------------------------- */

/*
 * Blanks, what is no ASCII, and the characters in `special` are written as %XX,
 * so that different texts stay different.
 */
static void
gobench_word(struct str *b, const char *text, const char *special)
{
	const unsigned char *s = (const unsigned char *)text;

	for (; *s != '\0'; s++) {
		if (*s > ' ' && *s < 127 && strchr(special, *s) == NULL)
			str_addn(b, (const char *)s, 1);
		else
			str_addf(b, "%%%02X", *s);
	}
}

static void
gobench_part(struct str *b, const char *key, const char *value)
{
	str_add(b, "/");
	gobench_word(b, key, "/=");
	str_add(b, "=");
	gobench_word(b, value, "/");
}

/* All of a line that comes before the iterations. */
static void
gobench_name(struct str *b, const struct gather_cell *c)
{
	const char *version = strrchr(c->workload, '/');
	char *name = mem_strndup(c->workload, (size_t)(version - c->workload));
	size_t i;

	if (*name >= 'a' && *name <= 'z')
		*name = (char)(*name - 'a' + 'A');
	str_add(b, "Benchmark");
	gobench_word(b, name, "/");
	free(name);
	gobench_part(b, "version", version + 1);
	for (i = 0; i < c->nparams; i++)
		gobench_part(b, c->params[i].name, c->params[i].text);
	gobench_part(b, "mode", c->mode);
	gobench_part(b, "pin", c->pin);
	str_addf(b, "-%d", c->workers);
}

/*
 * What is measured and its unit in one word, the unit last and after a hyphen:
 * "last-ns/step", "p99-ns".
 */
static char *
gobench_unit(const struct gather_metric *m)
{
	struct str b = { 0 };
	char *name = mem_strdup(m->name), *s;
	size_t len = strlen(name), unit = strlen(m->unit);

	if (unit > 0 && len > unit && str_ends(name, m->unit) &&
	    name[len - unit - 1] == '_')
		name[len - unit - 1] = '-';
	for (s = name; *s != '\0'; s++)
		if (*s == ' ')
			*s = '-';
	gobench_word(&b, *name != '\0' ? name : "unnamed", "");
	free(name);
	return b.s;
}

/* ---- what holds for all lines ------------------------------------------ */

static void
gobench_key(const char *key, const char *value, FILE *out,
    struct export_left *left)
{
	struct str b = { 0 };

	if (value == NULL)
		return;
	str_addf(&b, "%s: ", key);
	str_add_safe(&b, value);
	export_line(str_text(&b), out, left);
	str_free(&b);
}

static void
gobench_head(const struct gather *g, FILE *out, struct export_left *left)
{
	fputs("# by vmstress: a line for each launch\n"
	    "# benchstat -ignore label,release OLD NEW compares two kernels\n",
	    out);
	gobench_key("label", g->label, out, left);
	gobench_key("kernel", g->kernel_name, out, left);
	gobench_key("release", g->kernel_release, out, left);
	gobench_key("cpu", g->cpu_model, out, left);
	gobench_key("arch", g->arch, out, left);
}

struct gobench_unit {
	char *unit;
	const char *better;
};

static int
gobench_compare(const void *a, const void *b)
{
	return strcmp(((const struct gobench_unit *)a)->unit,
	    ((const struct gobench_unit *)b)->unit);
}

/* Each unit once: a second line that says otherwise would be an error. */
static void
gobench_units(const struct gather *g, const struct export_choice *c, FILE *out)
{
	struct gobench_unit *units = NULL;
	const struct gather_cell *cell;
	size_t i, k, n = 0, cap = 0;

	for (i = 0; i < g->ncells; i++) {
		cell = &g->cells[i];
		for (k = 0; export_wants(c, cell) && k < cell->nmetrics; k++) {
			units = mem_grow(units, n, &cap, sizeof(*units));
			units[n].unit = gobench_unit(&cell->metrics[k]);
			units[n++].better = export_better(&cell->metrics[k]);
		}
	}
	if (n > 0)
		qsort(units, n, sizeof(*units), gobench_compare);
	for (i = 0; i < n; i++)
		if (units[i].better[0] != '\0' && (i == 0 ||
		    strcmp(units[i].unit, units[i - 1].unit) != 0))
			fprintf(out, "Unit %s better=%s\n", units[i].unit,
			    units[i].better);
	for (i = 0; i < n; i++)
		free(units[i].unit);
	free(units);
}

/* ---- a launch ---------------------------------------------------------- */

static uint64_t
gobench_iterations(const struct gather_launch *l)
{
	if (l->ops == 0)
		return 1;
	return l->ops < INT64_MAX ? l->ops : INT64_MAX;
}

static void
gobench_launch(const struct gather_cell *c, const struct gather_launch *l,
    const char *name, FILE *out, struct export_left *left)
{
	struct str b = { 0 };
	char text[UNITS_MAX], *unit;
	size_t i, pairs = 0;
	double value;

	str_addf(&b, "%s %" PRIu64, name, gobench_iterations(l));
	for (i = 0; i < c->nmetrics; i++) {
		value = gather_launch_value(l, i);
		if (!isfinite(value))
			continue;
		unit = gobench_unit(&c->metrics[i]);
		str_addf(&b, " %s %s",
		    units_put_real(text, sizeof(text), value), unit);
		free(unit);
		pairs++;
	}
	if (pairs > 0)
		export_line(str_text(&b), out, left);
	str_free(&b);
}

void
export_gobench(const struct gather *g, const struct export_choice *c,
    FILE *out, struct export_left *left)
{
	const struct gather_cell *cell;
	struct str name = { 0 };
	size_t i, k;

	left->limit = GOBENCH_LINE;
	export_leave(g, c, left);
	gobench_head(g, out, left);
	gobench_units(g, c, out);
	for (i = 0; i < g->ncells; i++) {
		cell = &g->cells[i];
		if (!export_wants(c, cell))
			continue;
		str_reset(&name);
		gobench_name(&name, cell);
		for (k = 0; k < cell->nlaunches; k++)
			if (export_counts(c, &cell->launches[k]))
				gobench_launch(cell, &cell->launches[k],
				    str_text(&name), out, left);
	}
	str_free(&name);
}
