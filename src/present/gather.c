/* SPDX-License-Identifier: BSD-2-Clause */
/* From the lines of a record to a few numbers per launch; see gather.h. */
#include "config.h"

#include "present/gather.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "present/gather_effect.h"
#include "present/gather_launch.h"

/* Different notes than this are a flood, not news. */
#define GATHER_NOTES 1000

static char *
gather_copy(const char *text)
{
	return text != NULL ? mem_strdup(text) : NULL;
}

/* ---- the run, its cells and notes ------------------------------------- */

static int
gather_on_run(void *arg, const struct reader_run *run)
{
	struct gather *g = arg;

	g->label = gather_copy(run->label);
	g->name = gather_copy(run->name);
	return 0;
}

static int
gather_on_fact(void *arg, const char *key, const char *value)
{
	struct gather *g = arg;
	const struct {
		const char *key;
		char **to;
	} wanted[] = {
		{ "kernel.name", &g->kernel_name },
		{ "kernel.release", &g->kernel_release },
		{ "machine.cpu_model", &g->cpu_model },
		{ "machine.cpus_online", &g->cpus },
		{ "machine.arch", &g->arch },
	};
	size_t i;

	facts_add(&g->facts, key, value);
	for (i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		if (strcmp(key, wanted[i].key) == 0) {
			free(*wanted[i].to);
			*wanted[i].to = mem_strdup(value);
		}
	}
	return 0;
}

static void
gather_make_room(struct gather *g, int id)
{
	while (g->ncells <= (size_t)id) {
		g->cells = mem_grow(g->cells, g->ncells, &g->cells_cap,
		    sizeof(*g->cells));
		memset(&g->cells[g->ncells], 0, sizeof(*g->cells));
		g->cells[g->ncells++].id = -1;
	}
}

static int
gather_on_cell(void *arg, const struct reader_cell *from)
{
	struct gather *g = arg;
	struct gather_cell *c;
	size_t i;

	gather_make_room(g, from->id);
	c = &g->cells[from->id];
	c->id = from->id;
	c->workload = mem_printf("%s/%d", from->workload, from->version);
	c->unit = mem_strdup(from->unit);
	c->net = gather_copy(from->net);
	c->kind = mem_strdup(from->kind);
	c->mode = mem_strdup(from->mode);
	c->pin = mem_strdup(from->pin);
	c->workers = from->workers;
	c->planned = from->launches;
	c->samples = from->samples;
	c->interval_ns = from->interval_ns;
	c->params = mem_array(NULL, from->nparams, sizeof(*c->params));
	for (i = 0; i < from->nparams; i++) {
		c->params[i].name = mem_strdup(from->params[i].name);
		c->params[i].text = mem_strdup(from->params[i].text);
	}
	c->nparams = from->nparams;
	return 0;
}

static struct gather_note *
gather_note(struct gather *g, const char *text)
{
	struct gather_note *n;
	size_t i;

	for (i = 0; i < g->nnotes; i++)
		if (strcmp(g->notes[i].text, text) == 0)
			return &g->notes[i];
	if (g->nnotes == GATHER_NOTES) {
		g->more_notes = true;
		return NULL;
	}
	g->notes = mem_grow(g->notes, g->nnotes, &g->notes_cap,
	    sizeof(*g->notes));
	n = &g->notes[g->nnotes++];
	memset(n, 0, sizeof(*n));
	n->text = mem_strdup(text);
	return n;
}

static int
gather_on_note(void *arg, int cell, int launch, const char *text)
{
	struct gather_note *n = gather_note(arg, text);

	(void)launch;
	if (n == NULL)
		return 0;
	if (cell < 0) {
		n->whole_run = true;
		return 0;
	}
	if (n->ncells > 0 && n->cells[n->ncells - 1] == cell)
		return 0;
	n->cells = mem_grow(n->cells, n->ncells, &n->cells_cap,
	    sizeof(*n->cells));
	n->cells[n->ncells++] = cell;
	return 0;
}

/* ---- launches --------------------------------------------------------- */

static int
gather_on_launch(void *arg, const struct reader_launch *l)
{
	struct gather *g = arg;

	gather_launch_begin(&g->cells[l->cell], l);
	return 0;
}

static int
gather_on_phase(void *arg, int cell, int launch, const struct reader_phase *p)
{
	struct gather *g = arg;

	(void)launch;
	return gather_launch_phase(&g->cells[cell], p, g->e);
}

