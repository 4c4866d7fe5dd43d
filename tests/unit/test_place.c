/* SPDX-License-Identifier: BSD-2-Clause */
/* Placement on machines that we do not have. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "run/place.h"

#include <cmocka.h>

#include <hwloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct place *
described(const char *synthetic)
{
	struct err e = { 0 };
	struct place *p;

	assert_int_equal(setenv("HWLOC_SYNTHETIC", synthetic, 1), 0);
	p = place_new(&e);
	assert_non_null(p);
	assert_false(place_is_real(p));
	return p;
}

/* The first n places of a policy as text, "0 2 4". */
static const char *
order(const struct place *p, const char *policy, int n)
{
	static char text[1024];
	struct err e = { 0 };
	int i, cpus[256];
	size_t len = 0;

	assert_true(n <= 256);
	assert_int_equal(place_workers(p, policy, n, cpus, &e), 1);
	for (i = 0; i < n; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%d",
		    i > 0 ? " " : "", cpus[i]);
	return text;
}

struct machine {
	const char *synthetic;
	const char *policy;
	const char *places;
	int n;
};

/* Worked out by hand from the definitions in place.h. */
static const struct machine machines[] = {
	/* Two packages, a node each, two L3 each, two cores, two threads. */
#define BIG "pack:2 [numa] l3:2 core:2 pu:2"
	{ BIG, "compact", "0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15", 16 },
	{ BIG, "cores", "0 2 4 6 8 10 12 14 1 3 5 7 9 11 13 15", 16 },
	{ BIG, "scatter", "0 8 4 12 2 10 6 14 1 9 5 13 3 11 7 15", 16 },
	{ BIG, "l3", "0 4 8 12 2 6 10 14 1 5 9 13 3 7 11 15", 16 },
	{ BIG, "numa", "0 8 2 10 4 12 6 14 1 9 3 11 5 13 7 15", 16 },
	{ BIG, "list:3,1", "3 1 3 1", 4 },
	/* Wrapping around. */
	{ "core:2 pu:2", "cores", "0 2 1 3 0 2", 6 },
	{ "core:2 pu:2", "compact", "0 1 2 3 0 1", 6 },
	/* No SMT, NUMA nodes without packages. */
	{ "numa:2 core:2 pu:1", "scatter", "0 2 1 3", 4 },
	{ "numa:2 core:2 pu:1", "cores", "0 1 2 3", 4 },
	{ "numa:2 core:2 pu:1", "numa", "0 2 1 3", 4 },
	/* No last-level cache: the package stands in. */
	{ "pack:2 core:2 pu:1", "l3", "0 2 1 3", 4 },
	/* The system may number threads as it likes. */
	{ "core:2 pu:2(indexes=0,2,1,3)", "compact", "0 2 1 3", 4 },
	{ "core:2 pu:2(indexes=0,2,1,3)", "cores", "0 1 2 3", 4 },
	{ "pu:1", "scatter", "0 0", 2 },
};

static void
test_orders(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(machines) / sizeof(machines[0]); i++) {
		struct place *p = described(machines[i].synthetic);

		assert_string_equal(order(p, machines[i].policy,
		    machines[i].n), machines[i].places);
		place_free(p);
	}
}

/* What four workers get is the beginning of what eight get. */
static void
test_prefix(void **state)
{
	static const char *const policies[] = {
		"compact", "cores", "scatter", "l3", "numa"
	};
	struct place *p = described("pack:2 [numa] l3:3 core:3 pu:2");
	int few[36], many[36], n, k;
	struct err e = { 0 };
	size_t i;

	(void)state;
	assert_int_equal(place_ncpu(p), 36);
	for (i = 0; i < sizeof(policies) / sizeof(policies[0]); i++) {
		assert_int_equal(place_workers(p, policies[i], 36, many, &e), 1);
		for (n = 1; n <= 36; n++) {
			assert_int_equal(place_workers(p, policies[i], n, few,
			    &e), 1);
			assert_memory_equal(few, many, (size_t)n * sizeof(int));
		}
		/* Every CPU once. */
		for (n = 0; n < 36; n++)
			for (k = 0; k < n; k++)
				assert_int_not_equal(many[n], many[k]);
	}
	place_free(p);
}

static void
test_none_and_errors(void **state)
{
	struct place *p = described("core:2 pu:2");
	int cpus[2] = { -7, -7 };
	struct err e = { 0 };

	(void)state;
	assert_int_equal(place_workers(p, "none", 2, cpus, &e), 0);
	assert_int_equal(cpus[0], -7);
	assert_int_equal(place_workers(p, "list:0,9", 2, cpus, &e), -1);
	assert_string_equal(e.text,
	    "cpu 9 is not among the CPUs allowed here (0-3)");
	err_clear(&e);
	assert_int_equal(place_workers(p, "best", 2, cpus, &e), -1);
	assert_string_equal(e.text, "'best' is not a placement policy");
	place_free(p);
}

struct partner {
	const char *synthetic;
	enum vms_near near;
	int cpus[2];
	int partners[2];
	const char *error;
};

