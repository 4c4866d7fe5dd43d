/* SPDX-License-Identifier: BSD-2-Clause */
/* Lists of events: what is one, sets, modes, copies.  On any system. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "run/events.h"
#include "run/events_source.h"

static void
test_lists(void **state)
{
	static const char *const good[] = {
		"default",
		"none",
		"cycles:u,cycles:k",
		" default , page-faults ",
		"tlb:tlb_flush[reason==1]",
		"tlb:tlb_flush[reason==1||reason==3],cycles",
		"sched:sched_switch[prev_comm==\"a],b\" && prev_pid > 1],cycles",
		"x:y[a[0]==1]",
		"cpu/event=0x3c,umask=1/,cycles",
		"cpu/event=0x3c,umask=1/k",
		"skl::DTLB_LOAD_MISSES:WALK_ACTIVE:k",
		"r01c4",
	};
	struct err e = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		if (events_check(good[i], &e) != 0)
			fail_msg("%s: %s", good[i], e.text);
		assert_false(e.set);
	}
}

static void
test_no_lists(void **state)
{
	static const struct {
		const char *list, *error;
	} bad[] = {
		{ "", "a list of events has an empty item "
		    "(`none` is for no events)" },
		{ "cycles,", "a list of events has an empty item "
		    "(`none` is for no events)" },
		{ "cycles,,cs", "a list of events has an empty item "
		    "(`none` is for no events)" },
		{ "tlb:tlb_flush[reason==1", "event 'tlb:tlb_flush[reason==1': "
		    "'[' without ']'" },
		{ "a:b[c==\"]", "event 'a:b[c==\"]': '[' without ']'" },
		{ "a:b[c]d", "event 'a:b[c]d': something follows the filter" },
		{ "cpu/event=1", "event 'cpu/event=1': the second '/' is "
		    "missing" },
		{ "cs, cpu/event=1,cs", "event 'cpu/event=1,cs': the second "
		    "'/' is missing" },
		{ "[a]", "event '[a]' has no name" },
		{ ":u", "event ':u' has no name" },
		{ "/event=1/", "event '/event=1/' has no name" },
		{ "cycles instructions", "event 'cycles instructions': there "
		    "is a ' ' in its name" },
		{ "a]", "event 'a]': there is a ']' in its name" },
		{ "a\033b", "event 'a\033b': there is a control character "
		    "in it" },
		{ "a:b[c\n]", "event 'a:b[c\n]': there is a control character "
		    "in it" },
	};
	struct protocol_launch l = { 0 };
	struct err e;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		memset(&e, 0, sizeof(e));
		assert_int_equal(events_check(bad[i].list, &e), -1);
		assert_string_equal(e.text, bad[i].error);
		memset(&e, 0, sizeof(e));
		assert_int_equal(events_resolve(bad[i].list, &l, &e), -1);
		assert_string_equal(e.text, bad[i].error);
		assert_int_equal(l.nevents, 0);
	}
}

static void
test_sets(void **state)
{
	const char *const *members;
	struct err e = { 0 };
	const char *name;
	size_t i;

	(void)state;
	for (i = 0; (name = events_sets_at(i)) != NULL; i++) {
		members = events_sets_find(name);
		assert_non_null(members);
		for (; *members != NULL; members++) {
			assert_int_equal(events_check(*members, &e), 0);
			/* A set has no sets in it. */
			assert_null(events_sets_find(*members));
		}
	}
	assert_true(i >= 7);
	assert_null(events_sets_find("defaults"));
	assert_null(events_sets_find("none")[0]);
}

/* Whatever the system can do, all that was named is there, each once. */
static void
test_all_there(void **state)
{
	static const char *const names[] = {
		"page-faults:u", "page-faults:k", "minor-faults",
		"major-faults", "exceptions:page_fault_user",
		"exceptions:page_fault_kernel", "kmem:mm_page_alloc",
		"context-switches", "frobs",
	};
	struct protocol_launch l = { 0 };
	struct err e = { 0 };
	size_t i;

	(void)state;
	assert_int_equal(events_resolve("faults, cs,none,frobs,MINOR-faults,"
	    "faults,context-switches,perf::PAGE-FAULTS:u", &l, &e), 0);
	assert_int_equal(l.nevents, sizeof(names) / sizeof(names[0]));
	for (i = 0; i < l.nevents; i++) {
		assert_string_equal(l.events[i].name, names[i]);
		assert_true((l.events[i].status == NULL) ==
		    (l.events[i].reason == NULL));
	}
	/* A mistake of the user's; none is what a set has in vain. */
	assert_string_equal(l.events[8].status, "unknown_event");
	for (i = 0; i < 8; i++)
		if (l.events[i].status != NULL)
			assert_string_not_equal(l.events[i].status,
			    "unknown_event");
	protocol_launch_free(&l);
	events_free();
}

static void
test_too_many(void **state)
{
	struct protocol_launch l = { 0 };
	struct str list = { 0 };
	struct err e = { 0 };
	int i;

	(void)state;
	for (i = 0; i < PROTOCOL_EVENTS_MAX; i++)
		str_addf(&list, "%sr%x", i > 0 ? "," : "", i + 1);
	assert_int_equal(events_resolve(list.s, &l, &e), 0);
	assert_int_equal(l.nevents, PROTOCOL_EVENTS_MAX);
	protocol_launch_free(&l);
	str_add(&list, ",cycles");
	assert_int_equal(events_resolve(list.s, &l, &e), -1);
	assert_string_equal(e.text, "more than 256 events");
	protocol_launch_free(&l);
	str_free(&list);
	events_free();
}

