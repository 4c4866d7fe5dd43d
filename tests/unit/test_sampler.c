/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sampling on Linux with the system calls replaced: rings that a test fills,
 * and a kernel that refuses what the test wants it to.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "os/linux_perf_calls.h"
#include "os/os.h"
#include "os/sampler.h"

/* ---- the kernel --------------------------------------------------------- */

#define FD_FIRST 1000
#define EVENTS_MAX 64

static struct {
	struct perf_event_attr attr;
	pid_t pid;
	int cpu;
	unsigned long flags;
	int output;		/* whose ring it writes to; 0: its own */
	void *ring;
	size_t ring_bytes;
	uint64_t lost;
	bool enabled, closed;
} event[EVENTS_MAX];
static int nevents;

/* Refuses with this errno, if it is not 0, events that ... */
static int refuse_all;
static int refuse_kernel;	/* ... show the kernel */
static int refuse_idle;		/* ... leave the idle task out */
static int refuse_lost;		/* ... count lost samples */
static int refuse_cpu, refused_cpu;
static size_t map_max;		/* bytes of a ring that may be mapped */

static int
refusal(const struct perf_event_attr *a, int cpu)
{
	if (a->config == PERF_COUNT_SW_DUMMY)
		return 0;
	if (refuse_cpu != 0 && cpu == refused_cpu)
		return refuse_cpu;
	if (refuse_lost != 0 && a->read_format != 0)
		return refuse_lost;
	if (refuse_idle != 0 && a->exclude_idle)
		return refuse_idle;
	if (refuse_kernel != 0 && !a->exclude_kernel)
		return refuse_kernel;
	return refuse_all;
}

int
linux_perf_calls_open(const struct perf_event_attr *attr, pid_t pid, int cpu,
    int group_fd, unsigned long flags)
{
	assert_int_equal(group_fd, -1);
	assert_true(nevents < EVENTS_MAX);
	errno = refusal(attr, cpu);
	if (errno != 0)
		return -1;
	memset(&event[nevents], 0, sizeof(event[0]));
	event[nevents].attr = *attr;
	event[nevents].pid = pid;
	event[nevents].cpu = cpu;
	event[nevents].flags = flags;
	return FD_FIRST + nevents++;
}

int
linux_perf_calls_ioctl(int fd, unsigned long request, const void *arg)
{
	int i = fd - FD_FIRST;

	if (request == PERF_EVENT_IOC_ENABLE)
		event[i].enabled = true;
	else if (request == PERF_EVENT_IOC_DISABLE)
		event[i].enabled = false;
	else if (request == PERF_EVENT_IOC_SET_OUTPUT)
		event[i].output = (int)(uintptr_t)arg;
	else
		fail();
	return 0;
}

ssize_t
linux_perf_calls_read(int fd, void *buf, size_t len)
{
	uint64_t v[2] = { 1, event[fd - FD_FIRST].lost };

	assert_int_equal(len, sizeof(v));
	assert_false(event[fd - FD_FIRST].enabled);
	memcpy(buf, v, sizeof(v));
	return (ssize_t)len;
}

void *
linux_perf_calls_map(int fd, size_t len)
{
	int i = fd - FD_FIRST;

	errno = EPERM;
	if (len > os_page_size() + map_max)
		return NULL;
	event[i].ring = aligned_alloc(os_page_size(), len);
	assert_non_null(event[i].ring);
	memset(event[i].ring, 0, len);
	event[i].ring_bytes = len - os_page_size();
	return event[i].ring;
}

void
linux_perf_calls_unmap(void *p, size_t len)
{
	int i;

	for (i = 0; i < nevents; i++)
		if (event[i].ring == p) {
			assert_int_equal(len, event[i].ring_bytes +
			    os_page_size());
			event[i].ring = NULL;
		}
	free(p);
}

void
linux_perf_calls_close(int fd)
{
	event[fd - FD_FIRST].closed = true;
}

/* ---- what it writes ----------------------------------------------------- */

static void
put(int ev, uint32_t type, uint16_t misc, const void *body, size_t len)
{
	struct perf_event_mmap_page *page = event[ev].ring;
	unsigned char *data = (unsigned char *)page + os_page_size();
	struct perf_event_header h = { type, misc,
	    (uint16_t)(sizeof(h) + len) };
	unsigned char all[4096];
	size_t i;

	memcpy(all, &h, sizeof(h));
	memcpy(all + sizeof(h), body, len);
	for (i = 0; i < h.size; i++)
		data[(page->data_head + i) & (event[ev].ring_bytes - 1)] =
		    all[i];
	page->data_head += h.size;
}

