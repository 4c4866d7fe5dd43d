/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The settings of a cell, and the values that a config gives to a setting or
 * parameter: one axis of the product of cells.
 */
#ifndef VMSTRESS_CONFIG_SETTINGS_H
#define VMSTRESS_CONFIG_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "plan/yaml.h"
#include "workload.h"

/* In the order in which they vary in the product, fastest first. */
enum config_setting {
	CONFIG_WORKERS,
	CONFIG_PIN,
	CONFIG_MODE,
	CONFIG_LATENCY,
	CONFIG_LAUNCHES,
	CONFIG_SAMPLES,
	CONFIG_INTERVAL,
	CONFIG_WARMUP,
	CONFIG_TIMEOUT,
	CONFIG_PROBE,
	CONFIG_STATISTICS,
	CONFIG_EVENTS,
	CONFIG_PROFILE,
	CONFIG_SETTINGS,	/* how many there are */
	CONFIG_PARAM		/* of the workload, no setting */
};

/* What the rows of config_settings() fill. */
struct config_values {
	int64_t workers;
	const char *pin;
	int mode;		/* index into its choices: 1 is thread */
	bool latency;
	uint64_t launches;
	uint64_t samples;
	uint64_t interval_ns;
	uint64_t warmup_ns;
	uint64_t timeout_ns;
	bool probe;
	bool statistics;
	const char *events;
	const char *profile;
};

struct config_axis {
	enum config_setting setting;	/* or CONFIG_PARAM */
	const struct vms_param *row;
	const struct yaml_node *node;	/* who said so; NULL: the default */
	char **texts;			/* canonical, each once */
	size_t count, cap;
	size_t at;			/* the current one, for the product */
};

/* For whom an axis is read. */
struct config_scope {
	const struct vms_workload *workload;	/* NULL: for all of them */
	int ncpu;
	bool own;		/* written in the cell, not a default */
};

/* The setting of that name, or CONFIG_PARAM. */
enum config_setting config_setting_find(const char *name);

/*
 * Replace the values of an axis by those of a node, or by the default for
 * NULL.  Errors are located at the node.  `setting` and `row` must be set.
 * For all workloads it only checks a mode, for one it leaves at least one.
 */
int config_axis_read(struct config_axis *a, const struct yaml_node *node,
    const struct config_scope *s, struct err *e);

void config_axis_free(struct config_axis *a);

#endif
