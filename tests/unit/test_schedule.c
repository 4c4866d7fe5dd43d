/* SPDX-License-Identifier: BSD-2-Clause */
/* The order of launches, and what a plan says about its cells. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Before cmocka.h, whose macros fail and skip are names in workload.h. */
#include "base/mem.h"
#include "fake_workloads.h"
#include "plan/plan.h"

#include <cmocka.h>

#define SECOND UINT64_C(1000000000)

/* A plan of n cells; cell i has `launches` launches, but cell 1 has two. */
static struct plan
make_plan(size_t n, int launches, enum plan_order order, uint64_t seed)
{
	struct plan p = { .order = order, .seed = seed, .ncells = n };

	p.cells = mem_zalloc(n * sizeof(*p.cells));
	for (size_t i = 0; i < n; i++) {
		p.cells[i].id = (int)i;
		p.cells[i].workload = &fake_zfod;
		p.cells[i].launches = i == 1 ? 2 : launches;
	}
	return p;
}

static void
test_listed(void **state)
{
	static const struct plan_launch expected[] = {
		{ 0, 0 }, { 1, 0 }, { 2, 0 }, { 0, 1 }, { 1, 1 }, { 2, 1 },
		{ 0, 2 }, { 2, 2 },
	};
	struct plan p = make_plan(3, 3, PLAN_LISTED, 1);
	size_t count = 0;
	struct plan_launch *list = plan_schedule(&p, &count);

	(void)state;
	assert_int_equal(count, 8);
	assert_memory_equal(list, expected, sizeof(expected));
	free(list);
	plan_free(&p);
}

/* Who counts apart does so in a launch more, in a round behind its others. */
static void
test_counts_apart(void **state)
{
	static const struct plan_launch expected[] = {
		{ 0, 0 }, { 1, 0 }, { 2, 0 }, { 0, 1 }, { 1, 1 }, { 2, 1 },
		{ 0, 2 }, { 1, 2 }, { 2, 2 }, { 2, 3 },
	};
	struct plan p = make_plan(3, 3, PLAN_LISTED, 1);
	struct plan_launch *list;
	size_t count = 0;

	(void)state;
	p.cells[1].counts_apart = p.cells[2].counts_apart = true;
	list = plan_schedule(&p, &count);
	assert_int_equal(count, 10);
	assert_memory_equal(list, expected, sizeof(expected));
	free(list);
	plan_free(&p);
}

static void
test_empty(void **state)
{
	struct plan p = make_plan(0, 3, PLAN_RANDOM, 1);
	size_t count = 1;
	struct plan_launch *list = plan_schedule(&p, &count);

	(void)state;
	assert_int_equal(count, 0);
	free(list);
	plan_free(&p);
}

/* Every round has every cell once, whatever the order. */
static void
test_rounds(void **state)
{
	struct plan p = make_plan(50, 4, PLAN_RANDOM, 7);
	bool seen[50][4] = { { false } };
	size_t count = 0;
	struct plan_launch *list = plan_schedule(&p, &count);
	int round = 0;

	(void)state;
	assert_int_equal(count, 49 * 4 + 2);
	for (size_t i = 0; i < count; i++) {
		assert_true(list[i].launch >= round);
		round = list[i].launch;
		assert_false(seen[list[i].cell][round]);
		seen[list[i].cell][round] = true;
	}
	free(list);
	plan_free(&p);
}

static bool
same_order(uint64_t seed_a, int launches_a, uint64_t seed_b, int launches_b,
    size_t from_a, size_t from_b)
{
	struct plan a = make_plan(50, launches_a, PLAN_RANDOM, seed_a);
	struct plan b = make_plan(50, launches_b, PLAN_RANDOM, seed_b);
	size_t na = 0, nb = 0;
	struct plan_launch *la = plan_schedule(&a, &na);
	struct plan_launch *lb = plan_schedule(&b, &nb);
	bool same = true;

	assert_true(na >= from_a + 49 && nb >= from_b + 49);
	for (size_t i = 0; i < 49; i++)
		if (la[from_a + i].cell != lb[from_b + i].cell)
			same = false;
	free(la);
	free(lb);
	plan_free(&a);
	plan_free(&b);
	return same;
}

static void
test_seeds(void **state)
{
	(void)state;
	assert_true(same_order(7, 4, 7, 4, 0, 0));
	/* More launches leave the first rounds as they were. */
	assert_true(same_order(7, 4, 7, 9, 0, 0));
	assert_true(same_order(7, 4, 7, 9, 50, 50));
	assert_true(same_order(7, 4, 7, 9, 100, 100));
	/* Another seed or round is another order. */
	assert_false(same_order(7, 4, 8, 4, 0, 0));
	assert_false(same_order(7, 4, 7, 4, 0, 50));
	/* Round 1 of a seed is not round 0 of the next one. */
	assert_false(same_order(7, 4, 8, 4, 50, 0));
	assert_false(same_order(0, 4, 0, 4, 0, 50));
}

/* A record repeats its order on every machine and in every version. */
static void
test_frozen(void **state)
{
	static const int expected[] = { 4, 3, 2, 1, 0, 5, 7, 6, 1 };
	struct plan p = make_plan(8, 1, PLAN_RANDOM, 42);
	size_t count = 0;
	struct plan_launch *list = plan_schedule(&p, &count);

	(void)state;
	assert_int_equal(count, 9);
	for (size_t i = 0; i < 9; i++)
		assert_int_equal(list[i].cell, expected[i]);
	free(list);
	plan_free(&p);
}