static int
gather_on_curve(void *arg, int cell, int launch, const struct reader_curve *b)
{
	struct gather *g = arg;

	(void)launch;
	gather_launch_curve(&g->cells[cell], b);
	return 0;
}

static int
gather_on_gauge(void *arg, int cell, int launch, const char *name, double value)
{
	struct gather *g = arg;

	(void)launch;
	return gather_launch_gauge(&g->cells[cell], name, value, g->e);
}

static int
gather_on_stall(void *arg, int cell, int launch, const struct reader_stall *s)
{
	struct gather *g = arg;

	(void)launch;
	return gather_effect_stall(&g->cells[cell], s, g->e);
}

static int
gather_on_memory(void *arg, int cell, int launch,
    const struct reader_memory *m)
{
	struct gather *g = arg;

	(void)launch;
	return gather_effect_memory(&g->cells[cell], m, g->e);
}

static int
gather_on_torn(void *arg, unsigned long line)
{
	struct gather *g = arg;

	g->torn_line = line;
	return 0;
}

/* ---- the whole -------------------------------------------------------- */

void
gather_handler(struct gather *g, struct reader_handler *h, struct err *e)
{
	const struct reader_handler mine = {
		.run = gather_on_run,
		.fact = gather_on_fact,
		.cell = gather_on_cell,
		.launch = gather_on_launch,
		.phase = gather_on_phase,
		.curve = gather_on_curve,
		.note = gather_on_note,
		.gauge = gather_on_gauge,
		.stall = gather_on_stall,
		.memory = gather_on_memory,
		.log = gather_remarks_log,
		.validity = gather_remarks_validity,
		.torn = gather_on_torn,
		.arg = g,
	};

	memset(g, 0, sizeof(*g));
	g->e = e;
	*h = mine;
}

const char *
gather_name(const struct gather *g)
{
	const char *name = facts_value(&g->facts, "boot.kernel");

	if (name == NULL)
		name = g->label != NULL ? g->label : g->kernel_release;
	return name != NULL ? name : "unnamed";
}

int
gather_read(struct gather *g, const char *path, struct err *e)
{
	struct reader_handler h;

	int status;

	gather_handler(g, &h, e);
	g->path = mem_strdup(path);
	status = reader_run(path, &h, e);
	facts_sort(&g->facts);
	return status;
}

static void
gather_cell_free(struct gather_cell *c)
{
	size_t i;

	gather_launch_free(c);
	for (i = 0; i < c->nparams; i++) {
		free(c->params[i].name);
		free(c->params[i].text);
	}
	free(c->params);
	free(c->workload);
	free(c->unit);
	free(c->net);
	free(c->kind);
	free(c->mode);
	free(c->pin);
}

void
gather_free(struct gather *g)
{
	size_t i;

	for (i = 0; i < g->ncells; i++)
		gather_cell_free(&g->cells[i]);
	for (i = 0; i < g->nnotes; i++) {
		free(g->notes[i].text);
		free(g->notes[i].cells);
	}
	gather_remarks_free(&g->remarks);
	free(g->cells);
	free(g->notes);
	free(g->label);
	free(g->name);
	free(g->kernel_name);
	free(g->kernel_release);
	facts_free(&g->facts);
	free(g->cpu_model);
	free(g->cpus);
	free(g->arch);
	free(g->path);
}

char *
gather_params(const struct gather_cell *c)
{
	struct str b = { 0 };
	size_t i;

	str_add(&b, "");
	for (i = 0; i < c->nparams; i++)
		str_addf(&b, "%s%s=%s", i > 0 ? " " : "", c->params[i].name,
		    c->params[i].text);
	return b.s;
}

static bool
gather_is_result(const struct gather_metric *m)
{
	return !m->gauge && !m->effect && m->quantile < 0;
}

bool
gather_headline(const struct gather_cell *c, const struct gather_metric *m)
{
	size_t i, first = c->nmetrics;

	if (!gather_is_result(m))
		return false;
	for (i = 0; i < c->nmetrics; i++) {
		if (c->metrics[i].headline)
			return m->headline;
		if (first == c->nmetrics && gather_is_result(&c->metrics[i]))
			first = i;
	}
	return m == &c->metrics[first];
}
