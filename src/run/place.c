/* SPDX-License-Identifier: BSD-2-Clause */
/* Placement on hwloc topologies; see place.h. */
#include "config.h"

#include "run/place.h"

#include <hwloc.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"

#define PLACE_DEPTH 32

struct place_pu {
	int os;			/* the system's number */
	int efficiency;		/* greater is more performant; -1: one kind */
	int depth;
	unsigned path[PLACE_DEPTH];	/* rank among siblings, by depth */
	unsigned thread;	/* rank inside its core */
	unsigned core, cache, node, package;	/* identity, not rank */
	unsigned turn;		/* see place_deal() */
};

struct place {
	hwloc_topology_t topology;
	struct place_pu *pus;	/* logical order */
	int npus;
	char summary[256];
};

/* ---- reading the topology --------------------------------------------- */

/* The last-level cache, or whatever stands in for it: core, then package. */
static hwloc_obj_t
place_cache_of(hwloc_obj_t pu)
{
	hwloc_obj_t o, found = NULL;

	for (o = pu; o != NULL; o = o->parent)
		if (hwloc_obj_type_is_dcache(o->type) && (found == NULL ||
		    o->attr->cache.depth > found->attr->cache.depth))
			found = o;
	return found;
}

static unsigned
place_id(hwloc_obj_t o, unsigned fallback)
{
	return o != NULL ? o->logical_index : fallback;
}

static int
place_efficiency(hwloc_topology_t t, hwloc_obj_t pu)
{
	int kind = hwloc_cpukinds_get_by_cpuset(t, pu->cpuset, 0);
	int efficiency = -1;

	if (kind < 0 || hwloc_cpukinds_get_info(t, (unsigned)kind, NULL,
	    &efficiency, NULL, NULL, 0) != 0)
		return -1;
	return efficiency;
}

static void
place_read_pu(hwloc_topology_t t, hwloc_obj_t o, struct place_pu *pu)
{
	hwloc_obj_t core = hwloc_get_ancestor_obj_by_type(t, HWLOC_OBJ_CORE, o);
	hwloc_obj_t package =
	    hwloc_get_ancestor_obj_by_type(t, HWLOC_OBJ_PACKAGE, o);
	hwloc_obj_t a;

	pu->os = (int)o->os_index;
	pu->efficiency = place_efficiency(t, o);
	pu->depth = o->depth < PLACE_DEPTH ? o->depth : PLACE_DEPTH - 1;
	for (a = o; a != NULL; a = a->parent)
		if (a->depth >= 0 && a->depth < PLACE_DEPTH)
			pu->path[a->depth] = a->sibling_rank;
	pu->thread = core != NULL ? o->logical_index -
	    core->children[0]->logical_index : 0;
	pu->core = place_id(core, o->logical_index);
	pu->package = place_id(package, 0);
	pu->cache = place_id(place_cache_of(o), pu->package);
	pu->node = o->nodeset != NULL && !hwloc_bitmap_iszero(o->nodeset) ?
	    (unsigned)hwloc_bitmap_first(o->nodeset) : 0;
}

static bool
place_described(void)
{
	return getenv("HWLOC_SYNTHETIC") != NULL ||
	    getenv("HWLOC_XMLFILE") != NULL;
}

static int
place_load(struct place *p, struct err *e)
{
	unsigned long flags = HWLOC_TOPOLOGY_FLAG_IS_THISSYSTEM |
	    HWLOC_TOPOLOGY_FLAG_RESTRICT_TO_CPUBINDING;

	/* Plug-ins of hwloc look for GPUs and the like, at a cost in time. */
	setenv("HWLOC_PLUGINS_PATH", "/nonexistent", 0);
	if (hwloc_topology_init(&p->topology) != 0)
		return err_errno(e, "cannot initialize hwloc");
	hwloc_topology_set_io_types_filter(p->topology,
	    HWLOC_TYPE_FILTER_KEEP_NONE);
	if (!place_described())
		hwloc_topology_set_flags(p->topology, flags);
	if (hwloc_topology_load(p->topology) != 0)
		err_errno(e, "cannot read the topology of this machine");
	else if (place_described() && place_is_real(p))
		err_set(e, "HWLOC_SYNTHETIC or HWLOC_XMLFILE is no topology "
		    "that hwloc understands (e.g. 'pack:2 core:4 pu:2')");
	if (!e->set)
		return 0;
	hwloc_topology_destroy(p->topology);
	return -1;
}

