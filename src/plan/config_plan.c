/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Config files, what they include, and the command line, into the settings
 * that hold for every cell; the cells are made in config_cells.c.
 */
#include "config.h"

#include "plan/config_plan.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/param.h"
#include "base/str.h"
#include "plan/config_cells.h"
#include "plan/config_files.h"

struct config {
	struct config_context context;
	struct config_files files;
};

/* ---- keys at the top of a file ------------------------------------------ */

/* Those that hold for the plan, not for its cells. */
struct config_top {
	const char *label;
	int order;		/* an enum plan_order */
	uint64_t seed;
	int counting;		/* an enum plan_count */
};

static const char *const config_orders[] = {
	[PLAN_RANDOM] = "random", [PLAN_LISTED] = "listed", NULL
};

static const struct vms_param config_top_rows[] = {
	{ "label", VMS_STRING, offsetof(struct config_top, label), "", NULL,
	    NULL, NULL, "the kernel or the change under test" },
	{ "order", VMS_CHOICE, offsetof(struct config_top, order), "random",
	    NULL, NULL, config_orders, "of the cells in a round" },
	{ "seed", VMS_COUNT, offsetof(struct config_top, seed), "0", NULL,
	    NULL, NULL, "of random orders" },
	{ "counting", VMS_CHOICE, offsetof(struct config_top, counting),
	    "auto", NULL, NULL, plan_count_words,
	    "how events are counted; auto: the best that is possible" },
	VMS_PARAMS_END
};

/* The structure of a file; these have no rows. */
static const char *const config_words[] = { "include", "cells", NULL };

static const char *
config_key_nearest(const char *key, bool with_words)
{
	const struct vms_param *row;
	struct str_nearest near = { .wanted = key };

	for (row = config_settings(); row->name != NULL; row++)
		str_nearest_try(&near, row->name);
	for (row = config_top_rows; row->name != NULL; row++)
		str_nearest_try(&near, row->name);
	for (int i = 0; with_words && config_words[i] != NULL; i++)
		str_nearest_try(&near, config_words[i]);
	return near.best;
}

static bool
config_key_known(const char *key)
{
	return config_setting_find(key) != CONFIG_PARAM ||
	    param_find(config_top_rows, key) != NULL;
}

static int
config_check_key(const struct yaml_node *key, bool included, struct err *e)
{
	const char *near;

	if (included && strcmp(key->text, "cells") == 0)
		return yaml_error(key, e, "an included file cannot have "
		    "'cells', only settings");
	for (int i = 0; config_words[i] != NULL; i++)
		if (strcmp(key->text, config_words[i]) == 0)
			return 0;
	if (config_key_known(key->text))
		return 0;
	near = config_key_nearest(key->text, true);
	if (near != NULL)
		return yaml_error(key, e, "unknown key '%.80s' (did you mean "
		    "'%s'?)", key->text, near);
	return yaml_error(key, e, "unknown key '%.80s': parameters of a "
	    "workload belong in 'cells'", key->text);
}

static int
config_top_set(struct config_top *top, const struct yaml_node *node,
    const struct vms_param *row, struct err *e)
{
	if (node->kind != YAML_SCALAR)
		return yaml_error(node, e, "'%s' takes one value", row->name);
	if (param_set(row, top, node->text, e) == 0)
		return 0;
	err_prefix(e, "'%s'", row->name);
	return yaml_locate(node, e);
}

/* A value of one key, for the plan or as the default of all cells. */
static int
config_take(struct config *c, struct config_top *top, const char *key,
    const struct yaml_node *node, struct err *e)
{
	struct config_scope all = { NULL, c->context.overrides->ncpu, false };
	struct config_axis a = { .setting = config_setting_find(key) };
	const struct vms_param *row = param_find(config_top_rows, key);
	int rc;

	if (row != NULL)
		return config_top_set(top, node, row, e);
	if (a.setting == CONFIG_PARAM)
		return 0;
	a.row = &config_settings()[a.setting];
	rc = config_axis_read(&a, node, &all, e);
	config_axis_free(&a);
	c->context.defaults[a.setting] = node;
	return rc;
}

static int
config_take_file(struct config *c, struct config_top *top,
    const struct yaml_node *root, bool included, struct err *e)
{
	if (root->kind != YAML_MAP)
		return yaml_error(root, e, "a config is a mapping: "
		    "'key: value' lines");
	for (size_t i = 0; i < root->count; i++)
		if (config_check_key(root->keys[i], included, e) == -1 ||
		    config_take(c, top, root->keys[i]->text, root->items[i],
		    e) == -1)
			return -1;
	return 0;
}

/* ---- the command line ---------------------------------------------------- */

/*
 * A value of the command line becomes a scalar without a line, and goes the
 * same way as one from a file.
 */
static int
config_override(struct config *c, struct config_top *top, size_t i,
    struct err *e)
{
	const struct config_override *o = &c->context.overrides->list[i];
	struct yaml_node *node = &c->context.override_nodes[i];
	const char *why = yaml_refuses(o->value, strlen(o->value));
	const char *near;

	node->kind = YAML_SCALAR;
	node->file = o->from;
	node->text = mem_strdup(o->value);
	if (why != NULL)
		return yaml_error(node, e, "%s", why);
	if (o->is_param)
		return 0;
	if (config_key_known(o->key))
		return config_take(c, top, o->key, node, e);
	near = config_key_nearest(o->key, false);
	if (near != NULL)
		return yaml_error(node, e, "unknown setting '%.80s' (did you "
		    "mean '%s'?)", o->key, near);
	return yaml_error(node, e, "unknown setting '%.80s'", o->key);
}

