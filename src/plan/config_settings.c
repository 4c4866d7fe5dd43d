/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The table of settings, and texts into the canonical values of an axis.
 */
#include "config.h"

#include "plan/config_settings.h"

#include <stdlib.h>
#include <string.h>

#include "base/event_list.h"
#include "base/mem.h"
#include "base/param.h"
#include "base/str.h"
#include "plan/config_plan.h"
#include "plan/range.h"

static const char *const config_modes[] = { "process", "thread", NULL };

#define CONFIG_ROW(field) offsetof(struct config_values, field)

static const struct vms_param config_rows[] = {
	[CONFIG_WORKERS] = { "workers", VMS_INT, CONFIG_ROW(workers),
	    "1", "1", "65536", NULL,
	    "how many workers, as a range: 1,2,4..ncpu" },
	[CONFIG_PIN] = { "pin", VMS_STRING, CONFIG_ROW(pin),
	    "cores", NULL, NULL, NULL,
	    "placement: none, compact, scatter, cores, l3, numa, list:0,2" },
	[CONFIG_MODE] = { "mode", VMS_CHOICE, CONFIG_ROW(mode),
	    "process", NULL, NULL, config_modes,
	    "workers are processes or threads of one" },
	[CONFIG_LATENCY] = { "latency", VMS_BOOL, CONFIG_ROW(latency),
	    "false", NULL, NULL, NULL,
	    "time every operation of a rate workload" },
	[CONFIG_LAUNCHES] = { "launches", VMS_COUNT, CONFIG_ROW(launches),
	    "5", "1", "1000", NULL,
	    "independent executions of a cell" },
	[CONFIG_SAMPLES] = { "samples", VMS_COUNT, CONFIG_ROW(samples),
	    "3", "1", "1M", NULL,
	    "measured intervals of a launch" },
	[CONFIG_INTERVAL] = { "interval", VMS_TIME, CONFIG_ROW(interval_ns),
	    "1s", "1ms", "1h", NULL,
	    "length of a sample" },
	[CONFIG_WARMUP] = { "warmup", VMS_TIME, CONFIG_ROW(warmup_ns),
	    "500ms", "0s", "1h", NULL,
	    "running time before the first sample" },
	[CONFIG_TIMEOUT] = { "timeout", VMS_TIME, CONFIG_ROW(timeout_ns),
	    "0s", NULL, NULL, NULL,
	    "when a launch counts as hung; 0s: derived from its length" },
	[CONFIG_PROBE] = { "probe", VMS_BOOL, CONFIG_ROW(probe),
	    "false", NULL, NULL, NULL,
	    "watch how the rest of the system fares; populations: true" },
	[CONFIG_STATISTICS] = { "statistics", VMS_BOOL, CONFIG_ROW(statistics),
	    "true", NULL, NULL, NULL,
	    "what the kernel counts of itself, for each sample or phase" },
	[CONFIG_EVENTS] = { "events", VMS_STRING, CONFIG_ROW(events),
	    "auto", NULL, NULL, NULL,
	    "events to count, in a launch more; auto: what processors count" },
	[CONFIG_PROFILE] = { "profile", VMS_STRING, CONFIG_ROW(profile),
	    "none", NULL, NULL, NULL,
	    "event to sample call chains by, in a launch more; auto, none" },
	[CONFIG_SETTINGS] = VMS_PARAMS_END
};

const struct vms_param *
config_settings(void)
{
	return config_rows;
}

enum config_setting
config_setting_find(const char *name)
{
	for (int i = 0; i < CONFIG_SETTINGS; i++)
		if (strcmp(config_rows[i].name, name) == 0)
			return (enum config_setting)i;
	return CONFIG_PARAM;
}

/* ---- one text into values ---------------------------------------------- */

static int
config_axis_add(struct config_axis *a, const char *text, struct err *e)
{
	for (size_t i = 0; i < a->count; i++)
		if (strcmp(a->texts[i], text) == 0)
			return 0;
	if (a->count == RANGE_VALUES)
		return err_set(e, "more than %d values", RANGE_VALUES);
	a->texts = mem_grow(a->texts, a->count, &a->cap, sizeof(*a->texts));
	a->texts[a->count++] = mem_strdup(text);
	return 0;
}

