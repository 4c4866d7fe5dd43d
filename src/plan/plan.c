/* SPDX-License-Identifier: BSD-2-Clause */
/* What can be said about a plan's cells without running them; see plan.h. */
#include "config.h"

#include "plan/plan.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/param.h"
#include "base/str.h"

#define PLAN_SECOND_NS UINT64_C(1000000000)
#define PLAN_HOUR_NS (3600 * PLAN_SECOND_NS)

const char *const plan_count_words[PLAN_COUNTS + 1] = {
	[PLAN_COUNT_AUTO] = "auto",
	[PLAN_COUNT_CGROUP] = "cgroup",
	[PLAN_COUNT_SYSTEM] = "system",
	[PLAN_COUNT_TASK] = "task",
	[PLAN_COUNT_NONE] = "none",
};

static void
plan_cell_free(struct plan_cell *c)
{
	for (int i = 0; i < c->nparams; i++)
		free(c->params[i].text);
	free(c->params);
	free(c->pin);
	free(c->events);
	free(c->profile);
}

void
plan_free(struct plan *p)
{
	if (p == NULL)
		return;
	for (size_t i = 0; i < p->ncells; i++)
		plan_cell_free(&p->cells[i]);
	free(p->cells);
	free(p->label);
	free(p->name);
	memset(p, 0, sizeof(*p));
}

/* ---- time -------------------------------------------------------------- */

/* A record may hold any numbers, so that sums stop at the largest one. */
static uint64_t
plan_add(uint64_t a, uint64_t b)
{
	return b > UINT64_MAX - a ? UINT64_MAX : a + b;
}

static uint64_t
plan_times(uint64_t a, uint64_t n)
{
	return n > 0 && a > UINT64_MAX / n ? UINT64_MAX : a * n;
}

uint64_t
plan_launch_ns(const struct plan_cell *c)
{
	uint64_t samples = c->samples > 0 ? (uint64_t)c->samples : 0;

	if (c->workload->kind != VMS_RATE)
		return 0;
	return plan_add(c->warmup_ns, plan_times(c->interval_ns, samples));
}

uint64_t
plan_timeout_ns(const struct plan_cell *c)
{
	if (c->timeout_ns != 0)
		return c->timeout_ns;
	/* How long a population takes is what one wants to know. */
	if (c->workload->kind != VMS_RATE)
		return PLAN_HOUR_NS;
	/* Hundreds of workers on a few CPUs take seconds to start and to stop. */
	return plan_add(60 * PLAN_SECOND_NS + plan_times(5 * PLAN_SECOND_NS,
	    (uint64_t)c->workers / 100), plan_times(plan_launch_ns(c), 5));
}

/* ---- parameters -------------------------------------------------------- */

const char *
plan_param(const struct plan_cell *c, const char *name)
{
	for (int i = 0; i < c->nparams; i++)
		if (strcmp(c->params[i].row->name, name) == 0)
			return c->params[i].text;
	return NULL;
}

/* Is the text what the row's default looks like in canonical form? */
static bool
plan_is_default(const struct vms_workload *wl, const struct plan_param *p)
{
	void *params = mem_zalloc(wl->params_size);
	struct err ignored = { 0 };
	struct str def = { 0 };
	bool same = false;

	if (param_set(p->row, params, p->row->def, &ignored) == 0) {
		param_put(p->row, params, &def);
		same = strcmp(str_text(&def), p->text) == 0;
	}
	str_free(&def);
	free(params);
	return same;
}

/* Quotes show where an empty text or one with blanks begins and ends. */
static void
plan_put_param(struct str *b, const struct plan_param *p)
{
	const char *quote = "";

	if (p->text[0] == '\0' || strchr(p->text, ' ') != NULL)
		quote = "'";
	if (b->len > 0)
		str_add(b, " ");
	str_addf(b, "%s=%s%s%s", p->row->name, quote, p->text, quote);
}

char *
plan_params_text(const struct plan_cell *c)
{
	struct str b = { 0 };
	char *text;

	for (int i = 0; i < c->nparams; i++)
		if (!plan_is_default(c->workload, &c->params[i]))
			plan_put_param(&b, &c->params[i]);
	text = mem_strdup(str_text(&b));
	str_free(&b);
	return text;
}

void
plan_launch_name(const struct plan_cell *c, int launch, struct str *b)
{
	char *params = plan_params_text(c);

	str_addf(b, "%s%s%s %s x%d, ", c->workload->name,
	    params[0] != '\0' ? " " : "", params,
	    c->threads ? "thread" : "process", c->workers);
	free(params);
	if (launch < c->launches)
		str_addf(b, "launch %d/%d", launch + 1, c->launches);
	else
		str_add(b, "counted apart");
}