static uint64_t
ids(uint32_t pid, uint32_t tid)
{
	uint32_t v[2] = { pid, tid };
	uint64_t u;

	memcpy(&u, v, sizeof(u));
	return u;
}

static void
put_kernel(int ev, uint32_t pid, uint64_t ip, int depth)
{
	uint64_t v[64] = { ip, ids(pid, pid), (uint64_t)depth + 1,
	    (uint64_t)PERF_CONTEXT_KERNEL };
	int i;

	for (i = 0; i < depth; i++)
		v[4 + i] = ip + (uint64_t)i;
	put(ev, PERF_RECORD_SAMPLE, PERF_RECORD_MISC_KERNEL, v,
	    (size_t)(4 + depth) * 8);
}

static void
put_user(int ev, uint32_t pid, uint64_t ip)
{
	uint64_t v[3] = { ip, ids(pid, pid), 0 };

	put(ev, PERF_RECORD_SAMPLE, PERF_RECORD_MISC_USER, v, sizeof(v));
}

static void
put_name(int ev, uint16_t misc, uint32_t pid, const char *name)
{
	char body[24] = "";
	uint64_t u = ids(pid, pid);

	memcpy(body, &u, sizeof(u));
	snprintf(body + 8, sizeof(body) - 8, "%s", name);
	put(ev, PERF_RECORD_COMM, misc, body, sizeof(body));
}

/* ---- what arrives ------------------------------------------------------- */

static char seen[4096];
static uint64_t seen_lost;

static void
see(const char *text)
{
	size_t len = strlen(seen);

	snprintf(seen + len, sizeof(seen) - len, "%s", text);
}

static void
on_exec(void *arg, pid_t pid, const char *name)
{
	char text[128];

	(void)arg;
	snprintf(text, sizeof(text), "exec %d %s. ", (int)pid, name);
	see(text);
}

static void
on_sample(void *arg, const struct os_sample *s)
{
	char text[128];
	int i;

	(void)arg;
	snprintf(text, sizeof(text), "%s %d %llx+%d. ",
	    s->idle ? "idle" : s->nkernel > 0 ? "kernel" : "user",
	    (int)s->pid, (unsigned long long)s->ip, s->nkernel);
	see(text);
	for (i = 0; i < s->nkernel; i++)
		assert_int_equal(s->kernel[i], s->ip + (uint64_t)i);
}

static void
on_lost(void *arg, uint64_t n)
{
	(void)arg;
	seen_lost += n;
}

static const struct os_sampler_sink sink = { on_exec, on_sample, on_lost };

static void
drain(struct os_sampler *s, const char *expected)
{
	seen[0] = '\0';
	os_sampler_drain(s, &sink, NULL);
	assert_string_equal(seen, expected);
}

/* ---- a sampler ---------------------------------------------------------- */

static const int cpus[] = { 0, 2 };
static struct os_sampler_plan plan;
static struct err e;

static int
prepare(void **state)
{
	(void)state;
	nevents = 0;
	refuse_all = refuse_kernel = refuse_idle = refuse_lost = refuse_cpu = 0;
	map_max = SIZE_MAX / 2;
	seen_lost = 0;
	memset(&plan, 0, sizeof(plan));
	plan.type = PERF_TYPE_SOFTWARE;
	plan.rate_hz = 997;
	plan.cpus = cpus;
	plan.ncpus = 2;
	memset(&e, 0, sizeof(e));
	return 0;
}

static struct os_sampler *
open_it(void)
{
	struct os_sampler *s = os_sampler_open(&plan, &e);

	if (s == NULL)
		print_message("# refused: %s\n", e.text);
	assert_non_null(s);
	return s;
}

static void
close_it(struct os_sampler *s)
{
	int i;

	os_sampler_close(s);
	for (i = 0; i < nevents; i++) {
		assert_true(event[i].closed);
		assert_null(event[i].ring);
	}
}

static void
refused(int num, const char *part)
{
	assert_null(os_sampler_open(&plan, &e));
	assert_int_equal(e.num, num);
	if (strstr(e.text, part) == NULL)
		print_message("# '%s' is not in '%s'\n", part, e.text);
	assert_non_null(strstr(e.text, part));
	close_it(NULL);
}

/* ---- tests -------------------------------------------------------------- */

