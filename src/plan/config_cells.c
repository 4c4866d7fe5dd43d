/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One entry of `cells` into cells: every setting and parameter is an axis, and
 * the cells are the product of the axes.
 */
#include "config.h"

#include "plan/config_cells.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/param.h"
#include "base/registry.h"
#include "base/str.h"
#include "base/units.h"

#define CONFIG_WORKLOAD "workload"

/* The entry being multiplied. */
struct config_entry {
	const struct vms_workload *workload;
	const struct yaml_node *node;	/* NULL: a name on the command line */
	struct config_axis *axes;	/* the settings, then the parameters */
	size_t naxes;
};

const struct yaml_node *
config_override_node(struct config_context *c, const char *key, bool is_param)
{
	const struct yaml_node *found = NULL;

	for (size_t i = 0; i < c->overrides->count; i++) {
		const struct config_override *o = &c->overrides->list[i];

		if (o->is_param != is_param || strcmp(o->key, key) != 0)
			continue;
		c->override_used[i] = true;
		found = &c->override_nodes[i];
	}
	return found;
}

/* ---- axes -------------------------------------------------------------- */

/*
 * The fastest axis comes first, and of the parameters the last is the fastest.
 */
static void
config_axes_new(struct config_entry *en)
{
	const struct vms_param *params = en->workload->params;
	size_t nparams = (size_t)param_count(params);

	en->naxes = CONFIG_SETTINGS + nparams;
	en->axes = mem_zalloc(en->naxes * sizeof(*en->axes));
	for (size_t i = 0; i < en->naxes; i++) {
		struct config_axis *a = &en->axes[i];

		a->setting = i < CONFIG_SETTINGS ? (enum config_setting)i :
		    CONFIG_PARAM;
		a->row = a->setting == CONFIG_PARAM ?
		    &params[en->naxes - 1 - i] : &config_settings()[i];
	}
}

static void
config_axes_free(struct config_entry *en)
{
	for (size_t i = 0; i < en->naxes; i++)
		config_axis_free(&en->axes[i]);
	free(en->axes);
}

/*
 * Samples and latency at the top of a file are about rates.  A workload of
 * another kind repeats its phases or steps only where the cell itself or the
 * command line asks for it.
 */
static const struct yaml_node *
config_default_node(const struct config_context *c,
    const struct config_entry *en, const struct config_axis *a)
{
	static char once[] = "1";
	static const struct yaml_node one = {
		.kind = YAML_SCALAR, .text = once
	};

	if (en->workload->kind == VMS_RATE)
		return c->defaults[a->setting];
	if (a->setting == CONFIG_SAMPLES)
		return &one;
	return a->setting == CONFIG_LATENCY ? NULL : c->defaults[a->setting];
}

/*
 * What the cell says is checked even where the command line replaces it, so
 * that a file is right or wrong whatever the options are.
 */
static int
config_axis_fill(struct config_context *c, const struct config_entry *en,
    struct config_axis *a, struct err *e)
{
	struct config_scope s = { en->workload, c->overrides->ncpu, true };
	bool is_param = a->setting == CONFIG_PARAM;
	const struct yaml_node *own = NULL, *node;

	if (en->node != NULL)
		own = yaml_get(en->node, a->row->name);
	if (own != NULL && config_axis_read(a, own, &s, e) == -1)
		return -1;
	node = config_override_node(c, a->row->name, is_param);
	if (node == NULL && own != NULL)
		return 0;
	if (node == NULL && !is_param)
		node = config_default_node(c, en, a);
	s.own = false;
	return config_axis_read(a, node, &s, e);
}

/* ---- cells ------------------------------------------------------------- */

/* How many cells the entry makes, or one more than allowed. */
static size_t
config_count(const struct config_entry *en)
{
	size_t count = 1;

	for (size_t i = 0; i < en->naxes; i++) {
		count *= en->axes[i].count;
		if (count > CONFIG_CELLS_MAX)
			return CONFIG_CELLS_MAX + 1;
	}
	return count;
}

static const char *
config_axis_text_now(const struct config_axis *a)
{
	return a->texts[a->at];
}

/* The texts are canonical, so that reading them again cannot fail. */
static int
config_values_now(const struct config_entry *en, struct config_values *v,
    struct err *e)
{
	memset(v, 0, sizeof(*v));
	for (size_t i = 0; i < CONFIG_SETTINGS; i++)
		if (param_set(en->axes[i].row, v,
		    config_axis_text_now(&en->axes[i]), e) == -1)
			return -1;
	return 0;
}

static void
config_cell_params(const struct config_entry *en, struct plan_cell *cell)
{
	size_t n = en->naxes - CONFIG_SETTINGS;

	cell->nparams = (int)n;
	cell->params = mem_zalloc(n * sizeof(*cell->params));
	for (size_t i = 0; i < n; i++) {
		const struct config_axis *a = &en->axes[en->naxes - 1 - i];

		cell->params[i].row = a->row;
		cell->params[i].text = mem_strdup(config_axis_text_now(a));
	}
}

static int
config_cell_new(struct config_context *c, const struct config_entry *en,
    struct err *e)
{
	struct plan *p = c->plan;
	struct config_values v;
	struct plan_cell *cell;

