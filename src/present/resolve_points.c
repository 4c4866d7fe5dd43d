/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Cells of all records matched by what they are, what they cost, and how their
 * values vary; see resolve_points.h.
 */
#include "config.h"

#include "present/resolve_points.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "present/gather_launch.h"
#include "stats/summary.h"

/* A cell of one record. */
struct points_entry {
	char *key;
	size_t order;
	const struct resolve_record *record;
	const struct gather_cell *cell;
};

/* What is being gathered: the cells of one point. */
struct points_work {
	struct resolve *r;
	const struct points_entry *entries;
	size_t n;
};

/* ---- costs -------------------------------------------------------------- */

/*
 * Starts are known to a second, which on average adds nothing.  A run that was
 * interrupted and resumed has a gap that is no cost.
 */
static double
points_apart(const double *apart_ns, size_t n)
{
	double limit_ns, sum = 0;
	size_t i, kept = 0;

	if (n == 0)
		return NAN;
	limit_ns = 3 * summary_median(apart_ns, n) + 2e9;
	for (i = 0; i < n; i++) {
		if (apart_ns[i] > limit_ns)
			continue;
		sum += apart_ns[i];
		kept++;
	}
	return sum / (double)kept;
}

static void
points_costs(const struct points_work *w, struct resolve_point *p)
{
	double *apart_ns = NULL, launch_ns, inside_ns = 0, sampled_ns = 0;
	double launches = 0, samples = 0, each;
	size_t i, n = 0;

	for (i = 0; i < w->n; i++) {
		const struct points_entry *entry = &w->entries[i];
		const struct resolve_cell *c =
		    &entry->record->cells[entry->cell->id];

		apart_ns = mem_array(apart_ns, n + c->napart,
		    sizeof(*apart_ns));
		if (c->napart > 0)
			memcpy(apart_ns + n, c->apart_ns,
			    c->napart * sizeof(*apart_ns));
		n += c->napart;
		inside_ns += c->inside_ns;
		sampled_ns += c->sampled_ns;
		samples += c->samples_told;
		launches += c->launches;
	}
	launch_ns = points_apart(apart_ns, n);
	free(apart_ns);
	p->inside_only = isnan(launch_ns);
	p->samples = 1;
	if (!(launches > 0))
		return;
	launch_ns = fmax(launch_ns, inside_ns / launches);
	each = samples / launches;
	if (samples > 0) {
		p->samples = each < 1 ? 1 : (size_t)lround(each);
		p->sample_ns = sampled_ns / samples;
	}
	p->launch_ns = fmax(launch_ns - each * p->sample_ns, 0);
}

/* ---- values ------------------------------------------------------------- */

static bool
points_counts(const struct resolve *r, const struct gather_launch *l)
{
	return l->status == GATHER_OK && (r->keep_invalid || l->rules == NULL);
}

static size_t
points_metric(const struct gather_cell *c, const char *name)
{
	size_t i;

	for (i = 0; i < c->nmetrics; i++)
		if (strcmp(c->metrics[i].name, name) == 0)
			break;
	return i;
}

/* Only the rate itself is known sample by sample. */
static bool
points_is_rate(const struct gather_cell *c, const char *metric)
{
	size_t len = strlen(c->unit);

	return strcmp(c->kind, "rate") == 0 &&
	    strncmp(metric, c->unit, len) == 0 &&
	    strcmp(metric + len, "/s") == 0;
}

/* Values of a row in the making. */
struct points_values {
	struct variance_value *v;
	size_t n, cap;
	size_t launches, boots;
	size_t kernel, boot;	/* of the last launch */
	bool samples;		/* of launches, else */
	bool lacking;		/* a launch has no samples */
	bool bad;		/* a value has no logarithm */
};

static void
points_add(struct points_values *v, double value)
{
	struct variance_value *one;

	v->v = mem_grow(v->v, v->n, &v->cap, sizeof(*v->v));
	one = &v->v[v->n++];
	one->kernel = v->kernel;
	one->boot = v->boot;
	one->launch = v->launches;
	one->value = value;
}