/* A parameter that no cell has, and the one that may have been meant. */
static int
config_unused(struct config *c, size_t i, struct err *e)
{
	const struct config_override *o = &c->context.overrides->list[i];
	const struct yaml_node *node = &c->context.override_nodes[i];
	const struct plan *p = c->context.plan;
	struct str_nearest near = { .wanted = o->key };

	for (size_t k = 0; k < p->ncells; k++)
		for (int n = 0; n < p->cells[k].nparams; n++)
			str_nearest_try(&near, p->cells[k].params[n].row->name);
	if (config_key_known(o->key))
		return yaml_error(node, e, "'%s' is a setting, not a "
		    "parameter", o->key);
	if (near.best != NULL)
		return yaml_error(node, e, "no cell has a parameter '%.80s' "
		    "(did you mean '%s'?)", o->key, near.best);
	return yaml_error(node, e, "no cell has a parameter '%.80s'", o->key);
}

/* ---- all together -------------------------------------------------------- */

/* Nearer files come later and win, the command line comes last. */
static int
config_top_read(struct config *c, struct config_top *top, struct err *e)
{
	for (int i = c->files.count - 1; i >= 0; i--) {
		const struct yaml_node *root = c->files.list[i].tree.root;

		if (root != NULL &&
		    config_take_file(c, top, root, i > 0, e) == -1)
			return -1;
	}
	for (size_t i = 0; i < c->context.overrides->count; i++)
		if (config_override(c, top, i, e) == -1)
			return -1;
	return 0;
}

static int
config_cells(struct config *c, struct err *e)
{
	const struct yaml_tree *t = &c->files.list[0].tree;
	const struct yaml_node *cells;

	if (t->root == NULL)
		return err_set(e, "%s: an empty file: list workloads under "
		    "'cells'", t->file);
	cells = yaml_get(t->root, "cells");
	if (cells == NULL)
		return err_set(e, "%s: no 'cells': list at least one workload "
		    "under it", t->file);
	if (cells->kind != YAML_LIST || cells->count == 0)
		return yaml_error(cells, e, "'cells' is a list of at least one "
		    "workload");
	for (size_t i = 0; i < cells->count; i++)
		if (config_cells_entry(&c->context, cells->items[i], e) == -1)
			return -1;
	return 0;
}

/* `workload` is the one to run when there are no files, else NULL. */
static int
config_fill(struct config *c, const char *workload, struct err *e)
{
	struct config_context *x = &c->context;
	struct config_top top = { .seed = x->overrides->seed };
	int rc;

	if (config_top_read(c, &top, e) == -1)
		return -1;
	if (workload != NULL)
		rc = config_cells_workload(x, workload, e);
	else
		rc = config_cells(c, e);
	for (size_t i = 0; rc == 0 && i < x->overrides->count; i++)
		if (x->overrides->list[i].is_param && !x->override_used[i])
			rc = config_unused(c, i, e);
	x->plan->order = (enum plan_order)top.order;
	x->plan->seed = top.seed;
	x->plan->counting = (enum plan_count)top.counting;
	if (top.label != NULL && top.label[0] != '\0')
		x->plan->label = mem_strdup(top.label);
	return rc;
}

/* "configs/quick.yaml" is the plan "quick". */
static char *
config_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *base = slash != NULL ? slash + 1 : path;
	size_t len = strlen(base);
	struct str shown = { 0 };
	char *name;

	if (len > strlen(".yaml") && str_ends(base, ".yaml"))
		len -= strlen(".yaml");
	name = mem_strndup(base, len);
	str_add_safe(&shown, name);
	free(name);
	name = mem_strdup(str_text(&shown));
	str_free(&shown);
	return name;
}

static void
config_begin(struct config *c, struct plan *p,
    const struct config_overrides *o)
{
	memset(p, 0, sizeof(*p));
	memset(c, 0, sizeof(*c));
	c->context.plan = p;
	c->context.overrides = o;
	c->context.override_nodes = mem_zalloc(o->count *
	    sizeof(*c->context.override_nodes));
	c->context.override_used = mem_zalloc(o->count *
	    sizeof(*c->context.override_used));
}

static int
config_end(struct config *c, int rc)
{
	config_files_free(&c->files);
	for (size_t i = 0; i < c->context.overrides->count; i++)
		free(c->context.override_nodes[i].text);
	free(c->context.override_nodes);
	free(c->context.override_used);
	if (rc == -1)
		plan_free(c->context.plan);
	return rc;
}

int
config_read(struct plan *p, const char *path,
    const struct config_overrides *o, struct err *e)
{
	struct config c;
	int rc;

	config_begin(&c, p, o);
	p->name = config_name(path);
	rc = config_files_read(&c.files, path, e);
	if (rc == 0)
		rc = config_fill(&c, NULL, e);
	return config_end(&c, rc);
}

int
config_read_text(struct plan *p, const char *file, const char *text,
    size_t len, const struct config_overrides *o, struct err *e)
{
	struct config c;
	int rc;

	config_begin(&c, p, o);
	p->name = config_name(file);
	rc = config_files_text(&c.files, file, text, len, e);
	if (rc == 0)
		rc = config_fill(&c, NULL, e);
	return config_end(&c, rc);
}

int
config_workload(struct plan *p, const char *name,
    const struct config_overrides *o, struct err *e)
{
	struct config c;
	int rc;

	config_begin(&c, p, o);
	p->name = mem_strdup(name);
	rc = config_fill(&c, name, e);
	return config_end(&c, rc);
}
