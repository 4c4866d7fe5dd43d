/* SPDX-License-Identifier: BSD-2-Clause */
/* Known workloads, and what is said about one that is not well formed. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

/* Before cmocka.h, whose macros fail and skip are names in workload.h. */
#include "base/registry.h"

#include <cmocka.h>

struct params {
	uint64_t size;
	int near;
};

static const char *const near_choices[] = VMS_NEAR_CHOICES;
static const char *const few_choices[] = { "free", "same", NULL };

static const struct vms_param near_rows[] = {
	{ "near", VMS_CHOICE, offsetof(struct params, near), "free", NULL,
	    NULL, near_choices, "where" },
	{ "size", VMS_SIZE, offsetof(struct params, size), "4K", NULL, NULL,
	    NULL, "how big" },
	VMS_PARAMS_END
};

static const struct vms_param few_rows[] = {
	{ "near", VMS_CHOICE, offsetof(struct params, near), "free", NULL,
	    NULL, few_choices, "where" },
	VMS_PARAMS_END
};

static const struct vms_param bad_rows[] = {
	{ "size", VMS_SIZE, offsetof(struct params, size), "12q", NULL, NULL,
	    NULL, "how big" },
	VMS_PARAMS_END
};

static int64_t
some_run(struct vms_worker *w, int64_t n)
{
	(void)w;
	return n;
}

static int64_t
some_phase(struct vms_worker *w)
{
	(void)w;
	return 1;
}

static int64_t
some_steps(const struct vms_cell *c)
{
	(void)c;
	return 1;
}

static int
some_step(struct vms_worker *w, int64_t i)
{
	(void)w;
	(void)i;
	return 0;
}

static const struct vms_phase good_phases[] = {
	{ "build", "process", some_phase, false },
	{ "teardown", "process", some_phase, true },
	{ NULL, NULL, NULL, false }
};

static const struct vms_phase no_unit[] = {
	{ "build", NULL, some_phase, false }, { NULL, NULL, NULL, false }
};

static const struct vms_phase no_function[] = {
	{ "build", "process", NULL, false }, { NULL, NULL, NULL, false }
};

static const struct vms_phase no_phase[] = { { NULL, NULL, NULL, false } };

#define WORKLOAD(n, k) .abi = VMS_ABI, .name = (n), .version = 1,	\
	.summary = "for tests", .kind = (k), .unit = "call",		\
	.modes = VMS_PROCESS | VMS_THREAD

static const struct vms_workload rate = {
	WORKLOAD("rate-one", VMS_RATE), .run = some_run,
	.params = near_rows, .params_size = sizeof(struct params),
	.partner_param = "near"
};

static const struct vms_workload phases = {
	WORKLOAD("phases-one", VMS_PHASES), .phases = good_phases
};

static const struct vms_workload curve = {
	WORKLOAD("curve-one", VMS_CURVE), .steps = some_steps,
	.step = some_step
};

static const struct vms_workload hidden = {
	WORKLOAD("hidden-one", VMS_RATE), .run = some_run, .hidden = true
};

const struct registry_row registry_builtin[] = {
	{ &rate, "About a rate." },
	{ &phases, "About phases." },
	{ &curve, NULL },
	{ &hidden, "About what is hidden." },
	{ NULL, NULL }
};

static void
test_find(void **state)
{
	struct err e = { 0 };

	(void)state;
	assert_ptr_equal(registry_find("rate-one", &e), &rate);
	assert_ptr_equal(registry_find("hidden-one", &e), &hidden);
	assert_false(e.set);
	assert_null(registry_find("rate-oen", &e));
	assert_string_equal(e.text,
	    "no workload 'rate-oen' (did you mean 'rate-one'?)");
	err_clear(&e);
	assert_null(registry_find("something", &e));
	assert_string_equal(e.text,
	    "no workload 'something' (see 'vmstress list')");
	/* What is hidden is not suggested. */
	err_clear(&e);
	assert_null(registry_find("hiden-one", &e));
	assert_string_equal(e.text,
	    "no workload 'hiden-one' (see 'vmstress list')");
}

static void
test_builtin(void **state)
{
	(void)state;
	assert_ptr_equal(registry_at(0), &rate);
	assert_ptr_equal(registry_at(3), &hidden);
	assert_null(registry_at(4));
	assert_null(registry_at(-1));
	assert_string_equal(registry_about(&phases), "About phases.");
	assert_null(registry_about(&curve));
	assert_null(registry_file(&rate));
}

/* One field of a good workload is spoilt at a time. */
static void
assert_refused(const struct vms_workload *wl, const char *error)
{
	struct err e = { 0 };

	assert_int_equal(registry_check(wl, &e), -1);
	assert_string_equal(e.text, error);
}

static void
test_check_good(void **state)
{
	struct err e = { 0 };

	(void)state;
	assert_int_equal(registry_check(&rate, &e), 0);
	assert_int_equal(registry_check(&phases, &e), 0);
	assert_int_equal(registry_check(&curve, &e), 0);
	assert_false(e.set);
}

