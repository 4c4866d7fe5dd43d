/* SPDX-License-Identifier: BSD-2-Clause */
/* Chains of calls are counted, added up and put in order; nothing vanishes. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "observe/profile.h"

static struct profile p;
static void *memory;

static void
begin(uint32_t stacks, uint32_t frames)
{
	free(memory);
	memory = calloc(1, profile_bytes(stacks, frames));
	assert_non_null(memory);
	profile_init(&p, memory, stacks, frames);
}

static int
end(void **state)
{
	(void)state;
	free(memory);
	memory = NULL;
	return 0;
}

static void
kernel(int part, uint64_t inner, uint64_t outer, uint64_t count)
{
	const uint64_t frames[] = { inner, outer };

	profile_add(&p, part, PROFILE_KERNEL, frames, 2, count);
}

static uint64_t
counted(void)
{
	uint64_t sum = 0;
	uint32_t i;

	for (i = 0; i < p.nstacks; i++)
		sum += p.stacks[i].count;
	return sum;
}

/* The same chain in another part or of another kind is another one. */
static void
test_equal_chains_are_one(void **state)
{
	const uint64_t one = 7;

	(void)state;
	begin(16, 64);
	kernel(0, 1, 2, 1);
	kernel(0, 1, 2, 2);
	kernel(0, 2, 1, 1);
	kernel(1, 1, 2, 1);
	profile_add(&p, 0, PROFILE_PROGRAM, &one, 1, 1);
	profile_add(&p, 0, PROFILE_OTHER, &one, 1, 1);
	assert_int_equal(p.nstacks, 5);
	assert_int_equal(p.stacks[0].count, 3);
	assert_int_equal(p.totals[0].kernel, 4);
	assert_int_equal(p.totals[0].user, 2);
	assert_int_equal(profile_samples(&p, 0), 6);
	assert_int_equal(profile_samples(&p, 1), 1);
}

/* Many more than the slots of a small table: they collide and are found. */
static void
test_many_chains_are_told_apart(void **state)
{
	uint64_t i;
	int round;

	(void)state;
	begin(5000, 10000);
	for (round = 0; round < 3; round++)
		for (i = 0; i < 5000; i++)
			kernel(0, i << 12, i, 1);
	assert_int_equal(p.nstacks, 5000);
	for (i = 0; i < 5000; i++)
		assert_int_equal(p.stacks[i].count, 3);
	assert_int_equal(p.totals[0].roomless, 0);
}

static void
test_without_room_for_a_stack_it_is_counted(void **state)
{
	uint64_t i;

	(void)state;
	begin(10, 100);
	for (i = 0; i < 25; i++)
		kernel(0, i, i, 2);
	kernel(0, 3, 3, 1);	/* which is known still finds its place */
	assert_int_equal(p.nstacks, 10);
	assert_int_equal(p.totals[0].kernel, 51);
	assert_int_equal(p.totals[0].roomless, 30);
	assert_int_equal(counted() + p.totals[0].roomless,
	    profile_samples(&p, 0));
}

static void
test_without_room_for_frames_it_is_counted(void **state)
{
	uint64_t one = 1;

	(void)state;
	begin(10, 5);
	kernel(0, 1, 2, 1);
	kernel(0, 3, 4, 1);
	kernel(0, 5, 6, 1);
	profile_add(&p, 0, PROFILE_KERNEL, &one, 1, 1);
	assert_int_equal(p.nstacks, 3);
	assert_int_equal(p.totals[0].roomless, 1);
	assert_int_equal(profile_samples(&p, 0), 4);
}

static void
test_a_long_chain_keeps_its_inner_end(void **state)
{
	uint64_t frames[PROFILE_FRAMES_MAX + 50];
	int i;

	(void)state;
	begin(4, 1000);
	for (i = 0; i < PROFILE_FRAMES_MAX + 50; i++)
		frames[i] = (uint64_t)i;
	profile_add(&p, 0, PROFILE_KERNEL, frames, PROFILE_FRAMES_MAX + 50, 1);
	assert_int_equal(p.stacks[0].nframes, PROFILE_FRAMES_MAX);
	assert_int_equal(p.stacks[0].frames[0], 0);
}

static void
test_clear_begins_anew(void **state)
{
	(void)state;
	begin(16, 64);
	kernel(0, 1, 2, 5);
	p.totals[0].lost = 3;
	profile_clear(&p);
	assert_int_equal(p.nstacks, 0);
	assert_int_equal(p.totals[0].lost, 0);
	kernel(0, 1, 2, 1);
	assert_int_equal(p.stacks[0].count, 1);
}