static void
test_one_event_for_each_cpu(void **state)
{
	struct os_sampler *s = open_it();

	(void)state;
	assert_int_equal(nevents, 2);
	assert_int_equal(event[0].cpu, 0);
	assert_int_equal(event[1].cpu, 2);
	assert_int_equal(event[1].pid, -1);
	assert_true(event[0].attr.disabled);
	assert_false(event[0].attr.inherit);
	assert_int_equal(event[0].attr.sample_freq, 997);
	os_sampler_enable(s);
	assert_true(event[0].enabled && event[1].enabled);
	os_sampler_disable(s);
	assert_false(event[0].enabled || event[1].enabled);
	assert_null(os_sampler_without(s));
	close_it(s);
}

static void
test_tasks_share_the_ring_of_a_cpu(void **state)
{
	const pid_t tasks[] = { 11, 12, 13 };
	struct os_sampler *s;
	int i, rings = 0;

	(void)state;
	plan.scope = OS_SAMPLER_TASKS;
	plan.tasks = tasks;
	plan.ntasks = 3;
	s = open_it();
	for (i = 0; i < nevents; i++)
		rings += event[i].ring != NULL;
	assert_int_equal(rings, 2);
	assert_true(event[0].attr.inherit);
	assert_int_equal(event[1].output, FD_FIRST);
	assert_int_equal(event[2].output, FD_FIRST);
	assert_int_equal(event[3].cpu, 2);
	assert_int_equal(event[5].output, FD_FIRST + 3);
	/* And one each that tells them from their children. */
	assert_int_equal(nevents, 9);
	assert_int_equal(event[8].attr.config, PERF_COUNT_SW_DUMMY);
	assert_int_equal(event[8].pid, 13);
	assert_false(event[8].attr.inherit);
	close_it(s);
}

static void
test_tasks_that_ended_are_left_out(void **state)
{
	const pid_t tasks[] = { 0, 12 };
	struct os_sampler *s;

	(void)state;
	plan.scope = OS_SAMPLER_TASKS;
	plan.tasks = tasks;
	plan.ntasks = 2;
	s = open_it();
	assert_int_equal(nevents, 3);
	assert_int_equal(event[0].pid, 12);
	close_it(s);
	prepare(NULL);
	plan.scope = OS_SAMPLER_TASKS;
	plan.tasks = tasks;
	plan.ntasks = 1;
	refused(ESRCH, "no task");
}

static void
test_execs_of_all_rings_come_before_samples(void **state)
{
	struct os_sampler *s = open_it();

	(void)state;
	put_user(0, 5, 0x400);
	put_name(1, PERF_RECORD_MISC_COMM_EXEC, 5, "true");
	put_name(1, 0, 6, "renamed");
	put_kernel(1, 7, 0xff00, 3);
	drain(s, "exec 5 true. user 5 400+0. kernel 7 ff00+3. ");
	drain(s, "");
	close_it(s);
}

/* A record that goes over the end of the ring, at every place where it can. */
static void
test_a_ring_wraps_around(void **state)
{
	struct os_sampler *s;
	char expected[64];
	uint64_t total = 0;
	int i;

	(void)state;
	map_max = os_page_size();
	s = open_it();
	for (i = 0; total < 20 * event[0].ring_bytes; i++) {
		put_kernel(0, 9, 0x1000u + (unsigned)i, 1 + i % 17);
		snprintf(expected, sizeof(expected), "kernel 9 %x+%d. ",
		    0x1000 + i, 1 + i % 17);
		drain(s, expected);
		total += 40 + 8 * (uint64_t)(1 + i % 17);
	}
	close_it(s);
}

static void
test_lost_records(void **state)
{
	const uint64_t lost[] = { 1, 40 }, other[] = { 2 };
	struct os_sampler *s;

	(void)state;
	refuse_lost = EINVAL;	/* an old kernel */
	s = open_it();
	put(0, PERF_RECORD_LOST, 0, lost, sizeof(lost));
	put_user(0, 5, 0x400);
	put(0, 13, 0, other, sizeof(other));
	drain(s, "user 5 400+0. ");
	assert_int_equal(seen_lost, 42);
	close_it(s);
}

