/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Names that libpfm4 knows, with a processor that it is told to see: a variable
 * of the environment, read once, makes that a matter of the whole program.  The
 * kernel is played by this file and accepts everything.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "no_rings.h"
#include "os/linux_perf_calls.h"
#include "run/events.h"
#include "run/events_catalogue.h"
#include "run/events_source.h"

int
linux_perf_calls_open(const struct perf_event_attr *attr, pid_t pid, int cpu,
    int group_fd, unsigned long flags)
{
	(void)attr;
	(void)pid;
	(void)cpu;
	(void)group_fd;
	(void)flags;
	return 1000;
}

int
linux_perf_calls_ioctl(int fd, unsigned long request, const void *arg)
{
	(void)fd;
	(void)request;
	(void)arg;
	return 0;
}

ssize_t
linux_perf_calls_read(int fd, void *buf, size_t len)
{
	(void)fd;
	(void)buf;
	(void)len;
	return 0;
}

void
linux_perf_calls_close(int fd)
{
	(void)fd;
}

#ifdef HAVE_LIBPFM

static void
check(const char *name, uint32_t type, uint64_t config, const char *exclude)
{
	struct protocol_launch l = { 0 };
	struct err e = { 0 };

	assert_int_equal(events_resolve(name, &l, &e), 0);
	assert_int_equal(l.nevents, 1);
	if (l.events[0].status != NULL)
		fail_msg("%s: %s", name, l.events[0].reason);
	assert_string_equal(l.events[0].name, name);
	assert_int_equal(l.events[0].type, type);
	assert_int_equal(l.events[0].config, config);
	assert_string_equal(l.events[0].exclude, exclude);
	protocol_launch_free(&l);
}

static void
check_not(const char *name, const char *status, const char *reason)
{
	struct protocol_launch l = { 0 };
	struct err e = { 0 };

	assert_int_equal(events_resolve(name, &l, &e), 0);
	assert_int_equal(l.nevents, 1);
	assert_non_null(l.events[0].status);
	assert_string_equal(l.events[0].status, status);
	assert_string_equal(l.events[0].reason, reason);
	protocol_launch_free(&l);
}

static void
test_names(void **state)
{
	(void)state;
	check("skl::DTLB_LOAD_MISSES:WALK_ACTIVE:k", 4, 0x1001008, "ug");
	check("skl::DTLB_LOAD_MISSES:WALK_ACTIVE:u", 4, 0x1001008, "kg");
	check("skl::DTLB_LOAD_MISSES:WALK_ACTIVE", 4, 0x1001008, "g");
	check("skl::dtlb_load_misses:walk_active:k", 4, 0x1001008, "ug");
	/* Without the processor's name, and much like a tracepoint's. */
	check("TLB_FLUSH:STLB_ANY", 4, 0x20bd, "g");
}

/* Names of our own table do not go through the library. */
static void
test_own_names(void **state)
{
	(void)state;
	check("cycles:k", 0, 0, "uhg");
	check("dTLB-load-misses", 3, 0x10003, "g");
}

static void
test_mistakes(void **state)
{
	(void)state;
	check_not("skl::DTLB_LOAD_MISES:WALK_ACTIVE:k", "unknown_event",
	    "unknown event 'skl::DTLB_LOAD_MISES:WALK_ACTIVE:k'; did you mean "
	    "skl::DTLB_LOAD_MISSES:WALK_ACTIVE:k");
	check_not("skl::DTLB_LOAD_MISSES:FROBS", "unknown_event",
	    "libpfm4: invalid event attribute");
	check_not("skl::DTLB_LOAD_MISSES", "unknown_event",
	    "libpfm4: invalid or missing unit mask");
	check_not("skl::DTLB_LOAD_MISSES:WALK_ACTIVE:precise=1",
	    "unknown_event", "libpfm4: invalid event attribute");
	check_not("skl::MEM_LOAD_RETIRED:L1_HIT:precise=1", "not_supported",
	    "vmstress does not count with the modifier 'precise'");
	check_not("skl::DTLB_LOAD_MISSES:WALK_ACTIVE:period=1000",
	    "not_supported",
	    "vmstress does not count with the modifier 'period or freq'");
	check_not("skl::DTLB_LOAD_MISSES:WALK_ACTIVE:pinned",
	    "not_supported",
	    "vmstress does not count with the modifier 'pinned'");
}

/* The library knows more processors than the one that is here. */
static void
test_elsewhere(void **state)
{
	(void)state;
	check_not("amd64_fam19h_zen4::RETIRED_INSTRUCTIONS", "not_supported",
	    "the PMU amd64_fam19h_zen4 (AMD64 Fam19h Zen4) is not in this "
	    "machine");
}

struct seen {
	size_t count;
	bool walk;
};

static void
see(void *arg, const struct events_entry *entry)
{
	struct seen *s = arg;

	if (entry->kind != EVENTS_KIND_PROCESSOR)
		return;
	assert_int_equal(strncmp(entry->name, "skl::", 5), 0);
	s->count++;
	s->walk |= strcmp(entry->name, "skl::DTLB_LOAD_MISSES:WALK_ACTIVE") ==
	    0 && entry->status == NULL;
}

static void
test_listed(void **state)
{
	struct seen s = { 0 };

	(void)state;
	events_catalogue(see, &s);
	assert_true(s.count > 100);
	assert_true(s.walk);
}

/* Asked again after it was forgotten, it knows the same. */
static void
test_again(void **state)
{
	(void)state;
	events_free();
	check("skl::DTLB_LOAD_MISSES:WALK_ACTIVE:k", 4, 0x1001008, "ug");
	events_free();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_own_names),
		cmocka_unit_test(test_mistakes),
		cmocka_unit_test(test_elsewhere),
		cmocka_unit_test(test_listed),
		cmocka_unit_test(test_again),
	};

	setenv("LIBPFM_FORCE_PMU", "skl", 1);
	unsetenv("LIBPFM_ENCODE_INACTIVE");
	return cmocka_run_group_tests(tests, NULL, NULL);
}

#else /* HAVE_LIBPFM */

/* Without the library its names are unknown, and nothing else is. */
static void
test_without(void **state)
{
	struct protocol_launch l = { 0 };
	struct err e = { 0 };

	(void)state;
	assert_int_equal(events_resolve("skl::TLB_FLUSH:STLB_ANY,cycles", &l,
	    &e), 0);
	assert_int_equal(l.nevents, 2);
	assert_string_equal(l.events[0].status, "unknown_event");
	assert_null(l.events[1].status);
	protocol_launch_free(&l);
	events_free();
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_without) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#endif