	if (config_values_now(en, &v, e) == -1)
		return -1;
	p->cells = mem_grow(p->cells, p->ncells, &p->cells_cap,
	    sizeof(*p->cells));
	cell = &p->cells[p->ncells];
	*cell = (struct plan_cell){
		.id = (int)p->ncells++,
		.workload = en->workload,
		.threads = v.mode == 1,
		.workers = (int)v.workers,
		.pin = mem_strdup(v.pin),
		.launches = (int)v.launches,
		.samples = (int)v.samples,
		.interval_ns = v.interval_ns,
		.warmup_ns = v.warmup_ns,
		.timeout_ns = v.timeout_ns,
		.latency = v.latency,
		.probe = v.probe,
		.statistics = v.statistics,
		.events = mem_strdup(v.events),
		.profile = mem_strdup(v.profile),
	};
	config_cell_params(en, cell);
	c->launches += v.launches;
	return 0;
}

/* Like an odometer; false when all combinations have been. */
static bool
config_next(struct config_entry *en)
{
	for (size_t i = 0; i < en->naxes; i++) {
		struct config_axis *a = &en->axes[i];

		if (++a->at < a->count)
			return true;
		a->at = 0;
	}
	return false;
}

static int
config_entry_error(const struct config_entry *en, struct err *e)
{
	err_prefix(e, "workload '%s'", en->workload->name);
	return en->node != NULL ? yaml_locate(en->node, e) : -1;
}

/* Would every launch of the cell be called hung while it is still measured? */
static int
config_check_timeout(const struct config_entry *en,
    const struct plan_cell *cell, struct err *e)
{
	const struct config_axis *a = &en->axes[CONFIG_TIMEOUT];
	char launch[UNITS_MAX];

	if (en->workload->kind != VMS_RATE || cell->timeout_ns == 0 ||
	    cell->timeout_ns >= plan_launch_ns(cell))
		return 0;
	err_set(e, "%s is shorter than a launch, which takes %s", a->texts[0],
	    units_put_time(launch, sizeof(launch), plan_launch_ns(cell)));
	err_prefix(e, "workload '%s': setting 'timeout'", en->workload->name);
	return yaml_locate(a->node, e);
}

static int
config_multiply(struct config_context *c, struct config_entry *en,
    struct err *e)
{
	const struct plan *p = c->plan;

	if (config_count(en) > CONFIG_CELLS_MAX - p->ncells) {
		err_set(e, "the plan grows over %d cells: shorten its lists",
		    CONFIG_CELLS_MAX);
		return config_entry_error(en, e);
	}
	do {
		if (config_cell_new(c, en, e) == -1)
			return config_entry_error(en, e);
	} while (config_next(en));
	if (c->launches > CONFIG_LAUNCHES_MAX) {
		err_set(e, "the plan grows over %d launches: lower 'launches' "
		    "or shorten its lists", CONFIG_LAUNCHES_MAX);
		return config_entry_error(en, e);
	}
	return config_check_timeout(en, &p->cells[p->ncells - 1], e);
}

static int
config_cells_make(struct config_context *c, struct config_entry *en,
    struct err *e)
{
	int rc = 0;

	config_axes_new(en);
	for (size_t i = 0; i < en->naxes && rc == 0; i++)
		rc = config_axis_fill(c, en, &en->axes[i], e);
	if (rc == 0)
		rc = config_multiply(c, en, e);
	config_axes_free(en);
	return rc;
}

/* ---- keys -------------------------------------------------------------- */

static bool
config_key_known(const struct vms_workload *wl, const char *key)
{
	return strcmp(key, CONFIG_WORKLOAD) == 0 ||
	    config_setting_find(key) != CONFIG_PARAM ||
	    param_find(wl->params, key) != NULL;
}

static void
config_nearest_row(struct str_nearest *near, const struct vms_param *rows)
{
	for (; rows != NULL && rows->name != NULL; rows++)
		str_nearest_try(near, rows->name);
}

static int
config_key_error(const struct vms_workload *wl, const struct yaml_node *key,
    struct err *e)
{
	struct str_nearest near = { .wanted = key->text };

	str_nearest_try(&near, CONFIG_WORKLOAD);
	config_nearest_row(&near, config_settings());
	config_nearest_row(&near, wl->params);
	if (near.best != NULL)
		return yaml_error(key, e, "workload '%s': unknown key '%.80s' "
		    "(did you mean '%s'?)", wl->name, key->text, near.best);
	return yaml_error(key, e, "workload '%s': unknown key '%.80s': "
	    "neither a setting nor a parameter of it", wl->name, key->text);
}

int
config_cells_entry(struct config_context *c, const struct yaml_node *entry,
    struct err *e)
{
	const struct yaml_node *name = entry;
	struct config_entry en = { .node = entry };

	if (entry->kind == YAML_MAP)
		name = yaml_get(entry, CONFIG_WORKLOAD);
	if (name == NULL || entry->kind == YAML_LIST)
		return yaml_error(entry, e, "a cell needs 'workload: NAME'");
	if (name->kind != YAML_SCALAR)
		return yaml_error(name, e, "'workload' takes one name");
	en.workload = registry_find(name->text, e);
	if (en.workload == NULL)
		return yaml_locate(name, e);
	if (entry->kind == YAML_MAP)
		for (size_t i = 0; i < entry->count; i++)
			if (!config_key_known(en.workload,
			    entry->keys[i]->text))
				return config_key_error(en.workload,
				    entry->keys[i], e);
	return config_cells_make(c, &en, e);
}

int
config_cells_workload(struct config_context *c, const char *name,
    struct err *e)
{
	struct config_entry en = { .workload = registry_find(name, e) };

	if (en.workload == NULL)
		return -1;
	return config_cells_make(c, &en, e);
}
