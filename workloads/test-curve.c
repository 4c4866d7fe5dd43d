/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One operation is one entry appended to a list that keeps all entries before
 * it.  It is a test of the contract for curves: every step checks that it is
 * the one that follows the last.
 *
 * It stresses the engine and not the kernel.  `slope` makes the i-th step walk
 * through i entries, so that a straight line can be told from a flat one.
 * `fail-at` is a step that fails.
 *
 * No number of it means anything: it is hidden, and there for the tests.
 */
#include <stdlib.h>

#include "workload.h"

struct test_curve_params {
	uint64_t n;
	bool slope;
	int64_t fail_at;
};

struct test_curve_worker {
	uint64_t *entry;
	int64_t count;		/* steps so far */
	uint64_t sum;		/* over all walks; keeps them from vanishing */
};

static const struct vms_param test_curve_rows[] = {
	{ "n", VMS_COUNT, offsetof(struct test_curve_params, n), "1000", "1",
	    "10M", NULL, "steps" },
	{ "slope", VMS_BOOL, offsetof(struct test_curve_params, slope),
	    "false", NULL, NULL, NULL, "make the i-th step walk i entries" },
	{ "fail-at", VMS_INT, offsetof(struct test_curve_params, fail_at),
	    "-1", "-1", "9999999", NULL, "step that fails, from 0; -1: none" },
	VMS_PARAMS_END
};

static int64_t
test_curve_steps(const struct vms_cell *c)
{
	const struct test_curve_params *p = c->params;

	return (int64_t)p->n;
}

static uint64_t
test_curve_memory(const struct vms_cell *c)
{
	const struct test_curve_params *p = c->params;

	return (uint64_t)c->workers * p->n * sizeof(uint64_t);
}

static uint64_t
test_curve_entry(int64_t i)
{
	return (uint64_t)i * 2654435761u + 1;
}

static int
test_curve_worker_init(struct vms_worker *w)
{
	const struct test_curve_params *p = w->cell->params;
	struct test_curve_worker *s = w->state;

	s->entry = calloc(p->n, sizeof(*s->entry));
	if (s->entry == NULL)
		return vms_fail(w, "cannot allocate a list of %llu entries",
		    (unsigned long long)p->n);
	return 0;
}

static int
test_curve_step(struct vms_worker *w, int64_t i)
{
	const struct test_curve_params *p = w->cell->params;
	struct test_curve_worker *s = w->state;
	int64_t k;

	errno = 0;
	if (i != s->count || i >= (int64_t)p->n)
		return vms_fail(w, "step %lld came after %lld steps of %llu",
		    (long long)i, (long long)s->count,
		    (unsigned long long)p->n);
	if (i == p->fail_at)
		return vms_fail(w, "fails at step %lld as it was told to",
		    (long long)i);
	for (k = 0; p->slope && k < i; k++)
		s->sum += s->entry[k];
	s->entry[i] = test_curve_entry(i);
	s->count++;
	return 0;
}

/* All entries are kept.  An interrupted curve has fewer steps than asked. */
static int
test_curve_verify(struct vms_worker *w)
{
	const struct test_curve_worker *s = w->state;
	int64_t i, steps = test_curve_steps(w->cell);

	errno = 0;
	if (s->count != steps && !vms_stopping(w))
		return vms_fail(w, "%lld steps of %lld were made",
		    (long long)s->count, (long long)steps);
	for (i = 0; i < steps; i++)
		if (s->entry[i] != (i < s->count ? test_curve_entry(i) : 0))
			return vms_fail(w, "entry %lld is wrong after %lld "
			    "steps", (long long)i, (long long)s->count);
	return 0;
}

static int
test_curve_worker_fini(struct vms_worker *w)
{
	struct test_curve_worker *s = w->state;

	free(s->entry);
	return 0;
}

const struct vms_workload vms_workload_test_curve = {
	.abi = VMS_ABI,
	.name = "test-curve",
	.version = 1,
	.summary = "a test of the contract: the n-th of n steps",
	.kind = VMS_CURVE,
	.unit = "step",
	.modes = VMS_PROCESS | VMS_THREAD,
	.hidden = true,
	.params = test_curve_rows,
	.params_size = sizeof(struct test_curve_params),
	.worker_size = sizeof(struct test_curve_worker),
	.memory = test_curve_memory,
	.worker_init = test_curve_worker_init,
	.steps = test_curve_steps,
	.step = test_curve_step,
	.verify = test_curve_verify,
	.worker_fini = test_curve_worker_fini,
};
