/* SPDX-License-Identifier: BSD-2-Clause */
/* A plan and its state, read back from a record; see resume.h. */
#include "config.h"

#include "record/resume.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/param.h"
#include "base/registry.h"
#include "base/str.h"
#include "record/reader.h"

/* What the handlers share. */
struct resume_state {
	struct resume *r;
	int ncells;		/* that the header promises; -1: unknown */
	struct err *e;
};

static int
resume_on_run(void *arg, const struct reader_run *run)
{
	struct resume_state *s = arg;
	struct plan *p = &s->r->plan;

	if (run->label != NULL)
		p->label = mem_strdup(run->label);
	if (run->name != NULL)
		p->name = mem_strdup(run->name);
	p->seed = run->seed;
	s->ncells = run->ncells;
	for (int i = 0; run->counting != NULL && i < PLAN_COUNTS; i++)
		if (strcmp(run->counting, plan_count_words[i]) == 0)
			p->counting = (enum plan_count)i;
	if (run->order != NULL && strcmp(run->order, "listed") == 0)
		p->order = PLAN_LISTED;
	else if (run->order != NULL && strcmp(run->order, "random") == 0)
		p->order = PLAN_RANDOM;
	else
		return err_set(s->e, "run: the order of its launches is not "
		    "known, so it cannot be resumed");
	return 0;
}

/* ---- a cell ----------------------------------------------------------- */

static const struct vms_workload *
resume_workload(const struct reader_cell *c, struct err *e)
{
	const struct vms_workload *wl = registry_find(c->workload, e);
	struct str safe = { 0 };

	if (wl == NULL && c->plugin != NULL) {
		str_add_safe(&safe, c->plugin);
		err_clear(e);
		err_set(e, "its workload came from the plug-in %s (load that "
		    "with --plugin)", str_text(&safe));
		str_free(&safe);
	} else if (wl != NULL && wl->version != c->version) {
		err_set(e, "workload '%s' is version %d here and version %d in "
		    "the record (resume with the program that began it)",
		    wl->name, wl->version, c->version);
		return NULL;
	}
	return wl;
}

static const char *
resume_param(const struct reader_cell *c, const char *name)
{
	size_t i;

	for (i = 0; i < c->nparams; i++)
		if (strcmp(c->params[i].name, name) == 0)
			return c->params[i].text;
	return NULL;
}

/* Parameters of the record that the workload does not have. */
static int
resume_params_known(const struct reader_cell *c,
    const struct vms_workload *wl, struct err *e)
{
	struct str safe = { 0 };
	size_t i;

	for (i = 0; i < c->nparams; i++) {
		if (param_find(wl->params, c->params[i].name) != NULL)
			continue;
		str_add_safe(&safe, c->params[i].name);
		err_set(e, "workload '%s' has no parameter '%s'", wl->name,
		    str_text(&safe));
		str_free(&safe);
		return -1;
	}
	return 0;
}

/* Every row of the workload, checked as if the user had typed it. */
static int
resume_params(struct plan_cell *to, const struct reader_cell *c,
    const struct vms_workload *wl, struct err *e)
{
	const struct vms_param *row = wl->params;
	void *scratch = mem_zalloc(wl->params_size);
	struct str canonical = { 0 };
	const char *text;
	int i, n = param_count(wl->params), status = 0;

	to->params = mem_array(NULL, (size_t)n, sizeof(*to->params));
	for (i = 0; i < n && status == 0; i++) {
		text = resume_param(c, row[i].name);
		if (text == NULL)
			status = err_set(e, "parameter '%s' of workload '%s' "
			    "is missing", row[i].name, wl->name);
		else if (param_set(&row[i], scratch, text, e) < 0)
			status = err_prefix(e, "parameter '%s'", row[i].name);
		if (status < 0)
			break;
		str_reset(&canonical);
		param_put(&row[i], scratch, &canonical);
		to->params[i].row = &row[i];
		to->params[i].text = mem_strdup(str_text(&canonical));
		to->nparams++;
	}
	str_free(&canonical);
	free(scratch);
	return status;
}