struct place *
place_new(struct err *e)
{
	struct place *p = mem_zalloc(sizeof(*p));
	int i;

	if (place_load(p, e) != 0) {
		free(p);
		return NULL;
	}
	p->npus = hwloc_get_nbobjs_by_type(p->topology, HWLOC_OBJ_PU);
	p->pus = mem_zalloc((size_t)p->npus * sizeof(*p->pus));
	for (i = 0; i < p->npus; i++)
		place_read_pu(p->topology, hwloc_get_obj_by_type(p->topology,
		    HWLOC_OBJ_PU, (unsigned)i), &p->pus[i]);
	hwloc_topology_export_synthetic(p->topology, p->summary,
	    sizeof(p->summary), HWLOC_TOPOLOGY_EXPORT_SYNTHETIC_FLAG_NO_ATTRS |
	    HWLOC_TOPOLOGY_EXPORT_SYNTHETIC_FLAG_IGNORE_MEMORY);
	return p;
}

void
place_free(struct place *p)
{
	if (p == NULL)
		return;
	hwloc_topology_destroy(p->topology);
	free(p->pus);
	free(p);
}

int
place_ncpu(const struct place *p)
{
	return p->npus > 0 ? p->npus : 1;
}

bool
place_is_real(const struct place *p)
{
	return hwloc_topology_is_thissystem(p->topology) != 0;
}

const char *
place_summary(const struct place *p)
{
	return p->summary;
}

/* ---- orders ----------------------------------------------------------- */

static int
place_cmp(unsigned a, unsigned b)
{
	return (a > b) - (a < b);
}

/* From the root down: neighbours first. */
static int
place_by_path(const struct place_pu *x, const struct place_pu *y)
{
	int d, c = 0;

	for (d = 0; d <= x->depth && c == 0; d++)
		c = place_cmp(x->path[d], y->path[d]);
	return c;
}

static int
place_compact(const void *a, const void *b)
{
	const struct place_pu *x = a, *y = b;

	if (x->efficiency != y->efficiency)
		return x->efficiency < y->efficiency ? 1 : -1;
	return place_by_path(x, y);
}

static int
place_cores(const void *a, const void *b)
{
	const struct place_pu *x = a, *y = b;

	if (x->efficiency != y->efficiency)
		return x->efficiency < y->efficiency ? 1 : -1;
	if (x->thread != y->thread)
		return place_cmp(x->thread, y->thread);
	return place_by_path(x, y);
}

/* From the leaves up: the root's children alternate fastest. */
static int
place_scatter(const void *a, const void *b)
{
	const struct place_pu *x = a, *y = b;
	int d, c = 0;

	if (x->efficiency != y->efficiency)
		return x->efficiency < y->efficiency ? 1 : -1;
	for (d = x->depth; d >= 0 && c == 0; d--)
		c = place_cmp(x->path[d], y->path[d]);
	return c;
}

static int
place_by_turn(const void *a, const void *b)
{
	const struct place_pu *x = a, *y = b;

	if (x->turn != y->turn)
		return place_cmp(x->turn, y->turn);
	return place_cores(a, b);
}

static unsigned
place_cache_id(const struct place_pu *pu)
{
	return pu->cache;
}

static unsigned
place_node_id(const struct place_pu *pu)
{
	return pu->node;
}

/* Deal the CPUs of each domain one by one, in the order of `cores`. */
static void
place_deal(struct place_pu *pus, int n,
    unsigned (*domain)(const struct place_pu *))
{
	int i, k;

	qsort(pus, (size_t)n, sizeof(*pus), place_cores);
	for (i = 0; i < n; i++)
		for (pus[i].turn = 0, k = 0; k < i; k++)
			pus[i].turn += domain(&pus[k]) == domain(&pus[i]);
	qsort(pus, (size_t)n, sizeof(*pus), place_by_turn);
}

static const struct place_policy {
	const char *name;
	int (*order)(const void *, const void *);
	unsigned (*domain)(const struct place_pu *);	/* instead of order */
} place_policies[] = {
	{ "compact", place_compact, NULL },
	{ "cores", place_cores, NULL },
	{ "scatter", place_scatter, NULL },
	{ "l3", NULL, place_cache_id },
	{ "numa", NULL, place_node_id },
};

