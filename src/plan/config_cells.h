/* SPDX-License-Identifier: BSD-2-Clause */
/* One entry of `cells`, or a workload's name, into cells of the plan. */
#ifndef VMSTRESS_CONFIG_CELLS_H
#define VMSTRESS_CONFIG_CELLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "plan/config_plan.h"
#include "plan/config_settings.h"
#include "plan/plan.h"
#include "plan/yaml.h"

/* What holds for all cells while a config is read. */
struct config_context {
	struct plan *plan;
	const struct config_overrides *overrides;
	struct yaml_node *override_nodes;	/* their values, as scalars */
	bool *override_used;			/* by at least one cell */
	/* The settings at the top of the files; NULL: not set there. */
	const struct yaml_node *defaults[CONFIG_SETTINGS];
	uint64_t launches;			/* of all cells so far */
};

int config_cells_entry(struct config_context *c, const struct yaml_node *entry,
    struct err *e);
int config_cells_workload(struct config_context *c, const char *name,
    struct err *e);

/* The value that the command line gives to a key, or NULL. */
const struct yaml_node *config_override_node(struct config_context *c,
    const char *key, bool is_param);

#endif