static int
config_put_row(struct config_axis *a, const struct config_scope *s,
    const char *text, struct err *e)
{
	size_t size = a->setting == CONFIG_PARAM ? s->workload->params_size :
	    sizeof(struct config_values);
	void *values = mem_zalloc(size);
	struct str canonical = { 0 };
	int rc = param_set(a->row, values, text, e);

	if (rc == 0) {
		param_put(a->row, values, &canonical);
		rc = config_axis_add(a, str_text(&canonical), e);
	}
	str_free(&canonical);
	free(values);
	return rc;
}

static int
config_put_workers(struct config_axis *a, const struct config_scope *s,
    const char *text, struct err *e)
{
	int *counts = NULL;
	int n = range_expand(text, s->ncpu, &counts, e);
	int rc = n == -1 ? -1 : 0;

	for (int i = 0; i < n && rc == 0; i++) {
		char *count = mem_printf("%d", counts[i]);

		rc = config_axis_add(a, count, e);
		free(count);
	}
	free(counts);
	return rc;
}

/* A text whose canonical form, a new string or NULL, somebody else knows. */
static int
config_put_canonical(struct config_axis *a, const char *text,
    char *(*canonical)(const char *text, struct err *e), struct err *e)
{
	char *value = canonical(text, e);
	int rc;

	if (value == NULL)
		return -1;
	rc = config_axis_add(a, value, e);
	free(value);
	return rc;
}

static int
config_put_pin(struct config_axis *a, const struct config_scope *s,
    const char *text, struct err *e)
{
	(void)s;
	return config_put_canonical(a, text, plan_pin, e);
}

static int
config_put_events(struct config_axis *a, const struct config_scope *s,
    const char *text, struct err *e)
{
	(void)s;
	return config_put_canonical(a, text, event_list_canonical, e);
}

/* There are two modes, so that without the one only the other is left. */
static int
config_mode_missing(const struct vms_workload *wl, struct err *e)
{
	bool process = (wl->modes & VMS_PROCESS) != 0;

	return err_set(e, "it has no '%s' mode, only '%s'",
	    config_modes[process ? 1 : 0], config_modes[process ? 0 : 1]);
}

static int
config_put_mode(struct config_axis *a, const struct config_scope *s,
    const char *text, struct err *e)
{
	struct config_values values;

	if (param_set(a->row, &values, text, e) == -1)
		return -1;
	if (s->workload != NULL && (s->workload->modes &
	    (values.mode == 1 ? VMS_THREAD : VMS_PROCESS)) == 0)
		return s->own ? config_mode_missing(s->workload, e) : 0;
	return config_axis_add(a, config_modes[values.mode], e);
}

/* ---- texts of the command line ----------------------------------------- */

/* How long the first value of a text with several is. */
static size_t
config_part_whole(const char *text)
{
	return strlen(text);
}

static size_t
config_part_comma(const char *text)
{
	return strcspn(text, ",");
}

/* No policy begins with a digit: such a part belongs to the list: before. */
static size_t
config_part_pin(const char *text)
{
	size_t len = strcspn(text, ",");

	while (text[len] == ',' && text[len + 1] >= '0' &&
	    text[len + 1] <= '9')
		len += 1 + strcspn(text + len + 1, ",");
	return len;
}

/* ---- a node into an axis ----------------------------------------------- */

struct config_type {
	bool list;		/* may have several values, or parts of one */
	bool joined;		/* a list is one value, with commas in it */
	int (*put)(struct config_axis *a, const struct config_scope *s,
	    const char *text, struct err *e);
	size_t (*part)(const char *text);
};

static const struct config_type config_single = {
	false, false, config_put_row, config_part_whole
};
static const struct config_type config_plain = {
	true, false, config_put_row, config_part_comma
};
static const struct config_type config_string = {
	true, false, config_put_row, config_part_whole
};
static const struct config_type config_events = {
	true, true, config_put_events, config_part_whole
};
static const struct config_type config_types[] = {
	[CONFIG_WORKERS] = { true, false, config_put_workers, config_part_whole },
	[CONFIG_PIN] = { true, false, config_put_pin, config_part_pin },
	[CONFIG_MODE] = { true, false, config_put_mode, config_part_comma },
	[CONFIG_LATENCY] = { true, false, config_put_row, config_part_comma },
};

static const struct config_type *
config_type(const struct config_axis *a)
{
	if (a->setting == CONFIG_PARAM)
		return a->row->type == VMS_STRING ? &config_string :
		    &config_plain;
	if (a->setting == CONFIG_EVENTS)
		return &config_events;
	return a->setting < CONFIG_LAUNCHES ? &config_types[a->setting] :
	    &config_single;
}