/* A new kernel counts them in the event: they are not counted twice. */
static void
test_lost_counts(void **state)
{
	const uint64_t lost[] = { 1, 40 };
	struct os_sampler *s = open_it();

	(void)state;
	os_sampler_enable(s);
	event[0].lost = 40;
	event[1].lost = 3;
	put(0, PERF_RECORD_LOST, 0, lost, sizeof(lost));
	drain(s, "");
	assert_int_equal(seen_lost, 0);
	os_sampler_disable(s);
	drain(s, "");
	assert_int_equal(seen_lost, 43);
	os_sampler_enable(s);
	event[1].lost = 5;
	os_sampler_disable(s);
	drain(s, "");
	assert_int_equal(seen_lost, 45);
	close_it(s);
}

static void
test_other_records_are_skipped(void **state)
{
	const uint64_t body[6] = { 1, 2, 3, 4, 5, 6 };
	struct os_sampler *s = open_it();

	(void)state;
	put(0, PERF_RECORD_THROTTLE, 0, body, 24);
	put(0, 4711, 0, body, sizeof(body));
	put(0, PERF_RECORD_SAMPLE, PERF_RECORD_MISC_KERNEL, body, 8);
	put_user(0, 5, 0x400);
	put(0, PERF_RECORD_COMM, PERF_RECORD_MISC_COMM_EXEC, body, 0);
	drain(s, "user 5 400+0. ");
	close_it(s);
}

/* Who says that a chain is longer than the record is not believed. */
static void
test_broken_records(void **state)
{
	uint64_t v[5] = { 0x77, ids(3, 3), 1000,
	    (uint64_t)PERF_CONTEXT_KERNEL, 0x77 };
	struct os_sampler *s = open_it();
	struct perf_event_mmap_page *page = event[0].ring;

	(void)state;
	put(0, PERF_RECORD_SAMPLE, PERF_RECORD_MISC_KERNEL, v, sizeof(v));
	drain(s, "kernel 3 77+1. ");
	/* A length of 0 would never end. */
	memset((char *)page + os_page_size() + page->data_head, 0, 16);
	page->data_head += 16;
	drain(s, "");
	put_user(0, 5, 0x400);
	drain(s, "user 5 400+0. ");
	/* Longer than what has been written. */
	put_user(0, 5, 0x400);
	put_user(0, 6, 0x500);
	page->data_head -= 8;
	drain(s, "user 5 400+0. ");
	close_it(s);
}

static void
test_chains(void **state)
{
	/* Only the kernel's part; and without one, where it was. */
	const uint64_t both[] = { 0x10, ids(3, 3), 5,
	    (uint64_t)PERF_CONTEXT_KERNEL, 0x10, 0x11,
	    (uint64_t)PERF_CONTEXT_USER, 0x99 };
	const uint64_t none[] = { 0x20, ids(3, 3), 0 };
	struct os_sampler *s = open_it();

	(void)state;
	put(0, PERF_RECORD_SAMPLE, PERF_RECORD_MISC_KERNEL, both,
	    sizeof(both));
	put(0, PERF_RECORD_SAMPLE, PERF_RECORD_MISC_KERNEL, none,
	    sizeof(none));
	drain(s, "kernel 3 10+2. kernel 3 20+1. ");
	close_it(s);
}

static void
test_unread_samples_are_dropped(void **state)
{
	struct os_sampler *s = open_it();

	(void)state;
	put_user(0, 5, 0x400);
	put_user(1, 5, 0x400);
	os_sampler_drain(s, NULL, NULL);
	drain(s, "");
	put_user(1, 6, 0x401);
	drain(s, "user 6 401+0. ");
	close_it(s);
}

/*
 * Where the kernel leaves the idle task out, process 0 is one of another
 * namespace; where it cannot, it is idle.
 */
static void
test_idle(void **state)
{
	struct os_sampler *s = open_it();

	(void)state;
	assert_true(event[0].attr.exclude_idle);
	put_kernel(0, 0, 0x5000, 2);
	drain(s, "kernel 0 5000+2. ");
	close_it(s);
	prepare(NULL);
	refuse_idle = EOPNOTSUPP;
	s = open_it();
	assert_false(event[0].attr.exclude_idle);
	assert_true(event[0].attr.read_format != 0);
	put_kernel(0, 0, 0x5000, 2);
	drain(s, "idle 0 5000+2. ");
	close_it(s);
}

static void
test_smaller_rings_when_memory_is_bounded(void **state)
{
	struct os_sampler *s;

	(void)state;
	map_max = 4 * os_page_size();
	s = open_it();
	assert_int_equal(event[0].ring_bytes, 4 * os_page_size());
	close_it(s);
	prepare(NULL);
	map_max = 0;
	refused(EPERM, "perf_event_mlock_kb");
}

