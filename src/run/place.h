/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Placement: which CPU a worker is bound to.  The only user of hwloc.
 *
 * Every policy is one fixed order of the CPUs allowed here, so the places of
 * four workers are the first four places of eight; more workers than CPUs wrap
 * around.  On hybrid processors the more performant kind comes first.
 *
 *	compact	fill hardware threads, cores, caches, packages in turn
 *	cores	one hardware thread of every core first, cores as in compact
 *	scatter	as far apart as possible
 *	l3	one worker per last-level cache in turn, cores first inside
 *	numa	one worker per NUMA node in turn, cores first inside
 *	list:	the CPUs as given
 *	none	not bound
 */
#ifndef VMSTRESS_PLACE_H
#define VMSTRESS_PLACE_H

#include <stdbool.h>

#include "base/err.h"
#include "workload.h"

struct place;

/*
 * The topology of this machine, restricted to what affinity and cgroups allow,
 * or the one that HWLOC_SYNTHETIC or HWLOC_XMLFILE describe.
 */
struct place *place_new(struct err *e);
void place_free(struct place *p);

/* CPUs that may be used; at least 1. */
int place_ncpu(const struct place *p);

/* False for a described topology: plans can be made for it, but not run. */
bool place_is_real(const struct place *p);

/* "Package:2 L3Cache:2 Core:4 PU:2": levels and how many under each. */
const char *place_summary(const struct place *p);

/*
 * The CPUs of `n` workers under a policy (as plan_pin() writes it) into
 * cpus[n].  Returns 1, or 0 for the policy `none` (cpus untouched), or -1.
 */
int place_workers(const struct place *p, const char *policy, int n, int *cpus,
    struct err *e);

/*
 * The CPU for a partner task of every worker, at a place relative to it; CPUs
 * that nobody has yet come first.  Returns 1, 0 for VMS_NEAR_FREE (partners
 * untouched), or -1 with the reason why this machine has no such place.
 * `cpus` is NULL when workers are not bound.
 */
int place_partners(const struct place *p, enum vms_near near, const int *cpus,
    int n, int *partners, struct err *e);

#endif