static const struct place_pu *
place_find(const struct place *p, int os)
{
	int i;

	for (i = 0; i < p->npus; i++)
		if (p->pus[i].os == os)
			return &p->pus[i];
	return NULL;
}

static int
place_not_allowed(const struct place *p, int cpu, struct err *e)
{
	char *allowed = NULL;

	hwloc_bitmap_list_asprintf(&allowed,
	    hwloc_topology_get_topology_cpuset(p->topology));
	err_set(e, "cpu %d is not among the CPUs allowed here (%s)", cpu,
	    allowed != NULL ? allowed : "?");
	free(allowed);
	return -1;
}

/* "0,2,4" round and round. */
static int
place_list(const struct place *p, const char *list, int n, int *cpus,
    struct err *e)
{
	const char *at = list;
	char *end;
	int i;

	for (i = 0; i < n; i++) {
		cpus[i] = (int)strtol(at, &end, 10);
		if (end == at)
			return err_set(e, "'list:%s' is not a list of CPUs",
			    list);
		if (place_find(p, cpus[i]) == NULL)
			return place_not_allowed(p, cpus[i], e);
		at = *end == ',' ? end + 1 : list;
	}
	return 1;
}

int
place_workers(const struct place *p, const char *policy, int n, int *cpus,
    struct err *e)
{
	size_t k, size = (size_t)p->npus * sizeof(*p->pus);
	struct place_pu *pus;
	int i;

	if (strcmp(policy, "none") == 0)
		return 0;
	if (strncmp(policy, "list:", 5) == 0)
		return place_list(p, policy + 5, n, cpus, e);
	for (k = 0; k < sizeof(place_policies) / sizeof(place_policies[0]); k++)
		if (strcmp(policy, place_policies[k].name) == 0)
			break;
	if (k == sizeof(place_policies) / sizeof(place_policies[0]))
		return err_set(e, "'%s' is not a placement policy", policy);
	pus = mem_zalloc(size);
	memcpy(pus, p->pus, size);
	if (place_policies[k].domain != NULL)
		place_deal(pus, p->npus, place_policies[k].domain);
	else
		qsort(pus, (size_t)p->npus, sizeof(*pus),
		    place_policies[k].order);
	for (i = 0; i < n; i++)
		cpus[i] = pus[i % p->npus].os;
	free(pus);
	return 1;
}

/* ---- partners --------------------------------------------------------- */

static bool
place_is_near(const struct place_pu *a, const struct place_pu *b,
    enum vms_near near)
{
	bool far = a->node != b->node || a->package != b->package;

	switch (near) {
	case VMS_NEAR_SAME:
		return a->os == b->os;
	case VMS_NEAR_SMT:
		return a->core == b->core && a->os != b->os;
	case VMS_NEAR_CORE:
		return a->core != b->core && a->cache == b->cache && !far;
	case VMS_NEAR_NODE:
		return a->cache != b->cache && !far;
	case VMS_NEAR_FAR:
		return far;
	case VMS_NEAR_FREE:
		break;
	}
	return false;
}

static bool
place_is_taken(const int *list, int n, int cpu)
{
	int i;

	for (i = 0; i < n; i++)
		if (list[i] == cpu)
			return true;
	return false;
}

int
place_partners(const struct place *p, enum vms_near near, const int *cpus,
    int n, int *partners, struct err *e)
{
	static const char *const words[] = VMS_NEAR_CHOICES;
	const struct place_pu *own;
	int i, k, found;

	if (near == VMS_NEAR_FREE)
		return 0;
	if (cpus == NULL)
		return err_set(e, "a partner at '%s' needs bound workers, but "
		    "pin is none", words[near]);
	for (i = 0; i < n; i++) {
		own = place_find(p, cpus[i]);
		found = -1;
		for (k = 0; own != NULL && k < p->npus; k++) {
			const struct place_pu *pu = &p->pus[k];

			if (!place_is_near(own, pu, near))
				continue;
			if (found < 0)
				found = pu->os;
			if (!place_is_taken(cpus, n, pu->os) &&
			    !place_is_taken(partners, i, pu->os)) {
				found = pu->os;
				break;
			}
		}
		if (found < 0)
			return err_set(e, "cpu %d has no other CPU at '%s'",
			    cpus[i], words[near]);
		partners[i] = found;
	}
	return 1;
}