/* An error in a value: whose it is, and where it stands. */
static int
config_axis_error(const struct config_axis *a, const struct yaml_node *at,
    const struct config_scope *s, struct err *e)
{
	err_prefix(e, "%s '%s'", a->setting == CONFIG_PARAM ? "parameter" :
	    "setting", a->row->name);
	if (s->workload != NULL)
		err_prefix(e, "workload '%s'", s->workload->name);
	return at != NULL ? yaml_locate(at, e) : -1;
}

static int
config_axis_text(struct config_axis *a, const struct yaml_node *node,
    const struct config_scope *s, struct err *e)
{
	const struct config_type *type = config_type(a);
	const char *text = node->text;
	int rc = 0;

	if (node->line != 0)
		return type->put(a, s, text, e);
	for (bool more = true; rc == 0 && more; ) {
		size_t len = type->part(text);
		char *part = mem_strndup(text, len);

		rc = type->put(a, s, part, e);
		free(part);
		more = text[len] == ',';
		text += len + 1;
	}
	return rc;
}

static int
config_axis_item(struct config_axis *a, const struct yaml_node *node,
    const struct config_scope *s, struct err *e)
{
	int rc;

	if (node->kind == YAML_SCALAR)
		rc = config_axis_text(a, node, s, e);
	else
		rc = err_set(e, "a value must be plain, not a list or mapping");
	return rc == 0 ? 0 : config_axis_error(a, node, s, e);
}

/* A list that is one value. */
static int
config_axis_joined(struct config_axis *a, const struct yaml_node *node,
    const struct config_scope *s, struct err *e)
{
	struct str all = { 0 };
	int rc = 0;

	for (size_t i = 0; i < node->count && rc == 0; i++) {
		const struct yaml_node *item = node->items[i];

		if (item->kind != YAML_SCALAR) {
			err_set(e, "a value must be plain, not a list or "
			    "mapping");
			rc = config_axis_error(a, item, s, e);
		} else {
			str_addf(&all, "%s%s", i > 0 ? "," : "", item->text);
		}
	}
	if (rc == 0 && config_type(a)->put(a, s, str_text(&all), e) == -1)
		rc = config_axis_error(a, node, s, e);
	str_free(&all);
	return rc;
}

static int
config_axis_list(struct config_axis *a, const struct yaml_node *node,
    const struct config_scope *s, struct err *e)
{
	if (!config_type(a)->list || node->count == 0) {
		err_set(e, node->count == 0 ? "an empty list" :
		    "takes one value, not a list");
		return config_axis_error(a, node, s, e);
	}
	if (config_type(a)->joined)
		return config_axis_joined(a, node, s, e);
	for (size_t i = 0; i < node->count; i++)
		if (config_axis_item(a, node->items[i], s, e) == -1)
			return -1;
	return 0;
}

static const char *
config_axis_default(const struct config_axis *a, const struct config_scope *s)
{
	if (a->setting == CONFIG_MODE &&
	    (s->workload->modes & VMS_PROCESS) == 0)
		return config_modes[1];
	if (a->setting == CONFIG_PROBE && s->workload->population != NULL)
		return "true";
	return a->row->def;
}

static int
config_axis_node(struct config_axis *a, const struct yaml_node *node,
    const struct config_scope *s, struct err *e)
{
	if (node == NULL) {
		if (config_type(a)->put(a, s, config_axis_default(a, s), e) ==
		    -1)
			return config_axis_error(a, NULL, s, e);
		return 0;
	}
	if (node->kind == YAML_LIST)
		return config_axis_list(a, node, s, e);
	return config_axis_item(a, node, s, e);
}

int
config_axis_read(struct config_axis *a, const struct yaml_node *node,
    const struct config_scope *s, struct err *e)
{
	config_axis_free(a);
	a->node = node;
	if (config_axis_node(a, node, s, e) == -1)
		return -1;
	if (a->count > 0)
		return 0;
	/* Only modes are passed over, and here none was left. */
	config_mode_missing(s->workload, e);
	return config_axis_error(a, node, s, e);
}

void
config_axis_free(struct config_axis *a)
{
	for (size_t i = 0; i < a->count; i++)
		free(a->texts[i]);
	free(a->texts);
	a->texts = NULL;
	a->count = a->cap = a->at = 0;
}