static void
test_check_common(void **state)
{
	struct vms_workload wl;

	(void)state;
	wl = rate;
	wl.abi = 7;
	wl.name = NULL;
	assert_refused(&wl, "the workload has ABI 7, this program has ABI 1 "
	    "(compile it with this program's workload.h)");
	wl.abi = VMS_ABI;
	assert_refused(&wl, "the workload has no name");
	wl.name = "";
	assert_refused(&wl, "the workload has no name");
	wl.name = "Rate";
	assert_refused(&wl, "workload 'Rate': the name is not lower case "
	    "letters, digits and '-'");
	wl.name = "-rate";
	assert_refused(&wl, "workload '-rate': the name is not lower case "
	    "letters, digits and '-'");
	wl.name = "rate_one";
	assert_refused(&wl, "workload 'rate_one': the name is not lower case "
	    "letters, digits and '-'");
	wl = rate;
	wl.version = 0;
	assert_refused(&wl, "workload 'rate-one': the version is 0 (the first "
	    "is 1)");
	wl = rate;
	wl.summary = NULL;
	assert_refused(&wl, "workload 'rate-one': has no summary");
	wl = rate;
	wl.unit = "";
	assert_refused(&wl, "workload 'rate-one': has no unit");
	wl = rate;
	wl.modes = 0;
	assert_refused(&wl, "workload 'rate-one': modes is 0 (set "
	    "VMS_PROCESS, VMS_THREAD or both)");
	wl.modes = 0x4;
	assert_refused(&wl, "workload 'rate-one': modes is 0x4 (set "
	    "VMS_PROCESS, VMS_THREAD or both)");
	wl = rate;
	wl.latency = "lateness";
	assert_refused(&wl, "workload 'rate-one': names what it records as "
	    "'latency', which is for kind 'phases'");
	wl = rate;
	wl.kind = (enum vms_kind)9;
	assert_refused(&wl, "workload 'rate-one': has no known kind (9)");
}

static void
test_check_kinds(void **state)
{
	struct vms_workload wl;

	(void)state;
	wl = rate;
	wl.run = NULL;
	assert_refused(&wl, "workload 'rate-one': has no hook 'run', which "
	    "kind 'rate' requires");
	wl = phases;
	wl.phases = NULL;
	assert_refused(&wl, "workload 'phases-one': has no 'phases', which "
	    "kind 'phases' requires");
	wl.phases = no_phase;
	assert_refused(&wl, "workload 'phases-one': has no 'phases', which "
	    "kind 'phases' requires");
	wl.phases = no_unit;
	assert_refused(&wl, "workload 'phases-one': phase 'build' has no "
	    "unit");
	wl.phases = no_function;
	assert_refused(&wl, "workload 'phases-one': phase 'build' has no "
	    "function");
	wl = curve;
	wl.steps = NULL;
	assert_refused(&wl, "workload 'curve-one': has no hook 'steps', which "
	    "kind 'curve' requires");
	wl = curve;
	wl.step = NULL;
	assert_refused(&wl, "workload 'curve-one': has no hook 'step', which "
	    "kind 'curve' requires");
}

static void
test_check_params(void **state)
{
	struct vms_workload wl = rate;

	(void)state;
	wl.params = bad_rows;
	wl.partner_param = NULL;
	assert_refused(&wl, "workload 'rate-one': parameter 'size': default: "
	    "'12q' is not a size (try 64M)");
	wl = rate;
	wl.params_size = 4;
	assert_refused(&wl, "workload 'rate-one': parameter 'near': its field "
	    "at byte 8 does not fit into the parameter struct of 4 bytes");
	wl = rate;
	wl.partner_param = "far";
	assert_refused(&wl, "workload 'rate-one': partner_param names 'far', "
	    "which is no parameter");
	wl.partner_param = "size";
	assert_refused(&wl, "workload 'rate-one': partner_param names 'size', "
	    "which is no VMS_CHOICE");
	wl.partner_param = "near";
	wl.params = few_rows;
	assert_refused(&wl, "workload 'rate-one': partner_param names 'near', "
	    "whose choices are not VMS_NEAR_CHOICES");
}

/* Plug-ins stay known: this test is the last one. */
static void
test_add(void **state)
{
	static struct vms_workload added, same, again;
	struct err e = { 0 };
	char file[] = "./added.so";

	(void)state;
	added = same = again = rate;
	added.name = again.name = "added";
	assert_int_equal(registry_add(&added, file, &e), 0);
	file[2] = 'X';		/* the name was copied */
	assert_string_equal(registry_file(&added), "./added.so");
	assert_null(registry_about(&added));
	assert_ptr_equal(registry_at(4), &added);
	assert_null(registry_at(5));
	assert_ptr_equal(registry_find("added", &e), &added);
	assert_false(e.set);

	assert_int_equal(registry_add(&same, "same.so", &e), -1);
	assert_string_equal(e.text,
	    "workload 'rate-one' is already known, built in");
	err_clear(&e);
	assert_int_equal(registry_add(&again, "again.so", &e), -1);
	assert_string_equal(e.text,
	    "workload 'added' is already known, from ./added.so");
	err_clear(&e);
	again.name = "again";
	again.run = NULL;
	assert_int_equal(registry_add(&again, "again.so", &e), -1);
	assert_string_equal(e.text, "workload 'again': has no hook 'run', "
	    "which kind 'rate' requires");
	assert_null(registry_at(5));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_builtin),
		cmocka_unit_test(test_check_good),
		cmocka_unit_test(test_check_common),
		cmocka_unit_test(test_check_kinds),
		cmocka_unit_test(test_check_params),
		cmocka_unit_test(test_add),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