static void
points_launch(struct points_values *v, const struct points_entry *entry,
    const struct gather_launch *l, double value)
{
	const struct resolve_record *record = entry->record;
	const struct resolve_samples *s;
	size_t i;

	if (v->launches == 0 || v->kernel != record->kernel ||
	    v->boot != record->boot)
		v->boots++;
	v->kernel = record->kernel;
	v->boot = record->boot;
	v->launches++;
	if (!v->samples) {
		points_add(v, log(value));
		return;
	}
	s = resolve_record_samples(record, entry->cell->id, l->launch);
	v->lacking |= s == NULL || s->n == 0;
	for (i = 0; s != NULL && i < s->n; i++)
		points_add(v, s->log[i]);
}

static void
points_values(const struct points_work *w, const char *name, bool samples,
    struct points_values *v)
{
	size_t i, k, metric;
	double value;

	free(v->v);
	memset(v, 0, sizeof(*v));
	v->samples = samples;
	for (i = 0; i < w->n; i++) {
		const struct gather_cell *c = w->entries[i].cell;

		metric = points_metric(c, name);
		for (k = 0; k < c->nlaunches; k++) {
			if (!points_counts(w->r, &c->launches[k]))
				continue;
			value = gather_launch_value(&c->launches[k], metric);
			if (isnan(value))
				continue;
			if (value > 0 && !isinf(value))
				points_launch(v, &w->entries[i],
				    &c->launches[k], value);
			else
				v->bad = true;
		}
	}
}

/* ---- rows --------------------------------------------------------------- */

/*
 * Do the samples of a launch take from each other, as those do whose batches
 * end in one or in the next?  Their launches then vary less than independent
 * samples let them, and samples say nothing about launches.
 */
static bool
points_dependent(const struct variance *v)
{
	const struct variance_part *launch = &v->part[VARIANCE_LAUNCH];

	return launch->df > 0 ? launch->negative :
	    v->part[VARIANCE_BOOT].negative;
}

static void
points_row(const struct points_work *w, const struct gather_cell *c,
    const struct gather_metric *m)
{
	struct resolve *r = w->r;
	struct points_values v = { 0 };
	struct resolve_row *row;

	points_values(w, m->name, points_is_rate(c, m->name), &v);
	if (v.lacking)
		points_values(w, m->name, false, &v);
	r->rows = mem_grow(r->rows, r->nrows, &r->rows_cap, sizeof(*row));
	row = &r->rows[r->nrows++];
	memset(row, 0, sizeof(*row));
	row->point = r->npoints - 1;
	row->metric = str_safe_copy(m->name);
	row->unit = str_safe_copy(m->unit);
	row->headline = gather_headline(c, m);
	row->boots = v.boots;
	row->launches = v.launches;
	if (v.bad)
		row->why = RESOLVE_NOT_POSITIVE;
	else if (v.launches == 0)
		row->why = RESOLVE_NO_VALUE;
	variance_components(v.v, v.n, &row->variance);
	row->dependent = v.samples && points_dependent(&row->variance);
	if (row->dependent) {
		points_values(w, m->name, false, &v);
		variance_components(v.v, v.n, &row->variance);
	}
	free(v.v);
}

/* Rows of the point that is the last one; a metric may lack in some records. */
static void
points_rows(const struct points_work *w)
{
	size_t first = w->r->nrows, i, k, row;

	for (i = 0; i < w->n; i++) {
		const struct gather_cell *c = w->entries[i].cell;

		for (k = 0; k < c->nmetrics; k++) {
			const struct gather_metric *m = &c->metrics[k];
			char *name;

			if (m->gauge || (!w->r->all && !gather_headline(c, m)))
				continue;
			name = str_safe_copy(m->name);
			for (row = first; row < w->r->nrows; row++)
				if (strcmp(w->r->rows[row].metric, name) == 0)
					break;
			free(name);
			if (row == w->r->nrows)
				points_row(w, c, m);
		}
	}
}

static void
points_point(const struct points_work *w)
{
	const struct gather_cell *c = w->entries[0].cell;
	struct resolve *r = w->r;
	struct resolve_point *p;
	char *params = gather_params(c);

	r->points = mem_grow(r->points, r->npoints, &r->points_cap,
	    sizeof(*p));
	p = &r->points[r->npoints++];
	memset(p, 0, sizeof(*p));
	p->workload = str_safe_copy(c->workload);
	p->params_all = str_safe_copy(params);
	p->mode = str_safe_copy(c->mode);
	p->pin = str_safe_copy(c->pin);
	p->workers = c->workers;
	free(params);
	points_costs(w, p);
	points_rows(w);
}