static void
test_only_programs_for_the_unprivileged(void **state)
{
	const pid_t task = 11;
	struct os_sampler *s;

	(void)state;
	refuse_kernel = EPERM;
	plan.scope = OS_SAMPLER_TASKS;
	plan.tasks = &task;
	plan.ntasks = 1;
	s = open_it();
	assert_true(event[0].attr.exclude_kernel);
	assert_true(event[0].attr.exclude_idle);
	assert_non_null(os_sampler_without(s));
	close_it(s);
	/* The kernel is what one wants to see of whole processors. */
	refuse_kernel = EACCES;
	plan.scope = OS_SAMPLER_SYSTEM;
	refused(EACCES, "perf_event_paranoid");
}

static void
test_refusals_in_words(void **state)
{
	static const struct {
		uint32_t type;
		int num;
		const char *part;
	} rows[] = {
		{ PERF_TYPE_HARDWARE, ENOENT, "PMU" },
		{ PERF_TYPE_SOFTWARE, ENOENT, "does not know" },
		{ PERF_TYPE_HARDWARE, EOPNOTSUPP, "not sampled" },
		{ PERF_TYPE_HARDWARE, EINVAL, "cannot sample" },
		{ PERF_TYPE_HARDWARE, EPERM, "perf_event_paranoid" },
		{ PERF_TYPE_HARDWARE, ENOSYS, "no perf events" },
		{ PERF_TYPE_HARDWARE, EMFILE, "ulimit -n" },
		{ PERF_TYPE_HARDWARE, EBUSY, "busy" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		prepare(NULL);
		plan.type = rows[i].type;
		refuse_all = rows[i].num;
		refused(rows[i].num, rows[i].part);
	}
	prepare(NULL);
	plan.rate_hz = UINT64_C(1) << 40;
	refuse_all = EINVAL;
	refused(EINVAL, "perf_event_max_sample_rate");
}

static void
test_a_cpu_that_is_gone_is_left_out(void **state)
{
	struct os_sampler *s;

	(void)state;
	refuse_cpu = ENODEV;
	refused_cpu = 0;
	s = open_it();
	assert_int_equal(nevents, 1);
	assert_int_equal(event[0].cpu, 2);
	put_user(0, 5, 0x400);
	drain(s, "user 5 400+0. ");
	close_it(s);
	prepare(NULL);
	refuse_all = ENODEV;
	refused(ESRCH, "no task or CPU");
}

static void
test_a_group_is_opened_by_its_folder(void **state)
{
	struct os_sampler *s;

	(void)state;
	plan.scope = OS_SAMPLER_GROUP;
	plan.group = "/proc/self";
	s = open_it();
	assert_true((event[0].flags & PERF_FLAG_PID_CGROUP) != 0);
	assert_true(event[0].pid >= 0);
	close_it(s);
	prepare(NULL);
	plan.scope = OS_SAMPLER_GROUP;
	plan.group = "/proc/self/no-such-folder";
	refused(ENOENT, "no-such-folder");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_one_event_for_each_cpu, prepare),
		cmocka_unit_test_setup(test_tasks_share_the_ring_of_a_cpu,
		    prepare),
		cmocka_unit_test_setup(test_tasks_that_ended_are_left_out,
		    prepare),
		cmocka_unit_test_setup(
		    test_execs_of_all_rings_come_before_samples, prepare),
		cmocka_unit_test_setup(test_a_ring_wraps_around, prepare),
		cmocka_unit_test_setup(test_lost_records, prepare),
		cmocka_unit_test_setup(test_lost_counts, prepare),
		cmocka_unit_test_setup(test_other_records_are_skipped,
		    prepare),
		cmocka_unit_test_setup(test_broken_records, prepare),
		cmocka_unit_test_setup(test_chains, prepare),
		cmocka_unit_test_setup(test_unread_samples_are_dropped,
		    prepare),
		cmocka_unit_test_setup(test_idle, prepare),
		cmocka_unit_test_setup(
		    test_smaller_rings_when_memory_is_bounded, prepare),
		cmocka_unit_test_setup(test_only_programs_for_the_unprivileged,
		    prepare),
		cmocka_unit_test_setup(test_refusals_in_words, prepare),
		cmocka_unit_test_setup(test_a_cpu_that_is_gone_is_left_out,
		    prepare),
		cmocka_unit_test_setup(test_a_group_is_opened_by_its_folder,
		    prepare),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
