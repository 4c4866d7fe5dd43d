/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A config file into a plan.
 *
 *	include: defaults.yaml		# settings of another file
 *	label: 6.18-rc3
 *	order: random			# or listed
 *	seed: 42
 *	workers: 1,2,4..ncpu		# any setting below is a default for the
 *	mode: [process, thread]		#   cells and may be repeated in one
 *	pin: cores
 *	launches: 5
 *	samples: 3
 *	interval: 1s
 *	warmup: 500ms
 *	timeout: 60s			# of one launch; 0s: derived
 *	latency: false
 *	probe: false			# true where a population is the subject
 *	statistics: true
 *	events: auto			# or a list: [default, cycles:k]
 *	profile: none
 *	counting: auto			# how events are counted
 *	cells:
 *	  - workload: zfod
 *	    size: [4M, 128M]		# parameters stand beside the settings
 *	    workers: 1..ncpu
 *	  - fork			# short for `workload: fork`
 *
 * Lists in workers, mode, pin, latency and any parameter multiply out; that in
 * events is one value.
 * Workers vary fastest, so that a scaling sweep is consecutive rows; then pin,
 * mode, latency, and slowest the parameters, of which the one that the
 * workload's table lists last varies fastest.  Values that occur twice in a
 * list count once; the same cell in two entries is two cells.
 *
 * A mode that a workload does not have is an error when the cell itself asks
 * for it.  A list of modes from the top of a file, an included file or the
 * command line speaks to all workloads: each takes from it what it has, and
 * having none of it is the error.  Without any `mode`, a workload runs as
 * processes if it can.
 *
 * An included file may have every key but `cells`; it is found relative to the
 * file that includes it and may include another one, eight files deep.
 */
#ifndef VMSTRESS_CONFIG_PLAN_H
#define VMSTRESS_CONFIG_PLAN_H

#include "base/err.h"
#include "plan/plan.h"

/* More than this is a typing error in a list. */
#define CONFIG_CELLS_MAX 100000
#define CONFIG_LAUNCHES_MAX 10000000

/*
 * What the command line says; it wins over every file.  Of two that set the
 * same thing the last one counts.  Commas separate values as in a YAML list,
 * but never in a VMS_STRING parameter; those inside list:0,2,4 belong to it.
 */
struct config_override {
	const char *key;	/* a setting, label, order or seed; with
				 * is_param a parameter, set wherever a
				 * workload has it */
	const char *value;
	const char *from;	/* how the user wrote it: "-w 1,x"; errors
				 * begin with it */
	bool is_param;
};

struct config_overrides {
	const struct config_override *list;
	size_t count;
	int ncpu;		/* CPUs allowed, for ranges and shares */
	uint64_t seed;		/* used when no file gives one */
};

/*
 * Each fills `p` anew (plan_free() it), or leaves it empty and returns -1 with
 * an error that is located in a file or begins with an override's `from`.
 */

/* The file at `path`; the plan is named after it, without ".yaml". */
int config_read(struct plan *p, const char *path,
    const struct config_overrides *o, struct err *e);

/* The same from memory, `file` only names it in errors; no `include`. */
int config_read_text(struct plan *p, const char *file, const char *text,
    size_t len, const struct config_overrides *o, struct err *e);

/* One workload by name with the default settings. */
int config_workload(struct plan *p, const char *name,
    const struct config_overrides *o, struct err *e);

/*
 * The settings a cell may have, for `list`, completion, the manual and tests:
 * names, defaults, bounds and help, ended by a row without name.
 */
const struct vms_param *config_settings(void);

#endif