/* ---- names -------------------------------------------------------------- */

/* Does every point of the workload have this "name=text" among its words? */
static bool
points_everywhere(const struct resolve *r, const struct resolve_point *p,
    const char *word)
{
	char *wanted = mem_printf(" %s ", word), *all;
	bool there = true;
	size_t i;

	for (i = 0; i < r->npoints && there; i++) {
		if (strcmp(r->points[i].workload, p->workload) != 0)
			continue;
		all = mem_printf(" %s ", r->points[i].params_all);
		there = strstr(all, wanted) != NULL;
		free(all);
	}
	free(wanted);
	return there;
}

/* With so many points nobody reads them, and all parameters will do. */
#define POINTS_SHORTEN_MAX 2000

static void
points_shorten(const struct resolve *r, struct resolve_point *p)
{
	char *all = mem_strdup(p->params_all), *rest = all, *word;
	struct str b = { 0 };

	str_add(&b, "");
	while ((word = strsep(&rest, " ")) != NULL)
		if (r->npoints > POINTS_SHORTEN_MAX ||
		    !points_everywhere(r, p, word))
			str_addf(&b, "%s%s", b.len > 0 ? " " : "", word);
	free(all);
	p->params = b.s;
}

/* ---- the whole ---------------------------------------------------------- */

static int
points_by_key(const void *a, const void *b)
{
	const struct points_entry *x = a, *y = b;
	int order = strcmp(x->key, y->key);

	return order != 0 ? order : (x->order > y->order) -
	    (x->order < y->order);
}

/* A point stands where its first cell does. */
struct points_group {
	size_t first, n, order;
};

static int
points_by_order(const void *a, const void *b)
{
	const struct points_group *x = a, *y = b;

	return (x->order > y->order) - (x->order < y->order);
}

static size_t
points_entries(const struct resolve_record *records, size_t n,
    struct points_entry **entries)
{
	size_t i, k, count = 0, cap = 0;
	char *params;

	*entries = NULL;
	for (i = 0; i < n; i++) {
		for (k = 0; k < records[i].base.ncells; k++) {
			const struct gather_cell *c = &records[i].base.cells[k];

			if (c->id < 0)
				continue;
			*entries = mem_grow(*entries, count, &cap,
			    sizeof(**entries));
			params = gather_params(c);
			(*entries)[count] = (struct points_entry) {
				mem_printf("%s\n%s\n%s\n%d\n%s", c->workload,
				    params, c->mode, c->workers, c->pin),
				count, &records[i], c
			};
			free(params);
			count++;
		}
	}
	return count;
}

static size_t
points_groups(const struct points_entry *entries, size_t n,
    struct points_group *groups)
{
	size_t first, end, count = 0;

	for (first = 0; first < n; first = end) {
		for (end = first + 1; end < n; end++)
			if (strcmp(entries[first].key, entries[end].key) != 0)
				break;
		groups[count++] = (struct points_group) {
			first, end - first, entries[first].order
		};
	}
	return count;
}

void
resolve_points(struct resolve *r, const struct resolve_record *records,
    size_t n)
{
	struct points_entry *entries;
	size_t count = points_entries(records, n, &entries), i, ngroups;
	struct points_group *groups = mem_array(NULL, count,
	    sizeof(*groups));

	if (count > 0)
		qsort(entries, count, sizeof(*entries), points_by_key);
	ngroups = points_groups(entries, count, groups);
	if (ngroups > 0)
		qsort(groups, ngroups, sizeof(*groups), points_by_order);
	for (i = 0; i < ngroups; i++)
		points_point(&(struct points_work) {
			r, entries + groups[i].first, groups[i].n
		});
	for (i = 0; i < r->npoints; i++)
		points_shorten(r, &r->points[i]);
	for (i = 0; i < count; i++)
		free(entries[i].key);
	free(entries);
	free(groups);
}