static void
test_times(void **state)
{
	static const struct vms_workload rate = { .kind = VMS_RATE };
	static const struct vms_workload phases = { .kind = VMS_PHASES };
	struct plan_cell c = { .samples = 3, .interval_ns = SECOND,
	    .warmup_ns = SECOND / 2, .workload = &rate };

	(void)state;
	assert_true(plan_launch_ns(&c) == 3 * SECOND + SECOND / 2);
	assert_true(plan_timeout_ns(&c) == 77 * SECOND + SECOND / 2);
	c.workers = 2000;
	assert_true(plan_timeout_ns(&c) == 177 * SECOND + SECOND / 2);
	/* Nobody knows how long a population takes. */
	c.workload = &phases;
	assert_true(plan_launch_ns(&c) == 0);
	assert_true(plan_timeout_ns(&c) == 3600 * SECOND);
	c.workload = &rate;
	c.workers = 1;
	c.timeout_ns = 5;
	assert_true(plan_timeout_ns(&c) == 5);
	c.timeout_ns = 0;
	c.interval_ns = UINT64_MAX / 2;
	assert_true(plan_launch_ns(&c) == UINT64_MAX);
	assert_true(plan_timeout_ns(&c) == UINT64_MAX);
}

static const struct {
	const char *text;
	const char *canonical;	/* NULL: an error */
	const char *error;
} pins[] = {
	{ "none", "none", "" },
	{ "compact", "compact", "" },
	{ "scatter", "scatter", "" },
	{ "cores", "cores", "" },
	{ "l3", "l3", "" },
	{ "numa", "numa", "" },
	{ "list:0", "list:0", "" },
	{ "list:0,2,4", "list:0,2,4", "" },
	{ "list:0,2-5", "list:0,2,3,4,5", "" },
	{ "list:7,3-3,00", "list:7,3,0", "" },
	{ "scater", NULL, "'scater' is not one of: none, compact, scatter, "
	    "cores, l3, numa, list:0,2,4 (did you mean 'scatter'?)" },
	{ "xyzzy", NULL, "'xyzzy' is not one of: none, compact, scatter, "
	    "cores, l3, numa, list:0,2,4" },
	{ "", NULL, "'' is not one of: none, compact, scatter, cores, l3, "
	    "numa, list:0,2,4" },
	{ "list:", NULL, "'' is not a CPU or range of CPUs (try list:0,2-5)" },
	{ "list:0,,1", NULL, "'' is not a CPU or range of CPUs (try "
	    "list:0,2-5)" },
	{ "list:5-2", NULL, "'5-2' is not a CPU or range of CPUs (try "
	    "list:0,2-5)" },
	{ "list:1-", NULL, "'1-' is not a CPU or range of CPUs (try "
	    "list:0,2-5)" },
	{ "list:-1", NULL, "'-1' is not a CPU or range of CPUs (try "
	    "list:0,2-5)" },
	{ "list:x", NULL, "'x' is not a CPU or range of CPUs (try "
	    "list:0,2-5)" },
	{ "list:65536", NULL, "'65536' is not a CPU or range of CPUs (try "
	    "list:0,2-5)" },
	{ "list:0-2,1", NULL, "a placement list has CPU 1 twice" },
	{ "list:0-4096", NULL, "a placement list has more than 4096 CPUs" },
};

static void
test_pins(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(pins) / sizeof(pins[0]); i++) {
		struct err e = { 0 };
		char *pin = plan_pin(pins[i].text, &e);

		assert_string_equal(e.text, pins[i].error);
		if (pins[i].canonical == NULL)
			assert_null(pin);
		else
			assert_string_equal(pin, pins[i].canonical);
		free(pin);
	}
}

static char *
params_text(const char *size, const char *thp)
{
	struct plan_param params[] = {
		{ &fake_zfod_params[0], mem_strdup(size) },
		{ &fake_zfod_params[1], mem_strdup(thp) },
	};
	struct plan_cell c = { .workload = &fake_zfod, .params = params,
	    .nparams = 2 };
	char *text = plan_params_text(&c);

	assert_string_equal(plan_param(&c, "size"), size);
	assert_string_equal(plan_param(&c, "thp"), thp);
	assert_null(plan_param(&c, "pages"));
	free(params[0].text);
	free(params[1].text);
	return text;
}

static void
check_params(const char *size, const char *thp, const char *expected)
{
	char *text = params_text(size, thp);

	assert_string_equal(text, expected);
	free(text);
}

static void
check_argv(const char *argv, const char *expected)
{
	char *copy = mem_strdup(argv);
	struct plan_param param = { &fake_command_params[0], copy };
	struct plan_cell c = { .workload = &fake_command, .params = &param,
	    .nparams = 1 };
	char *text = plan_params_text(&c);

	assert_string_equal(text, expected);
	free(text);
	free(copy);
}

static void
test_params(void **state)
{
	struct plan_cell none = { .workload = &fake_mmap_nth };
	char *text = plan_params_text(&none);

	(void)state;
	assert_string_equal(text, "");
	free(text);
	check_params("128M", "off", "");
	check_params("1G", "off", "size=1G");
	check_params("128M", "on", "thp=on");
	check_params("4K", "system", "size=4K thp=system");
	check_argv("true", "");
	check_argv("make", "argv=make");
	check_argv("make -j16", "argv='make -j16'");
	check_argv("", "argv=''");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_listed),
		cmocka_unit_test(test_counts_apart),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_rounds),
		cmocka_unit_test(test_seeds),
		cmocka_unit_test(test_frozen),
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_pins),
		cmocka_unit_test(test_params),
	};

	plan_free(NULL);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