/* An event of the table; its letters or NULL. */
static void
check_table(const char *name, const char *canonical, uint32_t type,
    uint64_t config, const char *exclude)
{
	struct protocol_event v = { 0 };

	assert_int_equal(events_table(name, &v), EVENTS_FOUND);
	assert_string_equal(v.name, canonical);
	assert_int_equal(v.type, type);
	assert_int_equal(v.config, config);
	if (exclude == NULL)
		assert_null(v.exclude);
	else
		assert_string_equal(v.exclude, exclude);
	events_name_clear(&v);
}

static void
test_table(void **state)
{
	(void)state;
	check_table("page-faults", "page-faults", 1, 2, NULL);
	check_table("faults:u", "page-faults:u", 1, 2, "k");
	check_table("PAGE-FAULTS:k", "page-faults:k", 1, 2, "u");
	check_table("page-faults:uk", "page-faults:uk", 1, 2, NULL);
	check_table("page-faults:u:k", "page-faults:u:k", 1, 2, NULL);
	check_table("perf::cs", "context-switches", 1, 3, NULL);
	check_table("cycles", "cycles", 0, 0, "g");
	check_table("cpu-cycles:u", "cycles:u", 0, 0, "khg");
	check_table("instructions:k", "instructions:k", 0, 1, "uhg");
	check_table("instructions:ukh", "instructions:ukh", 0, 1, "g");
	check_table("L1-dcache-loads", "L1-dcache-loads", 3, 0, "g");
	check_table("l1-dcache-load-misses", "L1-dcache-load-misses", 3,
	    0x10000, "g");
	check_table("dTLB-store-misses:k", "dTLB-store-misses:k", 3, 0x10103,
	    "uhg");
	check_table("iTLB-load-misses", "iTLB-load-misses", 3, 0x10004, "g");
	check_table("LLC-prefetch-misses", "LLC-prefetch-misses", 3, 0x10202,
	    "g");
	check_table("r01c4", "r01c4", 4, 0x1c4, "g");
	check_table("rFFFFFFFFFFFFFFFF:u", "rFFFFFFFFFFFFFFFF:u", 4,
	    UINT64_MAX, "khg");
}

static void
test_not_in_table(void **state)
{
	static const char *const names[] = {
		"cycle", "cycles:", "cycles:x", "cycles:u:", "cycles::u",
		"cycles:u,k", "r", "rg", "r10000000000000000",
		"page-faults[x]", "", ":u",
	};
	struct protocol_event v = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (events_table(names[i], &v) != EVENTS_UNKNOWN)
			fail_msg("'%s' is known", names[i]);
		events_name_clear(&v);
	}
}

/* What a block must have. */
static void
prepare(struct protocol_launch *l)
{
	l->workload = mem_strdup("null/1");
	l->pin = mem_strdup("none");
	l->workers = 1;
}

static void
check_same(const struct protocol_launch *a, const struct protocol_launch *b)
{
	struct str x = { 0 }, y = { 0 };

	protocol_put_launch(&x, a);
	protocol_put_launch(&y, b);
	assert_string_equal(str_text(&x), str_text(&y));
	str_free(&x);
	str_free(&y);
}

static void
test_copy(void **state)
{
	struct protocol_launch a = { 0 }, b = { 0 };
	struct protocol_event *v;

	(void)state;
	prepare(&a);
	prepare(&b);
	v = protocol_add_event(&a);
	v->name = mem_strdup("x:y[z]");
	v->type = 2;
	v->config = 1;
	v->config1 = 2;
	v->config2 = 3;
	v->exclude = mem_strdup("u");
	v->filter = mem_strdup("z");
	v->ncpus = 2;
	v->cpus = mem_array(NULL, 2, sizeof(*v->cpus));
	v->cpus[0] = 4;
	v->cpus[1] = 7;
	v = protocol_add_event(&a);
	v->name = mem_strdup("frobs");
	v->status = mem_strdup("unknown_event");
	v->reason = mem_strdup("no frobs");
	events_copy(&a, &b);
	check_same(&a, &b);
	assert_int_equal(b.events[0].cpus[1], 7);
	assert_ptr_not_equal(a.events[0].cpus, b.events[0].cpus);
	protocol_launch_free(&b);

	prepare(&b);
	a.profile = mem_zalloc(sizeof(*a.profile));
	a.profile->name = mem_strdup("cpu-clock");
	a.profile->type = 1;
	a.profile_hz = 997;
	events_copy(&a, &b);
	check_same(&a, &b);
	protocol_launch_free(&a);
	protocol_launch_free(&b);
}

static void
test_bad_profiles(void **state)
{
	static const char *const names[] = {
		"cycles,cs", "default", "none", "cycles,",
	};
	struct protocol_launch l = { 0 };
	struct err e;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		memset(&e, 0, sizeof(e));
		assert_int_equal(events_resolve_profile(names[i], &l, &e), -1);
		assert_non_null(strstr(e.text, "is not one event"));
		assert_null(l.profile);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_no_lists),
		cmocka_unit_test(test_sets),
		cmocka_unit_test(test_all_there),
		cmocka_unit_test(test_too_many),
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_not_in_table),
		cmocka_unit_test(test_copy),
		cmocka_unit_test(test_bad_profiles),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