static const struct partner partners[] = {
	{ BIG, VMS_NEAR_SAME, { 0, 2 }, { 0, 2 }, NULL },
	{ BIG, VMS_NEAR_SMT, { 0, 2 }, { 1, 3 }, NULL },
	/* CPUs that nobody has come first, in logical order. */
	{ BIG, VMS_NEAR_CORE, { 0, 2 }, { 3, 1 }, NULL },
	{ BIG, VMS_NEAR_NODE, { 0, 8 }, { 4, 12 }, NULL },
	{ BIG, VMS_NEAR_FAR, { 0, 8 }, { 9, 1 }, NULL },
	{ "core:2 pu:1", VMS_NEAR_SMT, { 0, 1 }, { 0, 0 },
	    "cpu 0 has no other CPU at 'smt'" },
	{ "core:2 pu:1", VMS_NEAR_FAR, { 0, 1 }, { 0, 0 },
	    "cpu 0 has no other CPU at 'far'" },
	/* All taken: shared rather than refused. */
	{ "core:2 pu:1", VMS_NEAR_CORE, { 0, 1 }, { 1, 0 }, NULL },
};

static void
test_partners(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(partners) / sizeof(partners[0]); i++) {
		const struct partner *t = &partners[i];
		struct place *p = described(t->synthetic);
		int got[2] = { -7, -7 };
		struct err e = { 0 };
		int rc = place_partners(p, t->near, t->cpus, 2, got, &e);

		if (t->error != NULL) {
			assert_int_equal(rc, -1);
			assert_string_equal(e.text, t->error);
		} else {
			assert_int_equal(rc, 1);
			assert_int_equal(got[0], t->partners[0]);
			assert_int_equal(got[1], t->partners[1]);
		}
		place_free(p);
	}
}

static void
test_partners_of_free_workers(void **state)
{
	struct place *p = described("core:2 pu:1");
	int got[2] = { -7, -7 };
	struct err e = { 0 };

	(void)state;
	assert_int_equal(place_partners(p, VMS_NEAR_FREE, NULL, 2, got, &e), 0);
	assert_int_equal(got[0], -7);
	assert_int_equal(place_partners(p, VMS_NEAR_SMT, NULL, 2, got, &e), -1);
	assert_string_equal(e.text,
	    "a partner at 'smt' needs bound workers, but pin is none");
	place_free(p);
}

/* Four slow cores with low numbers, two fast ones: the fast ones first. */
static void
test_hybrid(void **state)
{
	char path[] = "/tmp/vmstress-place-XXXXXX";
	hwloc_bitmap_t slow = hwloc_bitmap_alloc(), fast = hwloc_bitmap_alloc();
	hwloc_topology_t t;
	struct place *p;
	struct err e = { 0 };
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(hwloc_topology_init(&t), 0);
	assert_int_equal(hwloc_topology_set_synthetic(t, "core:6 pu:1"), 0);
	assert_int_equal(hwloc_topology_load(t), 0);
	hwloc_bitmap_set_range(slow, 0, 3);
	hwloc_bitmap_set_range(fast, 4, 5);
	assert_int_equal(hwloc_cpukinds_register(t, slow, 0, 0, NULL, 0), 0);
	assert_int_equal(hwloc_cpukinds_register(t, fast, 1, 0, NULL, 0), 0);
	assert_int_equal(hwloc_topology_export_xml(t, path, 0), 0);
	hwloc_topology_destroy(t);
	hwloc_bitmap_free(slow);
	hwloc_bitmap_free(fast);

	assert_int_equal(unsetenv("HWLOC_SYNTHETIC"), 0);
	assert_int_equal(setenv("HWLOC_XMLFILE", path, 1), 0);
	p = place_new(&e);
	unsetenv("HWLOC_XMLFILE");
	unlink(path);
	assert_non_null(p);
	assert_string_equal(order(p, "cores", 6), "4 5 0 1 2 3");
	assert_string_equal(order(p, "compact", 6), "4 5 0 1 2 3");
	assert_string_equal(order(p, "scatter", 6), "4 5 0 1 2 3");
	place_free(p);
}

/* This machine, whatever it is: all its CPUs are places. */
static void
test_here(void **state)
{
	struct err e = { 0 };
	struct place *p;

	(void)state;
	unsetenv("HWLOC_SYNTHETIC");
	unsetenv("HWLOC_THISSYSTEM");
	p = place_new(&e);
	assert_non_null(p);
	assert_true(place_is_real(p));
	assert_true(place_ncpu(p) >= 1);
	assert_true(strlen(place_summary(p)) > 0);
	assert_true(strlen(order(p, "cores", 1)) > 0);
	place_free(p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_orders),
		cmocka_unit_test(test_prefix),
		cmocka_unit_test(test_none_and_errors),
		cmocka_unit_test(test_partners),
		cmocka_unit_test(test_partners_of_free_workers),
		cmocka_unit_test(test_hybrid),
		cmocka_unit_test(test_here),
	};

	setenv("HWLOC_THISSYSTEM", "0", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