/* A cell of the plan with no launch done, as far as numbers describe it. */
static struct plan_cell *
resume_add(struct resume *r, const struct reader_cell *c)
{
	struct plan *p = &r->plan;
	struct plan_cell *to;

	p->cells = mem_grow(p->cells, p->ncells, &p->cells_cap,
	    sizeof(*p->cells));
	r->done = mem_array(r->done, p->ncells + 1, sizeof(*r->done));
	r->done[p->ncells] = mem_zalloc(((size_t)c->launches + 1) *
	    sizeof(**r->done));	/* and one that only counts */
	to = &p->cells[p->ncells++];
	memset(to, 0, sizeof(*to));
	to->id = c->id;
	to->threads = strcmp(c->mode, "thread") == 0;
	to->workers = c->workers;
	to->launches = c->launches;
	to->samples = c->samples;
	to->interval_ns = c->interval_ns;
	to->warmup_ns = c->warmup_ns;
	to->timeout_ns = c->timeout_ns;
	to->latency = c->latency;
	to->probe = c->probe;
	to->statistics = c->statistics;
	to->events = mem_strdup(c->events != NULL ? c->events : "none");
	to->profile = mem_strdup(c->profile != NULL ? c->profile : "none");
	return to;
}

/* Cells are in the order of their ids, as the plan was written. */
static int
resume_on_cell(void *arg, const struct reader_cell *c)
{
	struct resume_state *s = arg;
	struct plan_cell *to;

	if ((size_t)c->id != s->r->plan.ncells)
		return err_set(s->e, "cell %zu is missing before cell %d",
		    s->r->plan.ncells, c->id);
	to = resume_add(s->r, c);
	to->workload = resume_workload(c, s->e);
	if (to->workload == NULL)
		return -1;
	to->pin = plan_pin(c->pin, s->e);
	if (to->pin == NULL ||
	    resume_params_known(c, to->workload, s->e) < 0)
		return -1;
	return resume_params(to, c, to->workload, s->e);
}

/* ---- launches --------------------------------------------------------- */

/* The last end of a launch counts. */
static int
resume_on_launch(void *arg, const struct reader_launch *l)
{
	struct resume_state *s = arg;
	bool *done = &s->r->done[l->cell][l->launch];

	s->r->ndone -= *done;
	*done = strcmp(l->status, "interrupted") != 0;
	s->r->ndone += *done;
	return 0;
}

/* ---- the whole -------------------------------------------------------- */

static int
resume_complete(const struct resume_state *s, const char *path)
{
	size_t have = s->r->plan.ncells;

	if (have == 0)
		return err_set(s->e, "%s: the record has no cells, so there "
		    "is nothing to resume", path);
	if (s->ncells >= 0 && (size_t)s->ncells != have)
		return err_set(s->e, "%s: the record has %zu of its %d cells, "
		    "so it cannot be resumed", path, have, s->ncells);
	return 0;
}

int
resume_read(struct resume *r, const char *path, struct err *e)
{
	struct resume_state s = { .r = r, .ncells = -1, .e = e };
	const struct reader_handler h = {
		.run = resume_on_run,
		.cell = resume_on_cell,
		.launch = resume_on_launch,
		.arg = &s,
	};

	memset(r, 0, sizeof(*r));
	if (reader_run(path, &h, e) == 0 && resume_complete(&s, path) == 0)
		return 0;
	resume_free(r);
	return -1;
}

bool
resume_done(const struct resume *r, int cell, int launch)
{
	return r->done[cell][launch];
}

void
resume_free(struct resume *r)
{
	size_t i;

	for (i = 0; i < r->plan.ncells; i++)
		free(r->done[i]);
	free(r->done);
	plan_free(&r->plan);
	memset(r, 0, sizeof(*r));
}
