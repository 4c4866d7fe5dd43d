/* SPDX-License-Identifier: BSD-2-Clause */
/* A comparison is planned from records; see resolve.h. */
#include "config.h"

#include "present/resolve.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "present/resolve_judge.h"
#include "present/resolve_points.h"
#include "present/resolve_record.h"
#include "present/same_record.h"

#define RESOLVE_EFFECT 0.02
#define RESOLVE_ALPHA 0.05
#define RESOLVE_POWER 0.8

const char *
resolve_why(enum resolve_why why)
{
	static const char *const words[RESOLVE_WHYS] = {
		[RESOLVE_FINE] = "fine",
		[RESOLVE_NO_VALUE] = "no launch has a value",
		[RESOLVE_NOT_POSITIVE] = "a value that is not above 0",
		[RESOLVE_ONE_LAUNCH] = "one launch",
		[RESOLVE_ONE_BOOT] = "one boot of each kernel",
		[RESOLVE_NO_SPREAD] = "all values are equal",
	};

	return words[why];
}

/* What to do about it, for an error. */
static const char *
resolve_remedy(enum resolve_why why)
{
	static const char *const words[RESOLVE_WHYS] = {
		[RESOLVE_NO_VALUE] = "",
		[RESOLVE_NOT_POSITIVE] = ", and has no logarithm",
		[RESOLVE_ONE_LAUNCH] = " does not show how launches differ: at "
		    "least 2 are needed, better 6 or more",
		[RESOLVE_ONE_BOOT] = " does not show how boots differ",
		[RESOLVE_NO_SPREAD] = ", which no measurement is: longer "
		    "samples, or a finer metric, may show the spread",
	};

	return words[why];
}

/* ---- kernels and boots -------------------------------------------------- */

/* As compare.h has it: the label of a record, or the release of its kernel. */
static size_t
resolve_kernel(struct resolve *r, const struct gather *g)
{
	const char *text = g->label != NULL ? g->label :
	    g->kernel_release != NULL ? g->kernel_release : "unnamed";
	char *name = str_safe_copy(text);
	size_t i;

	for (i = 0; i < r->nkernels; i++) {
		if (strcmp(r->kernels[i].name, name) != 0)
			continue;
		free(name);
		return i;
	}
	r->kernels = mem_array(r->kernels, i + 1, sizeof(*r->kernels));
	memset(&r->kernels[i], 0, sizeof(*r->kernels));
	r->kernels[i].name = name;
	r->nkernels++;
	return i;
}

/*
 * The first of the records that is of the same boot; one that does not say of
 * which boot it is, is of its own, as for compare.
 */
static size_t
resolve_boot(const struct resolve_record *records, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (records[i].kernel == records[n].kernel &&
		    same_boot(&records[i].base, &records[n].base))
			break;
	return i;
}

/* Launches that are named twice would count twice. */
static int
resolve_refuse_twice(const struct resolve_record *records, size_t n,
    struct err *e)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (same_record(&records[i].base, &records[n].base))
			return err_set(e, "%s: it is the same run as %s, and "
			    "would count twice", records[n].base.path,
			    records[i].base.path);
	return 0;
}

/* By kernel and boot. */
static int
resolve_order(const void *a, const void *b)
{
	const struct resolve_record *x = a, *y = b;

	if (x->kernel != y->kernel)
		return x->kernel < y->kernel ? -1 : 1;
	if (x->boot != y->boot)
		return x->boot < y->boot ? -1 : 1;
	return x->order < y->order ? -1 : 1;
}

static void
resolve_count(struct resolve *r, const struct resolve_record *record,
    bool new_boot)
{
	struct resolve_kernel *k = &r->kernels[record->kernel];
	size_t i, l;

	k->boots += new_boot;
	r->boots |= k->boots > 1;
	for (i = 0; i < record->base.ncells; i++) {
		const struct gather_cell *c = &record->base.cells[i];

		for (l = 0; l < c->nlaunches; l++) {
			if (c->launches[l].status != GATHER_OK)
				continue;
			k->launches++;
			k->invalid += c->launches[l].rules != NULL;
		}
	}
}

/* ---- the whole ---------------------------------------------------------- */

/* Nothing can be said: why? */
static int
resolve_nothing(const struct resolve *r, const char *path, struct err *e)
{
	enum resolve_why why = r->nrows > 0 ? r->rows[0].why : RESOLVE_NO_VALUE;
	size_t i, launches = 0, invalid = 0;

	for (i = 0; i < r->nkernels; i++) {
		launches += r->kernels[i].launches;
		invalid += r->kernels[i].invalid;
	}
	if (!r->keep_invalid && launches > 0 && launches == invalid)
		return err_set(e, "%s: nothing to plan from: all %zu launches "
		    "broke a rule of validity (--keep-invalid takes them, too)",
		    path, launches);
	return err_set(e, "%s: nothing to plan from: %s%s", path,
	    resolve_why(why), resolve_remedy(why));
}

int
resolve_read(struct resolve *r, char *const *paths, size_t n, struct err *e)
{
	struct resolve_record *records = mem_zalloc(n * sizeof(*records));
	size_t i, told = 0;
	int status = 0;

	r->effect = r->effect == 0 ? RESOLVE_EFFECT : r->effect;
	r->alpha = r->alpha == 0 ? RESOLVE_ALPHA : r->alpha;
	r->power = r->power == 0 ? RESOLVE_POWER : r->power;
	for (i = 0; i < n && status == 0; i++) {
		status = resolve_record_read(&records[i], paths[i], e);
		told++;
		if (status == 0)
			status = resolve_refuse_twice(records, i, e);
		if (status != 0)
			break;
		records[i].kernel = resolve_kernel(r, &records[i].base);
		records[i].boot = resolve_boot(records, i);
		records[i].order = i;
		resolve_count(r, &records[i], records[i].boot == i);
	}
	if (status == 0) {
		qsort(records, n, sizeof(*records), resolve_order);
		resolve_points(r, records, n);
		resolve_judge(r);
		if (r->plan.points == 0)
			status = resolve_nothing(r, paths[0], e);
	}
	for (i = 0; i < told; i++)
		resolve_record_free(&records[i]);
	free(records);
	return status;
}

void
resolve_free(struct resolve *r)
{
	size_t i;

	for (i = 0; i < r->nkernels; i++)
		free(r->kernels[i].name);
	for (i = 0; i < r->npoints; i++) {
		free(r->points[i].workload);
		free(r->points[i].params);
		free(r->points[i].params_all);
		free(r->points[i].mode);
		free(r->points[i].pin);
	}
	for (i = 0; i < r->nrows; i++) {
		free(r->rows[i].metric);
		free(r->rows[i].unit);
	}
	free(r->kernels);
	free(r->points);
	free(r->rows);
	free(r->noisy);
	memset(r, 0, sizeof(*r));
}