/* Everything arrives, in the part that it is meant for. */
static void
test_merge_adds(void **state)
{
	struct profile from;
	const uint64_t a[] = { 1, 2 }, b[] = { 9 };
	void *m = calloc(1, profile_bytes(2, 8));

	(void)state;
	assert_non_null(m);
	begin(16, 64);
	profile_init(&from, m, 2, 8);
	profile_add(&from, 0, PROFILE_KERNEL, a, 2, 4);
	profile_add(&from, 0, PROFILE_PROGRAM, b, 1, 2);
	profile_add(&from, 0, PROFILE_PROGRAM, a, 2, 3);	/* no room */
	from.totals[0].lost = 7;
	from.totals[0].idle = 8;
	profile_merge(&p, 5, &from);
	profile_merge(&p, 5, &from);
	profile_merge(&p, 6, &from);
	assert_int_equal(p.nstacks, 4);
	assert_int_equal(p.totals[5].kernel, 8);
	assert_int_equal(p.totals[5].user, 10);
	assert_int_equal(p.totals[5].lost, 14);
	assert_int_equal(p.totals[5].idle, 16);
	assert_int_equal(p.totals[5].roomless, 6);
	assert_int_equal(p.totals[6].lost, 7);
	assert_int_equal(profile_samples(&p, 0), 0);
	assert_int_equal(counted() + p.totals[5].roomless +
	    p.totals[6].roomless, 27);
	free(m);
}

/* Functions are 256 long, and the callers' addresses are behind the call. */
static uint64_t
function(void *arg, enum profile_kind *kind, uint64_t frame, bool innermost)
{
	(void)arg;
	if (*kind == PROFILE_MAYBE)
		*kind = PROFILE_PROGRAM;
	return *kind == PROFILE_OTHER ? frame :
	    (frame - !innermost) & ~UINT64_C(255);
}

static void
test_rename_adds_up_and_sorts(void **state)
{
	const uint64_t name = 300;

	(void)state;
	begin(16, 64);
	kernel(1, 0x100, 0x200, 1);	/* the caller's call was its last */
	kernel(0, 0x101, 0x210, 1);
	kernel(0, 0x3ff, 0x210, 3);
	kernel(0, 0x1ff, 0x2ff, 4);
	profile_add(&p, 0, PROFILE_OTHER, &name, 1, 1);
	profile_rename(&p, function, NULL);
	assert_int_equal(p.nstacks, 4);
	assert_int_equal(p.stacks[0].part, 0);
	assert_int_equal(p.stacks[0].count, 5);
	assert_int_equal(p.stacks[0].frames[0], 0x100);
	assert_int_equal(p.stacks[0].frames[1], 0x200);
	assert_int_equal(p.stacks[1].count, 3);
	assert_int_equal(p.stacks[1].frames[0], 0x300);
	assert_int_equal(p.stacks[2].kind, PROFILE_OTHER);
	assert_int_equal(p.stacks[2].frames[0], 300);
	assert_int_equal(p.stacks[3].part, 1);
	assert_int_equal(p.stacks[3].frames[1], 0x100);
	assert_int_equal(counted(), 10);
}

/* Two kinds that become one are added up, too. */
static void
test_rename_changes_the_kind(void **state)
{
	const uint64_t a = 0x110, b = 0x120;

	(void)state;
	begin(16, 64);
	profile_add(&p, 0, PROFILE_PROGRAM, &a, 1, 1);
	profile_add(&p, 0, PROFILE_MAYBE, &b, 1, 2);
	profile_rename(&p, function, NULL);
	assert_int_equal(p.nstacks, 1);
	assert_int_equal(p.stacks[0].kind, PROFILE_PROGRAM);
	assert_int_equal(p.stacks[0].count, 3);
	assert_int_equal(p.totals[0].user, 3);
}

static void
test_rename_of_nothing(void **state)
{
	(void)state;
	begin(4, 4);
	profile_rename(&p, function, NULL);
	assert_int_equal(p.nstacks, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_equal_chains_are_one, end),
		cmocka_unit_test_teardown(test_many_chains_are_told_apart,
		    end),
		cmocka_unit_test_teardown(
		    test_without_room_for_a_stack_it_is_counted, end),
		cmocka_unit_test_teardown(
		    test_without_room_for_frames_it_is_counted, end),
		cmocka_unit_test_teardown(
		    test_a_long_chain_keeps_its_inner_end, end),
		cmocka_unit_test_teardown(test_clear_begins_anew, end),
		cmocka_unit_test_teardown(test_merge_adds, end),
		cmocka_unit_test_teardown(test_rename_adds_up_and_sorts, end),
		cmocka_unit_test_teardown(test_rename_changes_the_kind, end),
		cmocka_unit_test_teardown(test_rename_of_nothing, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
